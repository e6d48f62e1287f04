//! Official files, as published, into a scenario folder.
//!
//! What for: an analyst gives the files of the NHS, Ordnance Survey and ONS as they were downloaded. In:
//! paths. Out: `scenario.toml`, `sites.csv`, `exchanges.csv` (synthetic), `waypoints.csv` and
//! `import.csv`, in which every row that is not used stands with a code. It decides by stated rules
//! only, guesses nothing, and plans nothing.

mod account;
mod codes;
mod exchanges;
mod folder;
mod judge;
mod lookups;
mod organisations;
mod output;
mod placing;
mod postcode;
mod postcodes;
mod published;
mod rules;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use account::{Account, Fate, ImportedRow};
pub use codes::IMPORT_CODES;
pub use exchanges::DENSE_SECTOR;
pub use folder::Import;

use crate::error::{Error, ErrorKind, Fault};
use crate::geometry::Point;
use crate::import::codes::meaning;
use crate::import::judge::Facts;
use crate::import::lookups::{ListSizes, RuralUrban};
use crate::import::organisations::{Candidate, Organisations, Origin};
use crate::import::postcode::Postcode;
use crate::import::postcodes::Postcodes;
use crate::import::rules::ImportedSite;
use crate::import::words::SETTINGS;
use crate::model::name_fault;

/// The files to import, and what to take of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImportOptions {
    /// Code-Point Open: a file, or the folder of its files; or a postcode directory with a header.
    pub postcodes: PathBuf,
    /// `epraccur` of the NHS Organisation Data Service.
    pub practices: Option<PathBuf>,
    /// `ebranchs` of the same.
    pub branches: Option<PathBuf>,
    /// `Hospital.csv` of NHS.uk.
    pub hospitals: Option<PathBuf>,
    /// Patients registered at practices, totals.
    pub list_sizes: Option<PathBuf>,
    /// Tables that say which postcodes are rural, and which were terminated.
    pub rural_urban: Vec<PathBuf>,
    /// Prescribing settings planned for; `4` is GP practices, `9` community services.
    pub settings: Vec<String>,
    /// Codes of districts to take; none for all districts that hold a site.
    pub areas: Vec<String>,
    /// Live postcodes from which on a sector has an exchange.
    pub dense_sector: usize,
    /// Name of the scenario: a-z, 0-9 and `-`.
    pub name: String,
    /// Its title.
    pub title: String,
}

impl ImportOptions {
    /// Options with postcodes alone: GP practices and community services of all districts.
    #[must_use]
    pub fn new(postcodes: impl Into<PathBuf>) -> Self {
        Self {
            postcodes: postcodes.into(),
            practices: None,
            branches: None,
            hospitals: None,
            list_sizes: None,
            rural_urban: Vec::new(),
            settings: vec!["4".to_owned(), "9".to_owned()],
            areas: Vec::new(),
            dense_sector: DENSE_SECTOR,
            name: "imported".to_owned(),
            title: "Health sites from published files".to_owned(),
        }
    }
}

