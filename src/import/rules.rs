//! The rules by which rows become sites, are set aside or are left out.
//!
//! In: rows as published, postcodes, lists, classes. Out: sites, and for every row its fate with all that was found.
//! A row left out by any rule is excluded; else one with any fault is set aside; else it is used, with remarks.
//! Nothing here depends on the order of rows or on the day.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::geometry::{GeometryError, Plane, Point, Position};
use crate::import::account::{Fate, ImportedRow};
use crate::import::lookups::{ListSizes, RuralUrban, at_fault};
use crate::import::organisations::{Candidate, Origin};
use crate::import::postcode::Postcode;
use crate::import::postcodes::Postcodes;

/// Postcode areas of the Channel Islands and the Isle of Man.
const CROWN_DEPENDENCIES: [&str; 3] = ["GY", "IM", "JE"];
/// The postcode area of Northern Ireland.
const NORTHERN_IRELAND: &str = "BT";
/// Lists below this many patients are remarked on: most are about to close.
const SHORT_LIST: u64 = 500;
/// Metres that a hospital's own position may lie from its postcode without a remark.
const OWN_POSITION_M: u64 = 5_000;

/// A prescribing setting: code, words, kind of site, and whether it belongs to the justice estate.
pub(super) struct Setting {
    pub(super) code: &'static str,
    pub(super) words: &'static str,
    kind: &'static str,
    justice: bool,
}

const fn setting(code: &'static str, words: &'static str, kind: &'static str) -> Setting {
    Setting { code, words, kind, justice: false }
}

const fn justice(code: &'static str, words: &'static str) -> Setting {
    Setting { code, words, kind: "other", justice: true }
}

/// Prescribing settings of `epraccur` (NHS Organisation Data Service).
pub(super) const SETTINGS: [Setting; 23] = [
    setting("0", "other", "other"),
    setting("1", "walk-in centre", "other"),
    setting("2", "out of hours", "other"),
    setting("3", "walk-in centre and out of hours", "other"),
    setting("4", "GP practice", "gp_practice"),
    setting("8", "public health service", "community"),
    setting("9", "community health service", "community"),
    setting("10", "hospital service", "hospital"),
    setting("11", "optometry service", "other"),
    setting("12", "urgent and emergency care", "hospital"),
    setting("13", "hospice", "other"),
    setting("14", "care or nursing home", "other"),
    justice("15", "border force"),
    justice("16", "young offender institution"),
    justice("17", "secure training centre"),
    justice("18", "secure children's home"),
    justice("19", "immigration removal centre"),
    justice("20", "court"),
    justice("21", "police custody"),
    justice("22", "sexual assault referral centre"),
    justice("24", "other justice estate"),
    justice("25", "prison"),
    setting("", "not stated", "other"),
];

/// What the rules look things up in.
pub(super) struct Facts<'f> {
    pub(super) postcodes: &'f Postcodes,
    pub(super) lists: Option<&'f ListSizes>,
    pub(super) rural_urban: Option<&'f RuralUrban>,
    /// Codes of prescribing settings that are planned for.
    pub(super) settings: &'f [String],
    /// Districts asked for; empty for all.
    pub(super) areas: &'f BTreeSet<String>,
}

/// A site for the scenario.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImportedSite {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) at: Point,
    pub(super) postcode: String,
    pub(super) patients: Option<u64>,
    pub(super) rurality: String,
    pub(super) district: String,
    pub(super) parent: String,
    pub(super) sector: String,
    pub(super) role: &'static str,
}

