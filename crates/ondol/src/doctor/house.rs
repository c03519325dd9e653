//! Where people's records stand: the folder, its disk, what is in it, and the clock that dates it.

use super::Finding;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Bytes of one session's log. Source: `ondol bench twin`, 38 minutes: 12.2 MiB (docs/figures.md).
const SESSION_BYTES: u64 = 13_000_000;
/// With room for fewer sessions than this nothing should be begun. Guess: five days of two sessions.
const SESSIONS_MIN: u64 = 10;
/// With room for fewer than this it is time to make some. Guess: two months of two sessions a day.
const SESSIONS_FEW: u64 = 120;
/// No clock that is right shows an earlier time than this. Source: this version was written after it.
const NOT_BEFORE: &str = "2026-11-01T00:00:00Z";
/// No computer runs this version for so long. Guess.
const YEARS_MAX: i64 = 30;
/// Seconds of a year. Source: the mean Gregorian year.
const YEAR_S: i64 = 31_556_952;
/// A file may be so much newer than the clock. Guess: clocks of two disks differ by less.
const AHEAD: Duration = Duration::from_secs(120);
/// So deep below the data folder files are looked for. Source: design; a person's folder holds its logs' folder.
const DEPTH: usize = 3;

/// The folder itself: there, writable, and nobody else's to read.
pub fn folder(data: Option<&Path>) -> Finding {
    const WHAT: &str = "data folder";
    let Some(folder) = data else {
        return Finding::bad(WHAT, "this computer names no home folder", "give one with --data DIR");
    };
    let shown = folder.display();
    if !folder.exists() {
        return match can_write(nearest(folder)) {
            Ok(()) => Finding::fine(WHAT, format!("{shown}: not there yet, made when first needed")),
            Err(error) => Finding::bad(
                WHAT,
                format!("{shown}: not there, and cannot be made: {error}"),
                "choose another with --data DIR",
            ),
        };
    }
    if !folder.is_dir() {
        return Finding::bad(WHAT, format!("{shown}: not a folder"), "choose another with --data DIR");
    }
    if let Err(error) = can_write(folder) {
        return Finding::bad(
            WHAT,
            format!("{shown}: cannot be written: {error}"),
            "run as the one whose folder it is, or choose another with --data DIR",
        );
    }
    if let Some(mode) = open_to_others(folder) {
        return Finding::bad(
            WHAT,
            format!("{shown}: others on this computer can look into it (mode {mode:o})"),
            format!("chmod 700 {shown}"),
        );
    }
    Finding::fine(WHAT, format!("{shown}: writable, and nobody else's to read"))
}

/// The mode of a folder that others may enter, list or write.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(folder).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<u32> {
    None
}

/// Writes an empty file and removes it.
pub fn can_write(folder: &Path) -> std::io::Result<()> {
    tempfile::Builder::new().prefix(".ondol-doctor-").tempfile_in(folder)?.close()
}

/// The folder, or the nearest one above it that is there.
fn nearest(folder: &Path) -> &Path {
    let found = folder.ancestors().find(|above| above.is_dir());
    found.unwrap_or(Path::new("."))
}

/// How many sessions fit on the disk.
pub fn disk(data: Option<&Path>) -> Finding {
    match free_bytes(nearest(data.unwrap_or(Path::new(".")))) {
        Some(free) => room(free),
        None => Finding::note("disk", "this system does not tell how much is free"),
    }
}

/// What so many free bytes are good for.
pub fn room(free: u64) -> Finding {
    let sessions = free / SESSION_BYTES;
    let says = format!("{:.1} GB free, room for about {sessions} sessions", free as f64 * 1e-9);
    let way = "remove or move old logs; records themselves are small";
    if sessions < SESSIONS_MIN {
        Finding::bad("disk", says, way)
    } else if sessions < SESSIONS_FEW {
        Finding::note("disk", says).way(way)
    } else {
        Finding::fine("disk", says)
    }
}

