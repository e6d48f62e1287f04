//! Waypoints: along the streets of settlements, along the roads between them, and at farms.

use std::collections::BTreeSet;

use super::places::{Settlement, Spot};
use crate::random::Random;

/// A point that routes may pass.
#[derive(Clone, Copy, Debug)]
pub struct Waypoint {
    /// Where it is.
    pub at: Spot,
    /// Premises at it.
    pub premises: i64,
}

/// All waypoints, and which are the streets of which settlement.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// In the order in which they were laid out, no two at one spot.
    pub waypoints: Vec<Waypoint>,
    /// Spots in the streets of each settlement; the first is its middle.
    pub streets: Vec<Vec<Spot>>,
}

/// Waypoints laid out so far, up to a number.
struct Drawing {
    waypoints: Vec<Waypoint>,
    taken: BTreeSet<Spot>,
    limit: usize,
}

impl Drawing {
    fn is_full(&self) -> bool {
        self.waypoints.len() == self.limit
    }

    fn mark(&mut self, at: Spot, premises: i64) {
        if !self.is_full() && self.taken.insert(at) {
            self.waypoints.push(Waypoint { at, premises });
        }
    }
}

/// Lays out exactly `count` waypoints: about six tenths in streets, three along roads, one at farms.
pub fn lay_out(settlements: &[Settlement], count: usize, random: &mut Random) -> Layout {
    let mut drawing = Drawing { waypoints: Vec::new(), taken: BTreeSet::new(), limit: count };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let bulks: Vec<i64> = settlements.iter().map(street_share).collect();
    let all: i64 = bulks.iter().sum::<i64>().max(1);
    let mut streets = Vec::with_capacity(settlements.len());
    for (settlement, bulk) in settlements.iter().zip(bulks) {
        let length = (count * 6 / 10 * bulk / all).max(2);
        let spots = street_spots(settlement, length, random);
        for &spot in &spots {
            drawing.mark(spot, random.between(8, 25));
        }
        streets.push(spots);
    }
    draw_roads(settlements, count * 3 / 10, &mut drawing, random);
    draw_farms(&mut drawing, random);
    Layout { waypoints: drawing.waypoints, streets }
}

/// In proportion to the number of people to the power of three quarters: towns are denser.
fn street_share(settlement: &Settlement) -> i64 {
    let root = settlement.people.isqrt();
    root * root.isqrt()
}

/// Streets that start from the middle, bend a little and send out side streets.
fn street_spots(settlement: &Settlement, length: i64, random: &mut Random) -> Vec<Spot> {
    const METRES2_A_HEAD: i64 = 250;
    let step = (settlement.people * METRES2_A_HEAD / length).isqrt().clamp(60, 400);
    let mut spots = vec![settlement.at];
    let first = random.between(0, 31);
    let arms = random.between(3, 5);
    let mut tips: Vec<(Spot, i64)> =
        (0..arms).map(|arm| (settlement.at, first + arm * 32 / arms)).collect();
    for _ in 1..length {
        let place = random.place(tips.len());
        let (from, mut direction) = tips[place];
        direction += random.between(-1, 1);
        let spot = from.towards(direction, step * random.between(80, 125) / 100);
        tips[place] = (spot, direction);
        if random.chance(30) {
            let side = if random.chance(50) { 8 } else { -8 };
            tips.push((spot, direction + side));
        }
        spots.push(spot);
    }
    spots
}

/// Roads from every settlement to the two nearest larger ones, with `count` waypoints along them.
fn draw_roads(settlements: &[Settlement], count: i64, drawing: &mut Drawing, random: &mut Random) {
    let mut roads: Vec<(Spot, Spot)> = Vec::new();
    for (rank, settlement) in settlements.iter().enumerate() {
        let mut larger: Vec<Spot> = settlements[..rank].iter().map(|place| place.at).collect();
        larger.sort_by_key(|&spot| (spot.distance(settlement.at), spot));
        roads.extend(larger.into_iter().take(2).map(|end| (settlement.at, end)));
    }
    let total: i64 = roads.iter().map(|&(from, to)| from.distance(to)).sum();
    let spacing = (total / count.max(1)).max(50);
    for (from, to) in roads {
        draw_road(from, to, spacing, drawing, random);
    }
}

/// One road: a parabola from end to end, bowed to one side by up to an eighth of its length.
fn draw_road(from: Spot, to: Spot, spacing: i64, drawing: &mut Drawing, random: &mut Random) {
    let steps = from.distance(to) / spacing + 1;
    let bow = random.between(-25, 25);
    let middle = Spot {
        x: i64::midpoint(from.x, to.x) - (to.y - from.y) * bow / 100,
        y: i64::midpoint(from.y, to.y) + (to.x - from.x) * bow / 100,
    };
    for step in 1..steps {
        let rest = steps - step;
        let blend = |a: i64, b: i64, c: i64| {
            (a * rest * rest + 2 * b * rest * step + c * step * step) / (steps * steps)
        };
        let on_curve = Spot { x: blend(from.x, middle.x, to.x), y: blend(from.y, middle.y, to.y) };
        let at = on_curve.near(spacing / 12, random);
        drawing.mark(at, random.between(0, 4));
    }
}

/// Farms within a kilometre of what is there, until the number is reached.
fn draw_farms(drawing: &mut Drawing, random: &mut Random) {
    let before = drawing.waypoints.len();
    while !drawing.is_full() {
        let beside = drawing.waypoints[random.place(before)].at;
        let at = beside.near(1_000, random);
        drawing.mark(at, random.between(1, 3));
    }
}
