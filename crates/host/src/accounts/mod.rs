//! Who may come in: accounts, sign-in, the browsers and programs that are let in, and what was done.
//!
//! Three roles. A *person* lies on the bed; their account is keyed by the random id of their
//! [record](crate::store::Record::id), their name stands nowhere here, and they have a PIN only if they wish
//! one. A *clinician* and *service* have a label and a passphrase. There is no way to make one of these two
//! through a page: whoever has the computer's own account does (`ondol account add`).
//!
//! Everything stands in one SQLite file, `accounts.sqlite` in the data folder, readable by its owner only:
//! hashes of secrets and tokens, random ids, labels, counts of wrong tries, and the [audit log](AuditRow).
//! Nothing here is needed to stop a session, and nothing here can begin one: that takes the hand switch, at
//! the bed.
//!
//! Every call waits for the disk or for a hash: an asynchronous caller takes a thread for it, and looks at one
//! secret at a time, since each takes 19 MiB and a core.

mod audit;
mod browser;
mod deed;
mod secret;
mod sign_in;
mod token;
mod wait;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::store::Record;

pub use audit::{AUDIT_LASTS, AUDIT_ROWS_MAX, Actor, AuditRow, AuditState, Outcome};
pub use browser::{NewBrowser, idle, longest};
pub use deed::{Deed, Task};
pub use secret::{PASSPHRASE_CHARACTERS, PIN_DIGITS, Secret, SecretFault};
pub use sign_in::{Claim, SignIn};
pub use token::{Scope, TOKEN_LASTS, TOKEN_PREFIX, Token};
pub use wait::WAIT_MAX;

/// Name of the file in the data folder.
pub const FILE: &str = "accounts.sqlite";

/// Longest label, characters.
///
/// Design: fits one line of a form.
pub const LABEL_CHARACTERS_MAX: usize = 60;

/// Version of the tables.
const SCHEMA: i64 = 1;

const TABLES: &str = "
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('person', 'clinician', 'service')),
  label TEXT CHECK ((label IS NULL) = (role = 'person')),
  secret TEXT CHECK (secret IS NOT NULL OR role = 'person'),
  UNIQUE (role, label));
CREATE TABLE browsers (
  token TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  begun INTEGER NOT NULL, seen INTEGER NOT NULL);
CREATE INDEX browsers_of ON browsers (account);
CREATE TABLE tokens (
  id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
  scope TEXT NOT NULL, made INTEGER NOT NULL, ends INTEGER NOT NULL);
CREATE TABLE waits (
  kind TEXT NOT NULL, whose TEXT NOT NULL, wrong INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (kind, whose));
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, utc_s INTEGER NOT NULL, who TEXT NOT NULL, deed TEXT NOT NULL,
  whom TEXT NOT NULL, outcome TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE audit_ends (end TEXT PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_ends VALUES ('first', 0, ''), ('last', 0, '');
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
  WHEN OLD.number > (SELECT number FROM audit_ends WHERE end = 'first')
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
";

/// What cannot be done with accounts; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A file or folder cannot be used.
    #[error("{}: {error}; check the place, or choose another with --data", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: rusqlite::Error,
    },
    /// Tables of another version.
    #[error(
        "{}: its tables have version {found}, and this Ondol knows {SCHEMA}; a newer Ondol reads it",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that was found.
        found: i64,
    },
    /// A label that no account can have.
    #[error("a label has 1 to {LABEL_CHARACTERS_MAX} characters on one line")]
    Label,
    /// There is one already.
    #[error(
        "there is already a {role} account called \"{label}\"; `ondol account reset` gives it a new secret"
    )]
    Taken {
        /// The role.
        role: Role,
        /// The label.
        label: String,
    },
    /// There is none.
    #[error(
        "there is nothing called \"{0}\" here; `ondol account list` and `ondol account token list` show what there is"
    )]
    Unknown(String),
    /// A clinician or service without a secret.
    #[error("only a person can be without a secret; give a new passphrase")]
    Bare,
}

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Lies on the bed.
    Person,
    /// Reads people's courses and prescribes.
    Clinician,
    /// Looks after the bed, and sees nobody's record.
    Service,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Person, Self::Clinician, Self::Service];

    /// Its name.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Clinician => "clinician",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The random name of an account; a person's is that of their record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

