//! The heater zones: upper bounds of element and surface behind slow thermometers, and thermometers
//! that say what cannot be.
//!
//! A thermometer with lag tau reads `T - tau dT/dt`; the upper bound adds tau times the rate at which
//! its smoothed reading rises, and its offset. A roller's surface may also rise by what its power can
//! do, `d(lag)/dt = P / C - lag / tau`, before its thermometer shows anything.
//! Temperatures are in thousandths of a degree Celsius (mC).

use crate::force::Smooth;
use crate::fresh::{HeaterSense, Tracked};
use crate::limits;
use crate::persist::{Debounce, since};
use crate::setup::HeaterSetup;
use counts::{DeciWatts, Instant, Micros};

/// Smoothing of a thermometer. Source: Design; a sixth of the element's lag of 3 s.
const SMOOTHED: Micros = Micros::from_millis(500);
/// The element's rate is taken over this span, the surface's over twice as much. Source: a wire
/// count of 0.1 C in it is 0.1 K/s.
const RATE_SPAN: Micros = Micros::from_millis(1000);
/// Heating ends so far below the element's limit, mC. Source: Design; stops before the fault.
const ELEMENT_EASE: i32 = 1500;
/// A surface may be so far above its cap before that is a fault, mC. Source: heat that flows on from
/// the element after the power has gone (20 % of the stored heat, 9 K hotter: under 2 K) is cut short
/// by the fault, not waited for.
const SURFACE_OVER: i32 = 300;
/// A mat is heated only below this bound, mC: the ten-minute mean then holds without a fault.
const MAT_EASE: i32 = crate::dose::MEAN_CEILING;
/// Span of the plausibility test. Source: over three lags of the element's thermometer.
const WINDOW: Micros = Micros::from_seconds(10);
/// An element that nothing heats may seem to rise so much in a window, mC. Source: three counts.
const UNFED_RISE: i32 = 350;
/// Heat of a zone that sits in its element and flows on to the surface: one part in so many. Source:
/// Design; the surface holds at least two thirds of a roller's or mat's heat.
const ELEMENT_PART: i32 = 3;
/// An element is hotter than its surface by no more than power over this, W/K, and [`GAP`].
/// Source: Design; a link that is worse would not heat a roller at 60 W below 60 C.
const LINK_W_K: i32 = 3;
/// See [`LINK_W_K`]: lags of both thermometers at 0.6 K/s, mC.
const GAP: i32 = 5_000;
/// Smoothing of the power for the same. Source: one and a half times the time in which the two level.
const GAP_TIME: Micros = Micros::from_seconds(12);
/// A gap that is wrong for so long is no lag. Source: over two lags of the surface thermometer.
const GAP_HOLD: Micros = Micros::from_seconds(20);
/// A surface this far above its own limit has a heater that does not end, mC: the power goes.
const RUNAWAY: i32 = 1_000;
/// A roller loses less than this to room and person, W. Source: 0.2 W/K bare contact (200 W/m2K x
/// 900 mm2, science.md 5.5) and 0.2 W/K to the air (8 W/m2K, science.md 5.2), 30 K.
const LOSS_W: i64 = 12;

/// A thermometer, smoothed, with the rate at which it rises.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Thermometer {
    /// Thousand-millionths of a degree: a small step is not lost to rounding.
    micro: i64,
    taken: Instant,
    begun: bool,
    mark: (i64, Instant),
    /// Thousandths of a degree a second; never negative.
    rise: i32,
}

impl Thermometer {
    fn take(&mut self, tracked: &Tracked, span: Micros) {
        if !tracked.spoken || (self.begun && tracked.taken == self.taken) {
            return;
        }
        let target = i64::from(tracked.value) * 100_000;
        if !self.begun {
            *self = Self {
                micro: target,
                taken: tracked.taken,
                begun: true,
                mark: (target, tracked.taken),
                rise: 0,
            };
            return;
        }
        let dt = since(tracked.taken, self.taken).raw().min(10_000_000) as i64;
        self.taken = tracked.taken;
        self.micro += (target - self.micro) * dt / (SMOOTHED.raw() as i64 + dt);
        let passed = since(tracked.taken, self.mark.1);
        if passed >= span {
            let micros = passed.raw().min(100_000_000) as i64;
            self.rise = ((self.micro - self.mark.0) * 1000 / micros).clamp(0, 20_000) as i32;
            self.mark = (self.micro, tracked.taken);
        }
    }

