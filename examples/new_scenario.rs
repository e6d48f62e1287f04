//! Writes a commented scenario with tiny tables of its own, to be filled with real ones.
//!
//! `cargo run --release --example new_scenario -- FOLDER`
//!
//! The folder is made; a folder that holds anything but an unchanged template is refused.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use fibreplan::read::write_template;
use fibreplan::write::Replace;

/// Writes a commented scenario with tiny tables, ready to run and to be changed.
#[derive(Parser)]
struct Arguments {
    /// Folder to make.
    folder: PathBuf,
    /// Replace also a folder of another scenario; never anything that was changed or added.
    #[arg(long)]
    replace: bool,
}

fn main() -> ExitCode {
    let Arguments { folder, replace } = Arguments::parse();
    let replace = if replace { Replace::Any } else { Replace::Same };
    match write_template(&folder, replace) {
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
