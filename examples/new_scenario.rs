//! Writes a commented scenario with tiny tables of its own, to be filled with real ones.
//!
//! `cargo run --release --example new_scenario -- FOLDER`
//!
//! The folder is made; a folder that holds anything already is refused.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::read::write_template;

/// Writes a commented scenario with tiny tables, ready to run and to be changed.
#[derive(Parser)]
struct Arguments {
    /// Folder to make; it must not hold anything yet.
    folder: PathBuf,
}

fn main() -> ExitCode {
    let Arguments { folder } = Arguments::parse();
    match write_template(&folder) {
        Ok(files) => {
            for file in files {
                println!("wrote {}", folder.join(file).display());
            }
            println!("plan it: cargo run --release --example plan -- {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}
