//! Better years for a forest: other orders of priority, one after the other.
//!
//! In: a problem. Out: the best schedule that keeps every rule, of Horn's order and of orders near it (weights
//! moved up and down at random, more in some rounds than in others). The order decides, so every rule is kept
//! by construction.

use super::fill::fill;
use super::horn_order;
use super::problem::{Problem, Schedule, Score};
use crate::random::Random;

/// The best schedule found in so many rounds, no worse than one that is known; nothing where none keeps the floors.
pub fn best_years(
    problem: &Problem,
    known: Option<Schedule>,
    seed: u64,
    rounds: u32,
    is_due: &dyn Fn() -> bool,
) -> Option<Schedule> {
    let (parents, costs) = (problem.parents(), problem.costs());
    let mut weights = vec![0_i64; problem.items()];
    for drop in problem.drops() {
        weights[drop.item] = drop.weight;
    }
    let mut random = Random::new(seed);
    let known = known.filter(|own| problem.keeps_floors(own));
    let mut best: Option<(Score, Schedule)> = known.map(|own| (problem.score(&own), own));
    let mut moved = weights.clone();
    for round in 0..rounds.max(1) {
        if round > 0 && is_due() {
            break;
        }
        let own =
            if round == 0 { weights.clone() } else { shaken(&moved, &weights, round, &mut random) };
        let order = horn_order(&parents, &costs, &own);
        let schedule = fill(problem, &order, if round == 0 { &|| false } else { is_due });
        // Past its time it may have been cut short.
        if round > 0 && is_due() || !problem.keeps_floors(&schedule) {
            continue;
        }
        let score = problem.score(&schedule);
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, schedule));
            moved = own;
        }
    }
    best.map(|(_, schedule)| schedule)
}

/// Weights near those that served best: some of them moved, all of them now and then.
fn shaken(best: &[i64], own: &[i64], round: u32, random: &mut Random) -> Vec<i64> {
    let share = [4, 12, 40][round as usize % 3];
    let moved = best.iter().zip(own).map(|(&best, &own)| {
        if own == 0 || !random.one_in(share) {
            return best;
        }
        // Between a half and twice as much, in 128ths.
        let factor = random.between(64, 256);
        // Weights are far below 2^56; where not, the weight stays as it is.
        own.checked_mul(factor).map_or(best, |moved| (moved / 128).max(1))
    });
    moved.collect()
}
