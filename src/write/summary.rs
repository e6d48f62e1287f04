//! `summary.txt`: one page in plain words, at most 100 columns wide.

use crate::error::Fault;
use crate::model::{COST, NET_BENEFIT, NetworkSource, Objective, Programme, Scenario, Uplift};
use crate::plan::{ObjectiveResult, Outcome, Parts};
use crate::report::{GroupLine, Report, Running, meaning};
use crate::status::{Status, gap};
use crate::units::{Pence, Weight};
use crate::write::crossings;
use crate::write::text::{amount, count, counted, gbp, metres, one_line, paragraph, table, weight};

/// The text of `summary.txt`.
#[must_use]
pub fn summary(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
    notices: &[Fault],
) -> String {
    let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
    let mut sections = vec![paragraph("", title) + &headline(scenario, outcome, report)];
    sections.push(section("What is proven", &proofs(scenario, outcome)));
    sections.push(section("By programme", &programmes(report)));
    if outcome.plan.is_some() {
        sections.push(section("By kind", &groups(report, "kind", &report.by_kind)));
        sections.push(section("By region", &groups(report, "region", &report.by_region)));
        sections.push(section("By method", &methods(report)));
        sections.push(section("Cost of a site", &site_costs(report)));
        sections.push(section("Audit", &audit(report)));
        sections.push(section("Left out", &left_out(report)));
    }
    sections.push(section("Doing nothing", &doing_nothing(report)));
    let notices = [notices, &outcome.network_notices].concat();
    sections.push(section("Assumptions", &assumptions(scenario, report, &notices)));
    sections.join("\n")
}

fn section(title: &str, body: &str) -> String {
    format!("{title}\n{body}")
}

fn headline(scenario: &Scenario, outcome: &Outcome, report: &Report) -> String {
    if outcome.plan.is_none() {
        let mut text = paragraph("", &format!("There is no plan ({}).", outcome.status));
        for reason in &outcome.reasons {
            text += &paragraph("- ", reason);
        }
        return text;
    }
    let total = &report.total;
    let mut words = format!(
        "{} of {} are connected for {}.",
        count(total.sites),
        counted(total.of_sites, "site"),
        gbp(total.cost)
    );
    if report.weight != "sites" {
        words = format!(
            "{words} Coverage: {} {}{}.",
            weight(total.weight()),
            report.weight,
            parts(total.coverage)
        );
    }
    if let Some(cost) = total.cost_per_unit() {
        words = format!("{words} That is {} per {}.", gbp(cost), singular(&report.weight));
    }
    if let Some(passed) = report.premises_passed {
        words = format!("{words} What is built passes {} premises.", weight(passed));
    }
    if let Some(share) = total.rural_per_mille() {
        words = format!("{words} Rural: {} of those known to be rural or urban.", per_cent(share));
    }
    let years: Vec<String> = scenario.years.iter().map(ToString::to_string).collect();
    if !years.is_empty() {
        words = format!("{words} Years: {}.", years.join(", "));
    }
    paragraph("", &words)
}

/// ` (90 recorded, 10 assumed)`, nothing where all is recorded.
fn parts(coverage: Parts) -> String {
    if coverage.assumed == Weight::ZERO {
        return String::new();
    }
    format!(" ({} recorded, {} assumed)", weight(coverage.recorded), weight(coverage.assumed))
}

fn singular(noun: &str) -> String {
    let noun = one_line(noun);
    match noun.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with('s') => stem.to_owned(),
        _ => noun,
    }
}

fn per_cent(per_mille: usize) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

fn proofs(scenario: &Scenario, outcome: &Outcome) -> String {
    let status = match outcome.status {
        Status::Optimal => "the plan is proven best",
        Status::GapReached => "the search stopped within the gap that was asked for",
        Status::LimitReached => {
            "a limit or the caller ended the search; its bound holds all the same"
        }
        Status::Infeasible => "it is proven that no plan meets the rules",
        Status::Unknown => "the search ended before it found a plan or proved that there is none",
    };
    let mut text = paragraph("- ", &format!("Status {}: {status}.", outcome.status));
    for objective in &outcome.objectives {
        text += &paragraph("- ", &proof(scenario, objective));
    }
    text
}

