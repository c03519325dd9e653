//! A small bed under the guard: lifts on springs, rollers that warm, a person on the corners.
#![allow(dead_code)] // Each test file uses its own part of the rig.

#[path = "../../src/bench.rs"]
mod bench;

use counts::*;
pub use guard::setup;
use guard::{CarryIn, Guard, Response, Setup, Verdict, Wish};

pub fn reference() -> Setup {
    bench::reference()
}

/// Done to the readings of a cycle before the guard sees them.
pub type Spoil = Box<dyn Fn(u64, &mut Readings)>;

/// What is true, in newtons, millimetres and degrees.
pub struct Rig {
    pub guard: Guard,
    pub setup: Setup,
    pub now: Instant,
    /// Height of each head, its speed, and the targets under way.
    pub height: [f64; 4],
    pub speed: [f64; 4],
    pub queue: [[f64; 8]; 4],
    pub place: [f64; 2],
    pub carriage_speed: [f64; 2],
    pub element: [f64; 8],
    pub surface: [f64; 8],
    pub element_seen: [f64; 8],
    pub surface_seen: [f64; 8],
    /// Stiffness under one head, N/mm, and the height at which it touches.
    pub stiffness: f64,
    pub touch: f64,
    pub weight: f64,
    pub stuck: [bool; 4],
    pub stalled: [bool; 2],
    pub welded: [bool; 8],
    /// What is done to the readings before the guard sees them.
    pub spoil: Spoil,
    pub switch: bool,
    pub stop: bool,
    pub supply_mv: i32,
    pub cycle: u64,
    pub step: Micros,
    pub faults: Vec<(Fault, u8)>,
    pub cleared: Vec<(Fault, u8)>,
    pub last: Option<Verdict>,
    pub readings: Readings,
}

impl Rig {
    pub fn new(setup: Setup) -> Self {
        Self::with_guard(Guard::new(&setup), setup)
    }

    pub fn with_guard(guard: Guard, setup: Setup) -> Self {
        Self {
            guard,
            setup,
            now: Instant::from_micros(1_000_000),
            height: [0.0; 4],
            speed: [0.0; 4],
            queue: [[0.0; 8]; 4],
            place: [800.0, 1000.0],
            carriage_speed: [0.0; 2],
            element: [30.0; 8],
            surface: [30.0; 8],
            element_seen: [30.0; 8],
            surface_seen: [30.0; 8],
            stiffness: 3.0,
            touch: 25.0,
            weight: 900.0,
            stuck: [false; 4],
            stalled: [false; 2],
            welded: [false; 8],
            spoil: Box::new(|_, _| ()),
            switch: false,
            stop: false,
            supply_mv: 24_000,
            cycle: 0,
            step: Micros::from_millis(2),
            faults: Vec::new(),
            cleared: Vec::new(),
            last: None,
            readings: Readings::default(),
        }
    }

    /// Both heads as warm as this, through and through.
    pub fn warm_heads(mut self, celsius: f64) -> Self {
        for all in [&mut self.element, &mut self.surface, &mut self.element_seen, &mut self.surface_seen] {
            all[..2].fill(celsius);
        }
        self
    }

    pub fn force(&self, head: usize) -> f64 {
        ((self.height[head] - self.touch) * self.stiffness).max(0.0)
    }

    pub fn sum(&self) -> f64 {
        self.force(0) + self.force(1)
    }

    fn measure(&mut self) {
        let now = self.now;
        let sample = |raw| Some(Sample { value: raw, taken: now });
        let position = |mm: f64| Some(Sample { value: Micrometres::new((mm * 1000.0) as i32), taken: now });
        let force = |n: f64| Some(Sample { value: DeciNewtons::new((n * 10.0).round() as i16), taken: now });
        for head in 0..self.setup.heads() {
            let pressed = self.force(head);
            let own = &mut self.readings.heads[head];
            own.height = position(self.height[head]);
            own.force = if self.setup.load_cell.is_some() { force(pressed) } else { None };
            own.thrust = force(pressed + 3.0);
            own.drive = Some(Sample { value: DriveState::Enabled, taken: now });
        }
        for carriage in 0..self.setup.carriages {
            self.readings.carriages[carriage].position = position(self.place[carriage]);
            self.readings.carriages[carriage].drive = Some(Sample { value: DriveState::Enabled, taken: now });
        }
        if self.cycle.is_multiple_of(10) {
            for corner in &mut self.readings.corners {
                *corner = force(self.weight / 4.0);
            }
            for zone in 0..8 {
                let degrees =
                    |c: f64| Some(Sample { value: DeciCelsius::new((c * 10.0).round() as i16), taken: now });
                self.readings.heaters[zone].element = degrees(self.element_seen[zone]);
                self.readings.heaters[zone].surface = degrees(self.surface_seen[zone]);
            }
        }
        self.readings.hand_switch = Some(Sample { value: self.switch, taken: now });
        self.readings.emergency_stop = Some(Sample { value: self.stop, taken: now });
        self.readings.supply =
            sample(self.supply_mv).map(|s| Sample { value: Millivolts::new(s.value), taken: now });
    }

