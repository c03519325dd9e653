//! Tokens for programs: they read or stop, and nothing else.
//!
//! A token belongs to an account and can never do more than it. It is told once; here stands only its SHA-256.
//! It has 256 random bits, so that no slow hash is needed.

use super::{AccountError, AccountId, Accounts, Deed, Moment, Role, digest, random_hex};
use rusqlite::{OptionalExtension, params};
use std::time::Duration;

/// How every token begins, so that one that leaked is recognised.
pub const TOKEN_PREFIX: &str = "ondol_";

/// How long a token lasts where nobody says otherwise.
///
/// Design: a year; a forgotten one ends by itself.
pub const TOKEN_LASTS: Duration = Duration::from_secs(365 * 24 * 3600);

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Stop, and be named in the audit log as the one who did: for a button on the wall. If it leaks, it
    /// tells nothing.
    Stop,
    /// Read what its account may read; and stop, as everybody may.
    Read,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 2] = [Self::Stop, Self::Read];

    /// Its name.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Read => "read",
        }
    }

    /// Whether a token of this scope is made for a deed. Its account must be allowed it as well.
    #[must_use]
    pub fn covers(self, deed: Deed) -> bool {
        match deed {
            Deed::Stop | Deed::SeeHealth => true,
            Deed::ReadOwn | Deed::ReadOthers | Deed::SeeService => self == Self::Read,
            Deed::SignIn
            | Deed::SignOut
            | Deed::Join
            | Deed::SetSecret
            | Deed::WriteOwn
            | Deed::WriteOthers
            | Deed::BeginOwn
            | Deed::BeginOthers
            | Deed::WishOwn
            | Deed::WishOthers
            | Deed::AcceptOwn
            | Deed::AcceptOthers
            | Deed::ExportOwn
            | Deed::ExportOthers
            | Deed::EraseOwn
            | Deed::EraseOthers
            | Deed::Prescribe
            | Deed::TestBed
            | Deed::TakeLogs
            | Deed::MoveTwin
            | Deed::PlayTwin
            | Deed::AddAccount
            | Deed::ResetAccount
            | Deed::RemoveAccount
            | Deed::AddToken
            | Deed::RevokeToken => false,
        }
    }
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name in lists and in the audit log.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// What it is for.
    pub scope: Scope,
    /// When it was made.
    pub made: Moment,
    /// When it ends.
    pub ends: Moment,
}

impl Accounts {
    /// Makes a token that ends after `lasts`, and returns it with its id. It is told this once.
    ///
    /// # Errors
    /// There is no such account, or the file cannot be written.
    pub fn add_token(
        &self,
        account: &AccountId,
        scope: Scope,
        lasts: Duration,
        now: Moment,
    ) -> Result<(String, String), AccountError> {
        let (id, text) = (random_hex::<4>(), format!("{TOKEN_PREFIX}{}", random_hex::<32>()));
        if self.account(account)?.is_none() {
            return Err(AccountError::Unknown(account.as_str().to_owned()));
        }
        let sql =
            "INSERT INTO tokens (id, token, account, scope, made, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let ends = now.after(lasts).utc_s();
        self.change(|db| {
            db.execute(sql, params![id, digest(&text), account.as_str(), scope.tag(), now.utc_s(), ends])
        })?;
        Ok((id, text))
    }

    /// Every token, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn tokens(&self) -> Result<Vec<Token>, AccountError> {
        self.read(|db| {
            let mut rows = db.prepare(&format!("{SELECT} ORDER BY made, tokens.id"))?;
            rows.query_map([], row)?.collect()
        })
    }

    /// The token that a program showed, if it still counts.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn token(&self, text: &str, now: Moment) -> Result<Option<Token>, AccountError> {
        let sql = format!("{SELECT} WHERE token = ?1");
        let found = self.read(|db| db.query_row(&sql, [digest(text)], row).optional())?;
        Ok(found.filter(|token| now < token.ends))
    }

    /// Makes a token worthless.
    ///
    /// # Errors
    /// There is none of this id, or the file cannot be written.
    pub fn revoke_token(&self, id: &str) -> Result<AccountId, AccountError> {
        let sql = "DELETE FROM tokens WHERE id = ?1 RETURNING account";
        let account: Option<String> =
            self.change(|db| db.query_row(sql, [id], |row| row.get(0)).optional())?;
        account.map(AccountId).ok_or_else(|| AccountError::Unknown(id.to_owned()))
    }
}

const SELECT: &str =
    "SELECT tokens.id, account, role, scope, made, ends FROM tokens JOIN accounts ON accounts.id = account";

fn row(row: &rusqlite::Row) -> rusqlite::Result<Token> {
    let scope: String = row.get(3)?;
    let scope = Scope::ALL.into_iter().find(|known| known.tag() == scope);
    Ok(Token {
        id: row.get(0)?,
        account: AccountId(row.get(1)?),
        role: super::role_named(&row.get::<_, String>(2)?)?,
        scope: scope.ok_or_else(|| rusqlite::Error::InvalidColumnName("scope".to_owned()))?,
        made: Moment::of_utc(row.get(4)?),
        ends: Moment::of_utc(row.get(5)?),
    })
}
