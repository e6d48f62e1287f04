//! Builds the route network of a scenario and describes it.
//!
//! `cargo run --release --example build_network -- data/hamlet --clean-up`
//!
//! A saved network loads in a fraction of the time. It is refused when the tables or the network
//! settings of the scenario have changed since.

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::network::{CleanUp, Prepared, USUAL_CLEAN_UP};
use fibreplan::report::{NetworkRunSummary, NetworkSummary};
use fibreplan::write::{network_text, peak_memory};

/// Builds the route network of a scenario and describes it.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Save the network to a file.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Load the network from a file instead of building it.
    #[arg(long, value_name = "FILE")]
    load: Option<PathBuf>,
    /// Say what would be left after a clean-up.
    #[arg(long)]
    clean_up: bool,
    /// Print one line of JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Show no notices; they are still counted.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut shared::Session) -> Result<(), Error> {
    session.hush(arguments.quiet);
    if let Some(file) = &arguments.save {
        // Better to hear of it now than after the work.
        Prepared::may_save(file)?;
    }
    let reading = arguments.input.read(session)?;
    let prepared = match &arguments.load {
        Some(file) => session.timed("load", || Prepared::load(file, &reading.scenario))?,
        None => session.network(&reading.scenario)?,
    };
    if let Some(file) = &arguments.save {
        session.timed("save", || prepared.save(file))?;
    }
    let wanted: &[CleanUp] = if arguments.clean_up { &USUAL_CLEAN_UP } else { &[] };
    let skeleton = session.timed("clean-up", || prepared.skeleton(wanted))?;
    let notices = [reading.notices.as_slice(), prepared.notices()].concat();
    let summary = NetworkSummary::of(&prepared, &skeleton.steps, &notices);
    if arguments.json {
        let phases = &session.facts.seconds;
        let run = NetworkRunSummary::of(&reading.scenario, summary, phases, peak_memory());
        return session.print_json(&run);
    }
    let seconds = session.facts.seconds.iter().map(|(phase, took)| format!("{phase} {took:.2}"));
    let seconds = seconds.collect::<Vec<_>>().join(", ");
    let memory = peak_memory()
        .map_or_else(String::new, |bytes| format!("peak memory: {} MiB\n", bytes >> 20));
    session.print(&format!("{}seconds: {seconds}\n{memory}", network_text(&summary)))
}
