//! What other tables say of sites: list sizes by practice, rural or urban by postcode.
//!
//! List sizes: NHS Digital, Patients Registered at a GP Practice, the table of totals
//! (`gp-reg-pat-prac-all`). Rural or urban: the ONS Rural Urban Classification (2011 or 2021) of Lower Layer
//! Super Output Areas, with a table that gives each postcode its area, or a directory that gives each
//! postcode its class (ONS Postcode Directory).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use csv::ByteRecord;

use crate::error::{Error, Fault, Severity};
use crate::import::account::{Account, Fate, ImportedRow};
use crate::import::postcode::Postcode;
use crate::import::published::{Cells, Columns, Published};
use crate::model::RuralityScheme;
use crate::units::Number;

/// The list of one practice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ListSize {
    pub(super) patients: u64,
    pub(super) postcode: Option<Postcode>,
}

/// List sizes by practice.
#[derive(Debug, Default)]
pub(super) struct ListSizes {
    by_practice: BTreeMap<String, ListSize>,
    rows: Vec<ImportedRow>,
    /// File and hash; the counts are made at the end.
    account: Account,
}

impl ListSizes {
    /// Reads a table of list sizes: totals over sex and age; other rows are left out.
    ///
    /// # Errors
    ///
    /// As [`Published::open`], and `Faults` when columns are lacking.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let mut table = Published::open(path)?;
        let rows = table.rows()?;
        let mut columns = Columns::new(rows.first().unwrap_or(&Cells::default()), &table.file);
        let code = columns.need(&["code", "practice_code", "org_code"]);
        let patients = columns.need(&["number_of_patients", "total_all"]);
        let postcode = columns.find(&["postcode", "practice_postcode"]).unwrap_or(usize::MAX);
        let parts: Vec<usize> =
            ["sex", "age"].iter().filter_map(|name| columns.find(&[name])).collect();
        if !columns.faults.is_empty() {
            return Err(Error::from_faults(columns.faults));
        }
        let mut lists = Self {
            account: Account {
                role: "list sizes",
                file: table.file.clone(),
                sha256: table.sha256(),
                ..Account::default()
            },
            ..Self::default()
        };
        for row in rows.iter().skip(1) {
            let all = parts.iter().all(|&place| row.get(place).eq_ignore_ascii_case("all"));
            let text = row.get(patients);
            lists.add(row, [row.get(code), text], Postcode::parse(row.get(postcode)), all);
        }
        Ok(lists)
    }

    fn add(&mut self, row: &Cells, [code, text]: [&str; 2], postcode: Option<Postcode>, all: bool) {
        let mut findings = Vec::new();
        let mut fate = Fate::Used;
        let file = self.account.file.clone();
        let mut refuse = |fault: Fault, field: &str, value: &str| {
            fate = Fate::SetAside;
            findings.push(fault.value(value).at(&file, Some(row.line), field));
        };
        let patients = whole_number(text);
        if code.is_empty() {
            refuse(
                Fault::new("S101", "the row has no code of a practice", "give it one"),
                "CODE",
                "",
            );
        }
        if patients.is_none() {
            let fault =
                Fault::new("S131", "this is not a whole number of patients", "write plain digits");
            refuse(fault, "NUMBER_OF_PATIENTS", text);
        }
        if !all && fate == Fate::Used {
            let notice = Fault::notice(
                "S231",
                "the row is a part of a list, not its total",
                "no action is needed",
            );
            findings.push(notice.at(&self.account.file, Some(row.line), "SEX, AGE"));
            fate = Fate::Excluded;
        }
        if let (Fate::Used, Some(patients)) = (fate, patients) {
            let list = ListSize { patients, postcode };
            if self.by_practice.get(code).is_some_and(|known| *known != list) {
                let fault =
                    Fault::new("S103", "the practice has another list too", "leave one out");
                findings.push(fault.value(code).at(&self.account.file, Some(row.line), "CODE"));
                fate = Fate::SetAside;
            }
            self.by_practice.entry(code.to_owned()).or_insert(list);
        }
        self.rows.push(ImportedRow {
            file: self.account.file.clone(),
            row: row.line,
            id: code.to_owned(),
            name: String::new(),
            fate,
            findings,
        });
    }

    /// The list of a practice; none when rows contradict each other.
    pub(super) fn find(&self, practice: &str) -> Option<&ListSize> {
        self.by_practice.get(practice)
    }

    /// The rows in numbers, and those worth a word, once it is known which practices are in.
    pub(super) fn finish(mut self, used: impl Fn(&str) -> bool) -> (Account, Vec<ImportedRow>) {
        self.refuse_contradictions();
        for row in &mut self.rows {
            if row.fate == Fate::Used && !used(&row.id) {
                row.fate = Fate::Excluded;
                let notice = Fault::notice(
                    "S229",
                    "the practice is not among the sites used",
                    "no action is needed",
                );
                row.findings.push(notice.value(&row.id).at(&row.file, Some(row.row), "CODE"));
            }
            self.account.count_row(row);
        }
        let rows = self.rows.into_iter().filter(|row| row.fate == Fate::SetAside).collect();
        (self.account, rows)
    }

    /// Where two rows of a practice differ, none of them is used.
    pub(super) fn refuse_contradictions(&mut self) {
        let torn: Vec<String> = self
            .rows
            .iter()
            .filter(|row| row.findings.iter().any(|fault| fault.code.0 == "S103"))
            .map(|row| row.id.clone())
            .collect();
        for row in
            self.rows.iter_mut().filter(|row| row.fate == Fate::Used && torn.contains(&row.id))
        {
            let fault = Fault::new("S103", "the practice has another list too", "leave one out");
            row.findings.push(fault.value(&row.id).at(&row.file, Some(row.row), "CODE"));
            row.fate = Fate::SetAside;
        }
        self.by_practice.retain(|practice, _| !torn.contains(practice));
    }
}

