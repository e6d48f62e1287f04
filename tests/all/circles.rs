//! No circle of files: if one file names what another defines, that other does not lead back to it.
//!
//! A file depends on the file that defines what it names; `mod` and `pub use` of a parent only say where
//! things are, so names are followed through them. Tests may name what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::layers::sources;

type Module = Vec<String>;

/// What a file says, without comments, texts and tests.
struct Source {
    file: String,
    /// By name: the path that a `use` brings it from.
    imports: BTreeMap<String, Vec<String>>,
    /// Paths whose every name is brought.
    globs: Vec<Vec<String>>,
    /// Paths it names of its own account, in `use` that is not public and in code.
    paths: Vec<Vec<String>>,
    /// Modules that exist for tests alone.
    for_tests: Vec<String>,
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A text without comments and without what stands in quotes.
fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for line in text.lines() {
        let mut before = ' ';
        let mut left = line.chars().peekable();
        while let Some(c) = left.next() {
            match c {
                '\\' if quoted => {
                    left.next();
                }
                // A quote as a character is no beginning of a text.
                '"' if before != '\'' => quoted = !quoted,
                '/' if !quoted && left.peek() == Some(&'/') => break,
                _ if quoted => {}
                _ => out.push(c),
            }
            before = c;
        }
        // A text that goes on says so.
        quoted = quoted && line.ends_with('\\');
        out.push('\n');
    }
    out
}

/// The length of the item that a text begins with: up to its semicolon or its closing brace.
fn item(text: &str) -> usize {
    let mut depth = 0_usize;
    for (place, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            ';' if depth == 0 => return place + 1,
            '}' if depth == 1 => return place + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

/// A text without what is built for tests alone, and the modules among that.
fn without_tests(text: &str) -> (String, Vec<String>) {
    let (mut code, mut modules) = (String::new(), Vec::new());
    let mut parts = text.split("#[cfg(test)]");
    code.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let end = item(part);
        let words: Vec<&str> = part[..end].split(|c| !is_word(c)).collect();
        if part[..end].ends_with(';')
            && let Some(place) = words.iter().position(|&word| word == "mod")
        {
            modules.push(words[place + 1].to_owned());
        }
        code.push_str(&part[end..]);
    }
    (code, modules)
}

/// The paths of a tree of `use`, each with the name it brings.
fn leaves(tree: &str, before: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let tree = tree.trim();
    if let Some(list) = tree.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let (mut depth, mut start) = (0_usize, 0);
        for (place, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    leaves(&list[start..place], before, found);
                    start = place + 1;
                }
                _ => {}
            }
        }
        return leaves(&list[start..], before, found);
    }
    if tree.is_empty() {
        return;
    }
    let mut path = before.to_vec();
    if let Some((first, rest)) = tree.split_once("::") {
        path.push(first.trim().to_owned());
        return leaves(rest, &path, found);
    }
    let (last, name) = tree.split_once(" as ").unwrap_or((tree, tree));
    if last.trim() != "self" {
        path.push(last.trim().to_owned());
    }
    let name = if name.trim() == "self" { path.last().cloned() } else { None }
        .unwrap_or_else(|| name.trim().to_owned());
    found.push((name, path));
}

/// Paths of at least two parts that stand in code.
fn named_in(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for word in code.split(|c| !is_word(c) && c != ':') {
        let parts: Vec<String> = word.split("::").map(str::to_owned).collect();
        let whole = |part: &String| !part.is_empty() && !part.contains(':');
        let parts: Vec<String> = parts.into_iter().take_while(whole).collect();
        if parts.len() > 1 {
            paths.push(parts);
        }
    }
    paths
}

fn source(file: String, text: &str) -> Source {
    let (code, for_tests) = without_tests(&bare(text));
    let mut source =
        Source { file, imports: BTreeMap::new(), globs: Vec::new(), paths: Vec::new(), for_tests };
    let mut rest = String::new();
    for statement in code.split_inclusive(';') {
        let head = statement.rfind("use ").filter(|&place| {
            !statement[..place].ends_with(is_word) && !statement[place..].contains('(')
        });
        let Some(place) = head else {
            rest.push_str(statement);
            continue;
        };
        let before = statement[..place].trim_end();
        let public = before.ends_with("pub")
            || before.rsplit_once("pub").is_some_and(|(_, reach)| {
                matches!(reach, "(crate)" | "(super)") || reach.starts_with("(in ")
            });
        rest.push_str(before);
        rest.push('\n');
        let mut brought = Vec::new();
        leaves(statement[place + 4..].trim_end_matches(';'), &[], &mut brought);
        for (name, mut path) in brought {
            if name == "*" {
                path.pop();
                source.globs.push(path.clone());
            } else {
                source.imports.insert(name, path.clone());
            }
            if !public {
                source.paths.push(path);
            }
        }
    }
    source.paths.extend(named_in(&rest));
    source
}

