//! Why the search found no plan, in words with codes.

use crate::joint::NoPlan;
use crate::model::{Programme, Scenario};
use crate::units::{Amount, Pence};

/// What the search itself says of why there is no plan; nothing where there is one.
pub fn in_words(scenario: &Scenario, no_plan: Option<NoPlan>) -> Vec<String> {
    let words = |reason: NoPlan| {
        match reason {
        NoPlan::BeyondAllMoney => {
            "I401: the required sites cannot all be connected for the money of all programmes together"
                .to_owned()
        }
        NoPlan::NotFound => {
            "I402: no plan was found that keeps the rules and that the programmes can pay for"
                .to_owned()
        }
        NoPlan::NotLookedFor => "I404: time was up before a plan was looked for".to_owned(),
        NoPlan::BeyondThePots => {
            "I403: the programmes cannot pay for what is required under the rules, whatever else is \
             built"
                .to_owned()
        }
        NoPlan::BelowTarget => {
            "I422: all sites that can be connected do not add up to the target, whatever the money; lower it, \
             or widen the network or an eligibility"
                .to_owned()
        }
        NoPlan::TargetBeyondAllMoney(least) => {
            let money = scenario.programmes.iter().map(Programme::available).sum();
            let (least, money) = (Amount::Money(Pence::new(least)), Amount::Money(money));
            format!(
                "I423: the target costs at least {least}, and all programmes together have {money}"
            )
        }
    }
    };
    no_plan.map(words).into_iter().collect()
}
