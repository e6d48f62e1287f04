//! Rules that are read and judged, but that this version cannot plan with: refused, never ignored.

use crate::error::{Error, Fault};
use crate::model::{Objective, Scenario};

/// Refuses a scenario that asks for more than the search can promise.
///
/// # Errors
///
/// One fault a rule (O150 to O153), each with what to do instead.
pub fn refuse_what_is_not_planned(scenario: &Scenario) -> Result<(), Error> {
    let rules = &scenario.rules;
    let mut faults = Vec::new();
    let mut refuse = |code, present: bool, field: &str, cause: &str, remedy: &str| {
        if present {
            faults.push(Fault::new(code, cause, remedy).at("scenario.toml", None, field));
        }
    };
    refuse(
        "O150",
        matches!(scenario.objective, Objective::MinimiseCostFor { .. }),
        "objective.minimise_cost_for",
        "least cost for a target is not planned yet",
        "use objective.maximise with a budget",
    );
    refuse(
        "O151",
        !rules.groups.is_empty(),
        "rules.groups",
        "all-or-nothing groups are not planned yet",
        "require or forbid the sites one by one",
    );
    refuse(
        "O152",
        !rules.limits.is_empty(),
        "rules.limits",
        "floors and quotas are not planned yet",
        "give the quota a programme of its own",
    );
    refuse(
        "O153",
        rules.max_reach_mm.is_some() || rules.max_hops.is_some(),
        "rules.max_reach_m",
        "limits on the route are not planned yet",
        "leave them out; sites.csv lists the length of each route",
    );
    if faults.is_empty() { Ok(()) } else { Err(Error::from_faults(faults)) }
}

/// The error of a scenario with more programmes than the search can count the sets of.
pub fn too_many_programmes() -> Error {
    let cause =
        format!("more than {} programmes cannot be planned together", super::joint::MOST_POTS);
    let fault = Fault::new("O154", cause, "merge programmes that have the same rules");
    Error::from_faults(vec![fault.at("scenario.toml", None, "programmes")])
}
