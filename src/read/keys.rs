//! Every key and column that is read: the one list that readers, messages and the data dictionary share.

/// Keys of `scenario.toml` by path: `NAME` stands for any name, `[]` for a place in a list.
///
/// `eligible` stands for every clause: `programmes[].eligible`, `*.keep` and `rules.limits[].where`.
pub const KEYS: &[&str] = &[
    "format",
    "name",
    "title",
    "years",
    "sites",
    "sites.file",
    "sites.delimiter",
    "sites.position",
    "sites.columns",
    "sites.values",
    "sites.missing",
    "sites.exclude",
    "sites.keep",
    "sites.same_building_m",
    "sites.rurality_scheme",
    "sites.layer",
    "exchanges",
    "exchanges.file",
    "exchanges.delimiter",
    "exchanges.position",
    "exchanges.columns",
    "exchanges.values",
    "exchanges.missing",
    "exchanges.exclude",
    "exchanges.keep",
    "exchanges.default_enable_gbp",
    "exchanges.default_ports",
    "exchanges.layer",
    "network",
    "network.from",
    "network.file",
    "network.delimiter",
    "network.position",
    "network.columns",
    "network.values",
    "network.missing",
    "network.exclude",
    "network.keep",
    "network.detour",
    "network.max_link_m",
    "network.method",
    "network.snap_limit_m",
    "network.join_m",
    "network.noding",
    "network.barriers",
    "network.barriers.file",
    "network.barriers.position",
    "network.crossings",
    "network.crossings.file",
    "network.crossings.position",
    "network.crossings.columns",
    "network.crossings.values",
    "network.crossings.missing",
    "network.crossings.keep",
    "network.crossings.layer",
    "network.crossings.lines",
    "network.crossings.lines[].tag",
    "network.crossings.lines[].is",
    "network.crossings.lines[].kind",
    "network.crossings.lines[].leave_out",
    "network.ways",
    "network.ways[].class",
    "network.ways[].surface",
    "network.ways[].form",
    "network.ways[].method",
    "network.ways[].leave_out",
    "network.link_layer",
    "network.node_layer",
    "network.layer",
    "position.crs",
    "position.x",
    "position.y",
    "rate_card",
    "rate_card.price_year",
    "rate_card.drop_gbp",
    "rate_card.lead_in_method",
    "rate_card.price_index",
    "rate_card.optimism_bias",
    "rate_card.crossings",
    "rate_card.crossings.NAME.gbp",
    "rate_card.crossings.NAME.bridged_gbp",
    "rate_card.crossings.NAME.together_m",
    "rate_card.crossings.NAME.not_for",
    "rate_card.crossings.NAME.source",
    "rate_card.methods",
    "rate_card.methods.NAME.gbp_per_m",
    "rate_card.methods.NAME.source",
    "rate_card.methods.NAME.rent_gbp_per_m_year",
    "rate_card.methods.NAME.rent_years",
    "rate_card.methods.NAME.discount_rate",
    "weights",
    "weights.NAME.column",
    "weights.NAME.missing",
    "weights.NAME.missing_by_kind",
    "objective",
    "objective.maximise",
    "objective.minimise_cost_for",
    "objective.minimise_cost_for.weight",
    "objective.minimise_cost_for.at_least",
    "objective.maximise_net_benefit",
    "objective.maximise_net_benefit.gbp_per_unit",
    "programmes",
    "programmes[].id",
    "programmes[].name",
    "programmes[].preset",
    "programmes[].budget_gbp",
    "programmes[].budget_by_year_gbp",
    "programmes[].carry_over",
    "programmes[].eligible",
    "programmes[].pays_for",
    "programmes[].cap_gbp",
    "programmes[].cap_scope",
    "programmes[].group_column",
    "programmes[].intervention_rate",
    "programmes[].rate_basis",
    "programmes[].min_share",
    "programmes[].overhead",
    "programmes[].not_with",
    "programmes[].not_with[].programme",
    "programmes[].not_with[].scope",
    "programmes[].window",
    "programmes[].min_sites",
    "programmes[].min_sites_required",
    "eligible.kind",
    "eligible.rurality",
    "eligible.region",
    "eligible.ids",
    "eligible.column",
    "eligible.below",
    "eligible.at_least",
    "eligible.is",
    "eligible.missing",
    "eligible.any",
    "eligible.all",
    "eligible.not",
    "rules",
    "rules.required",
    "rules.forbidden",
    "rules.groups",
    "rules.groups[].ids",
    "rules.limits",
    "rules.limits[].where",
    "rules.limits[].weight",
    "rules.limits[].at_least",
    "rules.limits[].at_most",
    "rules.max_reach_m",
    "rules.max_hops",
];

/// Keys of a file of variants by path, as in [`KEYS`]; under `set` stand those of `scenario.toml`.
pub const VARIANT_KEYS: &[&str] = &[
    "variants",
    "variants[].name",
    "variants[].title",
    "variants[].unset",
    "variants[].set",
    "variants[].add_programmes",
];

/// Columns of the table of sites, besides x and y and the weights.
pub const SITE_COLUMNS: &[&str] = &[
    "id",
    "name",
    "kind",
    "rurality",
    "region",
    "download_mbps",
    "drop_gbp",
    "building_id",
    "status",
    "already_connected",
];

/// Columns of the table of exchanges, besides x and y.
pub const EXCHANGE_COLUMNS: &[&str] =
    &["id", "name", "enable_gbp", "ports", "region", "already_enabled"];

/// Columns of a table of waypoints, besides x and y.
pub const WAYPOINT_COLUMNS: &[&str] = &["premises_passed"];

/// Properties of a span.
pub const SPAN_PROPERTIES: &[&str] =
    &["id", "method", "cost_gbp", "length_m", "existing", "level", "premises_passed", "barrier"];

/// Properties of a line that costs something to cross.
pub const CROSSING_PROPERTIES: &[&str] = &["kind", "level"];

/// Columns of a road file: tags of an OpenStreetMap way, or columns of a table of road links.
pub const WAY_COLUMNS: &[&str] = &["id", "class", "surface", "form", "start_node", "end_node"];

/// The keys of a list, such as [`KEYS`], that stand directly under a path of it.
pub(crate) fn keys_under(
    keys: &'static [&'static str],
    path: &str,
) -> impl Iterator<Item = &'static str> {
    keys.iter().filter_map(move |key| {
        let rest = if path.is_empty() { key } else { key.strip_prefix(path)?.strip_prefix('.')? };
        (!rest.contains(['.', '['])).then_some(rest)
    })
}
