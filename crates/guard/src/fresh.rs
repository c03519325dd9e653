//! What can be believed of the readings: each value with its age, and nothing that cannot be.
//!
//! A sample counts only when its stamp lies neither in the future nor before the last one, its value
//! lies within what the sensor can tell, and it did not jump farther than the thing measured can
//! move. What does not count leaves the last good value in place, whose age grows; the age then
//! decides: an old value takes the worst that could have come since, a silent sensor is a fault.

use crate::setup::Setup;
use counts::{
    CARRIAGES_MAX, CORNERS, DriveState, HEADS_MAX, HEATERS_MAX, Instant, Micros, Reading, Readings, Sample,
};

/// Older than this, a position, force or drive state takes the worst that could have come since.
/// Source: five cycles of the bus at 500 Hz (bed table).
pub(crate) const FRESH: Micros = Micros::from_millis(10);
/// Older than this, a sensor, switch or drive is silent. Source: measures, "drives silent for 100 ms".
pub(crate) const SILENT: Micros = Micros::from_millis(100);
/// Older than this, a thermometer is silent. Source: an eighth of the surface thermometer's lag of 8 s.
pub(crate) const SILENT_HEAT: Micros = Micros::from_seconds(1);

/// What a value may be and how far it may move.
#[derive(Clone, Copy, Debug)]
struct Span {
    min: i32,
    max: i32,
    /// Free step from one sample to the next.
    step: i32,
    /// Step allowed besides, a second since the last good sample.
    rate: i32,
}

/// A value that was measured, as far as it can be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tracked {
    /// The last good value, in the wire's count.
    pub value: i32,
    /// Its stamp; before the first good sample, the moment of the first cycle.
    pub taken: Instant,
    /// Whether any good sample has come.
    pub spoken: bool,
    /// Whether a good sample came in this cycle.
    pub new: bool,
}

impl Tracked {
    fn take(&mut self, reading: Option<(i32, Instant)>, now: Instant, span: Span) {
        self.new = false;
        let Some((value, taken)) = reading else { return };
        if taken > now || (self.spoken && taken <= self.taken) || !(span.min..=span.max).contains(&value) {
            return;
        }
        if self.spoken {
            let micros =
                i64::try_from(taken.since(self.taken).unwrap_or(Micros::ZERO).raw()).unwrap_or(i64::MAX);
            let reach = i64::from(span.step)
                .saturating_add(i64::from(span.rate).saturating_mul(micros.min(10_000_000)) / 1_000_000);
            if (i64::from(value) - i64::from(self.value)).abs() > reach {
                return;
            }
        }
        *self = Self { value, taken, spoken: true, new: true };
    }

    /// How old the value is; a stamp ahead of a clock that went backwards is as old as can be.
    pub(crate) fn age(&self, now: Instant) -> Micros {
        now.since(self.taken).unwrap_or(Micros::from_seconds(3600))
    }

    /// Whether the value can be used as it is.
    pub(crate) fn is_fresh(&self, now: Instant, limit: Micros) -> bool {
        self.spoken && self.age(now) <= limit
    }

    /// Whether it has been missing for longer than `limit`.
    pub(crate) fn is_silent(&self, now: Instant, limit: Micros) -> bool {
        self.age(now) > limit
    }
}

/// What is believed of one head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeadSense {
    pub height: Tracked,
    pub force: Tracked,
    pub thrust: Tracked,
    /// Drive state as 0 off, 1 enabled, 2 fault.
    pub drive: Tracked,
}

/// What is believed of one carriage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CarriageSense {
    pub position: Tracked,
    pub drive: Tracked,
}

/// What is believed of one heater zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeaterSense {
    pub element: Tracked,
    pub surface: Tracked,
}

/// What is believed of everything measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Senses {
    pub heads: [HeadSense; HEADS_MAX],
    pub carriages: [CarriageSense; CARRIAGES_MAX],
    pub heaters: [HeaterSense; HEATERS_MAX],
    pub corners: [Tracked; CORNERS],
    pub hand_switch: Tracked,
    pub emergency_stop: Tracked,
    pub supply: Tracked,
    begun: bool,
}

/// Anything that fits a count and does not bounce: switches and states.
const ANY: Span = Span { min: 0, max: i32::MAX, step: i32::MAX, rate: 0 };
/// Motor current, tenths of a newton: it may be noisy, but not more than ten times its 25 N.
const THRUST: Span = Span { min: -4000, max: 6000, step: i32::MAX, rate: 0 };
/// Thermometers, tenths of a degree: below freezing or above 150 C the line is broken or shorted.
/// A step of 2 K and 5 K/s are beyond what 60 W can do to any of the parts (3 K/s at 20 J/K).
const HEAT: Span = Span { min: -200, max: 1500, step: 20, rate: 50 };

fn raw<T: Copy, N: Into<i32>>(reading: Reading<T>, count: impl Fn(T) -> N) -> Option<(i32, Instant)> {
    reading.map(|Sample { value, taken }| (count(value).into(), taken))
}

fn drive(state: DriveState) -> i32 {
    match state {
        DriveState::Off => 0,
        DriveState::Enabled => 1,
        DriveState::Fault => 2,
    }
}

