//! What is wrong with the programmes of a scenario.

use crate::error::{Fault, Subject};
use crate::model::clause_faults::clause_faults;
use crate::model::found::Found;
use crate::model::suggestion;
use crate::model::{Budget, CapScope, PaysFor, Programme, ScenarioParts};
use crate::units::{Amount, MAX_AMOUNT, Pence, Share, Year};

/// The most programmes a scenario may have: sets of them are counted by the bits of a number.
pub const MOST_PROGRAMMES: usize = 64;

/// The fault of more programmes than [`MOST_PROGRAMMES`].
#[must_use]
pub(crate) fn too_many_programmes(count: usize) -> Option<Fault> {
    let count_of = Amount::count(count);
    let cause =
        format!("there are {count_of} programmes, more than the {MOST_PROGRAMMES} that can pay");
    let fault = Fault::new("O154", cause, "merge programmes that have the same rules");
    (count > MOST_PROGRAMMES).then_some(fault)
}

/// Adds the faults of every programme; of too many nothing else is said.
pub(crate) fn programme_faults(scenario: &ScenarioParts, found: &mut Found) {
    if let Some(fault) = too_many_programmes(scenario.programmes.len()) {
        found.add("programmes", fault);
        return;
    }
    if scenario.programmes.is_empty() {
        let remedy = "state at least one [[programmes]] with id, budget_gbp and eligible";
        found.add("programmes", Fault::new("P120", "there is no programme to pay", remedy));
    }
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let path = format!("programmes[{}]", place + 1);
        identity(scenario, place, &path, found);
        budget(scenario, programme, &path, found);
        terms(programme, &path, found);
        clause_faults(&programme.eligible, &scenario.tables, &format!("{path}.eligible"), found);
        group_column(scenario, programme, &path, found);
        bars(scenario, programme, &path, found);
        window(scenario, programme, &path, found);
    }
}

fn identity(scenario: &ScenarioParts, place: usize, path: &str, found: &mut Found) {
    let id = &scenario.programmes[place].id;
    if id.is_empty() {
        let fault =
            Fault::new("P121", "the programme has no id", "give it a short one, such as lffn");
        found.add(&format!("{path}.id"), fault);
    } else if scenario.programmes[..place].iter().any(|other| other.id == *id) {
        let fault =
            Fault::new("P122", "another programme has this id", "give each programme its own");
        found.add(&format!("{path}.id"), fault.value(id));
    }
}

fn budget(scenario: &ScenarioParts, programme: &Programme, path: &str, found: &mut Found) {
    let amounts: Vec<Pence> = match &programme.budget {
        Budget::Total(total) => vec![*total],
        Budget::ByYear { by_year, .. } => {
            for year in by_year.keys() {
                known_year(scenario, *year, &format!("{path}.budget_by_year_gbp"), found);
            }
            by_year.values().copied().collect()
        }
    };
    let sum: i128 = amounts.iter().map(|amount| i128::from(amount.get())).sum();
    let negative = amounts.iter().any(|&amount| amount < Pence::ZERO);
    if negative || sum > i128::from(MAX_AMOUNT.get()) {
        let fault = Fault::new(
            "P123",
            "the budget is not between 0 and 1,000,000,000 pounds",
            "state it in pounds",
        );
        found.add(&format!("{path}.budget_gbp"), fault);
    }
}

/// Adds the fault of a year that the scenario has not.
pub(crate) fn known_year(scenario: &ScenarioParts, year: Year, path: &str, found: &mut Found) {
    if !scenario.years.contains(&year) {
        let years: Vec<String> = scenario.years.iter().map(Year::to_string).collect();
        let remedy = if years.is_empty() {
            "list it under `years`".to_owned()
        } else {
            format!("list it under `years`, or use one of: {}", years.join(", "))
        };
        let fault = Fault::new("P103", "the scenario has no such year", remedy);
        found.add(path, fault.value(year.to_string()));
    }
}

fn terms(programme: &Programme, path: &str, found: &mut Found) {
    let PaysFor { drop, span, exchange } = programme.pays_for;
    if !(drop || span || exchange) {
        let fault =
            Fault::new("P124", "the programme pays for nothing", "list drop, span or exchange");
        found.add(&format!("{path}.pays_for"), fault);
    }
    if programme.intervention_rate == Share::ZERO {
        let fault = Fault::new("P125", "at a rate of 0 it pays nothing", "state a rate above 0");
        found.add(&format!("{path}.intervention_rate"), fault.value("0"));
    }
    if programme.cap_scope != CapScope::Site && programme.cap.is_none() {
        let fault = Fault::new(
            "P126",
            "a cap scope without a cap has no effect",
            "state cap_gbp, or drop it",
        );
        found.add(&format!("{path}.cap_scope"), fault);
    }
    let caps = programme.cap.by_kind.values().chain(&programme.cap.any);
    for cap in caps.filter(|&&cap| cap < Pence::ZERO || cap > MAX_AMOUNT) {
        let fault = Fault::new(
            "P127",
            "the cap is not between 0 and 1,000,000,000 pounds",
            "state it in pounds",
        );
        found.add(&format!("{path}.cap_gbp"), fault.value(cap.to_string()));
    }
}

fn group_column(scenario: &ScenarioParts, programme: &Programme, path: &str, found: &mut Found) {
    let CapScope::Group { column } = &programme.cap_scope else { return };
    let columns = &scenario.tables.sites.columns;
    if !columns.contains(column) {
        let remedy = suggestion(column, columns.iter().map(String::as_str));
        let fault = Fault::new("P110", "the table has no such column", remedy);
        let fault = fault.about(Subject::SiteTable);
        found.add(&format!("{path}.group_column"), fault.value(column));
    }
}

fn bars(scenario: &ScenarioParts, programme: &Programme, path: &str, found: &mut Found) {
    for bar in &programme.not_with {
        let path = format!("{path}.not_with");
        if bar.programme == programme.id {
            let fault =
                Fault::new("P128", "a programme cannot be barred from itself", "name another");
            found.add(&path, fault.value(&bar.programme));
        } else if !scenario.programmes.iter().any(|other| other.id == bar.programme) {
            let ids = scenario.programmes.iter().map(|other| other.id.as_str());
            let fault =
                Fault::new("P129", "there is no such programme", suggestion(&bar.programme, ids));
            found.add(&path, fault.value(&bar.programme));
        }
    }
}

fn window(scenario: &ScenarioParts, programme: &Programme, path: &str, found: &mut Found) {
    let Some((first, last)) = programme.window else { return };
    let path = format!("{path}.window");
    known_year(scenario, first, &path, found);
    if last != first {
        known_year(scenario, last, &path, found);
    }
    if first > last {
        let fault =
            Fault::new("P104", "the window ends before it begins", "exchange the two years");
        found.add(&path, fault.value(format!("{first} to {last}")));
    }
}
