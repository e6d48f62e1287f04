//! Ruin: taking out some buildings of a forest, so that others can be put in.

use crate::joint::gain::Gain;
use std::collections::BTreeMap;

use crate::joint::construct::insertion::remove;
use crate::joint::construct::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;
use crate::random::Random;

/// How many neighbours of a building are remembered.
const NEIGHBOURS: usize = 48;

/// Neighbours of buildings, found when they are first asked for: a large network has more buildings than a
/// search ever asks about.
pub struct Neighbours {
    paths: InsertionPaths,
    known: BTreeMap<u32, Vec<u32>>,
}

impl Neighbours {
    /// None known yet, for an instance of so many nodes.
    pub fn new(nodes: usize) -> Self {
        Self { paths: InsertionPaths::new(nodes), known: BTreeMap::new() }
    }

    /// A building and those nearest to it over unbuilt routes, nearest first, without using the super-root.
    fn of(&mut self, problem: &JointProblem<'_>, building: u32) -> impl Iterator<Item = u32> {
        let paths = &mut self.paths;
        let near = self.known.entry(building);
        let near = near.or_insert_with(|| paths.nearest(problem, building, NEIGHBOURS));
        std::iter::once(building).chain(near.iter().copied())
    }
}

/// Takes out some buildings: a neighbourhood, or the ones that give least, or any.
pub fn ruin(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    neighbours: &mut Neighbours,
    random: &mut Random,
) {
    let removable: Vec<u32> =
        forest.held.iter().copied().filter(|b| oracle.constraints().is_free(problem, *b)).collect();
    if removable.is_empty() {
        return;
    }
    let most = (removable.len() / 4).clamp(1, 24);
    let count = 1 + random.place(most);
    let seed = removable[random.place(removable.len())];
    let chosen: Vec<u32> = match random.place(3) {
        0 => neighbours
            .of(problem, seed)
            .filter(|b| removable.binary_search(b).is_ok())
            .take(count)
            .collect(),
        1 => {
            let mut by_ratio: Vec<Gain> = removable
                .iter()
                .map(|&b| Gain {
                    prize: forest.brings(problem, b),
                    cost: forest.saving(problem, b),
                    place: b,
                })
                .collect();
            by_ratio.sort_unstable_by(|a, b| b.order(*a));
            let pool = (count * 3).min(by_ratio.len());
            (0..count).map(|_| by_ratio[random.place(pool)].place).collect()
        }
        _ => (0..count).map(|_| removable[random.place(removable.len())]).collect(),
    };
    for building in chosen {
        remove(problem, oracle.constraints(), forest, building);
    }
}
