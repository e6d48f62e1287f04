//! Whether what a plan says of itself is so: figures, proof, scenario.
//!
//! In: a scenario, a plan and its [`Claims`]. Out: violations V261 to V266 beside those of the plan itself,
//! which [`check`](crate::check::check) finds. Every figure that follows from the input is worked out again. What
//! does not, a bound above all, is looked at for contradictions and named by [`unverified`].

use std::collections::BTreeMap;
use std::fmt;

use crate::check::prices::SpanPrices;
use crate::ids::SiteIx;
use crate::model::{
    Building, COST, COVERAGE_YEARS, ItemSort, NET_BENEFIT, Objective, PREMISES, Scenario, Truth,
    YEAR_WEIGHT_UNIT, fingerprint,
};
use crate::plan::{
    Claims, ObjectiveResult, Outcome, Parts, Plan, PlanResult, ProgrammeResult, RunOptions,
    Violation, YearResult, premises_passed,
};
use crate::status::{Status, gap};
use crate::units::{Amount, Pence, Weight, Year};

/// A stated gap may differ from the quotient of its two numbers by so much: the last digit of a decimal.
const GAP_ROUNDING: f64 = 1e-12;

/// Everything in which what a plan says of itself differs from what it is, or contradicts itself.
///
/// Nothing is wrong with claims that are not made: a hand-made plan makes none.
#[must_use]
pub fn check_claims(scenario: &Scenario, plan: &Plan, claims: &Claims) -> Vec<Violation> {
    if scenario.judged().is_err() {
        // `check` reports the faults; nothing can be worked out.
        return Vec::new();
    }
    let mut judge = Judge { scenario, plan, found: Vec::new() };
    if let Some(mark) = &claims.scenario {
        if mark.name != scenario.name {
            let cause = format!("it answers {:?}, not {:?}", mark.name, scenario.name);
            judge.report("V265", "scenario", cause);
        }
        if mark.sha256 != fingerprint(scenario) {
            let cause = "it answers another question: the hash is not that of this scenario";
            judge.report("V265", "scenario", cause.to_owned());
        }
    }
    if let Some(result) = &claims.result {
        let effort = claims.provenance.as_ref().map(|provenance| &provenance.options);
        judge.result(result, effort);
    }
    judge.found
}

/// Everything in which the totals and the proof of an outcome contradict its plan or themselves; an outcome
/// without a plan has little to add up.
#[must_use]
pub fn check_totals(scenario: &Scenario, outcome: &Outcome) -> Vec<Violation> {
    let claims = Claims { scenario: None, ..Claims::of(outcome) };
    let nothing = Plan::default();
    check_claims(scenario, outcome.plan.as_ref().unwrap_or(&nothing), &claims)
}

struct Judge<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    found: Vec<Violation>,
}

