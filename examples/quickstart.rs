//! The shortest way from a scenario folder to a plan with a proven bound.
//!
//! `cargo run --release --example quickstart`

use std::path::Path;

use fibreplan::error::Error;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::Weight;

fn main() -> Result<(), Error> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/market-town");
    let reading = read_scenario(&folder, &ReadOptions::default())?;
    let outcome = solve(&reading.scenario, &SolveOptions::default())?;
    println!("{}: {} for GBP {}", reading.scenario.title, outcome.status, outcome.cost);
    for objective in &outcome.objectives {
        if let (true, Some(bound)) = (objective.name != "cost", objective.bound) {
            let units = |value| Weight::from_thousandths(value);
            println!(
                "{}: {} covered, at most {} possible",
                objective.name,
                units(objective.achieved),
                units(bound)
            );
        }
    }
    for drop in outcome.plan.iter().flat_map(|plan| &plan.drops) {
        println!("connect {} to {} over {} m", drop.sites.join(" "), drop.exchange, drop.route);
    }
    Ok(())
}
