//! A comparison of scenarios as tables, as text, and as a folder of whole results.
//!
//! In: the rows of a comparison, solved. Out: `comparison.csv`, `differences.csv` and the results of every
//! row in a folder of its name, whole or not at all; and the same in brief for a terminal. The files hold
//! the same bytes for the same answers; seconds are in `run.json` and in the text alone.

use std::path::Path;

use crate::error::{Error, Fault};
use crate::read::Rejected;
use crate::report::ComparisonSummary;
use crate::study::compare::{
    Change, CompareRow, Comparison, Difference, Effect, ItemChange, Tally, Verdict,
};
use crate::units::{Millimetres, Pence, Weight};
use crate::write::cells::CsvText;
use crate::write::plan_json::answer_json;
use crate::write::text::{amount, counted, gbp, metres, one_line, paragraph, table, weight};
use crate::write::{Destination, FolderKind, Replace, Results, RunFacts};

/// How many sites and how many reasons the text names.
const NAMED: usize = 3;

/// What there is to write about a comparison.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonResults<'a> {
    /// The rows.
    pub comparison: &'a Comparison,
    /// By row: notices on the input, and rows set aside on reading.
    pub remarks: &'a [(&'a [Fault], &'a [Rejected])],
    /// Start, threads and seconds, for every `run.json`.
    pub facts: &'a RunFacts,
}

impl ComparisonResults<'_> {
    /// Path and bytes of every file. A row without an outcome has no folder: its reasons are in
    /// `comparison.csv`.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let answer = ComparisonSummary::from(self.comparison).without_seconds();
        let mut files = vec![
            ("comparison.json".to_owned(), answer_json(&answer)),
            ("comparison.csv".to_owned(), comparison_csv(self.comparison)),
            ("differences.csv".to_owned(), differences_csv(self.comparison)),
        ];
        for (place, row) in self.comparison.rows.iter().enumerate() {
            let (Some(scenario), Some(outcome)) = (&row.scenario, &row.outcome) else { continue };
            let (notices, set_aside) = self.remarks.get(place).copied().unwrap_or_default();
            let facts = self.facts;
            let results = Results { scenario, outcome, notices, set_aside, facts };
            let inside = |(file, bytes)| (format!("{}/{file}", row.name), bytes);
            files.extend(results.files().into_iter().map(inside));
        }
        files
    }

    /// Writes all files into a folder, which appears whole or not at all; an earlier comparison is replaced.
    ///
    /// # Errors
    ///
    /// As [`Destination::write`].
    pub fn write(&self, folder: &Path, replace: Replace) -> Result<(), Error> {
        destination(folder, self.comparison.scenario(), replace).write(&self.files())
    }

    /// Whether a comparison of a scenario with variants of these names may be written into a folder, to be
    /// asked before long work.
    ///
    /// # Errors
    ///
    /// As [`Destination::judge`].
    pub fn may_replace(
        folder: &Path,
        scenario: &str,
        variants: &[&str],
        replace: Replace,
    ) -> Result<(), Error> {
        let destination = destination(folder, scenario, replace);
        destination.judge_names(variants.iter().copied())?;
        destination.judge()
    }
}

fn destination<'a>(folder: &'a Path, scenario: &'a str, replace: Replace) -> Destination<'a> {
    Destination { folder, kind: FolderKind::Comparison, scenario, replace }
}

