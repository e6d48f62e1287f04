//! From a prepared network to the engine's instance, and what each of its edges stands for.
//!
//! Junctions keep their places; then come the points halfway along spans with premises, where these count;
//! then the buildings, each a leaf on its junction by its drop; the super-root comes last, joined to each
//! exchange by an edge of the exchange's price. So a tree holding the super-root is a forest with one enabled
//! exchange a tree.

mod assemble;
mod objective;
pub(crate) mod rules;
mod scale;

pub use assemble::{assemble, tree_of};
pub use rules::Closed;
pub use scale::Scale;

use objective::premises::Passing;

use crate::engine::{Demand, Goal, Instance};
use crate::error::Error;
use crate::funding::{ItemKind, PotSet};
use crate::ids::{BuildingIx, ExchangeIx, SiteIx, SpanIx};
use crate::joint::Terrain;
use crate::model::{Objective, PaysFor, Programme, Scenario, Truth};
use crate::network::Prepared;
use crate::units::Pence;

/// What an edge of the instance stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Meaning {
    /// Enabling an exchange.
    Enable(ExchangeIx),
    /// Building a span; where its premises count, the half from its first end.
    Span(SpanIx),
    /// The other half of a span whose premises count: no item of its own.
    Rest(SpanIx),
    /// Building the drop of a building.
    Drop(BuildingIx),
}

/// What is known of one building before solving.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Programmes with an eligible site in it.
    pub payers: PotSet,
    /// What it brings, in thousandths, by objective of the list.
    pub brings: Vec<i64>,
    /// The column whose missing value leaves eligibility unknown, where no programme is certain.
    pub unknown: Option<String>,
    /// Whether every site in it is forbidden.
    pub forbidden: bool,
    /// Whether it can be part of a plan at all.
    pub open: bool,
    /// The rule that closes it, where nothing else does.
    pub closed: Option<Closed>,
}

/// An instance with its meaning.
#[derive(Clone, Debug)]
pub struct Question {
    /// The numbers.
    pub instance: Instance,
    /// Meaning of each edge of the instance.
    pub meanings: Vec<Meaning>,
    /// One entry a building of the prepared network.
    pub prospects: Vec<Prospect>,
    /// Number of junctions and points halfway along spans: building `b` is node `junctions + b`.
    pub junctions: usize,
    /// How many of them are points halfway along spans; they come last.
    pub halfway: usize,
    /// How prizes are made from the list of objectives.
    pub scale: Scale,
    /// Buildings that are connected together or not at all.
    pub bundles: Vec<Vec<BuildingIx>>,
}

impl Question {
    /// The node of the super-root.
    #[must_use]
    pub fn root(&self) -> u32 {
        node(self.junctions + self.prospects.len())
    }

    /// The building a node is, if it is one.
    #[must_use]
    pub fn building(&self, node: u32) -> Option<BuildingIx> {
        let place = (node as usize).checked_sub(self.junctions)?;
        (place < self.prospects.len()).then(|| BuildingIx::new(place))
    }

    /// The span that an edge is, or is half of.
    #[must_use]
    pub fn span(&self, edge: u32) -> Option<SpanIx> {
        match self.meanings[edge as usize] {
            Meaning::Span(span) | Meaning::Rest(span) => Some(span),
            Meaning::Enable(_) | Meaning::Drop(_) => None,
        }
    }

    /// The instance as the search over several pots sees it.
    #[must_use]
    pub(crate) fn terrain(&self) -> Terrain<'_> {
        let kinds = self.meanings.iter().map(|&meaning| kind_of(meaning)).collect();
        let mut payers = vec![None; self.instance.nodes()];
        for (place, prospect) in self.prospects.iter().enumerate() {
            if prospect.open {
                payers[self.junctions + place] = Some(prospect.payers);
            }
        }
        let halfway = node(self.junctions - self.halfway)..node(self.junctions);
        let terrain = Terrain::new(&self.instance, kinds, &payers, halfway);
        terrain.with_charge(self.scale.charge())
    }

    /// The node of a building.
    #[must_use]
    pub fn leaf(&self, building: BuildingIx) -> u32 {
        node(self.junctions + building.at())
    }
}

