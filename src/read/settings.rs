//! The settings of a scenario, section by section.
//!
//! In: the document as a tree. Out: [`Settings`], whole even where parts are faulty, so that later
//! checks still run; the faults are in the sink, and settings with faults are never handed out.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::model::{
    CrossingPrice, Limit, Method, MissingWeight, NetworkSettings, NetworkSource, Noding, Objective,
    Programme, Quantity, RateCard, Rent, Rules, RuralityScheme, SITES, ScheduleRules, Uplift,
    WeightColumn,
};
use crate::read::clauses::{ColumnNames, clause_at, theirs};
use crate::read::crossings::{CrossingRule, crossing_rules};
use crate::read::document::Node;
use crate::read::formats::FileKind;
use crate::read::keys::{
    CROSSING_PROPERTIES, EXCHANGE_COLUMNS, SITE_COLUMNS, SPAN_PROPERTIES, WAY_COLUMNS,
    WAYPOINT_COLUMNS,
};
use crate::read::programmes::{programmes, year};
use crate::read::roads::{Layers, WayRule, layers, way_rules};
use crate::read::schedule::{existing, schedule};
use crate::read::section::{Section, shown};
use crate::read::sources::{Source, TableSort, source};
use crate::units::{Millimetres, Pence, Rate, Weight, Year};

/// Everything `scenario.toml` says.
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) years: Vec<Year>,
    pub(crate) network: NetworkSettings,
    pub(crate) rate_card: RateCard,
    pub(crate) weights: Vec<WeightColumn>,
    pub(crate) objective: Objective,
    pub(crate) programmes: Vec<Programme>,
    pub(crate) rules: Rules,
    pub(crate) schedule: ScheduleRules,
    pub(crate) rurality_scheme: RuralityScheme,
    pub(crate) default_enable: Option<Pence>,
    pub(crate) default_ports: Option<u32>,
    /// Where the tables are; `None` where that is faulty or, for the network, where there is none.
    pub(crate) sites: Option<Source>,
    pub(crate) exchanges: Option<Source>,
    pub(crate) waypoints: Option<Source>,
    pub(crate) spans: Option<Source>,
    /// What links may not cross, where the scenario says.
    pub(crate) barriers: Option<Source>,
    /// Lines that cost something to cross, where the scenario says.
    pub(crate) crossings: Option<Source>,
    /// Which ways of an extract are such lines.
    pub(crate) crossing_rules: Vec<CrossingRule>,
    /// How ways of a road file are laid.
    pub(crate) ways: Vec<WayRule>,
    /// Where a GeoPackage has its roads.
    pub(crate) layers: Layers,
    /// The plan that stands, and the last year that is over.
    pub(crate) existing: Option<(String, Year)>,
}

/// What decides which rows the tables hold, and what they say.
#[derive(Clone, PartialEq)]
pub(crate) struct TableSettings {
    sources: [Option<Source>; 6],
    crossing_rules: Vec<CrossingRule>,
    ways: Vec<WayRule>,
    layers: Layers,
    /// Methods that ways of a road file can be laid by; none for other files.
    methods: Vec<String>,
    /// Prices in tables are raised as they are read.
    uplift: Uplift,
    rurality_scheme: RuralityScheme,
    default_enable: Option<Pence>,
    default_ports: Option<u32>,
    default_method: Option<String>,
}

impl Settings {
    /// Columns of the sites that hold numbers: weights, and what clauses compare with numbers.
    pub(crate) fn number_columns(&self) -> BTreeSet<String> {
        let mut columns: BTreeSet<String> =
            self.weights.iter().map(|weight| weight.column.clone()).collect();
        for programme in &self.programmes {
            programme.eligible.add_number_columns(&mut columns);
        }
        for limit in &self.rules.limits {
            limit.clause.add_number_columns(&mut columns);
        }
        columns
    }

    /// The method of spans that name none.
    pub(crate) fn default_method(&self) -> Option<String> {
        let of_spans = self.network.from == NetworkSource::Spans && !self.network.method.is_empty();
        of_spans.then(|| self.network.method.clone())
    }

