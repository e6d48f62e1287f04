//! Round numbers: ticks of an axis, the length of a scale bar, and how numbers are said.

use crate::write::text::separated;

/// An axis from nought: its end and its ticks, in its own unit.
pub(super) struct Axis {
    pub(super) end: f64,
    pub(super) ticks: Vec<f64>,
    step: f64,
}

/// 1, 2 or 5 times a power of ten, the largest that is no more than this.
pub(super) fn round_below(number: f64) -> f64 {
    if !number.is_finite() || number <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(number.log10().floor());
    let times = [5.0, 2.0].into_iter().find(|&times| times * power <= number * (1.0 + 1e-9));
    times.unwrap_or(1.0) * power
}

impl Axis {
    /// An axis that holds `most`, with some five ticks.
    pub(super) fn holding(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let step = round_below(most / 3.5);
        let mut ticks = vec![0.0];
        let mut count = 0.0;
        while ticks.last().is_some_and(|&last| last < most * (1.0 - 1e-9)) {
            count += 1.0;
            ticks.push(count * step);
        }
        Self { end: count * step, ticks, step }
    }

    /// A tick as it is written: with as many decimals as its step needs, thousands apart.
    pub(super) fn label(&self, tick: f64) -> String {
        let is_whole = |decimals: &usize| {
            let scaled = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6][*decimals] * self.step;
            (scaled - scaled.round()).abs() < 1e-6
        };
        let decimals = (0..6).find(is_whole).unwrap_or(6);
        separated(&format!("{tick:.decimals$}"))
    }
}

/// How many ones a unit holds, and its name, for values up to `most`.
pub(super) fn unit(most: f64) -> (f64, &'static str) {
    match most {
        _ if most >= 2e6 => (1e6, "million"),
        _ if most >= 10_000.0 => (1e3, "thousand"),
        _ => (1.0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_all() {
        let axis = Axis::holding(1_930.0);
        assert_eq!(axis.ticks, [0.0, 500.0, 1000.0, 1500.0, 2000.0]);
        assert_eq!(axis.label(1500.0), "1,500");
        let small = Axis::holding(0.7);
        assert_eq!(small.ticks.len(), 5);
        assert_eq!(small.label(small.ticks[3]), "0.6");
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Axis::holding(odd).ticks.last(), Some(&1.0));
        }
        assert_eq!([7_300.0, 2_000.0, 1.0].map(round_below).to_vec(), [5_000.0, 2_000.0, 1.0]);
        assert_eq!(unit(7e6).1, "million");
    }
}
