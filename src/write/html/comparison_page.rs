//! The page of two plans of one scenario, the second held against the first.

use crate::plan::Plan;
use crate::report::ComparedPage;
use crate::study::compare::{Change, Difference, ItemChange, Tally};
use crate::units::{Pence, Weight};
use crate::write::html::chart::{Bar, bars};
use crate::write::html::compared_data::compared_data;
use crate::write::html::document::document;
use crate::write::html::frame::{
    Section, Tile, explore, header, lines, pair, provenance, rests_on, sections, sites_table,
};
use crate::write::html::markup::Html;
use crate::write::html::plan_page::{kicker, title};
use crate::write::html::shown::Shown;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::html::words::{more_or_less, short_gbp, short_weight, tick, titled};
use crate::write::summary::proofs::proofs;
use crate::write::text::{count, counted, one_line, weight};

/// The text of a page on two plans of one scenario, each with the name it goes by: one file that opens from disk and
/// asks for nothing. What is told is how the second differs from the first.
#[must_use]
pub fn comparison_html(plans: [(&str, &Shown<'_>); 2]) -> String {
    let names = plans.map(|(name, _)| one_line(name));
    let names = [names[0].as_str(), names[1].as_str()];
    let sources = plans.map(|(_, shown)| shown);
    let nothing = Plan::default();
    let [first, second] =
        sources.map(|shown| (shown.scenario, shown.outcome.plan.as_ref().unwrap_or(&nothing)));
    let difference = Difference::between(first, second);
    let page = ComparedPage::of(sources[0].figures.clone(), sources[1].figures.clone());
    let scenario = sources[0].scenario;
    let mut body = Html::default();
    header(
        &mut body,
        &kicker(scenario, "Two plans compared"),
        &title(scenario),
        &leads(names, &difference),
        &tiles(sources, &difference),
    );
    let parts = [
        explore(),
        Section::new("differences", "Differences", |html| differences(html, names, &difference)),
        Section::new("money", "Money", |html| money(html, names, &difference)),
        sites_table("Costs are shares: every item is shared equally by the buildings that use it."),
        Section::new("proof", "What is proven", |html| {
            for (name, shown) in names.iter().zip(sources) {
                html.element("h3", &[], name);
                let mut words = proofs(shown.scenario, &shown.outcome);
                words.extend(shown.remarks.iter().cloned());
                lines(html, &words);
            }
        }),
        rests_on(scenario, &sources[1].report, &sources[1].all_notices()),
        provenance(&[
            (names[0], &sources[0].outcome.provenance),
            (names[1], &sources[1].outcome.provenance),
        ]),
    ];
    sections(&mut body, &parts);
    document(&title(scenario), &body, &compared_data(&page, names))
}

fn leads([first, second]: [&str; 2], difference: &Difference) -> Vec<String> {
    let sites = |change| difference.sites_of(change).count();
    let (gained, lost) = (sites(Change::Gained), sites(Change::Lost));
    let words = match (gained, lost) {
        (0, 0) => format!("{second} connects the same sites as {first}."),
        _ => format!(
            "{second} connects {} that {first} leaves out, and leaves out {} that {first} connects.",
            counted(gained, "site"),
            count(lost)
        ),
    };
    let [before, after] = difference.coverage;
    let name = one_line(&difference.weight).replace('_', " ");
    let coverage = more_or_less(after.thousandths() - before.thousandths(), |size| {
        format!("{} {{}} {name}", weight(Weight::from_thousandths(size)))
    });
    let cost = more_or_less((difference.cost[1] - difference.cost[0]).get(), |size| {
        format!("{} {{}}", short_gbp(Pence::new(size)))
    });
    let reach = coverage.map_or_else(
        || format!("Both cover as many {name}"),
        |words| format!("It covers {}", words.replace("less", "fewer")),
    );
    let pays =
        cost.map_or_else(|| "both cost the same".to_owned(), |words| format!("it costs {words}"));
    vec![words, format!("{reach}, and {pays}.")]
}

fn tiles(sources: [&Shown<'_>; 2], difference: &Difference) -> Vec<Tile> {
    let tile = |label: &str, figures: [String; 2], remark: String| Tile {
        label: label.to_owned(),
        figure: format!("{} → {}", figures[0], figures[1]),
        remark,
    };
    let sites = sources.map(|shown| count(shown.report.total.sites));
    let costs = difference.cost.map(short_gbp);
    let coverage = difference.coverage.map(short_weight);
    let signed = |words: Option<String>| words.unwrap_or_else(|| "no difference".to_owned());
    let [before, after] = difference.coverage;
    vec![
        tile("Sites connected", sites, format!("of {}", count(sources[0].report.total.of_sites))),
        tile(
            &format!("{} covered", titled(&difference.weight)),
            coverage,
            signed(more_or_less(after.thousandths() - before.thousandths(), |size| {
                format!("{} {{}}", weight(Weight::from_thousandths(size)))
            })),
        ),
        tile(
            "Cost",
            costs,
            signed(more_or_less((difference.cost[1] - difference.cost[0]).get(), |size| {
                format!("{} {{}}", short_gbp(Pence::new(size)))
            })),
        ),
    ]
}

fn differences(html: &mut Html, [first, second]: [&str; 2], difference: &Difference) {
    let changed = difference.sites.iter().filter(|site| site.change() != Change::Kept);
    let rows: Vec<Vec<Cell>> = changed
        .map(|site| {
            let only = if site.change() == Change::Gained { second } else { first };
            vec![
                Cell::site(&site.id, &one_line(&site.name)),
                Cell::text(&one_line(&site.id)),
                Cell::text(&format!("only in {only}")),
                Cell::weight(site.counts()),
            ]
        })
        .collect();
    if rows.is_empty() {
        html.element("p", &[], "Both plans connect the same sites.");
    } else {
        Table {
            name: "differences",
            caption: "Sites that one plan connects and the other does not",
            heads: heads([
                "Site",
                "Code",
                "Connected",
                &format!("#{}", titled(&difference.weight)),
            ]),
            rows,
            foot: Vec::new(),
        }
        .write(html);
    }
    let kinds: [(&str, &[ItemChange]); 3] = [
        ("Exchanges", &difference.exchanges),
        ("Spans", &difference.spans),
        ("Drops", &difference.drops),
    ];
    let rows = kinds.iter().map(|(label, items)| {
        let [gone, new] = [Change::Lost, Change::Gained].map(|change| Tally::of(items, change));
        vec![
            Cell::text(label),
            Cell::count(gone.count),
            Cell::metres(gone.length),
            Cell::money(gone.cost),
            Cell::count(new.count),
            Cell::metres(new.length),
            Cell::money(new.cost),
        ]
    });
    let own = |what: &str, name: &str| format!("#{what} only in {name}");
    Table {
        name: "items",
        caption: "What one plan builds and the other does not",
        heads: heads([
            "What",
            &own("number", first),
            &own("metres", first),
            &own("£", first),
            &own("number", second),
            &own("metres", second),
            &own("£", second),
        ]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}

fn money(html: &mut Html, [first, second]: [&str; 2], difference: &Difference) {
    let mut rows: Vec<Bar> = Vec::new();
    for programme in &difference.programmes {
        for (place, name) in [first, second].into_iter().enumerate() {
            let pays = programme.pays[place].unwrap_or_default();
            rows.push(Bar {
                label: format!("{} in {name}", one_line(&programme.programme)),
                says: short_gbp(pays),
                track: 0,
                parts: vec![(pays.get(), place + 1)],
            });
        }
    }
    let words: Vec<String> =
        rows.iter().map(|row| format!("{}: {}", row.label, row.says)).collect();
    let says = format!("What each programme pays. {}.", words.join("; "));
    let picture = bars(&says, &rows, |pence| tick(&short_gbp(Pence::new(pence))));
    pair(html, &picture, "What each programme pays in either plan.", |beside| {
        let rows = difference.programmes.iter().map(|programme| {
            let [before, after] = programme.pays.map(Option::unwrap_or_default);
            vec![
                Cell::text(&one_line(&programme.programme)),
                Cell::money(before),
                Cell::money(after),
                Cell::money(after - before),
            ]
        });
        Table {
            name: "programmes",
            caption: "What each programme pays, in £",
            heads: heads(["Programme", &format!("#{first}"), &format!("#{second}"), "#Difference"]),
            rows: rows.collect(),
            foot: vec![
                Cell::text("All"),
                Cell::money(difference.cost[0]),
                Cell::money(difference.cost[1]),
                Cell::money(difference.cost[1] - difference.cost[0]),
            ],
        }
        .write(beside);
    });
}
