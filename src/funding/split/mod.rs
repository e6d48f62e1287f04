//! How the cost of each item is shared between the pots that may pay for it.
//!
//! In: a case and a target. Out: the payments nearest to the target among all that can be made, in
//! whole pence. Nearest is least sum of `(a - t)^2 / c` over payments `a`, targets `t` and the costs
//! `c` of their items: one answer, and the same when a span is cut in two. What is fair is the
//! caller's choice of target; nothing here changes whether a plan can be paid.

mod nearest;
mod round;
mod target;
#[cfg(test)]
mod tests;

pub use target::SplitTarget;

use crate::funding::attribution::attribute;
use crate::funding::limits::Limits;
use crate::funding::settle::Settlement;
use crate::funding::terms::{Stance, Terms};
use crate::funding::{CasePayment, FundingCase, PotSet, Verdict};

/// By item and pot, the shares that the target of equal users wants; `None` when a pot requires more
/// eligible sites.
pub(super) fn per_user_shares(case: &FundingCase) -> Option<Vec<Vec<f64>>> {
    let terms = Terms::of(case, &Stance::open(case)).ok()?;
    Some(target::shares(case, &terms, &SplitTarget::PerUser))
}

impl FundingCase<'_> {
    /// The payments nearest to a target, to the penny.
    ///
    /// Each payment and each pot's total is rounded down or up: up where the fraction is larger, among
    /// equal fractions by `rank` of the item (its place by default), then by the order of the pots.
    /// Where pots may not meet, the same of them stay away from the same items and sites as in
    /// [`settle`](Self::settle).
    ///
    /// # Errors
    ///
    /// The verdict of [`settle`](Self::settle) when the plan cannot be paid, or not surely.
    pub fn split(
        &self,
        target: &SplitTarget,
        rank: Option<&[u32]>,
    ) -> Result<Vec<CasePayment>, Verdict> {
        let mut settlement = self.settlement()?;
        self.keep_apart(&mut settlement);
        let Settlement { terms, ledger } = settlement;
        let limits: Vec<Limits> = Limits::of(self, &terms)
            .into_iter()
            .enumerate()
            .map(
                |(pot, own)| {
                    if own.carry.is_empty() { own } else { own.with_carried(&ledger, pot) }
                },
            )
            .collect();
        let wanted = target::shares(self, &terms, target);
        let nearest = nearest::shares(self, &terms, &limits, &wanted);
        let rounded = round::to_pence(self, &terms, &limits, &nearest, rank).unwrap_or(ledger);
        Ok(attribute(self, &terms, &rounded))
    }

    /// Of two pots that may not meet on an item, leaves the one that pays for it, else the first.
    fn keep_apart(&self, settlement: &mut Settlement) {
        for bar in self.bars.iter().filter(|bar| !bar.by_site) {
            for (item, payers) in settlement.terms.payers.iter_mut().enumerate() {
                if bar.pots.iter().all(|&pot| payers.holds(pot)) {
                    let second_pays = settlement.ledger.of(item, bar.pots[1]) > 0;
                    let away = bar.pots[usize::from(!second_pays)];
                    *payers = payers.minus(PotSet::of([away]));
                }
            }
        }
    }
}
