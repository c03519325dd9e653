//! The bed's account of what hosts did, as lines in a file that stays within bounds.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Name of the file in the bed's folder.
const NAME: &str = "bed.jsonl";
/// Name of the one before it.
const BEFORE: &str = "bed-before.jsonl";
/// A file that has grown so large gives way to a new one, and the one before it goes, bytes. Guess: hundreds of
/// sessions.
const BYTES_MAX: u64 = 16_000_000;

/// The file, open.
pub struct Book {
    folder: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl Book {
    /// Opens the book in a folder, and goes on where it ends.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let (file, bytes) = begin(folder)?;
        Ok(Self { folder: folder.to_owned(), file, bytes, bytes_max: BYTES_MAX })
    }

    /// Writes a line.
    pub fn write(&mut self, line: &str) -> io::Result<()> {
        if self.bytes >= self.bytes_max {
            std::fs::rename(self.folder.join(NAME), self.folder.join(BEFORE))?;
            (self.file, self.bytes) = begin(&self.folder)?;
        }
        self.bytes += line.len() as u64 + 1;
        writeln!(self.file, "{line}")
    }
}

fn begin(folder: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().create(true).append(true).open(folder.join(NAME))?;
    let bytes = file.metadata()?.len();
    Ok((file, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_long_a_bed_runs_its_book_stays_within_bounds_and_loses_only_the_oldest() -> io::Result<()> {
        let place = tempfile::tempdir()?;
        for run in 0..3 {
            let mut book = Book { bytes_max: 1000, ..Book::open(place.path())? };
            (0..500).try_for_each(|line| book.write(&format!("{}", 10_000 * (run + 1) + line)))?;
        }
        let [before, now] = [BEFORE, NAME].map(|name| std::fs::read_to_string(place.path().join(name)));
        let (before, now) = (before?, now?);
        assert!(before.len() <= 1006 && now.len() <= 1006, "{} and {} bytes", before.len(), now.len());
        let lines: Vec<u32> =
            before.lines().chain(now.lines()).filter_map(|line| line.parse().ok()).collect();
        assert!(lines.windows(2).all(|pair| pair[1] == pair[0] + 1), "none is missing between");
        assert_eq!(lines.last(), Some(&30_499));
        assert_eq!(std::fs::read_dir(place.path())?.count(), 2);
        Ok(())
    }
}
