//! The hidden folder in which new files are written, and how they take the place of the old ones.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::files::leftovers::{Role, hidden, remove};
use crate::files::manifest::{MANIFEST, Manifest};
use crate::files::ownership::PART;
use crate::files::system;

/// A hidden folder beside a target. What is left of it is removed when it is dropped.
pub(super) struct Staging {
    pub path: PathBuf,
    _lock: Option<File>,
}

impl Staging {
    pub(super) fn beside(target: &Path) -> io::Result<Self> {
        let mut count = 0;
        loop {
            let path = hidden(target, Role::New, count);
            count += 1;
            match fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            match system::lock(&path) {
                Ok(Some(lock)) => return Ok(Self { path, _lock: Some(lock) }),
                // Another run took it for abandoned before it was locked, and removes it.
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // No locks here: no other run will take it for abandoned either.
                Err(_) => return Ok(Self { path, _lock: None }),
            }
        }
    }

    /// Writes and syncs the manifest, then the files; whatever is there at any moment is known to be ours.
    pub(super) fn fill<N: AsRef<str> + Sync>(
        &self,
        manifest: &Manifest,
        files: &[(N, &[u8])],
    ) -> io::Result<()> {
        let mut folders = BTreeSet::from([self.path.clone()]);
        self.write(MANIFEST, &manifest.to_bytes())?;
        for (name, _) in files {
            let path = self.path.join(name.as_ref());
            if let Some(folder) =
                path.parent().filter(|folder| folders.insert(folder.to_path_buf()))
            {
                fs::create_dir_all(folder)?;
            }
        }
        // Side by side: most of the time is spent on syncing.
        files.par_iter().try_for_each(|(name, bytes)| self.write(name.as_ref(), bytes))?;
        folders.iter().rev().try_for_each(|folder| system::sync_folder(folder))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let part = self.path.join(format!("{name}{PART}"));
        let mut file = File::create_new(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, self.path.join(name))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // There is nobody here to tell of a failure, and the next run tries again.
        let _ = remove(&self.path);
    }
}

/// How two paths change places.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Swap {
    /// In one step where the system can do that, else in two.
    Best,
    /// In two steps, to try them.
    #[cfg(test)]
    InTwoSteps,
}

/// Lets a new path and an old one change places; afterwards the old one has the new one's hidden name.
///
/// In two steps the old one is put aside under a name by which the next run knows it and puts it back,
/// should this run end in between.
pub(super) fn change_places(new: &Path, old: &Path, swap: Swap) -> io::Result<()> {
    if swap == Swap::Best && system::exchange(new, old)? {
        return Ok(());
    }
    let mut count = 0;
    let aside = loop {
        let path = hidden(old, Role::Old, count);
        match system::rename_new(old, &path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => count += 1,
            renamed => {
                renamed?;
                break path;
            }
        }
    };
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}
