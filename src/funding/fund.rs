//! Payments for a plan, to the penny, in the names of the scenario.
//!
//! In: a scenario and a plan, made by hand or by `solve`. Out: [`Funding`], or why the programmes
//! cannot pay for it. It takes the plan as it stands: whether spans exist and prices are right is for
//! `check` to say.

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use crate::error::Fault;
use crate::funding::forest::{Hanging, PlanForest};
use crate::funding::{
    CaseDrop, CasePayment, CaseYears, FundingCase, Pot, PotSet, SplitTarget, Verdict, YearlyPot,
    money_left, paid_before, pay_nothing_more, pots,
};
use crate::ids::SiteIx;
use crate::model::{Programme, Scenario, Truth};
use crate::plan::{Item, Payment, Plan, ProgrammeResult};
use crate::units::{Amount, Pence, Year};

/// Who pays for what in a plan.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Funding {
    /// Payments, sorted by item, programme (in the order of the scenario) and building.
    pub payments: Vec<Payment>,
    /// What each programme has and spends, in the order of the scenario.
    pub by_programme: Vec<ProgrammeResult>,
}

impl Funding {
    /// The plan with these payments in place of its own.
    #[must_use]
    pub fn complete(self, plan: &Plan) -> Plan {
        Plan { payments: self.payments, ..plan.clone() }
    }
}

/// Why a plan cannot be paid for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unfundable {
    /// The scenario itself has faults, and nothing is paid under it.
    Faulty {
        /// All of them.
        faults: Vec<Fault>,
    },
    /// It is no forest from its exchanges to its sites, so there is nothing to pay for.
    Broken {
        /// What is wrong with it.
        cause: String,
    },
    /// Money is short.
    Short {
        /// Ids of the programmes that would pay more if they had more; none when nobody may pay.
        programmes: Vec<String>,
        /// The items that cannot all be paid, sorted.
        items: Vec<Item>,
        /// How many pence are missing.
        short: Pence,
    },
    /// A programme requires more eligible sites.
    TooFewSites {
        /// Id of the programme.
        programme: String,
        /// Eligible sites connected.
        connected: u32,
        /// Eligible sites it requires.
        required: u32,
    },
    /// Programmes that may not meet make the search for payments too long.
    Undecided,
}

impl fmt::Display for Unfundable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faulty { faults } => {
                write!(f, "the scenario has {}", All { what: "fault", list: faults })
            }
            Self::Broken { cause } => write!(f, "the plan is broken: {cause}"),
            Self::Short { programmes, items, short } if programmes.is_empty() => write!(
                f,
                "no programme may pay {} of {}",
                Amount::Money(*short),
                All { what: "item", list: items }
            ),
            Self::Short { programmes, items, short } => write!(
                f,
                "{} {} short by {} for {}",
                programmes.join(" and "),
                if programmes.len() == 1 { "falls" } else { "together fall" },
                Amount::Money(*short),
                All { what: "item", list: items }
            ),
            Self::TooFewSites { programme, connected, required } => {
                write!(f, "{programme} requires {required} eligible sites, {connected} connected")
            }
            Self::Undecided => f.write_str(
                "programmes that may not meet: no payments found within the limit of the search",
            ),
        }
    }
}

impl std::error::Error for Unfundable {}

/// How many there are of something, and the first of them: `7 items, the first span:R11`.
struct All<'a, T> {
    what: &'static str,
    list: &'a [T],
}

impl<T: fmt::Display> fmt::Display for All<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, list } = self;
        match list {
            [] => write!(f, "no {what}"),
            [only] => write!(f, "1 {what}, {only}"),
            [first, ..] => write!(f, "{} {what}s, the first {first}", list.len()),
        }
    }
}

/// How the cost of an item should fall on its users, in the names of a scenario.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Split {
    /// Equally on every user eligible for a payer.
    #[default]
    PerUser,
    /// In proportion to the weight the objective names first.
    ByWeight,
    /// Wholly on the first user in this order of site ids; sites not named come last, equally.
    Incremental(Vec<String>),
}

