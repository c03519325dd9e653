//! Recorded traces: what `ondol scan --from-log` reads and `--csv` writes. A trace is the readings of one scan in
//! the order of their cycles, from the log of a bed (MCAP) or from a table that anybody can write (CSV, see
//! `docs/traces.md`).
//!
//! Terms: a *column* is one sensor; a *cell* is what it newly measured in one cycle. An empty cell is nothing new:
//! the value before stands and grows old, it is never repeated and never zero.
//!
//! What no such bed can have measured is refused with its place, here and not in the estimator: a force beyond the
//! load cell's range, a place beyond the travel, a carriage that jumps, time that runs backwards. Not here: any
//! repair, smoothing or resampling. What was recorded is what the estimator eats.

mod column;
mod log_file;
mod plausible;
mod table_read;
mod table_write;
#[cfg(test)]
mod tests;

use crate::bed_file;
use crate::fail::Failure;
use bed::BedConfig;
use counts::{Instant, Readings};
use host::log::ReadError;
use log_file::LogFile;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use table_read::TableFile;

pub use table_write::TableWriter;

/// Takes the readings of one cycle.
pub type Eat<'a> = &'a mut dyn FnMut(Instant, &Readings);

/// The first bytes of every MCAP file. Source: MCAP specification, "Magic".
const MCAP_MAGIC: &[u8] = b"\x89MCAP0\r\n";

/// Why a trace cannot be used: one line with its place and the way out.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be read.
    #[error(
        "{file}: cannot be read: {source}; give the path of a log (MCAP) or of a table of readings (CSV)"
    )]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no log of a bed.
    #[error("{0}; what another program recorded goes in as CSV (docs/traces.md)")]
    Log(#[from] ReadError),
    /// Something in it is not as it must be.
    #[error("{file}: {place}: {what}; {way_out}")]
    At {
        /// Which file.
        file: PathBuf,
        /// Where in it.
        place: String,
        /// What stands there.
        what: String,
        /// How to repair it.
        way_out: String,
    },
    /// It holds no scan, or not the one that was asked for.
    #[error("{file}: {what}")]
    NoScan {
        /// Which file.
        file: PathBuf,
        /// What is missing, with the way out.
        what: String,
    },
}

/// How much of a trace was eaten.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Eaten {
    /// Which scan of the file, from 1.
    pub scan: usize,
    /// How many it holds.
    pub scans: usize,
    /// Cycles.
    pub cycles: u64,
    /// From the first cycle to the last, s.
    pub seconds: f64,
}

/// A trace that was opened: its head is fine.
pub struct Trace {
    /// The bed on which it was recorded.
    pub bed: BedConfig,
    /// The file.
    pub file: PathBuf,
    /// True where the recording says that it is of a simulated person.
    pub simulated: bool,
    /// Checksum of the belief that the recording's own scan started from, where it says so.
    pub prior_checksum: Option<u32>,
    source: Source,
}

enum Source {
    Log(Box<LogFile>),
    Table(TableFile),
}

impl Trace {
    /// Opens a trace; what it is, its first bytes tell. A log carries its bed, a table was recorded on the bed of
    /// the file `bed`, or on the reference bed.
    ///
    /// # Errors
    /// When the file or its head cannot be used.
    pub fn open(file: &Path, bed: Option<&Path>) -> Result<Self, Failure> {
        let unreadable = |source| TraceError::Unreadable { file: file.to_owned(), source };
        let mut first = Vec::new();
        std::fs::File::open(file)
            .and_then(|opened| opened.take(MCAP_MAGIC.len() as u64).read_to_end(&mut first))
            .map_err(|source| Failure::input(unreadable(source)))?;
        let file = file.to_owned();
        if first == MCAP_MAGIC {
            if bed.is_some() {
                let why = "a log carries its bed; --bed goes with a table (CSV) only";
                return Err(Failure::input(format!("{}: {why}", file.display())));
            }
            let log = LogFile::open(&file).map_err(Failure::input)?;
            let header = log.header();
            return Ok(Self {
                bed: header.bed.clone(),
                simulated: header.seed.is_some() || header.notice == host::NOTICE,
                prior_checksum: Some(header.prior_checksum),
                source: Source::Log(Box::new(log)),
                file,
            });
        }
        let bed = bed_file::read(bed)?;
        let table = TableFile::open(&file, &bed).map_err(Failure::input)?;
        let simulated = table.simulated;
        Ok(Self { bed, file, simulated, prior_checksum: None, source: Source::Table(table) })
    }

    /// Hands on the readings of scan number `scan`, from 1.
    ///
    /// # Errors
    /// Where something in it is not as it must be; what came before was handed on already.
    pub fn feed(self, scan: usize, eat: Eat<'_>) -> Result<Eaten, TraceError> {
        match self.source {
            Source::Log(log) => log.feed(&self.file, scan, eat),
            Source::Table(table) if scan == 1 => table.feed(&self.bed, eat),
            Source::Table(_) => {
                let what = format!("a table holds one scan, so there is no scan {scan}; leave --nth out");
                Err(TraceError::NoScan { file: self.file, what })
            }
        }
    }
}
