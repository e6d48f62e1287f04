//! The one integration test binary; each module tells one story.

mod golden;
mod results;
mod schema;
mod town;
