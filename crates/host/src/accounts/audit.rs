//! Who did what, to whose record, when: written down, only added to, and chained.
//!
//! Every row carries a hash of itself and of the row before it, so that a changed, removed or inserted row
//! breaks the chain ([`Accounts::check_audit`]); the file's own triggers refuse changes besides. Whoever can
//! write the file can also calculate a new chain: who needs proof against the computer's owner writes the last
//! hash down elsewhere, from time to time.
//!
//! A row holds the random ids of accounts and records, the deed and its outcome. It holds no name, no answer,
//! no reading, and no secret.

use super::{AccountError, AccountId, Accounts, Deed, Moment};
use rusqlite::{Connection, Transaction, params};
use sha2::{Digest, Sha256};
use std::fmt;
use std::time::Duration;

/// How long rows are kept.
///
/// Design: a yearly look sees the whole year; GDPR art. 5(1)(e) asks to keep no longer than needed.
pub const AUDIT_LASTS: Duration = Duration::from_secs(400 * 24 * 3600);

/// Most rows kept.
///
/// Design: some 40 MB; a flood must not fill the disk.
pub const AUDIT_ROWS_MAX: i64 = 200_000;

/// The same again within this time is not written again.
///
/// Design: a finger that presses Stop ten times is one stop.
const SAME_S: i64 = 2;

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody who is known.
    Nobody,
    /// Whoever gave a command on the computer itself.
    Console,
    /// An account, through a browser.
    Account(AccountId),
    /// A program with a token of this id.
    Token(String),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::Console => f.write_str("console"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
        }
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Allowed, and begun.
    Done,
    /// Not allowed.
    Denied,
    /// A wrong secret.
    Wrong,
    /// Too soon after wrong secrets.
    Early,
}

impl Outcome {
    /// Its name in the log.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Wrong => "wrong",
            Self::Early => "early",
        }
    }
}

/// A row as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AuditRow {
    /// Its number, one more than that of the row before.
    pub number: i64,
    /// When, seconds since 1970 (UTC).
    pub utc_s: i64,
    /// Who: `nobody`, `console`, `account:<id>` or `token:<id>`.
    pub who: String,
    /// What, as [`Deed::tag`].
    pub deed: String,
    /// Id of the record or account it was done to; empty where there is none.
    pub whom: String,
    /// How it went, as [`Outcome::tag`].
    pub outcome: String,
    /// SHA-256 over the hash of the row before and this row, in hexadecimal digits.
    pub hash: String,
}

impl AuditRow {
    fn read(row: &rusqlite::Row) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            utc_s: row.get(1)?,
            who: row.get(2)?,
            deed: row.get(3)?,
            whom: row.get(4)?,
            outcome: row.get(5)?,
            hash: row.get(6)?,
        })
    }

    /// The hash that this row must have after `before`. Every field goes in with its length.
    fn chained(&self, before: &str) -> String {
        let mut hash = Sha256::new();
        let numbers = [self.number.to_string(), self.utc_s.to_string()];
        let texts = [before, &numbers[0], &numbers[1], &self.who, &self.deed, &self.whom, &self.outcome];
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        super::hex(&hash.finalize())
    }
}

/// What a look at the chain found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditState {
    /// Every row is as it was written.
    Whole {
        /// How many rows there are.
        rows: u64,
        /// Hash of the last one; empty where there is none.
        last: String,
    },
    /// The chain is broken.
    Broken {
        /// Number of the first row that is not as it was written, or is missing.
        number: i64,
    },
}

const COLUMNS: &str = "SELECT number, utc_s, who, deed, whom, outcome, hash FROM audit";

