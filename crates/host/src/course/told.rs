//! What the person told: pain, function and spasms.

use std::collections::BTreeSet;

use care::Day;
use care::diary::{Diary, Record};
use care::scores::{
    COURSE_DAYS, COURSE_VALUES_MIN, PAIN_PART, PAIN_POINTS, ROLAND_WORSE_POINTS, Roland,
    roland_fall_that_matters,
};

use super::{Ground, Line, Point, Quantity, ROUNDING, Smallest, Stretch, TooLittle, Verdict, median};

/// Days of a window in which spasms are counted. Design: four weeks, since spasms are rarer than days of pain.
pub const SPASM_WINDOW_DAYS: u32 = 28;

/// Standard error of a median over that of a mean. Source: root of pi/2, for values that scatter normally.
const MEDIAN_OVER_MEAN: f64 = 1.253_314;

/// 97.5th percentile of Student's t from 4 degrees of freedom on; from the last one on the last one holds.
/// Source: any table of t.
const T_975: [f64; 9] = [2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];

/// What a quantity's values and their ends say.
fn line(
    quantity: Quantity,
    points: Vec<Point>,
    ends: Option<(Stretch, Stretch)>,
    smallest: Option<Smallest>,
) -> Line {
    let verdict = match (ends, smallest) {
        (None, _) => Verdict::TooLittle(TooLittle::Values),
        (_, None) => Verdict::TooLittle(TooLittle::Smallest),
        (Some((first, last)), Some(smallest)) => {
            let change = last.value - first.value;
            if smallest.fall.is_some_and(|fall| -change + ROUNDING >= fall) {
                Verdict::Better
            } else if change + ROUNDING >= smallest.rise {
                Verdict::Worse
            } else {
                Verdict::NoChange
            }
        }
    };
    Line { quantity, points, ends, smallest, verdict, simulated: false }
}

fn point(day: Day, value: f64) -> Point {
    Point { day, value, interval: None, session: None }
}

/// The windows of so many days at either end; `None` where they would overlap.
fn windows(points: impl Iterator<Item = Day> + Clone, days: u32) -> Option<[(Day, Day); 2]> {
    let (first, last) = (points.clone().min()?, points.max()?);
    let apart = last.0 - first.0 >= 2 * days - 1;
    apart.then(|| [(first, Day(first.0 + days - 1)), (Day(last.0 - (days - 1)), last)])
}

fn within(points: &[Point], (from, to): (Day, Day)) -> Vec<f64> {
    points.iter().filter(|point| (from..=to).contains(&point.day)).map(|point| point.value).collect()
}

/// Both weeks with their values, where each has so many.
fn weeks(points: &[Point], least: usize) -> Option<[(Stretch, Vec<f64>); 2]> {
    let [first, last] = windows(points.iter().map(|point| point.day), COURSE_DAYS)?.map(|window| {
        let values = within(points, window);
        let stretch = Stretch { from: window.0, to: window.1, count: values.len(), value: median(&values)? };
        (values.len() >= least).then_some((stretch, values))
    });
    Some([first?, last?])
}

/// By how much two medians may differ by chance alone, nineteen times in twenty, if the days scatter as these do and
/// no day knows of the one before.
fn own_scatter(first: &[f64], last: &[f64]) -> f64 {
    let squares = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>()
    };
    let freedom = (first.len() + last.len()).saturating_sub(2).max(1);
    let sd = ((squares(first) + squares(last)) / freedom as f64).sqrt();
    let t = T_975[freedom.saturating_sub(4).min(T_975.len() - 1)];
    t * MEDIAN_OVER_MEAN * sd * (1.0 / first.len() as f64 + 1.0 / last.len() as f64).sqrt()
}

pub(super) fn pain(diary: &Diary) -> Line {
    let mut points: Vec<Point> =
        diary.pains().into_iter().map(|(day, pain)| point(day, f64::from(u8::from(pain)))).collect();
    points.sort_by_key(|point| point.day);
    let Some([(first, before), (last, after)]) = weeks(&points, COURSE_VALUES_MIN) else {
        return line(Quantity::Pain, points, None, None);
    };
    let scatter = own_scatter(&before, &after);
    let fall = PAIN_POINTS.max(PAIN_PART * first.value);
    let ground = if scatter > fall { Ground::OwnScatter } else { Ground::Mcid };
    let smallest = Smallest { fall: Some(fall.max(scatter)), rise: PAIN_POINTS.max(scatter), ground };
    line(Quantity::Pain, points, Some((first, last)), Some(smallest))
}

pub(super) fn function(diary: &Diary) -> Line {
    let mut points: Vec<Point> =
        diary.rolands().into_iter().map(|(day, score)| point(day, f64::from(u8::from(score)))).collect();
    // Of several scores of one day, the order in which they were written must not count.
    points.sort_by(|a, b| a.day.cmp(&b.day).then(a.value.total_cmp(&b.value)));
    let Some([(first, _), (last, _)]) = weeks(&points, 1) else {
        return line(Quantity::Function, points, None, None);
    };
    // A median between two scores is read as the higher one, which asks for more.
    let start = Roland::try_from(first.value.ceil() as u8).ok();
    let fall = start.and_then(roland_fall_that_matters).map(f64::from);
    let smallest = Smallest { fall, rise: f64::from(ROLAND_WORSE_POINTS), ground: Ground::Mcid };
    line(Quantity::Function, points, Some((first, last)), Some(smallest))
}

/// Days with a spasm: a point for each. An episode that goes on lasts to the last day that was written about.
pub(super) fn spasms(diary: &Diary) -> Line {
    let written: BTreeSet<Day> = diary
        .current()
        .filter(|entry| matches!(entry.record, Some(Record::Day(_) | Record::Episode(_))))
        .map(|entry| entry.day)
        .collect();
    let end = written.last().copied().unwrap_or(Day(0));
    let days: BTreeSet<Day> = diary
        .episodes()
        .flat_map(|(from, episode)| (from.0..=episode.last.unwrap_or(end).0.min(end.0).max(from.0)).map(Day))
        .collect();
    let kept: BTreeSet<Day> = written.union(&days).copied().collect();
    let stretch = |(from, to): (Day, Day)| {
        let count = kept.range(from..=to).count();
        let enough = count * 2 >= SPASM_WINDOW_DAYS as usize;
        enough.then(|| Stretch { from, to, count, value: days.range(from..=to).count() as f64 })
    };
    let ends = windows(kept.iter().copied(), SPASM_WINDOW_DAYS)
        .and_then(|[first, last]| Some((stretch(first)?, stretch(last)?)));
    line(Quantity::Spasms, days.iter().map(|day| point(*day, 1.0)).collect(), ends, None)
}
