//! The faults and notices that a judgement of settings gathers.

use crate::error::Fault;

/// Collects faults of settings, each at the path of its key.
#[derive(Default)]
pub(crate) struct Found(pub(crate) Vec<Fault>);

impl Found {
    pub(crate) fn add(&mut self, path: &str, fault: Fault) {
        self.0.push(fault.at("", None, path));
    }
}
