//! What is to be scheduled: the items of a forest, the money of years, and what each year can build.
//!
//! In: a scenario and a plan. Out: [`Problem`], which judges any schedule of its items: what each year can build,
//! what must be ready, and, exactly, whether the programmes can pay for it year by year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::funding::{
    CaseDrop, CaseItem, CaseYears, FundingCase, Hanging, PlanForest, Pot, PotBar, YearlyPot, bars,
    money_left, pay_nothing_more, priced, standing_year,
};
use crate::ids::SiteIx;
use crate::model::{PriceLevel, Scenario, Truth, YearAmount};
use crate::plan::{Item, Plan};
use crate::units::{Pence, Weight, Year};

/// The place of a year among those of the scenario.
pub type YearPlace = u8;

/// By item: the year it is built in; `None` where it is not built.
pub type Schedule = Vec<Option<YearPlace>>;

/// A building of the forest.
#[derive(Clone, Debug)]
pub struct DropTerms {
    /// Its drop among the items.
    pub item: usize,
    /// What it brings, in thousandths.
    pub weight: i64,
    /// The first and the last year in which it can be connected.
    pub years: (YearPlace, YearPlace),
    /// The year, of those, in which most of its programmes may pay: what it is taken to be while it has none.
    hoped: YearPlace,
    /// Whether it must be connected.
    pub required: bool,
}

/// The most that a year can build of something.
#[derive(Clone, Debug)]
struct LimitTerms {
    year: Option<YearPlace>,
    most: i128,
    /// Whether it counts money, of which things take more in some years than in others.
    is_money: bool,
    /// By item: how much of it there is, where any building that it counts uses the item.
    counts: Vec<i64>,
}

/// At least so much by the end of a year.
#[derive(Clone, Debug)]
struct FloorTerms {
    by: YearPlace,
    least: i64,
    /// By building.
    counts: Vec<i64>,
}

/// The items of a plan, and what is asked of their years.
pub struct Problem {
    forest: PlanForest,
    /// The first year that is not over.
    open: YearPlace,
    /// By item: the year in which it was built, where it stands already.
    fixed: Schedule,
    pots: Vec<Pot>,
    bars: Vec<PotBar>,
    yearly: Vec<YearlyPot>,
    nested: bool,
    years: Vec<Year>,
    /// By year: its prices over those of the items.
    levels: Vec<PriceLevel>,
    drops: Vec<DropTerms>,
    /// Buildings that are connected together: each is in one of these.
    units: Vec<Vec<usize>>,
    /// By item: the first year in which it can be built.
    ready: Vec<YearPlace>,
    limits: Vec<LimitTerms>,
    floors: Vec<FloorTerms>,
    year_weights: Vec<i64>,
    earliest_first: bool,
    /// Whether the least cost comes first, for a target.
    cheapest_first: bool,
}

/// What keeps a schedule from being one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hindrance {
    /// Something is not ready.
    NotReady,
    /// A year cannot build so much.
    YearLimit,
    /// The money of the years does not suffice.
    Money,
}

/// How good a schedule is: what comes first, then what comes next.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Score(pub i128, pub i128);

