//! Who pays for what: every item to the penny, by programmes that may, within their money and rules.
//!
//! In: the items of a plan with their users, and its payments. Out: violations of budgets V220,
//! payments V230 and eligibility V240. It looks for no payments: whether a plan could be paid for at
//! all is for `fund` to say. What years have of money is for `years`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::check::existing::stands;
use crate::check::forest::Forest;
use crate::check::payers::Usage;
use crate::check::service::Served;
use crate::check::year_of::YearsOfItems;
use crate::ids::SiteIx;
use crate::model::{BarScope, CapScope, Programme, RateBasis, Scenario, Truth};
use crate::plan::{Item, Payment, Plan, Violation};
use crate::units::{Amount, Pence};

/// Judges the payments of a plan.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    let accounts = Accounts::of(scenario, plan, forest, served);
    let mut judge = Judge { scenario, served, accounts: &accounts, found };
    judge.minimum_outputs();
    if plan.payments.is_empty() {
        if accounts.usage.items().iter().any(|item| item.cost > Pence::ZERO) {
            judge.report("V230", "plan", "it has no payments".to_owned());
        }
        return;
    }
    let ledger = judge.read(&plan.payments);
    judge.items(&ledger);
    judge.budgets(&ledger);
    judge.caps(&ledger);
    judge.bars(&ledger);
}

/// What the payments must agree with.
struct Accounts {
    usage: Usage,
    /// By connected building: the programmes that any of its connected sites is eligible for.
    eligible: Vec<Vec<bool>>,
    /// By programme: connected sites it may pay for.
    connected: Vec<u32>,
    by_building: BTreeMap<String, usize>,
}

impl Accounts {
    fn of(scenario: &Scenario, plan: &Plan, forest: &Forest, served: &Served) -> Self {
        let programmes = &scenario.programmes;
        let lost = claims_lost(scenario, plan);
        let years = YearsOfItems::of(plan);
        let mut judged: BTreeMap<SiteIx, Vec<bool>> = BTreeMap::new();
        for connected in &served.buildings {
            for &site in &connected.sites {
                let row = scenario.tables.site(site);
                let year = years.get(&connected.item());
                let judge = |(place, programme): (usize, &Programme)| {
                    let lost = lost.contains(&(place, connected.building.id.as_str()));
                    // Only those connected while it may pay are its users.
                    let open = year.is_none_or(|year| programme.is_open_in(year));
                    !lost && open && scenario.eligible(programme, row) == Truth::Yes
                };
                judged.insert(site, programmes.iter().enumerate().map(judge).collect());
            }
        }
        let eligible_for = |site: SiteIx, place: usize| {
            judged.get(&site).is_some_and(|programmes: &Vec<bool>| programmes[place])
        };
        let usage = Usage::of(forest, served, programmes.len(), eligible_for);
        let usage =
            if scenario.schedule.nested { usage.by_year(|item| years.get(item)) } else { usage };
        let buildings = || served.buildings.iter();
        let any =
            |place| move |sites: &[SiteIx]| sites.iter().any(|&site| eligible_for(site, place));
        let eligible = buildings()
            .map(|connected| {
                (0..programmes.len()).map(|place| any(place)(&connected.sites)).collect()
            })
            .collect();
        let connected = (0..programmes.len())
            .map(|place| {
                let count = served.sites.iter().filter(|&&site| eligible_for(site, place)).count();
                u32::try_from(count).unwrap_or(u32::MAX)
            })
            .collect();
        let by_building = buildings()
            .enumerate()
            .map(|(place, connected)| (connected.building.id.clone(), place))
            .collect();
        Self { usage, eligible, connected, by_building }
    }

