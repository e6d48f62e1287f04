//! Answers in short, as one line of JSON holds them: plain units, one schema.
//!
//! In: an outcome or what a study returned. Out: structs to be serialised. Money ends in `_gbp` and is in
//! pounds, lengths end in `_m` and are in metres, weights are in their own unit, gaps and ratios are shares
//! of 1. What is not known is `null`, never 0.

use serde::Serialize;

use crate::explain::WayIn;
use crate::model::Scenario;
use crate::plan::Outcome;
use crate::report::reasons::meaning;
use crate::status::Status;
use crate::study::compare::{
    Change, CompareRow, Comparison, Difference, Effect, ItemChange, Tally, Verdict,
};
use crate::study::frontier::{Frontier, FrontierPoint, MoreMoney};
use crate::study::programmes::{Programmes, ProgrammesRow, Worth};
use crate::study::strategies::{Strategies, StrategyRow};
use crate::study::why_not::{Entry, Explanation, Why};
use crate::units::{Amount, Millimetres, Pence, Weight};

#[allow(clippy::cast_precision_loss)] // far below 2^53 pence: the decimal that is printed is exact
fn pounds(pence: Pence) -> f64 {
    pence.get() as f64 / 100.0
}

/// A value of an objective in its own unit: pounds or units of weight.
fn own_unit(amount: Amount) -> f64 {
    match amount {
        Amount::Money(pence) => pounds(pence),
        other => units(Weight::from_thousandths(other.raw())),
    }
}

fn units(weight: Weight) -> f64 {
    weight.units()
}

fn metres(length: Millimetres) -> f64 {
    length.metres()
}

/// A plan in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// How far the plan is proven.
    pub status: Status,
    /// Name of the first objective; `None` without a plan.
    pub objective_name: Option<String>,
    /// What the plan reaches of it.
    pub objective: Option<f64>,
    /// What is proven of it.
    pub bound: Option<f64>,
    /// Relative gap between the two.
    pub gap: Option<f64>,
    /// What the plan costs.
    pub cost_gbp: Option<f64>,
    /// Sites of the scenario.
    pub sites: usize,
    /// Sites that the plan connects.
    pub connected: Option<usize>,
    /// Junctions of the route network.
    pub network_nodes: usize,
    /// Spans of the route network.
    pub network_edges: usize,
    /// Seconds by phase.
    pub seconds: serde_json::Map<String, serde_json::Value>,
    /// Why there is no plan; empty where there is one.
    pub reasons: Vec<String>,
}

impl PlanSummary {
    /// The outcome of a scenario in short; `before` are phases outside the solve, such as reading.
    #[must_use]
    pub fn of(scenario: &Scenario, outcome: &Outcome, before: &[(&'static str, f64)]) -> Self {
        let first = outcome.objectives.first();
        let phases = before.iter().chain(&outcome.seconds);
        let in_millis = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        Self {
            scenario: scenario.name.clone(),
            status: outcome.status,
            objective_name: first.map(|first| first.name.clone()),
            objective: first.map(|first| own_unit(first.achieved)),
            bound: first.and_then(|first| first.bound).map(own_unit),
            gap: first.and_then(|first| first.gap),
            cost_gbp: outcome.plan.as_ref().map(|plan| pounds(plan.cost())),
            sites: scenario.tables.sites.rows.len(),
            connected: outcome.plan.as_ref().map(|plan| plan.connected.len()),
            network_nodes: outcome.network_size.0,
            network_edges: outcome.network_size.1,
            seconds: phases
                .map(|&(phase, seconds)| (phase.to_owned(), in_millis(seconds).into()))
                .collect(),
            reasons: outcome.reasons.clone(),
        }
    }
}

/// A frontier in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FrontierSummary {
    /// Name of the weight that is covered.
    pub weight: String,
    /// One entry a budget.
    pub points: Vec<PointSummary>,
}

/// A point of a frontier in short.
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

/// What so much more money buys, in short.
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

impl From<&Frontier> for FrontierSummary {
    fn from(frontier: &Frontier) -> Self {
        let points = frontier.points.iter().map(PointSummary::from).collect();
        Self { weight: frontier.weight.clone(), points }
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

/// Strategies in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StrategiesSummary {
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
}

/// A strategy in short.
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
    /// Seconds it took.
    pub seconds: f64,
    /// Why the programmes cannot pay for its plan.
    pub unpaid: Option<String>,
    /// What is wrong with its plan.
    pub violations: Vec<String>,
    /// Whether it covers most of the strategies that count.
    pub best_strategy: bool,
}

impl From<&Strategies> for StrategiesSummary {
    fn from(strategies: &Strategies) -> Self {
        let best = strategies.best().map(|row| row.name);
        let row = |row: &StrategyRow| StrategySummary {
            strategy: row.name.to_owned(),
            status: row.status,
            counts: row.counts(),
            coverage: row.coverage.map(units),
            below_fibreplan: row.below(&strategies.own),
            cost_gbp: row.cost.map(pounds),
            connected: row.plan.as_ref().map(|plan| plan.connected.len()),
            seconds: row.seconds,
            unpaid: row.unpaid.clone(),
            violations: row.violations.iter().map(ToString::to_string).collect(),
            best_strategy: best == Some(row.name),
        };
        Self {
            weight: strategies.weight.clone(),
            status: strategies.outcome.status,
            bound: strategies.own.bound.map(units),
            reasons: strategies.outcome.reasons.clone(),
            rows: strategies.rows.iter().chain([&strategies.own]).map(row).collect(),
        }
    }
}

/// Ways of planning programmes in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProgrammesSummary {
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
}

