//! The tables of studies as CSV: a row for each part of the answer.
//!
//! In: what a study returned. Out: bytes. Columns have the names of the keys of the JSON beside them; a cell is
//! empty where a thing is not known or does not apply, and never 0 instead.

use crate::explain::WayIn;
use crate::model::Scenario;
use crate::plan::Plan;
use crate::report::meaning;
use crate::status::gap;
use crate::study::frontier::{Frontier, FrontierPoint};
use crate::study::programmes::{Programmes, ProgrammesRow};
use crate::study::strategies::{Strategies, StrategyRow};
use crate::study::why_not::{Entry, Explanation, Why};
use crate::units::{Amount, Pence, Weight};
use crate::write::cells::CsvText;

/// What separates several texts or ids in one cell.
const BAR: &str = " | ";

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// The gap between what is covered and what is proven about it.
fn gap_of(coverage: Option<Weight>, bound: Option<Weight>) -> Option<f64> {
    Some(gap(coverage?.thousandths(), bound?.thousandths()))
}

/// One row for each budget.
pub(super) fn frontier_csv(frontier: &Frontier) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "budget_gbp",
        "status",
        "weight",
        "coverage",
        "ceiling",
        "gap",
        "cost_gbp",
        "connected",
        "nesting_costs",
        "reasons",
    ]);
    for point in &frontier.points {
        text.row(point_cells(&frontier.weight, point));
    }
    text.into_bytes()
}

fn point_cells(weight: &str, point: &FrontierPoint) -> [String; 10] {
    let plan = point.outcome.plan.as_ref();
    [
        point.budget.to_string(),
        point.status.to_string(),
        weight.to_owned(),
        shown(point.coverage),
        shown(point.ceiling),
        shown(point.gap()),
        shown(plan.map(Plan::cost)),
        shown(plan.map(|plan| plan.connected.len())),
        shown(point.nesting_costs),
        point.outcome.reasons.join(BAR),
    ]
}

/// One row for each budget and each sum beyond it.
pub(super) fn more_money_csv(frontier: &Frontier) -> Vec<u8> {
    let mut text =
        CsvText::with_header(["budget_gbp", "more_gbp", "gain", "at_most", "gained", "lost"]);
    for point in &frontier.points {
        for more in &point.more {
            text.row([
                point.budget.to_string(),
                more.more.to_string(),
                shown(more.gain),
                shown(more.at_most),
                more.gained.join(BAR),
                more.lost.join(BAR),
            ]);
        }
    }
    text.into_bytes()
}

/// One row for each strategy, then the library's own plan.
pub(super) fn strategies_csv(strategies: &Strategies) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "strategy",
        "status",
        "counts",
        "weight",
        "coverage",
        "bound",
        "gap",
        "below_fibreplan",
        "cost_gbp",
        "connected",
        "best_strategy",
        "unpaid",
        "violations",
        "reasons",
    ]);
    for row in strategies.rows.iter().chain([&strategies.own]) {
        text.row(strategy_cells(strategies, row));
    }
    text.into_bytes()
}

fn strategy_cells(strategies: &Strategies, row: &StrategyRow) -> [String; 14] {
    let best = strategies.best().map(|row| row.name);
    let is_own = row.name == strategies.own.name;
    let violations: Vec<String> = row.violations.iter().map(ToString::to_string).collect();
    [
        row.name.to_owned(),
        shown(row.status),
        yes(row.counts()),
        strategies.weight.clone(),
        shown(row.coverage),
        shown(row.bound),
        shown(gap_of(row.coverage, row.bound)),
        shown(row.below(&strategies.own)),
        shown(row.cost),
        shown(row.plan.as_ref().map(|plan| plan.connected.len())),
        yes(best == Some(row.name)),
        row.unpaid.clone().unwrap_or_default(),
        violations.join(BAR),
        if is_own { strategies.outcome.reasons.join(BAR) } else { String::new() },
    ]
}

/// One row for each way of planning.
pub(super) fn programmes_csv(scenario: &Scenario, programmes: &Programmes) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "plan",
        "status",
        "counts",
        "weight",
        "coverage",
        "of_jointly",
        "bound",
        "gap",
        "cost_gbp",
        "connected",
        "violations",
        "reasons",
    ]);
    let joint = programmes.joint_row();
    for row in &programmes.rows {
        let ratio = joint.and_then(|joint| row.ratio(joint));
        let violations: Vec<String> = row.violations.iter().map(ToString::to_string).collect();
        text.row([
            row.name(scenario),
            shown(row.status),
            yes(row.counts()),
            programmes.weight.clone(),
            shown(row.coverage),
            shown(ratio),
            shown(row.bound),
            shown(gap_of(row.coverage, row.bound)),
            shown(row.cost),
            shown(row.sites),
            violations.join(BAR),
            row.reasons.join(BAR),
        ]);
    }
    text.into_bytes()
}

