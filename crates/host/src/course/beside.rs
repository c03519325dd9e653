//! Two sessions beside each other: the spines as they were found on arrival, laid over each other, and every
//! difference with the smallest that two scans can tell apart.
//!
//! People never lie at quite the same place: the second spine is moved as a whole until the middles of the levels that
//! both have lie on each other, and nothing is turned.

use bed::{Interval, Level, LevelEstimate, Side, SpineScan, Tension};

use super::{Quantity, ROUNDING, TooLittle, Verdict, mdc95};
use crate::store::{Record, SessionLine, StoreError};

/// 90 % interval over standard deviation. Source: 95th percentile of the standard normal distribution.
const HALF_90: f64 = 1.645;
/// Two-sided 95 %. Source: 97.5th percentile of the standard normal distribution.
const TWO_SIDED_95: f64 = 1.96;

/// Why two sessions cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// One of them has no scan.
    NoScan,
    /// One of them was given on the twin, the other was not.
    OneSimulated,
}

/// A figure of both scans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Which.
    pub quantity: Quantity,
    /// Value and interval of the one and of the other.
    pub both: [(f64, (f64, f64)); 2],
    /// Smallest change that matters, where it is known.
    pub least: Option<f64>,
}

impl Difference {
    /// The other less the one.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.both[1].0 - self.both[0].0
    }

    /// Whether that is beyond the smallest change that matters.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.least {
            None => Verdict::TooLittle(TooLittle::Smallest),
            Some(least) if self.change().abs() + ROUNDING >= least => Verdict::Changed,
            Some(_) => Verdict::NoChange,
        }
    }
}

/// Tension of one place in both scans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The one and the other, over what is expected.
    pub both: [f64; 2],
    /// Smallest difference that the intervals of both can tell apart; getting up between is not in it.
    pub least: f64,
}

impl Place {
    /// The other less the one.
    #[must_use]
    pub fn change(&self) -> f64 {
        self.both[1] - self.both[0]
    }

    /// Whether the change is larger than the intervals explain.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.change().abs() >= self.least
    }
}

/// What the places beside the spine say together. One place changes by chance now and then, so a change is only
/// named where more places changed one way than chance explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eased {
    /// Places that became softer by more than their intervals explain.
    pub softer: usize,
    /// Places that became tenser by more than that.
    pub tenser: usize,
    /// Of so many.
    pub of: usize,
    /// So many seem changed one way by chance alone.
    pub by_chance: usize,
}

impl Eased {
    /// Better: softer beyond chance. Worse: tenser. Both at once is no verdict for the whole back.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.softer > self.by_chance, self.tenser > self.by_chance) {
            _ if self.of == 0 => Verdict::TooLittle(TooLittle::Values),
            (true, false) => Verdict::Better,
            (false, true) => Verdict::Worse,
            (true, true) => Verdict::Changed,
            (false, false) => Verdict::NoChange,
        }
    }
}

/// A level on a drawing, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Its name.
    pub name: &'static str,
    /// Along the bed, towards the feet.
    pub along_mm: f64,
    /// Upwards on the drawing.
    pub up_mm: f64,
    /// Half of what holds the truth upwards nine times in ten.
    pub half90_mm: f64,
}

/// Two sessions beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Both were given on the twin.
    pub simulated: bool,
    /// Length and curve.
    pub figures: Vec<Difference>,
    /// Tension by level, left and right, where both scans have it.
    pub tension: Vec<(&'static str, [Option<Place>; 2])>,
    /// From the side, the front of the body up.
    pub side: [Vec<Spot>; 2],
    /// From behind, the person's left up.
    pub behind: [Vec<Spot>; 2],
}

