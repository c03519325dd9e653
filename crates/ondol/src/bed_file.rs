//! `ondol bed`: read a bed's description, check it, and say what such a bed can and cannot do.

mod ability;
mod line;
#[cfg(test)]
mod tests;

use crate::fail::{Failure, print_json};
use ability::{Row, Verdict};
use bed::BedConfig;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The reference bed, embedded.
const REFERENCE: &str = include_str!("../../../beds/reference.toml");

/// Arguments of `ondol bed`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a bed file against everything that the code was made for, and say what such a bed can do
    Check {
        /// The bed file, TOML
        file: PathBuf,
        /// Print JSON for machines
        #[arg(long)]
        json: bool,
    },
}

/// Runs `ondol bed`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Check { file, json } = &arguments.command;
    let bed = read(Some(file))?;
    let rows = ability::rows(&bed);
    if *json {
        return print_json(&json!({
            "file": file.display().to_string(),
            "bed": bed.name.as_str(),
            "version": bed.version,
            "checksum": format!("{:08x}", bed.checksum()),
            "rows": rows,
        }));
    }
    println!("{}: fine. Bed \"{}\", version {}.", file.display(), bed.name, bed.version);
    println!("  {} carriage(s), {} heads, {} heater zones", bed.carriages.len(), bed.heads(), bed.zones());
    println!("  checksum {:08x}", bed.checksum());
    for (verdict, title) in [
        (Verdict::Can, "What this bed can do"),
        (Verdict::Cannot, "What it cannot do"),
        (Verdict::Heed, "What to heed when building it"),
    ] {
        show(title, rows.iter().filter(|row| row.verdict == verdict));
    }
    Ok(())
}

fn show<'a>(title: &str, rows: impl Iterator<Item = &'a Row>) {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        println!("\n{title}");
    }
    for row in rows {
        println!("  {:<12} {}", row.about, row.says);
        if let Some(way) = &row.way_out {
            println!("  {:<12} -> {way}", "");
        }
    }
}

/// Reads a bed file, or the embedded reference bed.
pub fn read(path: Option<&Path>) -> Result<BedConfig, Failure> {
    let (name, text) = match path {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::input(format!(
                    "{}: cannot be read: {error}; see beds/reference.toml",
                    path.display()
                ))
            })?;
            (path.display().to_string(), text)
        }
        None => ("the embedded reference bed".to_owned(), REFERENCE.to_owned()),
    };
    parse(&name, &text).map_err(Failure::Input)
}

/// Reads and checks the text of a bed file; an error names file, line and what is allowed.
fn parse(name: &str, text: &str) -> Result<BedConfig, String> {
    let bed: BedConfig = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line::of_byte(text, span.start));
        let message = error.message().replace('\n', " ");
        format!("{}: {message}; compare with beds/reference.toml", place(name, line))
    })?;
    bed.check()
        .map_err(|error| format!("{}: {error}", place(name, line::of_key(text, error.key, error.value))))?;
    if let Some((second, least_mm)) = collision(&bed) {
        let found = bed.carriages[second].from_mm;
        let line = line::of_key(text, "carriage.from_mm", found);
        return Err(format!(
            "{}: carriage.from_mm is {found}, allowed is {least_mm} and more, or the heads of two carriages meet",
            place(name, line)
        ));
    }
    Ok(bed)
}

fn place(name: &str, line: Option<usize>) -> String {
    line.map_or_else(|| name.to_owned(), |line| format!("{name}, line {line}"))
}

/// A carriage whose travel begins so near to another's end that their rollers would touch: its number, and
/// from where on it may begin, mm.
fn collision(bed: &BedConfig) -> Option<(usize, f32)> {
    let mut order: Vec<usize> = (0..bed.carriages.len()).collect();
    order.sort_by(|a, b| bed.carriages[*a].from_mm.total_cmp(&bed.carriages[*b].from_mm));
    order.windows(2).find_map(|pair| {
        let least_mm = bed.carriages[pair[0]].to_mm + 2.0 * bed.roller.radius_mm;
        (bed.carriages[pair[1]].from_mm < least_mm).then_some((pair[1], least_mm))
    })
}
