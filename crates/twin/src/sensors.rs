//! What the bed measures of itself and the person: in counts, each with its stamp.
//!
//! Positions, heights, forces, switches and supply come each step; temperatures and corner cells every
//! 20 ms. A load cell has a gain error, an offset that drifts with the roller's temperature and wanders,
//! and noise; tare is not done here. The motor's current tells `force + friction`, wrong by a slow noise.
//! A thermometer lags and is off by a constant.

use bed::BedConfig;
use counts::{
    CORNERS, DeciCelsius, DeciNewtons, DriveState, HEADS_MAX, HEATERS_MAX, Instant, Micrometres, Millivolts,
    Reading, Readings, Sample,
};
use rand_chacha::ChaCha8Rng;

use crate::faults::{Faults, SensorFault};
use crate::random::{normal, stream};

/// Interval of temperatures and corner cells, us. Source: bed table (500 Hz bus, slow objects at 50 Hz).
pub const SLOW_US: u64 = 20_000;
/// Correlation time of the force that the current tells, s. Guess.
const THRUST_LAG_S: f64 = 0.1;
/// SD of a load cell's offset at the start, N. Guess.
const OFFSET_N: f64 = 1.0;
/// SD of the supply's reading, V. Guess.
const SUPPLY_V: f64 = 0.02;
/// Seconds of ten minutes.
const TEN_MINUTES_S: f64 = 600.0;

/// What the sensors are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shown {
    /// Carriages along the bed, mm.
    pub position_mm: [f64; counts::CARRIAGES_MAX],
    /// Their drives.
    pub carriage_drive: [DriveState; counts::CARRIAGES_MAX],
    /// Roller tops, mm.
    pub height_mm: [f64; HEADS_MAX],
    /// Contact forces, N.
    pub force_n: [f64; HEADS_MAX],
    /// What the lifts' motors push, N.
    pub thrust_n: [f64; HEADS_MAX],
    /// Their drives.
    pub lift_drive: [DriveState; HEADS_MAX],
    /// Elements, C.
    pub element_c: [f64; HEATERS_MAX],
    /// Surfaces, C.
    pub surface_c: [f64; HEATERS_MAX],
    /// Weight on the corners, N.
    pub corner_n: [f64; CORNERS],
    /// Supply, V.
    pub supply_v: f64,
    /// Hand switch pressed.
    pub hand_switch: bool,
    /// Emergency stop pressed.
    pub emergency_stop: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    gain: f64,
    offset_n: f64,
    wander_n: f64,
    start_c: f64,
    thrust_n: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Thermometer {
    lagged_c: f64,
    offset_k: f64,
    started: bool,
}

impl Thermometer {
    fn follow(&mut self, truth_c: f64, lag_s: f64, dt_s: f64) -> f64 {
        if !self.started {
            self.lagged_c = truth_c;
            self.started = true;
        }
        self.lagged_c += (truth_c - self.lagged_c) * dt_s / (lag_s + dt_s);
        self.lagged_c + self.offset_k
    }
}

/// The sensors of a bed and what they last said.
#[derive(Clone, Debug)]
pub struct Sensors {
    rng: ChaCha8Rng,
    cells: [Cell; HEADS_MAX],
    elements: [Thermometer; HEATERS_MAX],
    surfaces: [Thermometer; HEATERS_MAX],
    slow_next_us: u64,
    slow_last_us: u64,
    readings: Readings,
}

/// Puts a value into a reading, as its fault lets it.
fn put<T: Copy>(
    reading: &mut Reading<T>,
    fault: &mut SensorFault,
    value: f64,
    now: Instant,
    count: impl Fn(f64) -> T,
) {
    let shown = match *fault {
        SensorFault::Quiet => return,
        SensorFault::Frozen => reading.map_or_else(|| count(value), |sample| sample.value),
        SensorFault::None => count(value),
        SensorFault::Offset(by) => count(value + by),
        SensorFault::Spike(by) => {
            *fault = SensorFault::None;
            count(value + by)
        }
    };
    *reading = Some(Sample { value: shown, taken: now });
}