impl AccountId {
    /// The account of the person whose record this is.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self(record.id().to_owned())
    }

    /// The random name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A moment of calendar time (UTC), by the second. Nobody's safety rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// Now, by this computer's clock.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// So many seconds after 1970 began (UTC).
    #[must_use]
    pub fn of_utc(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970 began (UTC).
    #[must_use]
    pub fn utc_s(self) -> i64 {
        self.0
    }

    /// Later, by whole seconds.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)))
    }

    /// Earlier, by whole seconds.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => time.fmt(f),
            Err(_) => write!(f, "{} s", self.0),
        }
    }
}

/// An account as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its random name.
    pub id: AccountId,
    /// What it is for.
    pub role: Role,
    /// What it is called; a person's has no label here.
    pub label: Option<String>,
    /// Whether a secret is asked for.
    pub secret: bool,
}

impl Account {
    fn read(row: &rusqlite::Row) -> rusqlite::Result<Self> {
        let role = role_named(&row.get::<_, String>(1)?)?;
        Ok(Self { id: AccountId(row.get(0)?), role, label: row.get(2)?, secret: row.get(3)? })
    }
}

/// The accounts of one data folder. A clone is the same accounts.
#[derive(Clone, Debug)]
pub struct Accounts {
    path: Arc<Path>,
    connection: Arc<Mutex<Connection>>,
}

impl Accounts {
    /// Opens the accounts of a data folder, or begins them.
    ///
    /// # Errors
    /// The file cannot be used, or a newer version wrote it.
    pub fn open(folder: &Path) -> Result<Self, AccountError> {
        let path = folder.join(FILE);
        let io = |error| AccountError::Io { path: path.clone(), error };
        private_file(folder, &path).map_err(io)?;
        let failed = |error| AccountError::Database { path: path.clone(), error };
        let mut connection = Connection::open(&path).map_err(failed)?;
        let found = prepare(&mut connection).map_err(failed)?;
        if found != SCHEMA {
            return Err(AccountError::Version { path, found });
        }
        Ok(Self { path: path.into(), connection: Arc::new(Mutex::new(connection)) })
    }

