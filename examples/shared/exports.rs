//! Files for other programs: flags that mean the same wherever a plan is written.

use std::path::{Path, PathBuf};

use clap::Args;
use fibreplan::error::{Error, ErrorKind, Fault};
use fibreplan::model::Scenario;
use fibreplan::plan::Outcome;
use fibreplan::report::Report;
use fibreplan::study::frontier::Frontier;
use fibreplan::write::Replace;

/// Files for other programs.
#[derive(Args)]
pub struct Exports {
    /// Also write a workbook (built with `--features xlsx`).
    #[arg(long, value_name = "FILE.xlsx")]
    pub xlsx: Option<PathBuf>,
    /// Also write a GeoPackage with the layers of a map (built with `--features gpkg`).
    #[arg(long, value_name = "FILE.gpkg")]
    pub gpkg: Option<PathBuf>,
    /// Also write the network in the Open Fibre Data Standard (built with `--features ofds`).
    #[arg(long, value_name = "FILE.json")]
    pub ofds: Option<PathBuf>,
    /// Version of that standard: 0.4 or 0.3.
    #[arg(long, value_name = "VERSION", default_value = "0.4", value_parser = ["0.4", "0.3"])]
    pub ofds_version: String,
    /// Also write pictures for papers, SVG and PNG (built with `--features pictures`).
    #[arg(long, value_name = "FOLDER")]
    pub pictures: Option<PathBuf>,
}

impl Exports {
    /// Whether all that is asked for can be written: better to hear of it now than after the search.
    ///
    /// # Errors
    ///
    /// `Usage` where something else stands there, or this build lacks what it takes.
    pub fn judge(&self, scenario: &str, replace: Replace) -> Result<(), Error> {
        if let Some(file) = &self.xlsx {
            xlsx::judge(file, replace)?;
        }
        if let Some(file) = &self.gpkg {
            gpkg::judge(file, replace)?;
        }
        if let Some(file) = &self.ofds {
            ofds::judge(file)?;
        }
        if let Some(folder) = &self.pictures {
            pictures::judge(folder, scenario, replace)?;
        }
        Ok(())
    }

    /// Writes what is asked for, each file whole or not at all; a line for each of them.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and `Io` where writing fails.
    pub fn write(
        &self,
        scenario: &Scenario,
        outcome: &Outcome,
        notices: &[Fault],
        replace: Replace,
    ) -> Result<String, Error> {
        let mut said = String::new();
        let files = [&self.xlsx, &self.gpkg, &self.ofds, &self.pictures];
        if files.iter().all(|file| file.is_none()) {
            return Ok(said);
        }
        let report = Report::of(scenario, outcome);
        if let Some(file) = &self.xlsx {
            xlsx::write(file, replace, (scenario, outcome, &report), notices)?;
        }
        if let Some(file) = &self.gpkg {
            gpkg::write(file, replace, (scenario, outcome, &report))?;
        }
        if let Some(file) = &self.ofds {
            ofds::write(file, &self.ofds_version, (scenario, outcome, &report))?;
        }
        if let Some(folder) = &self.pictures {
            pictures::write(folder, replace, (scenario, outcome, &report))?;
        }
        for file in files.into_iter().flatten() {
            said.extend(["Written to ", &file.display().to_string(), "\n"]);
        }
        Ok(said)
    }

    /// Whether what is asked for can be had of a frontier.
    ///
    /// # Errors
    ///
    /// `Usage` where it is of one plan.
    pub fn judge_frontier(&self) -> Result<(), Error> {
        let of_plans = [&self.xlsx, &self.gpkg, &self.ofds];
        if of_plans.iter().all(|file| file.is_none()) {
            return Ok(());
        }
        let message = "--xlsx, --gpkg and --ofds are of one plan: leave out --frontier";
        Err(Error::new(ErrorKind::Usage, message))
    }

    /// Writes the picture of a frontier where it is asked for; a line that says so.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and `Io` where writing fails.
    pub fn write_frontier(
        &self,
        scenario: &Scenario,
        found: &Frontier,
        replace: Replace,
    ) -> Result<String, Error> {
        let Some(folder) = &self.pictures else { return Ok(String::new()) };
        pictures::write_frontier(folder, replace, scenario, found)?;
        Ok(format!("Written to {}\n", folder.display()))
    }
}

/// A plan and what it comes to.
type Planned<'a> = (&'a Scenario, &'a Outcome, &'a Report);

/// The fault of a build that lacks a format.
#[allow(dead_code)] // not in a build that has all of them
fn lacking(what: &str, feature: &str) -> Error {
    let message = format!("this build cannot write {what}: build it with `--features {feature}`");
    Error::new(ErrorKind::Usage, message)
}

