//! How a file of a scenario is written down, by the ending of its name and the section that names it.

use crate::error::Fault;
use crate::geometry::Crs;

/// How a table is written down, told by the ending of the file's name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FileKind {
    /// Rows of cells.
    Csv,
    /// Features with the properties of the data dictionary.
    GeoJson,
    /// The same as the rows of a layer of a GeoPackage.
    Layer,
    /// An OpenStreetMap extract.
    OsmPbf,
    /// A GeoPackage of road links and nodes.
    GeoPackage,
}

impl FileKind {
    /// The kind of a file of lines; a layer of a package is of features where it is named.
    pub(crate) fn of_lines(file: &str, names_layer: bool) -> Self {
        if ends(file, ".pbf") {
            Self::OsmPbf
        } else if !ends(file, ".gpkg") {
            Self::GeoJson
        } else if names_layer {
            Self::Layer
        } else {
            Self::GeoPackage
        }
    }

    /// The kind of a file of points.
    pub(crate) fn of_points(file: &str) -> Self {
        let geojson = [".geojson", ".json", ".geojson.gz", ".json.gz"];
        if ends(file, ".gpkg") {
            Self::Layer
        } else if geojson.iter().any(|ending| ends(file, ending)) {
            Self::GeoJson
        } else {
            Self::Csv
        }
    }

    /// Whether a scenario must say where positions are.
    pub(crate) const fn needs_position(self) -> bool {
        matches!(self, Self::Csv | Self::GeoJson)
    }

    /// Whether its reader wants bytes, not text.
    pub(crate) const fn is_binary(self) -> bool {
        matches!(self, Self::Layer | Self::OsmPbf | Self::GeoPackage)
    }

    /// Whether ways of a road file are mapped to methods.
    pub(crate) const fn is_road(self) -> bool {
        matches!(self, Self::OsmPbf | Self::GeoPackage)
    }

    /// The reference system of such files, where there is but one.
    pub(crate) const fn only_crs(self) -> Option<Crs> {
        match self {
            Self::OsmPbf => Some(Crs::Wgs84),
            Self::Csv | Self::GeoJson | Self::Layer | Self::GeoPackage => None,
        }
    }

    /// The feature of the library that reads such files, if this build lacks it.
    pub(crate) const fn lacking(self) -> Option<&'static str> {
        match self {
            Self::OsmPbf if cfg!(not(feature = "osm")) => Some("osm"),
            Self::GeoPackage | Self::Layer if cfg!(not(feature = "gpkg")) => Some("gpkg"),
            _ => None,
        }
    }
}

fn ends(file: &str, ending: &str) -> bool {
    let from = file.len().saturating_sub(ending.len());
    file.get(from..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// The fault of a file that this build cannot read, for want of a feature.
pub(crate) fn no_feature(file: &str, feature: &str) -> Fault {
    let cause = format!("this build does not read such files: it lacks the feature {feature:?}");
    let remedy = format!("build with `--features {feature}`, or give the file as GeoJSON");
    Fault::new("F114", cause, remedy).value(file)
}
