//! Chores of the repository.
//!
//! `cargo run -p xtask -- population [--data DIR] [--check]` fits the population model on the
//! shared data and writes the files under `population/`; with `--check` it writes nothing and
//! says whether the files there are what the data gives.
//!
//! `cargo run -p xtask -- book [--check]` makes the pages of the book that come from data.
//!
//! `cargo run -p xtask -- data [--data DIR]` checks the measured data beside the repository: 0 where every file is
//! what it was, 1 where one is not, 2 where there is none.
//!
//! `cargo run -p xtask -- sbom|licences [--out FILE] [--target TRIPLE]` tells what the binary is made of: its bill
//! of materials (CycloneDX), and its licences with their texts.

mod chosen;
mod em;
mod files;
mod fit;
mod folds;
mod pedicles;
mod people;
mod population_chore;
mod spines;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xtask::{licences, parts, sbom};

const USAGE: &str = "usage: xtask population [--data DIR] [--check] | book [--check] | data [--data DIR] \
                     | sbom [--out FILE] [--target TRIPLE] | licences [--out FILE] [--target TRIPLE]";
/// The platform whose parts are told, unless another is named.
const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    let named = std::env::var_os("ONDOL_DATA").map(PathBuf::from);
    let mut data = named.unwrap_or_else(|| PathBuf::from("../shared/data"));
    let mut check = false;
    let mut out = None;
    let mut target = TARGET.to_owned();
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.len()) {
            ("--check", _) => check = true,
            ("--data", 1..) => data = arguments.next().map_or(data, PathBuf::from),
            ("--out", 1..) => out = arguments.next().map(PathBuf::from),
            ("--target", 1..) => target = arguments.next().unwrap_or(target),
            _ => return refuse(&format!("unknown argument {argument}")),
        }
    }
    match chore.as_deref() {
        Some("population") => match population_chore::run(&data, check) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error.to_string()),
        },
        Some("book") => match xtask::book::run(Path::new("."), check) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error),
        },
        Some("data") => match xtask::data::list().and_then(|list| xtask::data::report(&data, &list)) {
            Ok((text, standing)) => {
                print!("{text}");
                match standing {
                    Some(true) => ExitCode::SUCCESS,
                    Some(false) => ExitCode::FAILURE,
                    None => ExitCode::from(2),
                }
            }
            Err(error) => refuse(&error),
        },
        Some(chore @ ("sbom" | "licences")) => match made_of(chore, &target, out.as_deref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(&error),
        },
        _ => refuse("which chore?"),
    }
}

/// Writes what the binary is made of, to a file or to standard output.
fn made_of(chore: &str, target: &str, out: Option<&Path>) -> Result<(), String> {
    let root = Path::new(".");
    let parts = parts::read(root, target)?;
    let text = if chore == "sbom" {
        let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(text) => Some(text.parse().map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))?),
            Err(_) => None,
        };
        let bill = sbom::bill(&parts, seconds)?;
        serde_json::to_string_pretty(&bill).map_err(|error| error.to_string())? + "\n"
    } else {
        let table = std::fs::read_to_string(root.join("deny.toml"))
            .map_err(|error| format!("deny.toml: {error}; run this in the repository's folder"))?;
        licences::list(&parts, &licences::allowed(&table)?)?
    };
    match out {
        Some(file) => std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display())),
        None => std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string()),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("xtask: {why}\n{USAGE}");
    ExitCode::FAILURE
}
