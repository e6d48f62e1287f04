//! The data of a page on two plans.

use crate::report::{
    ComparedPage, ComparedSite, PageExchange, PageSite, PageSpan, Side, SiteState,
};
use crate::write::html::data::{
    Column, LevelData, PageData, SitesData, Sort, SpansData, StateMark, lines, places, shown, small,
};
use crate::write::html::plan_data::{
    COLOUR, FILTER, KINDS, LISTED, METHODS, TABLE, assumed_column, coverage_column, exchanges,
    pence, programmes_column, reason_column, rurality, span_figures,
};

/// What the page of two plans reads; each plan goes by a name.
pub(super) fn compared_data(page: &ComparedPage, names: [&str; 2]) -> PageData {
    let rows: Vec<PageExchange> = page.exchanges.iter().map(|(_, row)| row.clone()).collect();
    PageData {
        sites: sites(page, names),
        exchanges: exchanges(&rows, &page.weight),
        spans: spans(page, names),
        network: page.network.iter().map(LevelData::from).collect(),
    }
}

/// The marks of the sites: what differs comes first, so that it is drawn on top.
fn marks([first, second]: [&str; 2]) -> Vec<StateMark> {
    vec![
        StateMark::new(&format!("Only in {second}"), "diamond", 2, false),
        StateMark::new(&format!("Only in {first}"), "down", 1, false),
        StateMark::new("In both", "disc", 0, false),
        StateMark::new("In neither", "disc", -1, true),
        StateMark::new("Has fibre already", "square", 7, false),
    ]
}

fn mark_place(site: &ComparedSite) -> usize {
    match site.side {
        Some(Side::Second) => 0,
        Some(Side::First) => 1,
        Some(Side::Both) => 2,
        None if site.plans[0].state == SiteState::HasFibre => 4,
        None => 3,
    }
}

fn sites(page: &ComparedPage, names: [&str; 2]) -> SitesData {
    let rows = |side: usize| page.sites.iter().map(move |site| &site.plans[side]);
    let mut columns = vec![coverage_column(&page.weight, TABLE, rows(0))];
    if rows(0).any(|site| site.assumed) {
        columns.push(assumed_column(rows(0)));
    }
    columns.extend([
        Column::category("kind", "Kind", KINDS, rows(0).map(|site| site.kind.as_str())),
        Column::category("region", "Region", FILTER, rows(0).map(|site| site.region.as_str())),
        Column::category(
            "rurality",
            "Rurality",
            FILTER,
            rows(0).map(|site| rurality(site.rurality)),
        ),
    ]);
    let keys = [
        ["programme_first", "cost_first", "exchange_first"],
        ["programme_second", "cost_second", "exchange_second"],
    ];
    for (side, (name, [paid, cost, exchange])) in names.into_iter().zip(keys).enumerate() {
        let title = |what: &str| format!("{what} in {name}");
        let own = |site: &PageSite| site.state == SiteState::Connected;
        columns.extend([
            programmes_column(paid, &title("Paid by"), FILTER, &page.programmes, rows(side)),
            Column::numbers(
                cost,
                &title("Cost"),
                Sort::Money,
                TABLE,
                rows(side).map(|site| pence(site.cost).filter(|_| own(site))),
            ),
            Column::category(
                exchange,
                &title("Exchange"),
                LISTED,
                rows(side).map(|site| site.exchange.as_str()),
            ),
            reason_column(&title("Why not"), rows(side)),
        ]);
    }
    SitesData {
        id: rows(0).map(|site| shown(&site.id)).collect(),
        name: rows(0).map(|site| shown(&site.name)).collect(),
        at: places(rows(0).map(|site| site.at)),
        states: marks(names),
        state: small(page.sites.iter().map(mark_place)),
        last: None,
        columns,
    }
}

fn spans(page: &ComparedPage, [first, second]: [&str; 2]) -> SpansData {
    let rows = || page.spans.iter().map(|own| &own.span);
    let labels = ["in both".to_owned(), format!("only in {first}"), format!("only in {second}")];
    let side = page.spans.iter().map(|own| match own.side {
        Side::Both => 0,
        Side::First => 1,
        Side::Second => 2,
    });
    let mut columns = vec![
        Column::fixed("side", "Plan", COLOUR, &labels, side),
        Column::category(
            "method",
            "Method",
            METHODS,
            rows().map(|span: &PageSpan| span.method.as_str()),
        ),
    ];
    columns.extend(span_figures(&rows(), &page.weight));
    SpansData {
        count: page.spans.len(),
        lines: lines(rows().map(|span| span.line.as_slice())),
        before: None,
        columns,
    }
}
