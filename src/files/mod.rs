//! Files and folders that appear whole or not at all, and never in place of anything of the user's.
//!
//! What for: every folder and file that the library writes. In: names and bytes, and what the folder is.
//! Out: the folder under its name, synced, exchanged with an earlier one in one step where the system can
//! do that. A folder counts as an earlier one only by its `manifest.json`, which names each of its files
//! with its hash: a folder without one, with a file more, or with a file that was changed is refused. It
//! knows nothing of what the files mean.
//!
//! New files are written into a hidden folder beside the target, `.NAME.new-PROCESS-COUNT`, which is locked
//! while its process lives. What a killed run left there is removed by the next run with the same target.

mod bounds;
mod file;
mod folder;
mod hexadecimal;
mod leftovers;
mod manifest;
mod ownership;
mod place;
mod sealed_file;
mod staging;
mod system;

pub(crate) use bounds::{bytes_within, irregular, size, too_large};
pub use file::{FileTarget, Recognise};
pub use folder::{Destination, FolderKind, Replace};
pub(crate) use hexadecimal::hexadecimal;
pub use manifest::{MANIFEST, sealed};
pub use sealed_file::{SealedFile, seal_place};
