//! A plan while it is given: what the person wishes changes strokes that are still to come, within all that
//! compiling would allow.

use care::Words;
use serde::Serialize;

use crate::reason::{Code, Unit};

/// What a wish changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Before, in [`Change::unit`].
    pub before: f64,
    /// Now, in [`Change::unit`].
    pub after: f64,
    /// Unit of both.
    pub unit: Unit,
    /// The same in plain words.
    pub words: Words,
}

/// Why a wish changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// The cause.
    pub code: Code,
    /// The limit, in [`Held::unit`].
    pub limit: f64,
    /// Unit of the limit.
    pub unit: Unit,
    /// The same in plain words.
    pub words: Words,
}
