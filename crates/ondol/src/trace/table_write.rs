//! Writes the readings of a scan as a table that reads back to the same answer: a cell holds what was newly measured,
//! with all digits that the wire carries.

use super::column::{Column, Kind};
use crate::fail::Failure;
use bed::BedConfig;
use counts::{Instant, Micros, Readings};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What was measured so long before the first line still counts as new there. Source: corner cells speak every 20 ms
/// and are fresh for 100 ms.
const FIRST: Micros = Micros::from_millis(100);

/// A table that is being written. It stands beside its final name until [`TableWriter::finish`].
pub struct TableWriter {
    path: PathBuf,
    part: PathBuf,
    out: BufWriter<File>,
    columns: Vec<(Column, Option<Instant>)>,
    begun: bool,
    line: String,
    failed: Option<std::io::Error>,
}

impl TableWriter {
    /// Begins a table for such a bed; `notice` says what its reader must be told.
    pub fn create(path: &Path, bed: &BedConfig, notice: &str) -> Result<Self, Failure> {
        let part = path.with_extension("csv.part");
        let columns = Column::of_bed(bed);
        let names: Vec<_> =
            columns.iter().map(|column| format!("{column}_{}", column.kind().unit())).collect();
        let (version, name) = (env!("CARGO_PKG_VERSION"), &bed.name);
        let begun = File::create(&part).and_then(|file| {
            let mut out = BufWriter::new(file);
            writeln!(out, "# {notice}")?;
            writeln!(
                out,
                "# Readings of one scan on bed \"{name}\", ondol {version}; empty: nothing new was measured"
            )?;
            writeln!(out, "{}", names.join(","))?;
            Ok(out)
        });
        let out = begun.map_err(|error| {
            Failure::input(format!("{}: cannot be written: {error}; give --csv FILE", path.display()))
        })?;
        let columns = columns.into_iter().map(|column| (column, None)).collect();
        let path = path.to_owned();
        Ok(Self { path, part, out, columns, begun: false, line: String::new(), failed: None })
    }

    /// Writes one cycle.
    pub fn write(&mut self, now: Instant, readings: &Readings) {
        use std::fmt::Write as _;
        self.line.clear();
        for (index, (column, seen)) in self.columns.iter_mut().enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            if *column == Column::Time {
                let micros = now.micros();
                // A string takes whatever is written to it.
                let _ = write!(self.line, "{}.{:06}", micros / 1_000_000, micros % 1_000_000);
                continue;
            }
            let sample = column.read(readings).filter(|(_, taken)| match seen {
                Some(seen) => seen != taken,
                None => self.begun || now.since(*taken).is_some_and(|age| age <= FIRST),
            });
            let old = column.read(readings).map(|(_, taken)| taken);
            *seen = old.or(*seen);
            if let Some((value, _)) = sample {
                let decimals = if column.kind() == Kind::Force { 1 } else { 3 };
                let _ = write!(self.line, "{value:.decimals$}");
            }
        }
        self.begun = true;
        self.line.push('\n');
        if self.failed.is_none() {
            self.failed = self.out.write_all(self.line.as_bytes()).err();
        }
    }

    /// Ends the table and gives it its name.
    pub fn finish(mut self) -> Result<(), Failure> {
        let written = match self.failed.take() {
            Some(error) => Err(error),
            None => self.out.flush().and_then(|()| std::fs::rename(&self.part, &self.path)),
        };
        written.map_err(|error| Failure::work(format!("{}: cannot be written: {error}", self.path.display())))
    }

    /// Ends the table and keeps nothing of it.
    pub fn discard(self) {
        let Self { out, part, .. } = self;
        drop(out);
        // What cannot be removed is only half a table beside its name.
        let _ = std::fs::remove_file(part);
    }
}
