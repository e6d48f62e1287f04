//! What would more or less money cover? A plan and a proven ceiling for each of many budgets.
//!
//! `cargo run --release --example frontier -- data/market-town --points 5 --more-gbp 10000`

mod shared;

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::report::FrontierSummary;
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::units::Pence;
use fibreplan::write::{FolderKind, StudyAnswer, frontier_text};

/// Plans a scenario for a range of budgets, with a proven ceiling on each.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Number of budgets.
    #[arg(long, default_value_t = 25, value_parser = flags::whole::<usize>(1..=10_000))]
    points: usize,
    /// The smallest budget in pounds; by default a tenth of the scenario's.
    #[arg(long, value_name = "POUNDS", value_parser = flags::pounds)]
    from_gbp: Option<Pence>,
    /// The largest budget in pounds; by default one and a half times the scenario's.
    #[arg(long, value_name = "POUNDS", value_parser = flags::pounds)]
    to_gbp: Option<Pence>,
    /// The programme whose budget is varied; by default all are, in proportion.
    #[arg(long, value_name = "ID")]
    programme: Option<String>,
    /// Make each plan contain the one for less money.
    #[arg(long)]
    nested: bool,
    /// Say what this much more money would buy at each budget, and for whom; may be given more than once.
    #[arg(long, value_name = "POUNDS", value_parser = flags::pounds)]
    more_gbp: Vec<Pence>,
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
    arguments.output.judge(FolderKind::Frontier, &scenario.name)?;
    let prepared = session.network(scenario)?;
    let mut options = FrontierOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    options.points = arguments.points;
    options.from = arguments.from_gbp;
    options.to = arguments.to_gbp;
    options.programme.clone_from(&arguments.programme);
    options.nested = arguments.nested;
    options.more.clone_from(&arguments.more_gbp);
    let mut progress = session.watch(scenario, &arguments.limits);
    let mut study = || frontier(&prepared, scenario, &options, &mut progress);
    let found = session.timed("study", &mut study)?;
    drop(progress);
    session.study(
        &arguments.output,
        &reading,
        StudyAnswer::Frontier(&found),
        || FrontierSummary::of(scenario, &found),
        || frontier_text(&found),
    )
}