#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Files below a folder whose name ends so, not through links. What cannot be read is left out; the check of
/// the folder says so.
fn files(folder: &Path, ending: &str, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth > 0 {
            files(&entry.path(), ending, depth - 1, found);
        } else if kind.is_file() && entry.file_name().to_string_lossy().ends_with(ending) {
            found.push(entry.path());
        }
    }
}

fn found(data: Option<&Path>, ending: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if let Some(folder) = data {
        files(folder, ending, DEPTH, &mut paths);
    }
    paths.sort();
    paths
}

/// Whether every record is whole, as SQLite itself checks it.
pub fn records(data: Option<&Path>) -> Finding {
    const WHAT: &str = "records";
    let paths = found(data, ".sqlite");
    let broken: Vec<String> = paths
        .iter()
        .filter_map(|path| whole(path).err().map(|error| format!("{}: {error}", path.display())))
        .collect();
    if broken.is_empty() {
        return Finding::fine(WHAT, format!("{}, all whole", count(paths.len(), "file")));
    }
    let way = "copy the folder before anything else, then put back the newest whole backup";
    Finding::bad(WHAT, broken.join("; "), way)
}

fn whole(path: &Path) -> Result<(), String> {
    let told = || -> rusqlite::Result<String> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let record = rusqlite::Connection::open_with_flags(path, flags)?;
        record.busy_timeout(Duration::from_secs(1))?;
        record.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
    };
    match told() {
        Ok(told) if told == "ok" => Ok(()),
        Ok(told) => Err(told),
        Err(error) => Err(error.to_string()),
    }
}

/// Logs of sessions whose writer was cut off.
pub fn cut_off(data: Option<&Path>) -> Finding {
    const WHAT: &str = "logs";
    let whole = found(data, ".mcap").len();
    let parts = found(data, ".part");
    let says = count(whole, "log");
    match parts.first() {
        None => Finding::fine(WHAT, says),
        Some(first) => {
            let cut = count(parts.len(), "log");
            let says = format!("{says}; {cut} cut off or being written, such as {}", first.display());
            Finding::note(WHAT, says).way(
                "if no session is under way, each ends where its host was lost, and can be read up to there",
            )
        }
    }
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Whether the clock can be right: gaps between sessions and the day's dose rest on it.
pub fn clock(data: Option<&Path>) -> Finding {
    let newest = [".sqlite", ".mcap", ".part"]
        .iter()
        .flat_map(|ending| found(data, ending))
        .filter_map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
        .max();
    clock_at(Timestamp::now(), newest)
}

/// The same for a moment and the newest file.
pub fn clock_at(now: Timestamp, newest: Option<SystemTime>) -> Finding {
    const WHAT: &str = "clock";
    let way =
        "set the clock (`timedatectl set-ntp true`): gaps between sessions and the day's heat rest on it";
    let says = now.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let Ok(start) = NOT_BEFORE.parse::<Timestamp>() else {
        return Finding::bad(WHAT, "this program does not know its own age", super::BROKEN);
    };
    let age_s = now.as_second() - start.as_second();
    if age_s < 0 {
        return Finding::bad(WHAT, format!("{says}: earlier than this program was written"), way);
    }
    if age_s > YEARS_MAX * YEAR_S {
        return Finding::bad(WHAT, format!("{says}: {YEARS_MAX} years after this program was written"), way);
    }
    let ahead = newest.is_some_and(|newest| newest > SystemTime::from(now) + AHEAD);
    if ahead {
        return Finding::bad(WHAT, format!("{says}: earlier than the newest record; it was set back"), way);
    }
    Finding::fine(WHAT, says)
}

/// Whether the local day is known.
pub fn time_zone() -> Finding {
    const WHAT: &str = "time zone";
    match TimeZone::try_system() {
        Ok(zone) => match zone.iana_name() {
            Some(name) => Finding::fine(WHAT, name),
            None => Finding::fine(WHAT, "set, without a name"),
        },
        Err(_) => Finding::note(WHAT, "not set: days begin at midnight UTC")
            .way("timedatectl set-timezone Europe/Berlin, or wherever you are"),
    }
}
