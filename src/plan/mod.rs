//! The answer as data: the plan, what is proven about it, and violations found in a plan.
//!
//! What for: the contract between whoever makes a plan, whoever judges it and whoever writes it. The
//! serialised form is that of `plan.json`. It computes nothing but totals.

mod claims;
mod file;
mod items;
mod junctions;
mod later;
mod left_out;
mod outcome;
mod passed;
mod standing;

pub use claims::Claims;
pub use file::{
    PLAN_FORMAT, PLAN_KIND, PLAN_SCHEMA, PlanFile, PlanProvenance, PlanResult, ScenarioMark,
};
pub use junctions::Junctions;
pub use later::LaterReason;
pub use left_out::{ConnectionCosts, ExchangeOff, LeftOut, LeftOutReason};
pub use outcome::{
    InputRecord, NetworkSize, ObjectiveResult, Outcome, ProgrammeResult, Provenance, Raise,
    RunOptions, Violation, YearResult,
};

pub use passed::{PassedSoFar, premises_passed};
pub use standing::standing;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::geometry::Point;
use crate::units::{Millimetres, Pence, Weight, Year};

/// Where a span of a plan comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A piece of an input span.
    Input,
    /// A proximity link between two input positions.
    Proximity,
    /// A straight lead-in from a building or exchange to the nearest span.
    LeadIn,
}

impl Origin {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Proximity => "proximity",
            Self::LeadIn => "lead_in",
        }
    }
}

/// An exchange that the plan uses.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanExchange {
    /// Its id.
    pub id: String,
    /// Price of enabling it.
    #[serde(rename = "cost_pence", default)]
    pub cost: Pence,
    /// Buildings it serves.
    #[serde(default)]
    pub ports_used: u32,
    /// Year in which it is enabled, where the scenario has years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
}

/// A span that the plan builds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSpan {
    /// Its id, unique in the plan.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Id of the input span it is a piece of, or of the building or exchange a lead-in serves
    /// (`building:<id>`, `exchange:<id>`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Where the piece begins along its input span.
    #[serde(rename = "from_mm", default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Millimetres>,
    /// Where the piece ends along its input span.
    #[serde(rename = "to_mm", default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Millimetres>,
    /// The junctions it joins, as [`junction_name`] writes them.
    pub ends: [String; 2],
    /// Its line on the working plane, in whole millimetres, from the first end to the second.
    #[serde(default)]
    pub geometry: Vec<Point>,
    /// Rate-card method.
    #[serde(default)]
    pub method: String,
    /// Route length, detour included.
    #[serde(rename = "length_mm", default)]
    pub length: Millimetres,
    /// Price.
    #[serde(rename = "cost_pence", default)]
    pub cost: Pence,
    /// Year in which it is built, where the scenario has years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
}

/// A drop that the plan builds: it connects a building.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDrop {
    /// Id of the building.
    pub building: String,
    /// Ids of the sites it connects.
    pub sites: Vec<String>,
    /// Id of the exchange that serves it.
    pub exchange: String,
    /// Length of the route from the exchange to the building.
    #[serde(rename = "route_mm")]
    pub route: Millimetres,
    /// Price of the drop.
    #[serde(rename = "cost_pence")]
    pub cost: Pence,
    /// Year in which it is built, where the scenario has years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
    /// Why it is not built a year earlier, where it could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<LaterReason>,
}

/// A thing to be paid for: `span:<id>`, `drop:<building>` or `exchange:<id>`.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Item {
    /// Enabling an exchange.
    Exchange(String),
    /// Building a span.
    Span(String),
    /// Building a drop.
    Drop(String),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchange(id) => write!(f, "exchange:{id}"),
            Self::Span(id) => write!(f, "span:{id}"),
            Self::Drop(id) => write!(f, "drop:{id}"),
        }
    }
}

impl From<Item> for String {
    fn from(item: Item) -> Self {
        item.to_string()
    }
}

impl TryFrom<String> for Item {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("exchange", id)) => Ok(Self::Exchange(id.to_owned())),
            Some(("span", id)) => Ok(Self::Span(id.to_owned())),
            Some(("drop", id)) => Ok(Self::Drop(id.to_owned())),
            _ => Err(format!("{text:?} is not span:<id>, drop:<building> or exchange:<id>")),
        }
    }
}

/// Money from a programme for an item.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// What is paid for.
    pub item: Item,
    /// Id of the programme that pays.
    pub programme: String,
    /// Id of the building whose cap the money counts against, where the cap is per site or group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// How much.
    pub pence: Pence,
    /// Year in which it is paid, where the scenario has years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Year>,
}

/// What to build, what that connects and who pays: all lists sorted by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Exchanges used.
    pub exchanges: Vec<PlanExchange>,
    /// Spans built.
    pub spans: Vec<PlanSpan>,
    /// Drops built. A hand-made plan may leave them out: `connected` says which sites are meant.
    #[serde(default)]
    pub drops: Vec<PlanDrop>,
    /// Ids of the sites connected.
    pub connected: Vec<String>,
    /// Sites not connected, and why.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Who pays for what; empty in a hand-made plan.
    #[serde(default)]
    pub payments: Vec<Payment>,
}

impl Plan {
    /// The price of everything in it.
    #[must_use]
    pub fn cost(&self) -> Pence {
        let exchanges: Pence = self.exchanges.iter().map(|exchange| exchange.cost).sum();
        let spans: Pence = self.spans.iter().map(|span| span.cost).sum();
        let drops: Pence = self.drops.iter().map(|drop| drop.cost).sum();
        exchanges + spans + drops
    }
}

/// The name of the junction at a point: its coordinates on the working plane, `x,y` in millimetres.
#[must_use]
pub fn junction_name(at: Point) -> String {
    format!("{},{}", at.x, at.y)
}

/// The point that a junction name stands for.
#[must_use]
pub fn junction_point(name: &str) -> Option<Point> {
    let (x, y) = name.split_once(',')?;
    Some(Point { x: x.parse().ok()?, y: y.parse().ok()? })
}

/// Recorded and assumed parts of a weight.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// From values in the table, in thousandths.
    pub recorded: Weight,
    /// From stated defaults, in thousandths.
    pub assumed: Weight,
}
