//! Makes a scenario folder from official files as published.
//!
//! `cargo run --release --example import_nhs -- FOLDER --postcodes PATH --practices FILE [--branches FILE]
//! [--hospitals FILE] [--list-sizes FILE] [--rural-urban FILE]... [--settings 4,9] [--areas CODE,...]`
//!
//! The folder can be planned at once: `cargo run --release --example plan -- FOLDER`.

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::import::{DENSE_SECTOR, Import, ImportOptions, import};

/// Makes a scenario folder from NHS, Ordnance Survey and ONS files as published, gzipped or not.
#[derive(Clone, Parser)]
struct Arguments {
    /// Folder to create: new, empty, or an earlier import that nobody has changed.
    folder: PathBuf,
    /// Code-Point Open: its folder or one file; or a postcode directory with a header.
    #[arg(long)]
    postcodes: PathBuf,
    /// GP practices: epraccur.csv from the NHS Organisation Data Service.
    #[arg(long)]
    practices: Option<PathBuf>,
    /// Branch surgeries: ebranchs.csv from the same source.
    #[arg(long)]
    branches: Option<PathBuf>,
    /// Hospitals: Hospital.csv from NHS.uk.
    #[arg(long)]
    hospitals: Option<PathBuf>,
    /// List sizes: gp-reg-pat-prac-all.csv from NHS Digital.
    #[arg(long)]
    list_sizes: Option<PathBuf>,
    /// Rural-urban class by postcode, or by area with a table that gives the area of each postcode.
    #[arg(long)]
    rural_urban: Vec<PathBuf>,
    /// Prescribing settings to plan for: 4 is a GP practice, 9 a community health service.
    #[arg(long, value_delimiter = ',', default_value = "4,9")]
    settings: Vec<String>,
    /// Codes of the local authority districts to include; by default all that have a site.
    #[arg(long, value_delimiter = ',')]
    areas: Vec<String>,
    /// How many live postcodes a postcode sector needs to be given a synthetic exchange.
    #[arg(long, default_value_t = DENSE_SECTOR, value_parser = flags::whole::<usize>(1..=1_000_000))]
    dense_sector: usize,
    /// Name of the scenario: a-z, 0-9 and -.
    #[arg(long, default_value = "imported")]
    name: String,
    /// Title of the scenario.
    #[arg(long, default_value = "Health sites from published files")]
    title: String,
    /// Replace the folder even if it is another scenario's, though never anything changed or added since.
    #[arg(long)]
    replace: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut shared::Session) -> Result<(), Error> {
    let arguments = arguments.clone();
    let (folder, replace) = (arguments.folder, shared::replace(arguments.replace));
    // Better to hear of it now than after the reading.
    Import::may_write(&folder, &arguments.name, replace)?;
    let made = import(&ImportOptions {
        postcodes: arguments.postcodes,
        practices: arguments.practices,
        branches: arguments.branches,
        hospitals: arguments.hospitals,
        list_sizes: arguments.list_sizes,
        rural_urban: arguments.rural_urban,
        settings: arguments.settings,
        areas: arguments.areas,
        dense_sector: arguments.dense_sector,
        name: arguments.name,
        title: arguments.title,
    })?;
    made.write(&folder, replace)?;
    let next = format!("plan it: cargo run --release --example plan -- {}\n", folder.display());
    session.print(&(made.report() + &next))
}
