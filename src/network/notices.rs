//! Remarks on a network whose junctions, spans and places are finished.
//!
//! In: a prepared network with its counts. Out: notices with file, row and remedy: gaps, loops, what is not
//! joined, and parts that no exchange feeds.

use crate::error::Fault;
use crate::model::{Exchange, NetworkSource, Noding, Role, is_usable};
use crate::network::Prepared;
use crate::network::misses::{Misses, NAMED, Unmet};
use crate::units::{Amount, Millimetres};

/// Exchanges farther than this from every waypoint or span are noticed.
const FAR: Millimetres = Millimetres::new(1_000_000);

/// Everything worth a remark in a network whose junctions, spans and places are finished.
pub(super) fn notices(prepared: &Prepared) -> Vec<Fault> {
    let mut notices = Vec::new();
    if prepared.settings.from == NetworkSource::Spans {
        notices.extend(empty_spans(prepared));
        notices.extend(gaps(prepared));
        notices.extend(loops(prepared));
        notices.extend(unjoined_buildings(prepared));
        notices.extend(unjoined_exchanges(prepared));
    }
    notices.extend(far_exchanges(prepared));
    notices.extend(parts_without_exchange(prepared));
    notices
}

/// Ids of the first few of some input spans.
fn ids_of(prepared: &Prepared, spans: &[u32]) -> String {
    let ids =
        spans.iter().take(NAMED).map(|&span| prepared.tables.spans[span as usize].id.as_str());
    ids.collect::<Vec<_>>().join(", ")
}

/// Ends and crossings that look as if they met, with the settings that would join them.
fn gaps(prepared: &Prepared) -> Vec<Fault> {
    let Unmet { ends, sides, crossings } = &prepared.report.unmet;
    let settings = &prepared.settings;
    let notice = |code, field: &str, misses: &Misses, cause: String, remedy: String| {
        let value = ids_of(prepared, &misses.spans);
        Fault::notice(code, cause, remedy).at("", None, field).value(value)
    };
    let what = |misses: &Misses| match misses.count {
        1 => "1 end of a span lies".to_owned(),
        count => format!("{} ends of spans lie", Amount::count(count)),
    };
    let does = |misses: &Misses| if misses.count == 1 { "does" } else { "do" };
    let half = |misses: &Misses| match misses.count {
        1 => String::new(),
        _ => format!(", half of them within {} m", misses.half),
    };
    let all = |misses: &Misses| if misses.count == 1 { "it" } else { "them all" };
    let mut notices = Vec::new();
    if ends.count > 0 {
        let cause = format!(
            "{} up to {} m from the end of another span and {} not meet it{}",
            what(ends),
            ends.most,
            does(ends),
            half(ends)
        );
        let remedy = format!("network.join_m = {} would join {}", ends.most, all(ends));
        notices.push(notice("N151", "network.join_m", ends, cause, remedy));
    }
    if sides.count > 0 {
        let cause = format!(
            "{} up to {} m beside another span and {} not meet it{}",
            what(sides),
            sides.most,
            does(sides),
            half(sides)
        );
        let join = (sides.most > settings.join).then(|| format!("network.join_m = {}", sides.most));
        let touches = "network.noding = \"touches\"".to_owned();
        let touches = (settings.noding == Noding::Ends).then_some(touches);
        let keys: Vec<String> = touches.into_iter().chain(join).collect();
        let remedy = format!("{} would join {}", keys.join(" with "), all(sides));
        notices.push(notice("N152", "network.noding", sides, cause, remedy));
    }
    if crossings.count > 0 {
        let noun = if crossings.count == 1 { "point" } else { "points" };
        let cause = format!(
            "spans cross or touch at {} {noun} between their ends and do not meet there",
            Amount::count(crossings.count)
        );
        let remedy = "network.noding = \"crossings\" would join them; a bridge or tunnel needs another \
                      `level` then";
        notices.push(notice("N153", "network.noding", crossings, cause, remedy.to_owned()));
    }
    notices
}

/// Input spans of which nothing is left, because they lead from a junction to itself.
fn loops(prepared: &Prepared) -> Option<Fault> {
    let mut laid = vec![false; prepared.tables.spans.len()];
    prepared.pieces.iter().for_each(|piece| laid[piece.span as usize] = true);
    let spans = (0_u32..).zip(prepared.tables.spans.iter().zip(laid));
    let lost: Vec<u32> = spans
        .filter(|(_, (span, laid))| is_usable(span) && !laid)
        .map(|(place, _)| place)
        .collect();
    let cause = match lost.len() {
        0 => return None,
        1 => "1 span leads from a junction to itself and is left out".to_owned(),
        count => format!(
            "{} spans lead from a junction to itself and are left out",
            Amount::count(count)
        ),
    };
    let remedy = "no action is needed, unless network.join_m is longer than they are";
    Some(Fault::notice("N154", cause, remedy).at("", None, "id").value(ids_of(prepared, &lost)))
}

/// Buildings in parts of the network that no exchange is joined to.
fn parts_without_exchange(prepared: &Prepared) -> Option<Fault> {
    if prepared.tables.exchanges.rows.is_empty() {
        return None;
    }
    let parts = &prepared.report.components;
    let alone = || parts.iter().filter(|part| part.exchanges == 0 && part.buildings > 0);
    let (number, buildings) = (alone().count(), alone().map(|part| part.buildings).sum::<usize>());
    if number == 0 {
        return None;
    }
    let verb = match buildings {
        1 => "1 building is".to_owned(),
        _ => format!("{} buildings are", Amount::count(buildings)),
    };
    let of_them = match number {
        1 => "1 part".to_owned(),
        _ => format!("{} parts", Amount::count(number)),
    };
    let all = match parts.len() {
        1 => "it has no other part".to_owned(),
        all => format!("it has {} separate parts", Amount::count(all)),
    };
    let cause = format!("{verb} in {of_them} of the network that no exchange is joined to; {all}");
    let remedy = match prepared.settings.from {
        NetworkSource::Spans => {
            "look at other notices about spans and exchanges, or give them an exchange"
        }
        NetworkSource::Waypoints | NetworkSource::Sites => {
            "raise network.max_link_m, or give them an exchange"
        }
    };
    Some(Fault::notice("N155", cause, remedy).at("", None, "network"))
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
    let inputs = &prepared.tables.inputs;
    let network = inputs.iter().find(|input| input.role == Role::Network.word());
    let file = network.map_or("", |input| input.file.as_str());
    let empty = prepared.tables.spans.iter().filter(|span| !span.barrier && !is_usable(span));
    empty
        .map(|span| {
            let cause = "the span has no length and is left out";
            let remedy = "leave it out of the file, or give its ends different positions";
            let row = (span.row > 0).then_some(span.row);
            Fault::notice("N150", cause, remedy).at(file, row, "id").value(&span.id)
        })
        .collect()
}

fn unjoined_buildings(prepared: &Prepared) -> Vec<Fault> {
    let left = prepared.buildings.iter().filter(|building| building.junction.is_none());
    left.map(|building| {
        let fault = unjoined(prepared, "building", building.distance);
        let site = building.sites.first().map(|&site| prepared.tables.site(site));
        let row = site.map(|site| site.row).filter(|&row| row > 0);
        fault.at(&prepared.tables.sites.file, row, "building").value(&building.id)
    })
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
