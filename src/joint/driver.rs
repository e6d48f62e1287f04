//! From the merged pot to a plan the pots can pay, and a bound that knows them.
//!
//! First the merged pot: its tree, and the bound; where floors or quotas bind, or the cost is part of the
//! objective, with prizes bent and costs priced for them. If the pots cannot pay that tree, the prizes of the buildings that only the short pots may pay
//! for are leaned on until the engine's tree fits, and the pots plan in turns; the best of the trees on
//! the way is improved under the pots themselves; then branch and bound closes what is left between plan
//! and bound, as far as the effort goes.

use std::time::Duration;

use super::bound::lagrangian::{Bending, Bent};
use super::bound::prize_reweighting::{Leaning, leaned};
use super::branch_and_bound::branch;
use super::construct::greedy::first_forest;
use super::construct::sequential_pots::{Turns, narrowest_first};
use super::effort_split::Clock;
use super::forest::Forest;
use super::funding_oracle::Purse;
use super::improve::reroute::routes_of;
use super::improve::{Improving, improve, work_per_round};
use super::problem::Terrain;
use super::progress::{Listener, News, Shown};
use super::repair::funding::lean;
use super::{Found, NoPlan};
use crate::effort::Effort;
use crate::engine::{self, Demand, Outcome, Solution};
use crate::error::{Error, ErrorKind};
use crate::funding::PotSet;
use crate::observe::Observer;
use crate::status::{Status, gap};

/// Shares of the effort, in hundredths. The probe is a first look at the merged pot: if the pots can pay
/// its tree, the rest goes to the merged pot; if not, the rest is split between the bound of the merged
/// pot, leaned prizes, turns, improvement under the pots, branching, and improvement again.
const PROBE: u32 = 10;
const BOUND: u32 = 30;
const LEANING: u32 = 9;
const TURNS: u32 = 16;
const IMPROVING: u32 = 10;
const BRANCHING: u32 = 20;
const POLISHING: u32 = 100 - PROBE - BOUND - LEANING - TURNS - IMPROVING - BRANCHING;
/// Engine runs with leaned prizes.
const LEANINGS: u32 = 3;
/// Engine runs with prizes bent towards floors and quotas, which take the place of the bound of the merged
/// pot.
const BENDINGS: u32 = 12;
/// Time that a first plan may take where less is allowed for everything.
const AT_ONCE: Duration = Duration::from_millis(400);
/// Rounds of improvement before branching, by building.
const ROUNDS_PER_BUILDING: u64 = 50;

/// The best tree found that the purse affords, with a bound on all of them.
///
/// # Errors
///
/// Those of the engine: an instance that is not valid.
pub fn search(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    search_from(terrain, purse, None, effort, observer)
}

/// The same, beginning with a forest that the purse affords.
///
/// # Errors
///
/// As [`search`].
pub fn search_from(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    start: Option<Forest>,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let clock = Clock::start(effort);
    let listener = Listener::new(clock.whole(), observer, Shown::Prize(terrain.unit()));
    let mut search = Search {
        terrain,
        purse,
        clock,
        listener,
        bent: None,
        best: None,
        // No plan is worth more than all prizes.
        bound: terrain.instance.prizes.iter().sum(),
    };
    search.listener.proven(search.bound, 0);
    search.take(start);
    search.run()
}

struct Search<'a, 'o> {
    terrain: &'a Terrain<'a>,
    purse: &'a dyn Purse,
    clock: Clock<'a>,
    listener: Listener<'o>,
    /// Prizes bent towards floors and quotas, where these bind.
    bent: Option<Bent>,
    /// The best payable forest so far.
    best: Option<Forest>,
    bound: i64,
}

