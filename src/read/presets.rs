//! Programmes by name: what `preset = "..."` puts into a programme.
//!
//! What for: one line of a scenario stands for the published rules of a known programme. In: the table
//! `presets.toml`, which holds the same keys as a scenario and the source of every figure. Out: a
//! programme's table with the preset's keys wherever it has none of its own. It decides nothing.

use crate::error::{Error, ErrorKind};
use crate::model::PresetTerms;
use crate::read::document::{Branch, Node, read_document};

/// The presets as a table of scenario keys.
const PRESETS: &str = include_str!("presets.toml");

/// A known programme: its rules in words, and where they are published.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// What a scenario writes: `preset = "rgc_2019"`.
    pub name: String,
    /// Its rules in words.
    pub says: String,
    /// Where each figure is published.
    pub sources: Vec<String>,
    /// What no source states.
    pub assumed: String,
    keys: Branch,
}

impl Preset {
    /// What it says, for whoever reads a plan.
    pub(crate) fn terms(&self) -> PresetTerms {
        let Self { says, sources, assumed, .. } = self.clone();
        PresetTerms { says, sources, assumed }
    }

    /// A programme's own table over the keys of the preset.
    pub(crate) fn under(&self, own: &Branch) -> Branch {
        let mut keys = self.keys.clone();
        keys.extend(own.iter().map(|(key, entry)| (key.clone(), entry.clone())));
        keys
    }
}

/// All presets, sorted by name.
///
/// # Errors
///
/// An internal error when the built-in table cannot be read; a test holds that it can.
pub fn presets() -> Result<Vec<Preset>, Error> {
    let tree = read_document("presets.toml", PRESETS)
        .map_err(|_| Error::new(ErrorKind::Internal, "the built-in presets are no TOML"))?;
    let known = tree.into_iter().filter_map(|(name, entry)| match entry.node {
        Node::Table(table) => preset(name, table),
        _ => None,
    });
    Ok(known.collect())
}

fn preset(name: String, mut table: Branch) -> Option<Preset> {
    let text = |node: Node| match node {
        Node::Text(text) => Some(text),
        _ => None,
    };
    let Node::Table(keys) = table.remove("keys")?.node else { return None };
    let Node::List(sources) = table.remove("sources")?.node else { return None };
    Some(Preset {
        name,
        says: text(table.remove("says")?.node)?,
        sources: sources.into_iter().filter_map(|entry| text(entry.node)).collect(),
        assumed: text(table.remove("assumed")?.node)?,
        keys,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::keys::{KEYS, keys_under};

    #[test]
    fn every_preset_has_known_keys_words_and_sources() {
        let presets = presets().unwrap();
        let names: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
        let vouchers = ["gigabit_voucher_2018", "gigabit_voucher_2019", "gigabit_voucher_2020"];
        let mut expected = vec!["council_match", "lffn", "rgc_2019", "rgc_2020"];
        expected.splice(1..1, vouchers);
        assert_eq!(names, expected);
        // Every table of the file became a preset.
        assert_eq!(PRESETS.lines().filter(|line| line.ends_with(".keys]")).count(), names.len());
        for preset in presets {
            assert!(!preset.sources.is_empty() && !preset.says.is_empty(), "{}", preset.name);
            for key in preset.keys.keys() {
                assert!(keys_under(KEYS, "programmes[]").any(|known| known == key), "{key}");
                assert!(!["id", "preset", "budget_gbp", "window"].contains(&key.as_str()), "{key}");
            }
        }
    }
}