/// One way of planning programmes in short.
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

/// What a programme's next pounds are worth, in short.
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
    /// The ways of planning a scenario's programmes in short.
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
            weight: programmes.weight.clone(),
            status: programmes.joint.status,
            reasons: programmes.joint.reasons.clone(),
            programmes: scenario.programmes.iter().map(|own| own.id.clone()).collect(),
            rows: programmes.rows.iter().map(row).collect(),
            worth_of_more: programmes.worths.iter().map(worth).collect(),
        }
    }
}

/// A comparison in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparisonSummary {
    /// The scenario, then its variants.
    pub rows: Vec<VariantSummary>,
}

/// A row of a comparison in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VariantSummary {
    /// Name of the variant.
    pub variant: String,
    /// How far its plan is proven; `None` where it has faults.
    pub status: Option<Status>,
    /// Name of the first weight.
    pub weight: String,
    /// What its plan covers.
    pub coverage: Option<f64>,
    /// Proven bound on that.
    pub bound: Option<f64>,
    /// Relative gap of the first objective.
    pub gap: Option<f64>,
    /// What its plan costs.
    pub cost_gbp: Option<f64>,
    /// Proven bound on that, where the least cost is asked for.
    pub cost_bound_gbp: Option<f64>,
    /// Net benefit, where that is asked for.
    pub net_benefit_gbp: Option<f64>,
    /// Proven bound on that.
    pub net_benefit_bound_gbp: Option<f64>,
    /// Cost for each unit of the first weight.
    pub per_unit_gbp: Option<f64>,
    /// Sites connected.
    pub connected: Option<usize>,
    /// Seconds it took.
    pub seconds: f64,
    /// Why there is no plan.
    pub reasons: Vec<String>,
    /// What changes against the scenario itself.
    pub against_base: Option<DifferenceSummary>,
}

/// What changes from one plan to another, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DifferenceSummary {
    /// What is proven of the difference.
    pub effect: Option<EffectSummary>,
    /// Coverage before and after.
    pub coverage: [f64; 2],
    /// Cost before and after.
    pub cost_gbp: [f64; 2],
    /// Sites gained.
    pub sites_gained: Vec<SiteSummary>,
    /// Sites lost.
    pub sites_lost: Vec<SiteSummary>,
    /// Exchanges.
    pub exchanges: ItemsSummary,
    /// Spans.
    pub spans: ItemsSummary,
    /// Drops.
    pub drops: ItemsSummary,
    /// What items that both plans build cost more than before.
    pub dearer_gbp: f64,
    /// Money by programme.
    pub programmes: Vec<MoneySummary>,
}

