//! A commented scenario with tiny tables, to begin a new one from.

use std::path::Path;

use crate::error::Error;
use crate::files::{Destination, FolderKind, Replace};

/// The name of the scenario in the template.
const NAME: &str = "my-county";

/// The files of the template: a name and its text.
pub const TEMPLATE: [(&str, &str); 3] = [
    ("scenario.toml", include_str!("template/scenario.toml")),
    ("sites.csv", include_str!("template/sites.csv")),
    ("exchanges.csv", include_str!("template/exchanges.csv")),
];

/// Writes the template into a folder, whole or not at all. Returns the names written.
///
/// # Errors
///
/// `Usage` when the folder holds anything but a template that nobody has changed. `Io` when it cannot be
/// written.
pub fn write_template(folder: &Path, replace: Replace) -> Result<Vec<&'static str>, Error> {
    let destination = Destination { folder, kind: FolderKind::Scenario, scenario: NAME, replace };
    destination.write(&TEMPLATE.map(|(name, text)| (name, text.as_bytes().to_vec())))?;
    Ok(TEMPLATE.iter().map(|(name, _)| *name).collect())
}
