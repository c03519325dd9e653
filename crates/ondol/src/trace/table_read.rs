//! A table of readings: a line of names, then a line a cycle. Numbers take a point, cells are separated by commas.

use super::column::Column;
use super::plausible::{Impossible, Plausible};
use super::{Eat, Eaten, TraceError};
use bed::BedConfig;
use counts::Readings;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// Longest line, bytes. Design: a hundred columns of numbers.
const LINE_MAX: u64 = 10_000;
/// A column whose name begins so is passed over.
const PASSED_OVER: &str = "other_";
/// Fewest lines a second. Source: the estimator takes two readings in 5 mm, which at 40 mm/s are 16 a second.
const RATE_MIN_HZ: f64 = 20.0;
/// Shortest trace, s. Guess: 150 mm of a back at 60 mm/s, which is less than any scan.
const SECONDS_MIN: f64 = 2.5;

/// A table whose head is fine.
pub struct TableFile {
    lines: Lines,
    cells: Vec<Option<Cell>>,
    /// True where its first comments say so.
    pub simulated: bool,
}

/// A column of the table, with what its unit is in the one of the readings.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    column: Column,
    factor: f64,
}

impl TableFile {
    /// Opens a table and reads its head: comments, then the line of names.
    pub fn open(file: &Path, bed: &BedConfig) -> Result<Self, TraceError> {
        let mut lines = Lines::open(file)?;
        let mut simulated = false;
        while lines.advance()? {
            let text = lines.text.trim();
            if let Some(comment) = text.strip_prefix('#') {
                simulated |= comment.trim() == host::NOTICE;
            } else if !text.is_empty() {
                let cells = lines.head(bed)?;
                return Ok(Self { lines, cells, simulated });
            }
        }
        Err(lines.refuse("", "the table is empty".to_owned(), "begin with a line of names (docs/traces.md)"))
    }

    /// Hands on the readings of every line.
    pub fn feed(mut self, bed: &BedConfig, eat: Eat<'_>) -> Result<Eaten, TraceError> {
        let mut plausible = Plausible::new(bed);
        let (mut readings, mut first, mut last, mut cycles) = (Readings::default(), None, 0.0, 0_u64);
        let time = self.cells.iter().position(|cell| cell.is_some_and(|cell| cell.column == Column::Time));
        let coupled = bed.lift.coupled;
        while self.lines.advance()? {
            let lines = &self.lines;
            let text = lines.text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let count = text.split(',').count();
            if count != self.cells.len() {
                let what = format!("has {count} cells, the line of names has {}", self.cells.len());
                return Err(lines.refuse("", what, "write every cell, empty where nothing was measured"));
            }
            let mut numbers = Vec::with_capacity(count);
            for (cell, text) in self.cells.iter().zip(text.split(',')) {
                numbers.push(cell.map(|cell| lines.number(cell, text)).transpose()?.flatten());
            }
            let unsaid = || Impossible {
                what: "has no time".to_owned(),
                way_out: "every line needs its moment".to_owned(),
            };
            let now = time
                .and_then(|index| numbers[index])
                .ok_or_else(unsaid)
                .and_then(|time_s| plausible.moment(time_s))
                .map_err(|why| lines.refuse("time", why.what, &why.way_out))?;
            for (cell, value) in self.cells.iter().zip(&numbers) {
                let (Some(cell), Some(value)) = (cell, value) else { continue };
                if cell.column != Column::Time {
                    let checked = plausible.value(cell.column, *value, now);
                    checked.map_err(|why| lines.refuse(&cell.column.to_string(), why.what, &why.way_out))?;
                    cell.column.write(&mut readings, *value, now);
                }
            }
            if coupled {
                told_once(&mut readings, &self.cells);
            }
            eat(now, &readings);
            let seconds = now.seconds();
            first.get_or_insert(seconds);
            (last, cycles) = (seconds, cycles + 1);
        }
        let seconds = last - first.unwrap_or(last);
        if seconds < SECONDS_MIN || (cycles as f64) < RATE_MIN_HZ * seconds {
            let what = format!("{cycles} lines over {seconds:.2} s are too few to be a scan");
            let way_out =
                "a scan lasts more than 2.5 s, with at least 20 lines a second; check the unit of time";
            return Err(self.lines.refuse("", what, way_out));
        }
        Ok(Eaten { scan: 1, scans: 1, cycles, seconds })
    }
}

/// What a coupled lift says of itself it says for both heads, where the table tells it once.
fn told_once(readings: &mut Readings, cells: &[Option<Cell>]) {
    let there = |column: Column| cells.iter().flatten().any(|cell| cell.column == column);
    for head in (1..readings.heads.len()).step_by(2) {
        if !there(Column::Height(head)) {
            readings.heads[head].height = readings.heads[head - 1].height;
        }
        if !there(Column::Thrust(head)) {
            readings.heads[head].thrust = readings.heads[head - 1].thrust;
        }
    }
}

/// The lines of a file, one at a time.
struct Lines {
    file: PathBuf,
    reader: BufReader<File>,
    number: u64,
    text: String,
}

impl Lines {
    fn open(file: &Path) -> Result<Self, TraceError> {
        let unreadable = |source| TraceError::Unreadable { file: file.to_owned(), source };
        let reader = BufReader::new(File::open(file).map_err(unreadable)?);
        Ok(Self { file: file.to_owned(), reader, number: 0, text: String::new() })
    }

