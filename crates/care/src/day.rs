//! Calendar days, counted by the caller: this crate has no clock.
//!
//! A day is the number of days since 1970-01-01. Written out it is `YYYY-MM-DD` (proleptic Gregorian
//! calendar; conversion after Hinnant, "chrono-compatible low-level date algorithms").

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// A calendar day: days since 1970-01-01, in whatever time zone the caller keeps its calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub u32);

/// A text is no calendar day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no day: write it as YYYY-MM-DD, from 1970-01-01 to 9999-12-31")]
pub struct DayError {
    /// The text as it was given.
    pub text: String,
}

impl Day {
    /// The day that holds the instant `seconds` after 1970-01-01T00:00:00.
    ///
    /// ```
    /// assert_eq!(care::Day::from_unix_seconds(1_795_305_600).to_string(), "2026-11-22");
    /// ```
    #[must_use]
    pub fn from_unix_seconds(seconds: u64) -> Self {
        Self(u32::try_from(seconds / 86_400).unwrap_or(u32::MAX))
    }

    /// Whole days from `earlier` to this day; `None` when `earlier` lies in the future.
    #[must_use]
    pub fn days_since(self, earlier: Day) -> Option<u32> {
        self.0.checked_sub(earlier.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Days are counted from 0000-03-01, so that the leap day ends a year.
        let days = i64::from(self.0) + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || DayError { text: text.chars().take(40).collect() };
        let bytes = text.as_bytes();
        let digits = |range: core::ops::Range<usize>| {
            bytes
                .get(range)
                .filter(|part| part.iter().all(u8::is_ascii_digit))
                .map(|part| part.iter().fold(0_i64, |sum, digit| 10 * sum + i64::from(digit - b'0')))
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(error());
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
            return Err(error());
        };
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return Err(error());
        }
        let shifted = year - i64::from(month <= 2);
        let year_of_era = shifted % 400;
        let month_from_march = (month + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = shifted / 400 * 146_097 + day_of_era - 719_468;
        let parsed = Day(u32::try_from(days).map_err(|_| error())?);
        // 30 February and its like come back as another day.
        if parsed.to_string() == text { Ok(parsed) } else { Err(error()) }
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_are_written_and_read_back() {
        for (count, text) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_779, "2026-11-22"),
        ] {
            assert_eq!(Day(count).to_string(), text);
            assert_eq!(text.parse(), Ok(Day(count)));
        }
    }

    #[test]
    fn every_day_of_three_centuries_survives_the_round_trip() {
        for count in 0..110_000 {
            assert_eq!(Day(count).to_string().parse(), Ok(Day(count)));
        }
    }

    #[test]
    fn texts_that_are_no_day_are_refused() {
        for text in [
            "",
            "2026-02-30",
            "2025-02-29",
            "1969-12-31",
            "22.11.2026",
            "2026-13-01",
            "2026-1-01",
            "２０２６-1",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_day_that_can_be_counted_is_written_without_overflow() {
        assert!(Day(u32::MAX).to_string().ends_with(|last: char| last.is_ascii_digit()));
        assert_eq!(Day::from_unix_seconds(u64::MAX), Day(u32::MAX));
    }
}
