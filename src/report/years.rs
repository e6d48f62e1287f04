//! The years of a plan: what each programme has, spends and keeps, and what is connected and built.

use std::collections::BTreeMap;

use crate::model::{Programme, Scenario};
use crate::plan::{Outcome, Plan};
use crate::report::spend_by_year;
use crate::units::{Millimetres, Pence, Weight, Year};

/// The money of a programme in a year.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct YearMoneyLine {
    /// Id of the programme.
    pub programme: String,
    /// Whether it may pay in this year.
    pub open: bool,
    /// Money of the year, net of overhead; all of it in the first year where one sum is stated for the whole time.
    pub own: Pence,
    /// Money that has moved on from the year before.
    pub brought: Pence,
    /// Money spent.
    pub spent: Pence,
    /// What is left and moves on to the next year.
    pub moves_on: Pence,
    /// What is left and lapses; in the last year all that is left.
    pub lapses: Pence,
}

impl YearMoneyLine {
    /// All that it has in the year.
    #[must_use]
    pub fn available(&self) -> Pence {
        self.own + self.brought
    }
}

/// One year of a plan.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct YearLine {
    /// The year.
    pub year: Year,
    /// One line a programme, in the order of the scenario.
    pub money: Vec<YearMoneyLine>,
    /// Price of what is built in it.
    pub cost: Pence,
    /// Buildings connected in it.
    pub buildings: usize,
    /// Sites connected in it.
    pub sites: usize,
    /// Their coverage under the first weight of the objective that sites carry.
    pub coverage: Weight,
    /// Sites connected by its end.
    pub sites_so_far: usize,
    /// Their coverage.
    pub coverage_so_far: Weight,
    /// No schedule has more by its end; `None` where the plan does not say.
    pub bound: Option<Weight>,
    /// By method: spans built in it, and their length.
    pub methods: BTreeMap<String, (usize, Millimetres)>,
}

/// The years of a plan; none where it states none.
#[must_use]
pub fn year_lines(scenario: &Scenario, outcome: &Outcome) -> Vec<YearLine> {
    let Some(plan) = outcome.plan.as_ref().filter(|plan| is_dated(plan)) else { return Vec::new() };
    let mut money = MoneyOfYears::of(scenario, plan);
    let mut lines: Vec<YearLine> = Vec::with_capacity(scenario.years.len());
    for (place, &year) in scenario.years.iter().enumerate() {
        let before = lines.last();
        let mut line = YearLine {
            year,
            money: money.next(scenario, place),
            cost: Pence::ZERO,
            buildings: 0,
            sites: 0,
            coverage: Weight::ZERO,
            sites_so_far: before.map_or(0, |own| own.sites_so_far),
            coverage_so_far: before.map_or(Weight::ZERO, |own| own.coverage_so_far),
            bound: outcome.years.iter().find(|own| own.year == year).map(|own| own.bound),
            methods: BTreeMap::new(),
        };
        line.add(scenario, plan);
        lines.push(line);
    }
    lines
}

/// Whether a plan states years.
#[must_use]
pub fn is_dated(plan: &Plan) -> bool {
    plan.drops.iter().any(|drop| drop.year.is_some())
}

impl YearLine {
    fn add(&mut self, scenario: &Scenario, plan: &Plan) {
        let now = Some(self.year);
        for span in plan.spans.iter().filter(|span| span.year == now) {
            self.cost += span.cost;
            let (spans, length) = self.methods.entry(span.method.clone()).or_default();
            *spans += 1;
            *length = *length + span.length;
        }
        for exchange in plan.exchanges.iter().filter(|own| own.year == now) {
            self.cost += exchange.cost;
        }
        for drop in plan.drops.iter().filter(|drop| drop.year == now) {
            self.cost += drop.cost;
            self.buildings += 1;
            self.sites += drop.sites.len();
            let sites = drop.sites.iter().filter_map(|id| scenario.tables.site_by_id(id));
            let weights = sites.filter_map(|site| {
                scenario.weight(scenario.site_weight(), scenario.tables.site(site))
            });
            self.coverage += weights.map(|own| own.weight).sum();
        }
        self.sites_so_far += self.sites;
        self.coverage_so_far += self.coverage;
    }
}

/// The money of every programme, year after year.
struct MoneyOfYears {
    /// By programme and year.
    spent: Vec<BTreeMap<Year, Pence>>,
    brought: Vec<Pence>,
}

impl MoneyOfYears {
    fn of(scenario: &Scenario, plan: &Plan) -> Self {
        let places: BTreeMap<&str, usize> =
            scenario.programmes.iter().map(|own| own.id.as_str()).zip(0..).collect();
        let mut spent = vec![BTreeMap::new(); places.len()];
        for line in spend_by_year(scenario, plan) {
            let place = places.get(line.programme.as_str());
            if let Some((&place, year)) = place.zip(line.year) {
                spent[place].insert(year, line.paid);
            }
        }
        Self { spent, brought: vec![Pence::ZERO; places.len()] }
    }

    fn next(&mut self, scenario: &Scenario, place: usize) -> Vec<YearMoneyLine> {
        let programmes = scenario.programmes.iter().enumerate();
        programmes
            .map(|(own, programme)| self.of_programme(scenario, own, programme, place))
            .collect()
    }

    fn of_programme(
        &mut self,
        scenario: &Scenario,
        own: usize,
        programme: &Programme,
        place: usize,
    ) -> YearMoneyLine {
        let year = scenario.years[place];
        let is_last = place + 1 == scenario.years.len();
        let (money, most) = match programme.available_by_year(&scenario.years) {
            Some(years) => years[place],
            None if place == 0 => (programme.available(), None),
            None => (Pence::ZERO, None),
        };
        let brought = self.brought[own];
        let spent = self.spent[own].get(&year).copied().unwrap_or_default();
        let left = money + brought - spent;
        let moves_on = if is_last { Pence::ZERO } else { most.map_or(left, |most| left.min(most)) };
        self.brought[own] = moves_on;
        YearMoneyLine {
            programme: programme.id.clone(),
            open: programme.is_open_in(year),
            own: money,
            brought,
            spent,
            moves_on,
            lapses: left - moves_on,
        }
    }
}
