//! Who uses each item of a plan, by programme.
//!
//! In: the forest and the connected buildings. Out: [`Usage`], the cost and the counted users of each
//! exchange, span and drop, from which eligibility follows.

use std::collections::HashMap;

use crate::check::forest::Forest;
use crate::check::service::Served;
use crate::ids::SiteIx;
use crate::plan::Item;
use crate::units::{Pence, Year};

/// An item of the plan and its users.
#[derive(Clone, Debug)]
pub(super) struct UsedItem {
    pub(super) item: Item,
    pub(super) cost: Pence,
    /// The item towards the exchange, an earlier one.
    pub(super) parent: Option<usize>,
    /// Connected sites that use it.
    pub(super) all: u32,
    /// By column: the users that count there.
    pub(super) eligible: Vec<u32>,
}

/// Items of a plan, each after the one towards its exchange: exchanges and spans as in the forest,
/// spans that no exchange reaches, then the drops of the connected buildings in their order.
pub(super) struct Usage {
    items: Vec<UsedItem>,
    by_item: HashMap<Item, usize>,
    first_drop: usize,
}

/// Adds the users of each item to the one towards its exchange, from the drops inwards.
fn gather(items: &mut [UsedItem]) {
    for place in (0..items.len()).rev() {
        let Some(parent) = items[place].parent else { continue };
        let (above, below) = items.split_at_mut(place);
        let (above, below) = (&mut above[parent], &below[0]);
        above.all += below.all;
        for (sum, users) in above.eligible.iter_mut().zip(&below.eligible) {
            *sum += users;
        }
    }
}

impl Usage {
    /// Counts users in some columns, as `counts` says of a site and a column.
    pub(super) fn of(
        forest: &Forest,
        served: &Served,
        columns: usize,
        counts: impl Fn(SiteIx, usize) -> bool,
    ) -> Self {
        let used = |item: &Item, cost, parent| UsedItem {
            item: item.clone(),
            cost,
            parent,
            all: 0,
            eligible: vec![0; columns],
        };
        let nodes = forest.nodes.iter().map(|node| used(&node.item, node.cost, node.parent));
        let mut items: Vec<UsedItem> = nodes.collect();
        items.extend(forest.stray.iter().map(|(item, cost)| used(item, *cost, None)));
        let first_drop = items.len();
        for connected in &served.buildings {
            let mut drop = used(&connected.item(), connected.cost, connected.node);
            for &site in &connected.sites {
                drop.all += 1;
                for (column, users) in drop.eligible.iter_mut().enumerate() {
                    *users += u32::from(counts(site, column));
                }
            }
            items.push(drop);
        }
        gather(&mut items);
        let by_item = items.iter().enumerate().map(|(place, used)| (used.item.clone(), place));
        let by_item = by_item.collect();
        Self { items, by_item, first_drop }
    }

    /// The same with, for each item, the users that are connected by its own year; an item without a year keeps
    /// all of its users.
    pub(super) fn by_year(mut self, year: impl Fn(&Item) -> Option<Year>) -> Self {
        let years: Vec<Option<Year>> = self.items.iter().map(|used| year(&used.item)).collect();
        let mut distinct: Vec<Year> = years.iter().copied().flatten().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let all = self.items.clone();
        for now in distinct {
            let mut until = all.clone();
            for (place, used) in until.iter_mut().enumerate() {
                let counts = place >= self.first_drop && years[place].is_none_or(|own| own <= now);
                used.all *= u32::from(counts);
                used.eligible.iter_mut().for_each(|users| *users *= u32::from(counts));
            }
            gather(&mut until);
            for (place, used) in until.into_iter().enumerate() {
                if years[place] == Some(now) {
                    self.items[place] = used;
                }
            }
        }
        self
    }

    pub(super) fn items(&self) -> &[UsedItem] {
        &self.items
    }

    /// The place of an item.
    pub(super) fn find(&self, item: &Item) -> Option<usize> {
        self.by_item.get(item).copied()
    }

    /// The place of the drop of a connected building, by its place among them.
    pub(super) fn drop(&self, connected: usize) -> usize {
        self.first_drop + connected
    }

    /// The items from one to its exchange, itself first.
    pub(super) fn path(&self, from: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(from), |&place| self.items[place].parent)
    }
}
