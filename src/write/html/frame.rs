//! The parts that all pages have: heading, contents, map, table of sites, what a plan rests on, where it is from.

use crate::error::Fault;
use crate::model::Scenario;
use crate::plan::Provenance;
use crate::report::Report;
use crate::write::html::markup::Html;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::summary::assumptions::{assumptions, key_assumptions};
use crate::write::text::one_line;

/// A figure that stands at the head of a page: what it is, the figure, and a remark on it.
pub(super) struct Tile {
    pub label: String,
    pub figure: String,
    pub remark: String,
}

/// The heading of a page.
pub(super) fn header(html: &mut Html, kicker: &str, title: &str, leads: &[String], tiles: &[Tile]) {
    html.element("a", &[("class", "skip"), ("href", "#main")], "Skip to the report");
    html.within("header", &[("class", "top")], |header| {
        header.within("div", &[("class", "wrap")], |wrap| {
            wrap.element("p", &[("class", "kicker")], kicker);
            wrap.element("h1", &[], title);
            for lead in leads {
                wrap.element("p", &[("class", "lead")], lead);
            }
            wrap.within("dl", &[("class", "tiles")], |list| {
                for Tile { label, figure, remark } in tiles {
                    list.within("div", &[], |tile| {
                        tile.element("dt", &[], label);
                        tile.within("dd", &[], |inside| {
                            inside.element("b", &[], figure).element("span", &[], remark);
                        });
                    });
                }
            });
        });
    });
}

/// A section of a page: its id, its heading, and what it holds.
pub(super) struct Section {
    pub id: &'static str,
    pub title: String,
    pub inside: Html,
}

impl Section {
    pub(super) fn new(id: &'static str, title: &str, write: impl FnOnce(&mut Html)) -> Self {
        let mut inside = Html::default();
        write(&mut inside);
        Self { id, title: title.to_owned(), inside }
    }
}

/// The contents, then all sections.
pub(super) fn sections(html: &mut Html, sections: &[Section]) {
    html.within("nav", &[("class", "contents"), ("aria-label", "Contents")], |nav| {
        nav.within("div", &[("class", "wrap")], |wrap| {
            wrap.within("ul", &[], |list| {
                for section in sections {
                    list.within("li", &[], |item| {
                        let to = format!("#{}", section.id);
                        item.element("a", &[("href", &to)], &section.title);
                    });
                }
            });
        });
    });
    html.within("main", &[("id", "main"), ("class", "wrap"), ("tabindex", "-1")], |main| {
        for section in sections {
            let heading = format!("{}-title", section.id);
            main.within("section", &[("id", section.id), ("aria-labelledby", &heading)], |own| {
                own.element("h2", &[("id", &heading)], &section.title);
                own.append(&section.inside);
            });
        }
    });
    html.within("footer", &[("class", "wrap")], |footer| {
        let words = format!(
            "Made by fibreplan {}. This page is one file and asks for nothing from anywhere. The map is drawn by \
             Leaflet 1.9.4 (BSD-2-Clause), which is inside it. Amounts exclude VAT.",
            env!("CARGO_PKG_VERSION")
        );
        footer.element("p", &[], &words);
    });
}

/// The map with its search, filters, legend and the details of what is chosen.
pub(super) fn explore() -> Section {
    Section::new("explore", "Map", |html| {
        html.element("noscript", &[], SCRIPTLESS);
        html.within("div", &[("class", "bar")], |bar| {
            bar.within("div", &[("class", "find")], |find| {
                find.element(
                    "label",
                    &[("for", "find")],
                    "Find a site or exchange by name or code",
                );
                find.void(
                    "input",
                    &[
                        ("type", "text"),
                        ("id", "find"),
                        ("role", "combobox"),
                        ("aria-expanded", "false"),
                        ("aria-controls", "found"),
                        ("aria-autocomplete", "list"),
                        ("autocomplete", "off"),
                        ("spellcheck", "false"),
                    ],
                );
                let list =
                    [("id", "found"), ("role", "listbox"), ("aria-label", "Found"), ("hidden", "")];
                find.within("ul", &list, |_| {});
                find.element(
                    "span",
                    &[("class", "unseen"), ("id", "found-count"), ("role", "status")],
                    "",
                );
            });
            let group =
                [("id", "filters"), ("role", "group"), ("aria-label", "Filters of map and table")];
            bar.within("div", &group, |_| {});
        });
        html.element("p", &[("class", "count"), ("id", "count"), ("role", "status")], "");
        html.within("div", &[("class", "stage")], |stage| {
            stage.within("div", &[("class", "frame")], |frame| {
                let map = [("id", "map"), ("role", "region"), ("aria-label", MAP)];
                frame.within("div", &map, |_| {});
                frame.element(
                    "button",
                    &[("type", "button"), ("class", "quiet"), ("id", "whole")],
                    "Whole map",
                );
                frame.within(
                    "div",
                    &[("id", "tip"), ("hidden", ""), ("aria-hidden", "true")],
                    |_| {},
                );
            });
            stage.within("div", &[("class", "side")], |side| {
                let detail = [
                    ("id", "detail"),
                    ("role", "region"),
                    ("aria-label", "What is chosen"),
                    ("aria-live", "polite"),
                    ("tabindex", "-1"),
                ];
                side.within("div", &detail, |_| {});
                side.within(
                    "div",
                    &[("id", "legend"), ("role", "group"), ("aria-label", "Legend")],
                    |_| {},
                );
            });
        });
    })
}

