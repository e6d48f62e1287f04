//! The prepared network: compact tables, and what each span is, made up on demand.

use std::sync::Arc;

use crate::error::Fault;
use crate::geometry::{Plane, Point, Stretch};
use crate::ids::{BuildingIx, ExchangeIx, JunctionIx, SiteIx, SpanIx};
use crate::model::{
    Building, InputSpan, NetworkSettings, NetworkSource, Scenario, Tables, premises_of_piece,
};
use crate::network::NetworkReport;
use crate::network::crossed::Crossings;
use crate::plan::{Origin, junction_name};
use crate::units::Millimetres;

/// A part of an input span, from one distance along it to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Piece {
    /// Place of the input span in [`Tables::spans`].
    pub span: u32,
    /// Where the piece begins, in the input span's stated length.
    pub from: Millimetres,
    /// Where it ends; more than `from`.
    pub to: Millimetres,
}

/// What a span is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SpanSource {
    /// A proximity link between two positions.
    Proximity,
    /// A piece of an input span: its place among [`Prepared::pieces`].
    Piece(u32),
    /// The straight lead-in of a building.
    BuildingLeadIn(BuildingIx),
    /// The straight lead-in of an exchange.
    ExchangeLeadIn(ExchangeIx),
}

/// A span of the network. Two spans may join the same junctions; none joins a junction to itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RouteSpan {
    /// The junctions it joins; its geometry runs from the first to the second.
    pub ends: [JunctionIx; 2],
    /// Route length, detour included.
    pub length: Millimetres,
    /// What it is made of.
    pub source: SpanSource,
}

/// A building and where it is joined to the network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PreparedBuilding {
    /// Building id.
    pub id: String,
    /// Position of the building.
    pub at: Point,
    /// Sites its drop connects, sorted.
    pub sites: Vec<SiteIx>,
    /// The junction its drop hangs from; `None` when nothing to join lies within the limit.
    pub junction: Option<JunctionIx>,
    /// Straight distance to the nearest span that could be used (zero on a proximity network, of
    /// which the building is a part); `None` when there is no such span.
    pub distance: Option<Millimetres>,
}

impl PreparedBuilding {
    pub(super) fn unjoined(building: Building) -> Self {
        let Building { id, at, sites, drop: _ } = building;
        Self { id, at, sites, junction: None, distance: None }
    }
}

/// Where an exchange is joined to the network, in the order of the table of exchanges.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PreparedExchange {
    /// Its junction; `None` when nothing to join lies within the limit.
    pub junction: Option<JunctionIx>,
    /// Straight distance to the nearest span that could be used, or to the nearest waypoint;
    /// `None` when there is neither.
    pub distance: Option<Millimetres>,
    /// A junction of the span it would be joined to, were it near enough; `None` where it is joined.
    pub towards: Option<JunctionIx>,
}

/// A route network, built by [`prepare`](crate::network::prepare).
///
/// Junctions are sorted by position and no two share one; spans are sorted by their source and place.
/// It holds numbers only: ids, lines and prices of spans are made on demand from the tables it shares.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    pub(super) tables: Arc<Tables>,
    pub(super) settings: NetworkSettings,
    pub(super) junctions: Vec<Point>,
    pub(super) spans: Vec<RouteSpan>,
    pub(super) pieces: Vec<Piece>,
    pub(super) buildings: Vec<PreparedBuilding>,
    pub(super) exchanges: Vec<PreparedExchange>,
    pub(super) crossings: Crossings,
    pub(super) report: NetworkReport,
}

impl Prepared {
    /// What every way of building a network starts from.
    pub(super) fn started(scenario: &Scenario) -> Self {
        let buildings = scenario.buildings().into_iter().map(PreparedBuilding::unjoined).collect();
        let exchanges = vec![PreparedExchange::default(); scenario.tables.exchanges.rows.len()];
        Self {
            tables: Arc::clone(&scenario.tables),
            settings: scenario.network.clone(),
            junctions: Vec::new(),
            spans: Vec::new(),
            pieces: Vec::new(),
            buildings,
            exchanges,
            crossings: Crossings::default(),
            report: NetworkReport::default(),
        }
    }

