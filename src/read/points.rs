//! Points of features as rows and columns.
//!
//! What for: sites, exchanges and waypoints kept in GeoJSON or a GeoPackage are read by the same reader as those in
//! CSV. In: a file of features. Out: the same as a table, with two columns more for the coordinates; its rows count
//! as the features do, from 1.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Fault;
use crate::read::features::{self, texts};
use crate::read::files::InputText;
use crate::read::formats::FileKind;
use crate::read::sources::{PositionColumns, Source};

/// A file of features as a table, and what the scenario says of it as such; `None`, with faults, when it cannot be
/// used.
pub(crate) fn as_table(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<(InputText, Source)> {
    let collection = features::open(input, source, faults)?;
    let [x, y] = ["geometry_x", "geometry_y"].map(|name| unlike(name, &collection.columns));
    let mut table = Table::default();
    let mut points = 0;
    table.row(collection.columns.iter().chain([&x, &y]).map(String::as_str));
    let walked = collection.for_each(|_, feature| {
        let cells: BTreeMap<&str, String> = texts(&feature).collect();
        let [east, north] = coordinates(&feature);
        points += usize::from(!north.is_empty());
        let cell = |name: &String| cells.get(name.as_str()).map_or("", String::as_str);
        table.row(collection.columns.iter().map(cell).chain([east.as_str(), north.as_str()]));
    });
    if let Err(fault) = walked {
        faults.push(*fault);
        return None;
    }
    if points == 0 {
        let cause = match source.kind {
            FileKind::Layer => "the layer is without any point",
            _ => "this is GeoJSON without any point",
        };
        let remedy = "give features of points, or a table as CSV";
        let fault = Fault::new("F127", cause, remedy);
        faults.push(fault.at(&input.file, None, ""));
        return None;
    }
    let position = PositionColumns { crs: collection.crs, x, y };
    Some((input.as_table(table.0), Source { position, ..source.clone() }))
}

/// The name, made longer until no column has it.
fn unlike(name: &str, columns: &[String]) -> String {
    let mut name = name.to_owned();
    while columns.contains(&name) {
        name.push('_');
    }
    name
}

/// The two coordinates of a point as texts, empty where there is no geometry. Of any other geometry the first is the
/// name of its type, which no reader of coordinates takes for a number.
fn coordinates(feature: &Value) -> [String; 2] {
    let Some(geometry) = feature.get("geometry").filter(|geometry| !geometry.is_null()) else {
        return [String::new(), String::new()];
    };
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or("no geometry");
    let coordinates = geometry.get("coordinates");
    let point = match kind {
        "Point" => coordinates,
        "MultiPoint" => {
            coordinates.filter(|points| points.get(1).is_none()).and_then(|one| one.get(0))
        }
        _ => None,
    };
    let text = |place: usize| match point?.get(place)? {
        Value::String(text) => Some(text.clone()),
        // A whole number needs no point.
        number => {
            Some(number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()))
        }
    };
    match (text(0), text(1)) {
        (Some(x), Some(y)) => [x, y],
        _ => [kind.to_owned(), String::new()],
    }
}

/// Whether what stands for a coordinate is the name of a geometry that is no point.
pub(crate) fn is_geometry(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ')
}

/// Rows of quoted cells.
#[derive(Default)]
struct Table(String);

impl Table {
    fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) {
        for (place, cell) in cells.enumerate() {
            self.0.push_str(if place > 0 { ",\"" } else { "\"" });
            self.0.push_str(&cell.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push('\n');
    }
}
