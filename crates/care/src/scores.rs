//! Pain and disability scores, and whether a change in them is large enough to matter.
//!
//! Terms: *NPRS* is the numeric pain rating scale, 0 (no pain) to 10 (worst pain that can be
//! imagined). *Roland-Morris* is the number of ticked statements of the Roland-Morris disability
//! questionnaire, 0 to 24; only the number is kept here, the statements are not part of the project.
//! A *reading* puts a change into words. It is strict: an improvement is named only when every rule
//! that applies agrees, and everything else is "no clear change".
//!
//! Sources: Ostelo 2008, Spine 33:90, doi 10.1097/BRS.0b013e31815e3a10 (consensus: 2 points NPRS,
//! 5 points Roland-Morris, or 30 % of the first score); Farrar 2001, Pain 94:149 (about 2 points or
//! 30 %, and more points from a higher start); Stratford 1996, Phys Ther 76:359 (a single person's
//! Roland-Morris moves 4 to 5 points by chance, and shows no improvement from below 4); Stratford,
//! "Sensitivity to change of the Roland-Morris back pain questionnaire: part 1", Phys Ther (2, 4, 5,
//! 8, 8 points from 0-8, 5-12, 9-16, 13-20, 17-24).
//!
//! What this module does not do: it names no cause and promises nothing. The changes that matter were
//! found for improvement; for worsening the same size is a convention.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::day::Day;

/// Smallest difference in pain that matters, points.
///
/// Source: Ostelo 2008; Farrar 2001.
pub const PAIN_POINTS: f64 = 2.0;

/// Smallest improvement in pain that matters, as a part of the first score.
///
/// Source: Ostelo 2008; Farrar 2001.
pub const PAIN_PART: f64 = 0.3;

/// Smallest rise of the Roland-Morris score that is called worse, points.
///
/// Source: Ostelo 2008 (5 points); lies at the upper end of chance, Stratford 1996 (4 to 5).
pub const ROLAND_WORSE_POINTS: u8 = 5;

/// Days at either end of a course that are averaged.
///
/// Design: one week, so that working days and weekends count alike.
pub const COURSE_DAYS: u32 = 7;

/// Values that either end of a course needs.
///
/// Guess: three of seven days; fewer would be the mood of a day.
pub const COURSE_VALUES_MIN: usize = 3;

/// A number lies outside its scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{value} is outside the scale: {scale} goes from 0 to {max}")]
pub struct ScaleError {
    /// The number as it was given.
    pub value: u8,
    /// Name of the scale.
    pub scale: &'static str,
    /// Its largest number.
    pub max: u8,
}

/// A number from 0 to 10: pain on the numeric pain rating scale, or stress asked in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Nprs(u8);

/// Ticked statements of the Roland-Morris questionnaire, 0 to 24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Roland(u8);

impl TryFrom<u8> for Nprs {
    type Error = ScaleError;

    fn try_from(value: u8) -> Result<Self, ScaleError> {
        if value <= 10 { Ok(Self(value)) } else { Err(ScaleError { value, scale: "a rating", max: 10 }) }
    }
}

impl TryFrom<u8> for Roland {
    type Error = ScaleError;

    fn try_from(value: u8) -> Result<Self, ScaleError> {
        if value <= 24 {
            Ok(Self(value))
        } else {
            Err(ScaleError { value, scale: "the Roland-Morris score", max: 24 })
        }
    }
}

impl From<Nprs> for u8 {
    fn from(value: Nprs) -> u8 {
        value.0
    }
}

impl From<Roland> for u8 {
    fn from(value: Roland) -> u8 {
        value.0
    }
}

/// A change in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Down by enough to matter.
    Better,
    /// Up by enough to matter.
    Worse,
    /// Anything else; the true change may be nothing.
    NoClearChange,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reading::Better => "better",
            Reading::Worse => "worse",
            Reading::NoClearChange => "no clear change",
        })
    }
}

