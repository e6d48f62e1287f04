//! What pictures show of a plan and of a frontier.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::geometry::Point;
use crate::model::Scenario;
use crate::plan::{Item, Outcome, Plan, PlanSpan, junction_point};
use crate::report::{Report, Root, YearLine, exchange_years, spend_by_year};
use crate::study::frontier::Frontier;
use crate::text::short;
use crate::units::{Pence, Weight, Year};
use crate::write::pictures::charts::{Bar, CurvePoint};
use crate::write::pictures::map::{Map, MapExchange, MapLine, State};
use crate::write::pictures::page::Words;
use crate::write::pictures::schedule::{AreaRow, YearColumn};
use crate::write::summary::proofs::proofs;
use crate::write::text::{count, counted, gbp};

/// Beyond so many groups or years the rest are one: there are no more colours that all people can tell apart.
const GROUPS: usize = 6;

/// The most lines that are drawn as routes that could be built.
const UNBUILT: usize = 40_000;

/// The most characters of a title.
const TITLE: usize = 160;

fn title(scenario: &Scenario) -> String {
    let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
    short(title, TITLE).into_owned()
}

fn note(scenario: &Scenario, outcome: &Outcome, more: &str) -> String {
    let version = &outcome.provenance.fibreplan;
    format!("fibreplan {} · scenario {}{more}", short(version, 20), short(&scenario.name, 60))
}

/// The map of a plan.
pub(super) fn map(scenario: &Scenario, outcome: &Outcome, report: &Report) -> (Map, Words) {
    let empty = Plan::default();
    let plan = outcome.plan.as_ref().unwrap_or(&empty);
    let tables = &scenario.tables;
    let (groups, of_span) = groups(scenario, plan);
    let mut sites_on = vec![1; plan.spans.len()];
    for built in &report.forest.spans {
        sites_on[built.span] = built.sites;
    }
    let lines = plan.spans.iter().zip(of_span).zip(sites_on).map(|((span, group), sites)| {
        let mut line = span.geometry.clone();
        if line.len() < 2 {
            line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
        }
        MapLine { points: metres(&line), group, sites }
    });
    let unbuilt: Vec<Vec<[f64; 2]>> = if tables.spans.len() > UNBUILT {
        Vec::new()
    } else {
        tables.spans.iter().filter(|span| !span.barrier).map(|span| metres(&span.line)).collect()
    };
    let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
    let sites = tables.sites.rows.iter().map(|site| {
        let state = match (connected.contains(site.id.as_str()), site.already_connected) {
            (true, _) => State::Connected,
            (false, true) => State::HasFibre,
            (false, false) => State::LeftOut,
        };
        (place(site.at), state)
    });
    let roots: BTreeMap<&str, &Root> = report
        .forest
        .roots
        .iter()
        .map(|root| (plan.exchanges[root.exchange].id.as_str(), root))
        .collect();
    let exchanges = tables.exchanges.rows.iter().map(|own| {
        let root = roots.get(own.id.as_str());
        MapExchange {
            at: place(own.at),
            used: root.is_some(),
            name: short(&own.name, 40).into_owned(),
            sites: root.map_or(0, |root| root.sites),
        }
    });
    let map = Map {
        unbuilt,
        lines: lines.collect(),
        groups,
        sites: sites.collect(),
        exchanges: exchanges.collect(),
    };
    let below = if outcome.plan.is_none() {
        format!("There is no plan ({}).", outcome.status)
    } else {
        let total = &report.total;
        let proof = proofs(scenario, outcome).into_iter().nth(1).unwrap_or_default();
        format!(
            "{} of {} are connected for {}. {proof}",
            count(total.sites),
            counted(total.of_sites, "site"),
            gbp(total.cost)
        )
    };
    let note = note(scenario, outcome, " · wider lines lead to more sites");
    (map, Words { title: title(scenario), below, note })
}

/// Names of the groups of spans, those of most length first, and the group of each span: by who pays where that
/// differs, else by method where that does.
fn groups(scenario: &Scenario, plan: &Plan) -> (Vec<String>, Vec<usize>) {
    let mut payers: HashMap<&Item, BTreeSet<usize>> = HashMap::new();
    let programme = |id: &str| scenario.programmes.iter().position(|own| own.id == id);
    for payment in &plan.payments {
        payers.entry(&payment.item).or_default().extend(programme(&payment.programme));
    }
    let paid = |span: &PlanSpan| {
        let item = Item::Span(span.id.clone());
        let ids = payers.get(&item).into_iter().flatten();
        let names: Vec<String> =
            ids.map(|&payer| short(&scenario.programmes[payer].name, 40).into_owned()).collect();
        match names.split_last() {
            None if span.cost == Pence::ZERO => "costs nothing".to_owned(),
            None => "not paid for".to_owned(),
            Some((last, [])) => format!("paid for by {last}"),
            Some((last, others)) => format!("paid for by {} and {last}", others.join(", ")),
        }
    };
    let mut of_span: Vec<String> = plan.spans.iter().map(paid).collect();
    if of_span.iter().collect::<BTreeSet<_>>().len() <= 1 {
        of_span = plan.spans.iter().map(|span| short(&span.method, 40).replace('_', " ")).collect();
    }
    let mut lengths: BTreeMap<&str, u128> = BTreeMap::new();
    for (name, span) in of_span.iter().zip(&plan.spans) {
        *lengths.entry(name).or_default() += u128::from(span.length.get());
    }
    let mut names: Vec<(&str, u128)> = lengths.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let places: HashMap<&str, usize> =
        names.iter().enumerate().map(|(place, name)| (name.0, place.min(GROUPS))).collect();
    let groups = of_span.iter().map(|name| places[name.as_str()]).collect();
    let mut shown: Vec<String> =
        names.iter().take(GROUPS).map(|(name, _)| (*name).to_owned()).collect();
    if names.len() > GROUPS {
        shown.push("others".to_owned());
    }
    (shown, groups)
}