/// What is proven of one objective, in plain words.
fn proof(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    match objective.name.as_str() {
        COST => return proof_of_cost(scenario, objective),
        NET_BENEFIT => return proof_of_net_benefit(scenario, objective),
        _ => {}
    }
    let show = |value: i64| weight(Weight::from_thousandths(value));
    let name = one_line(&objective.name);
    let covers = format!("Of {name} the plan covers {}", show(objective.achieved));
    match proven(objective) {
        Proven::Nothing => format!("{covers}; how much more is possible is not proven."),
        Proven::Best => format!("{covers}; no plan within the budgets and rules covers more."),
        Proven::Bound(bound, gap) => format!(
            "{covers}; no plan within the budgets and rules can cover more than {}: it is at most {gap} \
             below the best possible.",
            show(bound)
        ),
    }
}

fn proof_of_cost(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    let as_much = match scenario.objective {
        Objective::MinimiseCostFor { .. } => "reaches the target",
        Objective::Maximise(_) | Objective::MaximiseNetBenefit { .. } => "covers as much",
    };
    let costs = format!("The plan costs {}", gbp(Pence::new(objective.achieved)));
    match proven(objective) {
        Proven::Nothing => format!("{costs}; whether less would do is not proven."),
        Proven::Best => format!("{costs}; no plan that {as_much} costs less."),
        Proven::Bound(bound, gap) => format!(
            "{costs}; no plan that {as_much} can cost less than {}: at most {gap} of it could be saved.",
            gbp(Pence::new(bound))
        ),
    }
}

fn proof_of_net_benefit(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    let Objective::MaximiseNetBenefit { per_unit } = &scenario.objective else {
        return String::new();
    };
    let each =
        |(name, each): (&String, &Pence)| format!("{} a unit of {}", gbp(*each), one_line(name));
    let worths: Vec<String> = per_unit.iter().map(each).collect();
    let nets = format!(
        "At {} what the plan reaches is worth {} more than it costs",
        worths.join(", "),
        gbp(Pence::new(objective.achieved))
    );
    match proven(objective) {
        Proven::Nothing => format!("{nets}; how much better is possible is not proven."),
        Proven::Best => {
            format!("{nets}; no plan within the budgets and rules has more net benefit.")
        }
        Proven::Bound(bound, gap) => format!(
            "{nets}; no plan within the budgets and rules can have a net benefit of more than {}: it is at \
             most {gap} below the best possible.",
            gbp(Pence::new(bound))
        ),
    }
}

enum Proven {
    Nothing,
    Best,
    /// The bound, and the gap in words.
    Bound(i64, String),
}

fn proven(objective: &ObjectiveResult) -> Proven {
    match objective.bound {
        _ if objective.status == Status::Optimal => Proven::Best,
        None => Proven::Nothing,
        Some(bound) if bound == objective.achieved => Proven::Best,
        Some(bound) => {
            let gap = objective.gap.unwrap_or_else(|| gap(objective.achieved, bound));
            Proven::Bound(bound, gap_words(gap))
        }
    }
}

/// A gap as per cent with two decimals, rounded up so that it is never understated.
fn gap_words(gap: f64) -> String {
    format!("{:.2} %", (gap * 10_000.0).ceil() / 100.0)
}

fn programmes(report: &Report) -> String {
    let unit = format!("GBP/{}", singular(&report.weight));
    let header = ["programme", "available", "spent", "left", "sites", "recorded", "assumed", &unit];
    let rows: Vec<Vec<String>> = report
        .by_programme
        .iter()
        .map(|line| {
            vec![
                line.id.clone(),
                amount(line.available),
                amount(line.spent),
                amount(line.left()),
                count(line.sites),
                weight(line.coverage.recorded),
                weight(line.coverage.assumed),
                or_dash(line.cost_per_unit().map(amount)),
            ]
        })
        .collect();
    let note = format!(
        "Money in GBP; recorded and assumed are {}. Sites are the connected ones that a programme may \
         pay for and that use something it pays for: one site can count under several programmes.",
        one_line(&report.weight)
    );
    table(&header, &rows) + &paragraph("  ", &note) + &over_twice(report)
}

/// How often a programme pays much more of an item than its sites' share; nothing where none does.
fn over_twice(report: &Report) -> String {
    let lines = report.by_programme.iter().filter(|line| line.over_twice > 0);
    let words = lines.map(|line| {
        let words = format!(
            "{} pays more than twice its per-site share of {}: over_twice_share in funding.csv.",
            one_line(&line.id),
            counted(line.over_twice, "item")
        );
        paragraph("  ", &words)
    });
    words.collect()
}

