//! A bench rig around the twin: presses, holds and rolls with what is so, not with what is measured.
//!
//! It is no controller: it sees the true force and asks the lifts for a velocity in proportion to what
//! is missing.

use bed::{BedConfig, Level};
use counts::{AxisTarget, HEADS_MAX, MicrometresPerSecond, Micros, Targets};

use crate::{Person, Surroundings, Twin};

/// Cycle, s.
pub(crate) const CYCLE_S: f64 = 0.002;
/// Lift speed a missing force of one head, mm/s a N. Guess: slow against the drive's 16 ms.
const GAIN_MM_S_N: f64 = 1.0;
/// Fastest that the rig moves a lift, mm/s. Guess.
const SPEED_MM_S: f64 = 15.0;

/// A person on a bed between the hands of the bench.
pub(crate) struct Rig {
    pub(crate) twin: Twin,
    speed_mm_s: f64,
}

impl Rig {
    /// Somebody who lies at the mark and holds their breath, or breathes.
    pub(crate) fn new(bed: &BedConfig, person: &Person, breathes: bool) -> Self {
        let surroundings = Surroundings { breathes, ..Surroundings::default() };
        Self { twin: Twin::new(bed, person, &surroundings), speed_mm_s: 0.0 }
    }

    /// Around a twin that is under way.
    pub(crate) fn around(twin: Twin) -> Self {
        Self { twin, speed_mm_s: 0.0 }
    }

    /// Leaves lifts and carriages where they are for some seconds.
    pub(crate) fn rest(&mut self, seconds: f64) {
        for _ in 0..(seconds / CYCLE_S) as usize {
            self.cycle([0.0; 2]);
        }
    }

    /// Puts the heads under a place (mm from T1 towards the feet), just below the pad.
    pub(crate) fn under(&mut self, x_mm: f64) {
        let pad_mm = f64::from(self.twin.bed().lift.pad_above_mm);
        let x = crate::T1_MM + x_mm;
        self.twin.place(0, x, [pad_mm - 20.0; 2]);
        self.speed_mm_s = 0.0;
    }

    /// Lets the carriage run, mm/s towards the feet.
    pub(crate) fn roll(&mut self, speed_mm_s: f64) {
        self.speed_mm_s = speed_mm_s;
    }

    /// Moves both lifts at a velocity each, mm/s, for one cycle.
    pub(crate) fn cycle(&mut self, lifts_mm_s: [f64; 2]) {
        let axis = |mm_s: f64| AxisTarget::Velocity(MicrometresPerSecond::new((1000.0 * mm_s) as i32));
        let mut targets = Targets { power: true, ..Targets::default() };
        targets.carriages[0] = axis(self.speed_mm_s);
        targets.lifts = [AxisTarget::Released; HEADS_MAX];
        targets.lifts[0] = axis(lifts_mm_s[0]);
        targets.lifts[1] = axis(lifts_mm_s[1]);
        self.twin.step(&targets, Micros::from_millis(2));
    }

    /// Holds a force, both heads together (N), for some seconds; `seen` is called each cycle.
    pub(crate) fn hold(&mut self, force_n: f64, seconds: f64, mut seen: impl FnMut(&Self)) {
        for _ in 0..(seconds / CYCLE_S) as usize {
            let mut now = self.twin.truth().head_force_n;
            if self.twin.bed().lift.coupled {
                // One lift moves both: it can hold their sum alone.
                now[..2].fill(0.5 * self.force_n());
            }
            let speed =
                |head: usize| (GAIN_MM_S_N * (0.5 * force_n - now[head])).clamp(-SPEED_MM_S, SPEED_MM_S);
            self.cycle([speed(0), speed(1)]);
            seen(self);
        }
    }

    /// Raises both heads evenly (mm/s) until both together push with `force_n` or the stroke ends.
    pub(crate) fn raise(&mut self, speed_mm_s: f64, force_n: f64, mut seen: impl FnMut(&Self)) {
        let most = f64::from(self.twin.bed().lift.stroke_mm) / speed_mm_s / CYCLE_S;
        for _ in 0..most as usize {
            if self.force_n() >= force_n {
                break;
            }
            self.cycle([speed_mm_s; 2]);
            seen(self);
        }
    }

    /// Both heads together, N.
    pub(crate) fn force_n(&self) -> f64 {
        self.twin.truth().force_n(0)
    }

    /// Mean height of both rollers, mm.
    pub(crate) fn height_mm(&self) -> f64 {
        let height = self.twin.truth().height_mm;
        0.5 * (height[0] + height[1])
    }
}

/// Where a level lies in a person, mm from T1 towards the feet.
pub(crate) fn level_mm(person: &Person, level: Level) -> f64 {
    person.levels.iter().find(|found| found.level == level).map_or(0.0, |found| found.centre_mm[0])
}
