//! demo
use crate::exit::{Exit, Failure};
use crate::output::Output;
use clap::Args;
/// Show the cover letter of 2006: its problem and its solution, side by side
#[derive(Args)]
pub(crate) struct Arguments {}
impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        output.line("")?;
        Ok(Exit::Ok)
    }
}
