//! Fuzz target `table`: see `dm_sim::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dm_sim::fuzz::table(bytes));