    /// Drops what has outlived its time: old rows of the audit log, counts of wrong tries, and ended tokens.
    /// A host does it when it starts and once a day.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn sweep(&self, now: Moment) -> Result<(), AccountError> {
        self.change(|db| {
            audit::sweep(db, now)?;
            wait::sweep(db, now)?;
            let oldest = now.before(longest(Role::Person)).utc_s();
            db.execute("DELETE FROM browsers WHERE begun < ?1", [oldest])?;
            db.execute("DELETE FROM tokens WHERE ends <= ?1", [now.utc_s()]).map(|_| ())
        })
    }

    /// Every account.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(&self) -> Result<Vec<Account>, AccountError> {
        self.read(|db| {
            let mut rows = db.prepare(&format!("{ACCOUNT} ORDER BY role, label, id"))?;
            rows.query_map([], Account::read)?.collect()
        })
    }

    /// One account, if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn account(&self, id: &AccountId) -> Result<Option<Account>, AccountError> {
        self.read(|db| account(db, id))
    }

    /// The account of a clinician or of service that is called `label`.
    ///
    /// # Errors
    /// There is none, or the file cannot be read.
    pub fn find(&self, role: Role, label: &str) -> Result<AccountId, AccountError> {
        let sql = "SELECT id FROM accounts WHERE role = ?1 AND label = ?2";
        let found = self.read(|db| db.query_row(sql, [role.tag(), label], |row| row.get(0)).optional())?;
        found.map(AccountId).ok_or_else(|| AccountError::Unknown(label.to_owned()))
    }

    /// Makes an account for a clinician or for service.
    ///
    /// # Errors
    /// The label is impossible or taken, or the role is a person's, whose account comes with their record.
    pub fn add(&self, role: Role, label: &str, secret: &Secret) -> Result<AccountId, AccountError> {
        let length = label.chars().count();
        let fits = (1..=LABEL_CHARACTERS_MAX).contains(&length) && label.trim() == label;
        if role == Role::Person || !fits || label.chars().any(char::is_control) {
            return Err(AccountError::Label);
        }
        let id = AccountId(format!("{role}-{}", random_hex::<8>()));
        let hash = secret.hash();
        let sql =
            "INSERT INTO accounts (id, role, label, secret) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        let added = self.change(|db| db.execute(sql, params![id.as_str(), role.tag(), label, hash]))?;
        if added == 0 {
            return Err(AccountError::Taken { role, label: label.to_owned() });
        }
        Ok(id)
    }

    /// Begins the account of a person, without a secret, if they have none yet. The caller knows that the
    /// record is there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn person(&self, id: &AccountId) -> Result<(), AccountError> {
        let sql = "INSERT INTO accounts (id, role) VALUES (?1, 'person') ON CONFLICT DO NOTHING";
        self.change(|db| db.execute(sql, [id.as_str()]).map(|_| ()))
    }

    /// Whether a secret is asked of this account.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn asks(&self, id: &AccountId) -> Result<bool, AccountError> {
        Ok(self.account(id)?.is_some_and(|account| account.secret))
    }

    /// Gives an account a new secret, or a person none. Every browser and token of it ends, and so does the
    /// wait after wrong tries.
    ///
    /// # Errors
    /// There is no such account, or it needs a secret.
    pub fn set_secret(&self, id: &AccountId, secret: Option<&Secret>) -> Result<(), AccountError> {
        let hash = secret.map(Secret::hash);
        let account = self.account(id)?.ok_or_else(|| AccountError::Unknown(id.as_str().to_owned()))?;
        if hash.is_none() && account.role != Role::Person {
            return Err(AccountError::Bare);
        }
        self.change(|db| {
            end_all(db, id)?;
            db.execute("UPDATE accounts SET secret = ?2 WHERE id = ?1", params![id.as_str(), hash])
                .map(|_| ())
        })
    }

    /// Removes an account with its browsers and tokens. A person's record is not touched; without an account
    /// they have no PIN.
    ///
    /// # Errors
    /// There is no such account.
    pub fn remove(&self, id: &AccountId) -> Result<(), AccountError> {
        let removed = self.change(|db| {
            end_all(db, id)?;
            db.execute("DELETE FROM accounts WHERE id = ?1", [id.as_str()])
        })?;
        if removed == 0 { Err(AccountError::Unknown(id.as_str().to_owned())) } else { Ok(()) }
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, AccountError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        read(&connection).map_err(|error| self.failed(error))
    }

    /// Changes the file, whole or not at all.
    fn change<T>(&self, change: impl FnOnce(&Transaction) -> rusqlite::Result<T>) -> Result<T, AccountError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let change = || -> rusqlite::Result<T> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        change().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> AccountError {
        AccountError::Database { path: self.path.to_path_buf(), error }
    }
}

/// Ends the browsers, tokens and waits of an account.
fn end_all(db: &Transaction, id: &AccountId) -> rusqlite::Result<()> {
    for sql in ["DELETE FROM browsers WHERE account = ?1", "DELETE FROM tokens WHERE account = ?1"] {
        db.execute(sql, [id.as_str()])?;
    }
    match account(db, id)? {
        Some(account) => wait::Counted::Account.right(db, &account.counted()),
        None => Ok(()),
    }
}

const ACCOUNT: &str = "SELECT id, role, label, secret IS NOT NULL FROM accounts";

fn account(db: &Connection, id: &AccountId) -> rusqlite::Result<Option<Account>> {
    db.query_row(&format!("{ACCOUNT} WHERE id = ?1"), [id.as_str()], Account::read).optional()
}

/// Makes folder and file, readable by their owner only.
fn private_file(folder: &Path, path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    builder.create(folder)?;
    let file = options.open(path)?;
    // A file that was there may have been copied with wider rights.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

/// Sets the connection up, makes the tables if there are none, and returns their version.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = |db: &Connection| db.query_row("PRAGMA user_version", [], |row| row.get(0));
    if version(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    let found = version(&transaction)?;
    transaction.commit()?;
    Ok(found)
}

fn role_named(name: &str) -> rusqlite::Result<Role> {
    let role = Role::ALL.into_iter().find(|role| role.tag() == name);
    role.ok_or_else(|| rusqlite::Error::InvalidColumnName("role".to_owned()))
}

/// Random bytes of the operating system.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// So many random bytes, in hexadecimal digits.
fn random_hex<const N: usize>() -> String {
    hex(&random::<N>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a token, in hexadecimal digits.
fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
