//! What a session leaves on its person's record, from before the first wish to after the last warmth.
//!
//! A session is reserved before the bed hears of it and counts with the strictest dose from then on; once a second
//! what the bed has counted is written down by a thread of its own, so that no wish waits for a disk.

use super::Wanted;
use crate::clock::clocks;
use crate::day::Moment;
use crate::dose::BedSays;
use crate::log::{Header, SCHEMA_VERSION, SessionLog, limits_checksum, prior_checksum};
use crate::report::Content;
use crate::session::SessionRecord;
use crate::store::{Ending, House, Record, SessionNumber, Store, StoreError};
use crate::wire::{Book, WireBed};
use bed::{BedConfig, SpineScan};
use plan::History;
use population::ShapeModel;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The dose is written down so often. Source: what a crash may lose at most.
const JOURNAL: Duration = Duration::from_millis(1000);

/// This moment by the house's counter.
pub(super) fn moment(house: &mut House) -> Result<Moment, StoreError> {
    house.moment(&clocks())
}

/// Settles what a host that was lost left open, for everybody.
pub(super) fn settle(store: &Store, says: &BedSays) -> Result<(), StoreError> {
    let now = moment(&mut store.house()?)?;
    for name in store.names()? {
        store.record(&name)?.settle(&now, says)?;
    }
    Ok(())
}

/// What a session's log and report say of bed and program first.
pub(super) fn header(bed: &WireBed, config: &BedConfig, prior: &ShapeModel) -> Header {
    let hello = bed.hello();
    Header {
        schema_version: SCHEMA_VERSION,
        ondol_version: env!("CARGO_PKG_VERSION").to_owned(),
        bed: config.clone(),
        bed_checksum: config.checksum(),
        limits_checksum: limits_checksum(),
        prior_checksum: prior_checksum(prior),
        seed: None,
        notice: if hello.simulated { crate::NOTICE.to_owned() } else { String::new() },
    }
}

/// A session that is reserved on its person's record.
pub(super) struct Kept {
    record: Record,
    house: House,
    /// Its number.
    pub number: SessionNumber,
    /// What the rules of the day have to know of the person.
    pub history: History,
    log: Option<String>,
    scribe: Scribe,
}

/// The thread that writes the dose down.
struct Scribe {
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Scribe {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            // What it could not write is charged at the end, or settled as the strictest.
            let _ = thread.join();
        }
    }
}

impl Kept {
    /// Reserves a session.
    pub fn begin(store: &Store, wanted: &Wanted, bed: &WireBed) -> Result<Self, StoreError> {
        let mut record = store.record(&wanted.name)?;
        let mut house = store.house()?;
        let now = moment(&mut house)?;
        let says = BedSays::of(bed);
        record.settle(&now, &says)?;
        let program = wanted.program.name();
        let (number, history) = record.begin_session(&now, program, bed.hello().simulated, &says)?;
        let scribe = scribe(store.record(&wanted.name)?, store.house()?, number, bed.book());
        Ok(Self { record, house, number, history, log: None, scribe })
    }

    /// The session's log, in the person's own folder; without one the session goes on.
    pub fn log(&mut self, header: &Header) -> Option<SessionLog> {
        let name = format!("session-{}.mcap", self.number.0);
        let log = SessionLog::create(&self.record.logs().ok()?.join(&name), header).ok()?;
        self.log = Some(name);
        Some(log)
    }

    /// Ends the session with what came of it and what its report tells; `None` where it came to no record.
    pub fn end(mut self, bed: &WireBed, told: Option<(&SessionRecord, Content)>) -> Result<Warm, StoreError> {
        drop(self.scribe);
        let ending = told.map(|(record, content)| Ending {
            report: serde_json::to_value(content).ok(),
            ..Ending::of(record, self.log.as_deref())
        });
        let ending = ending.unwrap_or_default();
        let now = moment(&mut self.house)?;
        self.record.end_session(self.number, &now, &BedSays::of(bed), &ending)?;
        Ok(Warm { record: self.record, number: self.number, scans: ending.scans })
    }
}

fn scribe(mut record: Record, mut house: House, number: SessionNumber, book: Book) -> Scribe {
    let (over, end) = channel::<()>();
    let thread = std::thread::spawn(move || {
        while end.recv_timeout(JOURNAL) == Err(RecvTimeoutError::Timeout) {
            let written = moment(&mut house).and_then(|now| record.journal(number, &now, &book.says(), &[]));
            if written.is_err() {
                // The session goes on: its dose stays the strictest until something can be written again.
                continue;
            }
        }
    });
    Scribe { over: Some(over), thread: Some(thread) }
}

/// A session that is over, while skin and mats are still warm.
pub(super) struct Warm {
    record: Record,
    /// Its number.
    pub number: SessionNumber,
    scans: Vec<SpineScan>,
}

impl Warm {
    /// Adds what the bed has counted since.
    pub fn charge(&mut self, bed: &WireBed) -> Result<(), StoreError> {
        let scans: Vec<&SpineScan> = self.scans.iter().collect();
        self.record.charge(self.number, &BedSays::of(bed), &scans).map(|_| ())
    }
}
