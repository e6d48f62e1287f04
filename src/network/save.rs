//! A prepared network as one compact file, and back.
//!
//! What for: the network of a country is built once and used on many days. Out: bytes with a version, the
//! hash of everything the network was made from, the tables of numbers as variable-length integers, and a
//! checksum. In: such bytes and the scenario; a file that is stale, of another version or damaged is
//! refused with the reason. Lines, ids and prices are not in it: they are the scenario's.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::error::{Error, Fault};
use crate::files::{FileTarget, bytes_within};
use crate::geometry::Point;
use crate::ids::{BuildingIx, ExchangeIx, JunctionIx};
use crate::model::{Crossed, Scenario};
use crate::network::crossed::Crossings;
use crate::network::origin::{HASH, made_from};
use crate::network::packed::Output;
use crate::network::{Misses, Piece, Prepared, RouteSpan, SpanSource, Unmet, components};
use crate::units::Millimetres;

/// First bytes of a file. A network may differ between releases, so the release is part of them.
const MAGIC: &str = concat!("fibreplan network ", env!("CARGO_PKG_VERSION"), "\n");

/// Most bytes of a file, many times what the network of a country takes.
const MOST_SAVED: u64 = 2 << 30;

impl Prepared {
    /// The network as bytes, to be read back by [`from_bytes`](Self::from_bytes).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Output(MAGIC.as_bytes().to_vec());
        out.0.extend(made_from(&self.tables, &self.settings));
        out.junctions(&self.junctions);
        out.spans(self);
        let report = &self.report;
        let counts = [report.merged, report.too_long, report.barred, report.barriers];
        let more = [report.self_loops, report.empty, report.cut];
        counts.into_iter().chain(more).for_each(|count| out.count(count));
        let Unmet { ends, sides, crossings } = &report.unmet;
        for misses in [ends, sides, crossings] {
            out.misses(misses);
        }
        for building in &self.buildings {
            out.option(building.junction.map(|junction| u64::from(junction.0)));
            out.option(building.distance.map(Millimetres::get));
        }
        for exchange in &self.exchanges {
            out.option(exchange.junction.map(|junction| u64::from(junction.0)));
            out.option(exchange.distance.map(Millimetres::get));
            out.option(exchange.towards.map(|junction| u64::from(junction.0)));
        }
        out.crossings(&self.crossings.of_inputs);
        out.crossings(&self.crossings.of_links);
        let checksum = Sha256::digest(&out.0);
        out.0.extend(checksum);
        out.0
    }

    /// The network of a scenario from its bytes.
    ///
    /// # Errors
    ///
    /// Faults: N180 when these are not the bytes of a network of this release, or damaged; N181 when
    /// the network was made from other tables or settings.
    pub fn from_bytes(bytes: &[u8], scenario: &Scenario) -> Result<Self, Error> {
        let Some(rest) = bytes.strip_prefix(MAGIC.as_bytes()) else {
            return Err(refused(
                "N180",
                "this is not a network saved by this release of fibreplan",
            ));
        };
        let damaged = || refused("N180", "the saved network is damaged");
        let split = bytes.len().checked_sub(HASH).ok_or_else(damaged)?;
        if rest.len() < 2 * HASH || Sha256::digest(&bytes[..split])[..] != bytes[split..] {
            return Err(damaged());
        }
        let (source, body) = rest[..rest.len() - HASH].split_at(HASH);
        if source != made_from(&scenario.tables, &scenario.network) {
            return Err(refused("N181", "the network was made from other tables or settings"));
        }
        let mut input = Input(body);
        let prepared = input.prepared(scenario).filter(|_| input.0.is_empty());
        prepared.ok_or_else(damaged)
    }

    /// Writes the network to a file, whole or not at all. An earlier saved network is replaced, anything else
    /// is not.
    ///
    /// # Errors
    ///
    /// As [`may_save`](Self::may_save), or when the file cannot be written; an earlier one is then as it was.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        saved_network(path).write(&self.to_bytes())
    }

    /// Whether a network may be saved to a file, to be asked before long work.
    ///
    /// # Errors
    ///
    /// `Usage` when something else than a saved network stands there; `Io` when nothing can be written there.
    pub fn may_save(path: &Path) -> Result<(), Error> {
        saved_network(path).judge()
    }

    /// Reads the network of a scenario from a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no regular file or is larger than 2 GiB, and as
    /// [`from_bytes`](Self::from_bytes).
    pub fn load(path: &Path, scenario: &Scenario) -> Result<Self, Error> {
        let bytes = bytes_within(path, MAGIC.as_bytes(), MOST_SAVED)?;
        Self::from_bytes(&bytes, scenario)
    }
}

