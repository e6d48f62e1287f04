//! From figures to places on a chart, and the round figures along an axis.

/// A linear scale from nought to the last of its ticks.
pub(super) struct Scale {
    from: f64,
    to: f64,
    most: f64,
    /// Round figures from nought to at least the largest that is shown.
    pub ticks: Vec<i64>,
}

impl Scale {
    /// A scale whose nought lies at `from` and whose end at `to`, for figures up to a largest.
    pub(super) fn new(largest: i64, about: i64, [from, to]: [f64; 2]) -> Self {
        let ticks = ticks(largest.max(1), about);
        let most = ticks.last().copied().unwrap_or(1);
        Self { from, to, most: float(most), ticks }
    }

    /// The same, ending at the largest figure itself.
    pub(super) fn close(largest: i64, about: i64, ends: [f64; 2]) -> Self {
        let mut scale = Self::new(largest, about, ends);
        let largest = largest.max(1);
        scale.ticks.retain(|&tick| tick <= largest);
        scale.most = float(largest);
        scale
    }

    /// Where a figure lies.
    pub(super) fn place(&self, figure: i64) -> f64 {
        self.from + (self.to - self.from) * float(figure) / self.most
    }
}

/// A figure for drawing: what is lost beyond 53 bits is far below a pixel.
#[expect(clippy::cast_precision_loss)]
fn float(figure: i64) -> f64 {
    figure as f64
}

/// Multiples of 1, 2 or 5 times a power of ten, about so many of them.
fn ticks(largest: i64, about: i64) -> Vec<i64> {
    let mut step = 1_i64;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut power = 1_i64;
    while largest / step >= about.max(1) {
        let factor = factors.next().unwrap_or(10);
        let Some(next) = power.checked_mul(factor) else { break };
        step = next;
        if factor == 10 {
            power = step;
        }
    }
    let mut ticks = vec![0];
    while ticks.last().is_some_and(|&last| last < largest) {
        let Some(next) = ticks.last().and_then(|last| last.checked_add(step)) else { break };
        ticks.push(next);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_the_largest() {
        assert_eq!(ticks(7, 5), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(100, 4), [0, 50, 100]);
        assert_eq!(
            ticks(1_933_298_000, 5),
            [0, 500_000_000, 1_000_000_000, 1_500_000_000, 2_000_000_000]
        );
        assert!(ticks(i64::MAX, 5).len() < 12);
    }
}
