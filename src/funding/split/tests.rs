//! Splits with known answers, and a proof of nearness by all corners of what can be paid.

use crate::funding::limits::Limits;
use crate::funding::oracle::{Rules, Small, assert_valid, ledgers, random_case};
use crate::funding::split::{SplitTarget, nearest, target};
use crate::funding::{CasePayment, Pooling};
use crate::random::Random;
use crate::units::{Pence, Weight};

fn paid(small: &Small, target: &SplitTarget) -> Vec<(u32, u32, i64)> {
    let payments = small.case().split(target, None).unwrap();
    assert_valid(small, &payments);
    sums(&payments)
}

/// Sums by item and pot.
fn sums(payments: &[CasePayment]) -> Vec<(u32, u32, i64)> {
    let mut sums: Vec<(u32, u32, i64)> = Vec::new();
    for payment in payments {
        match sums.last_mut() {
            Some(last) if (last.0, last.1) == (payment.item, payment.pot) => {
                last.2 += payment.pence.get();
            }
            _ => sums.push((payment.item, payment.pot, payment.pence.get())),
        }
    }
    sums
}

/// A span of each cost whose users are so many sites of each pot.
fn trunks(budgets: &[i64], trunks: &[(i64, &[usize])]) -> Small {
    let mut small = Small::new(budgets);
    for &(cost, users) in trunks {
        let trunk = small.span(cost, None);
        for &pot in users {
            small.drop(0, Some(trunk), &[pot]);
        }
    }
    small
}

#[test]
fn a_trunk_is_shared_by_its_users() {
    let small = trunks(&[60, 70], &[(100, &[0, 1])]);
    assert_eq!(paid(&small, &SplitTarget::PerUser), [(0, 0, 50), (0, 1, 50)]);
    let small = trunks(&[100, 100], &[(90, &[0, 0, 1])]);
    assert_eq!(paid(&small, &SplitTarget::PerUser), [(0, 0, 60), (0, 1, 30)]);
}

#[test]
fn what_a_pot_lacks_is_spread_by_cost() {
    let small = trunks(&[60, 1000], &[(90, &[0, 0, 1]), (60, &[0, 1])]);
    let split = paid(&small, &SplitTarget::PerUser);
    assert_eq!(split, [(0, 0, 42), (0, 1, 48), (4, 0, 18), (4, 1, 42)]);
}

#[test]
fn cutting_a_span_changes_nothing() {
    let mut cut = Small::new(&[60, 1000]);
    let first = cut.span(30, None);
    let second = cut.span(60, Some(first));
    for pot in [0, 0, 1] {
        cut.drop(0, Some(second), &[pot]);
    }
    let other = cut.span(60, None);
    cut.drop(0, Some(other), &[0]);
    cut.drop(0, Some(other), &[1]);
    let split = paid(&cut, &SplitTarget::PerUser);
    let of_first: Vec<i64> = split.iter().filter(|row| row.1 == 0).map(|row| row.2).collect();
    assert_eq!(of_first, [14, 28, 18]);
}

#[test]
fn thirds_add_up_for_items_and_pots() {
    let small = trunks(&[100, 100, 100], &[(100, &[0, 1, 2][..]); 3]);
    let split = paid(&small, &SplitTarget::PerUser);
    for pot in 0..3 {
        let of_pot = split.iter().filter(|row| row.1 == pot);
        assert_eq!(of_pot.map(|row| row.2).sum::<i64>(), 100);
    }
    assert!(split.iter().all(|row| row.2 == 33 || row.2 == 34));
    assert_eq!(split[0], (0, 0, 34), "the first item and pot have the odd penny");
}

#[test]
fn a_target_may_go_by_weight_or_by_order() {
    let mut small = trunks(&[1000, 1000], &[(100, &[0, 1])]);
    small.drops[0].1.sites[0].weight = Weight::from_thousandths(9_000);
    assert_eq!(paid(&small, &SplitTarget::ByWeight), [(0, 0, 90), (0, 1, 10)]);
    let order = SplitTarget::Incremental(vec![vec![1], vec![0]]);
    assert_eq!(paid(&small, &order), [(0, 1, 100)]);
    for (_, entitlement) in &mut small.drops {
        entitlement.sites[0].weight = Weight::ZERO;
    }
    assert_eq!(paid(&small, &SplitTarget::ByWeight), [(0, 0, 50), (0, 1, 50)]);
}

