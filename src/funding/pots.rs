//! Programmes as pots, and what each building entitles them to pay: read once, used for every plan.
//!
//! In: a scenario. Out: [`Pots`], numbers without text that a [`FundingCase`](super::FundingCase) for
//! any tree is made from. Eligibility is judged here and nowhere after.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::funding::{PotSet, SetCondition};
use crate::ids::SiteIx;
use crate::model::{
    BarScope, Building, CapScope, PaysFor, Programme, RateBasis, Scenario, Site, Truth,
    too_many_programmes,
};
use crate::units::{Pence, Share, Weight};

/// A programme as a pot: the numbers of its rules.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pot {
    /// What it can spend, net of overhead.
    pub available: Pence,
    /// The largest share it may pay.
    pub rate: Share,
    /// What that is a share of.
    pub basis: RateBasis,
    /// Sorts of item it may pay for.
    pub pays_for: PaysFor,
    /// The least share of an item's users that must be eligible.
    pub min_share: Share,
    /// It pays nothing unless so many eligible sites are connected.
    pub min_sites: u32,
    /// Whether missing them makes the plan invalid instead.
    pub min_sites_required: bool,
    /// What the caps on buildings limit.
    pub pooling: Pooling,
}

/// What the money that buildings may bring from a pot is pooled over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pooling {
    /// There are no caps.
    Uncapped,
    /// Each building's money is for its own drop and path.
    Site,
    /// The money of a group's buildings is for the items the group uses.
    Group,
    /// The money of all buildings is for all items.
    Programme,
}

impl Pot {
    /// The pot of a programme.
    #[must_use]
    pub fn of(programme: &Programme) -> Self {
        let pooling = match programme.cap_scope {
            _ if programme.cap.is_none() => Pooling::Uncapped,
            CapScope::Site => Pooling::Site,
            CapScope::Group { .. } => Pooling::Group,
            CapScope::Programme => Pooling::Programme,
        };
        Self {
            available: programme.available(),
            rate: programme.intervention_rate,
            basis: programme.rate_basis,
            pays_for: programme.pays_for,
            min_share: programme.min_share,
            min_sites: programme.min_sites,
            min_sites_required: programme.min_sites_required,
            pooling,
        }
    }

    /// A pot of so much for everything, without further rules.
    #[must_use]
    pub fn plain(available: Pence) -> Self {
        Self::of(&Programme::new("", available))
    }

    /// The most it may pay of an item by its rate.
    #[must_use]
    pub fn ceiling(&self, cost: Pence) -> Pence {
        match self.basis {
            RateBasis::Item => self.rate.of_rounded_up(cost),
            RateBasis::Programme => cost,
        }
    }

    /// Whether it may pay an eligible item whole.
    #[must_use]
    pub fn pays_whole_items(&self) -> bool {
        self.rate == Share::ONE || self.basis == RateBasis::Programme
    }
}

/// A pair of pots that may not meet.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct PotBar {
    /// The two pots, the earlier first.
    pub pots: [usize; 2],
    /// Whether the pair is barred from one site (each building is claimed by at most one, and only
    /// claims make eligible) or from one item.
    pub by_site: bool,
}

/// A connected site and the pots it is eligible for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EntitledSite {
    /// The pots.
    pub eligible: PotSet,
    /// Its weight, for splits by weight.
    pub weight: Weight,
}

/// What the connected sites of a building entitle pots to pay.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Entitlement {
    /// Its connected sites.
    pub sites: Vec<EntitledSite>,
    /// By pot: the most it may bring; `None` is any amount.
    pub caps: Vec<Option<Pence>>,
    /// By pot: the number of the group its money is pooled with.
    pub groups: Vec<u32>,
}

impl Entitlement {
    /// A building with one site, without caps.
    #[must_use]
    pub fn single(eligible: PotSet, weight: Weight) -> Self {
        let sites = vec![EntitledSite { eligible, weight }];
        Self { sites, caps: Vec::new(), groups: Vec::new() }
    }

    /// The pots that any of its sites is eligible for.
    #[must_use]
    pub fn eligible(&self) -> PotSet {
        self.sites.iter().fold(PotSet::EMPTY, |set, site| set.union(site.eligible))
    }

    /// The most it may bring from a pot; `None` is any amount.
    #[must_use]
    pub fn cap(&self, pot: usize) -> Option<Pence> {
        self.caps.get(pot).copied().flatten()
    }

    /// The number of the group its money from a pot is pooled with.
    #[must_use]
    pub fn group(&self, pot: usize) -> u32 {
        self.groups.get(pot).copied().unwrap_or(0)
    }
}

/// All pots of a scenario, the pairs that may not meet, and what each building entitles them to.
#[derive(Clone, Debug)]
pub struct Pots {
    /// Pots, in the order of the programmes.
    pub pots: Vec<Pot>,
    /// Pairs that may not meet.
    pub bars: Vec<PotBar>,
    /// By building, as `Scenario::buildings` orders them: with all sites that are not forbidden.
    pub entitlements: Vec<Entitlement>,
}

