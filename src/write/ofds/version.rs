//! Versions of the standard, and by what a file of ours is known.

/// What every file of ours says near its beginning.
pub(super) const SAYS: &str = "A plan made by fibreplan";

/// A version of the standard.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum OfdsVersion {
    /// 0.3.
    V0_3,
    /// 0.4.
    #[default]
    V0_4,
}

impl OfdsVersion {
    /// The address of the schema that describes its networks.
    #[must_use]
    pub const fn schema(self) -> &'static str {
        match self {
            Self::V0_3 => {
                "https://raw.githubusercontent.com/Open-Telecoms-Data/open-fibre-data-standard/0__3__0/schema/network-schema.json"
            }
            Self::V0_4 => "https://standard.ofds.info/en/0__4__0/network-schema.json",
        }
    }
}
