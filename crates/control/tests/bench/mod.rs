//! A control at a plant, with a host that renews its request.
#![allow(dead_code)]

use crate::plant::{Body, Plant, bed};
use bed::request::Admission;
use bed::{Action, Ask, Event, Request, ScanPass, SessionState, Stroke};
use control::{Control, Permission};
use counts::*;

/// What was seen in one cycle.
pub struct Seen<'a> {
    pub plant: &'a Plant,
    pub targets: &'a Targets,
    pub events: &'a [Event],
    pub state: SessionState,
}

pub struct Bench {
    pub plant: Plant,
    pub control: Control,
    pub permission: Permission,
    pub request: Option<Request>,
    pub events: Vec<(Instant, Event)>,
    readings: Readings,
}

impl Bench {
    pub fn new(name: &str, body: Body) -> Self {
        let config = bed(name);
        let control = Control::new(&config);
        let mut plant = Plant::new(config, Some(body));
        let readings = plant.step(&Targets::default());
        Self { plant, control, permission: Permission::Granted, request: None, events: Vec::new(), readings }
    }

    /// Runs for so many milliseconds, the request renewed every 100 ms.
    pub fn run(&mut self, millis: u64, mut see: impl FnMut(&Seen)) {
        for cycle in 0..millis / 2 {
            let renewed = self.request.as_ref().filter(|_| cycle % 50 == 0);
            let commands = self.control.step(self.plant.now, &self.readings, renewed, self.permission);
            self.events.extend(commands.events().iter().map(|event| (self.plant.now, *event)));
            self.readings = self.plant.step(commands.targets());
            see(&Seen {
                plant: &self.plant,
                targets: commands.targets(),
                events: commands.events(),
                state: self.control.state(),
            });
        }
    }

    pub fn ask(&mut self, ask: Ask) {
        let id = self.request.map_or(1, |request| request.id + 1);
        let before = self.request;
        self.request = Some(Request::new(id, ask));
        if let (Some(before), Some(request)) = (before, self.request.as_mut()) {
            request.surfaces = before.surfaces;
            request.force_cap = before.force_cap;
        }
    }

    pub fn press_switch(&mut self) {
        self.run(200, |_| {});
        self.plant.switch = true;
        self.run(200, |_| {});
        self.plant.switch = false;
        self.run(100, |_| {});
    }

    /// From power-on to armed.
    pub fn arm(&mut self) {
        self.run(15_000, |_| {});
        assert_eq!(self.control.state(), SessionState::Idle);
        self.ask(Ask::Begin(admission()));
        self.run(4_000, |_| {});
        assert_eq!(self.control.state(), SessionState::AwaitingSwitch);
        self.press_switch();
        assert_eq!(self.control.state(), SessionState::Armed);
    }

    pub fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|(_, event)| wanted(event)).count()
    }
}

/// A clearance without caps of its own beyond the ceiling.
pub fn admission() -> Admission {
    Admission {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        force_cap: Some(DeciNewtons::new(1000)),
        surface_cap: Some(DeciCelsius::new(480)),
        heat_allowed: true,
    }
}

/// A glide at 40 N and 20 mm/s between two places headward of the pelvis, where less is granted.
pub fn glide(id: u16) -> Stroke {
    Stroke {
        id,
        action: Action::Glide,
        carriage: 0,
        from: Micrometres::new(650_000),
        to: Micrometres::new(870_000),
        speed: MicrometresPerSecond::new(20_000),
        force: DeciNewtons::new(400),
        left_share: PerMille::new(500),
        ramp: DeciNewtonsPerSecond::new(400),
        period: Millis::ZERO,
        duration: Millis::new(30_000),
    }
}

pub fn pass() -> ScanPass {
    ScanPass {
        carriage: 0,
        from: Micrometres::new(450_000),
        to: Micrometres::new(1_050_000),
        speed: MicrometresPerSecond::new(30_000),
        force_out: DeciNewtons::new(200),
        force_back: DeciNewtons::new(400),
    }
}

/// Root mean square, largest value and count of what was added.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    sum: f64,
    pub worst: f64,
    pub count: usize,
}

impl Spread {
    pub fn add(&mut self, value: f64) {
        self.sum += value * value;
        self.worst = self.worst.max(value.abs());
        self.count += 1;
    }

    pub fn rms(&self) -> f64 {
        (self.sum / self.count.max(1) as f64).sqrt()
    }
}
