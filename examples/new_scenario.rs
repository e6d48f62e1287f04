//! Writes a commented scenario with tiny tables of its own, to be replaced with real ones.
//!
//! `cargo run --release --example new_scenario -- FOLDER`
//!
//! The folder is created; one that holds anything but an unchanged template is refused.

mod shared;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::Error;
use fibreplan::read::write_template;

/// Writes a commented scenario with tiny tables, ready to run and to be changed.
#[derive(Parser)]
struct Arguments {
    /// Folder to create.
    folder: PathBuf,
    /// Replace the folder even if it is another scenario's, though never anything changed or added since.
    #[arg(long)]
    replace: bool,
}

fn main() -> ExitCode {
    shared::run(work)
}

fn work(arguments: &Arguments, session: &mut shared::Session) -> Result<(), Error> {
    let folder = &arguments.folder;
    let files = write_template(folder, shared::replace(arguments.replace))?;
    let lines = files.iter().map(|file| format!("wrote {}\n", folder.join(file).display()));
    let next = format!("plan it: cargo run --release --example plan -- {}\n", folder.display());
    session.print(&lines.chain([next]).collect::<String>())
}