/// The sums that must agree, with every difference.
fn audit(report: &Report) -> String {
    let audit = &report.ledger.audit;
    let mut text = paragraph(
        "- ",
        &format!(
            "{} that cost anything come to {}; {} come to {}.",
            counted(audit.items, "item"),
            gbp(audit.cost),
            counted(audit.payments, "payment"),
            gbp(audit.paid)
        ),
    );
    for (programme, paid, brought) in &audit.by_programme {
        let words = format!(
            "{} pays {}; its sites brought {}.",
            one_line(programme),
            gbp(*paid),
            gbp(*brought)
        );
        text += &paragraph("- ", &words);
    }
    for (item, difference) in &audit.differences {
        let words = format!(
            "{}: payments less cost are {}.",
            one_line(&item.to_string()),
            gbp(*difference)
        );
        text += &paragraph("- ", &words);
    }
    let verdict = if audit.adds_up() { "Everything adds up." } else { "This does not add up." };
    text + &paragraph("- ", verdict)
}

fn groups(report: &Report, label: &str, lines: &[GroupLine]) -> String {
    let unit = format!("GBP/{}", singular(&report.weight));
    let header = [label, "sites", "of", "recorded", "assumed", "GBP", &unit, "rural"];
    let mut rows: Vec<Vec<String>> = lines.iter().map(|line| group(line, &line.label)).collect();
    if report.shares.unused != Pence::ZERO {
        let unused = GroupLine { cost: report.shares.unused, ..GroupLine::default() };
        rows.push(group(&unused, "(built for no site)"));
    }
    rows.push(group(&report.total, "all"));
    table(&header, &rows)
}

fn group(line: &GroupLine, label: &str) -> Vec<String> {
    vec![
        if label.is_empty() { "(none given)" } else { label }.to_owned(),
        count(line.sites),
        count(line.of_sites),
        weight(line.coverage.recorded),
        weight(line.coverage.assumed),
        amount(line.cost),
        or_dash(line.cost_per_unit().map(amount)),
        or_dash(line.rural_per_mille().map(per_cent)),
    ]
}

fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "-".to_owned())
}

fn methods(report: &Report) -> String {
    let rows: Vec<Vec<String>> = report
        .by_method
        .iter()
        .map(|line| {
            let method = if line.method.is_empty() { "(none given)" } else { &line.method };
            vec![method.to_owned(), count(line.spans), metres(line.length), amount(line.cost)]
        })
        .collect();
    let Running { per_year, capitalised } = report.running;
    let mut text = table(&["method", "spans", "metres", "GBP"], &rows);
    if per_year > Pence::ZERO {
        let capital = Pence::new(report.total.cost.get() - capitalised.get());
        text += &paragraph(
            "",
            &format!(
                "To run, the plan costs {} of rent a year. Of its cost {} is what the rents are worth today; \
                 {} is capital.",
                gbp(per_year),
                gbp(capitalised),
                gbp(capital)
            ),
        );
    }
    text + &crossings::built(report)
}

fn site_costs(report: &Report) -> String {
    let mut text = String::new();
    if let (Some(median), Some((id, largest))) = (report.median_site_cost, &report.dearest_site) {
        let words = format!("Median {}; largest {} ({id}).", gbp(median), gbp(*largest));
        text += &paragraph("  ", &words);
    }
    text + &paragraph(
        "  ",
        "A site's cost is its share: every exchange, span and drop is shared equally by the buildings \
         that use it, a building by its connected sites; the shares add up to the cost of the plan.",
    )
}

fn left_out(report: &Report) -> String {
    if report.left_out.is_empty() {
        return paragraph("  ", "No site is left out.");
    }
    let rows: Vec<Vec<String>> = report
        .left_out
        .iter()
        .map(|line| {
            vec![
                if line.code.is_empty() { "(no code)" } else { &line.code }.to_owned(),
                count(line.sites),
                weight(line.coverage.recorded),
                weight(line.coverage.assumed),
            ]
        })
        .collect();
    let mut text = table(&["code", "sites", "recorded", "assumed"], &rows);
    for line in report.left_out.iter().filter(|line| !line.code.is_empty()) {
        text += &paragraph("  ", &format!("{}: {}.", line.code, meaning(&line.code)));
    }
    text
}

fn doing_nothing(report: &Report) -> String {
    let nothing = &report.doing_nothing;
    let all = counted(nothing.of_sites, "site");
    if nothing.sites == 0 {
        return paragraph(
            "  ",
            &format!("Without a plan nothing is spent; none of {all} has fibre."),
        );
    }
    let covered = if report.weight == "sites" {
        String::new()
    } else {
        let coverage = nothing.coverage.recorded + nothing.coverage.assumed;
        format!(" ({} {})", weight(coverage), report.weight)
    };
    let words = format!(
        "Without a plan nothing is spent. Of {all}, {} with fibre already{covered}; no figure above \
         counts them.",
        count(nothing.sites)
    );
    paragraph("  ", &words)
}

