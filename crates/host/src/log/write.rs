//! Writing a log as the session runs.

use super::columns::{self, Block};
use super::{Header, OutputsSum, topics};
use bed::Report;
use counts::{DeciNewtons, Instant, Micrometres, Sample};
use mcap::records::{MessageHeader, Metadata};
use mcap::{Compression, WriteOptions, Writer};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// What can go wrong while a log is written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be made or written.
    #[error("cannot write {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The container refused a record.
    #[error("cannot write the log: {0}")]
    Mcap(#[from] mcap::McapError),
    /// A record could not be put into words.
    #[error("cannot write the log: {0}")]
    Json(#[from] serde_json::Error),
}

/// Cycles between two copies of the outputs and the derived channels: ten a second at 500 Hz.
const COPY_EVERY: u64 = 100_000;
/// Cycles of one block of readings: one second at 500 Hz.
const BLOCK_CYCLES: usize = 500;
/// Level of zstd.
const COMPRESSION: u32 = 1;

struct Channels {
    readings: u16,
    request: u16,
    event: u16,
    outputs: u16,
    outputs_hash: u16,
    derived: u16,
}

/// A log that is being written. It stands beside its final name until [`SessionLog::finish`].
pub struct SessionLog {
    writer: Writer<BufWriter<File>>,
    channels: Channels,
    block: Block,
    bytes: Vec<u8>,
    outputs: OutputsSum,
    next_copy: u64,
    last: Instant,
    sequence: u32,
    part: PathBuf,
    path: PathBuf,
}

impl SessionLog {
    /// Starts a log.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(path: &Path, header: &Header) -> Result<Self, LogError> {
        let part = path.with_extension("mcap.part");
        let file = File::create(&part).map_err(|source| LogError::Io { path: part.clone(), source })?;
        let mut writer = WriteOptions::new()
            .compression(Some(Compression::Zstd))
            .compression_level(COMPRESSION)
            // Packing a second takes a millisecond: not worth a thread of its own, nor order that depends on one.
            .compression_threads(0)
            .chunk_size(Some(1 << 20))
            .library(format!("ondol {}", header.ondol_version))
            .create(BufWriter::new(file))?;
        let metadata = BTreeMap::from([("header".to_owned(), serde_json::to_string(header)?)]);
        writer.write_metadata(&Metadata { name: "ondol".to_owned(), metadata })?;
        let channels = channels(&mut writer)?;
        // From here on a log can be recovered, whatever happens to this program.
        writer.flush()?;
        Ok(Self {
            writer,
            channels,
            block: Block::default(),
            bytes: Vec::new(),
            outputs: OutputsSum::default(),
            next_copy: 0,
            last: Instant::START,
            sequence: 0,
            part,
            path: path.to_owned(),
        })
    }

    /// Writes one cycle.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, report: &Report) -> Result<(), LogError> {
        self.last = report.now;
        self.block.push(report.now, &report.readings);
        self.outputs.add(report.now, &report.outputs);
        if let Some(request) = &report.request {
            self.json(self.channels.request, report.now, request)?;
        }
        for event in &report.events {
            self.json(self.channels.event, report.now, event)?;
        }
        if report.now.micros() >= self.next_copy {
            self.next_copy = report.now.micros() / COPY_EVERY * COPY_EVERY + COPY_EVERY;
            self.json(self.channels.outputs, report.now, &report.outputs)?;
            self.json(self.channels.derived, report.now, &Derived::of(report))?;
        }
        if self.block.len() >= BLOCK_CYCLES {
            self.end_block()?;
        }
        Ok(())
    }

    /// Ends the log and gives it its name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<PathBuf, LogError> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        self.writer.finish()?;
        drop(self.writer);
        std::fs::rename(&self.part, &self.path)
            .map_err(|source| LogError::Io { path: self.path.clone(), source })?;
        Ok(self.path)
    }

    /// Ends the log and keeps nothing of it.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn discard(self) -> Result<(), LogError> {
        let Self { writer, part, .. } = self;
        drop(writer);
        std::fs::remove_file(&part).map_err(|source| LogError::Io { path: part, source })
    }

    fn end_block(&mut self) -> Result<(), LogError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        self.block.encode(&mut bytes);
        self.message(self.channels.readings, self.last, &bytes)?;
        self.bytes = bytes;
        let hash = self.outputs.take();
        self.json(self.channels.outputs_hash, self.last, &hash)?;
        // A second that is written is written out: a program that is killed loses no more than one.
        Ok(self.writer.flush()?)
    }

    fn json(&mut self, channel: u16, now: Instant, value: &impl Serialize) -> Result<(), LogError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        serde_json::to_writer(&mut bytes, value)?;
        let written = self.message(channel, now, &bytes);
        self.bytes = bytes;
        written
    }

    fn message(&mut self, channel_id: u16, now: Instant, bytes: &[u8]) -> Result<(), LogError> {
        let time = now.micros().saturating_mul(1000);
        let header =
            MessageHeader { channel_id, sequence: self.sequence, log_time: time, publish_time: time };
        self.sequence = self.sequence.wrapping_add(1);
        Ok(self.writer.write_to_known_channel(&header, bytes)?)
    }
}

