//! From the merged pot to a plan the pots can pay, and a bound that knows them.
//!
//! First the merged pot: its tree, and the bound; where floors or quotas bind, or the cost is part of the
//! objective, with prizes moved and costs priced for them. If the pots cannot pay that tree, the pots plan one
//! after the other, in every order, beside what planners do without a search, and the best of all that is improved
//! at once; then the prizes of the buildings that only the short pots may pay for are reweighted until the engine's
//! tree fits; the best of the trees on the way is improved under the pots themselves; then branch and bound closes
//! what is left between plan and bound, as far as the effort goes.

use std::time::Duration;

use super::bound::lagrangian::{Lagrangian, Relaxation};
use super::bound::prize_reweighting::{PrizeReweighting, reweighted};
use super::branch_and_bound::{Known, branch};
use super::construct::greedy::first_forest;
use super::construct::sequential_pots::{SequentialPots, alike, orders, turns};
use super::construct::simpler_ways::simpler_ways;
use super::construct::widen::routes_of;
use super::effort_split::{EffortSplit, Share};
use super::forest::Forest;
use super::funding_oracle::FundingOracle;
use super::improve::{Improving, improve, work_per_round};
use super::problem::JointProblem;
use super::progress::{RunShows, SearchProgress, Shown};
use super::repair::funding::repair_funding;
use super::{Found, NoPlan};
use crate::effort::Effort;
use crate::engine::{self, Demand, Outcome, Solution};
use crate::error::{Error, ErrorKind};
use crate::funding::PotSet;
use crate::observe::Observer;
use crate::status::{Status, gap};

/// Shares of the effort, in hundredths. The probe is a first look at the merged pot: if the pots can pay
/// its tree, the rest goes to the merged pot; if not, the rest is split between one pot after the other, a first
/// improvement, the bound of the merged pot, reweighted prizes, improvement under the pots, branching, and
/// improvement again.
const PROBE: u32 = 10;
const SEQUENTIAL: u32 = 16;
const EARLY: u32 = 6;
const BOUND: u32 = 26;
const REWEIGHTING: u32 = 9;
const IMPROVING: u32 = 8;
const BRANCHING: u32 = 20;
/// Where the bound begins, and where improvement does.
const STARTED: u32 = PROBE + SEQUENTIAL + EARLY;
const REWEIGHTED: u32 = STARTED + BOUND + REWEIGHTING;
const POLISHING: u32 = 100 - REWEIGHTED - IMPROVING - BRANCHING;
/// The same for a large problem, where each look takes seconds: the merged pot comes first and is not begun anew,
/// and pots have no turns and no reweighted prizes; a first plan may take longer.
const LARGE_FIRST: u32 = 50;
const LARGE_BOUND: u32 = 30;
const LARGE_BRANCHED: u32 = 90;
/// A pot's turn ends when its plan is proven so near to the best: it is only a beginning.
const TURN_GAP: f64 = 0.0005;
/// Engine runs with reweighted prizes.
const REWEIGHTINGS: u32 = 3;
/// Engine runs with prizes moved towards floors and quotas, which take the place of the bound of the merged
/// pot.
const RELAXATIONS: u32 = 12;
/// Time that a first plan may take where less is allowed for everything.
pub(super) const AT_ONCE: Duration = Duration::from_millis(400);
/// Rounds of improvement before branching, by building.
const ROUNDS_PER_BUILDING: u64 = 50;

/// The best tree found that the pots can pay, with a bound on all of them.
///
/// # Errors
///
/// Those of the engine: an instance that is not valid.
pub fn search(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    search_from(problem, oracle, Begun::default(), effort, observer)
}

/// What a search begins with.
#[derive(Default)]
pub struct Begun {
    /// A forest that the pots can pay, known from elsewhere.
    pub known: Option<Forest>,
    /// That of [`first`], where it was found before the search.
    pub first: Option<Forest>,
}

