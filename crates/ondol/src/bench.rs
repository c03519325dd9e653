//! `ondol bench`: measure.
use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Ok(())
}
