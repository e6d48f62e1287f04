//! Amounts as JSON holds them: pounds, metres and units of weight.

use crate::units::{Amount, Millimetres, Pence, Weight};

#[allow(clippy::cast_precision_loss)] // far below 2^53 pence: the decimal that is printed is exact
pub(super) fn pounds(pence: Pence) -> f64 {
    pence.get() as f64 / 100.0
}

/// A value of an objective in its own unit: pounds or units of weight.
pub(super) fn own_unit(amount: Amount) -> f64 {
    match amount {
        Amount::Money(pence) => pounds(pence),
        other => units(Weight::from_thousandths(other.raw())),
    }
}

pub(super) fn units(weight: Weight) -> f64 {
    weight.units()
}

pub(super) fn metres(length: Millimetres) -> f64 {
    length.metres()
}

/// Seconds by phase, to the millisecond.
pub(super) fn by_phase<'a>(
    phases: impl IntoIterator<Item = &'a (&'static str, f64)>,
) -> serde_json::Map<String, serde_json::Value> {
    let in_millis = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
    phases
        .into_iter()
        .map(|&(phase, seconds)| (phase.to_owned(), in_millis(seconds).into()))
        .collect()
}