/// All rows with their fates, in the order given, and the site of each that is used.
pub(super) fn judge(
    rows: &[Candidate],
    facts: &Facts<'_>,
) -> Vec<(ImportedRow, Option<ImportedSite>)> {
    let closed: BTreeMap<&str, bool> = rows
        .iter()
        .filter(|row| matches!(row.origin, Origin::Practice { .. }))
        .map(|row| (row.id.as_str(), standing(row) != Standing::Open))
        .collect();
    let twins = twins(rows);
    let mut judged: Vec<(ImportedRow, Option<ImportedSite>)> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let mut judge = Judge { row, facts, excluded: Vec::new(), findings: Vec::new() };
            judge.identity(twins.get(&place).copied());
            judge.standing();
            judge.setting();
            judge.parent(&closed);
            let placed = judge.place();
            judge.finish(placed)
        })
        .collect();
    remark_on_neighbours(&mut judged);
    judged
}

/// Whether an organisation is open, as its row says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Standing {
    Open,
    Closed,
    Dormant,
    Proposed,
    Unknown,
}

fn standing(row: &Candidate) -> Standing {
    let Some(status) = &row.status else {
        return if row.closes.is_empty() { Standing::Open } else { Standing::Closed };
    };
    match status.to_lowercase().as_str() {
        "a" | "active" | "visible" => Standing::Open,
        "c" | "closed" | "inactive" | "hidden" => Standing::Closed,
        "d" | "dormant" => Standing::Dormant,
        "p" | "proposed" => Standing::Proposed,
        _ => Standing::Unknown,
    }
}

/// By place: rows whose id another row has too, save one where all say the same; with the other's line.
fn twins(rows: &[Candidate]) -> BTreeMap<usize, usize> {
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| !row.id.is_empty()) {
        by_id.entry(&row.id).or_default().push(place);
    }
    let bare = |place: usize| Candidate { row: 0, ..rows[place].clone() };
    let mut found = BTreeMap::new();
    for group in by_id.into_values().filter(|group| group.len() > 1) {
        let same = group.iter().all(|&place| bare(place) == bare(group[0]));
        for &place in &group[usize::from(same)..] {
            let other = if place == group[0] { group[1] } else { group[0] };
            found.insert(place, rows[other].row);
        }
    }
    found
}

/// One row under judgement.
struct Judge<'j> {
    row: &'j Candidate,
    facts: &'j Facts<'j>,
    /// Why it is left out.
    excluded: Vec<Fault>,
    /// Faults and remarks.
    findings: Vec<Fault>,
}

/// Where a row lies.
struct Placed {
    at: Point,
    postcode: Option<Postcode>,
    district: String,
}

