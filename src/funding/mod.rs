//! Who pays for what: fundability of a fixed plan by max-flow, and the split for reports.
//!
//! What for: the optimiser asks whether the pots suffice ([`SetCondition`], [`FundingCase::settle`]),
//! the report wants payments to the penny ([`fund()`]). In: pots and a forest of items, or a scenario
//! and a plan. Out: payments, or the pots and items that fall short. Years are not looked at here.

mod attribution;
mod case;
mod flow;
mod forest;
mod fund;
mod ledger;
mod limits;
#[cfg(test)]
mod oracle;
mod pot_set;
mod pots;
mod priced;
mod set_condition;
mod settle;
mod shares;
mod split;
mod standing;
mod terms;
#[cfg(test)]
mod tests;
mod yearly;
#[cfg(test)]
mod years_tests;

pub use case::{CaseDrop, CaseError, CaseItem, CasePayment, CaseYears, FundingCase, ItemKind};
pub(crate) use forest::{Hanging, PlanForest};
pub use fund::{Funding, Split, Unfundable, can_fund, fund, fund_by};
pub use pot_set::PotSet;
pub(crate) use pots::bars;
pub use pots::{EntitledSite, Entitlement, Pooling, Pot, PotBar, Pots};
pub(crate) use priced::priced;
pub use set_condition::{MOST_POTS, Need, SetCondition, ShortSet};
pub use settle::{MOST_NODES, Shortfall, TooFewSites, Verdict};
pub use shares::{ItemShares, item_shares, per_site_shares};
pub use split::SplitTarget;
pub(crate) use standing::{
    brought_on, item_of, money_left, paid_before, pay_nothing_more, standing_year,
};
pub use yearly::YearlyPot;
