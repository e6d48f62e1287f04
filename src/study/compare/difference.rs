//! What changes from one plan to another.
//!
//! In: two plans, each with its scenario. Out: sites gained and lost with their weights, items built and
//! no longer built with their prices, and money by programme. Every figure is there before and after, so
//! that the parts add up to the differences of coverage and cost; [`Difference::adds_up`] says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Scenario;
use crate::plan::{Plan, premises_passed};
use crate::units::{Millimetres, Pence, Weight};

/// What became of a site or item.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Change {
    /// The second plan has it, the first has not.
    Gained,
    /// The first plan has it, the second has not.
    Lost,
    /// Both have it.
    Kept,
}

impl Change {
    fn of<T>(sides: &[Option<T>; 2]) -> Self {
        match sides {
            [None, _] => Self::Gained,
            [_, None] => Self::Lost,
            _ => Self::Kept,
        }
    }
}

/// A connected site that the plans do not have alike.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SiteChange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it counts before and after; `None` where it is not connected.
    pub weight: [Option<Weight>; 2],
}

impl SiteChange {
    /// Gained, lost, or kept at another weight.
    #[must_use]
    pub fn change(&self) -> Change {
        Change::of(&self.weight)
    }

    /// What it counts on the side that has it; after the change where both have.
    #[must_use]
    pub fn counts(&self) -> Weight {
        self.weight[1].or(self.weight[0]).unwrap_or_default()
    }
}

/// An exchange, span or drop that the plans do not have alike.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ItemChange {
    /// Id of the exchange or span, or of the building of a drop.
    pub id: String,
    /// Length and price before and after; `None` where it is not built. Only spans have a length.
    pub figures: [Option<(Millimetres, Pence)>; 2],
}

impl ItemChange {
    /// Built, no longer built, or built at another price or length.
    #[must_use]
    pub fn change(&self) -> Change {
        Change::of(&self.figures)
    }

    fn length(&self, side: usize) -> Millimetres {
        self.figures[side].map(|(length, _)| length).unwrap_or_default()
    }

    fn cost(&self, side: usize) -> Pence {
        self.figures[side].map(|(_, cost)| cost).unwrap_or_default()
    }
}

/// Money from a programme, before and after.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MoneyChange {
    /// Id of the programme.
    pub programme: String,
    /// What it pays; `None` where the scenario has no such programme.
    pub pays: [Option<Pence>; 2],
}

impl MoneyChange {
    /// A programme that is new, gone, or in both scenarios.
    #[must_use]
    pub fn change(&self) -> Change {
        Change::of(&self.pays)
    }
}

/// How many items, how long and at what price.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many.
    pub count: usize,
    /// Length together.
    pub length: Millimetres,
    /// Price together.
    pub cost: Pence,
}

/// The difference between two plans.
///
/// Sites are weighed by the first weight of the first scenario's objective that sites carry, in each by its own
/// figures; where the second scenario has no such weight, by those of the first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Name of the weight.
    pub weight: String,
    /// Coverage before and after.
    pub coverage: [Weight; 2],
    /// Premises that what is built passes, before and after.
    pub passed: [Weight; 2],
    /// Cost before and after.
    pub cost: [Pence; 2],
    /// Sites gained and lost, and sites kept that count otherwise: the weightiest first, then by id.
    pub sites: Vec<SiteChange>,
    /// Exchanges, by id.
    pub exchanges: Vec<ItemChange>,
    /// Spans, by id.
    pub spans: Vec<ItemChange>,
    /// Drops, by building.
    pub drops: Vec<ItemChange>,
    /// Programmes of either scenario, in the order of the first, then of the second.
    pub programmes: Vec<MoneyChange>,
}

/// A plan with the scenario it answers.
type Side<'a> = (&'a Scenario, &'a Plan);

impl Difference {
    /// What changes from the first plan to the second. Linear in the plans but for sorting.
    #[must_use]
    pub fn between(from: Side<'_>, to: Side<'_>) -> Self {
        let weight = from.0.site_weight();
        let weighed = [from, to].map(|(scenario, plan)| weights(scenario, plan, from.0, weight));
        let coverage = [0, 1].map(|side: usize| weighed[side].values().copied().sum());
        let plans = [from.1, to.1];
        Self {
            weight: weight.to_owned(),
            coverage,
            passed: [from, to].map(|(scenario, plan)| premises_passed(scenario, plan)),
            cost: plans.map(Plan::cost),
            sites: sites(&weighed, [from.0, to.0]),
            exchanges: items(plans, |plan| {
                let rows = plan.exchanges.iter();
                rows.map(|row| (row.id.as_str(), (Millimetres::ZERO, row.cost))).collect()
            }),
            spans: items(plans, |plan| {
                plan.spans.iter().map(|row| (row.id.as_str(), (row.length, row.cost))).collect()
            }),
            drops: items(plans, |plan| {
                let rows = plan.drops.iter();
                rows.map(|row| (row.building.as_str(), (Millimetres::ZERO, row.cost))).collect()
            }),
            programmes: programmes([from, to]),
        }
    }

    /// Sites of one sort of change.
    pub fn sites_of(&self, change: Change) -> impl Iterator<Item = &SiteChange> {
        self.sites.iter().filter(move |site| site.change() == change)
    }

