//! The page of one plan.

use crate::model::{COST, NET_BENEFIT, Scenario};
use crate::plan::ObjectiveResult;
use crate::report::{GroupLine, PlanPage, Report, cost_classes, meaning};
use crate::status::Status;
use crate::units::{Pence, Weight};
use crate::write::html::chart::{ColumnBar, Curves, columns, curves};
use crate::write::html::document::document;
use crate::write::html::frame::{
    Section, Tile, explore, header, lines, pair, provenance, rests_on, sections, sites_table,
};
use crate::write::html::markup::Html;
use crate::write::html::money::money;
use crate::write::html::plan_data::plan_data;
use crate::write::html::shown::Shown;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::html::words::{between, short_gbp, short_weight, tick, titled};
use crate::write::html::years::years;
use crate::write::summary::proofs::{gap_words, proofs};
use crate::write::summary::words::{per_cent, singular};
use crate::write::text::{count, counted, gbp, one_line, weight};

/// The text of a page on one plan: one file that opens from disk and asks for nothing.
#[must_use]
pub fn plan_html(shown: &Shown<'_>) -> String {
    let mut body = Html::default();
    head(&mut body, shown);
    sections(&mut body, &plan_sections(shown, None));
    document(&title(shown.scenario), &body, &plan_data(&shown.figures))
}

/// The title of a scenario, or its name.
pub(super) fn title(scenario: &Scenario) -> String {
    one_line(if scenario.title.is_empty() { &scenario.name } else { &scenario.title })
}

/// What a page is of, above its title.
pub(super) fn kicker(scenario: &Scenario, what: &str) -> String {
    let years: Vec<String> = scenario.years.iter().map(ToString::to_string).collect();
    let years = if years.is_empty() { String::new() } else { format!(" · {}", years.join(", ")) };
    format!("{what} · {}{years}", one_line(&scenario.name))
}

/// All sections of a plan; one more may stand first.
pub(super) fn plan_sections(shown: &Shown<'_>, first: Option<Section>) -> Vec<Section> {
    let Shown { scenario, outcome, report, figures, remarks, .. } = shown;
    let mut parts: Vec<Section> = first.into_iter().collect();
    parts.push(explore());
    parts.push(sites_table(
        "A site's cost is its share: every exchange, span and drop is shared equally by the buildings that use \
         it, a building by its connected sites; the shares add up to the cost of the plan. Who paid is another \
         matter: a programme stands with the sites that brought its money.",
    ));
    parts.push(Section::new("proof", "What is proven", |html| {
        let mut words = proofs(scenario, outcome);
        words.extend(outcome.reasons.iter().cloned());
        words.extend(remarks.iter().cloned());
        lines(html, &words);
    }));
    parts.extend(years(scenario, outcome, report));
    parts.push(Section::new("money", "Money", |html| {
        money(html, scenario, outcome, report);
    }));
    parts.extend(cumulative(figures));
    if outcome.plan.is_some() {
        parts.push(Section::new("costs", "Cost per site", |html| costs(html, figures, report)));
    }
    parts.push(Section::new("groups", "Kinds and regions", |html| groups(html, report)));
    parts.push(Section::new("left-out", "Left out", |html| left_out(html, report)));
    parts.push(rests_on(scenario, report, &shown.all_notices()));
    parts.push(provenance(&[("", &outcome.provenance)]));
    parts
}

/// The heading of a page on one plan.
fn head(html: &mut Html, shown: &Shown<'_>) {
    let scenario = shown.scenario;
    header(html, &kicker(scenario, "Fibre plan"), &title(scenario), &leads(shown), &tiles(shown));
}

/// The plan in two sentences.
pub(super) fn leads(shown: &Shown<'_>) -> Vec<String> {
    let Shown { outcome, report, .. } = shown;
    if outcome.plan.is_none() {
        let mut words = vec![format!("There is no plan ({}).", outcome.status)];
        words.extend(outcome.reasons.iter().cloned());
        return words;
    }
    let total = &report.total;
    let covers = if report.weight == "sites" {
        String::new()
    } else {
        format!(", {} {},", weight(total.weight()), one_line(&report.weight).replace('_', " "))
    };
    let connects = format!(
        "This plan connects {} of {}{covers} for {}.",
        count(total.sites),
        counted(total.of_sites, "site"),
        short_gbp(total.cost)
    );
    vec![connects, outcome.first().map(ceiling).unwrap_or_default()]
}

