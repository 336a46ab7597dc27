//! Fuzz target `events`: see `dm_properties::tape`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dm_properties::tape::events(bytes));
