//! Who lies on the bed: the sum of the corner cells with hysteresis, and the person's weight.
//!
//! The weight is taken once a session, after it stood still, while no head is pressed; it bounds the
//! force. It does not tell where the person lies.

use crate::sense::{CORNER_AGE, fresh};
use bed::limits;
use bed::quantity::{Wire, in_newtons};
use counts::{CORNERS, Instant, Micros, Readings};

/// Standard gravity, m/s2. Source: CGPM 1901.
const GRAVITY: f32 = 9.806_65;
/// Time constant of the low-pass on the sum, s. Source: design; half a heartbeat to a breath apart.
const SMOOTH_S: f32 = 0.3;
/// Share of the smallest weight below which nobody lies there. Source: design; hysteresis.
const GONE_SHARE: f32 = 0.6;
/// How long the sum stays before it counts. Source: design; longer than sitting down.
const STEADY: Micros = Micros::from_millis(1500);
/// How long the sum stays low before the person counts as gone. Source: design; longer than a
/// shift; the guard unloads at once.
const GONE: Micros = Micros::from_millis(3000);
/// Largest change within [`STEADY`] of somebody who lies still. Source: design.
const STILL_SHARE: f32 = 0.06;

/// What the corner cells say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Occupancy {
    sum_n: Option<f32>,
    anchor_n: f32,
    anchored: Option<Instant>,
    low_since: Option<Instant>,
    weight_n: Option<f32>,
}

impl Occupancy {
    /// Takes one cycle; `unloaded` says that no head presses.
    pub(crate) fn step(&mut self, now: Instant, dt_s: f32, readings: &Readings, unloaded: bool) {
        let mut sum = 0.0;
        for corner in 0..CORNERS {
            let Some(force) = fresh(&readings.corners[corner], now, CORNER_AGE) else {
                self.miss(now);
                return;
            };
            sum += in_newtons(force.quantity());
        }
        let before = self.sum_n.unwrap_or(sum);
        let smooth = before + (sum - before) * dt_s / (SMOOTH_S + dt_s);
        self.sum_n = Some(smooth);
        let (least, most) = (limits::MASS_MIN_KG * GRAVITY, limits::MASS_MAX_KG * GRAVITY);
        if smooth < GONE_SHARE * least {
            self.miss(now);
            return;
        }
        self.low_since = None;
        if self.weight_n.is_some() {
            return;
        }
        let still = libm::fabsf(smooth - self.anchor_n) <= STILL_SHARE * self.anchor_n;
        let plausible = smooth >= least && smooth <= most;
        match self.anchored.and_then(|anchored| now.since(anchored)) {
            Some(span) if still && plausible && unloaded => {
                if span >= STEADY {
                    self.weight_n = Some(smooth);
                }
            }
            _ => {
                self.anchored = Some(now);
                self.anchor_n = smooth;
            }
        }
    }

    fn miss(&mut self, now: Instant) {
        self.anchored = None;
        let since = *self.low_since.get_or_insert(now);
        if now.since(since).is_none_or(|span| span >= GONE) {
            self.weight_n = None;
            self.sum_n = None;
        }
    }

    /// Forgets the weight, so that the next session measures it anew.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Weight of the person, N; `None` where nobody lies still.
    pub(crate) fn weight_n(&self) -> Option<f32> {
        self.weight_n
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::{DeciNewtons, Sample};

    fn check(occupancy: &mut Occupancy, from_ms: u64, to_ms: u64, total_n: f32) -> Option<f32> {
        for cycle in from_ms / 2..to_ms / 2 {
            let now = Instant::from_micros(cycle * 2000);
            let value = DeciNewtons::new((total_n * 2.5) as i16);
            let corners = [Some(Sample { value, taken: now }); CORNERS];
            occupancy.step(now, 0.002, &Readings { corners, ..Readings::default() }, true);
        }
        occupancy.weight_n()
    }

    #[test]
    fn a_person_lying_still_is_weighed_and_missed_when_gone() {
        let mut occupancy = Occupancy::default();
        assert_eq!(check(&mut occupancy, 0, 1000, 0.0), None);
        assert_eq!(check(&mut occupancy, 1000, 1400, 700.0), None);
        let weight = check(&mut occupancy, 1400, 6000, 700.0).expect("lies still");
        assert!((weight - 700.0).abs() < 2.0, "{weight}");
        assert!(check(&mut occupancy, 6000, 6300, 0.0).is_some());
        assert_eq!(check(&mut occupancy, 6300, 11_000, 0.0), None);
    }

    #[test]
    fn a_bag_or_two_people_are_nobody() {
        for total_n in [50.0, 250.0, 1500.0] {
            assert_eq!(check(&mut Occupancy::default(), 0, 8000, total_n), None, "{total_n}");
        }
    }
}