impl Judge<'_> {
    fn report(&mut self, code: &'static str, subject: &str, cause: String) {
        self.found.push(Violation::new(code, subject, cause));
    }

    fn result(&mut self, result: &PlanResult, effort: Option<&RunOptions>) {
        let without_plan = matches!(result.status, Status::Infeasible | Status::Unknown);
        if without_plan {
            self.no_plan(result);
            return;
        }
        if !result.reasons.is_empty() {
            self.report("V264", "plan", "it says why there is no plan, and is one".to_owned());
        }
        let cost = true_cost(self.scenario, self.plan);
        if result.cost_pence != cost {
            let [is, says] = [cost, result.cost_pence].map(Amount::Money);
            let cause = format!("it costs {is}, not {says}");
            self.report("V262", "plan", cause);
        }
        self.objectives(&result.objectives, cost);
        self.proof(result, effort);
        self.programmes(&result.by_programme);
        self.years(&result.years);
        self.years_together(result);
        self.reasons_given();
    }

    /// An answer that is no plan says nothing of one.
    fn no_plan(&mut self, result: &PlanResult) {
        let Plan { exchanges, spans, drops, connected, left_out, payments } = self.plan;
        let is_empty = exchanges.is_empty()
            && spans.is_empty()
            && drops.is_empty()
            && connected.is_empty()
            && left_out.is_empty()
            && payments.is_empty();
        let has_figures = !result.objectives.is_empty()
            || !result.by_programme.is_empty()
            || result.cost_pence != Pence::ZERO;
        if !is_empty || has_figures {
            let cause = format!("its status {} says that there is no plan", result.status);
            self.report("V264", "plan", cause);
        }
    }

    fn objectives(&mut self, stated: &[ObjectiveResult], cost: Pence) {
        let expected = expected(self.scenario, self.plan, cost);
        let names = |list: &[ObjectiveResult]| -> Vec<String> {
            list.iter().map(|own| own.name.clone()).collect()
        };
        if names(stated) != names(&expected) {
            let [expected, stated] =
                [names(&expected), names(stated)].map(|names| names.join(", "));
            let cause = format!("its objectives are {expected}, not {stated}");
            self.report("V261", "plan", cause);
            return;
        }
        for (own, expected) in stated.iter().zip(&expected) {
            let name = &own.name;
            if own.achieved != expected.achieved {
                let [is, says] = [expected.achieved, own.achieved];
                self.report("V261", "plan", format!("{name} is {is}, not {says}"));
            }
            let Parts { recorded, assumed } = expected.parts;
            for (word, is, says) in [
                ("recorded", recorded, own.parts.recorded),
                ("assumed", assumed, own.parts.assumed),
            ] {
                if is != says {
                    self.report("V261", "plan", format!("{name} {word} is {is}, not {says}"));
                }
            }
        }
    }

    /// Status, bounds and gaps against each other.
    fn proof(&mut self, result: &PlanResult, effort: Option<&RunOptions>) {
        let first = result.objectives.first();
        if first.is_none_or(|first| first.status != result.status) {
            let cause = format!("its status {} is not that of its first objective", result.status);
            self.report("V264", "plan", cause);
        }
        let mut settled = true;
        for (place, own) in result.objectives.iter().enumerate() {
            if let Some(cause) = contradiction(own, effort) {
                self.report("V264", "plan", format!("{}: {cause}", own.name));
            }
            // That on coverage over all years holds for every schedule.
            if place > 0 && own.bound.is_some() && !settled && own.name != COVERAGE_YEARS {
                let name = &own.name;
                let cause = format!("{name} has a bound, and what comes before it is not proven");
                self.report("V264", "plan", cause);
            }
            settled &= own.is_settled();
        }
    }

    fn programmes(&mut self, stated: &[ProgrammeResult]) {
        let ids = stated.iter().map(|own| own.id.as_str());
        let known = self.scenario.programmes.iter().map(|own| own.id.as_str());
        if !ids.clone().eq(known.clone()) {
            let [known, ids] =
                [known.collect::<Vec<_>>(), ids.collect()].map(|ids: Vec<&str>| ids.join(", "));
            self.report("V263", "plan", format!("its programmes are {known}, not {ids}"));
            return;
        }
        for (own, programme) in stated.iter().zip(&self.scenario.programmes) {
            let subject = format!("programme:{}", own.id);
            let payments = self.plan.payments.iter().filter(|paid| paid.programme == own.id);
            let spent =
                Pence::new(payments.fold(0, |sum: i64, paid| sum.saturating_add(paid.pence.get())));
            if spent != own.spent {
                let [is, says] = [spent, own.spent].map(Amount::Money);
                self.report("V263", &subject, format!("it spends {is}, not {says}"));
            }
            let available = programme.available();
            if available != own.available {
                let [is, says] = [available, own.available].map(Amount::Money);
                self.report("V263", &subject, format!("it has {is}, not {says}"));
            }
            let eligible = |site: &SiteIx| {
                self.scenario.eligible(programme, self.scenario.tables.site(*site)) == Truth::Yes
            };
            let eligible = bought(self.scenario, self.plan).filter(eligible).count();
            if eligible != own.eligible_sites {
                let stated = own.eligible_sites;
                let cause = format!("{eligible} of its eligible sites are connected, not {stated}");
                self.report("V263", &subject, cause);
            }
        }
    }

    /// What is connected by the end of each year, and that no bound lies below it.
    fn years(&mut self, stated: &[YearResult]) {
        if stated.is_empty() && !self.scenario.has_schedule() {
            return;
        }
        let known = self.scenario.years.iter().copied();
        if !stated.iter().map(|own| own.year).eq(known) {
            let cause = "its years are not those of the scenario, in order";
            self.report("V261", "plan", cause.to_owned());
            return;
        }
        for (own, is) in stated.iter().zip(by_year(self.scenario, self.plan)) {
            if own.coverage.thousandths() != is {
                let [is, says] = [Weight::from_thousandths(is), own.coverage].map(Amount::Weight);
                let cause = format!("{is} is connected by the end of {}, not {says}", own.year);
                self.report("V261", "plan", cause);
            }
            if own.bound < own.coverage {
                let cause = format!("what it connects by {} lies beyond its bound", own.year);
                self.report("V264", "plan", cause);
            }
        }
    }

    /// The bounds by year add up to one on all years, which that on coverage over them cannot exceed.
    fn years_together(&mut self, result: &PlanResult) {
        let own = result.objectives.iter().find(|own| own.name == COVERAGE_YEARS);
        let Some(bound) = own.and_then(|own| own.bound) else { return };
        let bounds = result.years.iter().map(|own| own.bound.thousandths());
        if over_all_years(self.scenario, bounds, Rounding::Up) < bound.raw() {
            let cause = "its bound on coverage_years is above what its years allow";
            self.report("V264", "plan", cause.to_owned());
        }
    }

    /// A plan with a result says of every site why it is left out.
    fn reasons_given(&mut self) {
        let sites = self.scenario.tables.sites.rows.len();
        if self.plan.left_out.is_empty() && self.plan.connected.len() < sites {
            self.report("V266", "plan", "it does not say why sites are left out".to_owned());
        }
    }
}

