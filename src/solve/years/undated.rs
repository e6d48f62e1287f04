//! Scenarios without years that bound or serve those with years.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{
    Budget, Limit, Objective, PriceLevel, Programme, Quantity, Scenario, ScheduleRules,
};
use crate::units::{Pence, Share, Year};

/// The scenario as if all money were there at once and everything could be built at once: whatever a schedule
/// connects in the end, a plan of it can connect. Everything costs what it does in the cheapest year.
pub fn undated(scenario: &Scenario) -> Scenario {
    undated_at(scenario, scenario.lowest_price_level())
}

/// The scenario as if everything were there at once, with the floors of years to be kept in the end: what is
/// connected by a year is connected in the end.
pub fn with_floors(scenario: &Scenario, undated: &Scenario) -> Scenario {
    let floors = scenario.schedule.floors.iter().filter(|floor| !scenario.is_over(floor.by));
    let limits: Vec<Limit> = floors
        .map(|floor| Limit {
            at_least: Some(floor.at_least(scenario)),
            at_most: None,
            ..floor.limit.clone()
        })
        .collect();
    undated.altered(|other| other.rules.limits.extend(limits))
}

/// The same at some level of prices.
pub fn undated_at(scenario: &Scenario, level: PriceLevel) -> Scenario {
    let nested = scenario.schedule.nested;
    scenario.altered(|other| {
        other.rate_card.level = level;
        other.years.clear();
        other.schedule = ScheduleRules::default();
        for programme in &mut other.programmes {
            programme.budget = Budget::Total(programme.budget.total());
            programme.window = None;
            if nested {
                // What is eligible among the users of a year may be less than its share among all.
                programme.min_share = Share::ZERO;
            }
        }
    })
}

/// The level at which the money of all years buys on average.
pub fn usual_level(scenario: &Scenario) -> PriceLevel {
    let money = money_by_year(scenario);
    let (mut all, mut bought, mut before) = (0_i128, 0_i128, Pence::ZERO);
    for (&year, &until) in scenario.years.iter().zip(&money) {
        let own = i128::from((until - before).get());
        all += own;
        bought += own * i128::from(scenario.price_level(year).millionths());
        before = until;
    }
    let level = if all > 0 { (bought + all - 1) / all } else { 0 };
    let lowest = scenario.lowest_price_level();
    u32::try_from(level).map_or(lowest, PriceLevel::from_millionths).max(lowest)
}

/// Whether what holds of all plans at the lowest prices holds of all schedules: a plan that can be paid in dearer
/// years can be paid at lower prices. A rate below one is rounded up on each thing, by which a penny less may be out
/// of reach; and a floor in pounds is not kept by what costs less.
pub fn lowest_prices_bound(scenario: &Scenario) -> bool {
    let whole = |own: &Programme| own.intervention_rate == Share::ONE;
    let floor = |own: &Limit| own.quantity == Quantity::Pounds && own.at_least.is_some();
    !scenario.has_price_years()
        || scenario.programmes.iter().all(whole) && !scenario.rules.limits.iter().any(floor)
}

/// What a programme can have spent by the end of a year.
fn spendable(programme: &Programme, years: &[Year], by: Year) -> Pence {
    if programme.window.is_some_and(|(first, _)| first > by) {
        return Pence::ZERO;
    }
    match programme.available_by_year(years) {
        None => programme.available(),
        Some(of_years) => {
            let until = years.iter().zip(of_years).take_while(|(year, _)| **year <= by);
            until.map(|(_, (own, _))| own).sum()
        }
    }
}

/// The money of all programmes together by the end of each year.
pub fn money_by_year(scenario: &Scenario) -> Vec<Pence> {
    let by = |&year: &Year| {
        scenario.programmes.iter().map(|own| spendable(own, &scenario.years, year)).sum()
    };
    scenario.years.iter().map(by).collect()
}

/// The sites that cannot be connected by the end of a year.
pub fn not_before(scenario: &Scenario, by: Year) -> BTreeSet<String> {
    let rows = scenario.tables.sites.rows.iter();
    let late = rows.filter(|site| scenario.not_before(site).is_some_and(|first| first > by));
    late.map(|site| site.id.clone()).collect()
}

/// What has been connected by some year, as a scenario of its own: only rules that hold of any part of a plan,
/// and only coverage is asked; at the lowest prices until then.
pub fn part(scenario: &Scenario, late: &BTreeSet<String>, level: PriceLevel) -> Scenario {
    undated_at(scenario, level).altered(|other| {
        other.objective = Objective::Maximise(vec![scenario.site_weight().to_owned()]);
        other.rules.required.clear();
        other.rules.groups.clear();
        let upper = |limit: &Limit| limit.at_most.is_some();
        other.rules.limits.retain(upper);
        for limit in &mut other.rules.limits {
            limit.at_least = None;
        }
        for programme in &mut other.programmes {
            programme.min_sites_required = false;
        }
        let known: BTreeSet<String> = other.rules.forbidden.iter().cloned().collect();
        other.rules.forbidden.extend(late.difference(&known).cloned());
    })
}

/// The turn of one year: its money, and what is ready.
pub fn turn(scenario: &Scenario, year: Year, money: &[Pence]) -> Scenario {
    let due = scenario.tables.sites.rows.iter().filter(|site| {
        scenario.not_before(site).is_some_and(|first| first > year)
            || scenario.due_by(site).is_some_and(|last| last < year)
    });
    let out_of_time: BTreeSet<String> = due.map(|site| site.id.clone()).collect();
    let ready = &scenario.schedule.exchange_ready;
    let waits = |id: &str| ready.get(id).is_some_and(|&first| first > year);
    undated_at(scenario, scenario.price_level(year)).altered(|other| {
        for ((programme, own), &money) in
            other.programmes.iter_mut().zip(&scenario.programmes).zip(money)
        {
            programme.budget =
                Budget::Total(if own.is_open_in(year) { money } else { Pence::ZERO });
            // The money is net of it already.
            programme.overhead = Share::ZERO;
        }
        let known: BTreeSet<String> = other.rules.forbidden.iter().cloned().collect();
        other.rules.forbidden.extend(out_of_time.difference(&known).cloned());
        if other.tables.exchanges.rows.iter().any(|row| waits(&row.id)) {
            let rows = &mut Arc::make_mut(&mut other.tables).exchanges.rows;
            rows.iter_mut().filter(|row| waits(&row.id)).for_each(|row| row.ports = Some(0));
        }
    })
}
