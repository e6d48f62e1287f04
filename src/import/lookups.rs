//! What other tables say of sites: list sizes by practice, rural or urban by postcode.
//!
//! List sizes: NHS Digital, Patients Registered at a GP Practice, the table of totals
//! (`gp-reg-pat-prac-all`). Rural or urban: the ONS Rural Urban Classification (2011) of Lower Layer
//! Super Output Areas, with a table that gives each postcode its area, or a directory that gives each
//! postcode its class (ONS Postcode Directory).

use std::collections::BTreeMap;
use std::path::Path;

use csv::ByteRecord;

use crate::error::{Error, Fault, Severity};
use crate::import::account::{Account, Fate, ImportedRow};
use crate::import::postcode::Postcode;
use crate::import::published::{Cells, Columns, Published};
use crate::model::RuralityScheme;

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
                Fault::new("S131", "this is no whole number of patients", "write plain digits");
            refuse(fault, "NUMBER_OF_PATIENTS", text);
        }
        if !all && fate == Fate::Used {
            let notice = Fault::notice(
                "S231",
                "the row is a part of a list, not its total",
                "none is needed",
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
                    "none is needed",
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

/// A whole number, with commas between thousands or without.
pub(super) fn whole_number(text: &str) -> Option<u64> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = rest.iter().all(|group| group.len() == 3 && digits(group));
    let head = digits(first) && (rest.is_empty() || first.len() <= 3);
    (head && grouped).then(|| text.replace(',', "").parse().ok()).flatten()
}

/// Rural or urban classes by postcode, and postcodes that are no longer.
#[derive(Debug, Default)]
pub(super) struct RuralUrban {
    by_postcode: BTreeMap<Postcode, String>,
    area_of: BTreeMap<Postcode, String>,
    by_area: BTreeMap<String, String>,
    pub(super) terminated: Vec<(Postcode, String)>,
    pub(super) accounts: Vec<Account>,
}

impl RuralUrban {
    /// Whether the tables say of any place that it is rural or urban.
    pub(super) fn has_classes(&self) -> bool {
        !self.by_postcode.is_empty() || !self.by_area.is_empty()
    }

    /// The class of a postcode in the scheme of 2011; `None` where none is known.
    pub(super) fn class(&self, postcode: Postcode) -> Option<&str> {
        let by_area = || self.by_area.get(self.area_of.get(&postcode)?);
        let class = self.by_postcode.get(&postcode).or_else(by_area)?;
        RuralityScheme::Ruc2011.read(class).map(|_| class.as_str())
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
        let area = columns.find(&["lsoa11cd", "lsoa11", "lsoa"]);
        let class = columns.find(&["ruc11cd", "ru11ind", "ruc11", "rural_urban", "rurality"]);
        let terminated = columns.find(&["doterm"]);
        if postcode.is_none() && (area.is_none() || class.is_none()) {
            columns.need(&["pcds", "lsoa11cd with ruc11cd"]);
        } else if area.is_none() && class.is_none() && terminated.is_none() {
            columns.need(&["ruc11cd", "ru11ind", "lsoa11cd"]);
        }
        if !columns.faults.is_empty() {
            return Err(Error::from_faults(columns.faults));
        }
        let mut account =
            Account { role: "rural or urban", file: table.file.clone(), ..Account::default() };
        while table.next(&mut record)? {
            let cell = |place: Option<usize>| {
                place.map(|place| table.cell(&record, place)).unwrap_or_default()
            };
            let Some(place) = postcode else {
                keep_least(&mut self.by_area, cell(area), cell(class));
                account.count(Fate::Used, None);
                continue;
            };
            match Postcode::parse(&table.cell(&record, place)) {
                None => {
                    let value = table.cell(&record, place);
                    account.refuse("S211", &value, &table.file, Published::line(&record));
                }
                Some(code) if !wanted(code) => account.count(Fate::Excluded, Some("S229")),
                Some(code) => {
                    self.postcode(code, [cell(class), cell(area), cell(terminated)]);
                    account.count(Fate::Used, None);
                }
            }
        }
        account.sha256 = table.sha256();
        self.accounts.push(account);
        Ok(())
    }

    fn postcode(&mut self, postcode: Postcode, [class, area, month]: [String; 3]) {
        keep_least(&mut self.by_postcode, postcode, class);
        keep_least(&mut self.area_of, postcode, area);
        if !month.is_empty() {
            self.terminated.push((postcode, month));
        }
    }
}

/// Of several texts for one key the least counts, so that the order of rows does not.
fn keep_least<K: Ord>(map: &mut BTreeMap<K, String>, key: K, text: String) {
    if !text.is_empty() {
        let kept = map.entry(key).or_insert_with(|| text.clone());
        if text < *kept {
            *kept = text;
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
        for (text, number) in
            [("0", 0), ("5903", 5_903), ("12,345", 12_345), ("1,234,567", 1_234_567)]
        {
            assert_eq!(whole_number(text), Some(number));
        }
        for text in ["", "12,34", ",123", "1234,567", "1.5", "-3", "1e4", "12 345", "12,", "nan"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }
}