/// How much better any plan could be.
fn ceiling(first: &ObjectiveResult) -> String {
    let name = one_line(&first.name).replace('_', " ");
    let amount = |raw: i64| match first.name.as_str() {
        COST | NET_BENEFIT => gbp(Pence::new(raw)),
        _ => format!("{} {name}", weight(Weight::from_thousandths(raw))),
    };
    let settled = first.status == Status::Optimal || first.is_settled();
    match (first.bound, first.name.as_str()) {
        (_, COST) if settled => {
            "No plan that reaches the target costs less: that is proven.".to_owned()
        }
        (_, NET_BENEFIT) if settled => "No plan has more net benefit: that is proven.".to_owned(),
        _ if settled => {
            "No plan within the budgets and rules can reach more: that is proven.".to_owned()
        }
        (None, _) => "How much better a plan could be is not proven.".to_owned(),
        (Some(bound), COST) => {
            format!("No plan that reaches the target can cost less than {}.", amount(bound.raw()))
        }
        (Some(bound), NET_BENEFIT) => {
            format!("No plan can have a net benefit of more than {}.", amount(bound.raw()))
        }
        (Some(bound), _) => {
            let gap = first.gap.map_or_else(String::new, |gap| {
                format!(" This plan is at most {} below the best possible.", gap_words(gap))
            });
            format!(
                "No plan within the budgets and rules can reach more than {}.{gap}",
                amount(bound.raw())
            )
        }
    }
}

fn tiles(shown: &Shown<'_>) -> Vec<Tile> {
    let Shown { outcome, report, .. } = shown;
    let total = &report.total;
    let tile = |label: &str, figure: String, remark: String| Tile {
        label: label.to_owned(),
        figure,
        remark,
    };
    let mut tiles =
        vec![tile("Sites connected", count(total.sites), format!("of {}", count(total.of_sites)))];
    if report.weight != "sites" {
        let assumed = total.coverage.assumed;
        let remark = if assumed == Weight::ZERO {
            "all from the table".to_owned()
        } else {
            format!("of which {} assumed", short_weight(assumed))
        };
        tiles.push(tile(
            &format!("{} covered", titled(&report.weight)),
            short_weight(total.weight()),
            remark,
        ));
    }
    let available: Pence = report.by_programme.iter().map(|line| line.available).sum();
    tiles.push(tile(
        "Cost",
        short_gbp(total.cost),
        format!("of {} available", short_gbp(available)),
    ));
    if let Some(each) = total.cost_per_unit() {
        let label = format!("Cost per {}", singular(&report.weight).replace('_', " "));
        let median = report
            .median_site_cost
            .map_or_else(String::new, |median| format!("median site {}", short_gbp(median)));
        tiles.push(tile(&label, gbp(each), median));
    }
    if let Some(first) = outcome.first() {
        let (figure, remark) = match first.gap {
            _ if first.status == Status::Optimal || first.is_settled() => {
                ("none".to_owned(), "proven: no plan does better".to_owned())
            }
            Some(gap) => (gap_words(gap), "at most, below the best possible".to_owned()),
            None => ("unknown".to_owned(), "no bound is proven".to_owned()),
        };
        tiles.push(tile("Distance from the best", figure, remark));
    }
    if let Some(passed) = report.premises_passed {
        tiles.push(tile("Premises passed", short_weight(passed), "along what is built".to_owned()));
    }
    tiles
}

/// What is covered for the first pounds of the plan.
fn cumulative(figures: &PlanPage) -> Option<Section> {
    let points: Vec<[i64; 2]> = figures
        .cumulative
        .iter()
        .map(|point| [point.cost.get(), point.coverage.thousandths()])
        .collect();
    let [width, height] = *points.last()?;
    let name = titled(&figures.weight);
    let says = format!(
        "{name} covered against money spent, in the order of priority: {} for {}.",
        weight(Weight::from_thousandths(height)),
        gbp(Pence::new(width))
    );
    Some(Section::new("priority", "What comes first", |html| {
        let picture = curves(
            &Curves {
                says: &says,
                axes: ["spent", &name],
                reached: &points,
                ceiling: &[],
                dots: false,
                here: None,
            },
            |pence| tick(&short_gbp(Pence::new(pence))),
            |raw| tick(&short_weight(Weight::from_thousandths(raw))),
        );
        // Ten steps of equal money.
        let step = |tenth: i64| {
            let spent = i64::try_from(i128::from(width) * i128::from(tenth) / 10).unwrap_or(width);
            let reached =
                points.iter().rev().find(|point| point[0] <= spent).map_or(0, |own| own[1]);
            vec![Cell::money(Pence::new(spent)), Cell::weight(Weight::from_thousandths(reached))]
        };
        let caption = "Cumulative coverage, in the order in which the plan would be built.";
        pair(html, &picture, caption, |beside| {
            Table {
                name: "priority",
                caption: "Covered for so much of the money",
                heads: heads(["#Spent, £", &format!("#{name}")]),
                rows: (1..=10).map(step).collect(),
                foot: Vec::new(),
            }
            .write(beside);
        });
    }))
}

