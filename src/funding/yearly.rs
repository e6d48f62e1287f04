//! The money of programmes by year, as pots.
//!
//! In: a programme and the years of its scenario. Out: [`YearlyPot`], years by their place.

use crate::model::Programme;
use crate::units::{Pence, Year};

/// The money of a pot by year.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct YearlyPot {
    /// Places of the first and the last year in which it may pay.
    pub window: (u8, u8),
    /// By year: its money, and the most of what is left that moves on (`None` is any amount); nothing where
    /// there is one sum for the whole time.
    pub money: Option<Vec<(Pence, Option<Pence>)>>,
}

impl YearlyPot {
    /// The money of a programme in some years.
    #[must_use]
    pub fn of(programme: &Programme, years: &[Year]) -> Self {
        let place = |year: Year| years.iter().position(|&own| own >= year);
        let (first, last) =
            programme.window.map_or((0, years.len().saturating_sub(1)), |(first, last)| {
                let last = years.iter().rposition(|&own| own <= last).unwrap_or(0);
                (place(first).unwrap_or(years.len()), last)
            });
        // A scenario has at most some dozens of years.
        let narrow = |place: usize| u8::try_from(place).unwrap_or(u8::MAX);
        Self { window: (narrow(first), narrow(last)), money: programme.available_by_year(years) }
    }

    /// Whether it may pay in a year.
    #[must_use]
    pub const fn is_open(&self, year: u8) -> bool {
        self.window.0 <= year && year <= self.window.1
    }
}
