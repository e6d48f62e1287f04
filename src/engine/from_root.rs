//! The search of an instance from one root.
//!
//! In: an instance, a root for it and an incumbent. Out: what the search found, under a hop limit or without
//! one; where time is up before a large graph is begun, the bound that holds without a search.

use super::exact::{self, Found, Incumbent, SearchSettings};
use super::instance::LARGE;
use super::rooted::Rooted;
use super::stop::Watch;
use super::{Instance, hops};

/// Whether time is up before the search of a large graph has begun.
pub(super) fn is_too_late(instance: &Instance, watch: &Watch<'_>) -> bool {
    instance.nodes() > LARGE && watch.is_interrupted()
}

/// The bound that holds without a search.
pub(super) fn trivial_bound(instance: &Instance) -> i64 {
    instance.goal.trivial_bound(instance.prizes.iter().sum(), 0)
}

/// What is known where no search was begun.
pub(super) fn unsearched(instance: &Instance, incumbent: Incumbent) -> Found {
    let bound = Some(trivial_bound(instance));
    Found { bound, root_bound: bound, ..Found::nothing(incumbent) }
}

/// Searches an instance from the given root, whatever root it has itself.
pub(super) fn search_from(
    instance: &Instance,
    root: u32,
    incumbent: Incumbent,
    settings: SearchSettings,
    watch: &Watch<'_>,
) -> Found {
    match (Rooted::new(instance, root), instance.max_hops) {
        (None, _) => Found::nothing(incumbent),
        (Some(_), _) if is_too_late(instance, watch) => unsearched(instance, incumbent),
        (Some(problem), Some(hops)) => {
            hops::search(&problem, hops, settings.neighbourhoods.unwrap_or(0), watch)
        }
        (Some(problem), None) => exact::search(problem, incumbent, Vec::new(), settings, watch),
    }
}
