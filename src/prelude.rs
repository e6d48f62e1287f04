//! What a planning script needs, in one line: `use fibreplan::prelude::*;`.
//!
//! Nouns to ask with and verbs to answer: read or build a scenario, prepare its network, solve, check and
//! fund, study (frontier, compare, `why_not`, strategies, programmes), show as text and write as files.

pub use crate::check::check;
pub use crate::effort::Effort;
pub use crate::error::{Error, ErrorKind, Fault};
pub use crate::funding::fund;
pub use crate::geometry::{Crs, Position};
pub use crate::model::{
    Bar, BarScope, BarrierRow, Budget, Cap, CapScope, CarryOver, Clause, CrossingPrice,
    CrossingRow, Earliness, ExchangeRow, Limit, Method, MissingPolicy, MissingWeight,
    NetworkSettings, NetworkSource, Noding, Objective, PaysFor, Programme, Quantity, RateBasis,
    RateCard, Rent, Rules, Scenario, ScheduleRules, SiteRow, SpanRow, TablesDraft, Test, Uplift,
    Variant, WaypointRow, WeightColumn, YearAmount, YearFloor, YearLimit,
};
pub use crate::network::{CleanUp, Prepared, USUAL_CLEAN_UP, prepare, prepare_within};
pub use crate::observe::{Event, Observer, Silent, Stop};
pub use crate::plan::{LeftOut, ObjectiveResult, Outcome, Plan, Violation};
pub use crate::read::{
    ReadOptions, Reading, VariantsReading, read_plan, read_scenario, read_scenario_within,
    read_variants, read_variants_within,
};
pub use crate::report::{NetworkSummary, Report, YearLine, meaning, plan_until, year_lines};
pub use crate::solve::{SolveOptions, solve, solve_prepared};
pub use crate::status::{Status, gap};
pub use crate::study::compare::{
    CompareOptions, CompareRow, Comparison, Difference, Effect, Verdict, compare,
};
pub use crate::study::frontier::{Frontier, FrontierOptions, FrontierPoint, frontier};
pub use crate::study::programmes::{Programmes, ProgrammesOptions, ProgrammesRow, programmes};
pub use crate::study::strategies::{
    Strategies, StrategiesOptions, Strategy, StrategyRow, strategies,
};
pub use crate::study::why_not::{Entry, Explanation, Why, WhyNotOptions, why_not};
pub use crate::study::years::{Way, YearsOptions, YearsRow, YearsStudy, years};
pub use crate::units::{Amount, Millimetres, Pence, Rate, Share, Weight, Year};
pub use crate::write::{
    ComparisonResults, Replace, Results, RunFacts, Shown, StudyAnswer, StudyResults,
    comparison_html, comparison_page, comparison_text, difference_text, frontier_html,
    frontier_text, network_text, plan_html, programmes_text, standing_text, strategies_text,
    summary, why_not_text, why_not_words, years_text,
};