impl Pots {
    /// Reads the pots of a scenario that has been judged: it has at most [`MOST_PROGRAMMES`](crate::model::MOST_PROGRAMMES) programmes.
    ///
    /// `buildings` is what `Scenario::buildings` gives; weights are those of the first objective.
    ///
    /// # Errors
    ///
    /// `Faults` when there are more programmes than a set of pots holds (O154).
    pub fn of(scenario: &Scenario, buildings: &[Building]) -> Result<Self, Error> {
        if let Some(fault) = too_many_programmes(scenario.programmes.len()) {
            return Err(Error::from_faults(vec![fault.at("scenario.toml", None, "programmes")]));
        }
        let builder = EntitlementBuilder::new(scenario);
        let entitlements = buildings.iter().map(|building| {
            let connectable = |site: &&SiteIx| !scenario.forbids(scenario.tables.site(**site));
            let sites: Vec<SiteIx> = building.sites.iter().filter(connectable).copied().collect();
            builder.entitlement(&sites)
        });
        let entitlements = entitlements.collect();
        let pots = scenario.programmes.iter().map(Pot::of).collect();
        Ok(Self { pots, bars: bars(&scenario.programmes), entitlements })
    }

    /// The quick test, where it is exact: no caps, bars, minimum outputs or rates by programme, and
    /// few enough pots.
    #[must_use]
    pub fn set_condition(&self) -> Option<SetCondition> {
        let plain = |pot: &Pot| {
            pot.pooling == Pooling::Uncapped
                && pot.min_sites == 0
                && (pot.basis == RateBasis::Item || pot.rate == Share::ONE)
        };
        if !self.bars.is_empty() || !self.pots.iter().all(plain) {
            return None;
        }
        let pots: Vec<_> = self.pots.iter().map(|pot| (pot.available, pot.rate)).collect();
        SetCondition::new(&pots)
    }
}

/// The barred pairs, sorted; a pair barred from items and from sites stands twice.
pub(crate) fn bars(programmes: &[Programme]) -> Vec<PotBar> {
    let mut bars = Vec::new();
    for (place, programme) in programmes.iter().enumerate() {
        for bar in &programme.not_with {
            let other = programmes.iter().position(|other| other.id == bar.programme);
            if let Some(other) = other.filter(|&other| other != place) {
                let pots = [place.min(other), place.max(other)];
                bars.push(PotBar { pots, by_site: bar.scope == BarScope::Site });
            }
        }
    }
    bars.sort_unstable();
    bars.dedup();
    bars
}

/// Judges sites against the programmes of a scenario.
pub(super) struct EntitlementBuilder<'a> {
    scenario: &'a Scenario,
    weight: &'a str,
    /// By programme: number of each group by its text.
    groups: Vec<BTreeMap<&'a str, u32>>,
}

impl<'a> EntitlementBuilder<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let weight = scenario.site_weight();
        let groups = scenario.programmes.iter().map(|programme| {
            let mut numbers = BTreeMap::new();
            if let CapScope::Group { column } = &programme.cap_scope {
                for site in &scenario.tables.sites.rows {
                    if let Some(text) = group_of(scenario, site, column) {
                        numbers.entry(text).or_insert(0);
                    }
                }
            }
            for (number, value) in numbers.values_mut().enumerate() {
                *value = u32::try_from(number).unwrap_or(u32::MAX);
            }
            numbers
        });
        Self { scenario, weight, groups: groups.collect() }
    }

    /// What some connected sites of one building entitle the pots to.
    ///
    /// The cap of a building is the largest among its eligible sites. Its group is that of its first
    /// eligible site with a value; without one it is a group of its own.
    pub(super) fn entitlement(&self, sites: &[SiteIx]) -> Entitlement {
        let tables = &self.scenario.tables;
        let all = &self.scenario.programmes;
        let mut entitlement = Entitlement {
            sites: Vec::with_capacity(sites.len()),
            caps: vec![Some(Pence::ZERO); all.len()],
            groups: vec![u32::MAX; all.len()],
        };
        for &ix in sites {
            let site = tables.site(ix);
            let mut eligible = PotSet::EMPTY;
            for (pot, programme) in all.iter().enumerate() {
                if self.scenario.eligible(programme, site) != Truth::Yes {
                    continue;
                }
                eligible = eligible.union(PotSet::of([pot]));
                let cap = &mut entitlement.caps[pot];
                *cap = cap.and_then(|cap| programme.cap.of(&site.kind).map(|own| own.max(cap)));
                if let CapScope::Group { column } = &programme.cap_scope {
                    let text = group_of(self.scenario, site, column);
                    let number = text.and_then(|text| self.groups[pot].get(text));
                    let group = &mut entitlement.groups[pot];
                    if let Some(&number) = number.filter(|_| *group == u32::MAX) {
                        *group = number;
                    }
                }
            }
            let weighed = self.scenario.weight(self.weight, site);
            let weight = weighed.map_or(Weight::ZERO, |weighed| weighed.weight);
            entitlement.sites.push(EntitledSite { eligible, weight });
        }
        // Buildings without a group count downwards from the top by their first site, so that no two
        // share a number.
        for group in entitlement.groups.iter_mut().filter(|group| **group == u32::MAX) {
            *group = u32::MAX - sites.first().map_or(0, |site| site.0);
        }
        entitlement
    }
}

fn group_of<'a>(scenario: &'a Scenario, site: &'a Site, column: &str) -> Option<&'a str> {
    let cell = scenario.tables.site_cell(site, column)?;
    (!scenario.tables.is_missing(cell)).then_some(cell)
}
