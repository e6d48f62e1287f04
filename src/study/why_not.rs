//! Why is this site left out, and what would bring it in? Why is that one connected, and what does it cost?
//!
//! In: a scenario, its prepared network, and sites (all of them by default). Out: for each site its code,
//! the way to it, the best plan found with it forced in beside what every plan with it must lose, and the
//! budget at which it enters: all by planning again, never from the last failed try.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hearing, Turns, covered, more, usual_effort};
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::explain::{Answer, ForcedPlan, WayIn, building_of, inquire};
use crate::ids::BuildingIx;
use crate::model::{SITES, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{LeftOut, LeftOutReason, Outcome};
use crate::solve::solve_prepared;
use crate::study::frontier::{FrontierOptions, FrontierPoint, frontier};
use crate::units::{Pence, Weight};

/// What is asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WhyNotOptions {
    /// The effort: the work is that of the plan, and all explanations together take a few times as much; the
    /// seconds are those of everything together, shared equally by the plan, what each site would displace,
    /// and the budgets at which sites enter.
    pub effort: Effort,
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

impl Default for WhyNotOptions {
    fn default() -> Self {
        let bracket = Pence::from_whole_pounds(10_000);
        Self { effort: usual_effort(), sites: Vec::new(), up_to: 3, steps: 24, bracket }
    }
}

/// Everything known of why a site is connected or not.
#[derive(Clone, Debug)]
#[non_exhaustive]
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
    /// Plans with it cover at least so much less than this plan; proven. `None` where nothing is.
    pub loses_at_least: Option<Weight>,
    /// For a connected site: plans without it cover at least so much less; proven.
    pub worth_at_least: Option<Weight>,
    /// The best plan found with it forced in; it covers so much.
    pub forced: Option<ForcedPlan>,
    /// The sum of all budgets, in proportion, at which it enters the plans found; `None` where that was not
    /// looked for.
    pub entry: Option<Entry>,
}

impl Why {
    /// By how much the best plan found with it covers less than the plan; `None` where none was found.
    #[must_use]
    pub fn loses(&self, outcome: &Outcome) -> Option<Weight> {
        Some(more(self.forced.as_ref()?.coverage, covered(outcome)?))
    }
}

/// At which budgets a site enters the plans found. These are plans, not proofs: a better plan for less may
/// connect it too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// The plans for `at` and for more, as far as was looked, connect it; that for `not_at` does not. It
    /// enters somewhere between.
    Between {
        /// The largest budget looked at for which the plan does not connect it.
        not_at: Pence,
        /// The next budget looked at.
        at: Pence,
    },
    /// The plan for so much, the most that was looked at, does not connect it.
    Beyond(Pence),
}

/// The plan asked about, and an answer for each site.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The plan with its proof; where there is none, its status and reasons say why.
    pub outcome: Outcome,
    /// Name of the weight that is covered.
    pub weight: String,
    /// One entry a site asked for, in the order asked or, for all, of ids; none without a plan.
    pub sites: Vec<Why>,
    /// Ids of the sites for which there was no time to plan with them forced in, and whether there was none to
    /// look for the budgets at which sites enter.
    pub unfinished: Unfinished,
}

/// What an explanation had not finished when time was up or the caller asked to stop.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Unfinished {
    /// Ids of the sites that no plan was made with.
    pub sites: Vec<String>,
    /// Whether budgets were to be looked for, and were not.
    pub budgets: bool,
}

/// Explains a scenario's plan site by site.
///
/// # Errors
///
/// As [`solve_prepared`]; a usage error for sites that do not exist, and for least cost.
pub fn why_not(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &WhyNotOptions,
    observer: &mut dyn Observer,
) -> Result<Explanation, Error> {
    super::compares_coverage(scenario)?;
    let scenario = &*super::without_years(scenario)?;
    let ids = ids(scenario, options)?;
    let mut hearing = Hearing::new(observer);
    let weight = scenario.objective_weights().first().copied().unwrap_or(SITES).to_owned();
    hearing.begins("the plan", 1, 3);
    let asks_budgets = options.up_to > 1;
    let mut turns = Turns::new(&options.effort, 2 + usize::from(asks_budgets));
    let outcome = solve_prepared(prepared, scenario, &turns.next().into(), &mut hearing)?;
    let mut unfinished = Unfinished::default();
    let Some(plan) = &outcome.plan else {
        return Ok(Explanation { outcome, weight, sites: Vec::new(), unfinished });
    };
    hearing.begins("each site forced in", 2, 3);
    let building_of = building_of(prepared, scenario);
    let asked: BTreeSet<BuildingIx> =
        ids.iter().filter_map(|id| building_of.get(id).copied()).collect();
    let asked: Vec<BuildingIx> = asked.into_iter().collect();
    let turn = turns.next();
    let answers = if hearing.is_halted() || turns.is_late() {
        Vec::new()
    } else {
        inquire(prepared, scenario, plan, &asked, &turn, &mut hearing)?
    };
    let answers: BTreeMap<BuildingIx, Answer> =
        answers.into_iter().map(|answer| (answer.building, answer)).collect();
    let covers = covered(&outcome);
    let recorded: BTreeMap<&str, &LeftOut> =
        plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
    let mut sites: Vec<Why> = ids
        .iter()
        .map(|id| {
            let answer = building_of.get(id).and_then(|building| answers.get(building));
            if building_of.contains_key(id) && answer.is_none_or(|answer| !answer.is_finished) {
                unfinished.sites.push(id.clone());
            }
            why(id, covers, recorded.get(id.as_str()).copied(), answer)
        })
        .collect();
    let begins = asks_budgets && hearing.begins("budgets at which sites enter", 3, 3);
    if begins && !turns.is_late() {
        let turn = turns.next();
        let mut entries = Entries { prepared, scenario, options, turn, hearing };
        entries.find(&mut sites)?;
    } else {
        unfinished.budgets = asks_budgets;
    }
    Ok(Explanation { outcome, weight, sites, unfinished })
}