    fn milli(&self) -> i32 {
        (self.micro / 1000) as i32
    }

    /// What the thermometer's lag and smoothing hide, mC.
    fn hidden(&self, lag: Micros) -> i32 {
        let millis = (lag.plus(SMOOTHED).raw() / 1000) as i64;
        (i64::from(self.rise) * millis / 1000).min(50_000) as i32
    }
}

/// What a zone says this cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ZoneState {
    /// Upper bound of the surface, mC; very hot where nothing is known.
    pub surface: i32,
    /// The zone may be heated.
    pub may_heat: bool,
    /// The element's upper bound is at its limit.
    pub element_hot: bool,
    /// The surface's upper bound is above its cap.
    pub surface_hot: bool,
    /// A thermometer says what cannot be.
    pub implausible: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Zone {
    element: Thermometer,
    surface: Thermometer,
    /// What the surface may be above its thermometer by its power alone, micro-degrees.
    lag: i64,
    window: Option<Instant>,
    /// Energy of this window and of the one before, W x us / 10.
    energy: [i64; 2],
    element_start: i32,
    power: Smooth,
    gap: Debounce,
}

impl Zone {
    /// Takes the thermometers and the power that was let through last.
    pub(crate) fn step(
        &mut self,
        at: Instant,
        dt: Micros,
        sense: &HeaterSense,
        setup: &HeaterSetup,
        power: DeciWatts,
        cap: i32,
    ) -> ZoneState {
        self.element.take(&sense.element, RATE_SPAN);
        self.surface.take(&sense.surface, RATE_SPAN.plus(RATE_SPAN));
        let micros = dt.raw().min(100_000) as i64;
        let deci_w = i64::from(power.raw()).max(0);
        if let Some(capacity) = setup.heat_capacity_j_k {
            let lag = (setup.surface_lag.raw() as i64).max(1);
            self.lag += deci_w * micros / (10 * i64::from(capacity)) - self.lag * micros / lag;
        }
        let power = self.power.take(i32::from(power.raw()).max(0), dt, GAP_TIME);
        let gap = self.element.milli() - self.surface.milli();
        let gapes = gap > power * 100 / LINK_W_K + GAP;
        let gapes = self.gap.holds(at, gapes && self.surface.begun, GAP_HOLD);
        let implausible = self.is_implausible(at, deci_w * micros, setup) || gapes;
        if !(self.element.begun && self.surface.begun) {
            return ZoneState { surface: i32::MAX, implausible, ..ZoneState::default() };
        }
        let element = self.element.milli() + 3 * setup.accuracy_mk + self.element.hidden(setup.element_lag);
        let hidden = self.surface.hidden(setup.surface_lag).max((self.lag / 1000) as i32);
        let surface = self.surface.milli() + 2 * setup.accuracy_mk + hidden;
        let element_max = i32::from(setup.element_max.raw()) * 100;
        let own = i32::from(setup.surface_max.raw()) * 100;
        let ease = if setup.mat.is_some() { own.min(cap).min(MAT_EASE) } else { own.min(cap) };
        let flows_on = (element - surface).max(0) / ELEMENT_PART;
        // A cap of this person's own binds the heating; only the bed's own limit is a fault.
        let over = if setup.mat.is_some() { own } else { own + SURFACE_OVER };
        ZoneState {
            surface,
            may_heat: element < element_max - ELEMENT_EASE && surface + flows_on < ease,
            element_hot: element >= element_max
                || surface >= own + RUNAWAY + if setup.mat.is_some() { 0 } else { SURFACE_OVER },
            surface_hot: surface > over,
            implausible,
        }
    }

    /// Looks at a window of time: an element that rises though nothing has heated it for two windows,
    /// or that does not rise though far more heat went in than a roller can lose.
    fn is_implausible(&mut self, at: Instant, energy: i64, setup: &HeaterSetup) -> bool {
        let from = *self.window.get_or_insert(at);
        self.energy[1] += energy;
        if since(at, from) < WINDOW {
            return false;
        }
        let rise = self.element.milli() - self.element_start;
        let known = self.element.begun && self.element_start != 0;
        // A person warms what is colder than 38 C; nothing but power warms it further.
        let unfed = self.energy == [0, 0] && rise > UNFED_RISE && self.element.milli() > 38_000;
        let stuck = setup.heat_capacity_j_k.is_some_and(|capacity| {
            let joules = self.energy[1] / 10_000_000 - LOSS_W * (WINDOW.raw() / 1_000_000) as i64;
            let least = joules * 1000 / i64::from(capacity);
            least > 1500 && i64::from(rise) * 4 < least
        });
        self.window = Some(at);
        self.energy = [self.energy[1], 0];
        self.element_start = self.element.milli();
        known && (unfed || stuck)
    }
}

