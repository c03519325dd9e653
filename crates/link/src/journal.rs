//! What a twin tells of itself beside its reports: the lines of its journal, and how its limits hold while
//! something is broken. Judged in the twin's own process, by its truth; a bed, which knows no truth, tells none.

use bed::SessionState;
use counts::{DeciNewtons, Fault, Instant, Millis};
use heapless::{String, Vec};
use serde::{Deserialize, Serialize};

/// Longest words of a line, bytes. Design: a strike in words.
pub const LINE_WORDS_MAX: usize = 64;

/// Most limits that a verdict names. Source: there are fourteen.
pub const CROSSED_MAX: usize = 16;

/// How strongly the guard acts; the strongest of all its faults wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GuardActs {
    /// Commands pass.
    #[default]
    Nothing,
    /// Commands pass, cut to the envelope.
    Limit,
    /// Force and heat fall to nothing; the session may go on afterwards.
    Unload,
    /// Lowered, heaters off, carriage to its park.
    Release,
    /// The power is taken away; the lifts sink.
    PowerOff,
}

/// One thing that happened at a twin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Noted {
    /// Something was broken on purpose: number of its class, and what else was drawn.
    Broke {
        /// Number of the class.
        class: u8,
        /// What else was drawn.
        seed: u32,
    },
    /// Everything was mended.
    Mended,
    /// It was switched off and on.
    Restarted,
    /// Its session moved to another state.
    State {
        /// The state.
        to: SessionState,
    },
    /// The guard found a fault.
    Fault {
        /// Which one.
        fault: Fault,
        /// Which axis, head or zone, where there are several.
        index: u8,
    },
    /// A fault is over.
    Cleared {
        /// Which one.
        fault: Fault,
        /// Which axis, head or zone, where there are several.
        index: u8,
    },
    /// The guard acts otherwise than before.
    Guard {
        /// How strongly.
        acts: GuardActs,
    },
    /// Since the guard acts, nothing is told to rise or to heat any more.
    OutputsOff {
        /// Drives and heaters have power all the same.
        power: bool,
    },
    /// A release that the guard has made is over.
    Released {
        /// Force of both heads when it began.
        from: DeciNewtons,
        /// How long heads pressed on.
        took: Millis,
        /// How long they may.
        allowed: Millis,
    },
    /// A limit was crossed; the words say which.
    Crossed {
        /// The value, in the limit's unit.
        value: f32,
        /// The limit.
        limit: f32,
    },
}

/// A line of a twin's journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalLine {
    /// Rises by one with each line of a process.
    pub number: u32,
    /// When.
    pub now: Instant,
    /// What.
    pub noted: Noted,
    /// What cannot be said in numbers, such as which part was broken.
    pub words: String<LINE_WORDS_MAX>,
}

/// A limit that was crossed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crossed {
    /// Its name, such as `skin`.
    pub what: String<16>,
    /// The value at that moment.
    pub value: f32,
    /// The limit.
    pub limit: f32,
}

/// How the limits hold since something was broken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Number of the class that was broken last.
    pub class: u8,
    /// What else was drawn.
    pub seed: u32,
    /// When it was broken.
    pub since: Instant,
    /// Until when it was looked at.
    pub until: Instant,
    /// It is still looked at.
    pub open: bool,
    /// How strongly the guard acts now.
    pub guard: GuardActs,
    /// Largest true force of both heads, N.
    pub force_n: f32,
    /// The same as a share of the limit in force at that moment.
    pub force_share: f32,
    /// Hottest true skin, C.
    pub skin_c: f32,
    /// Largest true heat dose, CEM43.
    pub dose_cem43: f32,
    /// Hottest true element, C.
    pub element_c: f32,
    /// Limits that were crossed, each once.
    pub crossed: Vec<Crossed, CROSSED_MAX>,
}
