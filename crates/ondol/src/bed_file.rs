//! `ondol bed`: read and check a bed's description.

use crate::fail::Failure;
use bed::BedConfig;
use clap::{Args, Subcommand};
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
    /// Check a bed file against everything that the code was made for
    Check {
        /// The bed file, TOML
        file: PathBuf,
    },
}

/// Runs `ondol bed`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Check { file } = &arguments.command;
    let bed = read(Some(file))?;
    println!("{}: fine. Bed \"{}\", version {}.", file.display(), bed.name, bed.version);
    println!("  {} carriage(s), {} heads, {} heater zones", bed.carriages.len(), bed.heads(), bed.zones());
    match &bed.load_cell {
        Some(cell) => println!("  load cells up to {} N", cell.range_n),
        None => println!("  no load cells: force is told by the motor current, the scan tells no tension"),
    }
    match &bed.corners {
        Some(cells) => println!("  corner cells up to {} N, {} mm across", cells.range_n, cells.across_mm),
        None => println!("  no corner cells: nobody is known to lie on the bed"),
    }
    println!("  roller surface at most {:.1} C in contact (stored-heat rule)", bed.surface_ceiling_c());
    println!("  checksum {:08x}", bed.checksum());
    Ok(())
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
    let bed: BedConfig =
        toml::from_str(&text).map_err(|error| Failure::input(one_line(&name, &text, &error)))?;
    bed.check().map_err(|error| Failure::input(format!("{name}: {error}")))?;
    Ok(bed)
}

/// A parser's message as one line with file and line number.
fn one_line(name: &str, text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let message = error.message().replace('\n', " ");
    match line {
        Some(line) => format!("{name}, line {line}: {message}; compare with beds/reference.toml"),
        None => format!("{name}: {message}; compare with beds/reference.toml"),
    }
}
