//! Growing under the pots: filling up, pairs, ruin and recreate.

pub mod reroute;

use crate::funding::PotSet;
use crate::joint::constraints::Rulebook;
use crate::joint::construct::insertion::{Reach, better};
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::Purse;
use crate::joint::problem::Terrain;
use crate::joint::progress::Listener;
use crate::joint::repair::rules::{cost, join, part, settle};
use crate::random::Random;
use reroute::{Rate, take_detours};

/// How long to search. Both limits hold; work is counted in buildings tried and rounds made, so the
/// answer under a work limit is the same everywhere.
pub struct Improving {
    /// Rounds of ruin and recreate.
    pub rounds: u64,
    /// Work units that a round stands for.
    pub work_per_round: u64,
    /// Seed of the random choices.
    pub seed: u64,
    /// Worth that cannot be beaten.
    pub ceiling: i64,
}

/// Work units that a round of improvement stands for, by node; with detours, for what is passed.
const WORK_PER_NODE: u64 = 16;
const WORK_WITH_DETOURS: u64 = 24;

/// Work units that a round of improvement stands for.
pub fn work_per_round(terrain: &Terrain<'_>) -> u64 {
    let each = if terrain.passes() { WORK_WITH_DETOURS } else { WORK_PER_NODE };
    (terrain.instance.nodes() as u64 * each).max(1)
}

fn prize_of(terrain: &Terrain<'_>, building: u32) -> i64 {
    terrain.instance.prizes[building as usize]
}

/// Something where the building is required.
pub fn required(terrain: &Terrain<'_>, building: u32) -> Option<()> {
    (terrain.instance.demands[building as usize] == crate::engine::Demand::Required).then_some(())
}

/// Refused buildings for which a partner is sought, in one filling.
const PARTNERS: usize = 8;

/// Adds buildings, best ratio of prize to cost first, as long as one can be paid and brings more than it
/// is charged for.
pub fn fill(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    reach: &mut Reach,
    valued: &mut dyn FnMut(u32) -> i64,
    listener: &Listener<'_>,
) {
    let free = (terrain.budget() - forest.cost).max(0);
    reach.start(terrain, forest, free);
    let rules = purse.rules();
    let charge = terrain.charge();
    let mut waiting: Vec<(i64, u32)> = outside(terrain, forest)
        .filter(|building| rules.bundle(building)[0] == *building)
        .filter(|&building| cost(rules, reach, building).is_some())
        .map(|building| (rules.bundle(&building).iter().map(|&leaf| valued(leaf)).sum(), building))
        .collect();
    let mut partners = PARTNERS;
    // A building refused may be payable once others have joined.
    let mut put_off = Vec::new();
    let mut joined = false;
    while !listener.is_over() {
        let free = terrain.budget() - forest.cost;
        let mut order: Vec<(i64, i64, u32)> = waiting
            .iter()
            .filter_map(|&(value, building)| {
                let value = value + passed(terrain, rules, forest, reach, building);
                Some((value, cost(rules, reach, building)?, building))
            })
            .filter(|&(value, cost, _)| cost <= free && (charge == 0 || value > charge * cost))
            .collect();
        order.sort_unstable_by(|&a, &b| better(a, b));
        let before = terrain.worth(forest);
        let mut refused = Vec::new();
        let mut partner = None;
        let added = order.into_iter().find(|&(_, _, building)| {
            let joined = join(terrain, rules, forest, reach, building);
            let mut paid = joined && purse.affords(terrain, forest);
            if joined && !paid && partners > 0 {
                partners -= 1;
                partner = bring_partner(terrain, purse, forest, reach);
                paid = partner.is_some();
            }
            if paid && charge > 0 && terrain.worth(forest) <= before {
                paid = false;
                if let Some(partner) = partner.take() {
                    part(terrain, rules, forest, partner);
                }
            }
            if !paid {
                part(terrain, rules, forest, building);
                refused.push(building);
            }
            paid
        });
        let Some((_, _, added)) = added else {
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
                reach.extend(terrain, forest, leaf);
            }
        }
    }
}

/// What the cheapest ways to a building and all that go with it pass, each by itself.
fn passed(
    terrain: &Terrain<'_>,
    rules: &Rulebook,
    forest: &Forest,
    reach: &Reach,
    building: u32,
) -> i64 {
    rules.bundle(&building).iter().map(|&leaf| reach.passed(terrain, forest, leaf)).sum()
}