impl Accounts {
    /// Writes a row.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(
        &self,
        who: &Actor,
        deed: Deed,
        whom: Option<&AccountId>,
        outcome: Outcome,
        now: Moment,
    ) -> Result<(), AccountError> {
        self.change(|db| write(db, who, deed, whom, outcome, now))
    }

    /// The newest rows, at most `count`, oldest of them first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn audit(&self, count: u32) -> Result<Vec<AuditRow>, AccountError> {
        self.read(|db| {
            let mut rows = db.prepare(&format!("{COLUMNS} ORDER BY number DESC LIMIT ?1"))?;
            let mut rows: Vec<AuditRow> =
                rows.query_map([count], AuditRow::read)?.collect::<Result<_, _>>()?;
            rows.reverse();
            Ok(rows)
        })
    }

    /// Follows the chain from its first row to its last.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn check_audit(&self) -> Result<AuditState, AccountError> {
        self.read(|db| {
            let (mut number, mut hash) = end(db, "first")?;
            let last = end(db, "last")?;
            let mut rows = 0;
            let mut query = db.prepare(&format!("{COLUMNS} ORDER BY number"))?;
            for row in query.query_map([], AuditRow::read)? {
                let row = row?;
                number += 1;
                if row.number != number || row.hash != row.chained(&hash) {
                    return Ok(AuditState::Broken { number });
                }
                hash = row.hash;
                rows += 1;
            }
            if (number, &hash) == (last.0, &last.1) {
                Ok(AuditState::Whole { rows, last: hash })
            } else {
                Ok(AuditState::Broken { number: number + 1 })
            }
        })
    }
}

/// The number and hash before the first row that is kept, or of the last.
fn end(db: &Connection, end: &str) -> rusqlite::Result<(i64, String)> {
    let sql = "SELECT number, hash FROM audit_ends WHERE end = ?1";
    db.query_row(sql, [end], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Writes a row within a change.
pub(super) fn write(
    db: &Transaction,
    who: &Actor,
    deed: Deed,
    whom: Option<&AccountId>,
    outcome: Outcome,
    now: Moment,
) -> rusqlite::Result<()> {
    let (number, before) = end(db, "last")?;
    let mut row = AuditRow {
        number: number + 1,
        utc_s: now.utc_s(),
        who: who.to_string(),
        deed: deed.tag().to_owned(),
        whom: whom.map_or_else(String::new, ToString::to_string),
        outcome: outcome.tag().to_owned(),
        hash: String::new(),
    };
    let same = "SELECT count(*) FROM audit WHERE number = ?1 AND who = ?2 AND deed = ?3 AND whom = ?4
                AND outcome = ?5 AND utc_s BETWEEN ?6 - ?7 AND ?6";
    let again: i64 = db.query_row(
        same,
        params![number, row.who, row.deed, row.whom, row.outcome, row.utc_s, SAME_S],
        |row| row.get(0),
    )?;
    if again > 0 {
        return Ok(());
    }
    row.hash = row.chained(&before);
    db.execute(
        "INSERT INTO audit (number, utc_s, who, deed, whom, outcome, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![row.number, row.utc_s, row.who, row.deed, row.whom, row.outcome, row.hash],
    )?;
    let sql = "UPDATE audit_ends SET number = ?1, hash = ?2 WHERE end = 'last'";
    db.execute(sql, params![row.number, row.hash]).map(|_| ())
}

/// Removes what is older than [`AUDIT_LASTS`] or beyond [`AUDIT_ROWS_MAX`], from the oldest on.
pub(super) fn sweep(db: &Transaction, now: Moment) -> rusqlite::Result<()> {
    let (last, _) = end(db, "last")?;
    // Up to the first row that is young enough, so that the rest stays a chain whatever the clock did.
    let young: Option<i64> = db.query_row(
        "SELECT min(number) FROM audit WHERE utc_s > ?1",
        [now.before(AUDIT_LASTS).utc_s()],
        |row| row.get(0),
    )?;
    let up_to = young.map_or(last, |young| young - 1).max(last - AUDIT_ROWS_MAX);
    let moved = db.execute(
        "UPDATE audit_ends SET number = ?1, hash = (SELECT hash FROM audit WHERE number = ?1)
         WHERE end = 'first' AND number < ?1 AND EXISTS (SELECT 1 FROM audit WHERE number = ?1)",
        [up_to],
    )?;
    if moved > 0 {
        db.execute("DELETE FROM audit WHERE number <= ?1", [up_to])?;
    }
    Ok(())
}
