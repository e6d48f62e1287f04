//! Where the spans of a network cross railways, rivers and major roads.
//!
//! In: a network whose spans are laid. Out: the crossings of each input span that has pieces in it, and of each
//! straight link, to be priced under any rate card. A network without lines to cross has none and takes no time.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::effort::Interrupt;
use crate::error::Error;
use crate::ids::SpanIx;
use crate::model::{CrossingIndex, RateCard, Surcharge, surcharges, surcharges_of_piece};
use crate::network::crossed::Crossings;
use crate::network::{Prepared, SpanSource};
use crate::units::{Millimetres, Pence};

/// Spans looked at between two looks at the clock.
const PATIENCE: usize = 65_536;

/// Finds all crossings.
///
/// # Errors
///
/// When there is no time for that.
pub(super) fn find(prepared: &mut Prepared, interrupt: &Interrupt<'_>) -> Result<(), Error> {
    if prepared.tables.crossings.segments.is_empty() {
        return Ok(());
    }
    let index = CrossingIndex::new(&prepared.tables);
    let mut inputs: Vec<u32> = prepared.pieces.iter().map(|piece| piece.span).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let of_input = |place: u32| {
        let crossed = index.of_span(&prepared.tables.spans[place as usize]);
        crossed.into_iter().map(move |one| (place, one))
    };
    let mut of_inputs = Vec::new();
    for part in inputs.chunks(PATIENCE) {
        interrupt.while_there_is_time()?;
        of_inputs.par_extend(part.par_iter().copied().flat_map_iter(of_input));
    }
    let of_link = |place: usize| {
        let span = prepared.spans[place];
        let crossed = match span.source {
            SpanSource::Piece(_) => Vec::new(),
            _ => index.of_link(span.ends.map(|end| prepared.junctions[end.at()])),
        };
        crossed.into_iter().map(move |one| (SpanIx::new(place).0, one))
    };
    let (mut of_links, all) = (Vec::new(), prepared.spans.len());
    for first in (0..all).step_by(PATIENCE) {
        interrupt.while_there_is_time()?;
        let part = (first..all.min(first + PATIENCE)).into_par_iter();
        of_links.par_extend(part.flat_map_iter(of_link));
    }
    prepared.crossings = Crossings { of_inputs, of_links };
    Ok(())
}

impl Prepared {
    /// The places where a span crosses a railway, river or major road that its price pays for, in order along
    /// the input span it is a piece of, or along itself.
    #[must_use]
    pub fn surcharges(&self, span: SpanIx, card: &RateCard) -> Vec<Surcharge> {
        let piece = self.piece(span);
        let (all, place) = match piece {
            Some((_, piece)) => (&self.crossings.of_inputs, piece.span),
            None => (&self.crossings.of_links, span.0),
        };
        let crossed = Crossings::of(all, place);
        if crossed.is_empty() {
            return Vec::new();
        }
        let all = surcharges(&self.tables.crossings, &crossed, card, self.method(span, card));
        let whole = (Millimetres::ZERO, Millimetres::new(u64::MAX));
        let (from, to) = piece.map_or(whole, |(_, piece)| (piece.from, piece.to));
        surcharges_of_piece(piece.map(|(input, _)| input), &all, from, to).to_vec()
    }

    /// How often the spans of the network cross lines of each kind, whatever that costs; kinds that nothing
    /// crosses are left out.
    #[must_use]
    pub fn crossing_counts(&self) -> BTreeMap<String, usize> {
        let all = self.crossings.of_inputs.iter().chain(&self.crossings.of_links);
        let mut counts = BTreeMap::new();
        for (_, crossed) in all {
            let kind = self.tables.crossings.kinds.get(crossed.kind as usize);
            *counts.entry(kind.cloned().unwrap_or_default()).or_default() += 1;
        }
        counts
    }

    /// What they come to.
    pub(super) fn surcharge(&self, span: SpanIx, card: &RateCard) -> Pence {
        self.surcharges(span, card).iter().map(|one| one.price).sum()
    }

