//! What is it worth to plan programmes together? Apart, one after the other, jointly, as one pot.
//!
//! `cargo run --release --example programmes -- FOLDER [--data DIR] [--seconds S] [--raise-gbp N] [--json]`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::model::Scenario;
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::SolveOptions;
use fibreplan::study::programmes::{
    ProgrammesRow, ProgrammesTable, Way, Worth, programmes, worth_of_more,
};
use fibreplan::text::{json as json_text, page};
use fibreplan::units::Pence;
use serde_json::{Value, json};

/// Plans the programmes of a scenario apart, in every order, jointly, and as one merged pot.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// Folder in which tables are looked up that do not lie beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds for each programme's turn; a plan of all together gets those of all turns; without it, a fixed amount of work.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Also say what so many more pounds in each programme would add to the joint plan.
    #[arg(long, value_parser = flags::pounds)]
    raise_gbp: Option<Pence>,
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
    if arguments.seconds.is_some() {
        options.effort.seconds = arguments.seconds;
        options.effort.work = None;
    }
    let table = programmes(&prepared, &scenario, &options)?;
    let worths = match arguments.raise_gbp {
        Some(pounds) => worth_of_more(&prepared, &scenario, &options, &table.joint, pounds)?,
        None => Vec::new(),
    };
    if arguments.json {
        println!("{}", json_text(&as_json(&scenario, &table, &worths).to_string()));
    } else {
        print!("{}", page(&as_table(&scenario, &table, &worths)));
    }
    Ok(())
}

fn name(scenario: &Scenario, way: &Way) -> String {
    match way {
        Way::Apart => "apart".to_owned(),
        Way::InOrder(order) => {
            let ids = order.iter().map(|&place| scenario.programmes[place].id.as_str());
            ids.collect::<Vec<_>>().join(" then ")
        }
        Way::Joint => "jointly".to_owned(),
        Way::Merged => "one merged pot".to_owned(),
    }
}

fn as_table(scenario: &Scenario, table: &ProgrammesTable, worths: &[Worth]) -> String {
    let weight = scenario.objective_weights().first().copied().unwrap_or("sites");
    let names: Vec<String> = table.rows.iter().map(|row| name(scenario, &row.way)).collect();
    let wide = names.iter().map(String::len).max().unwrap_or(0).max("one merged pot".len());
    let mut parts = vec![format!(
        "{:<wide$} {weight:>14} {:>11} {:>7} {:>15}",
        "plan", "of jointly", "sites", "cost GBP"
    )];
    parts.extend(scenario.programmes.iter().map(|own| format!(" {:>15}", own.id)));
    parts.push("\n".to_owned());
    for (row, name) in table.rows.iter().zip(&names) {
        parts.push(line(row, name, wide, table.joint_row()));
    }
    if table.joint_row().is_none() {
        let reasons = table.joint.reasons.join("; ");
        parts.push(format!("There is no joint plan ({}): {reasons}\n", table.joint.status));
    }
    parts.extend(worths.iter().map(|worth| {
        format!(
            "GBP {} more for {}: {} {weight} more ({:.4} a pound), by planning jointly again.\n",
            worth.raise,
            worth.programme,
            worth.gain,
            worth.per_pound()
        )
    }));
    parts.concat()
}

fn line(row: &ProgrammesRow, name: &str, wide: usize, joint: Option<&ProgrammesRow>) -> String {
    let ratio =
        joint.map_or_else(|| "-".to_owned(), |joint| format!("{:.2} %", 100.0 * row.ratio(joint)));
    let mut parts = vec![format!(
        "{name:<wide$} {:>14} {ratio:>11} {:>7} {:>15}",
        row.coverage.to_string(),
        row.sites,
        row.cost.to_string()
    )];
    // The merged pot's money is nobody's.
    let spent = row.spent.iter().filter(|_| row.way != Way::Merged);
    parts.extend(spent.map(|spent| format!(" {:>15}", spent.to_string())));
    parts.extend(row.bound.map(|bound| format!("  at most {bound} is possible")));
    parts.extend(
        row.violations
            .first()
            .map(|first| format!("  breaks {} rules, first {first}", row.violations.len())),
    );
    parts.push("\n".to_owned());
    parts.concat()
}

fn as_json(scenario: &Scenario, table: &ProgrammesTable, worths: &[Worth]) -> Value {
    let joint = table.joint_row();
    let row = |row: &ProgrammesRow| {
        let spent: Vec<i64> = row.spent.iter().map(|spent| spent.get()).collect();
        json!({
            "plan": name(scenario, &row.way),
            "coverage_thousandths": row.coverage.thousandths(),
            "of_jointly": joint.map(|joint| row.ratio(joint)).filter(|ratio| ratio.is_finite()),
            "bound_thousandths": row.bound.map(fibreplan::units::Weight::thousandths),
            "connected": row.sites,
            "cost_pence": row.cost.get(),
            "spent_pence": spent,
            "violations": row.violations.len(),
        })
    };
    let worth = |worth: &Worth| {
        json!({
            "programme": worth.programme,
            "raise_pence": worth.raise.get(),
            "gain_thousandths": worth.gain.thousandths(),
        })
    };
    json!({
        "status": table.joint.status.to_string(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "worth_of_more": worths.iter().map(worth).collect::<Vec<_>>(),
    })
}
