//! What can be broken in a bed; all off by default, switched by whoever simulates.

use counts::{CARRIAGES_MAX, CORNERS, HEADS_MAX, HEATERS_MAX};

/// What is wrong with one sensor. Offsets and spikes are in the sensor's own unit (mm, N, C, V).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SensorFault {
    /// Nothing.
    #[default]
    None,
    /// It is silent: its last sample stays and ages.
    Quiet,
    /// It repeats its last value with fresh stamps.
    Frozen,
    /// It is wrong by so much.
    Offset(f64),
    /// It is wrong by so much once; then the fault is gone.
    Spike(f64),
}

/// Everything that can be broken.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// A lift is jammed: it neither rises nor sinks.
    pub lift_stuck: [bool; HEADS_MAX],
    /// A lift's drive neither hears nor speaks; it goes on with its last target while it has power.
    pub lift_silent: [bool; HEADS_MAX],
    /// A lift's drive is in a fault of its own: without power.
    pub lift_fault: [bool; HEADS_MAX],
    /// A carriage is jammed.
    pub carriage_stalled: [bool; CARRIAGES_MAX],
    /// A carriage's drive neither hears nor speaks.
    pub carriage_silent: [bool; CARRIAGES_MAX],
    /// A carriage's drive is in a fault of its own: without power.
    pub carriage_fault: [bool; CARRIAGES_MAX],
    /// The supply is gone.
    pub supply_lost: bool,
    /// A heater's relay is welded: full power while the contactor is closed.
    pub heater_stuck_on: [bool; HEATERS_MAX],
    /// A heater does not heat.
    pub heater_dead: [bool; HEATERS_MAX],
    /// Carriage encoders.
    pub position: [SensorFault; CARRIAGES_MAX],
    /// Lift encoders.
    pub height: [SensorFault; HEADS_MAX],
    /// Load cells.
    pub force: [SensorFault; HEADS_MAX],
    /// Motor currents.
    pub thrust: [SensorFault; HEADS_MAX],
    /// Thermometers at the elements.
    pub element: [SensorFault; HEATERS_MAX],
    /// Thermometers at the surfaces.
    pub surface: [SensorFault; HEATERS_MAX],
    /// Corner cells.
    pub corner: [SensorFault; CORNERS],
    /// Supply monitor.
    pub supply: SensorFault,
    /// The hand switch's line is silent.
    pub hand_switch_quiet: bool,
    /// The emergency stop's line is silent.
    pub emergency_stop_quiet: bool,
}
