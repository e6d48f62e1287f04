//! Plans with years: what the check finds in spoiled ones, and files that add up. Whether schedules are good is for
//! `schedules`.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;
use std::time::SystemTime;

use fibreplan::check::{Unverified, check, check_claims, check_totals, unverified};
use fibreplan::funding::fund;
use fibreplan::model::{Budget, CarryOver, PriceLevel, Programme, Scenario};
use fibreplan::network::prepare;
use fibreplan::plan::{Claims, Item, Outcome, Plan, PlanFile};
use fibreplan::read::{ReadOptions, read_plan, read_scenario};
use fibreplan::report::{Report, exchange_years, plan_until, year_lines};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Millimetres, Pence, Weight, Year};
use fibreplan::write::{Results, RunFacts, Shown, plan_html, plan_json};
use serde_json::Value;

use crate::scratch::Scratch;

fn planned_under(scenario: &Scenario) -> Outcome {
    let mut options = SolveOptions::default();
    options.effort.work = Some(40_000_000);
    let outcome = solve(scenario, &options).unwrap();
    assert_eq!(check(scenario, outcome.plan.as_ref().unwrap()), []);
    outcome
}

fn town() -> Scenario {
    let folder = crate::project("data").join("market-town-years");
    read_scenario(&folder, &ReadOptions::new()).unwrap().scenario
}

/// The market town over three years, planned once.
fn planned() -> &'static (Scenario, Outcome) {
    static PLANNED: OnceLock<(Scenario, Outcome)> = OnceLock::new();
    PLANNED.get_or_init(|| {
        let scenario = town();
        let outcome = planned_under(&scenario);
        (scenario, outcome)
    })
}

fn sound() -> (Scenario, Plan) {
    let (scenario, outcome) = planned();
    (scenario.clone(), outcome.plan.clone().unwrap())
}

fn year(start: u16) -> Year {
    Year { start, financial: true }
}

/// The codes of what a plan breaks, each once.
fn codes(scenario: &Scenario, plan: &Plan) -> Vec<&'static str> {
    let mut codes: Vec<&str> = check(scenario, plan).iter().map(|own| own.code.0).collect();
    codes.dedup();
    codes
}

/// Builds and pays everything of a plan in another year.
fn move_all(plan: &mut Plan, to: impl Fn(Year) -> Year) {
    let moved = |own: &mut Option<Year>| *own = own.map(&to);
    plan.exchanges.iter_mut().for_each(|own| moved(&mut own.year));
    plan.spans.iter_mut().for_each(|own| moved(&mut own.year));
    plan.drops.iter_mut().for_each(|own| moved(&mut own.year));
    plan.payments.iter_mut().for_each(|own| moved(&mut own.year));
}

fn hold(found: &[&str], expected: &[&str]) {
    assert!(expected.iter().all(|code| found.contains(code)), "{found:?}, not {expected:?}");
}

#[test]
fn a_plan_of_a_schedule_has_a_year_on_everything() {
    let (scenario, plan) = sound();
    let without: [fn(&mut Plan); 4] = [
        |plan| plan.exchanges[0].year = None,
        |plan| plan.spans[0].year = None,
        |plan| plan.drops[0].year = None,
        |plan| plan.payments[0].year = None,
    ];
    for (place, remove) in without.iter().enumerate() {
        let mut spoiled = plan.clone();
        remove(&mut spoiled);
        hold(&codes(&scenario, &spoiled), &["V274"]);
        let found = check(&scenario, &spoiled);
        let said = found.iter().find(|own| own.code.0 == "V274").unwrap();
        assert!(said.cause.starts_with("1 of the items"), "{place}: {said}");
    }
    let mut undated = plan.clone();
    undated.exchanges.iter_mut().for_each(|own| own.year = None);
    undated.spans.iter_mut().for_each(|own| own.year = None);
    undated.drops.iter_mut().for_each(|own| own.year = None);
    undated.payments.iter_mut().for_each(|own| own.year = None);
    assert_eq!(codes(&scenario, &undated), ["V274"], "the money of all years would do");
}

