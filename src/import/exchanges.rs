//! Stand-ins for exchanges: one in each dense postcode sector, said to be synthetic wherever they appear.
//!
//! No open table of exchange positions was found. A sector with many live postcodes is a built-up place
//! that an exchange is likely to serve; one is put at the postcode nearest the mean of the sector's
//! postcodes.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::{Point, square_distance};
use crate::import::postcode::Postcode;
use crate::import::postcodes::{Entry, Postcodes};

/// Live postcodes from which on a sector counts as dense: this gives Great Britain about as many exchanges
/// (5,500) as are known to exist.
pub const DENSE_SECTOR: usize = 175;

/// A made-up exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct SyntheticExchange {
    /// Its sector: `TR1 2`.
    pub(super) sector: String,
    pub(super) at: Point,
    pub(super) postcode: Postcode,
    pub(super) district: String,
    /// Live postcodes of its sector.
    pub(super) postcodes: usize,
}

/// One exchange in each sector of the districts with at least `dense` live postcodes, sorted by sector.
pub(super) fn synthetic_exchanges(
    postcodes: &Postcodes,
    districts: &BTreeSet<&str>,
    dense: usize,
) -> Vec<SyntheticExchange> {
    let mut sectors: BTreeMap<String, Vec<(&Entry, Point)>> = BTreeMap::new();
    for entry in postcodes.live() {
        if let Some(at) = entry.at.filter(|_| districts.contains(postcodes.district(entry))) {
            sectors.entry(entry.postcode.sector()).or_default().push((entry, at));
        }
    }
    sectors
        .into_iter()
        .filter(|(_, members)| members.len() >= dense.max(1))
        .filter_map(|(sector, members)| {
            let middle = mean(&members);
            let (entry, at) = members
                .iter()
                .min_by_key(|(entry, at)| (square_distance(*at, middle), entry.postcode))?;
            Some(SyntheticExchange {
                sector,
                at: *at,
                postcode: entry.postcode,
                district: postcodes.district(entry).to_owned(),
                postcodes: members.len(),
            })
        })
        .collect()
}

/// The mean position, rounded towards the south-west; there is at least one.
fn mean(members: &[(&Entry, Point)]) -> Point {
    let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    let sum = |axis: fn(&Point) -> i64| members.iter().map(|(_, at)| axis(at)).sum::<i64>();
    Point { x: sum(|at| at.x).div_euclid(count), y: sum(|at| at.y).div_euclid(count) }
}
