//! Which rule stands in the way of a plan, and how far it would have to give.
//!
//! In: a question without a plan. Out: for each floor, quota, group and limit on routes, found by planning
//! again with that rule left out, whether that alone lets there be a plan; a floor is left out and its own
//! quantity made the objective, which says how far it must come down, and may prove that it is too high.

use super::learnt::Learnt;
use crate::effort::{Clock, Effort};
use crate::error::Error;
use crate::joint::{self, Found};
use crate::model::{Limit, Quantity, Rules, Scenario};
use crate::observe::{Event, Observer};
use crate::question::objective::{self, Target};
use crate::question::{Task, funding_oracle, question};
use crate::status::Status;
use crate::units::{Amount, Weight};

/// Rules that are tried, at most.
const MOST_RULES: usize = 12;
/// Share of the effort for all of them together.
const SHARE: u64 = 5;

/// A rule that is left out.
struct Relaxed {
    /// Where it stands: `rules.limits[2]`.
    path: String,
    rules: Rules,
    /// The floor it sets, by place among the limits.
    floor: Option<usize>,
}

/// Finds out whether each rule alone is why there is no plan.
pub fn look(
    task: &Task<'_>,
    found: &mut Found,
    learnt: &mut Learnt,
    clock: Clock,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let objective = objective::model_of(&task.scenario.objective);
    if let Some(Target { weight, at_least }) = objective.target() {
        let effort = part(task.effort, 1, true).within(clock);
        let (outcome, achieved) = plan(task, task.scenario, Quantified::Target, &effort, observer)?;
        let asked = Asked { path: "objective.minimise_cost_for", what: weight, least: at_least };
        asked.judge(&outcome, achieved, found, learnt);
        return Ok(());
    }
    let mut relaxed = relaxations(&task.scenario.rules);
    relaxed.truncate(MOST_RULES);
    let count = u64::try_from(relaxed.len()).unwrap_or(1).max(1);
    let mut rules = relaxed.into_iter();
    while let Some(rule) = rules.next() {
        // The first is looked into whatever the time.
        if learnt.looked_into > 0 && clock.is_over() || observer.on(&Event::Tick).is_break() {
            let others = rules.map(|rule| rule.path);
            let paths: Vec<String> = std::iter::once(rule.path).chain(others).collect();
            learnt.mends.push(format!(
                "I405: time was up before {} could be looked into",
                paths.join(", ")
            ));
            break;
        }
        learnt.looked_into += 1;
        let scenario = task.scenario.altered(|other| {
            other.rules = rule.rules;
            other.objective = objective.for_any_plan();
        });
        let limit = rule.floor.map(|place| &task.scenario.rules.limits[place]);
        let effort = part(task.effort, count, limit.is_some()).within(clock);
        let quantified = rule.floor.map_or(Quantified::Nothing, Quantified::Floor);
        let (outcome, achieved) = plan(task, &scenario, quantified, &effort, observer)?;
        let least = limit.and_then(|limit| limit.at_least.zip(Some(limit)));
        if let Some((least, limit)) = least {
            let asked = Asked { path: &rule.path, what: quantity(limit), least };
            asked.judge(&outcome, achieved, found, learnt);
        } else if outcome.solution.is_some() {
            learnt.mends.push(format!("Mend: without {} there is a plan", rule.path));
        }
    }
    Ok(())
}

/// The amount that a rule asks for.
struct Asked<'a> {
    path: &'a str,
    what: &'a str,
    least: Weight,
}

