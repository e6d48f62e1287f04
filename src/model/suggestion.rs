//! What a mistaken name may have meant.
//!
//! In: a name and the names there are. Out: the nearest of them, or a list for the remedy of a fault.

use strsim::damerau_levenshtein;

/// The name nearest to a mistaken one, when any is near.
#[must_use]
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let distance = |known: &str| {
        let known = known.to_lowercase();
        let begun = lower.chars().count() >= 3 && known.starts_with(&lower);
        if begun { 1 } else { damerau_levenshtein(&lower, &known) }
    };
    let near = known.into_iter().map(|known| (distance(known), known.len(), known)).min()?;
    (near.0 <= (lower.chars().count() / 3).max(1)).then_some(near.2)
}

/// Of more names than these a message lists only the first.
const LISTED: usize = 30;

/// `did you mean X?` when a name is near, else the list of names.
#[must_use]
pub(crate) fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "there are none".to_owned(),
        None if known.len() > LISTED => {
            format!("there are {}, among them: {}", known.len(), known[..LISTED].join(", "))
        }
        None => format!("there are: {}", known.join(", ")),
    }
}