/// A payable forest that can be had at once, whatever the time allowed; `None` where what is required makes
/// that hard.
pub fn first(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Option<Forest> {
    let clock = effort.start();
    let share = if problem.nodes() > engine::LARGE { LARGE_FIRST } else { PROBE };
    let clock = clock.until(clock.moment(share));
    let progress = SearchProgress::new(clock, observer, Shown::Nothing).within_work(effort.work);
    progress.phase("start");
    if is_too_late(problem, &progress) {
        return None;
    }
    progress.grant(AT_ONCE);
    first_forest(problem, oracle, &progress)
}

/// Whether time is up before anything of a large problem was looked at: even a first plan takes long then.
pub(super) fn is_too_late(problem: &JointProblem<'_>, progress: &SearchProgress<'_>) -> bool {
    problem.nodes() > engine::LARGE && progress.is_over()
}

/// The same, beginning with what was found before.
///
/// # Errors
///
/// As [`search`].
pub fn search_from(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    start: Begun,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let split = EffortSplit::start(effort);
    let progress = SearchProgress::new(split.whole(), observer, Shown::Prize(problem.unit()))
        .within_work(effort.work);
    let mut search = JointSearch {
        problem,
        oracle,
        split,
        progress,
        relaxation: None,
        best: None,
        is_begun: true,
        // No plan is worth more than all prizes.
        bound: problem.instance.prizes.iter().sum(),
    };
    search.progress.proven(search.bound, 0);
    let has_first = start.first.is_some();
    search.take(start.known);
    search.take(start.first);
    if !has_first {
        search.start_at_once();
    }
    search.run()
}

struct JointSearch<'a, 'o> {
    problem: &'a JointProblem<'a>,
    oracle: &'a FundingOracle,
    split: EffortSplit<'a>,
    progress: SearchProgress<'o>,
    /// Prizes moved towards floors and quotas, where these bind.
    relaxation: Option<Relaxation>,
    /// The best payable forest so far.
    best: Option<Forest>,
    /// Whether there was time to look for anything.
    is_begun: bool,
    bound: i64,
}

impl JointSearch<'_, '_> {
    fn run(&mut self) -> Result<Found, Error> {
        if self.is_done() {
            return self.verdict(false);
        }
        let net = self.problem.charge() > 0;
        let forest = match if net { self.net()? } else { self.most()? } {
            Start::Settled(found) => return Ok(found),
            Start::From(forest) => forest,
        };
        let short = self.oracle.tightest(&forest);
        if let Some(short) = short.filter(|_| !self.is_large()) {
            self.reweight_prizes(short)?;
        }
        self.progress.phase("pots");
        let (improves, polishes) = if self.is_large() {
            (LARGE_BOUND, 100 - LARGE_BRANCHED)
        } else {
            (REWEIGHTED, POLISHING)
        };
        self.improve(improves, IMPROVING, self.rounds());
        let share = 100 - polishes - improves - IMPROVING;
        let exhausted = !self.is_done() && self.branch(&forest, short, 100 - polishes, share);
        if !exhausted && !self.is_done() {
            self.improve(100 - polishes, polishes, u64::MAX);
        }
        self.verdict(exhausted)
    }

    /// A first plan, before anything else, whatever the time allowed.
    fn start_at_once(&mut self) {
        self.progress.phase("start");
        self.is_begun = !is_too_late(self.problem, &self.progress);
        if !self.is_begun {
            return;
        }
        let end = self.progress.grant(AT_ONCE);
        let first = first_forest(self.problem, self.oracle, &self.progress);
        self.progress.end_at(end);
        self.take(first);
        self.progress.progress(0);
    }

    /// Whether a tree of the engine is a plan as it stands: the pots pay for its forest, and it has no branch
    /// for what it passes alone.
    fn is_plan(&self, tree: &Solution) -> bool {
        let forest = Forest::of(self.problem, tree);
        let whole = !self.problem.passes() || forest.prize == tree.prize(self.problem.instance);
        whole && self.oracle.affords(self.problem, &forest)
    }

    /// Whether a single look at the whole takes seconds.
    fn is_large(&self) -> bool {
        self.problem.nodes() > engine::LARGE
    }

    /// The merged pot, where prizes alone count: its tree, unless that settles the question.
    fn most(&mut self) -> Result<Start, Error> {
        let plain = self.oracle.is_plain(self.problem);
        let share = match (plain, self.is_large()) {
            (true, _) => 100,
            (false, true) => LARGE_BOUND,
            (false, false) => PROBE,
        };
        let probe = self.merged(0, share)?;
        let Some(tree) = &probe.solution else {
            return match &self.best {
                // There may be time to better the plan there is.
                Some(best) if self.is_large() && !self.is_done() => Ok(Start::From(best.clone())),
                _ => self.without(&probe),
            };
        };
        let mut forest = routes_of(self.problem, tree);
        let mut is_plan = self.is_plan(tree);
        if !is_plan || probe.status == Status::LimitReached {
            if self.is_done() || plain {
                return self.verdict(false).map(Start::Settled);
            }
            if !is_plan && !self.is_large() {
                self.begin_with_simpler_ways()?;
            }
            if self.is_done() {
                return self.verdict(false).map(Start::Settled);
            }
            if self.relax_limits(Some(&forest))?.is_none() {
                let (mark, share) = if is_plan { (PROBE, 100 - PROBE) } else { (STARTED, BOUND) };
                if is_plan || !self.is_large() {
                    let merged = self.merged(mark, share)?;
                    if let Some(tree) = &merged.solution {
                        forest = routes_of(self.problem, tree);
                        is_plan = self.is_plan(tree);
                    }
                }
            }
        }
        if self.is_done() || is_plan {
            return self.verdict(false).map(Start::Settled);
        }
        Ok(Start::From(forest))
    }

    /// Nothing came of the merged pot: there is no plan, or there was no time to better the best one.
    fn without(&mut self, probe: &Outcome) -> Result<Start, Error> {
        if probe.status != Status::Infeasible {
            return self.verdict(false).map(Start::Settled);
        }
        let (status, no_plan) = (probe.status, NoPlan::BeyondAllMoney);
        Ok(Start::Settled(Found::nothing(status, probe.bound, no_plan)))
    }

    /// The merged pot, where the cost is charged for: its tree at the best price of money found, unless
    /// that settles the question.
    fn net(&mut self) -> Result<Start, Error> {
        if self.problem.instance.demands.contains(&Demand::Required) {
            // Whether there is money enough for what is required.
            let probe = self.merged(0, PROBE / 2)?;
            if probe.solution.is_none() {
                return self.without(&probe);
            }
        }
        let Some(forest) = self.relax_limits(None)?.filter(|_| !self.is_done()) else {
            return self.verdict(false).map(Start::Settled);
        };
        if !self.problem.passes()
            && self.oracle.affords(self.problem, &forest)
            && let Some(relaxation) = self.relaxation.take_if(|relaxation| relaxation.is_straight())
        {
            // Nothing binds: the rest is for the engine.
            let effort = self.split.until(100, 100 - PROBE - BOUND);
            self.solve_relaxation(&relaxation, &effort.without_gap())?;
            return self.verdict(false).map(Start::Settled);
        }
        Ok(Start::From(forest))
    }

    /// The engine's answer for the merged pot, within a share of the effort that begins at a mark.
    fn merged(&mut self, mark: u32, share: u32) -> Result<Outcome, Error> {
        let shows = match (self.problem.charge() > 0, self.oracle.is_plain(self.problem)) {
            (true, _) => RunShows::Nothing,
            (false, true) => RunShows::PlansAndBounds,
            (false, false) => RunShows::Bounds,
        };
        let effort = self.split.until(mark + share, share);
        let mut hearing = self.progress.during(shows);
        let merged = engine::solve(self.problem.instance, &effort, &mut hearing)?;
        // The most prize there is bounds what is worth something less its cost as well.
        self.bound = self.bound.min(merged.bound);
        self.progress.proven(self.bound, merged.work);
        if let Some(tree) = &merged.solution {
            self.take(repair_funding(self.problem, self.oracle, tree, &self.progress));
        }
        Ok(merged)
    }

    /// Trees and bounds of the engine under prizes moved towards floors and quotas, beginning with the
    /// tree of the merged pot: the tree that gave the best bound; `None` where the first keeps them all.
    /// Without that tree, nothing is moved at first.
    fn relax_limits(&mut self, merged: Option<&Forest>) -> Result<Option<Forest>, Error> {
        let mut lagrangian = Lagrangian::new(self.problem, self.oracle.constraints());
        if lagrangian.is_empty()
            || merged.is_some_and(|merged| !lagrangian.learn(merged, merged.cost))
        {
            return Ok(None);
        }
        let mut forest = None;
        let net = self.problem.charge() > 0;
        for run in 1..=RELAXATIONS {
            let Some(relaxation) = lagrangian.relaxation().filter(|_| !self.is_done()) else {
                break;
            };
            let mut effort =
                self.split.part(Share { begins: STARTED, size: BOUND }, run, RELAXATIONS);
            if net {
                // Where nothing binds, the first run settles it; a gap would be one of the loss.
                let first = self.split.until(STARTED + BOUND / 2, BOUND / 2);
                effort = if run == 1 { first } else { effort }.without_gap();
            }
            let before = self.bound;
            let Some((merged, cost)) = self.solve_relaxation(&relaxation, &effort)? else { break };
            let learns = lagrangian.learn(&merged, cost);
            if self.bound < before || forest.is_none() {
                forest = Some(merged);
            }
            if self.bound < before || net && self.relaxation.is_none() {
                self.relaxation = Some(relaxation);
            }
            if !learns {
                break;
            }
        }
        Ok(forest)
    }

    /// Takes in what the engine makes of moved prizes; its tree, if there is one, and what that costs.
    fn solve_relaxation(
        &mut self,
        relaxation: &Relaxation,
        effort: &Effort,
    ) -> Result<Option<(Forest, i64)>, Error> {
        let mut hearing = self.progress.during(RunShows::Nothing);
        let outcome = engine::solve(&relaxation.instance, effort, &mut hearing)?;
        self.bound = self.bound.min(relaxation.bound(outcome.bound));
        self.progress.proven(self.bound, outcome.work);
        let Some(tree) = &outcome.solution else { return Ok(None) };
        self.take(repair_funding(self.problem, self.oracle, tree, &self.progress));
        Ok(Some((routes_of(self.problem, tree), tree.cost(self.problem.instance))))
    }

    /// Trees of the engine under reweighted prizes.
    fn reweight_prizes(&mut self, short: PotSet) -> Result<(), Error> {
        let classes = self.problem.classes();
        let mut reweighting = PrizeReweighting::new(short, classes.len());
        let each = REWEIGHTING / REWEIGHTINGS;
        for run in 1..=REWEIGHTINGS {
            if self.is_done() {
                break;
            }
            let effort = self.split.until(STARTED + BOUND + run * each, each);
            let by_class = reweighting.of_classes(classes);
            let whole = self
                .relaxation
                .as_ref()
                .map_or(self.problem.instance, |relaxation| &relaxation.instance);
            let instance = reweighted(whole, self.problem, &by_class);
            let mut hearing = self.progress.during(RunShows::Nothing);
            let outcome = engine::solve(&instance, &effort, &mut hearing)?;
            self.progress.proven(self.bound, outcome.work);
            let Some(tree) = &outcome.solution else { break };
            self.take(repair_funding(self.problem, self.oracle, tree, &self.progress));
            reweighting.learn(self.oracle.tightest(&Forest::of(self.problem, tree)), classes);
        }
        Ok(())
    }

    /// What can be had without a search over all pots, improved at once.
    fn begin_with_simpler_ways(&mut self) -> Result<(), Error> {
        self.progress.phase("start");
        for forest in simpler_ways(self.problem, self.oracle, &self.progress) {
            self.take(Some(forest));
        }
        self.plan_one_pot_after_another()?;
        self.improve(PROBE + SEQUENTIAL, EARLY, self.rounds());
        Ok(())
    }

    /// One pot after the other, in every order.
    fn plan_one_pot_after_another(&mut self) -> Result<(), Error> {
        let orders = orders(self.problem, self.oracle.pots());
        let turns = turns(&orders);
        let mut turn = 0;
        let (mut built, mut done) = (vec![SequentialPots::new(self.problem)], Vec::new());
        for order in orders {
            let shared = alike(&order, &done);
            built.truncate(shared + 1);
            for &pot in &order[shared..] {
                if self.is_done() {
                    return Ok(());
                }
                turn += 1;
                let share = Share { begins: PROBE, size: SEQUENTIAL };
                let part = self.split.part(share, turn, turns);
                let gap = part.gap.max(TURN_GAP);
                let effort = part.with_gap(gap);
                let mut next = built[built.len() - 1].clone();
                let instance = next.instance_for(self.oracle, pot);
                let mut hearing = self.progress.during(RunShows::Nothing);
                let outcome = engine::solve(&instance, &effort, &mut hearing)?;
                self.progress.proven(self.bound, outcome.work);
                if let Some(tree) = &outcome.solution {
                    next.build(tree);
                }
                built.push(next);
            }
            let tree = built[built.len() - 1].tree();
            self.take(repair_funding(self.problem, self.oracle, &tree, &self.progress));
            done = order;
        }
        Ok(())
    }

    /// Rounds of improvement before branching, at most.
    fn rounds(&self) -> u64 {
        ROUNDS_PER_BUILDING * self.problem.buildings().count() as u64
    }

    /// Ruin and recreate, within a share of the effort that begins at a mark.
    fn improve(&mut self, mark: u32, share: u32, rounds: u64) {
        let Some(best) = self.best.take() else { return };
        let work_per_round = work_per_round(self.problem);
        let improving = Improving {
            rounds: (self.split.work(share) / work_per_round).min(rounds),
            work_per_round,
            seed: self.split.effort.seed.wrapping_add(u64::from(mark)),
            ceiling: self.bound,
        };
        let end = self.split.whole().end();
        self.progress.end_at(self.split.moment(mark + share));
        let better = improve(self.problem, self.oracle, best, &improving, &self.progress);
        self.progress.end_at(end);
        self.best = Some(better);
    }

    /// Branch and bound, within a share of the effort that ends at a mark; true when nothing is left to look at.
    fn branch(&mut self, merged: &Forest, short: Option<PotSet>, mark: u32, share: u32) -> bool {
        let effort = self.split.until(mark, share);
        let known = Known { merged, short, best: self.best.take(), bound: self.bound };
        let branched = branch(self.problem, self.oracle, known, &effort, &self.progress);
        self.best = branched.best;
        self.bound = branched.bound;
        self.progress.proven(self.bound, branched.work);
        branched.exhausted
    }

    fn take(&mut self, found: Option<Forest>) {
        let rank = |forest: &Forest| forest.rank(self.problem);
        if found.as_ref().map(rank) > self.best.as_ref().map(rank) {
            self.best = found;
            self.progress.note(self.best.as_ref().map(|best| best.worth(self.problem)));
        }
    }

    fn is_done(&self) -> bool {
        self.progress.is_over() || self.is_close_enough()
    }

    fn is_close_enough(&self) -> bool {
        let close = |best: &Forest| {
            let worth = best.worth(self.problem);
            worth == self.bound || gap(worth, self.bound) <= self.split.effort.gap
        };
        self.best.as_ref().is_some_and(close)
    }

    /// What is found: the forest, if the pots can pay for any, and what the bound proves of it.
    /// `exhausted` says that everything was looked at.
    ///
    /// # Errors
    ///
    /// An internal error if the forest is not what it says it is, or better than the bound.
    fn verdict(&mut self, exhausted: bool) -> Result<Found, Error> {
        let bound = self.bound;
        let close_enough = self.is_close_enough();
        let Some(best) = self.best.take() else {
            let (status, reason) = match (exhausted, self.is_begun) {
                (true, _) => (Status::Infeasible, NoPlan::BeyondThePots),
                (false, true) => (Status::Unknown, NoPlan::NotFound),
                (false, false) => (Status::Unknown, NoPlan::NotLookedFor),
            };
            return Ok(Found::nothing(status, bound, reason));
        };
        let solution = best.solution();
        let again = Forest::of(self.problem, &solution);
        let worth = best.worth(self.problem);
        if (again.prize, again.cost) != (best.prize, best.cost) || worth > bound {
            let message = format!(
                "a plan of {} for {} pence adds up to {} for {}, under a bound of {bound}",
                best.prize, best.cost, again.prize, again.cost
            );
            return Err(Error::new(ErrorKind::Internal, message));
        }
        let status = if worth == bound {
            Status::Optimal
        } else if close_enough {
            Status::GapReached
        } else {
            Status::LimitReached
        };
        let work = self.progress.work();
        Ok(Found { work, ..Found::tree(status, solution, bound) })
    }
}

/// What came of the merged pot.
enum Start {
    /// The answer.
    Settled(Found),
    /// A tree to begin with.
    From(Forest),
}