impl Problem {
    /// The problem of a plan's items under the years of its scenario.
    ///
    /// # Errors
    ///
    /// What is wrong with a plan that is no forest.
    pub fn of(scenario: &Scenario, plan: &Plan) -> Result<Self, String> {
        let mut forest = if scenario.schedule.price_index.is_empty() {
            PlanForest::of(scenario, plan)?
        } else {
            // At the prices of the rate card, whatever the plan was made with.
            PlanForest::of(scenario, &priced(scenario, plan.clone().in_years(|_| None)))?
        };
        pay_nothing_more(scenario, &mut forest);
        let years = scenario.years.clone();
        let over = years.iter().filter(|&&year| scenario.is_over(year)).count();
        let open = YearPlace::try_from(over).unwrap_or(YearPlace::MAX);
        let place = |year: Year| place_of(&years, year);
        let last = last_place(&years);
        let weight = |site: &SiteIx| {
            let own = scenario.weight(scenario.site_weight(), scenario.tables.site(*site));
            own.map_or(0, |own| own.weight.thousandths())
        };
        let mut yearly: Vec<YearlyPot> =
            scenario.programmes.iter().map(|own| YearlyPot::of(own, &years)).collect();
        let mut pots: Vec<Pot> = scenario.programmes.iter().map(Pot::of).collect();
        money_left(scenario, &mut pots, &mut yearly);
        let standing = |name: &Item| standing_year(scenario, name).map(place);
        let fixed: Schedule = forest.names.iter().map(standing).collect();
        let required: BTreeSet<&str> = scenario.rules.required.iter().map(String::as_str).collect();
        let drops = forest.drops.iter().map(|hanging| {
            let sites = || hanging.sites.iter().map(|&site| scenario.tables.site(site));
            let first = sites().filter_map(|site| scenario.not_before(site)).map(place).max();
            let due = sites().filter_map(|site| scenario.due_by(site)).map(place).min();
            let years = match fixed[hanging.item as usize] {
                Some(year) => (year, year),
                None => (first.unwrap_or(0).max(open), due.unwrap_or(last)),
            };
            let eligible = hanging.entitlement.eligible();
            let open = |year: &YearPlace| {
                eligible.iter().filter(|&pot| yearly[pot].is_open(*year)).count()
            };
            DropTerms {
                item: hanging.item as usize,
                weight: hanging.sites.iter().map(weight).sum(),
                hoped: (years.0..=years.1).max_by_key(open).unwrap_or(years.0),
                years,
                required: sites().any(|site| required.contains(site.id.as_str())),
            }
        });
        let drops: Vec<DropTerms> = drops.collect();
        let ready = forest.names.iter().zip(&fixed).map(|(name, fixed)| match name {
            _ if fixed.is_some() => 0,
            Item::Exchange(id) => {
                let ready = scenario.schedule.exchange_ready.get(id);
                ready.map_or(0, |&year| place(year)).max(open)
            }
            Item::Span(_) | Item::Drop(_) => open,
        });
        let ready = ready.collect();
        let programmes = &scenario.programmes;
        let mut problem = Self {
            pots,
            open,
            fixed,
            bars: bars(programmes),
            yearly,
            nested: scenario.schedule.nested,
            units: units(scenario, &forest),
            year_weights: scenario.year_weights(),
            earliest_first: scenario.schedule.earliest.is_some(),
            cheapest_first: scenario.objective.target().is_some(),
            limits: Vec::new(),
            floors: Vec::new(),
            levels: years.iter().map(|&year| scenario.price_level(year)).collect(),
            forest,
            years,
            drops,
            ready,
        };
        problem.add_limits(scenario, plan);
        problem.add_floors(scenario);
        Ok(problem)
    }

    fn add_limits(&mut self, scenario: &Scenario, plan: &Plan) {
        let lengths: HashMap<&str, i64> = plan
            .spans
            .iter()
            .map(|span| (span.id.as_str(), i64::try_from(span.length.get()).unwrap_or(i64::MAX)))
            .collect();
        for limit in &scenario.schedule.limits {
            let mut used = vec![false; self.items()];
            for hanging in &self.forest.drops {
                let mut sites = hanging.sites.iter().map(|&site| scenario.tables.site(site));
                if sites.any(|site| limit.clause.judge(&scenario.tables, site) == Truth::Yes) {
                    for item in self.path(hanging.item as usize) {
                        used[item] = true;
                    }
                }
            }
            let amount = |item: usize| match (limit.at_most, &self.forest.names[item]) {
                (YearAmount::Buildings(_), Item::Drop(_)) => 1,
                (YearAmount::Pounds(_), _) => self.cost(item),
                (YearAmount::Metres(_), Item::Span(id)) => lengths[id.as_str()],
                _ => 0,
            };
            let counts = used.iter().enumerate();
            let counts = counts.map(|(item, &used)| if used { amount(item) } else { 0 }).collect();
            let most = match limit.at_most {
                YearAmount::Buildings(most) => i128::from(most),
                YearAmount::Pounds(most) => i128::from(most.get()),
                YearAmount::Metres(most) => i128::from(most.get()),
            };
            let year = limit.year.map(|year| place_of(&self.years, year));
            let is_money = matches!(limit.at_most, YearAmount::Pounds(_));
            self.limits.push(LimitTerms { year, most, is_money, counts });
        }
    }

