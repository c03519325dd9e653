//! Somebody says who they are, and shows it.

use super::audit::write;
use super::wait::Counted;
use super::{
    Account, AccountError, AccountId, Accounts, Actor, Deed, Moment, NewBrowser, Outcome, Role, Secret,
};
use super::{digest, secret};
use rusqlite::OptionalExtension;
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

impl Account {
    /// What tries on it are counted as.
    pub(super) fn counted(&self) -> String {
        match &self.label {
            Some(label) => counted_as(self.role, label),
            None => self.id.as_str().to_owned(),
        }
    }
}

/// What a try on a label is counted as, whether or not there is such an account, so that the wait does not
/// tell.
fn counted_as(role: Role, label: &str) -> String {
    digest(&format!("{role} {label}"))
}

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

    /// Lets a person in who has just begun their record, with the PIN that they wish, if they wish one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn join(
        &self,
        id: &AccountId,
        pin: Option<&Secret>,
        now: Moment,
    ) -> Result<NewBrowser, AccountError> {
        self.person(id)?;
        self.set_secret(id, pin)?;
        self.note(&Actor::Account(id.clone()), Deed::Join, Some(id), Outcome::Done, now)?;
        self.begin_browser(id, now)
    }

    /// Changes one's own secret: `current` is looked at as [`Accounts::sign_in`] does, with the same waits,
    /// unless there is none. Every browser and token of the account ends; the one that asked is let in anew.
    ///
    /// # Errors
    /// There is no such account, it needs a secret, or the file cannot be read or written.
    pub fn change_secret(
        &self,
        id: &AccountId,
        current: &str,
        fresh: Option<&Secret>,
        source: &str,
        now: Moment,
    ) -> Result<SignIn, AccountError> {
        let account = self.account(id)?.ok_or_else(|| AccountError::Unknown(id.as_str().to_owned()))?;
        if account.secret {
            match self.fits(Some(id), &account.counted(), current, source, now)? {
                Tried::Right => {}
                Tried::Wrong(wait) => return Ok(SignIn::Wrong(wait)),
                Tried::Early(wait) => return Ok(SignIn::Early(wait)),
            }
        }
        self.set_secret(id, fresh)?;
        self.note(&Actor::Account(id.clone()), Deed::SetSecret, None, Outcome::Done, now)?;
        self.begin_browser(id, now).map(SignIn::In)
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
        let right = secret::fits(attempt, hash.as_deref());
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
