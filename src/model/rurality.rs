//! Rurality: published classes and plain words, as rural or urban.

use serde::Serialize;

use crate::model::Rurality;

/// The published scheme whose classes a table of sites uses.
///
/// Plain words (`rural`, `Urban city and town`) are understood under every scheme.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuralityScheme {
    /// Rural Urban Classification 2011 of England and Wales (Office for National Statistics). The classes of
    /// 2021, which bear other codes, are understood too.
    #[default]
    Ruc2011,
    /// The classification of 2021; the classes of 2011 are understood too.
    Ruc2021,
    /// Urban Rural Classification of Scotland, eight-fold.
    Scotland,
    /// Settlement bands of Northern Ireland.
    NorthernIreland,
}

impl RuralityScheme {
    /// Its classes, each with what it counts as.
    #[must_use]
    pub const fn classes(self) -> &'static [(&'static str, Rurality)] {
        use Rurality::{Rural, Urban};
        match self {
            Self::Ruc2011 | Self::Ruc2021 => &[
                ("A1", Urban),
                ("B1", Urban),
                ("C1", Urban),
                ("C2", Urban),
                ("D1", Rural),
                ("D2", Rural),
                ("E1", Rural),
                ("E2", Rural),
                ("F1", Rural),
                ("F2", Rural),
                ("UN1", Urban),
                ("UF1", Urban),
                ("RLN1", Rural),
                ("RLF1", Rural),
                ("RSN1", Rural),
                ("RSF1", Rural),
            ],
            Self::Scotland => &[
                ("1", Urban),
                ("2", Urban),
                ("3", Rural),
                ("4", Rural),
                ("5", Rural),
                ("6", Rural),
                ("7", Rural),
                ("8", Rural),
            ],
            Self::NorthernIreland => &[
                ("A", Urban),
                ("B", Urban),
                ("C", Urban),
                ("D", Urban),
                ("E", Rural),
                ("F", Rural),
                ("G", Rural),
                ("H", Rural),
            ],
        }
    }

    /// What a text of the rurality column counts as: a class of this scheme, or a plain word; `None`
    /// when it is neither.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Rurality> {
        let class = self.classes().iter().find(|(class, _)| class.eq_ignore_ascii_case(text));
        class.map(|&(_, rurality)| rurality).or_else(|| plain_word(text))
    }
}

/// Rural or urban by a text's first word, in any case (`Rural town and fringe`), or by the second after the size
/// of a settlement (`Smaller rural: Nearer to a major town or city`).
#[must_use]
pub fn plain_word(text: &str) -> Option<Rurality> {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    let mut first = words.next()?;
    if first.eq_ignore_ascii_case("larger") || first.eq_ignore_ascii_case("smaller") {
        first = words.next()?;
    }
    if first.eq_ignore_ascii_case("rural") {
        Some(Rurality::Rural)
    } else if first.eq_ignore_ascii_case("urban") {
        Some(Rurality::Urban)
    } else {
        None
    }
}

/// What a class of any scheme counts as; `None` when no scheme has it.
#[must_use]
pub fn any_class(text: &str) -> Option<Rurality> {
    [RuralityScheme::Ruc2011, RuralityScheme::Scotland, RuralityScheme::NorthernIreland]
        .into_iter()
        .find_map(|scheme| scheme.read(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_words_are_read_without_regard_to_case() {
        let read = |text| RuralityScheme::Ruc2011.read(text);
        assert_eq!(read("d1"), Some(Rurality::Rural));
        assert_eq!(read("C2"), Some(Rurality::Urban));
        for (class, rurality) in [
            ("UN1", Rurality::Urban),
            ("UF1", Rurality::Urban),
            ("rlf1", Rurality::Rural),
            ("RSN1", Rurality::Rural),
        ] {
            assert_eq!(read(class), Some(rurality), "{class}");
            assert_eq!(RuralityScheme::Ruc2021.read(class), Some(rurality), "{class}");
        }
        assert_eq!(read("Larger rural: Further from a major town or city"), Some(Rurality::Rural));
        assert_eq!(read("URBAN"), Some(Rurality::Urban));
        assert_eq!(read("Rural village and dispersed"), Some(Rurality::Rural));
        assert_eq!(read("ruralish"), None);
        assert_eq!(read("3"), None);
        assert_eq!(RuralityScheme::Scotland.read("3"), Some(Rurality::Rural));
        assert_eq!(RuralityScheme::NorthernIreland.read("D"), Some(Rurality::Urban));
        assert_eq!(any_class("8"), Some(Rurality::Rural));
    }
}
