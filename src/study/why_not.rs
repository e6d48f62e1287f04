//! Why is this site left out, and what would bring it in? Why is that one connected, and what does it cost?
//!
//! In: a scenario, its prepared network, and sites (all of them by default). Out: for each site its code,
//! the way to it, the best plan found with it forced in beside what every plan with it must lose, and the
//! budget at which it enters: all by planning again, never from the last failed try.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind};
use crate::explain::{Answer, ForcedPlan, WayIn, building_of, inquire};
use crate::ids::BuildingIx;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{LeftOut, Outcome};
use crate::solve::{SolveOptions, solve_prepared};
use crate::study::frontier::{FrontierOptions, frontier};
use crate::units::{Pence, Weight};

/// What is asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WhyOptions {
    /// Ids of the sites asked for; all where none are named.
    pub sites: Vec<String>,
    /// Also look for the budgets at which sites enter, up to so many times the scenario's; not where 1 or
    /// less. Default 3.
    pub up_to: u32,
    /// Budgets that are planned for in between. Default 24.
    pub steps: usize,
    /// How near the entry budget of a site that is named is bracketed, in pence. Default GBP 10,000.
    pub bracket: Pence,
}

impl Default for WhyOptions {
    fn default() -> Self {
        let bracket = Pence::from_whole_pounds(10_000);
        Self { sites: Vec::new(), up_to: 3, steps: 24, bracket }
    }
}

/// Everything known of why a site is connected or not.
#[derive(Clone, Debug)]
pub struct Why {
    /// Its id.
    pub id: String,
    /// Whether the plan connects it.
    pub connected: bool,
    /// For a site left out, the code of the reason (U301 and following); empty for a connected one.
    pub code: String,
    /// What the plan recorded of it, for a site left out.
    pub recorded: Option<LeftOut>,
    /// What its building would cost with nothing built.
    pub alone: Option<WayIn>,
    /// What it would add to the plan; what it adds, for a connected site.
    pub now: Option<WayIn>,
    /// Plans with it cover at least so much less than this plan; proven.
    pub loses_at_least: Weight,
    /// For a connected site: plans without it cover at least so much less; proven.
    pub worth_at_least: Weight,
    /// The best plan found with it forced in; it covers so much.
    pub forced: Option<ForcedPlan>,
    /// The sum of all budgets, in proportion, from which on the plans found connect it, and the largest
    /// below for which one was found that does not.
    pub entry: Option<Entry>,
}

/// Between which budgets a site enters the plans.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Entry {
    /// The plan for this money connects it, and so do those for more, as far as was looked.
    pub at: Pence,
    /// The plan for this money does not.
    pub not_at: Pence,
}

/// The plan asked about, and an answer for each site.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The plan with its proof.
    pub outcome: Outcome,
    /// One entry a site asked for, in the order asked or, for all, of ids.
    pub sites: Vec<Why>,
}

/// Explains a scenario's plan site by site. The plan is made with the effort of `options`; all
/// explanations together take a few times as much.
///
/// # Errors
///
/// As [`solve_prepared`]; a usage error for sites that there are not, for least cost, and where there is no
/// plan.
pub fn why_not(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &SolveOptions,
    what: &WhyOptions,
    observer: &mut dyn Observer,
) -> Result<Explanation, Error> {
    super::compares_coverage(scenario)?;
    let ids = ids(scenario, what)?;
    let outcome = solve_prepared(prepared, scenario, options, observer)?;
    let Some(plan) = &outcome.plan else {
        let message = format!("there is no plan to explain: {}", outcome.reasons.join("; "));
        return Err(Error::new(ErrorKind::Usage, message));
    };
    let building_of = building_of(prepared, scenario);
    let asked: BTreeSet<BuildingIx> =
        ids.iter().filter_map(|id| building_of.get(id).copied()).collect();
    let asked: Vec<BuildingIx> = asked.into_iter().collect();
    let answers = inquire(prepared, scenario, plan, &asked, &options.effort, observer)?;
    let answers: BTreeMap<BuildingIx, Answer> =
        answers.into_iter().map(|answer| (answer.building, answer)).collect();
    let covers = outcome.coverage().map_or(0, |own| own.achieved);
    let recorded: BTreeMap<&str, &LeftOut> =
        plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
    let mut sites: Vec<Why> = ids
        .iter()
        .map(|id| {
            let answer = building_of.get(id).and_then(|building| answers.get(building));
            why(id, covers, recorded.get(id.as_str()).copied(), answer)
        })
        .collect();
    if what.up_to > 1 {
        let mut entries = Entries { prepared, scenario, options, observer };
        entries.find(what, &mut sites)?;
    }
    Ok(Explanation { outcome, sites })
}