/// Where a stated proof of one objective contradicts itself.
fn contradiction(own: &ObjectiveResult, effort: Option<&RunOptions>) -> Option<String> {
    let Some(bound) = own.bound else {
        return match (own.status, own.gap) {
            (Status::LimitReached, None) => None,
            (Status::LimitReached, Some(_)) => Some("it has a gap, and no bound".to_owned()),
            (status, _) => Some(format!("its status is {status}, and it has no bound")),
        };
    };
    let (achieved, bound) = (own.achieved.raw(), bound.raw());
    let is_beyond = if own.name == COST { achieved < bound } else { achieved > bound };
    if is_beyond {
        return Some("what it achieves lies beyond its bound".to_owned());
    }
    let is = gap(achieved, bound);
    let Some(stated) = own.gap.filter(|stated| (stated - is).abs() <= GAP_ROUNDING) else {
        return Some(format!("its gap is {is}, not {:?}", own.gap));
    };
    let asked = effort.map(|effort| effort.gap);
    match own.status {
        Status::Optimal if achieved != bound => {
            Some("its status is Optimal, and its bound is not reached".to_owned())
        }
        Status::GapReached if asked.is_some_and(|asked| stated > asked + GAP_ROUNDING) => Some(
            "its status is GapReached, and its gap is larger than the one asked for".to_owned(),
        ),
        Status::GapReached | Status::LimitReached if achieved == bound => {
            Some(format!("its status is {}, and its bound is reached", own.status))
        }
        Status::Infeasible | Status::Unknown => {
            Some(format!("its status is {}, and it has a plan", own.status))
        }
        _ => None,
    }
}

/// What a plan achieves of every objective, in the order of a result, at the prices that the plan states; nothing is
/// said of bounds.
#[must_use]
pub fn achieved(scenario: &Scenario, plan: &Plan) -> Vec<ObjectiveResult> {
    expected(scenario, plan, plan.cost())
}

