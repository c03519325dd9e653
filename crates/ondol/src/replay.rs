//! `ondol replay`: the machine runs again on what it saw, and must say the same.

use crate::fail::{Failure, print_json};
use clap::Args;
use host::log::{LoggedSession, OutputsSum};
use machine::Machine;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `ondol replay`.
#[derive(Args)]
pub struct Arguments {
    /// The log of a session
    file: PathBuf,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

/// Runs `ondol replay`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let session = LoggedSession::open(&arguments.file).map_err(Failure::input)?;
    let ours = host::log::limits_checksum();
    if session.header.limits_checksum != ours {
        return Err(Failure::input(format!(
            "{} was made with another table of limits ({:08x}, here {ours:08x}) by ondol {}: use that version to replay it",
            arguments.file.display(),
            session.header.limits_checksum,
            session.header.ondol_version,
        )));
    }
    if !session.header.from_switch_on {
        return Err(Failure::input(format!(
            "{} cannot be replayed: the bed was on before it begins, and what its machine had seen by then is not in it. The bed's own log (bed-*.mcap) of the first session after switching on can be",
            arguments.file.display(),
        )));
    }
    let same = same(&session)?;
    if same.cycles == 0 {
        return Err(Failure::input(format!("{} holds no cycle", arguments.file.display())));
    }
    if arguments.json {
        return print_json(
            &json!({ "same": true, "cycles": same.cycles, "seconds_compared": same.seconds, "events": same.events }),
        );
    }
    let Same { cycles, events, seconds } = same;
    println!("Same, bit for bit: {cycles} cycles, {events} events, outputs of {seconds} seconds.");
    Ok(())
}

/// How much was the same.
pub struct Same {
    /// Cycles that were run again.
    pub cycles: u64,
    /// Events in them.
    pub events: u64,
    /// Seconds whose outputs were compared.
    pub seconds: u64,
}

/// Runs the machine again.
pub fn same(session: &LoggedSession) -> Result<Same, Failure> {
    let mut machine = Machine::new(&session.header.bed).map_err(Failure::input)?;
    let mut sum = OutputsSum::default();
    let mut same = Same { cycles: 0, events: 0, seconds: 0 };
    for cycle in session.cycles() {
        let cycle = cycle.map_err(Failure::input)?;
        let step = machine.step(cycle.now, &cycle.readings, cycle.request.as_ref());
        same.cycles += 1;
        if !step.events.iter().eq(cycle.events.iter()) {
            return Err(parted(
                cycle.now,
                "events",
                &format!("{:?}", cycle.events),
                &format!("{:?}", step.events),
            ));
        }
        same.events += step.events.len() as u64;
        sum.add(cycle.now, step.outputs.targets());
        if let Some(logged) = cycle.outputs {
            same.seconds += 1;
            let here = sum.take();
            if here != logged {
                return Err(parted(
                    cycle.now,
                    "outputs of the second before",
                    &format!("{logged:?}"),
                    &format!("{here:?}"),
                ));
            }
        }
    }
    Ok(same)
}

fn parted(now: counts::Instant, what: &str, logged: &str, here: &str) -> Failure {
    Failure::work(format!("parts at {:.3} s: {what}\n  logged: {logged}\n  here:   {here}", now.seconds()))
}