/// What is proven of the difference that a variant makes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EffectSummary {
    /// Name of the first objective; amounts are in its unit.
    pub objective: String,
    /// `proven_better`, `proven_worse`, `proven_equal` or `undecided`.
    pub verdict: &'static str,
    /// By how much the second plan found is more.
    pub found: f64,
    /// By how much the best plan of the second is more, at least.
    pub at_least: Option<f64>,
    /// And at most.
    pub at_most: Option<f64>,
}

/// A site with what it counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SiteSummary {
    /// Its id.
    pub id: String,
    /// What it counts.
    pub weight: f64,
}

/// Items built and no longer built.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ItemsSummary {
    /// What the second plan builds and the first does not.
    pub built: TallySummary,
    /// What the first plan builds and the second does not.
    pub no_longer_built: TallySummary,
}

/// How many items, how long and at what price.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TallySummary {
    /// How many.
    pub count: usize,
    /// Length together.
    pub length_m: f64,
    /// Price together.
    pub cost_gbp: f64,
}

/// Money of a programme before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoneySummary {
    /// Id of the programme.
    pub programme: String,
    /// What it paid.
    pub before_gbp: Option<f64>,
    /// What it pays.
    pub after_gbp: Option<f64>,
}

impl From<&Comparison> for ComparisonSummary {
    fn from(comparison: &Comparison) -> Self {
        let row = |(place, row): (usize, &CompareRow)| {
            let difference = comparison.difference(0, place).filter(|_| place > 0);
            let effect = comparison.effect(0, place);
            VariantSummary {
                variant: row.name.clone(),
                status: row.status(),
                weight: row.weight().to_owned(),
                coverage: row.coverage().map(units),
                bound: row.bound().map(units),
                gap: row.gap(),
                cost_gbp: row.cost().map(pounds),
                cost_bound_gbp: row.cost_bound().map(pounds),
                net_benefit_gbp: row.net_benefit().map(pounds),
                net_benefit_bound_gbp: row.net_benefit_bound().map(pounds),
                per_unit_gbp: row.cost_per_unit().map(pounds),
                connected: row.sites(),
                seconds: row.seconds,
                reasons: row.reasons.clone(),
                against_base: difference.map(|own| DifferenceSummary::of(&own, effect.as_ref())),
            }
        };
        Self { rows: comparison.rows.iter().enumerate().map(row).collect() }
    }
}

impl DifferenceSummary {
    fn of(difference: &Difference, effect: Option<&Effect>) -> Self {
        let sites = |change| -> Vec<SiteSummary> {
            let sites = difference.sites_of(change);
            sites
                .map(|site| SiteSummary { id: site.id.clone(), weight: units(site.counts()) })
                .collect()
        };
        let programmes = difference.programmes.iter().map(|own| MoneySummary {
            programme: own.programme.clone(),
            before_gbp: own.pays[0].map(pounds),
            after_gbp: own.pays[1].map(pounds),
        });
        Self {
            effect: effect.map(EffectSummary::from),
            coverage: difference.coverage.map(units),
            cost_gbp: difference.cost.map(pounds),
            sites_gained: sites(Change::Gained),
            sites_lost: sites(Change::Lost),
            exchanges: ItemsSummary::of(&difference.exchanges),
            spans: ItemsSummary::of(&difference.spans),
            drops: ItemsSummary::of(&difference.drops),
            dearer_gbp: pounds(difference.dearer()),
            programmes: programmes.collect(),
        }
    }
}

impl From<&Effect> for EffectSummary {
    fn from(effect: &Effect) -> Self {
        let own = |value: i64| {
            if effect.is_money() {
                pounds(Pence::new(value))
            } else {
                units(Weight::from_thousandths(value))
            }
        };
        Self {
            objective: effect.objective.clone(),
            verdict: match effect.verdict {
                Verdict::ProvenBetter => "proven_better",
                Verdict::ProvenWorse => "proven_worse",
                Verdict::ProvenEqual => "proven_equal",
                Verdict::Undecided => "undecided",
            },
            found: own(effect.found),
            at_least: effect.at_least.map(own),
            at_most: effect.at_most.map(own),
        }
    }
}

