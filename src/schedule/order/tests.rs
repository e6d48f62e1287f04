use super::*;
use crate::random::Random;

/// The first numbers in some order.
fn shuffled(length: usize, dice: &mut Random) -> Vec<u32> {
    let mut name: Vec<u32> = (0..).take(length).collect();
    for place in 1..length {
        name.swap(place, dice.place(place + 1));
    }
    name
}

/// What each item hangs on, costs and brings.
#[derive(Clone, Debug)]
struct Case {
    parent: Vec<Option<u32>>,
    cost: Vec<i64>,
    weight: Vec<i64>,
}

impl Case {
    /// Up to nine items, in an order that says nothing of what hangs on what; many are equal or nothing.
    fn random(seed: u64) -> Self {
        let dice = &mut Random::new(seed);
        let items = 1 + dice.place(9);
        let name = shuffled(items, dice);
        let mut parent = vec![None; items];
        for place in 1..items {
            if dice.below(4) > 0 {
                parent[name[place] as usize] = Some(name[dice.place(place)]);
            }
        }
        let most = [1, 3, 20][dice.place(3)];
        let mut numbers = || (0..items).map(|_| dice.between(0, most)).collect();
        Self { parent, cost: numbers(), weight: numbers() }
    }

    fn order(&self) -> Vec<u32> {
        horn_order(&self.parent, &self.cost, &self.weight)
    }

    fn can_be_built(&self, order: &[u32]) -> bool {
        let mut built = vec![false; self.parent.len()];
        order.iter().all(|&item| {
            let fed = self.parent[item as usize].is_none_or(|above| built[above as usize]);
            fed && !std::mem::replace(&mut built[item as usize], true)
        }) && built.iter().all(|&built| built)
    }

    /// The sum of weight times what is spent when it comes.
    fn delay(&self, order: &[u32]) -> i64 {
        let mut spent = 0;
        let delays = order.iter().map(|&item| {
            spent += self.cost[item as usize];
            self.weight[item as usize] * spent
        });
        delays.sum()
    }

    fn sum(values: &[i64], of: usize) -> i64 {
        (0..values.len()).filter(|item| of >> item & 1 == 1).map(|item| values[item]).sum()
    }

    /// All sets that hold what their items hang on, as bits.
    fn closed(&self) -> impl Iterator<Item = usize> {
        let fed = |set: usize, item: usize| {
            set >> item & 1 == 0
                || self.parent[item].is_none_or(|above| set >> (above as usize) & 1 == 1)
        };
        let items = self.parent.len();
        (0..1_usize << items).filter(move |&set| (0..items).all(|item| fed(set, item)))
    }

    /// The least delay over all orders that can be built.
    fn least_delay(&self) -> i64 {
        let mut least = vec![None; 1 << self.parent.len()];
        least[0] = Some(0);
        for set in self.closed().skip(1) {
            let spent = Self::sum(&self.cost, set);
            let before = (0..self.parent.len()).filter(|item| set >> item & 1 == 1);
            let delays = before.filter_map(|last| {
                least[set & !(1 << last)].map(|before: i64| before + self.weight[last] * spent)
            });
            least[set] = delays.min();
        }
        least.pop().flatten().unwrap()
    }
}

#[test]
fn what_brings_nothing_itself_comes_with_what_it_feeds() {
    // a feeds b; c stands alone.
    let order = horn_order(&[None, Some(0), None], &[1, 1, 1], &[0, 10, 4]);
    assert_eq!(order, [0, 1, 2]);
    let case =
        Case { parent: vec![None, Some(0), None], cost: vec![1, 1, 1], weight: vec![0, 10, 4] };
    assert_eq!(case.delay(&order), 32);
    assert_eq!(case.least_delay(), 32);
}

#[test]
fn no_order_brings_more_sooner() {
    for seed in 0..10_000 {
        let case = Case::random(seed);
        let order = case.order();
        assert!(case.can_be_built(&order), "seed {seed}: {order:?} {case:?}");
        assert_eq!(case.delay(&order), case.least_delay(), "seed {seed}: {order:?} {case:?}");
    }
}

#[test]
fn where_a_block_ends_nothing_of_its_cost_brings_more() {
    for seed in 0..3_000 {
        let case = Case::random(seed);
        let years = vec![None::<u32>; case.parent.len()];
        let order = order_by_year(&case.parent, &case.cost, &case.weight, &years);
        let mut built = 0;
        let mut last = None;
        for (place, &item) in order.items.iter().enumerate() {
            built |= 1 << item;
            if order.blocks.get(place + 1) == Some(&order.blocks[place]) {
                continue;
            }
            let (cost, weight) = (Case::sum(&case.cost, built), Case::sum(&case.weight, built));
            let first = order.blocks.partition_point(|&block| block < order.blocks[place]);
            let block =
                order.items[first..=place].iter().fold(0, |set, &item| set | 1_usize << item);
            let part = [Case::sum(&case.weight, block), Case::sum(&case.cost, block)];
            // The blocks' curve is concave.
            if let Some([weight, cost]) = last.replace(part) {
                assert!(weight * part[1] >= part[0] * cost, "seed {seed}: {order:?} {case:?}");
            }
            if part[1] == 0 {
                continue;
            }
            let best = case.closed().filter(|&set| Case::sum(&case.cost, set) <= cost);
            let best = best.map(|set| Case::sum(&case.weight, set)).max();
            assert_eq!(best, Some(weight), "seed {seed}: {order:?} {case:?}");
        }
    }
}

