//! What a file is by its first bytes, for those that are given where something else is wanted.
//!
//! What for: one sentence on what it is and what to do, in place of what a reader makes of bytes that are not
//! its own. In: the first bytes of a file, unpacked where it is gzipped. Out: the kind and its fault. It knows
//! the files that people have of maps, tables and archives; what it does not know is left to the reader.

use std::path::Path;

use crate::error::Fault;

/// So many first bytes tell every kind.
pub(crate) const HEAD: usize = 1024;

/// What is wanted where a file is named.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// Rows and columns of text.
    Table,
    /// Features.
    GeoJson,
    /// An OpenStreetMap extract.
    OsmPbf,
    /// A GeoPackage.
    GeoPackage,
    /// Other text: a scenario, a plan.
    Text,
}

impl Wanted {
    /// What to give instead of a file of lines or points in another layout.
    fn of_maps(self) -> &'static str {
        match self {
            Self::Table => "export its table as CSV, with two columns for the positions",
            Self::GeoJson => "export it as GeoJSON",
            Self::OsmPbf => "give an OpenStreetMap extract (.osm.pbf)",
            Self::GeoPackage => "export it as a GeoPackage (.gpkg)",
            Self::Text => "give a text file",
        }
    }

    /// What to give instead of a table in another layout.
    fn of_tables(self) -> &'static str {
        match self {
            Self::Table => "save its sheet as CSV UTF-8",
            Self::Text => "give a text file",
            _ => self.of_maps(),
        }
    }
}

/// The fault of a file that is of another kind than is wanted, where its first bytes tell.
pub(crate) fn other_kind(start: &[u8], file: &str, wanted: Wanted) -> Option<Fault> {
    let start = &start[..start.len().min(HEAD)];
    let code = match wanted {
        Wanted::OsmPbf => "F140",
        Wanted::GeoPackage => "F141",
        Wanted::Table | Wanted::GeoJson | Wanted::Text => "F127",
    };
    let text = code == "F127";
    let (code, cause, remedy) = encoding(start).filter(|_| text).or_else(|| {
        let (cause, remedy) = packed(start, file, text)
            .or_else(|| workbook(start, file, wanted))
            .or_else(|| map(start, wanted))
            .or_else(|| document(start, wanted))?;
        Some((code, cause, remedy))
    })?;
    Some(Fault::new(code, cause, remedy).at(file, None, ""))
}

