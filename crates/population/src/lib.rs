//! Real people as distributions: spine shape, size, tissue.
//!
//! The twin draws people here, the scan takes its prior here; this crate knows neither. Shapes are
//! fitted on CT scans of people lying on the back, sizes on surveys, tissue on what the literature
//! gives (and says where it is a guess). The fitted files under `population/` at the repository's
//! root are embedded unchanged; they carry their own licence, CC BY-SA 4.0, see their README.
//!
//! Not here: where a person lies on the bed, how a body moves, how tissue answers a roller (that
//! is the twin's), and what a reading means (that is the scan's).

mod model;
mod people;
mod person;
mod random;
mod shape;
mod tissue;
mod torso;

pub use model::{FOLDS, NUMERIC_VARIANTS, ShapeModel, fold_of};
pub use people::{
    AGE_MIN_YEARS, About, Basics, LENGTH_SD_MIN_MM, MASS_MAX_KG, STATURE_MAX_MM, STATURE_MIN_MM, Sex,
    length_given_stature, stature_given_length,
};
pub use person::{LEFT, Person, PersonTissue, RIGHT, TenseSite};
pub use random::Draws;
pub use shape::{
    BODIES, GAPS, LATERAL, LEVELS, PARAMS, Point, SAGITTAL, SEGMENTS, Shape, ShapeError, bed_from_ct, segment,
};
pub use tissue::{BMI_REFERENCE, Range, SACRUM, SITES, STIFFNESS_DEPTH_MM, Spread, Tissue};
pub use torso::{Depth, depth_mm};

/// The generator that every draw here is meant to be fed with: ChaCha8, the same stream on every
/// platform. One seed a study and person.
#[must_use]
pub fn rng(seed: u64) -> rand_chacha::ChaCha8Rng {
    rand::SeedableRng::seed_from_u64(seed)
}

/// Origin, attribution and licence of the embedded data, to be shown beside what is made of it.
pub const NOTICE: &str = include_str!("../../../population/README.md");
