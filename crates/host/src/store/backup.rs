//! Copies of the whole store while it is in use, and one person's own copy of everything.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde::Serialize;

use super::files::{self, Coming};
use super::logs::FOLDER as LOGS;
use super::schema::connect;
use super::{FILE, Record, Store, StoreError, failed, house, io_error};

/// Pages that are copied in one go, and the pause after them, in which others may write. Guess: 4 MB take
/// milliseconds, and a record seldom has more.
const PAGES: i32 = 1000;
const PAUSE: Duration = Duration::from_millis(1);

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// People.
    pub people: usize,
    /// Logs.
    pub logs: usize,
    /// Bytes of everything.
    pub bytes: u64,
}

impl Store {
    /// Copies the whole store into a new folder while it is in use, checks every copied database, and only
    /// then gives the folder its name. The copy is a store: `--data` may name it, and copying it back is all
    /// that restoring takes. The folder is restored as a whole: counter and sessions belong together.
    ///
    /// Logs that are still being written are left out. Who is erased later stays in the copy.
    ///
    /// # Errors
    /// [`StoreError::Occupied`] when there is something at `into`, [`StoreError::Damaged`] when a database
    /// does not pass its check, or a file cannot be read or written; no folder is left at `into` then.
    pub fn backup(&self, into: &Path) -> Result<Copied, StoreError> {
        let coming = begin(into)?;
        let mut copied = Copied::default();
        for folder in self.folders()? {
            let name = folder.file_name().unwrap_or_default();
            let own = coming.path().join(name);
            files::make_private(&own).map_err(|error| io_error(&own, error))?;
            copied.bytes += copy_database(&folder.join(FILE), &own.join(FILE))?;
            copy_logs(&folder.join(LOGS), &own.join(LOGS), &mut copied)?;
            files::sync(&own).map_err(|error| io_error(&own, error))?;
            copied.people += 1;
        }
        // Last, so that its counter is not behind any session.
        let house = self.root.join(house::FILE);
        if house.is_file() {
            copied.bytes += copy_database(&house, &coming.path().join(house::FILE))?;
        }
        // Without it every PIN would be gone with the first restoring.
        let accounts = self.root.join(crate::accounts::FILE);
        if accounts.is_file() {
            copied.bytes += copy_database(&accounts, &coming.path().join(crate::accounts::FILE))?;
        }
        coming.finish().map_err(|error| io_error(into, error))?;
        Ok(copied)
    }

    /// Checks every database of the store.
    ///
    /// # Errors
    /// The first that is damaged, or cannot be read.
    pub fn check(&self) -> Result<(), StoreError> {
        let house = self.root.join(house::FILE);
        let people = self.folders()?.into_iter().map(|folder| folder.join(FILE));
        for path in people.chain(house.is_file().then_some(house)) {
            check(&path, &connect(&path).map_err(|error| failed(&path, error))?)?;
        }
        Ok(())
    }
}

/// What [`Record::export`] writes beside the logs.
#[derive(Serialize)]
struct Everything<'a> {
    name: &'a str,
    diary: &'a [care::diary::Entry],
    kept: std::collections::BTreeMap<String, std::collections::BTreeMap<care::Day, serde_json::Value>>,
    sessions: Vec<serde_json::Value>,
}

impl Record {
    /// Writes everything that is kept of this person into a new folder: `record.json`, and the logs.
    ///
    /// # Errors
    /// [`StoreError::Occupied`] when there is something at `into`, or a file cannot be read or written; no
    /// folder is left at `into` then.
    pub fn export(&self, into: &Path) -> Result<Copied, StoreError> {
        let coming = begin(into)?;
        let mut sessions = Vec::new();
        for line in self.sessions()? {
            let (record, report) = self.session_record(line.number)?.unzip();
            let dose = self.session_dose(line.number)?;
            sessions.push(serde_json::json!({
                "session": line, "dose": dose, "record": record, "report": report.flatten(),
            }));
        }
        let diary = self.diary()?;
        let everything =
            Everything { name: self.name(), diary: diary.entries(), kept: self.everything()?, sessions };
        let text = serde_json::to_string_pretty(&everything).map_err(|error| self.form(error.to_string()))?;
        let path = coming.path().join("record.json");
        fs::write(&path, &text).map_err(|error| io_error(&path, error))?;
        let mut copied = Copied { people: 1, logs: 0, bytes: text.len() as u64 };
        copy_logs(&self.logs_path(), &coming.path().join(LOGS), &mut copied)?;
        coming.finish().map_err(|error| io_error(into, error))?;
        Ok(copied)
    }
}

fn begin(into: &Path) -> Result<Coming, StoreError> {
    if into.exists() {
        return Err(StoreError::Occupied(into.to_owned()));
    }
    Coming::begin(into).map_err(|error| io_error(into, error))
}

/// Copies a database that may be in use, checks the copy, and tells its bytes.
fn copy_database(from: &Path, to: &Path) -> Result<u64, StoreError> {
    let copy = || -> rusqlite::Result<Connection> {
        let source = connect(from)?;
        let mut copy = Connection::open(to)?;
        Backup::new(&source, &mut copy)?.run_to_completion(PAGES, PAUSE, None)?;
        Ok(copy)
    };
    let copy = copy().map_err(|error| failed(from, error))?;
    check(to, &copy)?;
    drop(copy);
    let synced = || -> io::Result<u64> {
        let file = fs::File::open(to)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    synced().map_err(|error| io_error(to, error))
}

fn check(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let what: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .map_err(|error| failed(path, error))?;
    if what == "ok" { Ok(()) } else { Err(StoreError::Damaged { path: path.to_owned(), what }) }
}

/// Copies whole logs; what is not a log, or not whole, is left.
fn copy_logs(from: &Path, to: &Path, copied: &mut Copied) -> Result<(), StoreError> {
    let copy = |copied: &mut Copied| -> io::Result<()> {
        if !from.is_dir() {
            return Ok(());
        }
        files::make_private(to)?;
        for path in whole_logs(from)? {
            copied.bytes += fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
            copied.logs += 1;
        }
        files::sync(to)
    };
    copy(copied).map_err(|error| io_error(from, error))
}

fn whole_logs(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "mcap") {
            logs.push(path);
        }
    }
    Ok(logs)
}