#[test]
fn a_year_spends_what_it_has_and_builds_what_it_can() {
    let (scenario, plan) = sound();
    let mut at_once = plan.clone();
    move_all(&mut at_once, |_| year(2018));
    // RGC is closed then, the money is not there, a year can lay 3,500 m, and MT001 must wait.
    hold(&codes(&scenario, &at_once), &["V272", "V275", "V276", "V277"]);
    let mut at_last = plan.clone();
    move_all(&mut at_last, |_| year(2020));
    // No rural site by the end of the second year, and LFFN loses most of what it does not spend.
    hold(&codes(&scenario, &at_last), &["V275", "V276", "V278"]);
    let mut one = plan.clone();
    let waiting = one.drops.iter_mut().find(|own| own.sites.contains(&"MT001".to_owned())).unwrap();
    waiting.year = Some(year(2018));
    hold(&codes(&scenario, &one), &["V271", "V277"]);
}

#[test]
fn each_limit_and_floor_of_a_schedule_is_judged() {
    let (scenario, plan) = sound();
    let first = scenario.years[0];
    let built = plan.drops.iter().filter(|own| own.year == Some(first)).count();
    assert!(built > 0);
    let judged = |change: &dyn Fn(&mut Scenario)| {
        let mut other = scenario.clone();
        change(&mut other);
        codes(&other, &plan)
    };
    let changed = |old: &str, text: &str| {
        let scratch = Scratch::empty();
        let folder = crate::project("data").join("market-town-years");
        let toml = fs::read_to_string(folder.join("scenario.toml")).unwrap();
        let changed = toml.replace(old, text);
        assert_ne!(changed, toml);
        fs::write(scratch.path().join("scenario.toml"), changed).unwrap();
        let options = ReadOptions::new().data_dir(&folder);
        codes(&read_scenario(scratch.path(), &options).unwrap().scenario, &plan)
    };
    let limit = |text: &str| changed("limits = [{ metres = 3500 }]", text);
    assert_eq!(limit("limits = [{ metres = 3501 }]"), [] as [&str; 0]);
    assert_eq!(limit("limits = [{ metres = 300 }]"), ["V276"]);
    assert_eq!(limit("limits = [{ pounds = 100 }]"), ["V276"]);
    assert_eq!(limit("limits = [{ buildings = 0 }]"), ["V276"]);
    assert_eq!(limit("limits = [{ year = \"2018-19\", buildings = 0 }]"), ["V276"]);
    let nobody = "limits = [{ where = { kind = [\"lighthouse\"] }, buildings = 0 }]";
    assert_eq!(limit(nobody), [] as [&str; 0]);
    let floor = "floors = [{ by = \"2018-19\", weight = \"patients\", at_least_share = 0.9 }, ";
    assert_eq!(changed("floors = [", floor), ["V278"]);
    let late = year(2020);
    assert_eq!(
        judged(&|own| {
            let early = plan.exchanges.iter().find(|own| own.year < Some(late)).unwrap();
            own.schedule.exchange_ready.insert(early.id.clone(), late);
        }),
        ["V277"]
    );
    let served = plan.drops.iter().find(|own| own.year == Some(late)).unwrap();
    assert_eq!(
        judged(&|own| {
            own.schedule.by.insert(served.sites[0].clone(), first);
        }),
        ["V277"]
    );
    assert_eq!(
        judged(&|own| {
            let lffn = own.programmes.iter_mut().find(|own| own.id == "lffn").unwrap();
            let Budget::ByYear { by_year, carry_over } = &mut lffn.budget else { panic!() };
            *carry_over = CarryOver::All;
            let (early, late) = (year(2018), year(2020));
            let moved = by_year[&early];
            by_year.insert(early, Pence::ZERO);
            by_year.insert(late, by_year[&late] + moved);
        }),
        ["V275"],
        "all together there is as much"
    );
}

