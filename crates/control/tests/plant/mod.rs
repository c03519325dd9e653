//! A small bed with a person of springs, written apart from the twin: closed-form tissue, a trunk that
//! gives, breathing, drives with delay and lag, sensors with noise in counts.
#![allow(dead_code)]

use bed::BedConfig;
use counts::*;

/// Reads one of the bed files of the repository.
pub fn bed(name: &str) -> BedConfig {
    let path = format!("{}/../../beds/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the bed file stands in the repository");
    let config: BedConfig = toml::from_str(&text).expect("the bed file is well formed");
    config.check().expect("the bed file is in range");
    config
}

/// A person of springs.
#[derive(Clone, Debug)]
pub struct Body {
    pub weight_n: f64,
    /// Force of one head at 10 mm of indentation, N.
    pub at_10mm_n: f64,
    /// Exponent of the indentation.
    pub power: f64,
    /// How much the trunk gives, mm per N of both heads.
    pub give_mm_n: f64,
    /// Half of the breath's height, mm, and its rate, Hz.
    pub breath_mm: f64,
    pub breath_hz: f64,
    /// Height of the ripple of ribs, mm, at 26 mm along the back.
    pub ripple_mm: f64,
    /// Height of the back's curve, mm, over 500 mm.
    pub curve_mm: f64,
    /// Share by which stiffness varies along the back.
    pub stiffness_swing: f64,
    /// Stiffness footward of 800 mm over that headward of it.
    pub step: f64,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            weight_n: 750.0,
            at_10mm_n: 20.0,
            power: 1.5,
            give_mm_n: 0.03,
            breath_mm: 2.5,
            breath_hz: 0.25,
            ripple_mm: 0.3,
            curve_mm: 12.0,
            stiffness_swing: 0.3,
            step: 1.0,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Lift {
    height_mm: f64,
    velocity_mm_s: f64,
    queue: [f64; 8],
    wanted_mm: f64,
    sliding: bool,
}

/// The bed and who lies on it.
#[derive(Clone, Debug)]
pub struct Plant {
    pub config: BedConfig,
    pub body: Option<Body>,
    pub now: Instant,
    pub carriages_mm: Vec<f64>,
    carriage_velocity: Vec<f64>,
    lifts: Vec<Lift>,
    pub forces_n: Vec<f64>,
    trunk_mm: Vec<f64>,
    pub roller_c: Vec<f64>,
    element_c: Vec<f64>,
    seen_c: Vec<(f64, f64)>,
    pub switch: bool,
    /// Heads whose force sensor has fallen silent.
    pub silent_force: [bool; HEADS_MAX],
    /// Offset of the load cells, N.
    pub offset_n: f64,
    /// Dead time of the drives in cycles.
    pub delay: usize,
    last: Readings,
    random: u64,
    cycle: u64,
}

impl Plant {
    pub fn new(config: BedConfig, body: Option<Body>) -> Self {
        let (carriages, heads, zones) = (config.carriages.len(), config.heads(), config.zones());
        Self {
            carriages_mm: config.carriages.iter().map(|c| f64::from(c.from_mm + c.to_mm) / 2.0).collect(),
            config,
            body,
            now: Instant::START,
            carriage_velocity: vec![0.0; carriages],
            lifts: vec![Lift { height_mm: 3.0, wanted_mm: 3.0, ..Lift::default() }; heads],
            forces_n: vec![0.0; heads],
            trunk_mm: vec![0.0; carriages],
            roller_c: vec![25.0; zones],
            element_c: vec![25.0; zones],
            seen_c: vec![(25.0, 25.0); zones],
            switch: false,
            silent_force: [false; HEADS_MAX],
            offset_n: 0.5,
            delay: 3,
            last: Readings::default(),
            random: 0x9E37_79B9_7F4A_7C15,
            cycle: 0,
        }
    }

    /// Sum of twelve uniform numbers: mean 0, standard deviation 1.
    fn normal(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            self.random ^= self.random << 13;
            self.random ^= self.random >> 7;
            self.random ^= self.random << 17;
            sum += (self.random >> 11) as f64 / (1u64 << 53) as f64;
        }
        sum
    }

    pub fn height_mm(&self, head: usize) -> f64 {
        self.lifts[head].height_mm
    }

    /// Height of the unloaded skin, mm.
    pub fn skin_mm(&self, x_mm: f64) -> f64 {
        let Some(body) = &self.body else { return 1e3 };
        let tau = std::f64::consts::TAU;
        let breath = body.breath_mm * (tau * body.breath_hz * self.now.seconds()).sin();
        28.0 + body.curve_mm * (tau * x_mm / 500.0).sin()
            + body.ripple_mm * (tau * x_mm / 26.0).sin()
            + breath
    }

    fn tissue_n(&self, x_mm: f64, indentation_mm: f64) -> f64 {
        let Some(body) = &self.body else { return 0.0 };
        let swing = 1.0 + body.stiffness_swing * (std::f64::consts::TAU * x_mm / 130.0).sin();
        let step = 1.0 + (body.step - 1.0) / (1.0 + (-(x_mm - 800.0) / 4.0).exp());
        step * swing * body.at_10mm_n * (indentation_mm.max(0.0) / 10.0).powf(body.power)
    }

