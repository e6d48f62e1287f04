//! Official files into scenario folders: every code, whole accounts, the same bytes, and real files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fibreplan::check::check;
use fibreplan::import::{Fate, IMPORT_CODES, Import, ImportOptions, import};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::write::Replace;

use crate::real_data::real_data;
use crate::scratch::Scratch;

fn samples() -> PathBuf {
    crate::project("data/published-samples")
}

/// All samples of a folder, two districts of three.
fn options(folder: &Path) -> ImportOptions {
    ImportOptions {
        practices: Some(folder.join("epraccur.csv")),
        branches: Some(folder.join("ebranchs.csv")),
        hospitals: Some(folder.join("Hospital.csv")),
        list_sizes: Some(folder.join("gp-reg-pat-prac-all.csv")),
        rural_urban: vec![folder.join("postcode-areas.csv"), folder.join("rural-urban-2011.csv")],
        areas: vec!["E07000991".to_owned(), "E07000992".to_owned()],
        dense_sector: 12,
        ..ImportOptions::new(folder.join("codepoint"))
    }
}

fn file<'i>(made: &'i Import, name: &str) -> &'i str {
    let (_, bytes) = made.files().iter().find(|(file, _)| *file == name).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

fn assert_whole(made: &Import) {
    for account in &made.accounts {
        assert_eq!(
            account.rows,
            account.used + account.set_aside + account.excluded,
            "{account:?}"
        );
    }
    for row in &made.rows {
        assert!(row.fate == Fate::Used || !row.findings.is_empty(), "{row:?}");
    }
}

fn plan(made: &Import) {
    let scratch = Scratch::empty();
    made.write(scratch.path(), Replace::Same).unwrap();
    let reading = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    let mut options = SolveOptions::default();
    options.effort.gap = 0.2;
    let outcome = solve(&reading.scenario, &options).unwrap();
    assert_eq!(check(&reading.scenario, &outcome.plan.unwrap()), vec![]);
    made.write(scratch.path(), Replace::Same).unwrap();
    let sites = scratch.path().join("sites.csv");
    std::fs::write(&sites, "mine").unwrap();
    assert!(made.write(scratch.path(), Replace::Any).is_err(), "nothing is overwritten");
    assert_eq!(std::fs::read(&sites).unwrap(), b"mine");
}

#[test]
fn the_samples_meet_every_rule_and_are_planned_at_once() {
    let made = import(&options(&samples())).unwrap();
    assert_whole(&made);
    let met: BTreeSet<&str> =
        made.accounts.iter().flat_map(|account| account.by_code.keys().copied()).collect();
    let listed: BTreeSet<&str> = IMPORT_CODES.iter().map(|(code, _)| *code).collect();
    let missing: Vec<&&str> = listed.difference(&met).collect();
    assert_eq!(missing, [&"S160"], "told where no site is left");
    assert!(met.is_subset(&listed));
    let counts: Vec<(&str, [usize; 4])> = made
        .accounts
        .iter()
        .map(|account| {
            (account.role, [account.rows, account.used, account.set_aside, account.excluded])
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("practices", [29, 10, 12, 7]),
            ("branches", [4, 2, 0, 2]),
            ("hospitals", [7, 3, 3, 1]),
            ("list sizes", [15, 8, 4, 3]),
            ("rural or urban", [54, 22, 1, 31]),
            ("rural or urban", [3, 3, 0, 0]),
            ("postcodes", [70, 52, 6, 12]),
        ]
    );
    let sites = file(&made, "sites.csv");
    for row in [
        "Z10002,BRIDGE STREET PRACTICE,gp_practice,255761,85960,QX1 1AG,12045,C1,E07000991,,,practices",
        "Z10001001,QUARTON SURGERY AT THE HALL,branch_surgery,261224,85857,QX10 6AB,,E1,E07000992,Z10001,,branches",
        "R9903-3,Café Ward,hospital,255835,85572,QX1 1AP,,C1,E07000991,,Independent Sector,hospitals",
    ] {
        assert!(sites.contains(row), "{sites}");
    }
    assert!(
        file(&made, "import.csv").contains("Hospital.csv,3,R9902-2,St Anne’s Hospital,used,S212,")
    );
    assert!(
        file(&made, "import.csv")
            .contains("QX1 IAA,this does not have the form of a postcode,\"look the address up; similar ones are QX1 1AA, QX1 2AA\"")
    );
    assert!(file(&made, "exchanges.csv").lines().skip(1).all(|row| row.contains("SYNTHETIC")));
    assert!(made.report().contains("15 sites, 3 synthetic exchanges, 52 waypoints"));
    // Faulty rows of files that are not listed one by one are named, the first of them.
    let postcodes = made.accounts.iter().find(|account| account.role == "postcodes").unwrap();
    assert_eq!((postcodes.set_aside, postcodes.first.len()), (6, 5));

    assert!(made.report().contains("    and 1 more rows set aside"));
    plan(&made);
}

