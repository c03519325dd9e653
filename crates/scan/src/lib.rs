//! Readings to curve, levels and tension, each with its uncertainty; or a refusal.
//!
//! Rollers travel out along the back at one force and back at another; their heights trace the skin line
//! less what the tissue yields. The estimator asks which spine, lying where, under which tissue, would
//! have given these heights: by Bayes, with the shapes of real people as belief, Gauss-Newton steps to the
//! most probable answer, and Laplace's approximation for how certain it is.
//!
//! * [`Estimator::add`] gathers readings by 5 mm of the bed, in a fixed amount of memory;
//! * [`Estimator::estimate`] tells how the answer stands while the carriage moves;
//! * [`Estimator::finish`] gives the answer, or a [`Refusal`].
//!
//! Not here: what is asked of the bed (that is the plan's and the host's), any clock, and any knowledge of
//! how a simulated body is made. Angles are those of a person lying, between body centres, as
//! [`bed::spine::measure`] defines them; levels are those of a regular spine, T1 to L5.

mod answer;
mod bins;
mod chain;
mod counting;
mod estimator;
mod forward;
mod observe;
mod refusal;
mod rhythm;
mod row;
mod search;
mod solve;
mod tension;
mod tissue;
mod unknowns;

pub use estimator::{Estimate, Estimator, Mode};
pub use refusal::{End, Refusal};

#[cfg(test)]
mod tests_support {
    /// The bed of the tests.
    pub(crate) fn reference_bed() -> bed::BedConfig {
        toml::from_str(include_str!("../../../beds/reference.toml")).expect("the reference bed reads")
    }
}
