//! Any layer of a GeoPackage, as features of GeoJSON.
//!
//! What for: whatever is read from features can be kept in a GeoPackage too. In: a `.gpkg` and the name of a layer,
//! which only a package of one layer can leave out. Out: rows as features, geometry apart from the other columns.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::{Map, Number, Value, json};

use crate::error::Fault;
use crate::geometry::Crs;
use crate::read::files::InputText;
use crate::read::roads::gpkg::{
    Layer, Trouble, cell, connect, layer_names, quoted, told, within_rows,
};
use crate::read::roads::wkb::{Geometry, Shape, geometry};

/// A layer of features.
pub(crate) struct FeatureLayer<'t> {
    input: &'t InputText,
    layer: Layer,
    pub(crate) crs: Crs,
    pub(crate) count: usize,
    /// Names of its columns but that of the geometry.
    pub(crate) columns: Vec<String>,
}

/// Opens a layer; a fault when there is none of the name, or none alone.
pub(crate) fn open_layer<'t>(
    input: &'t InputText,
    named: Option<&str>,
) -> Result<FeatureLayer<'t>, Box<Fault>> {
    let open = || -> Result<FeatureLayer<'t>, Trouble> {
        let package = connect(input)?;
        let layer = match named {
            Some(name) => Layer::find(&package, name)?,
            None => only_layer(&package)?,
        };
        let crs = layer.crs(&package)?;
        let sql = format!("SELECT count(*) FROM {}", quoted(&layer.table));
        let count: i64 = package.query_row(&sql, [], |row| row.get(0))?;
        let mut columns = layer.columns.clone();
        columns.remove(layer.geometry);
        Ok(FeatureLayer { input, layer, crs, count: usize::try_from(count).unwrap_or(0), columns })
    };
    open().map_err(|trouble| told(trouble, input))
}

fn only_layer(package: &Connection) -> Result<Layer, Trouble> {
    let names = layer_names(package)?;
    if let [only] = names.as_slice() {
        return Layer::find(package, only);
    }
    let cause = format!("the GeoPackage has {} layers, and `layer` names none", names.len());
    let remedy = format!("name the layer: layer = \"...\"; there are: {}", names.join(", "));
    Err(Trouble::Fault(Box::new(Fault::new("F142", cause, remedy))))
}

impl FeatureLayer<'_> {
    /// Calls `each` with the number of every row and its feature; a fault when the file is damaged.
    pub(crate) fn for_each(&self, mut each: impl FnMut(usize, Value)) -> Result<(), Box<Fault>> {
        let mut walk = || -> Result<(), Trouble> {
            let package = connect(self.input)?;
            let sql = format!("SELECT * FROM {}", quoted(&self.layer.table));
            let mut query = package.prepare(&sql)?;
            let mut rows = query.query([])?;
            let mut number = 0;
            while let Some(row) = rows.next()? {
                number += 1;
                within_rows(number)?;
                each(number, self.feature(row)?);
            }
            Ok(())
        };
        walk().map_err(|trouble| told(trouble, self.input))
    }

    fn feature(&self, row: &Row<'_>) -> Result<Value, Trouble> {
        let mut properties = Map::new();
        for (place, name) in self.layer.columns.iter().enumerate() {
            if place != self.layer.geometry {
                properties.insert(name.clone(), value(cell(row, place)?));
            }
        }
        let shape = match cell(row, self.layer.geometry)? {
            ValueRef::Blob(blob) => geometry(blob).and_then(of_geometry),
            _ => None,
        };
        Ok(json!({ "type": "Feature", "properties": properties, "geometry": shape }))
    }
}

/// A cell; a whole number without a point, whatever the type of its column.
fn value(cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into(),
        #[allow(clippy::cast_possible_truncation)] // whole and far below 2^53
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            (number as i64).into()
        }
        ValueRef::Real(number) => match Number::from_f64(number) {
            Some(number) => Value::Number(number),
            None => number.to_string().into(),
        },
    }
}

/// A geometry of GeoJSON; `None` for one without positions.
fn of_geometry(geometry: Geometry) -> Option<Value> {
    let Geometry { shape, lines, .. } = geometry;
    let is_place = |at: &[f64; 2]| at[0].is_finite() && at[1].is_finite();
    if lines.is_empty() || !lines.iter().flatten().all(is_place) {
        return None;
    }
    Some(match (shape, lines.as_slice()) {
        (Shape::Points, [point]) => json!({ "type": "Point", "coordinates": point.first()? }),
        (Shape::Points, points) => {
            let points: Vec<&[f64; 2]> = points.iter().flatten().collect();
            json!({ "type": "MultiPoint", "coordinates": points })
        }
        (Shape::Lines, [line]) => json!({ "type": "LineString", "coordinates": line }),
        (Shape::Lines, lines) => json!({ "type": "MultiLineString", "coordinates": lines }),
    })
}