fn costs(html: &mut Html, figures: &PlanPage, report: &Report) {
    let classes = cost_classes(&figures.sites);
    let unit = singular(&figures.weight).replace('_', " ");
    if classes.is_empty() {
        html.element("p", &[("class", "note")], "No connected site counts anything.");
        return;
    }
    let plain = |pence: Pence| gbp(pence).trim_end_matches(".00").to_owned();
    let rows: Vec<ColumnBar> = classes
        .iter()
        .map(|class| ColumnBar { label: plain(class.from), height: class.sites })
        .collect();
    let words: Vec<String> = classes
        .iter()
        .map(|class| format!("{} {}", count(class.sites), between(class.from, class.to)))
        .collect();
    let says = format!("Connected sites by cost per {unit}: {}.", words.join("; "));
    let end = classes.last().map(|class| plain(class.to)).unwrap_or_default();
    let picture = columns(&says, [&format!("cost per {unit}"), "sites"], &rows, &end);
    let caption = format!("Connected sites by what each costs per {unit}; steps of 1, 2 and 5.");
    pair(html, &picture, &caption, |beside| {
        let rows = classes.iter().map(|class| {
            vec![
                Cell::text(&between(class.from, class.to)),
                Cell::count(class.sites),
                Cell::weight(class.coverage),
                Cell::money(class.cost),
            ]
        });
        Table {
            name: "cost_classes",
            caption: &format!("Connected sites by cost per {unit}"),
            heads: heads([
                &format!("Cost per {unit}"),
                "#Sites",
                &format!("#{}", titled(&figures.weight)),
                "#£",
            ]),
            rows: rows.collect(),
            foot: Vec::new(),
        }
        .write(beside);
    });
    if let (Some(median), Some((id, most))) = (report.median_site_cost, &report.dearest_site) {
        let name = figures.sites.iter().find(|site| site.id == *id).map_or("", |site| &site.name);
        html.within("p", &[("class", "note")], |note| {
            note.text(&format!("The median site costs {}; the dearest is ", gbp(median)));
            let button = [("type", "button"), ("class", "link"), ("data-find", id.as_str())];
            note.element("button", &button, &one_line(name));
            note.text(&format!(", at {}.", gbp(*most)));
        });
    }
}

fn groups(html: &mut Html, report: &Report) {
    let groups: [(&str, &'static str, &str, &[GroupLine]); 2] = [
        ("Kind", "kinds", "Connected sites by kind", &report.by_kind),
        ("Region", "regions", "Connected sites by region", &report.by_region),
    ];
    let unit = format!("#£ per {}", singular(&report.weight).replace('_', " "));
    let covers = format!("#{}", titled(&report.weight));
    for (label, name, caption, group) in groups {
        let row = |line: &GroupLine, label: &str| {
            vec![
                Cell::text(label),
                Cell::count(line.sites),
                Cell::count(line.of_sites),
                Cell::weight(line.weight()),
                Cell::weight(line.coverage.assumed),
                Cell::money(line.cost),
                Cell::maybe(line.cost_per_unit(), Cell::money),
                Cell::maybe(line.rural_per_mille(), |share| {
                    Cell::per_mille(per_cent(share), share)
                }),
            ]
        };
        let own = |line: &GroupLine| {
            let label = one_line(&line.label).replace('_', " ");
            row(line, if label.is_empty() { "none given" } else { &label })
        };
        Table {
            name,
            caption,
            heads: heads([
                label,
                "#Sites",
                "#of",
                &covers,
                "#of which assumed",
                "#£",
                &unit,
                "#Rural",
            ]),
            rows: group.iter().map(own).collect(),
            foot: row(&report.total, "All"),
        }
        .write(html);
    }
}

fn left_out(html: &mut Html, report: &Report) {
    if report.left_out.is_empty() {
        html.element("p", &[], "No site is left out.");
        return;
    }
    let rows = report.left_out.iter().map(|line| {
        let largest = line.largest.first().map_or_else(Cell::none, |site| {
            Cell::site(&site.id, &format!("{} ({})", one_line(&site.name), weight(site.weight)))
        });
        let code = if line.code.is_empty() { "none" } else { &line.code };
        vec![
            Cell::text(meaning(&line.code)),
            Cell::text(code),
            Cell::count(line.sites),
            Cell::weight(line.coverage.recorded + line.coverage.assumed),
            largest,
        ]
    });
    Table {
        name: "left_out",
        caption: "Sites that the plan does not connect, by reason",
        heads: heads([
            "Reason",
            "Code",
            "#Sites",
            &format!("#{}", titled(&report.weight)),
            "The largest",
        ]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}
