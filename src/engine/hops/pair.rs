//! A problem without its hop limit, side by side with its layered graph.
//!
//! What for: duals found on the small flat graph are feasible on the layered one, where they then go on
//! rising; so the bound is never worse than without layers, and cheap. In: a base problem and the most
//! hops. Out: both graphs, kept in step: what one loses, the other loses too.

use super::layered::{Keep, Layered, NO_EDGE, SINK};
use crate::engine::bound::{Ascent, Fixing};
use crate::engine::rooted::{Restriction, Rooted};

/// Both graphs of a problem, with nodes and edges named by those of the base.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub flat: Rooted,
    pub layered: Layered,
}

/// What is decided about the nodes of a layered graph.
pub(crate) struct Verdicts {
    /// By node: it goes.
    pub drop_node: Vec<bool>,
    /// By arc: it goes.
    pub drop_arc: Vec<bool>,
    /// By node: it must be held.
    pub require: Vec<bool>,
}

impl Verdicts {
    /// Nothing is decided.
    pub fn none(layered: &Layered) -> Self {
        let problem = &layered.problem;
        Self {
            drop_node: vec![false; problem.nodes()],
            drop_arc: vec![false; problem.edges()],
            require: vec![false; problem.nodes()],
        }
    }

    /// What reduced costs on the layered graph prove.
    pub fn of_fixing(fixing: Fixing) -> Self {
        Self { drop_node: fixing.drop_node, drop_arc: fixing.drop_edge, require: fixing.require }
    }
}

impl Pair {
    /// Both graphs of a base problem. `None` when there is no answer.
    #[allow(clippy::cast_possible_truncation)] // nodes and edges are numbered by u32
    pub fn new(base: &Rooted, hops: u32) -> Option<Self> {
        let layered = Layered::new(base, hops)?;
        let flat = Rooted {
            node_name: base.all_nodes().collect(),
            edge_name: (0..base.edges() as u32).collect(),
            ..base.clone()
        };
        let verdicts = Verdicts::none(&layered);
        Self { flat, layered }.restrict_layered(&verdicts)
    }

    /// Size, to check whether anything was lost.
    fn size(&self) -> [usize; 4] {
        let Self { flat, layered } = self;
        [flat.nodes(), flat.edges(), layered.problem.nodes(), layered.problem.edges()]
    }

    /// Both graphs after what reduced costs on the flat one prove. `None` when no tree is left.
    pub fn restrict_flat(self, fixing: &Fixing) -> Option<Self> {
        let flat = self.flat.restrict(&Restriction {
            drop_node: &|node| fixing.drop_node[node as usize],
            drop_edge: &|edge| fixing.drop_edge[edge as usize],
            require: &|node| fixing.require[node as usize],
        })?;
        Self { flat, layered: self.layered }.in_step()
    }

    /// Both graphs after verdicts on the layered one. `None` when no tree is left.
    pub fn restrict_layered(&self, verdicts: &Verdicts) -> Option<Self> {
        let layered = self.layered.restrict(&Keep {
            node: &|node| !verdicts.drop_node[node as usize],
            arc: &|arc| !verdicts.drop_arc[arc as usize],
            require: &|node| verdicts.require[node as usize],
        })?;
        Self { flat: self.flat.clone(), layered }.in_step()
    }

    /// Lets each graph follow the other until neither loses anything.
    fn in_step(mut self) -> Option<Self> {
        loop {
            let before = self.size();
            self.flat = follow_layered(&self.layered, self.flat)?;
            self.layered = follow_flat(&self.flat, self.layered)?.without_detours()?;
            if self.size() == before {
                return Some(self);
            }
        }
    }

