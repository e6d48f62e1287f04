//! One screen: prepare, instance, engine, fund, plan, check.