    fn add_floors(&mut self, scenario: &Scenario) {
        let floors = scenario.schedule.floors.iter();
        for floor in floors.filter(|floor| !scenario.is_over(floor.by)) {
            let counted = |site: &SiteIx| {
                let own = floor.counts(scenario, scenario.tables.site(*site));
                own.map_or(0, Weight::thousandths)
            };
            let of_drop = |hanging: &Hanging| hanging.sites.iter().map(counted).sum();
            self.floors.push(FloorTerms {
                by: place_of(&self.years, floor.by),
                least: floor.at_least(scenario).thousandths(),
                counts: self.forest.drops.iter().map(of_drop).collect(),
            });
        }
        // Premises are passed by routes; whether there are enough is for the check to say.
        let target =
            scenario.objective.target().filter(|(name, _)| *name == scenario.site_weight());
        if let Some((_, least)) = target {
            self.floors.push(FloorTerms {
                by: last_place(&self.years),
                least: least.thousandths(),
                counts: self.drops.iter().map(|drop| drop.weight).collect(),
            });
        }
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.forest.items.len()
    }

    /// How many years there are.
    pub fn years(&self) -> YearPlace {
        last_place(&self.years) + 1
    }

    /// The buildings.
    pub fn drops(&self) -> &[DropTerms] {
        &self.drops
    }

    /// Buildings that are connected together.
    pub fn units(&self) -> &[Vec<usize>] {
        &self.units
    }

    /// By item: the one towards its exchange.
    pub fn parents(&self) -> Vec<Option<u32>> {
        self.forest.items.iter().map(|item| item.parent).collect()
    }

    /// By item: what it costs at the prices of the rate card, in pence.
    pub fn costs(&self) -> Vec<i64> {
        self.forest.items.iter().map(|item| item.cost.get()).collect()
    }

    fn cost(&self, item: usize) -> i64 {
        self.forest.items[item].cost.get()
    }

    /// What so much on the rate card costs in a year.
    fn price_in(&self, year: YearPlace, price: Pence) -> Pence {
        self.levels.get(usize::from(year)).map_or(price, |level| level.of(price))
    }

    /// The first year that is not over.
    pub const fn open(&self) -> YearPlace {
        self.open
    }

    /// By item: the year in which it was built, where it stands already.
    pub const fn fixed(&self) -> &Schedule {
        &self.fixed
    }

    /// The names of the items.
    pub fn names(&self) -> &[Item] {
        &self.forest.names
    }

    /// The first year in which an item can be built.
    pub fn ready(&self, item: usize) -> YearPlace {
        self.ready[item]
    }

    /// Whether the end of each year is a plan in its own right.
    pub fn is_nested(&self) -> bool {
        self.nested
    }

    /// Whether all money of each year may be spent later: nothing is then won by building ahead.
    pub fn keeps_all_money(&self) -> bool {
        let keeps = |pot: &YearlyPot| {
            let whole = pot.window == (0, last_place(&self.years));
            let carries =
                |money: &Vec<(Pence, Option<Pence>)>| money.iter().all(|own| own.1.is_none());
            whole && pot.money.as_ref().is_none_or(carries)
        };
        self.limits.is_empty() && self.yearly.iter().all(keeps)
    }

