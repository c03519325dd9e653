//! One session with one bed, from the first request to the release.

mod conversation;
pub mod trace;

use crate::log::LogError;
use counts::Fault;
use serde::{Deserialize, Serialize};

/// A fault that the guard reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultSeen {
    /// Seconds since machine start.
    pub time_s: f64,
    /// Which fault.
    pub fault: Fault,
    /// Which axis, head or zone, where there are several.
    pub index: u8,
    /// In plain words.
    pub words: String,
}

/// What can go wrong with a session besides an ordinary refusal or a fault.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The link to the bed is gone.
    #[error("the link to the bed is gone: {0}; the bed releases the person by itself")]
    Link(String),
    /// The log cannot be written.
    #[error(transparent)]
    Log(#[from] LogError),
}
