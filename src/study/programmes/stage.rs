//! The programmes in turn, each beyond what is built already.
//!
//! In: a scenario and an order of its programmes. Out: what they build one after the other, each on its own money
//! alone (see [`OnTop`]). A turn that several orders share is planned once.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::Plan;
use crate::solve::{Built, OnTop};
use crate::study::{Hearing, Turns};

/// The scenario with one of its programmes alone, under which no other is barred or required.
pub fn only(scenario: &Scenario, place: usize) -> Scenario {
    let mut alone = scenario.clone();
    let mut programme = scenario.programmes[place].clone();
    programme.not_with.clear();
    alone.programmes = vec![programme];
    alone
}

/// The turns of a scenario's programmes, each planned once.
pub struct Stages<'a> {
    ground: OnTop<'a>,
    /// The time of the study.
    pub turns: Turns,
    known: BTreeMap<Vec<usize>, Built>,
}

impl<'a> Stages<'a> {
    pub fn new(prepared: &'a Prepared, scenario: &Scenario, turns: Turns) -> Result<Self, Error> {
        let ground = OnTop::new(prepared, scenario)?;
        let known = BTreeMap::from([(Vec::new(), Built::default())]);
        Ok(Self { ground, turns, known })
    }

    /// The scenario whose programmes take turns.
    pub fn scenario(&self) -> &Scenario {
        self.ground.scenario()
    }

    /// The plan after the turns of some programmes, by place, with the payments of each turn; nothing where
    /// there was no time for them.
    pub fn in_order(
        &mut self,
        order: &[usize],
        hearing: &mut Hearing<'_>,
    ) -> Result<Option<Plan>, Error> {
        let Some(built) = self.after(order, hearing)? else { return Ok(None) };
        self.ground.built(&built).map(Some)
    }

    fn after(
        &mut self,
        order: &[usize],
        hearing: &mut Hearing<'_>,
    ) -> Result<Option<Built>, Error> {
        if let Some(built) = self.known.get(order) {
            return Ok(Some(built.clone()));
        }
        let Some((&last, earlier)) = order.split_last() else { return Ok(Some(Built::default())) };
        let Some(before) = self.after(earlier, hearing)? else { return Ok(None) };
        if hearing.is_halted() || self.turns.is_late() {
            return Ok(None);
        }
        let effort = self.turns.next();
        let alone = only(self.scenario(), last);
        let built = self.ground.add(&alone, before, &effort, hearing)?;
        self.known.insert(order.to_vec(), built.clone());
        Ok(Some(built))
    }
}