#[test]
fn without_districts_hospitals_may_stand_at_their_own_positions() {
    let made = import(&ImportOptions { areas: Vec::new(), ..options(&samples()) }).unwrap();
    assert!(file(&made, "sites.csv").contains("R9902-2,St Anne’s Hospital,hospital,"));
    let row = made.rows.iter().find(|row| row.id == "R9902-2").unwrap();
    let codes: Vec<&str> = row.findings.iter().map(|finding| finding.code.0).collect();
    assert_eq!((row.fate, codes), (Fate::Used, vec!["S212", "S227", "S226"]));
    plan(&made);
}

#[test]
fn the_order_of_rows_and_packing_change_nothing_but_lines() {
    let made = import(&options(&samples())).unwrap();
    let scratch = Scratch::empty();
    fs::create_dir(scratch.path().join("codepoint")).unwrap();
    for name in ["epraccur.csv", "ebranchs.csv", "codepoint/qx.csv", "codepoint/qy.csv"] {
        let text = fs::read_to_string(samples().join(name)).unwrap();
        let rows: Vec<&str> = text.lines().rev().collect();
        fs::write(scratch.path().join(name), rows.join("\n")).unwrap();
    }
    for name in
        ["Hospital.csv", "gp-reg-pat-prac-all.csv", "postcode-areas.csv", "rural-urban-2011.csv"]
    {
        let bytes = fs::read(samples().join(name)).unwrap();
        let mut rows: Vec<&[u8]> = bytes.trim_ascii_end().split(|&byte| byte == b'\n').collect();
        rows[1..].reverse();
        fs::write(scratch.path().join(name), rows.join(&b'\n')).unwrap();
    }
    let again = import(&options(scratch.path())).unwrap();
    for name in ["sites.csv", "exchanges.csv", "waypoints.csv"] {
        assert_eq!(file(&again, name), file(&made, name));
    }
    let told = |made: &Import| -> BTreeSet<(String, &'static str, Vec<&'static str>)> {
        let codes =
            |row: &fibreplan::import::ImportedRow| row.findings.iter().map(|f| f.code.0).collect();
        made.rows
            .iter()
            .map(|row| (row.id.clone() + &row.name, row.fate.word(), codes(row)))
            .collect()
    };
    assert_eq!(told(&again), told(&made));
}

