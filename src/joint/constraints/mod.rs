//! The rules beyond money: ports, routes, groups, floors and quotas.
//!
//! What for: the search must only keep forests that keep them. Out: whether a forest keeps them, what is
//! wrong with one that does not and what would mend it, and what they leave open while branching. A rule is
//! a file here, and a case of [`Constraint`]. Money is the funding's part.

mod groups;
mod limits;
mod ports;
mod reason;
mod repair;
mod routes;
#[cfg(test)]
mod tests;

pub use groups::Groups;
pub use limits::{Limit, LimitRange};
pub use ports::Ports;
pub use reason::Reason;
pub use repair::{Counted, Repair, Stage};
pub use routes::{RouteEdge, Routes, Way};

use crate::joint::forest::Forest;
use crate::joint::problem::JointProblem;

/// The rules of a question, in its numbers.
#[derive(Default)]
pub struct Constraints {
    /// The longest route, where it is limited.
    pub routes: Option<Routes>,
    /// Buildings that are connected together or not at all.
    pub groups: Groups,
    /// Floors and quotas.
    pub limits: Vec<Limit>,
    /// Exchanges with limited ports.
    pub ports: Vec<Ports>,
}

/// One of the rules.
#[derive(Clone, Copy)]
pub enum Constraint<'a> {
    /// The longest route.
    Routes(&'a Routes),
    /// Buildings that are connected together or not at all.
    Groups(&'a Groups),
    /// A floor or quota.
    Limit(&'a Limit),
    /// The ports of an exchange.
    Ports(&'a Ports),
}

impl Constraint<'_> {
    /// Whether a forest keeps it.
    fn allows(self, problem: &JointProblem<'_>, forest: &Forest) -> bool {
        match self {
            Self::Routes(routes) => routes.too_far(forest).is_empty(),
            Self::Groups(groups) => groups.allow(forest),
            Self::Limit(limit) => limit.allows(problem, forest),
            Self::Ports(ports) => !ports.is_overfull(forest),
        }
    }

    /// What would make a forest keep it, as far as this stage goes; `None` where nothing is wanted.
    pub fn repair(
        self,
        stage: Stage,
        problem: &JointProblem<'_>,
        forest: &Forest,
    ) -> Option<Repair> {
        match self {
            Self::Routes(routes) => routes.repair(stage, forest),
            Self::Groups(groups) => groups.repair(stage, forest),
            Self::Limit(limit) => limit.repair(stage, problem, forest),
            Self::Ports(ports) => ports.repair(stage, forest),
        }
    }

    /// By how much a forest has more of something than it allows, where that grows by what is joined.
    fn exceeds(self, problem: &JointProblem<'_>, forest: &Forest) -> i128 {
        match self {
            Self::Routes(_) | Self::Groups(_) | Self::Ports(_) => 0,
            Self::Limit(limit) => limit.exceeds(problem, forest),
        }
    }

    /// Whether any forest of a part of the problem may keep it: `open` says which buildings are left,
    /// `held` which of them all its forests hold. What depends on routes is judged with whole forests.
    fn is_possible(self, open: &dyn Fn(u32) -> bool, held: &dyn Fn(u32) -> bool) -> bool {
        match self {
            Self::Routes(_) | Self::Ports(_) => true,
            Self::Groups(groups) => groups.are_possible(open, held),
            Self::Limit(limit) => limit.is_possible(open, held),
        }
    }

    /// Whether it closes a building, or demands it, where some others are closed or demanded.
    fn binds(self, building: u32, others: &dyn Fn(u32) -> bool) -> bool {
        match self {
            Self::Routes(_) | Self::Limit(_) | Self::Ports(_) => false,
            Self::Groups(groups) => groups.follow(building, others),
        }
    }

    /// Whether taking some buildings out leaves it kept, so far as that is known beforehand.
    fn spares(self, problem: &JointProblem<'_>, forest: &Forest, buildings: &[u32]) -> bool {
        match self {
            Self::Routes(_) | Self::Groups(_) | Self::Ports(_) => true,
            Self::Limit(limit) => limit.spares(problem, forest, buildings),
        }
    }
}

impl Constraints {
    /// Every rule, quickly judged ones first.
    pub fn each(&self) -> impl Iterator<Item = Constraint<'_>> {
        let ports = self.ports.iter().map(Constraint::Ports);
        let groups = (!self.groups.is_empty()).then_some(Constraint::Groups(&self.groups));
        let limits = self.limits.iter().map(Constraint::Limit);
        let routes = self.routes.iter().map(Constraint::Routes);
        ports.chain(groups).chain(limits).chain(routes)
    }

    /// Whether every forest keeps the rules.
    pub fn is_empty(&self) -> bool {
        self.each().next().is_none()
    }

    /// Whether a forest keeps every rule.
    pub fn allows(&self, problem: &JointProblem<'_>, forest: &Forest) -> bool {
        self.each().all(|rule| rule.allows(problem, forest))
    }

    /// By how much a forest has more than the rules allow, all together.
    pub fn exceed(&self, problem: &JointProblem<'_>, forest: &Forest) -> i128 {
        self.each().map(|rule| rule.exceeds(problem, forest)).sum()
    }

    /// Whether any forest of a part of the problem may keep the rules: `open` says which buildings are left,
    /// `held` which of them all its forests hold.
    pub fn are_possible(&self, open: &dyn Fn(u32) -> bool, held: &dyn Fn(u32) -> bool) -> bool {
        self.each().all(|rule| rule.is_possible(open, held))
    }

    /// Whether the rules close a building that is `open`, in a part of the problem.
    pub fn close(&self, building: u32, open: &dyn Fn(u32) -> bool) -> bool {
        self.each().any(|rule| rule.binds(building, &|other| !open(other)))
    }

    /// Whether the rules demand a building, in a part of the problem whose forests hold what is `held`.
    pub fn demand(&self, building: u32, held: &dyn Fn(u32) -> bool) -> bool {
        self.each().any(|rule| rule.binds(building, held))
    }

    /// Whether taking a building and all those that go with it out leaves every floor met.
    pub fn spares(&self, problem: &JointProblem<'_>, forest: &Forest, building: u32) -> bool {
        let bundle = self.bundle(&building);
        self.each().all(|rule| rule.spares(problem, forest, bundle))
    }

    /// The buildings that are connected together with one, itself among them.
    pub fn bundle<'a>(&'a self, building: &'a u32) -> &'a [u32] {
        self.groups.with(building)
    }

    /// Whether nothing that goes with a building is required.
    pub fn is_free(&self, problem: &JointProblem<'_>, building: u32) -> bool {
        self.bundle(&building).iter().all(|&leaf| !problem.requires(leaf))
    }

    /// The buildings held whose routes are too long.
    pub fn too_far(&self, forest: &Forest) -> Vec<u32> {
        self.routes.as_ref().map_or_else(Vec::new, |routes| routes.too_far(forest))
    }

    /// The shortest way in for a building that keeps the limit on routes; `None` where there is none, or
    /// routes have no limit.
    pub fn short_way(
        &self,
        problem: &JointProblem<'_>,
        forest: &Forest,
        building: u32,
    ) -> Option<Way> {
        self.routes.as_ref()?.short_way(problem, forest, building)
    }
}
