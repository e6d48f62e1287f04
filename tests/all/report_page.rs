//! The figures of a report page, and what its text holds whatever names are in it. What it does in a browser is
//! tested by `tests/browser`.

use std::fs;
use std::sync::OnceLock;

use fibreplan::error::ErrorKind;
use fibreplan::model::Scenario;
use fibreplan::network::{Prepared, prepare};
use fibreplan::plan::{Claims, Outcome, Plan};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::{ComparedPage, PlanPage, Report, Side, SiteState, cost_classes};
use fibreplan::solve::{SolveOptions, solve_prepared, stated};
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::units::{Pence, Weight, Year};
use fibreplan::write::{
    FileTarget, Shown, comparison_html, frontier_html, is_report_page, plan_html,
};

use crate::scratch::Scratch;

/// A shipped scenario with its network and its plan.
struct Solved {
    scenario: Scenario,
    prepared: Prepared,
    outcome: Outcome,
}

impl Solved {
    fn of(folder: &str, work: u64) -> Self {
        let scenario =
            read_scenario(&crate::project(folder), &ReadOptions::default()).unwrap().scenario;
        let prepared = prepare(&scenario).unwrap();
        let mut options = SolveOptions::default();
        options.effort.work = Some(work);
        let mut silent = fibreplan::observe::Silent;
        let outcome = solve_prepared(&prepared, &scenario, &options, &mut silent).unwrap();
        Self { scenario, prepared, outcome }
    }

    fn shown(&self) -> Shown<'_> {
        Shown::of(&self.scenario, self.outcome.clone(), &self.prepared, &[])
    }

    fn plan(&self) -> &Plan {
        self.outcome.plan.as_ref().unwrap()
    }
}

fn town() -> &'static Solved {
    static TOWN: OnceLock<Solved> = OnceLock::new();
    TOWN.get_or_init(|| Solved::of("data/market-town", 100_000_000))
}

#[test]
fn the_figures_of_a_page_are_those_of_the_plan() {
    let town = town();
    let plan = town.plan();
    let report = Report::of(&town.scenario, &town.outcome);
    let page = PlanPage::of(&town.scenario, &town.outcome, &report, Some(&town.prepared));
    let connected: Vec<&str> = page
        .sites
        .iter()
        .filter(|site| site.state == SiteState::Connected)
        .map(|site| site.id.as_str())
        .collect();
    assert_eq!(connected, plan.connected);
    assert_eq!(page.sites.len(), town.scenario.tables.sites.rows.len());
    let cost: Pence = page.sites.iter().filter_map(|site| site.cost).sum();
    assert_eq!(cost + report.shares.unused, plan.cost());
    assert_eq!(page.spans.len(), plan.spans.len());
    let spans: Pence = page.spans.iter().map(|span| span.cost).sum();
    assert_eq!(spans, plan.spans.iter().map(|span| span.cost).sum());
    for (place, span) in page.spans.iter().enumerate() {
        // A route leads back to an exchange, span by span, and each begins where the one before ends.
        assert!(span.before.is_none_or(|before| before < place));
        if let Some(before) = span.before {
            assert_eq!(page.spans[before].line.last(), span.line.first());
        }
        assert!(span.line.len() >= 2);
        assert_eq!(span.programmes.is_empty(), span.cost == Pence::ZERO);
    }
    for site in page.sites.iter().filter(|site| site.state == SiteState::Connected) {
        assert!(site.reason.is_empty() && !site.exchange.is_empty() && !site.programmes.is_empty());
        if let Some(last) = site.last_span {
            assert_eq!(page.spans[last].exchange, site.exchange);
        }
    }
    for site in page.sites.iter().filter(|site| site.state == SiteState::LeftOut) {
        assert!(!site.reason.is_empty() && !site.code.is_empty() && site.cost.is_none());
    }
    // The town lies near Exeter; a unit is a hundred-thousandth of a degree.
    for site in &page.sites {
        assert!((-600_000..-100_000).contains(&site.at.0), "{:?}", site.at);
        assert!((4_990_000..5_300_000).contains(&site.at.1), "{:?}", site.at);
    }
    let classes = cost_classes(&page.sites);
    let counted = page.sites.iter().filter(|own| own.cost.is_some() && own.coverage > Weight::ZERO);
    assert_eq!(classes.iter().map(|class| class.sites).sum::<usize>(), counted.count());
    assert!(classes.windows(2).all(|pair| pair[0].to == pair[1].from));
    let level = page.network.last().unwrap();
    assert_eq!(level.grid, 1);
    assert!(level.stretches.iter().all(|[low, high]| low < high));
    assert!(serde_json::to_string(&page).unwrap().len() > 1000, "figures are data");
}