#[test]
fn things_cost_what_they_do_in_their_year() {
    let mut scenario = town();
    let level = PriceLevel::from_millionths;
    scenario.schedule.price_index.insert(year(2019), level(1_050_000));
    scenario.schedule.price_index.insert(year(2020), level(1_100_000));
    let outcome = planned_under(&scenario);
    let plan = outcome.plan.as_ref().unwrap();
    let (base, before) = planned();
    let drops = plan.drops.iter().filter(|own| own.year == Some(year(2019)));
    let old = |id: &str| before.plan.as_ref().unwrap().drops.iter().find(|own| own.building == id);
    let mut compared = 0;
    for (drop, known) in drops.filter_map(|own| Some((own, old(&own.building)?))) {
        assert_eq!(drop.cost.get() * 100, known.cost.get() * 105);
        compared += 1;
    }
    assert!(compared > 0);
    // Everything later than it is costs less than its price says, and the money is not what it takes.
    hold(&codes(base, plan), &["V210", "V230"]);
    let mut cheaper = plan.clone();
    let late = cheaper.spans.iter_mut().find(|own| own.year == Some(year(2020))).unwrap();
    late.cost = level(1_000_000).of(Pence::new(late.cost.get() * 10 / 11));
    assert_eq!(codes(&scenario, &cheaper), ["V210"]);
    // A plan without lengths and prices is judged and paid with those of its years.
    let mut unpriced = plan.clone();
    for span in &mut unpriced.spans {
        (span.length, span.cost) = (Millimetres::ZERO, Pence::ZERO);
    }
    assert_eq!(fund(&scenario, &unpriced).unwrap().payments, plan.payments);
    let files = files(&scenario, &outcome);
    let all = rows(&files["schedule.csv"]);
    let all = all.iter().filter(|row| row["programme"] == "all");
    assert_eq!(all.map(|row| pence(&row["cost_gbp"])).sum::<Pence>(), plan.cost());
    let cost = outcome.objectives.iter().find(|own| own.name == "cost").unwrap();
    assert_eq!(cost.achieved.raw(), plan.cost().get());
    for (own, known) in outcome.years.iter().zip(&before.years) {
        assert!(own.coverage <= known.bound, "what is dearer covers no more");
    }
    let last = year(2021);
    assert_eq!(scenario.price_in(Some(last), Pence::new(10)), Pence::new(11), "as the year before");
}

/// The town, of which what a plan has built by the end of its first year stands.
fn town_again(plan: &Value, change: impl Fn(String) -> String) -> Result<Scenario, Vec<String>> {
    let scratch = Scratch::empty();
    let folder = crate::project("data").join("market-town-years");
    let toml = fs::read_to_string(folder.join("scenario.toml")).unwrap();
    let section = "[existing]\nplan = \"stands.json\"\nthrough = \"2018-19\"\n\n[rules]";
    let toml = change(toml.replace("[rules]", section));
    fs::write(scratch.path().join("scenario.toml"), toml).unwrap();
    fs::write(scratch.path().join("stands.json"), plan.to_string()).unwrap();
    let options = ReadOptions::new().data_dir(&folder);
    match read_scenario(scratch.path(), &options) {
        Ok(reading) => Ok(reading.scenario),
        Err(error) => Err(error.faults().iter().map(|own| own.code.0.to_owned()).collect()),
    }
}

fn as_written(outcome: &Outcome) -> Value {
    serde_json::from_str(&plan_json(&PlanFile::of(outcome))).unwrap()
}

#[test]
fn what_is_built_by_a_year_stays_and_the_rest_is_scheduled_anew() {
    let (_, before) = planned();
    let old = before.plan.as_ref().unwrap();
    let tree = as_written(before);
    // Less money in the last year, and dearer work.
    let scenario = town_again(&tree, |toml| {
        let toml = toml.replace("\"2020-21\" = 40000", "\"2020-21\" = 20000");
        toml.replace("[schedule]", "[schedule]\nprice_index = { \"2019-20\" = 1.1 }")
    });
    let scenario = scenario.unwrap();
    let outcome = planned_under(&scenario);
    let plan = outcome.plan.as_ref().unwrap();
    let first = year(2018);
    let [was, is] = [old, plan].map(|own| plan_until(own, first));
    assert_eq!(Plan { left_out: Vec::new(), ..was }, Plan { left_out: Vec::new(), ..is.clone() });
    assert!(plan.connected.len() > is.connected.len());
    assert_eq!(outcome.years[0].coverage, outcome.years[0].bound);
    // Spoiled: one thing more in a year that is over, one not as it was, one paid by another, one gone.
    let spoiled = |change: &dyn Fn(&mut Plan)| {
        let mut other = plan.clone();
        change(&mut other);
        codes(&scenario, &other)
    };
    let at = |own: &Option<Year>| *own == Some(first);
    hold(
        &spoiled(&|own| {
            own.drops.iter_mut().find(|own| !at(&own.year)).unwrap().year = Some(first);
        }),
        &["V279"],
    );
    hold(
        &spoiled(&|own| {
            own.spans.iter_mut().find(|own| at(&own.year)).unwrap().year = Some(year(2019));
        }),
        &["V279"],
    );
    let paid = |own: &mut Plan| {
        let payment = own.payments.iter_mut().find(|own| at(&own.year)).unwrap();
        payment.programme = "rgc".to_owned();
    };
    hold(&spoiled(&paid), &["V279"]);
    let gone = |own: &mut Plan| own.spans.retain(|span| !at(&span.year));
    hold(&spoiled(&gone), &["V279"]);
    let dearer = |own: &mut Plan| {
        let span = own.spans.iter_mut().find(|own| at(&own.year)).unwrap();
        span.cost += Pence::new(1);
    };
    hold(&spoiled(&dearer), &["V210"]);
    // Whoever pays for it anew pays for nothing that stands.
    assert_eq!(fund(&scenario, plan).unwrap().payments, plan.payments);
    let lines = year_lines(&scenario, &outcome);
    assert_eq!(lines[0].cost, is.cost());
}

