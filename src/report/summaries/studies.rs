//! Frontiers, strategies and programmes in brief.

use serde::Serialize;

use super::amounts::{pounds, units};
use crate::model::Scenario;
use crate::status::Status;
use crate::study::frontier::{Frontier, FrontierPoint, MoreMoney};
use crate::study::programmes::{Programmes, ProgrammesRow, Worth};
use crate::study::strategies::{Strategies, StrategyRow};

/// A frontier in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FrontierSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the weight that is covered.
    pub weight: String,
    /// One entry a budget.
    pub points: Vec<PointSummary>,
}

/// A point of a frontier in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PointSummary {
    /// The budget.
    pub budget_gbp: f64,
    /// How far the plan is proven.
    pub status: Status,
    /// What the plan covers.
    pub coverage: Option<f64>,
    /// No plan for this money covers more.
    pub ceiling: Option<f64>,
    /// Relative gap between the two.
    pub gap: Option<f64>,
    /// How much more a plan covers that need not contain others.
    pub nesting_costs: Option<f64>,
    /// What the plan costs.
    pub cost_gbp: Option<f64>,
    /// Sites that it connects.
    pub connected: Option<usize>,
    /// Why there is no plan.
    pub reasons: Vec<String>,
    /// What more money buys.
    pub more: Vec<MoreSummary>,
}

/// What a stated amount of extra money buys, in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoreSummary {
    /// How much more.
    pub more_gbp: f64,
    /// By how much the plan for it covers more.
    pub gain: Option<f64>,
    /// By how much any plan could.
    pub at_most: Option<f64>,
    /// Sites that it connects as well.
    pub gained: Vec<String>,
    /// Sites that it no longer connects.
    pub lost: Vec<String>,
}

impl FrontierSummary {
    /// The frontier of a scenario in brief.
    #[must_use]
    pub fn of(scenario: &Scenario, frontier: &Frontier) -> Self {
        let points = frontier.points.iter().map(PointSummary::from).collect();
        Self { scenario: scenario.name.clone(), weight: frontier.weight.clone(), points }
    }
}

impl From<&FrontierPoint> for PointSummary {
    fn from(point: &FrontierPoint) -> Self {
        let plan = point.outcome.plan.as_ref();
        Self {
            budget_gbp: pounds(point.budget),
            status: point.status,
            coverage: point.coverage.map(units),
            ceiling: point.ceiling.map(units),
            gap: point.gap(),
            nesting_costs: point.nesting_costs.map(units),
            cost_gbp: plan.map(|plan| pounds(plan.cost())),
            connected: plan.map(|plan| plan.connected.len()),
            reasons: point.outcome.reasons.clone(),
            more: point.more.iter().map(MoreSummary::from).collect(),
        }
    }
}

impl From<&MoreMoney> for MoreSummary {
    fn from(more: &MoreMoney) -> Self {
        Self {
            more_gbp: pounds(more.more),
            gain: more.gain.map(units),
            at_most: more.at_most.map(units),
            gained: more.gained.clone(),
            lost: more.lost.clone(),
        }
    }
}

/// Strategies in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StrategiesSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the weight that is covered.
    pub weight: String,
    /// How far the library's own plan is proven.
    pub status: Status,
    /// No plan covers more.
    pub bound: Option<f64>,
    /// Why the library has no plan.
    pub reasons: Vec<String>,
    /// The strategies, then the library's own plan.
    pub rows: Vec<StrategySummary>,
    /// Strategies that came to no end in time.
    pub unfinished: Vec<String>,
}

/// A strategy in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StrategySummary {
    /// Its name.
    pub strategy: String,
    /// How far its plan is proven.
    pub status: Option<Status>,
    /// Whether its plan is paid for and keeps every rule.
    pub counts: bool,
    /// What its plan covers.
    pub coverage: Option<f64>,
    /// By how much less than the library's own, as a share of that.
    pub below_fibreplan: Option<f64>,
    /// What its plan costs.
    pub cost_gbp: Option<f64>,
    /// Sites that it connects.
    pub connected: Option<usize>,
    /// Seconds it took; `None` in files, which hold the same bytes for the same answer.
    pub seconds: Option<f64>,
    /// Why the programmes cannot pay for its plan.
    pub unpaid: Option<String>,
    /// What is wrong with its plan.
    pub violations: Vec<String>,
    /// Whether it covers most of the strategies that count.
    pub best_strategy: bool,
}