/// States a scenario over its prepared network in numbers: most of its list of weights for all the money
/// of all programmes together (the merged pot, which is never less than any plan can spend). What
/// nobody may pay for is left out.
///
/// # Errors
///
/// When a price cannot be made (a method that the rate card does not name).
pub fn question(prepared: &Prepared, scenario: &Scenario) -> Result<Question, Error> {
    let passing = Passing::new(prepared, scenario);
    let halfway = passing.along.len();
    let junctions = prepared.junctions().len() + halfway;
    let mut prospects: Vec<Prospect> = (0..prepared.buildings().len())
        .map(|place| prospect(prepared, scenario, BuildingIx::new(place)))
        .collect();
    let bundles = rules::bundles(prepared, scenario);
    rules::close(prepared, scenario, &bundles, &mut prospects);
    let list = |place: usize| {
        prospects.iter().map(|own| own.brings[place]).chain(passing.of_objective(place)).collect()
    };
    let lists: Vec<Vec<i64>> = (0..scenario.objective_weights().len()).map(list).collect();
    let scale = match &scenario.objective {
        Objective::MaximiseNetBenefit { per_unit } => {
            Scale::of_worth(per_unit.values().map(|each| each.get()).collect(), &lists)
        }
        Objective::Maximise(_) | Objective::MinimiseCostFor { .. } => Scale::new(&lists),
    };
    let budget: Pence = scenario.programmes.iter().map(Programme::available).sum();
    let goal = Goal::MostPrize { budget: budget.get() };
    let mut instance = Instance::new(junctions + prospects.len() + 1, goal);
    let mut meanings = Vec::with_capacity(prepared.spans().len() + prospects.len());

    let prize_of = |premises: i64| scale.prize(&passing.brings(lists.len(), premises));
    for &(junction, premises) in &passing.at {
        instance.prizes[junction.at()] = prize_of(premises);
    }
    let mut rest = passing.along.iter().zip(junctions - halfway..).peekable();

    let prices = prepared.prices(&scenario.rate_card)?;
    let somebody_pays = |cost: Pence, sort: fn(PaysFor) -> bool| {
        cost == Pence::ZERO || !payers_of(scenario, sort).is_empty()
    };
    for (place, (span, cost)) in prepared.spans().iter().zip(prices).enumerate() {
        let [u, v] = span.ends;
        let own = SpanIx::new(place);
        let halves = rest.next_if(|((span, _), _)| *span == own);
        if !somebody_pays(cost, |pays| pays.span) {
            continue;
        }
        meanings.push(Meaning::Span(own));
        let Some((&(_, premises), middle)) = halves else {
            instance.add_edge(u.0, v.0, cost.get());
            continue;
        };
        let half = cost.get() / 2;
        instance.add_edge(u.0, node(middle), cost.get() - half);
        instance.add_edge(node(middle), v.0, half);
        meanings.push(Meaning::Rest(own));
        instance.prizes[middle] = prize_of(premises);
    }
    for (place, prospect) in prospects.iter().enumerate() {
        let leaf = junctions + place;
        let building = &prepared.buildings()[place];
        instance.prizes[leaf] = scale.prize(&prospect.brings);
        instance.demands[leaf] = demand(scenario, prepared, BuildingIx::new(place), prospect);
        if let (true, Some(junction)) = (prospect.open, building.junction) {
            let drop = prepared.drop_price(BuildingIx::new(place), &scenario.rate_card);
            instance.add_edge(junction.0, node(leaf), drop.get());
            meanings.push(Meaning::Drop(BuildingIx::new(place)));
        }
    }
    let root = node(junctions + prospects.len());
    instance.root = Some(root);
    for (place, at) in prepared.exchanges().iter().enumerate() {
        if let Some(junction) = at.junction {
            let exchange = ExchangeIx::new(place);
            let enable = scenario.tables.exchange(exchange).enable;
            if !somebody_pays(enable, |pays| pays.exchange) {
                continue;
            }
            instance.add_edge(root, junction.0, enable.get());
            meanings.push(Meaning::Enable(exchange));
        }
    }
    for bundle in &bundles {
        let leaf = |building: &BuildingIx| junctions + building.at();
        let demanded = |at: usize| instance.demands[at] == Demand::Required;
        if bundle.required || bundle.buildings.iter().map(leaf).any(demanded) {
            bundle
                .buildings
                .iter()
                .map(leaf)
                .for_each(|at| instance.demands[at] = Demand::Required);
        }
    }
    let bundles = bundles.into_iter().map(|bundle| bundle.buildings).collect();
    Ok(Question { instance, meanings, prospects, junctions, halfway, scale, bundles })
}

/// The kind of item an edge is.
const fn kind_of(meaning: Meaning) -> ItemKind {
    match meaning {
        Meaning::Drop(_) => ItemKind::Drop,
        Meaning::Span(_) | Meaning::Rest(_) => ItemKind::Span,
        Meaning::Enable(_) => ItemKind::Exchange,
    }
}

/// What is known of a building before solving.
fn prospect(prepared: &Prepared, scenario: &Scenario, building: BuildingIx) -> Prospect {
    let place = &prepared.buildings()[building.at()];
    let sites = || place.sites.iter().map(|&site| scenario.tables.site(site));
    let mut eligible = Vec::new();
    let mut unknown = None;
    let names = scenario.objective_weights();
    let mut brings = vec![0; names.len()];
    for site in sites().filter(|site| !scenario.forbids(site)) {
        for (own, name) in brings.iter_mut().zip(&names) {
            *own += scenario.weight(name, site).map_or(0, |weighed| weighed.weight.thousandths());
        }
        for (place, programme) in scenario.programmes.iter().enumerate() {
            match scenario.eligible(programme, site) {
                Truth::Yes => eligible.push(place),
                Truth::No => {}
                Truth::Unknown(column) => unknown = unknown.or(Some(column)),
            }
        }
    }
    let payers = PotSet::of(eligible);
    let forbidden = sites().all(|site| scenario.forbids(site));
    let free = prepared.drop_price(building, &scenario.rate_card) == Pence::ZERO;
    let payable = free || !payers.and(payers_of(scenario, |pays| pays.drop)).is_empty();
    let open = place.junction.is_some() && !forbidden && payable;
    Prospect { payers, brings, unknown, forbidden, open, closed: None }
}

/// The programmes that may pay for a kind of item.
pub(crate) fn payers_of(scenario: &Scenario, kind: impl Fn(PaysFor) -> bool) -> PotSet {
    let programmes = scenario.programmes.iter().enumerate();
    PotSet::of(programmes.filter(|(_, own)| kind(own.pays_for)).map(|(place, _)| place))
}

fn demand(
    scenario: &Scenario,
    prepared: &Prepared,
    building: BuildingIx,
    prospect: &Prospect,
) -> Demand {
    let sites = &prepared.buildings()[building.at()].sites;
    let required =
        |site: &&SiteIx| scenario.rules.required.contains(&scenario.tables.site(**site).id);
    if sites.iter().any(|site| required(&site)) {
        Demand::Required
    } else if prospect.open {
        Demand::Optional
    } else {
        Demand::Forbidden
    }
}

fn node(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
