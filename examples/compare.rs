//! How do these policies compare? A scenario and its variants side by side, and plan against plan.
//!
//! `cargo run --release --example compare -- data/county --variants data/county/variants.toml`

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::{Error, Fault, lines};
use fibreplan::read::{Rejected, VariantsReading, read_variants};
use fibreplan::report::ComparisonSummary;
use fibreplan::study::compare::{CompareOptions, compare};
use fibreplan::write::{ComparisonResults, comparison_page};
use shared::{Session, Unit};

/// Plans a scenario and its variants, and says what changes from plan to plan.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    input: shared::Input,
    /// File of variants: a [[variants]] table for each, with its name and what it sets.
    #[arg(long, value_name = "FILE")]
    variants: PathBuf,
    #[command(flatten)]
    limits: shared::Limits,
    #[command(flatten)]
    output: shared::Output,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    session.begin(&arguments.limits, &arguments.output);
    let output = &arguments.output;
    let (folder, options) = (&arguments.input.folder, arguments.input.options());
    let reading = session.timed("read", || read_variants(folder, &arguments.variants, &options))?;
    tell(session, &reading);
    let base = &reading.base.scenario;
    if let Some(out) = &output.out {
        // Better to hear of it now than after the search.
        let names = reading.variants.iter().map(|own| own.variant.name.as_str());
        let names: Vec<&str> = names.collect();
        ComparisonResults::may_replace(out, &base.name, &names, output.replace())?;
    }
    let prepared = session.network(base)?;
    let mut options = CompareOptions::default();
    arguments.limits.apply(&mut options.effort, session);
    options.threads = arguments.limits.threads();
    options.variants = reading.variants.iter().map(|own| own.variant.clone()).collect();
    let scenarios = options.variants.iter().filter_map(|own| own.scenario.as_ref().ok());
    let unit = Unit::of_all(base, scenarios);
    let mut progress = session.watch_in(unit, arguments.limits.seconds);
    let comparison = compare(&prepared, base, &options, &mut progress)?;
    drop(progress);
    if let Some(out) = &output.out {
        let base = &reading.base;
        let mut remarks: Vec<(&[Fault], &[Rejected])> = vec![(&base.notices, &base.set_aside)];
        remarks.extend(reading.variants.iter().map(|own| (&own.notices[..], &own.set_aside[..])));
        let facts = &session.facts;
        let results = ComparisonResults { comparison: &comparison, remarks: &remarks, facts };
        results.write(out, output.replace())?;
    }
    let text = || comparison_page(&comparison) + &output.written();
    session.answer(output, || ComparisonSummary::from(&comparison), text)
}

/// Every notice of the base and of the variants, and every fault of a variant.
fn tell(session: &Session, reading: &VariantsReading) {
    session.tell_rows(&reading.base);
    for variant in &reading.variants {
        let own = variant.notices.iter().filter(|own| !reading.base.notices.contains(own));
        session.tell(&own.cloned().collect::<Vec<_>>());
        for line in lines(variant.variant.scenario.as_ref().err().map_or(&[], Vec::as_slice)) {
            shared::remark(&format!("{line}\n"));
        }
    }
}
