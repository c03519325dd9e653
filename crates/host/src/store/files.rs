//! Folders that appear and vanish as a whole, whatever stops the program meanwhile.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Erased;

/// How the folder of somebody who is being erased is called: what is left of it is wiped at the next start.
pub(super) const LEAVING: &str = ".leaving-";
/// How a folder is called that is not complete yet.
pub(super) const COMING: &str = ".coming-";
/// A folder that is not complete after so long never will be. Guess: nothing takes a tenth of it.
const COMING_MAX: Duration = Duration::from_hours(1);

/// Makes a folder that only its owner can read.
pub(super) fn make_private(root: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(root)
}

/// Wipes what was left half made or half erased when a program was stopped.
pub(super) fn tidy(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let begins = |with: &str| name.to_str().is_some_and(|name| name.starts_with(with));
        let old = || -> io::Result<bool> {
            let age = SystemTime::now().duration_since(entry.metadata()?.modified()?);
            Ok(age.is_ok_and(|age| age > COMING_MAX))
        };
        if begins(LEAVING) || (begins(COMING) && old()?) {
            wipe(&entry.path(), &mut Erased::default())?;
        }
    }
    Ok(())
}

/// Overwrites and removes a folder with all that is in it; what somebody else removes meanwhile is gone too.
pub(super) fn wipe(folder: &Path, erased: &mut Erased) -> io::Result<()> {
    let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return gone(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                gone(error)?;
                continue;
            }
        };
        if kind.is_dir() {
            wipe(&path, erased)?;
            continue;
        }
        if kind.is_file() {
            match overwrite(&path) {
                Ok(bytes) => erased.bytes += bytes,
                Err(error) => gone(error)?,
            }
        }
        fs::remove_file(&path).or_else(gone)?;
        erased.files += 1;
    }
    fs::remove_dir(folder).or_else(gone)
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

/// A folder that is filled under another name beside its own, and takes its own when it is complete.
pub(super) struct Coming {
    part: PathBuf,
    whole: PathBuf,
}

impl Coming {
    /// Begins one. What an earlier try left is wiped.
    pub(super) fn begin(whole: &Path) -> io::Result<Self> {
        let name = whole.file_name().and_then(OsStr::to_str).unwrap_or("folder");
        let part = whole.with_file_name(format!("{COMING}{name}"));
        wipe(&part, &mut Erased::default())?;
        make_private(&part)?;
        Ok(Self { part, whole: whole.to_owned() })
    }

    /// Where to put what belongs in it.
    pub(super) fn path(&self) -> &Path {
        &self.part
    }

    /// Complete.
    pub(super) fn finish(self) -> io::Result<()> {
        sync(&self.part)?;
        fs::rename(&self.part, &self.whole)?;
        self.whole.parent().map_or(Ok(()), sync)
    }
}

/// Waits until the names in a folder are on the disk, where the system can.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
