//! Rented ducts: rents are capitalised in prices and shown apart.

use std::fs;

use fibreplan::check::check;
use fibreplan::internals::random::Random;
use fibreplan::model::{Method, Price, Rent, price_piece, rent_of_piece};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::{BuildStep, Running, build_list};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Millimetres, Pence, Rate, Share};

use crate::scratch::Scratch;

#[test]
fn rents_add_up_and_are_part_of_the_price() {
    let scratch = Scratch::base("spans");
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let rent =
        "gbp_per_m = 4.75, rent_gbp_per_m_year = 0.86, rent_years = 20, discount_rate = 0.035";
    let text = text
        .replace("gbp_per_m = 25.00", rent)
        .replace("file = \"spans", "snap_limit_m = 20000\nfile = \"spans");
    fs::write(&path, text).unwrap();
    let scenario = read_scenario(scratch.path(), &ReadOptions::new()).unwrap().scenario;
    let method = &scenario.rate_card.methods["verge"];
    assert_eq!(method.rate.to_string(), "16.9727");
    let plan = solve(&scenario, &SolveOptions::default()).unwrap().plan.unwrap();
    assert_eq!(check(&scenario, &plan), vec![]);
    let rows = build_list(&scenario, &plan);
    let running = Running::of_plan(&scenario, &plan);
    let of = |kind: BuildStep| {
        rows.iter().filter(move |row| row.kind == kind).map(|row| row.rent).sum::<Pence>()
    };
    assert!(running.per_year > Pence::ZERO);
    for kind in
        [BuildStep::Span, BuildStep::MethodSubtotal, BuildStep::ExchangeSubtotal, BuildStep::Total]
    {
        assert_eq!(of(kind), running.per_year);
    }
    // The span with a price of its own pays no rent; the others do by the metre.
    let own = plan
        .spans
        .iter()
        .find(|span| span.source_id.as_ref().is_some_and(|id| id.starts_with('g')));
    assert!(own.is_none_or(|own| Running::of_span(&scenario, own) == Running::default()));
    let rented = plan.spans.iter().find(|span| span.source_id.as_deref() == Some("R1")).unwrap();
    let expected = price_piece(
        Price::PerMetre(Rate::from_pounds_per_metre("0.86").unwrap()),
        rented.from.unwrap(),
        rented.to.unwrap(),
    );
    assert_eq!(Running::of_span(&scenario, rented).per_year, expected);
}

#[test]
fn rents_stay_exact_however_a_span_is_cut() {
    let mut rng = Random::new(7);
    for _ in 0..2_000 {
        let rate = |rng: &mut Random| Rate::from_ten_thousandths(rng.between(0, 99_999));
        let discount = Share::from_text("0.035").unwrap();
        let rent = Rent { per_year: rate(&mut rng), years: 1 + rng.below(40), discount };
        let method = Method::rented(rate(&mut rng), rent);
        let mut cuts: Vec<u64> = (0..6).map(|_| u64::from(rng.below(90_000))).collect();
        cuts.sort_unstable();
        let mm = Millimetres::new;
        let whole = rent_of_piece(None, &method, mm(cuts[0]), mm(cuts[5]));
        let pieces =
            cuts.windows(2).map(|cut| rent_of_piece(None, &method, mm(cut[0]), mm(cut[1])));
        let sum =
            pieces.fold([Pence::ZERO; 2], |sum, piece| [sum[0] + piece[0], sum[1] + piece[1]]);
        assert_eq!(sum, whole);
    }
}