    /// Whether a programme may pay for an item: its rules and the item's users allow it.
    fn may_pay(&self, programme: &Programme, place: usize, item: usize) -> bool {
        let used = &self.usage.items()[item];
        let kind_is_paid = match used.item {
            Item::Exchange(_) => programme.pays_for.exchange,
            Item::Span(_) => programme.pays_for.span,
            Item::Drop(_) => programme.pays_for.drop,
        };
        let eligible = u64::from(used.eligible[place]);
        let needed = u64::from(programme.min_share.millionths()) * u64::from(used.all);
        let has_outputs = self.connected[place] >= programme.min_sites;
        kind_is_paid && has_outputs && eligible > 0 && eligible * 1_000_000 >= needed
    }
}

/// Programmes and buildings that another programme, barred from the same site, claims.
fn claims_lost<'a>(scenario: &Scenario, plan: &'a Plan) -> BTreeSet<(usize, &'a str)> {
    let programmes = &scenario.programmes;
    let place = |id: &str| programmes.iter().position(|programme| programme.id == id);
    let mut lost = BTreeSet::new();
    for (one, programme) in programmes.iter().enumerate() {
        for bar in programme.not_with.iter().filter(|bar| bar.scope == BarScope::Site) {
            let Some(other) = place(&bar.programme).filter(|&other| other != one) else { continue };
            for payment in plan.payments.iter().filter(|payment| payment.pence > Pence::ZERO) {
                let Some(building) = payment.building.as_deref() else { continue };
                for (claims, loses) in [(one, other), (other, one)] {
                    if payment.programme == programmes[claims].id {
                        lost.insert((loses, building));
                    }
                }
            }
        }
    }
    lost
}

/// Payments that name things the plan has.
#[derive(Default)]
struct Ledger {
    /// By item and programme.
    paid: BTreeMap<(usize, usize), i64>,
    /// By programme and connected building: what it brought, and to which items.
    brought: BTreeMap<(usize, usize), Vec<(usize, i64)>>,
}

struct Judge<'a, 'f> {
    scenario: &'a Scenario,
    served: &'a Served<'a>,
    accounts: &'a Accounts,
    found: &'f mut Vec<Violation>,
}

impl Judge<'_, '_> {
    fn report(&mut self, code: &'static str, subject: impl std::fmt::Display, cause: String) {
        self.found.push(Violation::new(code, subject, cause));
    }

    fn minimum_outputs(&mut self) {
        for (place, programme) in self.scenario.programmes.iter().enumerate() {
            let connected = self.accounts.connected[place];
            if programme.min_sites_required && connected < programme.min_sites {
                let cause = format!(
                    "it requires {} eligible sites and {connected} are connected",
                    programme.min_sites
                );
                self.report("V250", format_args!("programme:{}", programme.id), cause);
            }
        }
    }

    /// Reads the payments, reporting those that name what is not there.
    fn read(&mut self, payments: &[Payment]) -> Ledger {
        let mut ledger = Ledger::default();
        let mut seen = HashSet::with_capacity(payments.len());
        for payment in payments {
            let subject = &payment.item;
            let by = &payment.programme;
            if !seen.insert((&payment.item, by, &payment.building)) {
                self.report("V230", subject, format!("{by} pays it twice"));
            }
            if payment.pence <= Pence::ZERO {
                let paid = Amount::Money(payment.pence);
                self.report("V230", subject, format!("{by} pays {paid}"));
                continue;
            }
            let programmes = &self.scenario.programmes;
            let Some(place) = programmes.iter().position(|programme| programme.id == *by) else {
                self.report("V230", subject, format!("the scenario has no programme {by:?}"));
                continue;
            };
            let Some(item) = self.accounts.usage.find(&payment.item) else {
                self.report("V230", subject, format!("{by} pays and the plan does not hold it"));
                continue;
            };
            let pence = payment.pence.get();
            let paid = ledger.paid.entry((item, place)).or_default();
            *paid = paid.saturating_add(pence);
            let Some(id) = &payment.building else {
                if self.counts_by_building(place) {
                    let cause = format!("{by} pays and the payment names no building");
                    self.report("V230", subject, cause);
                }
                continue;
            };
            if let Some(&building) = self.accounts.by_building.get(id) {
                if !self.accounts.eligible[building][place] {
                    let cause = format!("{by} pays for building {id:?}, which is not eligible");
                    self.report("V240", subject, cause);
                }
                ledger.brought.entry((place, building)).or_default().push((item, pence));
            } else {
                let cause = format!("{by} pays for building {id:?}, which is not connected");
                self.report("V230", subject, cause);
            }
        }
        ledger
    }

