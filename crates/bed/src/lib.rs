//! The nouns of the bed. Everything that two rooms of the house speak about is named here once:
//! quantities, the bed's own description, the spine as it was found, what the host may ask for, what
//! is logged, and the port through which a host knows a bed. No behaviour lives here, no allocation,
//! no clock.
//!
//! Frame of the bed: x from the head end to the foot end, y to the person's left, z up, into the
//! person. z is zero at the top of a lowered roller. CT coordinates (+x left, +y posterior, +z
//! cranial) map to x = -z, y = x, z = -y.
#![no_std]

pub mod config;
pub mod event;
pub mod heat_dose;
pub mod limits;
pub mod port;
pub mod quantity;
pub mod request;
pub mod spine;

pub use config::{BedConfig, ConfigError};
pub use event::{Event, SessionState};
pub use heat_dose::HeatDose;
pub use port::{Bed, Report};
pub use request::{Action, Admission, Ask, Request, ScanPass, Stroke};
pub use spine::{Interval, Level, LevelEstimate, Side, SpineScan, Tension};