#[test]
fn a_plan_that_does_not_fit_does_not_stand() {
    let tree = as_written(&planned().1);
    let found = |change: &dyn Fn(&mut Value), toml: &dyn Fn(String) -> String| {
        let mut tree = tree.clone();
        change(&mut tree);
        match town_again(&tree, toml) {
            Err(codes) => codes,
            Ok(scenario) => {
                let mut options = SolveOptions::default();
                options.effort.work = Some(1);
                let error = solve(&scenario, &options).unwrap_err();
                error.faults().iter().map(|own| own.code.0.to_owned()).collect()
            }
        }
    };
    let same = |toml: String| toml;
    let first = "2018-19";
    let mut drops = tree["drops"].as_array().unwrap().iter();
    let place = drops.position(|own| own["year"] == first).unwrap();
    let id = tree["drops"][place]["building"].as_str().unwrap().to_owned();
    assert_eq!(
        found(&|own| own["drops"][place]["building"] = "MT999".into(), &same),
        ["P161", "P162"]
    );
    let forbidden =
        |toml: String| toml.replace("[rules]", &format!("[rules]\nforbidden = [{id:?}]"));
    assert_eq!(found(&|_| (), &forbidden), ["P162"]);
    assert_eq!(found(&|own| own["drops"][place]["year"] = Value::Null, &same), ["P164"]);
    let capped = |toml: String| {
        toml.replace(
            "carry_over = true",
            "carry_over = true\ncap_gbp = 9\ncap_scope = \"programme\"",
        )
    };
    assert_eq!(found(&|_| (), &capped), ["P163"]);
    let mut spans = tree["spans"].as_array().unwrap().iter();
    let place = spans.position(|own| own["year"] == first).unwrap();
    let renamed = |own: &mut Value| own["spans"][place]["id"] = "R99/9".into();
    assert_eq!(found(&renamed, &same), ["P162"], "nobody has paid for it");
    let free = |own: &mut Value| {
        renamed(own);
        own["spans"][place]["cost_pence"] = 0.into();
    };
    assert_eq!(found(&free, &same), ["P161"]);
    let gone = |toml: String| toml.replace("stands.json", "stood.json");
    assert_eq!(found(&|_| (), &gone).len(), 1);
    let unknown = |toml: String| toml.replace("through = \"2018-19\"", "through = \"2031-32\"");
    hold_text(&found(&|_| (), &unknown), "P103");
}

fn hold_text(found: &[String], expected: &str) {
    assert!(found.iter().any(|code| code == expected), "{found:?}, not {expected}");
}

/// The rows of a table by column.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

fn files(scenario: &Scenario, outcome: &Outcome) -> BTreeMap<&'static str, Vec<u8>> {
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    Results { scenario, outcome, notices: &[], set_aside: &[], facts: &facts }
        .files()
        .into_iter()
        .filter(|(name, _)| *name != "run.json")
        .collect()
}

fn pence(cell: &str) -> Pence {
    Pence::from_pounds(cell).unwrap()
}

/// The money of every row: its own, brought, there, spent, moved on and lapsed.
const MONEY: [&str; 6] =
    ["budget_gbp", "brought_gbp", "available_gbp", "spent_gbp", "moves_on_gbp", "lapses_gbp"];

