//! What a judgement needs to know of the tables, whatever the settings.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use crate::error::Fault;
use crate::model::amounts::row_faults;
use crate::model::{NetworkSource, Tables, premises_of_piece};
use crate::units::Millimetres;

/// What the judgement of settings asks of the tables; one walk over them.
#[derive(Debug)]
pub(crate) struct TableFacts {
    /// The tables these are facts of. They cannot change in place while this looks at them.
    of: Weak<Tables>,
    /// What the spans of each method come to.
    pub(crate) methods: BTreeMap<String, MethodFacts>,
    /// Premises at all waypoints.
    pub(crate) premises_at_waypoints: u64,
    /// Premises along all spans that can be used.
    pub(crate) premises_along_spans: u64,
    /// What is wrong with rows that no reader of files and no draft makes.
    pub(crate) faults: Vec<Fault>,
}

/// What the spans of one method come to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct MethodFacts {
    /// Spans that the rate prices.
    pub(crate) count: u64,
    /// Their length, in millimetres.
    pub(crate) length_mm: u128,
    /// Pence of the spans that state a cost.
    pub(crate) stated_pence: i128,
}

impl TableFacts {
    /// The facts of some tables, linear in their spans and waypoints.
    pub(super) fn of(tables: &Arc<Tables>) -> Self {
        let mut methods: BTreeMap<String, MethodFacts> = BTreeMap::new();
        let mut premises_along_spans = 0;
        for span in &tables.spans {
            if !methods.contains_key(&span.method) {
                methods.insert(span.method.clone(), MethodFacts::default());
            }
            if !span.barrier {
                let whole = premises_of_piece(span, Millimetres::ZERO, span.length);
                premises_along_spans += u64::from(whole);
            }
            let Some(own) = methods.get_mut(&span.method) else { continue };
            match span.cost {
                _ if span.existing => {}
                Some(cost) => own.stated_pence += i128::from(cost.get()),
                None => {
                    own.count += 1;
                    own.length_mm += u128::from(span.length.get());
                }
            }
        }
        let premises = tables.waypoints.iter().map(|point| u64::from(point.premises_passed));
        Self {
            of: Arc::downgrade(tables),
            methods,
            premises_at_waypoints: premises.sum(),
            premises_along_spans,
            faults: row_faults(tables),
        }
    }

    /// Whether they are facts of these very tables.
    pub(super) fn are_of(&self, tables: &Arc<Tables>) -> bool {
        std::ptr::eq(self.of.as_ptr(), Arc::as_ptr(tables)) && self.of.strong_count() > 0
    }

    /// All premises that routes of such a network could pass, counted once each.
    pub(super) fn premises_in_reach(&self, from: NetworkSource) -> u64 {
        match from {
            NetworkSource::Waypoints => self.premises_at_waypoints,
            NetworkSource::Spans => self.premises_along_spans,
            NetworkSource::Sites => 0,
        }
    }
}
