//! What a person keeps on this computer: answers, diary, weeks and settings, each person in a place apart.
//!
//! A [`Store`] is a folder; every person has a folder of their own in it, with a random name and one
//! SQLite file (inspectable with ordinary tools). What was written stays: diary entries are only added,
//! and a change is whole or not at all. [`Store::erase`] overwrites a person's files before it removes
//! them; the person's name stands in no other file.
//!
//! What this does not do: it sends nothing, guards by no password (the computer's account does), and
//! cannot reach copies that a backup or the disk's own electronics made.

mod backup;
mod brief;
mod files;
mod house;
mod logs;
mod record;
mod schema;
mod session;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use care::Day;
use care::diary::DiaryError;

pub use backup::Copied;
pub use brief::{Brief, Pair};
pub use house::House;
pub use record::{Import, Kept, Record};
pub use session::{Ending, SessionLine, SessionNumber, SessionStanding};

/// Longest name, characters.
///
/// Design: fits one line of a form.
pub const NAME_CHARACTERS_MAX: usize = 60;

/// Name of the file in a person's folder.
const FILE: &str = "record.sqlite";

/// The store cannot do what was asked; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be used.
    #[error("{}: {error}; check the place, or choose another with --data", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// A record cannot be read or written.
    #[error("{}: {error}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: rusqlite::Error,
    },
    /// What stands in a record is not what this version writes.
    #[error("{}: {what}; nothing was changed. A copy of the file and a newer version may help", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A name that nobody can have.
    #[error("a name has 1 to {NAME_CHARACTERS_MAX} characters on one line; this has {0}")]
    Name(usize),
    /// Nobody of this name.
    #[error("nobody is called \"{name}\" here; there is {there}")]
    Nobody {
        /// The name as it was given.
        name: String,
        /// Who there is.
        there: String,
    },
    /// A session of this person is open.
    #[error("session {0} of this person is still open; wait until it has ended, or settle it")]
    SessionOpen(i64),
    /// No such session, or it does not stand where this can be done.
    #[error("there is no session {0} here with which this can be done")]
    NoSession(i64),
    /// Something stands where a new folder shall be.
    #[error("{}: there is something already; choose a new folder", .0.display())]
    Occupied(PathBuf),
    /// A database does not pass its check.
    #[error("{}: damaged: {what}; take the last backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check says.
        what: String,
    },
    /// The diary does not take an entry.
    #[error(transparent)]
    Diary(#[from] DiaryError),
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Files that were overwritten and removed.
    pub files: u32,
    /// Their bytes.
    pub bytes: u64,
}

/// A folder that holds a record for each person.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
    /// Whose a folder is, once it was looked up: it is never somebody else's. In memory alone, so that no other
    /// file holds a name.
    known: Arc<Mutex<BTreeMap<PathBuf, String>>>,
}