/// The same at a cost of the whole plan.
fn expected(scenario: &Scenario, plan: &Plan, cost: Pence) -> Vec<ObjectiveResult> {
    let weights: Vec<ObjectiveResult> =
        scenario.objective_weights().into_iter().map(|name| weight(scenario, plan, name)).collect();
    let money = |name, pence: Pence| ObjectiveResult::unproven(name, pence.get(), Parts::default());
    let price = money(COST, cost);
    let mut all: Vec<ObjectiveResult> = match &scenario.objective {
        Objective::Maximise(_) => weights.into_iter().chain([price]).collect(),
        Objective::MinimiseCostFor { .. } => [price].into_iter().chain(weights).collect(),
        Objective::MaximiseNetBenefit { .. } => {
            let reached: Vec<i64> = weights.iter().map(|own| own.achieved.raw()).collect();
            let net = scenario.objective.net_benefit(&reached, cost).unwrap_or(Pence::ZERO);
            [money(NET_BENEFIT, net)].into_iter().chain(weights).chain([price]).collect()
        }
    };
    if plan.drops.iter().any(|drop| drop.year.is_some()) && scenario.has_schedule() {
        let costs_last = all.last().is_some_and(|last| last.name == COST);
        let early_first = scenario.schedule.earliest.is_some();
        let place = if early_first { 0 } else { all.len() - usize::from(costs_last) };
        all.insert(place, coverage_years(scenario, plan));
    }
    all
}

/// By year: the coverage connected by its end, in thousandths.
fn by_year(scenario: &Scenario, plan: &Plan) -> Vec<i64> {
    let covered = |year: &Year| {
        let drops = plan.drops.iter().filter(|drop| drop.year.is_some_and(|own| own <= *year));
        let sites = drops.flat_map(|drop| &drop.sites);
        let weights = sites.filter_map(|id| {
            let site = scenario.tables.site(scenario.tables.site_by_id(id)?);
            scenario.weight(scenario.site_weight(), site)
        });
        weights.fold(0_i64, |sum, own| sum.saturating_add(own.weight.thousandths()))
    };
    scenario.years.iter().map(covered).collect()
}

/// Coverage over the ends of all years, rounded down.
fn coverage_years(scenario: &Scenario, plan: &Plan) -> ObjectiveResult {
    let all = over_all_years(scenario, by_year(scenario, plan), Rounding::Down);
    ObjectiveResult::unproven(COVERAGE_YEARS, all, Parts::default())
}

#[derive(Clone, Copy, PartialEq)]
enum Rounding {
    Down,
    Up,
}

/// What stands for each year, in thousandths, over all years, each as it counts.
fn over_all_years(
    scenario: &Scenario,
    by_year: impl IntoIterator<Item = i64>,
    rounding: Rounding,
) -> i64 {
    let years = by_year.into_iter().zip(scenario.year_weights());
    let all: i128 = years.map(|(own, weight)| i128::from(own) * i128::from(weight)).sum();
    let unit = i128::from(YEAR_WEIGHT_UNIT);
    let more = if rounding == Rounding::Up { unit - 1 } else { 0 };
    i64::try_from((all + more) / unit).unwrap_or(i64::MAX)
}

fn weight(scenario: &Scenario, plan: &Plan, name: &str) -> ObjectiveResult {
    let mut parts = Parts::default();
    if name == PREMISES {
        parts.recorded = premises_passed(scenario, plan);
    }
    for site in bought(scenario, plan) {
        let Some(weighed) = scenario.weight(name, scenario.tables.site(site)) else { continue };
        let part = if weighed.assumed { &mut parts.assumed } else { &mut parts.recorded };
        *part = sum(*part, weighed.weight);
    }
    let achieved = sum(parts.recorded, parts.assumed).thousandths();
    ObjectiveResult::unproven(name, achieved, parts)
}

fn sum(one: Weight, other: Weight) -> Weight {
    Weight::from_thousandths(one.thousandths().saturating_add(other.thousandths()))
}

fn bought<'a>(scenario: &'a Scenario, plan: &'a Plan) -> impl Iterator<Item = SiteIx> + 'a {
    plan.connected.iter().filter_map(|id| scenario.tables.site_by_id(id))
}

