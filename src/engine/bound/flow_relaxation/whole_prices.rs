//! Prices rounded to whole numbers, small enough that no sum of them overflows.

// Any prices are valid.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]

use std::rc::Rc;

use super::program::{Arc, FlowProgram, NO_TERMINAL};
use crate::engine::bound::Counts;

/// Prizes, in parts, come to no more than this; prices of nodes are no more than twice that.
const MOST_PRIZE: i64 = 1 << 48;
/// What all costs come to at one price of money is no more than this. With at most 512 terminals and 8 side
/// limits a gain is then less than 2^62.
const MOST_COST: i64 = 1 << 57;

/// Prices in parts of a unit of prize.
#[derive(Clone)]
pub(super) struct WholePrices {
    /// Parts of a unit of prize.
    pub parts: i64,
    /// Of the budget.
    pub money: i64,
    pub sides: Vec<SidePrices>,
    /// What all other prices come to, by arc, besides prizes and the charge.
    gains: Rc<Vec<i64>>,
    /// The same without prices of flows.
    without_flows: Rc<Vec<i64>>,
    most_money: i64,
}

#[derive(Clone)]
pub(super) struct SidePrices {
    pub money: i64,
    /// What is left of a unit that exempt terminals use, by arc.
    gains: Rc<Vec<i64>>,
}

/// Whether sums surely fit for prizes and a charge on costs that come to so much.
pub(super) fn fits(prizes: i64, costs: i128, charge: i64) -> bool {
    prizes <= MOST_PRIZE && costs * i128::from(charge.max(1)) <= i128::from(MOST_COST)
}

impl WholePrices {
    pub fn of(program: &FlowProgram<'_>) -> Self {
        let FlowProgram { part, values, scale, names, charge, .. } = program;
        let costs: i64 = part.cost.iter().sum::<i64>().max(1);
        let prizes = part.open_prize().max(1);
        // Room for prices of money at which the budget is worth some times all prizes.
        let spread = costs as f64 / program.budget.max(1) as f64;
        let room = (MOST_COST as f64 / 8.0 / prizes as f64 / spread)
            .min(MOST_PRIZE as f64 / prizes as f64)
            .min(MOST_COST as f64 / (costs as f64 * (*charge).max(1) as f64));
        let parts = if room >= 2.0 { 1_i64 << (room.log2().floor() as u32).min(40) } else { 1 };
        let prize_unit = f64::from(scale.prize) * parts as f64;
        let node = |price: f32| -> i64 {
            ((f64::from(price) * prize_unit).round() as i64).clamp(-2 * MOST_PRIZE, 2 * MOST_PRIZE)
        };
        let most_money = MOST_COST / costs;
        let money = |price: f32| -> i64 {
            let price = f64::from(price) * prize_unit / f64::from(scale.cost);
            (price.round() as i64).clamp(0, most_money)
        };
        let width = names.width;
        let potential: Vec<i64> = values.potential.iter().map(|&price| node(price)).collect();
        let leaf: Vec<i64> = values.leaf.iter().map(|&price| node(price).max(0)).collect();
        let arcs = &program.arcs;
        let without_flows = |arc: &Arc| {
            let head = if arc.terminal == NO_TERMINAL { leaf[arc.head] } else { 0 };
            leaf[arc.tail] - head
        };
        let gain = |arc: &Arc| {
            let gain = without_flows(arc);
            let tail = &potential[arc.tail * width..][..width];
            if arc.terminal == NO_TERMINAL {
                let head = &potential[arc.head * width..][..width];
                let rises = head.iter().zip(tail).map(|(head, tail)| (head - tail).max(0));
                gain + rises.sum::<i64>()
            } else if arc.tail == part.root as usize {
                gain
            } else {
                gain - tail[arc.terminal as usize]
            }
        };
        let sides = program.sides.iter().zip(&values.sides).map(|(row, side)| {
            let potential: Vec<i64> =
                side.potential.iter().map(|&price| node(price).max(0)).collect();
            let gain = |(place, arc): (usize, &Arc)| {
                let head = if arc.terminal == NO_TERMINAL { potential[arc.head] } else { 0 };
                let gain = potential[arc.tail] - head;
                if row.is_shareable[place] { gain } else { i64::MIN }
            };
            let gains = arcs.iter().enumerate().map(gain).collect();
            SidePrices { money: money(side.money), gains: Rc::new(gains) }
        });
        Self {
            parts,
            money: money(values.money),
            sides: sides.collect(),
            gains: Rc::new(arcs.iter().map(gain).collect()),
            without_flows: Rc::new(arcs.iter().map(without_flows).collect()),
            most_money,
        }
    }

    /// The same with another price of the budget (place 0) or of a side limit; `None` where it is the same.
    pub fn with_money(&self, place: usize, factor: f64) -> Option<Self> {
        let mut other = self.clone();
        let price = match place.checked_sub(1) {
            None => &mut other.money,
            Some(side) => &mut other.sides[side].money,
        };
        let before = *price;
        *price = ((before as f64 * factor).round() as i64).clamp(0, self.most_money);
        (*price != before).then_some(other)
    }

    /// All prices so many times as high, against prizes; `None` where parts are too coarse for that.
    pub fn raised(&self, times: i64) -> Option<Self> {
        let parts = self.parts / times;
        (parts > 0).then(|| Self { parts, ..self.clone() })
    }

    /// What holding an arc gains.
    pub fn gain(&self, program: &FlowProgram<'_>, place: usize) -> i64 {
        let prize = self.parts * program.part.prize[program.arcs[place].head];
        prize + self.gains[place] - self.money_of(program, place)
    }

    /// The price of an arc where neither prizes nor flows are counted.
    pub fn price_without_flows(&self, program: &FlowProgram<'_>, place: usize) -> i64 {
        self.money_of(program, place) - self.without_flows[place]
    }

    /// What an arc costs in money, the charge among it, less what it gains where exempt terminals use it.
    fn money_of(&self, program: &FlowProgram<'_>, place: usize) -> i64 {
        let cost = program.arcs[place].cost;
        let mut price = (self.money + self.parts * program.charge) * cost;
        for (side, row) in self.sides.iter().zip(&program.sides) {
            let counts = row.counts[place];
            let counted = if counts == Counts::Never { 0 } else { side.money * cost };
            let saved = if counts == Counts::Unshared { counted } else { 0 };
            let shared = side.gains[place];
            price += counted;
            if row.is_shareable[place] {
                price -= (saved + shared).max(0);
            }
        }
        price
    }
}
