//! Model into a route network: snapping, noding, proximity links, clean-up.
