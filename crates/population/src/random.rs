//! Draws from the few distributions that the population needs.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// A standard normal number.
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

/// A number evenly from `low` to `high`.
pub(crate) fn uniform(rng: &mut impl Rng, low: f64, high: f64) -> f64 {
    let share: f64 = rng.random();
    low + (high - low) * share
}
