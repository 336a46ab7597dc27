//! The claims about the noflush suspend as data, the configurations that they are checked on, and
//! the searches that check them. What a claim says is in `claims`; nothing here prints.
pub mod claims;
pub mod compare;
pub mod configurations;
mod engine;
pub mod findings;
pub mod fired;
pub mod history;
mod judges;
pub mod kills;
pub mod lassos;
pub mod liveness;
mod owed;
pub mod pins;
pub mod reduce;
pub mod search;
pub mod shrink;
pub mod simulated;
pub mod stranded;
pub mod system;
pub mod tape;
