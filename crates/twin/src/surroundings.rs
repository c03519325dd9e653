//! Where and how a person lies, and what else is neither the person nor the bed.

use population::Draws;

use crate::random::{stream, uniform};

/// Where and how a person lies; what is not the person and not the bed.
#[derive(Clone, Debug, PartialEq)]
pub struct Surroundings {
    /// Seed of everything that is left to chance.
    pub seed: u64,
    /// Room, C.
    pub room_c: f64,
    /// T1 lies so far footward of its mark, mm.
    pub offset_x_mm: f64,
    /// The person lies so far to their left, mm.
    pub offset_y_mm: f64,
    /// Lies on the bed from the start, or comes with [`crate::Disturbance::LieDown`].
    pub starts_lying: bool,
    /// The person breathes.
    pub breathes: bool,
    /// Pressing softens tense sites (what the model assumes, not evidence); off in accuracy benches.
    pub softening: bool,
    /// The pad's stiffness over that of a new one: a worn pad has less.
    pub pad_scale: f64,
    /// Error of all load cells' gain beside their spread: a cell set wrongly.
    pub load_cell_gain_error: f64,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            seed: 0,
            room_c: 23.0,
            offset_x_mm: 0.0,
            offset_y_mm: 0.0,
            starts_lying: true,
            breathes: true,
            softening: false,
            pad_scale: 1.0,
            load_cell_gain_error: 0.0,
        }
    }
}

impl Surroundings {
    /// Somebody who lay down roughly at the mark: within 40 mm along and 10 mm across the bed.
    #[must_use]
    pub fn draw(seed: u64) -> Self {
        Self { seed, ..Self::of_draws(&mut stream(seed, 21)) }
    }

    /// The same with numbers from anywhere.
    #[must_use]
    pub fn of_draws(draws: &mut impl Draws) -> Self {
        Self {
            offset_x_mm: uniform(draws, -40.0, 40.0),
            offset_y_mm: uniform(draws, -10.0, 10.0),
            room_c: uniform(draws, 20.0, 26.0),
            ..Self::default()
        }
    }
}