    /// The part that decides what the tables hold: settings that agree in it share tables.
    pub(crate) fn of_tables(&self) -> TableSettings {
        let network = [&self.waypoints, &self.spans, &self.barriers, &self.crossings];
        let [waypoints, spans, barriers, crossings] = network;
        let sources = [&self.sites, &self.exchanges, waypoints, spans, barriers, crossings];
        let is_road = |source: &Source| source.kind.is_road();
        let methods = self.rate_card.methods.keys();
        TableSettings {
            sources: sources.map(Clone::clone),
            crossing_rules: self.crossing_rules.clone(),
            ways: self.ways.clone(),
            layers: self.layers.clone(),
            methods: methods
                .filter(|_| self.spans.as_ref().is_some_and(is_road))
                .cloned()
                .collect(),
            uplift: self.rate_card.uplift,
            rurality_scheme: self.rurality_scheme,
            default_enable: self.default_enable,
            default_ports: self.default_ports,
            default_method: self.default_method(),
        }
    }
}

/// Reads the whole document.
pub(crate) fn settings(whole: &Section<'_>) -> Settings {
    format(whole);
    let name =
        whole.need_text("name", "choose a short name of a-z, 0-9 and -").unwrap_or("unnamed");
    let sites = need(whole, "sites");
    let site_source = sites.as_ref().and_then(|section| {
        let sort = table_sort(section, SITE_COLUMNS, true);
        source(section, sort)
    });
    let names = site_source.as_ref().map(|source| source.columns.clone()).unwrap_or_default();
    let exchanges = need(whole, "exchanges");
    let network = need(whole, "network");
    let from = network.as_ref().and_then(network_from);
    let network_settings = network_settings(network.as_ref(), from, sites.as_ref());
    let network_of = |wanted: NetworkSource| network.as_ref().filter(|_| from == Some(wanted));
    let waypoints = network_of(NetworkSource::Waypoints)
        .and_then(|section| source(section, table_sort(section, WAYPOINT_COLUMNS, false)));
    let spans = network_of(NetworkSource::Spans).and_then(|section| {
        let kind = kind_of_lines(section);
        let columns = if kind.is_road() { WAY_COLUMNS } else { SPAN_PROPERTIES };
        source(section, TableSort { columns, ids: true, kind })
    });
    let rate_card = rate_card(whole);
    let barriers = network.as_ref().and_then(barriers);
    let (crossings, crossing_rules) = network.as_ref().map(crossings).unwrap_or_default();
    Settings {
        name: name.to_owned(),
        title: shown(whole.text("title").unwrap_or(name)),
        years: years(whole),
        network: network_settings,
        barriers,
        crossings,
        crossing_rules,
        ways: network.as_ref().map_or_else(Vec::new, |network| way_rules(network, &rate_card)),
        layers: network.as_ref().map_or_else(Layers::default, layers),
        rate_card,
        weights: weights(whole, &names),
        objective: objective(whole),
        programmes: programmes(whole, &names),
        rules: rules(whole, &names),
        schedule: schedule(whole, &names),
        rurality_scheme: sites.as_ref().and_then(rurality_scheme).unwrap_or_default(),
        default_enable: exchanges.as_ref().and_then(|table| table.money("default_enable_gbp")),
        default_ports: exchanges.as_ref().and_then(|table| table.count("default_ports")),
        exchanges: exchanges.as_ref().and_then(|section| {
            let sort = table_sort(section, EXCHANGE_COLUMNS, true);
            source(section, sort)
        }),
        sites: site_source,
        waypoints,
        spans,
        existing: existing(whole),
    }
}

/// The file of barriers.
fn barriers(network: &Section<'_>) -> Option<Source> {
    let section = network.checked("barriers", "network.barriers")?;
    let kind = FileKind::GeoJson;
    source(&section, TableSort { columns: &[], ids: true, kind })
}

/// The file of lines that cost something to cross, and which ways of an extract are such lines.
fn crossings(network: &Section<'_>) -> (Option<Source>, Vec<CrossingRule>) {
    let Some(section) = network.checked("crossings", "network.crossings") else {
        return (None, Vec::new());
    };
    let kind = file_of(&section).map_or(FileKind::GeoJson, |file| FileKind::of_lines(file, true));
    let of_features = ["columns", "values", "missing", "keep"];
    let useless = if kind == FileKind::OsmPbf { &of_features[..] } else { &["lines"] };
    for key in useless.iter().filter(|key| section.has(key)) {
        let cause = "the key has no effect with this `file`";
        let remedy = "drop it, or name another `file`";
        section.fault(key, Fault::notice("F113", cause, remedy));
    }
    let columns = CROSSING_PROPERTIES;
    let sort = TableSort { columns, ids: true, kind };
    (source(&section, sort), crossing_rules(&section))
}