/// A bar for each programme that has or spends money, with the years that payments have; nothing where none is paid.
pub(super) fn spend(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
) -> Option<(Vec<Bar>, Vec<String>, Words)> {
    let plan = outcome.plan.as_ref()?;
    let lines = spend_by_year(scenario, plan);
    let years: BTreeSet<Option<Year>> = lines.iter().map(|line| line.year).collect();
    let years: Vec<Option<Year>> = years.into_iter().collect();
    if lines.is_empty() {
        return None;
    }
    let shown = years.len().min(GROUPS);
    let bars = report.by_programme.iter().map(|programme| {
        let mut parts = vec![0.0; shown];
        for line in lines.iter().filter(|line| line.programme == programme.id) {
            let year = years.iter().position(|year| *year == line.year).unwrap_or(0);
            parts[year.min(shown - 1)] += pounds(line.paid);
        }
        let name = short(&programme.name, 60).into_owned();
        Bar { name, available: pounds(programme.available), parts }
    });
    let mut names: Vec<String> =
        years.iter().map(|year| year.map_or_else(String::new, |year| year.to_string())).collect();
    if names.len() > shown {
        names.truncate(shown);
        names[shown - 1] += " and later";
    }
    let spent: Pence = report.by_programme.iter().map(|line| line.spent).sum();
    let available: Pence = report.by_programme.iter().map(|line| line.available).sum();
    let below = format!(
        "Who pays. {} is spent of {} that programmes have, net of overhead.",
        gbp(spent),
        gbp(available)
    );
    let words = Words { title: title(scenario), below, note: note(scenario, outcome, "") };
    Some((bars.collect(), names, words))
}

/// The most exchanges that have a row of their own in the picture of a schedule.
const AREAS: usize = 14;

/// The years of a plan, and where each builds; nothing where it has none.
pub(super) fn schedule(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
) -> Option<(Vec<YearColumn>, Vec<AreaRow>, Words)> {
    let plan = outcome.plan.as_ref()?;
    let last = report.years.last()?;
    let column = |line: &YearLine| YearColumn {
        name: line.year.to_string(),
        before: (line.coverage_so_far - line.coverage).units(),
        reached: line.coverage_so_far.units(),
        ceiling: line.bound.map(Weight::units),
    };
    let lines = exchange_years(scenario, plan, &report.forest);
    let own = if lines.len() > AREAS { AREAS - 1 } else { lines.len() };
    let (shown, others) = lines.split_at(own);
    let mut areas: Vec<AreaRow> = shown
        .iter()
        .map(|line| AreaRow { name: short(&line.name, 60).into_owned(), sites: line.sites.clone() })
        .collect();
    if !others.is_empty() {
        let year = |place: usize| others.iter().map(|line| line.sites[place]).sum();
        areas.push(AreaRow {
            name: counted(others.len(), "other"),
            sites: (0..report.years.len()).map(year).collect(),
        });
    }
    let below = format!(
        "When and where. {} are connected by the end of {}.",
        counted(last.sites_so_far, "site"),
        last.year
    );
    let words = Words { title: title(scenario), below, note: note(scenario, outcome, "") };
    Some((report.years.iter().map(column).collect(), areas, words))
}

/// The curve of a frontier.
pub(super) fn frontier(scenario: &Scenario, frontier: &Frontier) -> (Vec<CurvePoint>, Words) {
    let points = frontier.points.iter().map(|point| CurvePoint {
        pounds: pounds(point.budget),
        achieved: point.coverage.map(Weight::units),
        ceiling: point.ceiling.map(Weight::units),
    });
    let ends = frontier.points.first().zip(frontier.points.last());
    let range = ends.map_or_else(String::new, |(least, most)| {
        format!(" from {} to {}", gbp(least.budget), gbp(most.budget))
    });
    let below = format!("What budgets{range} cover, and what no plan can exceed.");
    let version = frontier.points.first();
    let note = version.map_or_else(String::new, |point| note(scenario, &point.outcome, ""));
    (points.collect(), Words { title: title(scenario), below, note })
}

fn metres(line: &[Point]) -> Vec<[f64; 2]> {
    line.iter().copied().map(place).collect()
}

#[allow(clippy::cast_precision_loss)] // a hair's breadth on a map
fn place(at: Point) -> [f64; 2] {
    [at.x, at.y].map(|millimetres| millimetres as f64 / 1000.0)
}

#[allow(clippy::cast_precision_loss)] // a hair's breadth on a chart
fn pounds(pence: Pence) -> f64 {
    pence.get() as f64 / 100.0
}
