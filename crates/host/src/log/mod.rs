//! The session's log, an MCAP file: readings and requests at full rate as counts, what drives were
//! told as a hash a second and a copy ten times a second, derived channels in SI units, and a header
//! that names every version that had a part in it. What went in is enough to run the machine again,
//! bit for bit.

pub mod columns;
mod read;
mod recover;
mod rotate;
mod write;

pub use read::{LoggedCycles, LoggedSession, ReadError};
pub use recover::{RecoverError, Recovered, mend, recover};
pub use rotate::{Keep, rotate};
pub use write::{LogError, SessionLog};

use bed::BedConfig;
use counts::{AxisTarget, CARRIAGES_MAX, HEADS_MAX, HEATERS_MAX};
use serde::{Deserialize, Serialize};

/// Version of the log's schema. A reader of another version says which program wrote the file.
pub const SCHEMA_VERSION: u32 = 2;

/// What the head of a log says: enough to know and to repeat the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of the program that wrote the log.
    pub ondol_version: String,
    /// The bed's description.
    pub bed: BedConfig,
    /// Checksum of the description.
    pub bed_checksum: u32,
    /// Checksum of the table of limits.
    pub limits_checksum: u32,
    /// Checksum of the statistical model of spines that the scan started from.
    pub prior_checksum: u32,
    /// Seed of the simulation; `None` for a real bed.
    pub seed: Option<u64>,
    /// The log begins when the bed was switched on, so that the machine can be run again from nothing. A host that
    /// comes to a bed which is on already cannot know what its machine has seen before.
    #[serde(default = "from_switch_on")]
    pub from_switch_on: bool,
    /// What the person must be told about these figures.
    pub notice: String,
}

/// Logs that do not say it are of a simulation that began with them, or part when they are replayed.
fn from_switch_on() -> bool {
    true
}

/// The names of the log's channels.
pub mod topics {
    /// A second of readings as columns; see [`columns`](super::columns).
    pub const READINGS: &str = "/bed/readings";
    /// A request, at the cycle in which the machine took it, JSON.
    pub const REQUEST: &str = "/bed/request";
    /// An event, JSON.
    pub const EVENT: &str = "/bed/event";
    /// What drives and heaters were told, ten times a second, JSON.
    pub const OUTPUTS: &str = "/bed/outputs";
    /// XXH3-64 over all outputs of one second, JSON.
    pub const OUTPUTS_HASH: &str = "/bed/outputs_hash";
    /// Derived channels in SI units, ten times a second, JSON.
    pub const DERIVED: &str = "/derived/state";
}

/// One second of outputs as a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputsHash {
    /// Moment of the first cycle, microseconds since machine start.
    pub first_us: u64,
    /// Number of cycles.
    pub cycles: u32,
    /// XXH3-64 over the cycles' outputs, little-endian: a byte whose bits tell the power (1) and the axes
    /// with a velocity (2, 4, ..: carriages, then lifts), a velocity an axis, a power a heater zone.
    pub xxh3: u64,
}

/// Sums up outputs, cycle by cycle.
#[derive(Default)]
pub struct OutputsSum {
    first_us: u64,
    cycles: u32,
    bytes: Vec<u8>,
}

impl OutputsSum {
    /// Adds one cycle.
    pub fn add(&mut self, now: counts::Instant, outputs: &counts::Targets) {
        if self.cycles == 0 {
            self.first_us = now.micros();
        }
        self.cycles += 1;
        let mut bytes = [0_u8; 1 + 4 * (CARRIAGES_MAX + HEADS_MAX) + 2 * HEATERS_MAX];
        let (flags, rest) = bytes.split_at_mut(1);
        let (axes, heaters) = rest.split_at_mut(4 * (CARRIAGES_MAX + HEADS_MAX));
        flags[0] = u8::from(outputs.power);
        let targets = outputs.carriages.iter().chain(&outputs.lifts);
        for (index, (target, bytes)) in targets.zip(axes.chunks_exact_mut(4)).enumerate() {
            if let AxisTarget::Velocity(velocity) = target {
                flags[0] |= 2 << index;
                bytes.copy_from_slice(&velocity.raw().to_le_bytes());
            }
        }
        for (power, bytes) in outputs.heaters.iter().zip(heaters.chunks_exact_mut(2)) {
            bytes.copy_from_slice(&power.raw().to_le_bytes());
        }
        self.bytes.extend_from_slice(&bytes);
    }

    /// The hash of what was added since the last call.
    pub fn take(&mut self) -> OutputsHash {
        let xxh3 = xxhash_rust::xxh3::xxh3_64(&self.bytes);
        let hash = OutputsHash { first_us: self.first_us, cycles: self.cycles, xxh3 };
        self.cycles = 0;
        self.bytes.clear();
        hash
    }
}

/// Checksum of the table of limits that this program was built with.
#[must_use]
pub fn limits_checksum() -> u32 {
    const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    CRC.checksum(include_bytes!("../../../../safety/limits.toml"))
}

/// Checksum of the statistical model of spines that a scan starts from.
#[must_use]
pub fn prior_checksum(prior: &population::ShapeModel) -> u32 {
    const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = CRC.digest();
    for value in prior.mean().iter().chain(prior.covariance().iter()) {
        digest.update(&value.to_le_bytes());
    }
    digest.finalize()
}

#[cfg(test)]
mod tests;
