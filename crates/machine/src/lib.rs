//! Control and guard behind one step.
//!
//! [`Machine::step`] is one pure function of time, readings and request; firmware, twin, trials and
//! replay all call it. It reads no clock, allocates nothing and cannot fail. Control and guard do not
//! know each other: this crate translates the bed's description into the guard's setup, the host's
//! request into the guard's wish, the guard's response into control's permission of the next cycle, and
//! the guard's faults into events.
//!
//! A machine freezes by being cloned: the clone, given the same inputs, makes the same outputs.
#![no_std]

mod setup;
mod step;

#[cfg(feature = "planted")]
pub use guard::Defect;
pub use guard::{Outputs, Response};
pub use setup::guard_setup;
pub use step::{Machine, Step};
