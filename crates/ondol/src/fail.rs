//! How a command fails: bad input is 2, everything else 1; one clear line each.

use std::fmt;
use std::process::ExitCode;

/// Why a command ended without its result.
#[derive(Debug)]
pub enum Failure {
    /// What was given cannot be used; says the way out.
    Input(String),
    /// What was given is fine, but it did not work out.
    Work(String),
}

impl Failure {
    /// The exit code of this failure.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(2),
            Self::Work(_) => ExitCode::from(1),
        }
    }

    /// What was given cannot be used.
    pub fn input(why: impl fmt::Display) -> Self {
        Self::Input(why.to_string())
    }

    /// It did not work out.
    pub fn work(why: impl fmt::Display) -> Self {
        Self::Work(why.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(why) | Self::Work(why) => f.write_str(why),
        }
    }
}

/// Prints a value as JSON for machines.
pub fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(value).map_err(Failure::work)?);
    Ok(())
}
