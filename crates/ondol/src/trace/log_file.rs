//! The scans in a bed's own log: each from the cycle in which the machine took the wish for it to the cycle that
//! says it is done. One scan has a pass a carriage, each wished for as soon as the one before is done.

use super::column::Column;
use super::plausible::{Impossible, Plausible};
use super::{Eat, Eaten, TraceError};
use bed::{Ask, BedConfig, Event};
use counts::{Instant, Readings};
use host::log::{Header, LoggedSession};
use std::path::Path;

/// A log whose head is fine.
pub struct LogFile(LoggedSession);

/// Where one goes along a log.
enum Place {
    /// Between scans.
    Outside,
    /// In a pass: its request's number.
    Inside(u32),
    /// After the pass of this request; what came since belongs to the scan if another pass follows.
    Done(u32, Vec<(Instant, Readings)>),
}

/// Longest wait between two passes of one scan, cycles. Source: wishes are renewed ten times a second, 500 cycles a
/// second; ten times that.
const WAIT_CYCLES: usize = 500;

impl LogFile {
    /// Opens a log and looks at its head.
    pub fn open(file: &Path) -> Result<Self, TraceError> {
        let session = LoggedSession::open(file)?;
        session.header.bed.check().map_err(|error| TraceError::At {
            file: file.to_owned(),
            place: "the bed in its head".to_owned(),
            what: error.to_string(),
            way_out: "this is no log as a bed writes it".to_owned(),
        })?;
        Ok(Self(session))
    }

    /// What its head says.
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// Hands on the readings of scan number `scan`, from 1.
    pub fn feed(&self, file: &Path, scan: usize, eat: Eat<'_>) -> Result<Eaten, TraceError> {
        let mut checked = Checked::new(file, &self.0.header.bed, eat);
        let (mut place, mut begun, mut whole) = (Place::Outside, 0, false);
        for cycle in self.0.cycles() {
            let cycle = cycle?;
            let asked = cycle.request.map(|request| (request.id, matches!(request.ask, Ask::Scan(_))));
            place = match (place, asked) {
                (Place::Outside, Some((id, true))) => {
                    begun += 1;
                    Place::Inside(id)
                }
                (Place::Inside(_), Some((id, true))) => Place::Inside(id),
                (Place::Done(last, waiting), Some((id, true))) if id != last => {
                    // Another pass of the same scan: what lay between belongs to it.
                    if begun == scan {
                        whole = false;
                        waiting.iter().try_for_each(|(now, readings)| checked.eat(*now, readings))?;
                    }
                    Place::Inside(id)
                }
                (_, Some((_, false))) => Place::Outside,
                (Place::Done(_, waiting), None) if waiting.len() >= WAIT_CYCLES => Place::Outside,
                (place, _) => place,
            };
            match &mut place {
                Place::Outside => {}
                Place::Inside(id) => {
                    if begun == scan {
                        checked.eat(cycle.now, &cycle.readings)?;
                    }
                    if cycle.events.contains(&Event::ScanDone) {
                        whole |= begun == scan;
                        place = Place::Done(*id, Vec::new());
                    }
                }
                Place::Done(_, waiting) => waiting.push((cycle.now, cycle.readings)),
            }
        }
        if whole {
            return Ok(checked.eaten(scan, begun));
        }
        let what = match begun {
            0 => "holds no scan; give the log of a session, or of `ondol scan --log`".to_owned(),
            _ if scan <= begun => {
                format!("scan {scan} of {begun} was broken off; give another with --nth, 1 to {begun}")
            }
            _ => format!("holds {begun} scan(s), so there is no scan {scan}; give --nth 1 to {begun}"),
        };
        Err(TraceError::NoScan { file: file.to_owned(), what })
    }
}

/// Checks what it hands on.
struct Checked<'a> {
    file: &'a Path,
    columns: Vec<(Column, Option<Instant>)>,
    plausible: Plausible,
    eat: Eat<'a>,
    cycles: u64,
    first: Option<Instant>,
    last: Instant,
}

impl<'a> Checked<'a> {
    fn new(file: &'a Path, bed: &BedConfig, eat: Eat<'a>) -> Self {
        Self {
            file,
            columns: Column::of_bed(bed).into_iter().map(|column| (column, None)).collect(),
            plausible: Plausible::new(bed),
            eat,
            cycles: 0,
            first: None,
            last: Instant::START,
        }
    }

    fn eat(&mut self, now: Instant, readings: &Readings) -> Result<(), TraceError> {
        let file = self.file;
        let refuse = |column: Column, why: Impossible| TraceError::At {
            file: file.to_owned(),
            place: format!("{:.6} s, {column}", now.seconds()),
            what: why.what,
            way_out: "a sensor failed in this scan; take another scan".to_owned(),
        };
        self.plausible.advance(now).map_err(|why| refuse(Column::Time, why))?;
        for (column, seen) in &mut self.columns {
            let Some((value, taken)) = column.read(readings).filter(|(_, taken)| *seen != Some(*taken))
            else {
                continue;
            };
            *seen = Some(taken);
            self.plausible.value(*column, value, taken).map_err(|why| refuse(*column, why))?;
        }
        self.first.get_or_insert(now);
        (self.cycles, self.last) = (self.cycles + 1, now);
        (self.eat)(now, readings);
        Ok(())
    }

    fn eaten(&self, scan: usize, scans: usize) -> Eaten {
        let seconds = self.last.seconds() - self.first.unwrap_or(self.last).seconds();
        Eaten { scan, scans, cycles: self.cycles, seconds }
    }
}
