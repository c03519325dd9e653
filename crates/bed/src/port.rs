//! The port through which a host knows a bed: it sends requests, it receives reports. Time is carried
//! by the messages; a host never asks a clock what the bed is doing.

use crate::event::{Event, SessionState};
use crate::heat_dose::HeatDose;
use crate::request::Request;
use counts::{Instant, Readings, Targets};
use heapless::Vec;
use serde::{Deserialize, Serialize};

/// Most events of one cycle; more are dropped by the machine after those of higher weight.
pub const EVENTS_MAX: usize = 16;

/// One cycle of the bed as it is told to the host: what went in and what came out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The cycle's moment.
    pub now: Instant,
    /// What was measured.
    pub readings: Readings,
    /// The request that arrived in this cycle, as the machine took it.
    pub request: Option<Request>,
    /// What happened.
    pub events: Vec<Event, EVENTS_MAX>,
    /// What drives and heaters were told.
    pub outputs: Targets,
}

/// A bed, or its twin.
pub trait Bed {
    /// What can go wrong with the link itself.
    type Error: core::fmt::Debug;

    /// Sends a request. It arrives later, or never.
    ///
    /// # Errors
    /// When the link is gone.
    fn send(&mut self, request: &Request) -> Result<(), Self::Error>;

    /// Waits for the next cycle and writes its report over the one given, which is large.
    ///
    /// # Errors
    /// When the link is gone; the report may then hold anything.
    fn receive(&mut self, report: &mut Report) -> Result<(), Self::Error>;

    /// Whether the bed's time stands still while nobody receives: true of a simulation in this process, where a
    /// host may think as long as it likes, and false of everything that lives by itself.
    fn waits(&self) -> bool {
        false
    }

    /// Where the bed's session stands, as far as it has said; `None` where it has not said anything yet.
    fn state(&self) -> Option<SessionState> {
        None
    }

    /// The bed's last word on the heat of its present or last session; `None` where it has not said any.
    fn heat_dose(&self) -> Option<HeatDose> {
        None
    }

    /// The number that the bed drew when it was switched on: another number is another beginning of its time
    /// and of its book of heat. `None` where it has not said any.
    fn boot(&self) -> Option<u64> {
        None
    }
}