impl Beside {
    /// What the record holds of both; the one is the earlier.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn read(
        record: &Record,
        one: &SessionLine,
        other: &SessionLine,
    ) -> Result<Result<Self, Unlike>, StoreError> {
        if one.simulated != other.simulated {
            return Ok(Err(Unlike::OneSimulated));
        }
        let scan = |line: &SessionLine| -> Result<Option<SpineScan>, StoreError> {
            Ok(record.session_record(line.number)?.and_then(|(told, _)| scan_of(&told, "scan")))
        };
        Ok(match (scan(one)?, scan(other)?) {
            (Some(first), Some(second)) => Ok(Self::of([&first, &second], one.simulated)),
            _ => Err(Unlike::NoScan),
        })
    }

    /// The scans before and after the treatment of one session; `None` where it has not both. Nobody got up between
    /// them, so the smallest changes are rather too large than too small.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn within(record: &Record, line: &SessionLine) -> Result<Option<Self>, StoreError> {
        let Some((told, _)) = record.session_record(line.number)? else { return Ok(None) };
        let both = scan_of(&told, "scan").zip(scan_of(&told, "after"));
        Ok(both.map(|(before, after)| Self::of([&before, &after], line.simulated)))
    }

    /// What the places beside the spine say together.
    #[must_use]
    pub fn eased(&self) -> Eased {
        let places = || self.tension.iter().flat_map(|(_, places)| places.iter().flatten());
        let beyond = |softer: bool| {
            places().filter(|place| place.is_beyond() && (place.change() < 0.0) == softer).count()
        };
        let of = places().count();
        Eased { softer: beyond(true), tenser: beyond(false), of, by_chance: most_by_chance(of) }
    }

    fn of(scans: [&SpineScan; 2], simulated: bool) -> Self {
        let figure = |quantity, interval: fn(&SpineScan) -> Interval| Difference {
            quantity,
            both: scans.map(|scan| (interval(scan).value, (interval(scan).lo90, interval(scan).hi90))),
            least: mdc95(quantity, simulated),
        };
        Self {
            simulated,
            figures: vec![
                figure(Quantity::Length, |scan| scan.length_t1_l5_mm),
                figure(Quantity::Kyphosis, |scan| scan.kyphosis_deg),
                figure(Quantity::Lordosis, |scan| scan.lordosis_deg),
                figure(Quantity::Lateral, |scan| scan.lateral_deviation_mm),
            ],
            tension: tension(scans),
            side: laid_over(scans.map(|scan| spots(scan, |level| (level.z_mm, level.sd_z_mm)))),
            behind: laid_over(scans.map(|scan| spots(scan, |level| (level.y_mm, level.sd_y_mm)))),
        }
    }
}

/// How many of so many places seem changed one way by chance alone in nineteen of twenty pairs of scans, if no place
/// knows of another. Source: the binomial distribution; one place seems softer by chance once in forty.
fn most_by_chance(places: usize) -> usize {
    const ONE_WAY: f64 = 0.025;
    let mut share = (1.0 - ONE_WAY).powf(places as f64);
    let mut sum = share;
    let mut most = 0;
    while sum < 0.95 && most < places {
        share *= (places - most) as f64 / (most + 1) as f64 * ONE_WAY / (1.0 - ONE_WAY);
        sum += share;
        most += 1;
    }
    most
}

fn scan_of(told: &serde_json::Value, name: &str) -> Option<SpineScan> {
    serde_json::from_value(told.get(name)?.clone()).ok()
}

fn tension(scans: [&SpineScan; 2]) -> Vec<(&'static str, [Option<Place>; 2])> {
    let at = |scan: &SpineScan, level: Level, side: Side| -> Option<Tension> {
        let sound = |one: &&Tension| one.ratio.is_finite() && one.lo90.is_finite() && one.hi90.is_finite();
        scan.tension.iter().filter(sound).find(|one| one.level == level && one.side == side).copied()
    };
    let sd = |tension: &Tension| (tension.hi90 - tension.lo90) / (2.0 * HALF_90);
    let place = |level: Level, side: Side| {
        let (one, other) = (at(scans[0], level, side)?, at(scans[1], level, side)?);
        let least = TWO_SIDED_95 * (sd(&one) * sd(&one) + sd(&other) * sd(&other)).sqrt();
        Some(Place { both: [one.ratio, other.ratio], least })
    };
    let row = |level: &Level| (level.name(), Side::BOTH.map(|side| place(*level, side)));
    Level::ALL.iter().map(row).filter(|(_, places)| places.iter().any(Option::is_some)).collect()
}

fn spots(scan: &SpineScan, up: fn(&LevelEstimate) -> (f64, f64)) -> Vec<Spot> {
    let spot = |level: &LevelEstimate| {
        let (up_mm, sd_mm) = up(level);
        let whole = [level.x_mm, up_mm, sd_mm].iter().all(|mm| mm.is_finite() && mm.abs() < 1e5);
        let half90_mm = HALF_90 * sd_mm.max(0.0);
        whole.then_some(Spot { name: level.level.name(), along_mm: level.x_mm, up_mm, half90_mm })
    };
    scan.levels.iter().filter_map(spot).collect()
}

