//! The fault table: what is done about each fault, how long it must stand first, and when it is over.

use counts::{Fault, Micros};

/// What is done, from nothing to everything; the strongest wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Response {
    /// Commands pass.
    #[default]
    None,
    /// Commands pass, cut to the envelope.
    Limit,
    /// Force and heat fall to nothing; the session may go on afterwards.
    Unload,
    /// The safe state: lowered, heaters off, carriage to its park.
    Release,
    /// The power is taken away; the lifts sink.
    PowerOff,
}

/// When a fault is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clear {
    /// Not before the bed is started anew.
    Latched,
    /// When it has been gone for a span.
    SelfClears {
        /// How long it must be gone.
        after: Micros,
    },
    /// When the session has ended.
    SessionEnd,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The fault.
    pub fault: Fault,
    /// What is done about it.
    pub response: Response,
    /// How long the condition must stand before it counts.
    pub hold: Micros,
    /// When it is over.
    pub clear: Clear,
}

const fn row(fault: Fault, response: Response, hold_ms: u64, clear: Clear) -> Row {
    Row { fault, response, hold: Micros::from_millis(hold_ms), clear }
}

const fn after_ms(millis: u64) -> Clear {
    Clear::SelfClears { after: Micros::from_millis(millis) }
}

use Clear::{Latched, SessionEnd};
use Response::{Limit, PowerOff, Release, Unload};

/// Every fault, in the order of its code. "Silent" conditions carry their 100 ms in the age of the
/// reading, so that they count at once here; force conditions are medians of three samples.
pub static TABLE: [Row; Fault::ALL.len()] = [
    row(Fault::EmergencyStop, Release, 3, Latched),
    row(Fault::HandSwitch, Release, 0, Latched),
    row(Fault::HandSwitchSilent, Release, 0, Latched),
    row(Fault::SupplyLost, PowerOff, 6, Latched),
    row(Fault::CycleTime, Release, 0, Latched),
    row(Fault::ForceHard, Release, 0, Latched),
    row(Fault::ForceCeiling, Unload, 30, after_ms(500)),
    row(Fault::NeckForce, Unload, 30, after_ms(500)),
    row(Fault::ContactPressure, Unload, 30, after_ms(500)),
    row(Fault::ForceSilent, Release, 0, Latched),
    row(Fault::ForceDisagrees, Release, 200, Latched),
    row(Fault::HeightSilent, Release, 0, Latched),
    row(Fault::LiftStuck, Release, 0, Latched),
    row(Fault::CarriageSilent, Release, 0, Latched),
    row(Fault::CarriageStalled, Release, 0, Latched),
    row(Fault::DriveSilent, PowerOff, 0, Latched),
    row(Fault::DriveFault, Release, 6, Latched),
    row(Fault::ElementHot, PowerOff, 100, Latched),
    row(Fault::SurfaceHot, Unload, 500, after_ms(5000)),
    row(Fault::TemperatureSilent, Unload, 0, after_ms(1000)),
    row(Fault::TemperatureImplausible, PowerOff, 0, Latched),
    // Half of the mean's time constant, so that the heads do not come back to skin that is as warm as before.
    row(Fault::SkinHot, Unload, 0, after_ms(30_000)),
    row(Fault::DoseSpent, Unload, 0, SessionEnd),
    row(Fault::SiteTime, Unload, 0, after_ms(5000)),
    row(Fault::SessionTime, Unload, 0, SessionEnd),
    row(Fault::PersonGone, Unload, 300, after_ms(1000)),
    row(Fault::CommandRange, Limit, 20, after_ms(1000)),
    row(Fault::Configuration, PowerOff, 0, Latched),
];

/// The row of a fault.
#[must_use]
pub fn row_of(fault: Fault) -> &'static Row {
    &TABLE[fault as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_row_in_the_order_of_its_code() {
        for (index, fault) in Fault::ALL.iter().enumerate() {
            assert_eq!(TABLE[index].fault, *fault);
            assert_eq!(row_of(*fault).fault, *fault);
        }
    }

    #[test]
    fn what_ends_a_session_at_once_is_latched() {
        for row in &TABLE {
            assert_eq!(row.response >= Release, row.clear == Latched, "{row:?}");
        }
    }

    #[test]
    fn no_fault_waits_longer_than_a_third_of_a_second_but_a_warm_surface() {
        for row in TABLE.iter().filter(|row| row.fault != Fault::SurfaceHot) {
            assert!(row.hold <= Micros::from_millis(300), "{row:?}");
        }
    }
}
