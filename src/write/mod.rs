//! Results into files: plan, tables, map, summary; whole or not at all.
