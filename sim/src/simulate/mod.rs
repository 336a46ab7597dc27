//! The seeded simulation of a host: many devices, many bios, virtual time.
pub mod oracle;
