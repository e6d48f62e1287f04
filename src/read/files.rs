//! Input files: where they are, their text, unpacked where they are gzipped, and their hash.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::error::{Error, Fault};
use crate::model::hexadecimal;

/// A file as text, with the hash of its bytes as they are on the disc, packed or not; the text of a file that is
/// none is empty.
pub(crate) struct InputText {
    pub(crate) path: PathBuf,
    /// Name without folders.
    pub(crate) file: String,
    pub(crate) sha256: String,
    text: String,
}

impl InputText {
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
pub(crate) fn open(name: &str, folders: &[&Path]) -> Result<InputText, NoFile> {
    read(&find(name, folders)?)
}

/// The same for a file that is no text: it is hashed, and left to its reader.
pub(crate) fn open_bytes(name: &str, folders: &[&Path]) -> Result<InputText, NoFile> {
    let path = find(name, folders)?;
    let file = file_name(&path);
    match hash(&path) {
        Ok(sha256) => Ok(InputText { path, file, sha256, text: String::new() }),
        Err(error) => Err(NoFile::Error(Error::io(format!("cannot read {file}"), error))),
    }
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
    let candidates = folders.iter().map(|folder| folder.join(name));
    if let Some(path) = candidates.into_iter().find(|path| path.is_file()) {
        return Ok(path);
    }
    let fault = Fault::new(
        "F110",
        "there is no such file",
        "put it beside the scenario or in the data folder (--data), or correct the name",
    );
    Err(NoFile::Fault(Box::new(fault.value(name))))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<InputText, NoFile> {
    let file = file_name(path);
    let bytes = fs::read(path)
        .map_err(|error| NoFile::Error(Error::io(format!("cannot read {file}"), error)))?;
    let sha256 = hexadecimal(&Sha256::digest(&bytes));
    if let Some(fault) = no_text(&bytes, &file) {
        return Err(NoFile::Fault(Box::new(fault)));
    }
    let bytes = if is_gzip(&bytes) { unpacked(&bytes, &file)? } else { bytes };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(InputText { path: path.to_owned(), file, sha256, text }),
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

/// The fault of a file that is an archive, a workbook or in an encoding of two bytes a letter.
pub(crate) fn no_text(start: &[u8], file: &str) -> Option<Fault> {
    let workbook = Path::new(file)
        .extension()
        .is_some_and(|extension| extension.to_string_lossy().to_lowercase().starts_with("xls"));
    let (code, cause, remedy) = if start.starts_with(&[0xff, 0xfe])
        || start.starts_with(&[0xfe, 0xff])
    {
        (
            "F120",
            "the text is UTF-16, not UTF-8",
            "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
        )
    } else if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) || workbook && start.starts_with(b"PK") {
        ("F127", "this is a workbook, not a table of text", "save its sheet as CSV UTF-8")
    } else if start.starts_with(b"PK\x03\x04") {
        ("F127", "this is a ZIP archive", "unpack it, and name the file inside")
    } else if start.starts_with(&[0, 0, 0x27, 0x0a]) {
        ("F127", "this is a shapefile", "export it as GeoJSON, roads as a GeoPackage (.gpkg)")
    } else if start.starts_with(b"SQLite format 3") {
        (
            "F127",
            "this is a GeoPackage or another database",
            "give roads as a file that ends in .gpkg, other lines as GeoJSON",
        )
    } else {
        return None;
    };
    Some(Fault::new(code, cause, remedy).at(file, None, ""))
}

fn unpacked(bytes: &[u8], file: &str) -> Result<Vec<u8>, NoFile> {
    let mut plain = Vec::new();
    if MultiGzDecoder::new(bytes).read_to_end(&mut plain).is_ok() {
        return Ok(plain);
    }
    Err(NoFile::Fault(Box::new(damaged_gzip(file))))
}

/// The fault of a gzip file that cannot be unpacked.
pub(crate) fn damaged_gzip(file: &str) -> Fault {
    let cause = "the gzip file is damaged or not whole";
    Fault::new("F127", cause, "download or pack it again").at(file, None, "")
}

/// Reads a file that must be there.
///
/// # Errors
///
/// A usage error when it is not there, `Faults` when it is not UTF-8, `Io` otherwise.
pub(crate) fn must_read(path: &Path, missing: &str) -> Result<InputText, Error> {
    read(path).map_err(|no_file| match no_file {
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
