//! Settlements: where towns and villages lie, and how many people live in them.

use crate::random::Random;

/// A spot on the national grid, in whole metres.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd)]
pub struct Spot {
    /// Easting.
    pub x: i64,
    /// Northing.
    pub y: i64,
}

impl Spot {
    /// The straight distance to another spot, rounded down to a metre.
    pub fn distance(self, other: Self) -> i64 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        (dx * dx + dy * dy).isqrt()
    }

    /// The spot moved by up to `reach` each way.
    pub fn near(self, reach: i64, random: &mut Random) -> Self {
        let x = self.x + random.between(-reach, reach);
        Self { x, y: self.y + random.between(-reach, reach) }
    }

    /// The spot `metres` away in one of 32 directions, counted from east.
    pub fn towards(self, direction: i64, metres: i64) -> Self {
        Self {
            x: self.x + cosine(direction) * metres / 1_000,
            y: self.y + cosine(direction - 8) * metres / 1_000,
        }
    }
}

/// A thousand times the cosine of an angle in thirty-seconds of a full turn.
fn cosine(direction: i64) -> i64 {
    const QUARTER: [i64; 9] = [1_000, 981, 924, 831, 707, 556, 383, 195, 0];
    let turn = usize::try_from(direction.rem_euclid(32)).unwrap_or(0);
    match turn {
        0..=8 => QUARTER[turn],
        9..=16 => -QUARTER[16 - turn],
        17..=24 => -QUARTER[turn - 16],
        _ => QUARTER[32 - turn],
    }
}

/// A town or village.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Its name, of no other settlement.
    pub name: String,
    /// Its middle.
    pub at: Spot,
    /// People living there.
    pub people: i64,
    /// Code of its district.
    pub region: &'static str,
    /// Its surroundings are sparsely populated.
    pub sparse: bool,
}

impl Settlement {
    /// Its class in the rural-urban classification of 2011, by size and surroundings.
    pub fn rurality(&self) -> &'static str {
        match (self.people, self.sparse) {
            (10_000.., false) => "C1",
            (10_000.., true) => "C2",
            (3_000.., false) => "D1",
            (3_000.., true) => "D2",
            (_, false) => "E1",
            (_, true) => "E2",
        }
    }
}

/// South-west corner of every county: dry land on the national grid.
const CORNER: Spot = Spot { x: 330_000, y: 240_000 };
const METRES2_A_SITE: i64 = 13_000_000;
const LARGEST_SIDE_M: i64 = 300_000;
const PEOPLE_A_SITE: i64 = 2_250;

/// Settlements for a county of so many sites, the largest first.
///
/// The size of the one of rank `k` is about one `k`-th of the largest (Zipf's law). Large ones keep a
/// distance from each other, so that towns serve the villages around them.
pub fn settlements(sites: usize, random: &mut Random) -> Vec<Settlement> {
    let count = (sites / 2).max(3);
    let sites = i64::try_from(sites).unwrap_or(i64::MAX / METRES2_A_SITE);
    let side = (sites * METRES2_A_SITE).isqrt().min(LARGEST_SIDE_M);
    let shares: i64 = (1..=count).map(share_of_rank).sum();
    let mut made: Vec<Settlement> = Vec::with_capacity(count);
    for rank in 1..=count {
        let fair = sites * PEOPLE_A_SITE * share_of_rank(rank) / shares;
        let at = free_spot(&made, side, random);
        let (east, north) = (at.x - CORNER.x, at.y - CORNER.y);
        made.push(Settlement {
            name: name(rank - 1),
            at,
            people: fair * random.between(85, 115) / 100,
            region: district(2 * east > side, 2 * north > side),
            sparse: 4 * east < side,
        });
    }
    made
}

fn share_of_rank(rank: usize) -> i64 {
    i64::try_from(1_000_000 / rank).unwrap_or(0)
}

/// A random spot, far from all settlements so far if that can be had.
fn free_spot(made: &[Settlement], side: i64, random: &mut Random) -> Spot {
    let crowd = i64::try_from(made.len()).unwrap_or(i64::MAX - 1) + 1;
    let mut apart = side * 6 / 10 / crowd.isqrt();
    loop {
        let x = CORNER.x + random.between(0, side);
        let spot = Spot { x, y: CORNER.y + random.between(0, side) };
        if made.iter().all(|other| other.at.distance(spot) >= apart) {
            return spot;
        }
        apart = apart * 95 / 100;
    }
}

fn district(east: bool, north: bool) -> &'static str {
    match (east, north) {
        (false, false) => "MU01",
        (false, true) => "MU02",
        (true, false) => "MU03",
        (true, true) => "MU04",
    }
}

/// The name of a place in the list: two syllables, with a prefix once they run out.
fn name(place: usize) -> String {
    const FIRST: [&str; 37] = [
        "Alder", "Bar", "Bram", "Brock", "Burn", "Cald", "Chil", "Clay", "Cope", "Dal", "Dun",
        "Elm", "Fern", "Gar", "Glen", "Hal", "Hart", "Hazel", "Holl", "Kel", "Lang", "Lin", "Mar",
        "Mill", "Nether", "Oak", "Pen", "Quen", "Rad", "Sel", "Stan", "Tarn", "Thorn", "Ul", "Wal",
        "Whit", "Yar",
    ];
    const LAST: [&str; 20] = [
        "ton", "ford", "ham", "combe", "ley", "worthy", "bury", "wick", "den", "stow", "bridge",
        "field", "beck", "moor", "hurst", "mouth", "well", "cott", "stead", "shaw",
    ];
    // Both lengths share no divisor, so stepping through both at once meets every pair.
    let (first, last) = (FIRST[place % FIRST.len()], LAST[place % LAST.len()]);
    match place / (FIRST.len() * LAST.len()) {
        0 => format!("{first}{last}"),
        round => format!("{first}{last} {}", round + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_do_not_repeat() {
        let names: BTreeSet<String> = (0..2_000).map(name).collect();
        assert_eq!(names.len(), 2_000);
    }

    #[test]
    fn directions_go_round() {
        let origin = Spot::default();
        assert_eq!(origin.towards(0, 1_000), Spot { x: 1_000, y: 0 });
        assert_eq!(origin.towards(8, 1_000), Spot { x: 0, y: 1_000 });
        assert_eq!(origin.towards(-16, 1_000), Spot { x: -1_000, y: 0 });
        assert_eq!(origin.towards(28, 1_000), Spot { x: 707, y: -707 });
    }

    #[test]
    fn towns_are_few_and_villages_many() {
        let made = settlements(320, &mut Random::new(5));
        assert_eq!(made.len(), 160);
        let towns = made.iter().filter(|place| place.people >= 10_000).count();
        assert!((8..=16).contains(&towns), "{towns} towns");
        assert!(made.iter().filter(|place| place.people < 3_000).count() > 80);
    }
}
