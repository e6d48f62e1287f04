//! The best rooted part of a fixed tree under one pot, exactly: a knapsack over a tree.
//!
//! What for: "tree first", once the tree is fixed. In: a tree, a money limit and a prize to exceed. Out:
//! the part of most prize, if it beats that; or nothing proven, when there are too many labels. One
//! pot only: with several, what it finds is the best of the merged pot and may not be fundable.

use super::growth::{Branches, Field, Joined};
use super::least_tree::{serving, subtree};

/// What the search for a better part came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Best {
    /// This part has the most prize of all, and more than the prize to exceed.
    Better(Branches),
    /// No part has more than the prize to exceed.
    NoneBetter,
    /// Given up: more labels than allowed, or no more time.
    TooMany,
}

/// A way to stand at a place: what was spent and collected on the way there.
#[derive(Clone, Copy)]
struct Label {
    cost: i64,
    prize: i64,
    /// The label before, and whether the place was taken from it.
    before: u32,
    taken: bool,
}

/// A tree in preorder with the size of each branch, so that leaving out a place means jumping.
struct Preorder {
    /// Place in the given tree: the last one of a stretch without prize or fork.
    place: Vec<usize>,
    cost: Vec<i64>,
    prize: Vec<i64>,
    /// Where to go on when the place is left out.
    jump: Vec<usize>,
}

/// The part of `tree` of most prize with cost at most `budget`, if that is more than `floor`.
///
/// A dynamic programme in preorder (Johnson and Niemi 1983: left-right, here forwards): at each place
/// the undominated pairs of cost and prize, cut off by Lagrangian bounds on what the rest can add.
/// Exact; time and memory are limited by `most_labels`.
pub fn best_part(
    field: &Field<'_>,
    tree: &[Joined],
    budget: i64,
    floor: i64,
    most_labels: usize,
    is_over: &mut dyn FnMut() -> bool,
) -> Best {
    let preorder = Preorder::new(field, tree);
    let places = preorder.place.len();
    let bounds = Bounds::new(&preorder, budget);
    let mut labels = vec![Label { cost: 0, prize: 0, before: 0, taken: false }];
    let mut at: Vec<Vec<u32>> = vec![Vec::new(); places + 1];
    at[0].push(0);
    for place in 0..places {
        let here = std::mem::take(&mut at[place]);
        let (cost, prize) = (preorder.cost[place], preorder.prize[place]);
        for (next, cost, prize, taken) in
            [(place + 1, cost, prize, true), (preorder.jump[place], 0, 0, false)]
        {
            let first = labels.len();
            for &before in &here {
                let from = labels[before as usize];
                let label =
                    Label { cost: from.cost + cost, prize: from.prize + prize, before, taken };
                if label.cost <= budget && bounds.at_most(next, label) > floor {
                    labels.push(label);
                }
            }
            if labels.len() > most_labels || is_over() {
                return Best::TooMany;
            }
            let added = (first..labels.len()).filter_map(|label| u32::try_from(label).ok());
            at[next] = undominated(&labels, &at[next], added);
        }
    }
    match at[places].last() {
        Some(&best) if labels[best as usize].prize > floor => {
            Best::Better(preorder.part(field, tree, &labels, best))
        }
        _ => Best::NoneBetter,
    }
}

/// Merges two lists that rise in cost, keeping only what also rises in prize.
fn undominated(labels: &[Label], old: &[u32], new: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = old.iter().copied().chain(new).collect();
    // Both halves are sorted already, which makes this a merge.
    all.sort_by_key(|&label| (labels[label as usize].cost, -labels[label as usize].prize));
    let mut best = -1;
    all.retain(|&label| {
        let rises = labels[label as usize].prize > best;
        best = best.max(labels[label as usize].prize);
        rises
    });
    all
}

