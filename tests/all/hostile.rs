//! Text from files controls no terminal: every command over a scenario full of escape sequences, control
//! characters and marks of direction, and every file that it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::commands::example;
use crate::scratch::Scratch;

/// Ids and names that move cursors, colour screens, turn the direction of writing, break lines or look like
/// formulas.
pub const HOSTILE: [&str; 15] = [
    "\u{1b}[31mRED\u{1b}]0;pwn\u{7}",
    "\u{202e}evil\u{2066}",
    "a\rb",
    "a\nb",
    "\u{9b}31mX",
    "a\u{8}\u{8}b",
    "\t=1+1",
    " =1+1",
    "＝1+1",
    "=HYPERLINK(\"http://e\",\"c\")",
    "\u{200f}\u{200e}\u{61c}mark",
    "\u{2067}\u{2068}\u{2069}isolate",
    "\u{202a}\u{202b}\u{202c}\u{202d}embed",
    "\u{1b}c",
    "nul\0nul",
];

/// The market town with hostile text wherever text may stand.
pub fn scenario(folder: &Path) {
    let town = crate::project("data/market-town");
    let read = |name: &str| fs::read_to_string(town.join(name)).unwrap();
    let mut sites = String::new();
    for (place, line) in read("sites.csv").lines().enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        if place == 0 {
            cells.push(quoted("=\u{1b}[2Jcolumn\u{202e}"));
        } else {
            if cells[0] != "MT003" {
                // That one is required.
                cells[0] = quoted(&format!("{}{place}", HOSTILE[(place - 1) % HOSTILE.len()]));
            }
            cells[1] = quoted(HOSTILE[(place + 4) % HOSTILE.len()]);
            cells.push(quoted(HOSTILE[(place + 7) % HOSTILE.len()]));
            cells[7] = quoted(HOSTILE[place % 4]);
        }
        sites += &(cells.join(",") + "\r\n");
    }
    // One row more to be set aside.
    sites +=
        "\"\u{1b}[5mbad\u{202e}\",\"\u{1b}[5m\",\"\u{1b}[5mkind\",\"\u{1b}[5m\",51.0,x,,,,,,\r\n";
    fs::write(folder.join("sites.csv"), sites).unwrap();
    let exchanges = read("exchanges.csv").replace("Ashbridge", "\u{1b}[32m=ASH<b>\u{202e}");
    fs::write(folder.join("exchanges.csv"), exchanges.replace("NOR", "\u{1b}[1mNOR")).unwrap();
    let spans = read("spans.geojson").replace("\"R", "\"\\u001b[2J\\u202eR");
    let spans = spans.replace("\"footway\"", "\"foot\\u001bway\\u202e\"");
    fs::write(folder.join("spans.geojson"), spans).unwrap();
    let toml = read("scenario.toml")
        .replace("title = \"", "title = \"\\u001b[2J=1+1\\n|\\u202e")
        .replace("methods.footway", "methods.\"foot\\u001bway\\u202e\"")
        .replace("\"footway\"", "\"foot\\u001bway\\u202e\"")
        .replace("made up for this example", "\\u001b[31msource\\r\\n\\u2066")
        .replace("Local Full Fibre", "=L\\u001b[31m<i>\\u202e")
        .replace("[weights.patients]", "[weights.\"pat\\u001b[31m\\u202e\"]")
        .replace("\"patients\", \"sites\"", "\"pat\\u001b[31m\\u202e\", \"sites\"");
    fs::write(folder.join("scenario.toml"), toml).unwrap();
    let variants = "[[variants]]\nname = \"less\"\ntitle = \"\\u001b[31mless\\u202e\"\n\
                    set.programmes.lffn.budget_gbp = 60000\n\
                    [[variants]]\nname = \"bad\"\nset.rate_card.\"\\u001b[31m\\u202e\" = \"\\u001b[31m\"\n";
    fs::write(folder.join("variants.toml"), variants).unwrap();
    let faulty = folder.join("\u{1b}[31mfaulty\u{202e}");
    fs::create_dir(&faulty).unwrap();
    for name in ["sites.csv", "exchanges.csv", "spans.geojson"] {
        fs::copy(folder.join(name), faulty.join(name)).unwrap();
    }
    let dated = folder.join("dated");
    fs::create_dir(&dated).unwrap();
    for name in ["sites.csv", "exchanges.csv", "spans.geojson"] {
        fs::copy(folder.join(name), dated.join(name)).unwrap();
    }
    let toml = fs::read_to_string(folder.join("scenario.toml")).unwrap();
    let limits = "\n[schedule]\nlimits = [{ buildings = 3 }]\n";
    fs::write(dated.join("scenario.toml"), toml + limits).unwrap();
    let keys = "\n[\"\\u001b[31mEVIL\\u202e\"]\nx = \"\\u009b31m\"\n";
    let toml = fs::read_to_string(folder.join("scenario.toml")).unwrap();
    fs::write(faulty.join("scenario.toml"), toml + keys).unwrap();
}

/// Holds that a text has nothing in it that controls a terminal.
fn hold(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{what} is no text"));
    let kept = |letter: &char| !matches!(letter, '\n' | '\t');
    let controls = |letter: &char| {
        letter.is_control()
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    if let Some(found) = text.chars().filter(kept).find(controls) {
        let at = text.find(found).unwrap();
        let around: String =
            text[..at].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{what} holds {found:?} after {around:?}");
    }
}

/// Holds the same of all files in a folder, and that no cell of a table is a formula; how many there are.
fn hold_files(folder: &Path) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += hold_files(&path);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        hold(&path.display().to_string(), &bytes);
        if path.extension().is_some_and(|ending| ending == "csv") {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
            for cell in reader
                .records()
                .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<String>>())
            {
                let bare = cell.trim_start();
                let formula = bare.starts_with(['=', '+', '-', '@', '＝']);
                assert!(!formula || bare.parse::<f64>().is_ok(), "{}: {cell:?}", path.display());
            }
        }
        files += 1;
    }
    files
}

