//! The break reminder at work: it asks a clock, rings a bell, and takes answers from the terminal or a page.
//!
//! When a reminder is due is decided by [`care::breaks`]; here stand the real clock, the notification of the
//! system and, where there is none, the terminal. One [`BreakClock`] is shared by the loop and by pages: both read
//! it and both may answer. At most one reminder waits, and what was shown is taken back as soon as it no longer
//! waits, wherever it was answered.
//!
//! Nobody sees whether somebody sits: the person counts as sitting until a page or a key says "away".
//!
//! [`BreakDesk`] runs it beside a guide's pages, one a person, and has the counts kept as they change. What is kept
//! on a record is written by [`keep_counts`] and its neighbours; the loop itself keeps nothing.

mod bell;
mod desk;
mod kept;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use care::Day;
use care::breaks::{Breaks, Counts, Delay, NothingWaits, Now, Reminder, Reply, Settings, SettingsError};

pub use bell::{Bell, BellError, EitherBell, PageBell, SystemBell, TerminalBell};
pub use desk::{BreakDesk, BreakDesks};
pub use kept::{keep_counts, keep_settings, minute_of_day, recall, time_text};

/// Time between two looks at the clock.
///
/// Design: well below the minute that [`Breaks::tick`] asks for.
pub const LOOK_EVERY: Duration = Duration::from_secs(20);

/// A source of time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Now;
}

/// This computer's clocks.
///
/// On Linux and macOS the monotone one stands still while the machine sleeps, on Windows it may go on; the wall
/// clock goes on everywhere. [`Breaks`] takes a jump of either for sleep, so both are given.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Starts the monotone time.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now {
            monotone: self.start.elapsed(),
            unix_s: i64::try_from(unix.as_secs()).unwrap_or(i64::MAX),
            offset_s: jiff::Zoned::now().offset().seconds(),
        }
    }
}

/// What a page or a terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whether a reminder waits for an answer.
    pub waits: bool,
    /// Whether the person counts as sitting.
    pub sitting: bool,
    /// Sitting so far.
    pub sitting_for: Duration,
    /// Time until the next reminder; `None` while one waits.
    pub next: Option<Duration>,
    /// Counts of every day.
    pub statistics: BTreeMap<Day, Counts>,
}

/// The reminder, shared by everybody who shows it or answers it.
#[derive(Clone)]
pub struct BreakClock {
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

struct State {
    breaks: Breaks,
    sitting: bool,
}

impl BreakClock {
    /// Begins a stretch of sitting now, with the statistics of earlier runs.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn start(
        settings: Settings,
        statistics: BTreeMap<Day, Counts>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        let breaks = Breaks::start(settings, statistics, clock.now())?;
        Ok(Self { clock, state: Arc::new(Mutex::new(State { breaks, sitting: true })) })
    }

    /// Looks at the clock; returns a reminder that became due. Only the loop calls it: whoever gets the reminder
    /// has to show it.
    fn look(&self) -> Option<Reminder> {
        let mut state = self.state();
        let (now, sitting) = (self.clock.now(), state.sitting);
        state.breaks.tick(now, sitting)
    }

    /// Answers the reminder that waits.
    ///
    /// # Errors
    /// None waits: it was answered elsewhere or withdrawn.
    pub fn reply(&self, reply: Reply) -> Result<(), NothingWaits> {
        let mut state = self.state();
        let now = self.clock.now();
        state.breaks.reply(now, reply)
    }

    /// Tells whether the person sits; true from the start.
    pub fn set_sitting(&self, sitting: bool) {
        self.state().sitting = sitting;
    }

    /// What is to be shown, as of the loop's last look.
    #[must_use]
    pub fn view(&self) -> View {
        let state = self.state();
        View {
            waits: state.breaks.waits(),
            sitting: state.sitting,
            sitting_for: state.breaks.sitting(),
            next: state.breaks.next(),
            statistics: state.breaks.statistics().clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here is left half changed by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a person says at the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// An answer to the reminder.
    Reply(Reply),
    /// Getting up without being reminded, or coming back.
    Sitting(bool),
    /// End.
    Quit,
}

impl Command {
    /// Reads a line of the terminal: Enter takes the break, `5`, `10` and `15` put it off, `s` skips it, `a` is
    /// away, `b` is back, `q` ends. `None` for anything else.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        Some(match line.trim() {
            "" => Self::Reply(Reply::Taken),
            "5" => Self::Reply(Reply::Postpone(Delay::FiveMinutes)),
            "10" => Self::Reply(Reply::Postpone(Delay::TenMinutes)),
            "15" => Self::Reply(Reply::Postpone(Delay::FifteenMinutes)),
            "s" => Self::Reply(Reply::Skip),
            "a" => Self::Sitting(false),
            "b" => Self::Sitting(true),
            "q" => Self::Quit,
            _ => return None,
        })
    }
}

/// The loop: a clock to look at and a bell to ring.
pub struct Reminders<B> {
    clock: BreakClock,
    bell: B,
    shown: bool,
}

impl<B: Bell> Reminders<B> {
    /// A loop that has shown nothing yet.
    pub fn new(clock: BreakClock, bell: B) -> Self {
        Self { clock, bell, shown: false }
    }

    /// Takes a command, if there is one, looks at the clock and rings or falls silent. Returns false at the end.
    ///
    /// # Errors
    /// No bell rang; the reminder waits all the same, and pages show it.
    pub fn step(&mut self, command: Option<Command>) -> Result<bool, BellError> {
        match command {
            Some(Command::Quit) => {
                self.silence();
                return Ok(false);
            }
            // An answer that comes too late answers nothing.
            Some(Command::Reply(reply)) => drop(self.clock.reply(reply)),
            Some(Command::Sitting(sitting)) => self.clock.set_sitting(sitting),
            None => {}
        }
        let due = self.clock.look();
        if due.is_some() || !self.clock.view().waits {
            self.silence();
        }
        if let Some(reminder) = due {
            // Also when no bell rang: half of it may have been shown.
            self.shown = true;
            self.bell.ring(reminder)?;
        }
        Ok(true)
    }

    fn silence(&mut self) {
        if std::mem::take(&mut self.shown) {
            self.bell.silence();
        }
    }
}
