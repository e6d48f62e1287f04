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
/// Shares of the effort, in hundredths: the merged pot, all leanings together; the rest improves.
const MERGED_SHARE: u32 = 40;
const LEANING_SHARE: u32 = 30;
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
    let merged_effort = if purse.is_plain() { 100 } else { MERGED_SHARE };
    let engine_options = share_of(options, merged_effort);
    let merged = engine::solve(&question.instance, &engine_options, observer)?;
    let Some(solution) = &merged.solution else { return Ok(without_tree(&merged)) };

    let forest = Forest::of(terrain, solution);
    if purse.affords(terrain, &forest) {
        return Ok(Found {
            status: merged.status,
            bound: merged.bound,
            solution: Some(forest.solution()),
            reasons: Vec::new(),
        });
    }
    let mut best = lean(terrain, purse, solution);
    if !purse.affords(terrain, &best) {
        return Ok(unpayable(&merged));
    }
    if let Some(short) = purse.tightest(&forest) {
        lean_prizes(question, terrain, purse, options, observer, (short, &mut best))?;
    }

    let _ = observer.on(&Event::Phase { name: "pots" });
    let nodes = question.instance.nodes() as u64;
    let effort = Effort {
        rounds: rounds(options, nodes),
        deadline: options.seconds.map(|seconds| start + Duration::from_secs_f64(seconds.max(0.0))),
        seed: options.seed,
        ceiling: merged.bound,
    };
    let best = improve(terrain, purse, best, &effort);
    let reached = gap(best.prize, merged.bound);
    let status = if best.prize == merged.bound {
        Status::Optimal
    } else if reached <= options.gap {
        Status::GapReached
    } else {
        Status::LimitReached
    };
    let solution = Some(best.solution());
    Ok(Found { status, solution, bound: merged.bound, reasons: Vec::new() })
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
    (short, best): (u64, &mut Forest),
) -> Result<(), Error> {
    let engine_options = share_of(options, LEANING_SHARE / LEANINGS);
    let mut kept = vec![0; terrain.classes.len()];
    let mut bracket = Bracket::new(short);
    for _ in 0..LEANINGS {
        let leaning = bracket.lean(&kept, &terrain.classes);
        let instance = leaned(&question.instance, terrain, &leaning);
        let outcome = engine::solve(&instance, &engine_options, observer)?;
        let Some(tree) = &outcome.solution else { break };
        let candidate = lean(terrain, purse, tree);
        if purse.affords(terrain, &candidate)
            && (candidate.prize, -candidate.cost) > (best.prize, -best.cost)
        {
            *best = candidate;
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
    Ok(())
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
    let rest = u64::from(100 - MERGED_SHARE - LEANING_SHARE);
    options.work.map_or(u64::MAX, |work| work / 100 * rest / (nodes * WORK_PER_NODE).max(1))
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

/// The required sites could not be paid by the pots; that no other tree could is not proven.
fn unpayable(merged: &Outcome) -> Found {
    let reason = "no plan was found in which the programmes can pay for the required sites";
    Found {
        status: Status::Unknown,
        solution: None,
        bound: merged.bound,
        reasons: vec![reason.to_owned()],
    }
}
