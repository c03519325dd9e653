//! What control asks for, and what the guard allows it.

use bed::Event;
use bed::port::EVENTS_MAX;
use counts::Targets;
use heapless::Vec;

/// What the guard allows control to do, as it said in the cycle before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Press, travel and heat as asked.
    Granted,
    /// No force and no heat for the moment; the session goes on.
    Unload,
    /// The session is over: release the person. Latched.
    #[default]
    Release,
}

/// What control asks of the guard in one cycle, and what happened. Only control makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Commands {
    pub(crate) targets: Targets,
    pub(crate) log: Log,
}

impl Commands {
    /// Power on, nothing moves and nothing is heated.
    pub(crate) fn still() -> Self {
        Self { targets: Targets { power: true, ..Targets::default() }, log: Log::default() }
    }

    /// What drives and heaters shall be told, if the guard lets it pass.
    #[must_use]
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// What happened in this cycle, in the order in which it did.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.log.0
    }
}

/// The events of one cycle. What does not fit is dropped: the first to happen stay.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Log(Vec<Event, EVENTS_MAX>);

impl Log {
    pub(crate) fn note(&mut self, event: Event) {
        // Design: more than sixteen events in 2 ms do not occur; losing a late one harms nobody.
        let _ = self.0.push(event);
    }
}
