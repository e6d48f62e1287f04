//! Where a target really lies, and whether anything can be written there: asked before long work.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::files::leftovers::{Role, hidden};
use crate::files::ownership::PART;
use crate::files::system;

/// The longest name that usual file systems take, in bytes.
const NAME: usize = 255;

/// The longest path, in bytes.
const PATH: usize = 4095;

/// The target as an absolute path through links; nothing is made.
///
/// # Errors
///
/// `Usage` when it names nothing that can be written; `Io` when a name is too long, a link leads nowhere,
/// or something on the way is no folder.
pub(super) fn resolve(target: &Path) -> Result<PathBuf, Error> {
    if target.file_name().is_none() {
        let message =
            format!("{:?} names no file or folder to write", target.display().to_string());
        return Err(Error::new(ErrorKind::Usage, message));
    }
    judge_length(target)?;
    let (ground, rest) = ground(target)?;
    let plain =
        rest.iter().all(|part| !matches!(part.components().next(), Some(Component::ParentDir)));
    if !plain {
        let message = format!("{} leads out of a folder that does not exist", target.display());
        return Err(Error::new(ErrorKind::Usage, message));
    }
    if !rest.is_empty() && !ground.is_dir() {
        return Err(no(target, &format!("{} is not a folder", ground.display())));
    }
    let path = rest.iter().fold(ground, |path, part| path.join(part));
    judge_length(&path)?;
    Ok(path)
}

/// The nearest of target, parent, its parent, ... that exists, through links, and the parts beyond it.
fn ground(target: &Path) -> Result<(PathBuf, Vec<PathBuf>), Error> {
    let parts: Vec<PathBuf> = target.components().map(|part| part.as_os_str().into()).collect();
    for kept in (0..=parts.len()).rev() {
        let mut path: PathBuf = parts[..kept].iter().collect();
        if path.as_os_str().is_empty() {
            path = PathBuf::from(".");
        }
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => {
                return Err(Error::io(format!("cannot write {}", target.display()), error));
            }
            Ok(_) => {
                let real = path.canonicalize().map_err(|error| {
                    if error.kind() == io::ErrorKind::NotFound {
                        no(target, &format!("{} is a link that leads nowhere", path.display()))
                    } else {
                        Error::io(format!("cannot write {}", target.display()), error)
                    }
                })?;
                return Ok((real, parts[kept..].to_vec()));
            }
        }
    }
    Err(no(target, "the current folder is not there any more"))
}

fn judge_length(target: &Path) -> Result<(), Error> {
    let longest = target.components().map(|part| part.as_os_str().len()).max().unwrap_or(0);
    if longest > NAME - PART.len() {
        let cut: String = target.display().to_string().chars().take(60).collect();
        let cause = format!(
            "a name in it is {longest} bytes long, and at most {} can be used: choose a shorter one",
            NAME - PART.len()
        );
        return Err(no(Path::new(&(cut + "...")), &cause));
    }
    if target.as_os_str().len() > PATH - NAME {
        let cause =
            format!("the path is {} bytes long: choose a shorter one", target.as_os_str().len());
        return Err(no(Path::new("so deep a folder"), &cause));
    }
    Ok(())
}

/// Whether names inside a folder are such as can be written.
pub(super) fn judge_names<'a>(
    target: &Path,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    for name in names {
        judge_length(&target.join(name))?;
    }
    Ok(())
}

/// Tries whether something can be made beside a resolved target, and leaves nothing behind.
pub(super) fn probe(target: &Path) -> Result<(), Error> {
    let existing = target.ancestors().skip(1).find(|path| path.is_dir());
    let Some(parent) = existing else { return Ok(()) };
    let beside = parent.join(target.file_name().unwrap_or_default());
    let mut count = 0;
    let made = loop {
        let path = hidden(&beside, Role::New, count);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => count += 1,
            made => break made.and_then(|()| fs::remove_dir(&path)),
        }
    };
    made.map_err(|error| Error::io(format!("cannot write in {}", parent.display()), error))
}

/// Whether another folder can take the place of one that is there.
pub(super) fn judge_existing(folder: &Path) -> Result<(), Error> {
    if !folder.is_dir() {
        return Err(no(folder, "a file stands there, not a folder"));
    }
    let here = std::env::current_dir().and_then(fs::canonicalize);
    if here.is_ok_and(|here| here.starts_with(folder)) {
        let message = format!(
            "{} is the current folder or holds it; name a folder inside it",
            folder.display()
        );
        return Err(Error::new(ErrorKind::Usage, message));
    }
    if system::is_mount(folder) {
        let message = format!(
            "{} is where another file system begins, so no folder can take its place; name a folder inside it",
            folder.display()
        );
        return Err(Error::new(ErrorKind::Usage, message));
    }
    system::may_write_in(folder)
        .map_err(|error| Error::io(format!("cannot write in {}", folder.display()), error))
}

/// Makes the folder in which a resolved target is to stand.
pub(super) fn make_parent(target: &Path) -> Result<(), Error> {
    let Some(parent) = target.parent() else { return Ok(()) };
    let missing: Vec<&Path> = parent.ancestors().take_while(|path| !path.is_dir()).collect();
    for folder in missing.into_iter().rev() {
        let made = match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        };
        made.and_then(|()| system::sync_parent(folder)).map_err(|error| {
            Error::io(format!("cannot make the folder {}", folder.display()), error)
        })?;
    }
    Ok(())
}

fn no(target: &Path, cause: &str) -> Error {
    Error::io(format!("cannot write {}", target.display()), io::Error::other(cause.to_owned()))
}
