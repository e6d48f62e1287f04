//! Answers in brief, as one line of JSON holds them: plain units, one schema.
//!
//! In: an outcome or what a study returned. Out: structs to be serialised. Money ends in `_gbp` and is in
//! pounds, lengths end in `_m` and are in metres, weights are in their own unit, gaps and ratios are shares
//! of 1. What is not known is `null`, never 0.

mod amounts;
mod comparison;
mod explanation;
mod judged;
mod plan;
mod studies;
mod years;

pub use comparison::{
    ComparisonSummary, DifferenceSummary, EffectSummary, ItemsSummary, MoneySummary, SiteSummary,
    TallySummary, VariantSummary,
};
pub use explanation::{ExplanationSummary, ForcedSummary, RouteSummary, WhySummary};
pub use judged::{CheckedSummary, JudgedSummary, NetworkRunSummary, ViolationSummary};
pub use plan::{PageSummary, PlanSummary};
pub use studies::{
    FrontierSummary, MoreSummary, PointSummary, ProgrammesSummary, StrategiesSummary,
    StrategySummary, WaySummary, WorthSummary,
};
pub use years::{YearWorthSummary, YearsSummary, YearsWaySummary};
