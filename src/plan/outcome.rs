//! The plan with what is proven about it and where it came from; and violations.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Fault};
use crate::model::{COST, NET_BENEFIT, PREMISES, SITES};
use crate::plan::{Parts, Plan};
use crate::status::{Status, gap};
use crate::text::short;
use crate::units::{Amount, Pence, Weight, Year};

/// What was achieved and proven of one objective of the list.
///
/// Weights are in thousandths of their unit, money in pence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "RawObjective", into = "RawObjective")]
pub struct ObjectiveResult {
    /// Name of the weight, or `cost` or `net_benefit`.
    pub name: String,
    /// Value of the plan.
    pub achieved: Amount,
    /// Proven bound; `None` where nothing is proven of this objective.
    pub bound: Option<Amount>,
    /// Relative gap between the two; `None` without a bound.
    pub gap: Option<f64>,
    /// How far it is proven.
    pub status: Status,
    /// Recorded and assumed parts of what was achieved; zero for money.
    pub parts: Parts,
}

impl ObjectiveResult {
    /// What a plan achieves of an objective of some name, in the whole number of `plan.json`; nothing is proven
    /// of it as yet.
    #[must_use]
    pub fn unproven(name: &str, achieved: i64, parts: Parts) -> Self {
        Self {
            name: name.to_owned(),
            achieved: amount(name, achieved),
            bound: None,
            gap: None,
            status: Status::LimitReached,
            parts,
        }
    }

    /// The same with a bound, or with none, and the gap to it.
    #[must_use]
    pub fn bounded(self, bound: Option<i64>) -> Self {
        let bound = bound.map(|bound| amount(&self.name, bound));
        let gap = bound.map(|bound| gap(self.achieved.raw(), bound.raw()));
        Self { bound, gap, ..self }
    }

    /// Whether its values are money: that of the cost or the net benefit.
    #[must_use]
    pub fn is_money(&self) -> bool {
        is_money(&self.name)
    }

    /// Whether its bound is what the plan achieves.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.bound == Some(self.achieved)
    }
}

fn is_money(name: &str) -> bool {
    [COST, NET_BENEFIT].contains(&name)
}

/// An amount of an objective from the whole number of `plan.json`.
fn amount(name: &str, raw: i64) -> Amount {
    match name {
        _ if is_money(name) => Amount::Money(Pence::new(raw)),
        SITES | PREMISES if raw % 1000 == 0 => Amount::Count(raw / 1000),
        _ => Amount::Weight(Weight::from_thousandths(raw)),
    }
}

/// The serialised form: whole numbers in the unit that goes with the name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawObjective {
    name: String,
    achieved: i64,
    bound: Option<i64>,
    gap: Option<f64>,
    status: Status,
    recorded: Weight,
    assumed: Weight,
}

impl From<ObjectiveResult> for RawObjective {
    fn from(own: ObjectiveResult) -> Self {
        let Parts { recorded, assumed } = own.parts;
        Self {
            name: own.name,
            achieved: own.achieved.raw(),
            bound: own.bound.map(Amount::raw),
            gap: own.gap,
            status: own.status,
            recorded,
            assumed,
        }
    }
}

impl From<RawObjective> for ObjectiveResult {
    fn from(raw: RawObjective) -> Self {
        let own = |value| amount(&raw.name, value);
        Self {
            achieved: own(raw.achieved),
            bound: raw.bound.map(own),
            gap: raw.gap,
            status: raw.status,
            parts: Parts { recorded: raw.recorded, assumed: raw.assumed },
            name: raw.name,
        }
    }
}

/// What is connected by the end of a year.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearResult {
    /// The year.
    pub year: Year,
    /// Coverage under the first weight that sites carry, in thousandths.
    pub coverage: Weight,
    /// No schedule has more by then.
    pub bound: Weight,
}

/// What one programme spends.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeResult {
    /// Id of the programme.
    pub id: String,
    /// Money it can spend, net of overhead.
    #[serde(rename = "available_pence")]
    pub available: Pence,
    /// Money the plan takes from it.
    #[serde(rename = "spent_pence")]
    pub spent: Pence,
    /// Connected sites it may pay for.
    pub eligible_sites: usize,
}

