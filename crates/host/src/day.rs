//! Twice a day: what the rules of the day have to know of a person's earlier sessions, safe against clocks
//! that were set, zones that changed and computers that were off.
//!
//! Two measures tell how long ago something was. The **calendar** is the difference of two UTC times; anybody
//! can set it. The **counter** ([`crate::store::House`]) only grows: by the kernel's time within one boot, and
//! over a boot by what the calendar says then, but never backwards. The stricter wins:
//!
//! * *Since the last session*: the shorter of both. Where the calendar says that it lies in the future, the
//!   clock was set back, and the counter alone speaks.
//! * *Today*: a session counts for today when it began on the same local day, by the zone of then, by that of
//!   now, or by the dates as they were read ([`STEADY_S`] either way); or when calendar and counter differ by
//!   more than [`STEADY_S`], so that one of them was set, and the shorter says less than 24 h.
//! * *Dose today*: the doses of these sessions, added strip by strip of the person; the most heated counts.
//! * *A scan alone*, without a stroke after it, is no session, a few times a day; its dose counts.
//! * *A session whose end nobody saw* ended as late as it can have ([`UNSEEN_S`]) and had the strictest dose.
//!
//! So a clock that was set back is strict a second time when it comes to the hour of a session again, for a
//! day; nobody is locked out for longer.
//!
//! **Why the calendar is believed over a boot**: a night with the computer switched off looks like no time at
//! all to a counter that believes nothing, and who switches the computer on for each session would wait three
//! hours each time. A clock that runs back, or stands (an empty battery), credits nothing. Setting the clock
//! while the computer runs gains nothing, whether Ondol runs or not: the kernel's time does not follow it.
//! What nothing here can tell from a night is a clock that is set forward between Ondol's last reading before
//! a restart of the computer and its first reading after it: in the firmware's menu, or by somebody who may
//! stop services, and who could as well delete the record. A bed that stays on holds the day's dose in its
//! own guard even then.

use bed::limits;
use counts::MilliCem43;
use plan::History;
use serde::{Deserialize, Serialize};

use crate::clock::Clocks;
use crate::dose::PersonDose;

/// Calendar and counter agree when they differ by no more than this, seconds. Guess: a computer that was off
/// for a night is corrected by less when it hears the time.
pub const STEADY_S: i64 = 120;
/// A day, seconds.
pub(crate) const DAY_S: i64 = 86_400;

/// A moment by both measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Calendar, seconds since 1970 (UTC).
    pub utc_s: i64,
    /// What the local zone added to it, seconds.
    pub zone_s: i32,
    /// Counter, seconds; comparable within one `house`.
    pub count_s: u64,
    /// Which counter it was: a number drawn when the counter began.
    pub house: u64,
}

impl Moment {
    /// Seconds since an earlier moment: by the calendar (negative where it lies in the future), and by the
    /// counter. A moment of another counter is at least as long ago as this counter counts.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (i64, i64) {
        let before = if earlier.house == self.house { earlier.count_s } else { 0 };
        let counter = i64::try_from(self.count_s.saturating_sub(before)).unwrap_or(i64::MAX);
        (self.utc_s.saturating_sub(earlier.utc_s), counter)
    }

    /// The shorter of both measures, seconds; the counter's where the calendar runs backwards.
    #[must_use]
    pub fn since_at_least(&self, earlier: &Self) -> i64 {
        let (calendar, counter) = self.since(earlier);
        if calendar < 0 { counter } else { calendar.min(counter) }
    }

    /// Whether something that began then counts for today.
    #[must_use]
    pub fn is_today(&self, begun: &Self) -> bool {
        let (calendar, counter) = self.since(begun);
        let day = |utc_s: i64, zone_s: i32| utc_s.saturating_add(i64::from(zone_s)).div_euclid(DAY_S);
        let same = |zone_then, zone_now| {
            day(self.utc_s.saturating_sub(STEADY_S), zone_now)
                <= day(begun.utc_s.saturating_add(STEADY_S), zone_then)
        };
        let (then, now) = (begun.zone_s, self.zone_s);
        let same = same(then, then) || same(now, now) || same(then, now);
        let set = calendar.abs_diff(counter) > STEADY_S.unsigned_abs();
        (calendar >= 0 && same) || (set && self.since_at_least(begun) < DAY_S)
    }

    /// The same moment some seconds later by both measures, but not after `latest` by either.
    #[must_use]
    pub fn later(&self, seconds: u32, latest: &Self) -> Self {
        let utc_s = self.utc_s.saturating_add(i64::from(seconds));
        let count_s = self.count_s.saturating_add(u64::from(seconds));
        let counts = if self.house == latest.house { count_s.min(latest.count_s) } else { count_s };
        Self { utc_s: utc_s.min(latest.utc_s.max(self.utc_s)), count_s: counts, ..*self }
    }
}

