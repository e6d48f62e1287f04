//! How a case of each kind is run, and all that is then said, code first.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::SystemTime;

use fibreplan::check::{check, check_claims};
use fibreplan::engine::stp::read_stp;
use fibreplan::error::{Error, Fault};
use fibreplan::import::{ImportOptions, import};
use fibreplan::model::Scenario;
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_plan, read_scenario};
use fibreplan::report::{meaning, reason};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::study::why_not::{WhyNotOptions, why_not};
use fibreplan::write::{Results, RunFacts};

use crate::faults::Case;
use crate::scratch::Scratch;

fn lines<'a>(faults: impl IntoIterator<Item = &'a Fault>) -> Vec<String> {
    faults.into_iter().map(ToString::to_string).collect()
}

/// The faults of an error as lines.
pub fn told(error: &Error) -> Vec<String> {
    lines(error.faults())
}

/// A folder of the project as a case changes it; files may be added first.
fn changed(case: &Case, folder: &str, add: &dyn Fn(&Path)) -> Scratch {
    let scratch = Scratch::empty();
    copy(&crate::project(folder), scratch.path());
    add(scratch.path());
    case.apply(scratch.path()).unwrap_or_else(|missing| panic!("{}: {missing}", case.title));
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

fn read(scratch: &Scratch) -> Scenario {
    let reading = read_scenario(scratch.path(), &ReadOptions::new());
    reading.unwrap_or_else(|error| panic!("{error}")).scenario
}

/// The notices of the base scenario's network.
pub fn network(case: &Case) -> Vec<String> {
    let scratch = Scratch::base(case.network);
    case.apply(scratch.path()).unwrap_or_else(|missing| panic!("{}: {missing}", case.title));
    lines(prepare(&read(&scratch)).unwrap().notices())
}

/// What is said of the rows of the published samples, and of their files.
pub fn published(case: &Case) -> Vec<String> {
    let scratch = changed(case, "data/published-samples", &|_| {});
    let file = |name: &str| scratch.path().join(name);
    let areas = ["E07000991", "E07000992"].map(str::to_owned);
    let options = ImportOptions {
        practices: Some(file("epraccur.csv")),
        branches: Some(file("ebranchs.csv")),
        hospitals: Some(file("Hospital.csv")),
        list_sizes: Some(file("gp-reg-pat-prac-all.csv")),
        rural_urban: vec![file("postcode-areas.csv"), file("rural-urban-2011.csv")],
        areas: areas.into(),
        dense_sector: 12,
        ..ImportOptions::new(file("codepoint"))
    };
    match import(&options) {
        Ok(made) => {
            let rows = made.rows.iter().flat_map(|row| &row.findings);
            let files = made.accounts.iter();
            let files = files.flat_map(|account| account.first.iter().chain(&account.remarks));
            // Of rows that are only counted the report has a line for each code: code, number, words.
            let report = made.report();
            let counted = report.lines().map(|line| {
                let mut words = line.split_whitespace();
                let (code, number) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                format!("{code} {number} {}", words.collect::<Vec<_>>().join(" "))
            });
            lines(rows.chain(files)).into_iter().chain(counted).collect()
        }
        Err(error) => told(&error),
    }
}

/// Work units of a plan, where a case states none.
const WORK: u64 = 2_000_000;

fn options(case: &Case) -> SolveOptions {
    let mut options = SolveOptions::default();
    let work = case.setting("work").map(|work| work.parse().unwrap());
    options.effort.work = Some(work.unwrap_or(WORK));
    options.effort.seconds = case.setting("seconds").map(|seconds| seconds.parse().unwrap());
    options
}

/// Why there is no plan of the market town, or else why its sites are left out.
pub fn planned(case: &Case) -> Vec<String> {
    let scenario = read(&changed(case, "data/market-town", &|_| {}));
    if let Some(site) = case.setting("why_not") {
        return asked(&scenario, site);
    }
    let outcome = solve(&scenario, &options(case)).unwrap();
    let left_out = outcome.plan.iter().flat_map(|plan| &plan.left_out);
    let left_out = left_out.map(|left| format!("{} {}: {}", left.code(), left.id, reason(left)));
    let drops = outcome.plan.iter().flat_map(|plan| &plan.drops);
    let later = drops.filter_map(|drop| {
        let code = drop.later?.code();
        Some(format!("{code} {}: {}", drop.building, meaning(code.0)))
    });
    outcome.reasons.iter().cloned().chain(left_out).chain(later).collect()
}

/// What `why_not` says of a site.
fn asked(scenario: &Scenario, site: &str) -> Vec<String> {
    let mut options = WhyNotOptions::default();
    options.effort.work = Some(WORK);
    options.sites = vec![site.to_owned()];
    options.up_to = 1;
    let prepared = prepare(scenario).unwrap();
    let found = why_not(&prepared, scenario, &options, &mut Silent).unwrap();
    let said = |why: &fibreplan::study::why_not::Why| {
        format!("{} {}: {}", why.code, why.id, meaning(&why.code))
    };
    found.sites.iter().map(said).collect()
}

/// The `plan.json` of the market town: the first plan there is, of three exchanges.
fn plan_of_the_town() -> &'static str {
    static PLAN: OnceLock<String> = OnceLock::new();
    PLAN.get_or_init(|| {
        let untouched = Case::default();
        let scratch = changed(&untouched, "data/market-town", &|_| {});
        let scenario = read(&scratch);
        let mut options = options(&untouched);
        options.effort.work = Some(0);
        let outcome = solve(&scenario, &options).unwrap();
        let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
        let results = Results {
            scenario: &scenario,
            outcome: &outcome,
            notices: &[],
            set_aside: &[],
            facts: &facts,
        };
        let (_, bytes) =
            results.files().into_iter().find(|(name, _)| *name == "plan.json").unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// What the plan of the market town breaks, as `check_plan` judges it.
pub fn violations(case: &Case) -> Vec<String> {
    let add = |folder: &Path| fs::write(folder.join("plan.json"), plan_of_the_town()).unwrap();
    let scratch = changed(case, "data/market-town", &add);
    let scenario = read(&scratch);
    let file = read_plan(&scratch.path().join("plan.json")).unwrap();
    let found = check_claims(&scenario, &file.plan, &file.claims);
    found.iter().chain(&check(&scenario, &file.plan)).map(ToString::to_string).collect()
}

#[test]
fn the_plan_of_the_town_breaks_nothing() {
    assert_eq!(violations(&Case::default()), Vec::<String>::new());
}

/// What a file of the Steiner tree layout has wrong.
pub fn stp(case: &Case) -> Vec<String> {
    let scratch = Scratch::empty();
    let path = scratch.path().join("small.stp");
    fs::write(&path, include_str!("../base/small.stp")).unwrap();
    case.apply(scratch.path()).unwrap_or_else(|missing| panic!("{}: {missing}", case.title));
    let text = fs::read_to_string(&path).unwrap();
    read_stp("small.stp", &text).map_or_else(|error| told(&error), |_| Vec::new())
}
