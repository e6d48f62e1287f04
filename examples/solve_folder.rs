//! Solves a folder of `.stp` files one after another and prints the Markdown table of BENCHMARKS.md.
//!
//! `cargo run --release --example solve_folder -- FOLDER... --known known_values.csv --seconds 60`
//!
//! The table of known values has the columns `file, sense, value, status, seconds`, `file` being
//! `folder/name.stp`. Every answer is verified against the instance as read.

mod shared;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use fibreplan::effort::Effort;
use fibreplan::engine::stp::{StpProblem, read_stp};
use fibreplan::engine::verify::verify_outcome;
use fibreplan::engine::{self, Goal, Outcome};
use fibreplan::error::{Error, ErrorKind};
use fibreplan::read::read_ascii_text;
use fibreplan::status::{self, Status};
use fibreplan::units::Number;
use shared::{Session, Unit};

/// Solves folders of Steiner tree instances against a table of known values. Each file gets all of
/// `--seconds`.
#[derive(Parser)]
struct Arguments {
    /// Folders or files.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Known values, as CSV.
    #[arg(long)]
    known: Option<PathBuf>,
    #[command(flatten)]
    limits: shared::Limits,
    /// Show no progress.
    #[arg(long)]
    quiet: bool,
    /// Tell families apart by the first letter of the file name as well as by folder.
    #[arg(long)]
    by_letter: bool,
}

/// The time limit of each file where none is asked for.
const SECONDS: f64 = 60.0;

/// A value published or proven elsewhere.
struct Known {
    text: String,
    value: f64,
    proven: bool,
    seconds: Option<f64>,
}

impl Known {
    /// Half a unit of the last place in which the value is stated.
    fn tolerance(&self) -> f64 {
        let places = self.text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        0.5 * 0.1_f64.powi(i32::try_from(places).unwrap_or(0))
    }
}

