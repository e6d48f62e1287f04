//! Why a building is not connected earlier than it is: a code of the range U370-379.

use serde::{Deserialize, Serialize};

use crate::error::Code;

/// Why a building is not connected a year earlier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LaterReason {
    /// U371: it, or its exchange, is not ready before.
    #[serde(rename = "U371")]
    NotReady,
    /// U372: the year before can build no more.
    #[serde(rename = "U372")]
    YearLimit,
    /// U373: the money of the year before does not reach that far.
    #[serde(rename = "U373")]
    Money,
    /// U374: a trunk that it shares with others is built no earlier, and its own part alone would fit.
    #[serde(rename = "U374")]
    Trunk,
    /// U375: by itself it would fit a year earlier; its group, or what brings more for its cost, decides.
    #[serde(rename = "U375")]
    Order,
}

impl LaterReason {
    /// Its rule code.
    #[must_use]
    pub const fn code(self) -> Code {
        Code(match self {
            Self::NotReady => "U371",
            Self::YearLimit => "U372",
            Self::Money => "U373",
            Self::Trunk => "U374",
            Self::Order => "U375",
        })
    }
}