/// A whole number of zero or more, as tables write it.
pub(super) fn whole_number(text: &str) -> Option<u64> {
    u64::try_from(Number::whole(text).ok()?.value).ok()
}

/// A text of a table, with the place of the table among those given.
type Told = (String, usize);

/// Rural or urban classes by postcode, and postcodes that are no longer.
#[derive(Debug, Default)]
pub(super) struct RuralUrban {
    by_postcode: [BTreeMap<Postcode, Told>; 2],
    area_of: [BTreeMap<Postcode, Told>; 2],
    by_area: [BTreeMap<String, Told>; 2],
    pub(super) terminated: Vec<(Postcode, String)>,
    /// Tables that said that postcodes were terminated.
    told_ends: BTreeSet<usize>,
    /// Some table has columns of classes or areas.
    promises_classes: bool,
    pub(super) accounts: Vec<Account>,
}

/// The two classifications, the newer first; areas of a census have classes of the same.
const AREAS: [&[&str]; 2] = [&["lsoa21cd", "lsoa21"], &["lsoa11cd", "lsoa11", "lsoa"]];
const CLASSES: [&[&str]; 2] = [
    &["ruc21cd", "ruc21ind", "ru21ind", "ruc21"],
    &["ruc11cd", "ru11ind", "ruc11ind", "ruc11", "rural_urban", "rurality"],
];

impl RuralUrban {
    /// Whether the tables are there to say which places are rural, and not only which postcodes ended.
    pub(super) fn promises_classes(&self) -> bool {
        self.promises_classes
    }

    /// The class of a postcode, by the newest table that has one; `None` where none is known.
    pub(super) fn class(&self, postcode: Postcode) -> Option<&str> {
        self.source(postcode).map(|(class, _)| class)
    }

    /// The class of a postcode, and the tables it was found by.
    fn source(&self, postcode: Postcode) -> Option<(&str, Vec<usize>)> {
        (0..2).find_map(|year| {
            if let Some((class, table)) = self.by_postcode[year].get(&postcode) {
                return Some((class.as_str(), vec![*table]));
            }
            let (area, of_areas) = self.area_of[year].get(&postcode)?;
            let (class, of_classes) = self.by_area[year].get(area)?;
            Some((class.as_str(), vec![*of_areas, *of_classes]))
        })
    }

    /// Says of each table that gave no site its class, and ended no postcode, that it did so.
    pub(super) fn remark_on_useless(&mut self, sites: impl Iterator<Item = Postcode>) {
        let mut used = self.told_ends.clone();
        for postcode in sites {
            used.extend(self.source(postcode).into_iter().flat_map(|(_, tables)| tables));
        }
        for (table, account) in self.accounts.iter_mut().enumerate() {
            if !used.contains(&table) {
                let notice = Fault::notice(
                    "S226",
                    "the table was read, but no site is rural or urban by it",
                    "give one of the same country and census as the sites' postcodes or areas",
                );
                account.remarks.push(notice.at(&account.file, None, ""));
            }
        }
    }

