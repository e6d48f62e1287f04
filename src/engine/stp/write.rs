//! An [`StpProblem`] to text that other solvers read.
//!
//! What for: planning problems taken to other programmes, and round trips in tests. In: a problem. Out:
//! the text, which [`read_stp`](super::read_stp) reads back. It cannot state a quota; a forbidden node
//! is written as one without edges or prize, which is the same problem.

use std::fmt::Write as _;

use super::{StpKind, StpProblem, decimal_text};
use crate::engine::instance::{Demand, Goal};
use crate::error::{Error, ErrorKind};
use crate::text::is_hidden;

/// The text of a problem in the `.stp` layout of its kind. Linear in the instance.
///
/// # Errors
///
/// A usage error when the goal of the instance is not that of the kind, or when an STPRBH has no root.
pub fn write_stp(problem: &StpProblem) -> Result<String, Error> {
    check_kind(problem)?;
    let instance = &problem.instance;
    let mut text = String::with_capacity(100 + 20 * instance.edges.len());
    text.push_str("33D32945 STP File, STP Format Version 1.0\n\nSECTION Comment\n");
    line(&mut text, format_args!("Name \"{}\"", one_line(&problem.name)));
    line(&mut text, format_args!("Problem \"{}\"", problem.kind));
    for remark in &problem.remarks {
        line(&mut text, format_args!("Remark \"{}\"", one_line(remark)));
    }
    text.push_str("END\n\nSECTION Graph\n");
    write_graph(&mut text, problem);
    text.push_str("END\n\n");
    if problem.kind == StpKind::Stprbh {
        write_profitable(&mut text, problem);
        if instance.demands.contains(&Demand::Required) {
            write_terminals(&mut text, problem);
        }
    } else {
        write_terminals(&mut text, problem);
    }
    text.push_str("EOF\n");
    Ok(text)
}

fn check_kind(problem: &StpProblem) -> Result<(), Error> {
    let instance = &problem.instance;
    let fits = match (problem.kind, instance.goal) {
        (StpKind::Stprbh, Goal::MostPrize { .. }) => instance.root.is_some(),
        (StpKind::Spg, Goal::LeastLoss) => {
            instance.max_hops.is_none() && instance.prizes.iter().all(|&prize| prize == 0)
        }
        (StpKind::Pcspg, Goal::LeastLoss) => instance.max_hops.is_none() && instance.root.is_none(),
        (StpKind::Rpcst, Goal::LeastLoss) => instance.max_hops.is_none() && instance.root.is_some(),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let message = format!("the layout of {} cannot state this instance", problem.kind);
    Err(Error::new(ErrorKind::Usage, message))
}

fn write_graph(text: &mut String, problem: &StpProblem) {
    let instance = &problem.instance;
    let usable = |end: u32| instance.demands[end as usize] != Demand::Forbidden;
    let edges = || instance.edges.iter().filter(|edge| edge.ends.iter().all(|&end| usable(end)));
    line(text, format_args!("Nodes {}", instance.nodes()));
    line(text, format_args!("Edges {}", edges().count()));
    if let (StpKind::Stprbh, Goal::MostPrize { budget }) = (problem.kind, instance.goal) {
        if let Some(root) = instance.root {
            line(text, format_args!("Root {}", root + 1));
        }
        line(text, format_args!("Budget {}", decimal_text(budget, problem.cost_decimals)));
        let all = u32::try_from(instance.nodes()).unwrap_or(u32::MAX);
        line(text, format_args!("HopLimit {}", problem.hop_limit.unwrap_or(all)));
    }
    for edge in edges() {
        let [u, v] = edge.ends;
        let cost = decimal_text(edge.cost, problem.cost_decimals);
        line(text, format_args!("E {} {} {cost}", u + 1, v + 1));
    }
}

/// Nodes that hold a prize and may be chosen. A prize-collecting file is known by its prizes, so where
/// there are none the first node stands with a prize of zero.
fn prized(problem: &StpProblem) -> impl Iterator<Item = (usize, i64)> {
    let instance = &problem.instance;
    let holds =
        |node: usize| instance.prizes[node] > 0 && instance.demands[node] != Demand::Forbidden;
    let stands_in = matches!(problem.kind, StpKind::Pcspg | StpKind::Rpcst)
        && !(0..instance.nodes()).any(holds);
    (0..instance.nodes()).filter_map(move |node| {
        let prize = instance.prizes[node];
        if instance.demands[node] != Demand::Forbidden && prize > 0 {
            Some((node, prize))
        } else {
            (stands_in && node == 0).then_some((0, 0))
        }
    })
}

fn write_profitable(text: &mut String, problem: &StpProblem) {
    text.push_str("SECTION ProfitableVertices\n");
    line(text, format_args!("ProfitableVertices {}", prized(problem).count()));
    for (node, prize) in prized(problem) {
        let prize = decimal_text(prize, problem.prize_decimals);
        line(text, format_args!("PV {} {prize}", node + 1));
    }
    text.push_str("END\n\n");
}

fn write_terminals(text: &mut String, problem: &StpProblem) {
    let instance = &problem.instance;
    let with_prizes = problem.kind != StpKind::Stprbh;
    let required: Vec<usize> =
        (0..instance.nodes()).filter(|&node| instance.demands[node] == Demand::Required).collect();
    let prizes = || prized(problem).filter(|_| with_prizes);
    text.push_str("SECTION Terminals\n");
    line(text, format_args!("Terminals {}", required.len() + prizes().count()));
    if let (StpKind::Rpcst | StpKind::Spg, Some(root)) = (problem.kind, instance.root) {
        let keyword = if problem.kind == StpKind::Rpcst { "RootP" } else { "Root" };
        line(text, format_args!("{keyword} {}", root + 1));
    }
    for node in required {
        line(text, format_args!("T {}", node + 1));
    }
    for (node, prize) in prizes() {
        let prize = decimal_text(prize, problem.prize_decimals);
        line(text, format_args!("TP {} {prize}", node + 1));
    }
    text.push_str("END\n\n");
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}

/// Quotes and line breaks would end the value early.
fn one_line(value: &str) -> String {
    value.chars().map(|c| if is_hidden(c) || c == '"' { ' ' } else { c }).collect()
}
