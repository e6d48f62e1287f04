//! What was imported as the files of a scenario folder, and as a report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::geometry::Point;
use crate::import::account::{Account, Fate, ImportedRow};
use crate::import::codes::meaning;
use crate::import::exchanges::SyntheticExchange;
use crate::import::folder::Import;
use crate::import::rules::ImportedSite;
use crate::text::{is_hidden, plain, short};
use crate::write::CsvText;

/// Pounds of each made-up budget a site, so that money binds whatever the number of sites.
const POUNDS_A_SITE: usize = 8_000;

/// The programme that needs to know which sites are rural.
const RURAL: &str = r#"
[[programmes]]
id = "rgc"
name = "Rural Gigabit Connectivity"
budget_gbp = {budget}
eligible = { rurality = ["rural"] }
"#;

/// Metres with as many decimals as needed.
fn metres(millimetres: i64) -> String {
    let text = format!("{}.{:03}", millimetres.div_euclid(1_000), millimetres.rem_euclid(1_000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn sites_csv(sites: &[ImportedSite]) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "id", "name", "kind", "easting", "northing", "postcode", "patients", "rurality", "region",
        "parent", "sector", "source",
    ]);
    for site in sites {
        text.row([
            &site.id,
            &site.name,
            site.kind,
            &metres(site.at.x),
            &metres(site.at.y),
            &site.postcode,
            &site.patients.map(|patients| patients.to_string()).unwrap_or_default(),
            &site.rurality,
            &site.district,
            &site.parent,
            &site.sector,
            site.role,
        ]);
    }
    text.into_bytes()
}

pub(super) fn exchanges_csv(exchanges: &[SyntheticExchange]) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "id",
        "name",
        "easting",
        "northing",
        "postcode",
        "region",
        "live_postcodes",
        "source",
    ]);
    for exchange in exchanges {
        text.row([
            &format!("SYN-{}", exchange.sector.replace(' ', "")),
            &format!("synthetic {}", exchange.sector),
            &metres(exchange.at.x),
            &metres(exchange.at.y),
            &exchange.postcode.to_string(),
            &exchange.district,
            &exchange.postcodes.to_string(),
            "SYNTHETIC: postcode nearest the mean of a dense sector",
        ]);
    }
    text.into_bytes()
}

/// Distinct positions with the number of postcodes at each.
pub(super) fn waypoints_csv(points: &BTreeMap<Point, usize>) -> Vec<u8> {
    let mut text = String::from("easting,northing,postcodes\n");
    for (at, count) in points {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{},{},{count}", metres(at.x), metres(at.y));
    }
    text.into_bytes()
}

/// Every row that is not used or worth a remark, a line for each finding.
pub(super) fn import_csv(rows: &[ImportedRow]) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "file", "row", "id", "name", "fate", "code", "field", "value", "cause", "remedy",
    ]);
    for row in rows {
        for finding in &row.findings {
            let told = |text: &str| short(text, 300).into_owned();
            text.row([
                row.file.as_str(),
                &row.row.to_string(),
                &told(&row.id),
                &told(&row.name),
                row.fate.word(),
                finding.code.0,
                &finding.place.field,
                &told(&finding.value),
                &told(&finding.cause),
                &told(&finding.remedy),
            ]);
        }
    }
    text.into_bytes()
}

/// A text that may stand in quotes or a comment of TOML.
fn toml_text(text: &str) -> String {
    let plain = |letter: char| match letter {
        '"' | '\\' => '\'',
        letter if is_hidden(letter) => ' ',
        letter => letter,
    };
    text.chars().map(plain).collect()
}

/// The text of `scenario.toml`.
pub(super) fn scenario_toml(
    name: &str,
    title: &str,
    accounts: &[Account],
    sites: usize,
    rural: bool,
) -> String {
    let mut sources = String::new();
    for Account { role, file, sha256, rows, .. } in accounts {
        let hash = if sha256.is_empty() { "several files" } else { sha256 };
        let file = toml_text(file);
        let _ = writeln!(sources, "#   {role:<16} {file} ({rows} rows, SHA-256 {hash})");
    }
    let budget = (sites.max(1) * POUNDS_A_SITE).div_ceil(10_000) * 10_000;
    let text = include_str!("scenario.toml").replace("{sources}", &sources);
    let text = text.replace("{name}", name).replace("{title}", &toml_text(title));
    let mut text = text.replace("{budget}", &budget.to_string());
    if rural {
        text.push_str(&RURAL.replace("{budget}", &budget.to_string()));
    } else {
        text.push_str("\n# No table said which sites are rural: import one to add a programme for rural sites.\n");
    }
    text
}

impl Import {
    /// The accounts and codes as plain text.
    #[must_use]
    pub fn report(&self) -> String {
        report(self)
    }
}

fn report(import: &Import) -> String {
    let mut text = format!(
        "{:<16}{:>10}{:>10}{:>11}{:>10}  file\n",
        "rows of", "read", "used", "set aside", "excluded"
    );
    for account in &import.accounts {
        let Account { role, file, rows, used, set_aside, excluded, .. } = account;
        let file = plain(file);
        let _ =
            writeln!(text, "{role:<16}{rows:>10}{used:>10}{set_aside:>11}{excluded:>10}  {file}");
    }
    for account in &import.accounts {
        if !account.by_code.is_empty() || !account.remarks.is_empty() {
            let _ = writeln!(text, "\n{} by code (a row may have several)", account.role);
        }
        for (code, count) in &account.by_code {
            let _ = writeln!(text, "  {code} {count:>9}  {}", meaning(code));
        }
        for fault in &account.first {
            let _ = writeln!(text, "    {fault}");
        }
        for remark in &account.remarks {
            let _ = writeln!(text, "    {remark}");
        }
        let unnamed = account.set_aside.saturating_sub(account.first.len());
        if !account.first.is_empty() && unnamed > 0 {
            let _ = writeln!(text, "    and {unnamed} more rows set aside");
        }
    }
    let [used, aside, out] = [Fate::Used, Fate::SetAside, Fate::Excluded]
        .map(|fate| import.rows.iter().filter(|row| row.fate == fate).count());
    let _ = writeln!(
        text,
        "\n{used} sites, {} synthetic exchanges, {} waypoints; {aside} rows set aside and {out} excluded are in import.csv",
        import.exchanges, import.waypoints
    );
    text
}
