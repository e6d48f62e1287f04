//! Whatever moment a run is killed at, a whole result stands under the name or none, and the next run
//! leaves nothing hidden behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fibreplan::internals::random::Random;
use fibreplan::made_up::County;

use crate::scratch::Scratch;

const KILLS: u64 = 60;

/// A command that makes counties of two seeds in one folder.
struct Maker<'a> {
    command: &'a Path,
    folder: &'a Path,
}

impl Maker<'_> {
    fn county(seed: u64) -> County {
        County { seed, sites: 60, waypoints: 900 }
    }

    fn start(&self, seed: u64) -> std::process::Child {
        let mut command = Command::new(self.command);
        command.arg(self.folder).args(["--seed", &seed.to_string()]);
        command.args(["--sites", "60", "--waypoints", "900"]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The seed of the county that stands there whole; `None` where nothing stands there.
    fn standing(&self) -> Option<u64> {
        let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for entry in fs::read_dir(self.folder).ok()? {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read(path).unwrap());
        }
        assert!(found.remove("manifest.json").is_some(), "{:?}", found.keys());
        let whole = [1, 2].into_iter().find(|&seed| {
            let files = Self::county(seed).files();
            files.len() == found.len()
                && files.iter().all(|file| found.get(file.name) == Some(&file.text.clone().into()))
        });
        Some(whole.unwrap_or_else(|| panic!("neither the one nor the other: {:?}", found.keys())))
    }
}

#[test]
fn a_killed_run_leaves_the_old_or_the_new_whole_and_the_next_sweeps() {
    let Some(command) = crate::commands::path_of("make_county") else { return };
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    let maker = Maker { command: &command, folder: &folder };
    let start = Instant::now();
    assert!(maker.start(1).wait().unwrap().success());
    let usual = start.elapsed();
    let mut random = Random::new(7);
    let (mut last, mut replaced) = (1, 0);
    for kill in 0..KILLS {
        let seed = 2 - kill % 2;
        let mut child = maker.start(seed);
        // Most of the moments are late ones, when files are being written.
        let share = 300 + random.below(900);
        std::thread::sleep((usual * share / 1000).min(Duration::from_secs(2)));
        child.kill().unwrap();
        let _ = child.wait();
        let standing = maker.standing().expect("there was one before");
        assert!(standing == last || standing == seed);
        replaced += u64::from(standing != last);
        last = standing;
    }
    let done = maker.start(1).wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(maker.standing(), Some(1));
    let left: Vec<_> =
        fs::read_dir(scratch.path()).unwrap().map(|one| one.unwrap().path()).collect();
    assert_eq!(
        left,
        std::slice::from_ref(&folder),
        "{replaced} of {KILLS} kills came after the exchange"
    );
}