#[cfg(feature = "xlsx")]
mod xlsx {
    use super::{Error, Fault, Path, Planned, Replace};
    use fibreplan::write::{workbook, workbook_file};

    pub fn judge(file: &Path, replace: Replace) -> Result<(), Error> {
        workbook_file(file, replace).judge()
    }

    pub fn write(
        file: &Path,
        replace: Replace,
        (scenario, outcome, report): Planned<'_>,
        notices: &[Fault],
    ) -> Result<(), Error> {
        workbook_file(file, replace).write(workbook(scenario, outcome, report, notices)?)
    }
}

#[cfg(not(feature = "xlsx"))]
mod xlsx {
    use super::{Error, Fault, Path, Planned, Replace, lacking};

    pub fn judge(_: &Path, _: Replace) -> Result<(), Error> {
        Err(lacking("workbooks", "xlsx"))
    }

    pub fn write(_: &Path, _: Replace, _: Planned<'_>, _: &[Fault]) -> Result<(), Error> {
        Err(lacking("workbooks", "xlsx"))
    }
}

#[cfg(feature = "gpkg")]
mod gpkg {
    use super::{Error, Path, Planned, Replace};
    use fibreplan::write::{geopackage, geopackage_file};

    pub fn judge(file: &Path, replace: Replace) -> Result<(), Error> {
        geopackage_file(file, replace).judge()
    }

    pub fn write(
        file: &Path,
        replace: Replace,
        (scenario, outcome, report): Planned<'_>,
    ) -> Result<(), Error> {
        geopackage_file(file, replace).write(geopackage(scenario, outcome, report)?)
    }
}

#[cfg(not(feature = "gpkg"))]
mod gpkg {
    use super::{Error, Path, Planned, Replace, lacking};

    pub fn judge(_: &Path, _: Replace) -> Result<(), Error> {
        Err(lacking("GeoPackages", "gpkg"))
    }

    pub fn write(_: &Path, _: Replace, _: Planned<'_>) -> Result<(), Error> {
        Err(lacking("GeoPackages", "gpkg"))
    }
}

#[cfg(feature = "ofds")]
mod ofds {
    use super::{Error, Path, Planned};
    use fibreplan::write::{OfdsVersion, ofds, ofds_file};

    pub fn judge(file: &Path) -> Result<(), Error> {
        ofds_file(file).judge()
    }

    pub fn write(
        file: &Path,
        version: &str,
        (scenario, outcome, report): Planned<'_>,
    ) -> Result<(), Error> {
        let version = if version == "0.3" { OfdsVersion::V0_3 } else { OfdsVersion::V0_4 };
        ofds_file(file).write(ofds(scenario, outcome, report, version).as_bytes())
    }
}

#[cfg(not(feature = "ofds"))]
mod ofds {
    use super::{Error, Path, Planned, lacking};

    const WHAT: &str = "networks in the Open Fibre Data Standard";

    pub fn judge(_: &Path) -> Result<(), Error> {
        Err(lacking(WHAT, "ofds"))
    }

    pub fn write(_: &Path, _: &str, _: Planned<'_>) -> Result<(), Error> {
        Err(lacking(WHAT, "ofds"))
    }
}

#[cfg(feature = "pictures")]
mod pictures {
    use super::{Error, Frontier, Path, Planned, Replace, Scenario};
    use fibreplan::write::{frontier_picture, may_write_pictures, plan_pictures, write_pictures};

    pub fn judge(folder: &Path, scenario: &str, replace: Replace) -> Result<(), Error> {
        may_write_pictures(folder, scenario, replace)
    }

    pub fn write(
        folder: &Path,
        replace: Replace,
        (scenario, outcome, report): Planned<'_>,
    ) -> Result<(), Error> {
        let pictures = plan_pictures(scenario, outcome, report)?;
        write_pictures(folder, &scenario.name, replace, &pictures)
    }

    pub fn write_frontier(
        folder: &Path,
        replace: Replace,
        scenario: &Scenario,
        found: &Frontier,
    ) -> Result<(), Error> {
        let picture = frontier_picture(scenario, found)?;
        write_pictures(folder, &scenario.name, replace, &[picture])
    }
}

#[cfg(not(feature = "pictures"))]
mod pictures {
    use super::{Error, Frontier, Path, Planned, Replace, Scenario, lacking};

    pub fn write_frontier(_: &Path, _: Replace, _: &Scenario, _: &Frontier) -> Result<(), Error> {
        Err(lacking("pictures", "pictures"))
    }

    pub fn judge(_: &Path, _: &str, _: Replace) -> Result<(), Error> {
        Err(lacking("pictures", "pictures"))
    }

    pub fn write(_: &Path, _: Replace, _: Planned<'_>) -> Result<(), Error> {
        Err(lacking("pictures", "pictures"))
    }
}