/// The hottest surface that today's person may touch, mC.
pub(crate) fn surface_cap(carry: &crate::permission::CarryIn) -> i32 {
    let mut cap = i32::from(limits::SURFACE_CONTACT.raw()) * 100;
    if carry.first_session.unwrap_or(true) {
        // Low heat on a first session: no surface above the instant limit of the skin.
        cap = cap.min(i32::from(limits::SKIN_INSTANT.raw()) * 100);
    }
    carry.surface_cap.map_or(cap, |own| cap.min(i32::from(own.raw()) * 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::DeciCelsius;

    /// Runs a zone for seconds with a true temperature of element and surface by time, seen through
    /// their lags; tells the last state.
    fn check(seconds: u64, power: i16, truth: impl Fn(f64) -> (f64, f64)) -> ZoneState {
        let setup = crate::bench::reference().heaters[0].expect("a heated head");
        let mut zone = Zone::default();
        let (mut element, mut surface) = truth(0.0);
        let mut state = ZoneState::default();
        let mut implausible = false;
        for cycle in 0..seconds * 500 {
            let at = Instant::from_micros(cycle * 2000);
            let (e, s) = truth(cycle as f64 * 0.002);
            element += (e - element) * 0.002 / 3.0;
            surface += (s - surface) * 0.002 / 8.0;
            let tracked = |celsius: f64| Tracked {
                value: i32::from(DeciCelsius::new((celsius * 10.0).round() as i16).raw()),
                taken: at,
                spoken: true,
                new: cycle % 10 == 0,
            };
            let sense = HeaterSense { element: tracked(element), surface: tracked(surface) };
            state = zone.step(at, Micros::from_millis(2), &sense, &setup, DeciWatts::new(power), 49_000);
            implausible |= state.implausible;
        }
        ZoneState { implausible, ..state }
    }

    #[test]
    fn the_bounds_stay_above_the_truth_while_it_rises() {
        for seconds in [10, 30, 60] {
            let state = check(seconds, 600, |t| (30.0 + 0.4 * t, 25.0 + 0.24 * t));
            let truth = 25.0 + 0.24 * seconds as f64;
            assert!(f64::from(state.surface) / 1000.0 >= truth, "after {seconds} s: {state:?}");
            assert!(f64::from(state.surface) / 1000.0 <= truth + 2.5, "after {seconds} s: {state:?}");
        }
    }

    #[test]
    fn heating_ends_before_the_element_reaches_its_limit() {
        for tenth in 500..620 {
            let celsius = f64::from(tenth) / 10.0;
            let state = check(10, 0, |_| (celsius, 40.0));
            if celsius >= 57.7 {
                assert!(!state.may_heat, "{celsius}");
            }
            assert_eq!(state.element_hot, tenth >= 591, "{celsius} and 0.9 K of doubt");
            assert!(celsius > 57.4 || state.may_heat, "{celsius}");
        }
    }

    #[test]
    fn heating_ends_at_the_cap_of_the_surface() {
        for tenth in 460..500 {
            let celsius = f64::from(tenth) / 10.0;
            let state = check(10, 0, |_| (celsius, celsius));
            assert_eq!(state.may_heat, tenth < 483, "{celsius}, 0.6 K of doubt and what flows on");
            assert_eq!(state.surface_hot, tenth > 487, "{celsius}");
        }
    }

    #[test]
    fn an_element_that_rises_without_power_cannot_be() {
        assert!(check(100, 0, |t| (36.0 + 0.1 * t, 34.0)).implausible);
        assert!(!check(100, 0, |_| (36.0, 34.0)).implausible);
        assert!(!check(100, 0, |t| ((24.0 + 0.2 * t).min(37.0), 34.0)).implausible, "warmed by a person");
    }

    #[test]
    fn an_element_that_does_not_rise_with_power_cannot_be() {
        assert!(check(60, 600, |_| (30.0, 30.0)).implausible);
        assert!(!check(60, 600, |t| (30.0 + 0.25 * t, 25.0 + 0.2 * t)).implausible);
        assert!(!check(60, 100, |_| (48.0, 46.0)).implausible, "held warm");
    }
}
