//! What can be paid: the quick test by sets of pots, then the exact one where that is not enough.

use std::collections::BTreeMap;

use super::constraints::Constraints;
use super::forest::Forest;
use super::problem::JointProblem;
use crate::engine::bound::{Counts, SideLimit};
use crate::funding::{
    CaseDrop, CaseItem, Entitlement, FundingCase, ItemKind, Pot, PotSet, Pots, SetCondition,
    ShortSet,
};
use crate::units::{Pence, Share};

/// The most programmes that are planned together: sets of them are counted through.
pub const MOST_POTS: usize = 12;

/// Tells what some pots can pay, by the funding flow where sets of pots alone do not decide.
pub struct FundingOracle {
    pots: Pots,
    /// The node of the first building; the others follow it in the order of the entitlements.
    first_building: u32,
    /// The test by sets of pots over costs by payers: always necessary.
    condition: SetCondition,
    /// Whether the test by sets is also sufficient.
    exact: bool,
    pays: PaysForKind,
    rules: Constraints,
}

impl FundingOracle {
    /// The oracle of some pots, whose entitlements are those of the buildings from a node on, with the rules
    /// beyond money; `None` with more than [`MOST_POTS`] pots.
    pub fn new(pots: Pots, first_building: u32, rules: Constraints) -> Option<Self> {
        let money: Vec<(Pence, Share)> =
            pots.pots.iter().map(|pot| (pot.available, Share::ONE)).collect();
        let condition = SetCondition::new(&money).filter(|_| money.len() <= MOST_POTS)?;
        let pays = PaysForKind::new(&pots.pots);
        let whole = |pot: &Pot| pot.rate == Share::ONE && pot.min_share == Share::ZERO;
        let exact = pots.set_condition().is_some() && pots.pots.iter().all(whole);
        Some(Self { pots, first_building, condition, exact, pays, rules })
    }

    /// What the sites of a node may be paid by, if it is a building.
    fn entitlement(&self, node: u32) -> Option<&Entitlement> {
        let place = node.checked_sub(self.first_building)?;
        self.pots.entitlements.get(place as usize)
    }

    fn shortest(&self, forest: &Forest) -> Option<ShortSet> {
        let mut need = self.condition.nothing();
        for (&(kind, payers), &cost) in &forest.totals {
            let payers = payers.and(self.pays.of(kind));
            self.condition.add(&mut need, payers, Pence::new(cost));
        }
        self.condition.worst(&need)
    }

    /// The exact test, by a flow over every item of the forest.
    fn settles(&self, problem: &JointProblem<'_>, forest: &Forest) -> Option<bool> {
        let mut place_of = BTreeMap::new();
        let mut items = Vec::new();
        let mut drops = Vec::new();
        for (item, (node, edge, parent, cost)) in (0..).zip(forest.items(problem)) {
            place_of.insert(node, item);
            items.push(CaseItem {
                kind: problem.kinds[edge as usize],
                cost: Pence::new(cost),
                parent: place_of.get(&parent).copied(),
            });
            if let Some(entitlement) = self.entitlement(node) {
                drops.push(CaseDrop { item, entitlement });
            }
        }
        let case = FundingCase::new(&self.pots.pots, &self.pots.bars, items, drops);
        case.ok().and_then(|case| case.is_fundable())
    }
}

/// The pots that may pay for each kind of item.
struct PaysForKind {
    drop: PotSet,
    span: PotSet,
    exchange: PotSet,
}

impl PaysForKind {
    const KINDS: [ItemKind; 3] = [ItemKind::Drop, ItemKind::Span, ItemKind::Exchange];

    fn new(pots: &[Pot]) -> Self {
        let of = |kind: ItemKind| {
            PotSet::of((0..pots.len()).filter(|&pot| kind.is_paid(pots[pot].pays_for)))
        };
        let (drop, span, exchange) =
            (of(ItemKind::Drop), of(ItemKind::Span), of(ItemKind::Exchange));
        Self { drop, span, exchange }
    }

    const fn of(&self, kind: ItemKind) -> PotSet {
        match kind {
            ItemKind::Drop => self.drop,
            ItemKind::Span => self.span,
            ItemKind::Exchange => self.exchange,
        }
    }
}

