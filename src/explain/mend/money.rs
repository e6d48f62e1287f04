//! The money that would pay for a plan which the programmes cannot pay.
//!
//! In: the cheapest plan found of what is required. Out: raises of budgets that are enough for it, least
//! in sum: what a flow falls short by is what every raise must add at least, so one budget that takes all
//! of it is tried first, then several. A raise is only stated when the whole plan then passes `check`.

use crate::check::check;
use crate::engine::Demand;
use crate::funding::{SetCondition, Unfundable, can_fund, fund};
use crate::ids::BuildingIx;
use crate::joint::MOST_POTS;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::{Plan, Raise};
use crate::question::{Question, payers_of};
use crate::units::{Amount, Pence, Share};

/// How many times, at most, the pots that a plan falls short of are raised together.
const ROUNDS: usize = 16;

/// What would make a plan payable.
#[derive(Clone, Debug, PartialEq)]
pub enum Mend {
    /// More money: by programme, in the order of the scenario, added to its budget.
    Money(Vec<Pence>),
    /// Money alone does not do it, for this reason.
    Rule(String),
}

impl Mend {
    /// No money for any of so many programmes.
    fn nothing(programmes: usize) -> Vec<Pence> {
        vec![Pence::ZERO; programmes]
    }

    /// The raises by programme id; none where a rule stands in the way.
    pub fn raises(&self, scenario: &Scenario) -> Vec<Raise> {
        let Self::Money(money) = self else { return Vec::new() };
        let raised =
            scenario.programmes.iter().zip(money).filter(|(_, pence)| **pence > Pence::ZERO);
        let raise = |(programme, &pence): (&crate::model::Programme, &Pence)| Raise {
            programme: programme.id.clone(),
            pence,
        };
        raised.map(raise).collect()
    }
}

/// What would make a plan payable.
pub fn mend(scenario: &Scenario, plan: &Plan) -> Mend {
    let count = scenario.programmes.len();
    let (programmes, short) = match shortfall(scenario, plan) {
        Ok(short) => short,
        Err(reason) => return Mend::Rule(reason),
    };
    let alone = programmes.iter().find_map(|&place| {
        let mut money = Mend::nothing(count);
        money[place] = budget_for(scenario, place, short)?;
        can_fund(&raised(scenario, &money), plan).is_ok().then_some(money)
    });
    let money = match alone {
        Some(money) => money,
        None => match together(scenario, plan) {
            Ok(money) => money,
            Err(reason) => return Mend::Rule(reason),
        },
    };
    if money.iter().all(|&more| more == Pence::ZERO) {
        return Mend::Rule("whether the programmes can pay for it was not decided".to_owned());
    }
    let after = raised(scenario, &money);
    let violations = match fund(&after, plan) {
        Ok(funding) => check(&after, &funding.complete(plan)),
        Err(unfundable) => return Mend::Rule(unfundable.to_string()),
    };
    match violations.first() {
        Some(first) => Mend::Rule(first.to_string()),
        None => Mend::Money(money),
    }
}

/// The programmes that would pay more if they had more, and what is missing; or why money is not it.
fn shortfall(scenario: &Scenario, plan: &Plan) -> Result<(Vec<usize>, Pence), String> {
    match can_fund(scenario, plan) {
        Ok(()) => Ok((Vec::new(), Pence::ZERO)),
        Err(Unfundable::Short { programmes, short, .. }) if !programmes.is_empty() => {
            let place = |id: &String| scenario.programmes.iter().position(|own| own.id == *id);
            Ok((programmes.iter().filter_map(place).collect(), short))
        }
        Err(other) => Err(other.to_string()),
    }
}

