//! Studies as text for a terminal: tables at most 100 columns wide, and a line on what is proven.
//!
//! In: what a study returned. Out: text. What is not known is a dash, never 0; a row that breaks rules
//! says so.

use crate::explain::WayIn;
use crate::model::Scenario;
use crate::plan::Outcome;
use crate::report::meaning;
use crate::status::Status;
use crate::study::frontier::{Frontier, FrontierPoint};
use crate::study::programmes::{Programmes, ProgrammesRow};
use crate::study::strategies::{Strategies, StrategyRow};
use crate::study::why_not::{Entry, Explanation, Unfinished, Why};
use crate::units::{Millimetres, Pence, Weight};
use crate::write::text::{
    amount, count, counted, gbp, metres, one_line, or_dash, paragraph, table, weight, whole_pounds,
};

/// How many ids a line names.
const NAMED: usize = 6;

fn per_cent(share: Option<f64>) -> String {
    or_dash(share.map(|share| format!("{:.2}", 100.0 * share)))
}

fn word(status: Option<Status>) -> String {
    or_dash(status.map(|status| status.to_string()))
}

/// Why there is no plan, as paragraphs.
fn without_plan(status: Status, reasons: &[String]) -> String {
    let head = match status {
        Status::Infeasible => "There is no plan: none is possible (Infeasible).\n".to_owned(),
        other => format!("No plan was found, and none is proven impossible ({other}).\n"),
    };
    let reasons = reasons.iter().map(|reason| paragraph("  - ", reason));
    std::iter::once(head).chain(reasons).collect()
}

/// How far a plan is proven, in a sentence.
fn proven(lead: &str, outcome: &Outcome, name: &str) -> String {
    let first = outcome.coverage();
    let bound = first.and_then(|first| first.bound);
    let bound = bound.map(|bound| Weight::from_thousandths(bound.raw()));
    let (status, name) = (outcome.status, one_line(name));
    let Some(bound) = bound else {
        return paragraph("", &format!("{lead}{status}: nothing is proven of the {name}."));
    };
    let gap = per_cent(first.and_then(|first| first.gap));
    let most = weight(bound);
    paragraph("", &format!("{lead}{status}: no plan covers more than {most} {name} (gap {gap} %)."))
}

/// A frontier as a table: a row for each budget, then what more money would buy.
#[must_use]
pub fn frontier_text(frontier: &Frontier) -> String {
    let nested = frontier.points.iter().any(|point| point.nesting_costs.is_some());
    let mut header =
        vec!["budget £", &frontier.weight, "at most", "gap %", "status", "sites", "cost £"];
    if nested {
        header.push("nesting costs");
    }
    let row = |point: &FrontierPoint| {
        let plan = point.outcome.plan.as_ref();
        let mut cells = vec![
            amount(point.budget),
            or_dash(point.coverage.map(weight)),
            or_dash(point.ceiling.map(weight)),
            per_cent(point.gap()),
            point.status.to_string(),
            or_dash(plan.map(|plan| count(plan.connected.len()))),
            or_dash(plan.map(|plan| amount(plan.cost()))),
        ];
        if nested {
            cells.push(or_dash(point.nesting_costs.map(weight)));
        }
        cells
    };
    let rows: Vec<Vec<String>> = frontier.points.iter().map(row).collect();
    let mut parts = vec![table(&header, &rows)];
    let reasons = frontier.points.iter().filter(|point| !point.outcome.reasons.is_empty());
    parts.extend(reasons.take(1).map(|point| {
        let head = format!("At {}: ", gbp(point.budget));
        format!("\n{}", paragraph("", &(head + &point.outcome.reasons.join("; "))))
    }));
    parts.push(more_table(frontier));
    parts.concat()
}

