//! What killed runs left beside a target: hidden folders, removed where all in them is known to be ours.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::manifest::{MANIFEST, hash};
use crate::files::ownership::{Content, Entry, Remains, Sort, entries, examine};
use crate::files::system;

/// The longest part of a target's name that a hidden name repeats, in bytes.
const STEM: usize = 180;

/// What a hidden folder is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// New files, or old ones after an exchange.
    New,
    /// Old files on their way out, where the system cannot exchange.
    Old,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Old => "old",
        }
    }
}

/// The hidden name of a target for this process.
pub(super) fn hidden(target: &Path, role: Role, count: u32) -> PathBuf {
    let mut name = prefix(target, role);
    name.push(format!("{}-{count}", std::process::id()));
    target.with_file_name(name)
}

/// `.NAME.new-`, with a long name shortened so that the whole stays within what systems allow.
fn prefix(target: &Path, role: Role) -> OsString {
    let own = target.file_name().unwrap_or_default();
    let mut name = OsString::from(".");
    if own.len() <= STEM {
        name.push(own);
    } else {
        let text = own.to_string_lossy();
        let cut = text.char_indices().map(|(at, _)| at).take_while(|&at| at <= STEM / 2).last();
        name.push(&text[..cut.unwrap_or(0)]);
        name.push("~");
        name.push(&hash(own.as_encoded_bytes())[..16]);
    }
    name.push(format!(".{}-", role.word()));
    name
}

/// Whether a name is the prefix and then a process and a count.
fn follows(name: &OsStr, prefix: &OsStr) -> bool {
    let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    let Some((process, count)) =
        rest.and_then(|rest| std::str::from_utf8(rest).ok()).and_then(|rest| rest.split_once('-'))
    else {
        return false;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number(process) && number(count)
}

/// Removes what earlier runs with this target left, and puts back what one was killed over.
///
/// A hidden folder goes only when no living process holds it and everything in it is as some run of this
/// library wrote it. Whatever cannot be read or removed stays: it stands in nobody's way.
pub(super) fn sweep(target: &Path) {
    let Some(parent) = target.parent() else { return };
    for role in [Role::Old, Role::New] {
        let prefix = prefix(target, role);
        let Ok(found) = fs::read_dir(parent) else { return };
        for entry in found.flatten().filter(|entry| follows(&entry.file_name(), &prefix)) {
            if entry.file_type().is_ok_and(|sort| sort.is_dir()) {
                let _ = sweep_one(&entry.path(), target, role);
            }
        }
    }
}

fn sweep_one(folder: &Path, target: &Path, role: Role) -> io::Result<()> {
    // Held until the end: no other run takes the folder for abandoned meanwhile.
    let Some(_lock) = system::lock(folder)? else { return Ok(()) };
    if role == Role::Old
        && target.symlink_metadata().is_err()
        && matches!(examine(folder, Remains::None)?, Content::Ours(_))
    {
        // A run was killed between its two renames.
        fs::rename(folder, target)?;
        return system::sync_parent(target);
    }
    remove(folder).map(|_| ())
}

/// Removes a folder if everything in it is known to be ours: whether it did.
pub(super) fn remove(folder: &Path) -> io::Result<bool> {
    match examine(folder, Remains::Parts) {
        Ok(Content::Foreign(_)) => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    }
    // What is in a folder comes before it, and the manifest last: what remains at any moment is still
    // known to be ours.
    let mut all: Vec<Entry> = entries(folder)?;
    all.sort_by(|a, b| (a.path == MANIFEST).cmp(&(b.path == MANIFEST)).then(b.path.cmp(&a.path)));
    for entry in all {
        let path = folder.join(&entry.path);
        gone(if entry.sort == Sort::Folder {
            fs::remove_dir(path)
        } else {
            fs::remove_file(path)
        })?;
    }
    gone(fs::remove_dir(folder))?;
    Ok(true)
}

/// Another run may remove the same leftovers.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
