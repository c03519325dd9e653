//! Who lies on the bed, from the four corner cells: present or not, and the weight on which the force
//! ceiling rests. Weight is taken only while all heads are clear; heads press within the bed, but a
//! person who is lifted also shifts.

use crate::force::Smooth;
use crate::fresh::{SILENT, Tracked};
use crate::limits;
use crate::persist::Hysteresis;
use counts::{DeciNewtons, Instant, Micros};

/// Smoothing of the sum. Source: twice the slowest breath's effect is not followed, a person who gets
/// up (seconds) is; Design.
const SUM_SMOOTHED: Micros = Micros::from_millis(200);
/// Smoothing of the weight. Source: Design; over a cough, under the time of lying down.
const WEIGHT_SMOOTHED: Micros = Micros::from_millis(1000);
/// A person is there when the cells have shown one for so long. Source: Design.
const SETTLES: Micros = Micros::from_millis(500);
/// A person is gone when the cells have shown none for so long. Source: Design.
const GOES: Micros = Micros::from_millis(300);

/// Weight of a mass in kilograms, tenths of a newton (9.81 m/s2, rounded down).
const fn weight(mass_kg: i64) -> i32 {
    (mass_kg * 981 / 10) as i32
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Occupancy {
    sum: Smooth,
    slow: Smooth,
    present: Hysteresis,
    weight: Option<DeciNewtons>,
    /// The cells show a person now (unsettled).
    pub shown: bool,
}

impl Occupancy {
    /// Takes the corner cells of this cycle.
    pub(crate) fn take(&mut self, at: Instant, now: Instant, dt: Micros, corners: &[Tracked], clear: bool) {
        let known = corners.iter().all(|corner| corner.is_fresh(now, SILENT));
        let total: i32 = corners.iter().map(|corner| corner.value).sum();
        if known {
            self.sum.take(total, dt, SUM_SMOOTHED);
            self.slow.take(total, dt, WEIGHT_SMOOTHED);
        }
        let least = self.weight.map_or(weight(limits::MASS_MIN_KG), |weight| {
            // A bridging person still stands on the bed; one who gets up does not.
            (i32::from(weight.raw()) * 6 / 10).max(crate::occupancy::weight(limits::MASS_MIN_KG) * 7 / 10)
        });
        let most = weight(limits::MASS_MAX_KG) * 105 / 100;
        self.shown = known && (least..=most).contains(&self.sum.value());
        let settled = self.present.settle(at, self.shown, SETTLES, GOES);
        if !settled {
            self.weight = None;
        } else if clear && self.shown {
            let slow = self.slow.value().clamp(0, weight(limits::MASS_MAX_KG));
            self.weight = (slow >= weight(limits::MASS_MIN_KG)).then(|| DeciNewtons::new(slow as i16));
        }
    }

    /// Whether a person lies there whose weight is known.
    pub(crate) fn is_present(&self) -> bool {
        self.present.is_on() && self.weight.is_some()
    }

    /// The weight, once it is known.
    pub(crate) fn weight(&self) -> Option<DeciNewtons> {
        self.weight
    }
}
