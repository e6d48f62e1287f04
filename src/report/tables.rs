//! The tables of the summary: every figure with a name, and lines that add up.

use std::collections::{BTreeMap, BTreeSet};

use crate::funding::item_shares;
use crate::model::{Programme, Rurality, Scenario, Site, Truth, premises_in_reach};
use crate::plan::{Outcome, Parts, Plan, premises_passed};
use crate::report::items::Items;
use crate::report::pennies::cost_per_unit;
use crate::report::{
    CostShares, Crossings, Forest, Ledger, Priority, Running, SpanCrossings, YearLine, year_lines,
};
use crate::units::{Millimetres, Pence, Weight};

/// Connected sites of one kind, one region, or all together.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GroupLine {
    /// Kind or region; empty where the table gives none.
    pub label: String,
    /// Sites connected.
    pub sites: usize,
    /// Sites that had no fibre before, connected or not.
    pub of_sites: usize,
    /// Coverage of the connected sites.
    pub coverage: Parts,
    /// Sum of their cost shares (see [`CostShares`]).
    pub cost: Pence,
    /// Connected sites known to be rural.
    pub rural: usize,
    /// Connected sites known to be rural or urban.
    pub with_rurality: usize,
}

impl GroupLine {
    /// Recorded and assumed coverage together.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.coverage.recorded + self.coverage.assumed
    }

    /// Cost per unit of coverage, half up; `None` without coverage.
    #[must_use]
    pub fn cost_per_unit(&self) -> Option<Pence> {
        cost_per_unit(self.cost, self.weight())
    }

    /// Rural sites as a share of those known to be rural or urban, in per mille, half up; `None` when
    /// none is known.
    #[must_use]
    pub fn rural_per_mille(&self) -> Option<usize> {
        let known = self.with_rurality;
        (known > 0).then(|| (2000 * self.rural + known) / (2 * known))
    }

    fn take_in(&mut self, site: &Site, coverage: Parts, cost: Pence) {
        self.sites += 1;
        self.coverage = both(self.coverage, coverage);
        self.cost += cost;
        self.with_rurality += usize::from(site.rurality.is_some());
        self.rural += usize::from(site.rurality == Some(Rurality::Rural));
    }
}

/// What one programme has, spends and helps to connect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProgrammeLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Money it can spend, net of overhead.
    pub available: Pence,
    /// Money the plan takes from it.
    pub spent: Pence,
    /// Connected sites eligible for it that use something it pays for. A site may count under several
    /// programmes.
    pub sites: usize,
    /// Their coverage.
    pub coverage: Parts,
    /// Items of which it pays more than twice its per-site share (see [`Ledger`]).
    pub over_twice: usize,
}

impl ProgrammeLine {
    /// Money not spent.
    #[must_use]
    pub fn left(&self) -> Pence {
        self.available - self.spent
    }

    /// Its spending per unit of the coverage it helps to connect.
    #[must_use]
    pub fn cost_per_unit(&self) -> Option<Pence> {
        cost_per_unit(self.spent, self.coverage.recorded + self.coverage.assumed)
    }
}

/// How many sites a list of the largest names.
pub const LARGEST: usize = 5;

/// A site by name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SiteLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it counts.
    pub weight: Weight,
}

/// Sites left out for one reason.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LeftOutLine {
    /// Rule code; empty where none is recorded.
    pub code: String,
    /// How many.
    pub sites: usize,
    /// Coverage they would bring.
    pub coverage: Parts,
    /// Those that would bring most, at most [`LARGEST`].
    pub largest: Vec<SiteLine>,
}

/// Spans of one method.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MethodLine {
    /// Rate-card method.
    pub method: String,
    /// Spans built.
    pub spans: usize,
    /// Their length together.
    pub length: Millimetres,
    /// Their cost together.
    pub cost: Pence,
}

/// What there is without any plan.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct DoingNothing {
    /// Sites that have fibre already.
    pub sites: usize,
    /// All sites.
    pub of_sites: usize,
    /// Coverage of the sites that have fibre already.
    pub coverage: Parts,
}

