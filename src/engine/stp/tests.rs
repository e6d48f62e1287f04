use proptest::prelude::*;

use super::*;
use crate::engine::instance::{Demand, Goal};

const BUDGETED: &str = "33D32945 STP File, STP Format Version 1.0

SECTION Comment
Name    \"small one\"
#BudgetFraction 10
END

section graph
nodes 3
Edges 3
Root 1
Budget 2.5
HopLimit 1
E 1 2 1
e 2 3 1.25
E\t1 3\t0.5
END

SECTION ProfitableVertices
ProfitableVertices 2
PV 2 7
PV 3 0.125
END

EOF
";

fn codes(text: &str) -> Vec<(String, Option<usize>)> {
    let error = read_stp("x.stp", text).expect_err("faults are found");
    error.faults().iter().map(|fault| (fault.code.to_string(), fault.place.row)).collect()
}

#[test]
fn decimals_print_exactly() {
    assert_eq!(decimal_text(0, 6), "0");
    assert_eq!(decimal_text(7_371_536_373, 6), "7371.536373");
    assert_eq!(decimal_text(-25, 2), "-0.25");
    assert_eq!(decimal_text(5, 3), "0.005");
    assert_eq!(decimal_text(1200, 1), "120");
    assert_eq!(decimal_text(i64::MIN, 0), "-9223372036854775808");
}

#[test]
fn a_budgeted_problem_is_read_in_any_case_and_scaled_exactly() {
    let problem = read_stp("x.stp", BUDGETED).unwrap();
    assert_eq!((problem.name.as_str(), problem.kind), ("small one", StpKind::Stprbh));
    assert_eq!((problem.cost_decimals, problem.prize_decimals), (2, 3));
    let instance = &problem.instance;
    assert_eq!(instance.goal, Goal::MostPrize { budget: 250 });
    assert_eq!(instance.prizes, [0, 7000, 125]);
    assert_eq!(instance.edges.iter().map(|edge| edge.cost).collect::<Vec<_>>(), [100, 125, 50]);
    assert_eq!((instance.root, instance.max_hops), (Some(0), Some(1)));
    assert_eq!(problem.objective_text(7125), "7.125");
}

#[test]
fn costs_and_prizes_share_a_scale_where_they_share_an_objective() {
    let text = "33d32945 STP File\nSECTION Graph\nNodes 2\nEdges 1\nE 1 2 1e1\nEND\n\
        SECTION Terminals\nTerminals 2\nRootP 1\nT 1\nTP 2 0.25\nEND\nEOF";
    let problem = read_stp("x.stp", text).unwrap();
    assert_eq!(problem.kind, StpKind::Rpcst);
    assert_eq!((problem.instance.edges[0].cost, problem.instance.prizes[1]), (1000, 25));
    assert_eq!(problem.instance.demands[0], Demand::Required);
    assert_eq!(problem.objective_text(25), "0.25");
}

#[test]
fn a_hop_limit_that_cuts_nothing_off_is_dropped_but_remembered() {
    let problem = read_stp("x.stp", &BUDGETED.replace("HopLimit 1", "HopLimit 2")).unwrap();
    assert_eq!((problem.instance.max_hops, problem.hop_limit), (None, Some(2)));
}

#[test]
fn faults_carry_their_lines() {
    let at = |code: &str, line| (code.to_owned(), Some(line));
    assert_eq!(codes(""), [at("E530", 1), at("E531", 1), at("E531", 1)]);
    assert_eq!(codes(&BUDGETED.replace("33D32945", "Hello")), [at("E520", 1)]);
    assert_eq!(codes(&BUDGETED.replace("EOF", "")), [at("E530", 25)]);
    assert_eq!(codes(&BUDGETED.replace("Edges 3", "Edges 4")), [at("E532", 10)]);
    assert_eq!(codes(&BUDGETED.replace("e 2 3", "e 2 4")), [at("E534", 15)]);
    assert_eq!(codes(&BUDGETED.replace("1.25", "-1.25")), [at("E528", 15), at("E532", 10)]);
    assert_eq!(codes(&BUDGETED.replace("Root 1\n", "")), [at("E537", 24)]);
    assert_eq!(codes(&BUDGETED.replace("PV 3", "PV 2")), [at("E538", 22)]);
    assert_eq!(codes(&BUDGETED.replace("PV 3", "TP 3")), [at("E524", 22), at("E532", 20)]);
    assert_eq!(codes(&BUDGETED.replace("Root 1", "Root 1\nRoot 2")), [at("E526", 12)]);
    let directed = BUDGETED.replace("e 2 3 1.25", "A 2 3 1.25");
    assert_eq!(codes(&directed), [at("E525", 15)]);
    assert_eq!(codes(&BUDGETED.replace("nodes 3", "nodes 3000000000")), [at("E533", 9)]);
    let huge = BUDGETED.replace("E 1 2 1\n", "E 1 2 999999999999999999\n");
    assert_eq!(codes(&huge), [at("E535", 14)]);
    assert_eq!(codes(&BUDGETED.replace("END", ""))[0], at("E522", 8));
}

