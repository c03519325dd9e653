//! Draws from the few distributions that the twin needs.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
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

/// A normal number held within `width` standard deviations.
pub(crate) fn held_normal(rng: &mut impl Rng, width: f64) -> f64 {
    normal(rng).clamp(-width, width)
}

/// One of several independent streams of a seed.
pub(crate) fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}