    /// The items from one to its exchange, itself first.
    pub fn path(&self, from: usize) -> impl Iterator<Item = usize> + '_ {
        let above = |&item: &usize| self.forest.items[item].parent.map(|parent| parent as usize);
        std::iter::successors(Some(from), above)
    }

    /// The schedule that a plan states, where it keeps every rule and can be paid.
    pub fn stated(&self, scenario: &Scenario, plan: &Plan) -> Option<Schedule> {
        let years: HashMap<Item, Year> =
            plan.items().map(|(item, year)| Some((item, year?))).collect::<Option<_>>()?;
        let place = |name: &Item| {
            let year = years.get(name)?;
            scenario.years.iter().position(|own| own == year).and_then(|own| own.try_into().ok())
        };
        let schedule: Schedule = self.forest.names.iter().map(place).collect();
        let whole = schedule.iter().all(Option::is_some) && self.hindrance(&schedule).is_none();
        let in_order = self.drops.iter().all(|drop| {
            let year = schedule[drop.item];
            self.path(drop.item).all(|item| schedule[item] <= year)
        });
        let none = vec![false; self.drops.len()];
        (whole && in_order && self.affords(&schedule, &none)).then(|| self.in_use(schedule))
    }

    /// A schedule without what no connected building uses, but for what stands.
    pub fn in_use(&self, mut schedule: Schedule) -> Schedule {
        let mut used: Vec<bool> = self.fixed.iter().map(Option::is_some).collect();
        for unit in &self.units {
            let items = || unit.iter().map(|&drop| self.drops[drop].item);
            if items().all(|item| schedule[item].is_some()) {
                items().flat_map(|item| self.path(item)).for_each(|item| used[item] = true);
            }
        }
        for (year, used) in schedule.iter_mut().zip(used) {
            if !used {
                *year = None;
            }
        }
        schedule
    }

    /// What a schedule without regard to money breaks first.
    pub fn hindrance(&self, schedule: &Schedule) -> Option<Hindrance> {
        let early = |(item, year): (usize, &Option<YearPlace>)| {
            year.is_some_and(|year| year < self.ready[item])
        };
        if schedule.iter().enumerate().any(early) {
            return Some(Hindrance::NotReady);
        }
        let out_of_time = |drop: &DropTerms| {
            schedule[drop.item].is_some_and(|year| year < drop.years.0 || drop.years.1 < year)
        };
        if self.drops.iter().any(out_of_time) {
            return Some(Hindrance::NotReady);
        }
        for limit in &self.limits {
            let mut built = vec![0_i128; usize::from(self.years())];
            for (&year, &much) in schedule.iter().zip(&limit.counts) {
                if let Some(year) = year {
                    let much = if limit.is_money {
                        self.price_in(year, Pence::new(much)).get()
                    } else {
                        much
                    };
                    built[usize::from(year)] += i128::from(much);
                }
            }
            let mut years = built.iter().zip(0..);
            if years.any(|(&built, year)| {
                let counts = year >= self.open && limit.year.is_none_or(|own| own == year);
                counts && built > limit.most
            }) {
                return Some(Hindrance::YearLimit);
            }
        }
        None
    }

    /// Whether the programmes can pay for what a schedule builds, each item in its year.
    ///
    /// Buildings of `intended` that are not in it yet are users of what they would use, unless the end of each
    /// year is to be a plan in its own right. A max-flow; items times pots before it.
    pub fn affords(&self, schedule: &Schedule, intended: &[bool]) -> bool {
        let last = last_place(&self.years);
        let items = self.forest.items.iter().zip(schedule).map(|(item, year)| CaseItem {
            cost: year.map_or(Pence::ZERO, |year| self.price_in(year, item.cost)),
            ..*item
        });
        let mut of_item: Vec<YearPlace> =
            schedule.iter().map(|year| year.unwrap_or(last)).collect();
        let drops = self.forest.drops.iter().zip(&self.drops).zip(intended);
        let drops = drops.filter(|((_, terms), intended)| {
            schedule[terms.item].is_some() || (**intended && !self.nested)
        });
        let drops = drops.map(|((hanging, terms), _)| {
            if schedule[terms.item].is_none() {
                of_item[terms.item] = terms.hoped;
            }
            CaseDrop { item: hanging.item, entitlement: &hanging.entitlement }
        });
        let drops = drops.collect();
        let Ok(case) = FundingCase::new(&self.pots, &self.bars, items.collect(), drops) else {
            return false;
        };
        let years = CaseYears { of_item, nested: self.nested, pots: &self.yearly };
        case.in_years(years).is_fundable() == Some(true)
    }

    /// Whether all that is required is connected, and floors by year hold.
    pub fn keeps_floors(&self, schedule: &Schedule) -> bool {
        let holds = |floor: &FloorTerms| {
            let by = |drop: &DropTerms| schedule[drop.item].is_some_and(|year| year <= floor.by);
            let counted = self.drops.iter().zip(&floor.counts).filter(|(drop, _)| by(drop));
            counted.map(|(_, counts)| counts).sum::<i64>() >= floor.least
        };
        self.drops.iter().all(|drop| !drop.required || schedule[drop.item].is_some())
            && self.floors.iter().all(holds)
    }

    /// The buildings that a schedule should connect, or connect earlier, for what is required or has a floor; none
    /// where it keeps both.
    pub fn wanting(&self, schedule: &Schedule) -> Vec<usize> {
        let mut wanting = BTreeSet::new();
        let missing = |own: &(usize, &DropTerms)| own.1.required && schedule[own.1.item].is_none();
        wanting.extend(self.drops.iter().enumerate().filter(missing).map(|(drop, _)| drop));
        for floor in &self.floors {
            let by = |drop: &DropTerms| schedule[drop.item].is_some_and(|year| year <= floor.by);
            let counted = self.drops.iter().zip(&floor.counts);
            let held: i64 = counted.filter(|(drop, _)| by(drop)).map(|(_, counts)| counts).sum();
            if held < floor.least {
                let late = |&drop: &usize| floor.counts[drop] > 0 && !by(&self.drops[drop]);
                wanting.extend((0..self.drops.len()).filter(late));
            }
        }
        wanting.into_iter().collect()
    }

    /// What is connected by the end of each year, in thousandths.
    pub fn coverage(&self, schedule: &Schedule) -> Vec<i64> {
        let mut by_year = vec![0_i64; usize::from(self.years())];
        for drop in &self.drops {
            if let Some(year) = schedule[drop.item] {
                by_year[usize::from(year)] += drop.weight;
            }
        }
        for year in 1..by_year.len() {
            by_year[year] += by_year[year - 1];
        }
        by_year
    }

    /// How good a schedule is.
    pub fn score(&self, schedule: &Schedule) -> Score {
        let coverage = self.coverage(schedule);
        let years = coverage.iter().zip(&self.year_weights);
        let early = years.map(|(&own, &weight)| i128::from(own) * i128::from(weight)).sum();
        let end = coverage.last().map_or(0, |&own| i128::from(own));
        match (self.earliest_first, self.cheapest_first) {
            (true, false) => Score(early, end),
            (false, false) => Score(end, early),
            (true, true) => Score(early, -self.cost_of(schedule)),
            (false, true) => Score(-self.cost_of(schedule), early),
        }
    }

    /// Whether the least cost for a target comes before all else.
    pub const fn is_cheapest_first(&self) -> bool {
        self.cheapest_first && !self.earliest_first
    }

    /// What a schedule costs, each thing in its year; what stands costs nothing more.
    fn cost_of(&self, schedule: &Schedule) -> i128 {
        let items = self.forest.items.iter().zip(schedule);
        let costs = items.filter_map(|(item, year)| Some(self.price_in((*year)?, item.cost).get()));
        costs.map(i128::from).sum()
    }
}

