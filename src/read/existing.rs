//! The section `existing`: the plan that stands by the end of a year.

use std::path::Path;

use crate::error::{Error, ErrorKind, Fault};
use crate::plan::standing;
use crate::read::files::{NoFile, open};
use crate::read::kinds::Wanted;
use crate::read::plan::read_plan;
use crate::read::section::Sink;
use crate::read::settings::Settings;

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
    settings.schedule.existing = Some(standing(&plan, through));
    Ok(())
}
