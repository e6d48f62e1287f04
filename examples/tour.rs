//! A whole day's work with one import: read, plan, write, vary the budget, compare policies, ask why a site
//! is left out, and look at the network as a graph.
//!
//! `cargo run --release --example tour -- [FOLDER FOR THE RESULTS]`

mod shared;

use std::path::PathBuf;

use fibreplan::prelude::*;

fn main() -> std::process::ExitCode {
    shared::script(day)
}

fn day() -> Result<String, Error> {
    // The question: a folder, as here, or `Scenario::new` with tables from a `TablesDraft`.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/market-town");
    let reading = read_scenario(folder.as_ref(), &ReadOptions::default())?;
    let scenario = &reading.scenario;
    let network = prepare(scenario)?;

    // The plan, judged once more by the independent checker, and written.
    let options = SolveOptions::from(Effort::of_work(200_000_000));
    let outcome = solve_prepared(&network, scenario, &options, &mut Silent)?;
    let mut text = summary(scenario, &outcome, &Report::of(scenario, &outcome), &reading.notices);
    let Some(plan) = &outcome.plan else { return Ok(text) };
    assert!(check(scenario, plan).is_empty());
    let (notices, set_aside) = (&reading.notices, &reading.set_aside);
    let results =
        Results { scenario, outcome: &outcome, notices, set_aside, facts: &RunFacts::now() };
    let out = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("out/tour"), PathBuf::from);
    results.write(&out, Replace::Same)?;

    // What would more or less money cover?
    let mut budgets = FrontierOptions::default();
    budgets.points = 5;
    text += "\n";
    text += &frontier_text(&frontier(&network, scenario, &budgets, &mut Silent)?);

    // What would another policy bring? A variant is a scenario with something changed.
    let mut council = scenario.clone();
    council.programmes.push(Programme::new("council", Pence::from_whole_pounds(20_000)));
    let mut policies = CompareOptions::default();
    policies.variants = vec![Variant::new("with-council-money", council)];
    text += "\n";
    text += &comparison_text(&compare(&network, scenario, &policies, &mut Silent)?);

    // Why is this site left out?
    let mut sites = WhyNotOptions::default();
    sites.sites = plan.left_out.iter().take(1).map(|site| site.id.clone()).collect();
    text += "\n";
    text += &why_not_words(scenario, &why_not(&network, scenario, &sites, &mut Silent)?);

    // The network as a petgraph graph, priced.
    let graph = network.to_petgraph(&scenario.rate_card)?;
    let kilometres: f64 = graph.edge_weights().map(|span| span.length.metres() / 1000.0).sum();
    let (nodes, edges) = (graph.node_count(), graph.edge_count());
    Ok(text + &format!("\n{nodes} junctions, {edges} spans, {kilometres:.1} km\n"))
}
