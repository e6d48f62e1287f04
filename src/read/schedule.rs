//! The section `schedule`: what is asked of the years.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::{
    Earliness, Limit, PriceLevel, Quantity, SITES, ScheduleRules, YearAmount, YearFloor, YearLimit,
};
use crate::read::clauses::{ColumnNames, clause_at, theirs};
use crate::read::programmes::year;
use crate::read::section::Section;
use crate::units::Year;

/// Reads the section; nothing is asked where there is none.
pub(crate) fn schedule(whole: &Section<'_>, names: &ColumnNames) -> ScheduleRules {
    let Some(table) = whole.checked("schedule", "schedule") else {
        return ScheduleRules::default();
    };
    let column = |key: &str| table.text(key).map(|column| theirs(column, names));
    ScheduleRules {
        nested: table.flag("nested").unwrap_or(false),
        earliest: table.checked("earliest", "schedule.earliest").and_then(|own| earliness(&own)),
        limits: table.sections("limits").iter().filter_map(|own| limit(own, names)).collect(),
        floors: table.sections("floors").iter().filter_map(|own| floor(own, names)).collect(),
        not_before_column: column("not_before_column"),
        by_column: column("by_column"),
        not_before: years_by_id(&table, "not_before"),
        by: years_by_id(&table, "by"),
        exchange_ready: years_by_id(&table, "exchange_ready"),
        price_index: price_index(&table),
        // Its plan is read with the tables.
        existing: None,
    }
}

/// The file of the plan, and the last year that is over.
pub(crate) fn existing(whole: &Section<'_>) -> Option<(String, Year)> {
    let table = whole.checked("existing", "existing")?;
    let file = table.need_text("plan", "name the plan that stands, such as last-year/plan.json");
    let through = table.need_text("through", "name the last year that is over");
    let through = through.and_then(|text| year(&table, "through", text));
    Some((file?.to_owned(), through?))
}

fn earliness(table: &Section<'_>) -> Option<Earliness> {
    match (table.has("discount"), table.has("weights")) {
        (true, false) => table.share("discount").map(Earliness::Discount),
        (false, true) => {
            let weights = table.section("weights")?;
            let of = |name: &str| Some((year(&weights, name, name)?, weights.share(name)?));
            Some(Earliness::Weights(weights.names().filter_map(of).collect()))
        }
        (both, _) => {
            let cause = if both {
                "what early coverage counts is stated twice"
            } else {
                "nothing says what early coverage counts"
            };
            let remedy = "state either discount = 0.035 or weights by year";
            table.fault("", Fault::new("P150", cause, remedy));
            None
        }
    }
}

/// Years by the ids that are the keys of a table.
fn years_by_id(section: &Section<'_>, key: &str) -> BTreeMap<String, Year> {
    let Some(table) = section.section(key) else { return BTreeMap::new() };
    let of = |id: &str| {
        let text = table.text(id)?;
        Some((id.to_owned(), year(&table, id, text)?))
    };
    table.names().filter_map(of).collect()
}

/// Prices by year; what is out of range is for the model to say.
fn price_index(section: &Section<'_>) -> BTreeMap<Year, PriceLevel> {
    let Some(table) = section.section("price_index") else { return BTreeMap::new() };
    let of = |name: &str| {
        let level = u32::try_from(table.millionths(name)?).unwrap_or(u32::MAX);
        Some((year(&table, name, name)?, PriceLevel::from_millionths(level)))
    };
    table.names().filter_map(of).collect()
}

fn limit(table: &Section<'_>, names: &ColumnNames) -> Option<YearLimit> {
    table.check_keys("schedule.limits[]");
    let of_year = match table.text("year") {
        Some(text) => Some(year(table, "year", text)?),
        None => None,
    };
    let amounts = [
        table.metres("metres").map(YearAmount::Metres),
        table.money("pounds").map(YearAmount::Pounds),
        table.count("buildings").map(YearAmount::Buildings),
    ];
    let stated = ["metres", "pounds", "buildings"].iter().filter(|key| table.has(key)).count();
    if stated != 1 {
        let remedy =
            "state one of metres, pounds and buildings; a second one is a limit of its own";
        let cause = match stated {
            0 => "the limit states no amount".to_owned(),
            _ => format!("the limit states {stated} amounts"),
        };
        table.fault("", Fault::new("P151", cause, remedy));
    }
    Some(YearLimit {
        year: of_year,
        clause: clause_at(table, "where", names),
        at_most: amounts.into_iter().flatten().next()?,
    })
}

fn floor(table: &Section<'_>, names: &ColumnNames) -> Option<YearFloor> {
    table.check_keys("schedule.floors[]");
    let weight = table.need_text("weight", "name a weight, or \"sites\"").unwrap_or(SITES);
    let by = table.need_text("by", "name the year by whose end the floor holds");
    let by = by.and_then(|text| year(table, "by", text));
    let (least, share) = (table.weight("at_least"), table.share("at_least_share"));
    if table.has("at_least") == table.has("at_least_share") {
        let cause = if share.is_some() {
            "the floor states two amounts"
        } else {
            "the floor states no amount"
        };
        table.fault("", Fault::new("P152", cause, "state either at_least or at_least_share"));
    }
    Some(YearFloor {
        by: by?,
        share,
        limit: Limit {
            clause: clause_at(table, "where", names),
            quantity: Quantity::Weight(weight.to_owned()),
            at_least: least,
            at_most: None,
        },
    })
}
