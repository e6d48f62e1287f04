//! From the merged pot to a plan the pots can pay.
//!
//! First the merged pot: its tree, and the bound. If the pots cannot pay that tree, the prizes of the
//! buildings that only the short pots may pay for are leaned on, by bisection, until the engine's tree
//! fits; the best of the trees on the way is then improved under the pots themselves.

use std::time::{Duration, Instant};

use super::forest::{Forest, Terrain};
use super::listener::{Listener, News};
use super::purse::Purse;
use super::search::{Effort, improve, lean};
use crate::engine::{self, Instance, Outcome};
use crate::error::Error;
use crate::observe::Observer;
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
/// Longer limits in seconds are no limits: ten years.
const MOST_SECONDS: f64 = 3.2e8;
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
    let clock = Clock::start(options);
    let mut listener = Listener::new(observer);
    let plain = purse.is_plain();
    let news = if plain { News::PlansAndBounds } else { News::Bounds };
    let first = if plain { 100 } else { PROBE };
    let effort = clock.until(first, first);
    let probe = engine::solve(&question.instance, &effort, &mut listener.during(news))?;
    let Some(tree) = &probe.solution else { return Ok(without_tree(&probe)) };
    listener.proven(probe.bound, probe.work);
    let mut bound = probe.bound;
    let mut payable = purse.affords(terrain, &Forest::of(terrain, tree));
    let mut best = lean(terrain, purse, tree);
    let done = plain || probe.status != Status::LimitReached || listener.is_halted();
    if payable && done {
        return Ok(verdict(best, bound, options));
    }
    listener.note(best.as_ref());

    let second = if payable { 100 - PROBE } else { BOUND };
    let share = clock.until(PROBE + second, second);
    let merged = engine::solve(&question.instance, &share, &mut listener.during(News::Bounds))?;
    listener.proven(merged.bound, merged.work);
    bound = bound.min(merged.bound);
    let tree = merged.solution.as_ref().unwrap_or(tree);
    let forest = Forest::of(terrain, tree);
    payable = purse.affords(terrain, &forest);
    best = better_of(best, lean(terrain, purse, tree));
    listener.note(best.as_ref());
    if !payable && !listener.is_halted() && !close_enough(best.as_ref(), bound, options) {
        if let Some(short) = purse.tightest(&forest) {
            let leaned = lean_prizes(question, terrain, purse, &clock, &mut listener, short)?;
            best = better_of(best, leaned);
        }
        listener.note(best.as_ref());
        listener.phase("pots");
        let work_per_round = question.instance.nodes() as u64 * WORK_PER_NODE;
        let effort = Effort {
            rounds: clock.rounds(work_per_round),
            work_per_round,
            deadline: clock.end,
            seed: options.seed,
            ceiling: bound,
        };
        best = best.map(|best| improve(terrain, purse, best, &effort, &mut listener));
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
    clock: &Clock<'_>,
    listener: &mut Listener<'_>,
    short: u64,
) -> Result<Option<Forest>, Error> {
    let mut best = None;
    let mut kept = vec![0; terrain.classes.len()];
    let mut bracket = Bracket::new(short);
    for run in 1..=LEANINGS {
        let each = LEANING / LEANINGS;
        let engine_options = clock.until(PROBE + BOUND + run * each, each);
        let leaning = bracket.lean(&kept, &terrain.classes);
        let instance = leaned(&question.instance, terrain, &leaning);
        let mut hearing = listener.during(News::Nothing);
        let outcome = engine::solve(&instance, &engine_options, &mut hearing)?;
        drop(hearing);
        let Some(tree) = &outcome.solution else { break };
        best = better_of(best, lean(terrain, purse, tree));
        listener.note(best.as_ref());
        if listener.is_halted() {
            break;
        }
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

/// The effort asked for, and how much of it is left.
struct Clock<'a> {
    options: &'a SolveOptions,
    start: Instant,
    /// When all must be done, where seconds are limited.
    end: Option<Instant>,
}

impl<'a> Clock<'a> {
    fn start(options: &'a SolveOptions) -> Self {
        let start = Instant::now();
        let seconds = options.seconds.map(|seconds| seconds.clamp(0.0, MOST_SECONDS));
        let end = seconds.map(|seconds| start + Duration::from_secs_f64(seconds));
        Self { options, start, end }
    }

    /// Rounds of improvement, of so much work each, that the rest of the work allows.
    fn rounds(&self, work_per_round: u64) -> u64 {
        let rest = |work: u64| work / 100 * u64::from(IMPROVING) / work_per_round.max(1);
        self.options.work.map_or(u64::MAX, rest)
    }

    /// Engine options that end by so many hundredths of the time, and spend so many of the work.
    fn until(&self, mark: u32, share: u32) -> engine::Options {
        let left = self.end.map(|end| {
            let whole = (end - self.start).as_secs_f64();
            (whole * f64::from(mark) / 100.0 - self.start.elapsed().as_secs_f64()).max(0.0)
        });
        engine::Options {
            gap: self.options.gap,
            seconds: left,
            work: self.options.work.map(|work| work / 100 * u64::from(share)),
            seed: self.options.seed,
            threads: self.options.threads,
        }
    }
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
