//! Text of an `.stp` file to an [`StpProblem`].
//!
//! What for: every instance of the benchmark tables. In: text and the name to report faults under. Out:
//! the problem, or all faults with their lines, also for truncated and damaged text. Two passes: lines
//! are gathered with their decimals as written, then all are brought to one scale. It never panics.

use super::{StpKind, StpProblem};
use crate::engine::instance::{Demand, Edge, Goal, Instance};
use crate::error::{Error, Fault};

/// More nodes than this are taken for a damaged total.
const MOST_NODES: i64 = 1 << 26;
/// A damaged file is not reported line by line without end; similar faults share one line.
const MOST_FAULTS: usize = 10_000;
/// Decimals beyond this never fit beside the whole part.
const MOST_DECIMALS: u32 = 18;
/// Sums of costs and of prizes stay below this (see [`Instance::validate`]).
const MOST_TOTAL: i128 = 1 << 60;

/// Reads the text of an `.stp` file; `file` is the name to report faults under.
///
/// Keywords stand in any case, `#` begins a comment line, nodes are numbered from 1. All totals
/// (`Nodes`, `Edges`, `Arcs`, `Terminals`, `ProfitableVertices`) are checked. The first line may be left out, as in
/// the `.gr` files of the PACE challenge. Arcs are read where each has one of its cost the other way: the two
/// are an edge, in the place of the first. Linear in the text, but for sorting arcs.
///
/// # Errors
///
/// All faults found, with their lines, at most 10,000 of them.
pub fn read_stp(file: &str, text: &str) -> Result<StpProblem, Error> {
    let mut reader = Reader::new(file);
    reader.read_lines(text);
    reader.finish()
}

/// A decimal as written: `digits / 10^decimals`.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    digits: i64,
    decimals: u32,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mut digits: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        }
        let mut decimals = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        while decimals < 0 && digits != 0 {
            digits = digits.checked_mul(10)?;
            decimals += 1;
        }
        while decimals > 0 && digits % 10 == 0 && digits != 0 {
            digits /= 10;
            decimals -= 1;
        }
        let decimals = if digits == 0 { 0 } else { u32::try_from(decimals).ok()? };
        let digits = if negative { -digits } else { digits };
        (decimals <= MOST_DECIMALS).then_some(Self { digits, decimals })
    }

    fn scaled(self, decimals: u32) -> Option<i64> {
        self.digits.checked_mul(10_i64.checked_pow(decimals.checked_sub(self.decimals)?)?)
    }
}

/// A node with a decimal and the line it stands on.
struct NodeValue {
    line: usize,
    node: i64,
    value: Decimal,
}

#[derive(Clone, Copy)]
struct EdgeLine {
    line: usize,
    ends: [i64; 2],
    cost: Decimal,
}

/// A total or setting, once stated.
type Stated<T> = Option<(usize, T)>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Section {
    Comment,
    Graph,
    Terminals,
    Profitable,
    Ignored,
}

