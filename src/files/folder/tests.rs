//! Folders that are ours are replaced whole, all others are left alone, and leftovers go.

use std::path::PathBuf;

use super::*;

/// A folder of a test's own, removed at the end.
pub(crate) struct Scratch(pub PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("fibreplan-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn names(&self, inside: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(inside)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Lets go of a hidden folder as a killed process does: its lock goes, its files stay.
    pub(crate) fn abandon(&self, staging: Staging) {
        let aside = self.0.with_extension("aside");
        fs::rename(&staging.path, &aside).unwrap();
        let path = staging.path.clone();
        drop(staging);
        fs::rename(aside, path).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn town(folder: &Path) -> Destination<'_> {
    Destination { folder, kind: FolderKind::Plan, scenario: "town", replace: Replace::Same }
}

fn files(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    vec![("plan.json", text.into()), ("base/sites.csv", text.into())]
}

fn refused(destination: Destination<'_>, named: &str) {
    let error = destination.write(&files("new")).unwrap_err();
    assert!(error.to_string().contains(named), "{error}");
    assert_eq!(destination.judge().unwrap_err().to_string(), error.to_string());
}

#[test]
fn an_earlier_folder_is_replaced_whole_in_one_step_or_two() {
    for swap in [Swap::Best, Swap::InTwoSteps] {
        let scratch = Scratch::new("whole");
        let folder = scratch.0.join("deep/er/out");
        for text in ["one", "two"] {
            town(&folder).write_by(&files(text), swap).unwrap();
            assert_eq!(scratch.names("deep/er/out"), ["base", MANIFEST, "plan.json"]);
            assert_eq!(fs::read_to_string(folder.join("base/sites.csv")).unwrap(), text);
        }
        fs::remove_file(folder.join("plan.json")).unwrap();
        town(&folder).write_by(&files("three"), swap).unwrap();
        assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "three");
        assert_eq!(scratch.names("deep/er"), ["out"]);
    }
}

type Spoil = fn(&Path);

#[test]
fn nothing_of_the_users_is_ever_replaced() {
    let spoil: [(&str, Spoil); 9] = [
        ("notes.txt", |folder| fs::write(folder.join("notes.txt"), "mine").unwrap()),
        ("notes.txt", |folder| fs::write(folder.join("base/notes.txt"), "mine").unwrap()),
        ("plan.json", |folder| fs::write(folder.join("plan.json"), "mine").unwrap()),
        (MANIFEST, |folder| {
            let text = fs::read_to_string(folder.join(MANIFEST)).unwrap();
            fs::write(folder.join(MANIFEST), text + " ").unwrap();
        }),
        ("mine", |folder| fs::create_dir(folder.join("mine")).unwrap()),
        ("plan.json.part", |folder| fs::write(folder.join("plan.json.part"), "mine").unwrap()),
        ("scenario.toml", |folder| fs::write(folder.join("scenario.toml"), "mine").unwrap()),
        ("plan.json", |folder| fs::remove_file(folder.join(MANIFEST)).unwrap()),
        ("plan.json", |folder| {
            fs::remove_file(folder.join("plan.json")).unwrap();
            fs::create_dir(folder.join("plan.json")).unwrap();
        }),
    ];
    for (named, spoil) in spoil {
        let scratch = Scratch::new("foreign");
        let folder = scratch.0.join("out");
        town(&folder).write(&files("old")).unwrap();
        spoil(&folder);
        refused(town(&folder), named);
        refused(Destination { replace: Replace::Any, ..town(&folder) }, named);
        assert_eq!(fs::read_to_string(folder.join("base/sites.csv")).unwrap(), "old");
        assert_eq!(scratch.names(""), ["out"]);
    }
}

#[test]
fn folders_of_others_inside_are_not_taken_for_ours() {
    let scratch = Scratch::new("inside");
    for name in ["hamlet", "town"] {
        town(&scratch.0.join("out").join(name)).write(&files("old")).unwrap();
    }
    let folder = scratch.0.join("out");
    refused(Destination { kind: FolderKind::Comparison, ..town(&folder) }, "hamlet");
    assert_eq!(scratch.names("out"), ["hamlet", "town"]);
}

#[test]
fn another_scenario_or_kind_is_replaced_only_where_that_is_allowed() {
    let scratch = Scratch::new("other");
    let folder = scratch.0.join("out");
    town(&folder).write(&files("old")).unwrap();
    let city = Destination { scenario: "city", ..town(&folder) };
    refused(city, "--replace");
    refused(Destination { kind: FolderKind::Frontier, ..town(&folder) }, "--replace");
    Destination { replace: Replace::Any, ..city }.write(&files("new")).unwrap();
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "new");
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_inside_nor_removed() {
    let scratch = Scratch::new("links");
    let (folder, away) = (scratch.0.join("out"), scratch.0.join("away"));
    town(&folder).write(&files("old")).unwrap();
    fs::rename(folder.join("plan.json"), &away).unwrap();
    std::os::unix::fs::symlink(&away, folder.join("plan.json")).unwrap();
    refused(town(&folder), "plan.json");
    fs::remove_file(folder.join("plan.json")).unwrap();
    // A link to the folder itself is followed: the folder it leads to is replaced.
    let link = scratch.0.join("link");
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    town(&link).write(&files("new")).unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "new");
    let nowhere = scratch.0.join("nowhere");
    std::os::unix::fs::symlink(scratch.0.join("none"), &nowhere).unwrap();
    refused(town(&nowhere), "leads nowhere");
    refused(town(&nowhere.join("out")), "leads nowhere");
}

