//! Another version of a scenario, by a name.

use crate::error::Fault;
use crate::model::Scenario;

/// A scenario to be compared with the one it is a version of, or what is wrong with it.
///
/// ```no_run
/// use fibreplan::model::{Scenario, Variant};
/// use fibreplan::units::Pence;
/// # fn dearer(base: &Scenario) -> Variant {
/// let mut scenario = base.clone(); // the tables are shared
/// scenario.rate_card.drop = Pence::from_whole_pounds(2000);
/// Variant::new("dearer-drops", scenario)
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Short name (`a-z 0-9 -`), not `base`.
    pub name: String,
    /// Title for reports; the name where none is given.
    pub title: String,
    /// The whole question, or all its faults.
    pub scenario: Result<Scenario, Vec<Fault>>,
}

impl Variant {
    /// A variant made in Rust, whose title is its name.
    #[must_use]
    pub fn new(name: &str, scenario: Scenario) -> Self {
        Self { name: name.to_owned(), title: name.to_owned(), scenario: Ok(scenario) }
    }
}