impl Search<'_, '_> {
    fn run(&mut self) -> Result<Found, Error> {
        self.start_at_once();
        if self.is_done() {
            return self.verdict(false);
        }
        let net = self.terrain.charge() > 0;
        let forest = match if net { self.net()? } else { self.most()? } {
            Start::Settled(found) => return Ok(found),
            Start::From(forest) => forest,
        };
        let short = self.purse.tightest(&forest);
        if let Some(short) = short {
            self.lean_on(short)?;
            if self.bent.is_none() {
                self.take_turns(PROBE + BOUND + LEANING)?;
            }
        }
        self.listener.phase("pots");
        let rounds = ROUNDS_PER_BUILDING * self.terrain.buildings().count() as u64;
        self.improve(PROBE + BOUND + LEANING + TURNS, IMPROVING, rounds);
        let exhausted = !self.is_done() && self.branch(&forest, short);
        if !exhausted && !self.is_done() {
            self.improve(100 - POLISHING, POLISHING, u64::MAX);
        }
        self.verdict(exhausted)
    }

    /// A first plan, before anything else, whatever the time allowed.
    fn start_at_once(&mut self) {
        self.listener.phase("start");
        let end = self.listener.grant(AT_ONCE);
        let first = first_forest(self.terrain, self.purse, &self.listener);
        self.listener.end_at(end);
        self.take(first);
        self.listener.progress(0);
    }

    /// Whether a tree of the engine is a plan as it stands: the pots pay for its forest, and it has no branch
    /// for what it passes alone.
    fn is_plan(&self, tree: &Solution) -> bool {
        let forest = Forest::of(self.terrain, tree);
        let whole = !self.terrain.passes() || forest.prize == tree.prize(self.terrain.instance);
        whole && self.purse.affords(self.terrain, &forest)
    }

    /// The merged pot, where prizes alone count: its tree, unless that settles the question.
    fn most(&mut self) -> Result<Start, Error> {
        let plain = self.purse.is_plain(self.terrain);
        let probe = self.merged(0, if plain { 100 } else { PROBE })?;
        let Some(tree) = &probe.solution else { return Ok(Start::Settled(without_tree(&probe))) };
        let mut forest = routes_of(self.terrain, tree);
        let mut is_plan = self.is_plan(tree);
        if !is_plan || probe.status == Status::LimitReached {
            if self.is_done() || plain {
                return self.verdict(false).map(Start::Settled);
            }
            if self.bend(Some(&forest))?.is_none() {
                let merged = self.merged(PROBE, if is_plan { 100 - PROBE } else { BOUND })?;
                if let Some(tree) = &merged.solution {
                    forest = routes_of(self.terrain, tree);
                    is_plan = self.is_plan(tree);
                }
            }
        }
        if self.is_done() || is_plan {
            return self.verdict(false).map(Start::Settled);
        }
        Ok(Start::From(forest))
    }

    /// The merged pot, where the cost is charged for: its tree at the best price of money found, unless
    /// that settles the question.
    fn net(&mut self) -> Result<Start, Error> {
        if self.terrain.instance.demands.contains(&Demand::Required) {
            // Whether there is money enough for what is required.
            let probe = self.merged(0, PROBE / 2)?;
            if probe.solution.is_none() {
                return Ok(Start::Settled(without_tree(&probe)));
            }
        }
        let Some(forest) = self.bend(None)?.filter(|_| !self.is_done()) else {
            return self.verdict(false).map(Start::Settled);
        };
        if !self.terrain.passes()
            && self.purse.affords(self.terrain, &forest)
            && let Some(bent) = self.bent.take_if(|bent| bent.is_straight())
        {
            // Nothing binds: the rest is for the engine.
            let effort = self.clock.until(100, 100 - PROBE - BOUND);
            self.solve_bent(&bent, &effort.without_gap())?;
            return self.verdict(false).map(Start::Settled);
        }
        Ok(Start::From(forest))
    }

