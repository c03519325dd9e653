//! The bed's own description: one versioned, checksummed value, handed to the machine at start.
//!
//! Numbers are plain and carry their unit in their name, since this is also the format of a bed file.
//! What a bed lacks is `None`, never zero. A bed can only tighten limits.

use crate::limits;
use counts::{CARRIAGES_MAX, HEADS_MAX, HEATERS_MAX};
use heapless::{String, Vec};
use serde::{Deserialize, Serialize};

/// Version of the description that this code reads.
pub const VERSION: u16 = 1;

/// A bed, as its builder describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BedConfig {
    /// Version of the format; see [`VERSION`].
    pub version: u16,
    /// Name of the bed.
    pub name: String<32>,
    /// Length of the lying surface; x runs from 0 to here.
    pub surface_length_mm: f32,
    /// Headward of this line the neck's limits hold.
    pub neck_line_mm: f32,
    /// Lower voltage limit of the supply.
    pub supply_min_v: f32,
    /// Nominal voltage of the supply.
    pub supply_nominal_v: f32,
    /// One entry a carriage.
    pub carriages: Vec<CarriageConfig, CARRIAGES_MAX>,
    /// The lift of each head.
    pub lift: LiftConfig,
    /// The roller of each head.
    pub roller: RollerConfig,
    /// Load cell of each head; without it the force is told by the motor current alone.
    #[serde(default)]
    pub load_cell: Option<LoadCellConfig>,
    /// Heater in each head.
    #[serde(default)]
    pub head_heater: Option<HeaterConfig>,
    /// Warm mats, in the order of the heater zones after the heads.
    #[serde(default)]
    pub mats: Vec<MatConfig, 4>,
    /// Corner cells; without them nobody is known to lie on the bed.
    #[serde(default)]
    pub corners: Option<CornerConfig>,
}

/// A carriage and its travel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriageConfig {
    /// Headward end of the travel.
    pub from_mm: f32,
    /// Footward end of the travel.
    pub to_mm: f32,
    /// Where it parks.
    pub park_mm: f32,
    /// Top speed with a head in contact.
    pub speed_contact_mm_s: f32,
    /// Top speed with both heads clear.
    pub speed_clear_mm_s: f32,
    /// Acceleration.
    pub acceleration_mm_s2: f32,
    /// Standard deviation of the encoder.
    pub encoder_mm: f32,
}

/// The lift under a head. All lifts of a bed are alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftConfig {
    /// One lift carries both heads of a carriage.
    pub coupled: bool,
    /// Stroke from the lowered stop.
    pub stroke_mm: f32,
    /// Height of the bed's pad above the lowered roller.
    pub pad_above_mm: f32,
    /// Top speed upwards.
    pub speed_up_mm_s: f32,
    /// Top speed upwards above [`LiftConfig::loaded_n`].
    pub speed_up_loaded_mm_s: f32,
    /// Force of one head above which the lift is slower.
    pub loaded_n: f32,
    /// Top speed downwards.
    pub speed_down_mm_s: f32,
    /// Acceleration.
    pub acceleration_mm_s2: f32,
    /// Dead time of the drive.
    pub delay_ms: f32,
    /// First-order lag of the drive.
    pub lag_ms: f32,
    /// Static friction.
    pub friction_stick_n: f32,
    /// Sliding friction.
    pub friction_slide_n: f32,
    /// Thrust limit of one lift (of a coupled lift: of both heads together).
    pub thrust_max_n: f32,
    /// Standard deviation of the encoder.
    pub encoder_mm: f32,
    /// Speed at which it sinks without power under 20 N.
    pub sink_mm_s: f32,
    /// Standard deviation of the force that the motor current tells.
    pub thrust_noise_n: f32,
}

/// The roller of a head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollerConfig {
    /// Radius.
    pub radius_mm: f32,
    /// Inner edge, from the bed's midline.
    pub inner_edge_mm: f32,
    /// Width.
    pub width_mm: f32,
    /// Smallest area over which a loaded roller touches.
    pub contact_area_mm2: f32,
    /// Stored heat per kelvin of roller and element together.
    pub heat_capacity_j_k: f32,
}

/// The load cell of a head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadCellConfig {
    /// Largest force.
    pub range_n: f32,
    /// Standard deviation at the cycle's rate.
    pub noise_n: f32,
    /// Standard deviation of the gain.
    pub gain: f32,
    /// Drift with temperature.
    pub drift_n_k: f32,
    /// Drift within ten minutes.
    pub drift_10min_n: f32,
}