fn module_of(inside: &Path) -> Module {
    let mut parts: Module = inside
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

struct Crate(BTreeMap<Module, Source>);

impl Crate {
    fn read() -> Self {
        let src = crate::project("src");
        let mut files = Vec::new();
        sources(&src, &mut files);
        let one = |path: &std::path::PathBuf| {
            let inside = path.strip_prefix(&src).unwrap();
            let text = fs::read_to_string(path).unwrap();
            (module_of(inside), source(inside.display().to_string(), &text))
        };
        Self(files.iter().map(one).collect())
    }

    fn child(&self, module: &[String], name: &str) -> Option<Module> {
        let child = [module, &[name.to_owned()]].concat();
        self.0.contains_key(&child).then_some(child)
    }

    /// The module whose file defines what a path names; `None` for what is not ours.
    fn home(&self, module: &[String], path: &[String], deep: usize) -> Option<Module> {
        // Names that lead to themselves are names of other crates.
        let deep = deep.checked_sub(1)?;
        let mut here: Module = module.to_vec();
        let mut left = path.iter();
        match path.first()?.as_str() {
            "crate" => {
                here.clear();
                left.next();
            }
            "self" => {
                left.next();
            }
            "super" => {
                while left.as_slice().first().is_some_and(|part| part == "super") {
                    here.pop();
                    left.next();
                }
            }
            first if self.child(module, first).is_some() => {}
            first => {
                let brought = self.0[module].imports.get(first)?;
                if brought.as_slice() == path {
                    return None;
                }
                return self.home(module, &[brought, &path[1..]].concat(), deep);
            }
        }
        while let Some(part) = left.next() {
            if let Some(child) = self.child(&here, part) {
                here = child;
                continue;
            }
            let source = &self.0[&here];
            if let Some(brought) = source.imports.get(part) {
                return self.home(&here, &[brought, left.as_slice()].concat(), deep);
            }
            return Some(here);
        }
        Some(here)
    }

    fn only_for_tests(&self, module: &[String]) -> bool {
        (0..module.len()).any(|depth| {
            self.0
                .get(&module[..depth])
                .is_some_and(|parent| parent.for_tests.contains(&module[depth]))
        })
    }

    /// By module: the modules whose files it needs.
    fn needs(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let face = |module: &Module| module.is_empty() || module == &["prelude"];
        let mut needs = BTreeMap::new();
        for (module, source) in &self.0 {
            if face(module) || self.only_for_tests(module) {
                continue;
            }
            let homes = source.paths.iter().filter_map(|path| self.home(module, path, 20));
            let others = homes.filter(|home| home != module && !self.only_for_tests(home));
            needs.insert(module, others.collect());
        }
        needs
    }
}

/// What can be reached from a module.
fn reached<'a>(
    needs: &'a BTreeMap<&Module, BTreeSet<Module>>,
    from: &'a Module,
) -> BTreeSet<&'a Module> {
    let mut found = BTreeSet::new();
    let mut left = vec![from];
    while let Some(module) = left.pop() {
        for next in needs.get(module).into_iter().flatten() {
            if found.insert(next) {
                left.push(next);
            }
        }
    }
    found
}

#[test]
fn no_files_lead_to_each_other_in_a_circle() {
    let all = Crate::read();
    let needs = all.needs();
    assert!(needs.values().map(BTreeSet::len).sum::<usize>() > 500, "the names were not followed");
    let circles: Vec<String> = needs
        .iter()
        .filter_map(|(&module, others)| {
            let leads_back = |other: &&Module| reached(&needs, other).contains(module);
            let back: Vec<&str> =
                others.iter().filter(leads_back).map(|other| all.0[other].file.as_str()).collect();
            let told = format!("{} needs {}", all.0[module].file, back.join(", "));
            (!back.is_empty()).then_some(told)
        })
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn a_circle_is_seen_through_a_parent_and_tests_are_not() {
    let file = |name: &str, text: &str| (module_of(Path::new(name)), source(name.to_owned(), text));
    let all = Crate(BTreeMap::from([
        file("lib.rs", "pub mod a;"),
        file("a/mod.rs", "mod b;\nmod c;\npub use b::{B, Other as Second};\npub(crate) use c::C;"),
        file(
            "a/b.rs",
            "use super::C; // use super::d::D;\n#[cfg(test)]\nmod tests { use super::d::D; }",
        ),
        file("a/c.rs", "fn c() { let b: crate::a::Second = \"crate::a::d::D;\"; }"),
        file("a/d.rs", "use crate::a::{self, B};\nfn d() -> a::C { std::mem::take(d) }"),
    ]));
    let needs = all.needs();
    let of = |name: &str| {
        let module = vec!["a".to_owned(), name.to_owned()];
        needs[&module].iter().map(|module| module.join("/")).collect::<Vec<_>>()
    };
    assert_eq!((of("b"), of("c")), (vec!["a/c".to_owned()], vec!["a/b".to_owned()]));
    assert_eq!(of("d"), ["a", "a/b", "a/c"]);
    let b = vec!["a".to_owned(), "b".to_owned()];
    assert!(reached(&needs, &b).contains(&b));
}
