//! One zone's heat: power that brings the surface to its target and holds it there.
//!
//! Terms: T_s surface and T_e element temperature (C, measured through thermometers with lags L_s and
//! L_e), T* target, P power (W).
//!
//! * Lag: a thermometer that lags by L shows `T = true - L dT/dt`; `true = T + L dT/dt` with the rate
//!   taken from a low-passed difference.
//! * Stored heat: the element, hotter than the surface, will still warm it by its share of the heat
//!   capacity: `T_m = T_s + share (T_e - T_s)`.
//! * Law: `P = gain (T* - T_m) + I`, `I' = gain / reset (T* - T_s)`; I stands still while P is cut, so
//!   that in the end the surface is at its target.
//! * The element limit cuts P by `P <= element gain (T_e,max - T_e)`.

use crate::sense::within;
use bed::config::HeaterConfig;

/// Error at which the heater gives its full power, K. Guess: 10 s of a roller's warming.
const FULL_AT_K: f32 = 3.0;
/// Reset time, s. Guess: a few times the thermometers' lags.
const RESET_S: f32 = 90.0;
/// Share of the element in the heat capacity of element and surface. Guess.
const ELEMENT_SHARE: f32 = 0.25;
/// Element margin under its limit, K. Source: bed file; three times the thermometers' 0.3 K.
const ELEMENT_MARGIN_K: f32 = 1.0;
/// Element error at which the full power is allowed, K. Guess: 10 s of an element's warming.
const ELEMENT_FULL_AT_K: f32 = 4.0;
/// Low-pass of the rate of change, s. Guess: half of a surface thermometer's lag.
const RATE_S: f32 = 4.0;

/// A thermometer with its lag taken out.
#[derive(Clone, Debug, PartialEq)]
struct Thermometer {
    lag_s: f32,
    smooth_c: Option<f32>,
}

impl Thermometer {
    /// The temperature behind the lag, C.
    fn ahead_c(&mut self, dt_s: f32, measured_c: f32) -> f32 {
        let smooth = self.smooth_c.unwrap_or(measured_c);
        let smooth = smooth + (measured_c - smooth) * dt_s / (RATE_S + dt_s);
        self.smooth_c = Some(smooth);
        measured_c + self.lag_s / RATE_S * (measured_c - smooth)
    }
}

/// Heat loop of one zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Zone {
    power_w: f32,
    element_max_c: f32,
    surface_max_c: f32,
    element: Thermometer,
    surface: Thermometer,
    held_w: f32,
}

impl Zone {
    /// `surface_max_c` is the hottest target that will be taken.
    pub(crate) fn new(config: &HeaterConfig, surface_max_c: f32) -> Self {
        let thermometer = |lag_s| Thermometer { lag_s, smooth_c: None };
        Self {
            power_w: config.power_w,
            element_max_c: config.element_max_c - ELEMENT_MARGIN_K,
            surface_max_c,
            element: thermometer(config.element_lag_s),
            surface: thermometer(config.surface_lag_s),
            held_w: 0.0,
        }
    }

    /// One cycle: fresh temperatures (C) and the target, to a power (W).
    pub(crate) fn step(
        &mut self,
        dt_s: f32,
        element_c: Option<f32>,
        surface_c: Option<f32>,
        target_c: Option<f32>,
    ) -> f32 {
        let (Some(element_c), Some(surface_c)) = (element_c, surface_c) else {
            self.held_w = 0.0;
            return 0.0;
        };
        let element_c = self.element.ahead_c(dt_s, element_c);
        let surface_c = self.surface.ahead_c(dt_s, surface_c);
        let Some(target_c) = target_c else {
            self.held_w = 0.0;
            return 0.0;
        };
        let error_k = target_c.min(self.surface_max_c) - surface_c;
        let gain = self.power_w / FULL_AT_K;
        let by_element = self.power_w / ELEMENT_FULL_AT_K * (self.element_max_c - element_c);
        let most = within(by_element, 0.0, self.power_w);
        let stored_k = ELEMENT_SHARE * (element_c - surface_c).max(0.0);
        let wished = gain * (error_k - stored_k) + self.held_w;
        let granted = within(wished, 0.0, most);
        let cut_above = wished > most && error_k > 0.0;
        let cut_below = wished < 0.0 && error_k < 0.0;
        if !cut_above && !cut_below {
            self.held_w = within(self.held_w + gain / RESET_S * error_k * dt_s, 0.0, self.power_w);
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Element and roller in series behind lagging thermometers with steps of 0.1 K.
    fn check(target_c: f32, loss_w_k: f32) -> (f32, f32, f32) {
        let config = HeaterConfig {
            power_w: 60.0,
            element_max_c: 60.0,
            surface_max_c: 49.0,
            element_lag_s: 3.0,
            surface_lag_s: 8.0,
            accuracy_k: 0.3,
        };
        let mut zone = Zone::new(&config, 48.0);
        let (mut element, mut roller) = (25.0_f32, 25.0_f32);
        let (mut element_seen, mut roller_seen) = (25.0_f32, 25.0_f32);
        let (mut peak, mut element_peak) = (0.0_f32, 0.0_f32);
        for _ in 0..900 * 500 {
            let tenths = |value: f32| (value * 10.0).floor() * 0.1;
            let power =
                zone.step(0.002, Some(tenths(element_seen)), Some(tenths(roller_seen)), Some(target_c));
            assert!((0.0..=60.0).contains(&power));
            let across = 4.0 * (element - roller);
            element += (power - across) / 40.0 * 0.002;
            roller += (across - loss_w_k * (roller - 30.0)) / 160.0 * 0.002;
            element_seen += (element - element_seen) * 0.002 / 3.0;
            roller_seen += (roller - roller_seen) * 0.002 / 8.0;
            peak = peak.max(roller);
            element_peak = element_peak.max(element);
        }
        (roller, peak, element_peak)
    }

    #[test]
    fn a_roller_reaches_its_target_without_passing_it_by_a_kelvin() {
        for (target, loss) in [(45.0, 0.5), (45.0, 1.2), (40.0, 0.2), (48.0, 0.8)] {
            let (end, peak, element) = check(target, loss);
            assert!((end - target).abs() < 0.5, "{end} for {target} at {loss} W/K");
            assert!(peak < target + 1.0, "{peak} for {target} at {loss} W/K");
            assert!(element < 60.0, "{element}");
        }
    }

    #[test]
    fn a_target_above_the_cap_is_cut_to_it() {
        let (end, peak, element) = check(90.0, 0.5);
        assert!(end < 48.5 && peak < 49.0 && element < 60.0, "{end} {peak} {element}");
    }

    #[test]
    fn a_zone_whose_thermometer_is_silent_gets_no_power() {
        let config = HeaterConfig {
            power_w: 60.0,
            element_max_c: 60.0,
            surface_max_c: 49.0,
            element_lag_s: 3.0,
            surface_lag_s: 8.0,
            accuracy_k: 0.3,
        };
        let mut zone = Zone::new(&config, 48.0);
        assert!(zone.step(0.002, Some(25.0), Some(25.0), Some(45.0)) > 0.0);
        for (element, surface) in [(None, Some(25.0)), (Some(25.0), None), (None, None)] {
            assert!(zone.step(0.002, element, surface, Some(45.0)) <= 0.0);
        }
        assert!(zone.step(0.002, Some(25.0), Some(25.0), None) <= 0.0);
    }
}
