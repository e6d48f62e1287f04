//! The shortest way from a scenario folder to a plan with a proven bound.
//!
//! `cargo run --release --example quickstart`

use fibreplan::prelude::*;

fn main() -> Result<(), Error> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/market-town");
    let reading = read_scenario(folder.as_ref(), &ReadOptions::default())?;
    let outcome = solve(&reading.scenario, &SolveOptions::default())?;

    println!("{}: {}, GBP {}", reading.scenario.title, outcome.status, outcome.cost);
    let first = &outcome.objectives[0];
    let covered = Weight::from_thousandths(first.achieved);
    let possible = first
        .bound
        .map_or("any number".to_owned(), |bound| Weight::from_thousandths(bound).to_string());
    println!("{covered} {} covered, at most {possible} are possible", first.name);
    for drop in outcome.plan.iter().flat_map(|plan| &plan.drops) {
        println!("connect {} to {} over {} m", drop.sites.join(" "), drop.exchange, drop.route);
    }
    Ok(())
}