/// What the input says that the plan costs, whatever the plan says; what the input does not know costs what
/// the plan states.
fn true_cost(scenario: &Scenario, plan: &Plan) -> Pence {
    let prices = SpanPrices::new(scenario);
    let spans = plan.spans.iter().map(|span| prices.in_its_year(span).unwrap_or(span.cost));
    let tables = &scenario.tables;
    let exchanges = plan.exchanges.iter().map(|used| {
        let price = |ix| {
            let price = scenario.enable_price(tables.exchange(ix));
            scenario.item_price(ItemSort::Exchange, &used.id, used.year, price)
        };
        tables.exchange_by_id(&used.id).map_or(used.cost, price)
    });
    let connected: std::collections::BTreeSet<SiteIx> = bought(scenario, plan).collect();
    let buildings = scenario.buildings();
    let built = buildings
        .iter()
        .filter(|building| building.sites.iter().any(|site| connected.contains(site)));
    let years: BTreeMap<&str, Option<Year>> =
        plan.drops.iter().map(|drop| (drop.building.as_str(), drop.year)).collect();
    let year = |building: &Building| years.get(building.id.as_str()).copied().flatten();
    let drops = built.map(|own| scenario.item_price(ItemSort::Drop, &own.id, year(own), own.drop));
    let sum = spans.chain(exchanges).chain(drops);
    Pence::new(sum.fold(0, |sum: i64, price| sum.saturating_add(price.get())))
}

/// Something a plan says of itself that no check of the plan can settle.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unverified {
    /// A bound: it takes the certificate of the search.
    Bound {
        /// The objective.
        objective: String,
        /// The bound.
        bound: Amount,
    },
    /// The bounds on what is connected by the end of each year.
    YearBounds {
        /// How many years.
        years: usize,
    },
    /// That there is no plan.
    NoPlan,
    /// What it would cost to connect sites that are left out, and that money binds.
    LeftOutCosts {
        /// How many sites.
        sites: usize,
    },
    /// An input file is not the one that is named, byte for byte; the question may be the same.
    Input {
        /// Its name.
        file: String,
    },
    /// The version and the effort with which it was made.
    Effort,
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bound { objective, bound } => {
                write!(
                    f,
                    "the bound {bound} on {objective}: that takes a certificate of the search"
                )
            }
            Self::YearBounds { years } => {
                write!(f, "the bounds on the coverage by the end of {years} years: the same")
            }
            Self::NoPlan => f.write_str("that there is no plan"),
            Self::LeftOutCosts { sites } => {
                write!(f, "what connecting {sites} of the sites left out would cost")
            }
            Self::Input { file } => {
                write!(f, "{file}: it is not, byte for byte, the file that the plan names")
            }
            Self::Effort => f.write_str("the version of the library and the effort"),
        }
    }
}

/// What a plan says of itself that cannot be settled from the scenario and the plan.
#[must_use]
pub fn unverified(scenario: &Scenario, plan: &Plan, claims: &Claims) -> Vec<Unverified> {
    let mut open = Vec::new();
    if let Some(result) = &claims.result {
        let bounds = result.objectives.iter().filter_map(|own| {
            Some(Unverified::Bound { objective: own.name.clone(), bound: own.bound? })
        });
        open.extend(bounds);
        if !result.years.is_empty() {
            open.push(Unverified::YearBounds { years: result.years.len() });
        }
        if result.status == Status::Infeasible {
            open.push(Unverified::NoPlan);
        }
    }
    let costs = plan.left_out.iter().filter(|left| left.reason.costs().is_some()).count();
    if costs > 0 {
        open.push(Unverified::LeftOutCosts { sites: costs });
    }
    if let Some(provenance) = &claims.provenance {
        for stated in &provenance.inputs {
            let same = scenario.tables.inputs.iter().any(|own| {
                own.role == stated.role
                    && own.file == stated.file
                    && own.sha256 == stated.sha256
                    && own.rows_read == stated.rows_read
                    && own.rows_used == stated.rows_used
                    && own.rows_set_aside == stated.rows_set_aside
                    && own.rows_excluded == stated.rows_excluded
            });
            if !same {
                open.push(Unverified::Input { file: stated.file.clone() });
            }
        }
        let is_named = |file: &str| provenance.inputs.iter().any(|stated| stated.file == file);
        let unnamed = scenario.tables.inputs.iter().filter(|own| !is_named(&own.file));
        open.extend(unnamed.map(|own| Unverified::Input { file: own.file.clone() }));
        open.push(Unverified::Effort);
    }
    open
}