struct Reader<'a> {
    file: &'a str,
    faults: Vec<Fault>,
    section: Option<(usize, Section)>,
    ended: bool,
    last_line: usize,
    name: String,
    nodes: Stated<i64>,
    edge_total: Stated<i64>,
    terminal_total: Stated<i64>,
    profitable_total: Stated<i64>,
    root: Stated<i64>,
    budget: Stated<Decimal>,
    hop_limit: Stated<i64>,
    arc_total: Stated<i64>,
    edges: Vec<EdgeLine>,
    arcs: Vec<EdgeLine>,
    required: Vec<(usize, i64)>,
    prizes: Vec<NodeValue>,
    revenues: Vec<NodeValue>,
    has_profitable_section: bool,
    root_among_terminals: bool,
    /// Arcs that were read, paired or not.
    arc_count: usize,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str) -> Self {
        Self {
            file,
            faults: Vec::new(),
            section: None,
            ended: false,
            last_line: 0,
            name: String::new(),
            nodes: None,
            edge_total: None,
            terminal_total: None,
            profitable_total: None,
            root: None,
            budget: None,
            hop_limit: None,
            arc_total: None,
            edges: Vec::new(),
            arcs: Vec::new(),
            required: Vec::new(),
            prizes: Vec::new(),
            revenues: Vec::new(),
            has_profitable_section: false,
            root_among_terminals: false,
            arc_count: 0,
        }
    }

    fn fault(&mut self, line: usize, field: &str, fault: Fault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault.at(self.file, Some(line), field));
        }
    }

    fn read_lines(&mut self, text: &str) {
        let mut begun = false;
        for (index, content) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = index + 1;
            self.last_line = line;
            let content = content.trim();
            if !begun && is_comment(content) {
                continue;
            }
            if !begun && !content.is_empty() && !begins_section(content) {
                self.read_header(line, content);
                begun = true;
            } else if !content.is_empty() && !content.starts_with('#') {
                begun = true;
                self.read_line(line, content);
            }
            if self.ended || self.faults.len() >= MOST_FAULTS {
                return;
            }
        }
    }

    fn read_header(&mut self, line: usize, content: &str) {
        if !content.split_whitespace().next().is_some_and(|magic| same(magic, "33D32945")) {
            let fault = Fault::new(
                "E520",
                "the first line is not that of an STP file",
                "begin the file with `33D32945 STP File, STP Format Version 1.0`",
            );
            self.fault(line, "", fault.value(shortened(content)));
        }
    }

    fn read_line(&mut self, line: usize, content: &str) {
        let mut words = content.split_whitespace();
        let Some(keyword) = words.next() else { return };
        match self.section {
            None => self.read_outside(line, keyword, content),
            Some(_) if same(keyword, "END") => self.section = None,
            Some((begun, _)) if same(keyword, "SECTION") || same(keyword, "EOF") => {
                self.unended(line, begun);
                self.section = None;
                self.read_outside(line, keyword, content);
            }
            Some((_, Section::Comment)) => {
                if same(keyword.trim_end_matches(':'), "Name") {
                    let rest = content[keyword.len()..].trim();
                    rest.trim_matches('"').trim().clone_into(&mut self.name);
                }
            }
            Some((_, Section::Ignored)) => {}
            Some((_, section)) => {
                let values: Vec<&str> = words.collect();
                self.read_entry(section, &Entry { line, keyword, values: &values });
            }
        }
    }

    fn unended(&mut self, line: usize, begun: usize) {
        let cause = format!("the section begun on line {begun} does not end");
        self.fault(line, "", Fault::new("E522", cause, "close each section with `END`"));
    }

    fn read_outside(&mut self, line: usize, keyword: &str, content: &str) {
        if same(keyword, "EOF") {
            self.ended = true;
            return;
        }
        if !same(keyword, "SECTION") {
            let fault = Fault::new(
                "E521",
                "the line is outside any section",
                "put it between `SECTION ...` and `END`",
            );
            self.fault(line, "", fault.value(shortened(content)));
            return;
        }
        let name = content[keyword.len()..].trim();
        let section = match name.to_ascii_lowercase().as_str() {
            "comment" | "comments" => Section::Comment,
            "graph" => Section::Graph,
            "terminals" => Section::Terminals,
            "profitablevertices" => Section::Profitable,
            "coordinates" | "presolve" | "finalsolution" | "tree decomposition" => Section::Ignored,
            _ => {
                let fault = Fault::new(
                    "E523",
                    "the section is not known",
                    "use Comment, Graph, Terminals, ProfitableVertices or Coordinates",
                );
                self.fault(line, "SECTION", fault.value(shortened(name)));
                Section::Ignored
            }
        };
        self.has_profitable_section |= section == Section::Profitable;
        self.section = Some((line, section));
    }

    fn read_entry(&mut self, section: Section, entry: &Entry<'_>) {
        let line = entry.line;
        let keyword = entry.keyword.to_ascii_lowercase();
        match (section, keyword.as_str()) {
            (Section::Graph, "e" | "a") => {
                if let (Some(u), Some(v), Some(cost)) =
                    (self.whole(entry, 0), self.whole(entry, 1), self.amount(entry, 2))
                {
                    let lines = if keyword == "e" { &mut self.edges } else { &mut self.arcs };
                    lines.push(EdgeLine { line, ends: [u, v], cost });
                }
                self.no_more(entry, 3);
            }
            (Section::Terminals, "t") => {
                if let Some(node) = self.whole(entry, 0) {
                    self.required.push((line, node));
                }
                self.no_more(entry, 1);
            }
            (Section::Terminals, "tp") => {
                if let (Some(node), Some(value)) = (self.whole(entry, 0), self.amount(entry, 1)) {
                    self.prizes.push(NodeValue { line, node, value });
                }
                self.no_more(entry, 2);
            }
            (Section::Profitable, "pv") => {
                if let (Some(node), Some(value)) = (self.whole(entry, 0), self.amount(entry, 1)) {
                    self.revenues.push(NodeValue { line, node, value });
                }
                self.no_more(entry, 2);
            }
            (Section::Graph, "budget") => {
                if let Some(amount) = self.amount(entry, 0) {
                    let stated = self.once(entry, self.budget.is_some());
                    self.budget = stated.then_some((line, amount)).or(self.budget);
                }
                self.no_more(entry, 1);
            }
            _ => self.read_setting(section, &keyword, entry),
        }
    }

    fn read_setting(&mut self, section: Section, keyword: &str, entry: &Entry<'_>) {
        let slot = match (section, keyword) {
            (Section::Graph, "nodes") => self.nodes,
            (Section::Graph, "edges") => self.edge_total,
            (Section::Graph, "arcs") => self.arc_total,
            (Section::Graph, "hoplimit") => self.hop_limit,
            (Section::Terminals, "terminals") => self.terminal_total,
            (Section::Profitable, "profitablevertices") => self.profitable_total,
            (Section::Graph, "root") | (Section::Terminals, "root" | "rootp") => self.root,
            _ => {
                let fault = Fault::new(
                    "E524",
                    "the keyword is not known in this section",
                    "see the STP format for what a section holds",
                );
                return self.fault(entry.line, "", fault.value(shortened(entry.keyword)));
            }
        };
        if let Some(value) = self.whole(entry, 0)
            && self.once(entry, slot.is_some())
        {
            let stated = Some((entry.line, value));
            match keyword {
                "nodes" => self.nodes = stated,
                "edges" => self.edge_total = stated,
                "arcs" => self.arc_total = stated,
                "hoplimit" => self.hop_limit = stated,
                "terminals" => self.terminal_total = stated,
                "profitablevertices" => self.profitable_total = stated,
                _ => {
                    self.root = stated;
                    self.root_among_terminals = section == Section::Terminals;
                }
            }
        }
        self.no_more(entry, 1);
    }

    /// Whether this is the first statement of a setting; a fault otherwise.
    fn once(&mut self, entry: &Entry<'_>, already: bool) -> bool {
        if already {
            let fault = Fault::new("E526", "the setting appears twice", "state it once");
            self.fault(entry.line, entry.keyword, fault);
        }
        !already
    }

    fn whole(&mut self, entry: &Entry<'_>, place: usize) -> Option<i64> {
        let text = entry.values.get(place).copied().unwrap_or("");
        let value = text.parse::<i64>().ok().filter(|&value| value >= 0);
        if value.is_none() {
            let fault =
                Fault::new("E527", "a whole number of zero or more is wanted", "correct the line");
            self.fault(entry.line, entry.keyword, fault.value(shortened(text)));
        }
        value
    }

    fn amount(&mut self, entry: &Entry<'_>, place: usize) -> Option<Decimal> {
        let text = entry.values.get(place).copied().unwrap_or("");
        let value = Decimal::parse(text).filter(|value| value.digits >= 0);
        if value.is_none() {
            let fault = Fault::new(
                "E528",
                "a decimal number of zero or more that fits 18 digits is wanted",
                "correct the line",
            );
            self.fault(entry.line, entry.keyword, fault.value(shortened(text)));
        }
        value
    }

    fn no_more(&mut self, entry: &Entry<'_>, expected: usize) {
        if let Some(extra) = entry.values.get(expected) {
            let fault = Fault::new("E529", "the line holds more than expected", "correct the line");
            self.fault(entry.line, entry.keyword, fault.value(shortened(extra)));
        }
    }

    fn finish(mut self) -> Result<StpProblem, Error> {
        let last = self.last_line.max(1);
        if self.faults.len() < MOST_FAULTS {
            if let Some((begun, _)) = self.section {
                self.unended(last, begun);
            }
            if !self.ended {
                let fault = Fault::new(
                    "E530",
                    "the file does not end with `EOF`: it may be truncated",
                    "fetch the file again, or add the line",
                );
                self.fault(last, "", fault);
            }
            let edges = self.edges.len();
            self.pair_arcs();
            self.check_totals(last, edges);
        }
        let problem = if self.faults.is_empty() { self.build() } else { None };
        problem.ok_or_else(|| Error::from_faults(self.faults))
    }

    /// Makes an edge of every two arcs of one cost that run to and fro; an arc that is left is a fault.
    fn pair_arcs(&mut self) {
        let mut arcs = std::mem::take(&mut self.arcs);
        self.arc_count = arcs.len();
        // Between the same ends at the same cost: those one way, then those the other, each in the order of lines.
        let key = |arc: &EdgeLine| {
            let [u, v] = arc.ends;
            (u.min(v), u.max(v), arc.cost.digits, arc.cost.decimals, u > v, arc.line)
        };
        arcs.sort_unstable_by_key(key);
        let between = |arc: &EdgeLine| {
            let (u, v, digits, decimals, ..) = key(arc);
            (u, v, digits, decimals)
        };
        let mut single: Vec<usize> = Vec::new();
        for group in arcs.chunk_by(|a, b| between(a) == between(b)) {
            let (to, fro) =
                group.split_at(group.iter().take_while(|arc| arc.ends[0] <= arc.ends[1]).count());
            let pairs = if group[0].ends[0] == group[0].ends[1] {
                to.len()
            } else {
                to.len().min(fro.len())
            };
            for (place, &there) in to.iter().enumerate().take(pairs) {
                let line = fro.get(place).map_or(there.line, |back| back.line.min(there.line));
                self.edges.push(EdgeLine { line, ..there });
            }
            single.extend(to.iter().skip(pairs).chain(fro.iter().skip(pairs)).map(|arc| arc.line));
        }
        self.edges.sort_by_key(|edge| edge.line);
        single.sort_unstable();
        for line in single {
            let fault = Fault::new(
                "E525",
                "no arc of this cost runs the other way: the graph is directed",
                "state edges with `E`, or both arcs at one cost",
            );
            self.fault(line, "A", fault);
        }
    }

    fn check_totals(&mut self, last: usize, edges: usize) {
        let (pairs, arcs) = (self.edges.len() - edges, self.arc_count);
        // Some files that state no total of arcs count them, or the edges they stand for, as edges.
        let uncounted = self.arc_total.is_none() && arcs > 0;
        let stated = self.edge_total.and_then(|(_, total)| usize::try_from(total).ok());
        let edges = match stated {
            Some(stated) if uncounted && stated == edges + arcs => stated,
            _ if uncounted => edges + pairs,
            _ => edges,
        };
        let edge_total = if arcs > 0 && !uncounted {
            self.edge_total.or(Some((last, 0)))
        } else {
            self.edge_total
        };
        let counted = [
            ("Nodes", self.nodes, None),
            ("Edges", edge_total, Some(edges)),
            ("Arcs", self.arc_total, (!uncounted).then_some(arcs)),
            ("Terminals", self.terminal_total, Some(self.required.len() + self.prizes.len())),
            ("ProfitableVertices", self.profitable_total, Some(self.revenues.len())),
        ];
        for (name, stated, found) in counted {
            let needed = matches!(name, "Nodes" | "Edges") || found.is_some_and(|found| found > 0);
            match (stated, found) {
                (None, _) if needed => {
                    let fault = Fault::new("E531", "the total is not stated", "state it");
                    self.fault(last, name, fault);
                }
                // Some files count the root among the terminals, some do not.
                (Some((_, total)), Some(found))
                    if name == "Terminals"
                        && self.root_among_terminals
                        && usize::try_from(total) == Ok(found + 1) => {}
                (Some((line, total)), Some(found)) if usize::try_from(total) != Ok(found) => {
                    let cause = format!("the file holds {found}, not as many as stated");
                    let remedy = "correct the total, or fetch the file again";
                    self.fault(
                        line,
                        name,
                        Fault::new("E532", cause, remedy).value(total.to_string()),
                    );
                }
                _ => {}
            }
        }
        if let Some((line, nodes)) = self.nodes.filter(|&(_, nodes)| nodes > MOST_NODES) {
            let cause = format!("more than {MOST_NODES} nodes");
            let fault = Fault::new("E533", cause, "correct the total");
            self.fault(line, "Nodes", fault.value(nodes.to_string()));
        }
    }

    fn kind(&self) -> StpKind {
        if self.has_profitable_section || self.budget.is_some() || self.hop_limit.is_some() {
            StpKind::Stprbh
        } else if self.prizes.is_empty() {
            StpKind::Spg
        } else if self.root.is_some() {
            StpKind::Rpcst
        } else {
            StpKind::Pcspg
        }
    }

    /// The index of a node of the file, or a fault where there is none of that number.
    fn node(&mut self, line: usize, node: i64) -> Option<u32> {
        let nodes = self.nodes.map_or(0, |(_, nodes)| nodes);
        let index = (1..=nodes).contains(&node).then(|| u32::try_from(node - 1).ok()).flatten();
        if index.is_none() {
            let cause = format!("the graph has nodes 1 to {nodes}");
            let fault = Fault::new("E534", cause, "correct the line");
            self.fault(line, "", fault.value(node.to_string()));
        }
        index
    }

    /// A decimal in the common scale, counted towards the total its sort may reach.
    fn scaled(&mut self, line: usize, value: Decimal, decimals: u32, total: &mut i128) -> i64 {
        let scaled = value.scaled(decimals);
        let before = *total;
        *total += scaled.map_or(MOST_TOTAL, i128::from);
        if before < MOST_TOTAL && *total >= MOST_TOTAL {
            let fault = Fault::new(
                "E535",
                "the amounts, scaled to whole numbers, add up to 2^60 or more",
                "use fewer decimals or smaller numbers",
            );
            self.fault(line, "", fault);
        }
        scaled.unwrap_or(0)
    }

    fn build(&mut self) -> Option<StpProblem> {
        let kind = self.kind();
        let mut cost_decimals = self.edges.iter().map(|edge| edge.cost.decimals).max().unwrap_or(0);
        if let Some((_, budget)) = self.budget {
            cost_decimals = cost_decimals.max(budget.decimals);
        }
        let prize_lines = if kind == StpKind::Stprbh {
            self.refuse_mixed_prizes();
            std::mem::take(&mut self.revenues)
        } else {
            std::mem::take(&mut self.prizes)
        };
        let mut prize_decimals =
            prize_lines.iter().map(|prize| prize.value.decimals).max().unwrap_or(0);
        if kind != StpKind::Stprbh {
            prize_decimals = prize_decimals.max(cost_decimals);
            cost_decimals = prize_decimals;
        }
        let nodes = usize::try_from(self.nodes?.1).ok()?;
        let goal = self.goal(kind, cost_decimals);
        let mut instance = Instance::new(nodes, goal);
        self.fill_edges(&mut instance, cost_decimals);
        self.fill_prizes(&mut instance, &prize_lines, prize_decimals);
        for (line, node) in std::mem::take(&mut self.required) {
            if let Some(node) = self.node(line, node) {
                instance.demands[node as usize] = Demand::Required;
            }
        }
        if let Some((line, root)) = self.root {
            instance.root = self.node(line, root);
        }
        let hop_limit = self.hop_limit.map(|(_, hops)| u32::try_from(hops).unwrap_or(u32::MAX));
        // A path visits no node twice, so a limit of all other nodes cuts nothing off.
        instance.max_hops = hop_limit.filter(|&hops| (hops as usize) < nodes.saturating_sub(1));
        self.faults.is_empty().then(|| StpProblem {
            name: std::mem::take(&mut self.name),
            kind,
            instance,
            cost_decimals,
            prize_decimals,
            hop_limit,
            remarks: Vec::new(),
        })
    }

    fn refuse_mixed_prizes(&mut self) {
        if let Some(line) = self.prizes.first().map(|prize| prize.line) {
            let fault = Fault::new(
                "E536",
                "prizes (`TP`) beside a budget, a hop limit or profitable vertices",
                "state them as `PV` in SECTION ProfitableVertices",
            );
            self.fault(line, "TP", fault);
        }
    }

    fn goal(&mut self, kind: StpKind, cost_decimals: u32) -> Goal {
        if kind != StpKind::Stprbh {
            return Goal::LeastLoss;
        }
        let last = self.last_line.max(1);
        if self.root.is_none() {
            let fault = Fault::new("E537", "no root is stated", "add `Root` to SECTION Graph");
            self.fault(last, "Root", fault);
        }
        let Some((line, budget)) = self.budget else {
            let fault = Fault::new("E537", "no budget is stated", "add `Budget` to SECTION Graph");
            self.fault(last, "Budget", fault);
            return Goal::LeastLoss;
        };
        Goal::MostPrize { budget: self.scaled(line, budget, cost_decimals, &mut 0) }
    }

    fn fill_edges(&mut self, instance: &mut Instance, decimals: u32) {
        let mut total = 0;
        instance.edges.reserve_exact(self.edges.len());
        for edge in std::mem::take(&mut self.edges) {
            let ends = edge.ends.map(|end| self.node(edge.line, end));
            let cost = self.scaled(edge.line, edge.cost, decimals, &mut total);
            if let [Some(u), Some(v)] = ends {
                instance.edges.push(Edge { ends: [u, v], cost });
            }
            if self.faults.len() >= MOST_FAULTS {
                return;
            }
        }
    }

    fn fill_prizes(&mut self, instance: &mut Instance, prizes: &[NodeValue], decimals: u32) {
        let mut total = 0;
        let mut seen = vec![false; instance.nodes()];
        for prize in prizes {
            let value = self.scaled(prize.line, prize.value, decimals, &mut total);
            let Some(node) = self.node(prize.line, prize.node) else { continue };
            if std::mem::replace(&mut seen[node as usize], true) {
                let fault =
                    Fault::new("E538", "the node has a prize already", "state one prize a node");
                self.fault(prize.line, "", fault.value(prize.node.to_string()));
            }
            instance.prizes[node as usize] = value;
            if self.faults.len() >= MOST_FAULTS {
                return;
            }
        }
    }
}

/// One line of a section: its keyword and what follows it.
struct Entry<'a> {
    line: usize,
    keyword: &'a str,
    values: &'a [&'a str],
}

/// Whether a line begins a section.
fn begins_section(content: &str) -> bool {
    content.split_whitespace().next().is_some_and(|word| same(word, "SECTION"))
}

/// Whether a line before the first is a comment, as files without that line have them (PACE).
fn is_comment(content: &str) -> bool {
    content.starts_with('#') || content == "c" || content.starts_with("c ")
}

fn same(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