    /// Reads the next line; false at the end.
    fn advance(&mut self) -> Result<bool, TraceError> {
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.clear();
        let read = self.reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut bytes);
        let read = read.map_err(|source| TraceError::Unreadable { file: self.file.clone(), source })? as u64;
        self.number += u64::from(read > 0);
        let way_out = "give a CSV file with numbers, as docs/traces.md shows it";
        if read == LINE_MAX {
            return Err(self.refuse("", format!("is longer than {LINE_MAX} bytes"), way_out));
        }
        let bytes = if self.number == 1 { without_mark(bytes) } else { bytes };
        self.text = String::from_utf8(bytes)
            .map_err(|_| self.refuse("", "holds bytes that are no text (UTF-8)".to_owned(), way_out))?;
        Ok(read > 0)
    }

    fn refuse(&self, column: &str, what: String, way_out: &str) -> TraceError {
        let of = if column.is_empty() { String::new() } else { format!(", column {column}") };
        let place = format!("line {}{of}", self.number);
        TraceError::At { file: self.file.clone(), place, what, way_out: way_out.to_owned() }
    }

    /// The line of names.
    fn head(&self, bed: &BedConfig) -> Result<Vec<Option<Cell>>, TraceError> {
        let text = self.text.trim();
        if !text.contains(',') && text.contains([';', '\t']) {
            let what = "cells are not separated by commas".to_owned();
            return Err(self.refuse("", what, "separate cells by commas; decimals take a point"));
        }
        let known = Column::of_bed(bed);
        let mut cells = Vec::new();
        for name in text.split(',') {
            let name = plain(name).to_ascii_lowercase();
            let cell = if name.starts_with(PASSED_OVER) { None } else { Some(self.cell(&name, &known)?) };
            if let Some(cell) = cell
                && cells.iter().flatten().any(|other: &Cell| other.column == cell.column)
            {
                let way_out = "keep one column a sensor";
                return Err(self.refuse(&cell.column.to_string(), "stands there twice".to_owned(), way_out));
            }
            cells.push(cell);
        }
        let there = |column: &Column| cells.iter().flatten().any(|cell| cell.column == *column);
        if let Some(column) = known.iter().find(|column| column.is_needed(bed) && !there(column)) {
            let what = format!("the column {column}_{} is missing", column.kind().unit());
            let way_out = format!("bed \"{}\" needs it; another bed is named with --bed FILE", bed.name);
            return Err(self.refuse("", what, &way_out));
        }
        let corners = |column: &&Column| matches!(column, Column::Corner(_));
        let told = known.iter().filter(corners).filter(|column| there(column)).count();
        if told != 0 && told != known.iter().filter(corners).count() {
            let what = "only some of the corner cells are there".to_owned();
            return Err(self.refuse("", what, "give all four, or none"));
        }
        Ok(cells)
    }

    /// A name such as `left_force_n`: a sensor and its unit.
    fn cell(&self, name: &str, known: &[Column]) -> Result<Cell, TraceError> {
        let shown: String = name.chars().take(40).flat_map(char::escape_default).collect();
        let named = |column: &Column| {
            let rest = name.strip_prefix(&column.to_string())?;
            (rest.is_empty() || rest.starts_with('_'))
                .then(|| (*column, rest.trim_start_matches('_').to_owned()))
        };
        let Some((column, unit)) = known.iter().find_map(named) else {
            let names: Vec<_> =
                known.iter().map(|column| format!("{column}_{}", column.kind().unit())).collect();
            let way_out = format!("this bed has {}; begin others with {PASSED_OVER}", names.join(", "));
            return Err(self.refuse(&shown, "is no sensor of this bed".to_owned(), &way_out));
        };
        let units = column.kind().units();
        let factor = units.iter().find(|(symbol, _)| *symbol == unit).map(|(_, factor)| *factor);
        factor.map(|factor| Cell { column, factor }).ok_or_else(|| {
            let what = match unit.as_str() {
                "" => "does not say its unit".to_owned(),
                _ => "is in a unit that is not known here".to_owned(),
            };
            let names: Vec<_> = units.iter().map(|(symbol, _)| format!("{column}_{symbol}")).collect();
            self.refuse(&shown, what, &format!("name it {}", names.join(" or ")))
        })
    }

    /// A cell's number in s, mm or N; `None` where it is empty.
    fn number(&self, cell: Cell, text: &str) -> Result<Option<f64>, TraceError> {
        let text = plain(text);
        if text.is_empty() {
            return Ok(None);
        }
        let column = cell.column;
        let number: f64 = text.parse().map_err(|_| {
            let shown: String = text.chars().take(20).flat_map(char::escape_default).collect();
            let way_out = "decimals take a point, units stand in the column's name";
            self.refuse(&column.to_string(), format!("\"{shown}\" is no number"), way_out)
        })?;
        if !number.is_finite() {
            let way_out = "leave the cell empty where nothing was measured";
            return Err(self.refuse(&column.to_string(), format!("{number} is no measurement"), way_out));
        }
        // A division where the factor is a part, so that decimal places stay what they are.
        let part = cell.factor < 1.0;
        Ok(Some(if part { number / (1.0 / cell.factor).round() } else { number * cell.factor }))
    }
}

/// Without the blanks and quotes that some programs put around cells.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell).trim()
}

/// Without the mark that some programs put before UTF-8.
fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}