/// A table of points.
fn table_sort(section: &Section<'_>, columns: &'static [&'static str], ids: bool) -> TableSort {
    let kind = file_of(section).map_or(FileKind::Csv, FileKind::of_points);
    TableSort { columns, ids, kind }
}

/// How the lines of the network are written down.
fn kind_of_lines(network: &Section<'_>) -> FileKind {
    let kind = |file| FileKind::of_lines(file, network.has("layer"));
    file_of(network).map_or(FileKind::GeoJson, kind)
}

fn file_of<'d>(section: &Section<'d>) -> Option<&'d str> {
    match section.any("file") {
        Some(Node::Text(file)) => Some(file),
        _ => None,
    }
}

/// A required table, with its keys checked.
fn need<'d>(whole: &Section<'d>, key: &str) -> Option<Section<'d>> {
    if !whole.has(key) {
        whole.missing(key, &format!("add the table [{key}]"));
    }
    whole.checked(key, key)
}

fn format(whole: &Section<'_>) {
    if !whole.has("format") {
        whole.missing("format", "write format = 1 on the first line");
    }
    if let Some(number) = whole.number("format").filter(|number| *number != "1") {
        let fault = Fault::new("F102", "this format of scenario is not known", "write format = 1");
        whole.fault("format", fault.value(number));
    }
}

fn years(whole: &Section<'_>) -> Vec<Year> {
    let texts = whole.texts("years").unwrap_or_default();
    texts.iter().filter_map(|text| year(whole, "years", text)).collect()
}

fn rurality_scheme(sites: &Section<'_>) -> Option<RuralityScheme> {
    let words = [
        ("ruc2011", RuralityScheme::Ruc2011),
        ("ruc2021", RuralityScheme::Ruc2021),
        ("scotland", RuralityScheme::Scotland),
        ("northern_ireland", RuralityScheme::NorthernIreland),
    ];
    sites.word("rurality_scheme", &words)
}

fn network_from(network: &Section<'_>) -> Option<NetworkSource> {
    if !network.has("from") {
        network.missing("from", "write from = \"spans\", \"waypoints\" or \"sites\"");
    }
    let words = [
        ("spans", NetworkSource::Spans),
        ("waypoints", NetworkSource::Waypoints),
        ("sites", NetworkSource::Sites),
    ];
    network.word("from", &words)
}

fn network_settings(
    network: Option<&Section<'_>>,
    from: Option<NetworkSource>,
    sites: Option<&Section<'_>>,
) -> NetworkSettings {
    let mut settings = NetworkSettings::sites("");
    if let Some(metres) = sites.and_then(|sites| sites.metres("same_building_m")) {
        settings.same_building = metres;
    }
    let Some((network, from)) = network.zip(from) else { return settings };
    settings.from = from;
    let proximity = ["detour", "max_link_m", "method"];
    let of_links = &proximity[..2];
    let lines = ["snap_limit_m", "join_m", "noding"];
    let of_roads = ["ways", "link_layer", "node_layer"];
    let of_a_file = [
        "file",
        "layer",
        "delimiter",
        "position",
        "columns",
        "values",
        "missing",
        "exclude",
        "keep",
    ];
    let no_lines = [lines.as_slice(), &of_roads].concat();
    let kind = kind_of_lines(network);
    let (wanted, useless): (&[&str], Vec<&str>) = match from {
        NetworkSource::Spans => {
            let without: &[&str] = match kind {
                FileKind::Csv | FileKind::GeoJson | FileKind::Layer => {
                    &["ways", "link_layer", "node_layer"]
                }
                FileKind::OsmPbf => &["method", "noding", "link_layer", "node_layer"],
                FileKind::GeoPackage => &["method", "noding"],
            };
            (&[], [of_links, without].concat())
        }
        NetworkSource::Waypoints => (&proximity, no_lines),
        NetworkSource::Sites => (&proximity, [no_lines.as_slice(), &of_a_file].concat()),
    };
    for key in wanted.iter().filter(|key| !network.has(key)) {
        network.missing(key, "proximity links need detour, max_link_m and method");
    }
    for key in useless.into_iter().filter(|key| network.has(key)) {
        let by =
            if from == NetworkSource::Spans && !of_links.contains(&key) { "file" } else { "from" };
        let cause = format!("the key has no effect with this `{by}`");
        let remedy = format!("drop it, or name another `{by}`");
        network.fault(key, Fault::notice("F113", cause, remedy));
    }
    network.text("method").unwrap_or_default().clone_into(&mut settings.method);
    if let Some(detour) = network.millionths("detour") {
        settings.detour_millionths = detour;
    }
    for (key, metres) in [
        ("max_link_m", &mut settings.max_link),
        ("snap_limit_m", &mut settings.snap_limit),
        ("join_m", &mut settings.join),
    ] {
        *metres = network.metres(key).unwrap_or(*metres);
    }
    let words =
        [("ends", Noding::Ends), ("touches", Noding::Touches), ("crossings", Noding::Crossings)];
    let noding = network.word("noding", &words).unwrap_or_default();
    // Road files say by their nodes where ways connect.
    settings.noding = if kind.is_road() { Noding::Nodes } else { noding };
    settings
}

