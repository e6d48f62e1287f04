//! The objects of the standard, as far as a plan has anything to say in them.

use serde::Serialize;

/// A reference to an organisation or a phase by its identifier; the name is the one it has there.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Reference {
    pub(super) id: String,
    pub(super) name: String,
}

/// Who funds something.
#[derive(Debug, Serialize)]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) roles: [&'static str; 1],
}

/// What is built in one year on the money of the same programmes.
#[derive(Debug, Serialize)]
pub(super) struct Phase {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) funders: Vec<Reference>,
}

/// A point or a line in degrees.
#[derive(Debug, Serialize)]
pub(super) struct Geometry<C> {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) coordinates: C,
}

/// An exchange, a building or a junction.
#[derive(Debug, Serialize)]
pub(super) struct Node {
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phase: Option<Reference>,
    pub(super) status: &'static str,
    pub(super) location: Geometry<[f64; 2]>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) types: Option<[&'static str; 1]>,
}

/// Words about how a span is laid.
#[derive(Debug, Serialize)]
pub(super) struct Laid {
    pub(super) description: String,
}

/// A span between two nodes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Span {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phase: Option<Reference>,
    pub(super) status: &'static str,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) directed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<Geometry<Vec<[f64; 2]>>>,
    pub(super) transmission_medium: [&'static str; 1],
    /// Where 0.3 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deployment_details: Option<Laid>,
    /// Where 0.4 has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supporting_infrastructure: Option<Laid>,
    /// In kilometres.
    pub(super) fibre_length: f64,
}