#[test]
fn equals_come_by_number_and_branch_by_branch() {
    // Two trunks with two drops each, all alike; and a free item that brings nothing before each.
    let parent = [None, None, Some(0), Some(1), Some(2), Some(3), Some(2), Some(3)];
    let order = horn_order(&parent, &[0, 0, 2, 2, 1, 1, 1, 1], &[0, 0, 0, 0, 5, 5, 5, 5]);
    assert_eq!(order, [0, 2, 4, 6, 1, 3, 5, 7]);
    // Nothing brings anything: one branch after the other.
    let order = horn_order(&parent, &[1; 8], &[0; 8]);
    assert_eq!(order, [0, 2, 4, 6, 1, 3, 5, 7]);
    // Free weight first, as soon as it may; what is free and brings nothing last.
    let order = horn_order(&[None, None, Some(1), None], &[3, 5, 0, 0], &[9, 10, 7, 0]);
    assert_eq!(order, [1, 2, 0, 3]);
}

#[test]
fn the_order_of_rows_decides_between_equals_alone() {
    for seed in 0..3_000 {
        let mut case = Case::random(seed);
        // Large numbers, so that no two ratios are equal and no other order is as good.
        let dice = &mut Random::new(seed);
        for value in case.cost.iter_mut().chain(&mut case.weight) {
            *value = dice.between(1, 1_000_000_000_000);
        }
        let order = case.order();
        let name = shuffled(order.len(), &mut Random::new(seed + 1));
        let mut moved = case.clone();
        for (old, &new) in name.iter().enumerate() {
            moved.parent[new as usize] = case.parent[old].map(|above| name[above as usize]);
            moved.cost[new as usize] = case.cost[old];
            moved.weight[new as usize] = case.weight[old];
        }
        let expected: Vec<u32> = order.iter().map(|&item| name[item as usize]).collect();
        assert_eq!(moved.order(), expected, "seed {seed}: {case:?}");
    }
}

#[test]
fn earlier_years_come_first_and_precedence_holds_whatever_the_years() {
    for seed in 0..3_000 {
        let case = Case::random(seed);
        let dice = &mut Random::new(seed);
        let years: Vec<Option<u32>> =
            case.parent.iter().map(|_| (dice.below(4) > 0).then(|| dice.below(3))).collect();
        let order = order_by_year(&case.parent, &case.cost, &case.weight, &years);
        assert!(case.can_be_built(&order.items), "seed {seed}");
        // What an item is needed for makes it earlier, never later; what has no year comes last.
        let mut needed: Vec<u32> = years.iter().map(|year| year.unwrap_or(u32::MAX)).collect();
        for &item in order.items.iter().rev() {
            if let Some(above) = case.parent[item as usize] {
                needed[above as usize] = needed[above as usize].min(needed[item as usize]);
            }
        }
        let in_turn = order.items.iter().map(|&item| needed[item as usize]);
        assert!(in_turn.is_sorted(), "seed {seed}: {order:?} {case:?} {years:?}");
    }
    let parent = [None, Some(0), Some(0), None];
    let order = |years: [Option<u32>; 4]| {
        order_by_year(&parent, &[5, 1, 1, 1], &[0, 9, 1, 1], &years).items
    };
    assert_eq!(order([None, Some(2), Some(1), Some(1)]), [3, 0, 2, 1]);
    assert_eq!(order([None, None, None, Some(1)]), [3, 0, 1, 2]);
    assert_eq!(order([Some(1), Some(2), Some(2), Some(2)]), [0, 1, 2, 3]);
}

#[test]
fn huge_numbers_are_compared_exactly() {
    let most = i64::MAX;
    assert_eq!(horn_order(&[None, None], &[most, most], &[most - 1, most]), [1, 0]);
    assert_eq!(horn_order(&[None; 3], &[most, most - 1, 0], &[most, most, 1]), [2, 1, 0]);
    let worth = |weight, cost| Worth { weight, cost };
    let large = i128::MAX / 4;
    assert!(worth(large, large - 1) > worth(large + 1, large));
    assert!(worth(large, 0) > worth(large, 1));
    assert_eq!(worth(large, large), worth(large - 7, large - 7));
    assert_eq!(worth(large, 0), worth(1, 0));
    assert!(worth(0, 0) < worth(1, large));
    for seed in 0..20_000 {
        let dice = &mut Random::new(seed);
        let mut number = || i128::from(dice.between(1, 60));
        let (one, other) = ([number(), number()], [number(), number()]);
        let exact = (one[0] * other[1]).cmp(&(other[0] * one[1]));
        assert_eq!(by_parts(one, other), exact, "{one:?} {other:?}");
    }
}

#[test]
fn what_makes_no_forest_is_still_ordered_whole() {
    let parent = [Some(1), Some(2), Some(0), Some(3), Some(99), Some(0)];
    let mut order = horn_order(&parent, &[1, -5, 3, 4, 5, 6], &[1; 6]);
    assert!(order.iter().position(|&item| item == 0) < order.iter().position(|&item| item == 5));
    order.sort_unstable();
    assert_eq!(order, [0, 1, 2, 3, 4, 5]);
    assert_eq!(horn_order(&[], &[], &[]), [0_u32; 0]);
}

#[test]
fn a_chain_of_many_is_ordered_without_recursion() {
    let items = 200_000_u32;
    let parent: Vec<Option<u32>> = (0..items).map(|item| item.checked_sub(1)).collect();
    let weight: Vec<i64> = (0..i64::from(items)).map(|item| item % 1_000).collect();
    let order = horn_order(&parent, &vec![100_000_000_000; weight.len()], &weight);
    assert!(order.into_iter().eq(0..items));
}
