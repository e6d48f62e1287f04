//! `manifest.json`: what a folder is, whose scenario it belongs to, and a hash of each of its files.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::hexadecimal::hexadecimal;
use crate::text::json;

/// Most bytes of a manifest, or of a file that ends with its own hash; none that is written is nearly so large.
const MOST_HELD: u64 = 64 << 20;

/// The name of the manifest in every folder that the library writes.
pub const MANIFEST: &str = "manifest.json";

/// The version of its layout.
const FORMAT: u32 = 1;

/// What the file calls itself.
const KIND: &str = "fibreplan-manifest";

/// The last key of a file that holds its own hash.
const SEAL: &str = ",\n  \"sha256_of_lines_above\": \"";

/// What one folder holds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    kind: String,
    /// Word of the [`FolderKind`](super::FolderKind).
    pub folder: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Sorted by name.
    pub files: Vec<Listed>,
}

/// One file of a folder.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Its path inside the folder, with `/`.
    pub file: String,
    /// Hash of its bytes in hexadecimal; `null` for a file that ends with its own hash, because it differs
    /// from run to run and the manifest must not.
    pub sha256: Option<String>,
}

impl Listed {
    pub(super) fn of(file: &str, bytes: &[u8]) -> Self {
        let sha256 = (!is_sealed(bytes)).then(|| hash(bytes));
        Self { file: file.to_owned(), sha256 }
    }

    /// Whether these are the bytes that were written, however many there are now.
    pub(super) fn matches(&self, bytes: impl Read) -> io::Result<bool> {
        match &self.sha256 {
            Some(written) => Ok(hash_of(bytes)? == *written),
            None => Ok(read_within_limit(bytes)?.is_some_and(|bytes| is_sealed(&bytes))),
        }
    }
}

impl Manifest {
    pub(super) fn new(folder: &str, scenario: &str, mut files: Vec<Listed>) -> Self {
        files.sort_by(|a, b| a.file.cmp(&b.file));
        Self {
            format: FORMAT,
            kind: KIND.to_owned(),
            folder: folder.to_owned(),
            scenario: scenario.to_owned(),
            files,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // All keys are texts, so serialising cannot fail.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        (json(&text).into_owned() + "\n").into_bytes()
    }

    /// The manifest in a file; `None` when the bytes are not exactly those of one.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(bytes).ok()?;
        let known = manifest.format == FORMAT && manifest.kind == KIND;
        let plain = manifest.files.iter().all(|listed| is_plain(&listed.file));
        (known && plain && manifest.to_bytes() == bytes).then_some(manifest)
    }

    pub(super) fn find(&self, file: &str) -> Option<&Listed> {
        let place = self.files.binary_search_by(|listed| listed.file.as_str().cmp(file)).ok()?;
        Some(&self.files[place])
    }

    /// Whether a file lies in a folder of this path.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.files
            .iter()
            .any(|listed| listed.file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// Whether a path stays inside its folder: names parted by `/`, none of them empty, `.` or `..`.
pub(super) fn is_plain(path: &str) -> bool {
    let plain =
        |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains('\\');
    path.split('/').all(plain) && path != MANIFEST
}

pub(super) fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// All that is read; nothing of what is larger than any manifest.
pub(super) fn read_within_limit(bytes: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut held = Vec::new();
    bytes.take(MOST_HELD + 1).read_to_end(&mut held)?;
    Ok((held.len() as u64 <= MOST_HELD).then_some(held))
}

/// The hash of all that is read, which is never held.
fn hash_of(mut bytes: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut bytes, &mut hash)?;
    Ok(hexadecimal(&hash.finalize()))
}

/// A JSON object of several lines with its own hash as one more key, the last.
///
/// For files that hold times: the manifest names them without a hash, so that it stays the same from run
/// to run, and a change to one is noticed all the same.
#[must_use]
pub fn sealed(object: &str) -> String {
    let Some(body) = object.trim_end().strip_suffix("\n}") else { return object.to_owned() };
    format!("{body}{SEAL}{}\"\n}}\n", hash(body.as_bytes()))
}

fn is_sealed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Some((body, seal)) = text.rsplit_once(SEAL) else { return false };
    seal.strip_suffix("\"\n}\n").is_some_and(|written| written == hash(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_and_any_change_to_it_is_noticed() {
        let files = vec![Listed::of("b/c.csv", b"x"), Listed::of("a.json", b"")];
        let bytes = Manifest::new("plan", "town", files).to_bytes();
        let manifest = Manifest::from_bytes(&bytes).unwrap();
        assert_eq!(manifest.files[0].file, "a.json");
        assert!(manifest.find("b/c.csv").unwrap().matches(&b"x"[..]).unwrap());
        assert!(!manifest.find("b/c.csv").unwrap().matches(&b"y"[..]).unwrap());
        assert!(manifest.has_folder("b") && !manifest.has_folder("a.json"));
        let text = String::from_utf8(bytes).unwrap();
        for (from, to) in [("town", "city\",\n"), ("\n  ", "\n "), ("b/c.csv", "../c.csv")] {
            assert_eq!(Manifest::from_bytes(text.replace(from, to).as_bytes()), None, "{to}");
        }
    }

    #[test]
    fn a_sealed_file_is_known_by_its_own_hash() {
        let text = sealed("{\n  \"seconds\": 1.5\n}\n");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        let listed = Listed::of("run.json", text.as_bytes());
        assert_eq!(listed.sha256, None);
        assert!(listed.matches(text.as_bytes()).unwrap());
        assert!(listed.matches(sealed("{\n  \"seconds\": 2.5\n}\n").as_bytes()).unwrap());
        assert!(!listed.matches(text.replace("1.5", "1.6").as_bytes()).unwrap());
        assert!(!listed.matches(&b"{}"[..]).unwrap());
    }
}
