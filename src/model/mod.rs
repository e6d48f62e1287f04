//! What the analyst says: sites, exchanges, spans, prices, programmes and rules, as one [`Scenario`].
//!
//! What for: the nouns of the question, and the pure functions that read them ([`price_piece`],
//! [`Clause::judge`], [`buildings`]). In: drafts of rows, from files or from Rust. Out: checked, sorted
//! tables and settings. It builds no network and decides nothing.

mod amounts;
mod assemble;
mod barriers;
mod buildable;
mod building;
mod clause_faults;
mod crossed;
mod crossings;
mod draft;
mod eligibility;
mod existing;
mod existing_faults;
mod faults;
mod fingerprint;
mod found;
mod idle_clauses;
mod judged;
mod limit;
mod network;
mod notices;
mod objective;
mod passed;
mod price_level;
mod programme;
mod programme_faults;
mod raised;
mod rate_card;
mod rent;
mod rurality;
mod scenario;
mod schedule;
mod schedule_faults;
mod suggestion;
mod table_facts;
mod tables;
mod uplift;
mod variant;
mod years;

pub use assemble::KNOWN_KINDS;
pub(crate) use assemble::{SWAPPED_LINES, has_site_faults, waypoint_faults};
pub use barriers::Barrier;
pub use buildable::{is_usable, may_be_built};
pub use building::{Building, buildings, drop_price};
pub(crate) use clause_faults::judge_clause;
pub use crossed::{Crossed, CrossingIndex, Surcharge, surcharges, surcharges_of_piece};
pub use crossings::{CrossingLines, CrossingSegment};
pub(crate) use draft::{Assembly, MOST_FAULTS, RowFault};
pub use draft::{
    BarrierRow, CrossingRow, ExchangeRow, Role, SiteRow, SpanRow, TableDraft, TablesDraft,
    WaypointRow,
};
pub use eligibility::{Clause, MissingPolicy, Test, Truth};
pub use existing::{Existing, ItemSort, PaidBefore, Standing};
pub(crate) use faults::{name_fault, unknown_method, value_faults_of};
pub use fingerprint::fingerprint;
pub(crate) use found::Found;
pub use judged::{Judged, Scenario, faults, premises_in_reach};
pub use limit::{Limit, Quantity};
pub use network::{NetworkSettings, NetworkSource, Noding};
pub use notices::notices;
pub(crate) use notices::number_notice;
pub use objective::{
    COST, COVERAGE_YEARS, MissingWeight, NET_BENEFIT, Objective, PREMISES, SITES, Weighed,
    WeightColumn,
};
pub use passed::premises_of_piece;
pub use price_level::PriceLevel;
pub use programme::{
    Bar, BarScope, Budget, Cap, CapScope, CarryOver, PaysFor, PresetTerms, Programme, RateBasis,
};
pub use programme_faults::MOST_PROGRAMMES;
pub(crate) use programme_faults::too_many_programmes;
pub use rate_card::{CrossingPrice, Method, Price, RateCard, price_piece, rent_of_piece};
pub use rent::Rent;
pub use rurality::RuralityScheme;
pub use scenario::{Rules, ScenarioParts};
pub use schedule::{Earliness, ScheduleRules, YEAR_WEIGHT_UNIT, YearAmount, YearFloor, YearLimit};
pub(crate) use suggestion::suggestion;
pub use tables::{Exchange, InputFile, InputSpan, Rurality, Site, Table, Tables, Waypoint};
pub use uplift::Uplift;
pub use variant::Variant;
