//! Counties that do not exist, for tests, benches and trying the library out.
//!
//! What for: scenarios of any size that may be published, with the shape of rural geography: towns
//! and villages of power-law size, streets, roads, farms. In: a seed and two sizes. Out: the files of
//! a scenario folder, the same bytes on every machine, for only whole numbers are used. It reads
//! nothing, and nothing in its files is measured: places, names, lists and money are all invented.

mod places;
mod sites;
mod waypoints;

use std::fmt::Write as _;
use std::path::Path;

use crate::error::Error;
use crate::files::{Destination, FolderKind, Replace};
use crate::random::Random;
use places::settlements;
use sites::{exchange_rows, site_rows};
use waypoints::{Layout, lay_out};

/// The name of every made-up scenario.
const NAME: &str = "made-up-county";

/// What county to make up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct County {
    /// Seed of every random choice.
    pub seed: u64,
    /// Number of sites, at least 1.
    pub sites: usize,
    /// Number of waypoints, at least 1.
    pub waypoints: usize,
}

impl Default for County {
    /// The county shipped in `data/county`.
    fn default() -> Self {
        Self { seed: 2019, sites: 320, waypoints: 5_000 }
    }
}

/// One file of a scenario folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

impl County {
    /// The files of the scenario: `scenario.toml`, `sites.csv`, `exchanges.csv`, `waypoints.csv`.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let mut random = Random::new(self.seed);
        let settlements = settlements(self.sites.max(1), &mut random);
        let layout = lay_out(&settlements, self.waypoints.max(1), &mut random);
        let file = |name, text| File { name, text };
        vec![
            file("scenario.toml", self.scenario()),
            file("sites.csv", site_rows(&settlements, &layout, self.sites.max(1), &mut random)),
            file("exchanges.csv", exchange_rows(&settlements, &layout, &mut random)),
            file("waypoints.csv", waypoint_rows(&layout)),
        ]
    }

    /// Writes the folder, whole or not at all. An earlier county is replaced where nothing in it was changed.
    ///
    /// # Errors
    ///
    /// `Usage` when the folder holds anything else; `Io` when it cannot be written.
    pub fn write(&self, folder: &Path, replace: Replace) -> Result<(), Error> {
        let destination =
            Destination { folder, kind: FolderKind::Scenario, scenario: NAME, replace };
        destination.judge()?;
        let files = self.files().into_iter().map(|file| (file.name, file.text.into_bytes()));
        destination.write(&files.collect::<Vec<_>>())
    }

    fn scenario(&self) -> String {
        let Self { seed, sites, waypoints } = *self;
        // Money in proportion to the sites, so that it binds in a county of any size.
        let pot = |pounds_a_site: usize| (sites.max(1) * pounds_a_site).div_ceil(10_000) * 10_000;
        let (lffn, rgc) = (pot(5_000), pot(4_000));
        format!(
            "{head}{body}",
            head = format_args!(
                "# Made up: no place, site, exchange or sum in this folder is real.\n\
                 # Made by: cargo run --release --example make_county -- FOLDER --seed {seed} \
                 --sites {sites} --waypoints {waypoints}\n"
            ),
            body = format_args!(
                r#"format = 1
name = "{NAME}"
title = "A made-up county of {sites} sites"
years = ["2019-20", "2020-21"]

[sites]
file = "sites.csv"
position = {{ crs = "EPSG:27700", x = "easting", y = "northing" }}

[exchanges]
file = "exchanges.csv"
position = {{ crs = "EPSG:27700", x = "easting", y = "northing" }}
default_enable_gbp = 20000

[network]
from = "waypoints"
file = "waypoints.csv"
position = {{ crs = "EPSG:27700", x = "easting", y = "northing" }}
detour = 1.3
max_link_m = 5000
method = "unknown_surface"

[rate_card]
price_year = "2019-20"
drop_gbp = 1500
methods.unknown_surface = {{ gbp_per_m = 25.00, source = "assumption: mix of soft verge and footway" }}

# Only practices have a list; what the others count for is an assumption.
[weights.patients]
column = "patients"
missing_by_kind = {{ branch_surgery = 1000, hospital = 2000, community = 1000, school = 300, library = 200 }}

[objective]
maximise = ["patients"]

[[programmes]]
id = "lffn"
name = "Local Full Fibre Networks"
budget_gbp = {lffn}
eligible = {{}}

[[programmes]]
id = "rgc"
name = "Rural Gigabit Connectivity"
budget_gbp = {rgc}
eligible = {{ rurality = ["rural"] }}
"#
            ),
        )
    }
}

fn waypoint_rows(layout: &Layout) -> String {
    let mut text = String::from("easting,northing,premises_passed\n");
    for waypoint in &layout.waypoints {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{},{},{}", waypoint.at.x, waypoint.at.y, waypoint.premises);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    fn rows(files: &[File], name: &str) -> Vec<Vec<String>> {
        let file = files.iter().find(|file| file.name == name).expect("the file is made");
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        file.text.lines().skip(1).map(cells).collect()
    }

    #[test]
    fn a_county_has_the_sizes_asked_for_whatever_they_are() {
        for (sites, waypoints) in [(1, 1), (2, 40), (40, 300), (320, 5_000), (700, 900)] {
            for seed in 0..4 {
                let files = County { seed, sites, waypoints }.files();
                assert_eq!(rows(&files, "sites.csv").len(), sites);
                let spots: BTreeSet<_> = rows(&files, "waypoints.csv")
                    .iter()
                    .map(|row| (row[0].clone(), row[1].clone()))
                    .collect();
                assert_eq!(spots.len(), waypoints, "no two waypoints at one spot");
                assert!(!rows(&files, "exchanges.csv").is_empty());
            }
        }
    }

    #[test]
    fn the_shipped_county_is_made_again_to_the_byte() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/county");
        for file in County::default().files() {
            let shipped = fs::read_to_string(folder.join(file.name)).unwrap();
            assert!(shipped == file.text, "{} differs: run the make_county example", file.name);
        }
    }

    #[test]
    fn another_seed_makes_another_county() {
        let county = County { seed: 1, sites: 20, waypoints: 100 };
        assert_eq!(county.files(), county.files());
        assert_ne!(county.files(), County { seed: 2, ..county }.files());
    }

    #[test]
    fn the_shipped_county_has_the_traits_of_a_rural_one() {
        let files = County::default().files();
        let sites = rows(&files, "sites.csv");
        let column = |place: usize| sites.iter().map(move |row| row[place].as_str());
        let ids: BTreeSet<&str> = column(0).collect();
        assert_eq!(ids.len(), sites.len());
        let kinds: BTreeSet<&str> = column(2).collect();
        let expected =
            ["branch_surgery", "community", "gp_practice", "hospital", "library", "school"];
        assert!(kinds.into_iter().eq(expected));
        let positions: BTreeSet<_> = sites.iter().map(|row| (&row[3], &row[4])).collect();
        assert!((250..=315).contains(&positions.len()), "some sites share a building");
        let lists: Vec<i64> = column(5).filter_map(|cell| cell.parse().ok()).collect();
        let mean = lists.iter().sum::<i64>() / i64::try_from(lists.len()).unwrap();
        assert!((6_500..=9_500).contains(&mean), "mean list {mean}");
        let rural = column(6).filter(|class| class.starts_with(['D', 'E'])).count();
        assert!((130..=220).contains(&rural), "{rural} rural sites");
        assert!((3..=20).contains(&column(6).filter(|class| class.is_empty()).count()));
    }
}
