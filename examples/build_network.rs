//! Builds the route network of a scenario and says what it is like.
//!
//! `cargo run --release --example build_network -- FOLDER [--data DIR] [--save FILE] [--load FILE] [--clean-up] [--json]`
//!
//! A saved network loads in a fraction of the time. It is refused when the tables or the network
//! settings of the scenario have changed since.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use fibreplan::error::{Error, Fault};
use fibreplan::model::NetworkSource;
use fibreplan::network::{
    CleanUp, Component, NetworkReport, Prepared, StepReport, USUAL_CLEAN_UP, prepare,
};
use fibreplan::read::{ReadOptions, Reading, read_scenario};
use fibreplan::text::{json as json_text, plain};
use fibreplan::write::peak_memory;
use serde_json::json;

/// Components and remarks shown in full; the rest are counted.
const SHOWN: usize = 5;

/// Builds the route network of a scenario and says what it is like.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// Folder with tables that are not beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Save the network to a file.
    #[arg(long)]
    save: Option<PathBuf>,
    /// Load the network from a file instead of building it.
    #[arg(long)]
    load: Option<PathBuf>,
    /// Say what a clean-up would leave.
    #[arg(long)]
    clean_up: bool,
    /// Set faulty rows aside and go on.
    #[arg(long)]
    quarantine: bool,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// What took how long.
