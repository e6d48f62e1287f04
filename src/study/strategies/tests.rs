//! The strategies on small random problems, against brute force.

use crate::engine::{Demand, Goal, Instance};
use crate::graph::FAR;
use crate::random::Random;

use super::growth::{
    AtRefusal, Branches, Field, Growth, Joined, Judge, by_changing_ratio, in_order, rank_by_prize,
    rank_by_ratio,
};
use super::least_tree::least_tree;
use super::tree_first::tree_first;
use super::tree_part::{Best, best_part};
use super::tree_prices::{Suggested, priced_parts};

/// Pots that pay by the plain rule: what only the pots of a set may pay for is no more than they hold.
struct Purse<'a> {
    instance: &'a Instance,
    pots: &'a Pots,
}

/// Money of each pot, and for each node the set of pots that may pay for it, as bits.
struct Pots {
    money: Vec<i64>,
    class: Vec<u32>,
}

/// The least tree, for which there is time enough.
fn least_tree_of(field: &Field<'_>) -> Branches {
    struct Anything;
    impl Judge for Anything {
        fn most_money(&self) -> i64 {
            i64::MAX
        }
        fn can_fund(&mut self, _: &[Joined]) -> bool {
            true
        }
    }
    least_tree(field, &mut Anything)
}

impl Judge for Purse<'_> {
    fn most_money(&self) -> i64 {
        self.pots.money.iter().sum()
    }

    fn can_fund(&mut self, tree: &[Joined]) -> bool {
        let mut payers: Vec<u32> =
            tree.iter().map(|joined| self.pots.class[joined.node as usize]).collect();
        for place in (0..tree.len()).rev() {
            if let Some(parent) = tree[place].parent {
                payers[parent as usize] |= payers[place];
            }
        }
        (0..1_u32 << self.pots.money.len()).all(|set| {
            let items = tree.iter().zip(&payers).filter(|&(_, payers)| payers & !set == 0);
            let cost: i64 = items.map(|(joined, _)| cost(self.instance, joined)).sum();
            let pots = self.pots.money.iter().enumerate();
            let money: i64 =
                pots.filter(|&(pot, _)| set & (1 << pot) != 0).map(|(_, money)| money).sum();
            cost <= money
        })
    }
}

fn cost(instance: &Instance, joined: &Joined) -> i64 {
    instance.edges[joined.edge as usize].cost
}

struct Small {
    instance: Instance,
    root: u32,
    pots: Pots,
}

impl Small {
    fn suggested(&self) -> Suggested {
        let class = self.pots.class.iter().map(|&class| u64::from(class));
        Suggested::new(self.pots.money.clone(), class)
    }

    fn purse(&self) -> Purse<'_> {
        Purse { instance: &self.instance, pots: &self.pots }
    }
}

/// A few junctions with random edges, sites as leaves, and a root joined to some junctions.
fn small(seed: u64, pots: usize) -> Small {
    let mut random = Random::new(seed);
    let mut number = |below: i64| random.between(0, below - 1);
    let (junctions, sites) = (2 + number(5), 1 + number(6));
    let nodes = usize::try_from(junctions + sites + 1).unwrap();
    let root = u32::try_from(nodes - 1).unwrap();
    let mut instance = Instance::new(nodes, Goal::LeastLoss);
    instance.root = Some(root);
    let most = [1, 3, 20, 100][usize::try_from(number(4)).unwrap()];
    let node = |place: i64| u32::try_from(place).unwrap();
    for _ in 0..junctions + number(5) {
        instance.add_edge(node(number(junctions)), node(number(junctions)), number(most));
    }
    for _ in 0..=number(2) {
        instance.add_edge(root, node(number(junctions)), number(most));
    }
    let mut class = vec![0; nodes];
    for site in junctions..junctions + sites {
        instance.add_edge(node(site), node(number(junctions)), number(most));
        instance.prizes[usize::try_from(site).unwrap()] = number(12);
        class[usize::try_from(site).unwrap()] = 1 + u32::try_from(number((1 << pots) - 1)).unwrap();
    }
    let money = (0..pots).map(|_| number(4 * most)).collect();
    Small { instance, root, pots: Pots { money, class } }
}

