//! Fundability straight from its definition, penny by penny, for tests: an independent and very slow
//! second opinion, with a generator of small cases and a judge of payments.

use std::collections::BTreeSet;

use crate::funding::{
    CaseDrop, CaseItem, CasePayment, EntitledSite, Entitlement, FundingCase, ItemKind, Pooling,
    Pot, PotBar, PotSet,
};
use crate::model::{PaysFor, RateBasis};
use crate::random::Random;
use crate::units::{Pence, Share, Weight};

/// A small case that owns its parts.
#[derive(Clone, Debug)]
pub(super) struct Small {
    pub(super) pots: Vec<Pot>,
    pub(super) bars: Vec<PotBar>,
    pub(super) items: Vec<CaseItem>,
    pub(super) drops: Vec<(u32, Entitlement)>,
}

impl Small {
    pub(super) fn new(pots: &[i64]) -> Self {
        let pots = pots.iter().map(|&pence| Pot::plain(Pence::new(pence))).collect();
        Self { pots, bars: Vec::new(), items: Vec::new(), drops: Vec::new() }
    }

    pub(super) fn item(&mut self, kind: ItemKind, cost: i64, parent: Option<u32>) -> u32 {
        self.items.push(CaseItem { kind, cost: Pence::new(cost), parent });
        u32::try_from(self.items.len() - 1).unwrap()
    }

    pub(super) fn span(&mut self, cost: i64, parent: Option<u32>) -> u32 {
        self.item(ItemKind::Span, cost, parent)
    }

    /// A building with one site eligible for some pots, at the end of an item.
    pub(super) fn drop(&mut self, cost: i64, parent: Option<u32>, eligible: &[usize]) -> u32 {
        let item = self.item(ItemKind::Drop, cost, parent);
        let eligible = PotSet::of(eligible.iter().copied());
        self.drops.push((item, Entitlement::single(eligible, Weight::ONE)));
        item
    }

    pub(super) fn cap_all(&mut self, pot: usize, pooling: Pooling, cap: i64) {
        self.pots[pot].pooling = pooling;
        for (_, entitlement) in &mut self.drops {
            entitlement.caps.resize(self.pots.len(), None);
            entitlement.caps[pot] = Some(Pence::new(cap));
        }
    }

    pub(super) fn case(&self) -> FundingCase<'_> {
        let drops = self.drops.iter();
        let drops = drops.map(|(item, entitlement)| CaseDrop { item: *item, entitlement });
        FundingCase::new(&self.pots, &self.bars, self.items.clone(), drops.collect()).unwrap()
    }
}

const POOLINGS: [Pooling; 5] =
    [Pooling::Uncapped, Pooling::Site, Pooling::Site, Pooling::Group, Pooling::Programme];

/// Which rules a random case may have.
#[derive(Clone, Copy)]
pub(super) enum Rules {
    /// Pots and item rates alone.
    Plain,
    /// Everything.
    All,
}

pub(super) fn random_case(rng: &mut Random, rules: Rules) -> Small {
    let pots = 1 + rng.below(4) as usize;
    let mut small = Small::new(&(0..pots).map(|_| rng.between(0, 8)).collect::<Vec<_>>());
    let shares = ["0.3", "0.5", "0.6", "1"].map(|text| Share::from_text(text).unwrap());
    let all = matches!(rules, Rules::All);
    for pot in &mut small.pots {
        if rng.one_in(3) {
            pot.rate = rng.pick(&shares);
        }
        let paid = |rng: &mut Random| !rng.one_in(8);
        pot.pays_for = PaysFor { drop: paid(rng), span: paid(rng), exchange: paid(rng) };
        if all {
            if rng.one_in(3) {
                pot.basis = RateBasis::Programme;
            }
            if rng.one_in(4) {
                pot.min_share = rng.pick(&shares);
            }
            if rng.one_in(4) {
                pot.min_sites = rng.below(3);
                pot.min_sites_required = rng.one_in(3);
            }
            pot.pooling = rng.pick(&POOLINGS);
        }
    }
    if all && pots > 1 && rng.one_in(3) {
        let other = 1 + rng.place(pots - 1);
        small.bars.push(PotBar { pots: [0, other], by_site: rng.one_in(2) });
    }
    let root = small.item(ItemKind::Exchange, rng.between(0, 2), None);
    let mut junctions = vec![root];
    for _ in 0..rng.below(4) {
        let parent = rng.pick(&junctions);
        junctions.push(small.span(rng.between(0, 3), Some(parent)));
    }
    for _ in 0..=rng.below(3) {
        let parent = rng.pick(&junctions);
        let item = small.item(ItemKind::Drop, rng.between(0, 2), Some(parent));
        let sites = (0..=rng.below(2)).map(|_| EntitledSite {
            eligible: PotSet::of((0..pots).filter(|_| rng.one_in(2))),
            weight: Weight::from_thousandths(rng.between(0, 3)),
        });
        let mut entitlement = Entitlement { sites: sites.collect(), ..Entitlement::default() };
        for _ in 0..pots {
            let cap = (!rng.one_in(4)).then(|| Pence::new(rng.between(0, 4)));
            entitlement.caps.push(cap);
            entitlement.groups.push(rng.below(2));
        }
        small.drops.push((item, entitlement));
    }
    small
}

