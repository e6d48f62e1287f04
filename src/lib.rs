//! fibreplan plans fibre rollout to public sites: which connections to build, over which routes, from
//! which exchange and on whose money, for the most coverage per pound, with a proven bound.
//!
//! A [`Scenario`](model::Scenario) is one complete question: sites, exchanges, possible routes, prices and
//! programmes. It comes from a folder ([`read::read_scenario`]) or is built in Rust ([`model::TablesDraft`]).
//! [`solve::solve`] answers it with an [`Outcome`](plan::Outcome): a plan, what is proven about it, and why
//! each site that is left out is left out. [`check::check`] judges any plan from the scenario alone, even one
//! made by hand; [`write::Results`] turns an outcome into files.
//!
//! ```no_run
//! use fibreplan::prelude::*;
//!
//! # fn main() -> Result<(), Error> {
//! let reading = read_scenario("data/market-town".as_ref(), &ReadOptions::default())?;
//! let outcome = solve(&reading.scenario, &SolveOptions::default())?;
//! for objective in &outcome.objectives {
//!     println!("{}: {}", objective.name, objective.achieved);
//! }
//! for programme in &outcome.by_programme {
//!     println!("{} spends GBP {}", programme.id, programme.spent);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The problem is a budgeted prize-collecting Steiner forest with several pots of money; the [`engine`]
//! solves its one-pot core, and can be used on its own with `.stp` files ([`engine::stp`]).
//!
//! The library prints nothing, and the same input, seed and work limit give the same bytes on any number
//! of threads.

#![forbid(unsafe_code)]

#[doc(inline)]
pub use fibreplan_core::{effort, engine, error, geometry, observe, status, text, units};
use fibreplan_core::{graph, random};

pub mod check;
mod explain;
mod files;
pub mod flags;
pub mod funding;
pub mod ids;
pub mod import;
#[doc(hidden)]
pub mod internals;
mod joint;
pub mod made_up;
pub mod model;
pub mod network;
pub mod plan;
pub mod prelude;
mod question;
pub mod read;
pub mod report;
pub mod schedule;
pub mod solve;
pub mod study;
pub mod write;
