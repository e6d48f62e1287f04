//! Rows that take pipes, signals, killed runs, or files too large or too odd for the tables.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Made;
use crate::commands::example;
use crate::scratch::Scratch;

pub const ROWS: &[Made] = &[
    Made { item: "G", title: "a problem for other solvers, stopped", holds: stopped_problem },
    Made { item: "H", title: "a table that is wrong throughout", holds: wrong_throughout },
    Made { item: "C", title: "a pipe named manifest.json", holds: pipe_as_manifest },
    Made { item: "C", title: "a result that has grown beyond memory", holds: grown_result },
    Made { item: "D", title: "killed while a problem is written", holds: killed_writing_a_problem },
    Made { item: "D", title: "killed while a network is saved", holds: killed_saving_a_network },
    Made { item: "G", title: "signals other than an interrupt", holds: other_signals },
    Made { item: "G", title: "streams that are closed from the start", holds: closed_streams },
    Made { item: "H", title: "pipes in the place of any file", holds: pipes_as_files },
    Made { item: "H", title: "a published table that unpacks without end", holds: endless_table },
];

const TOWN: &str = "data/market-town";

/// What came of a command; it is killed where it does not end in time.
fn ended(command: &mut Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (id, (sender, done)) = (child.id().to_string(), channel());
    std::thread::spawn(move || sender.send(child.wait_with_output().unwrap()));
    done.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|_| {
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
        panic!("it did not end: {command:?}");
    })
}

fn said(done: &Output) -> String {
    [&done.stdout, &done.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Results of the town in a folder.
fn results(folder: &Path) -> Option<Command> {
    let mut plan = example("plan")?;
    plan.args([TOWN, "--quiet", "--out"]).arg(folder);
    Some(plan)
}

fn pipe_as_manifest() {
    let scratch = Scratch::empty();
    let Some(mut plan) = results(scratch.path()) else { return };
    let manifest = scratch.path().join("manifest.json");
    for replace in [false, true] {
        let _ = fs::remove_file(&manifest);
        pipe(&manifest);
        let plan = if replace { plan.arg("--replace") } else { &mut plan };
        let done = ended(plan);
        assert_eq!(done.status.code(), Some(2), "{}", said(&done));
        assert!(said(&done).contains("manifest.json that was not written so"), "{}", said(&done));
    }
    fs::remove_file(&manifest).unwrap();
    fs::create_dir(&manifest).unwrap();
    assert_eq!(ended(&mut plan).status.code(), Some(2), "a folder of that name");
}

fn grown_result() {
    let scratch = Scratch::empty();
    let out = scratch.path().join("out");
    let Some(mut plan) = results(&out) else { return };
    assert_eq!(ended(&mut plan).status.code(), Some(0));
    for (name, words) in [
        ("sites.csv", "changed after"),
        ("run.json", "changed after"),
        ("manifest.json", "not written so"),
    ] {
        let grown = out.join(name);
        let before = fs::read(&grown).unwrap();
        // Without blocks on the disc, but with that length.
        File::options().write(true).open(&grown).unwrap().set_len(600 << 20).unwrap();
        let limited = "ulimit -v 500000; exec \"$0\" \"$@\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", limited]).arg(plan.get_program()).args(plan.get_args());
        let done = ended(shell.current_dir(crate::project("")));
        assert_eq!(done.status.code(), Some(2), "{name}: {}", said(&done));
        assert!(said(&done).contains(words), "{name}: {}", said(&done));
        fs::write(&grown, before).unwrap();
    }
    assert_eq!(ended(&mut plan).status.code(), Some(0));
}

