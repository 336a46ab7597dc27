//! Exhaustive search.