/// Joins the cheapest building that brings another payer to enough of what a set of pots cannot pay.
fn bring_partner(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    reach: &Reach,
) -> Option<u32> {
    let (set, short) = purse.shortfall(forest)?;
    let free = terrain.budget() - forest.cost;
    let relief = relief_above(terrain, forest, set);
    let rules = purse.rules();
    let partner = outside(terrain, forest)
        .filter(|&building| !terrain.payers(building).minus(set).is_empty())
        .filter_map(|b| Some((cost(rules, reach, b).filter(|&cost| cost <= free)?, b)))
        .filter(|&(_, building)| {
            let mut node = building;
            while !forest.holds(node) {
                let Some((_, next)) = reach.step(node) else { return false };
                node = next;
            }
            relief[node as usize] >= short
        })
        .min()
        .map(|(_, building)| building)?;
    if join(terrain, rules, forest, reach, partner) {
        if purse.affords(terrain, forest) {
            return Some(partner);
        }
        part(terrain, rules, forest, partner);
    }
    None
}

/// For each node held: the cost of the items from it to the root that only a set of pots may pay.
pub fn relief_above(terrain: &Terrain<'_>, forest: &Forest, set: PotSet) -> Vec<i64> {
    let mut relief = vec![0; terrain.instance.nodes()];
    for (node, edge, above) in forest.outward() {
        let cost = terrain.instance.edges[edge as usize].cost;
        let alone = forest.payers(node).minus(set).is_empty();
        relief[node as usize] = relief[above as usize] + if alone { cost } else { 0 };
    }
    relief
}

/// Buildings that are tried in pairs, and partners tried for each.
const PAIRS: usize = 12;
/// Nodes that searches for pairs may reach in all; each search reaches every node at worst.
const PAIRING_NODES: usize = 2_000_000;

/// Adds buildings two at a time where neither can be paid alone: one that the pots want but may not pay
/// the trunk for, and a partner, perhaps of no weight, for whom they may.
pub fn pair_up(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    listener: &Listener<'_>,
) {
    let mut reach = Reach::new(terrain.instance.nodes());
    let mut partners = Reach::new(terrain.instance.nodes());
    let mut searches = PAIRING_NODES / terrain.instance.nodes().max(1);
    let rules = purse.rules();
    while !listener.is_over() {
        reach.start(terrain, forest, terrain.budget() - forest.cost);
        let mut wanted: Vec<(i64, i64, u32)> = outside(terrain, forest)
            .filter_map(|b| {
                let prize = prize_of(terrain, b) + reach.passed(terrain, forest, b);
                Some((prize, reach.cost(b)?, b))
            })
            .filter(|&(prize, _, _)| prize > 0)
            .collect();
        wanted.sort_unstable_by(|&a, &b| better(a, b));
        wanted.truncate(PAIRS);
        let before = terrain.worth(forest);
        let found = wanted.into_iter().find_map(|(_, _, first)| {
            searches = searches.checked_sub(1).filter(|_| !listener.is_over())?;
            let mut trial = forest.clone();
            if !join(terrain, rules, &mut trial, &reach, first) {
                return None;
            }
            partners.start(terrain, &trial, terrain.budget() - trial.cost);
            let mut near: Vec<(i64, u32)> =
                outside(terrain, &trial).filter_map(|b| Some((partners.cost(b)?, b))).collect();
            near.sort_unstable();
            near.truncate(PAIRS);
            near.into_iter().find_map(|(_, second)| {
                if join(terrain, rules, &mut trial, &partners, second) {
                    let gains = terrain.charge() == 0 || terrain.worth(&trial) > before;
                    if gains && purse.affords(terrain, &trial) {
                        return Some(trial.clone());
                    }
                    part(terrain, rules, &mut trial, second);
                }
                None
            })
        });
        let Some(found) = found else { return };
        *forest = found;
        fill(
            terrain,
            purse,
            forest,
            &mut reach,
            &mut |building| prize_of(terrain, building),
            listener,
        );
    }
}

/// The buildings that a forest does not hold.
fn outside<'t>(terrain: &'t Terrain<'_>, forest: &'t Forest) -> impl Iterator<Item = u32> + 't {
    terrain.buildings().filter(|&building| !forest.holds(building))
}