    /// Whether this is the network of a scenario: same tables and same network settings. Prices,
    /// programmes, objective and rules may differ.
    #[must_use]
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let same_tables =
            Arc::ptr_eq(&self.tables, &scenario.tables) || self.tables == scenario.tables;
        same_tables && self.settings == scenario.network
    }

    /// The plane its points are on.
    #[must_use]
    pub fn plane(&self) -> Plane {
        self.tables.plane
    }

    /// The tables it was made from.
    #[must_use]
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Positions of the junctions, sorted and distinct, to be indexed by [`JunctionIx::at`].
    #[must_use]
    pub fn junctions(&self) -> &[Point] {
        &self.junctions
    }

    /// The spans, to be indexed by [`SpanIx::at`].
    #[must_use]
    pub fn spans(&self) -> &[RouteSpan] {
        &self.spans
    }

    /// Pieces of input spans that spans are made of.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The buildings, sorted by id, in the order of `Scenario::buildings`.
    #[must_use]
    pub fn buildings(&self) -> &[PreparedBuilding] {
        &self.buildings
    }

    /// The exchanges, in the order of the table.
    #[must_use]
    pub fn exchanges(&self) -> &[PreparedExchange] {
        &self.exchanges
    }

    /// What was noticed while building.
    #[must_use]
    pub fn report(&self) -> &NetworkReport {
        &self.report
    }

    /// Remarks on the network for whoever reads a plan made on it: what was left out, not joined or parted.
    #[must_use]
    pub fn notices(&self) -> &[Fault] {
        &self.report.notices
    }

    /// The name of a junction in a plan.
    #[must_use]
    pub fn junction_name(&self, junction: JunctionIx) -> String {
        junction_name(self.junctions[junction.at()])
    }

    /// The junction at a point, if there is one.
    #[must_use]
    pub fn junction_at(&self, point: Point) -> Option<JunctionIx> {
        self.junctions.binary_search(&point).ok().map(JunctionIx::new)
    }

    /// Premises at a junction of a network of waypoints, counted once when what is built holds it.
    #[must_use]
    pub fn premises_at(&self, junction: JunctionIx) -> u32 {
        if self.settings.from != NetworkSource::Waypoints {
            return 0;
        }
        let waypoints = &self.tables.waypoints;
        let at = self.junctions[junction.at()];
        let found = waypoints.binary_search_by_key(&at, |waypoint| waypoint.at);
        found.map_or(0, |place| waypoints[place].premises_passed)
    }

    /// Premises along a span (see [`premises_of_piece`]).
    #[must_use]
    pub fn premises_along(&self, span: SpanIx) -> u32 {
        self.piece(span).map_or(0, |(input, piece)| premises_of_piece(input, piece.from, piece.to))
    }

    /// A span.
    #[must_use]
    pub fn span(&self, span: SpanIx) -> RouteSpan {
        self.spans[span.at()]
    }

    /// Where a span comes from, as plans say it.
    #[must_use]
    pub fn origin(&self, span: SpanIx) -> Origin {
        match self.span(span).source {
            SpanSource::Proximity => Origin::Proximity,
            SpanSource::Piece(_) => Origin::Input,
            SpanSource::BuildingLeadIn(_) | SpanSource::ExchangeLeadIn(_) => Origin::LeadIn,
        }
    }

    /// The input span that a span is a piece of, and which part; `None` for other spans.
    #[must_use]
    pub fn piece(&self, span: SpanIx) -> Option<(&InputSpan, Piece)> {
        let SpanSource::Piece(piece) = self.span(span).source else { return None };
        let piece = self.pieces[piece as usize];
        Some((&self.tables.spans[piece.span as usize], piece))
    }

    /// Whether there is fibre along a span already.
    #[must_use]
    pub fn existing(&self, span: SpanIx) -> bool {
        self.piece(span).is_some_and(|(input, _)| input.existing)
    }

    /// The id of a span, unique in the network and the same for any order of the input rows.
    ///
    /// A whole input span keeps its id; a piece is `<id>[from-to]` in millimetres; a proximity link
    /// is `<junction>~<junction>`; a lead-in is `lead-in:building:<id>` or `lead-in:exchange:<id>`.
    #[must_use]
    pub fn span_id(&self, span: SpanIx) -> String {
        if let Some((input, piece)) = self.piece(span) {
            let whole = piece.from == Millimetres::ZERO && piece.to == input.length;
            let Piece { from, to, .. } = piece;
            return if whole {
                input.id.clone()
            } else {
                format!("{}[{}-{}]", input.id, from.get(), to.get())
            };
        }
        if let Some(served) = self.source_id(span) {
            return format!("lead-in:{served}");
        }
        let [from, to] = self.span(span).ends.map(|end| self.junction_name(end));
        format!("{from}~{to}")
    }

    /// Id of the input span that a span is a piece of, or of what a lead-in serves
    /// (`building:<id>`, `exchange:<id>`).
    #[must_use]
    pub fn source_id(&self, span: SpanIx) -> Option<String> {
        match self.span(span).source {
            SpanSource::Proximity => None,
            SpanSource::Piece(_) => self.piece(span).map(|(input, _)| input.id.clone()),
            SpanSource::BuildingLeadIn(building) => {
                Some(format!("building:{}", self.buildings[building.at()].id))
            }
            SpanSource::ExchangeLeadIn(exchange) => {
                Some(format!("exchange:{}", self.tables.exchange(exchange).id))
            }
        }
    }

    /// The line of a span on the plane, from its first end to its second.
    #[must_use]
    pub fn geometry(&self, span: SpanIx) -> Vec<Point> {
        let ends = self.span(span).ends.map(|end| self.junctions[end.at()]);
        let Some((input, piece)) = self.piece(span) else { return ends.to_vec() };
        let stretch = Stretch::new(self.plane(), &input.line, input.length);
        let mut line = stretch.map_or(ends.to_vec(), |stretch| stretch.cut(piece.from, piece.to));
        // An end of an input span may lie beside its junction, within the distance that joins ends.
        if let [first, .., last] = line.as_mut_slice() {
            [*first, *last] = ends;
        }
        line
    }
}
