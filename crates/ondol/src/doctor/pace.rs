//! Whether this computer is quick and regular enough for the twin in real time. A real bed's board keeps its
//! own time and does not depend on it.

use super::Finding;
use crate::bed_file;
use bed::BedConfig;
use counts::{Micros, Targets};
use std::time::{Duration, Instant};
use twin::{Person, Surroundings, Twin};

/// One cycle. Source: design; 500 a second.
const CYCLE: Duration = Duration::from_millis(2);
/// So long wake-ups are watched. Guess: some hundred of them.
const WATCH: Duration = Duration::from_secs(2);
/// Steps of the twin that are timed. Source: design; a tenth of a second where a step takes 50 us.
const STEPS: u32 = 2000;
/// A wake-up later than this in one of a hundred is felt as jerks of the twin. Guess: five cycles.
const LATE_P99: Duration = Duration::from_millis(10);
/// The twin does not hurry after life once it stood still for longer than this.
/// Source: `ondol twin`, which then counts the time as lost.
const LATE_MAX: Duration = Duration::from_millis(50);
/// Share of a cycle that a step may take: the other half is for the line, the log and everybody else. Guess.
const SHARE: f64 = 0.5;

/// How many processors there are.
pub fn processors() -> Finding {
    const WHAT: &str = "processor";
    match std::thread::available_parallelism().map_or(0, usize::from) {
        0 => Finding::note(WHAT, "this system does not tell how many there are"),
        1 => Finding::note(WHAT, "one: twin and page share it"),
        count => Finding::fine(WHAT, format!("{count} at hand")),
    }
}

/// How late wake-ups come, and how long a step of the twin takes.
pub fn real_time() -> Finding {
    match bed_file::read(None) {
        Ok(bed) => verdict(&mut lateness(), step(&bed)),
        Err(failure) => Finding::bad("real time", failure.to_string(), super::BROKEN),
    }
}

/// How much later than asked each of the watched sleeps ended.
fn lateness() -> Vec<Duration> {
    let begin = Instant::now();
    let mut late = Vec::new();
    while begin.elapsed() < WATCH {
        let start = Instant::now();
        std::thread::sleep(CYCLE);
        late.push(start.elapsed().saturating_sub(CYCLE));
    }
    late
}

/// How long one step of the twin takes on the mean.
fn step(bed: &BedConfig) -> Duration {
    let mut twin = Twin::new(bed, &Person::draw(0), &Surroundings::draw(0));
    let targets = Targets::default();
    let start = Instant::now();
    for _ in 0..STEPS {
        twin.step(&targets, Micros::from_millis(2));
    }
    start.elapsed() / STEPS
}

/// What wake-ups that were so late and such a step say.
pub fn verdict(late: &mut [Duration], step: Duration) -> Finding {
    const WHAT: &str = "real time";
    late.sort_unstable();
    let (Some(worst), Some(p99)) = (late.last().copied(), late.get(late.len() * 99 / 100).copied()) else {
        return Finding::note(WHAT, "not measured");
    };
    let share = step.as_secs_f64() / CYCLE.as_secs_f64();
    let ms = |duration: Duration| 1e3 * duration.as_secs_f64();
    let says = format!(
        "wakes up {:.1} ms late at 99 %, {:.1} ms at worst; a step of the twin takes {:.1} % of its time",
        ms(p99),
        ms(worst),
        100.0 * share
    );
    if p99 <= LATE_P99 && worst <= LATE_MAX && share <= SHARE {
        return Finding::fine(WHAT, format!("{says}: the twin keeps pace"));
    }
    Finding::note(WHAT, format!("{says}: the twin falls behind life at times"))
        .way("end other programs; a real bed's board keeps its own time and does not depend on this computer")
}