    /// Whether two input spans cross the same lines at the same places.
    pub(super) fn cross_alike(&self, one: u32, other: u32) -> bool {
        let of = |place| Crossings::of(&self.crossings.of_inputs, place);
        of(one) == of(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::model::{
        CrossingLines, CrossingPrice, InputSpan, NetworkSource, Price, Scenario, Tables,
        price_piece,
    };
    use crate::network::testing::{at, exchange, mm, scenario, site, span};
    use crate::network::{USUAL_CLEAN_UP, prepare};
    use proptest::prelude::*;
    use std::sync::Arc;

    const GBP: i64 = 100;

    /// A scenario with lines to cross: a railway for GBP 1,000, a river for 200 or by a bridge 30.
    fn crossed(scenario: Scenario, lines: &[(&str, i32, Vec<Point>)]) -> Scenario {
        let mut tables = Tables::clone(&scenario.tables);
        tables.crossings = CrossingLines::new(lines);
        let mut scenario = scenario;
        scenario.tables = Arc::new(tables);
        let card = &mut scenario.rate_card.crossings;
        card.insert("railway".to_owned(), CrossingPrice::new(Pence::new(1_000 * GBP)));
        let bridged = Some(Pence::new(30 * GBP));
        let river = CrossingPrice { bridged, ..CrossingPrice::new(Pence::new(200 * GBP)) };
        card.insert("river".to_owned(), river);
        scenario
    }

    fn paid(prepared: &Prepared, scenario: &Scenario) -> Vec<(String, i64)> {
        let spans = (0..prepared.spans().len()).map(SpanIx::new);
        let paid = spans.map(|span| {
            let surcharge = prepared.surcharge(span, &scenario.rate_card).get() / GBP;
            (prepared.span_id(span), surcharge)
        });
        paid.filter(|(_, surcharge)| *surcharge != 0).collect()
    }

    fn roads(sites: Vec<crate::model::Site>, spans: Vec<InputSpan>) -> Scenario {
        scenario(NetworkSource::Spans, sites, vec![exchange("x", at(0, 0))], &[], spans)
    }

    #[test]
    fn the_piece_that_crosses_pays_and_so_do_lead_ins() {
        let road = span("r", &[at(0, 0), at(100_000, 0)]);
        let sites = vec![site("a", at(40_000, 30_000)), site("b", at(70_000, -9_000))];
        let lines = [
            ("railway", 0, vec![at(60_000, -50_000), at(60_000, 50_000)]),
            ("river", 0, vec![at(30_000, 20_000), at(50_000, 20_000)]),
        ];
        let scenario = crossed(roads(sites, vec![road]), &lines);
        let prepared = prepare(&scenario).unwrap();
        let expected =
            [("r[40000-70000]".to_owned(), 1_000), ("lead-in:building:a".to_owned(), 200)];
        assert_eq!(paid(&prepared, &scenario), expected);
        // 30 m at GBP 25.50 and the railway.
        assert_eq!(prepared.price(SpanIx(1), &scenario.rate_card).unwrap().get(), 176_500);
    }

    #[test]
    fn a_crossing_at_the_cut_is_paid_once() {
        let road = || span("r", &[at(0, 0), at(50_000, 0), at(100_000, 0)]);
        for x in [39_999, 40_000, 40_001, 50_000, 0, 100_000] {
            for turned in [false, true] {
                let mut line = vec![at(x, -50_000), at(x, 50_000)];
                if turned {
                    line.reverse();
                }
                // The building is joined where the railway passes, on either side of it.
                let sites = vec![site("a", at(40_000, 3_000))];
                let whole = crossed(roads(vec![], vec![road()]), &[("railway", 0, line.clone())]);
                let cut = crossed(roads(sites, vec![road()]), &[("railway", 0, line)]);
                let total = |scenario: &Scenario| -> i64 {
                    let prepared = prepare(scenario).unwrap();
                    let paid = paid(&prepared, scenario).into_iter();
                    paid.filter(|(id, _)| id.starts_with('r')).map(|(_, paid)| paid).sum()
                };
                assert_eq!(total(&cut), total(&whole), "{x}");
                assert!(total(&whole) == 1_000 || x % 100_000 == 0, "{x}");
            }
        }
    }

    #[test]
    fn fibre_stated_costs_bridges_exempt_methods_and_tracks() {
        let road = |id: &str, y: i64| span(id, &[at(0, y), at(100_000, y)]);
        let mut fibre = road("fibre", 1_000);
        fibre.existing = true;
        let mut stated = road("stated", 2_000);
        stated.cost = Some(Pence::new(500));
        let mut bridge = road("bridge", 3_000);
        bridge.level = 1;
        let mut duct = road("duct", 4_000);
        duct.method = "duct".to_owned();
        let spans = vec![fibre, stated, bridge, duct, road("plain", 5_000)];
        let line = |kind, x: i64| (kind, 0, vec![at(x, -90_000), at(x, 90_000)]);
        let tracks = [line("railway", 10_000), line("railway", 13_000), line("railway", 16_000)];
        let lines = [&tracks[..], &[line("railway", 19_001), line("river", 50_000)]].concat();
        let mut scenario = crossed(roads(vec![], spans), &lines);
        let prepared = prepare(&scenario).unwrap();
        let names = |paid: Vec<(String, i64)>| -> Vec<String> {
            paid.into_iter().map(|(id, paid)| format!("{id} {paid}")).collect()
        };
        let each = ["bridge 4030", "duct 4200", "plain 4200"];
        assert_eq!(names(paid(&prepared, &scenario)), each);
        let railway = scenario.rate_card.crossings.get_mut("railway").unwrap();
        railway.together = mm(3_000);
        railway.not_for.insert("duct".to_owned());
        assert_eq!(names(paid(&prepared, &scenario)), ["bridge 2030", "duct 200", "plain 2200"]);
        // A variant with other prices shares the network; one with other lines does not.
        assert!(prepared.fits(&scenario));
        let mut tables = Tables::clone(&scenario.tables);
        tables.crossings = CrossingLines::new(&lines[1..]);
        let mut other = scenario.clone();
        other.tables = Arc::new(tables);
        assert!(!prepared.fits(&other));
        let bytes = prepared.to_bytes();
        assert_eq!(Prepared::from_bytes(&bytes, &scenario).unwrap(), prepared);
        assert!(Prepared::from_bytes(&bytes, &other).unwrap_err().to_string().contains("N181"));
    }

    #[test]
    fn links_pay_too() {
        let points = [at(0, 0), at(50_000, 0), at(100_000, 0)];
        let sites = vec![site("s", at(100_000, 0))];
        let links = scenario(
            NetworkSource::Waypoints,
            sites,
            vec![exchange("x", at(0, 0))],
            &points,
            vec![],
        );
        // Through a waypoint, which counts as on the left, the west: the link to the east of it crosses.
        let scenario = crossed(links, &[("river", 0, vec![at(50_000, 9), at(50_000, -9)])]);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(paid(&prepared, &scenario), [("50000,0~100000,0".to_owned(), 200)]);
        let chain = &prepared.skeleton(&USUAL_CLEAN_UP).unwrap().chains[0];
        let whole = chain.price(&prepared, &scenario.rate_card).unwrap();
        // Twice 65 m at GBP 25.50, and the river.
        assert_eq!((chain.parts.len(), whole.get()), (2, 351_500));
    }

    fn lines(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Point>>> {
        let point = (-30_i64..30, -30_i64..30).prop_map(|(x, y)| at(10 * x, 10 * y));
        prop::collection::vec(prop::collection::vec(point, 2..5), count)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// Pieces of a span, with what lies between them, always cost what the whole span costs.
        #[test]
        fn pieces_add_up(
            spans in lines(1..6), rivers in lines(1..6), feet in lines(1..3), together in 0_u64..200,
        ) {
            let spans: Vec<InputSpan> =
                spans.iter().enumerate().map(|(id, line)| span(&format!("s{id}"), line)).collect();
            let sites = feet.concat().into_iter().enumerate();
            let sites = sites.map(|(id, at)| site(&format!("b{id}"), at)).collect();
            let rivers: Vec<(&str, i32, Vec<Point>)> =
                rivers.into_iter().map(|line| ("river", 0, line)).collect();
            let mut scenario = crossed(roads(sites, spans), &rivers);
            scenario.rate_card.crossings.get_mut("river").unwrap().together = mm(together);
            let prepared = prepare(&scenario).unwrap();
            prop_assert_eq!(&Prepared::from_bytes(&prepared.to_bytes(), &scenario).unwrap(), &prepared);
            let (card, tables) = (&scenario.rate_card, &scenario.tables);
            let index = CrossingIndex::new(tables);
            for (place, input) in (0_u32..).zip(&tables.spans) {
                let all = surcharges(&tables.crossings, &index.of_span(input), card, &input.method);
                let cost = |from, to| {
                    let own = price_piece(Price::of(input, card).unwrap(), from, to).get();
                    let parts = surcharges_of_piece(Some(input), &all, from, to);
                    own + parts.iter().map(|one| one.price.get()).sum::<i64>()
                };
                let (mut next, mut total) = (mm(0), 0);
                for number in 0..prepared.spans().len() {
                    let SpanSource::Piece(piece) = prepared.spans()[number].source else { continue };
                    let piece = prepared.pieces()[piece as usize];
                    if piece.span == place {
                        total += cost(next, piece.from);
                        total += prepared.price(SpanIx::new(number), card).unwrap().get();
                        next = piece.to;
                    }
                }
                total += cost(next, input.length);
                prop_assert_eq!(total, cost(mm(0), input.length));
                let whole: i64 = all.iter().map(|one| one.price.get()).sum();
                let metres = price_piece(Price::of(input, card).unwrap(), mm(0), input.length);
                prop_assert_eq!(total, whole + metres.get());
            }
        }
    }
}