/// Reads a change of pain between two scores or averages of scores, 0 to 10.
///
/// Better takes [`PAIN_POINTS`] and [`PAIN_PART`] of the first score together: from 7 upwards two
/// points alone are not enough, below it two points are always more than 30 %. Worse takes
/// [`PAIN_POINTS`] (a part of a small first score would call any twinge worse).
///
/// ```
/// use care::scores::{Reading, read_pain};
/// assert_eq!(read_pain(6.0, 4.0), Reading::Better);
/// assert_eq!(read_pain(8.0, 6.0), Reading::NoClearChange); // a quarter only
/// assert_eq!(read_pain(3.0, 5.0), Reading::Worse);
/// ```
#[must_use]
pub fn read_pain(first: f64, now: f64) -> Reading {
    // Averages are sums over at most seven values: a millionth of a point is rounding, not pain.
    let rounding = 1e-6;
    let fall = first - now + rounding;
    if fall >= PAIN_POINTS && fall >= PAIN_PART * first {
        Reading::Better
    } else if now - first + rounding >= PAIN_POINTS {
        Reading::Worse
    } else {
        Reading::NoClearChange
    }
}

/// Points by which the Roland-Morris score must fall from `first` to be called better; `None` when
/// the start is too low to show an improvement.
///
/// Source: Stratford's change by first score, the larger one where his ranges overlap, and nothing
/// below 4 points or from below 4 (Stratford 1996).
#[must_use]
pub fn roland_fall_that_matters(first: Roland) -> Option<u8> {
    match first.0 {
        0..=3 => None,
        4..=8 => Some(4),
        9..=12 => Some(5),
        _ => Some(8),
    }
}

/// Reads a change of the Roland-Morris score.
#[must_use]
pub fn read_roland(first: Roland, now: Roland) -> Reading {
    let fall = first.0.saturating_sub(now.0);
    let rise = now.0.saturating_sub(first.0);
    if roland_fall_that_matters(first).is_some_and(|needed| fall >= needed) {
        Reading::Better
    } else if rise >= ROLAND_WORSE_POINTS {
        Reading::Worse
    } else {
        Reading::NoClearChange
    }
}

/// The first and the last Roland-Morris score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RolandCourse {
    /// The first score.
    pub first: Roland,
    /// The last score.
    pub now: Roland,
    /// The change in words.
    pub reading: Reading,
}

/// The course of the Roland-Morris score over the days given, in any order; of several scores of one day
/// the last given counts. `None` until there are scores of two days.
#[must_use]
pub fn roland_course(scores: &[(Day, Roland)]) -> Option<RolandCourse> {
    let by_day: std::collections::BTreeMap<Day, Roland> = scores.iter().copied().collect();
    let ((start, first), (end, now)) = (by_day.first_key_value()?, by_day.last_key_value()?);
    (start < end).then(|| RolandCourse { first: *first, now: *now, reading: read_roland(*first, *now) })
}

/// Pain at the start and at the end of a row of days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Average over the first [`COURSE_DAYS`] days, points.
    pub first: f64,
    /// Average over the last [`COURSE_DAYS`] days, points.
    pub now: f64,
    /// The change in words.
    pub reading: Reading,
}

