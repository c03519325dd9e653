//! The reminder to get up from sitting: a state machine without a clock of its own.
//!
//! Terms: the *monotone* time only ever goes on and starts anywhere; all intervals are counted in it.
//! The *civil* time is what the wall shows; only quiet hours and the day of a statistic use it. A
//! *stretch* is sitting without a break; a *break* is [`BREAK_MIN`] or longer away. A reminder that was
//! given *waits* until it is answered, the person gets up, or quiet hours withdraw it; while one waits
//! no other is given.
//!
//! When the machine slept (either clock jumped by [`GAP_MIN`]) nobody knows what the person did: the
//! stretch starts afresh and nothing is counted as taken. A clock set back, summer time or a journey
//! change the civil time only, and so change no interval.
//!
//! Source: breaks and shifts of posture kept new low back pain at 9 % and 7 % against 33 % in six
//! months (Waongenngarm 2021, Scand J Work Environ Health 47:306, doi 10.5271/sjweh.3949; 193 office
//! workers, one trial).
//!
//! What this module does not do: it shows nothing and sees nobody; whether somebody sits is told to it.

#[cfg(test)]
mod tests;

use core::time::Duration;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::day::Day;

/// Sitting after which a reminder is given unless the person chooses otherwise.
///
/// Guess: half an hour. That breaks help is Waongenngarm 2021, whose device told each person when to get up or
/// shift; the abstract and introduction that were read name no interval. No trial compared intervals, and the
/// programmes reviewed ran from 5 minutes to 2 hours (Waongenngarm 2018, Appl Ergon 68:230).
pub const INTERVAL_MIN: u16 = 30;

/// Shortest time away that counts as a break.
///
/// Guess: one minute; the programmes reviewed had breaks from 20 seconds (Waongenngarm 2018).
pub const BREAK_MIN: Duration = Duration::from_secs(60);

/// Time between two calls, by either clock, from which the machine is taken to have slept.
///
/// Design: five minutes; callers call at least once a minute.
pub const GAP_MIN: Duration = Duration::from_secs(300);

/// Minutes in a day.
const DAY_MIN: u16 = 24 * 60;

/// An instant, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Monotone time from any start.
    pub monotone: Duration,
    /// Seconds since 1970-01-01T00:00:00 UTC.
    pub unix_s: i64,
    /// Local time less UTC, seconds; changes with summer time.
    pub offset_s: i32,
}

impl Now {
    fn local_s(&self) -> i64 {
        self.unix_s.saturating_add(i64::from(self.offset_s))
    }

    fn minute_of_day(&self) -> u16 {
        u16::try_from(self.local_s().rem_euclid(86_400) / 60).expect("a day has 1440 minutes")
    }

    fn day(&self) -> Day {
        Day::from_unix_seconds(u64::try_from(self.local_s()).unwrap_or(0))
    }
}

/// Hours without reminders: from and until, minutes after midnight; may run over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// First quiet minute.
    pub from_min: u16,
    /// First minute that is no longer quiet.
    pub until_min: u16,
}

impl Quiet {
    fn holds(self, minute: u16) -> bool {
        if self.from_min < self.until_min {
            (self.from_min..self.until_min).contains(&minute)
        } else {
            minute >= self.from_min || minute < self.until_min
        }
    }
}

/// What the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Sitting until a reminder, minutes, 5 to 240.
    pub interval_min: u16,
    /// Hours without reminders; none unless the person chooses them.
    ///
    /// Design: the trial says nothing on hours, and whoever sits at night sits as long as by day.
    pub quiet: Option<Quiet>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { interval_min: INTERVAL_MIN, quiet: None }
    }
}

/// A setting is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The interval.
    #[error("an interval of {0} minutes: choose 5 to 240")]
    Interval(u16),
    /// The quiet hours.
    #[error("quiet hours from minute {0} to {1} of the day: choose two different minutes, 0 to 1439")]
    Quiet(u16, u16),
}

/// How long a reminder is put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the minutes")]
pub enum Delay {
    FiveMinutes,
    TenMinutes,
    FifteenMinutes,
}

impl Delay {
    /// The delay as a time.
    #[must_use]
    pub fn time(self) -> Duration {
        let minutes = match self {
            Delay::FiveMinutes => 5,
            Delay::TenMinutes => 10,
            Delay::FifteenMinutes => 15,
        };
        Duration::from_secs(60 * minutes)
    }
}

/// What the person says to a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reply {
    /// The break is taken.
    Taken,
    /// Later.
    Postpone(Delay),
    /// Not this one.
    Skip,
}

/// A reminder that is due now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Sitting so far.
    pub sitting: Duration,
}

/// There is no reminder to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no reminder is waiting: it was answered or withdrawn")]
pub struct NothingWaits;

/// Counts of one day. Every reminder given ends up in exactly one of the others, or still waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Reminders given.
    pub given: u32,
    /// Break taken, by answer or by getting up.
    pub taken: u32,
    /// Put off.
    pub postponed: u32,
    /// Turned down.
    pub skipped: u32,
    /// Withdrawn without an answer: quiet hours, or the machine slept.
    pub unanswered: u32,
}

