//! Typed positions in the tables of a scenario and of a prepared network.
//!
//! Users know sites by the text ids of their files; inside, a thing is known by its place in a sorted
//! table. Each table has its own type, so a site cannot be looked up among the exchanges.

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index of place `place`.
            ///
            /// # Panics
            ///
            /// When `place` exceeds `u32`: tables are limited to four thousand million rows on entry.
            #[must_use]
            pub fn new(place: usize) -> Self {
                Self(u32::try_from(place).expect("tables hold fewer than 2^32 rows"))
            }

            /// The place as a `usize`, to index a slice with.
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(
    /// A site: its place among the sites of a scenario, sorted by id.
    SiteIx
);
index!(
    /// An exchange: its place among the exchanges of a scenario, sorted by id.
    ExchangeIx
);
index!(
    /// A programme: its place in the scenario, in the order the scenario lists them.
    ProgrammeIx
);
index!(
    /// A building: its place among the buildings of a scenario, sorted by building id.
    BuildingIx
);
index!(
    /// A junction of a prepared network.
    JunctionIx
);
index!(
    /// A span of a prepared network.
    SpanIx
);
