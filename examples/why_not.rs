//! Why is a site left out, and what would bring it in?
//!
//! `cargo run --release --example why_not -- FOLDER [--data DIR] [--site ID ...] [--up-to N] [--seconds S]
//! [--gap G] [--json]`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::explain::WayIn;
use fibreplan::flags;
use fibreplan::model::Scenario;
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::meaning;
use fibreplan::solve::SolveOptions;
use fibreplan::study::why_not::{Explanation, Why, WhyOptions, why_not};
use fibreplan::text::{json as json_text, page};
use serde_json::{Value, json};

/// Explains a plan site by site.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// Folder in which tables are looked up that do not lie beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// A site to explain, with its entry budget to the nearest GBP 10,000; may be given several times. All
    /// sites without it.
    #[arg(long)]
    site: Vec<String>,
    /// Look for entry budgets up to so many times the scenario's; 1: not at all.
    #[arg(long, default_value_t = 3, value_parser = flags::whole::<u32>(1..=1_000))]
    up_to: u32,
    /// Seconds for the plan; all explanations take a few times as long. Without it, a fixed amount of work.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Relative gap at which the plan is good enough.
    #[arg(long, default_value_t = 0.0, value_parser = flags::share)]
    gap: f64,
    /// Print one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut reading = ReadOptions::default();
    reading.data_dir.clone_from(&arguments.data);
    let scenario = read_scenario(&arguments.folder, &reading)?.scenario;
    let prepared = prepare(&scenario)?;
    let mut options = SolveOptions::default();
    options.effort.gap = arguments.gap;
    if arguments.seconds.is_some() {
        options.effort.seconds = arguments.seconds;
        options.effort.work = None;
    }
    let mut what = WhyOptions::default();
    what.sites.clone_from(&arguments.site);
    what.up_to = arguments.up_to;
    let explained = why_not(&prepared, &scenario, &options, &what, &mut Silent)?;
    if arguments.json {
        println!("{}", json_text(&as_json(&scenario, &explained).to_string()));
    } else if arguments.site.is_empty() {
        print!("{}", page(&as_table(&scenario, &explained)));
    } else {
        let words = explained.sites.iter().map(|why| in_words(&scenario, why));
        print!("{}", page(&words.collect::<Vec<_>>().join("\n")));
    }
    Ok(())
}

fn cost(way: Option<&WayIn>) -> String {
    way.map_or_else(|| "-".to_owned(), |way| way.cost.to_string())
}

fn as_table(scenario: &Scenario, explained: &Explanation) -> String {
    let weight = scenario.objective_weights().first().copied().unwrap_or("sites");
    let mut parts = vec![format!(
        "Left out: what each would add to the plan, what the best plan found with it covers less, what \
         every plan with it covers less at least ({weight}), and the budget at which it enters.\n\
         {:<20} {:<5} {:>14} {:>14} {:>12} {:>12} {:>16}\n",
        "site", "code", "alone GBP", "now GBP", "loses", "at least", "enters at GBP"
    )];
    let covers = explained.outcome.coverage().map_or(0, |own| own.achieved);
    for why in explained.sites.iter().filter(|why| !why.connected) {
        let loses = why
            .forced
            .as_ref()
            .map_or_else(|| "-".to_owned(), |forced| lost(covers - forced.coverage.thousandths()));
        let entry = why.entry.map_or_else(|| "-".to_owned(), |entry| entry.at.to_string());
        parts.push(format!(
            "{:<20} {:<5} {:>14} {:>14} {loses:>12} {:>12} {entry:>16}\n",
            why.id,
            why.code,
            cost(why.alone.as_ref()),
            cost(why.now.as_ref()),
            why.loses_at_least.to_string(),
        ));
    }
    parts.push(format!(
        "\nConnected: what each would cost alone, what it adds to the plan, and what every plan without it \
         covers less at least.\n{:<20} {:>14} {:>14} {:>12}\n",
        "site", "alone GBP", "adds GBP", "at least"
    ));
    for why in explained.sites.iter().filter(|why| why.connected) {
        parts.push(format!(
            "{:<20} {:>14} {:>14} {:>12}\n",
            why.id,
            cost(why.alone.as_ref()),
            cost(why.now.as_ref()),
            why.worth_at_least.to_string()
        ));
    }
    parts.concat()
}

fn lost(thousandths: i64) -> String {
    fibreplan::units::Weight::from_thousandths(thousandths.max(0)).to_string()
}

fn way_words(scenario: &Scenario, what: &str, way: &WayIn) -> String {
    format!(
        "  {what}: GBP {} with {} m of new spans and {} m that are built already, from exchange {}\n",
        way.cost,
        way.new,
        way.shared,
        scenario.tables.exchange(way.exchange).id
    )
}

fn in_words(scenario: &Scenario, why: &Why) -> String {
    let weight = scenario.objective_weights().first().copied().unwrap_or("sites");
    let mut parts = vec![if why.connected {
        format!("{} is connected.\n", why.id)
    } else {
        format!("{} is left out ({}): {}.\n", why.id, why.code, meaning(&why.code))
    }];
    if let Some(way) = &why.alone {
        parts.push(way_words(scenario, "by itself", way));
    }
    if let Some(way) = &why.now {
        let what = if why.connected { "it adds" } else { "over what the plan builds" };
        parts.push(way_words(scenario, what, way));
    }
    if let Some(forced) = &why.forced {
        parts.push(format!(
            "  the best plan found with it covers {} {weight}; it lets in {} and leaves out {}\n",
            forced.coverage,
            words(&forced.gained),
            words(&forced.lost)
        ));
    }
    if !why.connected && why.forced.is_some() {
        parts.push(format!(
            "  proven: every plan with it covers at least {} {weight} less than this plan\n",
            why.loses_at_least
        ));
    }
    if why.connected {
        parts.push(format!(
            "  proven: every plan without it covers at least {} {weight} less than this plan\n",
            why.worth_at_least
        ));
    }
    if let Some(entry) = why.entry {
        parts.push(format!(
            "  it enters at GBP {} for all programmes in proportion; not yet at GBP {}\n",
            entry.at, entry.not_at
        ));
    }
    parts.concat()
}

fn words(ids: &[String]) -> String {
    if ids.is_empty() { "none".to_owned() } else { ids.join(" ") }
}

fn as_json(scenario: &Scenario, explained: &Explanation) -> Value {
    let way = |way: &WayIn| {
        json!({
            "cost_pence": way.cost.get(),
            "new_mm": way.new.get(),
            "shared_mm": way.shared.get(),
            "exchange": scenario.tables.exchange(way.exchange).id,
        })
    };
    let site = |why: &Why| {
        json!({
            "id": why.id,
            "connected": why.connected,
            "code": why.code,
            "alone": why.alone.as_ref().map(way),
            "now": why.now.as_ref().map(way),
            "loses_at_least_thousandths": why.loses_at_least.thousandths(),
            "worth_at_least_thousandths": why.worth_at_least.thousandths(),
            "forced": why.forced.as_ref().map(|forced| json!({
                "coverage_thousandths": forced.coverage.thousandths(),
                "cost_pence": forced.cost.get(),
                "gained": forced.gained,
                "lost": forced.lost,
            })),
            "enters_at_pence": why.entry.map(|entry| entry.at.get()),
            "not_at_pence": why.entry.map(|entry| entry.not_at.get()),
        })
    };
    json!({
        "status": explained.outcome.status.to_string(),
        "coverage_thousandths": explained.outcome.coverage().map(|own| own.achieved),
        "sites": explained.sites.iter().map(site).collect::<Vec<_>>(),
    })
}
