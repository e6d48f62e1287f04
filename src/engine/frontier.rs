//! The efficient frontier: the most prize for each of many budgets, with a proven ceiling over all.
//!
//! In: an instance with a root that asks for the most prize, and budgets. Out: for each budget a tree and a
//! bound. One reduction and one set of dual ascents serve all budgets; it does not branch, so its bounds
//! are those of the Lagrangian.
//!
//! Method: a dual ascent at multipliers S of cost and M of prize proves that `S cost + M missed >= L` for
//! every tree. So no tree of budget B has more prize than `total + (S B - L) / M`: a line over all budgets.
//! The least of the lines of all ascents is a concave ceiling (Geoffrion 1974).

use super::bound::{Ascent, AscentScratch, AscentSettings, Price};
use super::exact::parents_by_name;
use super::heuristic::{Oriented, cut_to_size, from_nothing, from_saturated};
use super::reduce::{Reduced, reduce};
use super::rooted::{Rooted, Tree};
use super::solving::divisor;
use super::stop::Watch;
use super::{Goal, Instance, Solution};
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::graph::{Distances, FAR};
use crate::observe::Observer;
use crate::status::gap;

/// A budget, with the best tree found for it and what is proven.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Point {
    /// The budget.
    pub budget: i64,
    /// The best tree found that costs no more; `None` where none is known.
    pub solution: Option<Solution>,
    /// No tree that costs no more has more prize.
    pub bound: i64,
}

/// Ascents at most for one budget: while its price is sought, and for the bound.
const SOUGHT: usize = 8;
const BOUNDED: usize = 4;
/// How far apart in price two ascents must lie at least to be worth another between them.
const CLOSE: f64 = 1.02;

/// The best tree found, and a bound, for each budget, in the order given.
///
/// Stops for each budget at the gap of the effort; the limits on work and time hold for all budgets
/// together.
///
/// # Errors
///
/// A usage error when the instance does not [validate](Instance::validate), has no root, a hop limit or
/// another goal.
pub fn frontier(
    instance: &Instance,
    budgets: &[i64],
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<Point>, Error> {
    instance.validate()?;
    let fits = matches!(instance.goal, Goal::MostPrize { .. }) && instance.max_hops.is_none();
    let (true, Some(_)) = (fits, instance.root) else {
        let message = "a frontier needs a root, the goal of most prize, and no hop limit";
        return Err(Error::new(ErrorKind::Usage, message));
    };
    let nothing = |&budget: &i64| Point { budget, solution: None, bound: 0 };
    let mut points: Vec<Point> = budgets.iter().map(nothing).collect();
    let Some(&most) = budgets.iter().max() else { return Ok(points) };
    let mut whole = instance.clone();
    whole.goal = Goal::MostPrize { budget: most.max(0) };
    let watch = Watch::new(effort, observer);
    watch.phase("reduce");
    let Some(reduced) = reduce(&whole, &watch) else { return Ok(points) };
    let root = reduced.instance.root;
    let Goal::MostPrize { budget: left } = reduced.instance.goal else { return Ok(points) };
    let Some(problem) = root.and_then(|root| Rooted::new(&reduced.instance, root)) else {
        return Ok(points);
    };
    let mut sweep = PriceSweep::new(problem, most.max(0) - left);
    watch.phase("frontier");
    let mut order: Vec<usize> = (0..budgets.len()).collect();
    order.sort_by_key(|&place| budgets[place]);
    let mut before: Option<Tree> = None;
    for place in order {
        let budget = budgets[place];
        let tree = sweep.point(budget, effort.gap, before.take(), &watch);
        let point = &mut points[place];
        point.solution = tree.as_ref().map(|tree| sweep.restored(&whole, &reduced, tree));
        before = tree;
        let found = before.as_ref().map(|tree| tree.prize + reduced.offset);
        watch.progress(found, sweep.ceiling(budget).saturating_add(reduced.offset));
    }
    for point in &mut points {
        point.bound = sweep.ceiling(point.budget).saturating_add(reduced.offset);
    }
    Ok(points)
}

/// What an ascent proves for every budget, and on which side of which budgets its price lies.
struct Line {
    price: Price,
    lower: i64,
    ratio: f64,
    /// Cost of the tree that the ascent leads to.
    cost: i64,
    /// Names of its edges, sorted.
    guide: Vec<u32>,
}

struct PriceSweep {
    problem: Rooted,
    /// What every tree pays for what reductions took in.
    spent: i64,
    /// Divides every prize.
    grain: i64,
    lines: Vec<Line>,
    scratch: AscentScratch,
    /// What is asked of each node, where it is.
    forced: Option<Forced>,
}

/// What is proven of trees within a budget that hold a node, and of those that do not, by node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forced {
    /// No tree that holds the node has more prize; nothing where none can.
    pub held: Vec<i64>,
    /// No tree that does not hold the node has more prize.
    pub missed: Vec<i64>,
}

