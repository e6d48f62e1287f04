//! Whether everything in a folder was written by this library and is as it was written.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::files::manifest::{MANIFEST, Manifest, read_within_limit};

/// What a name ends with while its bytes are being written.
pub(super) const PART: &str = ".part";

/// What was found in a folder.
#[derive(Debug)]
pub(super) enum Content {
    /// Nothing.
    Empty,
    /// Nothing but what the manifest names, unchanged; some of it may be missing.
    Ours(Manifest),
    /// Something else.
    Foreign(Foreign),
}

/// The first thing in a folder that is not known to be ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Foreign {
    /// There is no manifest; one of the files that there are.
    NoManifest(String),
    /// The manifest is not one, or was changed.
    Manifest,
    /// The manifest does not name it, or it is no plain file.
    NotListed(String),
    /// It is not as it was written.
    Changed(String),
}

impl Foreign {
    /// Why the folder is left alone, and what to do: the end of a sentence that begins with the folder.
    pub(super) fn words(&self) -> String {
        let remedy = "choose another folder, or move it away";
        match self {
            Self::NoManifest(name) => format!(
                "holds {name:?} and no {MANIFEST}, so it is not known to hold results and is not replaced (results \
                 of earlier releases have no {MANIFEST} either): choose another folder, or delete or move it \
                 yourself"
            ),
            Self::Manifest => {
                format!("holds a {MANIFEST} that was not written so; nothing is replaced: {remedy}")
            }
            Self::NotListed(name) => {
                format!(
                    "holds {name:?}, which was not written with it; nothing is replaced: {remedy}"
                )
            }
            Self::Changed(name) => format!(
                "holds {name:?}, which was changed after it was written; nothing is replaced: {remedy}"
            ),
        }
    }
}

/// What else may stand in a folder besides what its manifest names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Remains {
    /// Nothing: it is a finished folder.
    None,
    /// Files whose writing was cut off: it is a hidden folder.
    Parts,
}

/// An entry of a folder.
pub(super) struct Entry {
    /// Its path inside the folder, with `/`.
    pub path: String,
    pub sort: Sort,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sort {
    File,
    Folder,
    /// A link, a pipe, a device, or a name that is no text.
    Other,
}

/// All entries below a folder, each folder before what is in it; links are not followed.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    list(folder, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn list(folder: &Path, before: &str, found: &mut Vec<Entry>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let sort = entry.file_type()?;
        let name = entry.file_name();
        let path = format!("{before}{}", name.to_string_lossy());
        let sort = match () {
            () if name.to_str().is_none() => Sort::Other,
            () if sort.is_file() => Sort::File,
            () if sort.is_dir() => Sort::Folder,
            () => Sort::Other,
        };
        if sort == Sort::Folder {
            list(&entry.path(), &format!("{path}/"), found)?;
        }
        found.push(Entry { path, sort });
    }
    Ok(())
}

/// Reads a folder and judges each of its entries.
pub(super) fn examine(folder: &Path, remains: Remains) -> io::Result<Content> {
    let entries = entries(folder)?;
    let Some(first) = entries.first() else { return Ok(Content::Empty) };
    let manifest = match entries.iter().find(|entry| entry.path == MANIFEST) {
        None => return Ok(without_manifest(&entries, first, remains)),
        // Nobody waits for a pipe of that name, or reads what is larger than any manifest.
        Some(entry) if entry.sort != Sort::File => None,
        Some(_) => match File::open(folder.join(MANIFEST)).and_then(read_within_limit) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(without_manifest(&entries, first, remains));
            }
            read => read?.as_deref().and_then(Manifest::from_bytes),
        },
    };
    let Some(manifest) = manifest else {
        return Ok(Content::Foreign(Foreign::Manifest));
    };
    // Side by side: large files take their time to hash.
    let judge = |entry| judge(folder, &manifest, entry, remains);
    let judged: Vec<_> = entries.par_iter().with_max_len(1).map(judge).collect();
    for foreign in judged {
        if let Some(foreign) = foreign? {
            return Ok(Content::Foreign(foreign));
        }
    }
    Ok(Content::Ours(manifest))
}

fn without_manifest(entries: &[Entry], first: &Entry, remains: Remains) -> Content {
    // The manifest is the first file that is written.
    let begun = first.path == format!("{MANIFEST}{PART}") && first.sort == Sort::File;
    if remains == Remains::Parts && begun && entries.len() == 1 {
        return Content::Ours(Manifest::new("", "", Vec::new()));
    }
    let beside = entries.iter().filter(|entry| !entry.path.contains('/'));
    let file = beside.clone().find(|entry| entry.sort == Sort::File);
    let file = file.or(beside.clone().next()).unwrap_or(first);
    Content::Foreign(Foreign::NoManifest(file.path.clone()))
}

fn judge(
    folder: &Path,
    manifest: &Manifest,
    entry: &Entry,
    remains: Remains,
) -> io::Result<Option<Foreign>> {
    let path = &entry.path;
    let known = match entry.sort {
        Sort::Folder => manifest.has_folder(path),
        Sort::Other => false,
        Sort::File if path == MANIFEST => true,
        Sort::File => match manifest.find(path) {
            Some(listed) => {
                match File::open(folder.join(path)).and_then(|file| listed.matches(file)) {
                    Ok(true) => true,
                    Ok(false) => return Ok(Some(Foreign::Changed(path.clone()))),
                    // Another run may be removing the same leftovers.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => true,
                    Err(error) => return Err(error),
                }
            }
            None => remains == Remains::Parts && is_part(manifest, path),
        },
    };
    Ok((!known).then(|| Foreign::NotListed(path.clone())))
}

fn is_part(manifest: &Manifest, path: &str) -> bool {
    let whole = path.strip_suffix(PART);
    whole.is_some_and(|whole| whole == MANIFEST || manifest.find(whole).is_some())
}
