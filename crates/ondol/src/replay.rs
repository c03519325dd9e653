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
    let mut machine = Machine::new(&session.header.bed).map_err(Failure::input)?;
    let mut sum = OutputsSum::default();
    let (mut cycles, mut seconds, mut events) = (0_u64, 0_u64, 0_u64);
    for cycle in session.cycles().map_err(Failure::input)? {
        let cycle = cycle.map_err(Failure::input)?;
        let step = machine.step(cycle.now, &cycle.readings, cycle.request.as_ref());
        cycles += 1;
        if !step.events.iter().eq(cycle.events.iter()) {
            return Err(parted(
                cycle.now,
                "events",
                &format!("{:?}", cycle.events),
                &format!("{:?}", step.events),
            ));
        }
        events += step.events.len() as u64;
        sum.add(cycle.now, step.outputs.targets());
        if let Some(logged) = cycle.outputs {
            seconds += 1;
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
    if cycles == 0 {
        return Err(Failure::input(format!("{} holds no cycle", arguments.file.display())));
    }
    if arguments.json {
        return print_json(
            &json!({ "same": true, "cycles": cycles, "seconds_compared": seconds, "events": events }),
        );
    }
    println!("Same, bit for bit: {cycles} cycles, {events} events, outputs of {seconds} seconds.");
    Ok(())
}

fn parted(now: counts::Instant, what: &str, logged: &str, here: &str) -> Failure {
    Failure::work(format!("parts at {:.3} s: {what}\n  logged: {logged}\n  here:   {here}", now.seconds()))
}
