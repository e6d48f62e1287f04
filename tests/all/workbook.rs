//! The workbook reads back: its sums are those of the plan, its texts are texts, and its bytes the same again.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use fibreplan::error::ErrorKind;
use fibreplan::model::Scenario;
use fibreplan::plan::Outcome;
use fibreplan::prelude::{ReadOptions, SolveOptions, read_scenario, solve};
use fibreplan::report::Report;
use fibreplan::text::cell;
use fibreplan::write::{Replace, workbook, workbook_file};

use crate::scratch::Scratch;
use crate::{hostile, town};

/// Rows of a sheet by the names of their columns.
type Rows = Vec<BTreeMap<String, Data>>;

fn bytes(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    workbook(scenario, outcome, &Report::of(scenario, outcome), &[]).unwrap()
}

fn opened(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Rows {
    let range: Range<Data> = book.worksheet_range(sheet).unwrap();
    let mut rows = range.rows();
    let header: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

/// A sum of pounds in pence, each cell rounded to its penny.
#[allow(clippy::cast_possible_truncation)] // amounts of tests are small
fn pence<'a>(cells: impl Iterator<Item = &'a Data>) -> i64 {
    let penny = |cell: &Data| match cell {
        Data::Float(pounds) => (pounds * 100.0).round() as i64,
        Data::Empty => 0,
        other => panic!("{other:?} is no number"),
    };
    cells.map(penny).sum()
}

fn hold_sums(book: &mut Xlsx<Cursor<Vec<u8>>>, outcome: &Outcome) {
    let plan = outcome.plan.as_ref().unwrap();
    let list = rows(book, "build list");
    let kind = |row: &BTreeMap<String, Data>| row["row"].to_string();
    let steps = list.iter().filter(|row| ["exchange", "span", "drop"].contains(&&*kind(row)));
    assert_eq!(pence(steps.map(|row| &row["cost_gbp"])), plan.cost().get());
    let total = list.iter().filter(|row| kind(row) == "total");
    assert_eq!(pence(total.map(|row| &row["cost_gbp"])), plan.cost().get());
    let funding = rows(book, "funding");
    let paid: i64 = plan.payments.iter().map(|payment| payment.pence.get()).sum();
    assert_eq!(pence(funding.iter().map(|row| &row["paid_gbp"])), paid);
    let sites = rows(book, "sites");
    let shares = pence(sites.iter().map(|row| &row["plan_cost_share_gbp"]));
    assert_eq!(shares, plan.cost().get());
    let programmes = rows(book, "programmes");
    assert_eq!(programmes.len(), outcome.by_programme.len());
    assert_eq!(pence(programmes.iter().map(|row| &row["spent_gbp"])), paid);
    for (row, result) in programmes.iter().zip(&outcome.by_programme) {
        assert_eq!(pence([&row["available_gbp"]].into_iter()), result.available.get());
    }
}

#[test]
fn sums_are_those_of_the_plan_and_bytes_the_same_again() {
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let first = bytes(&scenario, &outcome);
    assert_eq!(first, bytes(&scenario, &outcome));
    let mut book = opened(&first);
    let names = ["sites", "build list", "funding", "programmes", "years", "assumptions"];
    assert_eq!(book.sheet_names(), names);
    hold_sums(&mut book, &outcome);
    let paid: i64 =
        outcome.plan.as_ref().unwrap().payments.iter().map(|payment| payment.pence.get()).sum();
    let years = rows(&mut book, "years");
    let all = |row: &&BTreeMap<String, Data>| row["programme"] == *"all";
    assert_eq!(pence(years.iter().filter(all).map(|row| &row["spent_gbp"])), paid);
    assert_eq!(pence(years.iter().map(|row| &row["spent_gbp"])), 2 * paid, "by programme too");
    assert!(years.iter().any(|row| row["year"] == Data::String("2020-21".to_owned())));
    let sites = rows(&mut book, "sites");
    assert_eq!(sites.len(), scenario.tables.sites.rows.len());
    let formula = sites.iter().find(|row| row["id"] == *"B1").unwrap();
    assert_eq!(formula["name"], Data::String("=HYPERLINK(\"x\")".to_owned()));
    for sheet in names {
        assert!(book.worksheet_formula(sheet).unwrap().is_empty(), "{sheet} has a formula");
    }
    let said = rows(&mut book, "assumptions");
    assert!(said.iter().any(|row| row["about"] == *"what is proven"));
}

#[test]
fn a_real_plan_adds_up() {
    let folder = crate::project("data/market-town");
    let reading = read_scenario(&folder, &ReadOptions::default()).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    let mut book = opened(&bytes(&reading.scenario, &outcome));
    hold_sums(&mut book, &outcome);
    let sites = rows(&mut book, "sites");
    assert!(sites.iter().all(|row| matches!(row["id"], Data::String(_))));
    assert!(sites.iter().all(|row| matches!(row["patients"], Data::Float(_) | Data::Empty)));
}

#[test]
fn hostile_text_is_text() {
    let scratch = Scratch::empty();
    hostile::scenario(scratch.path());
    let mut options = ReadOptions::default();
    options.quarantine = true;
    let reading = read_scenario(scratch.path(), &options).unwrap();
    let scenario = &reading.scenario;
    let outcome = solve(scenario, &SolveOptions::default()).unwrap();
    let report = Report::of(scenario, &outcome);
    let bytes = workbook(scenario, &outcome, &report, &reading.notices).unwrap();
    let mut book = opened(&bytes);
    hold_sums(&mut book, &outcome);
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).unwrap().is_empty(), "{sheet} has a formula");
        let range = book.worksheet_range(&sheet).unwrap();
        let texts = range.cells().map(|(_, _, cell)| cell.to_string());
        let controls = |text: &String| {
            text.contains(|letter| {
                !matches!(letter, '\n' | '\t') && fibreplan::text::is_hidden(letter)
            })
        };
        assert_eq!(texts.filter(controls).collect::<Vec<_>>(), Vec::<String>::new(), "{sheet}");
    }
    let names: Vec<String> =
        rows(&mut book, "sites").iter().map(|row| row["name"].to_string()).collect();
    for text in hostile::HOSTILE {
        let shown = cell(text).into_owned();
        // Readers may drop blanks at the ends of a cell.
        assert!(names.iter().any(|name| name.trim() == shown.trim()), "{shown:?} of {names:?}");
    }
}

#[test]
fn a_workbook_that_somebody_worked_in_is_not_replaced() {
    let scratch = Scratch::empty();
    let file = scratch.path().join("plan.xlsx");
    let book = bytes(&town::scenario(), &town::outcome());
    workbook_file(&file, Replace::Same).write(book.clone()).unwrap();
    workbook_file(&file, Replace::Same).write(book.clone()).unwrap();
    let mut changed = std::fs::read(&file).unwrap();
    assert_ne!(changed, book, "it is sealed");
    assert_eq!(opened(&changed).sheet_names().len(), 6);
    changed[100] ^= 1;
    std::fs::write(&file, &changed).unwrap();
    let refused = workbook_file(&file, Replace::Same).write(book.clone()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Usage);
    assert_eq!(std::fs::read(&file).unwrap(), changed);
    workbook_file(&file, Replace::Any).write(book).unwrap();
}
