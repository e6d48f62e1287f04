//! What was noticed while building a network, as data.

use serde::Serialize;

use crate::error::Fault;
use crate::network::Unmet;
use crate::units::Millimetres;

/// A part of the network without a way to the rest.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Component {
    /// Junctions in it.
    pub junctions: usize,
    /// Spans in it.
    pub spans: usize,
    /// Buildings joined to it.
    pub buildings: usize,
    /// Exchanges joined to it.
    pub exchanges: usize,
}

/// Counts and remarks about a prepared network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkReport {
    /// Length of all spans together.
    pub length: Millimetres,
    /// Separate parts, most junctions first.
    pub components: Vec<Component>,
    /// Positions that fell on another position and became one junction with it.
    pub merged: usize,
    /// Proximity links not made because they are longer than `max_link`.
    pub too_long: usize,
    /// Proximity links not made because a barrier lies across them.
    pub barred: usize,
    /// Input spans left out because they are barriers.
    pub barriers: usize,
    /// Pieces left out because they lead from a junction to itself.
    pub self_loops: usize,
    /// Input spans left out because they have no length and join nothing.
    pub empty: usize,
    /// Spans that join the same two junctions as a span before them.
    pub parallel: usize,
    /// Input spans cut where buildings, exchanges or other spans meet them.
    pub cut: usize,
    /// Places where input spans nearly meet.
    pub unmet: Unmet,
    /// Remarks to be listed and counted: exchanges far from any route, buildings not joined.
    pub notices: Vec<Fault>,
}
