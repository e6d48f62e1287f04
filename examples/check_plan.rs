//! Judges a plan, also a hand-made one, from the scenario alone.
//!
//! `cargo run --release --example check_plan -- FOLDER PLAN.json`; exit code 4 when it breaks a rule.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::check::check;
use fibreplan::error::Error;
use fibreplan::funding::fund;
use fibreplan::model::Scenario;
use fibreplan::plan::{Plan, Violation};
use fibreplan::read::{ReadOptions, read_plan, read_scenario};
use fibreplan::text::{plain, short};

/// Judges a plan by its scenario: structure, lengths, prices, pots, eligibility, payments, rules.
#[derive(Parser)]
struct Arguments {
    /// The scenario folder: it holds a scenario.toml.
    folder: PathBuf,
    /// The plan, as plan.json; a hand-made one needs only format, exchanges, spans and connected.
    plan: PathBuf,
    /// Where tables are looked for that are not beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Set faulty rows of the scenario aside, as was done when the plan was made.
    #[arg(long)]
    quarantine: bool,
}

const VIOLATIONS: u8 = 4;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(violations) if violations.is_empty() => {
            println!("no violations");
            ExitCode::SUCCESS
        }
        Ok(violations) => {
            for violation in &violations {
                println!("{}", plain(&violation.to_string()));
            }
            println!("{} in all", violations.len());
            ExitCode::from(VIOLATIONS)
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<Vec<Violation>, Error> {
    let mut options = ReadOptions::default();
    options.data_dir.clone_from(&arguments.data);
    options.quarantine = arguments.quarantine;
    let scenario = read_scenario(&arguments.folder, &options)?.scenario;
    let file = read_plan(&arguments.plan)?;
    if let Some(name) = file.scenario.filter(|name| *name != scenario.name) {
        let name = short(&name, 80);
        eprintln!("the plan says it is for \"{name}\", not for {:?}", scenario.name);
    }
    let mut plan = file.plan;
    if plan.payments.is_empty() {
        complete(&scenario, &mut plan);
    }
    Ok(check(&scenario, &plan))
}

/// Works out who pays where the plan does not say, and tells so.
fn complete(scenario: &Scenario, plan: &mut Plan) {
    match fund(scenario, plan) {
        Ok(funding) => {
            plan.payments = funding.payments;
            println!(
                "the plan names no payments; the programmes can pay for it, and that is assumed"
            );
        }
        Err(unfundable) => {
            println!(
                "the plan names no payments, and none can be made: {}",
                plain(&unfundable.to_string())
            );
        }
    }
}
