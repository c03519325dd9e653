//! Machine and twin in one world, with faults, scenarios and checkers. To a host it is just a bed.
//!
//! * [`World`]: the only loop there is: the body's side moves, the machine decides, two milliseconds pass.
//! * [`presence`]: when the simulated person lies down, presses the hand switch, gets up.
//! * [`faults`]: what can break, by class, drawn from a seed before anything happens.
//! * [`checks`]: what must never happen, judged by the twin's truth at every step.
//! * [`storm`]: one seeded window with a fault, from beginning to verdict.

// checks
pub mod faults;
pub mod presence;
// storm
mod world;

pub use world::{Link, World};