/// One row for each scenario; `data/RESULTS.md` says what the columns hold.
#[must_use]
pub fn comparison_csv(comparison: &Comparison) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "variant",
        "title",
        "status",
        "weight",
        "coverage",
        "coverage_bound",
        "cost_gbp",
        "cost_bound_gbp",
        "net_benefit_gbp",
        "net_benefit_bound_gbp",
        "gap",
        "gbp_per_unit",
        "sites",
        "premises_passed",
        "objective",
        "verdict",
        "difference_found",
        "difference_at_least",
        "difference_at_most",
        "reasons",
    ]);
    for (place, row) in comparison.rows.iter().enumerate() {
        let effect = comparison.effect(0, place).filter(|_| place > 0);
        let [objective, verdict, found, least, most] =
            effect.as_ref().map(effect_cells).unwrap_or_default();
        text.row([
            row.name.clone(),
            row.title.clone(),
            status(row),
            row.weight().to_owned(),
            shown(row.coverage()),
            shown(row.bound()),
            shown(row.cost()),
            shown(row.cost_bound()),
            shown(row.net_benefit()),
            shown(row.net_benefit_bound()),
            shown(row.gap()),
            shown(row.cost_per_unit()),
            shown(row.sites()),
            shown(row.passed()),
            objective,
            verdict,
            found,
            least,
            most,
            row.reasons.join(" | "),
        ]);
    }
    text.into_bytes()
}

/// What the difference is one of, the verdict, the difference of the plans found, and between which values that
/// of the best plans lies.
fn effect_cells(effect: &Effect) -> [String; 5] {
    let own = |difference: i64| effect.amount(difference).plain();
    [
        effect.objective.clone(),
        effect.verdict.word().to_owned(),
        own(effect.found),
        effect.at_least.map(own).unwrap_or_default(),
        effect.at_most.map(own).unwrap_or_default(),
    ]
}

/// The status, or what stands for it where the question could not be put or was not reached.
fn status(row: &CompareRow) -> String {
    match (row.status(), &row.scenario) {
        (Some(status), _) => status.to_string(),
        (None, None) => "Faulty".to_owned(),
        (None, Some(_)) => "NotPlanned".to_owned(),
    }
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Everything that is not alike between the first row's plan and each other's, before and after.
#[must_use]
pub fn differences_csv(comparison: &Comparison) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "variant",
        "what",
        "id",
        "name",
        "change",
        "coverage_before",
        "coverage_after",
        "length_before_m",
        "length_after_m",
        "gbp_before",
        "gbp_after",
    ]);
    for (place, row) in comparison.rows.iter().enumerate().skip(1) {
        if let Some(difference) = comparison.difference(0, place) {
            difference_rows(&mut text, &row.name, &difference);
        }
    }
    text.into_bytes()
}

fn difference_rows(text: &mut CsvText, variant: &str, difference: &Difference) {
    let none = String::new;
    for site in &difference.sites {
        let [before, after] = site.weight.map(shown);
        let change = word(site.change()).to_owned();
        let cells = [site.id.clone(), site.name.clone(), change, before, after];
        text.row([variant.to_owned(), "site".to_owned()].into_iter().chain(cells).chain([
            none(),
            none(),
            none(),
            none(),
        ]));
    }
    let items = [
        ("exchange", &difference.exchanges),
        ("span", &difference.spans),
        ("drop", &difference.drops),
    ];
    for (what, items) in items {
        for item in items {
            let length = item
                .figures
                .map(|figures| shown(figures.map(|(length, _)| length).filter(|_| what == "span")));
            let cost = item.figures.map(|figures| shown(figures.map(|(_, cost)| cost)));
            let change = word(item.change()).to_owned();
            let head = [variant.to_owned(), what.to_owned(), item.id.clone(), none(), change];
            text.row(head.into_iter().chain([none(), none()]).chain(length).chain(cost));
        }
    }
    for programme in &difference.programmes {
        let change = word(programme.change()).to_owned();
        let head = ["programme".to_owned(), programme.programme.clone(), none(), change];
        let cells = [none(), none(), none(), none()];
        let pays = programme.pays.map(shown);
        text.row([variant.to_owned()].into_iter().chain(head).chain(cells).chain(pays));
    }
}

fn word(change: Change) -> &'static str {
    match change {
        Change::Gained => "gained",
        Change::Lost => "lost",
        Change::Kept => "kept",
    }
}

