//! The payments nearest to a target, as shares, before rounding.
//!
//! In: targets and limits. Out: for each item the share each pot pays. The sum of
//! `c (x - t)^2 / 2` over shares `x` is least under the limits when every item's shares are the
//! projection of `t - price` onto the shares that are possible, the price of a pot for an item being
//! the sum of the multipliers of all limits that hold the item. The multipliers are found by Newton's
//! method on the concave, piecewise quadratic dual (semismooth Newton with Levenberg's damping; Li and
//! Swetits 1997), limits being added as they are broken. Floating point; `round` makes it exact.

use std::collections::BTreeMap;

use crate::funding::FundingCase;
use crate::funding::limits::{Limits, Pools};
use crate::funding::terms::Terms;
use crate::graph::max_flow::FlowNetwork;

/// How far a limit may be exceeded, in pence: far below what rounding tells apart.
const SLACK_PENCE: f64 = 1e-5;

/// Rounds of adding broken limits, and Newton steps in each.
const MOST_ROUNDS: usize = 300;
const MOST_STEPS: usize = 400;

/// Items whose shares must come out the same: same payers, same target, under the same limits.
struct Class {
    items: Vec<u32>,
    cost: f64,
    pots: Vec<usize>,
    wanted: Vec<f64>,
    /// The largest share of each pot.
    most: Vec<f64>,
    /// By pot: the limits that hold the class.
    rows: Vec<Vec<usize>>,
}

/// A limit on what one pot pays for some classes together.
struct Row {
    limit: f64,
    price: f64,
}

struct Problem<'a> {
    limits: &'a [Limits],
    classes: Vec<Class>,
    rows: Vec<Row>,
    /// Row of a pot's branch, where it has one.
    branch_rows: BTreeMap<(usize, u32), usize>,
    cost: f64,
}

/// The shares of every class and by how much every row is exceeded, at some prices.
struct PricedShares {
    shares: Vec<Vec<f64>>,
    excess: Vec<f64>,
    value: f64,
}

/// By item and pot: the share the pot pays.
pub(super) fn shares(
    case: &FundingCase,
    terms: &Terms,
    limits: &[Limits],
    wanted: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let mut problem = Problem::new(case, terms, limits, wanted);
    for pot in 0..case.pots.len() {
        problem.add_branch(pot, 0);
    }
    let mut point = problem.solve();
    for _ in 0..MOST_ROUNDS {
        if !problem.add_broken(&point) {
            break;
        }
        point = problem.solve();
    }
    let mut shares = vec![vec![0.0; case.pots.len()]; case.items.len()];
    for (class, found) in problem.classes.iter().zip(point.shares) {
        for &item in &class.items {
            for (&pot, &share) in class.pots.iter().zip(&found) {
                shares[item as usize][pot] = share;
            }
        }
    }
    shares
}

