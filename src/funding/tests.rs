//! The cases with known answers and comparisons by the thousand.

use crate::funding::oracle::{Rules, Small, assert_valid, can_be_paid, random_case};
use crate::funding::{
    ItemKind, Pooling, PotBar, PotSet, SetCondition, ShortSet, Shortfall, Verdict,
};
use crate::random::Random;
use crate::units::{Pence, Share};

fn pots(pots: &[usize]) -> PotSet {
    PotSet::of(pots.iter().copied())
}

fn short(small: &Small) -> Option<Shortfall> {
    match small.case().settle() {
        Verdict::Fundable(payments) => {
            assert_valid(small, &payments);
            None
        }
        Verdict::Short(shortfall) => Some(shortfall),
        other => panic!("{other:?}"),
    }
}

fn shared_trunk(budgets: &[i64]) -> Small {
    let mut small = Small::new(budgets);
    let trunk = small.span(100, None);
    small.drop(10, Some(trunk), &[0]);
    small.drop(20, Some(trunk), &[1]);
    small
}

#[test]
fn a_trunk_is_shared_but_a_drop_is_its_own() {
    assert_eq!(short(&shared_trunk(&[60, 70])), None);
    let cut = Shortfall { pots: pots(&[0]), items: vec![1], short: Pence::new(1) };
    assert_eq!(short(&shared_trunk(&[9, 200])), Some(cut));
}

#[test]
fn a_site_without_weight_can_make_a_trunk_payable() {
    let mut alone = Small::new(&[10, 1010]);
    let trunk = alone.span(1000, None);
    alone.drop(10, Some(trunk), &[0]);
    assert!(short(&alone).is_some());
    alone.drop(10, Some(trunk), &[1]);
    assert_eq!(short(&alone), None);
}

#[test]
fn a_site_eligible_for_nobody_may_only_ride() {
    for (cost, missing) in [(10, Some(10)), (0, None)] {
        let mut small = Small::new(&[100]);
        let trunk = small.span(7, None);
        small.drop(1, Some(trunk), &[0]);
        let rider = small.drop(cost, Some(trunk), &[]);
        let cut = missing.map(|short| Shortfall {
            pots: PotSet::EMPTY,
            items: vec![rider],
            short: Pence::new(short),
        });
        assert_eq!(short(&small), cut);
    }
}

#[test]
fn rates_round_up_so_that_halves_make_a_whole() {
    let mut small = Small::new(&[1000, 1000]);
    for pot in &mut small.pots {
        pot.rate = Share::from_text("0.5").unwrap();
    }
    small.drop(101, None, &[0, 1]);
    assert_eq!(short(&small), None);
    let mut one = Small::new(&[1000]);
    one.pots[0].rate = Share::from_text("0.5").unwrap();
    one.drop(100, None, &[0]);
    assert_eq!(short(&one).unwrap().short, Pence::new(50));
}

#[test]
fn two_of_three_pots_fall_short_together() {
    let mut small = Small::new(&[4, 4, 4]);
    small.drop(9, None, &[0, 1]);
    let cut = Shortfall { pots: pots(&[0, 1]), items: vec![0], short: Pence::new(1) };
    assert_eq!(short(&small), Some(cut));
}

#[test]
fn money_capped_by_site_follows_the_path() {
    for (caps, fundable) in [([500, 500], false), ([600, 600], true), ([500, 700], true)] {
        let mut path = Small::new(&[10_000]);
        let first = path.span(600, None);
        path.drop(0, Some(first), &[0]);
        let second = path.span(600, Some(first));
        path.drop(0, Some(second), &[0]);
        path.cap_all(0, Pooling::Site, caps[0]);
        path.drops[1].1.caps[0] = Some(Pence::new(caps[1]));
        assert_eq!(short(&path).is_none(), fundable, "{caps:?}");
    }
}

#[test]
fn a_pooled_cap_pays_a_long_arm_and_a_site_cap_does_not() {
    let star = |pooling| {
        let mut star = Small::new(&[10_000]);
        for arm in [1000, 1, 1] {
            let arm = star.span(arm, None);
            star.drop(0, Some(arm), &[0]);
        }
        star.cap_all(0, pooling, 400);
        short(&star).is_none()
    };
    assert!(star(Pooling::Programme));
    assert!(!star(Pooling::Site));
}