    /// The engine's answer for the merged pot, within a share of the effort that begins at a mark.
    fn merged(&mut self, mark: u32, share: u32) -> Result<Outcome, Error> {
        let news = match (self.terrain.charge() > 0, self.purse.is_plain(self.terrain)) {
            (true, _) => News::Nothing,
            (false, true) => News::PlansAndBounds,
            (false, false) => News::Bounds,
        };
        let effort = self.clock.until(mark + share, share);
        let mut hearing = self.listener.during(news);
        let merged = engine::solve(self.terrain.instance, &effort, &mut hearing)?;
        drop(hearing);
        // The most prize there is bounds what is worth something less its cost as well.
        self.bound = self.bound.min(merged.bound);
        self.listener.proven(self.bound, merged.work);
        if let Some(tree) = &merged.solution {
            self.take(lean(self.terrain, self.purse, tree, &self.listener));
        }
        Ok(merged)
    }

    /// Trees and bounds of the engine under prizes bent towards floors and quotas, beginning with the
    /// tree of the merged pot: the tree that gave the best bound; `None` where the first keeps them all.
    /// Without that tree, nothing is bent at first.
    fn bend(&mut self, merged: Option<&Forest>) -> Result<Option<Forest>, Error> {
        let mut bending = Bending::new(self.terrain, self.purse.rules());
        if bending.is_empty() || merged.is_some_and(|merged| !bending.learn(merged, merged.cost)) {
            return Ok(None);
        }
        let mut forest = None;
        let net = self.terrain.charge() > 0;
        for run in 1..=BENDINGS {
            let Some(bent) = bending.bent().filter(|_| !self.is_done()) else { break };
            let mut effort = self.clock.part((PROBE, BOUND), (run, BENDINGS));
            if net {
                // Where nothing binds, the first run settles it; a gap would be one of the loss.
                let first = self.clock.until(PROBE + BOUND / 2, BOUND / 2);
                effort = if run == 1 { first } else { effort }.without_gap();
            }
            let before = self.bound;
            let Some((merged, cost)) = self.solve_bent(&bent, &effort)? else { break };
            let learns = bending.learn(&merged, cost);
            if self.bound < before || forest.is_none() {
                forest = Some(merged);
            }
            if self.bound < before || net && self.bent.is_none() {
                self.bent = Some(bent);
            }
            if !learns {
                break;
            }
        }
        Ok(forest)
    }

    /// Takes in what the engine makes of bent prizes; its tree, if there is one, and what that costs.
    fn solve_bent(&mut self, bent: &Bent, effort: &Effort) -> Result<Option<(Forest, i64)>, Error> {
        let mut hearing = self.listener.during(News::Nothing);
        let outcome = engine::solve(&bent.instance, effort, &mut hearing)?;
        drop(hearing);
        self.bound = self.bound.min(bent.bound(outcome.bound));
        self.listener.proven(self.bound, outcome.work);
        let Some(tree) = &outcome.solution else { return Ok(None) };
        self.take(lean(self.terrain, self.purse, tree, &self.listener));
        Ok(Some((routes_of(self.terrain, tree), tree.cost(self.terrain.instance))))
    }

    /// Trees of the engine under leaned prizes.
    fn lean_on(&mut self, short: PotSet) -> Result<(), Error> {
        let classes = self.terrain.classes();
        let mut leaning = Leaning::new(short, classes.len());
        let each = LEANING / LEANINGS;
        for run in 1..=LEANINGS {
            if self.is_done() {
                break;
            }
            let effort = self.clock.until(PROBE + BOUND + run * each, each);
            let by_class = leaning.of_classes(classes);
            let whole = self.bent.as_ref().map_or(self.terrain.instance, |bent| &bent.instance);
            let instance = leaned(whole, self.terrain, &by_class);
            let mut hearing = self.listener.during(News::Nothing);
            let outcome = engine::solve(&instance, &effort, &mut hearing)?;
            drop(hearing);
            self.listener.proven(self.bound, outcome.work);
            let Some(tree) = &outcome.solution else { break };
            self.take(lean(self.terrain, self.purse, tree, &self.listener));
            leaning.learn(self.purse.tightest(&Forest::of(self.terrain, tree)), classes);
        }
        Ok(())
    }