/// One solved file.
struct Row {
    family: String,
    verdict: &'static str,
    gap: Option<f64>,
    wall: f64,
    peer: Option<f64>,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    session.hush(arguments.quiet);
    let known = match &arguments.known {
        Some(path) => read_known(path)?,
        None => BTreeMap::new(),
    };
    session.print(
        "| file | known | objective | bound | gap | seconds | user CPU | root gap | reduced | branched | verdict |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    )?;
    let mut rows = Vec::new();
    for path in files(&arguments.paths)? {
        if shared::is_interrupted() {
            break;
        }
        rows.push(solve_file(&path, &known, arguments, session)?);
    }
    session.print(&summary(&rows))
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let reading = |e| Error::io(format!("reading {}", path.display()), e);
        for entry in fs::read_dir(path).map_err(reading)? {
            let file = entry.map_err(reading)?.path();
            if file.extension().is_some_and(|extension| extension == "stp") {
                files.push(file);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn read_known(path: &Path) -> Result<BTreeMap<String, Known>, Error> {
    let wrong =
        |message: String| Error::new(ErrorKind::Usage, format!("{}: {message}", path.display()));
    let text = read_ascii_text(path)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut known = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let field = |place: usize| record.get(place).unwrap_or("").trim();
        let text = field(2).to_owned();
        let value = Number::read(&text).map_err(|_| wrong(format!("no value for {}", field(0))))?;
        let value = value.to_f64();
        let row =
            Known { value, proven: field(3) == "proven", seconds: field(4).parse().ok(), text };
        known.insert(field(0).to_owned(), row);
    }
    Ok(known)
}

fn solve_file(
    path: &Path,
    known: &BTreeMap<String, Known>,
    arguments: &Arguments,
    session: &mut Session,
) -> Result<Row, Error> {
    let name = last_of(path);
    let folder = path.parent().map(last_of).unwrap_or_default();
    let problem = read_stp(&name, &read_ascii_text(path)?)?;
    let mut effort = Effort::default();
    effort.seconds = Some(SECONDS);
    arguments.limits.apply(&mut effort, session);
    // Each file has the whole limit.
    effort.end = None;
    let (begun, cpu_before) = (Instant::now(), user_seconds());
    let most = matches!(problem.instance.goal, Goal::MostPrize { .. });
    let mut progress = session.watch_since(begun, Unit::of_tree(!most, 1.0), effort.seconds);
    let outcome = engine::solve(&problem.instance, &effort, &mut progress)?;
    drop(progress);
    let wall = begun.elapsed().as_secs_f64();
    let cpu = user_seconds().zip(cpu_before).map(|(after, before)| after - before);
    let key = format!("{folder}/{name}");
    let known = known.get(&key);
    let verdict = verdict(&problem, &outcome, known);
    let gap = outcome.objective.map(|found| status::gap(found, outcome.bound));
    let root_gap = outcome.objective.map(|found| status::gap(found, outcome.root_bound));
    let text =
        |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |v| problem.objective_text(v));
    session.print(&format!(
        "| {key} | {} | {} | {} | {} | {wall:.3} | {} | {} | {} {} | {} | {verdict} |\n",
        known.map_or("-", |known| &known.text),
        text(outcome.objective),
        text(Some(outcome.bound)),
        per_cent(gap),
        cpu.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.2}")),
        per_cent(root_gap),
        outcome.reduced.nodes,
        outcome.reduced.edges,
        outcome.branch_nodes,
    ))?;
    let letter = name.chars().next().filter(|_| arguments.by_letter);
    let family = letter.map_or_else(|| folder.clone(), |letter| format!("{folder} {letter}"));
    Ok(Row { family, verdict, gap, wall, peer: known.and_then(|known| known.seconds) })
}

fn verdict(problem: &StpProblem, outcome: &Outcome, known: Option<&Known>) -> &'static str {
    if verify_outcome(&problem.instance, outcome).is_err() {
        return "WRONG PLAN";
    }
    let proven = outcome.status == Status::Optimal;
    let Some(known) = known else {
        return if proven { "proven" } else { "open" };
    };
    // Texts are exact and values moderate, so comparing within half a last place is safe.
    let number = |value: i64| problem.objective_text(value).parse().unwrap_or(f64::NAN);
    let maximised = matches!(problem.instance.goal, Goal::MostPrize { .. });
    let sign = if maximised { 1.0 } else { -1.0 };
    let ahead = |value: f64| sign * (value - known.value);
    if ahead(number(outcome.bound)) < -known.tolerance() {
        return "WRONG BOUND";
    }
    let Some(found) = outcome.objective.map(|found| ahead(number(found))) else {
        return "no plan";
    };
    if found > known.tolerance() {
        return if known.proven { "WRONG VALUE" } else { "better" };
    }
    match (found < -known.tolerance(), proven) {
        (true, true) => "WRONG VALUE",
        (true, false) => "worse",
        (false, true) => "proven",
        (false, false) => "equal",
    }
}

/// A row a family.
fn summary(rows: &[Row]) -> String {
    let mut text = String::from(
        "\n| family | files | proven | equal | better | worse | wrong | median s | largest s | largest gap | seconds / peer, median |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut families: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        families.entry(&row.family).or_default().push(row);
    }
    for (family, rows) in families {
        let counted =
            |verdicts: &[&str]| rows.iter().filter(|row| verdicts.contains(&row.verdict)).count();
        let ratios = rows.iter().filter_map(|row| Some(row.wall / row.peer.filter(|&s| s > 0.0)?));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {family} | {} | {} | {} | {} | {} | {} | {:.3} | {:.3} | {} | {} |",
            rows.len(),
            counted(&["proven"]),
            counted(&["equal"]),
            counted(&["better"]),
            counted(&["worse", "open", "no plan"]),
            counted(&["WRONG PLAN", "WRONG BOUND", "WRONG VALUE"]),
            median(rows.iter().map(|row| row.wall)).unwrap_or(0.0),
            rows.iter().map(|row| row.wall).fold(0.0, f64::max),
            per_cent(rows.iter().filter_map(|row| row.gap).reduce(f64::max)),
            median(ratios).map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
        );
    }
    text
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn per_cent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.3} %", share * 100.0))
}

fn last_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Seconds of user CPU of this process so far, where the system tells (Linux, in hundredths).
fn user_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces; the user time is the twelfth field after it.
    let ticks: f64 = text.rsplit_once(')')?.1.split_whitespace().nth(11)?.parse().ok()?;
    Some(ticks / 100.0)
}
