//! `ondol bench twin`.

use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench twin`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench twin`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Err(Failure::work("not measured yet"))
}
