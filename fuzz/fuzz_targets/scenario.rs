//! Fuzz target `scenario`: see `dm_sim::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dm_sim::fuzz::scenario(bytes));
