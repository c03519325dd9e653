//! `ondol bench scan`.

use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench scan`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench scan`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Err(Failure::work("not measured yet"))
}
