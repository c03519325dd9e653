//! `ondol doctor`: what works on this computer.

use crate::bed_file;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde_json::json;
use std::path::Path;

/// Arguments of `ondol doctor`.
#[derive(Args)]
pub struct Arguments {
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

struct Check {
    what: &'static str,
    fine: bool,
    says: String,
}

/// Runs `ondol doctor`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let checks = [reference_bed(), programs(), questions(), machine(), writable(), data()];
    let fine = checks.iter().all(|check| check.fine);
    if arguments.json {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| json!({ "what": check.what, "fine": check.fine, "says": check.says }))
            .collect();
        print_json(&json!({ "version": env!("CARGO_PKG_VERSION"), "fine": fine, "checks": rows }))?;
    } else {
        println!("ondol {}", env!("CARGO_PKG_VERSION"));
        for check in &checks {
            println!("{} {:<18} {}", if check.fine { "ok " } else { "BAD" }, check.what, check.says);
        }
    }
    if fine { Ok(()) } else { Err(Failure::work("something does not work, see above")) }
}

fn reference_bed() -> Check {
    let (fine, says) = match bed_file::read(None) {
        Ok(bed) => (true, format!("{} heads, checksum {:08x}", bed.heads(), bed.checksum())),
        Err(failure) => (false, failure.to_string()),
    };
    Check { what: "reference bed", fine, says }
}

fn programs() -> Check {
    let names: Vec<_> = plan::shipped().iter().map(plan::Program::name).collect();
    Check { what: "programs", fine: !names.is_empty(), says: names.join(", ") }
}

fn questions() -> Check {
    let count = care::questions().len();
    Check { what: "screening", fine: count > 0, says: format!("{count} questions") }
}

/// The machine must stay without power while it knows nothing.
fn machine() -> Check {
    let says = bed_file::read(None).map_err(|failure| failure.to_string()).and_then(|bed| {
        let mut machine = machine::Machine::new(&bed).map_err(|error| error.to_string())?;
        let step = machine.step(counts::Instant::from_micros(2000), &counts::Readings::default(), None);
        let heats = step.outputs.targets().heaters.iter().any(|power| *power > counts::DeciWatts::ZERO);
        if heats {
            Err("heats without readings".to_owned())
        } else {
            Ok("stays cold without readings".to_owned())
        }
    });
    match says {
        Ok(says) => Check { what: "machine", fine: true, says },
        Err(says) => Check { what: "machine", fine: false, says },
    }
}

fn writable() -> Check {
    let (fine, says) = match tempfile_in(Path::new(".")) {
        Ok(()) => (true, "this folder can be written, reports go to ./out".to_owned()),
        Err(error) => (false, format!("this folder cannot be written ({error}): give --out DIR")),
    };
    Check { what: "reports", fine, says }
}

fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".ondol-doctor-{}", std::process::id()));
    std::fs::write(&path, b"")?;
    std::fs::remove_file(path)
}

fn data() -> Check {
    let folder = host::data_folder();
    let says = match folder {
        Some(path) => format!("real spines at {}", path.display()),
        None => "no measured data here: benches run on drawn people and say so (set ONDOL_DATA)".to_owned(),
    };
    Check { what: "measured data", fine: true, says }
}
