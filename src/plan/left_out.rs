//! Why a site is not connected: a code of the range U300-399 with the numbers behind it.
//!
//! The serialised form is that of `plan.json`: `{"id", "code", "numbers"}`. The words are in
//! [`report`](crate::report::reason).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Code;
use crate::units::{Millimetres, Pence};

/// A site that is not connected, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct LeftOut {
    /// Id of the site.
    pub id: String,
    /// Why.
    pub reason: LeftOutReason,
}

impl LeftOut {
    /// A site and why it is not connected.
    #[must_use]
    pub fn new(id: impl Into<String>, reason: LeftOutReason) -> Self {
        Self { id: id.into(), reason }
    }

    /// The rule code of the reason.
    #[must_use]
    pub fn code(&self) -> Code {
        self.reason.code()
    }
}

/// Why a site is not connected.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LeftOutReason {
    /// U301: no programme may pay for it.
    NoProgramme,
    /// U302: its value in a column decides its eligibility and is missing.
    EligibilityUnknown {
        /// The column.
        column: String,
    },
    /// U310: no route leads from it to an exchange.
    NoRoute {
        /// Straight distance to the nearest junction that a route leads to.
        nearest_reachable: Option<Millimetres>,
        /// The nearest exchange that would serve its part of the network, were it joined to it.
        exchange_off: Option<ExchangeOff>,
    },
    /// U311: its shortest route is longer than the rules allow.
    TooLong {
        /// The length of that route.
        shortest_route: Millimetres,
    },
    /// U311: even its route of fewest spans has more than the rules allow.
    TooManySpans {
        /// How many that route has.
        fewest_spans: u64,
    },
    /// U312: it lies too far from every span to be joined, or across a barrier.
    TooFar {
        /// Straight distance to the nearest span.
        nearest: Option<Millimetres>,
    },
    /// U320: every exchange in reach is full.
    ExchangesFull,
    /// U330: the rules forbid it.
    Forbidden,
    /// U331: its group cannot be connected whole.
    GroupNotWhole,
    /// U332: a quota or another rule leaves no room for it.
    NoPlace,
    /// U340: caps or intervention rates leave part of its cost unpaid.
    PartUnpaid,
    /// U350: the programmes cannot pay for it, even alone.
    PotBinds(ConnectionCosts),
    /// U360: the money covers more elsewhere.
    Outvalued(ConnectionCosts),
    /// U361: it is worth no more than connecting it would cost.
    WorthNoMore(ConnectionCosts),
    /// U370: no year has room for it: money and what years can build go to others.
    NoYear,
    /// U380: time was up before it was looked into.
    NotLookedInto,
    /// U390: it has fibre already.
    HasFibre,
}

/// An exchange that is not joined to the network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExchangeOff {
    /// Its id.
    pub exchange: String,
    /// Straight distance from it to the network.
    pub to_network: Millimetres,
}

/// What connecting a site's building would cost, as far as that is known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ConnectionCosts {
    /// Alone, with nothing else built.
    pub own: Option<Pence>,
    /// Beyond what the plan builds.
    pub added: Option<Pence>,
    /// What it and what its way passes are worth, where the objective states worths.
    pub worth: Option<Pence>,
}

const OWN: &str = "own_cost_pence";
const ADDED: &str = "added_cost_pence";
const WORTH: &str = "worth_pence";
const OFF: &str = "exchange_not_joined";
const OFF_BY: &str = "exchange_to_network_mm";

impl LeftOutReason {
    /// Its rule code.
    #[must_use]
    pub const fn code(&self) -> Code {
        Code(match self {
            Self::NoProgramme => "U301",
            Self::EligibilityUnknown { .. } => "U302",
            Self::NoRoute { .. } => "U310",
            Self::TooLong { .. } | Self::TooManySpans { .. } => "U311",
            Self::TooFar { .. } => "U312",
            Self::ExchangesFull => "U320",
            Self::Forbidden => "U330",
            Self::GroupNotWhole => "U331",
            Self::NoPlace => "U332",
            Self::PartUnpaid => "U340",
            Self::PotBinds(_) => "U350",
            Self::Outvalued(_) => "U360",
            Self::WorthNoMore(_) => "U361",
            Self::NoYear => "U370",
            Self::NotLookedInto => "U380",
            Self::HasFibre => "U390",
        })
    }

