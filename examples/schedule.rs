//! Which first, year by year: the schedule of a scenario beside the rules in use and other terms for unspent money.
//!
//! `cargo run --release --example schedule -- data/market-town-years`

mod shared;

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::report::{YearsSummary, plan_until};
use fibreplan::study::years::{YearsOptions, years};
use fibreplan::units::Year;
use fibreplan::write::{FolderKind, StudyAnswer, standing_text, years_text};

/// Plans a scenario's years: as it is, by the rules in use, and under other terms for unspent money.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Also print the plan that stands at the end of this year.
    #[arg(long, value_name = "YEAR", value_parser = flags::year)]
    until: Option<Year>,
    /// Ask what so many months' more money in each year would buy.
    #[arg(long, default_value_t = 1, value_parser = flags::whole::<u32>(1..=12))]
    months: u32,
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
    arguments.output.judge(FolderKind::Years, &scenario.name)?;
    let prepared = session.network(scenario)?;
    let mut options = YearsOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    options.months = arguments.months;
    let mut progress = session.watch(scenario, &arguments.limits);
    let found =
        session.timed("study", &mut || years(&prepared, scenario, &options, &mut progress))?;
    drop(progress);
    let standing = || {
        let plan = found.rows.first()?.outcome.as_ref()?.plan.as_ref()?;
        let year = arguments.until?;
        Some(standing_text(scenario, &plan_until(plan, year), year))
    };
    let text = || {
        years_text(scenario, &found)
            + &standing().map_or_else(String::new, |own| format!("\n{own}"))
    };
    session.study(
        &arguments.output,
        &reading,
        StudyAnswer::Years(&found),
        || YearsSummary::of(scenario, &found),
        text,
    )
}
