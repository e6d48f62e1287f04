//! Plans that several pots can pay together.
//!
//! What for: the best tree for the merged pot may be one that no split of the money pays (too much of
//! it serves only sites of one programme). In: the merged instance, what the engine found for it, and a
//! [`FundingOracle`] that says what can be paid. Out: the best forest found that can be, and a bound: that of the
//! merged pot, tightened by what each set of pots alone must pay.

mod bound;
mod branch_and_bound;
mod budget_sweep;
mod constraints;
mod construct;
mod driver;
mod effort_split;
mod forest;
mod funding_oracle;
mod gain;
mod improve;
mod links;
mod problem;
mod progress;
mod repair;
mod target_cost;

pub use budget_sweep::{BudgetSweep, SweepPoint, polish};
pub use constraints::{Constraints, Groups, Limit, LimitRange, Ports, Reason, RouteEdge, Routes};
pub use construct::insertion::{insert, remove};
pub use construct::paths::InsertionPaths;
pub use driver::{Begun, first, search, search_from};
pub use forest::Forest;
pub use funding_oracle::{FundingOracle, MOST_POTS};
pub use problem::{JointProblem, PrizeUnit};
pub use progress::{RunShows, SearchProgress, Shown};
pub use repair::funding::repair_funding;
pub use target_cost::{cheapest, least_cost, without_idle};

use crate::engine::Solution;
use crate::status::Status;

/// What the search found: a payable tree, and a bound on all of them.
pub struct Found {
    /// How far the tree is proven best.
    pub status: Status,
    /// The tree, in the question's own edges.
    pub solution: Option<Solution>,
    /// No payable tree has more prize than this; of least cost: none costs less.
    pub bound: i64,
    /// Why there is no tree.
    pub no_plan: Option<NoPlan>,
    /// What is proven of the cost of the tree among all that are worth as much, where that was asked.
    pub least_cost: Option<CostProof>,
    /// Work units that the search took, as far as they are known.
    pub work: u64,
}

impl Found {
    /// A tree with what is proven of it.
    pub const fn tree(status: Status, solution: Solution, bound: i64) -> Self {
        Self { status, solution: Some(solution), bound, no_plan: None, least_cost: None, work: 0 }
    }

    /// No tree, and why there is none.
    pub const fn nothing(status: Status, bound: i64, why: NoPlan) -> Self {
        Self { status, solution: None, bound, no_plan: Some(why), least_cost: None, work: 0 }
    }
}

/// How near a tree's cost is to the least that anything worth as much costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CostProof {
    /// Nothing worth as much costs less, in pence.
    pub bound: i64,
    /// How far the tree is proven cheapest.
    pub status: Status,
}

/// Why the search found no tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoPlan {
    /// What is required cannot all be connected for the money of all pots together.
    BeyondAllMoney,
    /// None was found that keeps the rules and that the pots can pay.
    NotFound,
    /// There was no time to look for one.
    NotLookedFor,
    /// The pots can pay for none that keeps the rules: everything was looked at.
    BeyondThePots,
    /// All there is does not add up to the target.
    BelowTarget,
    /// The target costs at least so much, which is more than all pots together have.
    TargetBeyondAllMoney(i64),
}
