//! What was noticed while building a network, as data.

use serde::Serialize;

use crate::error::Fault;
use crate::model::{Exchange, InputSpan, NetworkSource};
use crate::network::Prepared;
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
    /// Remarks to be listed and counted: exchanges far from any route, buildings not joined.
    pub notices: Vec<Fault>,
}

/// Exchanges farther than this from every waypoint or span are noticed.
const FAR: Millimetres = Millimetres::new(1_000_000);

/// Everything worth a remark in a network whose junctions, spans and places are finished.
pub(super) fn notices(prepared: &Prepared) -> Vec<Fault> {
    match prepared.settings.from {
        NetworkSource::Waypoints | NetworkSource::Sites => far_exchanges(prepared),
        NetworkSource::Spans => {
            let mut notices = empty_spans(prepared);
            notices.extend(unjoined_buildings(prepared));
            notices.extend(unjoined_exchanges(prepared));
            notices.extend(far_exchanges(prepared));
            notices
        }
    }
}

/// Exchanges that are part of the network though far from where anybody digs.
fn far_exchanges(prepared: &Prepared) -> Vec<Fault> {
    let nearest = match prepared.settings.from {
        NetworkSource::Waypoints | NetworkSource::Sites => "waypoint",
        NetworkSource::Spans => "span",
    };
    let rows = prepared.tables.exchanges.rows.iter().zip(&prepared.exchanges);
    let far = rows.filter_map(|(row, place)| {
        place.junction?;
        let distance = place.distance.filter(|&distance| distance > FAR)?;
        let cause = format!("the exchange lies {distance} m from the nearest {nearest}");
        let remedy = "check its position, or leave it out with `exclude`";
        Some(at_exchange(Fault::notice("N160", cause, remedy), prepared, row))
    });
    far.collect()
}

fn empty_spans(prepared: &Prepared) -> Vec<Fault> {
    let empty = prepared.tables.spans.iter().filter(|span| !span.barrier && is_empty(span));
    empty
        .map(|span| {
            let cause = "the span has no length and is left out";
            let remedy = "leave it out of the file, or give its ends different positions";
            let row = (span.row > 0).then_some(span.row);
            Fault::notice("N150", cause, remedy).at("", row, "id").value(&span.id)
        })
        .collect()
}

/// Whether a span is of no use because it has no length.
pub(super) fn is_empty(span: &InputSpan) -> bool {
    span.length == Millimetres::ZERO || span.line.len() < 2
}

fn unjoined_buildings(prepared: &Prepared) -> Vec<Fault> {
    let left = prepared.buildings.iter().filter(|building| building.junction.is_none());
    left.map(|building| unjoined(prepared, "building", building.distance).value(&building.id))
        .collect()
}

fn unjoined_exchanges(prepared: &Prepared) -> Vec<Fault> {
    let rows = prepared.tables.exchanges.rows.iter().zip(&prepared.exchanges);
    rows.filter(|(_, place)| place.junction.is_none())
        .map(|(row, place)| {
            at_exchange(unjoined(prepared, "exchange", place.distance), prepared, row)
        })
        .collect()
}

fn unjoined(prepared: &Prepared, what: &str, distance: Option<Millimetres>) -> Fault {
    let limit = prepared.settings.snap_limit;
    if let Some(near) = distance.filter(|&distance| distance <= limit) {
        let cause = format!(
            "a barrier lies between the {what} and every span within {limit} m, the nearest {near} m off"
        );
        return Fault::notice("N163", cause, "check the barrier, or raise network.snap_limit_m");
    }
    let code = if what == "building" { "N162" } else { "N161" };
    let cause = match distance {
        Some(distance) => {
            format!("the {what} lies {distance} m from the nearest span and is not joined")
        }
        None => format!("there is no span to join the {what} to"),
    };
    Fault::notice(code, cause, "check its position, or raise network.snap_limit_m")
}

fn at_exchange(fault: Fault, prepared: &Prepared, row: &Exchange) -> Fault {
    let file = &prepared.tables.exchanges.file;
    fault.at(file, (row.row > 0).then_some(row.row), "id").value(&row.id)
}
