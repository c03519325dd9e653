//! `ondol bench force`.

use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench force`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench force`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Err(Failure::work("not measured yet"))
}