    /// One pot after the other, the narrowest first: a wide one can ride on its trenches.
    fn take_turns(&mut self, mark: u32) -> Result<(), Error> {
        let mut turns = Turns::new(self.terrain);
        let order = narrowest_first(self.terrain, self.purse.pots());
        let pots = u32::try_from(order.len()).unwrap_or(1);
        for (turn, pot) in (1..).zip(order) {
            if self.is_done() {
                return Ok(());
            }
            let effort = self.clock.part((mark, TURNS), (turn, pots));
            let instance = turns.instance_for(self.purse, pot);
            let mut hearing = self.listener.during(News::Nothing);
            let outcome = engine::solve(&instance, &effort, &mut hearing)?;
            drop(hearing);
            self.listener.proven(self.bound, outcome.work);
            if let Some(tree) = &outcome.solution {
                turns.build(tree);
            }
        }
        self.take(lean(self.terrain, self.purse, &turns.tree(), &self.listener));
        Ok(())
    }

    /// Ruin and recreate, within a share of the effort that begins at a mark.
    fn improve(&mut self, mark: u32, share: u32, rounds: u64) {
        let Some(best) = self.best.take() else { return };
        let work_per_round = work_per_round(self.terrain);
        let improving = Improving {
            rounds: (self.clock.work(share) / work_per_round).min(rounds),
            work_per_round,
            seed: self.clock.effort.seed.wrapping_add(u64::from(mark)),
            ceiling: self.bound,
        };
        let end = self.clock.whole().end();
        self.listener.end_at(self.clock.moment(mark + share));
        let better = improve(self.terrain, self.purse, best, &improving, &self.listener);
        self.listener.end_at(end);
        self.best = Some(better);
    }

    /// Branch and bound; true when nothing is left to look at.
    fn branch(&mut self, merged: &Forest, short: Option<PotSet>) -> bool {
        let effort = self.clock.until(100 - POLISHING, BRANCHING);
        let known = (self.best.take(), self.bound);
        let branched = branch(
            self.terrain,
            self.purse,
            (merged, short.as_slice()),
            known,
            &effort,
            &self.listener,
        );
        self.best = branched.best;
        self.bound = branched.bound;
        self.listener.proven(self.bound, branched.work);
        branched.exhausted
    }

    fn take(&mut self, found: Option<Forest>) {
        let rank = |forest: &Forest| self.terrain.rank(forest);
        if found.as_ref().map(rank) > self.best.as_ref().map(rank) {
            self.best = found;
            self.listener.note(self.best.as_ref().map(|best| self.terrain.worth(best)));
        }
    }

    fn is_done(&self) -> bool {
        self.listener.is_over() || self.is_close_enough()
    }

    fn is_close_enough(&self) -> bool {
        let close = |best: &Forest| {
            let worth = self.terrain.worth(best);
            worth == self.bound || gap(worth, self.bound) <= self.clock.effort.gap
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
            let (status, reason) = if exhausted {
                (Status::Infeasible, NoPlan::BeyondThePots)
            } else {
                (Status::Unknown, NoPlan::NotFound)
            };
            return Ok(Found { status, solution: None, bound, no_plan: Some(reason) });
        };
        let solution = best.solution();
        let again = Forest::of(self.terrain, &solution);
        let worth = self.terrain.worth(&best);
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
        Ok(Found { status, solution: Some(solution), bound, no_plan: None })
    }
}

/// What the merged pot comes to.
enum Start {
    /// The answer.
    Settled(Found),
    /// A tree to begin with.
    From(Forest),
}

fn without_tree(merged: &Outcome) -> Found {
    let no_plan = match merged.status {
        Status::Infeasible => NoPlan::BeyondAllMoney,
        _ => NoPlan::NotFound,
    };
    Found { status: merged.status, solution: None, bound: merged.bound, no_plan: Some(no_plan) }
}
