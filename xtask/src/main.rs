//! Chores of the repository.
//!
//! `cargo run -p xtask -- population [--data DIR] [--check]` fits the population model on the
//! shared data and writes the files under `population/`; with `--check` it writes nothing and
//! says whether the files there are what the data gives.
//!
//! `cargo run -p xtask -- book [--check]` makes the pages of the book that come from data.

mod chosen;
mod em;
mod files;
mod fit;
mod folds;
mod pedicles;
mod people;
mod population_chore;
mod spines;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: xtask population [--data DIR] [--check] | book [--check]";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    let mut data = PathBuf::from("../shared/data");
    let mut check = false;
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.len()) {
            ("--check", _) => check = true,
            ("--data", 1..) => data = arguments.next().map_or(data, PathBuf::from),
            _ => return refuse(&format!("unknown argument {argument}")),
        }
    }
    match chore.as_deref() {
        Some("population") => match population_chore::run(&data, check) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error.to_string()),
        },
        Some("book") => match xtask::book::run(std::path::Path::new("."), check) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error),
        },
        _ => refuse("which chore?"),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("xtask: {why}\n{USAGE}");
    ExitCode::FAILURE
}
