//! Why no forest can keep a rule.

/// What is proven about a rule: it holds for all forests, whatever the money. In thousandths.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reason {
    /// A floor is above what all that can be connected adds up to.
    OutOfReach {
        /// The floor.
        at_least: i64,
        /// What it all adds up to.
        most: i64,
    },
    /// A quota is below what all that is required adds up to.
    Exceeded {
        /// The quota.
        at_most: i64,
        /// What is required adds up to this.
        least: i64,
    },
}