fn all_strategies(field: &Field<'_>, small: &Small) -> Vec<Branches> {
    let mut greedy = Growth::new(field);
    by_changing_ratio(&mut greedy, field.prizes.clone(), &mut small.purse());
    vec![
        in_order(field, &rank_by_prize(field), AtRefusal::Stop, &mut small.purse()),
        in_order(field, &rank_by_prize(field), AtRefusal::Skip, &mut small.purse()),
        in_order(field, &rank_by_ratio(field), AtRefusal::Skip, &mut small.purse()),
        greedy.into_tree(),
        tree_first(field, &small.suggested(), &mut small.purse()),
    ]
}

fn assert_is_tree(field: &Field<'_>, tree: &[Joined]) {
    let mut seen = vec![field.root];
    for (place, joined) in tree.iter().enumerate() {
        let above = joined.parent.map_or(field.root, |parent| {
            assert!((parent as usize) < place, "a node stands before the one it hangs from");
            tree[parent as usize].node
        });
        let ends = field.instance.edges[joined.edge as usize].ends;
        assert!(ends == [above, joined.node] || ends == [joined.node, above]);
        assert!(!seen.contains(&joined.node), "a node stands twice");
        seen.push(joined.node);
        let is_used = field.prize(joined.node) > 0
            || tree.iter().any(|other| other.parent.is_some_and(|at| at as usize == place));
        assert!(is_used, "a branch serves nobody");
    }
}

/// The most prize of a fundable part of a tree, over all choices of sites on it.
fn best_by_hand(field: &Field<'_>, tree: &[Joined], judge: &mut dyn Judge) -> i64 {
    let sites: Vec<usize> =
        (0..tree.len()).filter(|&place| field.prize(tree[place].node) > 0).collect();
    let mut best = 0;
    for choice in 0..1_u32 << sites.len() {
        let chosen = |place: usize| {
            sites.iter().position(|&site| site == place).is_some_and(|at| choice & (1 << at) != 0)
        };
        let mut place = 0..tree.len();
        let kept = super::least_tree::serving(tree, |_| place.next().is_some_and(chosen));
        let part = super::least_tree::subtree(tree, &kept);
        if judge.can_fund(&part) {
            best = best.max(field.tree_prize(&part));
        }
    }
    best
}

#[test]
fn each_strategy_does_what_its_name_says() {
    // Junction 0 is the root's; a trunk of 40 leads to junction 1. Sites 2 to 7 hang from them.
    let mut instance = Instance::new(9, Goal::LeastLoss);
    instance.add_edge(8, 0, 0);
    instance.add_edge(0, 1, 40);
    let sites = [(0, 90, 100), (0, 30, 60), (0, 20, 50), (0, 8, 5), (1, 5, 46), (1, 5, 46)];
    for (site, (junction, drop, prize)) in (2..).zip(sites) {
        instance.add_edge(junction, site, drop);
        instance.prizes[site as usize] = prize;
    }
    let class = instance.prizes.iter().map(|&prize| u32::from(prize > 0)).collect();
    let with_money = |money| Small {
        instance: instance.clone(),
        root: 8,
        pots: Pots { money: vec![money], class: Vec::clone(&class) },
    };
    let prizes = |small: &Small| -> Vec<i64> {
        let field = Field::new(&small.instance, small.root);
        all_strategies(&field, small).iter().map(|tree| field.tree_prize(tree)).collect()
    };
    // The largest site eats the money; ratios take the small ones.
    assert_eq!(prizes(&with_money(100)), [100, 105, 202, 202, 202]);
    assert_eq!(prizes(&with_money(50)), [0, 110, 110, 110, 110]);
    // Little is left for the trunk once the best ratios are built; the tree sees both its sites.
    assert_eq!(prizes(&with_money(70)), [0, 115, 115, 115, 142]);
    assert_eq!(prizes(&with_money(0)), [0; 5]);
}

#[test]
fn every_strategy_gives_a_tree_that_can_be_funded() {
    for seed in 0..3_000 {
        let small = small(seed, 1 + usize::try_from(seed % 3).unwrap());
        let field = Field::new(&small.instance, small.root);
        for tree in all_strategies(&field, &small) {
            assert_is_tree(&field, &tree);
            assert!(small.purse().can_fund(&tree), "seed {seed}");
        }
    }
}

#[test]
fn required_sites_come_first_where_they_can_be_funded() {
    for seed in 0..1_000 {
        let mut small = small(seed, 1);
        let site = u32::try_from(small.instance.nodes() - 2).unwrap();
        small.instance.demands[site as usize] = Demand::Required;
        small.instance.prizes[site as usize] = 0;
        let field = Field::new(&small.instance, small.root);
        if Growth::new(&field).distance(site) > small.pots.money[0] {
            continue;
        }
        for tree in &all_strategies(&field, &small)[..4] {
            assert!(tree.iter().any(|joined| joined.node == site), "seed {seed}");
        }
    }
}

