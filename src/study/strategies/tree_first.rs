//! The strategy that fixes the tree first and chooses sites on it afterwards.

use super::growth::{Branches, Field, Growth, Joined, Judge, by_changing_ratio};
use super::least_tree::least_tree;
use super::tree_part::{Best, best_part};
use super::tree_prices::{Suggested, priced_parts};

const PRICE_STEPS: usize = 40;
const MOST_LABELS: usize = 4_000_000;

/// The least-cost tree over all nodes with a prize, then the best rooted part of it that can be
/// funded: parts found by prices, each filled up by ratio; then the exact knapsack over the tree under
/// the merged pot, where that finishes and its answer can be funded.
pub fn tree_first(field: &Field<'_>, pots: &Suggested, judge: &mut dyn Judge) -> Branches {
    let tree = least_tree(field, judge);
    let on_tree = field.within(&tree);
    let mut best = grown_from(&on_tree, &[], judge);
    let target = field.tree_prize(&best);
    for part in priced_parts(field, &tree, pots, target, PRICE_STEPS, &mut || judge.is_over()) {
        let plan = grown_from(&on_tree, &part, judge);
        if is_better(field, &plan, &best) {
            best = plan;
        }
    }
    let floor = field.tree_prize(&best);
    if let Best::Better(part) =
        best_part(field, &tree, judge.most_money(), floor, MOST_LABELS, &mut || judge.is_over())
        && judge.can_fund(&part)
    {
        best = part;
    }
    best
}

/// Grows a part: its nodes before all others, each by ratio while they can be funded.
fn grown_from(on_tree: &Field<'_>, part: &[Joined], judge: &mut dyn Judge) -> Branches {
    let mut growth = Growth::new(on_tree);
    let first: Vec<u32> =
        part.iter().map(|joined| joined.node).filter(|&node| on_tree.prize(node) > 0).collect();
    by_changing_ratio(&mut growth, first, judge);
    by_changing_ratio(&mut growth, on_tree.prizes.clone(), judge);
    growth.into_tree()
}

fn is_better(field: &Field<'_>, one: &[Joined], other: &[Joined]) -> bool {
    let rank = |tree: &[Joined]| (-field.tree_prize(tree), field.tree_cost(tree));
    rank(one) < rank(other)
}