/// The place of a year, or of the first after it.
fn place_of(years: &[Year], year: Year) -> YearPlace {
    let place = years.iter().position(|&own| own >= year).unwrap_or(years.len());
    // A scenario has at most some dozens of years (P153).
    YearPlace::try_from(place).unwrap_or(YearPlace::MAX)
}

fn last_place(years: &[Year]) -> YearPlace {
    YearPlace::try_from(years.len().saturating_sub(1)).unwrap_or(YearPlace::MAX)
}

/// The buildings by groups of the rules that hold any of their sites; each of the others alone.
fn units(scenario: &Scenario, forest: &PlanForest) -> Vec<Vec<usize>> {
    let mut unit_of: Vec<usize> = (0..forest.drops.len()).collect();
    for group in &scenario.rules.groups {
        let sites: Vec<SiteIx> =
            group.iter().filter_map(|id| scenario.tables.site_by_id(id)).collect();
        let holds = |hanging: &Hanging| hanging.sites.iter().any(|site| sites.contains(site));
        let held: Vec<usize> =
            (0..forest.drops.len()).filter(|&drop| holds(&forest.drops[drop])).collect();
        let Some(&first) = held.first() else { continue };
        let into = unit_of[first];
        for drop in held {
            let from = unit_of[drop];
            unit_of.iter_mut().filter(|own| **own == from).for_each(|own| *own = into);
        }
    }
    let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (drop, &unit) in unit_of.iter().enumerate() {
        units.entry(unit).or_default().push(drop);
    }
    units.into_values().collect()
}
