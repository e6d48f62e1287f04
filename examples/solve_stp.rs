//! Solves one `.stp` file and prints what was found and proven as one line of JSON.
//!
//! `cargo run --release --example solve_stp -- FILE --seconds 60 --out solution.json`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use fibreplan::effort::Effort;
use fibreplan::engine::stp::{StpProblem, read_stp};
use fibreplan::engine::{self, Outcome, Solution};
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::observe::Silent;
use fibreplan::read::read_ascii_text;
use fibreplan::status;
use fibreplan::text::plain;
use fibreplan::write::FileTarget;

/// Solves a Steiner tree instance (SPG, PCSPG, RPCST or STPRBH) with a proven bound.
#[derive(Parser)]
struct Arguments {
    /// The instance.
    file: PathBuf,
    /// Stop after so many seconds.
    #[arg(long, value_parser = flags::seconds)]
    seconds: Option<f64>,
    /// Stop at this relative gap.
    #[arg(long, default_value_t = 0.0, value_parser = flags::share)]
    gap: f64,
    /// Stop after so many work units.
    #[arg(long, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    work: Option<u64>,
    /// Seed of every random choice.
    #[arg(long, default_value_t = 0, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    seed: u64,
    /// Write the tree here, as `{"edges": [[u, v], ...]}` in the file's node numbers.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(line) => {
            println!("{}", plain(&line));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn run(arguments: &Arguments) -> Result<String, Error> {
    if let Some(path) = &arguments.out {
        // Better to hear of it now than after the search.
        target(path).judge()?;
    }
    let file = &arguments.file;
    let file_name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    // Remarks may be in any encoding; everything that matters is ASCII.
    let problem = read_stp(&file_name, &read_ascii_text(file)?)?;
    let mut effort = Effort::default();
    effort.gap = arguments.gap;
    effort.seconds = arguments.seconds;
    effort.work = arguments.work;
    effort.seed = arguments.seed;
    let begun = Instant::now();
    let outcome = engine::solve(&problem.instance, &effort, &mut Silent)?;
    let seconds = begun.elapsed().as_secs_f64();
    if let (Some(path), Some(solution)) = (&arguments.out, &outcome.solution) {
        write_solution(path, &problem, solution)?;
    }
    Ok(report(&problem, &outcome, seconds))
}

/// The one line of JSON. Values are printed digit by digit from whole numbers, so nothing is rounded.
fn report(problem: &StpProblem, outcome: &Outcome, seconds: f64) -> String {
    let value = |value: i64| problem.objective_text(value);
    let objective = outcome.objective.map_or_else(|| "null".to_owned(), value);
    let gap = outcome
        .objective
        .map_or_else(|| "null".to_owned(), |found| status::gap(found, outcome.bound).to_string());
    let (nodes, edges) = outcome.reduced;
    format!(
        "{{\"name\":{},\"problem\":\"{}\",\"status\":\"{}\",\"objective\":{objective},\"bound\":{},\
         \"gap\":{gap},\"seconds\":{seconds:.3},\"nodes\":{},\"reduced_nodes\":{nodes},\
         \"reduced_edges\":{edges},\"branch_nodes\":{}}}",
        serde_json::Value::from(problem.name.as_str()),
        problem.kind,
        outcome.status,
        value(outcome.bound),
        problem.instance.nodes(),
        outcome.branch_nodes,
    )
}

fn write_solution(path: &Path, problem: &StpProblem, solution: &Solution) -> Result<(), Error> {
    let edges: Vec<[u32; 2]> = solution
        .edges
        .iter()
        .map(|&edge| problem.instance.edges[edge as usize].ends.map(|end| end + 1))
        .collect();
    let text = format!("{}\n", serde_json::json!({ "edges": edges }));
    target(path).write(text.as_bytes())
}

fn target(file: &Path) -> FileTarget<'_> {
    let is_ours = |bytes: &[u8]| bytes.starts_with(b"{\"edges\":[");
    FileTarget { file, noun: "list of edges", is_ours }
}
