//! The data of a page on one plan.

use crate::model::Rurality;
use crate::plan::Origin;
use crate::report::{PageExchange, PageSite, PageSpan, PlanPage, SiteState};
use crate::units::{Millimetres, Pence, Weight};
use crate::write::html::data::{
    Column, ExchangesData, LevelData, PageData, SitesData, Sort, SpansData, StateMark, Use, Uses,
    from_one, lines, places, shown, small,
};
use crate::write::html::words::titled;

/// The marks of the states of a site, in the order of [`state_place`].
fn marks() -> Vec<StateMark> {
    vec![
        StateMark::new("Connected", "disc", 0, false),
        StateMark::new("Left out", "diamond", 1, true),
        StateMark::new("Cannot be reached", "cross", 7, false),
        StateMark::new("Has fibre already", "square", 2, false),
    ]
}

const fn state_place(state: SiteState) -> usize {
    match state {
        SiteState::Connected => 0,
        SiteState::LeftOut => 1,
        SiteState::Unreachable => 2,
        SiteState::HasFibre => 3,
    }
}

pub(super) const TABLE: Uses = &[Use::Table];
pub(super) const FILTER: Uses = &[Use::Table, Use::Filter];
pub(super) const YEARS: Uses = &[Use::Table, Use::Filter, Use::Ordered];
pub(super) const KINDS: Uses = &[Use::Table, Use::Filter, Use::Token];
pub(super) const WIDE: Uses = &[Use::Table, Use::Wide];
pub(super) const LISTED: Uses = &[];
pub(super) const BRIEF: Uses = &[Use::Brief];
pub(super) const METHODS: Uses = &[Use::Colour, Use::Brief, Use::Token];
pub(super) const COLOUR: Uses = &[Use::Colour, Use::Brief];
const TOLD: Uses = &[Use::Table, Use::Brief];

/// What the page of a plan reads.
pub(super) fn plan_data(page: &PlanPage) -> PageData {
    PageData {
        sites: sites(page),
        exchanges: exchanges(&page.exchanges, &page.weight),
        spans: spans(page),
        network: page.network.iter().map(LevelData::from).collect(),
    }
}

fn sites(page: &PlanPage) -> SitesData {
    let rows = || page.sites.iter();
    let mut columns = vec![coverage_column(&page.weight, TOLD, rows())];
    if rows().any(|site| site.assumed) {
        columns.push(assumed_column(rows()));
    }
    columns.extend([
        Column::category("kind", "Kind", KINDS, rows().map(|site| site.kind.as_str())),
        Column::category("region", "Region", FILTER, rows().map(|site| site.region.as_str())),
        Column::category(
            "rurality",
            "Rurality",
            FILTER,
            rows().map(|site| rurality(site.rurality)),
        ),
        programmes_column("programme", "Paid by", FILTER, &page.programmes, rows()),
    ]);
    columns.extend(Column::years("Year", YEARS, rows().map(|site| site.year)));
    columns.extend([
        Column::numbers("cost", "Cost", Sort::Money, TABLE, rows().map(|site| pence(site.cost))),
        Column::numbers(
            "each",
            &format!("Cost per {}", crate::write::summary::words::singular(&page.weight)),
            Sort::Money,
            TABLE,
            rows().map(|site| each(site.cost, site.coverage)),
        ),
        Column::numbers(
            "route",
            "Route",
            Sort::Metres,
            TABLE,
            rows().map(|site| length(site.route)),
        ),
        Column::category("exchange", "Exchange", TABLE, rows().map(|site| site.exchange.as_str())),
        reason_column("Why not connected", rows()),
        Column::category("code", "Code", LISTED, rows().map(|site| site.code.as_str())),
    ]);
    SitesData {
        id: rows().map(|site| shown(&site.id)).collect(),
        name: rows().map(|site| shown(&site.name)).collect(),
        at: places(rows().map(|site| site.at)),
        states: marks(),
        state: small(rows().map(|site| state_place(site.state))),
        last: Some(from_one(rows().map(|site| site.last_span))),
        columns,
    }
}

/// What each site counts.
pub(super) fn coverage_column<'a>(
    weight: &str,
    uses: Uses,
    rows: impl Iterator<Item = &'a PageSite>,
) -> Column {
    let counts = rows.map(|site| Some(site.coverage.thousandths()));
    Column::numbers("coverage", &titled(weight), Sort::Number, uses, counts)
}

/// Whether that is recorded.
pub(super) fn assumed_column<'a>(rows: impl Iterator<Item = &'a PageSite>) -> Column {
    let words = rows.map(|site| if site.assumed { "assumed" } else { "recorded" });
    Column::category("basis", "Basis", LISTED, words)
}

/// Who pays for it.
pub(super) fn programmes_column<'a>(
    key_name: &'static str,
    label: &str,
    uses: Uses,
    programmes: &[String],
    rows: impl Iterator<Item = &'a PageSite> + Clone,
) -> Column {
    let sets = rows.map(|site| site.programmes.as_slice());
    Column::sets(key_name, label, uses, programmes, "", sets)
}

