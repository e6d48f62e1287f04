//! The independent oracle: the same problem as a compact integer programme in `good_lp`.
//!
//! What for: a second opinion on small instances, by a method that shares nothing with the engine. In: an
//! [`Instance`] with sums up to a thousand million. Out: its optimum and a tree, verified. It does not
//! scale (tens of nodes at most) and works in floating point, so larger numbers are refused.

use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution as _, SolverModel, Variable,
    constraint, microlp, variable,
};

use fibreplan::effort::Effort;
use fibreplan::engine::{Demand, Goal, Instance, Solution, solve};
use fibreplan::error::{Error, ErrorKind};
use fibreplan::internals::oracle::{Shape, brute_force, random_instance};
use fibreplan::internals::verify::{verify, verify_outcome};
use fibreplan::observe::Silent;

/// Sums of costs or prizes above this leave too few digits for the solver's tolerances.
const MOST_TOTAL: i64 = 1_000_000_000;

/// The optimum of a small instance and a tree that attains it; `None` where there is no answer.
///
/// A single-commodity flow from the root (Gavish 1984) feeds one unit to every node held; hop limits
/// are kept by node levels (Miller, Tucker, Zemlin 1960). Without a root, an artificial one may open
/// one arc. Exponential; meant for tens of nodes.
///
/// # Errors
///
/// A usage error when the instance does not validate or its sums exceed a thousand million; an
/// internal error when the solver fails or its answer does not verify.
pub fn solve_flow_model(instance: &Instance) -> Result<Option<(i64, Solution)>, Error> {
    instance.validate()?;
    let costs: i64 = instance.edges.iter().map(|edge| edge.cost).sum();
    if costs.max(instance.prizes.iter().sum()) > MOST_TOTAL {
        return Err(Error::new(ErrorKind::Usage, "the numbers are too large for the flow model"));
    }
    let internal = |message: String| Error::new(ErrorKind::Internal, message);
    let Some(solution) = solve_model(instance).map_err(|error| internal(error.to_string()))? else {
        return Ok(None);
    };
    let value = verify(instance, &solution).map_err(|flaw| internal(flaw.to_string()))?;
    let value = i64::try_from(value).map_err(|error| internal(error.to_string()))?;
    Ok(Some((value, solution)))
}

/// One direction of an edge; `flow` counts the nodes fed through it.
struct Arc {
    edge: usize,
    from: usize,
    to: usize,
    used: Variable,
    flow: Variable,
}

struct Variables {
    arcs: Vec<Arc>,
    /// Whether each node is held.
    held: Vec<Variable>,
    /// Whether each node is where the tree starts, and how many nodes it feeds from there.
    starts: Vec<(Variable, Variable)>,
    levels: Vec<Variable>,
}

fn declare(instance: &Instance, model: &mut ProblemVariables) -> Variables {
    let nodes = instance.nodes();
    let most = count(nodes);
    let mut arcs = Vec::new();
    for (place, edge) in instance.edges.iter().enumerate() {
        let [u, v] = edge.ends.map(|end| end as usize);
        if u == v {
            continue;
        }
        for (from, to) in [(u, v), (v, u)] {
            let used = model.add(variable().binary());
            let flow = model.add(variable().min(0.0).max(most));
            arcs.push(Arc { edge: place, from, to, used, flow });
        }
    }
    let held = instance.demands.iter().map(|demand| {
        let (least, most) = match demand {
            Demand::Optional => (0, 1),
            Demand::Required => (1, 1),
            Demand::Forbidden => (0, 0),
        };
        model.add(variable().integer().min(least).max(most))
    });
    let held = held.collect();
    let starts = (0..nodes).map(|node| {
        let open = match instance.root {
            Some(root) => i32::from(root as usize == node),
            None => 1,
        };
        let start = model.add(variable().integer().min(0).max(open));
        (start, model.add(variable().min(0.0).max(most)))
    });
    let starts = starts.collect();
    let deepest = instance.max_hops.map_or(0.0, f64::from).min(most);
    let levels = (0..nodes).map(|_| model.add(variable().min(0.0).max(deepest))).collect();
    Variables { arcs, held, starts, levels }
}

