//! Variants of a scenario from a file of overrides.
//!
//! In: a scenario folder and a TOML file with `[[variants]]`. Out: the scenario and every variant, read
//! as if its overrides stood in `scenario.toml`, or the variant's faults, placed in the variants' file.
//! Variants share the tables of the scenario unless they change what is read from them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::effort::{Effort, Interrupt};
use crate::error::{Error, ErrorKind, Fault};
use crate::model::Variant;
use crate::observe::{Observer, Silent};
use crate::read::document::{Branch, Entry, Node, read_document};
use crate::read::existing::read_existing;
use crate::read::files::{InputText, must_read};
use crate::read::keys::VARIANT_KEYS;
use crate::read::limits::MOST_SETTINGS;
use crate::read::overrides::{Overridden, Written, overridden};
use crate::read::section::{Section, Sink, shown};
use crate::read::settings::settings;
use crate::read::{
    Met, ReadOptions, Reading, Rejected, SCENARIO_FILE, Whole, finish, folders_are_there,
    read_tree, scenario_of, scenario_tree, settled,
};

/// The name of the scenario itself among its variants.
pub(crate) const BASE: &str = "base";

/// A scenario with its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantsReading {
    /// The scenario without overrides.
    pub base: Reading,
    /// Its variants, in the order of their file.
    pub variants: Vec<VariantReading>,
}

/// A variant as read.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantReading {
    /// The variant; its scenario is named by the base and the variant, `county-less-money`.
    pub variant: Variant,
    /// Remarks that stop nothing.
    pub notices: Vec<Fault>,
    /// Rows set aside; empty unless asked for.
    pub set_aside: Vec<Rejected>,
}

/// Reads the scenario of a folder, and its variants from a file.
///
/// A variant's `unset` is taken out of the tree of `scenario.toml`, then its `set` is merged over it:
/// tables key by key, a table over a list of tables with ids into the entries of those ids, anything else
/// in place of what was there; then its `add_programmes` are added. Tables are read once, except for a
/// variant that changes what is read from them (files, columns, words, rows, defaults of exchanges); under
/// quarantine also where rows of the scenario were set aside.
///
/// # Errors
///
/// As [`read_scenario`](crate::read::read_scenario) for the scenario itself; `Usage` when there is no such
/// file of variants; `Faults` when it is no TOML or its variants cannot be told apart by name, with the
/// faults of all variants. Otherwise a variant's faults are in its [`Variant::scenario`].
pub fn read_variants(
    folder: &Path,
    file: &Path,
    options: &ReadOptions,
) -> Result<VariantsReading, Error> {
    read_variants_within(folder, file, options, &Effort::default(), &mut Silent)
}

