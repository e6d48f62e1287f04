//! The plan as a GeoPackage: layers that a geographic information system opens.
//!
//! In: a scenario, its outcome and the report on it. Out: bytes that are the same for the same answer. Layers are
//! on the National Grid where the scenario works on it, else in degrees of longitude and latitude. Texts are
//! bound as values and never become part of a statement.

mod geometry;
mod layers;
mod tables;

use std::path::Path;

use rusqlite::{Connection, MAIN_DB, ToSql, params};

use crate::error::{Error, ErrorKind};
use crate::files::{Replace, SealedFile, seal_place};
use crate::model::Scenario;
use crate::plan::{Outcome, Plan};
use crate::report::Report;
use geometry::{Extent, System};
use layers::{Layer, layers};

/// The time that all contents bear: the same answer makes the same bytes.
const NEVER: &str = "1980-01-01T00:00:00.000Z";

/// A GeoPackage as a file that is to be written.
#[must_use]
pub fn geopackage_file(file: &Path, replace: Replace) -> SealedFile<'_> {
    SealedFile { file, noun: "GeoPackage", start: b"SQLite format 3\0", replace }
}

/// The bytes of a GeoPackage of a plan: layers `sites`, `spans`, `exchanges` and `drops`, each with a spatial
/// index, and a table `provenance`. Lines are in full, as in `plan.json`.
///
/// # Errors
///
/// [`ErrorKind::Internal`] when the database cannot be made (memory is all it needs).
pub fn geopackage(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
) -> Result<Vec<u8>, Error> {
    let empty = Plan::default();
    let plan = outcome.plan.as_ref().unwrap_or(&empty);
    let made = || -> rusqlite::Result<Vec<u8>> {
        let mut package = Connection::open_in_memory()?;
        package.execute_batch(tables::BASE)?;
        let system = System::of(&scenario.tables.plane);
        let filling = package.transaction()?;
        for layer in layers(scenario, plan, report) {
            write(&filling, &layer, &system)?;
        }
        provenance(&filling, outcome)?;
        filling.commit()?;
        Ok(package.serialize(MAIN_DB)?.to_vec())
    };
    made().map_err(|error| {
        Error::new(ErrorKind::Internal, format!("the GeoPackage cannot be made: {error}"))
    })
}

fn write(package: &Connection, layer: &Layer, system: &System) -> rusqlite::Result<()> {
    let name = layer.name;
    let columns: Vec<String> =
        layer.columns.iter().map(|(name, sort)| format!("{name} {}", sort.word())).collect();
    package.execute_batch(&format!(
        "CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {}, {});\n\
         CREATE VIRTUAL TABLE rtree_{name}_geom USING rtree(id, minx, maxx, miny, maxy);",
        layer.shape,
        columns.join(", ")
    ))?;
    let places: Vec<String> =
        (1..=layer.columns.len() + 1).map(|place| format!("?{place}")).collect();
    let mut row = package.prepare(&format!(
        "INSERT INTO {name} (geom, {}) VALUES ({})",
        layer.columns.iter().map(|column| column.0).collect::<Vec<_>>().join(", "),
        places.join(", ")
    ))?;
    let mut index =
        package.prepare(&format!("INSERT INTO rtree_{name}_geom VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    let mut extent = Extent::default();
    for feature in &layer.features {
        let shape = system.shape(&feature.line, layer.shape);
        let blob = shape.as_ref().map(|shape| &shape.blob);
        let mut values: Vec<&dyn ToSql> = vec![&blob];
        values.extend(feature.values.iter().map(|value| value as &dyn ToSql));
        let fid = row.insert(&values[..])?;
        if let Some([min_x, min_y, max_x, max_y]) = shape.and_then(|shape| shape.extent.0) {
            index.execute(params![fid, min_x, max_x, min_y, max_y])?;
            extent.take_in([min_x, min_y]);
            extent.take_in([max_x, max_y]);
        }
    }
    let [min_x, min_y, max_x, max_y] = extent.0.map_or([None; 4], |sides| sides.map(Some));
    package.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![name, layer.says, NEVER, min_x, min_y, max_x, max_y, system.id()],
    )?;
    package.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
        params![name, layer.shape, system.id()],
    )?;
    package.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', \
         'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [name],
    )?;
    // They call functions that programs for GeoPackages have; nothing is written after them here.
    package.execute_batch(&tables::INDEX_TRIGGERS.replace("LAYER", name))
}

/// Where the answer comes from, as keys and values.
fn provenance(package: &Connection, outcome: &Outcome) -> rusqlite::Result<()> {
    package.execute_batch(
        "CREATE TABLE provenance (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, about TEXT NOT NULL, \
         value TEXT NOT NULL)",
    )?;
    package.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES \
         ('provenance', 'attributes', 'provenance', 'Where this comes from', ?1)",
        [NEVER],
    )?;
    let own = &outcome.provenance;
    let mut rows = vec![
        ("fibreplan".to_owned(), own.fibreplan.clone()),
        ("scenario".to_owned(), own.scenario.clone()),
        ("scenario SHA-256".to_owned(), own.scenario_sha256.clone()),
        ("status".to_owned(), outcome.status.to_string()),
        ("cost_gbp".to_owned(), outcome.cost.to_string()),
    ];
    rows.extend(own.inputs.iter().map(|input| {
        (format!("{} SHA-256", input.role), format!("{} {}", input.sha256, input.file))
    }));
    rows.push(("seal".to_owned(), seal_place()));
    let mut insert = package.prepare("INSERT INTO provenance (about, value) VALUES (?1, ?2)")?;
    for (about, value) in rows {
        insert.execute([about, crate::text::cell(&value).into_owned()])?;
    }
    Ok(())
}
