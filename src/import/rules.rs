//! The rules by which rows become sites, are set aside or are left out.
//!
//! In: rows as published, postcodes, lists, classes. Out: sites, and for every row its fate with all
//! that was found. A row left out by any rule is excluded; else one with any fault is set aside; else it
//! is used, with remarks. Nothing here depends on the order of rows or on the day.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::geometry::Point;
use crate::import::account::{Fate, ImportedRow};
use crate::import::judge::{Facts, Judge};
use crate::import::lookups::at_fault;
use crate::import::organisations::{Candidate, Origin};
use crate::import::placing::Placed;
use crate::import::postcode::Postcode;
use crate::import::words::{SETTINGS, Standing, standing};

/// Lists below this many patients are remarked on: most are about to close.
const SHORT_LIST: u64 = 500;

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
    let closed = closed_practices(rows);
    let twins = twins(rows);
    let mut judged: Vec<(ImportedRow, Option<ImportedSite>)> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let mut judge = Judge::new(row, facts);
            judge.identity(twins.get(&place).copied());
            let placed = if row.misread.is_some() { None } else { judge.content(&closed) };
            judge.finish(placed)
        })
        .collect();
    remark_on_neighbours(&mut judged);
    judged
}

/// Practices by code: whether every row of them says that they are not open.
fn closed_practices(rows: &[Candidate]) -> BTreeMap<&str, bool> {
    let mut closed = BTreeMap::new();
    for row in rows.iter().filter(|row| matches!(row.origin, Origin::Practice { .. })) {
        let open = matches!(standing(row), Standing::Open | Standing::Unknown);
        *closed.entry(row.id.as_str()).or_insert(true) &= !open;
    }
    closed
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

impl Judge<'_> {
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
            let cause = format!("the code is in row {line} too");
            let fault = Fault::new("S103", cause, "leave one of the rows out");
            self.fault(fault, "code", &self.row.id);
        }
    }

    /// All that its cells say.
    fn content(&mut self, closed: &BTreeMap<&str, bool>) -> Option<Placed> {
        self.standing();
        self.setting();
        self.parent(closed);
        self.place()
    }

    fn standing(&mut self) {
        let row = self.row;
        let status = row.status.as_deref().unwrap_or(&row.closes);
        match standing(row) {
            Standing::Open if !row.closes.is_empty() => {
                let notice = Fault::notice(
                    "S225",
                    "it is active, with a closing date",
                    "check whether it has closed",
                );
                self.fault(notice, "close date", &row.closes);
            }
            Standing::Open => {}
            Standing::Closed => {
                self.exclude("S201", "the organisation is closed", "status", status);
            }
            Standing::Dormant => {
                self.exclude("S202", "the organisation is dormant", "status", status);
            }
            Standing::Proposed => {
                self.exclude("S203", "it is proposed, not yet open", "status", status);
            }
            Standing::Unknown => {
                let fault = Fault::new("S121", "the status is not known", "use A, C, D or P");
                self.fault(fault, "status", status);
            }
        }
    }

    fn setting(&mut self) {
        let Origin::Practice { setting } = &self.row.origin else { return };
        match SETTINGS.iter().find(|known| known.code == setting) {
            None if self.facts.settings.contains(setting) => {
                let cause = "the prescribing setting is newer than the list; it was let in";
                let notice = Fault::notice("S216", cause, "no action is needed; its kind is other");
                self.fault(notice, "prescribing setting", setting);
            }
            None => {
                let cause = "the prescribing setting is not on the list; it may be newer";
                let remedy =
                    "correct it, or let such rows in by naming it beside 4 and 9 (--settings)";
                self.fault(Fault::new("S216", cause, remedy), "prescribing setting", setting);
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
                self.exclude("S207", "the practice it belongs to is not open", "parent", parent);
            }
            Some(false) => {}
            None => {
                let notice = Fault::notice(
                    "S230",
                    "its practice is not in the file of practices",
                    "check whether it is open",
                );
                self.fault(notice, "parent", parent);
            }
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
                Fault::notice("S222", "the list is very short", "check whether it is closing");
            self.fault(notice, "patients", &patients.to_string());
        }
        if let (Some(ours), Some(theirs)) =
            (postcode, theirs.filter(|&theirs| postcode != Some(theirs)))
        {
            let cause = format!("the list has it at another postcode ({theirs})");
            self.fault(
                Fault::notice("S223", cause, "check whether it has moved"),
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
            let cause = format!("{together} sites share this position: one building, one drop");
            remark(Fault::notice("S220", cause, "no action is needed"), "postcode", &site.postcode);
        }
        if alike > 1 {
            let cause = format!("{alike} sites have this name");
            remark(Fault::notice("S221", cause, "check whether they are one"), "name", &site.name);
        }
    }
}
