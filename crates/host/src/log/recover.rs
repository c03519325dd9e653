//! A log whose session never came to its end: what can be read of it, up to the last whole second.

use super::{LogError, ReadError, topics};
use mcap::read::{LinearReader, MessageStream, Options};
use mcap::records::{Metadata, Record};
use mcap::{Compression, McapResult, Message, WriteOptions};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Why a log cannot be recovered.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The part cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log cannot be written.
    #[error(transparent)]
    Write(#[from] LogError),
}

/// What was recovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The log, whole now.
    pub path: PathBuf,
    /// Whole seconds (blocks of readings) in it.
    pub blocks: usize,
}

/// Makes a whole log of a part (`*.mcap.part`) that a lost host left, and removes the part. Every second that
/// was written out is there; at most the last one is lost. Killed in between, it can be called again.
///
/// Not for a log that is still being written.
///
/// # Errors
/// [`RecoverError::Read`] where not even the head was written (the part stays), or a file cannot be written.
pub fn recover(part: &Path) -> Result<Recovered, RecoverError> {
    let bytes = std::fs::read(part).map_err(|source| ReadError::Io { path: part.to_owned(), source })?;
    let broken = |problem: String| ReadError::Broken { path: part.to_owned(), problem };
    let head = head(&bytes).ok_or_else(|| broken("not even its head was written".to_owned()))?;
    let path = part.with_extension("");
    let mending = part.with_extension("mending");
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| LogError::Io { path, source }
    };
    let file = File::create(&mending).map_err(io(&mending))?;
    let blocks = write(&bytes, &head, BufWriter::new(file)).map_err(LogError::from)?;
    std::fs::rename(&mending, &path).map_err(io(&path))?;
    std::fs::remove_file(part).map_err(io(part))?;
    Ok(Recovered { path, blocks })
}

/// Makes whole logs of all parts in a folder. A part without even a head is removed: nothing can be read of it. Not
/// while a log is written there.
///
/// # Errors
/// A file cannot be read or written; the others are mended all the same.
pub fn mend(folder: &Path) -> Result<Vec<Recovered>, RecoverError> {
    let io = |source| ReadError::Io { path: folder.to_owned(), source };
    let (mut mended, mut broken) = (Vec::new(), None);
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let part = entry.map_err(io)?.path();
        if part.extension().is_none_or(|ending| ending != "part") {
            continue;
        }
        match recover(&part) {
            Ok(recovered) => mended.push(recovered),
            Err(RecoverError::Read(ReadError::Broken { .. })) => {
                std::fs::remove_file(&part).map_err(|source| LogError::Io { path: part.clone(), source })?;
            }
            Err(error) => broken = Some(error),
        }
    }
    broken.map_or(Ok(mended), Err)
}

/// The log's own head, if it was written.
fn head(bytes: &[u8]) -> Option<Metadata> {
    let records = LinearReader::new_with_options(bytes, Options::IgnoreEndMagic.into()).ok()?;
    records.map_while(Result::ok).find_map(|record| match record {
        Record::Metadata(metadata) if metadata.name == "ondol" => Some(metadata),
        _ => None,
    })
}

/// Writes every whole second; a second is whole when the hash of its outputs was written.
fn write(bytes: &[u8], head: &Metadata, file: BufWriter<File>) -> McapResult<usize> {
    let mut writer =
        WriteOptions::new().compression(Some(Compression::Zstd)).compression_threads(0).create(file)?;
    let mut head = head.clone();
    head.metadata.insert("recovered".to_owned(), "true".to_owned());
    writer.write_metadata(&head)?;
    let mut second: Vec<Message> = Vec::new();
    let mut blocks = 0;
    let messages = MessageStream::new_with_options(bytes, Options::IgnoreEndMagic.into())?;
    for message in messages.map_while(Result::ok) {
        let ends = message.channel.topic == topics::OUTPUTS_HASH;
        second.push(message);
        if ends {
            blocks += 1;
            for message in second.drain(..) {
                writer.write(&message)?;
            }
            writer.flush()?;
        }
    }
    writer.finish()?;
    Ok(blocks)
}