#[test]
fn one_postcode_directory_gives_positions_classes_and_months() {
    let scratch = Scratch::empty();
    let file = |name: &str, text: &str| {
        fs::write(scratch.path().join(name), text).unwrap();
        scratch.path().join(name)
    };
    let directory = file(
        "directory.csv",
        "pcd,pcds,doterm,oslaua,oseast1m,osnrth1m,ru11ind\n\
         QX1 1AA,QX1 1AA,,E07000991,255000,85000,E1\n\
         QX1 1AB,QX1 1AB,,E07000991,255300,85100,E1\n\
         QX1 1AD,QX1 1AD,201406,E07000991,255400,85200,E1\n\
         QX1 1AE,QX1 1AE,,E07000991,,,Z9\n",
    );
    let row = |code: &str, postcode: &str| {
        let mut cells = vec![""; 27];
        (cells[0], cells[1], cells[9], cells[12], cells[25]) =
            (code, "SURGERY", postcode, "A", "4");
        cells.join(",") + "\n"
    };
    let rows = row("Z1", "QX11AA") + &row("Z2", "QX1 1AD") + &row("Z3", "QX1 1AE");
    let made = import(&ImportOptions {
        practices: Some(file("practices.csv", &rows)),
        rural_urban: vec![directory.clone()],
        dense_sector: 2,
        name: "directory".to_owned(),
        title: "A \"quoted\"\ntitle".to_owned(),
        ..ImportOptions::new(directory)
    })
    .unwrap();
    assert_whole(&made);
    let codes: Vec<&str> =
        made.rows.iter().map(|row| row.findings.first().map_or("", |f| f.code.0)).collect();
    assert_eq!(codes, ["", "S212", "S215"]);
    assert_eq!(made.rows[1].findings[0].cause, "the postcode was terminated (201406)");
    assert!(
        self::file(&made, "sites.csv")
            .contains("Z1,SURGERY,gp_practice,255000,85000,QX1 1AA,,E1,E07000991")
    );
    assert!(self::file(&made, "scenario.toml").contains("title = \"A 'quoted' title\""));
    plan(&made);
}

