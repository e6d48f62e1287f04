//! What would more or less money cover? A plan and a proven ceiling for each of many budgets.
//!
//! `cargo run --release --example frontier -- FOLDER [--data DIR] [--points N] [--from-gbp A] [--to-gbp B]
//! [--programme ID] [--nested] [--more-gbp N ...] [--gap G] [--seconds S] [--json]`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::model::Scenario;
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::SolveOptions;
use fibreplan::study::frontier::{FrontierOptions, FrontierPoint, MoreMoney, frontier};
use fibreplan::text::{json as json_text, page};
use fibreplan::units::Pence;
use serde_json::{Value, json};

/// Plans a scenario for a range of budgets, with a proven ceiling on each.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// Folder in which tables are looked up that do not lie beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number of budgets.
    #[arg(long, default_value_t = 25, value_parser = flags::whole::<usize>(1..=10_000))]
    points: usize,
    /// The least budget in pounds; a tenth of the scenario's without it.
    #[arg(long, value_parser = flags::pounds)]
    from_gbp: Option<Pence>,
    /// The most; one and a half times the scenario's without it.
    #[arg(long, value_parser = flags::pounds)]
    to_gbp: Option<Pence>,
    /// The programme whose budget changes; all in proportion without it.
    #[arg(long)]
    programme: Option<String>,
    /// Each plan contains the one for less money.
    #[arg(long)]
    nested: bool,
    /// Say at each budget what so many more pounds would buy, and whom; may be given several times.
    #[arg(long, value_parser = flags::pounds)]
    more_gbp: Vec<Pence>,
    /// Gap to reach at each budget.
    #[arg(long, default_value_t = 0.01, value_parser = flags::share)]
    gap: f64,
    /// Effort of one plan in seconds; all together may take a few times as long. Without it, a fixed
    /// amount of work.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Print one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut reading = ReadOptions::default();
    reading.data_dir.clone_from(&arguments.data);
    let scenario = read_scenario(&arguments.folder, &reading)?.scenario;
    let prepared = prepare(&scenario)?;
    let mut solving = SolveOptions::default();
    solving.effort.gap = arguments.gap;
    if arguments.seconds.is_some() {
        solving.effort.seconds = arguments.seconds;
        solving.effort.work = None;
    }
    let mut options = FrontierOptions::default();
    options.points = arguments.points;
    options.from = arguments.from_gbp;
    options.to = arguments.to_gbp;
    options.programme.clone_from(&arguments.programme);
    options.nested = arguments.nested;
    options.more.clone_from(&arguments.more_gbp);
    let points = frontier(&prepared, &scenario, &solving, &options, &mut Silent)?;
    if arguments.json {
        println!("{}", json_text(&as_json(&points).to_string()));
    } else {
        print!("{}", page(&as_table(&scenario, &points)));
    }
    Ok(())
}

fn as_table(scenario: &Scenario, points: &[FrontierPoint]) -> String {
    let weight = scenario.objective_weights().first().copied().unwrap_or("sites");
    let mut parts = vec![format!(
        "{:>15} {weight:>14} {:>14} {:>8} {:>7} {:>15}\n",
        "budget GBP", "ceiling", "gap", "sites", "cost GBP"
    )];
    for point in points {
        let sites = point.outcome.plan.as_ref().map_or(0, |plan| plan.connected.len());
        parts.push(format!(
            "{:>15} {:>14} {:>14} {:>6.3} % {sites:>7} {:>15}{}\n",
            point.budget.to_string(),
            point.coverage.to_string(),
            point.ceiling.to_string(),
            100.0 * point.gap(),
            point.outcome.cost.to_string(),
            point
                .nesting_costs
                .map_or_else(String::new, |costs| format!("  nesting costs {costs}"))
        ));
        parts.extend(point.more.iter().map(|more| more_line(weight, more)));
    }
    parts.concat()
}

/// Names of the sites are cut short; the JSON line has all of them.
fn more_line(weight: &str, more: &MoreMoney) -> String {
    let some = |ids: &[String]| match ids {
        [] => "none".to_owned(),
        [one @ .., last] if ids.len() <= 4 => {
            one.iter().chain([last]).cloned().collect::<Vec<_>>().join(" ")
        }
        ids => format!("{} and {} more", ids[..3].join(" "), ids.len() - 3),
    };
    format!(
        "{:>15} GBP {} more: {} {weight} more (at most {}); in {}; out {}\n",
        "",
        more.more,
        more.gain,
        more.at_most,
        some(&more.gained),
        some(&more.lost)
    )
}

fn as_json(points: &[FrontierPoint]) -> Value {
    let more = |more: &MoreMoney| {
        json!({
            "more_pence": more.more.get(),
            "gain_thousandths": more.gain.thousandths(),
            "at_most_thousandths": more.at_most.thousandths(),
            "gained": more.gained,
            "lost": more.lost,
        })
    };
    let point = |point: &FrontierPoint| {
        json!({
            "budget_pence": point.budget.get(),
            "coverage_thousandths": point.coverage.thousandths(),
            "ceiling_thousandths": point.ceiling.thousandths(),
            "gap": point.gap(),
            "nesting_costs_thousandths": point.nesting_costs.map(fibreplan::units::Weight::thousandths),
            "status": point.outcome.status.to_string(),
            "cost_pence": point.outcome.cost.get(),
            "connected": point.outcome.plan.as_ref().map_or(0, |plan| plan.connected.len()),
            "more": point.more.iter().map(more).collect::<Vec<_>>(),
        })
    };
    json!({ "points": points.iter().map(point).collect::<Vec<_>>() })
}
