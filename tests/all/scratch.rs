//! A small sound scenario on disc, to be spoilt by tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own under the system's temporary folder, removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder.
    pub fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("fibreplan-test-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A folder with the base scenario: `waypoints` or `spans`.
    pub fn base(network: &str) -> Self {
        let scratch = Self::empty();
        for (name, bytes) in base_files(network) {
            fs::write(scratch.path().join(name), bytes).unwrap();
        }
        scratch
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder left behind in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The files of the base scenario.
pub fn base_files(network: &str) -> Vec<(&'static str, Vec<u8>)> {
    let scenario = include_str!("base/scenario.toml");
    let scenario = if network == "spans" {
        let (head, rest) = scenario.split_once("[network]").unwrap();
        let (_, tail) = rest.split_once("[rate_card]").unwrap();
        format!("{head}{}\n[rate_card]{tail}", include_str!("base/network_spans.toml"))
    } else {
        scenario.to_owned()
    };
    vec![
        ("scenario.toml", scenario.into_bytes()),
        ("sites.csv", include_bytes!("base/sites.csv").to_vec()),
        ("exchanges.csv", include_bytes!("base/exchanges.csv").to_vec()),
        ("waypoints.csv", include_bytes!("base/waypoints.csv").to_vec()),
        ("spans.geojson", include_bytes!("base/spans.geojson").to_vec()),
    ]
}