impl Preorder {
    fn new(field: &Field<'_>, tree: &[Joined]) -> Self {
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); tree.len() + 1];
        for (place, joined) in tree.iter().enumerate() {
            below[joined.parent.map_or(0, |parent| parent as usize + 1)].push(place);
        }
        // A stretch without prize or fork is one place with what it leads to.
        let passed =
            |place: usize| below[place + 1].len() == 1 && field.prize(tree[place].node) == 0;
        let mut size: Vec<usize> = (0..tree.len()).map(|at| usize::from(!passed(at))).collect();
        for place in (0..tree.len()).rev() {
            if let Some(parent) = tree[place].parent {
                size[parent as usize] += size[place];
            }
        }
        let mut order = Self { place: vec![], cost: vec![], prize: vec![], jump: vec![] };
        let mut open: Vec<usize> = below[0].iter().rev().copied().collect();
        while let Some(mut place) = open.pop() {
            order.jump.push(order.place.len() + size[place]);
            let mut cost = field.cost(tree[place].edge);
            while passed(place) {
                place = below[place + 1][0];
                cost += field.cost(tree[place].edge);
            }
            order.place.push(place);
            order.cost.push(cost);
            order.prize.push(field.prize(tree[place].node));
            open.extend(below[place + 1].iter().rev());
        }
        order
    }

    fn part(&self, field: &Field<'_>, tree: &[Joined], labels: &[Label], best: u32) -> Branches {
        let mut kept = vec![false; tree.len()];
        let (mut label, mut taken) = (best, Vec::new());
        while label != 0 {
            let Label { before, taken: was_taken, .. } = labels[label as usize];
            taken.push(was_taken);
            label = before;
        }
        let mut at = 0;
        for taken in taken.into_iter().rev() {
            kept[self.place[at]] = taken;
            at = if taken { at + 1 } else { self.jump[at] };
        }
        // What is taken is what leads to a prize; a branch taken for nothing is no part of a plan.
        let mut nth = 0..tree.len();
        let earns = |joined: &Joined| {
            nth.next().is_some_and(|place| kept[place]) && field.prize(joined.node) > 0
        };
        subtree(tree, &serving(tree, earns))
    }
}

/// Upper bounds on the prize of the rest, for a few prices of money.
struct Bounds {
    budget: i64,
    /// For each price: what a penny is worth, and the most the places from each on add net of it.
    prices: Vec<(i128, Vec<i128>)>,
}

/// Prizes are multiplied by this where they meet prices of money.
const FINE: i128 = 1 << 24;

impl Bounds {
    /// Bounds at the price that makes the whole bound least, and around it.
    fn new(preorder: &Preorder, budget: i64) -> Self {
        let total: i64 = preorder.prize.iter().sum();
        let (mut low, mut high) = (0, i128::from(total) * FINE + 1);
        let whole = |price: i128| price * i128::from(budget) + rest_values(preorder, price)[0];
        // The bound is convex in the price.
        while high - low > 2 {
            let middle = i128::midpoint(low, high);
            if whole(middle) <= whole(middle + 1) { high = middle + 1 } else { low = middle }
        }
        let best = (low..=high).min_by_key(|&price| whole(price)).unwrap_or(low);
        let around = [best, best * 15 / 16, best * 17 / 16, best * 3 / 4, best * 4 / 3, best * 2];
        let prices = around.map(|price| (price, rest_values(preorder, price)));
        Self { budget, prices: prices.into() }
    }

    /// The most prize any completion of a label at a place can have.
    fn at_most(&self, place: usize, label: Label) -> i64 {
        let left = i128::from(self.budget - label.cost);
        let rests = self.prices.iter().map(|(price, rest)| price * left + rest[place]);
        let rest = rests.min().unwrap_or(0).div_euclid(FINE);
        label.prize.saturating_add(i64::try_from(rest).unwrap_or(i64::MAX))
    }
}

/// For each place the most net value of it and what follows, its parent being taken.
fn rest_values(preorder: &Preorder, price: i128) -> Vec<i128> {
    let places = preorder.place.len();
    let mut rest = vec![0; places + 1];
    for place in (0..places).rev() {
        let own =
            i128::from(preorder.prize[place]) * FINE - price * i128::from(preorder.cost[place]);
        rest[place] = rest[preorder.jump[place]].max(own + rest[place + 1]);
    }
    rest
}