/// Kills a command at many moments: what it writes is there whole or not at all, and nothing else after the next run.
fn killed(arguments: &[&str], name: &str, file: &str) {
    let scratch = Scratch::empty();
    let target = scratch.path().join(file);
    let Some(mut command) = example(name) else { return };
    command.args(arguments).arg(&target).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    assert!(command.status().unwrap().success());
    let (usual, whole) = (start.elapsed(), fs::read(&target).unwrap());
    for kill in 0..20_u32 {
        if kill % 2 == 0 {
            let _ = fs::remove_file(&target);
        } else if !target.exists() {
            assert!(command.status().unwrap().success());
        }
        let mut child = command.spawn().unwrap();
        std::thread::sleep(usual * (10 + 5 * kill) / 100);
        child.kill().unwrap();
        child.wait().unwrap();
        let there = fs::read(&target).ok();
        assert!(there.is_none_or(|bytes| bytes == whole), "kill {kill}: a part of it");
        assert!(kill % 2 == 0 || target.exists(), "kill {kill}: the earlier one is gone");
    }
    assert!(command.status().unwrap().success());
    assert_eq!(fs::read(&target).unwrap(), whole);
    let hidden = fs::read_dir(scratch.path()).unwrap().map(|own| own.unwrap().file_name());
    let hidden: Vec<_> = hidden.filter(|own| own.to_string_lossy().starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

fn killed_writing_a_problem() {
    killed(&[TOWN, "--check-only", "--stp"], "plan", "town.stp");
}

fn killed_saving_a_network() {
    killed(&[TOWN, "--save"], "build_network", "town.net");
}

fn other_signals() {
    if cfg!(not(unix)) {
        return;
    }
    let scratch = Scratch::empty();
    for (signal, command, file) in [
        ("-TERM", vec!["plan", "data/county", "--gap", "0"], "plan.json"),
        ("-HUP", vec!["frontier", "data/county", "--gap", "0", "--json"], "frontier.json"),
        ("-TERM", vec!["why_not", "data/county", "--gap", "0"], "why_not.json"),
    ] {
        let out = scratch.path().join(command[0]);
        let Some(mut run) = example(command[0]) else { return };
        run.args(&command[1..]).arg("--quiet").arg("--out").arg(&out);
        let child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (id, start) = (child.id().to_string(), Instant::now());
        std::thread::sleep(Duration::from_millis(1_500));
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(130), "{command:?}: {}", said(&done));
        assert!(start.elapsed() < Duration::from_secs(20), "{command:?}: unheard");
        assert!(out.join(file).is_file(), "{command:?}: {}", said(&done));
    }
}

fn stopped_problem() {
    if cfg!(not(unix)) {
        return;
    }
    let scratch = Scratch::empty();
    let problem = scratch.path().join("county.stp");
    let (Some(mut plan), Some(mut solve)) = (example("plan"), example("solve_stp")) else { return };
    ended(plan.args(["data/county", "--check-only", "--stp"]).arg(&problem));
    let edges = scratch.path().join("edges.json");
    solve.arg(&problem).args(["--quiet", "--gap", "0", "--out"]).arg(&edges);
    let child = solve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    std::thread::sleep(Duration::from_secs(1));
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let done = child.wait_with_output().unwrap();
    assert!(matches!(done.status.code(), Some(0 | 130)), "{}", said(&done));
    assert!(said(&done).contains("\"bound\":") && edges.is_file(), "{}", said(&done));
}

/// A hundred thousand faults are told; that there are more is one too, also where faulty rows are set aside.
fn wrong_throughout() {
    let scratch = Scratch::base("waypoints");
    let rows = "A1,gp,1,1,1\n".repeat(200_000);
    fs::write(scratch.path().join("sites.csv"), format!("id,kind,lon,lat,patients,area\n{rows}"))
        .unwrap();
    for flag in ["--check-only", "--quarantine"] {
        let Some(mut plan) = example("plan") else { return };
        let out = scratch.path().join("out");
        let done = ended(plan.arg(scratch.path()).args(["--quiet", flag, "--out"]).arg(&out));
        assert_eq!(done.status.code(), Some(3), "{}", said(&done));
        assert!(said(&done).contains("F115"), "{}", said(&done));
        assert!(said(&done).contains("more than 100,000 rows are at fault"), "{}", said(&done));
    }
}

fn closed_streams() {
    for (name, arguments) in [
        ("plan", "data/market-town --check-only"),
        ("build_network", "data/market-town"),
        ("plan", "--no-such-flag"),
        ("plan", "/nowhere"),
        ("frontier", "data/market-town --points 2 --work 100000"),
    ] {
        let Some(path) = crate::commands::path_of(name) else { return };
        let usual = if arguments.starts_with("data") { 0 } else { 2 };
        for (streams, code) in [("2>&-", usual), ("2>/dev/full", usual), (">/dev/null 2>&-", usual)]
        {
            let line = format!("\"$0\" {arguments} {streams}");
            let mut shell = Command::new("sh");
            shell.args(["-c", &line]).arg(&path).current_dir(crate::project(""));
            let done = ended(&mut shell);
            assert_eq!(done.status.code(), Some(code), "{name} {line}: {}", said(&done));
        }
    }
}

fn pipes_as_files() {
    let scratch = Scratch::empty();
    let path = scratch.path().join("pipe");
    pipe(&path);
    let given = path.to_str().unwrap();
    let out = scratch.path().join("out");
    let samples = "data/published-samples";
    let (practices, codepoint) =
        (&format!("{samples}/epraccur.csv"), &format!("{samples}/codepoint"));
    let import = ["import_nhs", out.to_str().unwrap()];
    for command in [
        vec!["check_plan", TOWN, given],
        vec!["compare", TOWN, "--variants", given],
        vec!["solve_stp", given],
        vec!["solve_folder", samples, "--known", given],
        [&import[..], &["--postcodes", given, "--practices", practices]].concat(),
        [&import[..], &["--postcodes", codepoint, "--practices", given]].concat(),
        [
            &import[..],
            &["--postcodes", codepoint, "--practices", practices, "--rural-urban", given],
        ]
        .concat(),
    ] {
        let Some(mut run) = example(command[0]) else { return };
        let done = ended(run.args(&command[1..]));
        assert_eq!(done.status.code(), Some(3), "{command:?}: {}", said(&done));
        assert!(said(&done).contains("a pipe or a device"), "{command:?}: {}", said(&done));
    }
}

fn endless_table() {
    let scratch = Scratch::empty();
    let table = scratch.path().join("table.csv.gz");
    let mut packed = GzEncoder::new(File::create(&table).unwrap(), Compression::best());
    for _ in 0..80 {
        packed.write_all(&vec![b'0'; 1 << 20]).unwrap();
    }
    packed.finish().unwrap();
    let (samples, out) = ("data/published-samples", scratch.path().join("out"));
    for (key, other) in [("--practices", None), ("--rural-urban", Some("epraccur.csv"))] {
        let Some(mut import) = example("import_nhs") else { return };
        import
            .arg(&out)
            .arg("--postcodes")
            .arg(format!("{samples}/codepoint"))
            .arg(key)
            .arg(&table);
        if let Some(practices) = other {
            import.arg("--practices").arg(format!("{samples}/{practices}"));
        }
        let done = ended(&mut import);
        assert_eq!(done.status.code(), Some(3), "{key}: {}", said(&done));
        assert!(said(&done).contains("F115"), "{key}: {}", said(&done));
        assert!(!out.exists());
    }
}
