//! Price index and optimism bias raise every price, once and exactly.

use fibreplan::check::check;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::Pence;

use crate::scratch::Scratch;

#[test]
fn every_price_of_a_scenario_is_raised() {
    let scratch = Scratch::empty();
    let town = crate::project("data/market-town");
    for entry in std::fs::read_dir(&town).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), scratch.path().join(entry.file_name())).unwrap();
    }
    let plain = read_scenario(&town, &ReadOptions::default()).unwrap().scenario;
    let file = scratch.path().join("scenario.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let raised =
        text.replace("[rate_card]", "[rate_card]\nprice_index = 1.05\noptimism_bias = 0.2");
    std::fs::write(&file, raised).unwrap();
    let raised = read_scenario(scratch.path(), &ReadOptions::default()).unwrap().scenario;

    // 1.05 times 1.2 is 1.26; half a penny goes up.
    let up = |price: Pence| Pence::new((price.get() * 126 + 50).div_euclid(100));
    assert_eq!(raised.rate_card.drop, up(plain.rate_card.drop));
    let exchanges = |scenario: &fibreplan::model::Scenario| -> Vec<Pence> {
        scenario.tables.exchanges.rows.iter().map(|row| row.enable).collect()
    };
    assert_eq!(exchanges(&raised), exchanges(&plain).into_iter().map(up).collect::<Vec<_>>());
    for (name, method) in &plain.rate_card.methods {
        let rate = method.rate.ten_thousandths() * 126;
        let known = raised.rate_card.methods[name].rate.ten_thousandths();
        assert_eq!(known, (rate + 50).div_euclid(100), "{name}");
    }
    let outcome = solve(&raised, &SolveOptions::default()).unwrap();
    assert_eq!(check(&raised, outcome.plan.as_ref().unwrap()), vec![]);
    let cheaper = solve(&plain, &SolveOptions::default()).unwrap();
    let covers = |outcome: &fibreplan::plan::Outcome| outcome.coverage().unwrap().achieved.raw();
    assert!(covers(&outcome) < covers(&cheaper));
}