/// The nearest whole number, held at the ends of 16 bits.
fn short(value: f64) -> i16 {
    libm::rint(value).clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

/// The nearest whole number, held at the ends of 32 bits.
fn long(value: f64) -> i32 {
    libm::rint(value).clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32
}

fn micrometres(mm: f64) -> Micrometres {
    Micrometres::new(long(mm * 1e3))
}

fn decinewtons(n: f64) -> DeciNewtons {
    DeciNewtons::new(short(n * 10.0))
}

fn decicelsius(c: f64) -> DeciCelsius {
    DeciCelsius::new(short(c * 10.0))
}

impl Sensors {
    /// The sensors of a bed, their errors drawn; `gain_error` is added to every load cell's gain.
    #[must_use]
    pub fn new(bed: &BedConfig, seed: u64, room_c: f64, gain_error: f64) -> Self {
        let mut rng = stream(seed, 11);
        let mut cells = [Cell::default(); HEADS_MAX];
        for cell in &mut cells {
            let gain = bed.load_cell.as_ref().map_or(0.0, |cell| f64::from(cell.gain));
            cell.gain = 1.0 + gain_error + gain * normal(&mut rng);
            cell.offset_n = OFFSET_N * normal(&mut rng);
            cell.start_c = room_c;
        }
        let mut elements = [Thermometer::default(); HEATERS_MAX];
        let mut surfaces = [Thermometer::default(); HEATERS_MAX];
        for zone in 0..HEATERS_MAX {
            let accuracy = bed.heater(zone).map_or(0.0, |heater| f64::from(heater.accuracy_k));
            elements[zone].offset_k = accuracy * normal(&mut rng);
            surfaces[zone].offset_k = accuracy * normal(&mut rng);
        }
        Self {
            rng,
            cells,
            elements,
            surfaces,
            slow_next_us: 0,
            slow_last_us: 0,
            readings: Readings::default(),
        }
    }

    /// What was last said.
    #[must_use]
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// True when temperatures and corner cells are due at `now`.
    #[must_use]
    pub fn slow_due(&self, now: Instant) -> bool {
        now.micros() >= self.slow_next_us
    }

    /// Measures everything that comes each step.
    pub fn fast(&mut self, bed: &BedConfig, shown: &Shown, faults: &mut Faults, now: Instant, dt_s: f64) {
        for (index, carriage) in bed.carriages.iter().enumerate() {
            if faults.carriage_silent[index] {
                continue;
            }
            let value = shown.position_mm[index] + f64::from(carriage.encoder_mm) * normal(&mut self.rng);
            put(
                &mut self.readings.carriages[index].position,
                &mut faults.position[index],
                value,
                now,
                micrometres,
            );
            self.readings.carriages[index].drive =
                Some(Sample { value: shown.carriage_drive[index], taken: now });
        }
        for head in 0..bed.heads() {
            self.head(head, bed, shown, faults, now, dt_s);
        }
        let supply = shown.supply_v + SUPPLY_V * normal(&mut self.rng);
        let volts = |v: f64| Millivolts::new(long(v * 1e3));
        put(&mut self.readings.supply, &mut faults.supply, supply, now, volts);
        if !faults.hand_switch_quiet {
            self.readings.hand_switch = Some(Sample { value: shown.hand_switch, taken: now });
        }
        if !faults.emergency_stop_quiet {
            self.readings.emergency_stop = Some(Sample { value: shown.emergency_stop, taken: now });
        }
    }

    fn head(
        &mut self,
        head: usize,
        bed: &BedConfig,
        shown: &Shown,
        faults: &mut Faults,
        now: Instant,
        dt_s: f64,
    ) {
        // A coupled lift is one drive: what it says of itself it says for both heads.
        let follows = bed.lift.coupled && head % 2 == 1;
        if let Some(config) = &bed.load_cell {
            let step = f64::from(config.drift_10min_n) * (dt_s / TEN_MINUTES_S).sqrt();
            let cell = &mut self.cells[head];
            cell.wander_n += step * normal(&mut self.rng);
            let warmed = f64::from(config.drift_n_k) * (self.surfaces[head].lagged_c - cell.start_c);
            let drift = if self.surfaces[head].started { warmed } else { 0.0 };
            let value = cell.gain * shown.force_n[head]
                + cell.offset_n
                + cell.wander_n
                + drift
                + f64::from(config.noise_n) * normal(&mut self.rng);
            let range = f64::from(config.range_n);
            let held = |n: f64| decinewtons(n.clamp(-range, range));
            put(&mut self.readings.heads[head].force, &mut faults.force[head], value, now, held);
        }
        if follows {
            let other = self.readings.heads[head - 1];
            let own = &mut self.readings.heads[head];
            (own.height, own.thrust, own.drive) = (other.height, other.thrust, other.drive);
            return;
        }
        if faults.lift_silent[head] {
            return;
        }
        let height = shown.height_mm[head] + f64::from(bed.lift.encoder_mm) * normal(&mut self.rng);
        put(&mut self.readings.heads[head].height, &mut faults.height[head], height, now, micrometres);
        let fade = dt_s / (THRUST_LAG_S + dt_s);
        // White noise of this size, low-passed, has the stated SD.
        let drive = f64::from(bed.lift.thrust_noise_n) * ((2.0 - fade) / fade).sqrt();
        let noise = &mut self.cells[head].thrust_n;
        *noise += fade * (drive * normal(&mut self.rng) - *noise);
        let thrust = shown.thrust_n[head] + *noise;
        put(&mut self.readings.heads[head].thrust, &mut faults.thrust[head], thrust, now, decinewtons);
        self.readings.heads[head].drive = Some(Sample { value: shown.lift_drive[head], taken: now });
    }

    /// Measures temperatures and corner cells.
    pub fn slow(&mut self, bed: &BedConfig, shown: &Shown, faults: &mut Faults, now: Instant) {
        let dt_s = (now.micros() - self.slow_last_us.min(now.micros())) as f64 * 1e-6;
        self.slow_last_us = now.micros();
        self.slow_next_us = now.micros().saturating_add(SLOW_US);
        for zone in 0..bed.zones() {
            let Some(heater) = bed.heater(zone) else { continue };
            let element =
                self.elements[zone].follow(shown.element_c[zone], f64::from(heater.element_lag_s), dt_s);
            let surface =
                self.surfaces[zone].follow(shown.surface_c[zone], f64::from(heater.surface_lag_s), dt_s);
            put(
                &mut self.readings.heaters[zone].element,
                &mut faults.element[zone],
                element,
                now,
                decicelsius,
            );
            put(
                &mut self.readings.heaters[zone].surface,
                &mut faults.surface[zone],
                surface,
                now,
                decicelsius,
            );
        }
        if let Some(corners) = &bed.corners {
            let range = f64::from(corners.range_n);
            let held = |n: f64| decinewtons(n.clamp(0.0, range));
            for corner in 0..CORNERS {
                let value = shown.corner_n[corner] + f64::from(corners.noise_n) * normal(&mut self.rng);
                put(&mut self.readings.corners[corner], &mut faults.corner[corner], value, now, held);
            }
        }
    }
}
