//! How long to wait after wrong tries.
//!
//! Every try is counted before it is looked at, for the account and for where it comes from, so that many
//! tries at once gain nothing; a success takes the count back. After a few free tries each wrong one doubles
//! the wait, up to [`WAIT_MAX`]. Nobody is locked out for ever: somebody in pain must get in. Counts survive
//! a restart. A clock that was set back never makes a wait longer than the table says.

use super::Moment;
use rusqlite::{Connection, OptionalExtension, params};
use std::time::Duration;

/// First wait.
///
/// Design: long enough to be noticed, short enough for a slip of the finger.
const WAIT_FIRST: Duration = Duration::from_secs(5);

/// Longest wait.
///
/// Design: four digits then take 17 days on average to guess (10 000 / 2 x 5 min), and a person who forgot
/// theirs is kept out for minutes, not for the night.
pub const WAIT_MAX: Duration = Duration::from_secs(300);

/// After this long without a wrong try the count is forgotten.
///
/// Design: a day; whoever waits a day for two free tries is slower than whoever tries every five minutes.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Tries on one account.
    Account,
    /// Tries from one place.
    Source,
}

impl Counted {
    /// Wrong tries without a wait.
    ///
    /// Design: two slips on an account; twenty from one place, because a household shares one tablet and one
    /// person's slips must not keep the others out.
    fn free(self) -> u32 {
        match self {
            Self::Account => 2,
            Self::Source => 20,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Source => "source",
        }
    }

    /// Wait after so many wrong tries.
    pub(super) fn wait(self, wrong: u32) -> Duration {
        let Some(beyond) = wrong.checked_sub(self.free() + 1) else { return Duration::ZERO };
        2_u32
            .checked_pow(beyond)
            .and_then(|times| WAIT_FIRST.checked_mul(times))
            .unwrap_or(WAIT_MAX)
            .min(WAIT_MAX)
    }

    /// What is left to wait now.
    pub(super) fn left(self, db: &Connection, of: &str, now: Moment) -> rusqlite::Result<Duration> {
        let Some((wrong, last)) = self.count(db, of, now)? else { return Ok(Duration::ZERO) };
        let wait = self.wait(wrong);
        let passed = Duration::from_secs(u64::try_from(now.utc_s() - last).unwrap_or_default());
        Ok(wait.saturating_sub(passed))
    }

    /// Counts a try as wrong until it is known to be right, and returns the wait if it is.
    pub(super) fn add(self, db: &Connection, of: &str, now: Moment) -> rusqlite::Result<Duration> {
        let wrong = self.count(db, of, now)?.map_or(0, |(wrong, _)| wrong).saturating_add(1);
        let sql = "INSERT OR REPLACE INTO waits (kind, whose, wrong, last) VALUES (?1, ?2, ?3, ?4)";
        db.execute(sql, params![self.name(), of, wrong, now.utc_s()])?;
        Ok(self.wait(wrong))
    }

    /// Takes back what [`Counted::add`] counted: an account's whole count, a place's one try. A place is not
    /// forgiven by one right secret, or whoever has an account could go on guessing others' from there.
    pub(super) fn right(self, db: &Connection, of: &str) -> rusqlite::Result<()> {
        let sql = match self {
            Self::Account => "DELETE FROM waits WHERE kind = ?1 AND whose = ?2",
            Self::Source => "UPDATE waits SET wrong = max(wrong - 1, 0) WHERE kind = ?1 AND whose = ?2",
        };
        db.execute(sql, params![self.name(), of]).map(|_| ())
    }

    fn count(self, db: &Connection, of: &str, now: Moment) -> rusqlite::Result<Option<(u32, i64)>> {
        let sql = "SELECT wrong, last FROM waits WHERE kind = ?1 AND whose = ?2";
        let count: Option<(u32, i64)> =
            db.query_row(sql, params![self.name(), of], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(count.filter(|&(_, last)| last > now.before(FORGOTTEN).utc_s()))
    }
}

/// Drops counts that are forgotten.
pub(super) fn sweep(db: &Connection, now: Moment) -> rusqlite::Result<()> {
    db.execute("DELETE FROM waits WHERE last <= ?1", [now.before(FORGOTTEN).utc_s()]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_five_seconds_to_five_minutes_and_stays_there() {
        let waits: Vec<u64> = (0..=11).map(|wrong| Counted::Account.wait(wrong).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(Counted::Account.wait(u32::MAX), WAIT_MAX);
        assert_eq!(Counted::Source.wait(20), Duration::ZERO);
        assert_eq!(Counted::Source.wait(21), WAIT_FIRST);
    }
}
