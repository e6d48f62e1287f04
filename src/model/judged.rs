//! One complete question, and the proof that it was judged.
//!
//! What for: nothing is planned, paid for or checked with a scenario that has faults, and a variant is judged
//! without another walk over its tables. In: parts, from files or from Rust. Out: [`Scenario`], and [`Judged`],
//! which only a judgement makes.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Fault};
use crate::model::faults::faults_of;
use crate::model::objective::SITES;
use crate::model::table_facts::TableFacts;
use crate::model::{
    NetworkSettings, Objective, Programme, RateCard, Rules, ScenarioParts, ScheduleRules, Tables,
};

/// One complete question: tables, prices, programmes, objective and rules.
///
/// Its parts are read and changed as fields of it ([`ScenarioParts`]). Cloning one for a variant costs only its
/// settings, for the tables are shared. Everything that plans, pays or judges with a scenario first asks for its
/// [judgement](Self::judged), which is kept until a part is changed.
///
/// ```no_run
/// # use fibreplan::model::Scenario;
/// # use fibreplan::units::Pence;
/// # fn dearer(base: &Scenario) -> Result<(), fibreplan::error::Error> {
/// let mut dearer = base.clone();
/// dearer.rate_card.drop = Pence::from_whole_pounds(2000);
/// dearer.judged()?; // every fault at once, with the codes that files get; solving asks the same
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    parts: ScenarioParts,
    /// That these parts have no fault, once that was found; any way to change a part takes it away.
    judgement: OnceLock<Judgement>,
    /// What a judgement needs to know of the tables, which outlives a change of other parts.
    facts: OnceLock<Arc<TableFacts>>,
}

impl From<ScenarioParts> for Scenario {
    fn from(parts: ScenarioParts) -> Self {
        Self { parts, judgement: OnceLock::new(), facts: OnceLock::new() }
    }
}

impl Deref for Scenario {
    type Target = ScenarioParts;

    fn deref(&self) -> &ScenarioParts {
        &self.parts
    }
}

impl DerefMut for Scenario {
    fn deref_mut(&mut self) -> &mut ScenarioParts {
        self.judgement = OnceLock::new();
        if self.facts.get().is_some_and(|facts| !facts.are_of(&self.parts.tables)) {
            self.facts = OnceLock::new();
        }
        &mut self.parts
    }
}

/// Equal parts; whether they were judged already makes no difference.
impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Scenario {
    /// A scenario that asks for the most sites, without further rules; its other parts can be changed.
    #[must_use]
    pub fn new(
        name: &str,
        tables: Tables,
        network: NetworkSettings,
        rate_card: RateCard,
        programmes: Vec<Programme>,
    ) -> Self {
        Self::from(ScenarioParts {
            name: name.to_owned(),
            title: name.to_owned(),
            years: Vec::new(),
            tables: Arc::new(tables),
            network,
            rate_card,
            weights: Vec::new(),
            objective: Objective::Maximise(vec![SITES.to_owned()]),
            programmes,
            rules: Rules::default(),
            schedule: ScheduleRules::default(),
        })
    }

    /// The proof that the scenario has no fault. The first call after a change looks at the settings and at
    /// every site; others cost nothing.
    ///
    /// # Errors
    ///
    /// All [`faults`] of the scenario at once.
    pub fn judged(&self) -> Result<Judged<'_>, Error> {
        if self.judgement.get().is_none() {
            let found = faults(self);
            if !found.is_empty() {
                return Err(Error::from_faults(found));
            }
            // Another thread may have come to the same judgement first.
            let _ = self.judgement.set(Judgement(()));
        }
        Ok(Judged { scenario: self })
    }

    /// The same scenario with a change that the library makes for itself and that needs no judgement: it keeps
    /// the one there is. Only for changes that no fault of an input can come from, such as a budget without end
    /// or a programme left out.
    pub(crate) fn altered(&self, change: impl FnOnce(&mut ScenarioParts)) -> Self {
        let mut other = self.clone();
        change(&mut other.parts);
        other
    }

    /// What is known about the tables as they are now.
    fn table_facts(&self) -> Arc<TableFacts> {
        let known = self.facts.get_or_init(|| Arc::new(TableFacts::of(&self.tables)));
        if known.are_of(&self.tables) {
            return Arc::clone(known);
        }
        Arc::new(TableFacts::of(&self.tables))
    }
}

/// All faults of a scenario's settings; empty when it can be solved as it stands.
///
/// Linear in the rows of the tables times the weights in use.
#[must_use]
pub fn faults(scenario: &Scenario) -> Vec<Fault> {
    faults_of(scenario, &scenario.table_facts())
}

/// All premises that routes of a scenario could pass, counted once each.
#[must_use]
pub fn premises_in_reach(scenario: &Scenario) -> u64 {
    scenario.table_facts().premises_in_reach(scenario.network.from)
}

/// Found without fault. Nothing outside the judgement makes one.
#[derive(Clone, Copy, Debug)]
struct Judgement(());

/// A scenario that has no fault.
///
/// Only [`Scenario::judged`] makes one, and it reads like the scenario itself.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    scenario: &'a Scenario,
}

impl<'a> Judged<'a> {
    /// The scenario itself.
    #[must_use]
    pub fn scenario(self) -> &'a Scenario {
        self.scenario
    }
}

impl Deref for Judged<'_> {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        self.scenario
    }
}
