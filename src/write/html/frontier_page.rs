//! The page of a frontier: what more and less money would cover, and the plan for the scenario's own money.

use crate::error::Fault;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::{Outcome, Provenance};
use crate::status::Status;
use crate::study::frontier::{Frontier, FrontierPoint};
use crate::units::{Pence, Weight};
use crate::write::html::chart::{Curves, curves};
use crate::write::html::document::document;
use crate::write::html::frame::{Section, Tile, header, pair, sections};
use crate::write::html::markup::Html;
use crate::write::html::plan_data::plan_data;
use crate::write::html::plan_page::{kicker, leads, plan_sections, title};
use crate::write::html::shown::Shown;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::html::words::{share, short_gbp, short_weight, status, tick, titled};
use crate::write::text::{count, counted, one_line, weight};

/// The answer that the page shows in full: that for the scenario's own money, else the last that has a plan, else
/// the first.
fn shown_outcome(scenario: &Scenario, frontier: &Frontier) -> Outcome {
    let outcomes = || frontier.points.iter().map(|point| &point.outcome);
    let own = outcomes().find(|outcome| is_own(scenario, outcome));
    let planned = own.or_else(|| outcomes().rev().find(|outcome| outcome.plan.is_some()));
    let shown = planned.or_else(|| outcomes().next());
    shown.cloned().unwrap_or_else(|| Outcome::new(Status::Unknown, Provenance::default()))
}

/// Whether an outcome is that for the scenario's own money.
fn is_own(scenario: &Scenario, outcome: &Outcome) -> bool {
    outcome.plan.is_some()
        && scenario.programmes.iter().zip(&outcome.by_programme).all(|(programme, result)| {
            programme.id == result.id && programme.available() == result.available
        })
}

/// The text of a page on a frontier of a scenario, and on its plan for the scenario's own money: one file that opens
/// from disk and asks for nothing. Notices are those on the input.
#[must_use]
pub fn frontier_html(
    scenario: &Scenario,
    frontier: &Frontier,
    prepared: &Prepared,
    notices: &[Fault],
) -> String {
    let shown = Shown::of(scenario, shown_outcome(scenario, frontier), prepared, notices);
    let mut body = Html::default();
    let (kicker, title) = (kicker(scenario, "Frontier"), title(scenario));
    header(&mut body, &kicker, &title, &words(&shown, frontier), &tiles(frontier));
    let first =
        Section::new("frontier", "More or less money", |html| section(html, &shown, frontier));
    sections(&mut body, &plan_sections(&shown, Some(first)));
    document(&title, &body, &plan_data(&shown.figures))
}

fn words(shown: &Shown<'_>, frontier: &Frontier) -> Vec<String> {
    let name = one_line(&frontier.weight).replace('_', " ");
    let ends = [frontier.points.first(), frontier.points.last()].map(|point| {
        let point = point?;
        Some((point.budget, point.coverage?))
    });
    let mut words = Vec::new();
    if let [Some((less, little)), Some((more, much))] = ends {
        words.push(format!(
            "Between {} and {} of money, plans cover from {} to {} {name}.",
            short_gbp(less),
            short_gbp(more),
            weight(little),
            weight(much)
        ));
    }
    let own = leads(shown);
    let own = own.first().map(|first| {
        if is_own(shown.scenario, &shown.outcome) {
            format!("For the money of the scenario: {}", lowered(first))
        } else {
            format!("On the map: {}", lowered(first))
        }
    });
    words.extend(own);
    words
}

fn lowered(sentence: &str) -> String {
    sentence.replacen("This plan", "the plan", 1)
}