/// Reads the scenario of a folder and its variants within the seconds of an effort, or until the observer wants to
/// stop. Both are looked at as [`read_scenario_within`](crate::read::read_scenario_within) does, and between one
/// variant and the next.
///
/// # Errors
///
/// As [`read_variants`]; `Interrupted` when time was up before everything was read (I404).
pub fn read_variants_within(
    folder: &Path,
    file: &Path,
    options: &ReadOptions,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<VariantsReading, Error> {
    let interrupt = &Interrupt::new(effort.start(), observer);
    folders_are_there(folder, options)?;
    let (input, tree) = scenario_tree(folder)?;
    let missing = "there is no such file of variants";
    let of_variants = must_read(file, missing, MOST_SETTINGS)?;
    let whole = read_tree(&input, &tree, folder, options, interrupt);
    let variants = read_document(&of_variants.file, of_variants.body());
    let (whole, variants) = match (whole, variants) {
        (Ok(whole), Ok(variants)) => (whole, variants),
        (Err(error), Err(faults)) if error.kind() == ErrorKind::Faults => {
            return Err(Error::from_faults([error.faults(), &faults].concat()));
        }
        (Err(error), _) => return Err(error),
        (_, Err(faults)) => return Err(Error::from_faults(faults)),
    };
    let scenario = Base { input, tree, folder, options, whole, interrupt };
    scenario.with(&of_variants.file, &variants)
}

/// The scenario, as its variants need it.
struct Base<'a, 'o> {
    input: InputText,
    tree: Branch,
    folder: &'a Path,
    options: &'a ReadOptions,
    whole: Whole,
    interrupt: &'a Interrupt<'o>,
}

impl Base<'_, '_> {
    fn with(self, file: &str, tree: &Branch) -> Result<VariantsReading, Error> {
        let sink = Sink::new(file, tree);
        let document = Section::whole_of(VARIANT_KEYS, tree, &sink);
        if !document.has("variants") {
            document.missing("variants", "state one or more: [[variants]] with name and set");
        }
        let sections = document.sections("variants");
        let mut faults = sink.faults.take();
        let mut names = BTreeSet::new();
        let mut variants = Vec::with_capacity(sections.len());
        for section in &sections {
            self.interrupt.while_there_is_time()?;
            section.check_keys_of(VARIANT_KEYS, "variants[]");
            let name = name(section, &mut names);
            let variant = self.variant(section, name)?;
            if name.is_none() {
                faults.extend(variant.variant.scenario.as_ref().err().cloned().unwrap_or_default());
            }
            variants.push(variant);
        }
        if faults.is_empty() {
            return Ok(VariantsReading { base: self.whole.reading, variants });
        }
        // The file's own faults, then those of the variants that have a name.
        let others = variants.into_iter().filter_map(|variant| variant.variant.scenario.err());
        let others: Vec<Fault> = others.flatten().filter(|fault| !faults.contains(fault)).collect();
        Err(Error::from_faults([faults, others].concat()))
    }

    /// Reads a variant. All its faults are in it; an error is a file that cannot be read.
    fn variant(&self, section: &Section<'_>, name: Option<&str>) -> Result<VariantReading, Error> {
        let own = name.unwrap_or("unnamed");
        let name = name.unwrap_or(&section.path);
        let title = section.text("title").map(shown);
        let Overridden { mut tree, written } = overridden(&self.tree, section);
        let text = |text: String| Entry { line: 1, node: Node::Text(text) };
        let base = &self.whole.reading.scenario;
        let title = title.unwrap_or_else(|| format!("{}: {own}", base.title));
        tree.insert("name".to_owned(), text(format!("{}-{own}", base.name)));
        tree.insert("title".to_owned(), text(title.clone()));
        let place = Place { section, name, written: &written };
        let mut faults = section.take_faults();
        for fault in &mut faults {
            place.shorten(fault);
        }
        let (mut notices, mut set_aside) = (Vec::new(), Vec::new());
        let scenario = match self.read(&tree) {
            Ok(reading) if faults.is_empty() => {
                notices = reading.notices;
                for notice in &mut notices {
                    place.move_notice(notice);
                }
                set_aside = reading.set_aside;
                Ok(reading.scenario)
            }
            Ok(_) => Err(place.in_order(faults)),
            Err(error) if error.kind() == ErrorKind::Faults => {
                faults.extend(error.faults().iter().map(|fault| place.moved(fault)));
                Err(place.in_order(faults))
            }
            Err(error) => return Err(error),
        };
        let variant = Variant { name: name.to_owned(), title, scenario };
        Ok(VariantReading { variant, notices, set_aside })
    }

    /// Reads a tree with the tables of the base, where it may.
    fn read(&self, tree: &Branch) -> Result<Reading, Error> {
        let known = &self.whole.reading;
        let sink = Sink::new(&self.input.file, tree);
        let mut settings = settings(&Section::whole(tree, &sink));
        // A variant may state what rows set aside lacked.
        if settings.of_tables() != self.whole.of_tables || !known.set_aside.is_empty() {
            let mut reading =
                read_tree(&self.input, tree, self.folder, self.options, self.interrupt)?.reading;
            if reading.scenario.tables == known.scenario.tables {
                reading.scenario.tables = Arc::clone(&known.scenario.tables);
            }
            return Ok(reading);
        }
        let folders = [Some(self.folder), self.options.data_dir.as_deref()];
        let folders: Vec<&Path> = folders.into_iter().flatten().collect();
        read_existing(&mut settings, &sink, &folders)?;
        let tables = Arc::clone(&known.scenario.tables);
        let ids = tables.sites.rows.iter().map(|site| site.id.clone()).collect();
        let scenario = scenario_of(settings, tables);
        let met = Met { rows: Vec::new(), ids: &ids, faulty_sites: &[] };
        let mut gathered = settled(scenario, met, &sink, &self.whole.files);
        gathered.table_notices.clone_from(&self.whole.table_notices);
        finish(gathered, &sink, &self.whole.files, self.options.quarantine)
    }
}

/// Longest name of a variant: its scenario has that of the base as well.
const LONGEST_NAME: usize = 64;

/// The name of a variant, unless it has none, or none of its own.
fn name<'d>(section: &Section<'d>, names: &mut BTreeSet<&'d str>) -> Option<&'d str> {
    let name = section.need_text("name", "choose a short name of a-z, 0-9 and -")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.len() > LONGEST_NAME {
        let cause = format!("the name is longer than {LONGEST_NAME} letters");
        let remedy = "choose a short name such as less-money; it names a folder";
        section.fault("name", Fault::new("F108", cause, remedy).value(name));
        return None;
    }
    if name.is_empty() || !name.chars().all(plain) || name.starts_with('-') {
        let cause = "the name is not made of a-z, 0-9 and -";
        let fault = Fault::new("F108", cause, "choose a short name such as less-money");
        section.fault("name", fault.value(name));
        return None;
    }
    if name == BASE || !names.insert(name) {
        let cause = "the name is that of another, or of the scenario itself";
        let fault = Fault::new("F150", cause, "give each variant a name of its own");
        section.fault("name", fault.value(name));
        return None;
    }
    Some(name)
}

/// Where the faults of a variant are placed.
struct Place<'a, 'd> {
    section: &'a Section<'d>,
    name: &'a str,
    written: &'a Written,
}

impl Place<'_, '_> {
    /// Names a fault of the variant's own table by the variant, instead of its place in the list.
    fn shorten(&self, fault: &mut Fault) {
        if let Some(rest) = fault.place.field.strip_prefix(&self.section.path) {
            fault.place.field = format!("{}{rest}", self.name);
        }
    }

    /// A fault of the overridden scenario, placed where the variant says what is at fault; a fault of a
    /// row stays at its row.
    fn moved(&self, fault: &Fault) -> Fault {
        let mut fault = fault.clone();
        if fault.place.file != SCENARIO_FILE {
            let cause = &fault.cause;
            fault.cause = format!("{cause} (under {} of {})", self.name, self.section.file());
            return fault;
        }
        let field = &fault.place.field;
        let (line, path) =
            self.written.find(field).unwrap_or_else(|| (self.section.line_of(""), field.clone()));
        let path = format!("{}.{path}", self.name);
        fault.at(self.section.file(), Some(line), &path)
    }

    /// Faults in the order of the variants' lines, then those of tables as they are.
    fn in_order(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        let own = |fault: &Fault| fault.place.file == self.section.file();
        faults.sort_by_key(|fault| (!own(fault), fault.place.row.filter(|_| own(fault))));
        faults
    }

    /// Places a notice that is due to the variant; others stay in the scenario.
    fn move_notice(&self, notice: &mut Fault) {
        let of_scenario = notice.place.file == SCENARIO_FILE;
        if of_scenario && self.written.find(&notice.place.field).is_some() {
            *notice = self.moved(notice);
        }
    }
}
