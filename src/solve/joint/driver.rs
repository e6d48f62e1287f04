//! From the merged pot to a plan the pots can pay.
//!
//! First the merged pot: its tree, and the bound. If the pots cannot pay that tree, the prizes of the
//! buildings that only the short pots may pay for are leaned on, by bisection, until the engine's tree
//! fits; the best of the trees on the way is then improved under the pots themselves.

use std::time::{Duration, Instant};

use super::forest::{Forest, Terrain};
use super::purse::Purse;
use super::search::{Effort, improve, lean};
use crate::engine::{self, Instance, Outcome};
use crate::error::Error;
use crate::observe::{Event, Observer};
use crate::solve::{Found, Question, SolveOptions};
use crate::status::{Status, gap};

/// Engine runs with leaned prizes.
const LEANINGS: u32 = 6;
/// Shares of the effort, in hundredths. The probe is a first look at the merged pot: if the pots can pay
/// its tree, the rest goes to the merged pot; if not, the rest is split between the bound of the merged
/// pot, leaned prizes and improvement under the pots.
const PROBE: u32 = 10;
const BOUND: u32 = 45;
const LEANING: u32 = 30;
const IMPROVING: u32 = 100 - PROBE - BOUND - LEANING;
/// A leaning in thousandths of the prize.
const WHOLE: i64 = 1000;
/// Work units that a round of improvement stands for, by node of the instance.
const WORK_PER_NODE: u64 = 16;

/// The best tree found that the purse affords, with the bound of the merged pot.
pub fn search(
    question: &Question,
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    options: &SolveOptions,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let start = Instant::now();
    let first = if purse.is_plain() { 100 } else { PROBE };
    let probe = engine::solve(&question.instance, &share_of(options, first), observer)?;
    let Some(tree) = &probe.solution else { return Ok(without_tree(&probe)) };
    let mut bound = probe.bound;
    let mut payable = purse.affords(terrain, &Forest::of(terrain, tree));
    let mut best = lean(terrain, purse, tree);
    if payable && (purse.is_plain() || probe.status != Status::LimitReached) {
        return Ok(verdict(best, bound, options));
    }

    let second = if payable { 100 - PROBE } else { BOUND };
    let merged = engine::solve(&question.instance, &share_of(options, second), observer)?;
    bound = bound.min(merged.bound);
    let tree = merged.solution.as_ref().unwrap_or(tree);
    let forest = Forest::of(terrain, tree);
    payable = purse.affords(terrain, &forest);
    best = better_of(best, lean(terrain, purse, tree));
    if !payable && !close_enough(best.as_ref(), bound, options) {
        if let Some(short) = purse.tightest(&forest) {
            let leaned = lean_prizes(question, terrain, purse, options, observer, short)?;
            best = better_of(best, leaned);
        }
        let _ = observer.on(&Event::Phase { name: "pots" });
        let seconds = options.seconds.map(|seconds| Duration::from_secs_f64(seconds.max(0.0)));
        let effort = Effort {
            rounds: rounds(options, question.instance.nodes() as u64),
            deadline: seconds.map(|seconds| start + seconds),
            seed: options.seed,
            ceiling: bound,
        };
        best = best.map(|best| improve(terrain, purse, best, &effort));
    }
    Ok(verdict(best, bound, options))
}

/// Leans on the prizes of buildings that only the short pots may pay for, more and less by halves, and
/// keeps the best payable forest. Where another set of pots turns short, the leaning found so far stays
/// and that set is leaned on as well.
fn lean_prizes(
    question: &Question,
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    options: &SolveOptions,
    observer: &mut dyn Observer,
    short: u64,
) -> Result<Option<Forest>, Error> {
    let engine_options = share_of(options, LEANING / LEANINGS);
    let mut best = None;
    let mut kept = vec![0; terrain.classes.len()];
    let mut bracket = Bracket::new(short);
    for _ in 0..LEANINGS {
        let leaning = bracket.lean(&kept, &terrain.classes);
        let instance = leaned(&question.instance, terrain, &leaning);
        let outcome = engine::solve(&instance, &engine_options, observer)?;
        let Some(tree) = &outcome.solution else { break };
        best = better_of(best, lean(terrain, purse, tree));
        match purse.tightest(&Forest::of(terrain, tree)) {
            None => bracket.high = bracket.middle(),
            Some(pots) if pots == bracket.pots => bracket.low = bracket.middle(),
            Some(pots) => {
                kept = leaning;
                bracket = Bracket::new(pots);
            }
        }
    }
    Ok(best)
}

