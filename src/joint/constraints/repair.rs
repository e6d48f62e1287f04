//! What would make a forest keep a rule.
//!
//! What for: a rule says here what is wrong with a forest, and `repair::rules` does the work. Out: the
//! steps that a rule may ask for, and the stages at which it may do so.

/// When a rule asks for something: one stage after the other, all rules at each.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Buildings change their routes.
    Routes,
    /// Buildings join those they belong to.
    Groups,
    /// Buildings go where there are too many.
    Excess,
    /// Buildings join where there are too few.
    Lack,
    /// Buildings go where those that have joined are too many.
    Last,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Routes, Self::Groups, Self::Excess, Self::Lack, Self::Last];
}

/// A step towards keeping a rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Repair {
    /// Each of these buildings gets another route, or goes.
    Reroute(Vec<u32>),
    /// Each of these buildings is joined by all those that go with it, or goes with them.
    Complete(Vec<u32>),
    /// One of these buildings goes, that with the least prize for what it counts; asked again until
    /// nothing is asked for.
    TakeOut(Vec<Counted>),
    /// One of these buildings joins, that which counts most for its cost; asked again until nothing is
    /// asked for.
    Join(Vec<Counted>),
}

/// How much a building counts towards what a rule asks for; more than nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counted {
    /// The building.
    pub building: u32,
    /// What it counts.
    pub counts: i64,
}
