//! Where each unit postcode lies, from Code-Point Open or a directory with the same facts.
//!
//! Code-Point Open (Ordnance Survey, open data) comes as one CSV file a postcode area, without a header:
//! postcode, positional quality, easting, northing, country, two health authorities, county, district,
//! ward (Code-Point Open user guide). A file with a header is read by the names of its columns; the ONS
//! Postcode Directory has them too, and the months in which postcodes were terminated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use crate::error::{Error, Fault};
use crate::geometry::{Plane, Point, Position, square_distance};
use crate::import::account::{Account, Fate};
use crate::import::postcode::Postcode;
use crate::import::published::{Cells, Columns, Published};
use crate::units::Number;

/// Positional quality of a postcode without coordinates.
const NO_COORDINATES: &str = "90";

/// A live postcode.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Entry {
    pub(super) postcode: Postcode,
    /// Where it lies on the grid; `None` when that is not published.
    pub(super) at: Option<Point>,
    /// Place of its district among [`Postcodes::districts`].
    district: u32,
}

/// Every postcode of some files.
#[derive(Clone, Debug, Default)]
pub(super) struct Postcodes {
    /// Live ones, sorted.
    live: Vec<Entry>,
    /// Terminated ones with their months, sorted.
    terminated: Vec<(Postcode, String)>,
    /// Codes of districts.
    districts: Vec<String>,
    pub(super) account: Account,
}

impl Postcodes {
    /// Reads a file, or all CSV files of a folder (of its `Data/CSV`, where the published archive has
    /// them).
    ///
    /// # Errors
    ///
    /// `Faults` when there is no such file, or columns are lacking; `Io` when one cannot be read.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let files = files(path)?;
        let mut reading = Reading::default();
        for file in &files {
            reading.file(file)?;
        }
        let more =
            if files.len() > 1 { format!(" and {} more", files.len() - 1) } else { String::new() };
        reading.account.file.push_str(&more);
        if files.len() > 1 {
            reading.account.sha256.clear();
        }
        Ok(reading.finish())
    }

    /// A live postcode.
    pub(super) fn find(&self, postcode: Postcode) -> Option<&Entry> {
        let place = self.live.binary_search_by_key(&postcode, |entry| entry.postcode).ok()?;
        self.live.get(place)
    }

    /// The month in which a postcode was terminated.
    pub(super) fn terminated(&self, postcode: Postcode) -> Option<&str> {
        let place = self.terminated.binary_search_by_key(&postcode, |(gone, _)| *gone).ok()?;
        Some(&self.terminated[place].1)
    }

    /// Adds terminated postcodes from elsewhere; live ones stay live.
    pub(super) fn add_terminated(&mut self, more: Vec<(Postcode, String)>) {
        self.terminated.extend(more);
        let live = std::mem::take(&mut self.terminated);
        self.terminated =
            live.into_iter().filter(|(postcode, _)| self.find(*postcode).is_none()).collect();
        self.terminated.sort();
        self.terminated.dedup_by_key(|(postcode, _)| *postcode);
    }

    pub(super) fn live(&self) -> &[Entry] {
        &self.live
    }

    /// The code of the district of the live postcode nearest to a point; empty where there is none.
    pub(super) fn district_near(&self, point: Point) -> &str {
        let placed = self.live.iter().filter_map(|entry| Some((entry, entry.at?)));
        let nearest =
            placed.min_by_key(|(entry, at)| (square_distance(*at, point), entry.postcode));
        nearest.map_or("", |(entry, _)| self.district(entry))
    }

    /// Whether any live postcode lies in a district.
    pub(super) fn has_district(&self, code: &str) -> bool {
        self.districts.iter().any(|district| district == code)
    }

    /// The code of the district of a postcode; empty where none is given.
    pub(super) fn district(&self, entry: &Entry) -> &str {
        &self.districts[entry.district as usize]
    }
}

/// The CSV files that a path names, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let published = path.join("Data").join("CSV");
    let folder = if published.is_dir() { published } else { path.to_owned() };
    if !folder.is_dir() {
        return Ok(vec![folder]);
    }
    let failed = |source| Error::io("cannot read the folder of postcodes", source);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        if Path::new(name).extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        let fault = Fault::new(
            "F110",
            "the folder holds no CSV file",
            "name the folder with the files of Code-Point Open",
        );
        return Err(Error::from_faults(vec![fault.value(path.to_string_lossy())]));
    }
    Ok(files)
}

/// Places of the columns.
struct Places {
    postcode: usize,
    quality: Option<usize>,
    easting: usize,
    northing: usize,
    district: Option<usize>,
    terminated: Option<usize>,
}

/// The published layout without a header.
const CODE_POINT_OPEN: Places = Places {
    postcode: 0,
    quality: Some(1),
    easting: 2,
    northing: 3,
    district: Some(8),
    terminated: None,
};

fn named_places(header: &Cells, file: &str) -> Result<Places, Error> {
    let mut columns = Columns::new(header, file);
    let places = Places {
        postcode: columns.need(&["postcode", "pcds", "pcd", "pcd7", "pcd8", "pc"]),
        quality: columns.find(&["positional_quality_indicator", "pq"]),
        easting: columns.need(&["easting", "eastings", "oseast1m", "east1m", "ea"]),
        northing: columns.need(&["northing", "northings", "osnrth1m", "north1m", "no"]),
        district: columns.find(&[
            "lad",
            "admin_district_code",
            "oslaua",
            "laua",
            "lad26cd",
            "lad25cd",
            "lad24cd",
            "lad23cd",
            "dc",
        ]),
        terminated: columns.find(&["doterm"]),
    };
    if columns.faults.is_empty() { Ok(places) } else { Err(Error::from_faults(columns.faults)) }
}