/// Between which leanings of a set of pots the least that fits lies, in thousandths of the prize.
struct Bracket {
    pots: u64,
    low: i64,
    high: i64,
}

impl Bracket {
    fn new(pots: u64) -> Self {
        Self { pots, low: 0, high: WHOLE }
    }

    /// The leaning to try next: a quarter at first, for most plans need little, then halves.
    fn middle(&self) -> i64 {
        if self.low == 0 && self.high == WHOLE {
            WHOLE / 4
        } else {
            i64::midpoint(self.low, self.high)
        }
    }

    /// The leaning of each class of payers: what was kept, and the middle for those within the pots.
    fn lean(&self, kept: &[i64], classes: &[u64]) -> Vec<i64> {
        let within = |class: u64| class & !self.pots == 0;
        kept.iter()
            .zip(classes)
            .map(|(&kept, &class)| if within(class) { kept.max(self.middle()) } else { kept })
            .collect()
    }
}

/// The instance with each building's prize less its class's leaning.
fn leaned(instance: &Instance, terrain: &Terrain<'_>, leaning: &[i64]) -> Instance {
    let mut leaned = instance.clone();
    for building in terrain.buildings() {
        let class = usize::from(terrain.class_of[building as usize]);
        let prize = i128::from(instance.prizes[building as usize]);
        let less = prize * i128::from(WHOLE - leaning[class]) / i128::from(WHOLE);
        leaned.prizes[building as usize] = i64::try_from(less).unwrap_or(i64::MAX);
    }
    leaned
}

fn share_of(options: &SolveOptions, hundredths: u32) -> engine::Options {
    engine::Options {
        gap: options.gap,
        seconds: options.seconds.map(|seconds| seconds * f64::from(hundredths) / 100.0),
        work: options.work.map(|work| work / 100 * u64::from(hundredths)),
        seed: options.seed,
        threads: options.threads,
    }
}

/// Rounds of improvement that the rest of the work allows.
fn rounds(options: &SolveOptions, nodes: u64) -> u64 {
    let rest = u64::from(IMPROVING);
    options.work.map_or(u64::MAX, |work| work / 100 * rest / (nodes * WORK_PER_NODE).max(1))
}

/// What is found: the forest, if the pots can pay for any, and what the bound proves of it.
fn verdict(best: Option<Forest>, bound: i64, options: &SolveOptions) -> Found {
    let Some(best) = best else {
        // That no other tree could be paid is not proven.
        let reason =
            "I402: no plan was found in which the programmes can pay for the required sites";
        let reasons = vec![reason.to_owned()];
        return Found { status: Status::Unknown, solution: None, bound, reasons };
    };
    let status = if best.prize == bound {
        Status::Optimal
    } else if close_enough(Some(&best), bound, options) {
        Status::GapReached
    } else {
        Status::LimitReached
    };
    Found { status, solution: Some(best.solution()), bound, reasons: Vec::new() }
}

fn close_enough(best: Option<&Forest>, bound: i64, options: &SolveOptions) -> bool {
    best.is_some_and(|best| best.prize == bound || gap(best.prize, bound) <= options.gap)
}

/// The forest of more prize; among equals, of less cost.
fn better_of(one: Option<Forest>, other: Option<Forest>) -> Option<Forest> {
    let worth = |forest: &Forest| (forest.prize, -forest.cost);
    match (one, other) {
        (Some(one), Some(other)) => Some(if worth(&other) > worth(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

fn without_tree(merged: &Outcome) -> Found {
    let reasons = match merged.status {
        Status::Infeasible => vec![
            "I401: the required sites cannot all be connected for the money of all programmes together"
                .to_owned(),
        ],
        _ => Vec::new(),
    };
    Found { status: merged.status, solution: None, bound: merged.bound, reasons }
}
