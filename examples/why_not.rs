//! Why is a site left out, and what would bring it in?
//!
//! `cargo run --release --example why_not -- data/market-town --site MT014`

mod shared;

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::report::ExplanationSummary;
use fibreplan::study::why_not::{WhyNotOptions, why_not};
use fibreplan::write::{FolderKind, StudyAnswer, why_not_text, why_not_words};

/// Explains a plan site by site.
///
/// The limit on work is that of the plan, and all explanations together take a few times as much; the
/// seconds are shared equally between the plan, the sites forced in, and the budgets at which sites
/// enter.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// A site to explain, with its entry budget to the nearest £10,000; may be given more than
    /// once. By default all sites.
    #[arg(long, value_name = "ID")]
    site: Vec<String>,
    /// Look for entry budgets up to this many times the scenario's; 1 means not at all.
    #[arg(long, default_value_t = 3, value_parser = flags::whole::<u32>(1..=1_000))]
    up_to: u32,
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
    arguments.output.judge(FolderKind::WhyNot, &scenario.name)?;
    let prepared = session.network(scenario)?;
    let mut options = WhyNotOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    options.sites.clone_from(&arguments.site);
    options.up_to = arguments.up_to;
    let mut progress = session.watch(scenario, &arguments.limits);
    let mut study = || why_not(&prepared, scenario, &options, &mut progress);
    let found = session.timed("study", &mut study)?;
    drop(progress);
    let text = if options.sites.is_empty() { why_not_text } else { why_not_words };
    session.study(
        &arguments.output,
        &reading,
        StudyAnswer::WhyNot(&found),
        || ExplanationSummary::of(scenario, &found),
        || text(scenario, &found),
    )
}