/// One row for each way of planning and each programme; none for the merged pot, whose money is nobody's.
pub(super) fn spending_csv(scenario: &Scenario, programmes: &Programmes) -> Vec<u8> {
    let mut text = CsvText::with_header(["plan", "programme", "spent_gbp"]);
    let spending = |row: &ProgrammesRow| -> Vec<[String; 3]> {
        let spent = scenario.programmes.iter().zip(&row.spent);
        spent.map(|(own, pence)| [row.name(scenario), own.id.clone(), pence.to_string()]).collect()
    };
    for cells in programmes.rows.iter().flat_map(spending) {
        text.row(cells);
    }
    text.into_bytes()
}

/// One row for each programme whose budget was raised.
pub(super) fn worth_of_more_csv(programmes: &Programmes) -> Vec<u8> {
    let mut text = CsvText::with_header(["programme", "raise_gbp", "status", "gain", "at_most"]);
    for worth in &programmes.worths {
        text.row([
            worth.programme.clone(),
            worth.raise.to_string(),
            worth.status.to_string(),
            shown(worth.gain),
            shown(worth.at_most),
        ]);
    }
    text.into_bytes()
}

/// One row for each site asked for.
pub(super) fn why_not_csv(scenario: &Scenario, explained: &Explanation) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "id",
        "name",
        "connected",
        "code",
        "reason",
        "alone_gbp",
        "alone_new_m",
        "alone_shared_m",
        "alone_exchange",
        "now_gbp",
        "now_new_m",
        "now_shared_m",
        "now_exchange",
        "loses_at_least",
        "worth_at_least",
        "forced_coverage",
        "forced_gbp",
        "forced_gained",
        "forced_lost",
        "not_at_gbp",
        "enters_at_most_gbp",
        "weight",
        "plan_status",
        "plan_coverage",
        "plan_bound",
        "plan_gap",
    ]);
    for why in &explained.sites {
        let cells = [
            &of_site(scenario, why)[..],
            &way_in(scenario, why.alone.as_ref()),
            &way_in(scenario, why.now.as_ref()),
            &consequences(why),
            &of_plan(explained),
        ];
        text.row(cells.concat());
    }
    text.into_bytes()
}

fn of_site(scenario: &Scenario, why: &Why) -> [String; 5] {
    let site = scenario.tables.site_by_id(&why.id);
    let name = site.map(|site| scenario.tables.site(site).name.clone()).unwrap_or_default();
    let reason = if why.connected { "" } else { meaning(&why.code) };
    [why.id.clone(), name, yes(why.connected), why.code.clone(), reason.to_owned()]
}

fn way_in(scenario: &Scenario, way: Option<&WayIn>) -> [String; 4] {
    let Some(way) = way else { return Default::default() };
    let exchange = scenario.tables.exchange(way.exchange).id.clone();
    [way.cost.to_string(), way.new.to_string(), way.shared.to_string(), exchange]
}

fn consequences(why: &Why) -> [String; 8] {
    let (not_at, at): (Option<Pence>, Option<Pence>) = match why.entry {
        Some(Entry::Between { not_at, at }) => (Some(not_at), Some(at)),
        Some(Entry::Beyond(most)) => (Some(most), None),
        None => (None, None),
    };
    let forced = why.forced.as_ref();
    [
        shown(why.loses_at_least),
        shown(why.worth_at_least),
        shown(forced.map(|forced| forced.coverage)),
        shown(forced.map(|forced| forced.cost)),
        forced.map(|forced| forced.gained.join(BAR)).unwrap_or_default(),
        forced.map(|forced| forced.lost.join(BAR)).unwrap_or_default(),
        shown(not_at),
        shown(at),
    ]
}

fn of_plan(explained: &Explanation) -> [String; 5] {
    let first = explained.outcome.coverage();
    [
        explained.weight.clone(),
        explained.outcome.status.to_string(),
        shown(first.map(|first| first.achieved.plain())),
        shown(first.and_then(|first| first.bound).map(Amount::plain)),
        shown(first.and_then(|first| first.gap)),
    ]
}