/// Reads published files and makes a scenario of them.
///
/// # Errors
///
/// `Usage` when no file of sites is given; `Faults` when files, columns or all sites are lacking, or the
/// options name settings that do not exist; `Io` when a file cannot be read. Faults of rows stop
/// nothing: they are in the result.
pub fn import(options: &ImportOptions) -> Result<Import, Error> {
    judge_options(options)?;
    let mut gathered = Gathered::default();
    let organisations = organisations(options, &mut gathered)?;
    if gathered.0.is_empty() {
        judge_new_settings(options, &organisations)?;
    }
    let mut lists = None;
    if let Some(path) = &options.list_sizes {
        lists = gathered.take(ListSizes::read(path))?;
    }
    let postcodes = gathered.take(Postcodes::read(&options.postcodes))?;
    let candidates: Vec<Candidate> =
        organisations.iter().flat_map(|file| file.rows.iter().cloned()).collect();
    let wanted: BTreeSet<Postcode> =
        candidates.iter().filter_map(|row| Postcode::parse(&row.postcode)).collect();
    let mut rural_urban = RuralUrban::default();
    for path in &options.rural_urban {
        gathered.take(rural_urban.read(path, &|postcode| wanted.contains(&postcode)))?;
    }
    let mut postcodes = gathered.finish(postcodes)?;
    if let Some(lists) = &mut lists {
        lists.refuse_contradictions();
    }
    postcodes.add_terminated(rural_urban.terminated.clone());
    let areas = areas(options, &postcodes)?;
    let facts = Facts {
        postcodes: &postcodes,
        lists: lists.as_ref(),
        rural_urban: rural_urban.promises_classes().then_some(&rural_urban),
        settings: &options.settings,
        areas: &areas,
    };
    let judged = rules::judge(&candidates, &facts);
    let (rows, sites): (Vec<ImportedRow>, Vec<Option<ImportedSite>>) = judged.into_iter().unzip();
    let mut accounts = accounts(organisations, &rows);
    let mut sites: Vec<ImportedSite> = sites.into_iter().flatten().collect();
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    let at_postcodes = sites.iter().filter_map(|site| Postcode::parse(&site.postcode));
    rural_urban.remark_on_useless(at_postcodes);
    let mut made = Made { options, sites, rows, postcodes };
    if let Some(lists) = lists {
        let used: BTreeSet<&str> = made.sites.iter().map(|site| site.id.as_str()).collect();
        let (account, faulty) = lists.finish(|id| used.contains(id));
        accounts.push(account);
        made.rows.extend(faulty);
    }
    accounts.extend(rural_urban.accounts);
    for account in accounts.iter_mut().filter(|account| account.rows == 0) {
        let cause = "the file was read, and holds no row";
        let notice = Fault::notice("F121", cause, "give the file as published");
        account.remarks.push(notice.at(&account.file, None, ""));
    }
    made.finish(accounts)
}

/// The districts asked for, each of which must hold a postcode: their codes change from year to year.
fn areas(options: &ImportOptions, postcodes: &Postcodes) -> Result<BTreeSet<String>, Error> {
    let unknown: Vec<&str> = options
        .areas
        .iter()
        .map(String::as_str)
        .filter(|area| !postcodes.has_district(area))
        .collect();
    if unknown.is_empty() {
        return Ok(options.areas.iter().cloned().collect());
    }
    let message = format!(
        "no postcode lies in {}; name districts as the file of postcodes does (E06000052)",
        unknown.join(", ")
    );
    Err(Error::new(ErrorKind::Usage, message))
}

/// Faults of whole files, so that those of all files are told together.
#[derive(Default)]
struct Gathered(Vec<Fault>);

