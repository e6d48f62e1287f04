//! Road files as published: OpenStreetMap extracts and GeoPackages, small ones written here byte by byte, and
//! a real county where it is at hand.

#[cfg(feature = "gpkg")]
mod geopackage;
#[cfg(feature = "osm")]
mod openstreetmap;
#[cfg(feature = "osm")]
mod pbf;
#[cfg(feature = "osm")]
mod rutland;

use std::fs;

use fibreplan::error::{Error, ErrorKind};
use fibreplan::read::{ReadOptions, Reading, read_scenario};

use crate::faults::Case;
use crate::scratch::Scratch;

/// The base scenario on a network section of one's own, with some files more.
fn scenario_with(network: &str, files: &[(&str, Vec<u8>)]) -> Scratch {
    let scratch = Scratch::base("spans");
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (head, rest) = text.split_once("[network]").unwrap();
    let (_, tail) = rest.split_once("[rate_card]").unwrap();
    let methods = "methods.carriageway = { gbp_per_m = 100.00, source = \"made up\" }\n";
    let tail = tail.replace("methods.verge", &format!("{methods}methods.verge"));
    fs::write(&path, format!("{head}[network]\nfrom = \"spans\"\n{network}\n[rate_card]{tail}"))
        .unwrap();
    for (name, bytes) in files {
        fs::write(scratch.path().join(name), bytes).unwrap();
    }
    scratch
}

fn read(scratch: &Scratch) -> Result<Reading, Error> {
    read_scenario(scratch.path(), &ReadOptions::new())
}

/// The faults as lines.
fn told(result: Result<Reading, Error>) -> Vec<String> {
    let error = result.expect_err("faults");
    assert_eq!(error.kind(), ErrorKind::Faults, "{error}");
    error.faults().iter().map(ToString::to_string).collect()
}

/// What is said of the file that a title of `fault_page/roads.txt` describes; nothing where this build lacks
/// the feature that it takes.
pub fn said(case: &Case) -> Option<Vec<String>> {
    let title = case.title.as_str();
    if title.contains("without the feature") {
        let scratch = scenario_with("file = \"roads.osm.pbf\"", &[("roads.osm.pbf", Vec::new())]);
        return (!cfg!(feature = "osm")).then(|| lines(read(&scratch)));
    }
    #[cfg(feature = "osm")]
    if let Some(scratch) = openstreetmap::described(title) {
        return Some(lines(read(&scratch)));
    }
    #[cfg(feature = "gpkg")]
    if let Some(scratch) = geopackage::described(title) {
        return Some(lines(read(&scratch)));
    }
    let lacks = title.contains("OpenStreetMap") && !cfg!(feature = "osm")
        || title.contains("GeoPackage") && !cfg!(feature = "gpkg");
    assert!(lacks, "no file is like this: {title}");
    None
}

/// The notices of what could be read, or else the faults.
fn lines(result: Result<Reading, Error>) -> Vec<String> {
    match result {
        Ok(reading) => reading.notices.iter().map(ToString::to_string).collect(),
        error => told(error),
    }
}

#[test]
fn a_build_without_the_feature_names_it() {
    for (file, feature, built) in [
        ("roads.osm.pbf", "osm", cfg!(feature = "osm")),
        ("roads.GPKG", "gpkg", cfg!(feature = "gpkg")),
    ] {
        let scratch = scenario_with(&format!("file = \"{file}\""), &[(file, b"no roads".to_vec())]);
        let told = told(read(&scratch));
        if built {
            let code = if feature == "osm" { "F140" } else { "F141" };
            assert!(told[0].starts_with(&format!("{code} {file}: ")), "{told:?}");
        } else {
            let expected = format!(
                "F114 scenario.toml row 21, network.file {file:?}: this build does not read such \
                 files: it lacks the feature {feature:?}; build with `--features {feature}`, or give \
                 the file as GeoJSON"
            );
            assert_eq!(told, [expected]);
        }
    }
}
