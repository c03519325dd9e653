//! The bed's description in the guard's counts, each figure rounded toward the safe side.

use bed::BedConfig;
use bed::config::{CarriageConfig, HeaterConfig};
use bed::quantity::{
    Wire, celsius, in_kelvins, kelvins, millimetres, millimetres_per_second, newtons, volts, watts,
};
use counts::{CARRIAGES_MAX, DeciCelsius, DeciNewtons, DeciWatts, HEATERS_MAX, Micrometres, Micros};
use counts::{MicrometresPerSecond, Millivolts};
use guard::setup::{CarriageSetup, HeaterSetup, LiftSetup, Setup};

/// What the guard is told of a bed.
#[must_use]
pub fn guard_setup(config: &BedConfig) -> Setup {
    let mut carriage = [CarriageSetup::default(); CARRIAGES_MAX];
    for (slot, own) in carriage.iter_mut().zip(&config.carriages) {
        *slot = carriage_setup(own);
    }
    let mut heaters = [None; HEATERS_MAX];
    for (zone, slot) in heaters.iter_mut().enumerate().take(config.zones()) {
        *slot = config.heater(zone).map(|heater| heater_setup(config, zone, heater));
    }
    Setup {
        carriages: config.carriages.len(),
        carriage,
        lift: lift_setup(config),
        contact_area_mm2: libm::floorf(config.roller.contact_area_mm2) as u32,
        roller_radius: Micrometres::down(millimetres(config.roller.radius_mm)),
        load_cell: config.load_cell.as_ref().map(|cell| DeciNewtons::down(newtons(cell.range_n))),
        thrust_noise: DeciNewtons::up(newtons(config.lift.thrust_noise_n)),
        heaters,
        neck_line: Micrometres::up(millimetres(config.neck_line_mm)),
        surface_length: Micrometres::down(millimetres(config.surface_length_mm)),
        corner: config.corners.as_ref().map(|corners| DeciNewtons::down(newtons(corners.range_n))),
        supply_min: Millivolts::up(volts(config.supply_min_v)),
    }
}

fn carriage_setup(own: &CarriageConfig) -> CarriageSetup {
    let speed = |value| MicrometresPerSecond::down(millimetres_per_second(value));
    CarriageSetup {
        from: Micrometres::up(millimetres(own.from_mm)),
        to: Micrometres::down(millimetres(own.to_mm)),
        park: Micrometres::nearest(millimetres(own.park_mm)),
        speed_contact: speed(own.speed_contact_mm_s),
        speed_clear: speed(own.speed_clear_mm_s),
        acceleration: speed(own.acceleration_mm_s2),
    }
}

fn lift_setup(config: &BedConfig) -> LiftSetup {
    let lift = &config.lift;
    let speed = |value| MicrometresPerSecond::down(millimetres_per_second(value));
    LiftSetup {
        coupled: lift.coupled,
        stroke: Micrometres::down(millimetres(lift.stroke_mm)),
        pad_above: Micrometres::down(millimetres(lift.pad_above_mm)),
        speed_up: speed(lift.speed_up_mm_s),
        speed_up_loaded: speed(lift.speed_up_loaded_mm_s),
        loaded: DeciNewtons::down(newtons(lift.loaded_n)),
        speed_down: speed(lift.speed_down_mm_s),
        acceleration: speed(lift.acceleration_mm_s2),
        delay: micros_up((lift.delay_ms + lift.lag_ms) * 1e-3),
    }
}

fn heater_setup(config: &BedConfig, zone: usize, heater: &HeaterConfig) -> HeaterSetup {
    let head = zone < config.heads();
    let mat = config.mats.get(zone.wrapping_sub(config.heads())).filter(|_| !head);
    let surface_max_c =
        if head { heater.surface_max_c.min(config.surface_ceiling_c()) } else { heater.surface_max_c };
    HeaterSetup {
        power: DeciWatts::down(watts(heater.power_w)),
        element_max: DeciCelsius::down(celsius(heater.element_max_c)),
        surface_max: DeciCelsius::down(celsius(surface_max_c)),
        accuracy_mk: libm::ceilf(in_kelvins(kelvins(heater.accuracy_k)) * 1000.0) as i32,
        element_lag: micros_up(heater.element_lag_s),
        surface_lag: micros_up(heater.surface_lag_s),
        heat_capacity_j_k: head.then(|| libm::ceilf(config.roller.heat_capacity_j_k) as u32),
        mat: mat.map(|mat| {
            (Micrometres::down(millimetres(mat.from_mm)), Micrometres::up(millimetres(mat.to_mm)))
        }),
    }
}

fn micros_up(seconds: f32) -> Micros {
    Micros::new(libm::ceilf(seconds.max(0.0) * 1e6) as u64)
}
