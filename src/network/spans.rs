//! Networks from lines: roads, ducts, pole routes.
//!
//! Buildings and exchanges are joined to the nearest usable span, which is cut at the foot, by a
//! straight lead-in. A junction is a point: whatever is marked at one point of the plane is joined
//! there. Cutting changes no total price, since pieces are priced as parts of their span.

use rayon::prelude::*;

use crate::effort::Interrupt;
use crate::error::Error;
use crate::geometry::{Foot, Point};
use crate::ids::{BuildingIx, ExchangeIx, JunctionIx};
use crate::model::{Scenario, is_usable};
use crate::network::barriers::Barriers;
use crate::network::noding::{Mark, Nodes, Settled};
use crate::network::snap::{Nearest, SpanTree, nearest};
use crate::network::unmet::unmet;
use crate::network::{Piece, Prepared, PreparedExchange, RouteSpan, SpanSource, components};
use crate::units::Millimetres;

/// A position of buildings or exchanges and the nearest span.
struct Served {
    at: Point,
    nearest: Option<Nearest>,
    /// Its lead-in is laid.
    laid: bool,
}

/// Positions joined between two looks at the clock.
const PATIENCE: usize = 4096;

/// Builds the network of a scenario from its spans.
///
/// # Errors
///
/// When there is no time for that.
pub(super) fn prepare(scenario: &Scenario, interrupt: &Interrupt<'_>) -> Result<Prepared, Error> {
    let mut prepared = Prepared::started(scenario);
    let tables = &scenario.tables;
    let usable = usable(&mut prepared);
    let tree = SpanTree::new(tables.plane, &tables.spans, &usable);
    let mut nodes = Nodes::of_ends(&tables.spans, &usable, scenario.network.join);
    interrupt.while_there_is_time()?;
    let stops = || interrupt.is_due();
    nodes.meet(tables.plane, &scenario.network, &tables.spans, &usable, &tree, &stops);
    let mut served = serve(&prepared, &tree, &mut nodes, interrupt)?;
    let settled = nodes.settle();
    interrupt.while_there_is_time()?;
    prepared.report.unmet = unmet(&scenario.network, &tables.spans, &usable, &tree, &settled);
    interrupt.while_there_is_time()?;
    prepared.junctions = junctions(&settled, &served);
    lay_pieces(&mut prepared, &settled);
    join_buildings(&mut prepared, &mut served, &settled);
    join_exchanges(&mut prepared, &mut served, &settled);
    components::describe(&mut prepared);
    Ok(prepared)
}

/// Places of the spans that can be used: no barriers, none without length.
fn usable(prepared: &mut Prepared) -> Vec<u32> {
    let mut usable = Vec::new();
    for (place, input) in (0_u32..).zip(&prepared.tables.spans) {
        if is_usable(input) {
            usable.push(place);
        } else if input.barrier {
            prepared.report.barriers += 1;
        } else {
            prepared.report.empty += 1;
        }
    }
    usable
}

/// Finds the nearest span of every position of a building or exchange, and marks it where the
/// position is near enough; sorted by position.
fn serve(
    prepared: &Prepared,
    tree: &SpanTree<'_>,
    nodes: &mut Nodes,
    interrupt: &Interrupt<'_>,
) -> Result<Vec<Served>, Error> {
    let buildings = prepared.buildings.iter().map(|building| building.at);
    let exchanges = prepared.tables.exchanges.rows.iter().map(|exchange| exchange.at);
    let mut positions: Vec<Point> = buildings.chain(exchanges).collect();
    positions.sort_unstable();
    positions.dedup();
    let barriers = Barriers::new(&prepared.tables.barriers);
    let mut served: Vec<Served> = Vec::with_capacity(positions.len());
    for positions in positions.chunks(PATIENCE) {
        interrupt.while_there_is_time()?;
        let near = |&at: &Point| nearest(prepared, tree, &barriers, at);
        let found =
            positions.par_iter().map(|at| Served { at: *at, nearest: near(at), laid: false });
        served.par_extend(found);
    }
    for nearest in served.iter_mut().filter_map(|served| served.nearest.as_mut()) {
        if nearest.joins {
            let Foot { along, at, .. } = nearest.foot;
            nearest.node = Some(nodes.mark(nearest.span, along, at));
        }
    }
    Ok(served)
}

impl Served {
    /// The junction a lead-in reaches the network at.
    fn foot_junction(&self, settled: &Settled) -> Option<Point> {
        let node = self.nearest.as_ref()?.node?;
        Some(settled.positions[node as usize])
    }