/// Improves a payable forest by ruin and recreate: takes out buildings near each other, fills up again
/// with slightly blurred prizes, and keeps what is no worse than a shrinking tolerance.
pub fn improve(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    start: Forest,
    limits: &Improving,
    listener: &Listener<'_>,
) -> Forest {
    let mut random = Random::new(limits.seed ^ 0x6669_6272_6570_6C61);
    let mut reach = Reach::new(terrain.instance.nodes());
    let mut best = start.clone();
    let mut current = start;
    for round in 0..limits.rounds {
        if terrain.worth(&best) >= limits.ceiling || listener.is_over() {
            break;
        }
        listener.progress(round * limits.work_per_round);
        let mut trial = current.clone();
        ruin(terrain, purse, &mut trial, &mut random);
        settle(terrain, purse, &mut trial);
        let going = going_rate(terrain, &best, &mut random);
        reach.prefer(going.filter(|_| round % 3 != 0));
        if let Some((cost, prize)) = going
            && round % 2 == 0
            && purse.affords(terrain, &trial)
        {
            take_detours(terrain, purse, &mut trial, Rate::Of(cost, prize), listener);
        }
        let blur = round % 4 != 0;
        if blur {
            // Money of some pots may be dearer than that of others: which, is found by trying.
            let dear: Vec<i64> =
                terrain.classes().iter().map(|_| random.pick(&[1000, 1000, 700, 450])).collect();
            fill(
                terrain,
                purse,
                &mut trial,
                &mut reach,
                &mut |building| {
                    let dear = terrain.class(building).map_or(1000, |class| dear[class.place()]);
                    prize_of(terrain, building) / 1000 * random.between(850, 1149) / 1000 * dear
                },
                listener,
            );
        }
        fill(
            terrain,
            purse,
            &mut trial,
            &mut reach,
            &mut |building| prize_of(terrain, building),
            listener,
        );
        if !purse.affords(terrain, &trial) {
            continue;
        }
        if terrain.charge() > 0 {
            spare_at_a_loss(terrain, purse, &mut trial, listener);
        }
        if terrain.passes() {
            take_detours(terrain, purse, &mut trial, Rate::of_terrain(terrain), listener);
        }
        if terrain.rank(&trial) > terrain.rank(&best) {
            best = trial.clone();
            listener.note(Some(terrain.worth(&best)));
        }
        // The tolerance shrinks from half a per cent to nothing over the rounds.
        let left = i128::from(limits.rounds - round);
        let most = i128::from(terrain.worth(&best));
        let slack = most.abs() * left / (200 * i128::from(limits.rounds));
        if i128::from(terrain.worth(&trial)) >= most - slack {
            current = trial;
        }
    }
    pair_up(terrain, purse, &mut best, listener);
    best
}

/// About what passing a unit of prize costs in a forest, blurred; nothing where nothing is passed.
fn going_rate(terrain: &Terrain<'_>, forest: &Forest, random: &mut Random) -> Option<(i64, i64)> {
    if !terrain.passes() {
        return None;
    }
    if terrain.charge() > 0 {
        return Some((1, terrain.charge()));
    }
    let passed: i64 = forest.outward().iter().map(|&(node, _, _)| terrain.passed(node)).sum();
    let part = random.pick(&[250, 500, 1000, 2000]);
    Some((forest.cost / 1000 * part, passed)).filter(|(_, passed)| *passed > 0)
}

/// Takes out some buildings: a neighbourhood, or the ones that give least, or any.
fn ruin(terrain: &Terrain<'_>, purse: &dyn Purse, forest: &mut Forest, random: &mut Random) {
    let removable: Vec<u32> =
        forest.held.iter().copied().filter(|b| is_free(terrain, purse, *b)).collect();
    if removable.is_empty() {
        return;
    }
    let most = (removable.len() / 4).clamp(1, 24);
    let count = 1 + random.place(most);
    let seed = removable[random.place(removable.len())];
    let chosen: Vec<u32> = match random.place(3) {
        0 => {
            terrain.near(seed).filter(|b| removable.binary_search(b).is_ok()).take(count).collect()
        }
        1 => {
            let mut by_ratio: Vec<(i64, i64, u32)> = removable
                .iter()
                .map(|&b| (forest.brings(terrain, b), forest.saving(terrain, b), b))
                .collect();
            by_ratio.sort_unstable_by(|&a, &b| better(b, a));
            let pool = (count * 3).min(by_ratio.len());
            (0..count).map(|_| by_ratio[random.place(pool)].2).collect()
        }
        _ => (0..count).map(|_| removable[random.place(removable.len())]).collect(),
    };
    for building in chosen {
        part(terrain, purse.rules(), forest, building);
    }
}

/// Takes out what the forest is better without, dearest first; `better` compares it without and with.
pub fn spare(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    better: &dyn Fn(&Forest, &Forest) -> bool,
    listener: &Listener<'_>,
) {
    let mut order: Vec<(i64, u32)> =
        forest.held.iter().map(|&leaf| (-forest.saving(terrain, leaf), leaf)).collect();
    order.sort_unstable();
    for (_, leaf) in order {
        if listener.is_over() {
            break;
        }
        if !forest.holds(leaf) || !is_free(terrain, purse, leaf) {
            continue;
        }
        let mut less = forest.clone();
        part(terrain, purse.rules(), &mut less, leaf);
        if better(&less, forest) {
            *forest = less;
        }
    }
}

/// Takes out what brings less than it is charged for.
pub fn spare_at_a_loss(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    listener: &Listener<'_>,
) {
    spare(
        terrain,
        purse,
        forest,
        &|less, forest| terrain.worth(less) > terrain.worth(forest) && purse.affords(terrain, less),
        listener,
    );
}

/// Whether nothing that goes with a building is required.
pub fn is_free(terrain: &Terrain<'_>, purse: &dyn Purse, building: u32) -> bool {
    let mut bundle = purse.rules().bundle(&building).iter();
    bundle.all(|&leaf| required(terrain, leaf).is_none())
}
