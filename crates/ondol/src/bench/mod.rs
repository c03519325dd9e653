//! `ondol bench`: measure how exact, how true, how fast, how safe.
//!
//! Every table says where its people come from, and every bench prints the same as JSON.

mod care;
mod force;
mod link;
mod many;
mod people;
mod quantile;
mod safety;
mod scan;
mod twin;

use crate::fail::Failure;
use clap::{Args, Subcommand};

/// Arguments of `ondol bench`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// How exact the scan is, on real spine shapes under simulated tissue
    Scan(scan::Arguments),
    /// How fast the twin with its machine and log is
    Twin(twin::Arguments),
    /// How well force is held
    Force(force::Arguments),
    /// Whether faults make a limit crossed
    Safety(safety::Arguments),
    /// What becomes of the person when host or line fail in a session
    Link(link::Arguments),
    /// How the twin compares with published measurements on people
    People(people::Arguments),
    /// How the triage does on worked cases
    Care(care::Arguments),
}

/// Runs `ondol bench`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.bench {
        Bench::Scan(arguments) => scan::run(arguments),
        Bench::Twin(arguments) => twin::run(arguments),
        Bench::Force(arguments) => force::run(arguments),
        Bench::Safety(arguments) => safety::run(arguments),
        Bench::Link(arguments) => link::run(arguments),
        Bench::People(arguments) => people::run(arguments),
        Bench::Care(arguments) => care::run(arguments),
    }
}
