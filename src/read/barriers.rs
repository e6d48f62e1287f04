//! Barriers from GeoJSON: features of lines and areas that links may not cross.

use geojson::{Feature, GeometryValue};
use serde_json::Value;

use crate::error::Fault;
use crate::geometry::{Crs, Position};
use crate::model::{BarrierRow, InputFile, Role, RowFault, TableDraft};
use crate::read::features;
use crate::read::files::InputText;
use crate::read::sources::Source;
use crate::read::tables::{ReadTable, input_file};

/// Reads a file of barriers; `None`, with faults, when the file as a whole cannot be used.
pub(crate) fn read_barriers(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<ReadTable<BarrierRow>> {
    let collection = features::open(input, source, faults)?;
    let mut read = ReadTable {
        input: InputFile { rows_read: collection.count, ..input_file(input, "barriers") },
        draft: TableDraft { file: input.file.clone(), ..TableDraft::default() },
        faults: Vec::new(),
        notices: Vec::new(),
    };
    let walked =
        collection.for_each(|row, feature| match barriers_of(feature, row, source.position.crs) {
            Ok(found) => read.draft.rows.extend(found),
            Err(cause) => {
                let remedy = "give it a Polygon or LineString, or several, of [x, y] positions";
                let fault = Fault::new("N193", cause, remedy);
                read.faults.push(RowFault::new(
                    Role::Barriers,
                    &input.file,
                    row,
                    "geometry",
                    fault,
                ));
            }
        });
    walked.map_err(|fault| faults.push(*fault)).ok()?;
    Some(read)
}

/// The barriers of one feature, or why it has none.
fn barriers_of(feature: Value, row: usize, crs: Crs) -> Result<Vec<BarrierRow>, String> {
    let feature = serde_json::from_value::<Feature>(feature)
        .map_err(|error| format!("the feature cannot be read: {error}"))?;
    let no_positions = || "the geometry has no positions".to_owned();
    let position = |xy: &geojson::Position| {
        Some(Position { crs, x: *xy.as_slice().first()?, y: *xy.as_slice().get(1)? })
    };
    let line = |line: &[geojson::Position]| -> Option<Vec<Position>> {
        line.iter().map(position).collect()
    };
    let lines = |lines: &[Vec<geojson::Position>], area: bool| {
        let lines: Option<Vec<Vec<Position>>> = lines.iter().map(|one| line(one)).collect();
        let lines = lines.filter(|lines| !lines.is_empty()).ok_or_else(no_positions)?;
        Ok(BarrierRow { lines, area, row })
    };
    match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::LineString { coordinates }) => {
            Ok(vec![lines(std::slice::from_ref(coordinates), false)?])
        }
        Some(GeometryValue::MultiLineString { coordinates }) => {
            Ok(vec![lines(coordinates, false)?])
        }
        Some(GeometryValue::Polygon { coordinates }) => Ok(vec![lines(coordinates, true)?]),
        Some(GeometryValue::MultiPolygon { coordinates }) => {
            coordinates.iter().map(|polygon| lines(polygon, true)).collect()
        }
        Some(_) => Err("the geometry is neither of lines nor of areas".to_owned()),
        None => Err("the feature has no geometry".to_owned()),
    }
}
