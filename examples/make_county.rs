//! Makes up a county: a scenario folder of any size for trying out the library.
//!
//! `cargo run --release --example make_county -- FOLDER [--seed N] [--sites N] [--waypoints N]`

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::made_up::County;

/// Makes up a county and writes its scenario folder; nothing in it is real.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to.
    folder: PathBuf,
    /// Seed for every random choice.
    #[arg(long, default_value_t = County::default().seed, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Number of sites.
    #[arg(long, default_value_t = County::default().sites, value_parser = flags::whole::<usize>(1..=1_000_000))]
    sites: usize,
    /// Number of waypoints.
    #[arg(long, default_value_t = County::default().waypoints, value_parser = flags::whole::<usize>(1..=10_000_000))]
    waypoints: usize,
    /// Replace the folder even if it is another scenario's, though never anything changed or added since.
    #[arg(long)]
    replace: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut shared::Session) -> Result<(), Error> {
    let &Arguments { ref folder, seed, sites, waypoints, replace } = arguments;
    County { seed, sites, waypoints }.write(folder, shared::replace(replace))?;
    let folder = folder.display();
    session.print(&format!("made up {sites} sites and {waypoints} waypoints in {folder}\n"))
}
