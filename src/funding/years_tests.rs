//! Payments by year against their definition, cut by cut, by the thousand.
//!
//! What the pots of all years can pay is a flow; by the theorem of Ford and Fulkerson it pays for everything where no
//! cut is too small. All cuts are gone through here: every set of (pot, year) on the side of the items.

use crate::funding::oracle::{Rules, Small, random_case};
use crate::funding::{CaseYears, FundingCase, SplitTarget, Verdict, YearlyPot};
use crate::random::Random;
use crate::units::Pence;

const YEARS: usize = 3;

/// A small case with years.
struct Dated {
    small: Small,
    of_item: Vec<u8>,
    nested: bool,
    yearly: Vec<YearlyPot>,
}

impl Dated {
    fn random(random: &mut Random) -> Self {
        let mut small = random_case(random, Rules::Plain);
        let mut of_item = vec![0_u8; small.items.len()];
        for item in (0..small.items.len()).rev() {
            of_item[item] = random.pick(&[0, 1, 2]);
        }
        // Nothing is later than what hangs on it.
        for item in (0..small.items.len()).rev() {
            if let Some(parent) = small.items[item].parent {
                let parent = parent as usize;
                of_item[parent] = of_item[parent].min(of_item[item]);
            }
        }
        let yearly = small.pots.iter_mut().map(|pot| {
            let first = random.pick(&[0_u8, 1, 2]);
            let window = if random.one_in(3) { (first, 2) } else { (0, 2) };
            let money: Vec<i64> = (0..YEARS).map(|_| random.between(0, 5)).collect();
            let terms = random.below(3);
            let carry = |random: &mut Random| match terms {
                0 => None,
                1 => Some(Pence::ZERO),
                _ => Some(Pence::new(random.between(0, 4))),
            };
            let by_year: Vec<_> =
                money.iter().map(|&own| (Pence::new(own), carry(random))).collect();
            pot.available = Pence::new(money.iter().sum());
            let whole = random.one_in(5);
            YearlyPot { window, money: (!whole).then_some(by_year) }
        });
        let yearly = yearly.collect();
        Self { small, of_item, nested: random.one_in(3), yearly }
    }

    fn case(&self) -> FundingCase<'_> {
        let (of_item, nested) = (self.of_item.clone(), self.nested);
        self.small.case().in_years(CaseYears { of_item, nested, pots: &self.yearly })
    }

    /// The users of an item that count for a pot, and all of them.
    fn users(&self, item: usize, pot: usize) -> (u64, u64) {
        let (mut eligible, mut all) = (0, 0);
        for (drop, entitlement) in &self.small.drops {
            let uses = {
                let mut here = Some(*drop);
                loop {
                    match here {
                        Some(own) if own as usize == item => break true,
                        Some(own) => here = self.small.items[own as usize].parent,
                        None => break false,
                    }
                }
            };
            let year = self.of_item[*drop as usize];
            if !uses || self.nested && year > self.of_item[item] {
                continue;
            }
            for site in &entitlement.sites {
                all += 1;
                let (first, last) = self.yearly[pot].window;
                eligible += u64::from(site.eligible.holds(pot) && first <= year && year <= last);
            }
        }
        (eligible, all)
    }

    fn may_pay(&self, item: usize, pot: usize) -> bool {
        let (first, last) = self.yearly[pot].window;
        let year = self.of_item[item];
        let own = &self.small.items[item];
        let (eligible, _) = self.users(item, pot);
        let kind = own.kind.is_paid(self.small.pots[pot].pays_for);
        kind && first <= year && year <= last && eligible > 0
    }

    /// Whether no cut is too small.
    fn can_be_paid(&self) -> bool {
        let pots = self.small.pots.len();
        let cost: i64 = self.small.items.iter().map(|item| item.cost.get()).sum();
        (0..1_u32 << (pots * YEARS)).all(|cut| {
            let inside = |pot: usize, year: usize| cut >> (pot * YEARS + year) & 1 == 1;
            let mut room = 0_i64;
            for pot in 0..pots {
                match &self.yearly[pot].money {
                    // One sum: it is cut once, whichever of its years are inside.
                    None => {
                        if (0..YEARS).any(|year| inside(pot, year)) {
                            room += self.small.pots[pot].available.get();
                        }
                    }
                    Some(money) => {
                        for (year, (own, _)) in money.iter().enumerate() {
                            if inside(pot, year) {
                                room += own.get();
                            }
                            let before = year.checked_sub(1);
                            if let Some(before) =
                                before.filter(|&own| inside(pot, year) && !inside(pot, own))
                            {
                                room += money[before].1.map_or(1 << 40, Pence::get);
                            }
                        }
                    }
                }
            }
            for (item, own) in self.small.items.iter().enumerate() {
                let year = usize::from(self.of_item[item]);
                let outside =
                    (0..pots).filter(|&pot| !inside(pot, year) && self.may_pay(item, pot));
                let ceilings = outside.map(|pot| self.small.pots[pot].ceiling(own.cost).get());
                room += ceilings.sum::<i64>().min(own.cost.get());
            }
            room >= cost
        })
    }

    /// What is wrong with some payments.
    fn fault(&self, payments: &[crate::funding::CasePayment]) -> Option<String> {
        let pots = self.small.pots.len();
        let mut spent = vec![[0_i64; YEARS]; pots];
        let mut paid = vec![0_i64; self.small.items.len()];
        for own in payments {
            let (item, pot) = (own.item as usize, own.pot as usize);
            if !self.may_pay(item, pot) {
                return Some(format!("pot {pot} may not pay for item {item}"));
            }
            paid[item] += own.pence.get();
            spent[pot][usize::from(self.of_item[item])] += own.pence.get();
        }
        for (item, own) in self.small.items.iter().enumerate() {
            if paid[item] != own.cost.get() {
                return Some(format!("item {item} is paid {} of {}", paid[item], own.cost));
            }
        }
        for (pot, spent) in spent.iter().enumerate() {
            let Some(money) = &self.yearly[pot].money else {
                if spent.iter().sum::<i64>() > self.small.pots[pot].available.get() {
                    return Some(format!("pot {pot} spends more than it has"));
                }
                continue;
            };
            let mut brought = 0;
            for (year, (own, most)) in money.iter().enumerate() {
                let left = own.get() + brought - spent[year];
                if left < 0 {
                    return Some(format!("pot {pot} spends {} in year {year}", spent[year]));
                }
                brought = most.map_or(left, |most| left.min(most.get()));
            }
        }
        None
    }
}

#[test]
fn money_by_year_pays_where_no_cut_is_too_small_and_splits_keep_to_it() {
    let mut random = Random::new(41);
    let (mut payable, mut not) = (0, 0);
    for round in 0..12_000 {
        let dated = Dated::random(&mut random);
        let expected = dated.can_be_paid();
        match dated.case().settle() {
            Verdict::Fundable(payments) => {
                assert!(expected, "round {round}: it cannot be paid");
                assert_eq!(dated.fault(&payments), None, "round {round}");
                payable += 1;
                if round % 4 == 0 {
                    let split = dated.case().split(&SplitTarget::PerUser, None).unwrap();
                    assert_eq!(dated.fault(&split), None, "round {round}, split");
                }
            }
            Verdict::Short(short) => {
                assert!(!expected, "round {round}: it can be paid, short {short:?}");
                not += 1;
            }
            other => panic!("round {round}: {other:?}"),
        }
    }
    assert!(payable > 1_000 && not > 1_000, "{payable} can be paid, {not} cannot");
}