/// Every figure of the summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The first weight of the objective that sites carry: what "coverage" means below.
    pub weight: String,
    /// Premises that what is built passes; `None` where the data has none.
    pub premises_passed: Option<Weight>,
    /// All connected sites; its cost is that of the whole plan.
    pub total: GroupLine,
    /// One line a programme, in the order of the scenario.
    pub by_programme: Vec<ProgrammeLine>,
    /// One line a kind, sorted.
    pub by_kind: Vec<GroupLine>,
    /// One line a region, sorted.
    pub by_region: Vec<GroupLine>,
    /// One line a method of the spans built, sorted.
    pub by_method: Vec<MethodLine>,
    /// What the plan costs to run, apart from what it costs to build.
    pub running: Running,
    /// Railways, rivers and major roads crossed.
    pub crossings: Crossings,
    /// Who costs what.
    pub shares: CostShares,
    /// Who pays for what, held against the per-site shares and the costs.
    pub ledger: Ledger,
    /// The connected sites that count most, at most [`LARGEST`].
    pub largest: Vec<SiteLine>,
    /// The middle cost share of a connected site (the mean of the middle two, half up).
    pub median_site_cost: Option<Pence>,
    /// The site with the largest cost share, and that share.
    pub dearest_site: Option<(String, Pence)>,
    /// The plan as a forest.
    pub forest: Forest,
    /// What of it comes first.
    pub priority: Priority,
    /// One line a reason, sorted by code.
    pub left_out: Vec<LeftOutLine>,
    /// One line a year; none where plans have no years.
    pub years: Vec<YearLine>,
    /// What there is without the plan.
    pub doing_nothing: DoingNothing,
    /// Sites not yet connected whose coverage is assumed: kind, assumed value, how many.
    pub assumed: Vec<(String, Weight, usize)>,
}

impl Report {
    /// The report on an outcome; without a plan all figures of the plan are zero.
    #[must_use]
    pub fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let empty = Plan::default();
        let plan = outcome.plan.as_ref().unwrap_or(&empty);
        let ordered = || {
            let forest = Forest::of(scenario, plan);
            let priority = Priority::of(scenario, plan, &forest);
            (forest, priority)
        };
        let ((forest, priority), exact) = rayon::join(ordered, || item_shares(scenario, plan));
        let shares = CostShares::of(plan, &forest);
        let items = &Items::of(plan);
        let ledger = Ledger::with_shares(scenario, plan, &forest, items, exact);
        let mut report = Self {
            weight: scenario.site_weight().to_owned(),
            premises_passed: (premises_in_reach(scenario) > 0)
                .then(|| premises_passed(scenario, plan)),
            total: GroupLine::default(),
            by_programme: by_programme(scenario, outcome, plan, &forest, &ledger, items),
            by_kind: Vec::new(),
            by_region: Vec::new(),
            by_method: by_method(plan),
            running: Running::of_plan(scenario, plan),
            crossings: SpanCrossings::new(scenario).of_plan(plan),
            largest: largest(scenario, plan),
            median_site_cost: median(shares.by_site.values().copied().collect()),
            dearest_site: dearest(&shares),
            shares,
            ledger,
            forest,
            priority,
            left_out: left_out(scenario, plan),
            years: year_lines(scenario, outcome),
            doing_nothing: doing_nothing(scenario),
            assumed: assumed(scenario),
        };
        report.group(scenario, plan);
        report.total.cost = plan.cost();
        report
    }

    fn group(&mut self, scenario: &Scenario, plan: &Plan) {
        let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
        let mut kinds: BTreeMap<&str, GroupLine> = BTreeMap::new();
        let mut regions: BTreeMap<&str, GroupLine> = BTreeMap::new();
        let sites = &scenario.tables.sites.rows;
        for site in sites.iter().filter(|site| !site.already_connected) {
            let kind = kinds.entry(&site.kind).or_default();
            let region = regions.entry(site.region.as_deref().unwrap_or("")).or_default();
            let lines = [&mut self.total, kind, region];
            for line in lines {
                line.of_sites += 1;
                if connected.contains(site.id.as_str()) {
                    let coverage = coverage(scenario, &self.weight, site);
                    line.take_in(site, coverage, self.shares.site(&site.id));
                }
            }
        }
        let labelled = |groups: BTreeMap<&str, GroupLine>| {
            let lines = groups.into_iter();
            lines.map(|(label, line)| GroupLine { label: label.to_owned(), ..line }).collect()
        };
        self.by_kind = labelled(kinds);
        self.by_region = labelled(regions);
    }
}

