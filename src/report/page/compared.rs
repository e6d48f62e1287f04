//! Two plans of one scenario, laid over each other.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::page::network::NetworkLevel;
use crate::report::page::plan::PlanPage;
use crate::report::page::sites::{PageExchange, PageSite, SiteState};
use crate::report::page::spans::PageSpan;

/// Which of two plans has something.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Both.
    Both,
    /// The first alone.
    First,
    /// The second alone.
    Second,
}

impl Side {
    fn of(first: bool, second: bool) -> Option<Self> {
        match (first, second) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::First),
            (false, true) => Some(Self::Second),
            (false, false) => None,
        }
    }
}

/// A site in both plans.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedSite {
    /// Which plan connects it; `None` where neither does.
    pub side: Option<Side>,
    /// In the first plan, then in the second.
    pub plans: [PageSite; 2],
}

/// A span of either plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparedSpan {
    /// Which plan builds it.
    pub side: Side,
    /// As the first plan has it, or else the second.
    pub span: PageSpan,
}

/// What a page draws and lists of two plans of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparedPage {
    /// The first weight of the objective that sites carry.
    pub weight: String,
    /// Ids of the programmes, in the order of the scenario.
    pub programmes: Vec<String>,
    /// All sites, by id.
    pub sites: Vec<ComparedSite>,
    /// Exchanges, each with the plan that uses it.
    pub exchanges: Vec<(Option<Side>, PageExchange)>,
    /// Spans of the first plan in its order, then those of the second alone. The span before is not known here.
    pub spans: Vec<ComparedSpan>,
    /// What could be built (see [`PlanPage::network`]).
    pub network: Vec<NetworkLevel>,
}

impl ComparedPage {
    /// Two plans of one scenario; the network is that of the first.
    #[must_use]
    pub fn of(first: PlanPage, second: PlanPage) -> Self {
        let PlanPage { weight, programmes, sites, exchanges, spans, network, .. } = first;
        let connected = |site: &PageSite| site.state == SiteState::Connected;
        let sites = sites.into_iter().zip(second.sites).map(|(one, other)| ComparedSite {
            side: Side::of(connected(&one), connected(&other)),
            plans: [one, other],
        });
        let used = |exchange: &PageExchange| exchange.cost.is_some();
        let exchanges = exchanges.into_iter().zip(second.exchanges).map(|(one, other)| {
            let side = Side::of(used(&one), used(&other));
            (side, if used(&one) { one } else { other })
        });
        let mut others: BTreeMap<String, PageSpan> =
            second.spans.into_iter().map(|span| (span.id.clone(), span)).collect();
        let of_first = |span: PageSpan| {
            let side = match others.remove(&span.id) {
                Some(_) => Side::Both,
                None => Side::First,
            };
            ComparedSpan { side, span: PageSpan { before: None, ..span } }
        };
        let mut spans: Vec<ComparedSpan> = spans.into_iter().map(of_first).collect();
        let alone = others.into_values();
        spans.extend(alone.map(|span| ComparedSpan {
            side: Side::Second,
            span: PageSpan { before: None, ..span },
        }));
        Self {
            weight,
            programmes,
            sites: sites.collect(),
            exchanges: exchanges.collect(),
            spans,
            network,
        }
    }
}
