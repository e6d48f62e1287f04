//! Plans a scenario folder and writes the result files.
//!
//! `cargo run --release --example plan -- data/market-town`

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;
use fibreplan::error::{Error, Fault, lines};
use fibreplan::flags;
use fibreplan::model::Scenario;
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::{Event, Observer, Stop};
use fibreplan::plan::Outcome;
use fibreplan::question::question;
use fibreplan::read::{ReadOptions, Reading, read_scenario};
use fibreplan::report::Report;
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::text::{json as json_text, plain};
use fibreplan::write::{
    Replace, Results, RunFacts, may_replace, may_write_stp_files, summary, write_stp_files,
};

/// Plans a scenario: which sites to connect, over which routes, on whose money, with a proven bound.
#[derive(Parser)]
struct Arguments {
    /// The scenario folder: it holds a scenario.toml.
    folder: PathBuf,
    /// Where tables are looked for that are not beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where the results go; by default out/ and the name of the scenario.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace the folder also where it holds results of another scenario; never anything that was changed
    /// or added.
    #[arg(long)]
    replace: bool,
    /// Stop after so many seconds; the same result every time is not promised then.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Stop when the plan is proven within this share of the best (0.05 is five per cent).
    #[arg(long, default_value_t = 0.0, value_parser = flags::share)]
    gap: f64,
    /// Stop after so many units of work.
    #[arg(long, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    work: Option<u64>,
    /// Seed of every random choice.
    #[arg(long, default_value_t = 0, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Set faulty rows aside (they are listed in rejected.csv) and plan with the others.
    #[arg(long)]
    quarantine: bool,
    /// Check the input and the network, and plan nothing.
    #[arg(long)]
    check_only: bool,
    /// Also write the problem for other solvers, with FILE.nodes.csv beside it.
    #[arg(long, value_name = "FILE")]
    stp: Option<PathBuf>,
    /// Print one line of JSON instead of the summary.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn replace(&self) -> Replace {
        if self.replace { Replace::Any } else { Replace::Same }
    }
}

const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let interrupted = Arc::new(AtomicBool::new(false));
    listen_for_ctrl_c(&interrupted);
    match run(&Arguments::parse(), &interrupted) {
        Ok(()) if interrupted.load(Ordering::Relaxed) => ExitCode::from(INTERRUPTED),
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// The first Ctrl-C (or termination) asks for the best plan so far, the second ends the process.
fn listen_for_ctrl_c(interrupted: &Arc<AtomicBool>) {
    let interrupted = Arc::clone(interrupted);
    let listening = ctrlc::set_handler(move || {
        if interrupted.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
        eprintln!("stopping: the best plan so far will be written; once more to leave without it");
    });
    if let Err(error) = listening {
        eprintln!("Ctrl-C will end the run without a plan: {error}");
    }
}

fn run(arguments: &Arguments, interrupted: &AtomicBool) -> Result<(), Error> {
    let mut facts = RunFacts { started: SystemTime::now(), threads: 1, seconds: Vec::new() };
    let options = solve_options(arguments);
    let reading = timed("read", &mut facts, || read(arguments))?;
    let scenario = &reading.scenario;
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.name));
    if !arguments.check_only {
        // Better to hear of it now than after the search.
        may_replace(&out, &scenario.name, arguments.replace())?;
    }
    if let Some(file) = &arguments.stp {
        may_write_stp_files(file)?;
    }
    tell_rows(&reading);
    let prepared = timed("network", &mut facts, || prepare(scenario))?;
    tell_notices(prepared.notices());
    if let Some(file) = &arguments.stp {
        write_stp_files(file, &prepared, scenario, &question(&prepared, scenario)?)?;
    }
    if arguments.check_only {
        tell_checked(arguments, scenario, &prepared, &facts);
        return Ok(());
    }
    let mut progress = Progress::new(interrupted);
    let outcome = solve_prepared(&prepared, scenario, &options, &mut progress)?;
    let results = Results {
        scenario,
        outcome: &outcome,
        notices: &reading.notices,
        set_aside: &reading.set_aside,
        facts: &facts,
    };
    results.write(&out, arguments.replace())?;
    if arguments.json {
        println!("{}", json_text(&json_line(scenario, &outcome, &facts)));
    } else {
        let report = Report::of(scenario, &outcome);
        print!("{}", summary(scenario, &outcome, &report, &reading.notices));
        println!("\nWritten to {}", out.display());
    }
    Ok(())
}

fn solve_options(arguments: &Arguments) -> SolveOptions {
    let mut options = SolveOptions::default();
    options.effort.gap = arguments.gap;
    options.effort.seed = arguments.seed;
    options.effort.seconds = arguments.seconds;
    // A limit in seconds stands in for the default limit in work, not for one that is asked for.
    if arguments.work.is_some() || arguments.seconds.is_some() {
        options.effort.work = arguments.work;
    }
    options
}

