//! The order that brings the most for each pound as early as possible: Horn's rule for trees.
//!
//! W. A. Horn, Single-machine job sequencing with treelike precedence ordering and linear delay penalties,
//! SIAM Journal on Applied Mathematics 23 (1972). An item may be built once what it hangs on is. Among all such
//! orders Horn's has the least sum of weight times cost spent by then: the largest area below the curve of
//! weight over cost. Where a block of it ends that costs anything, nothing to be had for as much brings more.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// An order of items, in blocks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Order {
    /// All items; each after what it hangs on.
    pub items: Vec<u32>,
    /// By place in [`items`](Self::items): the number of the item's block, from 0. A block as a whole brings more
    /// for its cost than what it begins with, so it is built in one go. Within a year the blocks come by what
    /// they bring for their cost, most first.
    pub blocks: Vec<u32>,
}

/// Horn's order of items. By item come the item that it hangs on, what it costs and what it brings.
///
/// Weight for cost is compared exactly. An item that brings something and costs nothing comes as soon as it may.
/// One that does neither comes with the best of what hangs on it, or last where that brings nothing either. Of
/// equal blocks the one whose first item has the lower number comes first, and so it is inside a block, branch by
/// branch: a caller that numbers its items by id has the same order however its rows stood. O(n log n), without
/// recursion.
///
/// Costs and weights below nothing count as nothing. What hangs on itself, or on an item that is not there, hangs
/// on nothing.
#[must_use]
pub fn horn_order(parent: &[Option<u32>], cost: &[i64], weight: &[i64]) -> Vec<u32> {
    order_by_year(parent, cost, weight, &vec![None::<u32>; parent.len()]).items
}

/// The order of items of which some or all have a year: what has an earlier year comes first, in Horn's order
/// within each year.
///
/// An item without a year has that of the earliest item which hangs on it, and comes after all years where none of
/// them has one. An item with a later year than what hangs on it is taken to have that one's, so that every
/// item comes after what it hangs on whatever the years.
#[must_use]
pub fn order_by_year<Y: Copy + Ord>(
    parent: &[Option<u32>],
    cost: &[i64],
    weight: &[i64],
    year: &[Option<Y>],
) -> Order {
    let parent = sound(parent);
    let depth = depths(&parent);
    let year = earliest(&parent, &depth, year);
    let mut blocks = Blocks::new(cost, weight);
    let within = |item: u32| {
        let above = parent[item as usize]?;
        (year[above as usize] == year[item as usize]).then_some(above)
    };
    let mut heads = blocks.merge(within, &depth);
    // What has no year comes last. A block hangs on none of its year that is worse or as good, so it stays behind.
    let when = |head: u32| (year[head as usize].is_none(), year[head as usize]);
    heads.sort_by(|&one, &other| {
        let by_worth = || blocks.worth(other).cmp(&blocks.worth(one));
        when(one).cmp(&when(other)).then_with(by_worth).then(one.cmp(&other))
    });
    let mut order = Order::default();
    for (block, &head) in (0..).zip(&heads) {
        let mut next = Some(head);
        while let Some(item) = next {
            order.items.push(item);
            order.blocks.push(block);
            next = blocks.next[item as usize];
        }
    }
    order
}

/// What each item hangs on, circles and items that are not there left out.
fn sound(parent: &[Option<u32>]) -> Vec<Option<u32>> {
    let within = |above: &u32| (*above as usize) < parent.len();
    let mut sound: Vec<Option<u32>> = parent.iter().map(|above| above.filter(within)).collect();
    // 0 is not looked at, 1 on the way, 2 done.
    let mut state = vec![0_u8; sound.len()];
    for start in 0..sound.len() {
        let mut way = Vec::new();
        let mut here = start;
        while state[here] == 0 {
            state[here] = 1;
            way.push(here);
            match sound[here] {
                Some(above) if state[above as usize] == 1 => sound[here] = None,
                Some(above) => here = above as usize,
                None => {}
            }
        }
        for item in way {
            state[item] = 2;
        }
    }
    sound
}

/// How many items lie above each.
fn depths(parent: &[Option<u32>]) -> Vec<u32> {
    let mut depth: Vec<Option<u32>> = vec![None; parent.len()];
    let mut way = Vec::new();
    for start in 0..parent.len() {
        let mut here = Some(start);
        while let Some(item) = here.filter(|&item| depth[item].is_none()) {
            way.push(item);
            here = parent[item].map(|above| above as usize);
        }
        while let Some(item) = way.pop() {
            let above = parent[item].and_then(|above| depth[above as usize]);
            depth[item] = Some(above.map_or(0, |above| above + 1));
        }
    }
    depth.into_iter().flatten().collect()
}

/// The year of each item, no later than that of any item which hangs on it.
fn earliest<Y: Copy + Ord>(
    parent: &[Option<u32>],
    depth: &[u32],
    year: &[Option<Y>],
) -> Vec<Option<Y>> {
    let mut years = year.to_vec();
    if years.iter().all(Option::is_none) {
        return years;
    }
    let mut deepest: Vec<usize> = (0..parent.len()).collect();
    deepest.sort_by_key(|&item| std::cmp::Reverse(depth[item]));
    for item in deepest {
        if let (Some(above), Some(own)) = (parent[item], years[item]) {
            let above = &mut years[above as usize];
            *above = Some(above.map_or(own, |year| year.min(own)));
        }
    }
    years
}

