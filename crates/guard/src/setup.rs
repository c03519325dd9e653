//! What the guard knows of its bed, as counts. The machine makes it from the bed's description.
//!
//! A bed can only tighten limits: every figure is cut to the table when a guard is made, and a setup
//! that makes no sense leaves a guard that keeps the power off.

use crate::limits;
use counts::{
    CARRIAGES_MAX, DeciCelsius, DeciNewtons, DeciWatts, HEADS_MAX, HEATERS_MAX, Micrometres,
    MicrometresPerSecond, Micros, Millivolts,
};

/// One carriage and its travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarriageSetup {
    /// Headward end of the travel.
    pub from: Micrometres,
    /// Footward end of the travel.
    pub to: Micrometres,
    /// Where it goes in the safe state.
    pub park: Micrometres,
    /// Top speed with a head near or at the person.
    pub speed_contact: MicrometresPerSecond,
    /// Top speed with all its heads clear.
    pub speed_clear: MicrometresPerSecond,
    /// Acceleration, a second.
    pub acceleration: MicrometresPerSecond,
}

/// The lift of each head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiftSetup {
    /// One lift carries both heads of a carriage.
    pub coupled: bool,
    /// Stroke from the lowered stop.
    pub stroke: Micrometres,
    /// Height of the unloaded pad above the lowered roller.
    pub pad_above: Micrometres,
    /// Top speed upwards.
    pub speed_up: MicrometresPerSecond,
    /// Top speed upwards of a head that presses more than `loaded`.
    pub speed_up_loaded: MicrometresPerSecond,
    /// See `speed_up_loaded`.
    pub loaded: DeciNewtons,
    /// Top speed downwards, as a positive number.
    pub speed_down: MicrometresPerSecond,
    /// Acceleration, a second.
    pub acceleration: MicrometresPerSecond,
    /// Dead time and lag of the drive together.
    pub delay: Micros,
}

/// One heater zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaterSetup {
    /// Largest power.
    pub power: DeciWatts,
    /// Hottest element.
    pub element_max: DeciCelsius,
    /// Hottest surface in contact.
    pub surface_max: DeciCelsius,
    /// Standard deviation of a thermometer's offset, thousandths of a kelvin.
    pub accuracy_mk: i32,
    /// Lag of the element's thermometer.
    pub element_lag: Micros,
    /// Lag of the surface's thermometer.
    pub surface_lag: Micros,
    /// Stored heat of element and surface together, J/K, where it is known (rollers).
    pub heat_capacity_j_k: Option<u32>,
    /// Where a mat lies along the bed; `None` for a head.
    pub mat: Option<(Micrometres, Micrometres)>,
}

/// What the guard knows of its bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Carriages in use, two heads each.
    pub carriages: usize,
    /// One entry a carriage.
    pub carriage: [CarriageSetup; CARRIAGES_MAX],
    /// The lift of each head.
    pub lift: LiftSetup,
    /// Smallest area over which a loaded roller touches, mm2.
    pub contact_area_mm2: u32,
    /// Radius of the rollers.
    pub roller_radius: Micrometres,
    /// Largest force that a load cell tells; `None` where the heads have none.
    pub load_cell: Option<DeciNewtons>,
    /// Standard deviation of the force that the motor current tells.
    pub thrust_noise: DeciNewtons,
    /// One entry a heater zone: first one a head, then the mats.
    pub heaters: [Option<HeaterSetup>; HEATERS_MAX],
    /// Headward of this line the neck's limits hold.
    pub neck_line: Micrometres,
    /// Length of the lying surface.
    pub surface_length: Micrometres,
    /// Largest force of a corner cell; `None` where the bed has none, and then nobody is known to lie.
    pub corner: Option<DeciNewtons>,
    /// Lowest voltage of the supply.
    pub supply_min: Millivolts,
}

impl Setup {
    /// Heads in use: two a carriage.
    #[must_use]
    pub fn heads(&self) -> usize {
        (self.carriages * 2).min(HEADS_MAX)
    }

    /// Whether every figure is one that the guard can hold a bed to.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let carriages = (1..=CARRIAGES_MAX).contains(&self.carriages)
            && self.carriage[..self.carriages].iter().all(|carriage| {
                let (from, to, park) = (carriage.from.raw(), carriage.to.raw(), carriage.park.raw());
                (0..=3_000_000).contains(&from)
                    && from < to
                    && to <= 3_000_000
                    && (from..=to).contains(&park)
                    && (1..=60_000).contains(&carriage.speed_contact.raw())
                    && (1..=120_000).contains(&carriage.speed_clear.raw())
                    && (10_000..=2_000_000).contains(&carriage.acceleration.raw())
            });
        let lift = &self.lift;
        let lifts = (10_000..=300_000).contains(&lift.stroke.raw())
            && (0..=lift.stroke.raw()).contains(&lift.pad_above.raw())
            && (1..=60_000).contains(&lift.speed_up.raw())
            && (1..=60_000).contains(&lift.speed_up_loaded.raw())
            && (60_000..=300_000).contains(&lift.speed_down.raw())
            && (100_000..=10_000_000).contains(&lift.acceleration.raw())
            && lift.delay <= Micros::from_millis(100)
            && lift.loaded > DeciNewtons::ZERO;
        let heaters = self.heaters.iter().flatten().all(|heater| {
            heater.power >= DeciWatts::ZERO
                && (0..=2000).contains(&heater.accuracy_mk)
                && heater.element_lag <= Micros::from_seconds(30)
                && heater.surface_lag <= Micros::from_seconds(60)
                && heater.heat_capacity_j_k != Some(0)
        });
        let rollers = (100..=5000).contains(&self.contact_area_mm2)
            && (5_000..=100_000).contains(&self.roller_radius.raw())
            && self.load_cell.is_none_or(|range| range >= limits::FORCE_HARD)
            && self.thrust_noise >= DeciNewtons::ZERO;
        carriages && lifts && heaters && rollers && self.supply_min > Millivolts::ZERO
    }

    /// The same bed with every figure cut to the table of limits.
    #[must_use]
    pub(crate) fn tightened(&self) -> Self {
        let mut setup = self.clone();
        for heater in setup.heaters.iter_mut().flatten() {
            heater.element_max = heater.element_max.min(limits::ELEMENT);
            let ceiling = if heater.mat.is_some() { limits::SKIN_MEAN } else { limits::SURFACE_CONTACT };
            heater.surface_max = heater.surface_max.min(ceiling);
        }
        setup
    }
}
