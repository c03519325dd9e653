//! The last code before the wires: the only maker of [`Outputs`].
//!
//! The guard knows the bed ([`Setup`]), what was measured and what control asks for. It knows no plan,
//! no person and no program, and believes none of them: whatever it is asked, what leaves it keeps
//! the table of limits (`safety/limits.toml`, [`limits`]). It counts in integers at the wire's scale.
//!
//! [`Guard::pass`] is called once a cycle. Where the guard cannot observe a quantity it holds a
//! conservative stand-in: contact pressure is 1.5 x force / contact area, skin is what the worst bare
//! contact would warm it to, the neck is headward of a line of the bed, the day's dose is carried in.
//! Its responses stand in one table ([`faults::TABLE`]); the strongest wins, and from
//! [`Response::Release`] on it stays until the bed is started anew.
//!
//! It does not find heads that collide with each other, and knows nothing of strokes.
//!
//! Nobody else can make an [`Outputs`]:
//!
//! ```compile_fail
//! let outputs = guard::Outputs { targets: counts::Targets::default() };
//! ```
#![no_std]

#[cfg(test)]
extern crate std;

#[cfg(test)]
mod bench;
mod defect;
mod dose;
mod envelope;
pub mod faults;
mod force;
mod fresh;
mod gate;
mod heat;
pub mod limits;
mod occupancy;
mod permission;
mod persist;
mod safe;
pub mod setup;
mod supervisor;
mod watch;

#[cfg(feature = "planted")]
pub use defect::Defect;
pub use dose::SessionHeat;
pub use faults::{Clear, Response, Row};
pub use gate::{Guard, Outputs, Verdict};
pub use permission::{CarryIn, Wish};
pub use setup::{CarriageSetup, HeaterSetup, LiftSetup, Setup};
pub use supervisor::{TOLD_MAX, Told};
