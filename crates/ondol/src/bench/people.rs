//! `ondol bench people`.

use crate::fail::Failure;
use clap::Args;

/// Arguments of `ondol bench people`.
#[derive(Args)]
pub struct Arguments {}

/// Runs `ondol bench people`.
pub fn run(_: &Arguments) -> Result<(), Failure> {
    Err(Failure::work("not measured yet"))
}
