//! Who pays for what: fundability of a fixed plan by max-flow, and the split for reports.