#[test]
fn a_page_holds_itself_to_its_policy() {
    let text = plan_html(&town().shown());
    let policy = text.split("Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap().replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    assert!(!policy.contains("unsafe"));
    for scripted in
        ["<script src", "<link rel=\"stylesheet", "<iframe", "@import", " onclick=", " style=\""]
    {
        assert!(!text.contains(scripted), "{scripted}");
    }
    assert_eq!(text.matches("<script").count(), 3, "data, map library, page");
    assert!(is_report_page(text.as_bytes()));
    assert!(!is_report_page(b"<!DOCTYPE html><title>mine</title>"));
    assert_eq!(text, plan_html(&town().shown()), "the same bytes for the same answer");
    assert!(text.contains("No plan within the budgets and rules can reach more"));
}

#[test]
fn hostile_names_stay_text() {
    let town = town();
    let mut scenario = town.scenario.clone();
    let harm = "</script><script>alert(1)</script>\u{202e}\u{2028}";
    scenario.title = harm.to_owned();
    scenario.programmes[0].name = harm.to_owned();
    let tables = std::sync::Arc::make_mut(&mut scenario.tables);
    for site in &mut tables.sites.rows {
        site.name = format!("{harm}{}", site.id);
        site.region = Some(harm.to_owned());
    }
    for exchange in &mut tables.exchanges.rows {
        exchange.name = harm.to_owned();
    }
    let shown = Shown::of(&scenario, town.outcome.clone(), &town.prepared, &[]);
    let text = plan_html(&shown);
    assert!(!text.contains("alert(1)</script>") && !text.contains("<script>alert"), "escaped");
    assert!(
        text.contains("&lt;script&gt;alert(1)") && text.contains("\\u003cscript\\u003ealert(1)")
    );
    assert!(!text.contains('\u{202e}') && !text.contains('\u{2028}'));
    assert_eq!(text.matches("</script").count(), 3);
}

#[test]
fn the_order_of_priority_is_shown_up_to_the_whole_plan() {
    let town = town();
    let shown = town.shown();
    let last = shown.figures.cumulative.last().copied();
    let whole = town.outcome.first().map(|first| first.achieved.raw());
    assert_eq!(last.map(|point| point.cost), Some(town.outcome.cost));
    assert_eq!(last.map(|point| point.coverage.thousandths()), whole);
    assert_eq!(shown.figures.cumulative[0].coverage, Weight::ZERO);
    assert!(plan_html(&shown).contains("id=\"priority\""));
    let mut without = town.outcome.clone();
    without.plan = None;
    let shown = Shown::of(&town.scenario, without, &town.prepared, &[]);
    assert!(!plan_html(&shown).contains("id=\"priority\""));
}

#[test]
fn years_are_shown_where_a_plan_has_them() {
    let town = town();
    assert!(!plan_html(&town.shown()).contains("spending_by_year"));
    let mut dated = town.outcome.clone();
    let plan = dated.plan.as_mut().unwrap();
    let year = Year { start: 2019, financial: true };
    plan.payments.iter_mut().for_each(|payment| payment.year = Some(year));
    plan.spans.iter_mut().for_each(|span| span.year = Some(year));
    plan.drops.iter_mut().for_each(|drop| drop.year = Some(year));
    let shown = Shown::of(&town.scenario, dated, &town.prepared, &[]);
    let text = plan_html(&shown);
    assert!(text.contains("spending_by_year") && text.contains("from left to right in 2019-20"));
    assert_eq!(text.matches("\"key_name\":\"year\"").count(), 2, "of sites and of spans");
}

#[test]
fn two_plans_are_laid_over_each_other() {
    let town = town();
    let mut less = town.outcome.clone();
    let plan = less.plan.as_mut().unwrap();
    let gone = plan.drops.pop().unwrap();
    plan.connected.retain(|id| !gone.sites.contains(id));
    let last = plan.spans.pop().unwrap();
    let first = Shown::of(&town.scenario, less, &town.prepared, &[]);
    let second = town.shown();
    let page = ComparedPage::of(first.figures.clone(), second.figures.clone());
    let alone = page.sites.iter().filter(|site| site.side == Some(Side::Second));
    assert_eq!(alone.count(), gone.sites.len());
    let spans: Vec<&str> = page
        .spans
        .iter()
        .filter(|own| own.side == Side::Second)
        .map(|own| own.span.id.as_str())
        .collect();
    assert_eq!(spans, [last.id]);
    assert!(page.sites.iter().all(|site| site.side != Some(Side::First)));
    let text = comparison_html([("less", &first), ("a<b", &second)]);
    assert!(text.contains("a&lt;b connects 1 site that less leaves out"));
    assert!(text.contains("only in a&lt;b"));
}

#[test]
fn a_frontier_shows_the_plan_for_the_scenarios_own_money() {
    let town = town();
    let mut options = FrontierOptions::default();
    options.points = 4;
    options.effort.work = Some(10_000_000);
    let mut silent = fibreplan::observe::Silent;
    let found = frontier(&town.prepared, &town.scenario, &options, &mut silent).unwrap();
    let text = frontier_html(&town.scenario, &found, &town.prepared, &[]);
    assert!(text.contains("For the money of the scenario: the plan connects 10 of 22 sites"));
    assert!(text.contains("class=\"band\"") && text.contains("class=\"ceiling\""));
}

#[test]
fn a_plan_from_a_file_is_judged_before_it_is_shown() {
    let town = town();
    let claims = Claims::of(&town.outcome);
    let read = stated(&town.scenario, town.plan().clone(), &claims).unwrap();
    assert_eq!(read.outcome.objectives, town.outcome.objectives);
    assert_eq!(read.outcome.by_programme, town.outcome.by_programme);
    assert!(read.remarks.iter().any(|words| words.contains("those that the file states")));
    let mut by_hand = town.plan().clone();
    by_hand.payments.clear();
    let read = stated(&town.scenario, by_hand.clone(), &Claims::default()).unwrap();
    assert_eq!(read.outcome.plan.unwrap().payments, town.plan().payments);
    assert!(read.outcome.objectives.iter().all(|own| own.bound.is_none()));
    by_hand.spans.pop();
    assert!(stated(&town.scenario, by_hand, &Claims::default()).is_err());
    let mut broken = town.plan().clone();
    broken.spans[0].cost += Pence::new(1);
    let error = stated(&town.scenario, broken, &claims).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Faults);
    assert!(error.faults().iter().any(|fault| fault.code.0.starts_with("V2")), "{error}");
}

#[test]
fn a_page_replaces_pages_alone() {
    let scratch = Scratch::empty();
    let file = scratch.path().join("page.html");
    let target = FileTarget { file: &file, noun: "report page", is_ours: is_report_page };
    let text = plan_html(&town().shown());
    target.write(text.as_bytes()).unwrap();
    target.write(text.as_bytes()).unwrap();
    fs::write(&file, "<!DOCTYPE html><p>mine").unwrap();
    assert_eq!(target.write(text.as_bytes()).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn the_page_of_a_county_is_small() {
    let county = Solved::of("data/county", 1_000_000);
    let text = plan_html(&county.shown());
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    let data = text.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["sites"]["id"].as_array().unwrap().len(), 320);
    assert_eq!(data["spans"]["count"], county.plan().spans.len());
    assert!(data["network"][0]["stretch_count"].as_u64().unwrap() > 5_000);
}
