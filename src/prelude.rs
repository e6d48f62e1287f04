//! What a planning script needs, in one line: `use fibreplan::prelude::*;`.

pub use crate::check::check;
pub use crate::effort::Effort;
pub use crate::error::{Error, ErrorKind, Fault};
pub use crate::funding::fund;
pub use crate::geometry::{Crs, Position};
pub use crate::model::{
    Clause, ExchangeRow, Objective, Programme, RateCard, Rules, Scenario, SiteRow, SpanRow,
    TablesDraft,
};
pub use crate::network::{Prepared, prepare};
pub use crate::observe::{Event, Observer, Silent, Stop};
pub use crate::plan::{Outcome, Plan, Violation};
pub use crate::read::{ReadOptions, Reading, read_scenario};
pub use crate::solve::{SolveOptions, solve, solve_prepared};
pub use crate::status::{Status, gap};
pub use crate::units::{Millimetres, Pence, Rate, Share, Weight, Year};
