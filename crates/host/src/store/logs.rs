//! Logs of sessions, each person's in their own folder: made whole after a host was lost, and kept within bounds.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use super::{Record, Store, StoreError, files, io_error};
use crate::log::{self, Keep, Recovered};

/// Name of the folder of logs in a person's folder.
pub(super) const FOLDER: &str = "logs";

impl Record {
    /// The folder of this person's logs, made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn logs(&self) -> Result<PathBuf, StoreError> {
        let folder = self.logs_path();
        files::make_private(&folder).map_err(|error| io_error(&folder, error))?;
        Ok(folder)
    }

    pub(super) fn logs_path(&self) -> PathBuf {
        self.path.with_file_name(FOLDER)
    }
}

impl Store {
    /// Makes whole logs of what a lost host left, everybody's, and removes logs beyond what shall be kept of all
    /// together. Not while a session writes its log. A part without even a head is removed: nothing can be read
    /// of it.
    ///
    /// # Errors
    /// A file cannot be read or written; what can be mended is mended all the same.
    pub fn mend_logs(&self, keep: &Keep, now: SystemTime) -> Result<Vec<Recovered>, StoreError> {
        let folders: Vec<PathBuf> = self.folders()?.into_iter().map(|folder| folder.join(FOLDER)).collect();
        let folders: Vec<PathBuf> = folders.into_iter().filter(|folder| folder.is_dir()).collect();
        let (mut mended, mut broken) = (Vec::new(), None);
        for folder in &folders {
            match log::mend(folder) {
                Ok(recovered) => mended.extend(recovered),
                Err(error) => broken = Some(io_error(folder, io::Error::other(error))),
            }
        }
        log::rotate(&folders, keep, now).map_err(|error| io_error(self.folder(), error))?;
        broken.map_or(Ok(mended), Err)
    }
}
