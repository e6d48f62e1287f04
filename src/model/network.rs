//! How the route network is made from the tables.

use serde::Serialize;

use crate::units::Millimetres;

/// What the network is made from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkSource {
    /// Lines: roads, ducts, pole routes.
    Spans,
    /// Proximity links over waypoints, buildings and exchanges.
    Waypoints,
    /// Proximity links over buildings and exchanges alone.
    Sites,
}

/// Where input spans meet.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noding {
    /// At their ends only.
    #[default]
    Ends,
    /// Also where an end lies on a span.
    Touches,
    /// Also where spans of one level cross.
    Crossings,
    /// Where the nodes of their file say: it was cut there on reading, and ends meet. No key asks for it; a road
    /// file has it.
    Nodes,
}

/// The settings of the route network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NetworkSettings {
    /// What the network is made from.
    pub from: NetworkSource,
    /// Route length over straight length of a proximity link, in millionths (1.3 is 1,300,000).
    pub detour_millionths: u64,
    /// Longer proximity links (straight) are not made.
    pub max_link: Millimetres,
    /// Rate-card method of a proximity link; empty with `spans`.
    pub method: String,
    /// Buildings and exchanges farther than this from every span are not joined.
    pub snap_limit: Millimetres,
    /// Span ends this close are one junction.
    pub join: Millimetres,
    /// Where spans meet.
    pub noding: Noding,
    /// Sites this close are one building.
    pub same_building: Millimetres,
}

impl NetworkSettings {
    /// Proximity links over waypoints, buildings and exchanges, laid by a rate-card method; 1.3 times
    /// as long as the straight line and at most 5 km of it.
    #[must_use]
    pub fn waypoints(method: &str) -> Self {
        Self {
            from: NetworkSource::Waypoints,
            detour_millionths: 1_300_000,
            max_link: Millimetres::new(5_000_000),
            method: method.to_owned(),
            snap_limit: Millimetres::new(500_000),
            join: Millimetres::new(1),
            noding: Noding::Ends,
            same_building: Millimetres::ZERO,
        }
    }

    /// The same over buildings and exchanges alone.
    #[must_use]
    pub fn sites(method: &str) -> Self {
        Self { from: NetworkSource::Sites, ..Self::waypoints(method) }
    }

    /// Input spans that meet at their ends; buildings and exchanges join spans within 500 m.
    #[must_use]
    pub fn spans() -> Self {
        Self { from: NetworkSource::Spans, ..Self::waypoints("") }
    }

    /// Route length of a proximity link of a straight length: times the detour, rounded half up.
    #[must_use]
    pub fn link_length(&self, straight: Millimetres) -> Millimetres {
        let exact = u128::from(straight.get()) * u128::from(self.detour_millionths);
        let rounded = (exact + 500_000) / 1_000_000;
        Millimetres::new(u64::try_from(rounded).unwrap_or(u64::MAX))
    }
}
