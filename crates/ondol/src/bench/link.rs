//! `ondol bench link`: what becomes of the person when a host dies, stands still or is cut off in a session.
//!
//! Each round runs a bed in a process of its own and a host in another, with a line between them that can be cut,
//! held up or silenced. At a random moment of the session something happens to host or line. What followed is
//! read from the bed's own journal, by the twin's truth: how long heads pressed on, and whether they ever came back.

mod line;
mod round;

use super::quantile::{median, quantile, round};
use crate::fail::{Failure, print_json};
use clap::Args;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use round::{Loss, Outcome};
use serde::Serialize;

/// Arguments of `ondol bench link`.
#[derive(Args)]
pub struct Arguments {
    /// Rounds of all ways together
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// The bed lives so many times as fast as life
    #[arg(long, default_value_t = 4.0)]
    speed: f64,
    /// Seed of the moments
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

const SOURCE: &str = "A simulated person on the twin, bed and host in processes of their own; judged in the bed's own journal.";

/// The moment lies within so many seconds after the hand switch: the first scan, thinking, and strokes or the second
/// scan. A session whose plan is short may be over before; then another moment is drawn.
const WINDOW_S: std::ops::Range<f64> = 1.0..75.0;
/// So often another moment is drawn before that is a failure. Guess.
const DRAWS_MAX: u32 = 5;

/// One row of the table.
#[derive(Debug, Serialize)]
struct Row {
    what: &'static str,
    rounds: usize,
    in_time: usize,
    came_back: usize,
    pressed: usize,
    force_n_worst: f64,
    unasked_s_median: f64,
    unasked_s_worst: f64,
    released_s_median: f64,
    released_s_worst: f64,
}

/// Runs `ondol bench link`.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut rng = ChaCha8Rng::seed_from_u64(arguments.seed);
    let mut outcomes = Vec::new();
    let bar = indicatif::ProgressBar::new(u64::from(arguments.rounds));
    for number in 0..arguments.rounds {
        let loss = Loss::ALL[number as usize % Loss::ALL.len()];
        bar.set_message(loss.words());
        let mut drawn = 0;
        outcomes.push(loop {
            match round::live(loss, rng.random_range(WINDOW_S), arguments.speed)? {
                Ok(outcome) => break outcome,
                Err(over) if drawn == DRAWS_MAX => return Err(Failure::work(over)),
                Err(_) => drawn += 1,
            }
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    let rows: Vec<Row> = Loss::ALL.iter().filter_map(|loss| row(*loss, &outcomes)).collect();
    let bad = outcomes.iter().filter(|outcome| !outcome.in_time || outcome.came_back).count();
    if arguments.json {
        print_json(
            &serde_json::json!({ "source": SOURCE, "speed": arguments.speed, "rows": rows, "rounds": outcomes }),
        )?;
    } else {
        print(&rows, arguments.speed);
    }
    if bad == 0 { Ok(()) } else { Err(Failure::work(format!("{bad} rounds did not release as they must"))) }
}

fn row(loss: Loss, outcomes: &[Outcome]) -> Option<Row> {
    let mine: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.loss == loss).collect();
    let of = |value: fn(&Outcome) -> f64| mine.iter().map(|outcome| value(outcome)).collect::<Vec<f64>>();
    let worst = |values: &[f64]| round(quantile(values, 1.0), 3);
    let (unasked, released) = (of(|outcome| outcome.unasked_s), of(|outcome| outcome.released_s));
    (!mine.is_empty()).then(|| Row {
        what: loss.words(),
        rounds: mine.len(),
        in_time: mine.iter().filter(|outcome| outcome.in_time).count(),
        came_back: mine.iter().filter(|outcome| outcome.came_back).count(),
        pressed: mine.iter().filter(|outcome| outcome.from_n > 0.0).count(),
        force_n_worst: worst(&of(|outcome| outcome.from_n)),
        unasked_s_median: round(median(&unasked), 3),
        unasked_s_worst: worst(&unasked),
        released_s_median: round(median(&released), 3),
        released_s_worst: worst(&released),
    })
}

fn print(rows: &[Row], speed: f64) {
    println!("{SOURCE}");
    println!("The bed lives {speed} times as fast as life; seconds are the bed's.");
    println!(
        "{:<34} {:>6} {:>8} {:>10} {:>8} {:>8} {:>16} {:>17}",
        "what happens",
        "rounds",
        "in time",
        "came back",
        "pressed",
        "from, N",
        "until lapse, s",
        "then released, s"
    );
    for row in rows {
        println!(
            "{:<34} {:>6} {:>8} {:>10} {:>8} {:>8.0} {:>8.2} {:>7.2} {:>9.2} {:>7.2}",
            row.what,
            row.rounds,
            row.in_time,
            row.came_back,
            row.pressed,
            row.force_n_worst,
            row.unasked_s_median,
            row.unasked_s_worst,
            row.released_s_median,
            row.released_s_worst
        );
    }
    println!("seconds: median and worst; \"came back\": heads pressed again without a new session");
}