fn ids(scenario: &Scenario, what: &WhyOptions) -> Result<Vec<String>, Error> {
    if what.sites.is_empty() {
        return Ok(scenario.tables.sites.rows.iter().map(|site| site.id.clone()).collect());
    }
    let known = |id: &&String| scenario.tables.site_by_id(id).is_none();
    let unknown: Vec<&str> = what.sites.iter().filter(known).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(what.sites.clone());
    }
    let message = format!("there are no such sites: {}", unknown.join(", "));
    Err(Error::new(ErrorKind::Usage, message))
}

fn why(id: &str, covers: i64, recorded: Option<&LeftOut>, answer: Option<&Answer>) -> Why {
    let below = |most: Weight| Weight::from_thousandths((covers - most.thousandths()).max(0));
    Why {
        id: id.to_owned(),
        connected: recorded.is_none(),
        code: recorded.map_or_else(String::new, |left| code(left, answer).to_owned()),
        recorded: recorded.cloned(),
        alone: answer.and_then(|answer| answer.alone.clone()),
        now: answer.and_then(|answer| answer.now.clone()),
        loses_at_least: answer.map_or(Weight::ZERO, |answer| below(answer.with_at_most)),
        worth_at_least: answer
            .filter(|answer| answer.connected)
            .map_or(Weight::ZERO, |answer| below(answer.without_at_most)),
        forced: answer.and_then(|answer| answer.forced.clone()),
        entry: None,
    }
}

/// The code of a site left out, from what planning with it forced in came to.
fn code<'a>(left: &'a LeftOut, answer: Option<&Answer>) -> &'a str {
    let Some(answer) = answer.filter(|_| matches!(left.code.as_str(), "U350" | "U360")) else {
        return &left.code;
    };
    match (&answer.forced, answer.payable, answer.allowed) {
        (Some(_), _, _) => "U360",
        (None, _, false) => "U332",
        (None, (_, false), _) => "U340",
        (None, _, _) => "U350",
    }
}

/// The search for the budgets at which sites enter.
struct Entries<'a> {
    prepared: &'a Prepared,
    scenario: &'a Scenario,
    options: &'a SolveOptions,
    observer: &'a mut dyn Observer,
}

impl Entries<'_> {
    fn find(&mut self, what: &WhyOptions, sites: &mut [Why]) -> Result<(), Error> {
        let own: Pence =
            self.scenario.programmes.iter().map(|programme| programme.budget.total()).sum();
        let waits = |site: &Why| !site.connected && site.forced.is_some() || site.code == "U350";
        if !sites.iter().any(waits) || own == Pence::ZERO {
            return Ok(());
        }
        let most = Pence::new(own.get().saturating_mul(i64::from(what.up_to)));
        let plans = self.plans((own, most), what.steps.max(2))?;
        for site in sites.iter_mut().filter(|site| waits(site)) {
            site.entry = entry(&plans, &site.id);
        }
        if what.sites.is_empty() {
            return Ok(());
        }
        for site in sites.iter_mut() {
            while let Some(entry) = site.entry {
                if entry.at.get() - entry.not_at.get() <= what.bracket.get().max(1) {
                    break;
                }
                let plans = self.plans((entry.not_at, entry.at), 5)?;
                let nearer = self::entry(&plans, &site.id);
                if nearer.is_none() || nearer == site.entry {
                    break;
                }
                site.entry = nearer;
            }
        }
        Ok(())
    }

    /// The sites connected for each of some budgets, from least to most.
    fn plans(
        &mut self,
        (from, to): (Pence, Pence),
        points: usize,
    ) -> Result<Vec<(Pence, BTreeSet<String>)>, Error> {
        let options = FrontierOptions {
            points,
            from: Some(from),
            to: Some(to),
            ..FrontierOptions::default()
        };
        let mut effort = self.options.clone();
        effort.effort.gap = effort.effort.gap.max(0.01);
        let points =
            frontier(self.prepared, self.scenario, &effort, &options, &mut *self.observer)?;
        let connected = |outcome: &Outcome| -> BTreeSet<String> {
            outcome.plan.iter().flat_map(|plan| plan.connected.iter().cloned()).collect()
        };
        Ok(points.iter().map(|point| (point.budget, connected(&point.outcome))).collect())
    }
}

/// The first budget from which on every plan connects a site, and the one before it.
fn entry(plans: &[(Pence, BTreeSet<String>)], id: &str) -> Option<Entry> {
    let last_without = plans.iter().rposition(|(_, connected)| !connected.contains(id))?;
    let (at, _) = plans.get(last_without + 1)?;
    Some(Entry { at: *at, not_at: plans[last_without].0 })
}
