//! A single file: written whole, in place of an earlier one that is known to be of the same sort.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::files::leftovers::sweep;
use crate::files::manifest::{Listed, Manifest};
use crate::files::place::{make_parent, probe, resolve};
use crate::files::staging::Staging;
use crate::files::system;

/// The name of the file while it is in the hidden folder.
const NAME: &str = "file";

/// Whether the first bytes of a file, at most 64 KiB, are those of some sort that this library writes.
pub type Recognise = fn(&[u8]) -> bool;

/// So many bytes tell the sort of a file: what stands there may be of any size.
const HEAD: u64 = 64 << 10;

/// A file that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct FileTarget<'a> {
    /// The file.
    pub file: &'a Path,
    /// What it is, as a noun: `saved network`.
    pub noun: &'static str,
    /// Whether an earlier file is of this sort, and may be replaced.
    pub is_ours: Recognise,
}

impl FileTarget<'_> {
    /// Whether the file can be written, to be asked before long work. What killed runs left beside it is
    /// removed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] when something else stands there; [`ErrorKind::Io`] when nothing can be written
    /// there.
    pub fn judge(&self) -> Result<(), Error> {
        let target = resolve(self.file)?;
        sweep(&target);
        self.judge_content(&target)?;
        probe(&target)
    }

    /// Writes the file: beside its place first, synced, then renamed onto it in one step.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and [`ErrorKind::Io`] when writing fails; an earlier file is then as it was,
    /// and nothing is left beside it.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        self.judge()?;
        put(self.file, bytes, |target| self.judge_content(target))
    }

    fn judge_content(&self, target: &Path) -> Result<(), Error> {
        let Some(file) = existing(self.file, target)? else { return Ok(()) };
        let mut start = Vec::new();
        let shown = self.file.display();
        file.take(HEAD)
            .read_to_end(&mut start)
            .map_err(|error| Error::io(format!("cannot read {shown}"), error))?;
        if start.is_empty() || (self.is_ours)(&start) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Usage,
            format!(
                "{shown} holds something else than a {}; it is not replaced: choose another name, or move it away",
                self.noun
            ),
        ))
    }
}

/// Writes a file beside its place, syncs it, and renames it onto its place in one step, if what stands there is
/// still judged fit to be replaced.
pub(super) fn put(
    file: &Path,
    bytes: &[u8],
    judge: impl Fn(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let target = resolve(file)?;
    make_parent(&target)?;
    let failed = |error| Error::io(format!("cannot write {}", target.display()), error);
    let staging = Staging::beside(&target).map_err(failed)?;
    let manifest = Manifest::new("file", "", vec![Listed::of(NAME, bytes)]);
    staging.fill(&manifest, &[(NAME, bytes)]).map_err(failed)?;
    let new = staging.path.join(NAME);
    if let Ok(old) = fs::metadata(&target) {
        fs::set_permissions(&new, old.permissions()).map_err(failed)?;
    }
    judge(&target)?;
    fs::rename(&new, &target).and_then(|()| system::sync_parent(&target)).map_err(failed)
}

/// The plain file that stands at a resolved target, opened; nothing where there is none.
///
/// # Errors
///
/// `Usage` when something else stands there, `Io` when it cannot be opened.
pub(super) fn existing(file: &Path, target: &Path) -> Result<Option<File>, Error> {
    let Ok(found) = fs::symlink_metadata(target) else { return Ok(None) };
    let shown = file.display();
    let usage = |words: &str| Err(Error::new(ErrorKind::Usage, format!("{shown} {words}")));
    if found.is_dir() {
        return usage("is a folder; name a file");
    }
    if !found.is_file() {
        return usage("is no plain file; name another");
    }
    let failed = |error| Error::io(format!("cannot read {shown}"), error);
    File::open(target).map(Some).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::folder::tests::Scratch;

    fn target(file: &Path) -> FileTarget<'_> {
        FileTarget { file, noun: "list", is_ours: |bytes| bytes.starts_with(b"list ") }
    }

    #[test]
    fn a_file_is_replaced_whole_by_one_of_its_sort_only() {
        let scratch = Scratch::new("file");
        let file = scratch.0.join("a/b/list.txt");
        target(&file).write(b"list one").unwrap();
        target(&file).write(b"list two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"list two");
        fs::write(&file, "mine").unwrap();
        assert_eq!(target(&file).write(b"list three").unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        let folder = scratch.0.join("a/b");
        assert_eq!(target(&folder).judge().unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(scratch.names("a/b"), ["list.txt"]);
        assert_eq!(scratch.names("a"), ["b"]);
    }

    #[test]
    fn what_a_killed_run_left_goes_and_a_running_ones_stays() {
        let scratch = Scratch::new("file-left");
        let file = scratch.0.join("list.txt");
        let running = Staging::beside(&file).unwrap();
        let manifest = Manifest::new("file", "", vec![Listed::of(NAME, b"list half")]);
        running.fill(&manifest, &[(NAME, b"list half")]).unwrap();
        target(&file).write(b"list one").unwrap();
        assert_eq!(scratch.names("").len(), 2);
        scratch.abandon(running);
        target(&file).write(b"list two").unwrap();
        assert_eq!(scratch.names(""), ["list.txt"]);
    }
}