/// The definition, for one way of claiming buildings (`claims`: by drop, the pots it counts for).
struct Definition<'a> {
    small: &'a Small,
    claims: Vec<PotSet>,
    /// By item: the drops that use it.
    users: Vec<BTreeSet<usize>>,
}

impl<'a> Definition<'a> {
    fn new(small: &'a Small, claims: Vec<PotSet>) -> Self {
        let mut users = vec![BTreeSet::new(); small.items.len()];
        for (drop, (item, _)) in small.drops.iter().enumerate() {
            let mut here = Some(*item);
            while let Some(item) = here {
                users[item as usize].insert(drop);
                here = small.items[item as usize].parent;
            }
        }
        Self { small, claims, users }
    }

    fn sites(&self, drop: usize, pot: usize) -> u32 {
        let sites = &self.small.drops[drop].1.sites;
        let counts = |site: &&EntitledSite| site.eligible.and(self.claims[drop]).holds(pot);
        u32::try_from(sites.iter().filter(counts).count()).unwrap()
    }

    fn connected(&self, pot: usize) -> u32 {
        (0..self.claims.len()).map(|drop| self.sites(drop, pot)).sum()
    }

    fn is_open(&self, pot: usize) -> bool {
        self.connected(pot) >= self.small.pots[pot].min_sites
    }

    fn is_forbidden(&self) -> bool {
        (0..self.small.pots.len())
            .any(|pot| self.small.pots[pot].min_sites_required && !self.is_open(pot))
    }

    fn may_pay(&self, pot: usize, item: usize) -> bool {
        let rules = &self.small.pots[pot];
        let users = &self.users[item];
        let eligible: u32 = users.iter().map(|&drop| self.sites(drop, pot)).sum();
        let all: usize = users.iter().map(|&drop| self.small.drops[drop].1.sites.len()).sum();
        let kind_is_paid = match self.small.items[item].kind {
            ItemKind::Exchange => rules.pays_for.exchange,
            ItemKind::Span => rules.pays_for.span,
            ItemKind::Drop => rules.pays_for.drop,
        };
        let share_is_met =
            u64::from(eligible) * 1_000_000 >= u64::from(rules.min_share.millionths()) * all as u64;
        self.is_open(pot) && kind_is_paid && eligible > 0 && share_is_met
    }

    /// Whether a building's money from a pot may go to an item.
    fn may_bring(&self, drop: usize, pot: usize, item: usize) -> bool {
        let group = |drop: usize| self.small.drops[drop].1.group(pot);
        let reaches = match self.small.pots[pot].pooling {
            Pooling::Site => self.users[item].contains(&drop),
            Pooling::Group => self.users[item]
                .iter()
                .any(|&user| group(user) == group(drop) && self.sites(user, pot) > 0),
            Pooling::Programme | Pooling::Uncapped => true,
        };
        reaches && self.sites(drop, pot) > 0
    }

    fn purse(&self, drop: usize, pot: usize) -> i64 {
        let uncapped = self.small.pots[pot].pooling == Pooling::Uncapped;
        let cap = self.small.drops[drop].1.cap(pot).filter(|_| !uncapped);
        cap.map_or(1_000, Pence::get)
    }

    fn pot_money(&self, pot: usize) -> i64 {
        let rules = &self.small.pots[pot];
        let items = 0..self.small.items.len();
        let cost: i64 = items
            .filter(|&item| self.may_pay(pot, item))
            .map(|item| self.small.items[item].cost.get())
            .sum();
        let by_rate = match rules.basis {
            RateBasis::Programme => cost * i64::from(rules.rate.millionths()) / 1_000_000,
            RateBasis::Item => cost,
        };
        rules.available.get().min(by_rate)
    }

