//! `ondol export`: the twin's trunk, linearised, for an engine that is not ours.

use crate::bed_file;
use crate::fail::Failure;
use crate::who::Who;
use bed::Level;
use clap::{Args, Subcommand};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use twin::linear::Linear;

/// Arguments of `ondol export`.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the trunk on its pad, linearised where both heads press, as MJCF for MuJoCo, and beside it
    /// (same name, .json) what the twin makes of it; `tools/check_mujoco.py` compares
    Mjcf(Mjcf),
}

#[derive(Args)]
struct Mjcf {
    #[command(flatten)]
    who: Who,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of what a spine's file does not say: tissue
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Level under which the heads press, such as L3 or T12
    #[arg(long, default_value = "L3", value_parser = level)]
    level: Level,
    /// Force of both heads together, N
    #[arg(long, value_name = "N", default_value_t = 60.0, value_parser = force)]
    force: f64,
    /// Where the model goes, such as out/trunk.xml
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn level(text: &str) -> Result<Level, String> {
    Level::from_name(text).ok_or_else(|| "not a level; such as T1, T12 or L5".to_owned())
}

/// Forces of both heads at which the model can be made, N. Design: load cells feel a touch from 2 N a
/// head; above 100 N one of the reference bed's lifts is near its thrust limit.
const FORCE_N: std::ops::RangeInclusive<f64> = 10.0..=200.0;

fn force(text: &str) -> Result<f64, String> {
    let newtons: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if FORCE_N.contains(&newtons) {
        Ok(newtons)
    } else {
        Err(format!("allowed is {} to {} N", FORCE_N.start(), FORCE_N.end()))
    }
}

/// Runs `ondol export`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::Mjcf(arguments) = &arguments.command;
    if arguments.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
        return Err(Failure::input(format!(
            "{}: the twin's own prediction goes beside the model as .json; name the model .xml",
            arguments.out.display()
        )));
    }
    let bed = bed_file::read(arguments.bed.as_deref())?;
    let person = arguments.who.person(arguments.seed)?;
    let linear = Linear::at(&bed, &person, arguments.level, arguments.force).map_err(Failure::input)?;
    let prediction = json!({
        "notice": host::NOTICE,
        "person": person.name,
        "bed": bed.name.as_str(),
        "level": arguments.level,
        "force_n": arguments.force,
        "prediction": linear.predict(),
    });
    let beside = arguments.out.with_extension("json");
    let text = serde_json::to_string(&prediction).map_err(Failure::work)?;
    write(&beside, &text)?;
    write(&arguments.out, &linear.mjcf())?;
    println!("{}", host::NOTICE);
    println!("{}: the model, {} nodes", arguments.out.display(), linear.names().len());
    println!("{}: what the twin makes of it", beside.display());
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::input(format!("{}: {error}", path.display())))
}