    /// Reads one more table, keeping what concerns the wanted postcodes.
    ///
    /// # Errors
    ///
    /// As [`Published::open`]; `Faults` when the table gives neither classes nor areas.
    pub(super) fn read(
        &mut self,
        path: &Path,
        wanted: &impl Fn(Postcode) -> bool,
    ) -> Result<(), Error> {
        let mut table = Published::open(path)?;
        let mut record = ByteRecord::new();
        let header = if table.next(&mut record)? { table.cells(&record) } else { Cells::default() };
        let mut columns = Columns::new(&header, &table.file);
        let postcode = columns.find(&["pcds", "pcd", "pcd7", "pcd8", "postcode"]);
        let areas = AREAS.map(|names| columns.find(names));
        let classes = CLASSES.map(|names| columns.find(names));
        let ends = columns.find(&["doterm"]);
        let paired = (0..2).any(|year| areas[year].is_some() && classes[year].is_some());
        let none = [areas, classes].concat().iter().all(Option::is_none);
        if postcode.is_none() && !paired {
            columns.need(&["pcds", "lsoa21cd with ruc21cd", "lsoa11cd with ruc11cd"]);
        } else if none && ends.is_none() {
            columns.need(&["ruc21ind", "ru11ind", "lsoa21cd", "lsoa11cd"]);
        }
        if !columns.faults.is_empty() {
            return Err(Error::from_faults(columns.faults));
        }
        self.promises_classes |= !none;
        let mut account =
            Account { role: "rural or urban", file: table.file.clone(), ..Account::default() };
        while table.next(&mut record)? {
            let cell = |place: Option<usize>| {
                place.map(|place| table.cell(&record, place)).unwrap_or_default()
            };
            let row = Row { areas: areas.map(cell), classes: classes.map(cell), ends: cell(ends) };
            let Some(place) = postcode else {
                let used = self.area(row);
                account.count_if_used(used);
                continue;
            };
            match Postcode::parse(&table.cell(&record, place)) {
                None => {
                    let value = table.cell(&record, place);
                    account.refuse("S211", &value, &table.file, Published::line(&record));
                }
                Some(code) if !wanted(code) => account.count(Fate::Excluded, Some("S229")),
                Some(code) => {
                    let used = self.postcode(code, row);
                    account.count_if_used(used);
                }
            }
        }
        account.sha256 = table.sha256();
        self.accounts.push(account);
        Ok(())
    }

    /// Keeps what a row says of its area; false where it says nothing that can be read.
    fn area(&mut self, row: Row) -> bool {
        let table = self.accounts.len();
        let mut used = false;
        let years = row.areas.into_iter().zip(row.classes).zip(&mut self.by_area);
        for ((area, class), by_area) in years {
            if is_class(&class) && !area.is_empty() {
                keep_least(by_area, area, (class, table));
                used = true;
            }
        }
        used
    }

    /// Keeps what a row says of a postcode; false where it says nothing that can be read.
    fn postcode(&mut self, postcode: Postcode, row: Row) -> bool {
        let table = self.accounts.len();
        let mut used = !row.ends.is_empty();
        if used {
            self.terminated.push((postcode, row.ends));
            self.told_ends.insert(table);
        }
        for (area, area_of) in row.areas.into_iter().zip(&mut self.area_of) {
            used |= !area.is_empty();
            keep_least(area_of, postcode, (area, table));
        }
        for (class, by_postcode) in row.classes.into_iter().zip(&mut self.by_postcode) {
            if is_class(&class) {
                keep_least(by_postcode, postcode, (class, table));
                used = true;
            }
        }
        used
    }
}

/// What a row says, by classification, the newer first.
struct Row {
    areas: [String; 2],
    classes: [String; 2],
    /// The month in which the postcode ended.
    ends: String,
}

/// Whether a text is a class, or a word, that the scenario will understand.
fn is_class(text: &str) -> bool {
    RuralityScheme::Ruc2021.read(text).is_some()
}

/// Of several texts for one key the least counts, so that the order of rows does not.
fn keep_least<K: Ord>(map: &mut BTreeMap<K, Told>, key: K, told: Told) {
    if !told.0.is_empty() {
        let kept = map.entry(key).or_insert_with(|| told.clone());
        if told < *kept {
            *kept = told;
        }
    }
}

/// Whether findings hold a fault, and not only remarks.
pub(super) fn at_fault(findings: &[Fault]) -> bool {
    findings.iter().any(|fault| fault.severity == Severity::Fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_have_commas_between_thousands() {
        for (text, number) in [
            ("0", 0),
            ("5903", 5_903),
            ("12,345", 12_345),
            ("1,234,567", 1_234_567),
            ("1e4", 10_000),
        ] {
            assert_eq!(whole_number(text), Some(number));
        }
        for text in ["", "12,34", ",123", "1234,567", "1.5", "-3", "12 34", "12,", "nan"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }
}