impl Gathered {
    /// What was read; `None` when the file has faults. Other errors stop at once.
    fn take<T>(&mut self, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if error.kind() == ErrorKind::Faults => {
                self.0.extend(error.faults().iter().cloned());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What was read last, unless any file has faults.
    fn finish<T>(self, read: Option<T>) -> Result<T, Error> {
        read.filter(|_| self.0.is_empty()).ok_or_else(|| Error::from_faults(self.0))
    }
}

/// The files of sites that are given, read.
fn organisations(
    options: &ImportOptions,
    gathered: &mut Gathered,
) -> Result<Vec<Organisations>, Error> {
    type Read = fn(&Path) -> Result<Organisations, Error>;
    let files: [(&Option<PathBuf>, Read); 3] = [
        (&options.practices, organisations::practices),
        (&options.branches, organisations::branches),
        (&options.hospitals, organisations::hospitals),
    ];
    let mut organisations = Vec::new();
    for (path, read) in files {
        if let Some(path) = path {
            organisations.extend(gathered.take(read(path))?);
        }
    }
    Ok(organisations)
}

fn judge_options(options: &ImportOptions) -> Result<(), Error> {
    if options.practices.is_none() && options.branches.is_none() && options.hospitals.is_none() {
        let message =
            "there is nothing to connect: give a file of practices, branches or hospitals";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let numeral = |code: &str| {
        (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(code) = options.settings.iter().find(|code| !is_known(code) && !numeral(code)) {
        return Err(no_setting(code));
    }
    if let Some(fault) = name_fault(&options.name) {
        let message =
            format!("{:?} is not a valid name: {}; use a-z, 0-9 and -", options.name, fault.cause);
        return Err(Error::new(ErrorKind::Usage, message));
    }
    Ok(())
}

/// Whether a prescribing setting is among those that were published when this was written.
fn is_known(code: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.code == code)
}

/// The error of a prescribing setting that is asked for and that there is not.
fn no_setting(code: &str) -> Error {
    let codes: Vec<String> = SETTINGS
        .iter()
        .filter(|setting| !setting.code.is_empty())
        .map(|setting| format!("{} {}", setting.code, setting.words))
        .collect();
    let codes = codes.join(", ");
    let message = format!(
        "{code:?} is not a prescribing setting; they are: {codes}, and newer ones that rows have"
    );
    Error::new(ErrorKind::Usage, message)
}

/// A setting that is newer than our list may be asked for, if any row has it.
fn judge_new_settings(
    options: &ImportOptions,
    organisations: &[Organisations],
) -> Result<(), Error> {
    let rows = || organisations.iter().flat_map(|file| &file.rows);
    let has = |code: &String| {
        rows().any(|row| matches!(&row.origin, Origin::Practice { setting } if setting == code))
    };
    match options.settings.iter().find(|code| !is_known(code) && !has(code)) {
        Some(code) => Err(no_setting(code)),
        None => Ok(()),
    }
}

/// The accounts of the files of sites; their rows stand one file after the other.
fn accounts(organisations: Vec<Organisations>, rows: &[ImportedRow]) -> Vec<Account> {
    let mut rest = rows;
    let mut accounts = Vec::new();
    for Organisations { rows: read, mut account } in organisations {
        let (mine, others) = rest.split_at(read.len());
        for row in mine {
            account.count_row(row);
        }
        rest = others;
        accounts.push(account);
    }
    accounts
}

/// What has been read and judged, to be made a folder.
struct Made<'o> {
    options: &'o ImportOptions,
    sites: Vec<ImportedSite>,
    rows: Vec<ImportedRow>,
    postcodes: Postcodes,
}

impl Made<'_> {
    fn finish(self, mut accounts: Vec<Account>) -> Result<Import, Error> {
        let Self { options, sites, mut rows, postcodes } = self;
        if sites.is_empty() {
            return Err(no_site(&rows));
        }
        let districts: BTreeSet<&str> = if options.areas.is_empty() {
            sites.iter().map(|site| site.district.as_str()).collect()
        } else {
            options.areas.iter().map(String::as_str).collect()
        };
        let exchanges =
            exchanges::synthetic_exchanges(&postcodes, &districts, options.dense_sector);
        if exchanges.is_empty() {
            let remedy = "lower the number that makes a sector dense, or take more districts";
            let fault =
                Fault::new("X160", "no postcode sector is dense enough for an exchange", remedy);
            return Err(Error::from_faults(vec![fault.value(options.dense_sector.to_string())]));
        }
        let mut account = postcodes.account.clone();
        let mut waypoints: BTreeMap<Point, usize> = BTreeMap::new();
        for entry in postcodes.live() {
            let Some(at) = entry.at else { continue };
            if districts.contains(postcodes.district(entry)) {
                *waypoints.entry(at).or_default() += 1;
            } else {
                account.used -= 1;
                account.excluded += 1;
                *account.by_code.entry("S208").or_default() += 1;
            }
        }
        accounts.push(account);
        let rural = sites.iter().any(|site| !site.rurality.is_empty());
        let ImportOptions { name, title, .. } = options;
        let scenario = output::scenario_toml(name, title, &accounts, sites.len(), rural);
        rows.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
        let files = vec![
            ("scenario.toml", scenario.into_bytes()),
            ("sites.csv", output::sites_csv(&sites)),
            ("exchanges.csv", output::exchanges_csv(&exchanges)),
            ("waypoints.csv", output::waypoints_csv(&waypoints)),
            ("import.csv", output::import_csv(&rows)),
        ];
        let (exchanges, waypoints) = (exchanges.len(), waypoints.len());
        Ok(Import { accounts, rows, exchanges, waypoints, name: name.clone(), files })
    }
}

/// Nothing is left to plan: what became of the rows, by code.
fn no_site(rows: &[ImportedRow]) -> Error {
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in rows.iter().filter_map(|row| row.findings.first()) {
        *by_code.entry(finding.code.0).or_default() += 1;
    }
    let told: Vec<String> =
        by_code.iter().map(|(code, count)| format!("{count} {code} ({})", meaning(code))).collect();
    let cause = format!("none of {} rows can be a site: {}", rows.len(), told.join(", "));
    let remedy = "give the postcodes of the same country and time, or other settings and districts";
    Error::from_faults(vec![Fault::new("S160", cause, remedy)])
}