#[test]
fn pots_barred_from_one_item_are_a_partition() {
    let drops = |budgets: &[i64], barred: bool| {
        let mut small = Small::new(budgets);
        for _ in 0..3 {
            small.drop(4, None, &[0, 1]);
        }
        if barred {
            small.bars.push(PotBar { pots: [0, 1], by_site: false });
        }
        short(&small).is_none()
    };
    assert!(drops(&[6, 6], false));
    assert!(!drops(&[6, 6], true));
    assert!(drops(&[8, 4], true));
}

#[test]
fn pots_barred_from_one_site_share_a_trunk_by_their_own_sites() {
    let trunk = |sites: usize| {
        let mut small = Small::new(&[60, 60]);
        small.bars.push(PotBar { pots: [0, 1], by_site: true });
        let trunk = small.span(100, None);
        for _ in 0..sites {
            small.drop(0, Some(trunk), &[0, 1]);
        }
        short(&small).is_none()
    };
    assert!(!trunk(1), "one site is claimed by one pot");
    assert!(trunk(2), "each pot claims a site");
}

#[test]
fn a_pot_below_its_minimum_outputs_pays_nothing() {
    let mut small = Small::new(&[100]);
    small.drop(5, None, &[0]);
    small.pots[0].min_sites = 2;
    assert_eq!(short(&small).unwrap().short, Pence::new(5));
    small.pots[0].min_sites_required = true;
    assert!(matches!(small.case().settle(), Verdict::TooFewSites(_)));
    small.drop(5, None, &[0]);
    assert_eq!(short(&small), None);
}

#[test]
fn nothing_costs_nothing() {
    let small = Small::new(&[0]);
    assert_eq!(small.case().settle(), Verdict::Fundable(Vec::new()));
}

#[test]
fn settling_agrees_with_the_definition() {
    let mut rng = Random::new(1);
    let mut fundable = 0;
    for _ in 0..6_000 {
        let small = random_case(&mut rng, Rules::All);
        let verdict = small.case().settle();
        let found = matches!(verdict, Verdict::Fundable(_));
        assert_ne!(verdict, Verdict::Undecided);
        assert_eq!(found, can_be_paid(&small), "{small:#?}\n{verdict:?}");
        if let Verdict::Fundable(payments) = verdict {
            assert_valid(&small, &payments);
            fundable += 1;
        }
    }
    assert!((1_000..5_000).contains(&fundable), "{fundable}");
}

#[test]
fn the_set_condition_equals_the_flow() {
    let mut rng = Random::new(2);
    let mut fundable = 0;
    for _ in 0..5_000 {
        let small = random_case(&mut rng, Rules::Plain);
        let pots: Vec<_> = small.pots.iter().map(|pot| (pot.available, pot.rate)).collect();
        let condition = SetCondition::new(&pots).unwrap();
        let mut need = condition.nothing();
        let case = small.case();
        let payers = case.payers().unwrap();
        for (item, payers) in small.items.iter().zip(payers) {
            condition.add(&mut need, payers, item.cost);
        }
        match case.settle() {
            Verdict::Fundable(_) => {
                fundable += 1;
                assert!(condition.is_met(&need), "{small:#?}");
            }
            Verdict::Short(Shortfall { pots, short, .. }) => {
                assert_eq!(condition.worst(&need), Some(ShortSet { pots, short }), "{small:#?}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!((500..4_500).contains(&fundable), "{fundable}");
}

#[test]
fn what_caps_by_site_can_pay_a_pooled_cap_can() {
    let mut rng = Random::new(3);
    for _ in 0..3_000 {
        let mut small = random_case(&mut rng, Rules::All);
        small.bars.clear();
        if small.case().is_fundable() == Some(true) {
            for pot in &mut small.pots {
                if pot.pooling != Pooling::Uncapped {
                    pot.pooling = Pooling::Programme;
                }
            }
            assert_eq!(small.case().is_fundable(), Some(true), "{small:#?}");
        }
    }
}

#[test]
fn an_unused_span_has_nobody_to_pay_it() {
    let mut small = Small::new(&[100]);
    let trunk = small.item(ItemKind::Exchange, 3, None);
    small.drop(1, Some(trunk), &[0]);
    let unused = small.span(2, Some(trunk));
    let cut = Shortfall { pots: PotSet::EMPTY, items: vec![unused], short: Pence::new(2) };
    assert_eq!(short(&small), Some(cut));
}