/// The rows as a table, and why there is no plan where there is none.
#[must_use]
pub fn comparison_text(comparison: &Comparison) -> String {
    let first = comparison.rows.first().map_or("coverage", CompareRow::weight);
    let alike = comparison.rows.iter().all(|row| row.weight() == first || row.coverage().is_none());
    let coverage = if alike { first } else { "coverage" };
    let nets = comparison.rows.iter().any(|row| row.net_benefit().is_some());
    let passes = comparison.rows.iter().any(|row| row.passed().is_some());
    let mut header =
        vec!["variant", "status", coverage, "at most", "gap %", "cost £", "£/unit", "sites", "s"];
    if passes {
        header.insert(8, "premises");
    }
    if nets {
        header.insert(6, "net £");
    }
    let cells = |row: &CompareRow| {
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let own = if alike { String::new() } else { format!(" {}", one_line(row.weight())) };
        // Where least cost or net benefit is asked for, that is what is proven.
        let bound = row.bound().map(weight);
        let bound = bound.or_else(|| row.cost_bound().map(|least| format!("> {}", gbp(least))));
        let bound =
            bound.or_else(|| row.net_benefit_bound().map(|most| format!("net {}", gbp(most))));
        let mut cells = vec![
            row.name.clone(),
            status(row),
            or_dash(row.coverage().map(|coverage| weight(coverage) + &own)),
            or_dash(bound),
            or_dash(row.gap().map(|gap| format!("{:.2}", 100.0 * gap))),
            or_dash(row.cost().map(amount)),
            or_dash(row.cost_per_unit().map(amount)),
            or_dash(row.sites().map(|sites| sites.to_string())),
            format!("{:.1}", row.seconds),
        ];
        if passes {
            cells.insert(8, or_dash(row.passed().map(weight)));
        }
        if nets {
            cells.insert(6, or_dash(row.net_benefit().map(amount)));
        }
        cells
    };
    let rows: Vec<Vec<String>> = comparison.rows.iter().map(cells).collect();
    let mut parts = vec![table(&header, &rows)];
    for row in comparison.rows.iter().filter(|row| !row.reasons.is_empty()) {
        let because = because(row.reasons.len());
        parts.push(paragraph("", &format!("{}: {}, {because}", row.name, status(row))));
        let told = row.reasons.iter().take(NAMED);
        parts.extend(told.map(|reason| paragraph("  - ", reason)));
    }
    parts.concat()
}

fn because(reasons: usize) -> String {
    match reasons {
        0..=NAMED => "because:".to_owned(),
        _ => format!("for {reasons} reasons, first:"),
    }
}

/// The rows as a table, then each variant against the scenario itself.
#[must_use]
pub fn comparison_page(comparison: &Comparison) -> String {
    let mut page = comparison_text(comparison);
    let Some(first) = comparison.rows.first() else { return page };
    for (place, row) in comparison.rows.iter().enumerate().skip(1) {
        if let Some(difference) = comparison.difference(0, place) {
            let effect = comparison.effect(0, place);
            page.push('\n');
            page += &difference_text(&first.name, &row.name, &difference, effect.as_ref());
        }
    }
    page
}

