//! Sites by what each costs for a unit of its coverage.

use serde::Serialize;

use crate::report::page::sites::PageSite;
use crate::units::{Pence, Weight};

/// Connected sites whose cost for a unit of coverage lies between two bounds.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CostClass {
    /// The least; zero for the first class.
    pub from: Pence,
    /// Less than this.
    pub to: Pence,
    /// How many.
    pub sites: usize,
    /// Their coverage.
    pub coverage: Weight,
    /// Their cost shares together.
    pub cost: Pence,
}

/// Classes whose bounds run 1, 2, 5, 10, 20, 50 and on, in pounds or pence, from the first that holds a site to
/// the last; empty where no connected site counts anything.
#[must_use]
pub fn cost_classes(sites: &[PageSite]) -> Vec<CostClass> {
    let mut bounds = vec![0_i64];
    let mut step = 1_i64;
    while step < 100_000_000_000 {
        bounds.extend([step, 2 * step, 5 * step]);
        step *= 10;
    }
    let mut classes: Vec<CostClass> = bounds
        .windows(2)
        .map(|ends| CostClass {
            from: Pence::new(ends[0]),
            to: Pence::new(ends[1]),
            ..CostClass::default()
        })
        .collect();
    for site in sites {
        let Some(cost) = site.cost.filter(|_| site.coverage > Weight::ZERO) else { continue };
        let thousandths = i128::from(site.coverage.thousandths());
        let each = i128::from(cost.get()) * 1000 / thousandths;
        let place = classes.partition_point(|class| i128::from(class.to.get()) <= each);
        let Some(class) = classes.get_mut(place) else { continue };
        class.sites += 1;
        class.coverage += site.coverage;
        class.cost += cost;
    }
    let first = classes.iter().position(|class| class.sites > 0);
    let last = classes.iter().rposition(|class| class.sites > 0);
    match (first, last) {
        (Some(first), Some(last)) => classes.drain(first..=last).collect(),
        _ => Vec::new(),
    }
}