/// Runs a command and holds its streams.
fn run(name: &str, arguments: &[&str]) -> Option<Output> {
    let mut command = example(name)?;
    let done = command.args(arguments).output().unwrap();
    hold(&format!("stdout of {name} {arguments:?}"), &done.stdout);
    hold(&format!("stderr of {name} {arguments:?}"), &done.stderr);
    Some(done)
}

#[test]
fn no_command_and_no_file_lets_text_control_a_terminal() {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("hostile");
    fs::create_dir(&folder).unwrap();
    scenario(&folder);
    let given = folder.to_str().unwrap();
    let faulty = folder.join("\u{1b}[31mfaulty\u{202e}");
    let out = |name: &str| scratch.path().join("out").join(name);
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let variants = text(folder.join("variants.toml"));
    let (plan, short) = (text(out("plan/plan.json")), ["--quarantine", "--work", "1000000"]);
    fs::create_dir_all(out("")).unwrap();
    let stp = text(out("town.stp"));
    let cases: Vec<(&str, Vec<&str>)> = vec![
        ("plan", vec!["--stp", &stp]),
        ("plan", vec!["--json"]),
        ("frontier", vec!["--points", "3", "--more-gbp", "5000"]),
        ("frontier", vec!["--json", "--points", "2", "--nested"]),
        ("strategies", vec![]),
        ("strategies", vec!["--json"]),
        ("programmes", vec!["--raise-gbp", "5000"]),
        ("programmes", vec!["--json"]),
        ("why_not", vec!["--up-to", "2"]),
        ("why_not", vec!["--up-to", "1", "--site", "\u{1b}[31mRED\u{1b}]0;pwn\u{7}1"]),
        ("why_not", vec!["--up-to", "1", "--json"]),
        ("compare", vec!["--variants", &variants]),
        ("compare", vec!["--variants", &variants, "--json"]),
    ];
    for (name, arguments) in cases {
        let folder = text(out(name));
        let arguments = [&[given], &short[..], &arguments, &["--out", &folder]].concat();
        let Some(done) = run(name, &arguments) else { return };
        assert_eq!(
            done.status.code(),
            Some(0),
            "{name}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    let dated = text(folder.join("dated"));
    for (name, more) in [("plan", vec![]), ("schedule", vec!["--until", "2019-20"])] {
        let folder = text(out(&format!("dated-{name}")));
        let arguments = [&[dated.as_str()], &short[..], &more, &["--out", &folder]].concat();
        let done = run(name, &arguments).unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{name}: {told}");
    }
    for (name, arguments, code) in [
        ("check_plan", vec![given, &plan, "--quarantine"], 0),
        ("check_plan", vec![given, &plan, "--quarantine", "--json"], 0),
        ("plan", vec![given, "--check-only", "--quarantine"], 0),
        ("plan", vec![given], 3),
        ("plan", vec![faulty.to_str().unwrap()], 3),
        ("build_network", vec![given, "--clean-up", "--quarantine"], 0),
        ("build_network", vec![given, "--json", "--quarantine"], 0),
        ("solve_stp", vec![&stp, "--work", "100000"], 0),
        ("why_not", vec![given, "--quarantine", "--site", "\u{1b}[31m\u{202e}none"], 2),
        ("frontier", vec![given, "--quarantine", "--programme", "\u{1b}[31m\u{202e}none"], 2),
        ("plan", vec!["\u{1b}[31m\u{202e}nowhere"], 2),
        ("plan", vec![given, "--\u{1b}[31m\u{202e}flag"], 2),
    ] {
        let done = run(name, &arguments).unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{name} {arguments:?}: {told}");
    }
    let files = hold_files(&out(""));
    assert!(files > 60, "{files} files were looked at");
    // What was escaped is there, and JSON gives it back as it was.
    let plan: serde_json::Value = serde_json::from_slice(&fs::read(plan).unwrap()).unwrap();
    let sites =
        plan["connected"].as_array().unwrap().len() + plan["left_out"].as_array().unwrap().len();
    assert!(sites >= HOSTILE.len(), "{sites}");
    assert!(plan.to_string().contains("\\u001b[31mRED"));
    let table = fs::read_to_string(out("plan/sites.csv")).unwrap();
    assert!(table.contains("\\u{1b}[31mRED\\u{1b}]0;pwn\\u{7}1"), "{table}");
}

#[test]
fn an_import_of_hostile_text_controls_no_terminal() {
    let scratch = Scratch::empty();
    let samples = crate::project("data/published-samples");
    let practices = fs::read_to_string(samples.join("epraccur.csv")).unwrap();
    let hostile = practices.replace("SURGERY", "\u{1b}[31mRED\u{202e}\u{9b}1m");
    assert_ne!(practices, hostile);
    let file = scratch.path().join("\u{1b}[31mepraccur\u{202e}.csv");
    fs::write(&file, hostile).unwrap();
    let out = scratch.path().join("made");
    let codepoint = samples.join("codepoint");
    let arguments = [
        out.to_str().unwrap(),
        "--postcodes",
        codepoint.to_str().unwrap(),
        "--practices",
        file.to_str().unwrap(),
        "--dense-sector",
        "2",
        "--title",
        "\u{1b}[31mtitle\u{202e}",
    ];
    let Some(done) = run("import_nhs", &arguments) else { return };
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(hold_files(&out) >= 4);
    let planned = run("plan", &[out.to_str().unwrap(), "--check-only"]).unwrap();
    assert_ne!(planned.status.code(), Some(101));
}