/// Finds payments for a plan: to the penny and nearest to an equal share for every user.
///
/// An item's cost is to fall equally on its connected sites that are eligible for a payer of it, each
/// site's part equally on those payers. Reported are the payments nearest to that which the rules and
/// the money allow, as DESIGN and [`FundingCase::split`] state it.
///
/// # Errors
///
/// [`Unfundable`] with the programmes and items that fall short, and by how much.
pub fn fund(scenario: &Scenario, plan: &Plan) -> Result<Funding, Unfundable> {
    fund_by(scenario, plan, &Split::PerUser)
}

/// Finds payments for a plan that are nearest to a target of the caller's choice.
///
/// # Errors
///
/// As [`fund`].
pub fn fund_by(scenario: &Scenario, plan: &Plan, split: &Split) -> Result<Funding, Unfundable> {
    with_case(scenario, plan, |forest, case| {
        let ranks = ranks(forest);
        match case.split(&target(scenario, forest, split), Some(&ranks)) {
            Ok(payments) => Ok(in_names(scenario, forest, payments, &ranks)),
            Err(verdict) => Err(verdict),
        }
    })
}

/// Whether the programmes can pay for a plan at all: [`fund`] without choosing who pays what.
///
/// # Errors
///
/// As [`fund`].
pub fn can_fund(scenario: &Scenario, plan: &Plan) -> Result<(), Unfundable> {
    with_case(scenario, plan, |_, case| match case.settle() {
        Verdict::Fundable(_) => Ok(()),
        verdict => Err(verdict),
    })
}

