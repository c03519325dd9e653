//! How long logs are kept.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How long and how much of all logs of a house is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Older logs go, days.
    pub days: u32,
    /// While all together are larger, the oldest go, bytes.
    pub bytes: u64,
}

impl Default for Keep {
    /// Guess: a year, and the room of a few hundred sessions.
    fn default() -> Self {
        Self { days: 365, bytes: 4_000_000_000 }
    }
}

/// Removes what is older, or more, than shall be kept in all these folders together, the oldest first, and tells
/// what it removed. The newest log of each folder always stays, and so does whatever is no log or still being
/// written.
///
/// # Errors
/// A folder cannot be read, or a log cannot be removed.
pub fn rotate(folders: &[PathBuf], keep: &Keep, now: SystemTime) -> io::Result<Vec<PathBuf>> {
    let (mut logs, mut total) = (Vec::new(), 0);
    for folder in folders {
        let mut own = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "mcap") {
                let about = entry.metadata()?;
                total += about.len();
                own.push((about.modified()?, path, about.len()));
            }
        }
        own.sort();
        own.pop();
        logs.append(&mut own);
    }
    logs.sort();
    let oldest = Duration::from_secs(u64::from(keep.days) * 86_400);
    let mut removed = Vec::new();
    for (modified, path, bytes) in logs {
        let old = now.duration_since(modified).is_ok_and(|age| age > oldest);
        if old || total > keep.bytes {
            fs::remove_file(&path)?;
            total -= bytes;
            removed.push(path);
        }
    }
    Ok(removed)
}