fn saved_network(file: &Path) -> FileTarget<'_> {
    // One of any release: a newer one writes over the older ones.
    let is_ours = |bytes: &[u8]| bytes.starts_with(b"fibreplan network ");
    FileTarget { file, noun: "saved network", is_ours }
}

fn refused(code: &'static str, cause: &str) -> Error {
    Error::from_faults(vec![Fault::new(code, cause, "build the network again")])
}

impl Output {
    fn misses(&mut self, misses: &Misses) {
        self.count(misses.count);
        self.number(misses.half.get());
        self.number(misses.most.get());
        self.count(misses.spans.len());
        misses.spans.iter().for_each(|&span| self.number(u64::from(span)));
    }

    /// Crossings are sorted by what crosses, so their places grow by little.
    fn crossings(&mut self, crossings: &[(u32, Crossed)]) {
        self.count(crossings.len());
        let mut before = 0;
        for &(place, Crossed { along, kind, bridged }) in crossings {
            self.number(u64::from(place - before));
            before = place;
            self.number(along.get());
            self.number(u64::from(kind) << 1 | u64::from(bridged));
        }
    }

    /// Junctions are sorted, so their x grows by little.
    fn junctions(&mut self, junctions: &[Point]) {
        self.count(junctions.len());
        let mut before = Point::default();
        for &at in junctions {
            self.signed(at.x - before.x);
            self.signed(at.y - before.y);
            before = at;
        }
    }

    fn spans(&mut self, prepared: &Prepared) {
        self.count(prepared.spans.len());
        let mut before = 0;
        for span in &prepared.spans {
            let [from, to] = span.ends.map(|end| i64::from(end.0));
            self.signed(from - before);
            self.signed(to - from);
            before = from;
            self.number(span.length.get());
            match span.source {
                SpanSource::Proximity => self.number(0),
                SpanSource::BuildingLeadIn(building) => {
                    self.number(1);
                    self.number(u64::from(building.0));
                }
                SpanSource::ExchangeLeadIn(exchange) => {
                    self.number(2);
                    self.number(u64::from(exchange.0));
                }
                SpanSource::Piece(piece) => {
                    self.number(3);
                    let Piece { span, from, .. } = prepared.pieces[piece as usize];
                    self.number(u64::from(span));
                    self.number(from.get());
                }
            }
        }
    }
}

