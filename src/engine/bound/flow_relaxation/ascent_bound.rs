//! The bound that a dual ascent gives at the prices of the relaxation, all but those of flows.
//!
//! What for: prices of flows lag behind where those of money must still move far, above all where what is
//! required cannot be paid for; an ascent finds good ones for whatever the others are. Arcs of negative price
//! are paid for once and then free.

use super::program::FlowProgram;
use super::whole_prices::WholePrices;
use crate::engine::bound::{Ascent, AscentScratch, AscentSettings, ENDLESS, Price};

/// Sums of prices stay below this, far from [`ENDLESS`].
const ROOM: i128 = 1 << 58;
/// The price of an arc that no better tree holds.
const BARRED: i64 = ENDLESS / 4;
/// Times by which all prices are raised, one after the other.
const RAISED: [i64; 3] = [1, 8, 8];

impl FlowProgram<'_> {
    /// The least bound of ascents at the present prices and at higher ones, and how many looks at arcs they
    /// took; `None` where something required cannot be reached. A bound that numbers have no room for is
    /// `i64::MAX`.
    pub fn bound_by_ascent(
        &self,
        stop: &dyn Fn() -> bool,
        scratch: &mut AscentScratch,
    ) -> (Option<i64>, u64) {
        let mut prices = WholePrices::of(self);
        let (mut least, mut scans) = (i64::MAX, 0);
        for times in RAISED {
            let Some(raised) = prices.raised(times) else { break };
            prices = raised;
            let Some(mut ascent) = self.start_at(&prices) else { break };
            let constant = self.constant(&prices, &ascent);
            for price in &mut ascent.reduced {
                *price = (*price).max(0);
            }
            let settings = AscentSettings { stop, ..AscentSettings::default() };
            ascent.rise(self.part, settings, scratch);
            scans += ascent.scans;
            if !ascent.feasible {
                return (None, scans);
            }
            let total = constant - i128::from(ascent.lower);
            let bound = total.div_euclid(i128::from(prices.parts));
            least = least.min(i64::try_from(bound).unwrap_or(i64::MAX));
        }
        (Some(least), scans)
    }

    /// An ascent before any raise, with prices that may be negative; `None` where they add up to too much.
    fn start_at(&self, prices: &WholePrices) -> Option<Ascent> {
        let price = Price { cost: 0, prize: prices.parts };
        let mut ascent = Ascent::start(self.part, price);
        ascent.reduced.fill(BARRED);
        let mut sum = i128::from(prices.parts) * i128::from(self.part.open_prize());
        let rows = &self.part.rows;
        for (place, arc) in self.arcs.iter().enumerate() {
            let price = prices.price_without_flows(self, place);
            sum += i128::from(price.abs());
            let into = u32::try_from(arc.head).ok()?;
            let at = rows.row(into).find(|&at| rows.edge(at) == arc.edge)?;
            ascent.reduced[at] = price;
        }
        (sum <= ROOM).then_some(ascent)
    }

    /// What the bound is before the ascent: money and side limits, all prizes, and what arcs of negative price
    /// give, one into each node.
    fn constant(&self, prices: &WholePrices, ascent: &Ascent) -> i128 {
        let mut constant = i128::from(prices.money) * i128::from(self.budget);
        for (price, side) in prices.sides.iter().zip(&self.sides) {
            constant += i128::from(price.money) * i128::from(side.limit);
        }
        constant += i128::from(prices.parts) * i128::from(self.part.open_prize());
        let rows = &self.part.rows;
        for node in self.part.all_nodes().filter(|&node| node != self.part.root) {
            let least = rows.row(node).map(|place| ascent.reduced[place]).min();
            constant -= i128::from(least.unwrap_or(0).min(0));
        }
        constant
    }
}