    /// One cycle of 2 ms under these targets, then what the sensors say.
    pub fn step(&mut self, targets: &Targets) -> Readings {
        const PARTS: usize = 4;
        let dt = 0.002 / PARTS as f64;
        for head in 0..self.lifts.len() {
            let target = match targets.lifts[head] {
                AxisTarget::Velocity(velocity) => f64::from(velocity.raw()) * 1e-3,
                AxisTarget::Released => -50.0,
            };
            self.lifts[head].queue.rotate_right(1);
            self.lifts[head].queue[0] = target;
        }
        for _ in 0..PARTS {
            for carriage in 0..self.carriages_mm.len() {
                let target = match targets.carriages[carriage] {
                    AxisTarget::Velocity(velocity) => f64::from(velocity.raw()) * 1e-3,
                    AxisTarget::Released => 0.0,
                };
                self.carriage_velocity[carriage] += (target - self.carriage_velocity[carriage]) * dt / 0.02;
                self.carriages_mm[carriage] += self.carriage_velocity[carriage] * dt;
            }
            self.move_lifts(dt);
            self.press(dt);
        }
        self.warm(targets);
        self.now = self.now.after(Micros::from_millis(2));
        self.cycle += 1;
        self.sense()
    }

    fn move_lifts(&mut self, dt: f64) {
        for (head, lift) in self.lifts.iter_mut().enumerate() {
            // What was sent `delay` cycles ago acts from now on.
            let mut target = lift.queue[self.delay - 1];
            if self.forces_n[head] > 80.0 {
                target = target.min(30.0);
            }
            let change = (target - lift.velocity_mm_s) * dt / 0.010;
            lift.velocity_mm_s += change.clamp(-1000.0 * dt, 1000.0 * dt);
            lift.wanted_mm = (lift.wanted_mm + lift.velocity_mm_s * dt).clamp(0.0, 100.0);
            // Friction of 8 N sticking and 5 N sliding at a drive of 400 N/mm.
            let wound = lift.wanted_mm - lift.height_mm;
            lift.sliding = wound.abs() > if lift.sliding { 5.0 } else { 8.0 } / 400.0;
            if lift.sliding {
                lift.height_mm = lift.wanted_mm - (5.0 / 400.0_f64).copysign(wound);
            }
            lift.height_mm = lift.height_mm.clamp(0.0, 100.0);
        }
    }

    fn press(&mut self, dt: f64) {
        for carriage in 0..self.carriages_mm.len() {
            let x_mm = self.carriages_mm[carriage];
            let mut sum = 0.0;
            for head in 2 * carriage..2 * carriage + 2 {
                let indentation = self.lifts[head].height_mm - self.skin_mm(x_mm) - self.trunk_mm[carriage];
                self.forces_n[head] = self.tissue_n(x_mm, indentation);
                sum += self.forces_n[head];
            }
            if let Some(body) = &self.body {
                let goal = body.give_mm_n * sum;
                self.trunk_mm[carriage] += (goal - self.trunk_mm[carriage]) * dt / 0.03;
            }
        }
    }

    fn warm(&mut self, targets: &Targets) {
        for zone in 0..self.roller_c.len() {
            let power = f64::from(targets.heaters[zone].raw()) * 0.1;
            let across = 4.0 * (self.element_c[zone] - self.roller_c[zone]);
            self.element_c[zone] += (power - across) / 40.0 * 0.002;
            self.roller_c[zone] += (across - 0.6 * (self.roller_c[zone] - 30.0)) / 160.0 * 0.002;
            let (element, surface) = &mut self.seen_c[zone];
            *element += (self.element_c[zone] - *element) * 0.002 / 3.0;
            *surface += (self.roller_c[zone] - *surface) * 0.002 / 8.0;
        }
    }

    fn sense(&mut self) -> Readings {
        let now = self.now;
        let mut readings = self.last;
        for carriage in 0..self.carriages_mm.len() {
            let position = self.carriages_mm[carriage] + 0.05 * self.normal();
            let count = Micrometres::new((position * 1e3) as i32);
            readings.carriages[carriage].position = Some(Sample { value: count, taken: now });
            readings.carriages[carriage].drive = Some(Sample { value: DriveState::Enabled, taken: now });
        }
        for head in 0..self.lifts.len() {
            let height = self.lifts[head].height_mm + 0.02 * self.normal();
            let force = self.forces_n[head] * 1.005 + self.offset_n + 0.3 * self.normal();
            let thrust = self.forces_n[head] + f64::from(self.config.lift.thrust_noise_n) * self.normal();
            let count = |newtons: f64| DeciNewtons::new((newtons * 10.0).round() as i16);
            let slot = &mut readings.heads[head];
            slot.height = Some(Sample { value: Micrometres::new((height * 1e3) as i32), taken: now });
            if !self.silent_force[head] {
                if self.config.load_cell.is_some() {
                    slot.force = Some(Sample { value: count(force), taken: now });
                }
                slot.thrust = Some(Sample { value: count(thrust), taken: now });
            }
            slot.drive = Some(Sample { value: DriveState::Enabled, taken: now });
        }
        if self.config.lift.coupled {
            for head in (0..self.lifts.len()).step_by(2) {
                readings.heads[head + 1] = readings.heads[head];
            }
        }
        if self.cycle.is_multiple_of(10) {
            let weight = self.body.as_ref().map_or(0.0, |body| body.weight_n);
            for corner in 0..CORNERS {
                let force = weight / 4.0 + self.normal();
                let value = DeciNewtons::new((force * 10.0) as i16);
                readings.corners[corner] = Some(Sample { value, taken: now });
            }
            for zone in 0..self.roller_c.len() {
                let count =
                    |celsius: f64| Sample { value: DeciCelsius::new((celsius * 10.0) as i16), taken: now };
                readings.heaters[zone].element = Some(count(self.seen_c[zone].0));
                readings.heaters[zone].surface = Some(count(self.seen_c[zone].1));
            }
        }
        readings.hand_switch = Some(Sample { value: self.switch, taken: now });
        readings.emergency_stop = Some(Sample { value: false, taken: now });
        readings.supply = Some(Sample { value: Millivolts::new(24_000), taken: now });
        self.last = readings;
        readings
    }
}