    /// Whether a programme's payments must say whose cap or claim they count against.
    fn counts_by_building(&self, place: usize) -> bool {
        let programmes = &self.scenario.programmes;
        let own = &programmes[place];
        let bars_sites = |programme: &Programme, other: &str| {
            let mut bars = programme.not_with.iter();
            bars.any(|bar| bar.scope == BarScope::Site && bar.programme == other)
        };
        let is_capped = !own.cap.is_none() && own.cap_scope != CapScope::Programme;
        is_capped
            || programmes.iter().any(|other| {
                other.id != own.id && (bars_sites(own, &other.id) || bars_sites(other, &own.id))
            })
    }

    /// Every item is paid to the penny, by programmes that may pay for it.
    fn items(&mut self, ledger: &Ledger) {
        let accounts = self.accounts;
        let mut sums = vec![0_i64; accounts.usage.items().len()];
        for (&(item, place), &pence) in &ledger.paid {
            let programme = &self.scenario.programmes[place];
            let used = &accounts.usage.items()[item];
            sums[item] = sums[item].saturating_add(pence);
            // What stands was paid as it was, whoever uses it now.
            if stands(self.scenario, &used.item) {
                continue;
            }
            if !accounts.may_pay(programme, place, item) {
                let cause = self.why_not(programme, place, item);
                self.report("V240", &used.item, cause);
            }
            let ceiling = programme.intervention_rate.of_rounded_up(used.cost).get();
            if programme.rate_basis == RateBasis::Item && pence > ceiling {
                let [pays, most] = [pence, ceiling].map(pounds);
                let cause = format!("{} pays {pays}, by its rate {most}", programme.id);
                self.report("V240", &used.item, cause);
            }
        }
        for (used, sum) in accounts.usage.items().iter().zip(sums) {
            if sum != used.cost.get() {
                let [sum, cost] = [sum, used.cost.get()].map(pounds);
                let cause = format!("payments add up to {sum}, it costs {cost}");
                self.report("V230", &used.item, cause);
            }
        }
    }

    fn why_not(&self, programme: &Programme, place: usize, item: usize) -> String {
        let used = &self.accounts.usage.items()[item];
        let (eligible, all) = (used.eligible[place], used.all);
        let connected = self.accounts.connected[place];
        let id = &programme.id;
        if connected < programme.min_sites {
            format!(
                "{id} pays nothing below {} eligible sites, not {connected}",
                programme.min_sites
            )
        } else if eligible == 0 {
            match all {
                1 => format!("{id} pays and its only user is not eligible"),
                _ => format!("{id} pays and none of its {all} users is eligible"),
            }
        } else if u64::from(eligible) * 1_000_000
            < u64::from(programme.min_share.millionths()) * u64::from(all)
        {
            format!("{id} pays and only {eligible} of its {all} users are eligible")
        } else {
            format!("{id} does not pay for this kind of item")
        }
    }

