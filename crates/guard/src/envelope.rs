//! How fast a lift may rise towards a ceiling, and whether an axis does what it was told.

use crate::persist::since;
use crate::setup::LiftSetup;
use counts::{Instant, Micros};

/// Stiffness of a back under both heads, tenths of a newton a millimetre. Source: L3 5.2 +- 1.5 N/mm
/// under one indenter (Xia 2017, PMC5466774); the mean and four and a half standard deviations.
const STIFFNESS: i64 = 120;
/// How fast a head goes down for each tenth of a newton above its ceiling, um/s. Source: at 12 N/mm
/// and 26 ms of delay the loop keeps a phase margin above 50 degrees (2 mm/s a newton: 24/s x 26 ms).
const RELIEF: i64 = 200;

/// Time from a new velocity target until it acts, with the age of the force's rise.
pub(crate) fn reaction(lift: &LiftSetup, smoothed: Micros) -> Micros {
    lift.delay.plus(Micros::from_millis(10)).plus(smoothed)
}

/// The fastest rise (um/s; negative: it must go down) with which a lift still comes to rest below a
/// ceiling that is `headroom` (tenths of a newton) away: the reaction time passes at that speed, then
/// it brakes at its acceleration a, `v T + v^2 / 2a = headroom / stiffness`.
pub(crate) fn rise_max(headroom: i32, reaction: Micros, lift: &LiftSetup) -> i32 {
    let headroom = i64::from(headroom);
    if headroom <= 0 {
        return (headroom * RELIEF).max(-i64::from(lift.speed_down.raw())) as i32;
    }
    let acceleration = i64::from(lift.acceleration.raw());
    let distance = headroom * 1000 / STIFFNESS;
    let lead = acceleration * (reaction.raw() as i64) / 1_000_000;
    let square = lead * lead + 2 * acceleration * distance;
    let most = i64::from(lift.speed_up.raw());
    // The root is needed only where it would be less than the drive's own limit.
    if square >= (lead + most) * (lead + most) {
        return most as i32;
    }
    (square.isqrt() - lead) as i32
}

/// One span over which an axis is compared with what it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stretch {
    from: Option<(Instant, i32)>,
    /// Demanded travel, um x us/s.
    demanded: i64,
}

/// What an axis is compared by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AxisRule {
    /// Acceleration, um/s2.
    pub acceleration: i32,
    /// Where it must stop: nothing is demanded of it beyond.
    pub ends: (i32, i32),
    /// Shorter demands say nothing, um.
    pub least: i64,
    /// The spans: a quick one for fast demands, longer ones for slow ones.
    pub spans: [Micros; 3],
}

/// Spans over which a carriage is compared. Source: Design; a carriage may be told to creep at 1 mm/s.
pub(crate) const CARRIAGE_SPANS: [Micros; 3] =
    [Micros::from_millis(300), Micros::from_millis(1500), Micros::from_millis(6000)];

/// Compares an axis with what it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct AxisWatch {
    /// The velocity that a good drive would have by now, um/s.
    velocity: i32,
    stretches: [Stretch; 3],
}

