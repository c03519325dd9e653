//! The reference bed as a setup, for tests.

use super::setup::{CarriageSetup, HeaterSetup, LiftSetup, Setup};
use counts::{DeciCelsius, DeciNewtons, DeciWatts, Micrometres, MicrometresPerSecond, Micros, Millivolts};

/// The bed of `beds/reference.toml`.
pub(crate) fn reference() -> Setup {
    let speed = MicrometresPerSecond::new;
    let head = HeaterSetup {
        power: DeciWatts::new(600),
        element_max: DeciCelsius::new(600),
        surface_max: DeciCelsius::new(490),
        accuracy_mk: 300,
        element_lag: Micros::from_seconds(3),
        surface_lag: Micros::from_seconds(8),
        heat_capacity_j_k: Some(200),
        mat: None,
    };
    let mat = |from, to| HeaterSetup {
        power: DeciWatts::new(1000),
        surface_max: DeciCelsius::new(450),
        heat_capacity_j_k: None,
        mat: Some((Micrometres::new(from), Micrometres::new(to))),
        ..head
    };
    Setup {
        carriages: 1,
        carriage: [CarriageSetup {
            from: Micrometres::new(350_000),
            to: Micrometres::new(1_350_000),
            park: Micrometres::new(1_350_000),
            speed_contact: speed(60_000),
            speed_clear: speed(120_000),
            acceleration: speed(500_000),
        }; 2],
        lift: LiftSetup {
            coupled: false,
            stroke: Micrometres::new(100_000),
            pad_above: Micrometres::new(30_000),
            speed_up: speed(60_000),
            speed_up_loaded: speed(30_000),
            loaded: DeciNewtons::new(800),
            speed_down: speed(80_000),
            acceleration: speed(1_000_000),
            delay: Micros::from_millis(16),
        },
        contact_area_mm2: 900,
        roller_radius: Micrometres::new(20_000),
        load_cell: Some(DeciNewtons::new(3000)),
        thrust_noise: DeciNewtons::new(250),
        heaters: [
            Some(head),
            Some(head),
            Some(mat(450_000, 1_050_000)),
            Some(mat(1_400_000, 1_900_000)),
            None,
            None,
            None,
            None,
        ],
        neck_line: Micrometres::new(520_000),
        surface_length: Micrometres::new(2_000_000),
        corner: Some(DeciNewtons::new(6000)),
        supply_min: Millivolts::new(20_000),
    }
}
