//! How do these policies compare? A scenario and its variants side by side, and plan against plan.
//!
//! `cargo run --release --example compare -- data/county --variants data/county/variants.toml`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use clap::Parser;
use fibreplan::error::{Error, Fault, lines};
use fibreplan::flags;
use fibreplan::model::Variant;
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, Rejected, VariantsReading, read_variants};
use fibreplan::solve::SolveOptions;
use fibreplan::study::compare::{
    Change, CompareRow, Comparison, Difference, ItemChange, Tally, compare,
};
use fibreplan::text::json as json_text;
use fibreplan::units::{Pence, Weight};
use fibreplan::write::{ComparisonResults, Replace, RunFacts, comparison_text, difference_text};
use serde_json::{Value, json};

/// Plans a scenario and its variants, and says what changes from plan to plan.
#[derive(Parser)]
struct Arguments {
    /// Folder with a scenario.toml.
    folder: PathBuf,
    /// File with the variants: [[variants]] with a name and what they set.
    #[arg(long)]
    variants: PathBuf,
    /// Folder in which tables are looked up that do not lie beside the scenario.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds for each variant; without it, a fixed amount of work, and the same answers every time.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Units of work for each variant.
    #[arg(long, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    work: Option<u64>,
    /// Stop a variant when its plan is proven within this share of the best (0.05 is five per cent).
    #[arg(long, default_value_t = 0.0, value_parser = flags::share)]
    gap: f64,
    /// Variants planned at a time, each on one thread; by default as many as there are cores.
    #[arg(long, value_parser = flags::threads)]
    threads: Option<usize>,
    /// Folder for comparison.csv, differences.csv and the whole results of every variant.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace the folder also where it holds results of another scenario; never anything that was changed
    /// or added.
    #[arg(long)]
    replace: bool,
    /// Print one line of JSON instead of text.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn replace(&self) -> Replace {
        if self.replace { Replace::Any } else { Replace::Same }
    }
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
    let all = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.threads.unwrap_or_else(all).max(1);
    let mut facts = RunFacts { started: SystemTime::now(), threads, seconds: Vec::new() };
    let options = solve_options(arguments);
    let start = Instant::now();
    let mut reading = ReadOptions::default();
    reading.data_dir.clone_from(&arguments.data);
    let reading = read_variants(&arguments.folder, &arguments.variants, &reading)?;
    tell(&reading);
    facts.seconds.push(("read", start.elapsed().as_secs_f64()));
    let base = &reading.base.scenario;
    if let Some(out) = &arguments.out {
        // Better to hear of it now than after the search.
        let names = reading.variants.iter().map(|own| own.variant.name.as_str());
        let names: Vec<&str> = names.collect();
        ComparisonResults::may_replace(out, &base.name, &names, arguments.replace())?;
    }
    let prepared = prepare(base)?;
    let variants: Vec<Variant> = reading.variants.iter().map(|own| own.variant.clone()).collect();
    let comparison = compare(&prepared, base, &variants, &options, threads)?;
    if let Some(out) = &arguments.out {
        write(&comparison, &reading, &facts, (out, arguments.replace()))?;
    }
    if arguments.json {
        println!("{}", json_text(&as_json(&comparison).to_string()));
        return Ok(());
    }
    print!("{}", comparison_text(&comparison));
    let first = &comparison.rows[0].name;
    for (place, row) in comparison.rows.iter().enumerate().skip(1) {
        if let Some(difference) = comparison.difference(0, place) {
            print!("\n{}", difference_text(first, &row.name, &difference));
        }
    }
    if let Some(out) = &arguments.out {
        println!("\nWritten to {}", out.display());
    }
    Ok(())
}

fn solve_options(arguments: &Arguments) -> SolveOptions {
    let mut options = SolveOptions::default();
    options.effort.gap = arguments.gap;
    options.effort.seconds = arguments.seconds;
    // A limit in seconds stands in for the default limit in work, not for one that is asked for.
    if arguments.work.is_some() || arguments.seconds.is_some() {
        options.effort.work = arguments.work;
    }
    options
}

/// Every notice of the base and every fault of a variant, to the standard error stream.
fn tell(reading: &VariantsReading) {
    for line in lines(&reading.base.notices) {
        eprintln!("notice: {line}");
    }
    for variant in &reading.variants {
        let own = variant.notices.iter().filter(|own| !reading.base.notices.contains(own));
        for line in lines(&own.cloned().collect::<Vec<Fault>>()) {
            eprintln!("notice: {line}");
        }
        for line in lines(variant.variant.scenario.as_ref().err().map_or(&[], Vec::as_slice)) {
            eprintln!("{line}");
        }
    }
}

fn write(
    comparison: &Comparison,
    reading: &VariantsReading,
    facts: &RunFacts,
    (out, replace): (&Path, Replace),
) -> Result<(), Error> {
    let base = &reading.base;
    let mut remarks: Vec<(&[Fault], &[Rejected])> = vec![(&base.notices, &base.set_aside)];
    remarks.extend(reading.variants.iter().map(|own| (&own.notices[..], &own.set_aside[..])));
    ComparisonResults { comparison, remarks: &remarks, facts }.write(out, replace)
}

fn as_json(comparison: &Comparison) -> Value {
    let row = |(place, row): (usize, &CompareRow)| {
        let difference = comparison.difference(0, place).filter(|_| place > 0);
        json!({
            "variant": row.name,
            "status": row.status().map(|status| status.to_string()),
            "weight": row.weight(),
            "coverage_thousandths": row.coverage().map(Weight::thousandths),
            "bound_thousandths": row.bound().map(Weight::thousandths),
            "gap": row.gap(),
            "cost_pence": row.cost().map(Pence::get),
            "cost_bound_pence": row.cost_bound().map(Pence::get),
            "net_benefit_pence": row.net_benefit().map(Pence::get),
            "net_benefit_bound_pence": row.net_benefit_bound().map(Pence::get),
            "pence_per_unit": row.cost_per_unit().map(Pence::get),
            "connected": row.sites(),
            "seconds": row.seconds,
            "reasons": row.reasons,
            "against_base": difference.as_ref().map(difference_json),
        })
    };
    json!({ "rows": comparison.rows.iter().enumerate().map(row).collect::<Vec<_>>() })
}

fn difference_json(difference: &Difference) -> Value {
    let sites = |change| -> Vec<Value> {
        let site = difference.sites_of(change);
        site.map(|site| json!({ "id": site.id, "thousandths": site.counts().thousandths() }))
            .collect()
    };
    let items = |items: &[ItemChange]| {
        let tally = |change| {
            let Tally { count, length, cost } = Tally::of(items, change);
            json!({ "count": count, "length_mm": length.get(), "cost_pence": cost.get() })
        };
        json!({ "built": tally(Change::Gained), "no_longer_built": tally(Change::Lost) })
    };
    let programme = |own: &fibreplan::study::compare::MoneyChange| {
        let [before, after] = own.pays.map(|pays| pays.map(Pence::get));
        json!({ "id": own.programme, "before_pence": before, "after_pence": after })
    };
    json!({
        "coverage_thousandths": difference.coverage.map(Weight::thousandths),
        "cost_pence": difference.cost.map(Pence::get),
        "sites_gained": sites(Change::Gained),
        "sites_lost": sites(Change::Lost),
        "exchanges": items(&difference.exchanges),
        "spans": items(&difference.spans),
        "drops": items(&difference.drops),
        "dearer_pence": difference.dearer().get(),
        "programmes": difference.programmes.iter().map(programme).collect::<Vec<_>>(),
    })
}
