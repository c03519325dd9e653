//! The force of each head as it must be believed, and the ceilings that hold for it.
//!
//! A head's force is the median of its load cell's last three samples, so that one spurious sample is
//! nothing and two are believed. Motor current is the second opinion: where both part by more than
//! [`PARTED`] the larger counts. Without a load cell the motor current, smoothed, is the force.

use crate::defect::{Defect, Planted};
use crate::fresh::{FRESH, HeadSense, SILENT};
use crate::limits;
use crate::permission::CarryIn;
use crate::persist::Debounce;
use crate::setup::Setup;
use counts::{DeciNewtons, Instant, Micros};

/// Load cell and motor current disagree from here on, tenths of a newton. Source: the motor current
/// tells the force to 25 N (bed table); two of its standard deviations and the friction of 8 N.
pub(crate) const PARTED: i32 = 600;
/// Time constant of what is compared. Source: leaves 10 N of a 25 N noise that is correlated over 0.1 s
/// (sqrt(0.1 / 0.6)), a sixth of [`PARTED`].
const COMPARED: Micros = Micros::from_millis(500);
/// Noise of a motor current for which the two spans below stand, tenths of a newton (bed table).
const NOISE: i64 = 250;
/// Smoothing of the force without a load cell, at least and for [`NOISE`]. Source: leaves 10 N of that
/// noise; a rise waits for it.
const SMOOTHED: [Micros; 2] = [Micros::from_millis(100), Micros::from_millis(600)];
/// Smoothing against the ceilings without a load cell, the same. Source: leaves 4.5 N of that noise.
const STEADY: [Micros; 2] = [Micros::from_millis(300), Micros::from_millis(3000)];
/// What a climb adds to the force of one head, tenths of a newton a millimetre. Source: 5.2 N/mm under
/// one indenter (Xia 2017, PMC5466774), 6 N/mm under both heads.
const CLIMB: i64 = 30;
/// A force cannot fall farther than this from one sample to the next, tenths of a newton, and by so
/// much a second besides. Source: a cough takes 60 N within 30 ms, 4 N in a cycle of 2 ms.
const DROP: i32 = 100;
/// See [`DROP`].
const DROP_RATE: i32 = 1000;
/// An offset that is believed and taken off. Source: drift of the load cell, 0.05 N/K over 50 K and more.
const TARE_MAX: i32 = 50;
/// Time constant of an unloaded cell's offset, and how long it must stand unloaded before the offset is
/// taken. Source: leaves 0.02 N of 0.3 N noise; what the head pressed before it left must not count.
const SETTLES: Micros = Micros::from_millis(500);
/// An offset with nothing on the cell that no good cell has. Source: three times its drift.
const OFFSET: i32 = 100;
/// A cell that stands still for so long is frozen. Source: 0.3 N noise at 0.1 N repeats itself in one
/// of ten samples, fifty times in a row never.
const FROZEN: Micros = Micros::from_millis(100);
/// Changes with nothing on the cell that tell noise. Design: at 500 Hz a live cell shows them in a second.
const NOISY: u16 = 100;
/// A force's rise is taken over at least this span. Source: 0.3 N noise (bed table) gives 18 N/s.
const RISE_SPAN: Micros = Micros::from_millis(10);
/// A first session's ceiling, both heads. Source: `force_default` of the table of limits, 60 N.
const FIRST_SESSION: i32 = 600;

/// A span of smoothing for this bed's motor current: what is left of its noise goes with the root of the
/// span, so the span goes with the square of the noise.
fn span_for(noise: DeciNewtons, [least, most]: [Micros; 2]) -> Micros {
    let noise = i64::from(noise.raw()).clamp(0, NOISE);
    let micros = most.raw() as i64 * noise * noise / (NOISE * NOISE);
    Micros::new(micros as u64).max(least)
}

/// Smoothing of the force without a load cell on this bed.
pub(crate) fn smoothed(setup: &Setup) -> Micros {
    span_for(setup.thrust_noise, SMOOTHED)
}

/// A first-order low-pass in thousandths of a count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Smooth {
    milli: i64,
    begun: bool,
}

