//! Whoever attends a session from the host's side: a terminal, a tablet's page, nobody. The session tells
//! them how it comes along and asks them, in every cycle, what the person wishes.

use super::live::Live;
use bed::{SessionState, SpineScan};
use care::Words;
use counts::Instant;
use plan::{Change, Held, Plan};
use serde::{Deserialize, Serialize};

/// What the person wishes while the session goes on. No wish passes a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Less force, this stroke and all later ones.
    Softer,
    /// More force, this stroke and all later ones.
    Firmer,
    /// Warmer surfaces.
    Warmer,
    /// Cooler surfaces.
    Cooler,
    /// On to the next stroke.
    Skip,
    /// This stroke for some seconds longer.
    Stay,
    /// End in good order.
    Finish,
    /// End at once and release.
    Stop,
}

impl Wish {
    /// Every wish.
    pub const ALL: [Self; 8] = [
        Self::Softer,
        Self::Firmer,
        Self::Warmer,
        Self::Cooler,
        Self::Skip,
        Self::Stay,
        Self::Finish,
        Self::Stop,
    ];

    /// As a record and a page write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Softer => "softer",
            Self::Firmer => "firmer",
            Self::Warmer => "warmer",
            Self::Cooler => "cooler",
            Self::Skip => "skip",
            Self::Stay => "stay",
            Self::Finish => "finish",
            Self::Stop => "stop",
        }
    }
}

/// What the person answers to a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// This one.
    Yes,
    /// Rather the alternative of this key; it is proposed in its turn.
    Other(String),
    /// Nothing: release.
    No,
}

/// Something else that could be given to this person, on this scan, in the time that is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// By this it is chosen with [`Answer::Other`].
    pub key: String,
    /// Name of the program.
    pub program: String,
    /// Title in plain words.
    pub title: Words,
    /// Length of the whole session, minutes; `None` where it is refused.
    pub minutes: Option<f64>,
    /// Largest force of both heads together, newtons; `None` where it is refused.
    pub force_max_n: Option<f64>,
    /// Begins softer than the program asks for.
    pub gentler: bool,
    /// Why it cannot be given today; `None` where it can.
    pub refusal: Option<plan::Refusal>,
}

/// How a session comes along, for whoever attends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress<'a> {
    /// The bed waits for a person, or for the hand switch.
    Waiting(SessionState),
    /// The carriage scans; share of the way.
    Scanning(f64),
    /// The person should move so far to their left (negative: right), mm, and lie still again.
    Move(f64),
    /// This was found; a later scan before the treatment takes its place.
    Found(&'a SpineScan),
    /// This was found after the treatment.
    FoundAfter(&'a SpineScan),
    /// What was found fits this plan; [`Attendant::answer`] is asked from now on.
    Proposed {
        /// The plan.
        plan: &'a Plan,
        /// What else there is.
        alternatives: &'a [Alternative],
    },
    /// The plan stands and is given from now on.
    Planned(&'a Plan),
    /// A stroke begins: which, of how many, its words.
    Stroke(usize, usize, &'a Words),
    /// A wish was granted.
    Granted {
        /// The wish.
        wish: Wish,
        /// What it changed.
        what: &'a Change,
    },
    /// A wish was held: nothing changes.
    Held {
        /// The wish.
        wish: Wish,
        /// Why.
        reason: &'a Held,
    },
    /// The person is being released.
    Releasing,
    /// The bed's time, for whoever wants to keep pace with it.
    Time(Instant),
}

/// Whoever attends a session from the host's side.
pub trait Attendant {
    /// How the session comes along.
    fn progress(&mut self, progress: Progress<'_>);

    /// Whether [`Attendant::see`] looks at all; where it does not, no picture is made and no alternative is
    /// looked for. Asked once, before the session begins.
    fn looks(&self) -> bool {
        false
    }

    /// Whether anybody attends. Once nobody does, no wish but an end is taken, force and heat only fall, and the
    /// session ends in good order a minute later, whoever comes back.
    fn attends(&self) -> bool {
        true
    }

    /// The picture of the moment, at most 20 times a second of the bed's time.
    fn see(&mut self, _live: &Live) {}

    /// The next wish of the person, if there is one; asked in every cycle.
    fn wish(&mut self) -> Option<Wish> {
        None
    }

    /// What the person answers to the proposal that stands; asked in every cycle while one does. `None`: not
    /// yet. Where nobody attends, a session goes on at once.
    fn answer(&mut self) -> Option<Answer> {
        Some(Answer::Yes)
    }
}

/// Somebody who only watches.
impl<F: FnMut(Progress<'_>)> Attendant for F {
    fn progress(&mut self, progress: Progress<'_>) {
        self(progress);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wish_is_called_what_a_record_calls_it() {
        for wish in Wish::ALL {
            assert_eq!(serde_json::to_value(wish).expect("plain data"), wish.name());
        }
    }
}
