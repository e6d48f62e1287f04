//! What rules beyond money do to the question: groups of sites as bundles of buildings, and buildings
//! that they close.
//!
//! In: a scenario over its prepared network. Out: bundles, and for each building why a rule closes it.
//! What cannot be planned with at all is refused here, never ignored.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use super::stated::{BuildingTerms, Closed};
use crate::graph::{Distances, FAR, Rows};
use crate::ids::{BuildingIx, SiteIx};
use crate::model::Scenario;
use crate::network::Prepared;

/// Buildings that are connected together or not at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bundle {
    /// Two or more, or one of which some site can never be connected; sorted.
    pub buildings: Vec<BuildingIx>,
    /// A site of it has fibre already, so that all of it is required.
    pub required: bool,
    /// A site of it is forbidden, so that none of it can be connected.
    pub forbidden: bool,
}

/// The groups of a scenario's rules by building; groups that share a building are one bundle.
pub fn bundles(prepared: &Prepared, scenario: &Scenario) -> Vec<Bundle> {
    let groups = &scenario.rules.groups;
    if groups.is_empty() {
        return Vec::new();
    }
    let mut building_of: BTreeMap<SiteIx, usize> = BTreeMap::new();
    for (place, building) in prepared.buildings().iter().enumerate() {
        building_of.extend(building.sites.iter().map(|&site| (site, place)));
    }
    let count = prepared.buildings().len();
    let mut same = UnionFind::<usize>::new(count);
    let mut marks = vec![(false, false, false); count];
    for group in groups {
        let sites: Vec<SiteIx> =
            group.iter().filter_map(|id| scenario.tables.site_by_id(id)).collect();
        let row = |site: &SiteIx| scenario.tables.site(*site);
        let required = sites.iter().any(|site| row(site).already_connected);
        let forbidden = sites.iter().any(|site| scenario.forbids(row(site)));
        let places: Vec<usize> =
            sites.iter().filter_map(|site| building_of.get(site).copied()).collect();
        for &place in &places {
            same.union(places[0], place);
            let mark = &mut marks[place];
            *mark = (true, mark.1 | required, mark.2 | forbidden);
        }
    }
    let mut bundles: BTreeMap<usize, Bundle> = BTreeMap::new();
    for (place, (grouped, required, forbidden)) in marks.into_iter().enumerate() {
        if grouped {
            let empty = Bundle { buildings: Vec::new(), required: false, forbidden: false };
            let bundle = bundles.entry(same.find(place)).or_insert(empty);
            bundle.buildings.push(BuildingIx::new(place));
            bundle.required |= required;
            bundle.forbidden |= forbidden;
        }
    }
    let mut bundles: Vec<Bundle> = bundles.into_values().collect();
    bundles.sort_by(|a, b| a.buildings.cmp(&b.buildings));
    bundles.retain(|bundle| bundle.buildings.len() > 1 || bundle.required || bundle.forbidden);
    bundles
}

/// Closes buildings beyond the limits on routes, and those of bundles that cannot be connected whole.
pub fn close(
    prepared: &Prepared,
    scenario: &Scenario,
    bundles: &[Bundle],
    building_terms: &mut [BuildingTerms],
) {
    let rules = &scenario.rules;
    let length = |place: usize| prepared.spans()[place].length.get();
    if let Some(most) = rules.max_reach_mm {
        close_far(prepared, building_terms, most, length, Closed::TooLong);
    }
    if let Some(most) = rules.max_hops {
        close_far(prepared, building_terms, u64::from(most), |_| 1, Closed::TooManySpans);
    }
    for bundle in bundles {
        let open = |building: &BuildingIx| building_terms[building.at()].open;
        if bundle.forbidden || !bundle.buildings.iter().all(open) {
            for building in &bundle.buildings {
                let terms = &mut building_terms[building.at()];
                if std::mem::replace(&mut terms.open, false) {
                    terms.closed = Some(Closed::Group);
                }
            }
        }
    }
}

/// Closes buildings whose shortest route from any exchange, by some measure of spans, is longer than allowed.
fn close_far(
    prepared: &Prepared,
    building_terms: &mut [BuildingTerms],
    most: u64,
    measure: impl Fn(usize) -> u64,
    why: fn(u64) -> Closed,
) {
    let ends = prepared.spans().iter().map(|span| [span.ends[0].0, span.ends[1].0]);
    let rows = Rows::new(prepared.junctions().len(), ends);
    let mut distances = Distances::new(prepared.junctions().len());
    for junction in prepared.exchanges().iter().filter_map(|exchange| exchange.junction) {
        distances.add_source(junction.0);
    }
    let step = |place: usize| i64::try_from(measure(rows.edge(place) as usize)).ok();
    distances.run(&rows, FAR - 1, step);
    for (building, terms) in prepared.buildings().iter().zip(building_terms) {
        let Some(junction) = building.junction else { continue };
        let distance = distances.of(junction.0);
        let far = u64::try_from(distance).is_ok_and(|distance| distance > most);
        if far && distance != FAR && std::mem::replace(&mut terms.open, false) {
            terms.closed = Some(why(distance.unsigned_abs()));
        }
    }
}