fn rate_card(whole: &Section<'_>) -> RateCard {
    let mut card = RateCard::new("", Pence::ZERO);
    let Some(table) = need(whole, "rate_card") else { return card };
    let year =
        table.need_text("price_year", "name the year the prices are of, such as \"2019-20\"");
    year.unwrap_or_default().clone_into(&mut card.price_year);
    let remedy = "state the price of equipment and lead-in for one building";
    card.drop = table.need_money("drop_gbp", remedy).unwrap_or_default();
    card.lead_in_method = table.text("lead_in_method").map(str::to_owned);
    if !table.has("methods") {
        table.missing("methods", "state at least one: methods.soft_verge = { gbp_per_m = 25.00 }");
    }
    let Some(methods) = table.section("methods") else { return card };
    for name in methods.names() {
        let Some(method) = methods.checked(name, "rate_card.methods.NAME") else { continue };
        if !method.has("gbp_per_m") {
            method.missing("gbp_per_m", "state the price of a metre in pounds");
        }
        let rate = method.rate("gbp_per_m").unwrap_or(Rate::from_ten_thousandths(0));
        let source = method.text("source").map(str::to_owned);
        let laid = match rent(&method) {
            Some(rent) => Method { source, ..Method::rented(rate, rent) },
            None => Method { rate, source, rent: None },
        };
        card.methods.insert(name.to_owned(), laid);
    }
    crossing_prices(&table, &mut card);
    uplift(&table).raise_card(&mut card);
    card
}

/// What crossing lines costs, by their kind.
fn crossing_prices(table: &Section<'_>, card: &mut RateCard) {
    let Some(crossings) = table.section("crossings") else { return };
    for kind in crossings.names() {
        let Some(one) = crossings.checked(kind, "rate_card.crossings.NAME") else { continue };
        let price = one.need_money("gbp", "state the price of a crossing in pounds; 0 for none");
        let crossing = CrossingPrice {
            price: price.unwrap_or_default(),
            bridged: one.money("bridged_gbp"),
            together: one.metres("together_m").unwrap_or_default(),
            not_for: one.texts("not_for").unwrap_or_default().into_iter().collect(),
            source: one.text("source").map(str::to_owned),
        };
        card.crossings.insert(kind.to_owned(), crossing);
    }
}

/// The index and the optimism bias of a rate card.
fn uplift(table: &Section<'_>) -> Uplift {
    let mut uplift = Uplift::default();
    let ten = 10_000_000;
    if let Some(index) = table.millionths("price_index") {
        if index == 0 || index > ten {
            let fault = Fault::new(
                "R106",
                "the price index is out of range",
                "state prices of the year that is wanted over those of price_year, such as 1.046",
            );
            table.fault("price_index", fault);
        }
        uplift.price_index_millionths = index.min(ten);
    }
    if let Some(bias) = table.millionths("optimism_bias") {
        if bias > ten {
            let fault = Fault::new(
                "R106",
                "the optimism bias is out of range",
                "state a share, such as 0.2 for 20 %",
            );
            table.fault("optimism_bias", fault);
        }
        uplift.optimism_bias_millionths = bias.min(ten);
    }
    uplift
}

/// The rent of a method: all three keys or none.
fn rent(method: &Section<'_>) -> Option<Rent> {
    let keys = ["rent_gbp_per_m_year", "rent_years", "discount_rate"];
    if !keys.into_iter().any(|key| method.has(key)) {
        return None;
    }
    for key in keys.into_iter().filter(|key| !method.has(key)) {
        method.missing(key, "state rent_gbp_per_m_year, rent_years and discount_rate together");
    }
    let years = method.count("rent_years");
    if let Some(years) = years.filter(|&years| years == 0 || years > LONGEST_RENT) {
        let fault =
            Fault::new("R105", "the rent is not counted over 1 to 100 years", "state rent_years");
        method.fault("rent_years", fault.value(years.to_string()));
    }
    Some(Rent {
        per_year: method.rate("rent_gbp_per_m_year")?,
        years: years?.min(LONGEST_RENT),
        discount: method.share("discount_rate")?,
    })
}

