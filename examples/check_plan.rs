//! Checks a plan, ours or made by hand, against the scenario alone.
//!
//! `cargo run --release --example check_plan -- FOLDER PLAN.json`; exit code 4 when it breaks a rule.

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::check::{check, check_claims, unverified};
use fibreplan::error::Error;
use fibreplan::funding::fund;
use fibreplan::model::Scenario;
use fibreplan::plan::Plan;
use fibreplan::read::read_plan;
use fibreplan::report::JudgedSummary;
use fibreplan::write::judged_text;
use shared::Session;

/// Checks a plan against its scenario: structure, lengths, prices, pots, eligibility, payments, rules.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// The plan, as plan.json; a hand-made one needs only format, exchanges, spans and connected.
    plan: PathBuf,
    /// Print one line of JSON instead of text.
    #[arg(long)]
    json: bool,
    /// Show no notices.
    #[arg(long)]
    quiet: bool,
}

const VIOLATIONS: u8 = 4;

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    session.hush(arguments.quiet);
    let scenario = arguments.input.read(session)?.scenario;
    let file = read_plan(&arguments.plan)?;
    let mut violations = check_claims(&scenario, &file.plan, &file.claims);
    let open = unverified(&scenario, &file.plan, &file.claims);
    let open: Vec<String> = open.iter().map(ToString::to_string).collect();
    let mut plan = file.plan;
    let completed = plan.payments.is_empty().then(|| complete(&scenario, &mut plan));
    violations.extend(check(&scenario, &plan));
    if !violations.is_empty() {
        session.exit_code = VIOLATIONS;
    }
    let judged = JudgedSummary::of(&scenario, &violations, open, completed);
    if arguments.json {
        return session.print_json(&judged);
    }
    session.print(&judged_text(&judged))
}

/// Works out who pays where the plan does not say, and says what came of it.
fn complete(scenario: &Scenario, plan: &mut Plan) -> String {
    match fund(scenario, plan) {
        Ok(funding) => {
            plan.payments = funding.payments;
            "the plan names no payments; the programmes can pay for it, and that is assumed"
                .to_owned()
        }
        Err(unfundable) => {
            format!("the plan names no payments, and none can be made: {unfundable}")
        }
    }
}