/// Bytes being read. Each method is `None` when what is there makes no sense, so that no damage that a
/// checksum of one's own making covers can cause a panic later.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        let magnitude = i64::try_from(number >> 1).ok()?;
        Some(if number & 1 == 1 { -magnitude } else { magnitude })
    }

    /// A count of things that take at least a byte each, so no more than there are bytes.
    fn many(&mut self) -> Option<usize> {
        let count = self.count()?;
        (count <= self.0.len()).then_some(count)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// `None` is damage; `Some(None)` is nothing.
    #[allow(clippy::option_option)] // the two are told apart by every caller
    fn option(&mut self) -> Option<Option<u64>> {
        Some(self.number()?.checked_sub(1))
    }

    /// The place of one of `count` things.
    fn place(&mut self, count: usize) -> Option<u32> {
        let place = u32::try_from(self.number()?).ok()?;
        ((place as usize) < count).then_some(place)
    }

    /// How often input spans, of which there are so many, miss each other.
    fn misses(&mut self, of: usize) -> Option<Misses> {
        let mut misses = Misses {
            count: self.count()?,
            half: Millimetres::new(self.number()?),
            most: Millimetres::new(self.number()?),
            spans: Vec::new(),
        };
        for _ in 0..self.many()? {
            misses.spans.push(self.place(of)?);
        }
        Some(misses)
    }

    /// Crossings of `count` spans, sorted.
    fn crossings(&mut self, count: usize) -> Option<Vec<(u32, Crossed)>> {
        let many = self.many()?;
        let mut crossings = Vec::with_capacity(many);
        let mut before = 0;
        for _ in 0..many {
            let place = u64::from(before).checked_add(self.number()?)?;
            before = u32::try_from(place).ok().filter(|&place| (place as usize) < count)?;
            let along = Millimetres::new(self.number()?);
            let word = self.number()?;
            let kind = u32::try_from(word >> 1).ok()?;
            crossings.push((before, Crossed { along, kind, bridged: word & 1 == 1 }));
        }
        crossings.is_sorted().then_some(crossings)
    }

    fn junctions(&mut self) -> Option<Vec<Point>> {
        let count = self.many()?;
        let mut junctions = Vec::with_capacity(count);
        let mut before = Point::default();
        for _ in 0..count {
            let x = before.x.checked_add(self.signed()?)?;
            let y = before.y.checked_add(self.signed()?)?;
            before = Point { x, y };
            junctions.push(before);
        }
        junctions.is_sorted_by(|a, b| a < b).then_some(junctions)
    }

    fn span(&mut self, prepared: &mut Prepared, before: &mut i64) -> Option<RouteSpan> {
        let from = before.checked_add(self.signed()?)?;
        let to = from.checked_add(self.signed()?)?;
        *before = from;
        let length = Millimetres::new(self.number()?);
        let source = match self.number()? {
            0 => SpanSource::Proximity,
            1 => SpanSource::BuildingLeadIn(BuildingIx(self.place(prepared.buildings.len())?)),
            2 => SpanSource::ExchangeLeadIn(ExchangeIx(self.place(prepared.exchanges.len())?)),
            3 => {
                let span = self.place(prepared.tables.spans.len())?;
                let from = self.number()?;
                let to = Millimetres::new(from.checked_add(length.get())?);
                if to > prepared.tables.spans[span as usize].length {
                    return None;
                }
                let piece = u32::try_from(prepared.pieces.len()).ok()?;
                prepared.pieces.push(Piece { span, from: Millimetres::new(from), to });
                SpanSource::Piece(piece)
            }
            _ => return None,
        };
        let junction = |end: i64| {
            let end = u32::try_from(end).ok()?;
            ((end as usize) < prepared.junctions.len()).then_some(JunctionIx(end))
        };
        let ends = [junction(from)?, junction(to)?];
        (ends[0] != ends[1]).then_some(RouteSpan { ends, length, source })
    }

    fn standing(&mut self, junctions: usize) -> Option<(Option<JunctionIx>, Option<Millimetres>)> {
        let junction = match self.option()? {
            Some(place) if place < junctions as u64 => Some(JunctionIx(u32::try_from(place).ok()?)),
            Some(_) => return None,
            None => None,
        };
        Some((junction, self.option()?.map(Millimetres::new)))
    }

    fn prepared(&mut self, scenario: &Scenario) -> Option<Prepared> {
        let mut prepared = Prepared::started(scenario);
        prepared.tables = Arc::clone(&scenario.tables);
        prepared.junctions = self.junctions()?;
        let spans = self.many()?;
        prepared.spans.reserve_exact(spans);
        let mut before = 0;
        for _ in 0..spans {
            let span = self.span(&mut prepared, &mut before)?;
            prepared.spans.push(span);
        }
        let report = &mut prepared.report;
        let counts = [&mut report.merged, &mut report.too_long, &mut report.barred];
        let counts = counts.into_iter().chain([&mut report.barriers]);
        let more = [&mut report.self_loops, &mut report.empty, &mut report.cut];
        for count in counts.chain(more) {
            *count = self.count()?;
        }
        let of = prepared.tables.spans.len();
        let [ends, sides, crossings] = [self.misses(of)?, self.misses(of)?, self.misses(of)?];
        prepared.report.unmet = Unmet { ends, sides, crossings };
        let junctions = prepared.junctions.len();
        for building in &mut prepared.buildings {
            (building.junction, building.distance) = self.standing(junctions)?;
        }
        for exchange in &mut prepared.exchanges {
            (exchange.junction, exchange.distance) = self.standing(junctions)?;
            let place = |place: u64| {
                let at = u32::try_from(place).ok()?;
                ((at as usize) < junctions).then_some(JunctionIx(at))
            };
            exchange.towards = match self.option()? {
                Some(found) => Some(place(found)?),
                None => None,
            };
        }
        let of_inputs = self.crossings(prepared.tables.spans.len())?;
        let of_links = self.crossings(prepared.spans.len())?;
        prepared.crossings = Crossings { of_inputs, of_links };
        components::describe(&mut prepared);
        Some(prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NetworkSource, Tables};
    use crate::network::prepare;
    use crate::network::testing::{at, exchange, mm, scenario, site, span};
    use crate::units::Pence;
    use proptest::prelude::*;

    fn roads() -> Scenario {
        let sites =
            vec![site("a", at(400, 300)), site("b", at(90_000_000, 0)), site("c", at(0, 0))];
        let spans = vec![span("r", &[at(0, 0), at(1_000, 0)]), span("q", &[at(-5, -9), at(0, 0)])];
        scenario(NetworkSource::Spans, sites, vec![exchange("x", at(700, -50))], &[], spans)
    }

    #[test]
    fn what_is_saved_loads_the_same_for_variants_too() {
        let scenario = roads();
        let prepared = prepare(&scenario).unwrap();
        let bytes = prepared.to_bytes();
        assert_eq!(Prepared::from_bytes(&bytes, &scenario).unwrap(), prepared);
        let mut dearer = scenario.clone();
        dearer.rate_card.drop = Pence::new(1);
        assert_eq!(Prepared::from_bytes(&bytes, &dearer).unwrap(), prepared);
    }

    #[test]
    fn other_tables_settings_and_files_are_refused() {
        let scenario = roads();
        let bytes = prepare(&scenario).unwrap().to_bytes();
        let code = |bytes: &[u8], scenario: &Scenario| {
            Prepared::from_bytes(bytes, scenario).unwrap_err().faults()[0].code.0
        };
        let mut other = scenario.clone();
        other.network.snap_limit = mm(1);
        assert_eq!(code(&bytes, &other), "N181");
        let mut moved = Tables::clone(&scenario.tables);
        moved.sites.rows[0].at.x += 1;
        other = scenario.clone();
        other.tables = Arc::new(moved);
        assert_eq!(code(&bytes, &other), "N181");
        assert_eq!(code(b"plan", &scenario), "N180");
        assert_eq!(code(MAGIC.as_bytes(), &scenario), "N180");
        assert_eq!(code(&bytes[..bytes.len() - 1], &scenario), "N180");
    }

    #[test]
    fn every_damaged_byte_is_noticed_and_none_causes_a_panic() {
        let scenario = roads();
        let bytes = prepare(&scenario).unwrap().to_bytes();
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 0x41;
            assert!(Prepared::from_bytes(&damaged, &scenario).is_err());
            // Also with a checksum that agrees.
            let end = damaged.len() - HASH;
            let checksum = Sha256::digest(&damaged[..end]);
            damaged[end..].copy_from_slice(&checksum);
            let _ = Prepared::from_bytes(&damaged, &scenario);
        }
    }

    #[test]
    fn a_file_comes_back() {
        let scenario = roads();
        let prepared = prepare(&scenario).unwrap();
        let name = format!("fibreplan-network-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        prepared.save(&path).unwrap();
        assert_eq!(Prepared::load(&path, &scenario).unwrap(), prepared);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(prepared.save(&path).is_err(), "a folder stands there");
        std::fs::remove_dir(&path).unwrap();
        assert_eq!(
            Prepared::load(&path, &scenario).unwrap_err().kind(),
            crate::error::ErrorKind::Io
        );
        let folder = Prepared::load(&std::env::temp_dir(), &scenario).unwrap_err();
        assert_eq!(folder.faults()[0].code.0, "F116");
        // Of a file that is no saved network only the start is read.
        std::fs::File::create(&path).unwrap().set_len(8 << 30).unwrap();
        let other = Prepared::load(&path, &scenario).unwrap_err();
        assert_eq!(other.faults()[0].code.0, "N180");
        std::fs::write(&path, MAGIC).unwrap();
        let larger = std::fs::File::options().write(true).open(&path).unwrap();
        larger.set_len(MOST_SAVED + 1).unwrap();
        drop(larger);
        let large = Prepared::load(&path, &scenario).unwrap_err();
        assert_eq!(large.faults()[0].code.0, "F115");
        std::fs::remove_file(&path).unwrap();
    }

    proptest! {
        #[test]
        fn proximity_networks_come_back(
            points in prop::collection::vec((-900_000_i64..900_000, -900_000_i64..900_000), 0..40),
        ) {
            let points: Vec<Point> = points.into_iter().map(|(x, y)| at(x, y)).collect();
            let sites = points.iter().take(3).enumerate();
            let sites = sites.map(|(id, &at)| site(&id.to_string(), at)).collect();
            let exchanges = vec![exchange("x", at(3, 4))];
            let scenario = scenario(NetworkSource::Waypoints, sites, exchanges, &points, vec![]);
            let prepared = prepare(&scenario).unwrap();
            let back = Prepared::from_bytes(&prepared.to_bytes(), &scenario).unwrap();
            prop_assert_eq!(back, prepared);
        }

        #[test]
        fn numbers_come_back(number in any::<u64>(), signed in -(1_i64 << 62)..(1_i64 << 62)) {
            let mut out = Output(Vec::new());
            out.number(number);
            out.signed(signed);
            let mut input = Input(&out.0);
            prop_assert_eq!((input.number(), input.signed()), (Some(number), Some(signed)));
        }
    }
}
