//! The best part of a tree under a budget or a quota: a knapsack in which taking a node means taking
//! all before it.
//!
//! In: a tree that holds too much, a price, and a tree to beat. Out: the best rooted part found. Nodes
//! are decided in depth-first order, so that leaving one out leaps over all behind it (Johnson and
//! Niemi 1983); of the parts that lead to one place only those are kept that no other beats in cost
//! and prize, and that might still beat the tree at hand by the price's bound. It is exact while no
//! place keeps more than [`MOST_STATES`] of them; beyond that they are thinned.

use super::Oriented;
use crate::engine::Goal;
use crate::engine::bound::Price;
use crate::engine::rooted::{Rooted, Tree};
use crate::engine::stop::Watch;

/// Parts kept at one place.
const MOST_STATES: i64 = 256;

/// Nodes that are taken together or not at all.
#[derive(Clone, Copy, Debug)]
struct Item {
    cost: i64,
    prize: i64,
    /// The first item that does not hang on this one.
    next: usize,
    /// Whether it holds a required node, or something behind it does.
    forced: bool,
}

/// A part of the tree, as far as it is decided.
#[derive(Clone, Copy, Debug)]
struct State {
    cost: i64,
    prize: i64,
    /// The last taken item in the trace; zero for none.
    trace: usize,
}

/// The items of a tree in depth-first order, and for each place of the tree its item.
fn items_of(tree: &Oriented, problem: &Rooted) -> (Vec<Item>, Vec<usize>) {
    let count = tree.nodes.len();
    let mut children = vec![Vec::new(); count];
    for place in (1..count).rev() {
        children[tree.parent[place]].push(place);
    }
    let mut items: Vec<Item> = Vec::new();
    let mut above: Vec<usize> = Vec::new();
    let mut item_of = vec![usize::MAX; count];
    let mut open: Vec<usize> = children[0].clone();
    while let Some(place) = open.pop() {
        let parent = tree.parent[place];
        let before = tree.nodes[parent] as usize;
        // A node without prize and with one way on is of no use without what is behind it.
        let joined = parent > 0
            && children[parent].len() == 1
            && problem.prize[before] == 0
            && !problem.required[before];
        let node = tree.nodes[place] as usize;
        let item = if joined {
            item_of[parent]
        } else {
            items.push(Item { cost: 0, prize: 0, next: 0, forced: false });
            above.push(item_of[parent]);
            items.len() - 1
        };
        item_of[place] = item;
        items[item].cost += problem.cost[tree.edge[place] as usize];
        items[item].prize += problem.prize[node];
        items[item].forced |= problem.required[node];
        open.extend(&children[place]);
    }
    for item in (0..items.len()).rev() {
        items[item].next = items[item].next.max(item + 1);
        let (next, forced) = (items[item].next, items[item].forced);
        if let Some(parent) = items.get_mut(above[item]) {
            parent.next = parent.next.max(next);
            parent.forced |= forced;
        }
    }
    (items, item_of)
}

/// The best part of `tree` that the goal allows and that is better than `best`, if one is found.
/// O(items * states).
pub(super) fn knapsack(
    tree: &Oriented,
    problem: &Rooted,
    price: Price,
    best: &Tree,
    watch: &Watch<'_>,
) -> Option<Tree> {
    let (items, item_of) = items_of(tree, problem);
    let gain = |cost: i64, prize: i64| price.prize * prize - price.cost * cost;
    let (budget, least_gain) = match problem.goal {
        Goal::MostPrize { budget } => {
            // No part costs more than the tree, whose cost a price leaves room for.
            let budget = budget.min(items.iter().map(|item| item.cost).sum());
            (budget, gain(budget, best.prize + 1))
        }
        Goal::LeastCost { at_least } => (best.cost - 1, gain(best.cost - 1, at_least)),
        Goal::LeastLoss => return None,
    };
    // What is still to be gained from each place on, when all before it are taken.
    let mut ahead = vec![0; items.len() + 1];
    for (place, item) in items.iter().enumerate().rev() {
        let taken = gain(item.cost, item.prize) + ahead[place + 1];
        ahead[place] = if item.forced { taken } else { taken.max(ahead[item.next]) };
    }
    let mut states = vec![Vec::new(); items.len() + 1];
    states[0].push(State { cost: 0, prize: problem.prize[problem.root as usize], trace: 0 });
    // Each entry: the entry before it, and an item that was taken.
    let mut trace = vec![(0, 0)];
    for (place, &item) in items.iter().enumerate() {
        let mut here = std::mem::take(&mut states[place]);
        watch.spend(here.len() as u64);
        thin(&mut here, |state: &State| gain(state.cost, state.prize));
        let hopeful = |state: &State, place: usize| {
            state.cost <= budget && gain(state.cost, state.prize) + ahead[place] >= least_gain
        };
        if !item.forced {
            let left = here.iter().copied().filter(|state| hopeful(state, item.next)).collect();
            merge(&mut states[item.next], left);
        }
        let mut taken = Vec::with_capacity(here.len());
        for mut state in here {
            let before = std::mem::replace(&mut state.trace, trace.len());
            state.cost += item.cost;
            state.prize += item.prize;
            if hopeful(&state, place + 1) {
                trace.push((before, place));
                taken.push(state);
            }
        }
        merge(&mut states[place + 1], taken);
    }
    let last = states.pop()?;
    let chosen = match problem.goal {
        Goal::LeastCost { at_least } => last.into_iter().find(|state| state.prize >= at_least)?,
        Goal::MostPrize { .. } | Goal::LeastLoss => last.into_iter().next_back()?,
    };
    let mut takes = vec![false; items.len()];
    let mut at = chosen.trace;
    while at != 0 {
        let (before, item) = trace[at];
        takes[item] = true;
        at = before;
    }
    let holds = |&place: &usize| item_of.get(place).is_some_and(|&item| takes[item]);
    let edges = (1..tree.nodes.len()).filter(holds).map(|place| tree.edge[place]).collect();
    let part = problem.tree(edges);
    (problem.allows(&part) && problem.prefers(&part, best)).then_some(part)
}