/// Moves the second to the first by the levels that both have.
fn laid_over([one, mut other]: [Vec<Spot>; 2]) -> [Vec<Spot>; 2] {
    let pairs: Vec<(f64, f64)> = one
        .iter()
        .filter_map(|at| {
            let same = other.iter().find(|other| other.name == at.name)?;
            Some((at.along_mm - same.along_mm, at.up_mm - same.up_mm))
        })
        .collect();
    let count = pairs.len().max(1) as f64;
    let along_mm = pairs.iter().map(|(along, _)| along).sum::<f64>() / count;
    let up_mm = pairs.iter().map(|(_, up)| up).sum::<f64>() / count;
    for spot in &mut other {
        spot.along_mm += along_mm;
        spot.up_mm += up_mm;
    }
    [one, other]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(moved_mm: f64, kyphosis_deg: f64, left: f64) -> SpineScan {
        let interval = |value| Interval { value, lo90: value - 3.0, hi90: value + 3.0 };
        let level = |(index, level): (usize, Level)| LevelEstimate {
            level,
            x_mm: 500.0 + moved_mm + 26.0 * index as f64,
            y_mm: moved_mm / 10.0,
            z_mm: 80.0 + moved_mm / 5.0,
            sd_x_mm: 7.0,
            sd_y_mm: 4.0,
            sd_z_mm: 5.0,
        };
        let tension = |side| Tension {
            level: Level::L4,
            side,
            ratio: if side == Side::Left { left } else { 1.0 },
            lo90: left - 0.1645,
            hi90: left + 0.1645,
            tense: false,
        };
        SpineScan {
            levels: Level::REGULAR.into_iter().enumerate().map(level).collect(),
            length_t1_l5_mm: interval(416.0),
            kyphosis_deg: interval(kyphosis_deg),
            lordosis_deg: interval(30.0),
            lateral_deviation_mm: interval(0.0),
            tension: Side::BOTH.into_iter().map(tension).collect(),
        }
    }

    #[test]
    fn lying_elsewhere_is_no_difference_and_a_tenser_place_is_one() {
        let beside = Beside::of([&scan(0.0, 45.0, 1.0), &scan(40.0, 41.0, 1.3)], true);
        assert!(beside.figures.iter().all(|figure| figure.change().abs() < figure.least.expect("known")));
        for [one, other] in [&beside.side, &beside.behind] {
            assert_eq!(one.len(), 17);
            for (a, b) in one.iter().zip(other) {
                assert!((a.along_mm - b.along_mm).abs() < 1e-9 && (a.up_mm - b.up_mm).abs() < 1e-9);
            }
        }
        let [(name, [Some(left), Some(right)])] = beside.tension[..] else { panic!("{:?}", beside.tension) };
        // Two standard deviations of 0.1: 1.96 times 0.1 times root 2.
        assert!((left.least - 0.277).abs() < 1e-3);
        assert_eq!((name, left.is_beyond(), right.is_beyond()), ("L4", true, false));
    }

    #[test]
    fn some_places_change_by_chance_and_more_than_that_is_a_change() {
        assert_eq!([0, 1, 2, 34].map(most_by_chance), [0, 0, 0, 3]);
        let place = |change: f64| Place { both: [1.0, 1.0 + change], least: 0.3 };
        let with = |softer: usize, tenser: usize| {
            let changes = |index: usize| match index {
                index if index < softer => -0.4,
                index if index < softer + tenser => 0.4,
                _ => 0.1,
            };
            let row = |index: usize| ("L4", [0, 1].map(|side| Some(place(changes(2 * index + side)))));
            let tension = (0..17).map(row).collect();
            Beside { tension, ..Beside::of([&scan(0.0, 45.0, 1.0), &scan(0.0, 45.0, 1.0)], true) }.eased()
        };
        assert_eq!(with(3, 0).verdict(), Verdict::NoChange);
        assert_eq!(with(4, 1), Eased { softer: 4, tenser: 1, of: 34, by_chance: 3 });
        assert_eq!(with(4, 1).verdict(), Verdict::Better);
        assert_eq!(with(0, 4).verdict(), Verdict::Worse);
        assert_eq!(with(4, 4).verdict(), Verdict::Changed);
    }

    #[test]
    fn a_real_bed_has_intervals_and_no_smallest_change() {
        let beside = Beside::of([&scan(0.0, 45.0, 1.0), &scan(0.0, 5.0, 1.0)], false);
        assert!(beside.figures.iter().all(|figure| figure.least.is_none()));
    }
}