impl<'a> Problem<'a> {
    fn new(case: &FundingCase, terms: &Terms, limits: &'a [Limits], wanted: &[Vec<f64>]) -> Self {
        let mut by_key: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut classes: Vec<Class> = Vec::new();
        for (place, item) in case.items.iter().enumerate() {
            let cost = float(item.cost.get());
            if item.cost.get() == 0 {
                continue;
            }
            let pots: Vec<usize> = terms.payers[place].iter().collect();
            let ceilings = pots.iter().map(|&pot| Terms::ceiling(case, pot, place));
            let most: Vec<f64> = ceilings.map(|ceiling| float(ceiling) / cost).collect();
            let wanted: Vec<f64> = pots.iter().map(|&pot| wanted[place][pot]).collect();
            let key = key(place, &pots, &wanted, &most, limits);
            let class = *by_key.entry(key).or_insert(classes.len());
            if class == classes.len() {
                let rows = vec![Vec::new(); pots.len()];
                classes.push(Class { items: Vec::new(), cost: 0.0, pots, wanted, most, rows });
            }
            classes[class].cost += cost;
            classes[class].items.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        let cost = classes.iter().map(|class| class.cost).sum();
        Self { limits, classes, rows: Vec::new(), branch_rows: BTreeMap::new(), cost }
    }

    /// The smallest branch of a pot that holds a class.
    fn branch(&self, class: &Class, pot: usize) -> u32 {
        class.items.first().map_or(0, |&item| self.limits[pot].branch_of[item as usize])
    }

    fn add_branch(&mut self, pot: usize, branch: u32) {
        let branches = &self.limits[pot].branches;
        let holds = |class: &Class| {
            let mut here = self.branch(class, pot);
            while here > branch {
                here = branches[here as usize].within;
            }
            here == branch
        };
        let held = self.classes.iter().map(holds).collect();
        self.branch_rows.insert((pot, branch), self.rows.len());
        self.add_row(pot, branches[branch as usize].limit, held);
    }

    fn add_row(&mut self, pot: usize, limit: i64, held: Vec<bool>) {
        let row = self.rows.len();
        for (class, held) in self.classes.iter_mut().zip(held) {
            if let Some(place) = class.pots.iter().position(|&other| held && other == pot) {
                class.rows[place].push(row);
            }
        }
        self.rows.push(Row { limit: float(limit), price: 0.0 });
    }

    /// Adds limits that a point breaks; whether there were any.
    fn add_broken(&mut self, point: &PricedShares) -> bool {
        let limits = self.limits;
        let mut any = false;
        for (pot, limits) in limits.iter().enumerate() {
            let paid: Vec<f64> = self.paid(point, pot);
            let mut sums = vec![0.0; limits.branches.len()];
            for (class, paid) in self.classes.iter().zip(&paid) {
                sums[self.branch(class, pot) as usize] += paid;
            }
            for branch in (0..sums.len()).rev() {
                let within = limits.branches[branch].within as usize;
                let number = u32::try_from(branch).unwrap_or(u32::MAX);
                let limit = float(limits.branches[branch].limit);
                let known = self.branch_rows.contains_key(&(pot, number));
                if !known && sums[branch] > limit + 100.0 * SLACK_PENCE {
                    self.add_branch(pot, number);
                    any = true;
                }
                if within != branch {
                    sums[within] += sums[branch];
                }
            }
            if let Some(pools) = &limits.pools {
                any |= self.add_pool_row(pot, pools, &paid);
            }
        }
        any
    }

    /// By class: what a pot pays of it.
    fn paid(&self, point: &PricedShares, pot: usize) -> Vec<f64> {
        let of_class = |(class, shares): (&Class, &Vec<f64>)| {
            let place = class.pots.iter().position(|&other| other == pot);
            place.map_or(0.0, |place| class.cost * shares[place])
        };
        self.classes.iter().zip(&point.shares).map(of_class).collect()
    }

    /// Adds the limit that pools set for the classes they cannot pay by most; whether there is one.
    fn add_pool_row(&mut self, pot: usize, pools: &Pools, paid: &[f64]) -> bool {
        const PARTS: f64 = 1024.0;
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let (source, sink) = (0, 1);
        let mut network = FlowNetwork::new(2 + pools.money.len() + paid.len());
        let pool_node = |pool: u32| 2 + pool;
        let class_node = |class: usize| narrow(2 + pools.money.len() + class);
        for (pool, &money) in pools.money.iter().enumerate() {
            network.add_arc(source, pool_node(narrow(pool)), money.saturating_mul(1024));
        }
        let mut due = 0;
        for (place, (class, &paid)) in self.classes.iter().zip(paid).enumerate() {
            #[allow(clippy::cast_possible_truncation)] // a cost times 2^10, rounded down
            let parts = (paid * PARTS) as i64;
            due += parts;
            network.add_arc(class_node(place), sink, parts);
            let item = class.items.first().map_or(&[][..], |&item| &pools.of_item[item as usize]);
            for &pool in item {
                network.add_arc(pool_node(pool), class_node(place), i64::MAX / 4);
            }
        }
        let tolerance = i64::try_from(paid.len()).unwrap_or(i64::MAX).max(10);
        if due - network.maximise(source, sink) <= tolerance {
            return false;
        }
        let side = network.sink_side(sink);
        let held: Vec<bool> =
            (0..paid.len()).map(|class| side[class_node(class) as usize]).collect();
        let money = pools.money.iter().enumerate();
        let limit = money.filter(|(pool, _)| side[pool_node(narrow(*pool)) as usize]);
        let limit = limit.fold(0_i64, |sum, (_, &money)| sum.saturating_add(money));
        self.add_row(pot, limit, held);
        true
    }

    /// Newton's method from the prices so far.
    fn solve(&mut self) -> PricedShares {
        let mut point = self.at(&self.rows.iter().map(|row| row.price).collect::<Vec<_>>());
        let noise = self.cost * 1e-14;
        let tolerance = SLACK_PENCE + noise;
        let mut damping = self.cost * 1e-6;
        for _ in 0..MOST_STEPS {
            let open: Vec<usize> = (0..self.rows.len())
                .filter(|&row| self.rows[row].price > 0.0 || point.excess[row] > 0.0)
                .collect();
            let worst = self.residual(&point);
            if worst <= tolerance || damping > self.cost * 1e9 {
                break;
            }
            let matrix = self.curvature(&point, &open);
            let slope = open.iter().map(|&row| point.excess[row]).collect();
            let Some(step) = solved(matrix, slope, damping) else {
                damping *= 8.0;
                continue;
            };
            let mut prices: Vec<f64> = self.rows.iter().map(|row| row.price).collect();
            for (&row, step) in open.iter().zip(step) {
                prices[row] = (prices[row] + step).max(0.0);
            }
            let next = self.at(&prices);
            let before: Vec<f64> = self.rows.iter().map(|row| row.price).collect();
            self.set(&prices);
            let rises = next.value > point.value + noise;
            let is_nearer = next.value >= point.value - noise && self.residual(&next) < worst;
            if rises || is_nearer {
                point = next;
                damping = (damping / 8.0).max(self.cost * 1e-13);
            } else {
                self.set(&before);
                damping *= 8.0;
            }
        }
        point
    }

    fn set(&mut self, prices: &[f64]) {
        for (row, &price) in self.rows.iter_mut().zip(prices) {
            row.price = price;
        }
    }

    /// The largest breach of a limit, or slack under a limit that has a price, in pence.
    fn residual(&self, point: &PricedShares) -> f64 {
        let rows = self.rows.iter().zip(&point.excess);
        rows.map(|(row, &excess)| if row.price > 0.0 { excess.abs() } else { excess.max(0.0) })
            .fold(0.0, f64::max)
    }

    /// The best shares at some prices.
    fn at(&self, prices: &[f64]) -> PricedShares {
        let mut excess: Vec<f64> = self.rows.iter().map(|row| -row.limit).collect();
        let mut value: f64 =
            self.rows.iter().zip(prices).map(|(row, price)| -row.limit * price).sum();
        let mut all = Vec::with_capacity(self.classes.len());
        for class in &self.classes {
            let price: Vec<f64> =
                class.rows.iter().map(|rows| rows.iter().map(|&row| prices[row]).sum()).collect();
            let aim: Vec<f64> = class.wanted.iter().zip(&price).map(|(t, p)| t - p).collect();
            let shares = projected(&aim, &class.most);
            for (place, &share) in shares.iter().enumerate() {
                let off = share - class.wanted[place];
                value += class.cost * (off * off / 2.0 + price[place] * share);
                for &row in &class.rows[place] {
                    excess[row] += class.cost * share;
                }
            }
            all.push(shares);
        }
        PricedShares { shares: all, excess, value }
    }

    /// How the excess of each open row falls with the price of each.
    fn curvature(&self, point: &PricedShares, open: &[usize]) -> Vec<Vec<f64>> {
        let mut place_of = vec![usize::MAX; self.rows.len()];
        for (place, &row) in open.iter().enumerate() {
            place_of[row] = place;
        }
        let mut matrix = vec![vec![0.0; open.len()]; open.len()];
        for (class, shares) in self.classes.iter().zip(&point.shares) {
            let inside = |&place: &usize| shares[place] > 0.0 && shares[place] < class.most[place];
            let free: Vec<usize> = (0..shares.len()).filter(inside).collect();
            #[allow(clippy::cast_precision_loss)] // at most sixty-four
            let part = 1.0 / free.len() as f64;
            for &one in &free {
                for &other in &free {
                    let slope = class.cost * (f64::from(u8::from(one == other)) - part);
                    for &row in class.rows[one].iter().filter(|&&row| place_of[row] < open.len()) {
                        for &column in &class.rows[other] {
                            if let Some(entry) = matrix[place_of[row]].get_mut(place_of[column]) {
                                *entry += slope;
                            }
                        }
                    }
                }
            }
        }
        matrix
    }
}

/// What tells an item's class from others, bit by bit.
fn key(item: usize, pots: &[usize], wanted: &[f64], most: &[f64], limits: &[Limits]) -> Vec<u64> {
    let mut key = Vec::new();
    for ((&pot, wanted), most) in pots.iter().zip(wanted).zip(most) {
        let branch = limits[pot].branch_of[item];
        key.extend([u64::MAX, pot as u64, wanted.to_bits(), most.to_bits(), u64::from(branch)]);
        if let Some(pools) = &limits[pot].pools {
            key.extend(pools.of_item[item].iter().map(|&pool| u64::from(pool)));
        }
    }
    key
}

/// The nearest shares to `aim` that add up to one, none negative, each at most its own most.
///
/// Sorted break points of the one multiplier: `n log n` steps.
fn projected(aim: &[f64], most: &[f64]) -> Vec<f64> {
    let at = |level: f64| -> Vec<f64> {
        aim.iter().zip(most).map(|(aim, &most)| (aim - level).clamp(0.0, most)).collect()
    };
    let sum = |level: f64| -> f64 {
        aim.iter().zip(most).map(|(aim, &most)| (aim - level).clamp(0.0, most)).sum()
    };
    let mut breaks: Vec<f64> =
        aim.iter().zip(most).flat_map(|(aim, most)| [*aim, aim - most]).collect();
    breaks.sort_unstable_by(f64::total_cmp);
    // The sum falls from all of `most` to nothing as the level rises.
    let above = breaks.partition_point(|&level| sum(level) > 1.0);
    if above == 0 {
        return most.to_vec();
    }
    let low = breaks[above - 1];
    let Some(&high) = breaks.get(above) else { return at(low) };
    let (more, less) = (sum(low), sum(high));
    let part = if more > less { (more - 1.0) / (more - less) } else { 0.0 };
    at(low + (high - low) * part)
}

/// Solves `(matrix + damping) x = right` for a symmetric matrix by Cholesky's method; `None` when it
/// is not positive definite.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>, damping: f64) -> Option<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        matrix[row][row] += damping;
        for column in 0..=row {
            let done = (0..column).map(|k| matrix[row][k] * matrix[column][k]).sum::<f64>();
            let rest = matrix[row][column] - done;
            if row == column {
                if rest <= 0.0 {
                    return None;
                }
                matrix[row][row] = rest.sqrt();
            } else {
                matrix[row][column] = rest / matrix[column][column];
            }
        }
    }
    for row in 0..size {
        let done = (0..row).map(|k| matrix[row][k] * right[k]).sum::<f64>();
        right[row] = (right[row] - done) / matrix[row][row];
    }
    for row in (0..size).rev() {
        let done = (row + 1..size).map(|k| matrix[k][row] * right[k]).sum::<f64>();
        right[row] = (right[row] - done) / matrix[row][row];
    }
    Some(right)
}

#[allow(clippy::cast_precision_loss)] // amounts of money below 2^53 pence are exact
fn float(pence: i64) -> f64 {
    pence as f64
}