type Told = (&'static str, String, String);
type Words = (String, String);

fn words(cause: &str, remedy: &str) -> Words {
    (cause.to_owned(), remedy.to_owned())
}

/// Text of two or four bytes a letter.
fn encoding(start: &[u8]) -> Option<Told> {
    // Without a mark, letters of Latin scripts have a zero beside each of them, or three.
    let bare = |zeros: &[usize], letter: usize| {
        let width = zeros.len() + 1;
        let at = |from: usize| start.iter().skip(from).step_by(width).take(32);
        start.len() >= 8
            && zeros.iter().all(|&from| at(from).all(|&byte| byte == 0))
            && at(letter).all(|byte| (b'\t'..=b'~').contains(byte))
    };
    let begins = |mark: &[u8]| start.starts_with(mark);
    let four = begins(&[0xff, 0xfe, 0, 0]) || begins(&[0, 0, 0xfe, 0xff]);
    let bits = if four || bare(&[1, 2, 3], 0) || bare(&[0, 1, 2], 3) {
        32
    } else if begins(&[0xff, 0xfe]) || begins(&[0xfe, 0xff]) || bare(&[1], 0) || bare(&[0], 1) {
        16
    } else {
        return None;
    };
    let remedy = "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)";
    Some(("F120", format!("the text is UTF-{bits}, not UTF-8"), remedy.to_owned()))
}

fn has_extension(file: &str, wanted: &str) -> bool {
    let extension = Path::new(file).extension().map(|text| text.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| extension.starts_with(wanted))
}

fn contains(start: &[u8], part: &[u8]) -> bool {
    start.windows(part.len()).any(|window| window == part)
}

/// Archives and compressed files other than gzip, and gzip where it cannot be.
fn packed(start: &[u8], file: &str, text: bool) -> Option<Words> {
    let kind = if start.starts_with(b"BZh") {
        "bzip2 file"
    } else if start.starts_with(&[0xfd, b'7', b'z', b'X', b'Z', 0]) {
        "xz file"
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        "zstd file"
    } else if start.starts_with(&[0x04, 0x22, 0x4d, 0x18]) {
        "LZ4 file"
    } else if start.starts_with(&[0x5d, 0, 0]) {
        "LZMA file"
    } else if start.starts_with(&[0x1f, 0x9d]) || start.starts_with(&[0x1f, 0xa0]) {
        "compressed file (.Z)"
    } else if start.starts_with(&[b'7', b'z', 0xbc, 0xaf]) {
        "7z archive"
    } else if start.starts_with(b"Rar!") {
        "RAR archive"
    } else if start.get(257..262) == Some(b"ustar") {
        "tar archive"
    } else if start.starts_with(&[0x1f, 0x8b]) {
        let cause = if text { "this is a gzip file in a gzip file" } else { "this is a gzip file" };
        return Some(words(cause, "unpack it"));
    } else if zip_archive(start) && !has_extension(file, "xls") && !is_workbook(start) {
        return Some(words("this is a ZIP archive", "unpack it, and name the file inside"));
    } else {
        return None;
    };
    let article = if kind.starts_with(['R', 'L', 'x']) { "an" } else { "a" };
    Some((format!("this is {article} {kind}"), "unpack it, and name what is inside".to_owned()))
}

fn zip_archive(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

/// Whether a ZIP archive begins as workbooks do: with the list of their parts, or their media type.
fn is_workbook(start: &[u8]) -> bool {
    zip_archive(start)
        && (contains(start, b"[Content_Types].xml")
            || contains(start, b"xl/")
            || contains(start, b"opendocument.spreadsheet"))
}

fn workbook(start: &[u8], file: &str, wanted: Wanted) -> Option<Words> {
    let old = start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    let new = start.starts_with(b"PK") && has_extension(file, "xls") || is_workbook(start);
    (old || new).then(|| words("this is a workbook, not a table of text", wanted.of_tables()))
}

/// Maps in other layouts, and columns of numbers.
fn map(start: &[u8], wanted: Wanted) -> Option<Words> {
    let pbf = start.get(6..15) == Some(b"OSMHeader") || start.get(6..13) == Some(b"OSMData");
    let (cause, remedy) = if pbf && wanted != Wanted::OsmPbf {
        let remedy = match wanted {
            Wanted::GeoJson | Wanted::GeoPackage => {
                "give it a name that ends in .osm.pbf, and unpack it where it is gzipped"
            }
            _ => wanted.of_maps(),
        };
        ("this is an OpenStreetMap extract", remedy)
    } else if start.starts_with(&[0xff, 0xe0, 0x04]) {
        let remedy = match wanted {
            Wanted::GeoJson | Wanted::OsmPbf => {
                "convert it to .osm.pbf (osmium and osmconvert can)"
            }
            _ => wanted.of_maps(),
        };
        ("this is an OpenStreetMap extract as .o5m", remedy)
    } else if start.starts_with(&[0, 0, 0x27, 0x0a]) {
        let remedy = match wanted {
            Wanted::Table | Wanted::GeoJson => {
                "export it as GeoJSON, roads as a GeoPackage (.gpkg)"
            }
            _ => wanted.of_maps(),
        };
        ("this is a shapefile", remedy)
    } else if start.starts_with(b"SQLite format 3") && wanted != Wanted::GeoPackage {
        let remedy = "give it a name that ends in .gpkg";
        ("this is a GeoPackage or another database", remedy)
    } else if start.starts_with(b"fgb\x03") {
        ("this is a FlatGeobuf file", wanted.of_maps())
    } else if start.starts_with(b"PAR1") {
        ("this is a Parquet file", wanted.of_tables())
    } else if start.starts_with(b"ARROW1") || start.starts_with(b"FEA1") {
        ("this is an Arrow file", wanted.of_tables())
    } else if start.starts_with(b"\x89HDF") || start.starts_with(b"CDF\x01") {
        ("this is a file of scientific data (HDF or NetCDF)", wanted.of_tables())
    } else if start.get(4..19) == Some(b"Standard Jet DB")
        || start.get(4..19) == Some(b"Standard ACE DB")
    {
        ("this is a database of Microsoft Access", wanted.of_tables())
    } else if start.starts_with(b"II*\0") || start.starts_with(b"MM\0*") {
        ("this is an image (TIFF)", wanted.of_maps())
    } else {
        return None;
    };
    Some(words(cause, remedy))
}

/// Pages, and text in the wrong place.
fn document(start: &[u8], wanted: Wanted) -> Option<Words> {
    if start.starts_with(b"%PDF") {
        let remedy = "look for the data itself, or copy its table into a spreadsheet";
        return Some(words("this is a PDF document", remedy));
    }
    let picture = [&b"\x89PNG"[..], &[0xff, 0xd8, 0xff], b"GIF87a", b"GIF89a"];
    if picture.iter().any(|mark| start.starts_with(mark)) || start.get(8..12) == Some(b"WEBP") {
        return Some(words("this is an image", wanted.of_maps()));
    }
    if start.starts_with(b"{\\rtf") {
        return Some(words("this is a text document (RTF)", wanted.of_tables()));
    }
    if is_binary(start) && !matches!(wanted, Wanted::OsmPbf | Wanted::GeoPackage) {
        return Some(words("this is a binary file, not text", wanted.of_tables()));
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let lower: Vec<u8> = text.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let of_pages = [&b"<!doctype html"[..], b"<html", b"<head", b"<body"];
    let xhtml = lower.starts_with(b"<") && of_pages.iter().any(|mark| contains(&lower, mark));
    if xhtml && !contains(&lower, b"<kml") {
        let remedy = "download the file itself, not the page that links to it";
        return Some(words("this is a web page", remedy));
    }
    if lower.starts_with(b"version https://git-lfs") {
        let remedy = "fetch the file it stands for (git lfs pull)";
        return Some(words("this is a pointer of Git LFS, not the file itself", remedy));
    }
    if lower.starts_with(b"<") && wanted != Wanted::Text {
        return Some(xml(&lower, wanted));
    }
    let json = text.starts_with(b"{") || text.starts_with(b"[");
    if matches!(wanted, Wanted::Table | Wanted::GeoJson)
        && let Some(told) = other_json(text, &lower)
    {
        return Some(told);
    }
    // A table may be features of points, whatever the name of its file.
    if json && wanted == Wanted::Table && !contains(&lower, b"\"feature") {
        let remedy = "give a table as CSV, or the file of the table in its place";
        return Some(words("this is JSON, not a table", remedy));
    }
    if wanted == Wanted::GeoJson {
        return no_geojson(text, &lower, json);
    }
    let readable =
        !text.is_empty() && text.iter().all(|&byte| byte >= b' ' || byte.is_ascii_whitespace());
    if readable && matches!(wanted, Wanted::OsmPbf | Wanted::GeoPackage) {
        return Some(words("this is text, not such a file", wanted.of_maps()));
    }
    None
}

/// Whether one in ten bytes or the first is a control character that no text has there.
fn is_binary(start: &[u8]) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    // A record separator may stand before each feature of a sequence.
    let begins = start.first().is_some_and(|byte| control(byte) && *byte != RECORD);
    begins || start.iter().filter(|byte| control(byte)).count() * 10 > start.len()
}

/// The record separator of GeoJSON text sequences (RFC 8142).
const RECORD: u8 = 0x1e;

/// JSON in other layouts of maps.
fn other_json(text: &[u8], lower: &[u8]) -> Option<Words> {
    let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let feature =
        contains(lower, b"\"type\":\"feature\"") || contains(lower, b"\"type\": \"feature\"");
    let whole_line = first.starts_with(b"{")
        && first.ends_with(b"}")
        && first.len() < text.trim_ascii_end().len();
    if feature && (text.first() == Some(&RECORD) || whole_line) {
        let remedy = "put the features in one FeatureCollection (ogr2ogr -f GeoJSON does)";
        return Some(words(
            "this is a sequence of features, one a line, and no GeoJSON document",
            remedy,
        ));
    }
    let remedy = "export it as GeoJSON";
    if !text.starts_with(b"{") {
        return None;
    }
    if contains(lower, b"\"esrigeometry") || contains(lower, b"\"spatialreference\"") {
        return Some(words("this is JSON of Esri, not GeoJSON", remedy));
    }
    let overpass = contains(lower, b"\"elements\"") && contains(lower, b"\"osm3s\"")
        || contains(lower, b"overpass api");
    overpass.then(|| words("this is OpenStreetMap data as JSON, not GeoJSON", remedy))
}

/// Text where GeoJSON is wanted.
fn no_geojson(text: &[u8], lower: &[u8], json: bool) -> Option<Words> {
    if contains(lower, b"\"topology\"") {
        return Some(words("this is TopoJSON", "export it as GeoJSON"));
    }
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
    #[allow(clippy::naive_bytecount)] // one line
    let cells = [b',', b';', b'\t'].map(|cell| line.iter().filter(|&&byte| byte == cell).count());
    let table = !json && !text.is_empty() && cells.iter().any(|&cells| cells > 0);
    table.then(|| {
        let remedy = "give it as GeoJSON, or the right file in its place";
        words("this is a table, not GeoJSON", remedy)
    })
}

fn xml(lower: &[u8], wanted: Wanted) -> Words {
    let kind = [
        (&b"<osm"[..], "OpenStreetMap data as XML"),
        (b"<kml", "KML"),
        (b"<gpx", "GPX"),
        (b"opengis.net/gml", "GML"),
        (b"<html", "a web page"),
    ];
    let kind = kind.iter().find(|(mark, _)| contains(lower, mark)).map(|(_, kind)| *kind);
    let remedy = match kind {
        Some("OpenStreetMap data as XML") if wanted != Wanted::Table => {
            "convert it to .osm.pbf (osmium and osmconvert can)"
        }
        _ => wanted.of_maps(),
    };
    (format!("this is {}", kind.unwrap_or("XML")), remedy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(start: &[u8], file: &str, wanted: Wanted) -> String {
        other_kind(start, file, wanted).map_or_else(String::new, |fault| fault.to_string())
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], &str); 38] = [
            (b"BZh91AY", "bzip2"),
            (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz"),
            (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
            (&[b'7', b'z', 0xbc, 0xaf, 0x27], "7z"),
            (b"Rar!\x1a", "RAR"),
            (&tar, "tar"),
            (b"PK\x03\x04....roads.shp", "ZIP"),
            (b"PK\x03\x04\x14\0[Content_Types].xml", "workbook"),
            (&[0xd0, 0xcf, 0x11, 0xe0, 0xa1], "workbook"),
            (b"\0\0\0\x0d\x0a\x09OSMHeader", "OpenStreetMap extract"),
            (&[0xff, 0xe0, 0x04, b'o', b'5', b'm', b'2'], ".o5m"),
            (&[0, 0, 0x27, 0x0a, 0], "shapefile"),
            (b"SQLite format 3\0", "GeoPackage or another database"),
            (b"PAR1\x15", "Parquet"),
            (b"%PDF-1.7", "PDF"),
            (b"\xef\xbb\xbf <!DOCTYPE HTML><html>", "web page"),
            (b"<?xml version='1.0'?><osm version='0.6'>", "OpenStreetMap data as XML"),
            (b"<?xml version='1.0'?><kml>", "KML"),
            (b"i\0d\0,\0n\0a\0m\0e\0", "UTF-16"),
            (b"\xff\xfei\0d\0", "UTF-16"),
            (b"\xff\xfe\0\0i\0\0\0", "UTF-32"),
            (b"i\0\0\0d\0\0\0,\0\0\0", "UTF-32"),
            (b"\0\0\0i\0\0\0d\0\0\0,", "UTF-32"),
            (&[0x04, 0x22, 0x4d, 0x18, b'x'], "an LZ4 file"),
            (&[0x5d, 0, 0, 0x80, 0], "an LZMA file"),
            (&[0x1f, 0x9d, 0x90], "a compressed file"),
            (b"GIF89a", "an image"),
            (b"RIFF\0\0\0\0WEBP", "an image"),
            (b"{\\rtf1 x}", "RTF"),
            (b"\x89HDF\r\n", "HDF"),
            (b"\0\x01\0\0Standard Jet DB\0", "Access"),
            (b"\x7fELF\x02\x01\x01\0\0", "binary"),
            (b"\x03\x7a\x01\x01\0\0\0\0", "binary"),
            (b"AC1027\0\0\0\0\0\0", "binary"),
            (b"\n<head><title>x", "web page"),
            (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC>", "web page"),
            (b"{\"type\":\"Feature\"}\n{\"type\":\"Feature\"}\n", "sequence of features"),
            (b"{\"geometryType\":\"esriGeometryPoint\"}", "Esri"),
        ];
        for (start, words) in cases {
            let told = told(start, "sites.csv", Wanted::Table);
            assert!(told.contains(words), "{words}: {told}");
            assert!(
                told.starts_with("F127 sites.csv: this is") || told.starts_with("F120 "),
                "{told}"
            );
        }
    }

    #[test]
    fn files_in_each_others_places_are_told() {
        let geojson = br#"{"type": "FeatureCollection", "features": []}"#;
        assert_eq!(told(geojson, "sites.csv", Wanted::Table), "");
        assert!(told(b"[1, 2]", "sites.csv", Wanted::Table).contains("this is JSON, not a table"));
        assert!(told(b"id,lon\nA,1\n", "x.geojson", Wanted::GeoJson).contains("this is a table"));
        assert!(told(b"id,lon\n", "x.osm.pbf", Wanted::OsmPbf).contains("this is text"));
        let pbf = told(b"\0\0\0\x0d\x0a\x09OSMHeader", "x.pbf", Wanted::GeoJson);
        assert!(pbf.contains("ends in .osm.pbf"), "{pbf}");
        for (start, wanted) in [
            (&geojson[..], Wanted::GeoJson),
            (b"id,lon\nA,1\n", Wanted::Table),
            (b"\0\0\0\x0d\x0a\x09OSMHeader", Wanted::OsmPbf),
            (b"SQLite format 3\0", Wanted::GeoPackage),
            (b"", Wanted::GeoJson),
            (b"{", Wanted::GeoJson),
            (b"nonsense", Wanted::GeoJson),
            (b"<", Wanted::Text),
            ("Tŷ,£".as_bytes(), Wanted::Table),
        ] {
            assert_eq!(told(start, "x", wanted), "", "{start:?}");
        }
    }
}
