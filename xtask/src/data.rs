//! `xtask data`: is the measured data beside the project what it was when figures were made from it?
//!
//! `xtask/checksums.toml` lists every file with its SHA-256, set by set, with origin and licence. Nothing is fetched
//! here: where a set comes from and how it was prepared is told, and what each file is, is checked.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The list that goes with this version of the project.
const LIST: &str = include_str!("../checksums.toml");

/// All sets.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// One entry a set.
    #[serde(rename = "set")]
    pub sets: Vec<Set>,
}

/// One set of measured data.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// What it is, with units.
    pub what: String,
    /// Where it comes from.
    pub from: String,
    /// Which version, where there are several.
    pub version: Option<String>,
    /// Under which licence.
    pub licence: String,
    /// Who is to be named.
    pub by: String,
    /// How its files were made from the origin.
    pub how: String,
    /// SHA-256 of each file, by its path in the folder.
    pub files: BTreeMap<String, String>,
}

/// How a set stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Files that are what they were.
    pub same: usize,
    /// Files with another content.
    pub changed: Vec<String>,
    /// Files that are not there.
    pub missing: Vec<String>,
}

impl Standing {
    /// True where every file is what it was.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty()
    }
}

/// Reads a list.
///
/// # Errors
/// Where it is no list.
pub fn read(text: &str) -> Result<List, String> {
    toml::from_str(text)
        .map_err(|error| format!("xtask/checksums.toml: {}", error.message().replace('\n', " ")))
}

/// The list of this version.
///
/// # Errors
/// Where it is no list.
pub fn list() -> Result<List, String> {
    read(LIST)
}

/// SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// Where it cannot be read.
pub fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut sum, mut block) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut block)? {
            0 => break,
            read => sum.update(&block[..read]),
        }
    }
    Ok(sum.finalize().iter().fold(String::new(), |mut text, byte| {
        // A string takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// How the files of a set stand in a folder.
///
/// # Errors
/// Where a file is there and cannot be read.
pub fn standing(folder: &Path, set: &Set) -> Result<Standing, String> {
    let mut standing = Standing::default();
    for (name, listed) in &set.files {
        let path = folder.join(name);
        match sha256(&path) {
            Ok(sum) if sum == *listed => standing.same += 1,
            Ok(_) => standing.changed.push(name.clone()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => standing.missing.push(name.clone()),
            Err(error) => return Err(format!("{}: cannot be read: {error}", path.display())),
        }
    }
    Ok(standing)
}

/// What is told of a folder, and whether all of it is what it was; `None` where there is no such folder.
///
/// # Errors
/// Where a file is there and cannot be read.
pub fn report(folder: &Path, list: &List) -> Result<(String, Option<bool>), String> {
    let mut text = String::new();
    if !folder.is_dir() {
        let _ = writeln!(
            text,
            "There is no data in {}. Nothing needs it but benches and fits on real people; each set can be had\n\
             where it comes from. Set ONDOL_DATA, or give --data DIR.\n",
            folder.display()
        );
        for set in &list.sets {
            origin(&mut text, set);
        }
        return Ok((text, None));
    }
    let _ = writeln!(text, "{:<16} {:>5}  {:<8} {:<30} from", "set", "files", "state", "licence");
    let (mut whole, mut wrong) = (true, String::new());
    for set in &list.sets {
        let standing = standing(folder, set)?;
        let state = match (&standing, standing.same) {
            (standing, _) if standing.is_whole() => "ok",
            (standing, 0) if standing.changed.is_empty() => "missing",
            (standing, _) if standing.changed.is_empty() => "in part",
            _ => "changed",
        };
        let version = set.version.as_ref().map(|version| format!(" @ {version}")).unwrap_or_default();
        let (name, count, licence, from) = (&set.name, set.files.len(), &set.licence, &set.from);
        let _ = writeln!(text, "{name:<16} {count:>5}  {state:<8} {licence:<30} {from}{version}");
        if !standing.is_whole() {
            whole = false;
            let lost = standing.missing.iter().map(|file| ("missing", file));
            for (what, file) in standing.changed.iter().map(|file| ("changed", file)).chain(lost).take(SHOWN)
            {
                let _ = writeln!(wrong, "  {what}: {file}");
            }
            let more = (standing.changed.len() + standing.missing.len()).saturating_sub(SHOWN);
            if more > 0 {
                let _ = writeln!(wrong, "  and {more} more of {}", set.name);
            }
            origin(&mut wrong, set);
        }
    }
    if whole {
        let files: usize = list.sets.iter().map(|set| set.files.len()).sum();
        let _ = writeln!(text, "\nAll {files} files are what they were.");
    } else {
        let _ = write!(text, "\nNot all of it is what it was:\n{wrong}");
    }
    Ok((text, Some(whole)))
}

/// So many files of a set are named one by one.
const SHOWN: usize = 10;

fn origin(text: &mut String, set: &Set) {
    let version = set.version.as_ref().map(|version| format!(", version {version}")).unwrap_or_default();
    let _ = writeln!(
        text,
        "{}: {}\n  {}{version}\n  {}; {}\n  {}",
        set.name, set.what, set.from, set.licence, set.by, set.how
    );
}
