//! What is it worth to plan programmes together? Apart, one after the other, jointly, as one pot.
//!
//! `cargo run --release --example programmes -- data/market-town --raise-gbp 10000`

mod shared;

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::report::ProgrammesSummary;
use fibreplan::study::programmes::{ProgrammesOptions, programmes};
use fibreplan::units::Pence;
use fibreplan::write::{FolderKind, StudyAnswer, programmes_text};

/// Plans the programmes of a scenario apart, in every order, jointly, and as one merged pot.
///
/// The limit on work is that of each programme's turn, and a plan of all together gets as much as all
/// turns; the seconds are shared equally among all plans.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Also say what this much more money in each programme would add to the joint plan.
    #[arg(long, value_name = "POUNDS", value_parser = flags::pounds)]
    raise_gbp: Option<Pence>,
    #[command(flatten)]
    limits: shared::Limits,
    #[command(flatten)]
    output: shared::Output,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut shared::Session) -> Result<(), Error> {
    session.begin(&arguments.limits, &arguments.output);
    let reading = arguments.input.read(session)?;
    let scenario = &reading.scenario;
    arguments.output.judge(FolderKind::Programmes, &scenario.name)?;
    let prepared = session.network(scenario)?;
    let mut options = ProgrammesOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    options.raise = arguments.raise_gbp;
    let mut progress = session.watch(scenario, &arguments.limits);
    let mut study = || programmes(&prepared, scenario, &options, &mut progress);
    let found = session.timed("study", &mut study)?;
    drop(progress);
    session.study(
        &arguments.output,
        &reading,
        StudyAnswer::Programmes(&found),
        || ProgrammesSummary::of(scenario, &found),
        || programmes_text(scenario, &found),
    )
}