#[test]
fn what_cannot_be_imported_is_told() {
    let told = |change: &dyn Fn(&mut ImportOptions)| {
        let mut options = options(&samples());
        change(&mut options);
        import(&options).unwrap_err().to_string()
    };
    let nothing = told(&|options| {
        (options.practices, options.branches, options.hospitals) = (None, None, None);
    });
    assert!(nothing.contains("there is nothing to connect"), "{nothing}");
    assert!(
        told(&|options| options.settings = vec!["5".into()])
            .contains("\"5\" is not a prescribing setting")
    );
    assert!(told(&|options| options.name = "Name!".into()).contains("is not a valid name"));
    assert!(told(&|options| options.dense_sector = 10_000).contains("X160"));
    let unknown = told(&|options| options.areas = vec!["E06000001".into(), "E07000991".into()]);
    assert!(unknown.contains("no postcode lies in E06000001;"), "{unknown}");
    let elsewhere = told(&|options| {
        options.areas = vec!["E07000993".into()];
        options.settings = vec!["0".into()];
    });
    assert!(
        elsewhere.contains("S160") && elsewhere.contains("S208 (outside the districts)"),
        "{elsewhere}"
    );
    assert!(told(&|options| options.practices = Some("nowhere.csv".into())).contains("F110"));
    assert!(told(&|options| options.postcodes = samples().join("gone")).contains("F110"));
    let all = told(&|options| {
        options.practices = Some("nowhere.csv".into());
        options.list_sizes = Some("nor-here.csv".into());
        options.hospitals = options.branches.clone();
    });
    assert!(
        all.starts_with("8 faults") && all.contains("nowhere.csv") && all.contains("nor-here.csv"),
        "{all}"
    );
    let scratch = Scratch::empty();
    let cut = scratch.path().join("cut.csv.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&fs::read(samples().join("epraccur.csv")).unwrap()).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(&cut, &packed[..packed.len() / 2]).unwrap();
    assert!(
        told(&|options| options.practices = Some(cut.clone()))
            .contains("F127 cut.csv.gz: the gzip file is damaged")
    );
    // A file in the place of another.
    assert!(told(&|options| options.hospitals = options.practices.clone()).contains("F122"));
    assert!(told(&|options| options.list_sizes = options.branches.clone()).contains("F122"));
    assert!(
        told(&|options| options.rural_urban = vec![samples().join("Hospital.csv")])
            .contains("F122")
    );
}

/// The samples with some file in the place of another, its text changed.
fn changed(name: &str, change: impl Fn(&str) -> String) -> (Scratch, PathBuf) {
    let scratch = Scratch::empty();
    let path = scratch.path().join(name);
    let text = fs::read_to_string(samples().join(name)).unwrap();
    fs::write(&path, change(&text)).unwrap();
    (scratch, path)
}

#[test]
fn the_classification_of_2021_is_read_and_counts_before_that_of_2011() {
    let newer = |text: &str| {
        text.replace("LSOA11CD,LSOA11NM,RUC11CD,RUC11", "LSOA21CD,LSOA21NM,RUC21CD,RUC21NM")
            .replace(",C1,", ",UF1,")
            .replace(",D1,", ",RLN1,")
            .replace(",E1,", ",RSF1,")
    };
    let (_kept, classes) = changed("rural-urban-2011.csv", newer);
    let (_too, areas) = changed("postcode-areas.csv", |text| text.replace("lsoa11cd", "lsoa21cd"));
    let made = import(&ImportOptions {
        rural_urban: vec![areas.clone(), classes.clone()],
        ..options(&samples())
    })
    .unwrap();
    let sites = file(&made, "sites.csv");
    assert!(sites.contains("QX1 1AG,12045,UF1,") && sites.contains("QX10 6AB,,RSF1,"), "{sites}");
    let older = options(&samples()).rural_urban;
    let both = ImportOptions {
        rural_urban: [older, vec![areas, classes]].concat(),
        ..options(&samples())
    };
    assert_eq!(file(&import(&both).unwrap(), "sites.csv"), sites);
    // A directory gives each postcode its class, under the name of the column that it has.
    let (_third, directory) = changed("postcode-areas.csv", |text| {
        text.replace("lsoa11cd", "ruc21ind")
            .replace("E01000901", "UN1")
            .replace("E01000902", "RLF1")
    });
    let made =
        import(&ImportOptions { rural_urban: vec![directory], ..options(&samples()) }).unwrap();
    assert!(file(&made, "sites.csv").contains("QX1 1AG,12045,UN1,"));
    plan(&made);
}

#[test]
fn a_table_that_yields_nothing_says_so() {
    let (_kept, areas) = changed("postcode-areas.csv", |text| text.replace("E0100090", "E0990000"));
    let tables = vec![areas, samples().join("rural-urban-2011.csv")];
    let made = import(&ImportOptions { rural_urban: tables, ..options(&samples()) }).unwrap();
    let report = made.report();
    let told = "S226 rural-urban-2011.csv: the table was read, but no site is rural or urban by it";
    assert!(report.contains(told), "{report}");
    assert!(made.rows.iter().any(|row| row.findings.iter().any(|fault| fault.code.0 == "S226")));
    // Words that are no class are no rows that were used.
    let odd = |text: &str| text.replace(",C1,", ",Q7,").replace(",D1,", ",,");
    let (_too, classes) = changed("rural-urban-2011.csv", odd);
    let tables = vec![samples().join("postcode-areas.csv"), classes];
    let made = import(&ImportOptions { rural_urban: tables, ..options(&samples()) }).unwrap();
    let account = made.accounts.iter().rfind(|account| account.role == "rural or urban").unwrap();
    assert_eq!((account.used, account.by_code.get("S226")), (1, Some(&2)), "{account:?}");
}

#[test]
fn settings_newer_than_the_list_are_named_and_can_be_let_in() {
    let (_kept, practices) =
        changed("epraccur.csv", |text| text.replacen("\"4\",\"\"", "\"27\",\"\"", 1));
    let with = |settings: &[&str]| {
        import(&ImportOptions {
            practices: Some(practices.clone()),
            settings: settings.iter().map(|&code| code.to_owned()).collect(),
            ..options(&samples())
        })
    };
    let made = with(&["4", "9"]).unwrap();
    let rows = file(&made, "import.csv");
    assert!(
        rows.contains("S216,prescribing setting,27,the prescribing setting is not on the list"),
        "{rows}"
    );
    assert!(
        file(&with(&["4", "9", "27"]).unwrap(), "sites.csv")
            .contains("Z10001,QUARTON SURGERY,other,")
    );
    let error = with(&["4", "28"]).unwrap_err();
    assert!(error.to_string().contains("\"28\" is not a prescribing setting"), "{error}");
}

#[test]
fn a_file_of_practices_in_another_layout_is_told_once() {
    let (_kept, practices) = changed("epraccur.csv", |text| {
        let rows = text.lines().map(|line| line.rsplitn(3, ',').last().unwrap());
        let rows: Vec<&str> = std::iter::once("Organisation Code,Name").chain(rows).collect();
        rows.join("\n")
    });
    let error =
        import(&ImportOptions { practices: Some(practices), ..options(&samples()) }).unwrap_err();
    let told = error.to_string();
    assert_eq!(error.faults().len(), 1, "{told}");
    assert!(
        told.contains("F125 epraccur.csv row 1: the file has a header and 2 columns"),
        "{told}"
    );
}

#[test]
fn damaged_files_never_cause_a_panic() {
    let scratch = Scratch::empty();
    let names = [
        "epraccur.csv",
        "ebranchs.csv",
        "Hospital.csv",
        "gp-reg-pat-prac-all.csv",
        "postcode-areas.csv",
        "rural-urban-2011.csv",
    ];
    fs::create_dir(scratch.path().join("codepoint")).unwrap();
    let copy = |name: &str| fs::copy(samples().join(name), scratch.path().join(name)).unwrap();
    for name in names {
        copy(name);
    }
    copy("codepoint/qx.csv");
    let mut random = fibreplan::internals::random::Random::new(7);
    for name in names.into_iter().chain(["codepoint/qx.csv"]) {
        let sound = fs::read(samples().join(name)).unwrap();
        let last = i64::try_from(sound.len()).unwrap() - 1;
        for _ in 0..40 {
            let mut bytes = sound.clone();
            for _ in 0..6 {
                let place = usize::try_from(random.between(0, last)).unwrap();
                bytes[place] = [b'"', b',', b'\n', 0, 0xff, b'9', 0xac]
                    [usize::try_from(random.between(0, 6)).unwrap()];
            }
            fs::write(scratch.path().join(name), bytes).unwrap();
            if let Ok(made) = import(&options(scratch.path())) {
                for account in &made.accounts {
                    assert_eq!(account.rows, account.used + account.set_aside + account.excluded);
                }
            }
        }
        copy(name);
    }
}

#[test]
fn real_files_are_imported_and_read_at_once() {
    let Some(data) = real_data("real_files_are_imported_and_read_at_once") else { return };
    let made = import(&ImportOptions {
        practices: Some(data.join("epraccur_sample.csv")),
        list_sizes: Some(data.join("gp-reg-pat-prac-all_sample.csv")),
        ..ImportOptions::new(data.join("codepoint_open_gb.csv.gz"))
    })
    .unwrap();
    assert_whole(&made);
    let rows: Vec<usize> = made.accounts.iter().map(|account| account.rows).collect();
    assert_eq!(rows, [400, 399, 1_742_638]);
    assert_eq!(made.accounts[0].used, 348);
    let scratch = Scratch::empty();
    made.write(scratch.path(), Replace::Same).unwrap();
    let reading = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    assert_eq!(reading.scenario.tables.sites.rows.len(), 348);
}

/// The messy table, in the layouts its rows were published in, with the months of terminated postcodes.
fn messy(data: &Path, scratch: &Scratch) -> ImportOptions {
    let setting = |kind: &str| match kind {
        "gp_practice" => "4",
        "community_health" => "9",
        "walk_in_centre" => "1",
        "out_of_hours" => "2",
        "public_health" => "8",
        "hospital_service" => "10",
        "optometry" => "11",
        "urgent_care" => "12",
        "hospice" => "13",
        "care_home" => "14",
        "young_offender" => "16",
        "secure_training" => "17",
        "secure_childrens" => "18",
        "immigration_removal" => "19",
        "prison" => "25",
        _ => "0",
    };
    let mut practices = csv::Writer::from_writer(Vec::new());
    let mut branches = csv::Writer::from_writer(Vec::new());
    let mut hospitals = csv::Writer::from_writer(Vec::new());
    hospitals
        .write_record([
            "OrganisationID",
            "OrganisationCode",
            "OrganisationStatus",
            "OrganisationName",
            "Postcode",
            "Latitude",
            "Longitude",
        ])
        .unwrap();
    let mut lists = String::from("CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n");
    let mut gone = String::from("pcds,doterm\n");
    let mut reader = csv::Reader::from_path(data.join("messy_sites.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |name: &str| &record[header.iter().position(|column| column == name).unwrap()];
        let (id, postcode) = (cell("id"), cell("postcode"));
        let terminated =
            cell("flags").split('|').find_map(|flag| flag.strip_prefix("terminated_postcode:"));
        if let Some(month) = terminated {
            writeln!(gone, "{postcode},{month}").unwrap();
        }
        if cell("source").starts_with("nhsuk") {
            let (number, code) = id.split_once(':').unwrap();
            hospitals
                .write_record([
                    number,
                    code,
                    "Visible",
                    cell("name"),
                    postcode,
                    cell("lat"),
                    cell("lon"),
                ])
                .unwrap();
            continue;
        }
        let mut cells = vec![""; 27];
        (cells[0], cells[1], cells[9]) = (id, cell("name"), postcode);
        (cells[10], cells[11]) = (cell("open_date"), cell("close_date"));
        let status = cell("status")[..1].to_uppercase();
        cells[14] = cell("parent_id");
        if cell("source").starts_with("ebranchs") {
            branches.write_record(cells).unwrap();
        } else {
            (cells[12], cells[25]) = (&status, setting(cell("kind")));
            practices.write_record(cells).unwrap();
            if !cell("patients").is_empty() {
                writeln!(lists, "{id},{postcode},ALL,ALL,{}", cell("patients")).unwrap();
            }
        }
    }
    let write = |name: &str, bytes: Vec<u8>| {
        let path = scratch.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    ImportOptions {
        practices: Some(write("practices.csv", practices.into_inner().unwrap())),
        branches: Some(write("branches.csv", branches.into_inner().unwrap())),
        hospitals: Some(write("hospitals.csv", hospitals.into_inner().unwrap())),
        list_sizes: Some(write("lists.csv", lists.into_bytes())),
        rural_urban: vec![write("gone.csv", gone.into_bytes())],
        ..ImportOptions::new(data.join("codepoint_open_gb.csv.gz"))
    }
}

#[test]
fn messy_rows_all_have_their_codes() {
    let Some(data) = real_data("messy_rows_all_have_their_codes") else { return };
    let scratch = Scratch::empty();
    let made = import(&messy(&data, &scratch)).unwrap();
    assert_whole(&made);
    let organisations = &made.accounts[..3];
    let rows: Vec<usize> = organisations.iter().map(|account| account.rows).collect();
    assert_eq!(rows.iter().sum::<usize>(), 563);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, count) in organisations.iter().flat_map(|account| &account.by_code) {
        *counts.entry(code).or_default() += count;
    }
    let fates: Vec<usize> = [Fate::Used, Fate::SetAside, Fate::Excluded]
        .map(|fate| made.rows.iter().filter(|row| row.fate == fate).count())
        .into();
    assert_eq!((rows, fates), (vec![529, 16, 18], vec![178, 26, 359]));
    let expected = [
        ("S201", 109),
        ("S202", 5),
        ("S204", 91),
        ("S205", 250),
        ("S206", 68),
        ("S210", 7),
        ("S211", 2),
        ("S212", 64),
        ("S213", 22),
        ("S214", 1),
        ("S220", 152),
        ("S222", 21),
        ("S227", 4),
        ("S230", 15),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}