fn solve_model(instance: &Instance) -> Result<Option<Solution>, ResolutionError> {
    let mut model = ProblemVariables::new();
    let variables = declare(instance, &mut model);
    let sum = |terms: &mut dyn Iterator<Item = (f64, Variable)>| {
        terms.fold(Expression::from(0.0), |sum, (factor, variable)| sum + factor * variable)
    };
    let prize =
        sum(&mut instance.prizes.iter().zip(&variables.held).map(|(&p, &y)| (number(p), y)));
    let cost = sum(&mut variables.arcs.iter().map(|arc| (edge_cost(instance, arc), arc.used)));
    let objective = match instance.goal {
        Goal::MostPrize { .. } => -prize.clone(),
        Goal::LeastCost { .. } => cost.clone(),
        Goal::LeastLoss => cost.clone() - prize.clone(),
    };
    let mut problem = model.minimise(objective).using(microlp);
    match instance.goal {
        Goal::MostPrize { budget } => {
            problem.add_constraint(constraint!(cost <= number(budget)));
        }
        Goal::LeastCost { at_least } => {
            problem.add_constraint(constraint!(prize >= number(at_least)));
        }
        Goal::LeastLoss => {}
    }
    for row in rows(instance, &variables) {
        problem.add_constraint(row);
    }
    let values = match problem.solve() {
        Ok(values) => values,
        Err(ResolutionError::Infeasible) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_one = |variable: Variable| values.value(variable) > 0.5;
    let place = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let nodes = (0..instance.nodes()).filter(|&node| is_one(variables.held[node]));
    let used = variables.arcs.iter().filter(|arc| is_one(arc.used));
    let mut edges: Vec<u32> = used.map(|arc| place(arc.edge)).collect();
    edges.sort_unstable();
    Ok(Some(Solution { nodes: nodes.map(place).collect(), edges }))
}

fn rows(instance: &Instance, variables: &Variables) -> Vec<good_lp::Constraint> {
    let nodes = instance.nodes();
    let most = count(nodes);
    let Variables { arcs, held, starts, levels } = variables;
    let mut rows = Vec::new();
    let mut opened = Expression::from(0.0);
    for node in 0..nodes {
        let (start, fed) = starts[node];
        opened += start;
        // A node is held when one arc enters it or the tree starts there; each held node eats a unit.
        let mut entering = Expression::from(start);
        let mut balance = Expression::from(fed);
        for arc in arcs {
            if arc.to == node {
                entering += arc.used;
                balance += arc.flow;
            } else if arc.from == node {
                balance -= arc.flow;
            }
        }
        rows.push(constraint!(entering == held[node]));
        rows.push(constraint!(balance == held[node]));
        rows.push(constraint!(fed <= most * start));
    }
    match instance.root {
        Some(_) => rows.push(constraint!(opened == 1.0)),
        None => rows.push(constraint!(opened <= 1.0)),
    }
    for arc in arcs {
        rows.push(constraint!(arc.flow <= (most - 1.0).max(0.0) * arc.used));
        rows.push(constraint!(arc.used <= held[arc.from]));
        if let Some(hops) = instance.max_hops {
            let slack = f64::from(hops).min(most) + 1.0;
            let (from, to) = (levels[arc.from], levels[arc.to]);
            rows.push(constraint!(to - from + slack * (1.0 - arc.used) >= 1.0));
        }
    }
    rows
}

fn edge_cost(instance: &Instance, arc: &Arc) -> f64 {
    number(instance.edges[arc.edge].cost)
}

#[allow(clippy::cast_precision_loss)] // amounts are checked to be small first
fn number(amount: i64) -> f64 {
    amount as f64
}

#[allow(clippy::cast_precision_loss)] // node counts of tiny instances
fn count(nodes: usize) -> f64 {
    nodes as f64
}

#[test]
fn it_agrees_with_enumeration_for_every_kind_of_problem() {
    let shape = Shape { nodes: 6, edges: 9, huge: false, ..Shape::default() };
    let mut answers = 0;
    for seed in 0..600 {
        let instance = random_instance(seed, &shape);
        let expected = brute_force(&instance).map(|(value, _)| value);
        let found = solve_flow_model(&instance).unwrap().map(|(value, _)| value);
        assert_eq!(found, expected, "seed {seed}");
        answers += usize::from(found.is_some());
    }
    assert!(answers > 400, "{answers}");
}

#[test]
fn numbers_beyond_its_precision_are_refused() {
    let mut instance = Instance::new(2, Goal::LeastLoss);
    instance.add_edge(0, 1, MOST_TOTAL + 1);
    assert_eq!(solve_flow_model(&instance).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn instances_beyond_enumeration_are_solved_like_by_the_flow_model() {
    let shape = Shape { nodes: 11, edges: 22, huge: false, ..Shape::default() };
    let mut answers = [0; 3];
    for seed in 30_000..30_500 {
        let instance = random_instance(seed, &shape);
        let expected = solve_flow_model(&instance).unwrap().map(|(value, _)| value);
        let outcome = solve(&instance, &Effort::default(), &mut Silent).unwrap();
        assert_eq!(outcome.objective, expected, "seed {seed}: {instance:?}");
        assert_eq!(verify_outcome(&instance, &outcome), Ok(()), "seed {seed}");
        let kind = match instance.goal {
            Goal::MostPrize { .. } => 0,
            Goal::LeastCost { .. } => 1,
            Goal::LeastLoss => 2,
        };
        answers[kind] += usize::from(expected.is_some());
    }
    assert!(answers.iter().all(|&answers| answers > 80), "{answers:?}");
}
