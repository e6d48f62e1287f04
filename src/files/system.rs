//! What is asked of the operating system beyond the standard library: exchange, locks, syncing of folders.
//!
//! Where a system lacks one of them, the calls say so, and their callers do without.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// Lets two paths change places in one step: whether the system can.
#[cfg(target_os = "linux")]
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(errno) if cannot(errno) => Ok(false),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Renames to a name that nothing has: `AlreadyExists` when something has it.
#[cfg(target_os = "linux")]
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(errno) if cannot(errno) => rename_after_looking(from, to),
        Err(errno) => Err(errno.into()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_after_looking(from, to)
}

fn rename_after_looking(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

#[cfg(target_os = "linux")]
fn cannot(errno: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP].contains(&errno)
}

/// Locks a folder for this process until the file is dropped: `None` while another process has it.
///
/// The system lets go of the lock when the process ends, however it ends.
#[cfg(unix)]
pub(super) fn lock(folder: &Path) -> io::Result<Option<File>> {
    let handle = File::open(folder)?;
    match handle.try_lock() {
        Ok(()) if is_at(&handle, folder) => Ok(Some(handle)),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Without locks on folders nothing is ever taken for abandoned.
#[cfg(not(unix))]
pub(super) fn lock(_: &Path) -> io::Result<Option<File>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the folder that was opened is still the one of this path.
#[cfg(unix)]
fn is_at(handle: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (handle.metadata(), path.symlink_metadata()) {
        (Ok(opened), Ok(there)) => (opened.dev(), opened.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Makes sure that the names in a folder outlast a loss of power.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match File::open(folder)?.sync_all() {
            // Some network file systems cannot sync folders.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced,
        }
    } else {
        Ok(())
    }
}

/// The same for the folder in which a path stands.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_folder)
}

/// Whether this process may change what is in a folder, as far as can be told without trying.
#[cfg(target_os = "linux")]
pub(super) fn may_write_in(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    Ok(accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn may_write_in(folder: &Path) -> io::Result<()> {
    if fs::metadata(folder)?.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}

/// Whether another file system begins at a folder, so that nothing can take its place.
#[cfg(unix)]
pub(super) fn is_mount(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| path.metadata().map(|metadata| metadata.dev()).ok();
    folder.parent().is_some_and(|parent| device(parent) != device(folder)) || is_bound(folder)
}

#[cfg(not(unix))]
pub(super) fn is_mount(_: &Path) -> bool {
    false
}

/// Whether it is the root of a mount, also of one on the same device.
#[cfg(target_os = "linux")]
fn is_bound(folder: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    statx(CWD, folder, AtFlags::empty(), StatxFlags::BASIC_STATS)
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_bound(_: &Path) -> bool {
    false
}