#[test]
fn a_site_of_two_programmes_shares_its_part_between_them() {
    let mut small = Small::new(&[1000, 1000]);
    let trunk = small.span(100, None);
    small.drop(0, Some(trunk), &[0, 1]);
    small.drop(0, Some(trunk), &[0]);
    small.drop(0, Some(trunk), &[]);
    assert_eq!(paid(&small, &SplitTarget::PerUser), [(0, 0, 75), (0, 1, 25)]);
}

#[test]
fn caps_by_site_bind_branch_by_branch() {
    let mut small = Small::new(&[1000, 1000]);
    let trunk = small.span(90, None);
    let arm = small.span(60, Some(trunk));
    small.drop(0, Some(arm), &[0, 1]);
    small.drop(0, Some(trunk), &[0, 1]);
    small.cap_all(0, Pooling::Site, 20);
    // Wanted 45 and 30 of A, which brings 40: 35 less, by cost.
    let split = paid(&small, &SplitTarget::PerUser);
    assert_eq!(split, [(0, 0, 24), (0, 1, 66), (1, 0, 16), (1, 1, 44)]);
    // Beyond the arm A brings only 10.
    small.drops[0].1.caps[0] = Some(Pence::new(10));
    let split = paid(&small, &SplitTarget::PerUser);
    assert_eq!(split, [(0, 0, 20), (0, 1, 70), (1, 0, 10), (1, 1, 50)]);
}

#[allow(clippy::cast_precision_loss)] // a few pence
fn float(pence: i64) -> f64 {
    pence as f64
}

/// The exact shares are possible, and no corner of what can be paid lies downhill from them: for a
/// convex distance that proves them nearest.
#[test]
fn no_payment_is_nearer_than_the_exact_one() {
    let mut rng = Random::new(9);
    let mut proved = 0;
    for _ in 0..12_000 {
        let mut small = random_case(&mut rng, Rules::All);
        small.bars.clear();
        let case = small.case();
        let Ok(settlement) = case.settlement() else { continue };
        let terms = &settlement.terms;
        let limits = Limits::of(&case, terms);
        let wanted = target::shares(&case, terms, &SplitTarget::PerUser);
        let shares = nearest::shares(&case, terms, &limits, &wanted);
        let Some(corners) = ledgers(&small, 3_000) else { continue };
        assert!(!corners.is_empty());
        for corner in &corners {
            let mut downhill = 0.0;
            for (item, data) in small.items.iter().enumerate() {
                for pot in 0..small.pots.len() {
                    let cost = float(data.cost.get());
                    let slope = shares[item][pot] - wanted[item][pot];
                    downhill += slope * (float(corner[item][pot]) - cost * shares[item][pot]);
                }
            }
            assert!(downhill > -1e-4, "{downhill} {small:#?}\n{shares:?}\n{corner:?}");
        }
        let payments = case.split(&SplitTarget::PerUser, None).unwrap();
        assert_valid(&small, &payments);
        let pots = small.pots.len();
        let mut totals = vec![[0.0; 2]; pots];
        let of = |item: usize, pot: usize| {
            let own = payments
                .iter()
                .filter(|payment| (payment.item as usize, payment.pot as usize) == (item, pot));
            float(own.map(|payment| payment.pence).sum::<Pence>().get())
        };
        for (item, data) in small.items.iter().enumerate() {
            for pot in 0..pots {
                let exact = shares[item][pot] * float(data.cost.get());
                assert!((of(item, pot) - exact).abs() < 1.002, "{small:#?}");
                totals[pot][0] += of(item, pot);
                totals[pot][1] += exact;
            }
        }
        assert!(totals.iter().all(|[paid, exact]| (paid - exact).abs() < 1.002));
        proved += 1;
    }
    assert!(proved > 2_000, "{proved}");
}
