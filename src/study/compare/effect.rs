//! What is proven about the difference that a change to the question makes.
//!
//! In: two outcomes with the same first objective. Out: between which values the difference of their best
//! plans lies. A plan is one point, and the best plan lies between it and its bound: a difference between
//! two plans that is smaller than their gaps may be the search's doing, not the policy's.

use crate::model::COST;
use crate::plan::{ObjectiveResult, Outcome};
use crate::units::{Amount, Pence, Weight};

/// What is proven of one question against another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The best plan of the second is better than that of the first.
    ProvenBetter,
    /// The best plan of the second is worse than that of the first.
    ProvenWorse,
    /// The best plans are equally good.
    ProvenEqual,
    /// The gaps are larger than the difference: either may be better.
    Undecided,
}

impl Verdict {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ProvenBetter => "proven_better",
            Self::ProvenWorse => "proven_worse",
            Self::ProvenEqual => "proven_equal",
            Self::Undecided => "undecided",
        }
    }
}

/// By how much the best plan of one question differs from that of another, in the first objective.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Effect {
    /// Name of the first objective.
    pub objective: String,
    /// By how much the second plan found is more, in thousandths of a weight or in pence.
    pub found: i64,
    /// The best plan of the second is more by at least this (less, where negative); `None` where nothing is
    /// proven.
    pub at_least: Option<i64>,
    /// And by at most this.
    pub at_most: Option<i64>,
    /// What follows.
    pub verdict: Verdict,
}

/// Between what is found and what is proven: where the best value lies.
struct Interval {
    least: Option<i64>,
    most: Option<i64>,
}

impl Interval {
    fn of(first: &ObjectiveResult) -> Self {
        let (achieved, bound) = (Some(first.achieved.raw()), first.bound.map(Amount::raw));
        if first.name == COST {
            Self { least: bound, most: achieved }
        } else {
            Self { least: achieved, most: bound }
        }
    }
}

impl Effect {
    /// What is proven of the second outcome against the first; `None` without two plans for the same first
    /// objective.
    #[must_use]
    pub fn between(from: &Outcome, to: &Outcome) -> Option<Self> {
        let (one, other) = (from.objectives.first()?, to.objectives.first()?);
        if one.name != other.name {
            return None;
        }
        let (before, after) = (Interval::of(one), Interval::of(other));
        let less = |a: Option<i64>, b: Option<i64>| a?.checked_sub(b?);
        let at_least = less(after.least, before.most);
        let at_most = less(after.most, before.least);
        let (up, down) = if one.name == COST {
            (Verdict::ProvenWorse, Verdict::ProvenBetter)
        } else {
            (Verdict::ProvenBetter, Verdict::ProvenWorse)
        };
        let verdict = match (at_least, at_most) {
            (Some(0), Some(0)) => Verdict::ProvenEqual,
            (Some(least), _) if least > 0 => up,
            (_, Some(most)) if most < 0 => down,
            _ => Verdict::Undecided,
        };
        let found = other.achieved.raw().saturating_sub(one.achieved.raw());
        Some(Self { objective: one.name.clone(), found, at_least, at_most, verdict })
    }

    /// Whether the difference is one of money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        [COST, crate::model::NET_BENEFIT].contains(&self.objective.as_str())
    }

    /// One of its differences in the unit of the objective.
    #[must_use]
    pub fn amount(&self, difference: i64) -> Amount {
        if self.is_money() {
            Amount::Money(Pence::new(difference))
        } else {
            Amount::Weight(Weight::from_thousandths(difference))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Parts, Provenance};
    use crate::status::Status;

    fn outcome(name: &str, achieved: i64, bound: Option<i64>) -> Outcome {
        let mut outcome = Outcome::new(Status::LimitReached, Provenance::default());
        let result = ObjectiveResult::unproven(name, achieved, Parts::default());
        outcome.objectives = vec![result.bounded(bound)];
        outcome
    }

    fn verdict(name: &str, from: (i64, Option<i64>), to: (i64, Option<i64>)) -> Verdict {
        let (from, to) = (outcome(name, from.0, from.1), outcome(name, to.0, to.1));
        let effect = Effect::between(&from, &to).unwrap();
        let back = Effect::between(&to, &from).unwrap();
        assert_eq!(effect.at_least.map(|least| -least), back.at_most);
        effect.verdict
    }

    #[test]
    fn a_difference_within_the_gaps_is_undecided() {
        for (from, to, expected) in [
            ((24, Some(26)), (25, Some(28)), Verdict::Undecided),
            ((24, Some(25)), (26, Some(28)), Verdict::ProvenBetter),
            ((24, Some(25)), (20, Some(23)), Verdict::ProvenWorse),
            ((24, Some(24)), (24, Some(24)), Verdict::ProvenEqual),
            ((24, Some(24)), (24, Some(25)), Verdict::Undecided),
            ((24, None), (90, Some(90)), Verdict::Undecided),
            ((24, Some(30)), (90, None), Verdict::ProvenBetter),
        ] {
            assert_eq!(verdict("patients", from, to), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn a_lower_cost_is_better() {
        assert_eq!(verdict(COST, (500, Some(450)), (440, Some(400))), Verdict::ProvenBetter);
        assert_eq!(verdict(COST, (500, Some(430)), (440, Some(400))), Verdict::Undecided);
        assert_eq!(verdict(COST, (440, Some(400)), (500, Some(450))), Verdict::ProvenWorse);
    }

    #[test]
    fn other_objectives_and_missing_plans_are_not_compared() {
        let patients = outcome("patients", 1, Some(1));
        assert_eq!(Effect::between(&patients, &outcome("sites", 1, Some(1))), None);
        let none = Outcome::new(Status::Infeasible, Provenance::default());
        assert_eq!(Effect::between(&patients, &none), None);
    }
}
