//! What the examples share: arguments, printing, progress, interrupts and exit codes.
//!
//! `cargo` takes a folder without a `main.rs` for no example. Each example is `fn main() -> ExitCode {
//! shared::run(work) }` with work of its own; it prints through the [`Session`] alone.

#![allow(dead_code, unused_imports)] // each example uses a part of this

mod arguments;
mod console;
mod exports;
mod interrupt;
mod notices;
mod progress;

pub use arguments::{Input, Limits, Output, replace};
pub use console::{Session, remark};
pub use exports::Exports;
pub use interrupt::is_asked as is_interrupted;
pub use progress::{Progress, Unit};

use std::process::ExitCode;

use clap::Parser;
use fibreplan::error::{Error, ErrorKind};

/// The exit code of a run that was interrupted; what was found by then is written.
const INTERRUPTED: u8 = 130;

/// The exit code of a run whose time was up before there was anything to answer with.
const TIME_WAS_UP: u8 = 124;

/// The widest line of a help text.
const WIDTH: usize = 100;

/// Reads the arguments, does the work and turns what came of it into an exit code: 0 an answer (or a reader
/// of the output who left early), 2 wrong use, 3 faults in the input, 5 a failure to read or write, 124 no time
/// to begin, 130 an interrupt.
pub fn run<A: Parser>(work: fn(&A, &mut Session) -> Result<(), Error>) -> ExitCode {
    let mut session = Session::new();
    let command = A::command().max_term_width(WIDTH);
    let matches = command.try_get_matches().and_then(|own| A::from_arg_matches(&own));
    let arguments = match matches {
        Ok(arguments) => arguments,
        Err(usage) => return told(&mut session, &usage),
    };
    match work(&arguments, &mut session) {
        Ok(()) if interrupt::is_asked() => ExitCode::from(INTERRUPTED),
        Ok(()) => ExitCode::from(session.exit_code),
        Err(_) if session.is_closed() => ExitCode::SUCCESS,
        Err(error) => {
            remark(&format!("{error}\n"));
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Runs a script without arguments and prints the text that it makes.
pub fn script(work: fn() -> Result<String, Error>) -> ExitCode {
    let mut session = Session::new();
    match work().and_then(|text| session.print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if session.is_closed() => ExitCode::SUCCESS,
        Err(error) => {
            remark(&format!("{error}\n"));
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Help goes to the standard output, a complaint about the arguments to the error stream.
fn told(session: &mut Session, usage: &clap::Error) -> ExitCode {
    let text = usage.render().to_string();
    if usage.use_stderr() {
        remark(&text);
        return ExitCode::from(ErrorKind::Usage.exit_code());
    }
    match session.print(&text) {
        Err(error) if !session.is_closed() => ExitCode::from(error.kind().exit_code()),
        _ => ExitCode::SUCCESS,
    }
}
