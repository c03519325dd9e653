//! What is said aloud: eyes are on the ceiling, so each phase has one short line, and so has each change of
//! stroke.

use care::Words;
use serde::Serialize;

/// One short line to speak, or to play as a sound.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Rises with every line of a session, so that each is spoken once.
    pub number: u32,
    /// Which line, for whoever has a sound of their own for it, such as `next.knead.lower_back`.
    pub key: String,
    /// Its words.
    pub words: Words,
}
