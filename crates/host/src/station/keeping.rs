//! What a session leaves on its person's record, from before the first wish to after the last warmth.
//!
//! A session is reserved before the bed hears of it and counts with the strictest dose from then on; once a second
//! what the bed has counted is written down by a thread of its own, and what a scan finds at once, so that no
//! wish waits for a disk.

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
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

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
        // The bed was on before this program came to it.
        from_switch_on: false,
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

/// What a scan found, for the thread that writes it down.
struct Found {
    scan: SpineScan,
    after: bool,
    log: Option<String>,
}

/// The thread that writes dose and scans down.
struct Scribe {
    tell: Option<Sender<Found>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Scribe {
    fn drop(&mut self) {
        drop(self.tell.take());
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
        let pen =
            Pen { record: store.record(&wanted.name)?, house: store.house()?, number, book: bed.book() };
        let scribe = pen.scribe();
        Ok(Self { record, house, number, history, log: None, scribe })
    }

    /// The session's log, in the person's own folder; without one the session goes on.
    pub fn log(&mut self, header: &Header) -> Option<SessionLog> {
        let name = format!("session-{}.mcap", self.number.0);
        let log = SessionLog::create(&self.record.logs().ok()?.join(&name), header).ok()?;
        self.log = Some(name);
        Some(log)
    }

    /// Has written down what the scan before the treatment found.
    pub fn found(&self, scan: &SpineScan) {
        self.tell(scan, false);
    }

    /// Has written down what the scan after the treatment found.
    pub fn found_after(&self, scan: &SpineScan) {
        self.tell(scan, true);
    }

    fn tell(&self, scan: &SpineScan, after: bool) {
        if let Some(scribe) = &self.scribe.tell {
            // Without the thread the scan is written at the session's end.
            let _ = scribe.send(Found { scan: scan.clone(), after, log: self.log.clone() });
        }
    }

    /// Ends the session with what came of it and what its report tells; `None` where it came to no record.
    pub fn end(mut self, bed: &WireBed, told: Option<(&SessionRecord, Content)>) -> Result<Warm, StoreError> {
        drop(self.scribe);
        let ending = told.map(|(record, content)| Ending {
            report: serde_json::to_value(content).ok(),
            ..Ending::of(record, self.log.as_deref())
        });
        let now = moment(&mut self.house)?;
        self.record.end_session(self.number, &now, &BedSays::of(bed), ending.as_ref())?;
        let scans = ending.map(|ending| ending.scans).unwrap_or_default();
        Ok(Warm { record: self.record, number: self.number, scans })
    }
}

/// What the thread writes with.
struct Pen {
    record: Record,
    house: House,
    number: SessionNumber,
    book: Book,
}

impl Pen {
    fn scribe(self) -> Scribe {
        let (tell, told) = channel();
        let thread = std::thread::spawn(move || self.write(&told));
        Scribe { tell: Some(tell), thread: Some(thread) }
    }

    /// Writes until nobody tells any more. What cannot be written does not end the session: its dose stays the
    /// strictest until something can be written again, and its scans come with its end.
    fn write(mut self, told: &Receiver<Found>) {
        let (mut before, mut after) = (None, None);
        let mut due = Instant::now() + JOURNAL;
        loop {
            match told.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(found) => {
                    *if found.after { &mut after } else { &mut before } = Some(found.scan);
                    let log = found.log.as_deref();
                    let _ = self.record.keep_scans(self.number, before.as_ref(), after.as_ref(), log);
                }
                Err(RecvTimeoutError::Timeout) => {
                    due = Instant::now() + JOURNAL;
                    if let Ok(now) = moment(&mut self.house) {
                        let _ = self.record.journal(self.number, &now, &self.book.says(), &[]);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
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
