//! Filling a payable forest up: the best that can be paid, with partners that make a trunk payable.

use super::insertion::{cost, insert, remove};
use super::paths::InsertionPaths;
use crate::funding::PotSet;
use crate::joint::constraints::Constraints;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::gain::Gain;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// Refused buildings for which a partner is sought, in one filling.
const PARTNERS: usize = 8;

/// Links that joining a building and asking the pots counts for.
const TRIAL: u64 = 256;

/// Adds buildings, best ratio of prize to cost first, as long as one can be paid and brings more than it
/// is charged for.
pub fn fill(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    paths: &mut InsertionPaths,
    valued: &mut dyn FnMut(u32) -> i64,
    progress: &SearchProgress<'_>,
) {
    let free = (problem.budget() - forest.cost).max(0);
    let whole = paths.start_unless(problem, forest, free, &|| progress.is_over());
    progress.look(paths.looked());
    if !whole {
        return;
    }
    let rules = oracle.constraints();
    let charge = problem.charge();
    let mut waiting: Vec<(i64, u32)> = outside(problem, forest)
        .filter(|building| rules.bundle(building)[0] == *building)
        .filter(|&building| cost(rules, paths, building).is_some())
        .map(|building| (rules.bundle(&building).iter().map(|&leaf| valued(leaf)).sum(), building))
        .collect();
    let mut partners = PARTNERS;
    // A building refused may be payable once others have joined.
    let mut put_off = Vec::new();
    let mut joined = false;
    while !progress.is_over() {
        progress.look(paths.looked() + waiting.len() as u64);
        let free = problem.budget() - forest.cost;
        let mut order: Vec<Gain> = waiting
            .iter()
            .filter_map(|&(value, building)| {
                let prize = value + passed(problem, rules, forest, paths, building);
                Some(Gain { prize, cost: cost(rules, paths, building)?, place: building })
            })
            .filter(|&Gain { prize, cost, .. }| {
                cost <= free && (charge == 0 || prize > charge * cost)
            })
            .collect();
        order.sort_unstable_by(|a, b| a.order(*b));
        let before = forest.worth(problem);
        let mut refused = Vec::new();
        let mut partner = None;
        let added = order.into_iter().take_while(|_| !progress.is_over()).find(
            |&Gain { place: building, .. }| {
                progress.look(TRIAL);
                let joined = insert(problem, rules, forest, paths, building);
                let mut paid = joined && oracle.affords(problem, forest);
                if joined && !paid && partners > 0 {
                    partners -= 1;
                    partner = bring_partner(problem, oracle, forest, paths);
                    paid = partner.is_some();
                }
                if paid && charge > 0 && forest.worth(problem) <= before {
                    paid = false;
                    if let Some(partner) = partner.take() {
                        remove(problem, rules, forest, partner);
                    }
                }
                if !paid {
                    remove(problem, rules, forest, building);
                    refused.push(building);
                }
                paid
            },
        );
        let Some(Gain { place: added, .. }) = added else {
            if !std::mem::take(&mut joined) || put_off.is_empty() {
                break;
            }
            waiting.append(&mut put_off);
            waiting.retain(|&(_, building)| !forest.holds(building));
            continue;
        };
        joined = true;
        put_off.extend(waiting.iter().copied().filter(|(_, building)| refused.contains(building)));
        waiting.retain(|&(_, building)| building != added && !refused.contains(&building));
        waiting.retain(|&(_, building)| !forest.holds(building));
        for joined in [Some(added), partner].into_iter().flatten() {
            for &leaf in rules.bundle(&joined) {
                paths.extend_unless(problem, forest, leaf, &|| progress.is_over());
            }
        }
    }
}

/// What the cheapest ways to a building and all those that go with it pass, each by itself.
fn passed(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &Forest,
    paths: &InsertionPaths,
    building: u32,
) -> i64 {
    rules.bundle(&building).iter().map(|&leaf| paths.passed(problem, forest, leaf)).sum()
}

