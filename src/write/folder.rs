//! A folder or file that appears whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};

/// Replaces a folder by one that holds exactly the given files.
///
/// The files are written and synced into a hidden folder beside the target, which is then renamed. An
/// earlier output folder is renamed away first and deleted last, and put back if the second rename
/// fails. A folder is taken for an earlier output, and replaced, only if every entry in it is one of
/// `known` names; an empty folder is taken as well.
///
/// # Errors
///
/// [`ErrorKind::Usage`] when the target holds a `scenario.toml` or anything else that is not `known`;
/// [`ErrorKind::Io`] when writing fails. Either way the target is as it was and nothing is left beside
/// it.
pub fn replace_folder(
    target: &Path,
    files: &[(&str, Vec<u8>)],
    known: &[&str],
) -> Result<(), Error> {
    replace_tree(target, files, Known::files(known))
}

/// What a folder that may be replaced can hold.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// Names of files.
    pub files: &'a [&'a str],
    /// Names of files in folders inside it, whatever the folders are called; without any, no folders.
    pub in_folders: &'a [&'a str],
}

impl<'a> Known<'a> {
    pub(super) fn files(files: &'a [&'a str]) -> Self {
        Self { files, in_folders: &[] }
    }
}

/// As [`replace_folder`], with files that may lie in folders of one level: `base/plan.json`.
pub(super) fn replace_tree<N: AsRef<Path>>(
    target: &Path,
    files: &[(N, Vec<u8>)],
    known: Known<'_>,
) -> Result<(), Error> {
    refuse_foreign(target, known)?;
    let target = settle(target)?;
    let new = Scratch::folder(&target, "new")?;
    for (name, bytes) in files {
        let path = new.path.join(name);
        if let Some(folder) = path.parent().filter(|_| !known.in_folders.is_empty()) {
            fs::create_dir_all(folder).map_err(failed("cannot make the folder", folder))?;
        }
        write_synced(&path, bytes).map_err(failed("cannot write", &path))?;
    }
    new.take_place_of(&target)
}

/// Replaces a file, by writing beside it and renaming.
///
/// # Errors
///
/// [`ErrorKind::Io`] when writing fails; an earlier file is then as it was.
pub fn replace_file(target: &Path, bytes: &[u8]) -> Result<(), Error> {
    let target = settle(target)?;
    let path = beside(&target, "new");
    let written = write_synced(&path, bytes).and_then(|()| fs::rename(&path, &target));
    written.map_err(|source| {
        // The failure itself is what matters to the caller, not whether the remains could be removed.
        let _ = fs::remove_file(&path);
        failed("cannot write", &target)(source)
    })
}

/// The target as an absolute path through links, its parent folder made where it is missing.
fn settle(target: &Path) -> Result<PathBuf, Error> {
    if let Ok(real) = target.canonicalize() {
        return Ok(real);
    }
    let Some(name) = target.file_name() else {
        let message = format!("{} names no file or folder to write", target.display());
        return Err(Error::new(ErrorKind::Usage, message));
    };
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed("cannot make the folder", parent))?;
    let parent = parent.canonicalize().map_err(failed("cannot find the folder", parent))?;
    Ok(parent.join(name))
}

/// Refuses a target that [`replace_folder`] would refuse, to be asked before long work.
///
/// # Errors
///
/// As [`replace_folder`], before anything is written.
pub(super) fn refuse_foreign(target: &Path, known: Known<'_>) -> Result<(), Error> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("cannot read the folder", target)(error)),
    };
    let entries: Result<Vec<fs::DirEntry>, io::Error> = entries.collect();
    let entries = entries.map_err(failed("cannot read the folder", target))?;
    let mut names: Vec<OsString> = Vec::with_capacity(entries.len());
    for entry in entries {
        // A link is no folder of ours, wherever it leads.
        let is_folder = entry.file_type().is_ok_and(|sort| sort.is_dir());
        if is_folder && !known.in_folders.is_empty() {
            refuse_foreign(&entry.path(), Known::files(known.in_folders))?;
        } else {
            names.push(entry.file_name());
        }
    }
    let usage = |message: String| Err(Error::new(ErrorKind::Usage, message));
    if names.iter().any(|name| name == "scenario.toml") {
        return usage(format!(
            "{} is a scenario folder (it holds scenario.toml); choose another folder for the results",
            target.display()
        ));
    }
    let known = |name: &OsString| known.files.iter().any(|known| OsStr::new(known) == name);
    let foreign = names.iter().filter(|name| !known(name));
    match foreign.min() {
        None => Ok(()),
        Some(name) => usage(format!(
            "{} holds {}, which is not a result file; it is not replaced: choose another folder, or move \
             that away",
            target.display(),
            Path::new(name).display()
        )),
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A hidden name beside the target that nothing has yet. The process number keeps two runs apart; the
/// count steps over what a killed run with the same number left behind.
fn beside(target: &Path, role: &str) -> PathBuf {
    let process = std::process::id();
    let mut count = 0_u32;
    loop {
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{role}-{process}-{count}"));
        let path = target.with_file_name(name);
        if path.symlink_metadata().is_err() {
            return path;
        }
        count += 1;
    }
}

/// A folder that is deleted unless it takes the place of the target.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn folder(target: &Path, role: &str) -> Result<Self, Error> {
        let path = beside(target, role);
        fs::create_dir(&path).map_err(failed("cannot make the folder", &path))?;
        Ok(Self { path })
    }

    fn take_place_of(self, target: &Path) -> Result<(), Error> {
        if !target.exists() {
            return fs::rename(&self.path, target).map_err(failed("cannot rename to", target));
        }
        let old = beside(target, "old");
        fs::rename(target, &old).map_err(failed("cannot rename", target))?;
        if let Err(error) = fs::rename(&self.path, target) {
            let back = fs::rename(&old, target);
            let told =
                if back.is_ok() { "cannot rename to" } else { "lost, see the folder beside" };
            return Err(failed(told, target)(error));
        }
        fs::remove_dir_all(&old).map_err(failed("cannot delete the earlier results in", &old))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // After a successful rename the path is gone, and there is nobody to tell of a failure here.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn failed<'a>(doing: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Error + 'a {
    move |source| Error::io(format!("{doing} {}", path.display()), source)
}