    /// The junction that stands for the position: its own, or that of the foot where it lies on the
    /// span.
    fn own_junction(&self, settled: &Settled) -> Option<Point> {
        let junction = self.foot_junction(settled)?;
        let on_span = self.nearest.as_ref().is_some_and(|nearest| nearest.foot.at == self.at);
        Some(if on_span { junction } else { self.at })
    }
}

fn junctions(settled: &Settled, served: &[Served]) -> Vec<Point> {
    let mut points: Vec<Point> =
        settled.marks.iter().map(|mark| settled.positions[mark.node as usize]).collect();
    points.extend(served.iter().filter_map(|served| served.own_junction(settled)));
    points.sort_unstable();
    points.dedup();
    points
}

/// Lays the pieces of every span between its marks.
fn lay_pieces(prepared: &mut Prepared, settled: &Settled) {
    // Marks that became one junction this close leave no piece between them, so that its pennies
    // stay with its neighbours.
    let close = prepared.settings.join.get().saturating_add(2);
    for marks in settled.marks.chunk_by(|a, b| a.span == b.span) {
        let stops = stops(marks, settled, close);
        prepared.report.cut += usize::from(stops.len() > 2);
        for pair in stops.windows(2) {
            let [(from, start), (to, end)] = [pair[0], pair[1]];
            if start == end {
                prepared.report.self_loops += 1;
                continue;
            }
            let ends = [start, end].map(|at| junction(&prepared.junctions, at));
            let piece = Piece { span: marks[0].span, from, to };
            let source = SpanSource::Piece(JunctionIx::new(prepared.pieces.len()).0);
            let length = Millimetres::new(to.get() - from.get());
            prepared.pieces.push(piece);
            prepared.spans.push(RouteSpan { ends, length, source });
        }
    }
}

/// Distances and junctions at which a span is cut, both ends included.
fn stops(marks: &[Mark], settled: &Settled, close: u64) -> Vec<(Millimetres, Point)> {
    let mut stops: Vec<(Millimetres, Point)> = Vec::with_capacity(marks.len());
    for (place, mark) in marks.iter().enumerate() {
        let at = settled.positions[mark.node as usize];
        let repeats = stops.last().is_some_and(|&(along, before)| {
            before == at && mark.along.get() - along.get() <= close
        });
        let is_end = place + 1 == marks.len();
        if repeats && is_end && stops.len() > 1 {
            stops.pop();
        }
        if !repeats || is_end {
            stops.push((mark.along, at));
        }
    }
    stops
}

/// The junction at a point that is known to be one.
fn junction(junctions: &[Point], at: Point) -> JunctionIx {
    JunctionIx::new(junctions.partition_point(|&junction| junction < at))
}

fn find(served: &mut [Served], at: Point) -> &mut Served {
    let place = served.partition_point(|served| served.at < at);
    &mut served[place]
}

fn join_buildings(prepared: &mut Prepared, served: &mut [Served], settled: &Settled) {
    for place in 0..prepared.buildings.len() {
        let served = find(served, prepared.buildings[place].at);
        let source = SpanSource::BuildingLeadIn(BuildingIx::new(place));
        let joined = lead_in(prepared, served, settled, source);
        let building = &mut prepared.buildings[place];
        building.distance = served.nearest.as_ref().map(|nearest| nearest.distance);
        building.junction = joined;
    }
}

fn join_exchanges(prepared: &mut Prepared, served: &mut [Served], settled: &Settled) {
    for place in 0..prepared.exchanges.len() {
        let exchange = ExchangeIx::new(place);
        let served = find(served, prepared.tables.exchange(exchange).at);
        let source = SpanSource::ExchangeLeadIn(exchange);
        let joined = lead_in(prepared, served, settled, source);
        let nearest = served.nearest.as_ref();
        let towards = nearest.filter(|_| joined.is_none());
        prepared.exchanges[place] = PreparedExchange {
            junction: joined,
            distance: nearest.map(|nearest| nearest.distance),
            towards: towards.and_then(|nearest| on_span(prepared, nearest.span)),
        };
    }
}

/// A junction on an input span, where a piece of it was laid. Pieces are laid before lead-ins, in order of spans.
fn on_span(prepared: &Prepared, span: u32) -> Option<JunctionIx> {
    let place = prepared.pieces.partition_point(|piece| piece.span < span);
    prepared.pieces.get(place).filter(|piece| piece.span == span)?;
    Some(prepared.spans[place].ends[0])
}

