//! Putting buildings into a forest by the ways in, and taking them out, each with all those that go with it.

use super::paths::InsertionPaths;
use crate::joint::constraints::Constraints;
use crate::joint::forest::Forest;
use crate::joint::problem::JointProblem;

/// Joins a building and all those that go with it, by the cheapest ways in; by a shorter way where the
/// cheapest is longer than the rules allow. False, with nothing changed, where one has no way in.
pub fn insert(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &mut Forest,
    paths: &InsertionPaths,
    building: u32,
) -> bool {
    let mut joined = Vec::new();
    for &leaf in rules.bundle(&building) {
        if forest.holds(leaf) {
            continue;
        }
        if !insert_one(problem, rules, forest, paths, leaf) {
            for leaf in joined {
                forest.detach(problem, leaf);
            }
            return false;
        }
        joined.push(leaf);
    }
    true
}

/// Joins one building, by the cheapest way in or a shorter one; false where there is none.
pub fn insert_one(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &mut Forest,
    paths: &InsertionPaths,
    leaf: u32,
) -> bool {
    if paths.cost(leaf).is_some() {
        forest.attach(problem, leaf, &|node| paths.step(node));
        if !rules.too_far(forest).contains(&leaf) {
            return true;
        }
        forest.detach(problem, leaf);
    }
    let Some(way) = rules.short_way(problem, forest, leaf) else { return false };
    forest.attach(problem, leaf, &|node| way.get(&node).copied());
    true
}

/// Takes out a building and all those that go with it.
pub fn remove(problem: &JointProblem<'_>, rules: &Constraints, forest: &mut Forest, building: u32) {
    for &leaf in rules.bundle(&building) {
        forest.detach(problem, leaf);
    }
}

/// What joining a building and all those that go with it costs at most; `None` where no way leads to one.
pub fn cost(rules: &Constraints, paths: &InsertionPaths, building: u32) -> Option<i64> {
    rules.bundle(&building).iter().map(|&leaf| paths.cost(leaf)).sum()
}
