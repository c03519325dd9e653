//! Machine and twin in one world, with faults, scenarios and checkers. To a host it is just a bed.
//!
//! * [`World`]: the only loop there is: the body's side moves, the machine decides, two milliseconds pass.
//! * [`presence`]: when the simulated person lies down, presses the hand switch, gets up.
//! * [`faults`]: what can break, by class, drawn from a seed before anything happens.
//! * [`checks`]: what must never happen, judged by the twin's truth at every step.
//! * [`script`]: a host that asks for random strokes, without plan or scan.
//! * [`storm`]: one seeded window with a fault, from beginning to verdict.

pub mod checks;
pub mod faults;
pub mod presence;
pub mod script;
mod stop;
pub mod storm;
mod world;

pub use stop::{Stop, allowed_s};
pub use world::{Link, World};