/// Bounds on trees that hold each node of an instance and on trees that do not, from the reduced costs of a
/// few dual ascents: a tree over a node costs at least the reduced length of a path to it more than the
/// bound, one without a node at least what is left of its prize. The limits of `effort` hold; `gap` is
/// not used.
///
/// # Errors
///
/// As [`frontier`].
pub fn forced(
    instance: &Instance,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Forced, Error> {
    instance.validate()?;
    let (Goal::MostPrize { budget }, Some(root), None) =
        (instance.goal, instance.root, instance.max_hops)
    else {
        let message = "bounds on nodes need a root, the goal of most prize, and no hop limit";
        return Err(Error::new(ErrorKind::Usage, message));
    };
    let nothing = vec![0; instance.nodes()];
    let none = Forced { held: nothing.clone(), missed: nothing };
    let Some(problem) = Rooted::new(instance, root) else { return Ok(none) };
    let open = problem.open_prize();
    let mut sweep = PriceSweep::new(problem, 0);
    let mut known = none;
    known.missed.fill(open);
    // What is left out of the search for its lack of prize could be held in passing.
    for (held, &prize) in known.held.iter_mut().zip(&instance.prizes) {
        *held = if prize == 0 { open } else { 0 };
    }
    for &name in &sweep.problem.node_name {
        known.held[name as usize] = open;
    }
    sweep.forced = Some(known);
    let watch = Watch::new(effort, observer);
    watch.phase("bounds on nodes");
    sweep.point(budget, 0.0, None, &watch);
    let ceiling = sweep.ceiling(budget);
    let grain = sweep.grain;
    let mut forced = sweep.forced.unwrap_or(Forced { held: Vec::new(), missed: Vec::new() });
    for bound in forced.held.iter_mut().chain(&mut forced.missed) {
        *bound = (*bound).min(ceiling).div_euclid(grain) * grain;
    }
    Ok(forced)
}

impl Forced {
    /// Takes in what an ascent proves at a budget.
    fn learn(&mut self, problem: &Rooted, ascent: &Ascent, money: i64) {
        let rows = &problem.rows;
        let mut from_root = Distances::new(problem.nodes());
        from_root.add_source(problem.root);
        from_root.run(rows, FAR - 1, |place| Some(ascent.reduced[rows.twin(place)]));
        let surplus = i128::from(ascent.price.cost) * i128::from(money) - i128::from(ascent.lower);
        let open = i128::from(problem.open_prize());
        let bound = |more: i64| {
            let most =
                open + (surplus - i128::from(more)).div_euclid(i128::from(ascent.price.prize));
            i64::try_from(most.max(0)).unwrap_or(i64::MAX)
        };
        for node in problem.all_nodes() {
            let name = problem.node_name[node as usize] as usize;
            let held = &mut self.held[name];
            *held = (*held).min(bound(from_root.of(node)));
            let missed = &mut self.missed[name];
            *missed = (*missed).min(bound(ascent.left[node as usize]));
        }
    }
}

impl PriceSweep {
    fn new(problem: Rooted, spent: i64) -> Self {
        let grain = problem.prize.iter().copied().fold(0, divisor).max(1);
        let (lines, scratch) = (Vec::new(), AscentScratch::default());
        Self { problem, spent, grain, lines, scratch, forced: None }
    }

    /// The least of all lines at a budget.
    fn ceiling(&self, budget: i64) -> i64 {
        let open = i128::from(self.problem.open_prize());
        let money = i128::from(budget - self.spent);
        if money < 0 {
            return 0;
        }
        let bound = |line: &Line| {
            let surplus = i128::from(line.price.cost) * money - i128::from(line.lower);
            open + surplus.div_euclid(i128::from(line.price.prize))
        };
        let least = self.lines.iter().map(bound).min().unwrap_or(open).min(open);
        let grain = i128::from(self.grain);
        i64::try_from((least.div_euclid(grain) * grain).max(0)).unwrap_or(i64::MAX)
    }

    /// The best tree found for a budget, beginning with one for a smaller budget.
    fn point(
        &mut self,
        budget: i64,
        close: f64,
        before: Option<Tree>,
        watch: &Watch<'_>,
    ) -> Option<Tree> {
        let money = budget - self.spent;
        if money < 0 {
            return None;
        }
        self.problem.goal = Goal::MostPrize { budget: money };
        let mut best = before;
        if best.is_none() {
            best = from_nothing(&self.problem, watch);
        }
        for _ in 0..SOUGHT {
            if watch.over() {
                return best;
            }
            let Some(ratio) = self.next_ratio(money, best.as_ref()) else { break };
            let settings = AscentSettings::default();
            self.ascend(ratio, settings, &mut best, watch)?;
        }
        for _ in 0..BOUNDED {
            let found = best.as_ref().map_or(0, |tree| tree.prize);
            if watch.over() || gap(found, self.ceiling(budget)) <= close {
                break;
            }
            let before = self.ceiling(budget);
            let ratio = self.best_line(money)?.ratio;
            let price = Price::of_ratio(&self.problem, ratio);
            let settings = AscentSettings {
                growth: 5,
                step: price.step(&self.problem, 4),
                ..AscentSettings::default()
            };
            self.ascend(ratio, settings, &mut best, watch)?;
            if self.ceiling(budget) == before {
                break;
            }
        }
        best
    }

    fn best_line(&self, money: i64) -> Option<&Line> {
        let bound = |line: &Line| {
            let surplus = i128::from(line.price.cost) * i128::from(money) - i128::from(line.lower);
            surplus.div_euclid(i128::from(line.price.prize))
        };
        self.lines.iter().min_by_key(|line| bound(line))
    }

    /// A price between that of the dearest tree within the budget and the cheapest beyond; `None` where
    /// these are close.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn next_ratio(&self, money: i64, best: Option<&Tree>) -> Option<f64> {
        let ratios = |beyond: bool| {
            let side = self.lines.iter().filter(move |line| (line.cost > money) == beyond);
            side.map(|line| line.ratio)
        };
        let low = ratios(false).max_by(f64::total_cmp);
        let high = ratios(true).min_by(f64::total_cmp);
        match (low, high) {
            (Some(low), Some(high)) if high / low > CLOSE => Some((low * high).sqrt()),
            (Some(low), Some(high)) if high < low && low / high > CLOSE => {
                Some((low * high).sqrt())
            }
            (Some(_), Some(_)) => None,
            // Beyond the price at which everything is held there is nothing to learn.
            (Some(low), None) => {
                let ends = self.lines.iter().filter(|line| line.ratio > low / 4.0);
                let grows =
                    ends.clone().map(|line| line.cost).max() != ends.map(|line| line.cost).min();
                (self.lines.len() < 2 || grows).then_some(low * 2.0)
            }
            (None, Some(high)) => Some(high / 2.0),
            (None, None) => {
                let tree = best.filter(|tree| tree.prize > 0);
                let cost = tree.map_or(1, |tree| tree.cost).max(1) as f64;
                Some(2.0 * cost / self.problem.open_prize().max(1) as f64)
            }
        }
    }

    /// An ascent at a price, guided by the tree of the nearest price; notes its line and takes the trees
    /// it leads to. `None` when the problem has no tree.
    fn ascend(
        &mut self,
        ratio: f64,
        settings: AscentSettings<'_>,
        best: &mut Option<Tree>,
        watch: &Watch<'_>,
    ) -> Option<()> {
        let price = Price::of_ratio(&self.problem, ratio);
        let distance = |line: &&Line| (line.ratio / ratio).ln().abs();
        let nearest = self.lines.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let guide = nearest.map_or_else(Vec::new, |line| line.guide.clone());
        let parents = (!guide.is_empty()).then(|| parents_by_name(&self.problem, &guide));
        let settings = AscentSettings {
            scans: watch.left(),
            stop: &|| watch.is_interrupted(),
            guide: parents.as_deref(),
            ..settings
        };
        let ascent = Ascent::run(&self.problem, price, settings, &mut self.scratch);
        watch.spend(ascent.scans);
        if !ascent.feasible {
            return None;
        }
        if let (Some(forced), Goal::MostPrize { budget }) = (&mut self.forced, self.problem.goal) {
            forced.learn(&self.problem, &ascent, budget);
        }
        let (tree, pruned) = from_saturated(&self.problem, &ascent, watch);
        let kept = self.pruned(&guide, price);
        let loss = |tree: &Tree| {
            i128::from(price.cost) * i128::from(tree.cost)
                - i128::from(price.prize) * i128::from(tree.prize)
        };
        let guide = if loss(&kept) < loss(&pruned) { kept } else { pruned };
        let cut = cut_to_size(&self.problem, price, &guide.edges, watch);
        for tree in [tree, cut].into_iter().flatten() {
            let worth = |tree: &Tree| (tree.prize, -tree.cost);
            if best.as_ref().is_none_or(|best| worth(&tree) > worth(best)) {
                *best = Some(tree);
            }
        }
        let mut names: Vec<u32> =
            guide.edges.iter().map(|&edge| self.problem.edge_name[edge as usize]).collect();
        names.sort_unstable();
        self.lines.push(Line { price, lower: ascent.lower, ratio, cost: guide.cost, guide: names });
        Some(())
    }

    /// What is left of a named tree, pruned at a price.
    fn pruned(&self, names: &[u32], price: Price) -> Tree {
        let edges: Vec<u32> =
            names.iter().filter_map(|&name| self.problem.edge_named(name)).collect();
        Oriented::new(&self.problem, &edges).pruned(&self.problem, price)
    }

    /// A tree in the edges of the instance that was reduced.
    fn restored(&self, whole: &Instance, reduced: &Reduced, tree: &Tree) -> Solution {
        let edge_name = &self.problem.edge_name;
        let mut edges: Vec<u32> = tree.edges.iter().map(|&edge| edge_name[edge as usize]).collect();
        edges.sort_unstable();
        let ends = edges.iter().flat_map(|&edge| reduced.instance.edges[edge as usize].ends);
        let mut nodes: Vec<u32> = ends.chain(reduced.instance.root).collect();
        nodes.sort_unstable();
        nodes.dedup();
        reduced.restore(whole, &Solution { nodes, edges })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Demand;
    use crate::engine::oracle::{Shape, brute_force, random_instance};
    use crate::engine::verify::verify;
    use crate::observe::Silent;
    use crate::random::Random;

    #[test]
    fn points_lie_between_their_trees_and_their_bounds() {
        let shape = Shape { hops: false, rootless: false, ..Shape::default() };
        let (mut tried, mut best) = (0, 0);
        for seed in 500_000..508_000 {
            let mut instance = random_instance(seed, &shape);
            let Some(root) = instance.root else { continue };
            if instance.demands[root as usize] == Demand::Forbidden {
                continue;
            }
            let mut random = Random::new(seed);
            let cost: i64 = instance.edges.iter().map(|edge| edge.cost).sum();
            let budgets: Vec<i64> = (0..5).map(|_| random.between(0, cost)).collect();
            instance.goal = Goal::MostPrize { budget: 0 };
            let points = frontier(&instance, &budgets, &Effort::default(), &mut Silent).unwrap();
            for (point, &budget) in points.iter().zip(&budgets) {
                assert_eq!(point.budget, budget);
                instance.goal = Goal::MostPrize { budget };
                let optimum = brute_force(&instance).map(|(value, _)| value);
                let found = point.solution.as_ref().map(|tree| {
                    assert!(verify(&instance, tree).is_ok(), "seed {seed} budget {budget}");
                    tree.prize(&instance)
                });
                assert!(found <= optimum, "seed {seed} budget {budget}");
                if let Some(optimum) = optimum {
                    let bound = point.bound;
                    assert!(
                        bound >= optimum,
                        "seed {seed} budget {budget}: {optimum} above {bound}"
                    );
                }
                tried += 1;
                best += u32::from(found == optimum);
            }
        }
        assert!(10 * best > 9 * tried, "{best} of {tried} are best");
    }

    #[test]
    fn bounds_on_nodes_hold_for_every_tree() {
        let shape = Shape { hops: false, rootless: false, ..Shape::default() };
        let mut tight = 0;
        for seed in 600_000..602_000 {
            let mut instance = random_instance(seed, &shape);
            if instance.root.is_none_or(|root| instance.demands[root as usize] == Demand::Forbidden)
            {
                continue;
            }
            let cost: i64 = instance.edges.iter().map(|edge| edge.cost).sum();
            let budget = Random::new(seed).between(0, cost);
            instance.goal = Goal::MostPrize { budget };
            let forced = forced(&instance, &Effort::default(), &mut Silent).unwrap();
            for node in 0..instance.nodes() {
                let with = |demand: Demand| {
                    let mut other = instance.clone();
                    let contradicts =
                        other.demands[node] != Demand::Optional && other.demands[node] != demand;
                    if contradicts || Some(node) == other.root.map(|root| root as usize) {
                        return None;
                    }
                    other.demands[node] = demand;
                    brute_force(&other).map(|(value, _)| value)
                };
                for (bound, optimum) in [
                    (forced.held[node], with(Demand::Required)),
                    (forced.missed[node], with(Demand::Forbidden)),
                ] {
                    if let Some(optimum) = optimum {
                        assert!(
                            bound >= optimum,
                            "seed {seed} node {node}: {optimum} above {bound}"
                        );
                        tight += u32::from(bound == optimum);
                    }
                }
            }
        }
        assert!(tight > 5_000, "{tight} are tight");
    }
}
