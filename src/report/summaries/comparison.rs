//! A comparison in brief.

use serde::Serialize;

use super::amounts::{metres, own_unit, pounds, units};
use crate::status::Status;
use crate::study::compare::{
    Change, CompareRow, Comparison, Difference, Effect, ItemChange, Tally,
};

/// A comparison in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparisonSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// The scenario, then its variants.
    pub rows: Vec<VariantSummary>,
}

/// A row of a comparison in brief.
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
    /// Seconds it took; `None` in files, which hold the same bytes for the same answer.
    pub seconds: Option<f64>,
    /// Why there is no plan.
    pub reasons: Vec<String>,
    /// What changes against the scenario itself.
    pub against_base: Option<DifferenceSummary>,
}

/// What changes from one plan to another, in brief.
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
                seconds: Some(row.seconds),
                reasons: row.reasons.clone(),
                against_base: difference.map(|own| DifferenceSummary::of(&own, effect.as_ref())),
            }
        };
        Self {
            scenario: comparison.scenario().to_owned(),
            rows: comparison.rows.iter().enumerate().map(row).collect(),
        }
    }
}

impl ComparisonSummary {
    /// The same without the seconds it took, which differ from run to run.
    #[must_use]
    pub fn without_seconds(mut self) -> Self {
        for row in &mut self.rows {
            row.seconds = None;
        }
        self
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
        let own = |value: i64| own_unit(effect.amount(value));
        Self {
            objective: effect.objective.clone(),
            verdict: effect.verdict.word(),
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
