//! Rooted parts of a fixed tree that are best at given prices of money, for several pots at once.
//!
//! What for: "tree first" where the exact knapsack does not finish or several pots bind. In: a tree,
//! the pots and who may use them. Out: parts worth trying, one for each step of a search over prices.
//! They are suggestions: whether a part can be funded is for the judge to say.

// Prices of money guide a search; nothing is proven by them.
#![allow(clippy::cast_precision_loss)]

use super::growth::{Branches, Field, Joined};
use super::least_tree::{serving, subtree};

/// The pots as they guide the search: their money, and which of them may pay for what serves a node.
#[derive(Clone, Debug)]
pub struct Suggested {
    /// Money of each pot.
    money: Vec<i64>,
    /// For each node the set of pots that may pay for it, as bits; 0 for nodes without a site.
    class: Vec<u8>,
}

/// More pots than this are treated as one: the sets of pots are enumerated.
const MOST_POTS: usize = 3;

impl Suggested {
    /// Pots with their money, and for each node the pots that may pay for it, as bits.
    pub fn new(money: Vec<i64>, payers: impl Iterator<Item = u64>) -> Self {
        if money.len() > MOST_POTS {
            let class = payers.map(|payers| u8::from(payers != 0)).collect();
            return Self { money: vec![money.iter().sum()], class };
        }
        let known = (1 << money.len()) - 1;
        let class = payers.map(|payers| u8::try_from(payers & known).unwrap_or(0)).collect();
        Self { money, class }
    }

    /// Sets of pots, the empty one first.
    fn sets(&self) -> usize {
        1 << self.money.len()
    }

    fn money_of(&self, set: usize) -> i64 {
        let within = |pot: &usize| set & (1 << pot) != 0;
        (0..self.money.len()).filter(within).map(|pot| self.money[pot]).sum()
    }

    fn class(&self, node: u32) -> usize {
        usize::from(self.class[node as usize])
    }
}

/// What a penny costs in prize, for each set of pots that must pay for it alone.
type Prices = Vec<f64>;

