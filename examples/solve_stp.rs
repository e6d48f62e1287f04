//! Solves one `.stp` file and prints what was found and proven as one line of JSON.
//!
//! `cargo run --release --example solve_stp -- FILE --seconds 60 --out solution.json`

mod shared;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use fibreplan::effort::Effort;
use fibreplan::engine::stp::{StpProblem, read_stp};
use fibreplan::engine::{self, Goal};
use fibreplan::error::Error;
use fibreplan::read::read_ascii_text;
use fibreplan::write::{FileTarget, StpAnswer, edges_json};
use shared::{Session, Unit};

/// Solves a Steiner tree instance (SPG, PCSPG, RPCST or STPRBH) with a proven bound.
#[derive(Parser)]
struct Arguments {
    /// The instance.
    file: PathBuf,
    #[command(flatten)]
    limits: shared::Limits,
    /// Write the tree to this file, as `{"edges": [[u, v], ...]}` in the file's node numbers.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print one line of JSON, which is done in any case.
    #[arg(long)]
    json: bool,
    /// Show no progress.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut Session) -> Result<(), Error> {
    session.hush(arguments.quiet);
    if let Some(path) = &arguments.out {
        // Better to hear of it now than after the search.
        target(path).judge()?;
    }
    let file = &arguments.file;
    let file_name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    // Remarks may be in any encoding; everything that matters is ASCII.
    let problem = read_stp(&file_name, &read_ascii_text(file)?)?;
    let mut effort = Effort::default();
    arguments.limits.apply(&mut effort, session);
    let begun = Instant::now();
    let mut progress = session.watch_in(unit(&problem), arguments.limits.seconds);
    let outcome = engine::solve(&problem.instance, &effort, &mut progress)?;
    drop(progress);
    let seconds = begun.elapsed().as_secs_f64();
    if let (Some(path), Some(edges)) = (&arguments.out, edges_json(&problem, &outcome)) {
        target(path).write(&edges)?;
    }
    session.print_json(&StpAnswer::of(&problem, &outcome, seconds))
}

/// What the numbers of a problem mean.
fn unit(problem: &StpProblem) -> Unit {
    let most = matches!(problem.instance.goal, Goal::MostPrize { .. });
    let decimals = if most { problem.prize_decimals } else { problem.cost_decimals };
    Unit::of_tree(!most, 10_f64.powi(i32::try_from(decimals).unwrap_or(0)))
}

fn target(file: &Path) -> FileTarget<'_> {
    let is_ours = |bytes: &[u8]| bytes.starts_with(b"{\"edges\":[");
    FileTarget { file, noun: "list of edges", is_ours }
}