#[test]
fn places_that_cannot_be_written_are_refused_before_anything_is_made() {
    let scratch = Scratch::new("places");
    let file = scratch.0.join("file");
    fs::write(&file, "mine").unwrap();
    refused(town(&file), "a file stands there");
    refused(town(&file.join("out")), "is not a folder");
    refused(town(&scratch.0.join("a".repeat(300))), "300 bytes long");
    refused(town(&scratch.0.join("new").join("é".repeat(150))), "300 bytes long");
    refused(town(&scratch.0.join("new/../out")), "does not exist");
    refused(town(Path::new("..")), "names no file or folder");
    let long = ["a".repeat(300)];
    let names = town(&scratch.0).judge_names(long.iter().map(String::as_str));
    assert_eq!(names.unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(scratch.names(""), ["file"]);
    // As long as it may be.
    let long = scratch.0.join("a".repeat(250));
    town(&long).write(&files("one")).unwrap();
    town(&long).write(&files("two")).unwrap();
    assert_eq!(scratch.names(""), ["a".repeat(250), "file".to_owned()]);
}

#[test]
fn what_killed_runs_left_goes_and_everything_else_stays() {
    let scratch = Scratch::new("left");
    let folder = scratch.0.join("out");
    town(&folder).write(&files("one")).unwrap();
    // A run that had written all, one that had written a part, one that had begun, one that runs.
    let staged = |text: &str, cut: usize| {
        let staging = Staging::beside(&folder).unwrap();
        let files: Vec<(&str, Vec<u8>)> = files(text);
        let bytes: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (*name, &bytes[..])).collect();
        let listed = bytes.iter().map(|(name, bytes)| Listed::of(name, bytes)).collect();
        staging.fill(&Manifest::new("plan", "town", listed), &bytes[..cut]).unwrap();
        staging
    };
    let running = staged("running", 2);
    scratch.abandon(staged("whole", 2));
    let cut = staged("half", 1);
    fs::create_dir(cut.path.join("base")).unwrap();
    fs::write(cut.path.join("base/sites.csv.part"), "ha").unwrap();
    scratch.abandon(cut);
    let begun = Staging::beside(&folder).unwrap();
    fs::write(begun.path.join("manifest.json.part"), "{").unwrap();
    scratch.abandon(begun);
    scratch.abandon(Staging::beside(&folder).unwrap());
    // A folder of that name with something of the user's in it, and names that only look alike.
    let mine = staged("mine", 1);
    fs::write(mine.path.join("notes.txt"), "mine").unwrap();
    let kept = mine.path.clone();
    scratch.abandon(mine);
    for name in [".out.new-1", ".out.new-1-x", ".outer.new-1-1", "out.new-1-1"] {
        fs::create_dir(scratch.0.join(name)).unwrap();
    }
    fs::write(scratch.0.join(".out.new-1-2"), "a file of the user's").unwrap();
    town(&folder).write(&files("two")).unwrap();
    let mut names = vec![
        ".out.new-1".to_owned(),
        ".out.new-1-2".to_owned(),
        ".out.new-1-x".to_owned(),
        ".outer.new-1-1".to_owned(),
        "out".to_owned(),
        "out.new-1-1".to_owned(),
    ];
    for path in [&running.path, &kept] {
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(scratch.names(""), names);
    assert_eq!(fs::read_to_string(kept.join("notes.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "two");
}

#[test]
fn a_run_killed_between_two_renames_is_repaired_by_the_next() {
    let scratch = Scratch::new("repair");
    let folder = scratch.0.join("out");
    town(&folder).write(&files("old")).unwrap();
    fs::rename(&folder, scratch.0.join(".out.old-1-0")).unwrap();
    town(&folder).judge().unwrap();
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "old");
    assert_eq!(scratch.names(""), ["out"]);
}

#[test]
fn a_folder_changed_while_the_new_one_is_written_is_put_back() {
    for swap in [Swap::Best, Swap::InTwoSteps] {
        let scratch = Scratch::new("meanwhile");
        let folder = scratch.0.join("out");
        town(&folder).write(&files("old")).unwrap();
        let staging = Staging::beside(&folder).unwrap();
        let listed = vec![Listed::of("plan.json", b"new")];
        staging.fill(&Manifest::new("plan", "town", listed), &[("plan.json", b"new")]).unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let target = folder.canonicalize().unwrap();
        assert!(town(&folder).publish(&staging, &target, swap).is_err());
        drop(staging);
        assert_eq!(scratch.names("out"), ["base", MANIFEST, "notes.txt", "plan.json"]);
        assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "old");
        assert_eq!(scratch.names(""), ["out"]);
    }
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    let scratch = Scratch::new("names");
    let folder = scratch.0.join("out");
    for name in ["../x", "/x", "a//b", "", MANIFEST] {
        let error = town(&folder).write(&[(name, Vec::new())]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{name}");
    }
    assert_eq!(scratch.names(""), Vec::<String>::new());
}
