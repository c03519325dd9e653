//! What is known of earlier sessions, and of this visit. What is not known counts as the strictest
//! that a session can start with.

use care::Day;
use serde::{Deserialize, Serialize};

/// Earlier sessions of one person. `None` means that it is not known.
///
/// An unknown dose counts as 30 CEM43 and an unknown past as a first session (safety concept, guard's
/// carry-in). A session earlier today at an unknown time refuses, since the gap cannot be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Sessions ever finished on such a bed.
    pub sessions: Option<u32>,
    /// Sessions begun today.
    pub sessions_today: Option<u32>,
    /// Seconds since the end of the last session; the shorter of counter and calendar.
    pub since_last_s: Option<f64>,
    /// Heat dose that the most heated strip of the person has had today, CEM43.
    pub dose_today_cem43: Option<f64>,
}

impl History {
    /// Somebody who is known never to have had a session.
    #[must_use]
    pub const fn newcomer() -> Self {
        Self { sessions: Some(0), sessions_today: Some(0), since_last_s: None, dose_today_cem43: Some(0.0) }
    }

    /// Somebody who has had `sessions` sessions, none of them today.
    #[must_use]
    pub const fn returning(sessions: u32) -> Self {
        Self {
            sessions: Some(sessions),
            sessions_today: Some(0),
            since_last_s: None,
            dose_today_cem43: Some(0.0),
        }
    }

    /// The dose counted for today, CEM43: never negative, the strictest when unknown.
    pub(crate) fn dose_cem43(&self) -> f64 {
        match self.dose_today_cem43 {
            Some(dose) if dose.is_finite() => dose.max(0.0),
            Some(_) => f64::from(bed::limits::DOSE_DAY_CEM43),
            None => f64::from(bed::limits::DOSE_PROGRAM_CEM43),
        }
    }
}

/// This visit: the day, the time that the person has, the weight that the bed shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The day of the session; the clearance must be of the same day.
    pub day: Day,
    /// Minutes that the whole session may take, scans included; `None` takes the program's.
    pub minutes: Option<f64>,
    /// Weight that the corner cells show, newtons; the lower of this and the stated mass counts.
    pub weight_n: Option<f64>,
}

impl Visit {
    /// A visit on `day` without wishes.
    #[must_use]
    pub const fn on(day: Day) -> Self {
        Self { day, minutes: None, weight_n: None }
    }
}
