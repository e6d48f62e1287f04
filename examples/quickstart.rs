//! The shortest way from a scenario folder to a plan with a proven bound.
//!
//! `cargo run --release --example quickstart`

mod shared;

use fibreplan::prelude::*;

fn main() -> std::process::ExitCode {
    shared::script(quickstart)
}

fn quickstart() -> Result<String, Error> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/market-town");
    let reading = read_scenario(folder.as_ref(), &ReadOptions::default())?;
    let outcome = solve(&reading.scenario, &SolveOptions::default())?;

    let title = &reading.scenario.title;
    let mut lines = vec![format!("{title}: {}, £{}", outcome.status, outcome.cost)];
    if let Some(first) = outcome.first() {
        lines.push(format!("{} {} covered", first.achieved, first.name));
        lines.extend(first.bound.map(|bound| format!("at most {bound} are possible")));
    }
    for drop in outcome.plan.iter().flat_map(|plan| &plan.drops) {
        let sites = drop.sites.join(" ");
        lines.push(format!("connect {sites} to {} over {} m", drop.exchange, drop.route));
    }
    Ok(lines.join("\n") + "\n")
}