impl AxisWatch {
    /// Takes what the axis was told last (`None`: no power) and where it is (`None`: not known).
    /// Tells whether it did not follow.
    pub(crate) fn follows(
        &mut self,
        at: Instant,
        dt: Micros,
        told: Option<i32>,
        place: Option<i32>,
        rule: &AxisRule,
    ) -> bool {
        let (Some(told), Some(place)) = (told, place) else {
            *self = Self::default();
            return true;
        };
        let micros = dt.raw().min(10_000) as i64;
        // Four fifths of the acceleration, so that a good drive is ahead of its model.
        let change = (i64::from(rule.acceleration) * micros * 4 / 5 / 1_000_000).max(1) as i32;
        self.velocity += (told - self.velocity).clamp(-change, change);
        let (low, high) = (rule.ends.0 + 2_000, rule.ends.1 - 2_000);
        let at_end = (self.velocity < 0 && place <= low) || (self.velocity > 0 && place >= high);
        let mut follows = true;
        for (stretch, span) in self.stretches.iter_mut().zip(rule.spans) {
            let (from, start) = *stretch.from.get_or_insert((at, place));
            stretch.demanded += i64::from(self.velocity) * micros;
            if at_end {
                *stretch = Stretch { from: Some((at, place)), demanded: 0 };
            } else if since(at, from) >= span {
                let demanded = stretch.demanded / 1_000_000;
                let moved = i64::from(place - start) * demanded.signum();
                if demanded.abs() >= rule.least && moved * 4 < demanded.abs() {
                    follows = false;
                }
                *stretch = Stretch { from: Some((at, place)), demanded: 0 };
            }
        }
        follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::reference;

    #[test]
    fn a_lift_that_rises_as_fast_as_it_may_stops_below_the_ceiling() {
        let lift = reference().lift;
        let reaction = reaction(&lift, Micros::ZERO);
        for headroom in 0..2000 {
            let speed = f64::from(rise_max(headroom, reaction, &lift)) / 1000.0;
            let travel = speed * reaction.raw() as f64 * 1e-6 + speed * speed / 2000.0;
            assert!(travel * 120.0 <= f64::from(headroom) + 1.0, "headroom {headroom}: {speed} mm/s");
        }
    }

    #[test]
    fn the_allowed_rise_only_grows_with_the_headroom() {
        let lift = reference().lift;
        let mut last = i32::MIN;
        for headroom in -2000..2000 {
            let speed = rise_max(headroom, Micros::from_millis(26), &lift);
            assert!(speed >= last && speed.abs() <= 80_000);
            assert!((headroom > 0) || speed <= 0);
            last = speed;
        }
    }

    const RULE: AxisRule = AxisRule {
        acceleration: 1_000_000,
        ends: (0, 100_000),
        least: 4_000,
        spans: [Micros::from_millis(200), Micros::from_millis(1000), Micros::from_millis(1000)],
    };

    /// A drive that follows with 10 ms of delay at its acceleration, or not at all.
    fn check(told: impl Fn(u64) -> i32, works: bool) -> Option<u64> {
        let mut watch = AxisWatch::default();
        let (mut velocity, mut place) = (0i32, 50_000_000i64);
        for cycle in 0..2000u64 {
            if works {
                velocity += (told(cycle.saturating_sub(5)) - velocity).clamp(-2000, 2000);
                place = (place + i64::from(velocity) * 2).clamp(0, 100_000_000);
            }
            let at = Instant::from_micros(cycle * 2000);
            let here = Some((place / 1000) as i32);
            if !watch.follows(at, Micros::from_millis(2), Some(told(cycle)), here, &RULE) {
                return Some(cycle * 2);
            }
        }
        None
    }

    #[test]
    fn a_good_lift_is_never_called_stuck() {
        assert_eq!(check(|_| -80_000, true), None);
        assert_eq!(check(|_| 60_000, true), None);
        for period in [10, 37, 50, 100, 150, 333] {
            let wave = move |cycle: u64| if (cycle / period).is_multiple_of(2) { 60_000 } else { -80_000 };
            assert_eq!(check(wave, true), None, "period {period}");
        }
    }

    #[test]
    fn a_carriage_that_creeps_by_order_and_does_not_move_is_noticed() {
        let rule = AxisRule { spans: CARRIAGE_SPANS, least: 6_000, ..RULE };
        let mut watch = AxisWatch::default();
        let noticed = (0..10_000u64).find(|cycle| {
            let at = Instant::from_micros(cycle * 2000);
            !watch.follows(at, Micros::from_millis(2), Some(1_500), Some(50_000), &rule)
        });
        assert!(noticed.is_some_and(|cycle| cycle * 2 <= 6_010), "{noticed:?}");
    }

    #[test]
    fn a_stuck_lift_is_noticed_within_half_a_second_and_a_slow_one_within_two() {
        assert!(check(|_| -80_000, false).is_some_and(|millis| millis <= 410));
        assert!(check(|_| 6_000, false).is_some_and(|millis| millis <= 2010));
    }
}
