//! The device-mapper core.
pub mod errno;
pub mod ids;
pub mod list;
