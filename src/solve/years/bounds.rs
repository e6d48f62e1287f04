//! The most that can be connected by the end of each year, proven.
//!
//! In: a scenario with years. Out: by year a bound on what any schedule has connected by its end. What is connected
//! by then is a forest of items built and paid by then: it costs no more than the money of all programmes by then,
//! whatever users come later, and keeps what years can build. The bound is that of the merged pot, a
//! Lagrangian over dual ascents ([`crate::engine::frontier`]); which sites make which programme eligible is not used,
//! for later sites may do so too.

use std::collections::BTreeSet;

use super::past::Past;
use super::undated::{not_before, part};
use crate::effort::Effort;
use crate::engine::{self, Goal, Instance};
use crate::error::Error;
use crate::ids::SpanIx;
use crate::model::{Clause, PriceLevel, Scenario, Truth, YearAmount, YearLimit};
use crate::network::Prepared;
use crate::observe::{Muted, Observer};
use crate::question::{EdgeItem, Question, question};
use crate::solve::on_top::Built;
use crate::solve::on_top::on_what_stands;
use crate::units::{Pence, Year};

/// By year, in thousandths of the first weight that sites carry: no schedule has connected more by its end.
///
/// # Errors
///
/// As [`question`].
pub fn coverage_bounds(
    prepared: &Prepared,
    scenario: &Scenario,
    past: &Past,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<i64>, Error> {
    // What was connected by then, of the years that are over.
    let mut bounds = past.coverage(scenario);
    let stands = bounds.last().copied().unwrap_or(0);
    let mut lowest = PriceLevel::HIGHEST;
    let of_year = |&year: &Year| {
        if !scenario.is_over(year) {
            lowest = lowest.min(scenario.price_level(year));
        }
        (not_before(scenario, year), lowest)
    };
    // Sites that cannot be connected by the end of each year, and the lowest prices until then.
    let late: Vec<_> = scenario.years.iter().map(of_year).collect();
    let mut place = past.open;
    while place < scenario.years.len() {
        // Years with the same sites and prices are one question.
        let same = late[place..].iter().take_while(|own| **own == late[place]).count();
        let until = place + same;
        let to_come = scenario.years.len() - place;
        let share = effort.turn(to_come.div_ceil(same));
        let until_then = part(scenario, &late[place].0, late[place].1);
        let mut question = question(prepared, &until_then)?;
        if !past.is_empty() {
            on_what_stands(&mut question, &past.built);
        }
        let years: Vec<usize> = (place..until).collect();
        let found = of_question(prepared, scenario, &question, past, &years, &share, observer)?;
        bounds.extend(found.into_iter().map(|more| stands + more));
        place = until;
    }
    // What is connected by a year is connected by the next.
    for place in (1..bounds.len()).rev() {
        bounds[place - 1] = bounds[place - 1].min(bounds[place]);
    }
    Ok(bounds)
}

#[allow(clippy::too_many_arguments)]
fn of_question(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    past: &Past,
    years: &[usize],
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<i64>, Error> {
    let everything: i64 = question.instance.prizes.iter().sum();
    let pounds = |year: usize| {
        let money = past.money(scenario, year).into_iter().sum::<Pence>().get();
        let limit = cumulative(scenario, (past.open, year), |own| match own.at_most {
            YearAmount::Pounds(most) => Some(most.get()),
            _ => None,
        });
        limit.map_or(money, |most| most.min(money))
    };
    let budgets: Vec<i64> = years.iter().map(|&year| pounds(year)).collect();
    let mut bounds = frontier(&question.instance, &budgets, effort, observer)?;
    let metres = |year: usize| {
        cumulative(scenario, (past.open, year), |own| match own.at_most {
            YearAmount::Metres(most) => Some(i64::try_from(most.get()).unwrap_or(i64::MAX)),
            _ => None,
        })
    };
    if let Some(lengths) = years.iter().map(|&year| metres(year)).collect::<Option<Vec<i64>>>() {
        let of_length = in_metres(prepared, question, &past.built);
        let by_length = frontier(&of_length, &lengths, effort, observer)?;
        bounds.iter_mut().zip(by_length).for_each(|(own, other)| *own = (*own).min(other));
    }
    for (bound, &year) in bounds.iter_mut().zip(years) {
        *bound = (*bound).min(everything).min(by_buildings(
            prepared,
            scenario,
            question,
            (past.open, year),
        ));
    }
    Ok(bounds.into_iter().map(|bound| question.scale.first(bound)).collect())
}

fn frontier(
    instance: &Instance,
    budgets: &[i64],
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<i64>, Error> {
    let most = budgets.iter().copied().max().unwrap_or(0);
    let mut instance = instance.clone();
    instance.goal = Goal::MostPrize { budget: most };
    let points = engine::frontier(&instance, budgets, effort, &mut Muted(observer))?;
    Ok(points.into_iter().map(|point| point.bound).collect())
}

/// Whether a limit counts everything.
fn is_of_everything(limit: &YearLimit) -> bool {
    limit.clause == Clause::everyone()
}

/// What the years up to one can build together of what a limit names; nothing where one of them is not limited.
fn cumulative(
    scenario: &Scenario,
    (open, until): (usize, usize),
    most: impl Fn(&YearLimit) -> Option<i64>,
) -> Option<i64> {
    let of_year = |year: Year| {
        let limits = scenario.schedule.limits.iter().filter(|own| is_of_everything(own));
        let of_it = limits.filter(|own| own.year.is_none_or(|own| own == year));
        of_it.filter_map(&most).min()
    };
    let years = scenario.years[open..=until].iter().map(|&year| of_year(year));
    years.sum()
}

/// The instance with lengths in the place of prices.
fn in_metres(prepared: &Prepared, question: &Question, built: &Built) -> Instance {
    let mut instance = question.instance.clone();
    let mut halves = BTreeSet::new();
    for (place, edge) in (0_u32..).zip(&mut instance.edges) {
        let span = question.span(place);
        // A span whose premises count is two edges: all of it stands on the first.
        let is_new = |span: &SpanIx| !built.holds(EdgeItem::Span(*span));
        let length = span.filter(|span| halves.insert(*span) && is_new(span));
        edge.cost = length
            .map_or(0, |span| i64::try_from(prepared.span(span).length.get()).unwrap_or(i64::MAX));
    }
    instance
}

/// Where years can connect so many buildings, those that bring most are all there can be.
fn by_buildings(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    (open, until): (usize, usize),
) -> i64 {
    let all: i64 = question.instance.prizes.iter().sum();
    let mut best = all;
    for limit in &scenario.schedule.limits {
        // Those that count the same buildings together; years that none of them names are not limited.
        let most = |other: &YearLimit| match other.at_most {
            YearAmount::Buildings(most) if other.clause == limit.clause => Some(i64::from(most)),
            _ => None,
        };
        let of_year = |year: &Year| {
            let limits = scenario.schedule.limits.iter();
            limits.filter(|own| own.year.is_none_or(|own| own == *year)).filter_map(most).min()
        };
        let Some(most) = scenario.years[open..=until].iter().map(of_year).sum::<Option<i64>>()
        else {
            continue;
        };
        let counted = |place: &usize| {
            let sites = &prepared.buildings()[*place].sites;
            let sites = sites.iter().map(|&site| scenario.tables.site(site));
            // A site that is never connected does not make its building one that counts.
            let mut sites = sites.filter(|site| !scenario.forbids(site));
            sites.any(|site| limit.clause.judge(&scenario.tables, site) == Truth::Yes)
        };
        let prize = |place: usize| question.instance.prizes[question.junctions + place];
        let places = (0..prepared.buildings().len()).filter(counted);
        let mut prizes: Vec<i64> = places.map(prize).collect();
        prizes.sort_unstable_by_key(|&prize| std::cmp::Reverse(prize));
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let beyond: i64 = prizes.iter().skip(most).sum();
        best = best.min(all - beyond);
    }
    best
}
