//! Where the numbers of a draw come from, and the few distributions that the population needs.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// A source of numbers for drawing people: any generator, or a record that can be told again with changes.
pub trait Draws {
    /// A standard normal number.
    fn normal(&mut self) -> f64;

    /// A number evenly from 0 to 1.
    fn even(&mut self) -> f64;

    /// A number evenly from 0 to 1 that decides between cases: a small change of it may change everything.
    fn chance(&mut self) -> f64 {
        self.even()
    }
}

impl<R: Rng> Draws for R {
    fn normal(&mut self) -> f64 {
        self.sample(StandardNormal)
    }

    fn even(&mut self) -> f64 {
        self.random()
    }
}

/// A standard normal number.
pub(crate) fn normal(draws: &mut impl Draws) -> f64 {
    draws.normal()
}

/// A number evenly from `low` to `high`.
pub(crate) fn uniform(draws: &mut impl Draws, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.even()
}