    /// No programme spends more than it has, or than its share of all it may pay for.
    fn budgets(&mut self, ledger: &Ledger) {
        for (place, programme) in self.scenario.programmes.iter().enumerate() {
            let own = ledger.paid.iter().filter(|((_, payer), _)| *payer == place);
            let spent = own.fold(0_i64, |sum, (_, &pence)| sum.saturating_add(pence));
            let spent = Pence::new(spent);
            let subject = format!("programme:{}", programme.id);
            if spent > programme.available() {
                let [spent, available] = [spent, programme.available()].map(Amount::Money);
                let cause = format!("it spends {spent} and has {available}");
                self.report("V220", &subject, cause);
            }
            if programme.rate_basis == RateBasis::Programme {
                let items = self.accounts.usage.items().iter().enumerate();
                let may_pay = items
                    .filter(|(item, _)| self.accounts.may_pay(programme, place, *item))
                    .fold(0_i64, |sum, (_, used)| sum.saturating_add(used.cost.get()));
                let most = programme.intervention_rate.of_rounded_down(Pence::new(may_pay));
                if spent > most {
                    let [spent, most] = [spent, most].map(Amount::Money);
                    let cause = format!("it spends {spent}, by its rate {most}");
                    self.report("V240", &subject, cause);
                }
            }
        }
    }

    /// Caps of every scope.
    fn caps(&mut self, ledger: &Ledger) {
        for (place, programme) in self.scenario.programmes.iter().enumerate() {
            if programme.cap.is_none() || programme.cap_scope == CapScope::Programme {
                self.own_paths(programme, place, ledger);
            }
            if programme.cap.is_none() {
                continue;
            }
            match &programme.cap_scope {
                CapScope::Programme => self.pooled_cap(programme, place, ledger),
                CapScope::Site => {
                    self.site_caps(programme, place, ledger);
                    self.own_paths(programme, place, ledger);
                }
                CapScope::Group { column } => {
                    self.site_caps(programme, place, ledger);
                    self.group_use(programme, place, column, ledger);
                }
            }
        }
    }

    /// The most a connected building may bring from a programme: the largest cap among its eligible
    /// sites; `None` is any amount.
    fn cap(&self, programme: &Programme, building: usize) -> Option<i64> {
        let mut most = 0;
        for &site in &self.served.buildings[building].sites {
            let site = self.scenario.tables.site(site);
            if self.scenario.eligible(programme, site) == Truth::Yes {
                most = most.max(programme.cap.of(&site.kind)?.get());
            }
        }
        Some(most)
    }

    fn pooled_cap(&mut self, programme: &Programme, place: usize, ledger: &Ledger) {
        let mut most = 0_i64;
        for building in 0..self.served.buildings.len() {
            if self.accounts.eligible[building][place] {
                let Some(cap) = self.cap(programme, building) else { return };
                most = most.saturating_add(cap);
            }
        }
        let own = ledger.paid.iter().filter(|((_, payer), _)| *payer == place);
        let spent = own.fold(0_i64, |sum, (_, &pence)| sum.saturating_add(pence));
        if spent > most {
            let [spent, most] = [spent, most].map(pounds);
            let cause = format!("it spends {spent}, its sites bring {most}");
            self.report("V240", format_args!("programme:{}", programme.id), cause);
        }
    }

    fn site_caps(&mut self, programme: &Programme, place: usize, ledger: &Ledger) {
        for (&(_, building), brought) in
            ledger.brought.iter().filter(|((payer, _), _)| *payer == place)
        {
            let connected = &self.served.buildings[building];
            let subject = connected.item();
            let sum = brought.iter().fold(0_i64, |sum, (_, pence)| sum.saturating_add(*pence));
            if let Some(cap) = self.cap(programme, building).filter(|&cap| sum > cap) {
                let [sum, cap] = [sum, cap].map(pounds);
                let cause = format!("it brings {sum} from {}, its cap is {cap}", programme.id);
                self.report("V240", &subject, cause);
            }
        }
    }

    /// Every building that a programme's payments name uses what they pay for.
    fn own_paths(&mut self, programme: &Programme, place: usize, ledger: &Ledger) {
        for (&(payer, building), brought) in &ledger.brought {
            if payer == place {
                self.own_path(programme, building, brought);
            }
        }
    }

    /// What a building brings goes to its own drop and path.
    fn own_path(&mut self, programme: &Programme, building: usize, brought: &[(usize, i64)]) {
        let usage = &self.accounts.usage;
        let path: BTreeSet<usize> = usage.path(usage.drop(building)).collect();
        for (item, _) in brought.iter().filter(|(item, _)| !path.contains(item)) {
            let id = &self.served.buildings[building].building.id;
            let cause = format!("{} pays for building {id:?}, which does not use it", programme.id);
            self.report("V240", &usage.items()[*item].item, cause);
        }
    }