/// What more money would buy at each budget; nothing where that was not asked.
fn more_table(frontier: &Frontier) -> String {
    let rows = frontier.points.iter().flat_map(|point| {
        point.more.iter().map(|more| {
            vec![
                amount(point.budget),
                amount(more.more),
                or_dash(more.gain.map(weight)),
                or_dash(more.at_most.map(weight)),
                some(&more.gained),
                some(&more.lost),
            ]
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let more = format!("{} more", frontier.weight);
    let header = ["budget £", "and £ more", &more, "at most", "sites in", "sites out"];
    format!("\nWhat more money would buy:\n{}", table(&header, &rows))
}

/// A few ids, or a few and how many others.
fn some(ids: &[String]) -> String {
    const FEW: usize = 2;
    match ids {
        [] => "none".to_owned(),
        ids if ids.len() <= FEW => ids.join(" "),
        ids => format!("{} +{}", ids[..FEW].join(" "), ids.len() - FEW),
    }
}

/// The strategies and the library's own plan as a table, with what is proven.
#[must_use]
pub fn strategies_text(strategies: &Strategies) -> String {
    let best = strategies.best().map(|row| row.name);
    let header =
        ["strategy", strategies.weight.as_str(), "below ours %", "cost £", "sites", "s", "remark"];
    let row = |row: &StrategyRow| {
        let remark = match row {
            row if row.unpaid.is_some() => "cannot be paid".to_owned(),
            row if !row.violations.is_empty() => {
                format!("breaks {}", counted(row.violations.len(), "rule"))
            }
            row if best == Some(row.name) => "best of these".to_owned(),
            row => row.status.map(|status| status.to_string()).unwrap_or_default(),
        };
        vec![
            row.name.to_owned(),
            or_dash(row.coverage.map(weight)),
            per_cent(row.below(&strategies.own)),
            or_dash(row.cost.map(amount)),
            or_dash(row.plan.as_ref().map(|plan| count(plan.connected.len()))),
            format!("{:.2}", row.seconds),
            remark,
        ]
    };
    let rows: Vec<Vec<String>> = strategies.rows.iter().chain([&strategies.own]).map(row).collect();
    let mut parts = vec![table(&header, &rows), "\n".to_owned()];
    for row in strategies.rows.iter().filter(|row| !row.counts()) {
        let unpaid = row.unpaid.iter().cloned();
        let broken = row.violations.iter().map(ToString::to_string);
        let first = unpaid.chain(broken).next().unwrap_or_default();
        parts.push(paragraph("  - ", &format!("{} does not count: {first}", row.name)));
    }
    parts.extend(unfinished("Not finished in time", &strategies.unfinished));
    parts.push(match &strategies.own.plan {
        Some(_) => proven("", &strategies.outcome, &strategies.weight),
        None => without_plan(strategies.outcome.status, &strategies.outcome.reasons),
    });
    parts.concat()
}

/// The ways of planning programmes as a table, with what is proven, and what raises are worth.
#[must_use]
pub fn programmes_text(scenario: &Scenario, programmes: &Programmes) -> String {
    let ids = scenario.programmes.iter().map(|own| format!("{} £", own.id)).collect::<Vec<_>>();
    let name = programmes.weight.as_str();
    let mut header = vec!["plan", name, "of jointly %", "at most", "status", "sites", "cost £"];
    header.extend(ids.iter().map(String::as_str));
    let joint = programmes.joint_row();
    let row = |row: &ProgrammesRow| {
        let mut cells = vec![
            row.name(scenario),
            or_dash(row.coverage.map(weight)),
            per_cent(joint.and_then(|joint| row.ratio(joint))),
            or_dash(row.bound.map(weight)),
            word(row.status),
            or_dash(row.sites.map(count)),
            or_dash(row.cost.map(amount)),
        ];
        cells.extend((0..ids.len()).map(|at| or_dash(row.spent.get(at).map(|&own| amount(own)))));
        cells
    };
    let rows: Vec<Vec<String>> = programmes.rows.iter().map(row).collect();
    let mut parts = vec![table(&header, &rows), "\n".to_owned()];
    for row in programmes.rows.iter().filter(|row| !row.violations.is_empty()) {
        let (name, broken) = (row.name(scenario), counted(row.violations.len(), "rule"));
        let text = format!("{name} breaks {broken} and does not count: {}", row.violations[0]);
        parts.push(paragraph("  - ", &text));
    }
    parts.extend(unfinished("Not planned, for time was up", &programmes.unfinished));
    let joint = &programmes.joint;
    parts.push(match &joint.plan {
        Some(_) => proven("Jointly: ", joint, name),
        None => without_plan(joint.status, &joint.reasons),
    });
    for worth in &programmes.worths {
        let most = worth.at_most.map_or_else(String::new, |most| {
            format!(", and at most {} more are possible", weight(most))
        });
        let found = match (worth.gain, worth.per_pound()) {
            (Some(gain), Some(each)) => format!(
                "planned jointly again, {} {name} more are covered ({each:.4} for each pound){most}",
                weight(gain)
            ),
            _ => format!("nothing can be said: status {}{most}", worth.status),
        };
        parts.push(paragraph(
            "",
            &format!("{} more for {}: {found}.", gbp(worth.raise), worth.programme),
        ));
    }
    parts.concat()
}

/// An explanation of all sites as two tables: those left out, and those connected.
#[must_use]
pub fn why_not_text(scenario: &Scenario, explained: &Explanation) -> String {
    if explained.outcome.plan.is_none() {
        return without_plan(explained.outcome.status, &explained.outcome.reasons);
    }
    let name = explained.weight.as_str();
    let cost = |way: Option<&WayIn>| or_dash(way.map(|way| whole_pounds(way.cost)));
    let (connected, out): (Vec<&Why>, Vec<&Why>) =
        explained.sites.iter().partition(|why| why.connected);
    let left_out = |why: &&Why| {
        vec![
            label(scenario, &why.id),
            why.code.clone(),
            cost(why.alone.as_ref()),
            cost(why.now.as_ref()),
            or_dash(why.loses(&explained.outcome).map(weight)),
            or_dash(why.loses_at_least.map(weight)),
            or_dash(why.entry.map(entry)),
        ]
    };
    let kept = |why: &&Why| {
        vec![
            label(scenario, &why.id),
            cost(why.alone.as_ref()),
            cost(why.now.as_ref()),
            or_dash(why.worth_at_least.map(weight)),
        ]
    };
    let mut parts = vec![proven("", &explained.outcome, name)];
    parts.extend(out_of_time(explained));
    if !out.is_empty() {
        let intro = format!(
            "Left out. \"Alone\": what it would cost with nothing built; \"now\": what it would add to the plan; \"with it\": \
             how many {name} fewer the best plan found with it covers, and at least so many fewer every plan with it \
             does (proven); \"enters\": between which budgets of all programmes together it enters the plans found."
        );
        let header = ["site", "code", "alone £", "now £", "with it", "at least", "enters £"];
        let rows: Vec<Vec<String>> = out.iter().map(left_out).collect();
        parts.extend(["\n".to_owned(), paragraph("", &intro), table(&header, &rows)]);
    }
    if !connected.is_empty() {
        let intro = format!(
            "Connected. \"Adds\": what leaving it out would save; \"at least\": how many {name} fewer every plan without \
             it covers (proven)."
        );
        let header = ["site", "alone £", "adds £", "at least"];
        let rows: Vec<Vec<String>> = connected.iter().map(kept).collect();
        parts.extend(["\n".to_owned(), paragraph("", &intro), table(&header, &rows)]);
    }
    parts.concat()
}

/// Its id and its name.
fn label(scenario: &Scenario, id: &str) -> String {
    let site = scenario.tables.site_by_id(id).map(|site| scenario.tables.site(site));
    let name = site.map(|site| site.name.as_str()).filter(|name| !name.is_empty() && *name != id);
    name.map_or_else(|| id.to_owned(), |name| format!("{id} {name}"))
}

/// A bracket in whole pounds, rounded outward.
fn entry(entry: Entry) -> String {
    let whole = |pounds: i64| amount(Pence::from_whole_pounds(pounds)).replace(".00", "");
    match entry {
        Entry::Between { not_at, at } => {
            let (from, to) = (not_at.get().div_euclid(100), -(-at.get()).div_euclid(100));
            format!("{} to {}", whole(from), whole(to))
        }
        Entry::Beyond(most) => format!("above {}", whole(most.get().div_euclid(100))),
    }
}

/// An explanation of the sites asked for, in sentences.
#[must_use]
pub fn why_not_words(scenario: &Scenario, explained: &Explanation) -> String {
    if explained.outcome.plan.is_none() {
        return without_plan(explained.outcome.status, &explained.outcome.reasons);
    }
    let words = explained.sites.iter().map(|why| site_words(scenario, explained, why));
    words.chain(out_of_time(explained)).collect::<Vec<_>>().join("\n")
}

/// What there was no time for.
fn unfinished<S: AsRef<str>>(what: &str, names: &[S]) -> Option<String> {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    (!names.is_empty()).then(|| paragraph("  - ", &format!("{what}: {}", names.join(", "))))
}

/// What an explanation did not finish.
fn out_of_time(explained: &Explanation) -> Option<String> {
    let Unfinished { sites, budgets, .. } = &explained.unfinished;
    let sites = (!sites.is_empty())
        .then(|| format!("no plan was made with {} forced in", counted(sites.len(), "site")));
    let budgets =
        budgets.then(|| "the budgets at which sites enter were not looked for".to_owned());
    let what: Vec<String> = sites.into_iter().chain(budgets).collect();
    (!what.is_empty())
        .then(|| paragraph("", &format!("Unfinished, for time was up: {}.", what.join("; "))))
}

fn site_words(scenario: &Scenario, explained: &Explanation, why: &Why) -> String {
    let (name, label) = (&explained.weight, label(scenario, &why.id));
    let mut facts: Vec<String> = Vec::new();
    let mut way = |what: &str, way: Option<&WayIn>| {
        facts.extend(way.map(|way| {
            let new = metres(way.new);
            let built = match way.shared {
                Millimetres::ZERO => format!("{new} m to be built"),
                shared => format!("{new} m to be built and {} m built already", metres(shared)),
            };
            let exchange = &scenario.tables.exchange(way.exchange).id;
            format!("{what} {}, with {built}, from exchange {exchange}", gbp(way.cost))
        }));
    };
    way("with nothing built it costs", why.alone.as_ref());
    let adds = if why.connected { "it adds" } else { "over what the plan builds it costs" };
    way(adds, why.now.as_ref());
    if let Some(forced) = &why.forced {
        facts.push(format!(
            "the best plan found with it covers {} {name}; it lets in {} and leaves out {}",
            weight(forced.coverage),
            words(&forced.gained),
            words(&forced.lost)
        ));
    }
    let proven = [("with", why.loses_at_least), ("without", why.worth_at_least)];
    for (with, least) in proven {
        facts.extend(least.map(|least| {
            format!("proven: every plan {with} it covers at least {} {name} less", weight(least))
        }));
    }
    facts.extend(why.entry.map(|own| match own {
        Entry::Between { not_at, at } => format!(
            "with all programmes in proportion, it enters the plans found between {} and {}",
            gbp(not_at),
            gbp(at)
        ),
        Entry::Beyond(most) => format!("it is not in the plans found for up to {}", gbp(most)),
    }));
    let head = if why.connected {
        format!("{label} is connected.")
    } else {
        format!("{label} is left out ({}): {}.", why.code, meaning(&why.code))
    };
    let facts = facts.iter().map(|fact| paragraph("  - ", fact));
    std::iter::once(paragraph("", &head)).chain(facts).collect()
}

fn words(ids: &[String]) -> String {
    match ids {
        [] => "none".to_owned(),
        ids if ids.len() <= NAMED => ids.join(", "),
        ids => format!("{} and {} others", ids[..NAMED].join(", "), ids.len() - NAMED),
    }
}
