//! How a command fails: bad input is 2, everything else 1; one clear line each.

use std::any::Any;
use std::fmt;
use std::io::{ErrorKind, Write as _};
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

/// The exit code of a program that the system ends because nobody reads what it prints: 128 and SIGPIPE's 13.
const NOBODY_READS: u8 = 141;

/// Nobody reads any more.
struct NobodyReads;

/// Prints. Where nobody reads any more (`ondol plan --json | head -1`), everything ends quietly, in good order.
pub fn print(words: fmt::Arguments<'_>) {
    match std::io::stdout().write_fmt(words) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            std::panic::resume_unwind(Box::new(NobodyReads))
        }
        // As everywhere: a disk that is full must be told.
        Err(error) => panic!("cannot print: {error}"),
        Ok(()) => {}
    }
}

/// Runs to the end, or until nobody reads.
pub fn quietly(run: impl FnOnce() -> ExitCode) -> ExitCode {
    // Nothing outlives the run that it could leave half changed.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|why: Box<dyn Any + Send>| {
        match why.downcast::<NobodyReads>() {
            Ok(_) => ExitCode::from(NOBODY_READS),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Prints a value as JSON for machines.
pub fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string_pretty(value).map_err(Failure::work)?);
    Ok(())
}
