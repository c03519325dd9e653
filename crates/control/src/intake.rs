//! What the host wants, as long as it keeps saying so.

use bed::{Ask, Request, limits};
use counts::{Instant, Micros};

/// Longest life of a request without renewal. Source: `safety/limits.toml` request_expiry.
const EXPIRY: Micros = Micros::from_millis((limits::REQUEST_EXPIRY_S * 1000.0) as u64);

/// The request of the moment, with its deadline.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Intake {
    held: Option<Request>,
    heard: Instant,
    expires: Instant,
    lapse_told: bool,
}

impl Intake {
    /// Takes what arrived. A request older than the one held is ignored, a stop never.
    pub(crate) fn take(&mut self, now: Instant, request: &Request) {
        let stale = self.held.as_ref().is_some_and(|held| request.id < held.id);
        if stale && request.ask != Ask::Stop {
            return;
        }
        self.held = Some(*request);
        self.heard = now;
        let life = request.expires_after.micros().min(EXPIRY);
        self.expires = now.after(life);
        self.lapse_told = false;
    }

    /// The request, unless it lapsed.
    pub(crate) fn valid(&self, now: Instant) -> Option<&Request> {
        self.held.as_ref().filter(|_| now < self.expires)
    }

    /// The number of a request that lapsed just now.
    pub(crate) fn lapsed(&mut self, now: Instant) -> Option<u32> {
        let id = self.held.as_ref().filter(|_| now >= self.expires && !self.lapse_told)?.id;
        self.lapse_told = true;
        Some(id)
    }

    /// For how long the host has said nothing.
    pub(crate) fn silence(&self, now: Instant) -> Micros {
        now.since(self.heard).unwrap_or(Micros::ZERO)
    }

    /// Forgets the request, so that the next session starts with any number.
    pub(crate) fn forget(&mut self) {
        self.held = None;
    }
}
