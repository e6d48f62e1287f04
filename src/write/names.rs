//! The names of the files that a folder of results may hold: one list for each kind of folder.

use crate::files::FolderKind;

/// The files of a kind of folder, beside its `manifest.json`. Which of them are not always written is said in
/// `data/RESULTS.md`; a comparison holds beside its own a folder for each variant, with the files of a plan.
/// Those of a scenario folder are the user's.
#[must_use]
pub const fn files_of(kind: FolderKind) -> &'static [&'static str] {
    match kind {
        FolderKind::Plan => &[
            "plan.json",
            "sites.csv",
            "priority.csv",
            "spans.geojson",
            "funding.csv",
            "site_funding.csv",
            "build_list.csv",
            "schedule.csv",
            "rejected.csv",
            "summary.txt",
            "report.html",
            "run.json",
        ],
        FolderKind::Comparison => &["comparison.json", "comparison.csv", "differences.csv"],
        FolderKind::Frontier => {
            &["frontier.json", "frontier.csv", "more_money.csv", "rejected.csv", "run.json"]
        }
        FolderKind::Strategies => {
            &["strategies.json", "strategies.csv", "rejected.csv", "run.json"]
        }
        FolderKind::Programmes => &[
            "programmes.json",
            "programmes.csv",
            "spending.csv",
            "worth_of_more.csv",
            "rejected.csv",
            "run.json",
        ],
        FolderKind::Years => {
            &["years.json", "years.csv", "worth_by_year.csv", "rejected.csv", "run.json"]
        }
        FolderKind::WhyNot => &["why_not.json", "why_not.csv", "rejected.csv", "run.json"],
        FolderKind::Pictures => &[
            "map.svg",
            "map.png",
            "spend.svg",
            "spend.png",
            "schedule.svg",
            "schedule.png",
            "frontier.svg",
            "frontier.png",
        ],
        FolderKind::Scenario => &[],
    }
}