fn channels(writer: &mut Writer<BufWriter<File>>) -> Result<Channels, LogError> {
    let columns = json!({ "encoding": "columns-1", "columns": columns::names() }).to_string();
    let block = writer.add_schema("ondol.ReadingsBlock", "ondol-columns", columns.as_bytes())?;
    let object = |title: &str| json!({ "title": title, "type": "object" }).to_string();
    let none = BTreeMap::new();
    let mut add = |topic: &str, name: &str| -> Result<u16, LogError> {
        let schema = writer.add_schema(name, "jsonschema", object(name).as_bytes())?;
        Ok(writer.add_channel(schema, topic, "json", &none)?)
    };
    let request = add(topics::REQUEST, "ondol.Request")?;
    let event = add(topics::EVENT, "ondol.Event")?;
    let outputs = add(topics::OUTPUTS, "ondol.Outputs")?;
    let outputs_hash = add(topics::OUTPUTS_HASH, "ondol.OutputsHash")?;
    let derived = add(topics::DERIVED, "ondol.Derived")?;
    let readings = writer.add_channel(block, topics::READINGS, "ondol-columns", &none)?;
    Ok(Channels { readings, request, event, outputs, outputs_hash, derived })
}

/// Positions in mm, forces in N, temperatures in degrees Celsius; what a bed lacks is left out.
#[derive(Serialize)]
struct Derived {
    carriage_mm: Vec<f64>,
    force_n: Vec<f64>,
    height_mm: Vec<f64>,
    surface_c: Vec<f64>,
    time_s: f64,
    weight_n: f64,
}

impl Derived {
    fn of(report: &Report) -> Self {
        let readings = &report.readings;
        let millimetres = |sample: Sample<Micrometres>| f64::from(sample.value.raw()) / 1000.0;
        let newtons = |sample: Sample<DeciNewtons>| f64::from(sample.value.raw()) / 10.0;
        let carriages = readings.carriages.iter().filter_map(|carriage| carriage.position);
        let heights = readings.heads.iter().filter_map(|head| head.height);
        let forces = readings.heads.iter().filter_map(|head| head.force.or(head.thrust));
        let surfaces = readings.heaters.iter().filter_map(|heater| heater.surface);
        Self {
            carriage_mm: carriages.map(millimetres).collect(),
            force_n: forces.map(newtons).collect(),
            height_mm: heights.map(millimetres).collect(),
            surface_c: surfaces.map(|sample| f64::from(sample.value.raw()) / 10.0).collect(),
            time_s: report.now.seconds(),
            weight_n: readings.corners.iter().flatten().map(|sample| newtons(*sample)).sum(),
        }
    }
}