/// Joins the cheapest building that brings another payer to enough of what a set of pots cannot pay.
fn bring_partner(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    paths: &InsertionPaths,
) -> Option<u32> {
    let (set, short) = oracle.shortfall(forest)?;
    let free = problem.budget() - forest.cost;
    let relief = relief_above(problem, forest, set);
    let rules = oracle.constraints();
    let partner = outside(problem, forest)
        .filter(|&building| !problem.payers(building).minus(set).is_empty())
        .filter_map(|b| Some((cost(rules, paths, b).filter(|&cost| cost <= free)?, b)))
        .filter(|&(_, building)| {
            let mut node = building;
            while !forest.holds(node) {
                let Some((_, next)) = paths.step(node) else { return false };
                node = next;
            }
            relief[node as usize] >= short
        })
        .min()
        .map(|(_, building)| building)?;
    if insert(problem, rules, forest, paths, partner) {
        if oracle.affords(problem, forest) {
            return Some(partner);
        }
        remove(problem, rules, forest, partner);
    }
    None
}

/// For each node held: the cost of the items from it to the root that only a set of pots may pay.
pub fn relief_above(problem: &JointProblem<'_>, forest: &Forest, set: PotSet) -> Vec<i64> {
    let mut relief = vec![0; problem.instance.nodes()];
    for (node, edge, above) in forest.outward() {
        let cost = problem.instance.edges[edge as usize].cost;
        let alone = forest.payers(node).minus(set).is_empty();
        relief[node as usize] = relief[above as usize] + if alone { cost } else { 0 };
    }
    relief
}

/// Buildings that are tried in pairs, and partners tried for each.
const PAIRS: usize = 12;
/// Nodes that searches for pairs may reach in all; at worst each search reaches every node.
const PAIRING_NODES: usize = 2_000_000;

/// Adds buildings two at a time where neither can be paid alone: one that the pots want but may not pay
/// the trunk for, and a partner, perhaps of no weight, for whom they may.
pub fn pair_up(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    let mut partners = InsertionPaths::new(problem.instance.nodes());
    let mut searches = PAIRING_NODES / problem.instance.nodes().max(1);
    let rules = oracle.constraints();
    while !progress.is_over() {
        let free = problem.budget() - forest.cost;
        let whole = paths.start_unless(problem, forest, free, &|| progress.is_over());
        progress.look(paths.looked());
        if !whole {
            return;
        }
        let mut wanted: Vec<Gain> = outside(problem, forest)
            .filter_map(|b| {
                let prize = problem.prize(b) + paths.passed(problem, forest, b);
                Some(Gain { prize, cost: paths.cost(b)?, place: b })
            })
            .filter(|gain| gain.prize > 0)
            .collect();
        wanted.sort_unstable_by(|a, b| a.order(*b));
        wanted.truncate(PAIRS);
        let before = forest.worth(problem);
        let found = wanted.into_iter().find_map(|Gain { place: first, .. }| {
            searches = searches.checked_sub(1).filter(|_| !progress.is_over())?;
            let mut trial = forest.clone();
            if !insert(problem, rules, &mut trial, &paths, first) {
                return None;
            }
            let free = problem.budget() - trial.cost;
            let whole = partners.start_unless(problem, &trial, free, &|| progress.is_over());
            progress.look(partners.looked());
            if !whole {
                return None;
            }
            let mut near: Vec<(i64, u32)> =
                outside(problem, &trial).filter_map(|b| Some((partners.cost(b)?, b))).collect();
            near.sort_unstable();
            near.truncate(PAIRS);
            near.into_iter().take_while(|_| !progress.is_over()).find_map(|(_, second)| {
                if insert(problem, rules, &mut trial, &partners, second) {
                    let gains = problem.charge() == 0 || trial.worth(problem) > before;
                    if gains && oracle.affords(problem, &trial) {
                        return Some(trial.clone());
                    }
                    remove(problem, rules, &mut trial, second);
                }
                None
            })
        });
        let Some(found) = found else { return };
        *forest = found;
        fill(
            problem,
            oracle,
            forest,
            &mut paths,
            &mut |building| problem.prize(building),
            progress,
        );
    }
}

/// The buildings that a forest does not hold.
fn outside<'t>(
    problem: &'t JointProblem<'_>,
    forest: &'t Forest,
) -> impl Iterator<Item = u32> + 't {
    problem.buildings().filter(|&building| !forest.holds(building))
}
