//! The rows of sites and exchanges.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::places::{Settlement, Spot};
use super::waypoints::Layout;
use crate::random::Random;

/// A kind of site: how many, where, and what it is called.
struct Kind {
    token: &'static str,
    noun: &'static str,
    /// Of a hundred sites, so many are of this kind.
    percent: usize,
    /// How strongly a settlement of so many people attracts one.
    pull: fn(i64) -> i64,
    /// Whether it may move into a building that is there already.
    shares: bool,
}

/// Practices stand last: they take what rounding leaves.
const KINDS: [Kind; 6] = [
    Kind { token: "school", noun: "School", percent: 30, pull: spread, shares: false },
    Kind {
        token: "branch_surgery",
        noun: "Branch Surgery",
        percent: 15,
        pull: small,
        shares: true,
    },
    Kind { token: "community", noun: "Clinic", percent: 10, pull: sizeable, shares: true },
    Kind { token: "library", noun: "Library", percent: 10, pull: sizeable, shares: true },
    Kind { token: "hospital", noun: "Hospital", percent: 5, pull: town, shares: false },
    Kind { token: "gp_practice", noun: "Surgery", percent: 30, pull: by_people, shares: false },
];

fn spread(people: i64) -> i64 {
    let root = people.isqrt();
    root * root.isqrt()
}

fn small(people: i64) -> i64 {
    if people < 12_000 { people.isqrt() } else { 0 }
}

fn sizeable(people: i64) -> i64 {
    if people >= 2_000 { spread(people) } else { 0 }
}

fn town(people: i64) -> i64 {
    if people >= 6_000 { people } else { 0 }
}

fn by_people(people: i64) -> i64 {
    if people >= 1_500 { people } else { 0 }
}

/// The table of sites: exactly `count` rows below the head.
pub fn site_rows(
    settlements: &[Settlement],
    layout: &Layout,
    count: usize,
    random: &mut Random,
) -> String {
    let head = "id,name,kind,easting,northing,patients,rurality,region,download_mbps,\
                already_connected\n";
    let mut text = String::from(head);
    let mut built: Vec<Vec<Spot>> = vec![Vec::new(); settlements.len()];
    let mut named: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for number in 1..=count {
        let kind = kind_of(number, count);
        let pulls: Vec<i64> = settlements.iter().map(|place| (kind.pull)(place.people)).collect();
        let home = random.weighted(&pulls).unwrap_or(0);
        let at = position(kind, &built[home], &layout.streets[home], random);
        built[home].push(at);
        let namesakes = named.entry((home, kind.token)).or_default();
        *namesakes += 1;
        let settlement = &settlements[home];
        let mut name = format!("{} {}", settlement.name, kind.noun);
        if *namesakes > 1 {
            let _ = write!(name, " {namesakes}");
        }
        let patients = patients(kind, settlement, random);
        let rurality = if random.chance(3) { "" } else { settlement.rurality() };
        let speed = download(settlement, random);
        let has_fibre = kind.token == "hospital" && random.chance(15);
        let connected = if has_fibre { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "MU{number:04},{name},{},{},{},{patients},{rurality},{},{speed},{connected}",
            kind.token, at.x, at.y, settlement.region
        );
    }
    text
}

/// The kind of the site of a number: kinds come one after the other, in their shares.
fn kind_of(number: usize, count: usize) -> &'static Kind {
    let mut end = 0;
    let kind = KINDS.iter().find(|kind| {
        end += count * kind.percent / 100;
        number <= end
    });
    kind.unwrap_or(&KINDS[KINDS.len() - 1])
}

fn position(kind: &Kind, built: &[Spot], streets: &[Spot], random: &mut Random) -> Spot {
    if kind.shares && !built.is_empty() && random.chance(35) {
        return built[random.place(built.len())];
    }
    streets[random.place(streets.len())].near(40, random)
}

/// The list size of a practice; nothing for the others, which have no list.
///
/// Drawn from the deciles of a lognormal with mean 8,300 and median 7,000; villages have smaller ones.
fn patients(kind: &Kind, settlement: &Settlement, random: &mut Random) -> String {
    const DECILES: [i64; 11] =
        [1_400, 3_300, 4_300, 5_200, 6_100, 7_000, 8_100, 9_500, 11_400, 15_000, 26_000];
    if kind.token != "gp_practice" {
        return String::new();
    }
    let decile = random.place(10);
    let list = random.between(DECILES[decile], DECILES[decile + 1]);
    let list = if settlement.people < 5_000 { list * 85 / 100 } else { list };
    list.to_string()
}

fn download(settlement: &Settlement, random: &mut Random) -> String {
    if random.chance(8) {
        return String::new();
    }
    let best = match settlement.people {
        10_000.. => 80,
        3_000.. => 60,
        _ => 35,
    };
    random.between(2, best).to_string()
}

/// The table of exchanges: one or more in each town, one in some of the larger villages.
pub fn exchange_rows(settlements: &[Settlement], layout: &Layout, random: &mut Random) -> String {
    let mut text = String::from("id,name,easting,northing,enable_gbp,region,already_enabled\n");
    let mut number = 0;
    for (place, (settlement, streets)) in settlements.iter().zip(&layout.streets).enumerate() {
        let exchanges = match settlement.people {
            3_000.. => 1 + settlement.people / 40_000,
            900.. => i64::from(random.chance(40)),
            _ => 0,
        };
        // A county of any size has somewhere to start from.
        let exchanges = exchanges.max(i64::from(place == 0));
        for nth in 0..exchanges {
            number += 1;
            let street = if nth == 0 { 0 } else { random.place(streets.len()) };
            let at = streets[street].near(60, random);
            let enabled = settlement.people >= 30_000;
            let (price, enabled) =
                if enabled { (0, "yes") } else { (5_000 * random.between(3, 6), "no") };
            let mut name = settlement.name.clone();
            if nth > 0 {
                let _ = write!(name, " {}", nth + 1);
            }
            let (x, y, region) = (at.x, at.y, settlement.region);
            let _ = writeln!(text, "MX{number:03},{name},{x},{y},{price},{region},{enabled}");
        }
    }
    text
}
