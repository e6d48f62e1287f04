//! The section `existing`: the plan that stands by the end of a year.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, ErrorKind, Fault};
use crate::model::{Existing, ItemSort, PaidBefore, Standing};
use crate::plan::{Item, Plan};
use crate::read::files::{NoFile, open};
use crate::read::kinds::Wanted;
use crate::read::plan::read_plan;
use crate::read::section::Sink;
use crate::read::settings::Settings;
use crate::units::Year;

/// Reads the plan that settings name, if they do.
///
/// # Errors
///
/// When the file is there and cannot be read.
pub(super) fn read_existing(
    settings: &mut Settings,
    sink: &Sink,
    folders: &[&Path],
) -> Result<(), Error> {
    const PATH: &str = "existing.plan";
    let Some((file, through)) = settings.existing.take() else { return Ok(()) };
    let input = match open(&file, folders, Wanted::Text) {
        Ok(input) => input,
        Err(NoFile::Error(error)) => return Err(error),
        Err(NoFile::Fault(fault)) => {
            sink.add(PATH, *fault);
            return Ok(());
        }
    };
    let plan = match read_plan(&input.path) {
        Ok(reading) => reading.plan,
        Err(error) if error.kind() == ErrorKind::Faults => {
            sink.faults.borrow_mut().extend(error.faults().iter().cloned());
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if plan.items().any(|(_, year)| year.is_none()) {
        let cause = "something in the plan has no year";
        let remedy = "give a plan of a scenario with years";
        sink.add(PATH, Fault::new("P164", cause, remedy).value(&file));
        return Ok(());
    }
    settings.schedule.existing = Some(until(&plan, through));
    Ok(())
}

/// What stands of a plan by the end of a year.
fn until(plan: &Plan, through: Year) -> Existing {
    let standing = |year: Option<Year>, cost| {
        year.filter(|&year| year <= through).map(|year| Standing { year, cost })
    };
    let mut existing = Existing::nothing(through);
    let own = plan.exchanges.iter();
    existing.exchanges =
        own.filter_map(|own| Some((own.id.clone(), standing(own.year, own.cost)?))).collect();
    let own = plan.spans.iter();
    existing.spans =
        own.filter_map(|own| Some((own.id.clone(), standing(own.year, own.cost)?))).collect();
    let own = plan.drops.iter();
    existing.drops =
        own.filter_map(|own| Some((own.building.clone(), standing(own.year, own.cost)?))).collect();
    let mut paid = BTreeMap::new();
    for payment in &plan.payments {
        let (sort, id) = match &payment.item {
            Item::Exchange(id) => (ItemSort::Exchange, id),
            Item::Span(id) => (ItemSort::Span, id),
            Item::Drop(id) => (ItemSort::Drop, id),
        };
        if existing.of(sort).contains_key(id) {
            *paid.entry((sort, id, &payment.programme)).or_default() += payment.pence;
        }
    }
    let of = |((sort, id, programme), pence): ((ItemSort, &String, &String), _)| PaidBefore {
        sort,
        id: id.clone(),
        programme: programme.clone(),
        pence,
    };
    existing.payments = paid.into_iter().map(of).collect();
    existing
}