impl Smooth {
    /// Takes a value that stood for `dt`; tells the smoothed value.
    pub(crate) fn take(&mut self, value: i32, dt: Micros, tau: Micros) -> i32 {
        let target = i64::from(value) * 1000;
        if self.begun {
            let (dt, tau) = (dt.raw().min(1_000_000) as i64, tau.raw() as i64);
            self.milli += (target - self.milli) * dt / (tau + dt).max(1);
        } else {
            self.milli = target;
            self.begun = true;
        }
        self.value()
    }

    /// The smoothed value, in counts.
    pub(crate) fn value(self) -> i32 {
        (self.milli / 1000) as i32
    }
}

/// The force of one head.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct HeadForce {
    ring: [i32; 3],
    begun: bool,
    pushed: Instant,
    cell_smooth: Smooth,
    /// The load cell with nothing on it; begun anew each time that the head comes down.
    idle_smooth: Smooth,
    thrust_smooth: Smooth,
    /// For heads without a load cell: slow enough that noise crosses no ceiling.
    steady_smooth: Smooth,
    height_smooth: Smooth,
    /// What the load cell says with nothing on it, tenths of a newton.
    tare: i32,
    low: Debounce,
    offset: Debounce,
    lively: Lively,
    marks: [(i32, Instant); 2],
    /// What must be believed, tenths of a newton.
    pub used: i32,
    /// The same for the ceilings: without a load cell smoothed for longer.
    pub steady: i32,
    /// Without a load cell: what the lift's climb since then may have added, tenths of a newton.
    pub climbed: i32,
    /// How fast it rises, tenths of a newton a second; never negative.
    pub rise: i32,
    /// Load cell and motor current say different things.
    pub parted: bool,
    /// Too old to rise on.
    pub old: bool,
    /// Silent: no force is known.
    pub silent: bool,
}

/// Whether a sensor that has shown its noise repeats itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lively {
    last: i32,
    changes: u16,
    same: u16,
    since: Instant,
}

impl Lively {
    /// Takes a new sample; tells whether a sensor that changed all the time stands still for
    /// [`FROZEN`]. Only what changes while nothing can touch the head is noise.
    fn is_frozen(&mut self, now: Instant, value: i32, free: bool) -> bool {
        if value == self.last {
            self.same = self.same.saturating_add(1);
        } else {
            self.changes = self.changes.saturating_add(u16::from(free));
            self.same = 0;
            self.since = now;
        }
        self.last = value;
        self.changes >= NOISY && self.same >= 8 && now.since(self.since).is_some_and(|span| span >= FROZEN)
    }
}

fn median(ring: [i32; 3]) -> i32 {
    let [a, b, c] = ring;
    a.max(b).min(a.min(b).max(c))
}