    /// What connecting the site would cost, where that is behind it.
    #[must_use]
    pub const fn costs(&self) -> Option<ConnectionCosts> {
        match self {
            Self::PotBinds(costs) | Self::Outvalued(costs) | Self::WorthNoMore(costs) => {
                Some(*costs)
            }
            _ => None,
        }
    }

    /// The numbers behind it, by name with unit (`nearest_mm`, `own_cost_pence`).
    #[must_use]
    pub fn numbers(&self) -> BTreeMap<String, Value> {
        let length = |name, length: Option<Millimetres>| (name, length.map(|own| own.get().into()));
        let pence = |name, pence: Option<Pence>| (name, pence.map(|own| own.get().into()));
        let numbers: Vec<(&str, Option<Value>)> = match self {
            Self::EligibilityUnknown { column } => vec![("column", Some(column.clone().into()))],
            Self::NoRoute { nearest_reachable, exchange_off } => vec![
                length("nearest_reachable_mm", *nearest_reachable),
                (OFF, exchange_off.as_ref().map(|off| off.exchange.clone().into())),
                length(OFF_BY, exchange_off.as_ref().map(|off| off.to_network)),
            ],
            Self::TooLong { shortest_route } => {
                vec![length("shortest_route_mm", Some(*shortest_route))]
            }
            Self::TooManySpans { fewest_spans } => {
                vec![("fewest_spans", Some((*fewest_spans).into()))]
            }
            Self::TooFar { nearest } => vec![length("nearest_mm", *nearest)],
            Self::PotBinds(costs) | Self::Outvalued(costs) | Self::WorthNoMore(costs) => {
                vec![pence(OWN, costs.own), pence(ADDED, costs.added), pence(WORTH, costs.worth)]
            }
            _ => Vec::new(),
        };
        let known = numbers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        known.collect()
    }
}

/// The serialised form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    code: String,
    #[serde(default)]
    numbers: BTreeMap<String, Value>,
}

impl From<LeftOut> for Raw {
    fn from(left: LeftOut) -> Self {
        Self { code: left.code().0.to_owned(), numbers: left.reason.numbers(), id: left.id }
    }
}

impl TryFrom<Raw> for LeftOut {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let mut numbers = Numbers(raw.numbers);
        let reason = reason(&raw.code, &mut numbers)?;
        match numbers.0.keys().next() {
            Some(name) => Err(format!("{} has no number {name:?}", raw.code)),
            None => Ok(Self { id: raw.id, reason }),
        }
    }
}

fn reason(code: &str, numbers: &mut Numbers) -> Result<LeftOutReason, String> {
    Ok(match code {
        "U301" => LeftOutReason::NoProgramme,
        "U302" => LeftOutReason::EligibilityUnknown { column: numbers.text("column")? },
        "U310" => LeftOutReason::NoRoute {
            nearest_reachable: numbers.length("nearest_reachable_mm")?,
            exchange_off: numbers.exchange_off()?,
        },
        "U311" => match numbers.length("shortest_route_mm")? {
            Some(shortest_route) => LeftOutReason::TooLong { shortest_route },
            None => LeftOutReason::TooManySpans {
                fewest_spans: numbers.whole("fewest_spans")?.ok_or(
                    "U311 needs shortest_route_mm or fewest_spans among its numbers".to_owned(),
                )?,
            },
        },
        "U312" => LeftOutReason::TooFar { nearest: numbers.length("nearest_mm")? },
        "U320" => LeftOutReason::ExchangesFull,
        "U330" => LeftOutReason::Forbidden,
        "U331" => LeftOutReason::GroupNotWhole,
        "U332" => LeftOutReason::NoPlace,
        "U340" => LeftOutReason::PartUnpaid,
        "U350" => LeftOutReason::PotBinds(numbers.costs()?),
        "U360" => LeftOutReason::Outvalued(numbers.costs()?),
        "U361" => LeftOutReason::WorthNoMore(numbers.costs()?),
        "U370" => LeftOutReason::NoYear,
        "U380" => LeftOutReason::NotLookedInto,
        "U390" => LeftOutReason::HasFibre,
        other => return Err(format!("there is no reason {other:?} for leaving a site out")),
    })
}