fn read(arguments: &Arguments) -> Result<Reading, Error> {
    let mut options = ReadOptions::default();
    options.data_dir.clone_from(&arguments.data);
    options.quarantine = arguments.quarantine;
    read_scenario(&arguments.folder, &options)
}

fn timed<T>(
    phase: &'static str,
    facts: &mut RunFacts,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let start = Instant::now();
    let done = work()?;
    facts.seconds.push((phase, start.elapsed().as_secs_f64()));
    Ok(done)
}

/// Rows in = used + set aside + excluded, and every notice, to the standard error stream.
fn tell_rows(reading: &Reading) {
    let set_aside: Vec<Fault> =
        reading.set_aside.iter().flat_map(|rejected| rejected.faults.iter().cloned()).collect();
    for line in lines(&set_aside) {
        eprintln!("set aside: {line}");
    }
    tell_notices(&reading.notices);
    for input in reading.scenario.tables.inputs.iter().filter(|input| input.rows_read > 0) {
        eprintln!(
            "{}: {} rows = {} used + {} set aside + {} excluded",
            plain(&input.file),
            input.rows_read,
            input.rows_used,
            input.rows_set_aside,
            input.rows_excluded
        );
    }
}

fn tell_notices(notices: &[Fault]) {
    for line in lines(notices) {
        eprintln!("notice: {line}");
    }
}

fn tell_checked(arguments: &Arguments, scenario: &Scenario, prepared: &Prepared, facts: &RunFacts) {
    let (nodes, edges) = (prepared.junctions().len(), prepared.spans().len());
    let joined = prepared.buildings().iter().filter(|building| building.junction.is_some());
    let (sites, exchanges) =
        (scenario.tables.sites.rows.len(), scenario.tables.exchanges.rows.len());
    if arguments.json {
        let keys = [
            ("status", json("Checked")),
            ("sites", sites.to_string()),
            ("exchanges", exchanges.to_string()),
            ("network_nodes", nodes.to_string()),
            ("network_edges", edges.to_string()),
            ("seconds", seconds(facts.seconds.iter())),
        ];
        println!("{}", object(&keys));
        return;
    }
    println!(
        "{}: no faults. {sites} sites in {} buildings ({} joined to the network), {exchanges} exchanges, \
         {nodes} junctions, {edges} spans.",
        scenario.name,
        prepared.buildings().len(),
        joined.count()
    );
}

/// The answer on one line; amounts and weights are exact decimals in pounds and units.
fn json_line(scenario: &Scenario, outcome: &Outcome, facts: &RunFacts) -> String {
    let first = outcome.objectives.first();
    let bound = first.and_then(|first| first.bound.map(|bound| first.in_own_unit(bound)));
    let connected = outcome.plan.as_ref().map_or(0, |plan| plan.connected.len());
    object(&[
        ("status", json(&outcome.status.to_string())),
        ("objective", or_null(first.map(|first| first.in_own_unit(first.achieved)))),
        ("bound", or_null(bound)),
        ("gap", or_null(first.and_then(|first| first.gap))),
        ("cost_gbp", outcome.cost.to_string()),
        ("sites", scenario.tables.sites.rows.len().to_string()),
        ("connected", connected.to_string()),
        ("network_nodes", outcome.network_size.0.to_string()),
        ("network_edges", outcome.network_size.1.to_string()),
        ("seconds", seconds(facts.seconds.iter().chain(&outcome.seconds))),
    ])
}

fn or_null(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A JSON object on one line, keys in the order given.
fn object(keys: &[(&str, String)]) -> String {
    let pairs: Vec<String> =
        keys.iter().map(|(key, value)| format!("{}: {value}", json(key))).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn seconds<'a>(phases: impl Iterator<Item = &'a (&'static str, f64)>) -> String {
    let phases: Vec<(&str, String)> =
        phases.map(|&(phase, seconds)| (phase, format!("{seconds:.3}"))).collect();
    object(&phases)
}

/// A line on the standard error stream every few seconds of long work.
struct Progress<'a> {
    interrupted: &'a AtomicBool,
    started: Instant,
    told: Instant,
    /// The best found and the bound, as far as they are known.
    known: String,
}

impl<'a> Progress<'a> {
    const EVERY: Duration = Duration::from_secs(2);

    fn new(interrupted: &'a AtomicBool) -> Self {
        let now = Instant::now();
        Self { interrupted, started: now, told: now, known: "begun".to_owned() }
    }
}

impl Observer for Progress<'_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        if let Event::Progress { objective, bound, .. } = event {
            let found = objective.map_or("nothing yet".to_owned(), |best| best.to_string());
            self.known = format!("found {found}, bound {bound}");
        }
        if self.told.elapsed() >= Self::EVERY {
            eprintln!("{:>5} s  {}", self.started.elapsed().as_secs(), self.known);
            self.told = Instant::now();
        }
        if self.interrupted.load(Ordering::Relaxed) {
            ControlFlow::Break(Stop)
        } else {
            ControlFlow::Continue(())
        }
    }
}
