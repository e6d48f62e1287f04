//! A single file that people open and save in programs of their own: it holds a hash of itself.
//!
//! What for: a workbook or a map that somebody has worked in is never replaced by the next run. In: bytes with
//! a place for the seal. Out: the same bytes sealed, under their name. A file whose seal fits is as it was
//! written.

use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::files::file::{existing, put};
use crate::files::folder::Replace;
use crate::files::leftovers::sweep;
use crate::files::manifest::hash;
use crate::files::place::{probe, resolve};

/// What stands before the hash.
const MARK: &str = "fibreplan-seal:";

/// Digits of the hash.
const DIGITS: usize = 64;

/// The largest file that is looked through for its seal.
const MOST: u64 = 4 << 30;

/// The place of a seal as text, to be put into a file while it is made.
#[must_use]
pub fn seal_place() -> String {
    format!("{MARK}{}", "0".repeat(DIGITS))
}

/// The bytes with the hash in the last place for a seal: that of all bytes with noughts there. Bytes without
/// such a place come back as they are.
#[must_use]
pub fn with_seal(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(at) = place(&bytes) {
        let seal = hash(&bytes);
        bytes[at..at + DIGITS].copy_from_slice(seal.as_bytes());
    }
    bytes
}

/// Where the digits of the last seal stand.
fn place(bytes: &[u8]) -> Option<usize> {
    let mark = MARK.as_bytes();
    let at = bytes.windows(mark.len()).rposition(|window| window == mark)? + mark.len();
    (at + DIGITS <= bytes.len()).then_some(at)
}

/// Whether the bytes are as they were sealed.
fn fits(mut bytes: Vec<u8>) -> bool {
    let Some(at) = place(&bytes) else { return false };
    let written = bytes[at..at + DIGITS].to_vec();
    bytes[at..at + DIGITS].fill(b'0');
    hash(&bytes).as_bytes() == written
}

/// A file that is to be written with a seal.
#[derive(Clone, Copy, Debug)]
pub struct SealedFile<'a> {
    /// The file.
    pub file: &'a Path,
    /// What it is, as a noun: `workbook`.
    pub noun: &'static str,
    /// What every file of the sort begins with, whoever wrote it.
    pub start: &'static [u8],
    /// Whether one of the sort that is not as this library wrote it may be replaced too.
    pub replace: Replace,
}

impl SealedFile<'_> {
    /// Whether the file can be written, to be asked before long work.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] when something else stands there, or one of the sort that was changed since, or made
    /// elsewhere, and it is not said that any may be replaced; [`ErrorKind::Io`] when nothing can be written
    /// there.
    pub fn judge(&self) -> Result<(), Error> {
        let target = resolve(self.file)?;
        sweep(&target);
        self.judge_content(&target)?;
        probe(&target)
    }

    /// Seals the bytes and writes the file, whole or not at all.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and [`ErrorKind::Io`] when writing fails; an earlier file is then as it was.
    pub fn write(&self, bytes: Vec<u8>) -> Result<(), Error> {
        self.judge()?;
        put(self.file, &with_seal(bytes), |target| self.judge_content(target))
    }

    fn judge_content(&self, target: &Path) -> Result<(), Error> {
        let Some(file) = existing(self.file, target)? else { return Ok(()) };
        let shown = self.file.display();
        let mut found = Vec::new();
        file.take(MOST)
            .read_to_end(&mut found)
            .map_err(|error| Error::io(format!("cannot read {shown}"), error))?;
        let usage = |words: String| Err(Error::new(ErrorKind::Usage, format!("{shown} {words}")));
        if found.is_empty() {
            return Ok(());
        }
        if !found.starts_with(self.start) {
            return usage(format!(
                "holds something else than a {}; it is not replaced: choose another name, or move it away",
                self.noun
            ));
        }
        if self.replace == Replace::Any || fits(found) {
            return Ok(());
        }
        usage(format!(
            "is a {} that was changed since it was written, or made elsewhere; it is not replaced: choose another \
             name, move it away, or give --replace",
            self.noun
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::files::folder::tests::Scratch;

    fn target(file: &Path, replace: Replace) -> SealedFile<'_> {
        SealedFile { file, noun: "list", start: b"list ", replace }
    }

    #[test]
    fn a_file_that_somebody_worked_in_is_kept() {
        let scratch = Scratch::new("sealed");
        let file = scratch.0.join("list");
        let bytes = |text: &str| format!("list {text} {} end", seal_place()).into_bytes();
        target(&file, Replace::Same).write(bytes("one")).unwrap();
        target(&file, Replace::Same).write(bytes("two")).unwrap();
        let written = fs::read_to_string(&file).unwrap();
        assert!(written.starts_with("list two fibreplan-seal:") && !written.contains(":0000"));
        fs::write(&file, written.replace("two", "2!2")).unwrap();
        let refused = target(&file, Replace::Same).write(bytes("three")).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Usage);
        assert!(refused.to_string().contains("--replace"), "{refused}");
        target(&file, Replace::Any).write(bytes("four")).unwrap();
        fs::write(&file, "mine").unwrap();
        assert_eq!(target(&file, Replace::Any).judge().unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        assert_eq!(with_seal(b"no place".to_vec()), b"no place");
    }
}
