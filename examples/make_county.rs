//! Makes up a county: a scenario folder of any size to try the library with.
//!
//! `cargo run --release --example make_county -- FOLDER [--seed N] [--sites N] [--waypoints N]`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::flags;
use fibreplan::made_up::County;
use fibreplan::write::Replace;

/// Makes up a county and writes its scenario folder; nothing in it is real.
#[derive(Parser)]
struct Arguments {
    /// Folder to write to.
    folder: PathBuf,
    /// Seed of every random choice.
    #[arg(long, default_value_t = County::default().seed, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Number of sites.
    #[arg(long, default_value_t = County::default().sites, value_parser = flags::whole::<usize>(1..=1_000_000))]
    sites: usize,
    /// Number of waypoints.
    #[arg(long, default_value_t = County::default().waypoints, value_parser = flags::whole::<usize>(1..=10_000_000))]
    waypoints: usize,
    /// Replace also a folder of another scenario; never anything that was changed or added.
    #[arg(long)]
    replace: bool,
}

fn main() -> ExitCode {
    let Arguments { folder, seed, sites, waypoints, replace } = Arguments::parse();
    let replace = if replace { Replace::Any } else { Replace::Same };
    match (County { seed, sites, waypoints }).write(&folder, replace) {
        Ok(()) => {
            println!("made up {sites} sites and {waypoints} waypoints in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}