    fn ceiling(&self, pot: usize, item: usize) -> i64 {
        let rules = &self.small.pots[pot];
        let cost = self.small.items[item].cost.get();
        match rules.basis {
            RateBasis::Item => (cost * i64::from(rules.rate.millionths()) + 999_999) / 1_000_000,
            RateBasis::Programme => cost,
        }
    }
}

/// What is left to give while pennies are handed out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Left {
    pots: Vec<i64>,
    purses: Vec<Vec<i64>>,
}

/// Whether the case can be paid, by handing out every penny in every way.
pub(super) fn can_be_paid(small: &Small) -> bool {
    claims(small).into_iter().any(|claims| {
        let definition = Definition::new(small, claims);
        if definition.is_forbidden() {
            return false;
        }
        let pots = small.pots.len();
        let left = Left {
            pots: (0..pots).map(|pot| definition.pot_money(pot)).collect(),
            purses: (0..small.drops.len())
                .map(|drop| (0..pots).map(|pot| definition.purse(drop, pot)).collect())
                .collect(),
        };
        let mut failed = BTreeSet::new();
        pay(&definition, 0, &left, &mut failed)
    })
}

/// All ways to claim buildings for one of each pair barred by site.
fn claims(small: &Small) -> Vec<Vec<PotSet>> {
    let everyone = PotSet::of(0..small.pots.len());
    let mut all = vec![vec![everyone; small.drops.len()]];
    for bar in small.bars.iter().filter(|bar| bar.by_site) {
        for drop in 0..small.drops.len() {
            let both = all.clone();
            all = Vec::new();
            for pot in bar.pots {
                for mut claims in both.iter().cloned() {
                    claims[drop] = claims[drop].minus(PotSet::of([pot]));
                    all.push(claims);
                }
            }
        }
    }
    all
}

fn pay(
    definition: &Definition,
    item: usize,
    left: &Left,
    failed: &mut BTreeSet<(usize, Left)>,
) -> bool {
    if item == definition.small.items.len() {
        return true;
    }
    if failed.contains(&(item, left.clone())) {
        return false;
    }
    let pots = definition.small.pots.len();
    let payers = (0..pots).filter(|&pot| definition.may_pay(pot, item));
    let mut givers: Vec<(usize, usize)> = Vec::new();
    for pot in payers {
        let drops = 0..definition.small.drops.len();
        let bring = drops.filter(|&drop| definition.may_bring(drop, pot, item));
        givers.extend(bring.map(|drop| (pot, drop)));
    }
    let ceilings: Vec<i64> = (0..pots).map(|pot| definition.ceiling(pot, item)).collect();
    let cost = definition.small.items[item].cost.get();
    let paid = hand_out(definition, item, cost, &givers, &ceilings, left, PotSet::EMPTY, failed);
    if !paid {
        failed.insert((item, left.clone()));
    }
    paid
}

#[allow(clippy::too_many_arguments)] // the whole state of a recursion that copies nothing else
fn hand_out(
    definition: &Definition,
    item: usize,
    missing: i64,
    givers: &[(usize, usize)],
    ceilings: &[i64],
    left: &Left,
    payers: PotSet,
    failed: &mut BTreeSet<(usize, Left)>,
) -> bool {
    if missing == 0 {
        return pay(definition, item + 1, left, failed);
    }
    let Some((&(pot, drop), others)) = givers.split_first() else { return false };
    let most = left.pots[pot].min(left.purses[drop][pot]).min(ceilings[pot]).min(missing);
    let barred = definition.small.bars.iter().any(|bar| {
        let meets = bar.pots.iter().all(|&p| p == pot || payers.holds(p));
        !bar.by_site && bar.pots.contains(&pot) && meets
    });
    let most = if barred { 0 } else { most };
    (0..=most).rev().any(|gives| {
        let mut left = left.clone();
        let mut ceilings = ceilings.to_vec();
        left.pots[pot] -= gives;
        left.purses[drop][pot] -= gives;
        ceilings[pot] -= gives;
        let payers = if gives > 0 { payers.union(PotSet::of([pot])) } else { payers };
        hand_out(definition, item, missing - gives, others, &ceilings, &left, payers, failed)
    })
}

