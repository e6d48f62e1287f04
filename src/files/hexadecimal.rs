//! Bytes of hashes as text.

use std::fmt::Write as _;

/// Bytes in hexadecimal, as `sha256sum` prints them.
#[must_use]
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
