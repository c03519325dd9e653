//! `ondol backup`: a copy of everything that people keep here, while it is in use.

use crate::care;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `ondol backup`.
#[derive(Args)]
pub struct Arguments {
    /// A folder that is not there yet; without it the records are only checked
    into: Option<PathBuf>,
    /// Folder where people's records stand; by default the one this computer keeps for programs
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Runs `ondol backup`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let store = care::store(&care::folder(arguments.data.as_deref())?)?;
    let Some(into) = &arguments.into else {
        store.check().map_err(Failure::work)?;
        if arguments.json {
            return print_json(&json!({ "sound": true }));
        }
        println!("Every database is sound.");
        return Ok(());
    };
    let copied = store.backup(into).map_err(Failure::input)?;
    if arguments.json {
        return print_json(
            &json!({ "into": into, "people": copied.people, "logs": copied.logs, "bytes": copied.bytes }),
        );
    }
    let megabytes = copied.bytes as f64 * 1e-6;
    println!(
        "{}: {} people, {} logs, {megabytes:.1} MB, checked.",
        into.display(),
        copied.people,
        copied.logs
    );
    println!("To go back to it: end ondol, then give it as --data, or put it in the place of the folder.");
    println!("It holds what people told: keep it as private as the folder itself.");
    Ok(())
}