/// Raises several budgets: first all that fall short by all that is missing, then each back to what is
/// needed, the last first.
fn together(scenario: &Scenario, plan: &Plan) -> Result<Vec<Pence>, String> {
    let mut money = Mend::nothing(scenario.programmes.len());
    for _ in 0..ROUNDS {
        let now = raised(scenario, &money);
        let (programmes, short) = shortfall(&now, plan)?;
        if programmes.is_empty() {
            break;
        }
        for place in programmes {
            money[place] += budget_for(&now, place, short).unwrap_or(Pence::ZERO);
        }
    }
    for place in (0..money.len()).rev() {
        let enough = |pence: i64, money: &[Pence]| {
            let mut money = money.to_vec();
            money[place] = Pence::new(pence);
            can_fund(&raised(scenario, &money), plan).is_ok()
        };
        money[place] = Pence::new(least(money[place].get(), |pence| enough(pence, &money)));
    }
    Ok(money)
}

/// The least amount that is enough, known to be so at `most`; enough stays enough above it.
fn least(most: i64, enough: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = i64::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

/// What a programme's budget must grow by for so much more on items; `None` where overhead eats all.
fn budget_for(scenario: &Scenario, place: usize, more: Pence) -> Option<Pence> {
    let count = scenario.programmes.len();
    let available = |pence: i64| {
        let mut money = Mend::nothing(count);
        money[place] = Pence::new(pence);
        raised(scenario, &money).programmes[place].available()
    };
    let wanted = available(0) + more;
    let most = (0..20).map(|doubling| more.get() << doubling);
    let most = most.into_iter().find(|&pence| available(pence) >= wanted)?;
    Some(Pence::new(least(most, |pence| available(pence) >= wanted)))
}

/// The scenario with more money in its programmes.
fn raised(scenario: &Scenario, money: &[Pence]) -> Scenario {
    scenario.altered(|raised| {
        for (programme, &more) in raised.programmes.iter_mut().zip(money) {
            programme.budget = programme.budget.raised(more);
        }
    })
}

/// A mend as a sentence. `least` is what all budgets together must grow by in any case.
pub fn in_words(scenario: &Scenario, plan: &Plan, mend: &Mend, least: Pence) -> String {
    let cost = Amount::Money(plan.cost());
    let money = match mend {
        Mend::Money(money) => money,
        Mend::Rule(reason) => {
            return format!(
                "Mend: none by money alone was found; the cheapest plan found of what is required costs \
                 {cost}, but {reason}"
            );
        }
    };
    let raises = mend.raises(scenario);
    let words: Vec<String> = raises
        .iter()
        .map(|raise| format!("{} more for {}", Amount::Money(raise.pence), raise.programme))
        .collect();
    let sum: Pence = money.iter().copied().sum();
    let proof = if sum == least { "; no less will do" } else { "" };
    format!(
        "Mend: {} is enough for the cheapest plan found of what is required, which costs {cost}{proof}",
        words.join(" and ")
    )
}

/// Where the drops of required sites alone cost more than the programmes have that may pay for them.
pub fn drops_alone(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Vec<String> {
    let pots: Vec<(Pence, Share)> =
        scenario.programmes.iter().map(|own| (own.available(), Share::ONE)).collect();
    let Some(condition) = SetCondition::new(&pots).filter(|_| pots.len() <= MOST_POTS) else {
        return Vec::new();
    };
    let pay_drops = payers_of(scenario, |pays| pays.drop);
    let mut need = condition.nothing();
    for (place, terms) in question.building_terms.iter().enumerate() {
        let building = BuildingIx::new(place);
        if question.instance.demands[question.leaf(building) as usize] == Demand::Required {
            let payers = terms.payers.and(pay_drops);
            condition.add(&mut need, payers, prepared.drop_price(building, &scenario.rate_card));
        }
    }
    let reason = |short: crate::funding::ShortSet| {
        let ids: Vec<&str> =
            short.pots.iter().map(|pot| scenario.programmes[pot].id.as_str()).collect();
        format!(
            "I416: the drops of required sites that only {} may pay for cost {} more than there is",
            ids.join(" and "),
            Amount::Money(short.short)
        )
    };
    condition.worst(&need).map(reason).into_iter().collect()
}
