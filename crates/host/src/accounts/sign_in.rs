//! Somebody says who they are, and shows it.

use super::audit::write;
use super::wait::Counted;
use super::{
    AccountError, AccountId, Accounts, Actor, Deed, Moment, NewBrowser, Outcome, Role, digest, secret,
};
use rusqlite::OptionalExtension;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Who somebody says they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The person of this record, which the caller knows to be there.
    Person(AccountId),
    /// A clinician or service, by label.
    Staff {
        /// The role.
        role: Role,
        /// The label as it was typed.
        label: String,
    },
}

/// What became of it.
#[derive(Debug)]
pub enum SignIn {
    /// In.
    In(NewBrowser),
    /// A wrong secret; the next try is heard after this wait, which may be none.
    Wrong(Duration),
    /// Not looked at: so long is still to be waited.
    Early(Duration),
}

/// What a try is counted as. A label is counted whether or not there is such an account, so that the wait does
/// not tell.
pub(super) fn counted_as(role: Role, label: &str) -> String {
    digest(&format!("{role} {label}"))
}

/// One look at a secret at a time: each takes 19 MiB and a core.
static HASHING: Mutex<()> = Mutex::new(());

impl Accounts {
    /// Signs a browser in, if `attempt` is the secret of the account; a person without a secret is in at once.
    /// `source` is where the try comes from.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn sign_in(
        &self,
        claim: &Claim,
        attempt: &str,
        source: &str,
        now: Moment,
    ) -> Result<SignIn, AccountError> {
        let (account, counted) = match claim {
            Claim::Person(id) => {
                self.person(id)?;
                (Some(id.clone()), id.as_str().to_owned())
            }
            Claim::Staff { role, label } => match self.find(*role, label) {
                Ok(id) => (Some(id), counted_as(*role, label)),
                Err(AccountError::Unknown(_)) => (None, counted_as(*role, label)),
                Err(error) => return Err(error),
            },
        };
        if let Claim::Person(id) = claim
            && !self.asks(id)?
        {
            return self.let_in(id, now);
        }
        match self.fits(account.as_ref(), &counted, attempt, source, now)? {
            Tried::Right => self.let_in(account.as_ref().expect("only an account has a right secret"), now),
            Tried::Wrong(wait) => Ok(SignIn::Wrong(wait)),
            Tried::Early(wait) => Ok(SignIn::Early(wait)),
        }
    }

    /// Looks at a secret as [`Accounts::sign_in`] does, with the same waits, and signs nobody in: before a
    /// secret is changed. `None` where it fits.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn confirm(
        &self,
        id: &AccountId,
        attempt: &str,
        source: &str,
        now: Moment,
    ) -> Result<Option<SignIn>, AccountError> {
        let label: Option<(String, Option<String>)> = self.read(|db| {
            let sql = "SELECT role, label FROM accounts WHERE id = ?1";
            db.query_row(sql, [id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })?;
        let counted = match label {
            Some((role, Some(label))) => counted_as(self.read(|_| super::role_named(&role))?, &label),
            _ => id.as_str().to_owned(),
        };
        Ok(match self.fits(Some(id), &counted, attempt, source, now)? {
            Tried::Right => None,
            Tried::Wrong(wait) => Some(SignIn::Wrong(wait)),
            Tried::Early(wait) => Some(SignIn::Early(wait)),
        })
    }

    fn let_in(&self, id: &AccountId, now: Moment) -> Result<SignIn, AccountError> {
        let browser = self.begin_browser(id, now)?;
        self.note(&Actor::Account(id.clone()), Deed::SignIn, None, Outcome::Done, now)?;
        Ok(SignIn::In(browser))
    }

    fn fits(
        &self,
        account: Option<&AccountId>,
        counted: &str,
        attempt: &str,
        source: &str,
        now: Moment,
    ) -> Result<Tried, AccountError> {
        let note = |db: &rusqlite::Transaction, outcome| {
            write(db, &Actor::Nobody, Deed::SignIn, account, outcome, now)
        };
        let places = [(Counted::Account, counted), (Counted::Source, source)];
        // Counted as wrong before it is looked at, in one change: of many tries at once none is free.
        let (left, wait) = self.change(|db| {
            let mut left = Duration::ZERO;
            for (kind, of) in places {
                left = left.max(kind.left(db, of, now)?);
            }
            if !left.is_zero() {
                note(db, Outcome::Early)?;
                return Ok((left, left));
            }
            let mut wait = Duration::ZERO;
            for (kind, of) in places {
                wait = wait.max(kind.add(db, of, now)?);
            }
            Ok((left, wait))
        })?;
        if !left.is_zero() {
            return Ok(Tried::Early(left));
        }
        let sql = "SELECT secret FROM accounts WHERE id = ?1";
        let hash: Option<String> = match account {
            Some(id) => {
                self.read(|db| db.query_row(sql, [id.as_str()], |row| row.get(0)).optional())?.flatten()
            }
            None => None,
        };
        let right = {
            let _one = HASHING.lock().unwrap_or_else(PoisonError::into_inner);
            secret::fits(attempt, hash.as_deref())
        };
        self.change(|db| {
            // A secret that was changed in the meantime is no longer right.
            let still: Option<String> = match account {
                Some(id) => db.query_row(sql, [id.as_str()], |row| row.get(0)).optional()?.flatten(),
                None => None,
            };
            if !right || still != hash {
                note(db, Outcome::Wrong)?;
                return Ok(Tried::Wrong(wait));
            }
            for (kind, of) in places {
                kind.right(db, of)?;
            }
            Ok(Tried::Right)
        })
    }
}

enum Tried {
    Right,
    Wrong(Duration),
    Early(Duration),
}
