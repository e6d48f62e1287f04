//! What the analyst says: sites, exchanges, spans, prices, programmes and rules, as one [`Scenario`].
//!
//! What for: the nouns of the question, and the pure functions that read them ([`price_piece`],
//! [`Clause::judge`], [`buildings`]). In: drafts of rows, from files or from Rust. Out: checked, sorted
//! tables and settings. It builds no network and decides nothing.

mod building;
mod eligibility;
mod network;
mod objective;
mod programme;
mod rate_card;
mod scenario;
mod tables;

pub use building::{Building, buildings};
pub use eligibility::{Clause, MissingPolicy, Test, Truth};
pub use network::{NetworkSettings, NetworkSource, Noding};
pub use objective::{MissingWeight, Objective, Weighed, WeightColumn};
pub use programme::{Bar, BarScope, Budget, Cap, CapScope, PaysFor, Programme, RateBasis};
pub use rate_card::{Method, Price, RateCard, price_piece};
pub use scenario::{Limit, Quantity, Rules, Scenario};
pub use tables::{Exchange, InputFile, InputSpan, Rurality, Site, Table, Tables, Waypoint};