impl StrategiesSummary {
    /// The strategies of a scenario in brief.
    #[must_use]
    pub fn of(scenario: &Scenario, strategies: &Strategies) -> Self {
        let best = strategies.best().map(|row| row.name);
        let row = |row: &StrategyRow| StrategySummary {
            strategy: row.name.to_owned(),
            status: row.status,
            counts: row.counts(),
            coverage: row.coverage.map(units),
            below_fibreplan: row.below(&strategies.own),
            cost_gbp: row.cost.map(pounds),
            connected: row.plan.as_ref().map(|plan| plan.connected.len()),
            seconds: Some(row.seconds),
            unpaid: row.unpaid.clone(),
            violations: row.violations.iter().map(ToString::to_string).collect(),
            best_strategy: best == Some(row.name),
        };
        Self {
            scenario: scenario.name.clone(),
            weight: strategies.weight.clone(),
            status: strategies.outcome.status,
            bound: strategies.own.bound.map(units),
            reasons: strategies.outcome.reasons.clone(),
            rows: strategies.rows.iter().chain([&strategies.own]).map(row).collect(),
            unfinished: strategies.unfinished.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// The same without the seconds it took, which differ from run to run.
    #[must_use]
    pub fn without_seconds(mut self) -> Self {
        for row in &mut self.rows {
            row.seconds = None;
        }
        self
    }
}

/// Ways of planning programmes in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProgrammesSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the weight that is covered.
    pub weight: String,
    /// How far the joint plan is proven.
    pub status: Status,
    /// Why there is no joint plan.
    pub reasons: Vec<String>,
    /// Ids of the programmes, in the order of `spent_gbp`.
    pub programmes: Vec<String>,
    /// One entry a way of planning.
    pub rows: Vec<WaySummary>,
    /// What raises are worth.
    pub worth_of_more: Vec<WorthSummary>,
    /// What was not planned in time.
    pub unfinished: Vec<String>,
}

/// One way of planning programmes in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WaySummary {
    /// Its name.
    pub plan: String,
    /// How far it is proven.
    pub status: Option<Status>,
    /// Whether its plans keep every rule.
    pub counts: bool,
    /// What it covers.
    pub coverage: Option<f64>,
    /// That as a share of what the joint plan covers.
    pub of_jointly: Option<f64>,
    /// No plan of this way covers more.
    pub bound: Option<f64>,
    /// Sites connected.
    pub connected: Option<usize>,
    /// What it costs.
    pub cost_gbp: Option<f64>,
    /// What each programme spends; empty for the merged pot.
    pub spent_gbp: Vec<f64>,
    /// What is wrong with its plans.
    pub violations: Vec<String>,
    /// Why there is no plan.
    pub reasons: Vec<String>,
}

/// What a programme's next pounds are worth, in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WorthSummary {
    /// Id of the programme.
    pub programme: String,
    /// How much more.
    pub raise_gbp: f64,
    /// How far the plan with it is proven.
    pub status: Status,
    /// How much more that plan covers.
    pub gain: Option<f64>,
    /// How much more any plan could cover.
    pub at_most: Option<f64>,
}

impl ProgrammesSummary {
    /// The ways of planning a scenario's programmes in brief.
    #[must_use]
    pub fn of(scenario: &Scenario, programmes: &Programmes) -> Self {
        let joint = programmes.joint_row();
        let row = |row: &ProgrammesRow| WaySummary {
            plan: row.name(scenario),
            status: row.status,
            counts: row.counts(),
            coverage: row.coverage.map(units),
            of_jointly: joint.and_then(|joint| row.ratio(joint)),
            bound: row.bound.map(units),
            connected: row.sites,
            cost_gbp: row.cost.map(pounds),
            spent_gbp: row.spent.iter().copied().map(pounds).collect(),
            violations: row.violations.iter().map(ToString::to_string).collect(),
            reasons: row.reasons.clone(),
        };
        let worth = |worth: &Worth| WorthSummary {
            programme: worth.programme.clone(),
            raise_gbp: pounds(worth.raise),
            status: worth.status,
            gain: worth.gain.map(units),
            at_most: worth.at_most.map(units),
        };
        Self {
            scenario: scenario.name.clone(),
            weight: programmes.weight.clone(),
            status: programmes.joint.status,
            reasons: programmes.joint.reasons.clone(),
            programmes: scenario.programmes.iter().map(|own| own.id.clone()).collect(),
            rows: programmes.rows.iter().map(row).collect(),
            worth_of_more: programmes.worths.iter().map(worth).collect(),
            unfinished: programmes.unfinished.clone(),
        }
    }
}