/// A heater with its two thermometers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaterConfig {
    /// Electrical power.
    pub power_w: f32,
    /// Hottest element.
    pub element_max_c: f32,
    /// Hottest surface in contact.
    pub surface_max_c: f32,
    /// Lag of the element's thermometer.
    pub element_lag_s: f32,
    /// Lag of the surface's thermometer.
    pub surface_lag_s: f32,
    /// Standard deviation of both thermometers' offset.
    pub accuracy_k: f32,
}

/// A warm mat on the lying surface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatConfig {
    /// Name of the mat.
    pub name: String<16>,
    /// Headward end.
    pub from_mm: f32,
    /// Footward end.
    pub to_mm: f32,
    /// Its heater.
    pub heater: HeaterConfig,
}

/// Load cells under the corners.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CornerConfig {
    /// Largest force of one cell.
    pub range_n: f32,
    /// Standard deviation.
    pub noise_n: f32,
    /// Distance between the left cells and the right ones.
    pub across_mm: f32,
}

/// What is wrong with a bed's description: which key, its value, and what is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigError {
    /// The key in the bed file.
    pub key: &'static str,
    /// The value found.
    pub value: f32,
    /// Smallest allowed value.
    pub min: f32,
    /// Largest allowed value.
    pub max: f32,
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} is {}, allowed is {} to {}", self.key, self.value, self.min, self.max)
    }
}

impl core::error::Error for ConfigError {}

impl BedConfig {
    /// Number of heads: two a carriage.
    #[must_use]
    pub fn heads(&self) -> usize {
        (self.carriages.len() * 2).min(HEADS_MAX)
    }

    /// Number of heater zones: one a head where heads are heated, then the mats. The zone of mat `m`
    /// is `heads() + m` whether or not heads are heated.
    #[must_use]
    pub fn zones(&self) -> usize {
        (self.heads() + self.mats.len()).min(HEATERS_MAX)
    }

    /// The heater of a zone: of a head below [`BedConfig::heads`], of a mat from there on.
    #[must_use]
    pub fn heater(&self, zone: usize) -> Option<&HeaterConfig> {
        if zone < self.heads() {
            self.head_heater.as_ref()
        } else {
            self.mats.get(zone - self.heads()).map(|mat| &mat.heater)
        }
    }

    /// Middle of the roller, sideways from the bed's midline.
    #[must_use]
    pub fn roller_centre_mm(&self) -> f32 {
        self.roller.inner_edge_mm + self.roller.width_mm / 2.0
    }

    /// Checks every number against what the code was made for.
    ///
    /// # Errors
    /// The first key that is out of range, with the range.
    pub fn check(&self) -> Result<(), ConfigError> {
        let range = |key, value: f32, min, max| {
            let fine = value >= min && value <= max;
            if fine { Ok(()) } else { Err(ConfigError { key, value, min, max }) }
        };
        let version = f32::from(VERSION);
        range("version", f32::from(self.version), version, version)?;
        range("surface_length_mm", self.surface_length_mm, 1600.0, 2300.0)?;
        range("neck_line_mm", self.neck_line_mm, 0.0, self.surface_length_mm)?;
        range("supply_nominal_v", self.supply_nominal_v, 12.0, 60.0)?;
        range("supply_min_v", self.supply_min_v, 0.5 * self.supply_nominal_v, self.supply_nominal_v)?;
        range("carriages", self.carriages.len() as f32, 1.0, CARRIAGES_MAX as f32)?;
        for carriage in &self.carriages {
            range("carriage.from_mm", carriage.from_mm, 0.0, self.surface_length_mm)?;
            range("carriage.to_mm", carriage.to_mm, carriage.from_mm, self.surface_length_mm)?;
            range("carriage.park_mm", carriage.park_mm, carriage.from_mm, carriage.to_mm)?;
            range("carriage.speed_contact_mm_s", carriage.speed_contact_mm_s, 1.0, 60.0)?;
            range("carriage.speed_clear_mm_s", carriage.speed_clear_mm_s, 1.0, 120.0)?;
            range("carriage.acceleration_mm_s2", carriage.acceleration_mm_s2, 10.0, 2000.0)?;
            range("carriage.encoder_mm", carriage.encoder_mm, 0.0, 1.0)?;
        }
        self.check_lift()?;
        range("roller.radius_mm", self.roller.radius_mm, 10.0, 60.0)?;
        range("roller.inner_edge_mm", self.roller.inner_edge_mm, 20.0, 60.0)?;
        range("roller.width_mm", self.roller.width_mm, 10.0, 60.0)?;
        range("roller.contact_area_mm2", self.roller.contact_area_mm2, 100.0, 5000.0)?;
        range("roller.heat_capacity_j_k", self.roller.heat_capacity_j_k, 10.0, 400.0)?;
        if let Some(cell) = &self.load_cell {
            range("load_cell.range_n", cell.range_n, limits::FORCE_HARD_N, 1000.0)?;
            range("load_cell.noise_n", cell.noise_n, 0.0, 2.0)?;
            range("load_cell.gain", cell.gain, 0.0, 0.02)?;
            range("load_cell.drift_n_k", cell.drift_n_k, 0.0, 0.5)?;
            range("load_cell.drift_10min_n", cell.drift_10min_n, 0.0, 2.0)?;
        }
        for zone in 0..self.zones() {
            if let Some(heater) = self.heater(zone) {
                range("heater.power_w", heater.power_w, 1.0, 200.0)?;
                range("heater.element_max_c", heater.element_max_c, 35.0, limits::ELEMENT_C)?;
                range("heater.surface_max_c", heater.surface_max_c, 30.0, self.surface_ceiling_c())?;
                range("heater.element_lag_s", heater.element_lag_s, 0.1, 10.0)?;
                range("heater.surface_lag_s", heater.surface_lag_s, 0.1, 20.0)?;
                range("heater.accuracy_k", heater.accuracy_k, 0.0, 1.0)?;
            }
        }
        for mat in &self.mats {
            range("mat.from_mm", mat.from_mm, 0.0, self.surface_length_mm)?;
            range("mat.to_mm", mat.to_mm, mat.from_mm, self.surface_length_mm)?;
        }
        if let Some(corners) = &self.corners {
            range("corners.range_n", corners.range_n, 300.0, 2000.0)?;
            range("corners.noise_n", corners.noise_n, 0.0, 10.0)?;
            range("corners.across_mm", corners.across_mm, 400.0, 1200.0)?;
        }
        Ok(())
    }