/// Numbers that are taken out one by one; what is left over belongs to no reason.
struct Numbers(BTreeMap<String, Value>);

impl Numbers {
    fn text(&mut self, name: &str) -> Result<String, String> {
        match self.0.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(format!("its numbers need a text {name:?}")),
        }
    }

    fn whole(&mut self, name: &str) -> Result<Option<u64>, String> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let whole = value.as_u64();
        whole.map(Some).ok_or_else(|| format!("{name:?} is not a whole number of zero or more"))
    }

    fn length(&mut self, name: &str) -> Result<Option<Millimetres>, String> {
        Ok(self.whole(name)?.map(Millimetres::new))
    }

    fn pence(&mut self, name: &str) -> Result<Option<Pence>, String> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let pence = value.as_i64().map(Pence::new);
        pence.map(Some).ok_or_else(|| format!("{name:?} is not a whole number of pence"))
    }

    fn exchange_off(&mut self) -> Result<Option<ExchangeOff>, String> {
        let Some(to_network) = self.length(OFF_BY)? else { return Ok(None) };
        Ok(Some(ExchangeOff { exchange: self.text(OFF)?, to_network }))
    }

    fn costs(&mut self) -> Result<ConnectionCosts, String> {
        let (own, added) = (self.pence(OWN)?, self.pence(ADDED)?);
        Ok(ConnectionCosts { own, added, worth: self.pence(WORTH)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let costs = ConnectionCosts { own: Some(Pence::new(7)), added: None, worth: None };
        for reason in [
            LeftOutReason::NoProgramme,
            LeftOutReason::EligibilityUnknown { column: "speed".to_owned() },
            LeftOutReason::NoRoute {
                nearest_reachable: None,
                exchange_off: Some(ExchangeOff {
                    exchange: "X1".to_owned(),
                    to_network: Millimetres::new(609_000),
                }),
            },
            LeftOutReason::TooLong { shortest_route: Millimetres::new(5) },
            LeftOutReason::TooManySpans { fewest_spans: 4 },
            LeftOutReason::TooFar { nearest: Some(Millimetres::new(9)) },
            LeftOutReason::ExchangesFull,
            LeftOutReason::Forbidden,
            LeftOutReason::GroupNotWhole,
            LeftOutReason::NoPlace,
            LeftOutReason::PartUnpaid,
            LeftOutReason::PotBinds(costs),
            LeftOutReason::Outvalued(ConnectionCosts::default()),
            LeftOutReason::WorthNoMore(costs),
            LeftOutReason::NoYear,
            LeftOutReason::NotLookedInto,
            LeftOutReason::HasFibre,
        ] {
            let left = LeftOut::new("A1", reason);
            let text = serde_json::to_string(&left).unwrap();
            assert_eq!(serde_json::from_str::<LeftOut>(&text).unwrap(), left, "{text}");
        }
        let read = |text: &str| serde_json::from_str::<LeftOut>(text).unwrap_err().to_string();
        assert!(read(r#"{"id":"A","code":"elsewhere"}"#).contains("elsewhere"));
        assert!(read(r#"{"id":"A","code":"U311"}"#).contains("shortest_route_mm"));
        let odd = r#"{"id":"A","code":"U350","numbers":{"own_cost_pence":1,"cost":2}}"#;
        assert!(read(odd).contains("\"cost\""));
        assert!(read(r#"{"id":"A","code":"U312","numbers":{"nearest_mm":-1}}"#).contains("whole"));
        assert!(read(r#"{"id":"A","code":"U390","why":1}"#).contains("why"));
    }
}
