//! A commented scenario with tiny tables, to begin a new one from.

use std::fs;
use std::path::Path;

use crate::error::{Error, ErrorKind};

/// The files of the template: a name and its text.
pub const TEMPLATE: [(&str, &str); 3] = [
    ("scenario.toml", include_str!("template/scenario.toml")),
    ("sites.csv", include_str!("template/sites.csv")),
    ("exchanges.csv", include_str!("template/exchanges.csv")),
];

/// Writes the template into a folder, which is made where it is not there. Returns the names written.
///
/// # Errors
///
/// `Usage` when the folder holds anything: nothing is ever overwritten. `Io` when it cannot be written.
pub fn write_template(folder: &Path) -> Result<Vec<&'static str>, Error> {
    let shown = folder.display();
    let io = |source| Error::io(format!("cannot write {shown}"), source);
    fs::create_dir_all(folder).map_err(io)?;
    if fs::read_dir(folder).map_err(io)?.next().is_some() {
        let message = format!("{shown} is not empty; name a folder that is not there yet");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    for (name, text) in TEMPLATE {
        fs::write(folder.join(name), text).map_err(io)?;
    }
    Ok(TEMPLATE.iter().map(|(name, _)| *name).collect())
}