impl ItemsSummary {
    fn of(items: &[ItemChange]) -> Self {
        let tally = |change| {
            let Tally { count, length, cost } = Tally::of(items, change);
            TallySummary { count, length_m: metres(length), cost_gbp: pounds(cost) }
        };
        Self { built: tally(Change::Gained), no_longer_built: tally(Change::Lost) }
    }
}

/// An explanation in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplanationSummary {
    /// Name of the weight that is covered.
    pub weight: String,
    /// How far the plan is proven.
    pub status: Status,
    /// What it covers.
    pub coverage: Option<f64>,
    /// No plan covers more.
    pub bound: Option<f64>,
    /// Why there is no plan.
    pub reasons: Vec<String>,
    /// One entry a site asked for.
    pub sites: Vec<WhySummary>,
}

/// Why a site is left out or connected, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WhySummary {
    /// Its id.
    pub id: String,
    /// Whether the plan connects it.
    pub connected: bool,
    /// Code of the reason; `None` for a connected site.
    pub code: Option<String>,
    /// The reason in words.
    pub reason: Option<&'static str>,
    /// The way to it with nothing built.
    pub alone: Option<RouteSummary>,
    /// The way to it over what the plan builds.
    pub now: Option<RouteSummary>,
    /// Every plan with it covers at least so much less.
    pub loses_at_least: Option<f64>,
    /// Every plan without it covers at least so much less.
    pub worth_at_least: Option<f64>,
    /// The best plan found with it forced in.
    pub forced: Option<ForcedSummary>,
    /// The smallest budget looked at from which on the plans connect it.
    pub enters_at_most_gbp: Option<f64>,
    /// The largest budget looked at whose plan does not connect it.
    pub not_at_gbp: Option<f64>,
}

/// A way to a site in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RouteSummary {
    /// What is still to be built costs so much.
    pub cost_gbp: f64,
    /// Spans still to be built.
    pub new_m: f64,
    /// Spans that are built already.
    pub shared_m: f64,
    /// The exchange that it leads to.
    pub exchange: String,
}

/// A plan with a site forced in, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ForcedSummary {
    /// What it covers.
    pub coverage: f64,
    /// What it costs.
    pub cost_gbp: f64,
    /// Sites that it connects and the plan does not.
    pub gained: Vec<String>,
    /// Sites that the plan connects and it does not.
    pub lost: Vec<String>,
}

impl ExplanationSummary {
    /// The explanation of a scenario's plan in short.
    #[must_use]
    pub fn of(scenario: &Scenario, explained: &Explanation) -> Self {
        let first = explained.outcome.coverage();
        Self {
            weight: explained.weight.clone(),
            status: explained.outcome.status,
            coverage: first.map(|first| own_unit(first.achieved)),
            bound: first.and_then(|first| first.bound).map(own_unit),
            reasons: explained.outcome.reasons.clone(),
            sites: explained.sites.iter().map(|why| WhySummary::of(scenario, why)).collect(),
        }
    }
}

impl WhySummary {
    fn of(scenario: &Scenario, why: &Why) -> Self {
        let way = |way: &WayIn| RouteSummary {
            cost_gbp: pounds(way.cost),
            new_m: metres(way.new),
            shared_m: metres(way.shared),
            exchange: scenario.tables.exchange(way.exchange).id.clone(),
        };
        let (at, not_at) = match why.entry {
            Some(Entry::Between { not_at, at }) => (Some(at), Some(not_at)),
            Some(Entry::Beyond(most)) => (None, Some(most)),
            None => (None, None),
        };
        Self {
            id: why.id.clone(),
            connected: why.connected,
            code: (!why.connected).then(|| why.code.clone()),
            reason: (!why.connected).then(|| meaning(&why.code)),
            alone: why.alone.as_ref().map(way),
            now: why.now.as_ref().map(way),
            loses_at_least: why.loses_at_least.map(units),
            worth_at_least: why.worth_at_least.map(units),
            forced: why.forced.as_ref().map(|forced| ForcedSummary {
                coverage: units(forced.coverage),
                cost_gbp: pounds(forced.cost),
                gained: forced.gained.clone(),
                lost: forced.lost.clone(),
            }),
            enters_at_most_gbp: at.map(pounds),
            not_at_gbp: not_at.map(pounds),
        }
    }
}
