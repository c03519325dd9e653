//! Draws from the few distributions that the twin needs.

use population::Draws;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A standard normal number.
pub(crate) fn normal(draws: &mut impl Draws) -> f64 {
    draws.normal()
}

/// A number evenly from `low` to `high`.
pub(crate) fn uniform(draws: &mut impl Draws, low: f64, high: f64) -> f64 {
    low + (high - low) * draws.even()
}

/// A normal number held within `width` standard deviations.
pub(crate) fn held_normal(draws: &mut impl Draws, width: f64) -> f64 {
    normal(draws).clamp(-width, width)
}

/// One of several independent streams of a seed.
#[must_use]
pub fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}
