//! A page that people look at: map, charts and tables of a plan in one file.
//!
//! `cargo run --release --example report -- data/market-town --out town.html`

mod shared;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::read::read_plan;
use fibreplan::report::PageSummary;
use fibreplan::solve::{SolveOptions, solve_prepared, stated};
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::write::{
    FileTarget, Shown, comparison_html, frontier_html, is_report_page, plan_html,
};
use shared::Session;

/// Writes a page on a plan, on two plans, or on what more and less money would cover.
#[derive(Parser)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// The page; an earlier one is replaced, anything else is not.
    #[arg(long, value_name = "PAGE.html")]
    out: PathBuf,
    /// The plan, as plan.json; without one the scenario is planned.
    #[arg(long, value_name = "PLAN.json", conflicts_with = "frontier")]
    plan: Option<PathBuf>,
    /// Another plan of the same scenario, which the plan is held against.
    #[arg(long, value_name = "PLAN.json", requires = "plan")]
    against: Option<PathBuf>,
    /// Plan for a range of budgets, and show what they cover with a proven ceiling.
    #[arg(long)]
    frontier: bool,
    #[command(flatten)]
    exports: shared::Exports,
    /// Replace a workbook, a GeoPackage or pictures even if they are of another scenario, or made or changed
    /// elsewhere.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    limits: shared::Limits,
    /// Print one line of JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Show no progress and no notices.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    session.start(&arguments.limits, arguments.quiet);
    let target = FileTarget { file: &arguments.out, noun: "report page", is_ours: is_report_page };
    // Better to hear of it now than after the search.
    target.judge()?;
    let reading = arguments.input.read(session)?;
    let (scenario, notices) = (&reading.scenario, reading.notices.as_slice());
    let (exports, replace) = (&arguments.exports, shared::replace(arguments.replace));
    exports.judge(&scenario.name, replace)?;
    if arguments.frontier {
        exports.judge_frontier()?;
    }
    let export = |shown: &Shown<'_>| exports.write(scenario, &shown.outcome, notices, replace);
    let prepared = session.network(scenario)?;
    let from_file = |file: &Path| -> Result<Shown<'_>, Error> {
        let read = read_plan(file)?;
        let stated = stated(scenario, read.plan, &read.claims)?;
        let shown = Shown::of(scenario, stated.outcome, &prepared, notices);
        Ok(shown.with_remarks(stated.remarks))
    };
    let (page, text, exported) = match (&arguments.plan, &arguments.against) {
        (Some(plan), Some(other)) => {
            let names = [name(other), name(plan)];
            let (other, plan) = (from_file(other)?, from_file(plan)?);
            let plans = [(names[0].as_str(), &other), (&names[1], &plan)];
            ("comparison", comparison_html(plans), export(&plan)?)
        }
        (Some(plan), None) => {
            let shown = from_file(plan)?;
            ("plan", plan_html(&shown), export(&shown)?)
        }
        _ if arguments.frontier => {
            let mut options = FrontierOptions::default();
            arguments.limits.apply(&mut options.effort, session);
            let mut progress = session.watch(scenario, &arguments.limits);
            let found = frontier(&prepared, scenario, &options, &mut progress)?;
            let exported = exports.write_frontier(scenario, &found, replace)?;
            ("frontier", frontier_html(scenario, &found, &prepared, notices), exported)
        }
        _ => {
            let mut options = SolveOptions::default();
            arguments.limits.apply(&mut options.effort, session);
            let mut progress = session.watch(scenario, &arguments.limits);
            let outcome = solve_prepared(&prepared, scenario, &options, &mut progress)?;
            let shown = Shown::of(scenario, outcome, &prepared, notices);
            ("plan", plan_html(&shown), export(&shown)?)
        }
    };
    target.write(text.as_bytes())?;
    if arguments.json {
        return session.print_json(&PageSummary::of(scenario, page, &text));
    }
    session.print(&format!("Written to {}\n{exported}", arguments.out.display()))
}

/// What a plan goes by: its folder and file.
fn name(file: &Path) -> String {
    let file = file.with_extension("");
    let parts: Vec<_> = file.components().rev().take(2).collect();
    let parts: Vec<_> = parts.iter().rev().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
