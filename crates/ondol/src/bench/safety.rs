//! `ondol bench safety`.

use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench safety`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench safety`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Err(Failure::work("not measured yet"))
}
