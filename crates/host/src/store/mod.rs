//! What a person keeps on this computer: answers, diary, weeks and settings, each person in a place apart.
//!
//! A [`Store`] is a folder; every person has a folder of their own in it, with a random name and one
//! SQLite file (inspectable with ordinary tools). What was written stays: diary entries are only added,
//! and a change is whole or not at all. [`Store::erase`] overwrites a person's files before it removes
//! them; the person's name stands in no other file.
//!
//! What this does not do: it sends nothing, guards by no password (the computer's account does), and
//! cannot reach copies that a backup or the disk's own electronics made.

mod record;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use care::Day;
use care::diary::DiaryError;

pub use record::{Import, Kept, Record};

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
}

impl Store {
    /// The store in this folder, which is made if it is not there, readable by its owner only.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        make_private(root).map_err(|error| io_error(root, error))?;
        Ok(Self { root: root.to_owned() })
    }

    /// Everybody who keeps something here, by name.
    ///
    /// # Errors
    /// A record cannot be read.
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for folder in self.folders()? {
            names.push(Record::open(&folder.join(FILE))?.name().to_owned());
        }
        names.sort();
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
        // A random name: the folder tells nothing of the person.
        let folder = tempfile::Builder::new()
            .prefix("person-")
            .rand_bytes(16)
            .tempdir_in(&self.root)
            .map_err(|error| io_error(&self.root, error))?;
        let record = Record::begin(&folder.path().join(FILE), name, today)?;
        let _kept = folder.keep();
        Ok(record)
    }

    /// Erases a person wholly: every file in their folder is overwritten, then removed.
    ///
    /// # Errors
    /// [`StoreError::Nobody`], or a file cannot be removed.
    pub fn erase(&self, name: &str) -> Result<Erased, StoreError> {
        let Some(folder) = self.find(name)? else { return Err(self.nobody(name)?) };
        let mut erased = Erased::default();
        wipe(&folder, &mut erased).map_err(|error| io_error(&folder, error))?;
        Ok(erased)
    }

    fn find(&self, name: &str) -> Result<Option<PathBuf>, StoreError> {
        for folder in self.folders()? {
            if Record::open(&folder.join(FILE))?.name() == name {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }

    fn folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let list = || -> io::Result<Vec<PathBuf>> {
            let mut folders = Vec::new();
            for entry in fs::read_dir(&self.root)? {
                let path = entry?.path();
                if path.join(FILE).is_file() {
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

fn make_private(root: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(root)
}

/// Overwrites and removes a folder with all that is in it.
fn wipe(folder: &Path, erased: &mut Erased) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            wipe(&entry.path(), erased)?;
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_file() {
            erased.bytes += overwrite(&path)?;
        }
        fs::remove_file(&path)?;
        erased.files += 1;
    }
    fs::remove_dir(folder)
}

/// Writes zeros over a file, waits until they are on the disk, and returns its length, bytes.
fn overwrite(path: &Path) -> io::Result<u64> {
    let mut file: File = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    io::copy(&mut io::Read::take(io::repeat(0), length), &mut file)?;
    file.flush()?;
    file.sync_all()?;
    Ok(length)
}

#[cfg(test)]
mod tests;