impl Judge<'_> {
    fn placed_at(&self, fault: Fault, field: &str, value: &str) -> Fault {
        fault.value(value).at(&self.row.file, Some(self.row.row), field)
    }

    fn exclude(&mut self, code: &'static str, cause: impl Into<String>, field: &str, value: &str) {
        let notice =
            Fault::notice(code, cause, "none is needed; the rule is in the data dictionary");
        let notice = self.placed_at(notice, field, value);
        self.excluded.push(notice);
    }

    fn fault(&mut self, fault: Fault, field: &str, value: &str) {
        let fault = self.placed_at(fault, field, value);
        self.findings.push(fault);
    }

    fn identity(&mut self, twin: Option<usize>) {
        if let Some(misread) = self.row.misread.clone() {
            self.fault(misread, "", "");
        }
        if self.row.id.is_empty() {
            self.fault(
                Fault::new("S101", "the row has no code", "give it its ODS code"),
                "code",
                "",
            );
        }
        if let Some(line) = twin {
            let cause = format!("the code stands in row {line} too");
            let fault = Fault::new("S103", cause, "leave one of the rows out");
            self.fault(fault, "code", &self.row.id);
        }
    }

    fn standing(&mut self) {
        let row = self.row;
        let status = row.status.as_deref().unwrap_or(&row.closes);
        match standing(row) {
            Standing::Open if !row.closes.is_empty() => {
                let notice = Fault::notice(
                    "S225",
                    "it is active, with a closing date",
                    "see whether it has closed",
                );
                self.fault(notice, "close date", &row.closes);
            }
            Standing::Open => {}
            Standing::Closed => {
                self.exclude("S201", "the organisation is closed", "status", status)
            }
            Standing::Dormant => {
                self.exclude("S202", "the organisation is dormant", "status", status)
            }
            Standing::Proposed => {
                self.exclude("S203", "it is proposed, not yet open", "status", status)
            }
            Standing::Unknown => {
                let fault =
                    Fault::new("S121", "the status is not one that is known", "use A, C, D or P");
                self.fault(fault, "status", status);
            }
        }
    }

    fn setting(&mut self) {
        let Origin::Practice { setting } = &self.row.origin else { return };
        match SETTINGS.iter().find(|known| known.code == setting) {
            None => {
                let fault =
                    Fault::new("S216", "there is no such prescribing setting", "correct it");
                self.fault(fault, "prescribing setting", setting);
            }
            Some(_) if self.facts.settings.contains(setting) => {}
            Some(known) if known.justice => {
                let cause = format!("it belongs to the justice estate ({})", known.words);
                self.exclude("S204", cause, "prescribing setting", setting);
            }
            Some(known) => {
                let cause = format!("its setting is not planned for ({})", known.words);
                self.exclude("S205", cause, "prescribing setting", setting);
            }
        }
    }

    fn parent(&mut self, closed: &BTreeMap<&str, bool>) {
        let Origin::Branch { parent } = &self.row.origin else { return };
        match closed.get(parent.as_str()) {
            Some(true) => {
                self.exclude("S207", "the practice it belongs to is not open", "parent", parent)
            }
            Some(false) => {}
            None => {
                let notice = Fault::notice(
                    "S230",
                    "its practice is not in the file of practices",
                    "see whether it is open",
                );
                self.fault(notice, "parent", parent);
            }
        }
    }

    /// Where the row lies: at its postcode or, where a hospital's is not known, where its own position says.
    fn place(&mut self) -> Option<Placed> {
        let text = self.row.postcode.as_str();
        if text.is_empty() {
            return self.own_place("S210", "there is no postcode", "give it one");
        }
        let Some(postcode) = Postcode::parse(text) else {
            let remedy = self.alike();
            return self.own_place("S211", "the postcode has not the form of one", &remedy);
        };
        let area = postcode.area();
        if CROWN_DEPENDENCIES.contains(&area.as_str()) {
            self.exclude(
                "S206",
                "it lies in a Crown dependency, outside the United Kingdom",
                "postcode",
                text,
            );
            return None;
        }
        if area == NORTHERN_IRELAND {
            let remedy = "plan Northern Ireland from a table with positions";
            self.fault(
                Fault::new("S214", "Code-Point Open has no postcode of Northern Ireland", remedy),
                "postcode",
                text,
            );
            return None;
        }
        match self.facts.postcodes.find(postcode) {
            Some(entry) => {
                let district = self.facts.postcodes.district(entry).to_owned();
                let Some(at) = entry.at else {
                    return self.own_place(
                        "S215",
                        "the postcode has no published coordinates",
                        "give a postcode nearby",
                    );
                };
                self.compare_own(at);
                self.in_areas(&district);
                Some(Placed { at, postcode: Some(postcode), district })
            }
            None => self.unknown(postcode),
        }
    }

    fn unknown(&mut self, postcode: Postcode) -> Option<Placed> {
        if let Some(month) = self.facts.postcodes.terminated(postcode) {
            let cause = format!("the postcode was terminated ({month})");
            return self.own_place("S212", &cause, "give the one that replaced it");
        }
        let remedy = format!("it is terminated or mistyped: {}", self.alike());
        self.own_place("S213", "no live postcode is like this", &remedy)
    }

    /// Live postcodes that are one character away, as a hint.
    fn alike(&self) -> String {
        let live = |postcode: &Postcode| self.facts.postcodes.find(*postcode).is_some();
        let near: BTreeSet<Postcode> = Postcode::alike(&self.row.postcode).filter(live).collect();
        match near.len() {
            0 => "look the address up".to_owned(),
            1..=4 => {
                let near: Vec<String> = near.iter().map(Postcode::to_string).collect();
                format!("look the address up; near to it are {}", near.join(", "))
            }
            count => format!("look the address up; {count} live postcodes differ in one character"),
        }
    }

    /// The row's own position in place of its postcode's, with the fault as a remark; else the fault stands.
    fn own_place(&mut self, code: &'static str, cause: &str, remedy: &str) -> Option<Placed> {
        let value = self.row.postcode.clone();
        match self.own() {
            Some(Ok(at)) => {
                self.fault(Fault::notice(code, cause, remedy), "postcode", &value);
                let notice = Fault::notice(
                    "S227",
                    "the position is its own, not its postcode's",
                    "none is needed",
                );
                self.fault(notice, "longitude, latitude", "");
                self.in_areas("");
                Some(Placed { at, postcode: None, district: String::new() })
            }
            Some(Err(fault)) => {
                self.fault(Fault::new(code, cause, remedy), "postcode", &value);
                self.findings.push(*fault);
                None
            }
            None => {
                self.fault(Fault::new(code, cause, remedy), "postcode", &value);
                None
            }
        }
    }

    /// The row's own position, where it has one.
    fn own(&self) -> Option<Result<Point, Box<Fault>>> {
        let Origin::Hospital { lon_lat, .. } = &self.row.origin else { return None };
        let value = lon_lat.join(", ");
        let told = |fault: Fault| Box::new(self.placed_at(fault, "longitude, latitude", &value));
        if lon_lat
            .iter()
            .all(|text| text.is_empty() || text == "0" || text.eq_ignore_ascii_case("null"))
        {
            return None;
        }
        let [Ok(lon), Ok(lat)] = lon_lat.each_ref().map(|text| text.parse::<f64>()) else {
            let fault = Fault::new("S113", "the coordinate is not a number", "write plain degrees");
            return Some(Err(told(fault)));
        };
        Some(Plane::BritishGrid.point(Position::lon_lat(lon, lat)).map_err(|error| {
            let code = match error {
                GeometryError::LooksSwapped => "S112",
                GeometryError::NotFinite => "S113",
                _ => "S111",
            };
            told(Fault::new(code, error.to_string(), "correct the position"))
        }))
    }

    /// Remarks on a hospital's own position where it contradicts its postcode.
    fn compare_own(&mut self, at: Point) {
        match self.own() {
            Some(Ok(own)) => {
                let apart = Plane::BritishGrid.length(at, own);
                if apart.get() > OWN_POSITION_M * 1_000 {
                    let cause = format!(
                        "its own position lies {:.1} km from its postcode, which is used",
                        apart.metres() / 1_000.0
                    );
                    self.fault(
                        Fault::notice("S228", cause, "see which is right"),
                        "longitude, latitude",
                        "",
                    );
                }
            }
            Some(Err(fault)) => {
                let code = fault.code.0;
                let notice =
                    Fault::notice(code, fault.cause, "none is needed: the postcode is used");
                self.fault(notice, "longitude, latitude", &fault.value);
            }
            None => {}
        }
    }

    fn in_areas(&mut self, district: &str) {
        let areas = self.facts.areas;
        if !areas.is_empty() && !areas.contains(district) {
            self.exclude("S208", "it lies outside the districts asked for", "postcode", district);
        }
    }

    fn finish(mut self, placed: Option<Placed>) -> (ImportedRow, Option<ImportedSite>) {
        let fate = if !self.excluded.is_empty() {
            Fate::Excluded
        } else if at_fault(&self.findings) {
            Fate::SetAside
        } else {
            Fate::Used
        };
        let site = placed.filter(|_| fate == Fate::Used).map(|placed| self.site(placed));
        // What decides the fate stands first.
        self.findings.sort_by_key(|finding| finding.severity);
        let Candidate { file, row, id, name, .. } = self.row.clone();
        let findings = self.excluded.into_iter().chain(self.findings).collect();
        (ImportedRow { file, row, id, name, fate, findings }, site)
    }

    fn site(&mut self, placed: Placed) -> ImportedSite {
        let Placed { at, postcode, district } = placed;
        let row = self.row;
        let (kind, parent, sector) = match &row.origin {
            Origin::Practice { setting } => {
                let known = SETTINGS.iter().find(|known| known.code == setting);
                (known.map_or("other", |known| known.kind), "", "")
            }
            Origin::Branch { parent } => ("branch_surgery", parent.as_str(), ""),
            Origin::Hospital { sector, .. } => ("hospital", "", sector.as_str()),
        };
        ImportedSite {
            id: row.id.clone(),
            name: row.name.clone(),
            kind,
            at,
            patients: self.patients(kind, postcode),
            rurality: self.rurality(postcode),
            postcode: postcode
                .map_or_else(|| row.postcode.clone(), |postcode| postcode.to_string()),
            district,
            parent: parent.to_owned(),
            sector: sector.to_owned(),
            role: row.origin.role(),
        }
    }

    fn patients(&mut self, kind: &str, postcode: Option<Postcode>) -> Option<u64> {
        let lists = self.facts.lists?;
        let Some(list) = lists.find(&self.row.id) else {
            if kind == "gp_practice" {
                let notice = Fault::notice(
                    "S224",
                    "the practice has no list",
                    "the scenario's default counts",
                );
                self.fault(notice, "code", &self.row.id);
            }
            return None;
        };
        let (patients, theirs) = (list.patients, list.postcode);
        if patients < SHORT_LIST {
            let notice =
                Fault::notice("S222", "the list is very short", "see whether it is closing");
            self.fault(notice, "patients", &patients.to_string());
        }
        if let (Some(ours), Some(theirs)) =
            (postcode, theirs.filter(|&theirs| postcode != Some(theirs)))
        {
            let cause = format!("the list has it at another postcode ({theirs})");
            self.fault(
                Fault::notice("S223", cause, "see whether it has moved"),
                "postcode",
                &ours.to_string(),
            );
        }
        Some(patients)
    }

    fn rurality(&mut self, postcode: Option<Postcode>) -> String {
        let Some(lookup) = self.facts.rural_urban else { return String::new() };
        if let Some(class) = postcode.and_then(|postcode| lookup.class(postcode)) {
            return class.to_owned();
        }
        let notice = Fault::notice(
            "S226",
            "no table says whether it is rural",
            "rural programmes pass it by",
        );
        self.fault(notice, "postcode", &self.row.postcode);
        String::new()
    }
}

/// Remarks on used sites that share a position or a name.
fn remark_on_neighbours(judged: &mut [(ImportedRow, Option<ImportedSite>)]) {
    let mut at: BTreeMap<Point, usize> = BTreeMap::new();
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for site in judged.iter().filter_map(|(_, site)| site.as_ref()) {
        *at.entry(site.at).or_default() += 1;
        *named.entry(site.name.to_lowercase()).or_default() += 1;
    }
    for (row, site) in judged {
        let Some(site) = site else { continue };
        let (together, alike) = (at[&site.at], named[&site.name.to_lowercase()]);
        let mut remark = |fault: Fault, field: &str, value: &str| {
            row.findings.push(fault.value(value).at(&row.file, Some(row.row), field));
        };
        if together > 1 {
            let cause = format!("{together} sites stand at this position: one building, one drop");
            remark(Fault::notice("S220", cause, "none is needed"), "postcode", &site.postcode);
        }
        if alike > 1 {
            let cause = format!("{alike} sites have this name");
            remark(Fault::notice("S221", cause, "see whether they are one"), "name", &site.name);
        }
    }
}
