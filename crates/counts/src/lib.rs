//! The integers of the wire, and the frames they travel in.
//!
//! Everything that crosses the line between the bed's drives and sensors and the code that decides
//! is a whole number at the wire's own scale: there is no NaN, replay is exact, and a limit can be
//! swept value by value. This crate depends on nothing of ours and knows no rule about any number.
//!
//! * [`mod@unit`]: one newtype a unit, such as [`DeciNewtons`].
//! * [`time`]: [`Instant`] since machine start, spans, and [`Sample`], a value with its stamp.
//! * [`frame`]: [`Readings`] (what was measured) and [`Targets`] (what drives and heaters are told).
//! * [`fault`]: the codes of what can be wrong, with words for people.
#![no_std]

pub mod fault;
pub mod frame;
pub mod time;
pub mod unit;

pub use fault::Fault;
pub use frame::{AxisTarget, CarriageReadings, DriveState, HeadReadings, HeaterReadings, Readings, Targets};
pub use frame::{CARRIAGES_MAX, CORNERS, HEADS_MAX, HEATERS_MAX, STRIPS_MAX};
pub use time::{Instant, Micros, Millis, Reading, Sample};
pub use unit::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, DeciWatts, Micrometres, MicrometresPerSecond, MilliCem43,
    Millivolts, PerMille,
};
