//! What the scans found on arrival, session by session.

use bed::Interval;

use super::{Ground, Line, Point, Quantity, ROUNDING, Smallest, Stretch, TooLittle, Verdict, day_of, median};
use crate::store::{Brief, SessionLine};

/// Scans of which an end of the course is the median, where there are enough for both ends.
///
/// Design: the middle one of three bears one scan that slipped by a level.
pub const SCANS: usize = 3;

/// Where the figures of [`mdc95`] come from.
pub const MDC95_SOURCE: &str = "ondol bench scan --seeds 3 --cases FILE";

/// Smallest change that two scans with getting up between can tell apart, nineteen times in twenty; `None` where
/// nobody has measured it. In mm and degrees.
///
/// Only the twin was scanned again and again. How well the scan repeats on living people is not known, so a real
/// bed has none.
#[must_use]
pub fn mdc95(quantity: Quantity, simulated: bool) -> Option<f64> {
    // Source: 1.96 sqrt(2) times the standard deviation within a spine (5.07 mm, 3.59 and 4.37 degrees, 4.65 mm; 94
    // degrees of freedom), [`MDC95_SOURCE`]: 47 real spine shapes under simulated tissue, each scanned three
    // times, with place on the bed, breath and tissue drawn anew. Getting up changes no tissue, so these are rather
    // too large than too small.
    let twin = match quantity {
        Quantity::Length => Some(14.1),
        Quantity::Kyphosis => Some(10.0),
        Quantity::Lordosis => Some(12.1),
        Quantity::Lateral => Some(12.9),
        // The mean over all sites was never scanned twice.
        Quantity::Tension | Quantity::Pain | Quantity::Function | Quantity::Spasms => None,
    };
    twin.filter(|_| simulated)
}

/// What a session's scan on arrival found of a quantity.
fn found(quantity: Quantity, brief: &Brief) -> Option<(f64, Option<(f64, f64)>)> {
    let interval = |interval: Interval| (interval.value, Some((interval.lo90, interval.hi90)));
    match quantity {
        Quantity::Tension => brief.tension_mean.before.map(|ratio| (ratio, None)),
        Quantity::Length => brief.length_mm.before.map(interval),
        Quantity::Kyphosis => brief.kyphosis_deg.before.map(interval),
        Quantity::Lordosis => brief.lordosis_deg.before.map(interval),
        Quantity::Lateral => brief.lateral_mm.before.map(interval),
        Quantity::Pain | Quantity::Function | Quantity::Spasms => None,
    }
}

/// The line of a quantity over sessions in their order.
pub(super) fn line(quantity: Quantity, sessions: &[&SessionLine], simulated: bool) -> Line {
    let points: Vec<Point> = sessions
        .iter()
        .filter_map(|line| {
            let (value, interval) = found(quantity, line.brief.as_ref()?)?;
            let point = Point { day: day_of(line), value, interval, session: Some(line.number) };
            value.is_finite().then_some(point)
        })
        .collect();
    let smallest = mdc95(quantity, simulated).map(|least| Smallest {
        fall: Some(least),
        rise: least,
        ground: Ground::Mdc95,
    });
    let ends = ends(&points);
    let verdict = match (ends, smallest) {
        (None, _) => Verdict::TooLittle(TooLittle::Values),
        (_, None) => Verdict::TooLittle(TooLittle::Smallest),
        (Some((first, last)), Some(smallest)) => {
            if (last.value - first.value).abs() + ROUNDING >= smallest.rise {
                Verdict::Changed
            } else {
                Verdict::NoChange
            }
        }
    };
    Line { quantity, points, ends, smallest, verdict, simulated }
}

/// The first and the last scans, as many at either end as leave none to both.
fn ends(points: &[Point]) -> Option<(Stretch, Stretch)> {
    let count = SCANS.min(points.len() / 2);
    let stretch = |points: &[Point]| {
        let values: Vec<f64> = points.iter().map(|point| point.value).collect();
        let (first, last) = (points.first()?, points.last()?);
        Some(Stretch { from: first.day, to: last.day, count: points.len(), value: median(&values)? })
    };
    Some((stretch(&points[..count])?, stretch(&points[points.len() - count..])?))
}