fn coverage(scenario: &Scenario, weight: &str, site: &Site) -> Parts {
    match scenario.weight(weight, site) {
        Some(weighed) if weighed.assumed => Parts { assumed: weighed.weight, ..Parts::default() },
        Some(weighed) => Parts { recorded: weighed.weight, ..Parts::default() },
        None => Parts::default(),
    }
}

fn both(a: Parts, b: Parts) -> Parts {
    Parts { recorded: a.recorded + b.recorded, assumed: a.assumed + b.assumed }
}

fn by_programme(
    scenario: &Scenario,
    outcome: &Outcome,
    plan: &Plan,
    forest: &Forest,
    ledger: &Ledger,
    items: &Items<'_>,
) -> Vec<ProgrammeLine> {
    let weight = scenario.site_weight();
    let lines = scenario.programmes.iter().map(|programme| {
        let result = outcome.by_programme.iter().find(|result| result.id == programme.id);
        let mut line = ProgrammeLine {
            id: programme.id.clone(),
            name: programme.name.clone(),
            available: result.map_or_else(|| programme.available(), |result| result.available),
            spent: result.map_or(Pence::ZERO, |result| result.spent),
            sites: 0,
            coverage: Parts::default(),
            over_twice: ledger.over_twice(&programme.id),
        };
        for site in helped_sites(scenario, programme, plan, forest, items) {
            line.sites += 1;
            line.coverage = both(line.coverage, coverage(scenario, weight, site));
        }
        line
    });
    lines.collect()
}

/// Connected sites eligible for a programme that use an item it pays for.
fn helped_sites<'a>(
    scenario: &'a Scenario,
    programme: &Programme,
    plan: &Plan,
    forest: &Forest,
    items: &Items<'_>,
) -> Vec<&'a Site> {
    let payments = plan.payments.iter().filter(|payment| payment.programme == programme.id);
    let mut paid = vec![false; items.len()];
    for item in payments.filter_map(|payment| items.find(&payment.item)) {
        paid[item] = true;
    }
    let roots: Vec<bool> =
        forest.roots.iter().map(|root| paid[items.exchange(root.exchange)]).collect();
    let mut spans: Vec<bool> = Vec::with_capacity(forest.spans.len());
    for span in &forest.spans {
        let before = span.before.map_or(roots[span.root], |before| spans[before]);
        spans.push(before || paid[items.span(span.span)]);
    }
    let mut helped = vec![false; plan.drops.len()];
    for served in &forest.drops {
        helped[served.drop] = served.last.map_or(roots[served.root], |last| spans[last]);
    }
    let tables = &scenario.tables;
    let drops = plan.drops.iter().zip(helped).enumerate();
    let drops = drops.filter(|&(place, (_, by_route))| by_route || paid[items.drop(place)]);
    drops
        .flat_map(|(_, (drop, _))| &drop.sites)
        .filter_map(|id| tables.site_by_id(id).map(|site| tables.site(site)))
        .filter(|site| scenario.eligible(programme, site) == Truth::Yes)
        .collect()
}

fn by_method(plan: &Plan) -> Vec<MethodLine> {
    let mut lines: BTreeMap<&str, MethodLine> = BTreeMap::new();
    for span in &plan.spans {
        let line = lines.entry(&span.method).or_default();
        line.spans += 1;
        line.length = line.length + span.length;
        line.cost += span.cost;
    }
    let lines = lines.into_iter();
    lines.map(|(method, line)| MethodLine { method: method.to_owned(), ..line }).collect()
}