impl Store {
    /// The store in this folder, which is made if it is not there, readable by its owner only.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be made, or what an earlier program left half done cannot be
    /// cleared away.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        files::make_private(root).map_err(|error| io_error(root, error))?;
        files::tidy(root).map_err(|error| io_error(root, error))?;
        Ok(Self { root: root.to_owned(), known: Arc::default() })
    }

    /// Where it stands.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// What belongs to no person.
    ///
    /// # Errors
    /// The house's file cannot be read or written.
    pub fn house(&self) -> Result<House, StoreError> {
        House::open(&self.root)
    }

    /// Everybody who keeps something here, by name. A record is opened only where nobody has looked before.
    ///
    /// # Errors
    /// A record cannot be read.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let folders = self.folders()?;
        let names: Result<Vec<String>, StoreError> =
            folders.iter().map(|folder| self.name_in(folder)).collect();
        let mut names = names?;
        names.sort();
        // Who was erased is forgotten here too.
        self.known().retain(|folder, _| folders.binary_search(folder).is_ok());
        Ok(names)
    }

    /// A person's record.
    ///
    /// # Errors
    /// [`StoreError::Nobody`], or a record cannot be read.
    pub fn record(&self, name: &str) -> Result<Record, StoreError> {
        match self.find(name)? {
            Some(folder) => Record::open(&folder.join(FILE)),
            None => Err(self.nobody(name)?),
        }
    }

    /// The name on the record of this id ([`Record::id`]); `None` where there is none.
    ///
    /// # Errors
    /// A record cannot be read.
    pub fn name_of(&self, id: &str) -> Result<Option<String>, StoreError> {
        let own = |folder: &PathBuf| folder.file_name().and_then(std::ffi::OsStr::to_str) == Some(id);
        let folder = self.folders()?.into_iter().find(own);
        folder.map(|folder| self.name_in(&folder)).transpose()
    }

    /// A person's record, begun `today` if there is none.
    ///
    /// # Errors
    /// An impossible name, or the record cannot be read or written.
    pub fn record_or_new(&self, name: &str, today: Day) -> Result<Record, StoreError> {
        if let Some(folder) = self.find(name)? {
            return Record::open(&folder.join(FILE));
        }
        let length = name.chars().count();
        if !(1..=NAME_CHARACTERS_MAX).contains(&length) || name.chars().any(char::is_control) {
            return Err(StoreError::Name(length));
        }
        // A random name: the folder tells nothing of the person. It has its name when the record is whole.
        let failed = |error| io_error(&self.root, error);
        let coming = tempfile::Builder::new()
            .prefix(files::COMING)
            .rand_bytes(16)
            .tempdir_in(&self.root)
            .map_err(failed)?;
        schema::begin(&coming.path().join(FILE), name, today.0)
            .map_err(|error| self::failed(coming.path(), error))?;
        let drawn = coming.path().file_name().and_then(|name| name.to_str()?.strip_prefix(files::COMING));
        let folder = self.root.join(format!("person-{}", drawn.unwrap_or_default()));
        fs::rename(coming.keep(), &folder).map_err(failed)?;
        files::sync(&self.root).map_err(failed)?;
        Record::open(&folder.join(FILE))
    }

    /// Erases a person wholly: every file in their folder, logs too, is overwritten, then removed. Stopped in
    /// between, it goes on when the store is opened next.
    ///
    /// # Errors
    /// [`StoreError::Nobody`], or a file cannot be removed.
    pub fn erase(&self, name: &str) -> Result<Erased, StoreError> {
        let Some(folder) = self.find(name)? else { return Err(self.nobody(name)?) };
        let mut erased = Erased::default();
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let leaving = self.root.join(format!("{}{name}", files::LEAVING));
        self.known().remove(&folder);
        let mut erase = || fs::rename(&folder, &leaving).and_then(|()| files::wipe(&leaving, &mut erased));
        erase().map_err(|error| io_error(&folder, error))?;
        Ok(erased)
    }

    /// Whose folder this is.
    fn name_in(&self, folder: &Path) -> Result<String, StoreError> {
        if let Some(name) = self.known().get(folder) {
            return Ok(name.clone());
        }
        let name = Record::open(&folder.join(FILE))?.name().to_owned();
        self.known().insert(folder.to_owned(), name.clone());
        Ok(name)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, String>> {
        // Nothing in here is left half changed by a panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, name: &str) -> Result<Option<PathBuf>, StoreError> {
        for folder in self.folders()? {
            if self.name_in(&folder)? == name {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }

    fn folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let list = || -> io::Result<Vec<PathBuf>> {
            let mut folders = Vec::new();
            for entry in fs::read_dir(&self.root)? {
                let entry = entry?;
                let path = entry.path();
                let whole = !entry.file_name().as_encoded_bytes().starts_with(b".");
                if whole && path.join(FILE).is_file() {
                    folders.push(path);
                }
            }
            folders.sort();
            Ok(folders)
        };
        list().map_err(|error| io_error(&self.root, error))
    }

    fn nobody(&self, name: &str) -> Result<StoreError, StoreError> {
        let names = self.names()?;
        let there = if names.is_empty() { "nobody yet".to_owned() } else { names.join(", ") };
        Ok(StoreError::Nobody { name: name.chars().take(NAME_CHARACTERS_MAX).collect(), there })
    }
}

fn io_error(path: &Path, error: io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), error }
}

fn failed(path: &Path, error: rusqlite::Error) -> StoreError {
    StoreError::Record { path: path.to_owned(), error }
}

#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;