/// Counts the seconds that have surely passed, over all sleeps, restarts and clock changes of a computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// A number drawn when it began.
    pub house: u64,
    /// Seconds counted.
    pub count_s: u64,
    /// The clocks at which it was read last.
    pub last: Clocks,
}

impl Counter {
    /// Moves the counter on to what the clocks say now.
    pub fn read(&mut self, now: &Clocks) -> Moment {
        let passed = if now.boot == self.last.boot {
            now.up_s.saturating_sub(self.last.up_s)
        } else {
            // This boot is younger than the last reading; before it, the calendar is all there is.
            u64::try_from(now.utc_s.saturating_sub(self.last.utc_s)).unwrap_or(0).max(now.up_s)
        };
        self.count_s = self.count_s.saturating_add(passed);
        self.last = now.clone();
        Moment { utc_s: now.utc_s, zone_s: now.zone_s, count_s: self.count_s, house: self.house }
    }
}

/// What of a session was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// At least one stroke, and an end in good order.
    Strokes,
    /// A scan alone: it was refused, or nothing of what followed was taken. Nobody has to wait hours for that.
    ScanAlone,
    /// Nobody knows.
    Unknown,
}

/// A day's scans without a stroke that count for no session; with one more, all of them count.
/// Guess: a person lies down anew after a refused scan, and looks at what is proposed once or twice.
pub const SCANS_ALONE_A_DAY: usize = 4;

/// An earlier session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// When it was reserved.
    pub begun: Moment,
    /// When it ended; where nobody saw that, the latest that it can have.
    pub ended: Moment,
    /// What of it was given.
    pub given: Given,
    /// What is charged for it.
    pub dose: PersonDose,
}

/// Longest time from the last sign of life of a session to its end, seconds: a whole session, and a minute
/// in which the bed waits for a host that is gone (guard: it ends the session then).
pub const UNSEEN_S: u32 = limits::SESSION_S as u32 + 60;

/// The dose that counts for today, by strips of the person.
#[must_use]
pub fn dose_today(now: &Moment, sessions: &[Past]) -> PersonDose {
    let today = sessions.iter().filter(|session| now.is_today(&session.begun));
    today.fold(PersonDose::NONE, |sum, session| sum.plus(&session.dose))
}

/// What the rules of the day have to know.
#[must_use]
pub fn history(now: &Moment, sessions: &[Past]) -> History {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let cem43 = |dose: MilliCem43| f64::from(dose.raw()) / 1000.0;
    let today = |session: &&Past| now.is_today(&session.begun);
    let alone = |session: &&Past| session.given == Given::ScanAlone;
    let many = sessions.iter().filter(today).filter(alone).count() > SCANS_ALONE_A_DAY;
    let counting = || sessions.iter().filter(|session| many || !alone(session));
    History {
        sessions: Some(count(sessions.iter().filter(|session| session.given == Given::Strokes).count())),
        sessions_today: Some(count(counting().filter(today).count())),
        since_last_s: counting().map(|session| now.since_at_least(&session.ended)).min().map(|s| s as f64),
        dose_today_cem43: Some(cem43(dose_today(now, sessions).most())),
    }
}

#[cfg(test)]
mod tests;
