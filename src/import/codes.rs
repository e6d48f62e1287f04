//! The codes of imported rows.
//!
//! What a row is set aside, left out or remarked on for, in the words of the data dictionary.

/// Codes of imported rows and their meanings, as the data dictionary has them.
pub const IMPORT_CODES: [(&str, &str); 36] = [
    ("F125", "too many or few cells"),
    ("S101", "no code"),
    ("S103", "the same code or postcode on another row"),
    ("S111", "position outside the area or in the wrong unit"),
    ("S112", "position swapped"),
    ("S113", "position not a number"),
    ("S121", "unknown status"),
    ("S131", "list size out of form"),
    ("S201", "closed"),
    ("S202", "dormant"),
    ("S203", "proposed"),
    ("S204", "justice estate"),
    ("S205", "prescribing setting not planned for"),
    ("S206", "Channel Islands or Isle of Man"),
    ("S207", "its practice is not open"),
    ("S208", "outside the districts"),
    ("S210", "no postcode"),
    ("S211", "postcode out of form"),
    ("S212", "postcode terminated"),
    ("S213", "postcode unknown"),
    ("S214", "Northern Ireland"),
    ("S215", "postcode without coordinates"),
    ("S216", "unknown prescribing setting"),
    ("S220", "shares its position"),
    ("S221", "shares its name"),
    ("S222", "very short list"),
    ("S223", "list at another postcode"),
    ("S224", "practice without a list"),
    ("S225", "active with a closing date"),
    ("S226", "not known whether rural"),
    ("S227", "stands at its own position"),
    ("S228", "own position far from its postcode"),
    ("S229", "about no site used"),
    ("S230", "its practice is not in the file"),
    ("S231", "a part of a list"),
    ("S160", "no site"),
];

/// What a code says of an imported row.
pub(super) fn meaning(code: &str) -> &'static str {
    IMPORT_CODES.iter().find(|(known, _)| *known == code).map_or("", |(_, meaning)| meaning)
}