/// Where a row stands: place of its file, and line.
type Origin = (u32, u32);

#[derive(Default)]
struct Reading {
    entries: Vec<(Entry, Origin)>,
    files: Vec<String>,
    terminated: Vec<(Postcode, String)>,
    districts: BTreeMap<String, u32>,
    account: Account,
}

impl Reading {
    fn file(&mut self, path: &Path) -> Result<(), Error> {
        let mut table = Published::open(path)?;
        if self.account.file.is_empty() {
            self.account.role = "postcodes";
            self.account.file.clone_from(&table.file);
        }
        self.files.push(table.file.clone());
        let mut record = ByteRecord::new();
        let mut places = CODE_POINT_OPEN;
        let mut first = true;
        while table.next(&mut record)? {
            let heads =
                std::mem::take(&mut first) && Postcode::parse(&table.cell(&record, 0)).is_none();
            if heads {
                places = named_places(&table.cells(&record), &table.file)?;
            } else {
                self.row(&table, &record, &places);
            }
        }
        self.account.sha256 = table.sha256();
        Ok(())
    }

    fn row(&mut self, table: &Published, record: &ByteRecord, places: &Places) {
        let cell = |place: usize| table.cell(record, place);
        let optional = |place: Option<usize>| place.map(cell).unwrap_or_default();
        let line = Published::line(record);
        let Some(postcode) = Postcode::parse(&cell(places.postcode)) else {
            let value = cell(places.postcode);
            return self.account.refuse("S211", &value, &table.file, line);
        };
        let month = optional(places.terminated);
        if !month.is_empty() {
            self.terminated.push((postcode, month));
            return self.account.count(Fate::Excluded, Some("S212"));
        }
        let none = optional(places.quality) == NO_COORDINATES;
        let at = match position(&cell(places.easting), &cell(places.northing)) {
            Ok(at) if !none => at,
            Ok(_) => None,
            Err(code) => {
                let value = cell(places.postcode);
                return self.account.refuse(code, &value, &table.file, line);
            }
        };
        let district = self.district(optional(places.district));
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let origin = (whole(self.files.len() - 1), whole(line));
        self.entries.push((Entry { postcode, at, district }, origin));
    }

    fn district(&mut self, code: String) -> u32 {
        // Each has a row of its own, and there are fewer rows than that.
        let next = u32::try_from(self.districts.len()).unwrap_or(u32::MAX);
        *self.districts.entry(code).or_insert(next)
    }

    fn finish(mut self) -> Postcodes {
        self.entries.sort_unstable();
        self.settle_twins();
        let mut names = vec![String::new(); self.districts.len()];
        for (name, place) in self.districts {
            names[place as usize] = name;
        }
        let live = self.entries.iter().map(|(entry, _)| *entry).collect();
        let mut postcodes =
            Postcodes { live, terminated: Vec::new(), districts: names, account: self.account };
        postcodes.add_terminated(self.terminated);
        postcodes
    }

    /// Keeps one of the rows that say the same of a postcode, and none of those that contradict each other.
    fn settle_twins(&mut self) {
        let mut kept: Vec<(Entry, Origin)> = Vec::with_capacity(self.entries.len());
        let mut refused: Vec<(Origin, &'static str, String)> = Vec::new();
        for group in self.entries.chunk_by(|a, b| a.0.postcode == b.0.postcode) {
            let same = group.windows(2).all(|pair| pair[0].0 == pair[1].0);
            for (place, &(entry, origin)) in group.iter().enumerate() {
                let gone = place > 0 || !same;
                let code = match entry.at {
                    _ if gone => Some("S103"),
                    None => Some("S215"),
                    Some(_) => None,
                };
                let fate = if code.is_some() { Fate::SetAside } else { Fate::Used };
                self.account.count(fate, code);
                if let Some(code) = code {
                    refused.push((origin, code, entry.postcode.to_string()));
                }
                if !gone {
                    kept.push((entry, origin));
                }
            }
        }
        self.entries = kept;
        refused.sort_unstable();
        for ((file, line), code, value) in refused {
            self.account.name(code, &value, &self.files[file as usize], line as usize);
        }
    }
}

/// A position on the grid, `None` where both numbers are missing or 0, else the code of what is wrong.
fn position(easting: &str, northing: &str) -> Result<Option<Point>, &'static str> {
    if [easting, northing].iter().all(|text| matches!(*text, "" | "0")) {
        return Ok(None);
    }
    let metres = |text: &str| Number::read(text).map(|metres| metres.to_f64()).map_err(|_| "S113");
    let position = Position::grid(metres(easting)?, metres(northing)?);
    match Plane::BritishGrid.point(position) {
        Ok(point) => Ok(Some(point)),
        Err(crate::geometry::GeometryError::LooksSwapped) => Err("S112"),
        Err(crate::geometry::GeometryError::NotFinite) => Err("S113"),
        Err(_) => Err("S111"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_judged() {
        let at = |east: i64, north: i64| Ok(Some(Point { x: east * 1000, y: north * 1000 }));
        assert_eq!(position("394235", "806529"), at(394_235, 806_529));
        assert_eq!(position("", ""), Ok(None));
        assert_eq!(position("0", "0"), Ok(None));
        assert_eq!(position("50.3", "-4.1"), Err("S111"));
        assert_eq!(position("394235", "north"), Err("S113"));
        assert_eq!(position("394235", "inf"), Err("S113"));
        assert_eq!(position("806529", "394235"), Err("S112"));
    }
}
