//! Writes the fitted files: numbers to six digits, so that a refit gives the same bytes.

use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Why a chore ended early.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A file could not be read.
    #[error("cannot read {}: {why}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        why: String,
    },
    /// A file could not be written.
    #[error("cannot write {}: {why}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The data is not what it should be.
    #[error("{0}")]
    Data(String),
    /// A file in the repository differs from what the data gives.
    #[error("these files differ from what the data gives: {0}")]
    Stale(String),
}

impl Problem {
    pub fn read(path: &Path, why: &impl Display) -> Self {
        Self::Read { path: path.to_owned(), why: why.to_string() }
    }
}

/// A number as JSON with six significant digits.
pub fn digits(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.5e}").replace("e0", "") }
}

/// Numbers as a JSON list.
pub fn list<'a>(values: impl IntoIterator<Item = &'a f64>) -> String {
    let all: Vec<String> = values.into_iter().map(|v| digits(*v)).collect();
    format!("[{}]", all.join(","))
}

/// A file to be written: where (under `population/`) and what.
pub struct Sheet {
    /// Path under `population/`.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// Writes the sheets under `root`, or with `check` compares them with what is there.
pub fn settle(root: &Path, sheets: &[Sheet], check: bool) -> Result<(), Problem> {
    let mut stale = Vec::new();
    for sheet in sheets {
        let path = root.join(&sheet.name);
        if check {
            let there = std::fs::read_to_string(&path).unwrap_or_default();
            if there != sheet.text {
                stale.push(sheet.name.clone());
            }
        } else {
            std::fs::write(&path, &sheet.text).map_err(|e| Problem::Write { path, why: e.to_string() })?;
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(Problem::Stale(stale.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_six_digits_and_stay_json() {
        for value in [0.0, 1.0, -7.654_321_098, 439.123_456, 1.234_567_89e-7, -2.5e12] {
            let back: f64 = serde_json::from_str(&digits(value)).unwrap();
            assert!((back - value).abs() <= 6e-6 * value.abs(), "{value} became {back}");
        }
        assert_eq!(list(&[1.5, 0.0]), "[1.50000,0]");
    }
}
