//! What is made the most of, as prizes.

pub mod premises;
