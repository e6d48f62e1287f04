//! The `.stp` text layout of Steiner tree instances (`SteinLib`, DIMACS-11, STPRBH).
//!
//! What for: published instances come in, and planning problems go out, as text that other solvers
//! read. In: text. Out: an [`StpProblem`] (an [`Instance`] and how to print its numbers), or all faults
//! with their lines; and back to text. Decimals are scaled to whole numbers exactly, never rounded.
//! It opens no files, and refuses directed and degree-constrained problems; arcs in pairs are edges.

mod read;
mod write;

use std::fmt;

pub use read::read_stp;
pub use write::write_stp;

use super::instance::Instance;

/// The problem a file states, by the name the layout's users give it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
#[non_exhaustive]
pub enum StpKind {
    /// Steiner tree: all terminals connected at least cost.
    Spg,
    /// Prize-collecting Steiner tree without a root: least sum of cost and prizes missed.
    Pcspg,
    /// Prize-collecting Steiner tree with a root.
    Rpcst,
    /// Most revenue within a budget, with at most so many edges from the root to any node.
    Stprbh,
}

impl fmt::Display for StpKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spg => "SPG",
            Self::Pcspg => "PCSPG",
            Self::Rpcst => "RPCST",
            Self::Stprbh => "STPRBH",
        })
    }
}

/// An instance with what is needed to print it and its answers in the units of its file.
///
/// Node `v` of the file is node `v - 1` of the instance; edge places follow the file.
#[derive(Clone, Debug)]
pub struct StpProblem {
    /// The name the file gives itself; empty where it has none.
    pub name: String,
    /// Which problem it states.
    pub kind: StpKind,
    /// The problem in whole numbers.
    pub instance: Instance,
    /// Costs (and the budget) of the instance are the file's times ten to this power.
    pub cost_decimals: u32,
    /// Prizes of the instance are the file's times ten to this power; equal to
    /// [`cost_decimals`](Self::cost_decimals) unless the kind is [`StpKind::Stprbh`].
    pub prize_decimals: u32,
    /// The hop limit as the file states it. The instance has none where this one cuts nothing off.
    pub hop_limit: Option<u32>,
    /// Remarks for the comment section, one a line; filled by whoever writes a problem.
    pub remarks: Vec<String>,
}

impl StpProblem {
    /// A problem around an instance of whole numbers, to be written as text.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: StpKind, instance: Instance) -> Self {
        let hop_limit = instance.max_hops;
        Self {
            name: name.into(),
            kind,
            instance,
            cost_decimals: 0,
            prize_decimals: 0,
            hop_limit,
            remarks: Vec::new(),
        }
    }

    /// A value of the objective (or a bound on it) in the file's own unit, exactly.
    #[must_use]
    pub fn objective_text(&self, value: i64) -> String {
        match self.kind {
            StpKind::Stprbh => decimal_text(value, self.prize_decimals),
            StpKind::Spg | StpKind::Pcspg | StpKind::Rpcst => {
                decimal_text(value, self.cost_decimals)
            }
        }
    }
}

/// The exact decimal text of `value / 10^decimals`, without needless zeros: `7371.5`, `-0.25`, `12`.
#[must_use]
pub fn decimal_text(value: i64, decimals: u32) -> String {
    let digits = value.unsigned_abs().to_string();
    let places = decimals as usize;
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    let sign = if value < 0 { "-" } else { "" };
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests;