/// Parts of a tree, each best at some prices of money. The prices follow a subgradient of the
/// Lagrangian of the funding condition: what only the pots of a set may pay for costs no more than
/// they hold, for every set.
///
/// `target` is the prize of the best plan known. O(steps x tree x 4^pots).
pub fn priced_parts(
    field: &Field<'_>,
    tree: &[Joined],
    pots: &Suggested,
    target: i64,
    steps: usize,
    is_over: &mut dyn FnMut() -> bool,
) -> Vec<Branches> {
    let all = pots.sets() - 1;
    let total: i64 = field.tree_prize(tree);
    let mut prices: Prices = vec![0.0; pots.sets()];
    prices[all] = total as f64 / (field.tree_cost(tree).max(1) as f64);
    let mut parts: Vec<Branches> = Vec::new();
    for step in 0..steps {
        if is_over() {
            break;
        }
        let part = best_at(field, tree, pots, &prices);
        let spent = spending(field, &part, pots);
        let slack: Vec<f64> =
            (0..pots.sets()).map(|set| (pots.money_of(set) - spent[set]) as f64).collect();
        let bound = field.tree_prize(&part) as f64 + dot(&prices, &slack);
        let length = dot(&slack[1..], &slack[1..]);
        if length == 0.0 {
            parts.push(part);
            break;
        }
        // Polyak's step towards the best plan known, shrinking so that the prices settle.
        let reach = (bound - target as f64).max(bound * 1e-4) / length;
        let shrink = 1.0 / (1.0 + step as f64 / 8.0);
        for set in 1..pots.sets() {
            prices[set] = (prices[set] - shrink * reach * slack[set]).max(0.0);
        }
        if parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    parts
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// For each place of a tree the set of pots that may pay for it: those of everyone it serves.
fn payers(tree: &[Joined], pots: &Suggested) -> Vec<usize> {
    let mut payers: Vec<usize> = tree.iter().map(|joined| pots.class(joined.node)).collect();
    for place in (0..tree.len()).rev() {
        if let Some(parent) = tree[place].parent {
            payers[parent as usize] |= payers[place];
        }
    }
    payers
}

/// For each set of pots what only they may pay for.
fn spending(field: &Field<'_>, part: &[Joined], pots: &Suggested) -> Vec<i64> {
    let mut spent = vec![0; pots.sets()];
    for (joined, payers) in part.iter().zip(payers(part, pots)) {
        let within = |set: &usize| payers & !set == 0;
        for set in (0..pots.sets()).filter(within) {
            spent[set] += field.cost(joined.edge);
        }
    }
    spent
}

/// How a branch comes to serve exactly a set of classes: from what before its last child, and with
/// what from that child (0: the child is left out).
type Choice = (u8, u8);

/// The part of most prize less priced cost: on a tree, exactly (strong pruning), with one value for
/// each set of pots that the sites taken below a place let pay for it.
fn best_at(field: &Field<'_>, tree: &[Joined], pots: &Suggested, prices: &Prices) -> Branches {
    let sets = pots.sets();
    let penny: Vec<f64> = (0..sets)
        .map(|payers| (1..sets).filter(|set| payers & !set == 0).map(|set| prices[set]).sum())
        .collect();
    // Values of what is taken below each place so far; the root's stand last.
    let mut value = vec![vec![f64::NEG_INFINITY; sets]; tree.len() + 1];
    value[tree.len()][0] = 0.0;
    for (place, joined) in tree.iter().enumerate() {
        value[place][pots.class(joined.node)] = field.prize(joined.node) as f64;
    }
    let mut choices: Vec<Vec<Choice>> = vec![Vec::new(); tree.len()];
    for place in (0..tree.len()).rev() {
        let joined = tree[place];
        let cost = field.cost(joined.edge) as f64;
        let taken: Vec<f64> =
            (0..sets)
                .map(|set| {
                    if set == 0 { f64::NEG_INFINITY } else { value[place][set] - cost * penny[set] }
                })
                .collect();
        let above = joined.parent.map_or(tree.len(), |parent| parent as usize);
        let (joint, choice) = merged(&value[above], &taken);
        value[above] = joint;
        choices[place] = choice;
    }
    let mut wanted = vec![0_u8; tree.len() + 1];
    let top = &value[tree.len()];
    let best = (0..sets).fold(0, |best, set| if top[set] > top[best] { set } else { best });
    wanted[tree.len()] = u8::try_from(best).unwrap_or(0);
    let mut kept = vec![false; tree.len()];
    // Children were merged last first, so the first child's choice is the last made: undo in order.
    for (place, joined) in tree.iter().enumerate() {
        let above = joined.parent.map_or(tree.len(), |parent| parent as usize);
        if joined.parent.is_some() && !kept[above] {
            continue;
        }
        let (before, from_child) = choices[place][usize::from(wanted[above])];
        wanted[above] = before;
        wanted[place] = from_child;
        kept[place] = from_child != 0;
    }
    let part = subtree(tree, &kept);
    let serves = serving(&part, |joined| field.prize(joined.node) > 0);
    subtree(&part, &serves)
}

/// Values with one more child, by set, and how each came about. Leaving the child out wins a tie.
fn merged(above: &[f64], child: &[f64]) -> (Vec<f64>, Vec<Choice>) {
    let mut joint = above.to_vec();
    let mut choice: Vec<Choice> = (0..).take(above.len()).map(|set| (set, 0)).collect();
    for (before, &held) in (0_u8..).zip(above) {
        for (from_child, &more) in (0_u8..).zip(child) {
            let set = usize::from(before | from_child);
            if held + more > joint[set] {
                joint[set] = held + more;
                choice[set] = (before, from_child);
            }
        }
    }
    (joint, choice)
}
