//! Buildings: the sites at one position, which share one drop.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::ids::SiteIx;
use crate::model::{RateCard, Tables};
use crate::units::{Millimetres, Pence};

/// The sites at one position (or with one `building_id`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Building {
    /// The `building_id` its sites name, else the least id among its sites.
    pub id: String,
    /// Position of its first site, where its drop begins.
    pub at: Point,
    /// Sites that its drop connects, sorted by id; those already connected are not among them.
    pub sites: Vec<SiteIx>,
    /// Price of its drop: the largest among its sites.
    pub drop: Pence,
}

/// Groups the sites into buildings, sorted by building id.
///
/// Sites with one `building_id` are one building. Other sites are one building with every site
/// within `same_building` of it, directly or through others. Sites that already have fibre are left
/// out; a site set as forbidden still belongs to its building.
#[must_use]
pub fn buildings(tables: &Tables, card: &RateCard, same_building: Millimetres) -> Vec<Building> {
    let mut groups: BTreeMap<String, Vec<SiteIx>> = BTreeMap::new();
    let mut by_position: Vec<SiteIx> = Vec::new();
    for (place, site) in tables.sites.rows.iter().enumerate() {
        if site.already_connected {
            continue;
        }
        match &site.building_id {
            Some(building) => groups.entry(building.clone()).or_default().push(SiteIx::new(place)),
            None => by_position.push(SiteIx::new(place)),
        }
    }
    for group in clusters(tables, &by_position, same_building) {
        let id = tables.site(group[0]).id.clone();
        groups.entry(id).or_default().extend(group);
    }
    groups
        .into_iter()
        .map(|(id, mut sites)| {
            sites.sort_unstable();
            let at = tables.site(sites[0]).at;
            let drop = drop_price(tables, &sites, card);
            Building { id, at, sites, drop }
        })
        .collect()
}

/// The price of the one drop of these sites: the largest among them.
#[must_use]
pub fn drop_price(tables: &Tables, sites: &[SiteIx], card: &RateCard) -> Pence {
    let drops = sites.iter().map(|&site| tables.site(site).drop.unwrap_or(card.drop));
    card.level.of(drops.max().unwrap_or(card.drop))
}

/// Sites within `reach` of each other, directly or through others; each cluster sorted.
fn clusters(tables: &Tables, sites: &[SiteIx], reach: Millimetres) -> Vec<Vec<SiteIx>> {
    let mut order: Vec<SiteIx> = sites.to_vec();
    order.sort_unstable_by_key(|&site| (tables.site(site).at, site));
    let mut leader: Vec<usize> = (0..order.len()).collect();
    let reach = i128::from(reach.get());
    // Sorted by x, so only the following sites within `reach` eastward can be close.
    for (place, &site) in order.iter().enumerate() {
        let here = tables.site(site).at;
        for (other_place, &other) in order.iter().enumerate().skip(place + 1) {
            let there = tables.site(other).at;
            let (dx, dy) = (i128::from(there.x - here.x), i128::from(there.y - here.y));
            if dx > reach {
                break;
            }
            if dx * dx + dy * dy <= reach * reach {
                let (a, b) = (find(&mut leader, place), find(&mut leader, other_place));
                leader[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<SiteIx>> = BTreeMap::new();
    for (place, &site) in order.iter().enumerate() {
        let root = find(&mut leader, place);
        groups.entry(root).or_default().push(site);
    }
    let mut groups: Vec<Vec<SiteIx>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

fn find(leader: &mut [usize], mut place: usize) -> usize {
    while leader[place] != place {
        leader[place] = leader[leader[place]];
        place = leader[place];
    }
    place
}
