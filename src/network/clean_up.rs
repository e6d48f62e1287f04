//! Clean-up of a prepared network, as a list of named steps.
//!
//! What for: the analyst's view of a network: how much of it matters, and where it branches. In: a prepared
//! network and the steps to take. Out: its [`Skeleton`], whose spans are chains of the network's own, and what
//! each step did; invariants are checked after each. It decides and prices nothing: a chain costs what its
//! parts cost, to the penny, and plans are still made of the parts.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;
use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind};
use crate::geometry::Point;
use crate::ids::{JunctionIx, SpanIx};
use crate::model::RateCard;
use crate::network::Prepared;
use crate::units::{Millimetres, Pence};

/// A step of a clean-up.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CleanUp {
    /// Of spans that are the same in every respect but their id, the first stays.
    MergeDuplicates,
    /// Spans that lead from a junction to itself go.
    DropSelfLoops,
    /// Dead ends without a building or exchange go, until there is none.
    CutDangling,
    /// Parts of the network without any building or exchange go.
    DropEmptyParts,
    /// Spans that meet at a junction where nothing else is become one.
    Contract,
}

/// The usual clean-up. Contraction can close loops, and dropping them can leave dead ends.
pub const USUAL_CLEAN_UP: [CleanUp; 7] = [
    CleanUp::MergeDuplicates,
    CleanUp::DropEmptyParts,
    CleanUp::CutDangling,
    CleanUp::Contract,
    CleanUp::DropSelfLoops,
    CleanUp::CutDangling,
    CleanUp::Contract,
];

impl CleanUp {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MergeDuplicates => "merge duplicates",
            Self::DropSelfLoops => "drop self-loops",
            Self::CutDangling => "cut dead ends",
            Self::DropEmptyParts => "drop empty parts",
            Self::Contract => "contract chains",
        }
    }
}

/// What a step did.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct StepReport {
    /// The step.
    pub step: CleanUp,
    /// Spans of the network that it took out.
    pub removed: usize,
    /// Their length; in JSON, `removed_m` in metres.
    #[serde(rename = "removed_m", serialize_with = "in_metres")]
    pub removed_length: Millimetres,
    /// Junctions that it made the inside of a chain.
    pub contracted: usize,
    /// Chains after it.
    pub chains: usize,
    /// Junctions after it: ends of chains, and junctions of buildings and exchanges.
    pub junctions: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde hands it over
fn in_metres<S: Serializer>(length: &Millimetres, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(length.metres())
}

/// Spans of a network in a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chain {
    /// The junctions it joins.
    pub ends: [JunctionIx; 2],
    /// Its spans, from the first end to the second; one or more.
    pub parts: Vec<SpanIx>,
}

/// A network after a clean-up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Skeleton {
    /// Its chains, by their first parts.
    pub chains: Vec<Chain>,
    /// What each step did, in order.
    pub steps: Vec<StepReport>,
}

impl Chain {
    /// Its length: that of its parts.
    #[must_use]
    pub fn length(&self, prepared: &Prepared) -> Millimetres {
        self.parts.iter().map(|&part| prepared.span(part).length).sum()
    }

    /// Its price: the sum of what its parts cost, each rounded as it is in plans.
    ///
    /// # Errors
    ///
    /// A fault N170 when the rate card lacks a method.
    pub fn price(&self, prepared: &Prepared, card: &RateCard) -> Result<Pence, Error> {
        self.parts.iter().map(|&part| prepared.price(part, card)).sum()
    }

    /// Its whole line, from the first end to the second.
    #[must_use]
    pub fn line(&self, prepared: &Prepared) -> Vec<Point> {
        let mut line: Vec<Point> = vec![prepared.junctions()[self.ends[0].at()]];
        let mut at = self.ends[0];
        for &part in &self.parts {
            let mut piece = prepared.geometry(part);
            let [from, to] = prepared.span(part).ends;
            if from != at {
                piece.reverse();
            }
            at = if from == at { to } else { from };
            line.extend_from_slice(&piece[1..]);
        }
        line
    }
}