#[test]
fn going_on_never_covers_less_than_stopping() {
    for seed in 0..2_000 {
        let small = small(seed, 2);
        let field = Field::new(&small.instance, small.root);
        let prizes: Vec<i64> =
            all_strategies(&field, &small).iter().map(|tree| field.tree_prize(tree)).collect();
        assert!(prizes[0] <= prizes[1], "seed {seed}");
    }
}

#[test]
fn distances_stay_those_of_a_fresh_search() {
    for seed in 0..1_000 {
        let small = small(seed, 1);
        let field = Field::new(&small.instance, small.root);
        let mut growth = Growth::new(&field);
        for &site in &field.prizes {
            growth.join(site);
            let mut free = small.instance.clone();
            for joined in growth.tree() {
                free.edges[joined.edge as usize].cost = 0;
            }
            let field = Field::new(&free, small.root);
            let fresh = Growth::new(&field);
            for node in 0..u32::try_from(free.nodes()).unwrap() {
                assert_eq!(growth.distance(node), fresh.distance(node), "seed {seed}");
            }
        }
    }
}

#[test]
fn the_tree_of_all_sites_holds_each_that_can_be_reached() {
    for seed in 0..1_000 {
        let small = small(seed, 1);
        let field = Field::new(&small.instance, small.root);
        let tree = least_tree_of(&field);
        assert_is_tree(&field, &tree);
        let growth = Growth::new(&field);
        for &site in &field.prizes {
            assert!(growth.distance(site) != FAR);
            assert!(tree.iter().any(|joined| joined.node == site), "seed {seed}");
        }
        let apart: i64 = field.prizes.iter().map(|&site| growth.distance(site)).sum();
        assert!(field.tree_cost(&tree) <= apart);
    }
}

#[test]
fn the_knapsack_on_a_tree_is_exact() {
    for seed in 0..3_000 {
        let small = small(seed, 1);
        let field = Field::new(&small.instance, small.root);
        let tree = least_tree_of(&field);
        let budget = small.pots.money[0];
        let best = best_by_hand(&field, &tree, &mut small.purse());
        match best_part(&field, &tree, budget, best - 1, 100_000, &mut || false) {
            Best::Better(part) => {
                assert_is_tree(&field, &part);
                assert!(field.tree_cost(&part) <= budget);
                assert_eq!(field.tree_prize(&part), best, "seed {seed}");
            }
            other => panic!("seed {seed}: {other:?}"),
        }
        assert_eq!(
            best_part(&field, &tree, budget, best, 100_000, &mut || false),
            Best::NoneBetter
        );
    }
    let small = small(1, 1);
    let field = Field::new(&small.instance, small.root);
    assert_eq!(
        best_part(&field, &least_tree_of(&field), 1_000, -1, 1, &mut || false),
        Best::TooMany
    );
}

#[test]
fn tree_first_is_best_on_its_tree_with_one_pot_and_near_it_with_two() {
    let (mut found, mut best_of_all) = (0, 0);
    for seed in 0..2_000 {
        let pots = 1 + usize::try_from(seed % 2).unwrap();
        let small = small(seed, pots);
        let field = Field::new(&small.instance, small.root);
        let best = best_by_hand(&field, &least_tree_of(&field), &mut small.purse());
        let prize = field.tree_prize(&tree_first(&field, &small.suggested(), &mut small.purse()));
        // A wider pot is not looked at beyond the tree, so brute force on the tree is the ceiling.
        assert!(prize <= best, "seed {seed}");
        if pots == 1 {
            assert_eq!(prize, best, "seed {seed}");
        } else {
            found += prize;
            best_of_all += best;
        }
    }
    assert!(found * 100 >= best_of_all * 98, "{found} of {best_of_all}");
}

#[test]
fn parts_found_by_prices_are_parts_of_the_tree() {
    for seed in 0..500 {
        let small = small(seed, 3);
        let field = Field::new(&small.instance, small.root);
        let tree = least_tree_of(&field);
        for part in priced_parts(&field, &tree, &small.suggested(), 0, 10, &mut || false) {
            assert_is_tree(&field, &part);
            assert!(part.iter().all(|joined| tree.iter().any(|other| other.edge == joined.edge)));
        }
    }
}