impl FundingOracle {
    /// Whether the forest costs no more than the question has money for, keeps every rule, and the pots can
    /// pay for it; `None` where that is too hard to tell.
    pub fn judge(&self, problem: &JointProblem<'_>, forest: &Forest) -> Option<bool> {
        if forest.cost <= problem.budget() && self.constraints().allows(problem, forest) {
            self.can_pay(problem, forest)
        } else {
            Some(false)
        }
    }

    /// Whether the forest keeps every rule and can be paid for certain.
    pub fn affords(&self, problem: &JointProblem<'_>, forest: &Forest) -> bool {
        self.judge(problem, forest) == Some(true)
    }

    /// The set of pots that falls shortest.
    pub fn tightest(&self, forest: &Forest) -> Option<PotSet> {
        self.shortfall(forest).map(|(set, _)| set)
    }

    /// Whether every tree within the merged pot is a plan: one pot, for everybody and everything, and nothing
    /// to be had without a building.
    pub fn is_plain(&self, problem: &JointProblem<'_>) -> bool {
        let is_one_pot = self.pots.pots.len() == 1;
        let for_everybody = problem.classes().iter().all(|&payers| payers == PotSet::of([0]));
        let for_everything = PaysForKind::KINDS.iter().all(|&kind| !self.pays.of(kind).is_empty());
        let money_is_all = self.exact && self.rules.is_empty();
        money_is_all && is_one_pot && for_everybody && for_everything && !problem.passes()
    }

    /// The rules beyond money.
    pub fn constraints(&self) -> &Constraints {
        &self.rules
    }

    /// Whether the pots can pay for every item of the forest; `None` where that is too hard to tell.
    pub fn can_pay(&self, problem: &JointProblem<'_>, forest: &Forest) -> Option<bool> {
        let passes = self.shortest(forest).is_none();
        if passes && !self.exact { self.settles(problem, forest) } else { Some(passes) }
    }

    /// The set of pots that falls shortest, and by how much; `None` when the forest passes the
    /// set condition.
    pub fn shortfall(&self, forest: &Forest) -> Option<(PotSet, i64)> {
        self.shortest(forest).map(|short| (short.pots, short.short.get()))
    }

    /// How many pots there are.
    pub fn pots(&self) -> usize {
        self.pots.pots.len()
    }

    /// The money of a pot.
    pub fn money(&self, pot: usize) -> i64 {
        self.pots.pots[pot].available.get()
    }

    /// Whether a pot may pay for a kind of item.
    pub fn pays(&self, pot: usize, kind: ItemKind) -> bool {
        self.pays.of(kind).holds(pot)
    }

    /// What a set of pots must pay alone, for only buildings use it that nobody else pays for, as a limit: exempt
    /// are the buildings that another pot may pay for, in some kind of item; `None` for all pots together, whose limit
    /// is the budget.
    pub fn side(&self, problem: &JointProblem<'_>, set: PotSet) -> Option<SideLimit> {
        let pots = &self.pots.pots;
        if set == PotSet::of(0..pots.len()) {
            return None;
        }
        let outside =
            |kind: ItemKind, payers: PotSet| !payers.and(self.pays.of(kind)).minus(set).is_empty();
        let exempt = (0_u32..)
            .take(problem.instance.nodes())
            .map(|node| PaysForKind::KINDS.iter().any(|&kind| outside(kind, problem.payers(node))));
        let counts = problem.instance.edges.iter().zip(&problem.kinds).map(|(edge, &kind)| {
            // A drop has one user, whose payers are known.
            let user = edge.ends.into_iter().find(|&end| problem.is_building(end));
            match user {
                Some(user) if outside(kind, problem.payers(user)) => Counts::Never,
                None if outside(kind, self.pays.of(kind)) => Counts::Unshared,
                _ => Counts::Always,
            }
        });
        Some(SideLimit {
            limit: set.iter().map(|pot| pots[pot].available.get()).sum(),
            exempt: exempt.collect(),
            counts: counts.collect(),
        })
    }
}
