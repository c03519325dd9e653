//! What belongs to no person: the counter of seconds by which a bed's house knows how long ago something was,
//! whatever the calendar says ([`crate::day`]). No name ever stands in it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::schema::connect;
use super::{StoreError, failed};
use crate::clock::Clocks;
use crate::day::{Counter, Moment};

/// Name of the file in the store's folder.
pub(super) const FILE: &str = "house.sqlite";
/// Version of the tables.
const SCHEMA: i64 = 1;
const TABLES: &str =
    "CREATE TABLE counter (house TEXT NOT NULL, count_s INTEGER NOT NULL, last TEXT NOT NULL) STRICT;";
/// The counter is written down when so much has passed, seconds, and at once when a clock was set or the
/// computer restarted. Guess: what is set between two writings and followed at once by a restart of the
/// computer is not seen; a disk bears six writings a minute.
const WRITE_S: u64 = 10;
/// The calendar ran evenly if it is off by no more, seconds: both clocks are read to whole seconds.
const EVEN_S: u64 = 2;

/// The house's own file, open.
#[derive(Debug)]
pub struct House {
    path: PathBuf,
    connection: Connection,
}

impl House {
    /// Opens the house's file in a folder, and begins one where there is none.
    pub(super) fn open(root: &Path) -> Result<Self, StoreError> {
        let path = root.join(FILE);
        let begin = || -> rusqlite::Result<(Connection, i64)> {
            let mut connection = connect(&path)?;
            let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if super::schema::version(&change)? == 0 {
                change.execute_batch(TABLES)?;
                change.pragma_update(None, "user_version", SCHEMA)?;
            }
            change.commit()?;
            let version = super::schema::version(&connection)?;
            Ok((connection, version))
        };
        let (connection, version) = begin().map_err(|error| failed(&path, error))?;
        if version != SCHEMA {
            let what = format!("its tables have version {version}, and this Ondol knows {SCHEMA}");
            return Err(StoreError::Form { path, what });
        }
        Ok(Self { path, connection })
    }

    /// This moment by calendar and counter. To be called every few seconds while Ondol runs, and once more
    /// when it ends: the counter believes the calendar only for the time after the last call before a restart
    /// of the computer.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn moment(&mut self, now: &Clocks) -> Result<Moment, StoreError> {
        let path = self.path.clone();
        let failed = |error| failed(&path, error);
        let form = |what: String| StoreError::Form { path: path.clone(), what };
        let change =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let row = change
            .query_row("SELECT house, count_s, last FROM counter", [], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            })
            .optional()
            .map_err(failed)?;
        let (mut counter, mut write) = match row {
            None => {
                let drawn: i64 = change.query_row("SELECT random()", [], |row| row.get(0)).map_err(failed)?;
                (Counter { house: drawn.cast_unsigned(), count_s: 0, last: now.clone() }, true)
            }
            Some((house, count_s, last)) => {
                let house = house.parse().map_err(|_| form(format!("a house called {house}")))?;
                let last = serde_json::from_str(&last).map_err(|error| form(error.to_string()))?;
                (Counter { house, count_s: count_s.cast_unsigned(), last }, false)
            }
        };
        write |= !is_even(&counter.last, now);
        let moment = counter.read(now);
        if write {
            let last = serde_json::to_string(&counter.last).expect("clocks are plain data");
            change.execute("DELETE FROM counter", []).map_err(failed)?;
            change
                .execute(
                    "INSERT INTO counter VALUES (?1, ?2, ?3)",
                    params![counter.house.to_string(), counter.count_s.cast_signed(), last],
                )
                .map_err(failed)?;
        }
        change.commit().map_err(failed)?;
        Ok(moment)
    }
}

/// Whether nothing happened since the last writing that has to be written down.
fn is_even(last: &Clocks, now: &Clocks) -> bool {
    let passed = now.up_s.saturating_sub(last.up_s);
    let calendar = now.utc_s.saturating_sub(last.utc_s);
    last.boot == now.boot && passed < WRITE_S && calendar.abs_diff(passed.cast_signed()) <= EVEN_S
}