/// Lays the lead-in of a position unless it has one or needs none; returns its junction.
///
/// Buildings and exchanges at one position share a lead-in, which is named after the first of them.
fn lead_in(
    prepared: &mut Prepared,
    served: &mut Served,
    settled: &Settled,
    source: SpanSource,
) -> Option<JunctionIx> {
    let own = served.own_junction(settled)?;
    let foot = served.foot_junction(settled)?;
    let ends = [own, foot].map(|at| junction(&prepared.junctions, at));
    if own != foot && !served.laid {
        served.laid = true;
        let length = prepared.plane().length(own, foot);
        prepared.spans.push(RouteSpan { ends, length, source });
    }
    Some(ends[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Stretch, square_distance};
    use crate::ids::SpanIx;
    use crate::model::{InputSpan, NetworkSource, Price, price_piece};
    use crate::network::prepare;
    use crate::network::testing::{at, exchange, mm, scenario, site, span};
    use crate::plan::Origin;
    use crate::units::Pence;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn roads(sites: &[(&str, Point)], exchange_at: Point, spans: Vec<InputSpan>) -> Scenario {
        let sites = sites.iter().map(|&(id, at)| site(id, at)).collect();
        scenario(NetworkSource::Spans, sites, vec![exchange("x", exchange_at)], &[], spans)
    }

    fn ids(prepared: &Prepared) -> Vec<String> {
        (0..prepared.spans().len()).map(|span| prepared.span_id(SpanIx::new(span))).collect()
    }

    fn prices(prepared: &Prepared, scenario: &Scenario) -> Vec<i64> {
        let prices = prepared.prices(&scenario.rate_card).unwrap();
        prices.into_iter().map(Pence::get).collect()
    }

    #[test]
    fn a_building_beside_a_road_cuts_it_and_gets_a_lead_in() {
        let road = span("r", &[at(0, 0), at(100_000, 0)]);
        let scenario = roads(&[("a", at(40_000, 30_000))], at(0, 0), vec![road]);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(ids(&prepared), ["r[0-40000]", "r[40000-100000]", "lead-in:building:a"]);
        assert_eq!(prices(&prepared, &scenario), [102_000, 153_000, 23_310]);
        assert_eq!(prepared.method(SpanIx(2), &scenario.rate_card), "duct");
        assert_eq!(prepared.origin(SpanIx(2)), Origin::LeadIn);
        assert_eq!(prepared.geometry(SpanIx(2)), [at(40_000, 30_000), at(40_000, 0)]);
        assert_eq!(prepared.source_id(SpanIx(1)).as_deref(), Some("r"));
        assert_eq!(prepared.source_id(SpanIx(2)).as_deref(), Some("building:a"));
        // The exchange lies on the end of the road and needs no lead-in.
        assert_eq!(prepared.exchanges()[0].junction, prepared.junction_at(at(0, 0)));
        assert_eq!(prepared.exchanges()[0].distance, Some(mm(0)));
        assert_eq!(prepared.buildings()[0].distance, Some(mm(30_000)));
    }

    #[test]
    fn feet_at_ends_and_on_the_road_and_shared_leave_nothing_empty() {
        let road = span("r", &[at(0, 0), at(100_000, 0)]);
        let sites = [
            ("end", at(120_000, 0)),
            ("left", at(50_000, 20_000)),
            ("on", at(20_000, 0)),
            ("right", at(50_000, -20_000)),
        ];
        let scenario = roads(&sites, at(50_000, -20_000), vec![road]);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(
            ids(&prepared),
            [
                "r[0-20000]",
                "r[20000-50000]",
                "r[50000-100000]",
                "lead-in:building:end",
                "lead-in:building:left",
                "lead-in:building:right"
            ]
        );
        // An exchange at the position of a building shares its junction and lead-in.
        assert_eq!(prepared.exchanges()[0].junction, prepared.buildings()[3].junction);
    }

    #[test]
    fn equally_near_roads_go_by_id() {
        let upper = span("b", &[at(0, 10_000), at(100_000, 10_000)]);
        let lower = span("a", &[at(0, -10_000), at(100_000, -10_000)]);
        let scenario = roads(&[("s", at(50_000, 0))], at(0, 10_000), vec![upper, lower]);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(ids(&prepared), ["a[0-50000]", "a[50000-100000]", "b", "lead-in:building:s"]);
        assert_eq!(prepared.report().components.len(), 2);
    }

    #[test]
    fn barriers_existing_fibre_and_stated_costs() {
        let mut barrier = span("barrier", &[at(0, 1_000), at(100_000, 1_000)]);
        barrier.barrier = true;
        let mut fibre = span("fibre", &[at(0, 0), at(100_000, 0)]);
        fibre.existing = true;
        let mut stated = span("stated", &[at(100_000, 0), at(200_000, 0)]);
        stated.cost = Some(Pence::new(101));
        stated.length = mm(50_000);
        let sites = [("a", at(50_000, 1_000)), ("b", at(150_000, 1_000))];
        let scenario = roads(&sites, at(0, 0), vec![barrier, fibre, stated]);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(
            ids(&prepared)[..4],
            ["fibre[0-50000]", "fibre[50000-100000]", "stated[0-25000]", "stated[25000-50000]"]
        );
        assert_eq!(prices(&prepared, &scenario), [0, 0, 51, 50, 777, 777]);
        assert!(prepared.existing(SpanIx(0)) && !prepared.existing(SpanIx(2)));
        assert_eq!(prepared.report().barriers, 1);
        assert_eq!(prepared.geometry(SpanIx(3)), [at(150_000, 0), at(200_000, 0)]);
    }

    #[test]
    fn loops_parallels_and_empty_spans() {
        let square = [at(0, 0), at(9_000, 0), at(9_000, 9_000), at(0, 9_000), at(0, 0)];
        let far = square.map(|corner| at(corner.x + 90_000, corner.y));
        let spans = vec![
            span("ring", &square),
            span("alone", &far),
            span("p1", &[at(0, 0), at(0, -50_000)]),
            span("p2", &[at(0, 0), at(20_000, -20_000), at(0, -50_000)]),
            span("none", &[at(7, 7), at(7, 7)]),
        ];
        let scenario = roads(&[("s", at(10_000, 4_000))], at(0, -50_000), spans);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(
            ids(&prepared),
            ["p1", "p2", "ring[0-13000]", "ring[13000-36000]", "lead-in:building:s"]
        );
        let report = prepared.report();
        assert_eq!((report.self_loops, report.parallel, report.empty, report.cut), (1, 2, 1, 1));
        assert_eq!(report.notices[0].code.0, "N150");
        let sizes: Vec<usize> = report.components.iter().map(|part| part.junctions).collect();
        assert_eq!(sizes, [4, 1]);
    }

    #[test]
    fn near_ends_are_one_junction() {
        let spans = vec![
            span("a", &[at(0, 0), at(10_000, 0)]),
            span("b", &[at(10_001, 0), at(20_000, 0)]),
            span("c", &[at(20_002, 0), at(30_000, 0)]),
        ];
        let scenario = roads(&[], at(0, 0), spans);
        let prepared = prepare(&scenario).unwrap();
        assert_eq!(prepared.report().components.len(), 2);
        assert_eq!(prepared.geometry(SpanIx(1)), [at(10_000, 0), at(20_000, 0)]);
        assert_eq!(prepared.span(SpanIx(1)).length, mm(9_999));
    }

    #[test]
    fn too_far_is_not_joined_but_measured() {
        let road = span("r", &[at(0, 0), at(100_000, 0)]);
        let scenario =
            roads(&[("far", at(0, 500_001)), ("near", at(0, 500_000))], at(0, 0), vec![road]);
        let prepared = prepare(&scenario).unwrap();
        let [far, near] = prepared.buildings() else { panic!("two buildings") };
        assert_eq!((far.junction, far.distance), (None, Some(mm(500_001))));
        assert!(near.junction.is_some());
        assert_eq!(
            prepared.report().notices[0].to_string(),
            "N162 building \"far\": the building lies 500.001 m from the nearest span and is not joined; \
             check its position, or raise network.snap_limit_m"
        );
        let mut wall = span("w", &[at(0, 0), at(100_000, 0)]);
        wall.barrier = true;
        let empty = prepare(&roads(&[("far", at(0, 0))], at(0, 0), vec![wall])).unwrap();
        assert_eq!((empty.buildings()[0].junction, empty.buildings()[0].distance), (None, None));
        assert_eq!(empty.report().notices.len(), 2);
    }

    fn lines(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<InputSpan>> {
        let point = (-30_i64..30, -30_i64..30).prop_map(|(x, y)| at(10 * x, 10 * y));
        prop::collection::vec(prop::collection::vec(point, 2..5), count).prop_map(|lines| {
            lines.iter().enumerate().map(|(id, line)| span(&format!("s{id:02}"), line)).collect()
        })
    }

    fn positions() -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-400_i64..400, -400_i64..400), 1..12)
            .prop_map(|points| points.into_iter().map(|(x, y)| at(x, y)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn networks_of_lines_keep_their_promises(
            spans in lines(1..12), positions in positions(), limit in 0_u64..300,
        ) {
            let named: Vec<(String, Point)> =
                positions.iter().enumerate().map(|(id, &at)| (format!("b{id}"), at)).collect();
            let sites: Vec<(&str, Point)> =
                named.iter().map(|(id, at)| (id.as_str(), *at)).collect();
            let mut scenario = roads(&sites, at(5, 5), spans);
            scenario.network.snap_limit = mm(limit);
            let prepared = prepare(&scenario).unwrap();
            let junctions = prepared.junctions();
            prop_assert!(junctions.windows(2).all(|pair| pair[0] < pair[1]));
            let names: BTreeSet<String> = ids(&prepared).into_iter().collect();
            prop_assert_eq!(names.len(), prepared.spans().len());
            for place in 0..prepared.spans().len() {
                let span = prepared.span(SpanIx::new(place));
                prop_assert!(span.ends[0] != span.ends[1]);
                let line = prepared.geometry(SpanIx::new(place));
                prop_assert_eq!(line[0], junctions[span.ends[0].at()]);
                prop_assert_eq!(line[line.len() - 1], junctions[span.ends[1].at()]);
            }
            let mut shuffled: Vec<InputSpan> = scenario.tables.spans.clone();
            shuffled.reverse();
            let turned: Vec<(&str, Point)> = sites.iter().rev().copied().collect();
            let mut again = roads(&turned, at(5, 5), shuffled);
            again.network.snap_limit = mm(limit);
            prop_assert_eq!(&prepare(&again).unwrap(), &prepared);
            whole_prices(&prepared, &scenario)?;
            nearest_feet(&prepared, &scenario)?;
        }
    }

    /// Pieces cover their spans but for self-loops, and add up to the price of the whole.
    fn whole_prices(prepared: &Prepared, scenario: &Scenario) -> Result<(), TestCaseError> {
        let card = &scenario.rate_card;
        for (place, input) in (0_u32..).zip(&scenario.tables.spans) {
            let price = Price::of(input, card).unwrap();
            let mut next = mm(0);
            let mut total = Pence::ZERO;
            for (span, route) in prepared.spans().iter().enumerate() {
                let SpanSource::Piece(piece) = route.source else { continue };
                let piece = prepared.pieces()[piece as usize];
                if piece.span == place {
                    prop_assert!(piece.from >= next && piece.to > piece.from);
                    total += price_piece(price, next, piece.from);
                    total += prepared.price(SpanIx::new(span), card).unwrap();
                    next = piece.to;
                }
            }
            total += price_piece(price, next, input.length);
            prop_assert_eq!(total, price_piece(price, mm(0), input.length));
        }
        let gaps: u64 = {
            let whole: u64 = scenario.tables.spans.iter().map(|span| span.length.get()).sum();
            let laid =
                prepared.spans().iter().filter(|span| matches!(span.source, SpanSource::Piece(_)));
            whole - laid.map(|span| span.length.get()).sum::<u64>()
        };
        prop_assert!(gaps == 0 || prepared.report().self_loops > 0);
        Ok(())
    }

    /// Every building is joined to the nearest span of all, the first among equals.
    fn nearest_feet(prepared: &Prepared, scenario: &Scenario) -> Result<(), TestCaseError> {
        for building in prepared.buildings() {
            let feet =
                scenario.tables.spans.iter().filter(|span| span.length > mm(0)).map(|span| {
                    Stretch::new(prepared.plane(), &span.line, span.length)
                        .unwrap()
                        .foot(building.at)
                });
            let Some(foot) = feet.min_by_key(|foot| foot.square) else { continue };
            let distance = prepared.plane().length(building.at, foot.at);
            prop_assert_eq!(building.distance, Some(distance));
            let joined = distance <= prepared.settings.snap_limit;
            prop_assert_eq!(building.junction.is_some(), joined);
            let Some(junction) = building.junction else { continue };
            let own = prepared.junctions()[junction.at()];
            // On the span itself the junction may be a joined end a millimetre off.
            prop_assert!(own == building.at || square_distance(own, foot.at) <= 4);
            let lead_in = prepared.spans().iter().find(|span| {
                span.ends[0] == junction && !matches!(span.source, SpanSource::Piece(_))
            });
            if let Some(lead_in) = lead_in {
                let end = prepared.junctions()[lead_in.ends[1].at()];
                prop_assert!(square_distance(end, foot.at) <= 4, "{:?} {:?}", end, foot);
            }
        }
        Ok(())
    }
}