fn ids(scenario: &Scenario, what: &WhyNotOptions) -> Result<Vec<String>, Error> {
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

fn why(
    id: &str,
    covers: Option<Weight>,
    recorded: Option<&LeftOut>,
    answer: Option<&Answer>,
) -> Why {
    let below = |most: Weight| Some(more(most, covers?));
    let connected = recorded.is_none();
    Why {
        id: id.to_owned(),
        connected,
        code: recorded.map_or_else(String::new, |left| code(left, answer).to_owned()),
        recorded: recorded.cloned(),
        alone: answer.and_then(|answer| answer.alone.clone()),
        now: answer.and_then(|answer| answer.now.clone()),
        loses_at_least: answer
            .filter(|answer| !connected && answer.alone.is_some())
            .and_then(|answer| below(answer.with_at_most)),
        worth_at_least: answer
            .filter(|answer| answer.connected)
            .and_then(|answer| below(answer.without_at_most)),
        forced: answer.and_then(|answer| answer.forced.clone()),
        entry: None,
    }
}

/// The code of a site left out, from what planning with it forced in came to.
fn code(left: &LeftOut, answer: Option<&Answer>) -> &'static str {
    let is_open = matches!(left.reason, LeftOutReason::PotBinds(_) | LeftOutReason::Outvalued(_));
    let answer = answer.filter(|answer| is_open && answer.is_finished);
    let Some(answer) = answer else { return left.code().0 };
    match (&answer.forced, answer.payable.without_end, answer.allowed) {
        (Some(_), _, _) => "U360",
        (None, _, false) => "U332",
        (None, false, _) => "U340",
        (None, _, _) => "U350",
    }
}

/// Gap of the plans for other budgets: a plan says little of a site that weighs less than its gap.
const ALL_GAP: f64 = 0.01;
const NAMED_GAP: f64 = 0.001;

/// The search for the budgets at which sites enter.
struct Entries<'a> {
    prepared: &'a Prepared,
    scenario: &'a Scenario,
    options: &'a WhyNotOptions,
    /// The effort of all budgets.
    turn: Effort,
    hearing: Hearing<'a>,
}

impl Entries<'_> {
    fn find(&mut self, sites: &mut [Why]) -> Result<(), Error> {
        let own: Pence =
            self.scenario.programmes.iter().map(|programme| programme.budget.total()).sum();
        let waits = |site: &Why| !site.connected && site.forced.is_some() || site.code == "U350";
        if !sites.iter().any(waits) || own == Pence::ZERO {
            return Ok(());
        }
        let most = Pence::new(own.get().saturating_mul(i64::from(self.options.up_to)));
        let plans = self.plans(own, most, self.options.steps.max(2))?;
        for site in sites.iter_mut().filter(|site| waits(site)) {
            site.entry = entry(&plans, &site.id);
        }
        if self.options.sites.is_empty() {
            return Ok(());
        }
        for site in sites.iter_mut() {
            self.narrow(site)?;
        }
        Ok(())
    }

    /// Plans for budgets between those that bracket the entry of a site, until they are near enough.
    fn narrow(&mut self, site: &mut Why) -> Result<(), Error> {
        while let Some(Entry::Between { not_at, at }) = site.entry {
            let is_near = at.get() - not_at.get() <= self.options.bracket.get().max(1);
            if is_near || self.hearing.is_halted() || self.turn.start().is_over() {
                break;
            }
            let plans = self.plans(not_at, at, 5)?;
            let nearer = entry(&plans, &site.id);
            match nearer {
                Some(Entry::Between { .. }) if nearer != site.entry => site.entry = nearer,
                _ => break,
            }
        }
        Ok(())
    }

    /// The sites connected for each of some budgets, from least to most; budgets without a plan are left
    /// out.
    fn plans(
        &mut self,
        from: Pence,
        to: Pence,
        points: usize,
    ) -> Result<Vec<(Pence, BTreeSet<String>)>, Error> {
        let mut effort = self.turn.left();
        effort.gap =
            effort.gap.max(if self.options.sites.is_empty() { ALL_GAP } else { NAMED_GAP });
        let options = FrontierOptions {
            effort,
            points,
            from: Some(from),
            to: Some(to),
            ..FrontierOptions::default()
        };
        let frontier = frontier(self.prepared, self.scenario, &options, &mut self.hearing)?;
        let connected = |point: FrontierPoint| {
            let plan = point.outcome.plan?;
            Some((point.budget, plan.connected.into_iter().collect()))
        };
        Ok(frontier.points.into_iter().filter_map(connected).collect())
    }
}

/// The first budget from which on every plan connects a site, and the one before it; `None` where all do.
fn entry(plans: &[(Pence, BTreeSet<String>)], id: &str) -> Option<Entry> {
    let last_without = plans.iter().rposition(|(_, connected)| !connected.contains(id))?;
    let not_at = plans[last_without].0;
    match plans.get(last_without + 1) {
        Some(&(at, _)) => Some(Entry::Between { not_at, at }),
        None => Some(Entry::Beyond(not_at)),
    }
}
