//! Improving a payable forest by ruin and recreate, and by other routes.
//!
//! A move is a file here: `ruin` takes out, `construct::fill` puts in, `reroute` moves routes.

pub mod reroute;
mod ruin;

use crate::joint::construct::fill::{fill, pair_up};
use crate::joint::construct::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::gain::GoingRate;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;
use crate::joint::repair::rules::rule_repair;
use crate::joint::repair::spare::spare_at_a_loss;
use crate::random::Random;
use reroute::{Rate, take_detours};
use ruin::{Neighbours, ruin};

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
pub fn work_per_round(problem: &JointProblem<'_>) -> u64 {
    let each = if problem.passes() { WORK_WITH_DETOURS } else { WORK_PER_NODE };
    (problem.instance.nodes() as u64 * each).max(1)
}

/// Improves a payable forest by ruin and recreate: takes out buildings near each other, fills up again
/// with slightly blurred prizes, and keeps what is no worse than a shrinking tolerance.
pub fn improve(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    start: Forest,
    limits: &Improving,
    progress: &SearchProgress<'_>,
) -> Forest {
    let mut random = Random::new(limits.seed ^ 0x6669_6272_6570_6C61);
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    let mut neighbours = Neighbours::new(problem.instance.nodes());
    let mut best = start.clone();
    let mut current = start;
    let mut made = 0;
    // Rounds are counted by themselves.
    let looked = progress.looked();
    for round in 0..limits.rounds {
        if best.worth(problem) >= limits.ceiling || progress.is_over() {
            break;
        }
        progress.looked_only(looked);
        progress.progress(round * limits.work_per_round);
        made = round + 1;
        let mut trial = current.clone();
        ruin(problem, oracle, &mut trial, &mut neighbours, &mut random);
        rule_repair(problem, oracle, &mut trial, progress);
        let going = going_rate(problem, &best, &mut random);
        paths.prefer(going.filter(|_| round % 3 != 0));
        if let Some(rate) = going
            && round % 2 == 0
            && oracle.affords(problem, &trial)
        {
            take_detours(problem, oracle, &mut trial, Rate::Of(rate), progress);
        }
        let blur = round % 4 != 0;
        if blur {
            // Money of some pots may be dearer than that of others: which, is found by trying.
            let dear: Vec<i64> =
                problem.classes().iter().map(|_| random.pick(&[1000, 1000, 700, 450])).collect();
            fill(
                problem,
                oracle,
                &mut trial,
                &mut paths,
                &mut |building| {
                    let dear = problem.class(building).map_or(1000, |class| dear[class.place()]);
                    problem.prize(building) / 1000 * random.between(850, 1149) / 1000 * dear
                },
                progress,
            );
        }
        fill(
            problem,
            oracle,
            &mut trial,
            &mut paths,
            &mut |building| problem.prize(building),
            progress,
        );
        if !oracle.affords(problem, &trial) {
            continue;
        }
        if problem.charge() > 0 {
            spare_at_a_loss(problem, oracle, &mut trial, progress);
        }
        if problem.passes() {
            take_detours(problem, oracle, &mut trial, Rate::of_terrain(problem), progress);
        }
        if trial.rank(problem) > best.rank(problem) {
            best = trial.clone();
            progress.note(Some(best.worth(problem)));
        }
        // The tolerance shrinks from half a per cent to nothing over the rounds.
        let left = i128::from(limits.rounds - round);
        let most = i128::from(best.worth(problem));
        let slack = most.abs() * left / (200 * i128::from(limits.rounds));
        if i128::from(trial.worth(problem)) >= most - slack {
            current = trial;
        }
    }
    progress.looked_only(looked);
    progress.spent(made * limits.work_per_round);
    pair_up(problem, oracle, &mut best, progress);
    best
}

/// About what passing a unit of prize costs in a forest, blurred; nothing where nothing is passed.
fn going_rate(
    problem: &JointProblem<'_>,
    forest: &Forest,
    random: &mut Random,
) -> Option<GoingRate> {
    if !problem.passes() {
        return None;
    }
    if problem.charge() > 0 {
        return Some(GoingRate { cost: 1, prize: problem.charge() });
    }
    let passed: i64 = forest.outward().iter().map(|&(node, _, _)| problem.passed(node)).sum();
    let part = random.pick(&[250, 500, 1000, 2000]);
    (passed > 0).then_some(GoingRate { cost: forest.cost / 1000 * part, prize: passed })
}
