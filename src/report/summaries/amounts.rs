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
