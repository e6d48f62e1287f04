//! Arguments that mean the same in every example.

use std::path::PathBuf;

use clap::Args;
use fibreplan::effort::Effort;
use fibreplan::error::Error;
use fibreplan::flags;
use fibreplan::read::{ReadOptions, Reading, read_scenario};
use fibreplan::write::{Destination, FolderKind, Replace};

use super::Session;

/// Which scenario.
#[derive(Args)]
pub struct Input {
    /// The scenario folder, which holds a scenario.toml.
    pub folder: PathBuf,
    /// Folder to look in for tables that are not beside the scenario.
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Set faulty rows aside and carry on with the rest.
    #[arg(long)]
    pub quarantine: bool,
}

impl Input {
    /// How to read.
    pub fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        options.data_dir.clone_from(&self.data);
        options.quarantine = self.quarantine;
        options
    }

    /// The scenario, with every notice told.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub fn read(&self, session: &mut Session) -> Result<Reading, Error> {
        let reading = session.timed("read", || read_scenario(&self.folder, &self.options()))?;
        session.tell_rows(&reading);
        Ok(reading)
    }
}

/// When to stop.
#[derive(Args)]
pub struct Limits {
    /// Time limit in seconds for the whole command, reading included; where there are several plans, each in
    /// turn gets an equal share of the time left. Under a time limit, the same answer every time is not
    /// promised.
    #[arg(long, value_parser = flags::seconds)]
    pub seconds: Option<f64>,
    /// Stop once a plan is proven to be within this share of the best: 0.05 is five per cent.
    #[arg(long, value_parser = flags::share)]
    pub gap: Option<f64>,
    /// Limit on the work spent on each plan, in units that are the same on every machine.
    #[arg(long, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    pub work: Option<u64>,
    /// Seed for every random choice.
    #[arg(long, default_value_t = 0, value_parser = flags::whole::<u64>(0..=u64::MAX))]
    pub seed: u64,
    /// Number of threads to use, by default one for each core; it never changes an answer.
    #[arg(long, value_parser = flags::threads)]
    pub threads: Option<usize>,
}

impl Limits {
    /// Sets what was asked for in an effort, and leaves the rest as it is. Its clock has run since the command
    /// began.
    pub fn apply(&self, effort: &mut Effort, session: &Session) {
        effort.gap = self.gap.unwrap_or(effort.gap);
        effort.seed = self.seed;
        effort.seconds = self.seconds.or(effort.seconds);
        // A limit in seconds stands in for the usual limit in work, not for one that is asked for.
        if self.work.is_some() || self.seconds.is_some() {
            effort.work = self.work;
        }
        *effort = effort.started_at(session.begun);
    }

    /// How many threads to use: no more than there are cores.
    pub fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or(cores).clamp(1, cores)
    }
}

/// Where the answer goes, and how much is said.
#[derive(Args)]
pub struct Output {
    /// Folder to write the results to; they are written in full or not at all.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Replace the folder even if it holds results of another scenario, though never anything that has
    /// since been changed or added.
    #[arg(long)]
    pub replace: bool,
    /// Print one line of JSON instead of text.
    #[arg(long)]
    pub json: bool,
    /// Show no progress and no notices.
    #[arg(long)]
    pub quiet: bool,
}

impl Output {
    /// Whether the folder that is asked for, if any, may be written: better to hear of it now than after long
    /// work.
    ///
    /// # Errors
    ///
    /// As [`Destination::judge`].
    pub fn judge(&self, kind: FolderKind, scenario: &str) -> Result<(), Error> {
        let Some(folder) = &self.out else { return Ok(()) };
        Destination { folder, kind, scenario, replace: self.replace() }.judge()
    }

    /// The last line of a text: where the results are.
    pub fn written(&self) -> String {
        let folder = self.out.as_ref();
        folder.map_or_else(String::new, |out| format!("\nWritten to {}\n", out.display()))
    }

    /// What a folder of results may replace.
    pub fn replace(&self) -> Replace {
        replace(self.replace)
    }
}

/// What `--replace` means.
pub fn replace(any: bool) -> Replace {
    if any { Replace::Any } else { Replace::Same }
}
