//! Input files: where they are, their text, unpacked where they are gzipped, and their hash.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::error::{Error, Fault};
use crate::files::hexadecimal;
use crate::files::irregular;
use crate::read::kinds::{HEAD, Wanted, other_kind};
use crate::read::layout::Layout;
use crate::read::limits::{MOST_TEXT, bomb, is_bomb, too_large};

/// A file as text, with the hash of its bytes as they are on the disc, packed or not; the text of a file that is
/// none is empty.
pub(crate) struct InputText {
    pub(crate) path: PathBuf,
    /// Name without folders.
    pub(crate) file: String,
    pub(crate) sha256: String,
    /// How its cells are parted, where it is a table.
    pub(crate) layout: Layout,
    text: String,
}

impl InputText {
    /// The same file with its content as a table of cells, whose rows are counted.
    pub(crate) fn as_table(&self, text: String) -> Self {
        let (path, file, sha256) = (self.path.clone(), self.file.clone(), self.sha256.clone());
        Self { path, file, sha256, layout: Layout::of_features(), text }
    }

    /// The text without a byte order mark.
    pub(crate) fn body(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }
}

/// Why a file cannot be had: the scenario is at fault, or the machine.
pub(crate) enum NoFile {
    Fault(Box<Fault>),
    Error(Error),
}

/// Reads a file named in a scenario: looked up in the folders in order, unless the name is absolute.
pub(crate) fn open(name: &str, folders: &[&Path], wanted: Wanted) -> Result<InputText, NoFile> {
    read(&find(name, folders)?, wanted, MOST_TEXT)
}

/// The same for a file that is no text: it is hashed, and left to its reader.
pub(crate) fn open_bytes(
    name: &str,
    folders: &[&Path],
    wanted: Wanted,
) -> Result<InputText, NoFile> {
    let path = find(name, folders)?;
    let file = file_name(&path);
    let failed = |error| NoFile::Error(Error::io(format!("cannot read {file}"), error));
    let mut start = Vec::new();
    let opened = fs::File::open(&path).map_err(failed)?;
    opened.take(HEAD as u64).read_to_end(&mut start).map_err(failed)?;
    if let Some(fault) = other_kind(&start, &file, wanted) {
        return Err(NoFile::Fault(Box::new(fault)));
    }
    let sha256 = hash(&path).map_err(failed)?;
    Ok(InputText { path, file, sha256, layout: Layout::default(), text: String::new() })
}

/// The hash of a file of any size.
fn hash(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hexadecimal(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

fn find(name: &str, folders: &[&Path]) -> Result<PathBuf, NoFile> {
    let candidates: Vec<PathBuf> = folders.iter().map(|folder| folder.join(name)).collect();
    if let Some(path) = candidates.iter().find(|path| path.is_file()) {
        return Ok(path.clone());
    }
    if let Some(fault) = candidates.iter().find_map(|path| irregular(path)) {
        return Err(NoFile::Fault(Box::new(fault.value(name))));
    }
    let fault = Fault::new(
        "F110",
        "there is no such file",
        "put it beside the scenario or in the data folder (--data), or correct the name",
    );
    Err(NoFile::Fault(Box::new(fault.value(name))))
}

/// Whether a path leads to a regular file, if it leads anywhere.
///
/// # Errors
///
/// `Faults` (F116) when it leads to a folder, a pipe, a device, or a link to nothing.
pub(crate) fn regular(path: &Path) -> Result<(), Error> {
    let fault = irregular(path).map(|fault| fault.at(&file_name(path), None, ""));
    fault.map_or(Ok(()), |fault| Err(Error::from_faults(vec![fault])))
}

/// The text of a file in any encoding that has ASCII in common: what is not UTF-8 is replaced. The file is
/// unpacked where it is gzipped, and refused where it is no regular file, or larger than 2 GiB.
///
/// # Errors
///
/// `Faults` when it is not a text or too large, `Io` when it cannot be read.
pub fn read_ascii_text(path: &Path) -> Result<String, Error> {
    match bytes_of(path, Wanted::Text, MOST_TEXT) {
        Ok((bytes, _)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(NoFile::Fault(fault)) => Err(Error::from_faults(vec![*fault])),
        Err(NoFile::Error(error)) => Err(error),
    }
}

/// The bytes of a file, unpacked where it is gzipped, and the hash of those on the disc.
fn bytes_of(path: &Path, wanted: Wanted, most: u64) -> Result<(Vec<u8>, String), NoFile> {
    let file = file_name(path);
    let told = |fault: Fault| NoFile::Fault(Box::new(fault.at(&file, None, "")));
    if let Some(fault) = irregular(path) {
        return Err(told(fault));
    }
    let failed = |error| NoFile::Error(Error::io(format!("cannot read {file}"), error));
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).map_err(failed)?;
    // A file may grow while it is read.
    opened.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(told(too_large(most)));
    }
    let sha256 = hexadecimal(&Sha256::digest(&bytes));
    let bytes = if is_gzip(&bytes) { unpacked(&bytes, most).map_err(told)? } else { bytes };
    match other_kind(&bytes, &file, wanted) {
        Some(fault) => Err(NoFile::Fault(Box::new(fault))),
        None => Ok((bytes, sha256)),
    }
}

/// Reads a file of at most so many bytes, unpacked where it is gzipped.
pub(crate) fn read(path: &Path, wanted: Wanted, most: u64) -> Result<InputText, NoFile> {
    let (bytes, sha256) = bytes_of(path, wanted, most)?;
    let file = file_name(path);
    match String::from_utf8(bytes) {
        Ok(text) => {
            let layout = Layout::default();
            Ok(InputText { path: path.to_owned(), file, sha256, layout, text })
        }
        Err(error) => {
            let place = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..place].split(|&byte| byte == b'\n').count();
            let fault = Fault::new(
                "F120",
                format!("the text is not UTF-8 at byte {}", place + 1),
                "save the file as UTF-8",
            );
            Err(NoFile::Fault(Box::new(fault.at(&file, Some(line), ""))))
        }
    }
}

