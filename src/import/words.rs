//! The words of published rows: prescribing settings, and whether an organisation is open.

use crate::import::organisations::Candidate;

/// A prescribing setting: code, words, kind of site, and whether it belongs to the justice estate.
pub(super) struct Setting {
    pub(super) code: &'static str,
    pub(super) words: &'static str,
    pub(super) kind: &'static str,
    pub(super) justice: bool,
}

const fn setting(code: &'static str, words: &'static str, kind: &'static str) -> Setting {
    Setting { code, words, kind, justice: false }
}

const fn justice(code: &'static str, words: &'static str) -> Setting {
    Setting { code, words, kind: "other", justice: true }
}

/// Prescribing settings of `epraccur` (NHS Organisation Data Service).
pub(super) const SETTINGS: [Setting; 23] = [
    setting("0", "other", "other"),
    setting("1", "walk-in centre", "other"),
    setting("2", "out of hours", "other"),
    setting("3", "walk-in centre and out of hours", "other"),
    setting("4", "GP practice", "gp_practice"),
    setting("8", "public health service", "community"),
    setting("9", "community health service", "community"),
    setting("10", "hospital service", "hospital"),
    setting("11", "optometry service", "other"),
    setting("12", "urgent and emergency care", "hospital"),
    setting("13", "hospice", "other"),
    setting("14", "care or nursing home", "other"),
    justice("15", "border force"),
    justice("16", "young offender institution"),
    justice("17", "secure training centre"),
    justice("18", "secure children's home"),
    justice("19", "immigration removal centre"),
    justice("20", "court"),
    justice("21", "police custody"),
    justice("22", "sexual assault referral centre"),
    justice("24", "other justice estate"),
    justice("25", "prison"),
    setting("", "not stated", "other"),
];

/// Whether an organisation is open, as its row says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    Open,
    Closed,
    Dormant,
    Proposed,
    Unknown,
}

pub(super) fn standing(row: &Candidate) -> Standing {
    let Some(status) = &row.status else {
        return if row.closes.is_empty() { Standing::Open } else { Standing::Closed };
    };
    match status.to_lowercase().as_str() {
        "a" | "active" | "visible" => Standing::Open,
        "c" | "closed" | "inactive" | "hidden" => Standing::Closed,
        "d" | "dormant" => Standing::Dormant,
        "p" | "proposed" => Standing::Proposed,
        _ => Standing::Unknown,
    }
}
