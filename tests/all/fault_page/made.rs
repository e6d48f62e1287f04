//! What a program may do that no file states, by the titles of `made.txt`.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use fibreplan::check::check;
use fibreplan::effort::Effort;
use fibreplan::model::{Cap, Objective, Scenario};
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::{Event, Observer, Silent, Stop};
use fibreplan::plan::Plan;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::reason;
use fibreplan::solve::{SolveOptions, SweepOptions, solve_prepared, sweep};
use fibreplan::units::{Millimetres, Pence, Weight};

use super::runs::told;
use crate::faults::Case;
use crate::scratch::Scratch;

fn base() -> Scenario {
    let scratch = Scratch::base("spans");
    read_scenario(scratch.path(), &ReadOptions::new()).unwrap().scenario
}

/// The faults of the base scenario once it is changed.
fn judged(change: impl Fn(&mut Scenario)) -> Vec<String> {
    let mut scenario = base();
    change(&mut scenario);
    told(&scenario.judged().map(|_| ()).unwrap_err())
}

/// A minute of time that was over a minute ago.
fn late() -> SolveOptions {
    let mut minute = Effort::default();
    minute.seconds = Some(60.0);
    minute.started_at(Instant::now().checked_sub(Duration::from_secs(121)).unwrap()).into()
}

/// Asks to stop once there is a plan, and keeps explanations waiting until they are over the time of grace.
struct Impatient;

impl Observer for Impatient {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        match event {
            Event::Phase { name: "fund" } => ControlFlow::Break(Stop),
            Event::Phase { name: "explain" } => {
                std::thread::sleep(Duration::from_millis(600));
                ControlFlow::Break(Stop)
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

fn worth_of_a_site(pence: i64) -> Objective {
    Objective::MaximiseNetBenefit { per_unit: [("sites".to_owned(), Pence::new(pence))].into() }
}

/// All that is said of what a title describes, code first.
pub fn said(case: &Case) -> Vec<String> {
    let refused = |bytes: &[u8], scenario: &Scenario| {
        told(&Prepared::from_bytes(bytes, scenario).map(|_| ()).unwrap_err())
    };
    match case.title.as_str() {
        "a site is worth £10,000,000,000,000" => {
            judged(|own| own.objective = worth_of_a_site(1_000_000_000_000_000))
        }
        "a site is worth a penny less than nothing" => {
            judged(|own| own.objective = worth_of_a_site(-1))
        }
        "there are 65 programmes" => judged(|own| {
            let one = own.programmes[0].clone();
            own.programmes = vec![one; 65];
        }),
        "a drop costs a penny less than nothing" => {
            judged(|own| own.rate_card.drop = Pence::new(-1))
        }
        "a hospital without a list counts less than nothing" => judged(|own| {
            let least = Weight::from_thousandths(-1);
            own.weights[0].missing.by_kind.insert("hospital".to_owned(), least);
        }),
        "a programme's cap is below nothing" => judged(|own| {
            own.programmes[0].cap = Cap { any: Some(Pence::new(-1)), ..Cap::default() };
        }),
        "a drop costs £20,000,000,000,000,000" => judged(|own| {
            own.rate_card.drop = Pence::new(2_000_000_000_000_000_000);
        }),
        "a network is priced by a rate card that lacks a method of its spans" => {
            let mut scenario = base();
            let prepared = prepare(&scenario).unwrap();
            scenario.rate_card.methods.clear();
            told(&prepared.prices(&scenario.rate_card).unwrap_err())
        }
        "what is loaded as a saved network is something else" => refused(b"plan", &base()),
        "a saved network is loaded after `snap_limit_m` was changed" => {
            let mut scenario = base();
            let bytes = prepare(&scenario).unwrap().to_bytes();
            scenario.network.snap_limit = Millimetres::new(1);
            refused(&bytes, &scenario)
        }
        "a plan is judged under a scenario without programmes" => {
            let mut scenario = base();
            scenario.programmes.clear();
            let found = check(&scenario, &Plan::default());
            found.iter().map(ToString::to_string).collect()
        }
        "the market town is planned, and whoever watches asks to stop before sites are looked into" =>
        {
            let town = read_scenario(&crate::project("data/market-town"), &ReadOptions::new());
            let town = town.unwrap().scenario;
            let mut options = SolveOptions::default();
            options.effort.work = Some(1);
            let prepared = prepare(&town).unwrap();
            let outcome = solve_prepared(&prepared, &town, &options, &mut Impatient).unwrap();
            let plan = outcome.plan.unwrap();
            let left_out = plan.left_out.iter();
            left_out.map(|left| format!("{} {}: {}", left.code(), left.id, reason(left))).collect()
        }
        "several budgets are planned for at once (`sweep`) with a clock that ran out a minute ago" =>
        {
            let scenario = base();
            let budgets = vec![scenario.clone(); 3];
            let prepared = prepare(&scenario).unwrap();
            let how = SweepOptions::default();
            let outcomes = sweep(&prepared, &budgets, &late(), how, &mut Silent).unwrap();
            outcomes.into_iter().flat_map(|outcome| outcome.reasons).collect()
        }
        other => panic!("nobody does what this describes: {other}"),
    }
}