    fn move_on(&mut self, targets: &Targets) {
        let dt = self.step.raw() as f64 * 1e-6;
        for head in 0..self.setup.heads() {
            self.queue[head].rotate_right(1);
            let AxisTarget::Velocity(velocity) = targets.lifts[head] else {
                self.speed[head] = if targets.power { -50.0 } else { -40.0 };
                self.queue[head] = [0.0; 8];
                if !self.stuck[head] {
                    self.height[head] = (self.height[head] + self.speed[head] * dt).clamp(0.0, 100.0);
                }
                continue;
            };
            self.queue[head][0] = f64::from(velocity.raw()) / 1000.0;
            self.speed[head] += (self.queue[head][7] - self.speed[head]).clamp(-1000.0 * dt, 1000.0 * dt);
            if !self.stuck[head] {
                self.height[head] = (self.height[head] + self.speed[head] * dt).clamp(0.0, 100.0);
            }
        }
        for carriage in 0..self.setup.carriages {
            if let AxisTarget::Velocity(velocity) = targets.carriages[carriage] {
                let wanted = f64::from(velocity.raw()) / 1000.0;
                self.carriage_speed[carriage] +=
                    (wanted - self.carriage_speed[carriage]).clamp(-500.0 * dt, 500.0 * dt);
                if !self.stalled[carriage] {
                    self.place[carriage] =
                        (self.place[carriage] + self.carriage_speed[carriage] * dt).clamp(350.0, 1350.0);
                }
            }
        }
        for zone in 0..8 {
            let Some(setup) = self.setup.heaters[zone] else { continue };
            let mut power = f64::from(targets.heaters[zone].raw()) / 10.0;
            if self.welded[zone] && targets.power {
                power = f64::from(setup.power.raw()) / 10.0;
            }
            // Capacities and links of a roller of 200 J/K and of a mat of 0.27 m2.
            let (ce, cs, link, loss) =
                if setup.mat.is_some() { (270.0, 540.0, 21.6, 3.0) } else { (40.0, 160.0, 4.0, 0.2) };
            let passed = link * (self.element[zone] - self.surface[zone]);
            self.element[zone] += (power - passed) * dt / ce;
            self.surface[zone] += (passed - loss * (self.surface[zone] - 25.0)) * dt / cs;
            self.element_seen[zone] += (self.element[zone] - self.element_seen[zone]) * dt / 3.0;
            self.surface_seen[zone] += (self.surface[zone] - self.surface_seen[zone]) * dt / 8.0;
        }
    }

    /// One cycle with a command and a wish.
    pub fn pass(&mut self, command: &Targets, wish: &Wish) -> Verdict {
        self.now = self.now.after(self.step);
        self.cycle += 1;
        self.measure();
        let mut readings = self.readings;
        (self.spoil)(self.cycle, &mut readings);
        let verdict = self.guard.pass(self.now, &readings, command, wish);
        self.move_on(verdict.outputs.targets());
        self.faults.extend(verdict.raised.iter().copied());
        self.cleared.extend(verdict.cleared.iter().copied());
        self.last = Some(verdict.clone());
        verdict
    }

    /// Cycles for so many milliseconds with one command; each is checked by `check`.
    pub fn run(&mut self, millis: u64, command: &Targets, mut check: impl FnMut(&Self, &Verdict)) {
        for _ in 0..millis * 1000 / self.step.raw() {
            let verdict = self.pass(command, &RENEWED);
            check(self, &verdict);
        }
    }

    /// Lies down, begins, presses the hand switch: permission stands.
    pub fn armed(mut self) -> Self {
        let carry = CarryIn {
            dose_today: Some(MilliCem43::ZERO),
            first_session: Some(false),
            heat_allowed: true,
            ..CarryIn::default()
        };
        self.arm(carry);
        self
    }

    pub fn arm(&mut self, carry: CarryIn) {
        self.run(1000, &still(), |_, _| ());
        self.pass(&still(), &Wish { begin: Some(carry), ..RENEWED });
        self.switch = true;
        self.run(40, &still(), |_, _| ());
        self.switch = false;
        self.run(40, &still(), |_, _| ());
    }

    pub fn response(&self) -> Response {
        self.last.as_ref().map_or(Response::None, |verdict| verdict.response)
    }

    pub fn had(&self, fault: Fault) -> bool {
        self.faults.iter().any(|(found, _)| *found == fault)
    }

    /// Brings both heads to a force each, at rest, as a good control would: slowly.
    pub fn press(&mut self, newtons: f64) {
        for _ in 0..2500 {
            let mut command = still();
            for head in 0..self.setup.heads() {
                let missing = (newtons - self.force(head)) / self.stiffness;
                let speed = if self.force(head) > 0.0 { (missing * 6.0).clamp(-20.0, 20.0) } else { 15.0 };
                command.lifts[head] = velocity((speed * 1000.0) as i32);
            }
            self.pass(&command, &RENEWED);
        }
    }
}

pub const RENEWED: Wish = Wish { renewed: true, begin: None, finish: false, stop: false };

pub fn velocity(um_s: i32) -> AxisTarget {
    AxisTarget::Velocity(MicrometresPerSecond::new(um_s))
}

pub fn still() -> Targets {
    Targets {
        power: true,
        carriages: [velocity(0); 2],
        lifts: [velocity(0); 4],
        heaters: [DeciWatts::ZERO; 8],
    }
}

pub fn up(um_s: i32) -> Targets {
    Targets { lifts: [velocity(um_s); 4], ..still() }
}

/// Everything at once, as a hostile control asks.
pub fn hostile() -> Targets {
    Targets {
        power: true,
        carriages: [velocity(i32::MIN); 2],
        lifts: [velocity(i32::MAX); 4],
        heaters: [DeciWatts::MAX; 8],
    }
}

pub fn lowering(targets: &Targets, head: usize) -> bool {
    matches!(targets.lifts[head], AxisTarget::Velocity(v) if v.raw() == -80_000)
        || targets.lifts[head] == AxisTarget::Released
}

pub fn cold(targets: &Targets) -> bool {
    targets.heaters.iter().all(|power| *power == DeciWatts::ZERO)
}

pub fn presses(targets: &Targets) -> bool {
    targets.lifts.iter().any(|lift| matches!(lift, AxisTarget::Velocity(v) if v.raw() > 0))
}
