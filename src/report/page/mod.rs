//! The figures of a page that people look at: sites, exchanges and spans on a map, in degrees.
//!
//! In: a scenario, an outcome with its report, and the route network where it is at hand. Out: plain,
//! serialisable structs, everything in the order of the tables and of the build list. It makes no words and no
//! page; `write::html` does.

mod compared;
mod cost_classes;
mod network;
mod place;
mod plan;
mod sites;
mod spans;

pub use compared::{ComparedPage, ComparedSite, ComparedSpan, Side};
pub use cost_classes::{CostClass, cost_classes};
pub use network::{NetworkLevel, network_levels};
pub use place::{At, UNITS_PER_DEGREE};
pub use plan::{CoveredFor, PlanPage};
pub use sites::{PageExchange, PageSite, SiteState};
pub use spans::PageSpan;