/// Whether a file begins as a gzip file does (RFC 1952).
pub(crate) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b])
}

/// Unpacks a file, and stops early where it unpacks to more than is read.
#[allow(clippy::result_large_err)] // once a file
fn unpacked(bytes: &[u8], most: u64) -> Result<Vec<u8>, Fault> {
    let mut plain = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = match decoder.read(&mut buffer) {
            Ok(0) => return Ok(plain),
            Ok(read) => read,
            Err(_) => return Err(damaged_gzip("")),
        };
        plain.extend_from_slice(&buffer[..read]);
        if plain.len() as u64 > most {
            return Err(too_large(most));
        }
        let taken = bytes.len() - decoder.get_ref().len();
        if is_bomb(taken as u64, plain.len() as u64) {
            return Err(bomb());
        }
    }
}

/// The fault of a gzip file that cannot be unpacked.
pub(crate) fn damaged_gzip(file: &str) -> Fault {
    let cause = "the gzip file is damaged or not whole";
    Fault::new("F127", cause, "download or pack it again").at(file, None, "")
}

/// Reads a text that must be there, of at most so many bytes.
///
/// # Errors
///
/// A usage error when it is not there, `Faults` when it is not UTF-8, `Io` otherwise.
pub(crate) fn must_read(path: &Path, missing: &str, most: u64) -> Result<InputText, Error> {
    read(path, Wanted::Text, most).map_err(|no_file| match no_file {
        NoFile::Fault(fault) => Error::from_faults(vec![*fault]),
        NoFile::Error(error) => match std::error::Error::source(&error)
            .and_then(|source| source.downcast_ref::<std::io::Error>())
        {
            Some(source) if source.kind() == ErrorKind::NotFound => {
                let message = format!("{}: {missing}", path.display());
                Error::new(crate::error::ErrorKind::Usage, message)
            }
            _ => error,
        },
    })
}

/// The last part of a path, as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn unpacking_stops_at_the_limit_and_says_so() {
        let text = b"a,b\n1,2\n".repeat(1000);
        assert_eq!(unpacked(&packed(&text), 1 << 20).unwrap(), text);
        let fault = unpacked(&packed(&text), 100).unwrap_err().to_string();
        assert!(fault.starts_with("F115: this is larger than 100 bytes"), "{fault}");
        // Two hundred megabytes of nothing: stopped after the first 64.
        let zeros = packed(&vec![b'0'; 200 << 20]);
        let fault = unpacked(&zeros, MOST_TEXT).unwrap_err().to_string();
        assert!(fault.contains("200 times its size"), "{fault}");
        let two = [packed(&text), packed(&text)].concat();
        assert_eq!(unpacked(&two, 1 << 20).unwrap().len(), 2 * text.len());
    }

    #[test]
    fn what_is_no_file_is_refused_without_opening_it() {
        let fault = |path: &str| match read(Path::new(path), Wanted::Table, MOST_TEXT) {
            Err(NoFile::Fault(fault)) => fault.to_string(),
            _ => String::new(),
        };
        assert!(fault("/").contains("F116"), "a folder");
        if cfg!(unix) {
            assert!(fault("/dev/zero").contains("pipe or a device"), "{}", fault("/dev/zero"));
        }
    }
}