/// The course of pain over the days given, in any order; `None` until both ends hold
/// [`COURSE_VALUES_MIN`] values and do not overlap.
#[must_use]
pub fn pain_course(days: &[(Day, Nprs)]) -> Option<Course> {
    let first_day = days.iter().map(|(day, _)| day.0).min()?;
    let last_day = days.iter().map(|(day, _)| day.0).max()?;
    if last_day - first_day < 2 * COURSE_DAYS - 1 {
        return None;
    }
    let average = |from: u32| {
        let values: Vec<f64> = days
            .iter()
            .filter(|(day, _)| day.0 >= from && day.0 - from < COURSE_DAYS)
            .map(|(_, pain)| f64::from(pain.0))
            .collect();
        let enough = values.len() >= COURSE_VALUES_MIN;
        enough.then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let first = average(first_day)?;
    let now = average(last_day - (COURSE_DAYS - 1))?;
    Some(Course { first, now, reading: read_pain(first, now) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_a_scale_are_refused_also_from_a_file() {
        for value in 0..=u8::MAX {
            assert_eq!(Nprs::try_from(value).is_ok(), value <= 10);
            assert_eq!(Roland::try_from(value).is_ok(), value <= 24);
            assert_eq!(serde_json::from_str::<Nprs>(&value.to_string()).is_ok(), value <= 10);
        }
    }

    #[test]
    fn every_pair_of_pain_scores_is_read_by_both_rules() {
        for first in 0..=10_u8 {
            for now in 0..=10_u8 {
                let fall = i16::from(first) - i16::from(now);
                let expected = if fall >= 2 && 10 * fall >= 3 * i16::from(first) {
                    Reading::Better
                } else if fall <= -2 {
                    Reading::Worse
                } else {
                    Reading::NoClearChange
                };
                let reading = read_pain(f64::from(first), f64::from(now));
                assert_eq!(reading, expected, "{first} to {now}");
            }
        }
    }

    #[test]
    fn a_lower_score_never_reads_worse_than_a_higher_one() {
        let rank = |reading| match reading {
            Reading::Better => 0,
            Reading::NoClearChange => 1,
            Reading::Worse => 2,
        };
        for first in (0..=24).map(Roland) {
            for now in (1..=24).map(Roland) {
                let one_less = Roland(now.0 - 1);
                assert!(rank(read_roland(first, one_less)) <= rank(read_roland(first, now)));
            }
        }
    }

    #[test]
    fn chance_alone_is_never_called_a_change_of_disability() {
        for first in 0..=24_u8 {
            for now in first.saturating_sub(3)..=(first + 4).min(24) {
                assert_eq!(read_roland(Roland(first), Roland(now)), Reading::NoClearChange);
            }
        }
        assert_eq!(read_roland(Roland(8), Roland(4)), Reading::Better);
        assert_eq!(read_roland(Roland(20), Roland(13)), Reading::NoClearChange);
        assert_eq!(read_roland(Roland(20), Roland(12)), Reading::Better);
        assert_eq!(read_roland(Roland(3), Roland(0)), Reading::NoClearChange);
        assert_eq!(read_roland(Roland(10), Roland(15)), Reading::Worse);
    }

    #[test]
    fn the_course_of_disability_needs_two_days_and_takes_the_last_score_of_each() {
        let score = |day: u32, value: u8| (Day(day), Roland(value));
        assert_eq!(roland_course(&[]), None);
        assert_eq!(roland_course(&[score(5, 9), score(5, 2)]), None);
        let course = roland_course(&[score(9, 4), score(5, 12), score(5, 9)]).expect("two days");
        assert_eq!((course.first, course.now, course.reading), (Roland(9), Roland(4), Reading::Better));
    }

    #[test]
    fn a_course_needs_two_weeks_and_three_values_at_either_end() {
        let day = |offset: u32, pain: u8| (Day(20_000 + offset), Nprs(pain));
        let mut days: Vec<_> = (0..13).map(|offset| day(offset, 6)).collect();
        assert_eq!(pain_course(&days), None);
        days.push(day(13, 6));
        assert_eq!(pain_course(&days).map(|course| course.reading), Some(Reading::NoClearChange));

        let sparse = [day(0, 6), day(1, 6), day(30, 1), day(31, 1), day(32, 1)];
        assert_eq!(pain_course(&sparse), None);
        let enough = [day(32, 3), day(0, 6), day(1, 5), day(6, 7), day(30, 4), day(31, 5)];
        let course = pain_course(&enough).expect("three values at either end");
        assert!((course.first - 6.0).abs() < 1e-9 && (course.now - 4.0).abs() < 1e-9);
        assert_eq!(course.reading, Reading::Better);
        assert_eq!(pain_course(&[]), None);
    }
}
