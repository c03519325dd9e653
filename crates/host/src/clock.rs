//! This computer's calendar: the only place that asks what day it is where the person lives.

use care::Day;

/// Today in the time zone of this computer (UTC where it names none).
#[must_use]
pub fn today() -> Day {
    let now = jiff::Zoned::now();
    let local = now.timestamp().as_second() + i64::from(now.offset().seconds());
    Day::from_unix_seconds(u64::try_from(local).unwrap_or_default())
}
