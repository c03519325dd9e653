//! The physical twin: a person on a bed that presses, warms and measures. Plant only; it knows no
//! controller, no estimator and no limit.
//!
//! * [`Person`]: drawn from the population, or built around a measured spine ([`SpineFile`]).
//! * [`Twin::step`]: targets in, readings out, in the wire's counts, at any step of 0.5 to 4 ms.
//! * [`Twin::truth`], [`Twin::truth_centres`], [`Twin::truth_tension`]: for benches and checkers alone.
//! * [`Faults`], [`Disturbance`]: what breaks, and what the person does.
//!
//! Everything is f64 and deterministic from (bed, person, surroundings, targets). The constant model and
//! the changing state are apart; a clone of a [`Twin`] is a checkpoint. Frame of the bed: x from head to
//! foot, y to the person's left, z up, zero at the top of a lowered roller; mm, N, s inside.
//!
//! What it is not: a measurement of anybody. Real spine shapes may lie in it; tissue, pad and behaviour
//! are a model with marked guesses.

pub mod banded;
pub mod body;
pub mod breathing;
pub mod disturbances;
pub mod drives;
pub mod faults;
pub mod heat;
pub mod linear;
pub mod people;
pub mod plant;
pub mod profile;
mod random;
pub mod sensors;
pub mod spine_chain;
pub mod spine_file;
pub mod surroundings;
pub mod tissue;
pub mod tissue_prior;
pub mod trunk;
pub mod truth;

pub use body::{BodyLevel, Breathing, Landmarks, Person, PersonError, TenseSite, Variation};
pub use disturbances::Disturbance;
pub use faults::{Faults, SensorFault};
pub use plant::{Moment, T1_MM, Twin};
pub use random::stream;
pub use spine_file::{
    Axes as SpineAxes, Declared as SpineDeclared, SpineFile, SpineFileError, Unit as SpineUnit,
};
pub use surroundings::Surroundings;
pub use truth::Truth;

/// The reference bed, for tests.
#[cfg(test)]
pub(crate) fn reference_bed() -> bed::BedConfig {
    toml::from_str(include_str!("../../../beds/reference.toml")).expect("the reference bed is well formed")
}
