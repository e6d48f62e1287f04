//! Better years for a forest: other orders of priority, one after the other.
//!
//! In: a problem. Out: the best schedule that keeps every rule, of Horn's order and of orders near it (weights
//! moved up and down at random, more in some rounds than in others). The order decides, so every rule but floors
//! is kept by construction; what a floor or a requirement lacks gains weight from round to round until it holds.

use super::fill::{Ahead, fill};
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
    let mut orders = Orders::of(problem, seed);
    let known = known.filter(|own| problem.keeps_floors(own));
    let mut best: Option<(Score, Schedule)> = known.map(|own| (problem.score(&own), own));
    for round in 0..rounds.max(1) {
        if round > 0 && is_due() {
            break;
        }
        orders.next(round);
        let ahead = if round % 2 == 0 { Ahead::AtTheEnd } else { Ahead::AtOnce };
        // The first is made in any case; what time has cut short is no schedule to judge an order by.
        let cut: &dyn Fn() -> bool = if round == 0 { &|| false } else { is_due };
        let schedule = fill(problem, &orders.order(), ahead, cut);
        if round > 0 && is_due() {
            break;
        }
        if !problem.keeps_floors(&schedule) {
            orders.favour(problem, &problem.wanting(&schedule));
            continue;
        }
        let score = problem.score(&schedule);
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, schedule));
            orders.keep();
        }
    }
    best.map(|(_, schedule)| schedule)
}

/// Orders near the one that has served best.
struct Orders {
    parents: Vec<Option<u32>>,
    costs: Vec<i64>,
    weights: Vec<i64>,
    /// Weights of the order that has served best, and of the one tried now.
    best: Vec<i64>,
    now: Vec<i64>,
    random: Random,
}

impl Orders {
    fn of(problem: &Problem, seed: u64) -> Self {
        let mut weights = vec![0_i64; problem.items()];
        for drop in problem.drops() {
            weights[drop.item] = drop.weight;
        }
        Self {
            parents: problem.parents(),
            costs: problem.costs(),
            best: weights.clone(),
            now: weights.clone(),
            weights,
            random: Random::new(seed),
        }
    }

    fn order(&self) -> Vec<u32> {
        horn_order(&self.parents, &self.costs, &self.now)
    }

    /// Moves some weights, all of them now and then; the first rounds take them as they are.
    fn next(&mut self, round: u32) {
        self.now.clone_from(&self.best);
        if round < 2 {
            return;
        }
        let share = [4, 12, 40][round as usize % 3];
        for (now, &own) in self.now.iter_mut().zip(&self.weights) {
            if own == 0 || !self.random.one_in(share) {
                continue;
            }
            // Between a half and twice as much, in 128ths; a weight too large for that stays as it is.
            let factor = self.random.between(64, 256);
            *now = own.checked_mul(factor).map_or(*now, |moved| (moved / 128).max(1));
        }
    }

    fn keep(&mut self) {
        self.best.clone_from(&self.now);
    }

    /// Gives some buildings more weight for good.
    fn favour(&mut self, problem: &Problem, drops: &[usize]) {
        let most = self.weights.iter().copied().max().unwrap_or(0).max(1);
        for &drop in drops {
            let item = problem.drops()[drop].item;
            let least = most / 64 + 1;
            let more = self.best[item].max(least).saturating_mul(2);
            self.best[item] = more.min(most.saturating_mul(1024));
        }
    }
}