/// Asserts that payments keep every rule, judged by the definition alone.
pub(super) fn assert_valid(small: &Small, payments: &[CasePayment]) {
    let pots = small.pots.len();
    let keeps = |claims: Vec<PotSet>| {
        let definition = Definition::new(small, claims);
        let mut by_pot = vec![0; pots];
        let mut by_item = vec![vec![0; pots]; small.items.len()];
        let mut by_purse = vec![vec![0; pots]; small.drops.len()];
        let mut good = !definition.is_forbidden();
        for payment in payments {
            let (item, pot) = (payment.item as usize, payment.pot as usize);
            let pence = payment.pence.get();
            good &= pence > 0 && definition.may_pay(pot, item);
            by_pot[pot] += pence;
            by_item[item][pot] += pence;
            if let Some(drop) = payment.drop {
                by_purse[drop as usize][pot] += pence;
                good &= definition.may_bring(drop as usize, pot, item);
            } else {
                let pooling = small.pots[pot].pooling;
                good &= matches!(pooling, Pooling::Uncapped | Pooling::Programme);
            }
        }
        for (item, paid) in by_item.iter().enumerate() {
            good &= paid.iter().sum::<i64>() == small.items[item].cost.get();
            good &= (0..pots).all(|pot| paid[pot] <= definition.ceiling(pot, item));
            let meets = |bar: &PotBar| bar.pots.iter().all(|&pot| paid[pot] > 0);
            good &= !small.bars.iter().any(|bar| !bar.by_site && meets(bar));
        }
        for pot in 0..pots {
            good &= by_pot[pot] <= definition.pot_money(pot);
            let purses = || (0..small.drops.len()).filter(|&d| definition.sites(d, pot) > 0);
            good &= match small.pots[pot].pooling {
                Pooling::Uncapped => true,
                Pooling::Programme => {
                    by_pot[pot] <= purses().map(|drop| definition.purse(drop, pot)).sum()
                }
                _ => purses().all(|drop| by_purse[drop][pot] <= definition.purse(drop, pot)),
            };
        }
        good
    };
    assert!(claims(small).into_iter().any(keeps), "{small:#?}\n{payments:#?}");
}

/// All ledgers (by item and pot) that keep every rule but bars; `None` when there are more to try
/// than `most`.
///
/// What buildings may bring is judged by sets of items: no set may take more from a pot than the
/// buildings that may bring to any of them.
pub(super) fn ledgers(small: &Small, most: usize) -> Option<Vec<Vec<Vec<i64>>>> {
    let everyone = vec![PotSet::of(0..small.pots.len()); small.drops.len()];
    let definition = Definition::new(small, everyone);
    let mut all: Vec<Vec<Vec<i64>>> = vec![Vec::new()];
    for item in 0..small.items.len() {
        let rows = rows(&definition, item);
        if all.len() * rows.len() > most {
            return None;
        }
        let longer = |ledger: &Vec<Vec<i64>>| {
            let mut all = Vec::new();
            for row in &rows {
                all.push([ledger.clone(), vec![row.clone()]].concat());
            }
            all
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.retain(|ledger| (0..small.pots.len()).all(|pot| is_brought(&definition, pot, ledger)));
    Some(all)
}

/// All ways to divide an item among the pots that may pay for it.
fn rows(definition: &Definition, item: usize) -> Vec<Vec<i64>> {
    let pots = definition.small.pots.len();
    let cost = definition.small.items[item].cost.get();
    let mut rows: Vec<Vec<i64>> = vec![Vec::new()];
    for pot in 0..pots {
        let ceiling = if definition.may_pay(pot, item) { definition.ceiling(pot, item) } else { 0 };
        let longer = |row: &Vec<i64>| {
            let left = cost - row.iter().sum::<i64>();
            let row = row.clone();
            (0..=ceiling.min(left)).map(move |pays| [row.clone(), vec![pays]].concat())
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    rows.retain(|row| row.iter().sum::<i64>() == cost);
    rows
}

fn is_brought(definition: &Definition, pot: usize, ledger: &[Vec<i64>]) -> bool {
    let total: i64 = ledger.iter().map(|row| row[pot]).sum();
    if total > definition.pot_money(pot) {
        return false;
    }
    (0_usize..1 << ledger.len()).all(|set| {
        let items = || (0..ledger.len()).filter(move |item| set >> item & 1 == 1);
        let takes: i64 = items().map(|item| ledger[item][pot]).sum();
        let drops = 0..definition.small.drops.len();
        let bring = drops.filter(|&drop| items().any(|item| definition.may_bring(drop, pot, item)));
        takes == 0 || takes <= bring.map(|drop| definition.purse(drop, pot)).sum()
    })
}