/// One input file: name, hash and row counts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputRecord {
    /// `scenario`, `sites`, `exchanges`, `network`.
    pub role: String,
    /// File name without folders.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rows in the file.
    pub rows_read: usize,
    /// Rows in the table.
    pub rows_used: usize,
    /// Rows set aside as faulty.
    pub rows_set_aside: usize,
    /// Rows left out by `exclude` or `keep`.
    pub rows_excluded: usize,
}

/// The effort that was asked for, as far as it can reach the answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunOptions {
    /// Gap asked for.
    pub gap: f64,
    /// Limit in work units.
    pub work: Option<u64>,
    /// Limit in seconds: with one, the same bytes are not promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Seed.
    pub seed: u64,
}

/// Where an outcome comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of the library.
    pub fibreplan: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash over the inputs and the canonical scenario.
    pub scenario_sha256: String,
    /// Input files.
    pub inputs: Vec<InputRecord>,
    /// Effort.
    pub options: RunOptions,
}

/// How large a route network is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct NetworkSize {
    /// Junctions in it.
    pub junctions: usize,
    /// Spans in it.
    pub spans: usize,
}

/// A plan with its status, bound, gap and provenance.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// How far the first objective is proven.
    pub status: Status,
    /// The plan; `None` when there is none.
    pub plan: Option<Plan>,
    /// One entry an objective, first first; the cost last, or first where the least cost is asked for. The
    /// net benefit comes first where it is asked for, then the weights that it counts.
    pub objectives: Vec<ObjectiveResult>,
    /// Price of everything.
    pub cost: Pence,
    /// One entry a programme, in the order of the scenario.
    pub by_programme: Vec<ProgrammeResult>,
    /// Why there is no plan, code first; empty when there is one.
    pub reasons: Vec<String>,
    /// Raises of budgets that would together be enough for a plan, where there is none and money would
    /// mend that; the last reason says the same in words. Not part of `plan.json`.
    pub mend: Vec<Raise>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What is connected by the end of each year, where plans have years, and what is proven of it.
    pub years: Vec<YearResult>,
    /// Seconds by phase, in order; not part of `plan.json`.
    pub seconds: Vec<(&'static str, f64)>,
    /// How large the route network is.
    pub network_size: NetworkSize,
    /// Remarks on the route network: what was left out, not joined or parted; not part of `plan.json`.
    pub network_notices: Vec<Fault>,
}

impl Outcome {
    /// An outcome of a status, without a plan as yet: no results, no cost, no seconds.
    #[must_use]
    pub fn new(status: Status, provenance: Provenance) -> Self {
        Self {
            status,
            plan: None,
            objectives: Vec::new(),
            cost: Pence::ZERO,
            by_programme: Vec::new(),
            reasons: Vec::new(),
            mend: Vec::new(),
            provenance,
            years: Vec::new(),
            seconds: Vec::new(),
            network_size: NetworkSize::default(),
            network_notices: Vec::new(),
        }
    }

    /// The result of the first objective, which status and bound speak of; `None` without a plan.
    #[must_use]
    pub fn first(&self) -> Option<&ObjectiveResult> {
        self.objectives.first()
    }

    /// The result of the first weight that the objective counts; `None` without a plan.
    #[must_use]
    pub fn coverage(&self) -> Option<&ObjectiveResult> {
        self.objectives.iter().find(|objective| !objective.is_money())
    }
}

/// More money for a programme.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Raise {
    /// Id of the programme.
    pub programme: String,
    /// How much more its budget must be, overhead included.
    pub pence: Pence,
}

/// Something wrong with a plan.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// Stable code, V200 to V299.
    pub code: Code,
    /// What it concerns: `span:<id>`, `programme:<id>`, `plan`.
    pub subject: String,
    /// What is wrong, with the numbers.
    pub cause: String,
}

impl Violation {
    /// A violation of a rule by a subject.
    #[must_use]
    pub fn new(code: &'static str, subject: impl fmt::Display, cause: impl Into<String>) -> Self {
        Self { code: Code(code), subject: subject.to_string(), cause: cause.into() }
    }
}

/// One line: `V200 span:a7: its ends are not joined to an enabled exchange`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, short(&self.subject, 120), short(&self.cause, 600))
    }
}