    /// An ascent on the layered graph that begins where one on the flat graph ended: each cut around
    /// some nodes becomes the cut around all their copies. `of` is the flat graph the ascent was made
    /// on, of which this pair's may have lost a part.
    pub fn lift(&self, of: &Rooted, flat: &Ascent) -> Ascent {
        let into = places(of);
        let problem = &self.layered.problem;
        let mut ascent = self.layered.ascent(flat.price);
        for node in problem.all_nodes() {
            for place in problem.rows.row(node) {
                let arc = problem.rows.edge(place) as usize;
                let name = problem.edge_name[arc];
                if name == NO_EDGE || !self.layered.enters(node, place) {
                    continue;
                }
                if let Some(edge) = of.edge_named(name) {
                    let to = of.node_named(problem.node_name[node as usize]);
                    let end = usize::from(Some(of.ends[edge as usize][1]) == to);
                    ascent.reduced[place] = flat.reduced[into[edge as usize][end] as usize];
                }
            }
            if self.layered.layer[node as usize] == SINK
                && let Some(flat_node) = of.node_named(problem.node_name[node as usize])
            {
                ascent.left[node as usize] = flat.left[flat_node as usize];
            }
        }
        // Every tree of this pair misses the prizes lost, which the flat ascent still counted.
        let lost = of.open_prize() - self.flat.open_prize();
        ascent.lower = flat.lower - flat.price.prize * lost;
        ascent
    }
}

/// By edge: the places at which it enters its first and its second end.
#[allow(clippy::cast_possible_truncation)] // places are numbered by u32
fn places(problem: &Rooted) -> Vec<[u32; 2]> {
    let mut into = vec![[0; 2]; problem.edges()];
    for node in problem.all_nodes() {
        for place in problem.rows.row(node) {
            let edge = problem.rows.edge(place) as usize;
            into[edge][usize::from(problem.ends[edge][1] == node)] = place as u32;
        }
    }
    into
}

/// Which of `count` names, all smaller than that, stand in a list.
fn listed(names: &[u32], count: usize) -> Vec<bool> {
    let mut listed = vec![false; count];
    for &name in names {
        if let Some(entry) = listed.get_mut(name as usize) {
            *entry = true;
        }
    }
    listed
}

/// One more than the largest name in a rising list.
fn names_below(names: &[u32]) -> usize {
    names.last().map_or(0, |&last| last as usize + 1)
}

/// The layered graph without copies of what the flat one has lost.
fn follow_flat(flat: &Rooted, layered: Layered) -> Option<Layered> {
    let problem = &layered.problem;
    let has_node = listed(&flat.node_name, names_below(&flat.node_name));
    let has_edge = listed(&flat.edge_name, names_below(&flat.edge_name));
    let required: Vec<u32> = flat
        .all_nodes()
        .filter(|&node| flat.required[node as usize])
        .map(|node| flat.node_name[node as usize])
        .collect();
    let required = listed(&required, has_node.len());
    let stands = |list: &[bool], name: u32| list.get(name as usize).is_some_and(|&stands| stands);
    let node = |copy: u32| stands(&has_node, problem.node_name[copy as usize]);
    let arc = |arc: u32| {
        let name = problem.edge_name[arc as usize];
        name == NO_EDGE || stands(&has_edge, name)
    };
    let require = |copy: u32| {
        layered.layer[copy as usize] == SINK && stands(&required, problem.node_name[copy as usize])
    };
    let same = problem
        .all_nodes()
        .all(|copy| node(copy) && (problem.required[copy as usize] || !require(copy)))
        && problem.edge_name.iter().all(|&name| name == NO_EDGE || stands(&has_edge, name));
    if same {
        return Some(layered);
    }
    layered.restrict(&Keep { node: &node, arc: &arc, require: &require })
}

/// The flat graph without what has no copy left.
fn follow_layered(layered: &Layered, flat: Rooted) -> Option<Rooted> {
    let problem = &layered.problem;
    let has_copy = listed(&problem.node_name, names_below(&flat.node_name));
    let has_arc = listed(&problem.edge_name, names_below(&flat.edge_name));
    let required: Vec<u32> = problem
        .all_nodes()
        .filter(|&node| problem.required[node as usize])
        .map(|node| problem.node_name[node as usize])
        .collect();
    let required = listed(&required, has_copy.len());
    let lost = |node: u32| !has_copy[flat.node_name[node as usize] as usize];
    let lost_edge = |edge: u32| !has_arc[flat.edge_name[edge as usize] as usize];
    let require = |node: u32| required[flat.node_name[node as usize] as usize];
    if flat.all_nodes().any(|node| flat.required[node as usize] && lost(node)) {
        return None;
    }
    let same = flat
        .all_nodes()
        .all(|node| !lost(node) && (flat.required[node as usize] || !require(node)))
        && !(0..).take(flat.edges()).any(lost_edge);
    if same {
        return Some(flat);
    }
    flat.restrict(&Restriction { drop_node: &lost, drop_edge: &lost_edge, require: &require })
}
