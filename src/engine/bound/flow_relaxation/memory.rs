//! What the relaxation remembers between parts of a problem: values by places in the first part.

use super::program::FlowProgram;
use crate::engine::Size;

/// Values of the primal-dual method, by place in the first part; what is not in a part keeps its values meanwhile.
#[derive(Clone)]
pub(super) struct Memory {
    terminals: usize,
    nodes: usize,
    arcs: usize,
    built: Vec<f32>,
    flow: Vec<f32>,
    capacity: Vec<f32>,
    potential: Vec<f32>,
    leaf: Vec<f32>,
    kept: Vec<f32>,
    money: f32,
    sides: Vec<SideMemory>,
}

#[derive(Clone)]
struct SideMemory {
    shared: Vec<f32>,
    excess: Vec<f32>,
    potential: Vec<f32>,
    money: f32,
}

impl Memory {
    pub fn new(first: Size, terminals: usize) -> Self {
        let (nodes, arcs) = (first.nodes, 2 * first.edges);
        Self {
            terminals,
            nodes,
            arcs,
            built: vec![0.0; arcs],
            flow: vec![0.0; arcs * terminals],
            capacity: vec![0.0; arcs * terminals],
            potential: vec![0.0; nodes * terminals],
            leaf: vec![0.0; nodes],
            kept: vec![0.0; arcs / 2],
            money: 0.0,
            sides: Vec::new(),
        }
    }

    pub fn add_side(&mut self) {
        self.sides.push(SideMemory {
            shared: vec![0.0; self.arcs],
            excess: vec![0.0; self.arcs],
            potential: vec![0.0; self.nodes],
            money: 0.0,
        });
    }

    /// Whether it is of the same side limits.
    pub fn suits(&self, other: &Self) -> bool {
        self.sides.len() == other.sides.len()
    }

    /// Sets a program to the values it had in an earlier part.
    pub fn recall(&self, program: &mut FlowProgram<'_>) {
        let FlowProgram { names, values, .. } = program;
        let width = names.width;
        for (arc, &name) in names.arcs.iter().enumerate() {
            values.built[arc] = self.built[name];
            for (own, &terminal) in names.terminals.iter().enumerate() {
                values.flow[arc * width + own] = self.flow[name * self.terminals + terminal];
                values.capacity[arc * width + own] =
                    self.capacity[name * self.terminals + terminal];
            }
        }
        for (node, &name) in names.nodes.iter().enumerate() {
            values.leaf[node] = self.leaf[name];
            for (own, &terminal) in names.terminals.iter().enumerate() {
                values.potential[node * width + own] =
                    self.potential[name * self.terminals + terminal];
            }
        }
        for (own, &edge) in values.kept.iter_mut().zip(&names.kept) {
            *own = self.kept[edge];
        }
        values.money = self.money;
        for (own, side) in values.sides.iter_mut().zip(&self.sides) {
            own.money = side.money;
            for (arc, &name) in names.arcs.iter().enumerate() {
                own.shared[arc] = side.shared[name];
                own.excess[arc] = side.excess[name];
            }
            for (node, &name) in names.nodes.iter().enumerate() {
                own.potential[node] = side.potential[name];
            }
        }
    }

    /// Takes in the values of a program.
    pub fn remember(&mut self, program: &FlowProgram<'_>) {
        let FlowProgram { names, values, .. } = program;
        let width = names.width;
        for (arc, &name) in names.arcs.iter().enumerate() {
            self.built[name] = values.built[arc];
            for (own, &terminal) in names.terminals.iter().enumerate() {
                self.flow[name * self.terminals + terminal] = values.flow[arc * width + own];
                self.capacity[name * self.terminals + terminal] =
                    values.capacity[arc * width + own];
            }
        }
        for (node, &name) in names.nodes.iter().enumerate() {
            self.leaf[name] = values.leaf[node];
            for (own, &terminal) in names.terminals.iter().enumerate() {
                self.potential[name * self.terminals + terminal] =
                    values.potential[node * width + own];
            }
        }
        for (own, &edge) in values.kept.iter().zip(&names.kept) {
            self.kept[edge] = *own;
        }
        self.money = values.money;
        for (own, side) in values.sides.iter().zip(&mut self.sides) {
            side.money = own.money;
            for (arc, &name) in names.arcs.iter().enumerate() {
                side.shared[name] = own.shared[arc];
                side.excess[name] = own.excess[arc];
            }
            for (node, &name) in names.nodes.iter().enumerate() {
                side.potential[name] = own.potential[node];
            }
        }
    }
}