impl HeadForce {
    /// Takes this cycle's senses of the head; `low` tells that it stands so low that nothing touches it.
    pub(crate) fn take(
        &mut self,
        moment: (Instant, Micros),
        sense: &HeadSense,
        low: bool,
        setup: &Setup,
        planted: Planted,
    ) {
        let (now, dt) = moment;
        let has_cell = setup.load_cell.is_some();
        let steady = span_for(setup.thrust_noise, STEADY);
        if sense.thrust.new {
            let tau = if has_cell { COMPARED } else { smoothed(setup) };
            self.thrust_smooth.take(sense.thrust.value, dt, tau);
            if !has_cell {
                self.steady_smooth.take(sense.thrust.value, dt, steady);
            }
        }
        let thrust = self.thrust_smooth.value();
        let source = if has_cell { &sense.force } else { &sense.thrust };
        let frozen = source.new && self.lively.is_frozen(now, source.value, low);
        self.parted = false;
        let mut dropped = false;
        (self.used, self.steady) = if has_cell {
            dropped = self.take_cell((now, dt), sense, low);
            let cell = median(self.ring) - self.tare;
            let known = sense.force.spoken && sense.thrust.is_fresh(now, SILENT);
            self.parted = known && (self.cell_smooth.value() - thrust).abs() > PARTED;
            let used = if self.parted { cell.max(thrust) } else { cell };
            self.rise(now, used);
            (used, used)
        } else {
            let mean = self.height_smooth.take(sense.height.value, dt, steady);
            self.climbed = ((i64::from(sense.height.value - mean) * CLIMB) / 1000).max(0) as i32;
            (thrust, self.steady_smooth.value())
        };
        let wrong =
            self.offset.holds(now, low && has_cell && self.idle_smooth.value().abs() > OFFSET, SETTLES);
        self.old = !source.is_fresh(now, FRESH) || dropped;
        self.silent = source.is_silent(now, SILENT)
            || sense.thrust.is_silent(now, SILENT)
            || frozen
            || wrong
            || (has_cell && self.begun && now.since(self.pushed).is_some_and(|span| span > SILENT));
        if planted.has(Defect::IgnoresAge) {
            (self.old, self.silent) = (false, false);
        }
        if self.old && source.spoken {
            let millis = i64::try_from(source.age(now).raw().min(SILENT.raw()) / 1000).unwrap_or(0);
            let risen = (i64::from(self.rise) * millis / 1000) as i32;
            self.used = self.used.saturating_add(risen);
            self.steady = self.steady.saturating_add(risen);
        }
    }

    /// Takes a load cell's sample. A force that is gone from one sample to the next, though nothing moves
    /// that fast, does not count: tells so, and the last force stays.
    fn take_cell(&mut self, (now, dt): (Instant, Micros), sense: &HeadSense, low: bool) -> bool {
        let settled = self.low.holds(now, low, SETTLES);
        if !low {
            self.idle_smooth = Smooth::default();
        }
        if !sense.force.new {
            return false;
        }
        let value = sense.force.value;
        if self.begun {
            let gap = now.since(self.pushed).unwrap_or(Micros::ZERO).raw().min(1_000_000) as i64;
            let reach = DROP + (i64::from(DROP_RATE) * gap / 1_000_000) as i32;
            if value < median(self.ring) - reach {
                return true;
            }
            self.ring = [self.ring[1], self.ring[2], value];
        } else {
            self.ring = [value; 3];
            self.begun = true;
        }
        self.pushed = now;
        self.cell_smooth.take(value, dt, COMPARED);
        if low {
            let idle = self.idle_smooth.take(value, dt, SETTLES);
            if settled {
                self.tare = idle.clamp(-TARE_MAX, TARE_MAX);
            }
        }
        false
    }

    fn rise(&mut self, now: Instant, used: i32) {
        let (value, at) = self.marks[0];
        let span = now.since(at).unwrap_or(Micros::ZERO);
        if span >= RISE_SPAN {
            let micros = i64::try_from(span.raw()).unwrap_or(i64::MAX);
            let rise = i64::from(used - value) * 1_000_000 / micros;
            self.rise = rise.clamp(0, 30_000) as i32;
            self.marks = [self.marks[1], (used, now)];
        }
    }

    /// The force that will stand after `ahead` if it goes on rising as it does.
    pub(crate) fn ahead(&self, ahead: Micros) -> i32 {
        let micros = ahead.raw().min(1_000_000) as i64;
        self.used.saturating_add((i64::from(self.rise) * micros / 1_000_000) as i32)
    }
}

/// The ceilings of one carriage, tenths of a newton.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ceilings {
    /// Both heads together.
    pub sum: i32,
    /// One head, from the contact pressure.
    pub head: i32,
    /// Both heads together: released at once above.
    pub hard: i32,
    /// Whether the neck's limits hold.
    pub neck: bool,
}

