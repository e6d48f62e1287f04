//! A folder of files: written whole, in place of an earlier one that is known to be ours.

use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::error::{Error, ErrorKind};
use crate::files::leftovers::{remove, sweep};
use crate::files::manifest::{Listed, MANIFEST, Manifest, is_plain};
use crate::files::ownership::{Content, Remains, examine};
use crate::files::place::{judge_existing, judge_names, make_parent, probe, resolve};
use crate::files::staging::{Staging, Swap, change_places};
use crate::files::system;

/// The file that makes a folder a scenario.
const SCENARIO: &str = "scenario.toml";

/// What a folder holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FolderKind {
    /// The results of a plan.
    Plan,
    /// A comparison of variants, with the results of each.
    Comparison,
    /// A frontier of budgets.
    Frontier,
    /// The usual ways of choosing side by side.
    Strategies,
    /// Programmes apart, in order and together.
    Programmes,
    /// Why sites are left out.
    WhyNot,
    /// Years in several ways.
    Years,
    /// Pictures of a plan or a frontier.
    Pictures,
    /// A scenario: the input of a plan.
    Scenario,
}

impl FolderKind {
    /// Its word in `manifest.json`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Comparison => "comparison",
            Self::Frontier => "frontier",
            Self::Strategies => "strategies",
            Self::Programmes => "programmes",
            Self::WhyNot => "why_not",
            Self::Years => "years",
            Self::Pictures => "pictures",
            Self::Scenario => "scenario",
        }
    }
}

/// Which earlier folders may be replaced. Never one with anything in it that is not as it was written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Replace {
    /// Those of the same kind and scenario.
    #[default]
    Same,
    /// Those of other kinds and scenarios too (`--replace`); results never replace a scenario.
    Any,
}

/// A folder that is to be written, and what it will hold.
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// What it will hold.
    pub kind: FolderKind,
    /// Name of the scenario it belongs to.
    pub scenario: &'a str,
    /// Which earlier folders it may replace.
    pub replace: Replace,
}

impl Destination<'_> {
    /// Whether the folder can be written, to be asked before long work. What killed runs left beside it is
    /// removed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] when the folder holds anything that is not known to be an earlier one of the same
    /// kind and scenario; [`ErrorKind::Io`] when nothing can be written there: a file stands in the way, a
    /// link leads nowhere, a name is too long, the place cannot be written.
    pub fn judge(&self) -> Result<(), Error> {
        let target = resolve(self.folder)?;
        sweep(&target);
        if target.exists() {
            judge_existing(&target)?;
            self.judge_content(&target)?;
        }
        probe(&target)
    }

    /// The same for names of files and folders that will be inside.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when a name is too long.
    pub fn judge_names<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        judge_names(self.folder, names.into_iter())
    }

    /// Writes the folder so that it holds exactly these files and a `manifest.json`. Names may have folders:
    /// `base/plan.json`.
    ///
    /// All is written and synced in a hidden folder beside the target; then the two change places in one step
    /// where the system can do that. If an earlier folder was changed in between, it is put back.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and [`ErrorKind::Io`] when writing fails. Either way the folder is as it was,
    /// and nothing is left beside it.
    pub fn write<N: AsRef<str> + Sync>(&self, files: &[(N, Vec<u8>)]) -> Result<(), Error> {
        self.write_by(files, Swap::Best)
    }

    fn write_by<N: AsRef<str> + Sync>(
        &self,
        files: &[(N, Vec<u8>)],
        swap: Swap,
    ) -> Result<(), Error> {
        self.judge()?;
        let names = || files.iter().map(|(name, _)| name.as_ref());
        self.judge_names(names())?;
        if let Some(name) = names().find(|name| !is_plain(name)) {
            let message = format!("{name:?} is not the name of a file in a folder of results");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        let target = resolve(self.folder)?;
        make_parent(&target)?;
        let failed = |error| Error::io(format!("cannot write {}", target.display()), error);
        let staging = Staging::beside(&target).map_err(failed)?;
        let bytes: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_ref(), bytes.as_slice())).collect();
        let files = bytes.par_iter().with_max_len(1);
        let listed = files.map(|(name, bytes)| Listed::of(name, bytes)).collect();
        let manifest = Manifest::new(self.kind.word(), self.scenario, listed);
        staging.fill(&manifest, &bytes).map_err(failed)?;
        self.publish(&staging, &target, swap)
    }

    fn publish(&self, staging: &Staging, target: &Path, swap: Swap) -> Result<(), Error> {
        let failed = |error| Error::io(format!("cannot write {}", target.display()), error);
        match system::rename_new(&staging.path, target) {
            Ok(()) => return system::sync_parent(target).map_err(failed),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        // While this run has the old folder under a hidden name, no other takes it for abandoned.
        let _lock = system::lock(target);
        if let Ok(old) = fs::metadata(target) {
            // Who may read results is for the user to say.
            fs::set_permissions(&staging.path, old.permissions()).map_err(failed)?;
        }
        change_places(&staging.path, target, swap).map_err(failed)?;
        // It may have been changed since it was judged.
        if let Err(error) = self.judge_content(&staging.path) {
            change_places(&staging.path, target, swap).map_err(failed)?;
            return Err(error);
        }
        system::sync_parent(target).map_err(failed)?;
        let told = |error| {
            Error::io(format!("cannot remove the earlier {}", staging.path.display()), error)
        };
        remove(&staging.path).map_err(told)?;
        Ok(())
    }

    fn judge_content(&self, folder: &Path) -> Result<(), Error> {
        let shown = self.folder.display();
        let usage = |words: String| Err(Error::new(ErrorKind::Usage, format!("{shown} {words}")));
        if self.kind != FolderKind::Scenario && folder.join(SCENARIO).symlink_metadata().is_ok() {
            return usage(format!(
                "is a scenario folder (it holds {SCENARIO}); choose another folder for the results"
            ));
        }
        let content = examine(folder, Remains::None)
            .map_err(|error| Error::io(format!("cannot read the folder {shown}"), error))?;
        match content {
            Content::Empty => Ok(()),
            Content::Foreign(foreign) => usage(foreign.words()),
            Content::Ours(found) => {
                let same = found.folder == self.kind.word() && found.scenario == self.scenario;
                if same || self.replace == Replace::Any {
                    return Ok(());
                }
                usage(format!(
                    "holds a {} of the scenario {:?} ({MANIFEST} says so), this is a {} of {:?}: choose another \
                     folder, or allow it to be replaced with --replace",
                    noun(&found.folder),
                    found.scenario,
                    noun(self.kind.word()),
                    self.scenario
                ))
            }
        }
    }
}

/// A word of a manifest as a noun in a sentence.
fn noun(word: &str) -> String {
    match word {
        "plan" | "comparison" | "frontier" => word.to_owned(),
        "strategies" => "study of strategies".to_owned(),
        "programmes" => "study of programmes".to_owned(),
        "why_not" => "study of sites left out".to_owned(),
        "scenario" => "scenario folder".to_owned(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
pub(super) mod tests;
