//! Reading a log back, cycle by cycle.

use super::{Header, OutputsHash, SCHEMA_VERSION, columns, topics};
use bed::{Event, Request};
use counts::{Instant, Readings};
use mcap::io::MessageReader;
use mcap::sans_io::LinearReaderOptions;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// What can be wrong with a log.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no MCAP file, or a broken one.
    #[error("{path} is not a complete session log: {problem}; a log is whole once its session has ended")]
    Broken {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Another version wrote it.
    #[error(
        "{path} was written by ondol {ondol_version} with log schema {found}; this program reads schema {SCHEMA_VERSION}: use that version to replay it"
    )]
    Schema {
        /// Which file.
        path: PathBuf,
        /// Version of the program that wrote it.
        ondol_version: String,
        /// Its schema.
        found: u32,
    },
}

/// Longest record and longest second of a log, bytes. Design: a second takes some 10 kB.
const RECORD_MAX_BYTES: usize = 64 << 20;

/// A log in memory, still compressed.
pub struct LoggedSession {
    path: PathBuf,
    bytes: Vec<u8>,
    /// What its head says.
    pub header: Header,
}

impl LoggedSession {
    /// Opens a log and reads its head.
    ///
    /// # Errors
    /// When the file is missing, broken, or of another schema.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let bytes = std::fs::read(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
        let broken = |problem: String| ReadError::Broken { path: path.to_owned(), problem };
        let summary = mcap::Summary::read(&bytes)
            .map_err(|error| broken(error.to_string()))?
            .ok_or_else(|| broken("it has no summary".to_owned()))?;
        let index = summary
            .metadata_indexes
            .iter()
            .find(|index| index.name == "ondol")
            .ok_or_else(|| broken("it has no header of ours".to_owned()))?;
        // The library adds these two up as they stand.
        let within = index.offset.checked_add(index.length).is_some_and(|end| end <= bytes.len() as u64);
        if !within {
            return Err(broken("its header lies outside of it".to_owned()));
        }
        let metadata = mcap::read::metadata(&bytes, index).map_err(|error| broken(error.to_string()))?;
        let text = metadata.metadata.get("header").ok_or_else(|| broken("its header is empty".to_owned()))?;
        let version: Version = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        if version.schema_version != SCHEMA_VERSION {
            return Err(ReadError::Schema {
                path: path.to_owned(),
                ondol_version: version.ondol_version,
                found: version.schema_version,
            });
        }
        let header = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        Ok(Self { path: path.to_owned(), bytes, header })
    }

    /// All cycles in order. Where the log was damaged its checksums say so: at the damaged second, or in its head at
    /// the end.
    #[must_use]
    pub fn cycles(&self) -> LoggedCycles<'_> {
        // What was damaged on a disk or on the way must not be read as other readings.
        let options = LinearReaderOptions::default()
            .with_prevalidate_chunk_crcs(true)
            .with_validate_data_section_crc(true)
            .with_record_length_limit(RECORD_MAX_BYTES);
        let messages = MessageReader::new_with_options(self.bytes.as_slice(), options);
        LoggedCycles {
            session: self,
            messages,
            requests: VecDeque::new(),
            events: VecDeque::new(),
            second: VecDeque::new(),
        }
    }

    fn broken(&self, problem: String) -> ReadError {
        ReadError::Broken { path: self.path.clone(), problem }
    }
}

#[derive(serde::Deserialize)]
struct Version {
    schema_version: u32,
    ondol_version: String,
}

/// One cycle as it was logged.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedCycle {
    /// Its moment.
    pub now: Instant,
    /// What was measured.
    pub readings: Readings,
    /// The request that the machine took.
    pub request: Option<Request>,
    /// What happened.
    pub events: Vec<Event>,
    /// At the last cycle of a second: the hash of that second's outputs.
    pub outputs: Option<OutputsHash>,
}

/// Goes through a log, one cycle after the other.
pub struct LoggedCycles<'a> {
    session: &'a LoggedSession,
    messages: MessageReader<&'a [u8]>,
    requests: VecDeque<(u64, Request)>,
    events: VecDeque<(u64, Event)>,
    second: VecDeque<LoggedCycle>,
}

impl LoggedCycles<'_> {
    /// Reads on until a whole second of cycles is there; false at the end.
    fn fill(&mut self) -> Result<bool, ReadError> {
        let session = self.session;
        let json = |error: serde_json::Error| session.broken(error.to_string());
        while let Some(message) = self.messages.next() {
            let message = message.map_err(|error| session.broken(error.to_string()))?;
            let micros = message.log_time / 1000;
            match message.channel.topic.as_str() {
                topics::REQUEST => {
                    self.requests.push_back((micros, serde_json::from_slice(&message.data).map_err(json)?));
                }
                topics::EVENT => {
                    self.events.push_back((micros, serde_json::from_slice(&message.data).map_err(json)?));
                }
                topics::READINGS => {
                    let block = columns::decode(&message.data)
                        .ok_or_else(|| session.broken("a block of readings cannot be read".to_owned()))?;
                    for (now, readings) in block {
                        let cycle = self.cycle(now, readings);
                        self.second.push_back(cycle);
                    }
                }
                topics::OUTPUTS_HASH => {
                    let hash = serde_json::from_slice(&message.data).map_err(json)?;
                    if let Some(last) = self.second.back_mut() {
                        last.outputs = Some(hash);
                    }
                    return Ok(true);
                }
                _ => {}
            }
        }
        Ok(!self.second.is_empty())
    }

    fn cycle(&mut self, now: Instant, readings: Readings) -> LoggedCycle {
        let mut request = None;
        while let Some((_, next)) = self.requests.pop_front_if(|(micros, _)| *micros <= now.micros()) {
            request = Some(next);
        }
        let mut events = Vec::new();
        while let Some((_, event)) = self.events.pop_front_if(|(micros, _)| *micros <= now.micros()) {
            events.push(event);
        }
        LoggedCycle { now, readings, request, events, outputs: None }
    }
}

impl Iterator for LoggedCycles<'_> {
    type Item = Result<LoggedCycle, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.second.is_empty() {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        self.second.pop_front().map(Ok)
    }
}
