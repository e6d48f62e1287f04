//! Plans a scenario folder and writes the result files.
//!
//! `cargo run --release --example plan -- data/market-town`

mod shared;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::report::{CheckedSummary, PlanSummary};
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::write::{Results, checked_text, may_replace, may_write_stp_files, write_stp_files};
use shared::Session;

/// Plans a scenario: which sites to connect, over which routes, on whose money, with a proven bound.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Check the input and the network without planning anything.
    #[arg(long)]
    check_only: bool,
    /// Also write the problem for other solvers, with FILE.nodes.csv beside it.
    #[arg(long, value_name = "FILE")]
    stp: Option<PathBuf>,
    /// Also write a page to look at, report.html, beside the results.
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    exports: shared::Exports,
    #[command(flatten)]
    limits: shared::Limits,
    /// By default results go to out/ and the name of the scenario.
    #[command(flatten)]
    output: shared::Output,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    let (limits, output) = (&arguments.limits, &arguments.output);
    session.begin(limits, output);
    let reading = arguments.input.read(session)?;
    let scenario = &reading.scenario;
    let out = output.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.name));
    if !arguments.check_only {
        // Better to hear of it now than after the search.
        may_replace(&out, &scenario.name, output.replace())?;
        arguments.exports.judge(&scenario.name, output.replace())?;
    }
    if let Some(file) = &arguments.stp {
        may_write_stp_files(file)?;
    }
    let prepared = session.network(scenario)?;
    if let Some(file) = &arguments.stp {
        write_stp_files(file, &prepared, scenario)?;
    }
    if arguments.check_only {
        let checked = CheckedSummary::of(scenario, &prepared);
        return session.answer(output, || &checked, || checked_text(&checked));
    }
    let mut options = SolveOptions::default();
    limits.apply(&mut options.effort, session);
    let mut progress = session.watch(scenario, limits);
    let outcome = solve_prepared(&prepared, scenario, &options, &mut progress)?;
    drop(progress);
    let (notices, set_aside) = (&reading.notices, &reading.set_aside);
    let facts = &session.facts;
    let results = Results { scenario, outcome: &outcome, notices, set_aside, facts };
    let page = arguments.report.then_some(&prepared);
    let summary = results.write_with(page, &out, output.replace())?;
    let exports = arguments.exports.write(scenario, &outcome, notices, output.replace())?;
    let seconds = facts.seconds.clone();
    let text = || format!("{summary}\nWritten to {}\n{exports}", out.display());
    session.answer(output, || PlanSummary::of(scenario, &outcome, &seconds), text)?;
    // The process ends here: a country need not be taken apart first.
    std::mem::forget((reading, prepared, outcome));
    Ok(())
}
