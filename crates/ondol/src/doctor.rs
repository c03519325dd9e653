//! `ondol doctor`: what works on this computer, what does not, and the way out of each.
//!
//! It changes nothing, sends nothing out of this computer, and takes no longer than a few seconds.

mod house;
mod neighbours;
mod pace;
#[cfg(test)]
mod tests;

use crate::bed_file;
use crate::fail::{Failure, print_json};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Arguments of `ondol doctor`.
#[derive(Args)]
pub struct Arguments {
    /// Folder where people's records stand; by default the one this computer keeps for programs
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Port on which the page is wanted
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// A bed that has to answer; without it, a twin at its usual place is asked
    #[arg(long, value_name = "ADDRESS", alias = "bed")]
    at: Option<SocketAddr>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Port of the page, unless another is named. Source: design; the default of `ondol serve`.
const PORT: u16 = 7400;

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// It works.
    Fine,
    /// It works; something about it should be known.
    Note,
    /// It does not work.
    Bad,
}

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    says: String,
    /// What can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    way_out: Option<String>,
}

impl Finding {
    fn fine(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Fine, says: says.into(), way_out: None }
    }

    fn note(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Note, says: says.into(), way_out: None }
    }

    fn bad(what: &'static str, says: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what, state: State::Bad, says: says.into(), way_out: Some(way_out.into()) }
    }

    fn way(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }
}

/// What is looked at, in the order of the page; the last ones take seconds.
type Look<'a> = (&'static str, Box<dyn Fn() -> Finding + 'a>);

/// Runs `ondol doctor`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = crate::care::folder(arguments.data.as_deref()).ok();
    let data = folder.as_deref();
    let looks: Vec<Look> = vec![
        ("reference bed", Box::new(reference_bed)),
        ("programs", Box::new(programs)),
        ("screening", Box::new(questions)),
        ("machine", Box::new(machine)),
        ("data folder", Box::new(|| house::folder(data))),
        ("disk", Box::new(|| house::disk(data))),
        ("records", Box::new(|| house::records(data))),
        ("logs", Box::new(|| house::cut_off(data))),
        ("clock", Box::new(|| house::clock(data))),
        ("time zone", Box::new(house::time_zone)),
        ("port", Box::new(|| neighbours::port(arguments.port))),
        ("other hosts", Box::new(neighbours::hosts)),
        ("bed", Box::new(|| neighbours::bed(arguments.at))),
        ("browser", Box::new(neighbours::browser)),
        ("reports", Box::new(reports)),
        ("measured data", Box::new(measured)),
        ("processor", Box::new(pace::processors)),
        ("real time", Box::new(pace::real_time)),
    ];
    let found = look(&looks, arguments.json);
    let fine = found.iter().all(|finding| finding.state != State::Bad);
    if arguments.json {
        print_json(&json!({ "version": env!("CARGO_PKG_VERSION"), "fine": fine, "checks": found }))?;
    }
    if fine { Ok(()) } else { Err(Failure::work("something does not work, see above")) }
}

/// Looks at one thing after the other; for people each line is shown as soon as it is known.
fn look(looks: &[Look], json: bool) -> Vec<Finding> {
    let waiting = !json && std::io::stdout().is_terminal();
    if !json {
        println!("ondol {}", env!("CARGO_PKG_VERSION"));
    }
    let mut found = Vec::new();
    for (what, look) in looks {
        if waiting {
            print!("... {what:<14}");
            // Whoever cannot be shown that something is under way still gets the result.
            let _ = std::io::stdout().flush();
        }
        let finding = look();
        if waiting {
            print!("\r");
        }
        if !json {
            show(&finding);
        }
        found.push(finding);
    }
    found
}

fn show(finding: &Finding) {
    let mark = match finding.state {
        State::Fine => "ok  ",
        State::Note => "note",
        State::Bad => "BAD ",
    };
    println!("{mark} {:<14} {}", finding.what, finding.says);
    if let Some(way) = &finding.way_out {
        println!("     {:<14} -> {way}", "");
    }
}

fn reference_bed() -> Finding {
    const WHAT: &str = "reference bed";
    match bed_file::read(None) {
        Ok(bed) => Finding::fine(WHAT, format!("{} heads, checksum {:08x}", bed.heads(), bed.checksum())),
        Err(failure) => Finding::bad(WHAT, failure.to_string(), BROKEN),
    }
}

/// The way out where the program itself is not whole.
const BROKEN: &str = "this program is damaged: install it again";

fn programs() -> Finding {
    let names: Vec<_> = plan::shipped().iter().map(plan::Program::name).collect();
    if names.is_empty() {
        return Finding::bad("programs", "none", BROKEN);
    }
    Finding::fine("programs", names.join(", "))
}

fn questions() -> Finding {
    match care::questions().len() {
        0 => Finding::bad("screening", "no questions", BROKEN),
        count => Finding::fine("screening", format!("{count} questions")),
    }
}

/// The machine must stay without power while it knows nothing.
fn machine() -> Finding {
    const WHAT: &str = "machine";
    let says = bed_file::read(None).map_err(|failure| failure.to_string()).and_then(|bed| {
        let mut machine = machine::Machine::new(&bed).map_err(|error| error.to_string())?;
        let step = machine.step(counts::Instant::from_micros(2000), &counts::Readings::default(), None);
        let heats = step.outputs.targets().heaters.iter().any(|power| *power > counts::DeciWatts::ZERO);
        if heats { Err("heats without readings".to_owned()) } else { Ok("stays cold without readings") }
    });
    match says {
        Ok(says) => Finding::fine(WHAT, says),
        Err(says) => Finding::bad(WHAT, says, BROKEN),
    }
}

fn reports() -> Finding {
    match house::can_write(Path::new(".")) {
        Ok(()) => Finding::fine("reports", "this folder can be written, reports go to ./out"),
        Err(error) => Finding::note("reports", format!("this folder cannot be written ({error})"))
            .way("go to another folder, or give `session` --out DIR"),
    }
}

fn measured() -> Finding {
    match host::data_folder() {
        Some(path) => Finding::fine("measured data", format!("real spines at {}", path.display())),
        None => Finding::note("measured data", "none here: benches run on drawn people and say so")
            .way("set ONDOL_DATA, if you have it"),
    }
}