    /// What the sites gained, or lost, count together; for sites kept, what they count more than before.
    #[must_use]
    pub fn weight_of(&self, change: Change) -> Weight {
        let side = |site: &SiteChange, side: usize| site.weight[side].unwrap_or_default();
        match change {
            Change::Gained => self.sites_of(change).map(|site| side(site, 1)).sum(),
            Change::Lost => self.sites_of(change).map(|site| side(site, 0)).sum(),
            Change::Kept => {
                let more = self.sites_of(change);
                let more =
                    more.map(|site| side(site, 1).thousandths() - side(site, 0).thousandths());
                Weight::from_thousandths(more.sum())
            }
        }
    }

    /// What items that both plans build cost more than before.
    #[must_use]
    pub fn dearer(&self) -> Pence {
        let kept = self.items().filter(|item| item.change() == Change::Kept);
        kept.map(|item| item.cost(1) - item.cost(0)).sum()
    }

    fn items(&self) -> impl Iterator<Item = &ItemChange> {
        self.exchanges.iter().chain(&self.spans).chain(&self.drops)
    }

    /// Whether sites add up to the difference of coverage, items to that of cost, and, as they do where the
    /// plans are paid for, programmes to what each plan costs.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let sites = self.weight_of(Change::Gained).thousandths()
            - self.weight_of(Change::Lost).thousandths()
            + self.weight_of(Change::Kept).thousandths();
        let more = self.cost[1] - self.cost[0];
        let items: Pence = self.items().map(|item| item.cost(1) - item.cost(0)).sum();
        let pays = |side: usize| -> Pence {
            self.programmes.iter().filter_map(|programme| programme.pays[side]).sum()
        };
        sites == self.coverage[1].thousandths() - self.coverage[0].thousandths()
            && items == more
            && [0, 1].into_iter().all(|side| pays(side) == self.cost[side])
    }
}

impl Tally {
    /// Items of one sort of change; for items kept, what they are after it.
    #[must_use]
    pub fn of(items: &[ItemChange], change: Change) -> Self {
        let side = usize::from(change != Change::Lost);
        let of = || items.iter().filter(|item| item.change() == change);
        Self {
            count: of().count(),
            length: of().map(|item| item.length(side)).sum(),
            cost: of().map(|item| item.cost(side)).sum(),
        }
    }
}

/// What every connected site counts, by id.
fn weights<'a>(
    own: &Scenario,
    plan: &'a Plan,
    first: &Scenario,
    weight: &str,
) -> BTreeMap<&'a str, Weight> {
    let in_scenario = |scenario: &Scenario, id: &str| {
        let site = scenario.tables.site(scenario.tables.site_by_id(id)?);
        Some(scenario.weight(weight, site)?.weight)
    };
    let weigh = |id: &str| in_scenario(own, id).or_else(|| in_scenario(first, id));
    plan.connected.iter().map(|id| (id.as_str(), weigh(id).unwrap_or_default())).collect()
}

fn sites(weighed: &[BTreeMap<&str, Weight>; 2], scenarios: [&Scenario; 2]) -> Vec<SiteChange> {
    let name = |id: &str| {
        let tables = scenarios.map(|scenario| &scenario.tables);
        let known = tables.into_iter().find_map(|own| Some(own.site(own.site_by_id(id)?)));
        known.map_or(id, |site| site.name.as_str()).to_owned()
    };
    let mut changes: Vec<SiteChange> = either(weighed)
        .map(|(id, weight)| SiteChange { name: name(id), id: id.to_owned(), weight })
        .collect();
    changes.sort_by(|a, b| (b.counts(), &a.id).cmp(&(a.counts(), &b.id)));
    changes
}

/// What is built, by id: its length and price.
type Built<'a> = BTreeMap<&'a str, (Millimetres, Pence)>;

fn items<'a>(plans: [&'a Plan; 2], built: fn(&'a Plan) -> Built<'a>) -> Vec<ItemChange> {
    let sides = plans.map(built);
    either(&sides).map(|(id, figures)| ItemChange { id: id.to_owned(), figures }).collect()
}

/// The ids of either side that the two do not have alike, with both values, sorted.
fn either<'a, T: Copy + PartialEq>(
    sides: &'a [BTreeMap<&'a str, T>; 2],
) -> impl Iterator<Item = (&'a str, [Option<T>; 2])> {
    let ids: BTreeSet<&str> = sides.iter().flat_map(BTreeMap::keys).copied().collect();
    let values = move |id: &str| [0, 1].map(|side: usize| sides[side].get(id).copied());
    ids.into_iter().map(move |id| (id, values(id))).filter(|(_, [from, to])| from != to)
}

fn programmes(sides: [Side<'_>; 2]) -> Vec<MoneyChange> {
    let mut ids: Vec<&str> = Vec::new();
    for (scenario, _) in sides {
        for programme in &scenario.programmes {
            if !ids.contains(&programme.id.as_str()) {
                ids.push(&programme.id);
            }
        }
    }
    let pays = |id: &str, (scenario, plan): Side<'_>| {
        scenario.programmes.iter().find(|own| own.id == id)?;
        let payments = plan.payments.iter().filter(|payment| payment.programme == id);
        Some(payments.map(|payment| payment.pence).sum())
    };
    let change =
        |id: &str| MoneyChange { programme: id.to_owned(), pays: sides.map(|side| pays(id, side)) };
    ids.into_iter().map(change).collect()
}