#[test]
fn arcs_to_and_fro_of_one_cost_are_edges() {
    let text = |arcs: &str| {
        let total = arcs.lines().count();
        format!(
            "33D32945 STP File\nSECTION Graph\nNodes 3\nArcs {total}\n{arcs}END\n\
             SECTION Terminals\nTerminals 2\nT 1\nT 3\nEND\nEOF\n"
        )
    };
    let symmetric = text("A 2 1 1.50\nA 2 3 2\nA 1 2 1.5\nA 3 2 2\nA 1 2 4\nA 2 1 4\n");
    let problem = read_stp("x.stp", &symmetric).unwrap();
    let edges: Vec<([u32; 2], i64)> =
        problem.instance.edges.iter().map(|edge| (edge.ends, edge.cost)).collect();
    assert_eq!(edges, [([0, 1], 15), ([1, 2], 20), ([0, 1], 40)]);
    let at = |code: &str, line| (code.to_owned(), Some(line));
    assert_eq!(
        codes(&text("A 1 2 1\nA 2 1 2\nA 2 3 1\nA 3 2 1\n")),
        [at("E525", 5), at("E525", 6)]
    );
    assert_eq!(
        codes(&text("A 1 2 1\n").replace("Arcs 1", "Arcs 3")),
        [at("E525", 5), at("E532", 4)]
    );
    let counted_as_edges = symmetric.replace("Arcs 6", "Edges 6");
    assert_eq!(read_stp("x.stp", &counted_as_edges).unwrap().instance.edges.len(), 3);
}

#[test]
fn files_without_the_first_line_are_read() {
    let bare = "\nSECTION Graph\nNodes 3\nEdges 2\nE 1 2 1\nE 2 3 4\nEND\n\nSECTION Terminals\nTerminals 2\n\
        T 1\nT 3\nEND\n\nSECTION Tree Decomposition\ns td 2 2 3\nb 1 1 2\nb 2 2 3\n1 2\nEND\n\nEOF\n";
    let problem = read_stp("x.gr", bare).unwrap();
    assert_eq!((problem.kind, problem.instance.edges.len()), (StpKind::Spg, 2));
    assert_eq!(codes(&bare.replace("SECTION Graph", "p tw 3 2"))[0], ("E520".to_owned(), Some(2)));
}

#[test]
fn like_faults_of_a_damaged_file_are_one_line() {
    let broken = BUDGETED.replace("EOF", &"nonsense\n".repeat(500));
    let error = read_stp("x.stp", &broken).unwrap_err();
    assert_eq!(error.faults().len(), 501);
    assert_eq!(error.to_string().lines().count(), 3, "{error}");
    assert!(error.to_string().contains("(500 times: row 25 \"nonsense\", row 26"), "{error}");
}

#[test]
fn a_fault_reads_well() {
    let error = read_stp("x.stp", &BUDGETED.replace("Edges 3", "Edges 4")).unwrap_err();
    assert_eq!(
        error.faults()[0].to_string(),
        "E532 x.stp row 10, Edges \"4\": the file holds 3, not as many as stated; \
         correct the total, or fetch the file again"
    );
}

#[test]
fn a_quota_has_no_layout() {
    let mut problem = read_stp("x.stp", BUDGETED).unwrap();
    problem.instance.goal = Goal::LeastCost { at_least: 1 };
    assert!(write_stp(&problem).is_err());
}

fn problems() -> impl Strategy<Value = StpProblem> {
    let kinds =
        prop::sample::select(vec![StpKind::Spg, StpKind::Pcspg, StpKind::Rpcst, StpKind::Stprbh]);
    let edge = (0..6_u32, 0..6_u32, prop_oneof![Just(0_i64), 1..20_i64, Just(1 << 50)]);
    let node = (prop_oneof![Just(0_i64), 1..900_i64, Just(1 << 50)], any::<bool>());
    let parts =
        (kinds, prop::collection::vec(edge, 0..9), prop::collection::vec(node, 6), 0..4_u32);
    (parts, 0..4_u32, 0..8_u32).prop_map(|((kind, edges, nodes, cost_decimals), hops, prizes)| {
        let goal = match kind {
            StpKind::Stprbh => Goal::MostPrize { budget: 12 },
            _ => Goal::LeastLoss,
        };
        let mut instance = Instance::new(6, goal);
        for (u, v, cost) in edges {
            instance.add_edge(u, v, cost);
        }
        for (node, (prize, required)) in nodes.into_iter().enumerate() {
            instance.prizes[node] = if kind == StpKind::Spg { 0 } else { prize };
            instance.demands[node] = if required { Demand::Required } else { Demand::Optional };
        }
        instance.root = (kind != StpKind::Pcspg).then_some(3);
        instance.max_hops = (kind == StpKind::Stprbh).then_some(hops);
        let mut problem = StpProblem::new("round \"trip\"", kind, instance);
        problem.cost_decimals = cost_decimals;
        problem.prize_decimals = if kind == StpKind::Stprbh { prizes } else { cost_decimals };
        problem
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_written_reads_back(problem in problems()) {
        let text = write_stp(&problem).unwrap();
        let read = read_stp("x.stp", &text).unwrap();
        prop_assert_eq!(read.kind, problem.kind);
        // Needless decimals are dropped on reading, so scales may differ; the second text may not.
        prop_assert_eq!(write_stp(&read).unwrap(), text.replace("round  trip ", "round  trip"));
        prop_assert_eq!(read.instance.demands, problem.instance.demands);
        prop_assert_eq!(read.instance.root, problem.instance.root);
        prop_assert_eq!(read.instance.max_hops, problem.instance.max_hops);
    }

    #[test]
    fn damaged_text_never_panics(
        problem in problems(),
        cut in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        patch in "[ -~\n]{0,6}",
        keep_tail in any::<bool>(),
    ) {
        let text = write_stp(&problem).unwrap();
        let (from, to) = (place.index(text.len()), cut.index(text.len()));
        let (from, to) = (from.min(to), from.max(to));
        let tail = if keep_tail { &text[to..] } else { "" };
        let damaged = format!("{}{patch}{tail}", &text[..from]);
        match read_stp("x.stp", &damaged) {
            Ok(problem) => prop_assert!(problem.instance.validate().is_ok()),
            Err(error) => {
                prop_assert!(!error.faults().is_empty());
                prop_assert!(error.faults().iter().all(|fault| fault.place.row.is_some()));
            }
        }
    }
}
