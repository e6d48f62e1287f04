//! Files into the model: scenario folders, tables, plans, hashes.
