//! Program, person, scan, clearance and limits to a timed plan with reasons; or a refusal.
//!
//! A [`Program`] is a recipe over anatomy: strokes, levels and sides, an intensity from 1 to 9, no
//! coordinates. [`compile`] makes a [`Plan`] of it for one person on one bed: strokes in the bed's
//! frame, one after the other, each with the surfaces' targets. Everything that the program wished
//! and the plan does not give is a [`Reason`] with its code, limit, requested and granted value; where
//! nothing can be given, the answer is a [`Refusal`], which has the same form and a way out.
//!
//! Terms: a *site* is the stretch of the back that one roller presses while it stands; a *point* is
//! an acupuncture point named by the field; *force* is the sum of both heads.
//!
//! What this crate does not do: it moves nothing, knows no clock and no calendar (the day is given),
//! and its bounds on skin and dose are simple upper bounds for planning. The guard holds its own.

mod adapt;
mod admit;
mod compile;
mod force;
mod ground;
mod heat;
mod history;
mod intensity;
mod place;
mod points;
mod program;
mod reason;
mod schedule;
mod shipped;
mod words;

pub use adapt::{Change, Delivery, Held};
pub use admit::admit;
pub use compile::{Offer, PLAN_RESERVE_S, Plan, PlannedPoint, Step, Totals, compile};
pub use heat::Warmest;
pub use history::{History, Visit};
pub use intensity::{HeatLevel, Intensity};
pub use points::{Point, Reach, points};
pub use program::{Phase, PhaseSide, Places, Program, ProgramError, Therapy};
pub use reason::{Code, Most, Reason, Refusal, Unit};
pub use shipped::{shipped, shipped_named, title_of};