/// Puts a question to the funding case of a plan.
fn with_case<T>(
    scenario: &Scenario,
    plan: &Plan,
    ask: impl Fn(&PlanForest, &FundingCase<'_>) -> Result<T, Verdict>,
) -> Result<T, Unfundable> {
    if let Err(error) = scenario.judged() {
        return Err(Unfundable::Faulty { faults: error.faults().to_vec() });
    }
    let forest = PlanForest::of(scenario, plan);
    let mut forest = forest.map_err(|cause| Unfundable::Broken { cause })?;
    pay_nothing_more(scenario, &mut forest);
    let programmes = &scenario.programmes;
    let mut pots: Vec<Pot> = programmes.iter().map(Pot::of).collect();
    let mut yearly: Vec<YearlyPot> =
        programmes.iter().map(|own| YearlyPot::of(own, &scenario.years)).collect();
    money_left(scenario, &mut pots, &mut yearly);
    let bars = pots::bars(programmes);
    let drops = forest.drops.iter();
    let drops =
        drops.map(|hanging| CaseDrop { item: hanging.item, entitlement: &hanging.entitlement });
    let case = FundingCase::new(&pots, &bars, forest.items.clone(), drops.collect());
    let case = case.map_err(|error| Unfundable::Broken { cause: error.to_string() })?;
    let case = match years(scenario, &forest).map_err(|cause| Unfundable::Broken { cause })? {
        None => case,
        Some(of_item) => {
            let nested = scenario.schedule.nested;
            case.in_years(CaseYears { of_item, nested, pots: &yearly })
        }
    };
    ask(&forest, &case).map_err(|verdict| refusal(programmes, &forest, verdict))
}

/// By item: the place of its year; nothing where no item states one.
fn years(scenario: &Scenario, forest: &PlanForest) -> Result<Option<Vec<u8>>, String> {
    if scenario.years.is_empty() || forest.years.iter().all(Option::is_none) {
        return Ok(None);
    }
    let place = |(own, name): (&Option<Year>, &Item)| {
        let year = own.ok_or_else(|| format!("{name} states no year, and others do"))?;
        let place = scenario.years.iter().position(|&known| known == year);
        let place = place.and_then(|place| u8::try_from(place).ok());
        place.ok_or_else(|| format!("{name} is built in {year}, and the scenario has no such year"))
    };
    forest.years.iter().zip(&forest.names).map(place).collect::<Result<_, _>>().map(Some)
}

/// The target in places instead of names.
fn target(scenario: &Scenario, forest: &PlanForest, split: &Split) -> SplitTarget {
    match split {
        Split::PerUser => SplitTarget::PerUser,
        Split::ByWeight => SplitTarget::ByWeight,
        Split::Incremental(order) => {
            let places: BTreeMap<&str, u32> = order.iter().map(String::as_str).zip(0..).collect();
            let rank = |site: &SiteIx| {
                let id = scenario.tables.site(*site).id.as_str();
                places.get(id).copied().unwrap_or(u32::MAX)
            };
            let ranks = |hanging: &Hanging| hanging.sites.iter().map(rank).collect();
            SplitTarget::Incremental(forest.drops.iter().map(ranks).collect())
        }
    }
}

/// The place of each item by its name, which decides between equal fractions of a penny.
fn ranks(forest: &PlanForest) -> Vec<u32> {
    let mut order: Vec<usize> = (0..forest.names.len()).collect();
    order.par_sort_unstable_by_key(|&item| (&forest.names[item], item));
    let mut ranks = vec![0; order.len()];
    for (rank, item) in (0..).zip(order) {
        ranks[item] = rank;
    }
    ranks
}

/// A verdict against the plan, in the names of the scenario.
fn refusal(programmes: &[Programme], forest: &PlanForest, verdict: Verdict) -> Unfundable {
    match verdict {
        Verdict::Short(short) => {
            let mut items: Vec<Item> =
                short.items.iter().map(|&item| forest.names[item as usize].clone()).collect();
            items.sort_unstable();
            Unfundable::Short {
                programmes: names(programmes, short.pots),
                items,
                short: short.short,
            }
        }
        Verdict::TooFewSites(few) => Unfundable::TooFewSites {
            programme: programmes[few.pot].id.clone(),
            connected: few.connected,
            required: few.required,
        },
        Verdict::Undecided | Verdict::Fundable(_) => Unfundable::Undecided,
    }
}

fn names(programmes: &[Programme], pots: PotSet) -> Vec<String> {
    pots.iter().map(|pot| programmes[pot].id.clone()).collect()
}

/// Payments of a case in the names of the scenario.
fn in_names(
    scenario: &Scenario,
    forest: &PlanForest,
    mut payments: Vec<CasePayment>,
    ranks: &[u32],
) -> Funding {
    let programmes = &scenario.programmes;
    let building = |drop: u32| {
        let hanging = forest.drops.get(drop as usize);
        hanging.map(|hanging| hanging.building.as_str())
    };
    // By item, programme and building.
    let key = |payment: &CasePayment| {
        (ranks[payment.item as usize], payment.pot, payment.drop.and_then(building))
    };
    payments.sort_by(|a, b| key(a).cmp(&key(b)));
    let named = |payment: &CasePayment| Payment {
        item: forest.names[payment.item as usize].clone(),
        programme: programmes[payment.pot as usize].id.clone(),
        building: payment.drop.and_then(building).map(str::to_owned),
        pence: payment.pence,
        year: forest.years[payment.item as usize],
    };
    let mut rows: Vec<Payment> = payments.iter().map(named).collect();
    if let Some(existing) = &scenario.schedule.existing {
        rows.extend(paid_before(existing, forest.names.iter().chain(&forest.stray)));
        let rank = |own: &Payment| programmes.iter().position(|known| known.id == own.programme);
        rows.sort_by(|a, b| (&a.item, rank(a), &a.building).cmp(&(&b.item, rank(b), &b.building)));
    }
    let connected = || forest.drops.iter().flat_map(|hanging| &hanging.sites);
    let by_programme = programmes.iter().map(|programme| {
        let own = rows.iter().filter(|payment| payment.programme == programme.id);
        let eligible =
            |site| scenario.eligible(programme, scenario.tables.site(site)) == Truth::Yes;
        ProgrammeResult {
            id: programme.id.clone(),
            available: programme.available(),
            spent: own.map(|payment| payment.pence).sum(),
            eligible_sites: connected().filter(|&&site| eligible(site)).count(),
        }
    });
    let by_programme = by_programme.collect();
    Funding { payments: rows, by_programme }
}