/// Why it is not connected.
pub(super) fn reason_column<'a>(label: &str, rows: impl Iterator<Item = &'a PageSite>) -> Column {
    Column::texts("reason", label, WIDE, rows.map(|site| site.reason.as_str()))
}

/// Rural or urban in a word; empty where that is not known.
pub(super) const fn rurality(own: Option<Rurality>) -> &'static str {
    match own {
        Some(Rurality::Rural) => "rural",
        Some(Rurality::Urban) => "urban",
        None => "",
    }
}

pub(super) fn pence(own: Option<Pence>) -> Option<i64> {
    own.map(Pence::get)
}

pub(super) fn length(own: Option<Millimetres>) -> Option<i64> {
    own.and_then(|own| i64::try_from(own.get()).ok())
}

/// Pence for each whole unit of coverage.
fn each(cost: Option<Pence>, coverage: Weight) -> Option<i64> {
    let coverage = i128::from(coverage.thousandths());
    let cost = i128::from(cost?.get());
    (coverage > 0).then(|| i64::try_from((cost * 1000 + coverage / 2) / coverage).ok()).flatten()
}

/// Exchanges with what they serve.
pub(super) fn exchanges(rows: &[PageExchange], weight: &str) -> ExchangesData {
    let count = |number: usize| i64::try_from(number).ok().and_then(|own| own.checked_mul(1000));
    let used = |row: &PageExchange| row.cost.is_some();
    let sites = rows.iter().map(|row| count(row.sites).filter(|_| used(row)));
    let coverage = rows.iter().map(|row| Some(row.coverage.thousandths()).filter(|_| used(row)));
    ExchangesData {
        id: rows.iter().map(|row| shown(&row.id)).collect(),
        name: rows.iter().map(|row| shown(&row.name)).collect(),
        at: places(rows.iter().map(|row| row.at)),
        used: small(rows.iter().map(|row| usize::from(used(row)))),
        columns: vec![
            Column::numbers("sites", "Sites", Sort::Number, LISTED, sites),
            Column::numbers("coverage", &titled(weight), Sort::Number, LISTED, coverage),
            Column::numbers(
                "cost",
                "To enable",
                Sort::Money,
                LISTED,
                rows.iter().map(|row| pence(row.cost)),
            ),
        ],
    }
}

fn spans(page: &PlanPage) -> SpansData {
    let rows = || page.spans.iter();
    let mut columns = span_columns(rows(), &page.programmes);
    columns.extend(Column::years("Year", COLOUR, rows().map(|span| span.year)));
    columns.extend(span_figures(&rows(), &page.weight));
    let before = rows().enumerate().map(|(place, span)| span.before.map_or(0, |own| place - own));
    SpansData {
        count: page.spans.len(),
        lines: lines(rows().map(|span| span.line.as_slice())),
        before: Some(small(before)),
        columns,
    }
}

/// What spans are coloured by: their methods and payers.
pub(super) fn span_columns<'a>(
    rows: impl Iterator<Item = &'a PageSpan> + Clone,
    programmes: &[String],
) -> Vec<Column> {
    let sets = rows.clone().map(|span| span.programmes.as_slice());
    vec![
        Column::category("method", "Method", METHODS, rows.map(|span| span.method.as_str())),
        Column::sets("programme", "Programme", COLOUR, programmes, "nothing to pay", sets),
    ]
}

/// Length, price and use of spans.
pub(super) fn span_figures<'a>(
    rows: &(impl Iterator<Item = &'a PageSpan> + Clone),
    weight: &str,
) -> Vec<Column> {
    let count = |number: usize| i64::try_from(number).ok().and_then(|own| own.checked_mul(1000));
    let origin = |span: &PageSpan| match span.origin {
        Origin::Input => "along a line of the input",
        Origin::Proximity => "between two points",
        Origin::LeadIn => "lead-in",
    };
    let of = || rows.clone();
    vec![
        Column::numbers(
            "length",
            "Length",
            Sort::Metres,
            BRIEF,
            of().map(|span| length(Some(span.length))),
        ),
        Column::numbers("cost", "Cost", Sort::Money, BRIEF, of().map(|span| Some(span.cost.get()))),
        Column::category("exchange", "Exchange", LISTED, of().map(|span| span.exchange.as_str())),
        Column::numbers(
            "sites",
            "Sites served",
            Sort::Number,
            LISTED,
            of().map(|span| count(span.sites)),
        ),
        Column::numbers(
            "coverage",
            &format!("{} served", titled(weight)),
            Sort::Number,
            LISTED,
            of().map(|span| Some(span.coverage.thousandths())),
        ),
        Column::category("along", "Along", LISTED, of().map(|span| span.along.as_str())),
        Column::category("origin", "Runs", LISTED, of().map(origin)),
    ]
}
