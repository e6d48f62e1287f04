//! What is planning sites, routes and pots together worth? The five strategies planners use today
//! beside this library's plan.
//!
//! `cargo run --release --example strategies -- FOLDER [--data DIR] [--seconds S] [--json]`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::study::strategies::{Strategy, StrategyRow, strategies};
use fibreplan::text::{json as json_text, page, plain};
use fibreplan::units::Weight;
use serde_json::json;

/// Plans a scenario by the five strategies and by this library.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// Folder in which tables are looked up that do not lie beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds that the library may take to search.
    #[arg(long, default_value_t = 30.0, value_parser = flags::seconds)]
    seconds: f64,
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
    let mut options = SolveOptions::default();
    options.effort.seconds = Some(arguments.seconds);
    options.effort.work = None;
    let outcome = solve_prepared(&prepared, &scenario, &options, &mut Silent)?;
    let rows = strategies(&prepared, &scenario, &Strategy::ALL)?;
    let Some(ours) = StrategyRow::of(&outcome) else {
        println!("{}: there is no plan: {}", outcome.status, plain(&outcome.reasons.join("; ")));
        return Ok(());
    };
    let bound = outcome.objectives[0].bound;
    if arguments.json {
        println!("{}", json_text(&as_json(&rows, &ours, bound).to_string()));
    } else {
        let name = &outcome.objectives[0].name;
        print!("{}", page(&as_table(&rows, &ours, bound, name)));
    }
    Ok(())
}

/// The row that covers most; the first of equals.
fn best(rows: &[StrategyRow]) -> Option<&StrategyRow> {
    rows.iter().rev().max_by_key(|row| row.coverage)
}

fn as_table(rows: &[StrategyRow], ours: &StrategyRow, bound: Option<i64>, name: &str) -> String {
    let best = best(rows).map(|row| row.name);
    let head = format!(
        "{:<16} {name:>14} {:>10} {:>14} {:>6} {:>9}\n",
        "strategy", "below us", "cost GBP", "sites", "seconds"
    );
    let line = |row: &StrategyRow| {
        let mark = if best == Some(row.name) { "  best of the five" } else { "" };
        let broken = match row.violations.len() {
            0 => String::new(),
            count => format!("  breaks {count} rules"),
        };
        format!(
            "{:<16} {:>14} {:>8.2} % {:>14} {:>6} {:>9.2}{mark}{broken}\n",
            row.name,
            row.coverage.to_string(),
            100.0 * row.below(ours),
            row.cost.to_string(),
            row.plan.connected.len(),
            row.seconds
        )
    };
    let bound = bound.map(|bound| Weight::from_thousandths(bound).to_string());
    let last = bound.map(|bound| format!("{:<16} {bound:>14}\n", "proven bound"));
    [head].into_iter().chain(rows.iter().chain([ours]).map(line)).chain(last).collect()
}

fn as_json(rows: &[StrategyRow], ours: &StrategyRow, bound: Option<i64>) -> serde_json::Value {
    let best = best(rows).map(|row| row.name);
    let row = |row: &StrategyRow| {
        json!({
            "strategy": row.name,
            "coverage_thousandths": row.coverage.thousandths(),
            "below_fibreplan": row.below(ours),
            "cost_pence": row.cost.get(),
            "connected": row.plan.connected.len(),
            "seconds": row.seconds,
            "violations": row.violations.len(),
            "best_of_five": best == Some(row.name),
        })
    };
    let all: Vec<_> = rows.iter().chain([ours]).map(row).collect();
    json!({ "rows": all, "bound_thousandths": bound })
}
