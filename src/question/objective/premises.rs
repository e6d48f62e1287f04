//! Premises passed as prizes of the question: at junctions, and halfway along spans.
//!
//! What for: premises near what is built become viable, so routes are worth something themselves. In: a
//! prepared network and a scenario whose objective counts premises. Out: which junctions and spans bring how
//! much. Whose objective does not count them has none, and its question is as if there were no premises.

use crate::ids::{JunctionIx, SpanIx};
use crate::model::{PREMISES, Scenario};
use crate::network::Prepared;

/// Premises by junction and span, in thousandths.
#[derive(Default)]
pub struct Passing {
    /// The place of premises in the list of objectives.
    place: Option<usize>,
    /// Junctions with premises.
    pub at: Vec<(JunctionIx, i64)>,
    /// Spans with premises. Each becomes two edges of half its price with a node between them that holds
    /// the prize: a route takes both or none.
    pub along: Vec<(SpanIx, i64)>,
}

impl Passing {
    /// What a scenario's objective counts of premises.
    pub fn new(prepared: &Prepared, scenario: &Scenario) -> Self {
        let place = scenario.objective_weights().iter().position(|&name| name == PREMISES);
        if place.is_none() {
            return Self::default();
        }
        let junctions = (0..prepared.junctions().len()).map(JunctionIx::new);
        let at = junctions.map(|junction| (junction, thousandths(prepared.premises_at(junction))));
        let spans = (0..prepared.spans().len()).map(SpanIx::new);
        let along = spans.map(|span| (span, thousandths(prepared.premises_along(span))));
        Self {
            place,
            at: at.filter(|&(_, premises)| premises > 0).collect(),
            along: along.filter(|&(_, premises)| premises > 0).collect(),
        }
    }

    /// What each junction and span with premises brings of an objective of the list.
    pub fn of_objective(&self, place: usize) -> impl Iterator<Item = i64> + '_ {
        let all = self.at.iter().map(|own| own.1).chain(self.along.iter().map(|own| own.1));
        all.map(move |premises| if self.place == Some(place) { premises } else { 0 })
    }

    /// So much of premises as what is brought of each of so many objectives.
    pub fn brings(&self, objectives: usize, premises: i64) -> Vec<i64> {
        let own = |place| if self.place == Some(place) { premises } else { 0 };
        (0..objectives).map(own).collect()
    }
}

fn thousandths(premises: u32) -> i64 {
    i64::from(premises) * 1000
}