/// By what all prices have been raised, where they have.
fn uplift(uplift: &Uplift) -> Option<String> {
    (!uplift.is_none()).then(|| {
        let decimal = |millionths: u64| {
            let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        format!(
            "All prices are raised: times a price index of {}, and a share of {} for optimism.",
            decimal(uplift.price_index_millionths),
            decimal(uplift.optimism_bias_millionths)
        )
    })
}

fn assumptions(scenario: &Scenario, report: &Report, notices: &[Fault]) -> String {
    let year = one_line(&scenario.rate_card.price_year);
    let mut lines = vec![format!("Amounts are in GBP at {year} prices and exclude VAT.")];
    lines.extend(uplift(&scenario.rate_card.uplift));
    if scenario.programmes.len() > 1 {
        lines.push(
            "Several programmes may share the price of one exchange, span or drop, each where a site that \
             it may pay for uses it."
                .to_owned(),
        );
    }
    lines.extend(presets(scenario));
    for (kind, assumed, sites) in &report.assumed {
        lines.push(format!(
            "No value of {}: {} of kind {kind}, {} assumed for each.",
            report.weight,
            counted(*sites, "site"),
            weight(*assumed)
        ));
    }
    lines.extend(detour(scenario));
    let methods = &scenario.rate_card.methods;
    for (name, method) in methods {
        match &method.source {
            Some(source) => {
                lines.push(format!("Rate of {name}: GBP {} a metre ({source}).", method.rate));
            }
            None => lines.push(format!(
                "Rate of {name}: GBP {} a metre, given without a source.",
                method.rate
            )),
        }
        if let Some(rent) = method.rent {
            lines.push(format!(
                "Of that GBP {} is the worth of GBP {} a year for {} years at {} % a year.",
                rent.capitalised(),
                rent.per_year,
                rent.years,
                f64::from(rent.discount.millionths()) / 10_000.0
            ));
        }
    }
    lines.extend(crossings::prices(scenario));
    for input in &scenario.tables.inputs {
        if input.rows_set_aside + input.rows_excluded > 0 {
            lines.push(format!(
                "{}: {} read = {} used + {} set aside as faulty + {} excluded by the scenario.",
                input.file,
                counted(input.rows_read, "row"),
                count(input.rows_used),
                count(input.rows_set_aside),
                count(input.rows_excluded)
            ));
        }
    }
    lines.extend(by_code(notices));
    lines.iter().map(|line| paragraph("- ", line)).collect()
}

/// One line a programme whose rules come from a preset, with what no source states.
fn presets(scenario: &Scenario) -> Vec<String> {
    let known = crate::read::presets().unwrap_or_default();
    let line = |programme: &Programme| {
        let name = programme.preset.as_ref()?;
        let preset = known.iter().find(|preset| preset.name == *name)?;
        Some(format!(
            "Programme {} follows the preset {name} wherever the scenario does not say otherwise: {} ({}). \
             Assumed: {}.",
            one_line(&programme.id),
            preset.says,
            preset.sources.join("; "),
            preset.assumed
        ))
    };
    scenario.programmes.iter().filter_map(line).collect()
}

fn detour(scenario: &Scenario) -> Option<String> {
    let network = &scenario.network;
    let links = matches!(network.from, NetworkSource::Waypoints | NetworkSource::Sites);
    links.then(|| {
        let detour = network.detour_millionths;
        let fraction = format!("{:06}", detour % 1_000_000);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        format!(
            "Routes follow proximity links, not surveyed roads: a link's length is its straight length \
             times {}{point}{fraction}, links longer than {} m are not made.",
            detour / 1_000_000,
            metres(network.max_link)
        )
    })
}

/// Notices on the input, one line a code with the first as an example.
fn by_code(notices: &[Fault]) -> Vec<String> {
    let mut codes: Vec<_> = notices.iter().map(|notice| notice.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let line = |code| {
        let mut of_code = notices.iter().filter(|notice| notice.code == code);
        let first = of_code.next()?;
        let more = of_code.count();
        let others = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        Some(format!("{first}{others}."))
    };
    codes.into_iter().filter_map(line).collect()
}
