//! Why sites are left out, in brief.

use serde::Serialize;

use super::amounts::{metres, own_unit, pounds, units};
use crate::explain::WayIn;
use crate::model::Scenario;
use crate::report::reasons::meaning;
use crate::status::Status;
use crate::study::why_not::{Entry, Explanation, Why};

/// An explanation in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplanationSummary {
    /// Name of the scenario.
    pub scenario: String,
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
    /// Ids of the sites that no plan was made with in time.
    pub unfinished_sites: Vec<String>,
    /// Whether there was no time to look for the budgets at which sites enter.
    pub unfinished_budgets: bool,
}

/// Why a site is left out or connected, in brief.
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

/// A way to a site in brief.
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

/// A plan with a site forced in, in brief.
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
    /// The explanation of a scenario's plan in brief.
    #[must_use]
    pub fn of(scenario: &Scenario, explained: &Explanation) -> Self {
        let first = explained.outcome.coverage();
        Self {
            scenario: scenario.name.clone(),
            weight: explained.weight.clone(),
            status: explained.outcome.status,
            coverage: first.map(|first| own_unit(first.achieved)),
            bound: first.and_then(|first| first.bound).map(own_unit),
            reasons: explained.outcome.reasons.clone(),
            sites: explained.sites.iter().map(|why| WhySummary::of(scenario, why)).collect(),
            unfinished_sites: explained.unfinished.sites.clone(),
            unfinished_budgets: explained.unfinished.budgets,
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
