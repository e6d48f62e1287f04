//! The strategies planners use today, for comparison on the same network, pots and weights.
mod growth;
mod least_tree;
#[cfg(test)]
mod tests;
mod tree_first;
mod tree_part;
mod tree_prices;
