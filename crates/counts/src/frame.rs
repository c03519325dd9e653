//! The two frames that cross the wire each cycle: what was measured, and what drives are told.

use crate::time::Reading;
use crate::unit::{DeciCelsius, DeciNewtons, DeciWatts, Micrometres, MicrometresPerSecond, Millivolts};
use serde::{Deserialize, Serialize};

/// At most so many carriages.
pub const CARRIAGES_MAX: usize = 2;
/// At most so many heads (two a carriage).
pub const HEADS_MAX: usize = 4;
/// At most so many heater zones: first one a head, in the order of the heads, then the mats.
pub const HEATERS_MAX: usize = 8;
/// Load cells in the corners of the bed.
pub const CORNERS: usize = 4;
/// At most so many strips of the bed, left and right together.
pub const STRIPS_MAX: usize = 200;

/// What a drive says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriveState {
    /// Without power: a lift sinks, a carriage rolls free.
    #[default]
    Off,
    /// Powered and following its target.
    Enabled,
    /// It has a fault of its own and does not follow.
    Fault,
}

/// What is measured at one carriage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriageReadings {
    /// Position of the roller axis along the bed, from the head end.
    pub position: Reading<Micrometres>,
    /// State of its drive.
    pub drive: Reading<DriveState>,
}

/// What is measured at one head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadReadings {
    /// Height of the roller's top above the lowered stop, up positive.
    pub height: Reading<Micrometres>,
    /// Load cell.
    pub force: Reading<DeciNewtons>,
    /// Force as the motor current tells it: a coarse second opinion.
    pub thrust: Reading<DeciNewtons>,
    /// State of the lift's drive. A coupled lift reports the same values for both heads.
    pub drive: Reading<DriveState>,
}

/// What is measured at one heater zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaterReadings {
    /// Temperature at the heating element.
    pub element: Reading<DeciCelsius>,
    /// Temperature at the surface that faces the person.
    pub surface: Reading<DeciCelsius>,
}

/// Everything that was measured, each value with the moment at which it was taken.
///
/// What a bed lacks is `None`, never zero; a sensor that fell silent keeps its last sample, whose
/// age grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readings {
    /// One entry a carriage.
    pub carriages: [CarriageReadings; CARRIAGES_MAX],
    /// One entry a head: left and right of the first carriage, then of the second.
    pub heads: [HeadReadings; HEADS_MAX],
    /// One entry a heater zone.
    pub heaters: [HeaterReadings; HEATERS_MAX],
    /// Corner cells: head left, head right, foot left, foot right.
    pub corners: [Reading<DeciNewtons>; CORNERS],
    /// Hand switch: true while it is pressed.
    pub hand_switch: Reading<bool>,
    /// Emergency stop: true while it is pressed.
    pub emergency_stop: Reading<bool>,
    /// Supply voltage of the drives and heaters.
    pub supply: Reading<Millivolts>,
}

/// What one axis is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AxisTarget {
    /// No power: a lift sinks by its own weight and the person's, a carriage stays.
    #[default]
    Released,
    /// Move at this velocity.
    Velocity(MicrometresPerSecond),
}

/// What all drives and heaters are told. The default is the state without power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Targets {
    /// The contactor of the drives' and heaters' supply.
    pub power: bool,
    /// One a carriage; positive towards the foot end.
    pub carriages: [AxisTarget; CARRIAGES_MAX],
    /// One a head; positive is up, into the person.
    pub lifts: [AxisTarget; HEADS_MAX],
    /// Power of each heater zone.
    pub heaters: [DeciWatts; HEATERS_MAX],
}
