//! Where a row lies: at its postcode or, where a hospital's is not known, where its own position says.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::geometry::{GeometryError, Plane, Point, Position};
use crate::import::judge::Judge;
use crate::import::organisations::Origin;
use crate::import::postcode::Postcode;

/// Postcode areas of the Channel Islands and the Isle of Man.
const CROWN_DEPENDENCIES: [&str; 3] = ["GY", "IM", "JE"];
/// The postcode area of Northern Ireland.
const NORTHERN_IRELAND: &str = "BT";
/// Metres that a hospital's own position may lie from its postcode without a remark.
const OWN_POSITION_M: u64 = 5_000;

/// Where a row lies.
pub(super) struct Placed {
    pub(super) at: Point,
    pub(super) postcode: Option<Postcode>,
    pub(super) district: String,
}

impl Judge<'_> {
    /// Where the row lies: at its postcode or, where a hospital's is not known, where its own position
    /// says.
    pub(super) fn place(&mut self) -> Option<Placed> {
        let text = self.row.postcode.as_str();
        if text.is_empty() {
            return self.own_place("S210", "there is no postcode", "give it one");
        }
        let Some(postcode) = Postcode::parse(text) else {
            let remedy = self.alike();
            return self.own_place("S211", "this does not have the form of a postcode", &remedy);
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
        self.own_place("S213", "there is no such live postcode", &remedy)
    }

    /// Live postcodes that are one character away, as a hint.
    fn alike(&self) -> String {
        let live = |postcode: &Postcode| self.facts.postcodes.find(*postcode).is_some();
        let near: BTreeSet<Postcode> = Postcode::alike(&self.row.postcode).filter(live).collect();
        match near.len() {
            0 => "look the address up".to_owned(),
            1 => {
                let near = near.first().map_or_else(String::new, Postcode::to_string);
                format!("look the address up; a similar one is {near}")
            }
            2..=4 => {
                let near: Vec<String> = near.iter().map(Postcode::to_string).collect();
                format!("look the address up; similar ones are {}", near.join(", "))
            }
            count => format!("look the address up; {count} live postcodes differ in one character"),
        }
    }

    /// The row's own position in place of its postcode's, with the fault as a remark; else the fault
    /// stands.
    fn own_place(&mut self, code: &'static str, cause: &str, remedy: &str) -> Option<Placed> {
        let value = self.row.postcode.clone();
        match self.own() {
            Some(Ok(at)) => {
                self.fault(Fault::notice(code, cause, remedy), "postcode", &value);
                let notice = Fault::notice(
                    "S227",
                    "the position is its own, not its postcode's",
                    "no action is needed",
                );
                self.fault(notice, "longitude, latitude", "");
                let district = self.facts.postcodes.district_near(at).to_owned();
                self.in_areas(&district);
                Some(Placed { at, postcode: None, district })
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
                    Fault::notice(code, fault.cause, "no action is needed: the postcode is used");
                self.fault(notice, "longitude, latitude", &fault.value);
            }
            None => {}
        }
    }

    fn in_areas(&mut self, district: &str) {
        let areas = self.facts.areas;
        if !areas.is_empty() && !areas.contains(district) {
            self.exclude("S208", "it lies outside the districts asked for", "district", district);
        }
    }
}
