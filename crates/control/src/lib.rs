//! Targets to commands: session states, contact, travel, heat.
//!
//! [`Control`] takes what was measured, what the host asks for and what the guard permits, and makes
//! [`Commands`]. It never asks for more force, speed or heat than the limits allow, but it is not what
//! keeps a person safe: that is the guard, which knows nothing of this crate.
//!
//! Every cycle runs through the same rooms: [`session`] (a table of states), the job of the moment (a
//! stroke or a scan pass) on one carriage, travel along the bed, a force loop in each head, one heat
//! loop a zone. Inside, numbers are plain `f32` with the unit in the name: mm, mm/s, N, N/mm, s, W,
//! degrees Celsius. All waiting is by deadlines; no loop integrates more than 4 ms a step.
#![no_std]

mod breath;
mod caps;
mod carriage;
mod command;
mod contact;
mod control;
mod force;
mod heater;
mod intake;
mod job;
mod occupancy;
mod sense;
pub mod session;
mod tissue;
mod travel;

pub use command::{Commands, Permission};
pub use control::Control;
