//! Plans a scenario folder and writes the result files.
//!
//! `cargo run --release --example plan -- data/market-town`

mod shared;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::model::Scenario;
use fibreplan::network::Prepared;
use fibreplan::question::question;
use fibreplan::report::{PlanSummary, Report};
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::write::{Results, may_replace, may_write_stp_files, summary, write_stp_files};
use serde_json::json;
use shared::Session;

/// Plans a scenario: which sites to connect, over which routes, on whose money, with a proven bound.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// Check the input and the network, and plan nothing.
    #[arg(long)]
    check_only: bool,
    /// Also write the problem for other solvers, with FILE.nodes.csv beside it.
    #[arg(long, value_name = "FILE")]
    stp: Option<PathBuf>,
    #[command(flatten)]
    limits: shared::Limits,
    /// Where the results go is by default out/ and the name of the scenario.
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
    }
    if let Some(file) = &arguments.stp {
        may_write_stp_files(file)?;
    }
    let prepared = session.network(scenario)?;
    if let Some(file) = &arguments.stp {
        write_stp_files(file, &prepared, scenario, &question(&prepared, scenario)?)?;
    }
    if arguments.check_only {
        return tell_checked(session, output, scenario, &prepared);
    }
    let mut options = SolveOptions::default();
    limits.apply(&mut options.effort);
    let mut progress = session.watch(scenario, limits);
    let outcome = solve_prepared(&prepared, scenario, &options, &mut progress)?;
    drop(progress);
    let (notices, set_aside) = (&reading.notices, &reading.set_aside);
    let facts = &session.facts;
    let results = Results { scenario, outcome: &outcome, notices, set_aside, facts };
    results.write(&out, output.replace())?;
    let seconds = facts.seconds.clone();
    let text = || {
        let report = Report::of(scenario, &outcome);
        let text = summary(scenario, &outcome, &report, notices);
        format!("{text}\nWritten to {}\n", out.display())
    };
    session.answer(output, || PlanSummary::of(scenario, &outcome, &seconds), text)
}

fn tell_checked(
    session: &mut Session,
    output: &shared::Output,
    scenario: &Scenario,
    prepared: &Prepared,
) -> Result<(), Error> {
    let joined = prepared.buildings().iter().filter(|building| building.junction.is_some());
    let (sites, exchanges) =
        (scenario.tables.sites.rows.len(), scenario.tables.exchanges.rows.len());
    let (buildings, joined) = (prepared.buildings().len(), joined.count());
    let (junctions, spans) = (prepared.junctions().len(), prepared.spans().len());
    let facts = json!({
        "status": "Checked", "sites": sites, "buildings": buildings, "joined": joined,
        "exchanges": exchanges, "network_nodes": junctions, "network_edges": spans,
    });
    let text = || {
        format!(
            "{}: no faults. {sites} sites in {buildings} buildings ({joined} joined to the network), \
             {exchanges} exchanges, {junctions} junctions, {spans} spans.\n",
            scenario.name
        )
    };
    session.answer(output, || facts, text)
}
