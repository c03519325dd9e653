//! Settings and counts of the reminder on a person's record, and times of day as people write them.

use std::collections::BTreeMap;

use care::Day;
use care::breaks::{Counts, Settings};

use crate::store::{Kept, Record, StoreError};

/// The latest settings, or the default, and the counts of every day.
///
/// # Errors
/// The record cannot be read.
pub fn recall(record: &Record, today: Day) -> Result<(Settings, BTreeMap<Day, Counts>), StoreError> {
    let settings =
        record.latest(Kept::BreakSettings, today)?.map(|(_, settings)| settings).unwrap_or_default();
    Ok((settings, record.all(Kept::BreakCounts)?.into_iter().collect()))
}

/// Keeps settings from today on.
///
/// # Errors
/// The record cannot be written.
pub fn keep_settings(record: &Record, today: Day, settings: &Settings) -> Result<(), StoreError> {
    record.keep(Kept::BreakSettings, today, settings)
}

/// Keeps the counts of the days that changed.
///
/// # Errors
/// The record cannot be read or written.
pub fn keep_counts(record: &Record, counts: &BTreeMap<Day, Counts>) -> Result<(), StoreError> {
    let kept: BTreeMap<Day, Counts> = record.all(Kept::BreakCounts)?.into_iter().collect();
    for (day, counts) in counts.iter().filter(|(day, counts)| kept.get(day) != Some(counts)) {
        record.keep(Kept::BreakCounts, *day, counts)?;
    }
    Ok(())
}

/// Minutes after midnight of a time such as 22:30.
#[must_use]
pub fn minute_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str, most: u16| {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
        part.parse::<u16>().ok().filter(|number| plain && *number <= most)
    };
    Some(60 * digits(hours, 23)? + digits(minutes, 59)?)
}

/// A minute of the day as a time such as 22:30.
#[must_use]
pub fn time_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