impl Asked<'_> {
    /// Says what the most is that can be had of it, from a plan made for that.
    fn judge(
        &self,
        outcome: &Found,
        achieved: Option<i64>,
        found: &mut Found,
        learnt: &mut Learnt,
    ) {
        let Asked { path, what, least } = self;
        let bound = Weight::from_thousandths(outcome.bound);
        let [asked, most] = [*least, bound].map(Amount::Weight);
        if outcome.status != Status::Infeasible && bound < *least {
            found.status = Status::Infeasible;
            learnt.proven.push(format!(
                "I421: {path} asks for at least {asked} of {what}, and under everything else no plan has more \
                 than {most}"
            ));
        }
        if let Some(achieved) = achieved.map(Weight::from_thousandths).filter(|own| own < least) {
            let achieved = Amount::Weight(achieved);
            learnt.mends.push(format!(
                "Mend: at_least of {path} lowered from {asked} to {achieved} of {what} lets there be a plan"
            ));
        }
    }
}

/// What is maximised.
#[derive(Clone, Copy)]
enum Quantified {
    /// Nothing: any plan will do.
    Nothing,
    /// What the target counts.
    Target,
    /// What a limit counts, by its place.
    Floor(usize),
}

/// What is found without a rule; of a floor's own quantity, also how much the plan has.
fn plan(
    task: &Task<'_>,
    scenario: &Scenario,
    quantified: Quantified,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<(Found, Option<i64>), Error> {
    let mut question = question(task.prepared, scenario)?;
    let floor = match quantified {
        Quantified::Floor(place) => task.oracle.constraints().limits.get(place),
        Quantified::Nothing | Quantified::Target => None,
    };
    if let Some(limit) = floor {
        for prize in &mut question.instance.prizes {
            *prize = 0;
        }
        for place in 0..question.building_terms.len() {
            let leaf = question.leaf(crate::ids::BuildingIx::new(place));
            question.instance.prizes[leaf as usize] = limit.own(leaf);
        }
    }
    let oracle = funding_oracle(task.prepared, scenario, &question)?;
    let problem = question.problem();
    let found = joint::search(&problem, &oracle, effort, observer)?;
    let achieved = found.solution.as_ref().map(|tree| tree.prize(&question.instance));
    Ok((found, achieved.filter(|_| !matches!(quantified, Quantified::Nothing))))
}

/// The rules with one of them less, one after the other. Floors on pounds are left out whole.
fn relaxations(rules: &Rules) -> Vec<Relaxed> {
    let mut relaxed = Vec::new();
    for (place, limit) in rules.limits.iter().enumerate() {
        let mut path = format!("rules.limits[{}]", place + 1);
        let is_floor = limit.at_least.is_some() && limit.quantity != Quantity::Pounds;
        let mut less = rules.clone();
        if is_floor {
            less.limits[place].at_least = None;
        } else {
            less.limits.remove(place);
        }
        let floor = is_floor.then_some(place);
        relaxed.push(Relaxed { path: path.clone(), rules: less, floor });
        if is_floor && limit.at_most.is_some() {
            let mut less = rules.clone();
            less.limits[place].at_most = None;
            path.push_str(".at_most");
            relaxed.push(Relaxed { path, rules: less, floor: None });
        }
    }
    for place in 0..rules.groups.len() {
        let mut less = rules.clone();
        less.groups.remove(place);
        let path = format!("rules.groups[{}]", place + 1);
        relaxed.push(Relaxed { path, rules: less, floor: None });
    }
    let routes = [
        ("rules.max_reach_m", rules.max_reach_mm.is_some()),
        ("rules.max_hops", rules.max_hops.is_some()),
    ];
    for (path, _) in routes.into_iter().filter(|(_, stated)| *stated) {
        let mut less = rules.clone();
        if path == "rules.max_hops" {
            less.max_hops = None;
        } else {
            less.max_reach_mm = None;
        }
        relaxed.push(Relaxed { path: path.to_owned(), rules: less, floor: None });
    }
    relaxed
}

fn quantity(limit: &Limit) -> &str {
    match &limit.quantity {
        Quantity::Weight(name) => name,
        Quantity::Pounds => "pounds",
    }
}

/// A part of the effort; any plan at all will do where nothing is maximised.
fn part(effort: &Effort, count: u64, most: bool) -> Effort {
    let gap = if most { effort.gap } else { 1.0 };
    effort.part(SHARE * count).with_gap(gap).without_end()
}