/// The difference between two rows in a few lines: counts, the largest sites, money by programme.
#[must_use]
pub fn difference_text(
    from: &str,
    to: &str,
    difference: &Difference,
    effect: Option<&Effect>,
) -> String {
    let [before, after] = difference.coverage.map(Weight::thousandths);
    let (to, from) = (one_line(to), one_line(from));
    let head = format!(
        "{to} against {from}: the plan found covers {} ({}) and costs {}",
        more_weight(Weight::from_thousandths(after - before)),
        one_line(&difference.weight),
        more_money(difference.cost[1] - difference.cost[0]),
    );
    let mut lines = vec![paragraph("", &head)];
    lines.push(effect.map_or_else(
        || "  no verdict: the two ask for different things\n".to_owned(),
        effect_text,
    ));
    for (change, verb) in [(Change::Gained, "gains"), (Change::Lost, "loses")] {
        lines.extend(sites_line(difference, change, verb));
    }
    let [before, after] = difference.passed.map(Weight::thousandths);
    if before != after {
        let more = more_weight(Weight::from_thousandths(after - before));
        lines.push(format!("  premises passed: {more}\n"));
    }
    let otherwise = difference.weight_of(Change::Kept);
    if otherwise != Weight::ZERO {
        lines.push(format!("  sites kept count {}\n", more_weight(otherwise)));
    }
    for (noun, items) in [
        ("span", &difference.spans),
        ("exchange", &difference.exchanges),
        ("drop", &difference.drops),
    ] {
        for (change, verb) in [(Change::Gained, "builds"), (Change::Lost, "no longer builds")] {
            lines.extend(items_line(items, change, verb, noun));
        }
    }
    let dearer = difference.dearer();
    if dearer != Pence::ZERO {
        lines.push(format!("  what both build costs {}\n", more_money(dearer)));
    }
    for programme in &difference.programmes {
        let [before, after] = programme
            .pays
            .map(|pays| pays.map_or_else(|| "nothing, as it is not there".to_owned(), gbp));
        let id = one_line(&programme.programme);
        lines.push(paragraph("  ", &format!("{id} pays {after}, before {before}")));
    }
    lines.concat()
}

/// What is proven of the best plans of two rows, in a sentence.
fn effect_text(effect: &Effect) -> String {
    let own = |value: i64| {
        if effect.is_money() {
            more_money(Pence::new(value))
        } else {
            more_weight(Weight::from_thousandths(value))
        }
    };
    let range = match (effect.at_least, effect.at_most) {
        (Some(least), Some(most)) if least == most => format!("its best plan has {}", own(least)),
        (Some(least), Some(most)) => {
            format!("its best plan has between {} and {}", own(least), own(most))
        }
        (Some(least), None) => format!("its best plan has at least {}", own(least)),
        (None, Some(most)) => format!("its best plan has at most {}", own(most)),
        (None, None) => "nothing is proven of the difference".to_owned(),
    };
    let name = effect.objective.replace('_', " ");
    let text = match effect.verdict {
        Verdict::ProvenBetter => format!("proven better: {range} ({name})"),
        Verdict::ProvenWorse => format!("proven worse: {range} ({name})"),
        Verdict::ProvenEqual => format!("proven equal: the best plans have the same {name}"),
        Verdict::Undecided => {
            format!("undecided: the gaps are larger than the difference; {range} ({name})")
        }
    };
    paragraph("  ", &text)
}

/// `500 more`, `500 less`.
fn more_weight(difference: Weight) -> String {
    let size = Weight::from_thousandths(difference.thousandths().abs());
    format!("{} {}", weight(size), if difference < Weight::ZERO { "less" } else { "more" })
}

/// The same for money.
fn more_money(difference: Pence) -> String {
    let size = Pence::new(difference.get().abs());
    format!("{} {}", gbp(size), if difference < Pence::ZERO { "less" } else { "more" })
}

fn sites_line(difference: &Difference, change: Change, verb: &str) -> Option<String> {
    let count = difference.sites_of(change).count();
    let largest: Vec<String> = difference
        .sites_of(change)
        .take(NAMED)
        .map(|site| {
            let (id, name) = (one_line(&site.id), one_line(&site.name));
            format!("{id} {name} ({})", weight(site.counts()))
        })
        .collect();
    let others = if count > NAMED { ", ..." } else { "" };
    let (sum, sites) = (weight(difference.weight_of(change)), counted(count, "site"));
    let text = format!("{sites} of {sum}: {}{others}", largest.join(", "));
    (count > 0).then(|| paragraph(&format!("  {verb} "), &text))
}

fn items_line(items: &[ItemChange], change: Change, verb: &str, noun: &str) -> Option<String> {
    let Tally { count, length, cost } = Tally::of(items, change);
    let long =
        if length == Millimetres::ZERO { String::new() } else { format!("{} m, ", metres(length)) };
    (count > 0).then(|| format!("  {verb} {} ({long}{})\n", counted(count, noun), gbp(cost)))
}
