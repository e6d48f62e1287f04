//! Whether a fixed plan is fundable to the penny, exactly, also with pots that may not meet.
//!
//! In: a case. Out: a [`Verdict`]: payments, or what falls short. Without barred pairs it is one
//! max-flow; with them it is a depth-first search over who stays away from which item or site, each
//! node a max-flow, and beyond a stated number of nodes it says that it does not know.

use crate::funding::attribution::attribute;
use crate::funding::flow::most_money;
use crate::funding::ledger::Ledger;
use crate::funding::terms::{Stance, Terms};
use crate::funding::{CasePayment, FundingCase, PotSet};

pub use crate::funding::flow::Shortfall;
pub use crate::funding::terms::TooFewSites;

/// Whether a plan can be paid for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// It can, so: sorted by item, pot and drop, every item paid to the penny.
    Fundable(Vec<CasePayment>),
    /// It cannot: what is missing when barred pairs may meet, or else in the last case tried.
    Short(Shortfall),
    /// It cannot: a pot requires more eligible sites.
    TooFewSites(TooFewSites),
    /// Barred pairs: not decided within the limit of nodes.
    Undecided,
}

/// Nodes of the search over barred pairs before it gives up.
pub const MOST_NODES: u32 = 2_000;

/// Terms that hold and a ledger that pays for everything under them.
pub(super) struct Settlement {
    pub(super) terms: Terms,
    pub(super) ledger: Ledger,
}

impl FundingCase<'_> {
    /// Whether the plan is fundable, and by which payments: any that fit, the same every time.
    #[must_use]
    pub fn settle(&self) -> Verdict {
        match self.settlement() {
            Ok(settlement) => {
                Verdict::Fundable(attribute(self, &settlement.terms, &settlement.ledger))
            }
            Err(verdict) => verdict,
        }
    }

    /// Whether the plan is fundable. `None`: not decided (see [`Verdict::Undecided`]).
    #[must_use]
    pub fn is_fundable(&self) -> Option<bool> {
        match self.settlement() {
            Ok(_) => Some(true),
            Err(Verdict::Undecided) => None,
            Err(_) => Some(false),
        }
    }

    pub(super) fn settlement(&self) -> Result<Settlement, Verdict> {
        let mut search = SettlementSearch { case: self, nodes: 0 };
        search.descend(&Stance::open(self))
    }
}

/// Where two pots of a barred pair meet.
#[derive(Clone, Copy)]
enum Clash {
    /// On an item.
    Item { item: usize, pots: [usize; 2] },
    /// On a building that both may claim.
    Claim { drop: usize, pots: [usize; 2] },
}

struct SettlementSearch<'a> {
    case: &'a FundingCase<'a>,
    nodes: u32,
}

impl SettlementSearch<'_> {
    fn descend(&mut self, stance: &Stance) -> Result<Settlement, Verdict> {
        let settlement = self.relaxed(stance)?;
        let open = self.open_claims(stance);
        if !open.is_empty() {
            let drop = self.dearest(&open);
            if let Some(found) = self.settle_claims(stance, &settlement, &open) {
                return Ok(found);
            }
            return self.branch(stance, drop);
        }
        match self.clash(&settlement) {
            Some(clash) => self.branch(stance, clash),
            None => Ok(settlement),
        }
    }

    /// The flow when pairs may meet wherever nothing is decided: necessary for everything below.
    fn relaxed(&mut self, stance: &Stance) -> Result<Settlement, Verdict> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Verdict::Undecided);
        }
        let terms = Terms::of(self.case, stance).map_err(Verdict::TooFewSites)?;
        let ledger = most_money(self.case, &terms).map_err(Verdict::Short)?;
        Ok(Settlement { terms, ledger })
    }

    /// Tries both ways out of a clash; the verdict of the first when both fail.
    fn branch(&mut self, stance: &Stance, clash: Clash) -> Result<Settlement, Verdict> {
        let mut failure = Verdict::Undecided;
        let (Clash::Item { pots, .. } | Clash::Claim { pots, .. }) = clash;
        for gives_way in pots {
            let mut stance = stance.clone();
            match clash {
                Clash::Item { item, .. } => give_way(&mut stance.left[item], gives_way),
                Clash::Claim { drop, .. } => give_way(&mut stance.unclaimed[drop], gives_way),
            }
            match self.descend(&stance) {
                Err(Verdict::Undecided) => return Err(Verdict::Undecided),
                Err(verdict) => failure = verdict,
                settled => return settled,
            }
        }
        Err(failure)
    }

    /// Buildings that both pots of a pair barred by site may still claim.
    fn open_claims(&self, stance: &Stance) -> Vec<Clash> {
        let mut open = Vec::new();
        for bar in self.case.bars.iter().filter(|bar| bar.by_site) {
            for (place, drop) in self.case.drops.iter().enumerate() {
                let may_claim = drop.entitlement.eligible().minus(stance.unclaimed[place]);
                if bar.pots.iter().all(|&pot| may_claim.holds(pot)) {
                    open.push(Clash::Claim { drop: place, pots: bar.pots });
                }
            }
        }
        open
    }

    /// The open claim whose drop costs most, the first of equals.
    fn dearest(&self, open: &[Clash]) -> Clash {
        let cost = |clash: &Clash| match clash {
            Clash::Claim { drop, .. } => self.case.items[self.case.drops[*drop].item as usize].cost,
            Clash::Item { item, .. } => self.case.items[*item].cost,
        };
        let mut dearest = open[0];
        for clash in open {
            if cost(clash) > cost(&dearest) {
                dearest = *clash;
            }
        }
        dearest
    }

    /// Gives each open claim to the pot whose payments lean on the building more, and sees whether
    /// that can be paid. Most plans that can be paid at all are found so.
    fn settle_claims(
        &mut self,
        stance: &Stance,
        relaxed: &Settlement,
        open: &[Clash],
    ) -> Option<Settlement> {
        let mut leans = vec![0_i64; self.case.drops.len() * self.case.pots.len()];
        let place = |drop: usize, pot: usize| drop * self.case.pots.len() + pot;
        for payment in attribute(self.case, &relaxed.terms, &relaxed.ledger) {
            if let Some(drop) = payment.drop {
                leans[place(drop as usize, payment.pot as usize)] += payment.pence.get();
            }
        }
        let mut stance = stance.clone();
        for clash in open {
            if let Clash::Claim { drop, pots: [first, second] } = *clash {
                let second_leans = leans[place(drop, second)] > leans[place(drop, first)];
                let gives_way = if second_leans { first } else { second };
                give_way(&mut stance.unclaimed[drop], gives_way);
            }
        }
        let settlement = self.relaxed(&stance).ok()?;
        self.clash(&settlement).is_none().then_some(settlement)
    }

    /// The dearest item that both pots of a pair pay for, the first of equals.
    fn clash(&self, settlement: &Settlement) -> Option<Clash> {
        let mut dearest: Option<(i64, Clash)> = None;
        for (item, data) in self.case.items.iter().enumerate() {
            let payers = settlement.ledger.payers(item);
            for bar in self.case.bars.iter().filter(|bar| !bar.by_site) {
                let cost = data.cost.get();
                let meet = bar.pots.iter().all(|&pot| payers.holds(pot));
                if meet && dearest.is_none_or(|(most, _)| cost > most) {
                    dearest = Some((cost, Clash::Item { item, pots: bar.pots }));
                }
            }
        }
        dearest.map(|(_, clash)| clash)
    }
}

fn give_way(away: &mut PotSet, pot: usize) {
    *away = away.union(PotSet::of([pot]));
}