/// Whether a reminder is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The next reminder is due at this monotone time.
    Due { at: Duration },
    /// A reminder waits, given on this day.
    Waiting { given: Day },
}

/// The reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaks {
    settings: Settings,
    statistics: BTreeMap<Day, Counts>,
    /// Start of the stretch, by the monotone time.
    sitting_since: Duration,
    /// Start of being away; `None` while the person sits.
    away_since: Option<Duration>,
    mode: Mode,
    last: Now,
}

impl Breaks {
    /// Begins a stretch now, with the statistics of earlier runs.
    ///
    /// # Errors
    /// A setting is out of range.
    pub fn start(
        settings: Settings,
        statistics: BTreeMap<Day, Counts>,
        now: Now,
    ) -> Result<Self, SettingsError> {
        if !(5..=240).contains(&settings.interval_min) {
            return Err(SettingsError::Interval(settings.interval_min));
        }
        if let Some(Quiet { from_min, until_min }) = settings.quiet
            && (from_min == until_min || from_min >= DAY_MIN || until_min >= DAY_MIN)
        {
            return Err(SettingsError::Quiet(from_min, until_min));
        }
        let mode = Mode::Due { at: now.monotone };
        let mut breaks =
            Self { settings, statistics, sitting_since: now.monotone, away_since: None, mode, last: now };
        breaks.begin(now);
        Ok(breaks)
    }

    /// Counts by day on which the reminder was given.
    #[must_use]
    pub fn statistics(&self) -> &BTreeMap<Day, Counts> {
        &self.statistics
    }

    /// Whether a reminder waits for an answer.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self.mode, Mode::Waiting { .. })
    }

    /// Sitting so far in this stretch, as of the last call.
    #[must_use]
    pub fn sitting(&self) -> Duration {
        self.last.monotone.saturating_sub(self.sitting_since)
    }

    /// Time until the next reminder, as of the last call, if the person goes on sitting and it is not quiet then;
    /// `None` while one waits.
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        match self.mode {
            Mode::Due { at } => Some(at.saturating_sub(self.last.monotone)),
            Mode::Waiting { .. } => None,
        }
    }

    /// Tells that time went on and whether the person sits; returns a reminder that is due now. To be
    /// called at least once a minute.
    pub fn tick(&mut self, now: Now, sitting: bool) -> Option<Reminder> {
        let slept = self.slept(now);
        self.last = now;
        if slept {
            self.close(|counts| counts.unanswered += 1);
            self.away_since = None;
            self.begin(now);
        }
        if !sitting {
            let since = *self.away_since.get_or_insert(now.monotone);
            if now.monotone.saturating_sub(since) >= BREAK_MIN {
                self.close(|counts| counts.taken += 1);
                self.begin(now);
            }
            return None;
        }
        self.away_since = None;
        if self.settings.quiet.is_some_and(|quiet| quiet.holds(now.minute_of_day())) {
            if self.waits() {
                self.close(|counts| counts.unanswered += 1);
                self.mode = Mode::Due { at: now.monotone };
            }
            return None;
        }
        match self.mode {
            Mode::Due { at } if now.monotone >= at => {
                let given = now.day();
                self.mode = Mode::Waiting { given };
                self.statistics.entry(given).or_default().given += 1;
                Some(Reminder { sitting: now.monotone.saturating_sub(self.sitting_since) })
            }
            _ => None,
        }
    }

    /// Answers the reminder that waits.
    ///
    /// # Errors
    /// None waits.
    pub fn reply(&mut self, now: Now, reply: Reply) -> Result<(), NothingWaits> {
        if !self.waits() {
            return Err(NothingWaits);
        }
        match reply {
            Reply::Taken => {
                self.close(|counts| counts.taken += 1);
                self.begin(now);
            }
            Reply::Postpone(delay) => {
                self.close(|counts| counts.postponed += 1);
                self.mode = Mode::Due { at: now.monotone + delay.time() };
            }
            Reply::Skip => {
                self.close(|counts| counts.skipped += 1);
                self.mode = Mode::Due { at: now.monotone + self.interval() };
            }
        }
        Ok(())
    }

    /// Whether the machine slept, or was started again, since the last call.
    fn slept(&self, now: Now) -> bool {
        let Some(monotone) = now.monotone.checked_sub(self.last.monotone) else { return true };
        // Some monotone clocks stand still while the machine sleeps: then the wall is ahead of them.
        // A wall that was set back is behind and says nothing.
        let wall = u64::try_from(now.unix_s.saturating_sub(self.last.unix_s)).unwrap_or(0);
        monotone.max(Duration::from_secs(wall)) >= GAP_MIN
    }

    /// Begins a stretch.
    fn begin(&mut self, now: Now) {
        self.sitting_since = now.monotone;
        self.mode = Mode::Due { at: now.monotone + self.interval() };
    }

    /// Counts how the reminder that waits ended, if one waits.
    fn close(&mut self, count: impl FnOnce(&mut Counts)) {
        if let Mode::Waiting { given } = self.mode {
            count(self.statistics.entry(given).or_default());
        }
    }

    fn interval(&self) -> Duration {
        Duration::from_secs(60 * u64::from(self.settings.interval_min))
    }
}