impl Ceilings {
    /// The ceilings at a position; `None` where it is not known, which counts as the neck.
    pub(crate) fn at(
        setup: &Setup,
        position: Option<i32>,
        weight: Option<DeciNewtons>,
        carry: &CarryIn,
    ) -> Self {
        let neck = position.is_none_or(|position| position < setup.neck_line.raw());
        let count = |force: DeciNewtons| i32::from(force.raw());
        let mut sum = count(if neck { limits::NECK_CEILING } else { limits::FORCE_CEILING });
        if let Some(weight) = weight {
            sum = sum.min(of_weight(weight, position.map(|position| position - setup.neck_line.raw())));
        }
        if let Some(cap) = carry.force_cap {
            sum = sum.min(count(cap).max(0));
        }
        if carry.first_session.unwrap_or(true) {
            sum = sum.min(FIRST_SESSION);
        }
        let hard = count(if neck { limits::NECK_HARD } else { limits::FORCE_HARD });
        Self { sum, head: pressure_ceiling(setup.contact_area_mm2), hard, neck }
    }
}

/// What both heads may press of a weight, `from_neck` (um) footward of the neck line: the share falls in a
/// straight line to the pelvis's. `None` where the place is not known, which counts as the pelvis.
fn of_weight(weight: DeciNewtons, from_neck: Option<i32>) -> i32 {
    let run = limits::PELVIS_RUN.raw();
    let beyond = from_neck.map_or(run, |from| (from - limits::PELVIS_FROM_NECK.raw()).clamp(0, run));
    let [trunk, pelvis] =
        [limits::FORCE_OF_WEIGHT, limits::PELVIS_OF_WEIGHT].map(|share| i64::from(share.raw()));
    let (run, beyond) = (i64::from(run), i64::from(beyond));
    let share = trunk * (run - beyond) + pelvis * beyond;
    (i64::from(weight.raw()).max(0) * share / (1000 * run)) as i32
}

/// The force of one head at which the peak pressure reaches its limit: limit x area / peak factor.
fn pressure_ceiling(area_mm2: u32) -> i32 {
    let peak = i64::from(limits::PRESSURE_PEAK_FACTOR.raw());
    (i64::from(area_mm2) * limits::CONTACT_PRESSURE_PA * 10 * 1000 / (1_000_000 * peak)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_three_drops_any_single_spurious_sample() {
        for spike in [-300, -1, 0, 5, 400, 3000] {
            for place in 0..3 {
                let mut ring = [100, 101, 102];
                ring[place] = spike;
                assert!((100..=102).contains(&median(ring)), "{ring:?}");
            }
        }
        assert_eq!(median([100, 1600, 1601]), 1600);
    }

    #[test]
    fn a_roller_of_900_square_millimetres_may_press_60_newtons() {
        // 100 kPa x 900 mm2 / 1.5 = 60 N.
        assert_eq!(pressure_ceiling(900), 600);
    }

    #[test]
    fn the_lightest_of_all_ceilings_holds() {
        let setup = crate::bench::reference();
        let known = CarryIn { first_session: Some(false), ..CarryIn::default() };
        let at = |x, weight, carry: &CarryIn| Ceilings::at(&setup, x, weight, carry).sum;
        assert_eq!(at(Some(800_000), Some(DeciNewtons::new(9000)), &known), 1000);
        assert_eq!(at(Some(800_000), Some(DeciNewtons::new(5000)), &known), 600);
        assert_eq!(at(Some(519_999), Some(DeciNewtons::new(9000)), &known), 300);
        assert_eq!(at(None, Some(DeciNewtons::new(9000)), &known), 300);
        assert_eq!(at(Some(800_000), Some(DeciNewtons::new(9000)), &CarryIn::default()), 600);
        // Over the pelvis half of the share; half way there three quarters.
        assert_eq!(at(Some(880_000), Some(DeciNewtons::new(8000)), &known), 960);
        assert_eq!(at(Some(910_000), Some(DeciNewtons::new(8000)), &known), 720);
        assert_eq!(at(Some(940_000), Some(DeciNewtons::new(8000)), &known), 480);
        assert_eq!(at(Some(1_350_000), Some(DeciNewtons::new(8000)), &known), 480);
        assert_eq!(at(None, Some(DeciNewtons::new(4000)), &known), 240);
        let capped = CarryIn { force_cap: Some(DeciNewtons::new(250)), ..known };
        assert_eq!(at(Some(800_000), Some(DeciNewtons::new(9000)), &capped), 250);
    }
}
