//! What is read at all: regular files of at most so many bytes.
//!
//! What for: no reader waits for a pipe, or fills memory with what is no file of ours. In: a path and a limit. Out:
//! bytes, or a fault (F115, F116).

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::error::{Error, Fault};

/// The fault of something that bears the name of a file and is none: reading it may never end.
pub(crate) fn irregular(path: &Path) -> Option<Fault> {
    let cause = match fs::metadata(path) {
        Ok(found) if found.is_file() => return None,
        Ok(found) if found.is_dir() => "this is a folder, not a file",
        Ok(_) => "this is a pipe or a device, not a file",
        Err(_) if fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) => {
            "this is a link to nothing"
        }
        Err(_) => return None,
    };
    Some(Fault::new("F116", cause, "name a file; save the output of a command to one first"))
}

/// Bytes as people count them.
pub(crate) fn size(bytes: u64) -> String {
    [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        .into_iter()
        .find(|&(shift, _)| bytes >> shift > 0 && (bytes >> shift) << shift == bytes)
        .map_or_else(
            || format!("{bytes} bytes"),
            |(shift, unit)| format!("{} {unit}", bytes >> shift),
        )
}

/// The fault of a file that is too large.
pub(crate) fn too_large(most: u64) -> Fault {
    let cause = format!("this is larger than {}, the most that is read", size(most));
    Fault::new("F115", cause, "give the part that is needed, without needless rows and columns")
}

/// The bytes of a file of at most so many that begins as it should; of one that begins otherwise nothing more is read.
///
/// # Errors
///
/// `Faults` when it is no regular file (F116) or larger (F115), `Io` when it cannot be read.
pub(crate) fn bytes_within(path: &Path, start: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let told = |fault: Fault| Error::from_faults(vec![fault.at(&name, None, "")]);
    if let Some(fault) = irregular(path) {
        return Err(told(fault));
    }
    let failed = |source| Error::io(format!("cannot read {name}"), source);
    let mut file = File::open(path).map_err(failed)?;
    let is_large = file.metadata().map_err(failed)?.len() > most;
    let mut bytes = Vec::new();
    (&mut file).take(start.len() as u64).read_to_end(&mut bytes).map_err(failed)?;
    if bytes != start {
        return Ok(bytes);
    }
    if is_large {
        return Err(told(too_large(most)));
    }
    let left = (most + 1).saturating_sub(bytes.len() as u64);
    file.take(left).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most { Err(told(too_large(most))) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_said_as_people_count() {
        assert_eq!(size(2 << 30), "2 GiB");
        assert_eq!(size(64 << 20), "64 MiB");
        assert_eq!(size(100), "100 bytes");
    }

    #[test]
    fn a_file_is_read_within_its_bounds_only() {
        let name = format!("fibreplan-bounds-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, b"ours and more").unwrap();
        assert_eq!(bytes_within(&path, b"ours", 13).unwrap(), b"ours and more");
        assert_eq!(bytes_within(&path, b"mine", 1).unwrap(), b"ours", "another kind of file");
        let refused = bytes_within(&path, b"ours", 12).unwrap_err().to_string();
        assert!(refused.contains("F115") && refused.contains("12 bytes"), "{refused}");
        fs::remove_file(&path).unwrap();
        assert_eq!(bytes_within(&path, b"", 1).unwrap_err().kind(), crate::error::ErrorKind::Io);
        let folder = bytes_within(&std::env::temp_dir(), b"", 1).unwrap_err().to_string();
        assert!(folder.contains("F116"), "{folder}");
    }
}
