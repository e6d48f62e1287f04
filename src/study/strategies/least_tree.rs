//! The least-cost tree over all sites that can be reached: what is fixed first by "tree first".
//!
//! What for: the strategy that decides on routes before it decides on sites. In: a field. Out: a tree
//! that holds every node with a prize, short but not proven shortest. It knows no money limit.

use petgraph::unionfind::UnionFind;

use super::growth::{Branches, Field, Growth, Joined, Judge};

/// Joins the nearest open node again and again (Takahashi and Matsuyama, 1980), then takes a spanning
/// tree of the nodes this holds and cuts off branches that serve nobody.
///
/// O(prizes x nodes) for finding the nearest in the worst case; searching is incremental.
pub fn least_tree(field: &Field<'_>, judge: &mut dyn Judge) -> Branches {
    let mut growth = Growth::new(field);
    let mut open = field.prizes.clone();
    while !judge.is_over() {
        open.retain(|&node| !growth.holds(node));
        let nearest = open.iter().copied().min_by_key(|&node| (growth.distance(node), node));
        let Some(node) = nearest else { break };
        growth.join(node);
    }
    pruned(field, &rooted(field, &spanning_edges(field, &growth)))
}

/// Edges of a cheapest spanning tree of the root and the nodes held (Kruskal).
fn spanning_edges(field: &Field<'_>, growth: &Growth<'_>) -> Vec<u32> {
    let edges = &field.instance.edges;
    let inside = |end: u32| growth.holds(end);
    let mut order: Vec<u32> = (0..)
        .zip(edges)
        .filter(|(_, edge)| edge.ends.into_iter().all(inside))
        .map(|(number, _)| number)
        .collect();
    order.sort_by_key(|&edge| (field.cost(edge), edge));
    let mut joined = UnionFind::<u32>::new(field.instance.nodes());
    order.retain(|&edge| {
        let [u, v] = edges[edge as usize].ends;
        joined.union(u, v)
    });
    order
}

/// The edges of a tree as branches from the root, breadth first.
fn rooted(field: &Field<'_>, edges: &[u32]) -> Branches {
    let mut beside: Vec<Vec<(u32, u32)>> = vec![Vec::new(); field.instance.nodes()];
    for &edge in edges {
        let [u, v] = field.instance.edges[edge as usize].ends;
        beside[u as usize].push((v, edge));
        beside[v as usize].push((u, edge));
    }
    let mut tree = Branches::new();
    let mut looked = 0;
    let mut at = (field.root, None, u32::MAX);
    loop {
        let (node, place, by) = at;
        let further = beside[node as usize].iter().filter(|&&(_, edge)| edge != by);
        tree.extend(further.map(|&(node, edge)| Joined { node, edge, parent: place }));
        let Some(next) = tree.get(looked) else { return tree };
        at = (next.node, u32::try_from(looked).ok(), next.edge);
        looked += 1;
    }
}

/// The tree without branches that hold no prize.
fn pruned(field: &Field<'_>, tree: &[Joined]) -> Branches {
    let serves = serving(tree, |joined| field.prize(joined.node) > 0);
    subtree(tree, &serves)
}

/// For each place whether it or anything below it is wanted.
pub fn serving(tree: &[Joined], wanted: impl FnMut(&Joined) -> bool) -> Vec<bool> {
    let mut serves: Vec<bool> = tree.iter().map(wanted).collect();
    for place in (0..tree.len()).rev() {
        if let (true, Some(parent)) = (serves[place], tree[place].parent) {
            serves[parent as usize] = true;
        }
    }
    serves
}

/// The part of a tree that is kept; what is kept hangs from what is kept.
pub fn subtree(tree: &[Joined], kept: &[bool]) -> Branches {
    let mut place_of: Vec<Option<u32>> = Vec::with_capacity(tree.len());
    let mut part = Branches::new();
    for (joined, &kept) in tree.iter().zip(kept) {
        if !kept {
            place_of.push(None);
            continue;
        }
        place_of.push(u32::try_from(part.len()).ok());
        let parent = joined.parent.and_then(|parent| place_of[parent as usize]);
        part.push(Joined { parent, ..*joined });
    }
    part
}