impl Senses {
    /// Takes what was measured this cycle.
    pub(crate) fn take(&mut self, now: Instant, readings: &Readings, setup: &Setup) {
        if !self.begun {
            self.begin(now);
        }
        let stroke = setup.lift.stroke.raw();
        // Twice the speed of the drives, and 2 mm: what moves faster is no lift and no carriage.
        let height =
            Span { min: -5_000, max: stroke + 5_000, step: 2_000, rate: 2 * setup.lift.speed_down.raw() };
        let cell_max = setup.load_cell.map_or(0, |range| i32::from(range.raw()) * 105 / 100);
        // A cell that reads beyond its range, or pulls harder than 30 N, is broken.
        let cell = Span { min: -300, max: cell_max, step: i32::MAX, rate: 0 };
        for (sense, reading) in self.heads.iter_mut().zip(&readings.heads).take(setup.heads()) {
            sense.height.take(raw(reading.height, |value| value.raw()), now, height);
            if setup.load_cell.is_some() {
                sense.force.take(raw(reading.force, |value| value.raw()), now, cell);
            }
            sense.thrust.take(raw(reading.thrust, |value| value.raw()), now, THRUST);
            sense.drive.take(raw(reading.drive, drive), now, ANY);
        }
        for (index, sense) in self.carriages.iter_mut().enumerate().take(setup.carriages) {
            let (reading, travel) = (&readings.carriages[index], &setup.carriage[index]);
            let span = Span {
                min: travel.from.raw() - 50_000,
                max: travel.to.raw() + 50_000,
                step: 2_000,
                rate: 2 * travel.speed_clear.raw(),
            };
            sense.position.take(raw(reading.position, |value| value.raw()), now, span);
            sense.drive.take(raw(reading.drive, drive), now, ANY);
        }
        for (zone, sense) in self.heaters.iter_mut().enumerate() {
            if setup.heaters[zone].is_some() {
                sense.element.take(raw(readings.heaters[zone].element, |value| value.raw()), now, HEAT);
                sense.surface.take(raw(readings.heaters[zone].surface, |value| value.raw()), now, HEAT);
            }
        }
        let corner_max = setup.corner.map_or(0, |range| i32::from(range.raw()) * 105 / 100);
        let corner = Span { min: -500, max: corner_max, step: i32::MAX, rate: 0 };
        for (sense, reading) in self.corners.iter_mut().zip(&readings.corners) {
            sense.take(raw(*reading, |value| value.raw()), now, corner);
        }
        self.hand_switch.take(raw(readings.hand_switch, i32::from), now, ANY);
        self.emergency_stop.take(raw(readings.emergency_stop, i32::from), now, ANY);
        self.supply.take(raw(readings.supply, |value| value.raw()), now, ANY);
    }

    fn begin(&mut self, now: Instant) {
        self.begun = true;
        let start = Tracked { taken: now, ..Tracked::default() };
        self.heads = [HeadSense { height: start, force: start, thrust: start, drive: start }; HEADS_MAX];
        self.carriages = [CarriageSense { position: start, drive: start }; CARRIAGES_MAX];
        self.heaters = [HeaterSense { element: start, surface: start }; HEATERS_MAX];
        self.corners = [start; CORNERS];
        self.hand_switch = start;
        self.emergency_stop = start;
        self.supply = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { min: -100, max: 1000, step: 20, rate: 1000 };

    fn at(millis: u64) -> Instant {
        Instant::from_micros(millis * 1000)
    }

    fn check(samples: &[(i32, u64, u64)]) -> Tracked {
        let mut tracked = Tracked::default();
        for (value, taken, now) in samples {
            tracked.take(Some((*value, at(*taken))), at(*now), SPAN);
        }
        tracked
    }

    #[test]
    fn a_stamp_from_the_future_does_not_count() {
        assert_eq!(check(&[(5, 2, 2), (6, 5, 4)]).value, 5);
        assert_eq!(check(&[(5, 2, 2), (6, 4, 4)]).value, 6);
    }

    #[test]
    fn a_stamp_that_goes_back_does_not_count() {
        assert_eq!(check(&[(5, 4, 4), (6, 2, 6)]).value, 5);
    }

    #[test]
    fn a_value_out_of_range_does_not_count_at_any_edge() {
        for value in -130..=-101 {
            assert!(!check(&[(value, 2, 2)]).spoken, "{value}");
        }
        for value in [-100, 0, 999, 1000] {
            assert!(check(&[(value, 2, 2)]).spoken, "{value}");
        }
        for value in 1001..1020 {
            assert!(!check(&[(value, 2, 2)]).spoken, "{value}");
        }
    }

    #[test]
    fn a_jump_counts_only_after_the_time_that_it_takes() {
        assert_eq!(check(&[(0, 2, 2), (500, 4, 4)]).value, 0);
        assert_eq!(check(&[(0, 2, 2), (22, 4, 4)]).value, 22);
        assert_eq!(check(&[(0, 2, 2), (500, 482, 482)]).value, 500);
    }

    #[test]
    fn a_clock_that_went_backwards_makes_readings_old() {
        let tracked = check(&[(5, 400, 400)]);
        assert!(tracked.is_silent(at(300), SILENT));
        assert!(!tracked.is_fresh(at(300), FRESH));
    }
}