    /// Hottest surface that the stored-heat rule allows: 49 C at 200 J/K, less where a roller stores
    /// more heat above skin temperature (35 C).
    #[must_use]
    pub fn surface_ceiling_c(&self) -> f32 {
        // Source: stored-heat rule of `safety/limits.toml` (surface_contact); Design: equal stored heat.
        let stored = 200.0 * (limits::SURFACE_CONTACT_C - 35.0);
        limits::SURFACE_CONTACT_C.min(35.0 + stored / self.roller.heat_capacity_j_k)
    }

    fn check_lift(&self) -> Result<(), ConfigError> {
        let lift = &self.lift;
        let rows = [
            ("lift.stroke_mm", lift.stroke_mm, 40.0, 200.0),
            ("lift.pad_above_mm", lift.pad_above_mm, 0.0, lift.stroke_mm),
            ("lift.speed_up_mm_s", lift.speed_up_mm_s, 5.0, 60.0),
            ("lift.speed_up_loaded_mm_s", lift.speed_up_loaded_mm_s, 5.0, lift.speed_up_mm_s),
            ("lift.loaded_n", lift.loaded_n, 20.0, 200.0),
            ("lift.speed_down_mm_s", lift.speed_down_mm_s, 60.0, 200.0),
            ("lift.acceleration_mm_s2", lift.acceleration_mm_s2, 200.0, 5000.0),
            ("lift.delay_ms", lift.delay_ms, 0.0, 20.0),
            ("lift.lag_ms", lift.lag_ms, 0.0, 30.0),
            ("lift.friction_stick_n", lift.friction_stick_n, 0.0, 20.0),
            ("lift.friction_slide_n", lift.friction_slide_n, 0.0, lift.friction_stick_n),
            ("lift.thrust_max_n", lift.thrust_max_n, 50.0, 240.0),
            ("lift.encoder_mm", lift.encoder_mm, 0.0, 0.5),
            ("lift.sink_mm_s", lift.sink_mm_s, 40.0, 200.0),
            ("lift.thrust_noise_n", lift.thrust_noise_n, 0.0, 40.0),
        ];
        for (key, value, min, max) in rows {
            let fine = value >= min && value <= max;
            if !fine {
                return Err(ConfigError { key, value, min, max });
            }
        }
        Ok(())
    }

    /// CRC-32 (ISO-HDLC) over the description's compact binary form: equal descriptions, equal sums.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        checksum(self)
    }
}

/// CRC-32 (ISO-HDLC) over the compact binary form of a value; zero if it has none.
pub fn checksum<T: Serialize>(value: &T) -> u32 {
    use postcard::ser_flavors::Flavor;
    struct Sum<'a>(crc::Digest<'a, u32>);
    impl Flavor for Sum<'_> {
        type Output = u32;
        fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
            self.0.update(&[byte]);
            Ok(())
        }
        fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
            self.0.update(bytes);
            Ok(())
        }
        fn finalize(self) -> postcard::Result<u32> {
            Ok(self.0.finalize())
        }
    }
    const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    postcard::serialize_with_flavor(value, Sum(CRC.digest())).unwrap_or_default()
}