fn tiles(frontier: &Frontier) -> Vec<Tile> {
    let tile = |label: &str, figure: String, remark: &str| Tile {
        label: label.to_owned(),
        figure,
        remark: remark.to_owned(),
    };
    let points = &frontier.points;
    let planned = points.iter().filter(|point| point.coverage.is_some()).count();
    let mut tiles =
        vec![tile("Budgets planned", count(planned), &format!("of {}", count(points.len())))];
    let gaps: Vec<f64> = points.iter().filter_map(FrontierPoint::gap).collect();
    if let Some(widest) = gaps.iter().copied().reduce(f64::max) {
        tiles.push(tile("Widest gap", share(widest), "between a plan and its proven ceiling"));
    }
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        let range = format!("{} to {}", short_gbp(first.budget), short_gbp(last.budget));
        tiles.push(tile("Money", range, "from the least to the most"));
    }
    tiles
}

fn section(html: &mut Html, shown: &Shown<'_>, frontier: &Frontier) {
    let figures = |value: fn(&FrontierPoint) -> Option<Weight>| -> Vec<[i64; 2]> {
        let placed =
            |point: &FrontierPoint| Some([point.budget.get(), value(point)?.thousandths()]);
        frontier.points.iter().filter_map(placed).collect()
    };
    let (reached, ceiling) = (figures(|point| point.coverage), figures(|point| point.ceiling));
    let name = titled(&frontier.weight);
    let own = frontier.points.iter().find(|point| is_own(shown.scenario, &point.outcome));
    let says = format!(
        "{name} covered against money, with what is proven that no plan can exceed; the table beside it has the \
         figures of all {}.",
        counted(frontier.points.len(), "budget")
    );
    let picture = curves(
        &Curves {
            says: &says,
            axes: ["money", &name],
            reached: &reached,
            ceiling: &ceiling,
            dots: reached.len() <= 60,
            here: own.map(|point| (point.budget.get(), "the scenario")),
        },
        |pence| tick(&short_gbp(Pence::new(pence))),
        |raw| tick(&short_weight(Weight::from_thousandths(raw))),
    );
    let caption = "Line with dots: what the plans found cover. Dashed: proven, no plan for that money covers more. \
                   The best plans lie in the band between.";
    pair(html, &picture, caption, |beside| table(beside, frontier));
    more(html, frontier);
}

fn table(html: &mut Html, frontier: &Frontier) {
    let rows = frontier.points.iter().map(|point| {
        vec![
            Cell::money(point.budget),
            Cell::maybe(point.coverage, Cell::weight),
            Cell::maybe(point.ceiling, Cell::weight),
            Cell::maybe(point.gap(), |gap| Cell::share(share(gap), gap)),
            Cell::maybe(point.outcome.plan.as_ref(), |_| Cell::money(point.outcome.cost)),
            Cell::maybe(point.outcome.plan.as_ref(), |plan| Cell::count(plan.connected.len())),
            Cell::text(status(point.status)),
        ]
    });
    let covers = format!("#{}", titled(&frontier.weight));
    Table {
        name: "frontier",
        caption: "A plan and a proven ceiling for each budget, in £",
        heads: heads(["#Money", &covers, "#At most", "#Gap", "#Cost", "#Sites", "Status"]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}

/// What stated sums beyond each budget buy, where that was asked for.
fn more(html: &mut Html, frontier: &Frontier) {
    let rows: Vec<Vec<Cell>> = frontier
        .points
        .iter()
        .flat_map(|point| point.more.iter().map(move |more| (point, more)))
        .map(|(point, more)| {
            vec![
                Cell::money(point.budget),
                Cell::money(more.more),
                Cell::maybe(more.gain, Cell::weight),
                Cell::maybe(more.at_most, Cell::weight),
                Cell::count(more.gained.len()),
                Cell::count(more.lost.len()),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    Table {
        name: "more_money",
        caption: "What more money would buy at each budget, in £",
        heads: heads([
            "#Money",
            "#And more",
            "#Gain",
            "#Gain at most",
            "#Sites gained",
            "#Sites lost",
        ]),
        rows,
        foot: Vec::new(),
    }
    .write(html);
    html.element(
        "p",
        &[("class", "note")],
        &format!("Gains are in {}.", one_line(&frontier.weight)),
    );
}
