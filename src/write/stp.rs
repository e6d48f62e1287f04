//! A scenario as a Steiner tree problem for other solvers: the `.stp` file and what its nodes mean.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::engine::stp::{StpKind, StpProblem, write_stp};
use crate::error::Error;
use crate::files::FileTarget;
use crate::ids::{BuildingIx, JunctionIx};
use crate::model::{PREMISES, Scenario};
use crate::network::Prepared;
use crate::plan::junction_name;
use crate::question::{EdgeItem, Question, question};
use crate::write::cells::CsvText;

/// A remark by which our own files are recognised.
const REMARK: &str = "The last node is the super-root; an edge from it enables an exchange";

/// The text of the `.stp` file (STPRBH layout) and the bytes of its table of nodes.
///
/// Costs are in pence, prizes in the first weight's own unit. The super-root is joined to each exchange
/// by an edge of its price, each building is a leaf by its drop, and the budget is the sum of all pots.
/// Remarks name the pots and what the layout cannot hold. Linear in the network.
///
/// # Errors
///
/// When the question cannot be stated in the layout.
pub fn stp_files(prepared: &Prepared, scenario: &Scenario) -> Result<(String, Vec<u8>), Error> {
    let question = &question(prepared, scenario)?;
    let mut instance = question.instance.clone();
    for prize in &mut instance.prizes {
        *prize = question.scale.first(*prize);
    }
    let mut problem = StpProblem::new(&*scenario.name, StpKind::Stprbh, instance);
    // Prizes are thousandths of the weight's unit.
    problem.prize_decimals = 3;
    problem.remarks = remarks(scenario);
    Ok((write_stp(&problem)?, nodes_csv(prepared, scenario, question)))
}

/// Writes the `.stp` file, and beside it `FILE.nodes.csv`.
///
/// # Errors
///
/// As [`stp_files`], or when a file cannot be written; each file appears whole or not at all.
pub fn write_stp_files(file: &Path, prepared: &Prepared, scenario: &Scenario) -> Result<(), Error> {
    let (text, nodes) = stp_files(prepared, scenario)?;
    nodes_target(&nodes_beside(file)).write(&nodes)?;
    stp_target(file).write(text.as_bytes())
}

/// Whether these two files may be written, to be asked before long work.
///
/// # Errors
///
/// As [`FileTarget::judge`].
pub fn may_write_stp_files(file: &Path) -> Result<(), Error> {
    stp_target(file).judge()?;
    nodes_target(&nodes_beside(file)).judge()
}

fn nodes_beside(file: &Path) -> PathBuf {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".nodes.csv");
    beside.into()
}

fn stp_target(file: &Path) -> FileTarget<'_> {
    let is_ours = |bytes: &[u8]| {
        let head = &bytes[..bytes.len().min(4096)];
        bytes.starts_with(b"33D32945") && String::from_utf8_lossy(head).contains(REMARK)
    };
    FileTarget { file, noun: "problem that this library wrote", is_ours }
}

fn nodes_target(file: &Path) -> FileTarget<'_> {
    let is_ours = |bytes: &[u8]| bytes.starts_with(b"node,kind,id,exchange\n");
    FileTarget { file, noun: "table of nodes", is_ours }
}

fn remarks(scenario: &Scenario) -> Vec<String> {
    let weight = scenario.objective_weights().first().map_or("sites", |name| *name).to_owned();
    let prizes = match scenario.objective.worths() {
        Some(_) => "worth in pence (the cost is not taken off here)",
        None => &weight,
    };
    let mut remarks = vec![
        format!("Costs in pence, prizes in {prizes}, budget the sum of all pots"),
        REMARK.to_owned(),
    ];
    for programme in &scenario.programmes {
        let available = programme.available().get();
        remarks.push(format!("Pot {} holds {available} pence", programme.id));
    }
    if scenario.objective_weights().contains(&PREMISES) {
        let remark = "Premises passed are prizes of junctions and of nodes halfway along spans; no branch of a plan \
                      ends at one";
        remarks.push(remark.to_owned());
    }
    remarks.push(
        "Not held here: separate pots, eligibility by programme, caps, rates, ports, years and rules"
            .to_owned(),
    );
    remarks
}

fn nodes_csv(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Vec<u8> {
    let mut exchanges: BTreeMap<JunctionIx, Vec<&str>> = BTreeMap::new();
    for (joined, exchange) in prepared.exchanges().iter().zip(&scenario.tables.exchanges.rows) {
        if let Some(junction) = joined.junction {
            exchanges.entry(junction).or_default().push(&exchange.id);
        }
    }
    let mut text = CsvText::with_header(["node", "kind", "id", "exchange"]);
    for (place, &at) in prepared.junctions().iter().enumerate() {
        let here =
            exchanges.get(&JunctionIx::new(place)).map_or_else(String::new, |ids| ids.join(" "));
        text.row([(place + 1).to_string(), "junction".to_owned(), junction_name(at), here]);
    }
    let halfway = question.junctions - question.halfway..question.junctions;
    let spans = question.edge_items.iter().zip(&question.instance.edges);
    let rest = spans.filter_map(|(meaning, edge)| match meaning {
        EdgeItem::SecondHalf(span) => edge
            .ends
            .into_iter()
            .find(|end| halfway.contains(&(*end as usize)))
            .map(|end| (end, *span)),
        _ => None,
    });
    for (node, span) in rest {
        let node = u64::from(node) + 1;
        text.row([&node.to_string(), "halfway", &prepared.span_id(span), ""]);
    }
    for (place, building) in prepared.buildings().iter().enumerate() {
        let node = u64::from(question.leaf(BuildingIx::new(place))) + 1;
        text.row([&node.to_string(), "building", &building.id, ""]);
    }
    text.row([&(u64::from(question.root()) + 1).to_string(), "root", "", ""]);
    text.into_bytes()
}
