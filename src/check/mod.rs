//! The independent judge of a plan: it names model, plan and geometry, nothing else.
