//! The tables of a person's record, and how an older record is brought up to them.
//!
//! **Rollback journal, kept** (`journal_mode = PERSIST`), not a write-ahead log: what a change replaces then
//! stands in one file beside the record, whose blocks are used again and again and which [`super::Store::erase`]
//! overwrites with the rest; it is never unlinked with a name in it, and there is no `-wal` that an ordinary
//! copy would miss. One writer a person and a change a second need nothing faster. With `synchronous = FULL`
//! a change is on the disk when it is done; with `secure_delete` what is deleted is overwritten.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{StoreError, failed};

/// Version of the tables.
pub(super) const SCHEMA: i64 = 2;

/// Of version 1, and still there.
const TABLES: &str = "
CREATE TABLE person (name TEXT NOT NULL, begun INTEGER NOT NULL);
CREATE TABLE diary (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE kept (kind TEXT NOT NULL, day INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, day));
";

/// Since version 2. Moments are JSON ([`crate::day::Moment`]); a session's record stands apart, so that
/// a list of sessions never reads it.
const SESSIONS: &str = "
CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'settled', 'void')),
  program TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  bed_boot TEXT,
  bed_before INTEGER,
  begun TEXT NOT NULL,
  heard TEXT NOT NULL,
  ended TEXT,
  given INTEGER NOT NULL DEFAULT 0,
  pain_before REAL,
  pain_after REAL,
  brief TEXT
) STRICT;
CREATE TABLE session_record (
  session INTEGER PRIMARY KEY REFERENCES session (number),
  record TEXT NOT NULL,
  report TEXT
) STRICT;
CREATE TABLE dose (
  session INTEGER NOT NULL REFERENCES session (number),
  level TEXT NOT NULL,
  side TEXT NOT NULL,
  milli_cem43 INTEGER NOT NULL,
  PRIMARY KEY (session, level, side)
) STRICT, WITHOUT ROWID;
";

/// Opens a database so that what is deleted is overwritten, and every change is on the disk when it is done.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_mode", "PERSIST")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// The version of the tables; zero where there are none yet.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Begins a record.
pub(super) fn begin(path: &Path, name: &str, day: u32) -> rusqlite::Result<()> {
    let mut connection = connect(path)?;
    let change = connection.transaction()?;
    change.execute_batch(TABLES)?;
    change.execute("INSERT INTO person VALUES (?1, ?2)", params![name, day])?;
    to_two(&change)?;
    change.commit()
}

/// Opens a record, and brings an older one up to the present tables, whole or not at all.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let failed = |error| failed(path, error);
    let mut connection = connect(path).map_err(failed)?;
    if version(&connection).map_err(failed)? == 1 {
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // Another process may have been first.
        if version(&change).map_err(failed)? == 1 {
            to_two(&change).map_err(failed)?;
        }
        change.commit().map_err(failed)?;
    }
    match version(&connection).map_err(failed)? {
        SCHEMA => Ok(connection),
        version => {
            let what = format!("its tables have version {version}, and this Ondol knows 1 to {SCHEMA}");
            Err(StoreError::Form { path: path.to_owned(), what })
        }
    }
}

fn to_two(change: &Transaction) -> rusqlite::Result<()> {
    change.execute_batch(SESSIONS)?;
    change.pragma_update(None, "user_version", 2)
}
