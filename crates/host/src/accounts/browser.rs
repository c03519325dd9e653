//! Who is signed in with which browser.
//!
//! A browser holds a random token; here stands only its SHA-256, so that the file opens no door. A token ends
//! when it was not used for a while, when it grows old, on signing out, and when the account's secret changes.

use super::{AccountError, AccountId, Accounts, Moment, Role, digest, random_hex};
use rusqlite::{OptionalExtension, params};
use std::time::Duration;

/// How often the last use of a token is written down.
///
/// Design: a page asks many times a second, and each write waits for the disk; a minute is small against the
/// shortest [`idle`].
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// Most browsers of one account; the longest unused is signed out.
///
/// Design: a tablet, a telephone, a laptop and what was forgotten; it bounds the file.
const BROWSERS_MAX: u32 = 20;

/// How long a browser may be unused.
///
/// Source: NIST SP 800-63B-4 (2025), AAL2: at most one hour; OWASP Session Management Cheat Sheet: 15 to
/// 30 minutes where the risk is low. Design: a clinician and service see what is not their own, hence a quarter
/// of an hour. A person lies on the bed with both hands away from the tablet, hence twice the longest session.
#[must_use]
pub fn idle(role: Role) -> Duration {
    match role {
        Role::Person => Duration::from_secs(2 * 3600),
        Role::Clinician | Role::Service => Duration::from_secs(15 * 60),
    }
}

/// How long a browser is signed in at most.
///
/// Source: NIST SP 800-63B-4 (2025), AAL2: at most 24 hours. Design: half of it for whoever sees what is not
/// their own, a working day.
#[must_use]
pub fn longest(role: Role) -> Duration {
    match role {
        Role::Person => Duration::from_secs(24 * 3600),
        Role::Clinician | Role::Service => Duration::from_secs(12 * 3600),
    }
}

/// A browser that has just been signed in. It prints without its token.
pub struct NewBrowser {
    /// What the browser holds: 64 hexadecimal digits, told this once.
    pub token: String,
    /// Who it is.
    pub account: AccountId,
    /// As what.
    pub role: Role,
}

impl std::fmt::Debug for NewBrowser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewBrowser")
            .field("account", &self.account)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Accounts {
    /// Signs a browser in, without asking for anything: the caller has.
    pub(super) fn begin_browser(&self, account: &AccountId, now: Moment) -> Result<NewBrowser, AccountError> {
        self.change(|db| {
            let token = random_hex::<32>();
            let role = super::account(db, account)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?.role;
            db.execute(
                "DELETE FROM browsers WHERE account = ?1 AND token NOT IN
                 (SELECT token FROM browsers WHERE account = ?1 ORDER BY seen DESC LIMIT ?2)",
                params![account.as_str(), BROWSERS_MAX - 1],
            )?;
            db.execute(
                "INSERT INTO browsers (token, account, begun, seen) VALUES (?1, ?2, ?3, ?3)",
                params![digest(&token), account.as_str(), now.utc_s()],
            )?;
            Ok(NewBrowser { token, account: account.clone(), role })
        })
    }

    /// Who is signed in with this token, if it still counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn browser(&self, token: &str, now: Moment) -> Result<Option<(AccountId, Role)>, AccountError> {
        let token = digest(token);
        let sql =
            "SELECT account, role, begun, seen FROM browsers JOIN accounts ON id = account WHERE token = ?1";
        let found: Option<(String, String, i64, i64)> = self.read(|db| {
            db.query_row(sql, [&token], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()
        })?;
        let Some((account, role, begun, seen)) = found else { return Ok(None) };
        let role: Role = self.read(|_| super::role_named(&role))?;
        // A time in the future means that the clock was set back: nobody knows how old the token is.
        let since =
            |then: i64| u64::try_from(now.utc_s() - then).map(Duration::from_secs).unwrap_or(Duration::MAX);
        let slack = now.after(SEEN_EVERY).utc_s();
        let ahead = seen > slack || begun > slack;
        if ahead || since(seen.min(now.utc_s())) > idle(role) || since(begun.min(now.utc_s())) > longest(role)
        {
            self.change(|db| db.execute("DELETE FROM browsers WHERE token = ?1", [&token]))?;
            return Ok(None);
        }
        if seen < now.before(SEEN_EVERY).utc_s() {
            let sql = "UPDATE browsers SET seen = ?2 WHERE token = ?1";
            self.change(|db| db.execute(sql, params![token, now.utc_s()]))?;
        }
        Ok(Some((AccountId(account), role)))
    }

    /// Signs this browser out.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end_browser(&self, token: &str) -> Result<(), AccountError> {
        self.change(|db| db.execute("DELETE FROM browsers WHERE token = ?1", [digest(token)]).map(|_| ()))
    }

    /// Signs every browser of an account out.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end_browsers(&self, account: &AccountId) -> Result<(), AccountError> {
        self.change(|db| {
            db.execute("DELETE FROM browsers WHERE account = ?1", [account.as_str()]).map(|_| ())
        })
    }
}
