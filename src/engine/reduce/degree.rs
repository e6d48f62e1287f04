//! Tests on nodes with one or two edges, the bread and butter on road networks.
//!
//! What for: leaves vanish or merge into their neighbour, and chains become one edge. In and out: a
//! [`Work`]. Runs until no node of degree one or two can be handled any more: `O(n)` changes.

use super::work::Work;
use crate::engine::Goal;
use crate::engine::stop::Watch;

/// Handles nodes of degree zero, one and two until none is left that can be handled.
///
/// A node is idle if it has no prize and is not fixed; an answer without useless leaves holds an idle
/// node only with two edges or more.
///
/// - Idle leaf: deleted. Always valid.
/// - Fixed leaf while another node is fixed: every answer holds its edge, which is contracted. Valid
///   without a hop limit.
/// - Idle node of degree two: an answer holds both edges or none, so they become one. Valid without a hop
///   limit.
/// - Least loss only, optional leaf of prize at most its edge: deleted, since dropping it never hurts.
/// - Least loss only, without a hop limit, optional leaf of more prize than its edge: merged into its
///   neighbour, since whoever holds that gains by holding the leaf.
/// - Least loss only, without a hop limit, optional node of degree two with prize at most either edge:
///   it is never needed as a leaf, so the edges become one, and its prize comes off.
pub(super) fn short_nodes(work: &mut Work, watch: &Watch<'_>) {
    for node in work.node_numbers().rev() {
        if work.is_alive(node) && work.degree(node) <= 2 {
            work.touch(node);
        }
    }
    while let Some(node) = work.next_touched() {
        if watch.over_in_loop() {
            work.touch(node);
            break;
        }
        watch.spend(1);
        if !work.is_alive(node) || work.is_impossible() {
            continue;
        }
        match work.degree(node) {
            0 => lone(work, node),
            1 => leaf(work, node),
            2 => chain_link(work, node),
            _ => {}
        }
    }
}

fn lone(work: &mut Work, node: u32) {
    if work.root.is_some() && !work.is_fixed(node) {
        work.delete_node(node);
    }
}

fn leaf(work: &mut Work, node: u32) {
    let Some((edge, _, cost)) = work.around(node).next() else { return };
    let prize = work.prizes[node as usize];
    let least_loss = work.goal == Goal::LeastLoss;
    if work.is_fixed(node) {
        if work.fixed_nodes() > 1 && work.max_hops.is_none() {
            work.contract(edge);
        }
    } else if prize == 0 || (least_loss && prize <= cost) {
        work.set_aside(node);
        work.delete_node(node);
    } else if least_loss && work.max_hops.is_none() {
        work.contract(edge);
    }
}

fn chain_link(work: &mut Work, node: u32) {
    if work.is_fixed(node) || work.max_hops.is_some() {
        return;
    }
    let prize = work.prizes[node as usize];
    let cheapest = work.around(node).map(|(_, _, cost)| cost).min().unwrap_or(0);
    if prize == 0 || (work.goal == Goal::LeastLoss && prize <= cheapest) {
        work.bridge_over(node);
    }
}