impl Prepared {
    /// The network after the given steps, each followed by a check that every building and exchange is
    /// connected to the same others as before, that chains are unbroken, and that no span is lost
    /// uncounted. O(n log n) a step.
    ///
    /// # Errors
    ///
    /// An internal error when a step breaks one of these promises.
    pub fn skeleton(&self, steps: &[CleanUp]) -> Result<Skeleton, Error> {
        let mut work = Work::new(self);
        let connected = work.connections();
        let mut reports = Vec::with_capacity(steps.len());
        for &step in steps {
            let before = work.parts();
            let (removed, contracted) = work.take(step);
            let removed_length = removed.iter().map(|&part| self.span(part).length).sum();
            let fine = work.parts() + removed.len() == before
                && work.chains.iter().all(|chain| work.is_unbroken(chain))
                && work.connections() == connected;
            if !fine {
                let cause = format!("the clean-up step {:?} broke the network", step.name());
                return Err(Error::new(ErrorKind::Internal, cause));
            }
            reports.push(StepReport {
                step,
                removed: removed.len(),
                removed_length,
                contracted,
                chains: work.chains.len(),
                junctions: work.junctions(),
            });
        }
        work.chains.sort_by_key(|chain| chain.parts.iter().min().copied());
        Ok(Skeleton { chains: work.chains, steps: reports })
    }
}

struct Work<'a> {
    prepared: &'a Prepared,
    chains: Vec<Chain>,
    /// Whether a building or exchange stands at a junction.
    held: Vec<bool>,
}