/// Most years over which a rent is counted.
const LONGEST_RENT: u32 = 100;

fn weights(whole: &Section<'_>, names: &ColumnNames) -> Vec<WeightColumn> {
    let Some(table) = whole.section("weights") else { return Vec::new() };
    let mut weights = Vec::new();
    for name in table.names() {
        let Some(weight) = table.checked(name, "weights.NAME") else { continue };
        let column = weight.need_text("column", "name the column that holds the weight");
        let by_kind = weight.section("missing_by_kind");
        let by_kind = by_kind.map(|kinds| {
            let default = |kind: &str| Some((kind.to_owned(), kinds.weight(kind)?));
            kinds.names().filter_map(default).collect()
        });
        weights.push(WeightColumn {
            name: name.to_owned(),
            column: theirs(column.unwrap_or(name), names),
            missing: MissingWeight {
                any: weight.weight("missing"),
                by_kind: by_kind.unwrap_or_default(),
            },
        });
    }
    weights
}

fn objective(whole: &Section<'_>) -> Objective {
    let sites = || Objective::Maximise(vec![SITES.to_owned()]);
    let Some(table) = need(whole, "objective") else { return sites() };
    let stated = ["maximise", "minimise_cost_for", "maximise_net_benefit"];
    let stated: Vec<&str> = stated.into_iter().filter(|key| table.has(key)).collect();
    let objective = match stated[..] {
        ["maximise"] => table.texts("maximise").map(Objective::Maximise),
        ["minimise_cost_for"] => {
            let target = table.checked("minimise_cost_for", "objective.minimise_cost_for");
            target.and_then(|target| cost_target(&target))
        }
        ["maximise_net_benefit"] => {
            let values = table.checked("maximise_net_benefit", "objective.maximise_net_benefit");
            values.and_then(|values| net_benefit(&values))
        }
        _ => {
            let cause = match stated.len() {
                0 => "no objective is stated",
                _ => "two objectives are stated",
            };
            let remedy = "state one of maximise, minimise_cost_for and maximise_net_benefit";
            table.fault("", Fault::new("O107", cause, remedy));
            None
        }
    };
    objective.unwrap_or_else(sites)
}

fn net_benefit(table: &Section<'_>) -> Option<Objective> {
    if !table.has("gbp_per_unit") {
        table.missing("gbp_per_unit", "name weights and what a unit of each is worth in pounds");
    }
    let values = table.section("gbp_per_unit")?;
    let worth = |name: &str| Some((name.to_owned(), values.money(name)?));
    Some(Objective::MaximiseNetBenefit { per_unit: values.names().filter_map(worth).collect() })
}

fn cost_target(target: &Section<'_>) -> Option<Objective> {
    let weight = target.need_text("weight", "name a weight, or \"sites\"");
    if !target.has("at_least") {
        target.missing("at_least", "state how much of the weight the plan must reach");
    }
    let at_least = target.weight("at_least");
    Some(Objective::MinimiseCostFor { weight: weight?.to_owned(), at_least: at_least? })
}

fn rules(whole: &Section<'_>, names: &ColumnNames) -> Rules {
    let Some(table) = whole.checked("rules", "rules") else { return Rules::default() };
    let groups = table.sections("groups").into_iter().map(|group| {
        group.check_keys("rules.groups[]");
        if !group.has("ids") {
            group.missing("ids", "list the ids of the sites");
        }
        group.texts("ids").unwrap_or_default()
    });
    Rules {
        required: table.texts("required").unwrap_or_default(),
        forbidden: table.texts("forbidden").unwrap_or_default(),
        groups: groups.collect(),
        limits: table.sections("limits").iter().map(|limit| limit_of(limit, names)).collect(),
        max_reach_mm: table.metres("max_reach_m").map(Millimetres::get),
        max_hops: table.count("max_hops"),
    }
}

fn limit_of(table: &Section<'_>, names: &ColumnNames) -> Limit {
    table.check_keys("rules.limits[]");
    let quantity = match table.need_text("weight", "name a weight, \"sites\" or \"pounds\"") {
        Some("pounds") => Quantity::Pounds,
        Some(name) => Quantity::Weight(name.to_owned()),
        None => Quantity::Weight(SITES.to_owned()),
    };
    if !table.has("where") {
        table.missing("where", "say which sites it counts; where = {} is all");
    }
    let weight = |key: &str| -> Option<Weight> { table.weight(key) };
    Limit {
        clause: clause_at(table, "where", names),
        quantity,
        at_least: weight("at_least"),
        at_most: weight("at_most"),
    }
}
