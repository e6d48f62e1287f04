//! What a plan comes to, as data: routes, cost shares, tables and the build list.
//!
//! What for: every figure an analyst reads has a name and one home here, and the lines of a table add
//! up to the total. In: a scenario and its outcome. Out: plain structs. It writes no files (`write`
//! does) and judges no plan (`check` does).

mod brought;
mod build_list;
mod by_year;
mod crossings;
mod exchange_years;
mod forest;
mod items;
mod ledger;
mod network_summary;
mod page;
mod pennies;
mod priority;
mod reasons;
mod running;
mod shares;
mod summaries;
mod tables;
mod until;
mod years;

pub use brought::{Brought, brought};
pub use build_list::{BuildRow, BuildStep, build_list, build_list_of, first_steps};
pub use by_year::{YearSpending, spend_by_year};
pub use crossings::{Crossings, SpanCrossings};
pub use exchange_years::{ExchangeYears, exchange_years};
pub use forest::{BuiltSpan, Forest, Root, ServedDrop};
pub use ledger::{Audit, Ledger, LedgerLine};
pub use network_summary::NetworkSummary;
pub use page::{
    At, ComparedPage, ComparedSite, ComparedSpan, CostClass, CoveredFor, NetworkLevel,
    PageExchange, PageSite, PageSpan, PlanPage, Side, SiteState, UNITS_PER_DEGREE, cost_classes,
    network_levels,
};
pub use priority::{Built, Priority, PriorityStep, RankedBuilding};
pub use reasons::{meaning, reason};
pub use running::Running;
pub use shares::CostShares;
pub use summaries::{
    CheckedSummary, ComparisonSummary, DifferenceSummary, EffectSummary, ExplanationSummary,
    ForcedSummary, FrontierSummary, ItemsSummary, JudgedSummary, MoneySummary, MoreSummary,
    NetworkRunSummary, PageSummary, PlanSummary, PointSummary, ProgrammesSummary, RouteSummary,
    SiteSummary, StrategiesSummary, StrategySummary, TallySummary, VariantSummary,
    ViolationSummary, WaySummary, WhySummary, WorthSummary, YearWorthSummary, YearsSummary,
    YearsWaySummary,
};
pub use tables::{
    DoingNothing, GroupLine, LARGEST, LeftOutLine, MethodLine, ProgrammeLine, Report, SiteLine,
};
pub use until::plan_until;
pub use years::{YearLine, YearMoneyLine, is_dated, year_lines};