    /// What a building brings goes to items that an eligible building of its group uses.
    fn group_use(&mut self, programme: &Programme, place: usize, column: &str, ledger: &Ledger) {
        let usage = &self.accounts.usage;
        let group = |building: usize| self.group(programme, column, building);
        let mut uses: BTreeSet<(Group, usize)> = BTreeSet::new();
        for building in 0..self.served.buildings.len() {
            if self.accounts.eligible[building][place] {
                let own = group(building);
                for item in usage.path(usage.drop(building)) {
                    if !uses.insert((own, item)) {
                        break;
                    }
                }
            }
        }
        let mut wrong = Vec::new();
        for (&(payer, building), brought) in &ledger.brought {
            for (item, _) in brought.iter().filter(|_| payer == place) {
                if !uses.contains(&(group(building), *item)) {
                    let id = &self.served.buildings[building].building.id;
                    let cause = format!(
                        "{} pays for building {id:?}, whose group does not use it",
                        programme.id
                    );
                    wrong.push((*item, cause));
                }
            }
        }
        for (item, cause) in wrong {
            self.report("V240", &usage.items()[item].item, cause);
        }
    }

    /// The group of a building: that of its first eligible site with a value, else its own.
    fn group(&self, programme: &Programme, column: &str, building: usize) -> Group<'_> {
        let tables = &self.scenario.tables;
        for &site in &self.served.buildings[building].sites {
            let site = tables.site(site);
            let cell = tables.site_cell(site, column).filter(|cell| !tables.is_missing(cell));
            if let Some(cell) = cell
                && self.scenario.eligible(programme, site) == Truth::Yes
            {
                return Group::Of(cell);
            }
        }
        Group::Alone(building)
    }

    /// Programmes that may not meet on an item or on a site.
    fn bars(&mut self, ledger: &Ledger) {
        let programmes = &self.scenario.programmes;
        for (place, programme) in programmes.iter().enumerate() {
            for bar in &programme.not_with {
                let other = programmes.iter().position(|other| other.id == bar.programme);
                let Some(other) = other.filter(|&other| other != place) else { continue };
                match bar.scope {
                    BarScope::Item => self.barred_items(place, other, ledger),
                    BarScope::Site => self.barred_sites(place, other, ledger),
                }
            }
        }
    }

    fn barred_items(&mut self, place: usize, other: usize, ledger: &Ledger) {
        let programmes = &self.scenario.programmes;
        for &(item, payer) in ledger.paid.keys() {
            if payer == place && ledger.paid.contains_key(&(item, other)) {
                let pair = pair(&programmes[place].id, &programmes[other].id);
                let item = &self.accounts.usage.items()[item].item;
                self.report("V240", item, format!("{pair} may not both pay for one item"));
            }
        }
    }

    /// A building that a payment names is claimed by that programme, and not by the other.
    fn barred_sites(&mut self, place: usize, other: usize, ledger: &Ledger) {
        let programmes = &self.scenario.programmes;
        for &(payer, building) in ledger.brought.keys() {
            if payer == place && ledger.brought.contains_key(&(other, building)) {
                let pair = pair(&programmes[place].id, &programmes[other].id);
                let subject = self.served.buildings[building].item();
                self.report("V240", &subject, format!("{pair} may not both claim one building"));
            }
        }
    }
}

/// Whose money is pooled.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
enum Group<'a> {
    Of(&'a str),
    Alone(usize),
}

/// A pair of programmes, named the same from both sides.
fn pair(one: &str, other: &str) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first} and {second}")
}

/// Pence as text shows them.
const fn pounds(pence: i64) -> Amount {
    Amount::Money(Pence::new(pence))
}
