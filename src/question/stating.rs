//! From a scenario over its prepared network to the question in numbers.
//!
//! What cannot be counted or planned with at all is refused here, never cut or ignored.

use super::objective;
use super::objective::premises::Passing;
use super::rules;
use super::scale::Scale;
use super::stated::{BuildingTerms, EdgeItem, Question, node};
use crate::engine::{Demand, Goal, Instance};
use crate::error::{Error, ErrorKind, Fault};
use crate::funding::PotSet;
use crate::ids::{BuildingIx, ExchangeIx, SiteIx, SpanIx};
use crate::model::{PaysFor, Programme, Scenario, Truth};
use crate::network::Prepared;
use crate::units::Pence;

/// States a scenario over its prepared network in numbers: most of its list of weights for all the money
/// of all programmes together (the merged pot, which is never less than any plan can spend). What
/// nobody may pay for is left out.
///
/// # Errors
///
/// All faults of the scenario, if it has any; when a price cannot be made (a method that the rate card does not
/// name).
pub fn question(prepared: &Prepared, scenario: &Scenario) -> Result<Question, Error> {
    scenario.judged()?;
    let passing = Passing::new(prepared, scenario);
    let halfway = passing.along.len();
    let junctions = prepared.junctions().len() + halfway;
    refuse_too_many_nodes(junctions + prepared.buildings().len() + 1)?;
    let mut building_terms: Vec<BuildingTerms> = (0..prepared.buildings().len())
        .map(|place| terms(prepared, scenario, BuildingIx::new(place)))
        .collect();
    let bundles = rules::bundles(prepared, scenario);
    rules::close(prepared, scenario, &bundles, &mut building_terms);
    let list = |place: usize| {
        building_terms
            .iter()
            .map(|own| own.brings[place])
            .chain(passing.of_objective(place))
            .collect()
    };
    let lists: Vec<Vec<i64>> = (0..scenario.objective_weights().len()).map(list).collect();
    let objective = objective::model_of(&scenario.objective);
    let scale = objective.scale(&lists).ok_or_else(too_much_brought)?;
    let budget: Pence = scenario.programmes.iter().map(Programme::available).sum();
    let goal = Goal::MostPrize { budget: budget.get() };
    let mut instance = Instance::new(junctions + building_terms.len() + 1, goal);
    let mut edge_items = Vec::with_capacity(prepared.spans().len() + building_terms.len());

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
        edge_items.push(EdgeItem::Span(own));
        let Some((&(_, premises), middle)) = halves else {
            instance.add_edge(u.0, v.0, cost.get());
            continue;
        };
        let half = cost.get() / 2;
        instance.add_edge(u.0, node(middle), cost.get() - half);
        instance.add_edge(node(middle), v.0, half);
        edge_items.push(EdgeItem::SecondHalf(own));
        instance.prizes[middle] = prize_of(premises);
    }
    for (place, terms) in building_terms.iter().enumerate() {
        let leaf = junctions + place;
        let building = &prepared.buildings()[place];
        instance.prizes[leaf] = scale.prize(&terms.brings);
        instance.demands[leaf] = demand(scenario, prepared, BuildingIx::new(place), terms);
        if let (true, Some(junction)) = (terms.open, building.junction) {
            let drop = prepared.drop_price(BuildingIx::new(place), &scenario.rate_card);
            instance.add_edge(junction.0, node(leaf), drop.get());
            edge_items.push(EdgeItem::Drop(BuildingIx::new(place)));
        }
    }
    let root = node(junctions + building_terms.len());
    instance.root = Some(root);
    for (place, at) in prepared.exchanges().iter().enumerate() {
        if let Some(junction) = at.junction {
            let exchange = ExchangeIx::new(place);
            let enable = scenario.enable_price(scenario.tables.exchange(exchange));
            if !somebody_pays(enable, |pays| pays.exchange) {
                continue;
            }
            instance.add_edge(root, junction.0, enable.get());
            edge_items.push(EdgeItem::Enable(exchange));
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
    refuse_beyond_counting(&instance, &scale)?;
    let bundles = bundles.into_iter().map(|bundle| bundle.buildings).collect();
    Ok(Question { instance, edge_items, building_terms, junctions, halfway, scale, bundles })
}

/// What is known about a building before solving.
fn terms(prepared: &Prepared, scenario: &Scenario, building: BuildingIx) -> BuildingTerms {
    let place = &prepared.buildings()[building.at()];
    let sites = || place.sites.iter().map(|&site| scenario.tables.site(site));
    let mut eligible = Vec::new();
    let mut unknown = None;
    let names = scenario.objective_weights();
    let mut brings = vec![0_i64; names.len()];
    for site in sites().filter(|site| !scenario.forbids(site)) {
        for (own, name) in brings.iter_mut().zip(&names) {
            let weight = scenario.weight(name, site);
            // What is cut at the top is refused with the sum of all prizes.
            *own = own.saturating_add(weight.map_or(0, |own| own.weight.thousandths()));
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
    BuildingTerms { payers, brings, unknown, forbidden, open, closed: None }
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
    terms: &BuildingTerms,
) -> Demand {
    let sites = &prepared.buildings()[building.at()].sites;
    let required =
        |site: &&SiteIx| scenario.rules.required.contains(&scenario.tables.site(**site).id);
    if sites.iter().any(|site| required(&site)) {
        Demand::Required
    } else if terms.open {
        Demand::Optional
    } else {
        Demand::Forbidden
    }
}

/// The last number stands for no node.
fn refuse_too_many_nodes(count: usize) -> Result<(), Error> {
    if u32::try_from(count).is_ok_and(|count| count < u32::MAX) {
        return Ok(());
    }
    let message =
        format!("the network and its buildings are {count} nodes, more than can be numbered");
    Err(Error::new(ErrorKind::Usage, message))
}

/// Prizes, and costs in prizes, that add up to less than this can be added, charged and scaled in 64 bits.
const MOST_COUNTED: i128 = 1 << 59;

/// What adds up to more than can be counted.
fn refuse_beyond_counting(instance: &Instance, scale: &Scale) -> Result<(), Error> {
    let prizes: i128 = instance.prizes.iter().map(|&prize| i128::from(prize)).sum();
    if prizes >= MOST_COUNTED {
        return Err(too_much_brought());
    }
    let costs: i128 = instance.edges.iter().map(|edge| i128::from(edge.cost)).sum();
    if costs * i128::from(scale.charge().max(1)) < MOST_COUNTED {
        return Ok(());
    }
    let cause = "everything together could cost more than can be counted in pence";
    let fault = Fault::new("R104", cause, "look for a rate, cost or length that is far too large");
    Err(Error::from_faults(vec![fault.at("scenario.toml", None, "rate_card")]))
}

fn too_much_brought() -> Error {
    let cause = "what everything brings adds up to more than can be counted";
    let fault = Fault::new("O106", cause, "count it in a larger unit");
    Error::from_faults(vec![fault.at("scenario.toml", None, "objective")])
}