/// Merges two lists of parts, each cheapest first with rising prizes, and drops what is beaten.
fn merge(into: &mut Vec<State>, other: Vec<State>) {
    if into.is_empty() {
        *into = other;
        return;
    }
    let one = std::mem::take(into);
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    loop {
        let state = match (one.peek(), other.peek()) {
            (Some(first), Some(second)) => {
                let first_goes = (first.cost, -first.prize) <= (second.cost, -second.prize);
                if first_goes { one.next() } else { other.next() }
            }
            (Some(_), None) => one.next(),
            (None, _) => other.next(),
        };
        let Some(state) = state else { break };
        if into.last().is_none_or(|last| state.prize > last.prize) {
            into.push(state);
        }
    }
}

/// Keeps, where there are too many parts, the one of most gain in each stretch of costs.
fn thin(states: &mut Vec<State>, gain: impl Fn(&State) -> i64) {
    if i64::try_from(states.len()).is_ok_and(|count| count <= MOST_STATES) {
        return;
    }
    let (first, last) = (states[0].cost, states[states.len() - 1].cost);
    let stretch = (last - first) / MOST_STATES + 1;
    let mut kept: Vec<State> = Vec::new();
    for &state in states.iter() {
        let same = |kept: &State| (kept.cost - first) / stretch == (state.cost - first) / stretch;
        match kept.last_mut() {
            Some(before) if same(before) => {
                if gain(&state) > gain(before) {
                    *before = state;
                }
            }
            _ => kept.push(state),
        }
    }
    *states = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::Effort;
    use crate::engine::{Demand, Instance};
    use crate::observe::Silent;
    use crate::random::Random;

    /// A random tree of up to nine nodes, rooted at node 0.
    fn random_tree(random: &mut Random) -> Option<Rooted> {
        let nodes = 2 + random.place(8);
        let goal = if random.chance(50) {
            Goal::MostPrize { budget: random.between(0, 20) }
        } else {
            Goal::LeastCost { at_least: random.between(0, 20) }
        };
        let mut instance = Instance::new(nodes, goal);
        instance.root = Some(0);
        for node in 1..nodes {
            let before = u32::try_from(random.place(node)).unwrap();
            instance.add_edge(before, u32::try_from(node).unwrap(), random.between(0, 6));
            instance.prizes[node] = random.between(-4, 6).max(0);
            if random.one_in(12) {
                instance.demands[node] = Demand::Required;
            }
        }
        Rooted::new(&instance, 0)
    }

    /// The best value of all rooted parts, by trying each.
    fn best_by_trying(problem: &Rooted) -> Option<i64> {
        let whole = Oriented::new(problem, &(0..).take(problem.edges()).collect::<Vec<u32>>());
        let mut best: Option<i64> = None;
        for chosen in 0_u32..1 << (whole.nodes.len() - 1) {
            let held = |place: usize| place == 0 || chosen >> (place - 1) & 1 == 1;
            let rooted =
                (1..whole.nodes.len()).all(|place| !held(place) || held(whole.parent[place]));
            let meets = (0..whole.nodes.len())
                .all(|place| held(place) || !problem.required[whole.nodes[place] as usize]);
            if rooted && meets {
                let edges = (1..whole.nodes.len()).filter(|&place| held(place));
                let tree = problem.tree(edges.map(|place| whole.edge[place]).collect());
                if problem.allows(&tree) {
                    let value = problem.value(&tree);
                    best = Some(best.map_or(value, |best| {
                        if problem.beats(value, best) { value } else { best }
                    }));
                }
            }
        }
        best
    }

    #[test]
    fn the_best_part_of_a_small_tree_is_found() {
        let mut random = Random::new(1);
        let mut silent = Silent;
        let watch = Watch::new(&Effort::default(), &mut silent);
        let mut compared = 0;
        for _ in 0..20_000 {
            let Some(problem) = random_tree(&mut random) else { continue };
            let edges: Vec<u32> = (0..).take(problem.edges()).collect();
            let oriented = Oriented::new(&problem, &edges);
            #[allow(clippy::cast_precision_loss)] // a small number
            let price = Price::of_ratio(&problem, random.between(1, 40) as f64 / 10.0);
            let Some(first) = oriented.trimmed(&problem, price) else { continue };
            let found = knapsack(&oriented, &problem, price, &first, &watch);
            let best = problem.value(&found.unwrap_or(first));
            assert_eq!(Some(best), best_by_trying(&problem), "{problem:?}");
            compared += 1;
        }
        assert!(compared > 10_000);
    }
}
