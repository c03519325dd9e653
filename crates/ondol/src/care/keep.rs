//! What a person keeps: erased wholly with one command.

use super::Common;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde_json::json;

/// Arguments of `ondol care erase`.
#[derive(Args)]
pub struct Erase {
    /// Yes, erase everything; without it nothing is done
    #[arg(long)]
    yes: bool,
}

/// Runs `ondol care erase`.
pub fn erase(wish: &Erase, common: &Common) -> Result<(), Failure> {
    let store = common.store()?;
    if !wish.yes {
        let diary = store.record(&common.name).and_then(|record| record.diary()).map_err(Failure::input)?;
        return Err(Failure::input(format!(
            "this erases \"{}\" for good, with {} diary entries; `ondol care export` keeps a copy, `--yes` erases",
            common.name,
            diary.entries().len()
        )));
    }
    let erased = store.erase(&common.name).map_err(Failure::input)?;
    if common.json {
        return print_json(&json!({ "erased": common.name, "files": erased.files, "bytes": erased.bytes }));
    }
    println!("Erased \"{}\": {} files, {} bytes overwritten.", common.name, erased.files, erased.bytes);
    println!("Copies in backups are not reached; erase those there.");
    Ok(())
}