const SCRIPTLESS: &str = "The map, its filters and the table of sites need a script, which is inside this page; \
    everything else can be read without it.";

const MAP: &str =
    "Map. Arrow keys move it, plus and minus zoom. Every site is in the table of sites as well.";

/// Where the script puts the table of sites.
pub(super) fn sites_table(note: &str) -> Section {
    Section::new("sites", "Sites", |html| {
        html.element("p", &[("class", "note")], note);
        html.within("div", &[("id", "sites-here")], |_| {});
    })
}

/// A list of sentences.
pub(super) fn lines(html: &mut Html, lines: &[String]) {
    html.within("ul", &[("class", "lines")], |list| {
        for line in lines {
            list.element("li", &[], line);
        }
    });
}

/// A figure beside its table.
pub(super) fn pair(html: &mut Html, picture: &Html, caption: &str, beside: impl FnOnce(&mut Html)) {
    html.within("div", &[("class", "pair")], |pair| {
        pair.within("figure", &[], |figure| {
            figure.append(picture).element("figcaption", &[], caption);
        });
        pair.within("div", &[], beside);
    });
}

/// What everything rests on: assumptions, prices with their sources, remarks on the input.
pub(super) fn rests_on(scenario: &Scenario, report: &Report, notices: &[Fault]) -> Section {
    Section::new("assumptions", "Assumptions", |html| {
        html.element("h3", &[], "What the plan rests on most");
        lines(html, &key_assumptions(scenario, report));
        html.element("h3", &[], "Prices, rules and remarks");
        lines(html, &assumptions(scenario, notices));
        html.element("h3", &[], "Rate card");
        rate_card(html, scenario);
    })
}

fn rate_card(html: &mut Html, scenario: &Scenario) {
    let card = &scenario.rate_card;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (name, method) in &card.methods {
        let source = method.source.as_deref().unwrap_or("no source is given");
        let rate = format!("£{} a metre", method.rate);
        rows.push(vec![Cell::text(&one_line(name)), Cell::text(&rate), Cell::text(source)]);
    }
    for (kind, crossing) in &card.crossings {
        let source = crossing.source.as_deref().unwrap_or("no source is given");
        let price = format!("£{} a crossing", crossing.price);
        rows.push(vec![Cell::text(&one_line(kind)), Cell::text(&price), Cell::text(source)]);
    }
    let drop = format!("£{} a building, where its table gives none", card.drop);
    rows.push(vec![Cell::text("drop"), Cell::text(&drop), Cell::text("the scenario")]);
    let caption = format!("Rates at {} prices", one_line(&card.price_year));
    Table {
        name: "rate_card",
        caption: &caption,
        heads: heads(["Method", "Price", "Source"]),
        rows,
        foot: Vec::new(),
    }
    .write(html);
}

/// Where the figures come from: version, options, files with their hashes.
pub(super) fn provenance(plans: &[(&str, &Provenance)]) -> Section {
    Section::new("provenance", "Provenance", |html| {
        for (name, from) in plans {
            if plans.len() > 1 {
                html.element("h3", &[], name);
            }
            let options = &from.options;
            let limit = |word: &str, value: Option<String>| {
                value.map_or(format!("no limit on {word}"), |value| {
                    format!("{word} at most {value}")
                })
            };
            lines(
                html,
                &[
                    format!("Planned by fibreplan {}.", from.fibreplan),
                    format!(
                        "Scenario {}, SHA-256 over its inputs and settings: {}.",
                        from.scenario, from.scenario_sha256
                    ),
                    format!(
                        "Effort: gap {} %, {}, {}, seed {}.",
                        100.0 * options.gap,
                        limit("work", options.work.map(|work| work.to_string())),
                        limit("seconds", options.seconds.map(|seconds| seconds.to_string())),
                        options.seed
                    ),
                ],
            );
        }
        if let Some((_, from)) = plans.first() {
            let rows = from.inputs.iter().map(|input| {
                vec![
                    Cell::text(&one_line(&input.file)),
                    Cell::text(&input.role),
                    Cell::count(input.rows_read),
                    Cell::count(input.rows_used),
                    Cell::text(&input.sha256),
                ]
            });
            let rows: Vec<Vec<Cell>> = rows.collect();
            if !rows.is_empty() {
                Table {
                    name: "inputs",
                    caption: "Files that were read",
                    heads: heads(["File", "Role", "#Rows read", "#Rows used", "SHA-256"]),
                    rows,
                    foot: Vec::new(),
                }
                .write(html);
            }
        }
    })
}
