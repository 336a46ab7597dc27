//! check
use crate::exit::{Exit, Failure};
use crate::output::Output;
use clap::Args;
/// Search
#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    pub(crate) json: bool,
}
impl Arguments {
    pub(crate) fn run(&self, output: &mut Output<'_>) -> Result<Exit, Failure> {
        output.line("")?;
        Ok(Exit::Ok)
    }
}