#[test]
fn the_money_of_a_schedule_adds_up() {
    let (scenario, outcome) = planned();
    let plan = outcome.plan.as_ref().unwrap();
    let files = files(scenario, outcome);
    let rows = rows(&files["schedule.csv"]);
    let each = scenario.programmes.len() + 1;
    assert_eq!(rows.len(), each * scenario.years.len());
    let mut cost = Pence::ZERO;
    let mut sites = 0;
    let mut coverage = 0.0;
    let mut millimetres = 0;
    for (place, of_year) in rows.chunks(each).enumerate() {
        let (all, programmes) = of_year.split_last().unwrap();
        assert_eq!(all["programme"], "all");
        assert_eq!(all["year"], scenario.years[place].to_string());
        for column in MONEY {
            let sum: Pence = programmes.iter().map(|row| pence(&row[column])).sum();
            assert_eq!(sum, pence(&all[column]), "{column}");
        }
        assert_eq!(all["spent_gbp"], all["cost_gbp"]);
        cost += pence(&all["cost_gbp"]);
        sites += all["sites"].parse::<usize>().unwrap();
        assert_eq!(all["sites_so_far"], sites.to_string());
        coverage += all["coverage"].parse::<f64>().unwrap();
        assert!((all["coverage_so_far"].parse::<f64>().unwrap() - coverage).abs() < 1e-6);
        assert!(coverage <= all["coverage_bound"].parse().unwrap());
        let of_methods = all.iter().filter(|(column, _)| column.starts_with("metres_"));
        // All have three decimals.
        let of_methods = of_methods.map(|(_, cell)| cell.replace('.', "").parse::<u64>().unwrap());
        millimetres += of_methods.sum::<u64>();
    }
    assert_eq!((cost, sites), (outcome.cost, plan.connected.len()));
    let laid: u64 = plan.spans.iter().map(|own| own.length.get()).sum();
    assert_eq!(millimetres, laid);
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let own: Vec<_> = rows.iter().skip(place).step_by(each).collect();
        of_programme(programme, &scenario.years, &own);
    }
}

/// What a programme brings into a year and has of its own is what it spends, moves on and loses.
fn of_programme(programme: &Programme, years: &[Year], rows: &[&BTreeMap<String, String>]) {
    let Budget::ByYear { by_year, carry_over } = &programme.budget else { panic!() };
    let mut brought = Pence::ZERO;
    for (row, year) in rows.iter().zip(years) {
        assert_eq!(row["programme"], programme.id);
        let [own, came, there, spent, moves_on, lapses] = MONEY.map(|column| pence(&row[column]));
        assert_eq!(own, by_year.get(year).copied().unwrap_or_default());
        assert_eq!((came, there), (brought, own + came));
        assert_eq!(there, spent + moves_on + lapses, "{row:?}");
        assert_eq!(row["open"] == "yes", programme.is_open_in(*year));
        assert!(row["open"] == "yes" || spent == Pence::ZERO);
        let most = carry_over.most(own).unwrap_or(there);
        assert!(moves_on <= most && [spent, lapses].iter().all(|own| *own >= Pence::ZERO));
        brought = moves_on;
    }
    assert_eq!(brought, Pence::ZERO, "nothing moves on from the last year");
}

#[test]
fn the_page_of_a_schedule_tells_it_year_by_year() {
    let (scenario, outcome) = planned();
    let report = Report::of(scenario, outcome);
    let plan = outcome.plan.as_ref().unwrap();
    let lines = exchange_years(scenario, plan, &report.forest);
    for (place, year) in report.years.iter().enumerate() {
        assert_eq!(lines.iter().map(|line| line.sites[place]).sum::<usize>(), year.sites);
        assert_eq!(lines.iter().map(|line| line.coverage[place]).sum::<Weight>(), year.coverage);
    }
    assert!(lines.is_sorted_by_key(|line| std::cmp::Reverse(line.all_coverage())));
    let prepared = prepare(scenario).unwrap();
    let page = plan_html(&Shown::of(scenario, outcome.clone(), &prepared, &[]));
    let section = page.split("<section id=\"years\"").nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    for table in ["years", "exchanges_by_year", "money_by_year"] {
        assert!(section.contains(&format!("data-name=\"{table}\"")), "{table}");
    }
    for year in &report.years {
        assert!(section.contains(&format!("data-raw=\"{}\"", year.coverage_so_far)));
        assert!(section.contains(&format!("data-raw=\"{}\"", year.bound.unwrap())));
        for money in &year.money {
            assert!(section.contains(&format!("data-raw=\"{}\"", money.lapses)));
        }
    }
    let mut without = outcome.clone();
    without.plan = None;
    let empty = Shown::of(scenario, without, &prepared, &[]);
    assert!(!plan_html(&empty).contains("<section id=\"years\""));
}