/// What a block brings and costs; the one that brings more for its cost is the greater. All that bring nothing are
/// equal.
#[derive(Clone, Copy, Debug)]
struct Worth {
    weight: i128,
    cost: i128,
}

impl Worth {
    fn and(self, other: Self) -> Self {
        Self { weight: self.weight + other.weight, cost: self.cost + other.cost }
    }

    const fn brings(self) -> bool {
        self.weight > 0
    }
}

impl Ord for Worth {
    fn cmp(&self, other: &Self) -> Ordering {
        if !self.brings() || !other.brings() {
            return self.brings().cmp(&other.brings());
        }
        let narrow = [self.weight, self.cost, other.weight, other.cost].map(i64::try_from);
        if let [Ok(weight), Ok(cost), Ok(others_weight), Ok(others_cost)] = narrow {
            let product = |one: i64, other: i64| i128::from(one) * i128::from(other);
            return product(weight, others_cost).cmp(&product(others_weight, cost));
        }
        by_parts([self.weight, self.cost], [other.weight, other.cost])
    }
}

impl PartialOrd for Worth {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Worth {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Worth {}

/// Compares two fractions of positive numbers without multiplying, by their whole parts and then by what remains
/// turned over. Over nothing is more than over anything.
fn by_parts(mut one: [i128; 2], mut other: [i128; 2]) -> Ordering {
    loop {
        if one[1] == 0 || other[1] == 0 {
            return (one[1] == 0).cmp(&(other[1] == 0));
        }
        let wholes = (one[0] / one[1]).cmp(&(other[0] / other[1]));
        if wholes != Ordering::Equal {
            return wholes;
        }
        // One part over each is the smaller the larger the part turned over is.
        let turned = |of: [i128; 2]| [of[1], of[0] % of[1]];
        (one, other) = (turned(other), turned(one));
    }
}

/// A block in the queue: the best comes first, then the deepest, then the lowest number.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
struct Waiting {
    worth: Worth,
    depth: u32,
    head: std::cmp::Reverse<u32>,
    /// Items in the block when it was put in: blocks only grow.
    items: u32,
}

/// Items in blocks, each known by its first item.
struct Blocks {
    /// What follows an item in its block.
    next: Vec<Option<u32>>,
    /// By first item: the last item.
    last: Vec<u32>,
    /// By first item: how many items.
    size: Vec<u32>,
    /// By first item: what the block brings and costs.
    worth: Vec<Worth>,
    /// An item before this one in its block; itself where it is the first.
    before: Vec<u32>,
}

impl Blocks {
    /// Each item in a block of its own.
    fn new(cost: &[i64], weight: &[i64]) -> Self {
        let sum = |value: i64| i128::from(value.max(0));
        let worths = weight.iter().zip(cost);
        let worth: Vec<Worth> =
            worths.map(|(&weight, &cost)| Worth { weight: sum(weight), cost: sum(cost) }).collect();
        let items: Vec<u32> = (0..).take(worth.len()).collect();
        Self {
            next: vec![None; worth.len()],
            last: items.clone(),
            size: vec![1; worth.len()],
            worth,
            before: items,
        }
    }

    fn worth(&self, head: u32) -> Worth {
        self.worth[head as usize]
    }

    /// The first item of the block that an item is in.
    fn head(&mut self, item: u32) -> u32 {
        let mut here = item;
        while self.before[here as usize] != here {
            let further = self.before[self.before[here as usize] as usize];
            self.before[here as usize] = further;
            here = further;
        }
        here
    }

    /// Joins every block to the one it hangs on, if that brings no more for its cost. Returns the first items
    /// of what is left: no block hangs on a worse or an equal one.
    ///
    /// The best of all blocks can only wait for what it hangs on, so it comes straight after that.
    fn merge(&mut self, above: impl Fn(u32) -> Option<u32>, depth: &[u32]) -> Vec<u32> {
        let waiting = |blocks: &Self, head: u32| Waiting {
            worth: blocks.worth(head),
            depth: depth[head as usize],
            head: std::cmp::Reverse(head),
            items: blocks.size[head as usize],
        };
        let all: Vec<Waiting> =
            (0..).take(self.worth.len()).map(|item| waiting(self, item)).collect();
        let mut queue = BinaryHeap::from(all);
        let mut done = vec![false; self.worth.len()];
        let mut heads = Vec::new();
        while let Some(best) = queue.pop() {
            let head = best.head.0;
            let grown = self.size[head as usize] != best.items;
            if grown || self.before[head as usize] != head {
                continue;
            }
            let onto = above(head).map(|item| self.head(item));
            if let Some(onto) = onto.filter(|&onto| !done[onto as usize]) {
                self.append(onto, head);
                queue.push(waiting(self, onto));
            } else {
                done[head as usize] = true;
                heads.push(head);
            }
        }
        heads
    }

    fn append(&mut self, onto: u32, head: u32) {
        let (into, from) = (onto as usize, head as usize);
        self.next[self.last[into] as usize] = Some(head);
        self.last[into] = self.last[from];
        self.size[into] += self.size[from];
        self.worth[into] = self.worth[into].and(self.worth[from]);
        self.before[from] = onto;
    }
}

#[cfg(test)]
mod tests;
