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
    let cost = Amount::Money(outcome.cost);
    let mut lines = vec![format!("{title}: {}, {cost}", outcome.status)];
    if let Some(first) = outcome.first() {
        lines.push(format!("{} {} covered", first.achieved, first.name));
        lines.extend(first.bound.map(|bound| format!("at most {bound} are possible")));
    }
    for drop in outcome.plan.iter().flat_map(|plan| &plan.drops) {
        let sites = drop.sites.join(" ");
        let kilometres = drop.route.metres() / 1000.0;
        lines.push(format!("connect {sites} to {} over {kilometres:.2} km", drop.exchange));
    }
    Ok(lines.join("\n") + "\n")
}
