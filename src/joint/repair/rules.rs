//! From any forest to one that keeps the rules beyond money.
//!
//! In: a forest, perhaps a tree of the engine, which knows no floors, quotas, groups or limits on routes.
//! Out: the forest with what offends taken out and what is lacking joined, so far as that goes; what it
//! costs is looked at later. What is wrong each rule says itself; what is required goes only where no way to
//! it is short enough.

use std::collections::BTreeSet;

use crate::joint::constraints::{Constraints, Counted, Repair, Stage};
use crate::joint::construct::insertion::{cost, insert, insert_one, remove};
use crate::joint::construct::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::gain::Gain;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// More than any route can cost.
const ANYWHERE: i64 = 1 << 60;

/// Makes a forest keep the rules, so far as that goes without looking at money, and as far as there is time.
pub fn rule_repair(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    let rules = oracle.constraints();
    if rules.is_empty() || rules.allows(problem, forest) {
        return;
    }
    let paths = InsertionPaths::new(problem.instance.nodes());
    let is_over = &|| progress.is_over();
    let mut repairing = Repairing { problem, rules, forest, paths, is_over };
    for stage in Stage::ALL {
        for rule in rules.each() {
            let mut refused = BTreeSet::new();
            while let Some(repair) = rule.repair(stage, problem, repairing.forest) {
                if is_over() || !repairing.takes(repair, &mut refused) {
                    break;
                }
                progress.look(repairing.paths.looked());
            }
        }
    }
}

/// A forest that is being made to keep the rules.
struct Repairing<'a> {
    problem: &'a JointProblem<'a>,
    rules: &'a Constraints,
    forest: &'a mut Forest,
    paths: InsertionPaths,
    is_over: &'a dyn Fn() -> bool,
}

impl Repairing<'_> {
    /// Takes a step; whether the rule is to be asked again. What a floor has refused is not tried again.
    fn takes(&mut self, repair: Repair, refused: &mut BTreeSet<u32>) -> bool {
        match repair {
            Repair::Reroute(buildings) => {
                self.each(&buildings, |own, leaf| {
                    own.forest.detach(own.problem, leaf);
                    own.start();
                    if !insert_one(own.problem, own.rules, own.forest, &own.paths, leaf) {
                        own.remove(leaf);
                    }
                });
                false
            }
            Repair::Complete(buildings) => {
                self.each(&buildings, |own, leaf| {
                    let whole =
                        own.rules.bundle(&leaf).iter().all(|&other| own.forest.holds(other));
                    if !whole && own.forest.holds(leaf) {
                        own.start();
                        if !insert(own.problem, own.rules, own.forest, &own.paths, leaf) {
                            own.remove(leaf);
                        }
                    }
                });
                false
            }
            Repair::TakeOut(counted) => {
                let worst = self.worst(&counted);
                if let Some(building) = worst {
                    self.remove(building);
                }
                worst.is_some()
            }
            Repair::Join(counted) => self.join(&counted, refused),
        }
    }

    /// Does something for each of some buildings, as far as there is time.
    fn each(&mut self, buildings: &[u32], repair: fn(&mut Self, u32)) {
        for &leaf in buildings {
            if (self.is_over)() {
                return;
            }
            repair(self, leaf);
        }
    }

    fn start(&mut self) {
        self.paths.start(self.problem, self.forest, ANYWHERE);
    }

    fn remove(&mut self, building: u32) {
        remove(self.problem, self.rules, self.forest, building);
    }

    /// Joins the building that counts most for its cost, of those that make nothing exceed what is allowed
    /// by more than before.
    fn join(&mut self, counted: &[Counted], refused: &mut BTreeSet<u32>) -> bool {
        self.start();
        let open = counted.iter().filter(|own| !refused.contains(&own.building));
        let helper = |&Counted { building, counts }: &Counted| {
            let cost = cost(self.rules, &self.paths, building)?;
            Some(Gain { prize: counts, cost, place: building })
        };
        let mut helpers: Vec<Gain> = open.filter_map(helper).collect();
        helpers.sort_unstable_by(|a, b| a.order(*b));
        helpers.into_iter().any(|Gain { place: building, .. }| {
            let before = self.rules.exceed(self.problem, self.forest);
            if insert(self.problem, self.rules, self.forest, &self.paths, building) {
                if self.rules.exceed(self.problem, self.forest) <= before {
                    return true;
                }
                self.remove(building);
            }
            refused.insert(building);
            false
        })
    }

    /// Of some buildings that may go and leave every floor met, the one that gives least prize for what it
    /// counts.
    fn worst(&self, counted: &[Counted]) -> Option<u32> {
        let Self { problem, rules, ref forest, .. } = *self;
        let free = |own: &&Counted| {
            rules.is_free(problem, own.building) && rules.spares(problem, forest, own.building)
        };
        let of = |own: &Counted| Gain {
            prize: forest.brings(problem, own.building),
            cost: own.counts,
            place: own.building,
        };
        let worst = counted.iter().filter(free).max_by(|a, b| of(a).order(of(b)));
        worst.map(|own| own.building)
    }
}