#[test]
fn what_stands_at_the_end_of_a_year_is_a_plan_where_each_is_to_be_one() {
    let mut scenario = town();
    scenario.schedule.nested = true;
    let outcome = planned_under(&scenario);
    let plan = outcome.plan.as_ref().unwrap();
    for &now in &scenario.years {
        let standing = plan_until(plan, now);
        assert!(standing.drops.iter().all(|own| own.year <= Some(now)));
        let mut until = scenario.clone();
        // These hold of later years, or of the whole.
        until.schedule.floors.retain(|own| own.by <= now);
        until.rules.required.clear();
        assert_eq!(check(&until, &standing), [], "at the end of {now}");
    }
    assert_eq!(plan_until(plan, year(2017)).cost(), Pence::ZERO);
    let whole = plan_until(plan, year(2020));
    assert_eq!(Plan { left_out: plan.left_out.clone(), ..whole }, *plan);
}

#[test]
fn a_plan_with_years_reads_back_and_gives_the_same_files() {
    let (scenario, outcome) = planned();
    let written = files(scenario, outcome);
    let scratch = Scratch::empty();
    let path = scratch.path().join("plan.json");
    fs::write(&path, &written["plan.json"]).unwrap();
    let read = read_plan(&path).unwrap();
    assert_eq!(Some(&read.plan), outcome.plan.as_ref());
    assert_eq!(check_claims(scenario, &read.plan, &read.claims), []);
    assert_eq!(check_totals(scenario, outcome), []);
    let open = unverified(scenario, &read.plan, &read.claims);
    assert!(open.contains(&Unverified::YearBounds { years: 3 }), "{open:?}");
    let years = read.claims.result.unwrap().years;
    let mut again = outcome.clone();
    (again.plan, again.years) = (Some(read.plan), years);
    for (name, bytes) in files(scenario, &again) {
        assert!(written[name] == bytes, "{name} differs");
    }
}

/// What is wrong with the claims of a plan once its JSON is changed.
fn claimed(change: impl Fn(&mut Value)) -> Vec<&'static str> {
    let (scenario, outcome) = planned();
    let mut tree: Value = serde_json::from_str(&plan_json(&PlanFile::of(outcome))).unwrap();
    change(&mut tree);
    let scratch = Scratch::empty();
    let path = scratch.path().join("plan.json");
    fs::write(&path, tree.to_string()).unwrap();
    let read = read_plan(&path).unwrap();
    let found = check_claims(scenario, &read.plan, &read.claims);
    found.iter().map(|own| own.code.0).collect()
}

#[test]
fn forged_figures_of_years_are_noticed() {
    let raised = |value: &mut Value, by: i64| *value = (value.as_i64().unwrap() + by).into();
    assert_eq!(claimed(|_| ()), [] as [&str; 0]);
    for place in 0..3 {
        hold(&claimed(|own| raised(&mut own["result"]["years"][place]["coverage"], 1)), &["V261"]);
        hold(&claimed(|own| raised(&mut own["result"]["years"][place]["bound"], -1)), &["V264"]);
        let renamed = |own: &mut Value| own["result"]["years"][place]["year"] = "2031-32".into();
        hold(&claimed(renamed), &["V261"]);
    }
    hold(&claimed(|own| own["result"]["years"].as_array_mut().unwrap().truncate(2)), &["V261"]);
    hold(&claimed(|own| drop(own["result"].as_object_mut().unwrap().remove("years"))), &["V261"]);
    let early = |own: &mut Value, key: &str, by: i64| {
        let all = own["result"]["objectives"].as_array_mut().unwrap();
        raised(&mut all.iter_mut().find(|own| own["name"] == "coverage_years").unwrap()[key], by);
    };
    hold(&claimed(|own| early(own, "achieved", 1)), &["V261"]);
    hold(&claimed(|own| early(own, "bound", 1)), &["V264"]);
    // A drop that moves to another year changes what stands by then.
    hold(&claimed(|own| own["drops"][0]["year"] = "2018-19".into()), &["V261"]);
}

#[test]
fn an_item_is_paid_in_its_own_year_alone() {
    let (scenario, plan) = sound();
    for payment in &plan.payments {
        let built = match &payment.item {
            Item::Exchange(id) => plan.exchanges.iter().find(|own| own.id == *id).unwrap().year,
            Item::Span(id) => plan.spans.iter().find(|own| own.id == *id).unwrap().year,
            Item::Drop(id) => plan.drops.iter().find(|own| own.building == *id).unwrap().year,
        };
        assert_eq!(payment.year, built);
    }
    let claims = Claims::of(&planned().1);
    assert_eq!(check_claims(&scenario, &plan, &claims), []);
}
