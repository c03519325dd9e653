//! A world with a person and a plain host, for tests of one accident each.
#![allow(dead_code)]

use bed::{Action, Admission, Ask, BedConfig, Event, Request, SessionState, Stroke};
use counts::*;
use machine::Response;
use population::About;
use sim::World;
use sim::checks::{Checker, Regime};
use twin::{Person, Surroundings};

pub const BEDS: [&str; 3] = ["reference", "coupled", "two-carriages"];

pub fn bed(name: &str) -> BedConfig {
    let path = format!("{}/../../beds/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a bed file of this house");
    toml::from_str(&text).expect("a good bed file")
}

pub struct Yard {
    pub world: World,
    pub checker: Checker,
    pub request: Request,
    pub events: Vec<(f64, Event)>,
    pub state: SessionState,
    pub admission: Admission,
    sent: Option<Instant>,
}

pub fn admission() -> Admission {
    Admission {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        force_cap: Some(DeciNewtons::new(1000)),
        surface_cap: None,
        heat_allowed: true,
    }
}

/// A stroke up and down the loin, both heads alike.
pub fn glide(force_n: i16) -> Stroke {
    Stroke {
        id: 1,
        action: Action::Glide,
        carriage: 0,
        from: Micrometres::new(800_000),
        to: Micrometres::new(900_000),
        speed: MicrometresPerSecond::new(20_000),
        force: DeciNewtons::new(force_n * 10),
        left_share: PerMille::new(500),
        ramp: DeciNewtonsPerSecond::new(200),
        period: Millis::ZERO,
        duration: Millis::new(2_000_000),
    }
}

impl Yard {
    /// A person of 100 kg, 1.80 m, who breathes or not.
    pub fn new(name: &str, breathes: bool) -> Self {
        let about = About { mass_kg: Some(100.0), stature_mm: Some(1800.0), ..About::default() };
        let person = Person::draw_about(3, &about).expect("somebody whom the bed takes");
        let surroundings = Surroundings { starts_lying: false, breathes, ..Surroundings::default() };
        let config = bed(name);
        let world = World::new(&config, &person, &surroundings, 5).expect("a checked bed");
        Self::of(world, &config)
    }

    /// A guard with one broken check under the same person, who breathes.
    #[cfg(feature = "planted")]
    pub fn with_defect(defect: machine::Defect) -> Self {
        let about = About { mass_kg: Some(100.0), stature_mm: Some(1800.0), ..About::default() };
        let person = Person::draw_about(3, &about).expect("somebody whom the bed takes");
        let surroundings = Surroundings { starts_lying: false, ..Surroundings::default() };
        let config = bed("reference");
        let machine = machine::Machine::with_defect(&config, defect).expect("a checked bed");
        Self::of(World::with_machine(machine, &config, &person, &surroundings, 5), &config)
    }

    fn of(world: World, config: &BedConfig) -> Self {
        let checker = Checker::new(config, 100.0, &admission());
        let request = Request::new(0, Ask::Rest);
        let state = SessionState::default();
        Self { world, checker, request, events: Vec::new(), state, admission: admission(), sent: None }
    }

    /// The same from here on, without what happened so far.
    pub fn branch(&self) -> Self {
        Self { world: self.world.clone(), checker: self.checker.clone(), events: Vec::new(), ..*self }
    }

    /// The person has had so much heat today.
    pub fn warmed_today(mut self, dose: MilliCem43) -> Self {
        self.admission.dose_today = Some(dose);
        self.checker = Checker::new(self.world.twin().bed(), 100.0, &self.admission);
        self
    }

    pub fn ask(&mut self, ask: Ask) {
        self.request.id += 1;
        self.request.ask = ask;
        self.sent = None;
    }

    pub fn step(&mut self) {
        let now = self.world.now();
        if self.sent.is_none_or(|sent| now.since(sent).is_none_or(|age| age >= Micros::from_millis(100))) {
            self.world.post(&self.request);
            self.sent = Some(now);
        }
        let report = self.world.step();
        self.checker.look(&self.world);
        for event in report.events {
            if let Event::State { to, .. } = event {
                self.state = to;
            }
            self.events.push((report.now.seconds(), event));
        }
    }

    pub fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds * 500.0) as usize {
            self.step();
        }
    }

    /// Until the person has lain down and pressed the hand switch.
    pub fn arm(&mut self) {
        for _ in 0..30_000 {
            if self.state == SessionState::Idle && !matches!(self.request.ask, Ask::Begin(_)) {
                self.ask(Ask::Begin(self.admission));
            }
            if self.state == SessionState::Armed {
                return;
            }
            self.step();
        }
        panic!("not armed: {:?}", self.events);
    }

    /// Armed, and in the middle of a stroke of this force.
    pub fn under_load(name: &str, breathes: bool, force_n: i16) -> Self {
        Self::new(name, breathes).pressed(force_n)
    }

    /// The same for this yard.
    pub fn pressed(mut self, force_n: i16) -> Self {
        let yard = &mut self;
        yard.arm();
        yard.ask(Ask::Treat { now: glide(force_n), next: None });
        yard.run(20.0);
        let pressed = yard.force_n();
        assert!(pressed > 0.5 * f64::from(force_n), "{pressed} N of {force_n}: {:?}", yard.events);
        self
    }

    pub fn force_n(&self) -> f64 {
        self.world.twin().truth().force_n(0)
    }

    pub fn stops_now(&mut self) {
        let now = self.world.now();
        self.checker.stops(&self.world, now, true);
    }

    pub fn breaks(&mut self) {
        self.checker.set_regime(Regime::SingleFault);
    }

    pub fn response(&self) -> Response {
        self.world.machine().response()
    }

    pub fn faults(&self) -> Vec<Fault> {
        let fault = |(_, event): &(f64, Event)| match event {
            Event::Fault { fault, .. } => Some(*fault),
            _ => None,
        };
        self.events.iter().filter_map(fault).collect()
    }

    /// Nothing was crossed.
    pub fn is_clean(&self) {
        assert_eq!(self.checker.crossings(), [], "{:?}", self.faults());
    }
}