impl<'a> Work<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        let mut held = vec![false; prepared.junctions.len()];
        let buildings = prepared.buildings.iter().filter_map(|building| building.junction);
        let exchanges = prepared.exchanges.iter().filter_map(|exchange| exchange.junction);
        for junction in buildings.chain(exchanges) {
            held[junction.at()] = true;
        }
        let chain = |(place, span): (usize, &crate::network::RouteSpan)| Chain {
            ends: span.ends,
            parts: vec![SpanIx::new(place)],
        };
        let chains = prepared.spans.iter().enumerate().map(chain).collect();
        Self { prepared, chains, held }
    }

    fn parts(&self) -> usize {
        self.chains.iter().map(|chain| chain.parts.len()).sum()
    }

    fn junctions(&self) -> usize {
        let mut met = self.held.clone();
        self.chains.iter().flat_map(|chain| chain.ends).for_each(|end| met[end.at()] = true);
        met.iter().filter(|met| **met).count()
    }

    fn is_unbroken(&self, chain: &Chain) -> bool {
        let mut at = chain.ends[0];
        let walks = chain.parts.iter().all(|&part| {
            let [from, to] = self.prepared.span(part).ends;
            let fits = from == at || to == at;
            at = if from == at { to } else { from };
            fits
        });
        walks && at == chain.ends[1] && !chain.parts.is_empty()
    }

    /// For each junction that holds something, the first such junction it is connected to.
    fn connections(&self) -> Vec<usize> {
        let labels = self.labels();
        let mut first: BTreeMap<u32, usize> = BTreeMap::new();
        let held = (0..self.held.len()).filter(|&junction| self.held[junction]);
        held.map(|junction| *first.entry(labels[junction]).or_insert(junction)).collect()
    }

    fn labels(&self) -> Vec<u32> {
        let mut union = UnionFind::<u32>::new(self.held.len());
        for chain in &self.chains {
            union.union(chain.ends[0].0, chain.ends[1].0);
        }
        union.into_labeling()
    }

    /// Takes a step; returns the spans taken out, and how many junctions were contracted.
    fn take(&mut self, step: CleanUp) -> (Vec<SpanIx>, usize) {
        let keep = match step {
            CleanUp::MergeDuplicates => self.firsts(),
            CleanUp::DropSelfLoops => {
                self.chains.iter().map(|chain| chain.ends[0] != chain.ends[1]).collect()
            }
            CleanUp::CutDangling => self.not_dangling(),
            CleanUp::DropEmptyParts => self.in_parts_that_hold(),
            CleanUp::Contract => return (Vec::new(), self.contract()),
        };
        let mut removed = Vec::new();
        let mut kept = Vec::with_capacity(self.chains.len());
        for (chain, keep) in std::mem::take(&mut self.chains).into_iter().zip(keep) {
            if keep {
                kept.push(chain);
            } else {
                removed.extend(chain.parts);
            }
        }
        self.chains = kept;
        (removed, 0)
    }

    /// Whether each chain is the first of those that are the same.
    fn firsts(&self) -> Vec<bool> {
        let mut by_ends: BTreeMap<[JunctionIx; 2], Vec<usize>> = BTreeMap::new();
        for (place, chain) in self.chains.iter().enumerate() {
            let [a, b] = chain.ends;
            by_ends.entry([a.min(b), a.max(b)]).or_default().push(place);
        }
        let mut keep = vec![true; self.chains.len()];
        for group in by_ends.into_values().filter(|group| group.len() > 1) {
            for (later, &place) in group.iter().enumerate() {
                let earlier = group[..later].iter().filter(|&&other| keep[other]);
                let repeats = earlier.copied().any(|other| self.same(place, other));
                keep[place] = !repeats;
            }
        }
        keep
    }

    /// Whether two chains are single pieces that lie on each other and cost the same under any rate card.
    fn same(&self, one: usize, other: usize) -> bool {
        let piece = |place: usize| {
            let [part] = self.chains[place].parts[..] else { return None };
            let (input, piece) = self.prepared.piece(part)?;
            let says = (&input.method, input.length, input.cost, input.existing);
            let says = (says, input.premises_passed, piece.from, piece.to);
            Some((says, piece.span, part))
        };
        let (Some(one), Some(other)) = (piece(one), piece(other)) else { return false };
        if one.0 != other.0 || !self.prepared.cross_alike(one.1, other.1) {
            return false;
        }
        let line = self.prepared.geometry(one.2);
        let mut turned = self.prepared.geometry(other.2);
        let along = turned == line;
        turned.reverse();
        along || turned == line
    }

    fn degrees(&self) -> Vec<u32> {
        let mut degrees = vec![0; self.held.len()];
        self.chains.iter().flat_map(|chain| chain.ends).for_each(|end| degrees[end.at()] += 1);
        degrees
    }

    /// Places of the chains at each junction; a loop stands there twice.
    fn at_junctions(&self) -> Vec<Vec<usize>> {
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); self.held.len()];
        for (place, chain) in self.chains.iter().enumerate() {
            chain.ends.iter().for_each(|end| at[end.at()].push(place));
        }
        at
    }

    /// Whether each chain is left when dead ends that hold nothing are cut again and again.
    fn not_dangling(&self) -> Vec<bool> {
        let mut keep = vec![true; self.chains.len()];
        let mut degrees = self.degrees();
        let at = self.at_junctions();
        let is_dead =
            |junction: usize, degrees: &[u32]| degrees[junction] == 1 && !self.held[junction];
        let mut ends: Vec<usize> =
            (0..at.len()).filter(|&junction| is_dead(junction, &degrees)).collect();
        while let Some(end) = ends.pop() {
            let Some(&place) = at[end].iter().find(|place| keep[**place]) else { continue };
            keep[place] = false;
            for other in self.chains[place].ends.map(JunctionIx::at) {
                degrees[other] -= 1;
                if is_dead(other, &degrees) {
                    ends.push(other);
                }
            }
        }
        keep
    }

    fn in_parts_that_hold(&self) -> Vec<bool> {
        let labels = self.labels();
        let mut holds = vec![false; labels.len()];
        for (junction, _) in self.held.iter().enumerate().filter(|(_, held)| **held) {
            holds[labels[junction] as usize] = true;
        }
        self.chains.iter().map(|chain| holds[labels[chain.ends[0].at()] as usize]).collect()
    }

    /// Joins chains at junctions where two of them and nothing else meet; returns how many junctions.
    fn contract(&mut self) -> usize {
        let at = self.at_junctions();
        let passes = |junction: JunctionIx| {
            let here = &at[junction.at()];
            here.len() == 2 && here[0] != here[1] && !self.held[junction.at()]
        };
        let mut done = vec![false; self.chains.len()];
        let mut joined = Vec::new();
        let mut contracted = 0;
        // First from the ends of chains that stay, then around rings, of which one junction stays.
        for ring in [false, true] {
            for start in 0..self.chains.len() {
                let [from, to] = self.chains[start].ends;
                let Some(from) = [from, to].into_iter().find(|&end| ring || !passes(end)) else {
                    continue;
                };
                if done[start] {
                    continue;
                }
                let mut chain = Chain { ends: [from, from], parts: Vec::new() };
                let mut next = start;
                loop {
                    done[next] = true;
                    self.append(&mut chain, next);
                    let end = chain.ends[1];
                    let onward = at[end.at()].iter().copied().find(|&other| !done[other]);
                    match onward.filter(|_| passes(end) && end != from) {
                        Some(onward) => next = onward,
                        None => break,
                    }
                    contracted += 1;
                }
                joined.push(chain);
            }
        }
        self.chains = joined;
        contracted
    }

    /// Goes on along a chain that begins or ends where this one ends.
    fn append(&self, chain: &mut Chain, place: usize) {
        let Chain { ends, parts } = &self.chains[place];
        if ends[0] == chain.ends[1] {
            chain.parts.extend(parts);
            chain.ends[1] = ends[1];
        } else {
            chain.parts.extend(parts.iter().rev());
            chain.ends[1] = ends[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InputSpan, NetworkSource, Noding, Scenario};
    use crate::network::prepare;
    use crate::network::testing::{at, exchange, mm, scenario, site, span};
    use proptest::prelude::*;

    fn network(sites: &[Point], exchange_at: Point, spans: Vec<InputSpan>) -> Scenario {
        let sites = sites.iter().enumerate().map(|(id, &at)| site(&id.to_string(), at)).collect();
        scenario(NetworkSource::Spans, sites, vec![exchange("x", exchange_at)], &[], spans)
    }

    #[test]
    fn each_step_says_what_it_did() {
        let spans = vec![
            span("a1", &[at(0, 0), at(10_000, 0)]),
            span("a2", &[at(20_000, 0), at(10_000, 0)]),
            span("copy", &[at(10_000, 0), at(0, 0)]),
            // A stick with a loop of two pieces at its end.
            span("stick", &[at(10_000, 0), at(10_000, 9_000)]),
            span("loop1", &[at(10_000, 9_000), at(12_000, 12_000)]),
            span("loop2", &[at(12_000, 12_000), at(8_000, 12_000), at(10_000, 9_000)]),
            span("dead", &[at(20_000, 0), at(30_000, 0)]),
            span("island", &[at(90_000, 0), at(95_000, 0)]),
        ];
        let scenario = network(&[at(20_000, 0)], at(0, 0), spans);
        let prepared = prepare(&scenario).unwrap();
        let skeleton = prepared.skeleton(&USUAL_CLEAN_UP).unwrap();
        let did: Vec<(usize, usize, usize)> = skeleton
            .steps
            .iter()
            .map(|step| (step.removed, step.contracted, step.chains))
            .collect();
        assert_eq!(
            did,
            [(1, 0, 7), (1, 0, 6), (1, 0, 5), (0, 1, 4), (2, 0, 3), (1, 0, 2), (0, 1, 1)]
        );
        let [chain] = &skeleton.chains[..] else { panic!("one chain") };
        assert_eq!(chain.line(&prepared), [at(0, 0), at(10_000, 0), at(20_000, 0)]);
        assert_eq!(chain.length(&prepared), mm(20_000));
        assert_eq!(chain.price(&prepared, &scenario.rate_card).unwrap().get(), 51_000);
        assert_eq!(skeleton.steps[6].junctions, 2);
    }

    /// The least price between all pairs of junctions that hold something.
    fn distances(held: &[bool], edges: &[([JunctionIx; 2], i64)]) -> Vec<Option<i64>> {
        let mut graph = petgraph::graph::UnGraph::<(), i64, u32>::default();
        let nodes: Vec<_> = held.iter().map(|_| graph.add_node(())).collect();
        for (ends, price) in edges {
            graph.add_edge(nodes[ends[0].at()], nodes[ends[1].at()], *price);
        }
        let ends: Vec<_> = (0..held.len()).filter(|&junction| held[junction]).collect();
        let mut found = Vec::new();
        for &from in &ends {
            let reached =
                petgraph::algo::dijkstra(&graph, nodes[from], None, |edge| *edge.weight());
            found.extend(ends.iter().map(|&to| reached.get(&nodes[to]).copied()));
        }
        found
    }

    proptest! {
        #[test]
        fn nothing_that_matters_is_lost_by_a_penny(
            lines in prop::collection::vec(
                prop::collection::vec((0_i64..5, 0_i64..5), 2..5), 1..12,
            ),
            sites in prop::collection::vec((0_i64..50, 0_i64..50), 0..4),
            order in prop::collection::vec(0_usize..5, 0..9),
        ) {
            let scale = |(x, y): (i64, i64), unit: i64| at(x * unit, y * unit);
            let spans: Vec<InputSpan> = lines
                .into_iter()
                .enumerate()
                .map(|(id, line)| {
                    let line: Vec<Point> = line.into_iter().map(|xy| scale(xy, 7_770)).collect();
                    span(&format!("s{id}"), &line)
                })
                .collect();
            let sites: Vec<Point> = sites.into_iter().map(|xy| scale(xy, 777)).collect();
            let mut scenario = network(&sites, at(5, 5), spans);
            scenario.network.noding = Noding::Crossings;
            let prepared = prepare(&scenario).unwrap();
            let all = [
                CleanUp::MergeDuplicates, CleanUp::DropSelfLoops, CleanUp::CutDangling,
                CleanUp::DropEmptyParts, CleanUp::Contract,
            ];
            let steps: Vec<CleanUp> = order.into_iter().map(|place| all[place]).collect();
            let card = &scenario.rate_card;
            let whole: Vec<_> = prepared.spans().iter().zip(prepared.prices(card).unwrap())
                .map(|(span, price)| (span.ends, price.get())).collect();
            let held = Work::new(&prepared).held;
            for steps in [&steps[..], &USUAL_CLEAN_UP] {
                let skeleton = prepared.skeleton(steps).unwrap();
                let chains: Vec<_> = skeleton.chains.iter()
                    .map(|chain| (chain.ends, chain.price(&prepared, card).unwrap().get())).collect();
                prop_assert_eq!(distances(&held, &whole), distances(&held, &chains));
                for chain in &skeleton.chains {
                    let line = chain.line(&prepared);
                    prop_assert_eq!(line[0], prepared.junctions()[chain.ends[0].at()]);
                    let last = line[line.len() - 1];
                    prop_assert_eq!(last, prepared.junctions()[chain.ends[1].at()]);
                    let length: u64 =
                        chain.parts.iter().map(|&part| prepared.span(part).length.get()).sum();
                    prop_assert_eq!(chain.length(&prepared), mm(length));
                }
            }
        }
    }
}
