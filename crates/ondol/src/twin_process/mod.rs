//! `ondol twin`: the twin as a process of its own, where a bed's board would be.
//!
//! Machine, bed and body run here, as fast as life; a host comes to them over the link alone. What a host does,
//! fails to do or stops doing is judged here, in this process's own journal, by the twin's truth.

mod book;
mod explorer;
mod journal;
mod line;
mod plant;
mod release;

use crate::fail::Failure;
use crate::stage::Stage;
use crate::who::Who;
use clap::Args;
use journal::Journal;
use line::Lines;
use plant::Plant;
use std::io::{IsTerminal as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Arguments of `ondol twin`.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    who: Who,
    /// Another bed than the reference bed
    #[arg(long, value_name = "FILE")]
    bed: Option<PathBuf>,
    /// Seed of everything left to chance
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where hosts find it; port 0 takes any free one and prints it
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7407")]
    listen: SocketAddr,
    /// So many times as fast as life
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    speed: f64,
    /// The person lies down and presses the hand switch by themselves when the bed waits for it
    #[arg(long)]
    willing: bool,
    /// Folder for the bed's own journal and logs
    #[arg(long, value_name = "DIR")]
    log: Option<PathBuf>,
    /// End with whoever started this: when standard input is closed
    #[arg(long)]
    end_with_stdin: bool,
}

/// Slowest and fastest that the twin may run, times life. Guess: a cycle takes some twentieth of a millisecond.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=50.0;
/// Whoever stood still for longer than this does not hurry after life. Guess.
const BEHIND_MAX: Duration = Duration::from_millis(50);
/// Most cycles of one wake-up: requests come in between. Guess: 50 ms of the bed's time.
const CYCLES_MAX: u32 = 25;

/// Runs `ondol twin` until Ctrl-C.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !SPEEDS.contains(&arguments.speed) {
        let (low, high) = (SPEEDS.start(), SPEEDS.end());
        return Err(Failure::input(format!("--speed is {low} to {high}, not {}", arguments.speed)));
    }
    if !arguments.listen.ip().is_loopback() {
        return Err(Failure::input(format!(
            "{}: the link has no password, so the twin is heard on this computer alone: give --listen 127.0.0.1:{}",
            arguments.listen,
            arguments.listen.port()
        )));
    }
    let mut stage = Stage::set(&arguments.who, arguments.bed.as_deref(), arguments.seed)?;
    stage.surroundings.softening = true;
    let listener = TcpListener::bind(arguments.listen).map_err(|error| {
        Failure::input(format!("{}: {error}; give --listen another port", arguments.listen))
    })?;
    let address = listener.local_addr().map_err(Failure::work)?;
    let ended = Arc::new(AtomicBool::new(false));
    watch_for_end(&ended, arguments.end_with_stdin)?;
    let journal = Journal::open(arguments.log.as_deref(), &stage).map_err(Failure::work)?;
    let mut plant = Plant::new(&stage, arguments.willing, journal)?;
    let mut lines = Lines::open(listener).map_err(Failure::work)?;
    // Whoever started this may have stopped to listen: that is no reason to end.
    let _ = writeln!(std::io::stdout(), "The twin's bed is at {address}\n{}", host::NOTICE);
    let presses = presses();
    if presses.is_some() {
        let _ = writeln!(std::io::stdout(), "Enter presses its hand switch.");
    }
    live(&mut plant, &mut lines, arguments.speed, (&ended, presses.as_ref()));
    plant.end();
    Ok(())
}

/// Presses of Enter, where somebody sits at a terminal.
fn presses() -> Option<Receiver<()>> {
    let terminal = std::io::stdin().is_terminal();
    let (press, presses) = channel();
    terminal.then(|| {
        std::thread::spawn(move || {
            let enters = std::io::stdin().lines().map_while(Result::ok);
            for _ in enters.take_while(|_| press.send(()).is_ok()) {}
        });
        presses
    })
}

/// Keeps pace with life until the end.
fn live(
    plant: &mut Plant,
    lines: &mut Lines,
    speed: f64,
    (ended, presses): (&AtomicBool, Option<&Receiver<()>>),
) {
    let cycle = Duration::from_secs_f64(plant::CYCLE.raw() as f64 * 1e-6 / speed);
    let mut due = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        if presses.is_some_and(|presses| presses.try_recv().is_ok()) {
            plant.press(lines);
        }
        let late = Instant::now().saturating_duration_since(due);
        if late > BEHIND_MAX {
            plant.stood_still(late);
            due = Instant::now();
        }
        let mut cycles = 0;
        while due <= Instant::now() && cycles < CYCLES_MAX {
            plant.cycle(lines);
            due += cycle;
            cycles += 1;
        }
        lines.wait_until(due);
    }
}

/// Ctrl-C, and the end of whoever started this process, end it in good order.
fn watch_for_end(ended: &Arc<AtomicBool>, with_stdin: bool) -> Result<(), Failure> {
    let by_key = Arc::clone(ended);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::work)?;
    std::thread::spawn(move || {
        if runtime.block_on(crate::signals::end()).is_ok() {
            by_key.store(true, Ordering::Relaxed);
        }
    });
    if with_stdin {
        let by_parent = Arc::clone(ended);
        std::thread::spawn(move || {
            // Nothing is read from it: its end is all that it tells.
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            by_parent.store(true, Ordering::Relaxed);
        });
    }
    Ok(())
}
