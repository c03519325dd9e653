//! A machine at a bed with a person of springs, and a host that renews its request.
#![allow(dead_code)]

use crate::plant::{Body, Plant, bed};
use bed::request::Admission;
use bed::{Action, Ask, Event, Request, ScanPass, SessionState, Stroke};
use counts::*;
use machine::{Machine, Response, Step};

pub struct Rig {
    pub plant: Plant,
    pub machine: Machine,
    pub request: Option<Request>,
    pub events: Vec<(Instant, Event)>,
    /// Cycles in which the guard unloaded or worse.
    pub disturbed: u64,
    /// Changes what the sensors say before the machine sees it.
    pub fault: fn(&mut Readings),
    readings: Readings,
    cycle: u64,
}

impl Rig {
    pub fn new(name: &str, body: Body) -> Self {
        let config = bed(name);
        let machine = Machine::new(&config).expect("a checked bed");
        let mut plant = Plant::new(config, Some(body));
        let readings = plant.step(&Targets::default());
        Self {
            plant,
            machine,
            request: None,
            events: Vec::new(),
            disturbed: 0,
            fault: |_| {},
            readings,
            cycle: 0,
        }
    }

    /// Runs for so many milliseconds, the request renewed every 100 ms.
    pub fn run(&mut self, millis: u64, mut see: impl FnMut(&Plant, &Step)) {
        for _ in 0..millis / 2 {
            let renewed = self.request.as_ref().filter(|_| self.cycle.is_multiple_of(50));
            let step = self.machine.step(self.plant.now, &self.readings, renewed);
            self.events.extend(step.events.iter().map(|event| (self.plant.now, *event)));
            self.disturbed += u64::from(self.machine.response() >= Response::Unload);
            self.readings = self.plant.step(step.outputs.targets());
            (self.fault)(&mut self.readings);
            see(&self.plant, &step);
            self.cycle += 1;
        }
    }

    pub fn ask(&mut self, ask: Ask) {
        let before = self.request;
        let mut request = Request::new(before.map_or(1, |request| request.id + 1), ask);
        if let Some(before) = before {
            request.surfaces = before.surfaces;
        }
        self.request = Some(request);
        self.cycle = 0;
    }

    pub fn press_switch(&mut self) {
        self.plant.switch = true;
        self.run(300, |_, _| {});
        self.plant.switch = false;
        self.run(100, |_, _| {});
    }

    pub fn arm(&mut self) {
        self.run(15_000, |_, _| {});
        assert_eq!(self.machine.state(), SessionState::Idle, "{:?}", self.events);
        self.ask(Ask::Begin(admission()));
        self.run(5_000, |_, _| {});
        assert_eq!(self.machine.state(), SessionState::AwaitingSwitch, "{:?}", self.events);
        self.press_switch();
        assert_eq!(self.machine.state(), SessionState::Armed, "{:?}", self.events);
    }

    pub fn faults(&self) -> Vec<(Instant, Event)> {
        self.events.iter().filter(|(_, event)| matches!(event, Event::Fault { .. })).copied().collect()
    }

    pub fn happened(&self, wanted: Event) -> bool {
        self.events.iter().any(|(_, event)| *event == wanted)
    }
}

pub fn admission() -> Admission {
    Admission {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        force_cap: Some(DeciNewtons::new(1000)),
        surface_cap: Some(DeciCelsius::new(480)),
        heat_allowed: true,
    }
}

pub fn glide(id: u16) -> Stroke {
    Stroke {
        id,
        action: Action::Glide,
        carriage: 0,
        from: Micrometres::new(600_000),
        to: Micrometres::new(735_000),
        speed: MicrometresPerSecond::new(20_000),
        force: DeciNewtons::new(400),
        left_share: PerMille::new(500),
        ramp: DeciNewtonsPerSecond::new(300),
        period: Millis::ZERO,
        duration: Millis::new(30_000),
    }
}

pub fn pass() -> ScanPass {
    ScanPass {
        carriage: 0,
        from: Micrometres::new(450_000),
        to: Micrometres::new(730_000),
        speed: MicrometresPerSecond::new(30_000),
        force_out: DeciNewtons::new(200),
        force_back: DeciNewtons::new(400),
    }
}
