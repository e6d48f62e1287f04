//! What is planning sites, routes and pots together worth? The five strategies planners use today beside
//! this library's plan.
//!
//! `cargo run --release --example strategies -- data/market-town --seconds 5`

mod shared;

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::report::StrategiesSummary;
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::write::{FolderKind, StudyAnswer, strategies_text};

/// Plans a scenario by the five strategies and by this library.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
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
    arguments.output.judge(FolderKind::Strategies, &scenario.name)?;
    let prepared = session.network(scenario)?;
    let mut options = StrategiesOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    let mut progress = session.watch(scenario, &arguments.limits);
    let found = strategies(&prepared, scenario, &options, &mut progress)?;
    drop(progress);
    session.study(
        &arguments.output,
        &reading,
        StudyAnswer::Strategies(&found),
        || StrategiesSummary::of(scenario, &found),
        || strategies_text(&found),
    )
}
