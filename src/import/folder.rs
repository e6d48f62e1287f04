//! A scenario folder made from published files: its files, written whole or not at all.

use std::path::Path;

use crate::error::Error;
use crate::import::{Account, ImportedRow};
use crate::write::{Destination, FolderKind, Replace};

/// A scenario made from published files.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Each file in numbers: rows = used + set aside + excluded.
    pub accounts: Vec<Account>,
    /// Every row of the files of sites, and the faulty ones of list sizes, with what was found.
    pub rows: Vec<ImportedRow>,
    /// Number of synthetic exchanges.
    pub exchanges: usize,
    /// Number of waypoints: distinct positions of postcodes.
    pub waypoints: usize,
    /// Name of the scenario.
    pub(super) name: String,
    /// Name and bytes of every file.
    pub(super) files: Vec<(&'static str, Vec<u8>)>,
}

fn destination<'a>(folder: &'a Path, scenario: &'a str, replace: Replace) -> Destination<'a> {
    Destination { folder, kind: FolderKind::Scenario, scenario, replace }
}

impl Import {
    /// Name and bytes of every file of the folder.
    #[must_use]
    pub fn files(&self) -> &[(&'static str, Vec<u8>)] {
        &self.files
    }

    /// Writes the folder, whole or not at all. An earlier import of the same name is replaced where nothing
    /// in it was changed.
    ///
    /// # Errors
    ///
    /// As [`may_write`](Self::may_write), or when it cannot be written.
    pub fn write(&self, folder: &Path, replace: Replace) -> Result<(), Error> {
        destination(folder, &self.name, replace).write(&self.files)
    }

    /// Whether an import of a name may be written into a folder, to be asked before long work.
    ///
    /// # Errors
    ///
    /// `Usage` when the folder holds anything else than an earlier import of that name; `Io` when nothing can
    /// be written there.
    pub fn may_write(folder: &Path, name: &str, replace: Replace) -> Result<(), Error> {
        destination(folder, name, replace).judge()
    }
}