fn median(mut costs: Vec<Pence>) -> Option<Pence> {
    costs.sort_unstable();
    let middle = costs.len() / 2;
    let upper = *costs.get(middle)?;
    if costs.len() % 2 == 1 {
        return Some(upper);
    }
    let sum = upper + costs[middle - 1];
    Some(Pence::new((sum.get() + 1).div_euclid(2)))
}

fn dearest(shares: &CostShares) -> Option<(String, Pence)> {
    let most = shares.by_site.values().max()?;
    shares.by_site.iter().find(|(_, cost)| *cost == most).map(|(id, cost)| (id.clone(), *cost))
}

fn left_out(scenario: &Scenario, plan: &Plan) -> Vec<LeftOutLine> {
    let weight = scenario.site_weight();
    let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
    let codes: BTreeMap<&str, &str> =
        plan.left_out.iter().map(|left| (left.id.as_str(), left.code().0)).collect();
    let mut lines: BTreeMap<&str, LeftOutLine> = BTreeMap::new();
    for site in &scenario.tables.sites.rows {
        if connected.contains(site.id.as_str()) {
            continue;
        }
        let line = lines.entry(code_of(site, &codes)).or_default();
        line.sites += 1;
        let parts = coverage(scenario, weight, site);
        line.coverage = both(line.coverage, parts);
        keep_largest(&mut line.largest, site, parts);
    }
    let lines = lines.into_iter();
    lines.map(|(code, line)| LeftOutLine { code: code.to_owned(), ..line }).collect()
}

/// Adds a site to the largest, those of equal size in the order of ids.
fn keep_largest(largest: &mut Vec<SiteLine>, site: &Site, parts: Parts) {
    let weight = parts.recorded + parts.assumed;
    let place = largest.partition_point(|line| line.weight >= weight);
    if place < LARGEST {
        let line = SiteLine { id: site.id.clone(), name: site.name.clone(), weight };
        largest.insert(place, line);
        largest.truncate(LARGEST);
    }
}

fn largest(scenario: &Scenario, plan: &Plan) -> Vec<SiteLine> {
    let weight = scenario.site_weight();
    let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
    let mut largest = Vec::with_capacity(LARGEST + 1);
    let sites = scenario.tables.sites.rows.iter();
    for site in sites.filter(|site| connected.contains(site.id.as_str())) {
        keep_largest(&mut largest, site, coverage(scenario, weight, site));
    }
    largest
}

fn code_of<'a>(site: &Site, codes: &BTreeMap<&str, &'a str>) -> &'a str {
    match codes.get(site.id.as_str()) {
        Some(code) => code,
        None if site.already_connected => "U390",
        None => "",
    }
}

fn doing_nothing(scenario: &Scenario) -> DoingNothing {
    let weight = scenario.site_weight();
    let sites = &scenario.tables.sites.rows;
    let mut nothing = DoingNothing { of_sites: sites.len(), ..DoingNothing::default() };
    for site in sites.iter().filter(|site| site.already_connected) {
        nothing.sites += 1;
        nothing.coverage = both(nothing.coverage, coverage(scenario, weight, site));
    }
    nothing
}

fn assumed(scenario: &Scenario) -> Vec<(String, Weight, usize)> {
    let weight = scenario.site_weight();
    let mut counts: BTreeMap<(&str, Weight), usize> = BTreeMap::new();
    let sites = scenario.tables.sites.rows.iter().filter(|site| !site.already_connected);
    for site in sites {
        if let Some(weighed) = scenario.weight(weight, site).filter(|weighed| weighed.assumed) {
            *counts.entry((&site.kind, weighed.weight)).or_default() += 1;
        }
    }
    let counts = counts.into_iter();
    counts.map(|((kind, weight), sites)| (kind.to_owned(), weight, sites)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        let pence = |values: &[i64]| values.iter().copied().map(Pence::new).collect();
        assert_eq!(median(pence(&[5, 1, 9])), Some(Pence::new(5)));
        assert_eq!(median(pence(&[1, 4, 9, 2])), Some(Pence::new(3)));
        assert_eq!(median(pence(&[1, 2])), Some(Pence::new(2)));
        assert_eq!(median(Vec::new()), None);
    }
}
