//! Pictures for papers: a plan as a map, who pays for it, and what more money buys; SVG, and PNG at 300 dots an inch.
//!
//! In: a scenario with its outcome or its frontier. Out: bytes that are the same for the same answer. Letters are
//! outlines of a typeface that comes with the library, so a picture needs no fonts of the machine and looks the
//! same everywhere. Colours are those that all people can tell apart; marks differ in shape too.

mod charts;
mod font;
mod legend;
mod map;
mod of_plan;
mod page;
mod png;
mod scale;
mod scene;
mod schedule;
mod svg;

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::files::{Destination, FolderKind, Replace};
use crate::model::Scenario;
use crate::plan::Outcome;
use crate::report::Report;
use crate::study::frontier::Frontier;
use scene::Scene;

/// A picture in both forms.
#[derive(Clone, Debug)]
pub struct Picture {
    /// `map`, `spend`, `schedule` or `frontier`: the names of its files without their endings.
    pub name: &'static str,
    /// The text of the SVG file.
    pub svg: String,
    /// The bytes of the PNG file.
    pub png: Vec<u8>,
}

impl Picture {
    fn of(name: &'static str, scene: &Scene) -> Result<Self, Error> {
        let png = png::png(scene).ok_or_else(|| {
            Error::new(ErrorKind::Internal, format!("the picture {name} cannot be drawn"))
        })?;
        Ok(Self { name, svg: svg::svg(scene), png })
    }
}

/// The pictures of a plan: `map`, `spend` where anything is paid, and `schedule` where it has years.
///
/// # Errors
///
/// [`ErrorKind::Internal`] when a picture cannot be drawn.
pub fn plan_pictures(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
) -> Result<Vec<Picture>, Error> {
    let (map, words) = of_plan::map(scenario, outcome, report);
    let mut pictures = vec![Picture::of("map", &map::map_scene(&map, &words))?];
    if let Some((bars, years, words)) = of_plan::spend(scenario, outcome, report) {
        pictures.push(Picture::of("spend", &charts::spend_scene(&bars, &years, &words))?);
    }
    if let Some((years, areas, words)) = of_plan::schedule(scenario, outcome, report) {
        let weight = crate::text::short(&report.weight, 40).replace('_', " ");
        let weight = format!("{} covered", charts::capital(&weight));
        let scene = schedule::schedule_scene(&years, &areas, &weight, &words);
        pictures.push(Picture::of("schedule", &scene)?);
    }
    Ok(pictures)
}

/// The picture of a frontier: `frontier`.
///
/// # Errors
///
/// [`ErrorKind::Internal`] when it cannot be drawn.
pub fn frontier_picture(scenario: &Scenario, frontier: &Frontier) -> Result<Picture, Error> {
    let (points, words) = of_plan::frontier(scenario, frontier);
    let weight = crate::text::short(&frontier.weight, 40);
    Picture::of("frontier", &charts::curve_scene(&points, &weight, &words))
}

/// Whether pictures of a scenario may be written into a folder, to be asked before long work.
///
/// # Errors
///
/// As [`Destination::judge`].
pub fn may_write_pictures(folder: &Path, scenario: &str, replace: Replace) -> Result<(), Error> {
    Destination { folder, kind: FolderKind::Pictures, scenario, replace }.judge()
}

/// Writes pictures into a folder of their own, which appears whole or not at all.
///
/// # Errors
///
/// As [`Destination::write`].
pub fn write_pictures(
    folder: &Path,
    scenario: &str,
    replace: Replace,
    pictures: &[Picture],
) -> Result<(), Error> {
    let names: Vec<[String; 2]> = pictures
        .iter()
        .map(|own| ["svg", "png"].map(|ending| format!("{}.{ending}", own.name)))
        .collect();
    let files = names.iter().zip(pictures).flat_map(|([svg, png], own)| {
        [(svg.as_str(), own.svg.clone().into_bytes()), (png.as_str(), own.png.clone())]
    });
    let files: Vec<(&str, Vec<u8>)> = files.collect();
    Destination { folder, kind: FolderKind::Pictures, scenario, replace }.write(&files)
}
