//! Published benchmark instances, where `FIBREPLAN_INSTANCES` names the folder that holds them: a quick
//! choice of every family is solved to its proven value. `examples/solve_folder.rs` solves all of them.

use std::fs;

use fibreplan::effort::Effort;
use fibreplan::engine::solve;
use fibreplan::engine::stp::read_stp;
use fibreplan::engine::verify::verify_outcome;
use fibreplan::observe::Silent;
use fibreplan::status::Status;

/// A few files of each family that take well under a second, by the beginning of their names.
const QUICK: [&str; 16] = [
    "budget/K",
    "budget/D15-A-b25",
    "budget/SantaCruz500-b50",
    "PCSPG-ACTMODPC/metabol",
    "PCSPG-CRR/",
    "PCSPG-JMP/",
    "PCSPG-PUCNU/cc3",
    "PCSPG-PUCNU/cc5",
    "PCSPG-PUCNU/cc6",
    "PCSPG-i640/i640-001",
    "RPCST-cologne1/i101",
    "STPRBH/C01-10",
    "STPRBH/C05-100-30",
    "SteinLib/b",
    "SteinLib/c0",
    "SteinLib/d01",
];

#[test]
fn proven_values_of_published_instances_are_reproduced() {
    let Some(folder) = crate::outside("FIBREPLAN_INSTANCES") else {
        println!("skipped, FIBREPLAN_INSTANCES names no folder with benchmark instances");
        return;
    };
    let mut known = csv::Reader::from_path(folder.join("known_values.csv")).unwrap();
    let mut solved = 0;
    for record in known.records() {
        let record = record.unwrap();
        let (file, value) = (&record[0], record[2].parse::<f64>().unwrap());
        if &record[3] != "proven" || !QUICK.iter().any(|quick| file.starts_with(quick)) {
            continue;
        }
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let problem = read_stp(file, &text).unwrap();
        let mut effort = Effort::default();
        effort.work = Some(400_000_000);
        let outcome = solve(&problem.instance, &effort, &mut Silent).unwrap();
        assert_eq!(verify_outcome(&problem.instance, &outcome), Ok(()), "{file}");
        assert_eq!(outcome.status, Status::Optimal, "{file}");
        let found: f64 = problem.objective_text(outcome.bound).parse().unwrap();
        // Published values are rounded to their last place.
        let places = record[2].split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let tolerance = 0.5 * 0.1_f64.powi(i32::try_from(places).unwrap());
        assert!((found - value).abs() <= tolerance, "{file}: {found} for {value}");
        solved += 1;
    }
    assert!(solved >= 60, "{solved} files");
}
