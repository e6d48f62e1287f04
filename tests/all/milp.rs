//! Several pots as one integer programme: a second opinion on the planner that shares nothing with it.
//!
//! Arcs lead away from the super-root; a flow feeds the connected buildings; for each pot, an arc may be
//! paid from it where a building that is eligible for it lies beyond. Small scenarios only.

use fibreplan::internals::question::{EdgeItem, Question, question};
use fibreplan::internals::random::Random;
use fibreplan::model::{Programme, Scenario};
use fibreplan::network::prepare;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::Amount;
use good_lp::{
    Expression, ProblemVariables, Solution as _, SolverModel, Variable, constraint, microlp,
    variable,
};

use crate::plans;

struct Arc {
    edge: usize,
    from: u32,
    to: u32,
    used: Variable,
    flow: Variable,
    /// By pot: whether an eligible building lies beyond, and what the pot pays.
    beyond: Vec<Variable>,
    paid: Vec<Variable>,
}

fn pounds(pence: i64) -> f64 {
    f64::from(i32::try_from(pence).unwrap()) / 100.0
}

fn arcs(question: &Question, pots: usize, model: &mut ProblemVariables) -> Vec<Arc> {
    let most = f64::from(u32::try_from(question.building_terms.len()).unwrap());
    let mut arcs = Vec::new();
    for (edge, of) in question.instance.edges.iter().enumerate() {
        let [u, v] = of.ends;
        let both_ways = matches!(question.edge_items[edge], EdgeItem::Span(_));
        // Exchanges are enabled from the super-root, drops lead to their building.
        let away = u == question.root() || question.building(v).is_some();
        for (from, to, open) in [(u, v, both_ways || away), (v, u, both_ways || !away)] {
            if open && u != v {
                let beyond = (0..pots).map(|_| model.add(variable().min(0.0).max(1.0))).collect();
                let paid = (0..pots).map(|_| model.add(variable().min(0.0))).collect();
                let used = model.add(variable().binary());
                let flow = model.add(variable().min(0.0).max(most));
                arcs.push(Arc { edge, from, to, used, flow, beyond, paid });
            }
        }
    }
    arcs
}

fn pays(programme: &Programme, meaning: EdgeItem) -> bool {
    match meaning {
        EdgeItem::Drop(_) => programme.pays_for.drop,
        EdgeItem::Span(_) | EdgeItem::SecondHalf(_) => programme.pays_for.span,
        EdgeItem::Enable(_) => programme.pays_for.exchange,
    }
}

/// The most prize that the pots can pay for, in thousandths.
fn optimum(scenario: &Scenario, question: &Question) -> i64 {
    let instance = &question.instance;
    let pots = scenario.programmes.len();
    let mut model = ProblemVariables::new();
    let arcs = arcs(question, pots, &mut model);
    let prize_of = |arc: &Arc| pounds(instance.prizes[arc.to as usize]);
    let prize = arcs.iter().fold(Expression::from(0.0), |sum, arc| sum + prize_of(arc) * arc.used);
    let mut problem = model.maximise(prize.clone()).using(microlp);
    let most = f64::from(u32::try_from(question.building_terms.len()).unwrap());
    for node in (0..u32::try_from(instance.nodes()).unwrap()).filter(|&n| n != question.root()) {
        let sum = |of: &dyn Fn(&Arc) -> Expression, leaving: bool| {
            let here = |arc: &&Arc| if leaving { arc.from == node } else { arc.to == node };
            arcs.iter().filter(here).fold(Expression::from(0.0), |sum, arc| sum + of(arc))
        };
        let entering = sum(&|arc| arc.used.into(), false);
        problem.add_constraint(constraint!(entering.clone() <= 1.0));
        let kept = sum(&|arc| arc.flow.into(), false) - sum(&|arc| arc.flow.into(), true);
        let fed = if question.building(node).is_some() { entering } else { Expression::from(0.0) };
        problem.add_constraint(constraint!(kept == fed));
    }
    for arc in &arcs {
        problem.add_constraint(constraint!(arc.flow <= most * arc.used));
        let cost = pounds(instance.edges[arc.edge].cost);
        let mut paid = Expression::from(0.0);
        for (pot, programme) in scenario.programmes.iter().enumerate() {
            let beyond = arc.beyond[pot];
            problem.add_constraint(constraint!(beyond <= arc.used));
            let users = match question.building(arc.to) {
                Some(building) => {
                    let eligible = question.building_terms[building.at()].payers.bits() >> pot & 1;
                    f64::from(u32::try_from(eligible).unwrap()) * arc.used
                }
                None => arcs
                    .iter()
                    .filter(|next| next.from == arc.to && next.to != arc.from)
                    .fold(Expression::from(0.0), |sum, next| sum + next.beyond[pot]),
            };
            problem.add_constraint(constraint!(beyond <= users));
            let most = if pays(programme, question.edge_items[arc.edge]) { cost } else { 0.0 };
            problem.add_constraint(constraint!(arc.paid[pot] <= most * beyond));
            paid += arc.paid[pot];
        }
        problem.add_constraint(constraint!(paid == cost * arc.used));
    }
    for (pot, programme) in scenario.programmes.iter().enumerate() {
        let spent = arcs.iter().fold(Expression::from(0.0), |sum, arc| sum + arc.paid[pot]);
        problem.add_constraint(constraint!(spent <= pounds(programme.available().get())));
    }
    let values = problem.solve().expect("nothing built is always an answer");
    let held = arcs.iter().filter(|arc| values.value(arc.used) > 0.5);
    held.map(|arc| instance.prizes[arc.to as usize]).sum()
}

#[test]
fn plans_agree_with_the_integer_programme() {
    let mut covered = 0;
    for pots in 1..=3 {
        for case in 0..150 {
            let mut random = Random::new(7_000 + case * 31 + pots);
            let scenario = plans::scenario(&mut random, pots, false);
            let prepared = prepare(&scenario).unwrap();
            let question = question(&prepared, &scenario).unwrap();
            let expected = optimum(&scenario, &question);
            let outcome = solve(&scenario, &SolveOptions::default()).unwrap();
            let first = &outcome.objectives[0];
            assert_eq!(first.achieved.raw(), expected, "{pots} pots, case {case}");
            assert_eq!(first.bound.map(Amount::raw), Some(expected), "{pots} pots, case {case}");
            covered += i32::from(expected > 0);
        }
    }
    assert!(covered > 200, "{covered} cases with coverage");
}