#[derive(Default)]
struct Seconds {
    read: Duration,
    network: Duration,
    save: Duration,
    clean_up: Duration,
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut options = ReadOptions::new().quarantine(arguments.quarantine);
    if let Some(folder) = &arguments.data {
        options = options.data_dir(folder);
    }
    if let Some(file) = &arguments.save {
        // Better to hear of it now than after the work.
        Prepared::may_save(file)?;
    }
    let mut seconds = Seconds::default();
    let (reading, took) = timed(|| read_scenario(&arguments.folder, &options));
    let Reading { scenario, notices, .. } = reading?;
    seconds.read = took;
    let (prepared, took) = timed(|| match &arguments.load {
        Some(file) => Prepared::load(file, &scenario),
        None => prepare(&scenario),
    });
    let prepared = prepared?;
    seconds.network = took;
    if let Some(file) = &arguments.save {
        let (saved, took) = timed(|| prepared.save(file));
        saved?;
        seconds.save = took;
    }
    let wanted: &[CleanUp] = if arguments.clean_up { &USUAL_CLEAN_UP } else { &[] };
    let (skeleton, took) = timed(|| prepared.skeleton(wanted));
    let steps = skeleton?.steps;
    seconds.clean_up = took;
    let notices: Vec<Fault> = [notices, prepared.report().notices.clone()].concat();
    let lines = scenario.network.from == NetworkSource::Spans;
    if arguments.json {
        let text = as_json(&prepared, lines, &steps, &notices, &seconds).to_string();
        println!("{}", json_text(&text));
    } else {
        print_report(&prepared, lines, &notices);
        print_steps(&steps);
        print_seconds(&seconds);
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (work(), start.elapsed())
}

fn joined(prepared: &Prepared) -> [usize; 2] {
    let buildings = prepared.buildings().iter().filter(|building| building.junction.is_some());
    let exchanges = prepared.exchanges().iter().filter(|exchange| exchange.junction.is_some());
    [buildings.count(), exchanges.count()]
}

fn print_report(prepared: &Prepared, lines: bool, notices: &[Fault]) {
    let [buildings, exchanges] = joined(prepared);
    let report = prepared.report();
    let counts = [
        ("junctions", prepared.junctions().len()),
        ("spans", prepared.spans().len()),
        ("buildings", prepared.buildings().len()),
        ("  joined", buildings),
        ("exchanges", prepared.exchanges().len()),
        ("  joined", exchanges),
    ];
    for (name, count) in counts.into_iter().chain(oddities(report)) {
        println!("{name:<28}{count:>12}");
    }
    for (kind, count) in prepared.crossing_counts() {
        println!("{:<28}{count:>12}", format!("crossings of a {}", plain(&kind)));
    }
    println!("{:<28}{:>12.0}", "length, km", report.length.metres() / 1000.0);
    println!("{:<28}{:>12}", "components", report.components.len());
    for Component { junctions, spans, buildings, exchanges } in
        &report.components[..report.components.len().min(SHOWN)]
    {
        println!(
            "  {junctions} junctions, {spans} spans, {buildings} buildings, {exchanges} exchanges"
        );
    }
    if lines {
        let counts = prepared.line_counts();
        println!(
            "lines before anything is joined: {} junctions, {} spans, {} components, {} self-loops, {} parallel",
            counts.junctions, counts.spans, counts.components, counts.self_loops, counts.parallel
        );
    }
    println!("{:<28}{:>12}", "notices", notices.len());
    for (code, notices) in by_code(notices) {
        println!("  {code}: {}", notices.len());
        for notice in notices.iter().take(SHOWN) {
            println!("    {notice}");
        }
    }
}

/// What a clean-up would leave: the network itself stays whole.
fn print_steps(steps: &[StepReport]) {
    if !steps.is_empty() {
        println!("cleaned up, it would be:");
    }
    for step in steps {
        println!(
            "  {:<18}{:>9} spans out, {:>9.1} km; {:>9} joined; {:>9} chains, {:>9} junctions left",
            step.step.name(),
            step.removed,
            step.removed_length.metres() / 1000.0,
            step.contracted,
            step.chains,
            step.junctions
        );
    }
}

fn print_seconds(seconds: &Seconds) {
    let Seconds { read, network, save, clean_up } = seconds;
    println!(
        "seconds: reading {:.2}, network {:.2}, saving {:.2}, clean-up {:.2}",
        read.as_secs_f64(),
        network.as_secs_f64(),
        save.as_secs_f64(),
        clean_up.as_secs_f64()
    );
    if let Some(bytes) = peak_memory() {
        println!("peak memory: {} MiB", bytes >> 20);
    }
}

/// What was left out, merged or cut.
fn oddities(report: &NetworkReport) -> [(&'static str, usize); 8] {
    [
        ("merged positions", report.merged),
        ("links too long", report.too_long),
        ("links barred", report.barred),
        ("barriers", report.barriers),
        ("self-loops left out", report.self_loops),
        ("spans without length", report.empty),
        ("parallel spans", report.parallel),
        ("spans cut", report.cut),
    ]
}

fn by_code(notices: &[Fault]) -> BTreeMap<&'static str, Vec<&Fault>> {
    let mut by_code: BTreeMap<&str, Vec<&Fault>> = BTreeMap::new();
    for notice in notices {
        by_code.entry(notice.code.0).or_default().push(notice);
    }
    by_code
}

fn as_json(
    prepared: &Prepared,
    lines: bool,
    steps: &[StepReport],
    notices: &[Fault],
    seconds: &Seconds,
) -> serde_json::Value {
    let [buildings, exchanges] = joined(prepared);
    let report = prepared.report();
    let notices: BTreeMap<&str, usize> =
        by_code(notices).into_iter().map(|(code, notices)| (code, notices.len())).collect();
    json!({
        "junctions": prepared.junctions().len(),
        "spans": prepared.spans().len(),
        "length_m": report.length.metres(),
        "components": report.components.len(),
        "buildings": prepared.buildings().len(),
        "buildings_joined": buildings,
        "exchanges": prepared.exchanges().len(),
        "exchanges_joined": exchanges,
        "merged": report.merged,
        "too_long": report.too_long,
        "barred": report.barred,
        "barriers": report.barriers,
        "self_loops": report.self_loops,
        "empty": report.empty,
        "parallel": report.parallel,
        "cut": report.cut,
        "crossings": prepared.crossing_counts(),
        "lines": lines.then(|| prepared.line_counts()),
        "clean_up": steps,
        "notices": notices,
        "peak_memory_bytes": peak_memory(),
        "seconds": {
            "read": seconds.read.as_secs_f64(),
            "network": seconds.network.as_secs_f64(),
            "save": seconds.save.as_secs_f64(),
            "clean_up": seconds.clean_up.as_secs_f64(),
        },
    })
}
