//! Forest and years together: what a schedule builds from a year on is taken back and planned anew.
//!
//! In: a schedule that its programmes can pay. Out: plans that keep what it has built by the end of a year and choose
//! everything after that again: at once with all the money that is left, and year by year.

use std::collections::BTreeSet;

use super::growth::grown;
use super::past::Past;
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::funding::PlanForest;
use crate::model::{ItemSort, Scenario};
use crate::network::Prepared;
use crate::observe::{Muted, Observer};
use crate::plan::{Item, Plan, Provenance, standing};

/// Plans that share the first years with one: with its places up to `open`, that of the first year planned anew. None
/// where what has been built by then cannot be stated as standing.
///
/// # Errors
///
/// As [`grown`].
pub fn regrown(
    prepared: &Prepared,
    scenario: &Scenario,
    plan: &Plan,
    open: usize,
    provenance: &Provenance,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<Plan>, Error> {
    let Some(&through) = open.checked_sub(1).and_then(|last| scenario.years.get(last)) else {
        return Ok(Vec::new());
    };
    let stands = scenario.altered(|other| {
        other.schedule.existing = Some(standing(plan, through));
    });
    let past = match Past::of(prepared, &stands) {
        Ok(past) => past,
        Err(error) if error.kind() == ErrorKind::Faults => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let half = effort.part(2);
    let at_once =
        past.planned(prepared, &stands, provenance.clone(), &half, &mut Muted(observer))?;
    let mut plans: Vec<Plan> = at_once.plan.into_iter().collect();
    // One year is the same either way.
    if open + 1 < scenario.years.len() && !effort.is_late() {
        plans.extend(grown(prepared, &stands, &past, &half, observer)?);
    }
    // What stands in this schedule alone need not: a trunk built ahead for others that no exchange reaches now is not built at all.
    for plan in &mut plans {
        let stray = stray_of(&stands, plan)?;
        plan.spans.retain(|span| {
            let stands = scenario.standing(ItemSort::Span, &span.id).is_some();
            stands || !stray.contains(&Item::Span(span.id.clone()))
        });
    }
    Ok(plans)
}

fn stray_of(scenario: &Scenario, plan: &Plan) -> Result<BTreeSet<Item>, Error> {
    let broken = |cause: String| Error::new(ErrorKind::Internal, format!("no forest: {cause}"));
    let forest = PlanForest::of(scenario, plan).map_err(broken)?;
    Ok(forest.stray.into_iter().collect())
}
