//! The one loop: the plant moves under what drives were told, its sensors speak, the machine answers.

use crate::faults::Sabotage;
use crate::presence;
use bed::{Ask, Bed, BedConfig, ConfigError, HeatDose, Report, Request, SessionState};
use counts::{Instant, Micros, Targets};
use machine::Machine;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;
use std::convert::Infallible;
use twin::{Person, Surroundings, Twin};

/// How the link between host and bed behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Longest delay of a request; each is delayed by a random time up to it, and order is kept.
    pub delay_max: Micros,
    /// Share of requests that are lost.
    pub lost: f64,
}

impl Default for Link {
    fn default() -> Self {
        Self { delay_max: Micros::ZERO, lost: 0.0 }
    }
}

/// Machine, twin, link and person, step by step.
#[derive(Clone)]
pub struct World {
    machine: Machine,
    twin: Twin,
    willing: bool,
    now: Instant,
    cycle: Micros,
    outputs: Targets,
    link: Link,
    underway: VecDeque<(Instant, Request)>,
    rng: ChaCha8Rng,
    sabotage: Sabotage,
}

impl World {
    /// A bed with nobody on it; the person lies down when asked to.
    ///
    /// # Errors
    /// When the bed's description cannot be used.
    pub fn new(
        bed: &BedConfig,
        person: &Person,
        surroundings: &Surroundings,
        seed: u64,
    ) -> Result<Self, ConfigError> {
        Ok(Self::with_machine(Machine::new(bed)?, bed, person, surroundings, seed))
    }

    /// The same with a machine of one's own, such as one whose guard has a planted defect.
    #[must_use]
    pub fn with_machine(
        machine: Machine,
        bed: &BedConfig,
        person: &Person,
        surroundings: &Surroundings,
        seed: u64,
    ) -> Self {
        Self {
            machine,
            twin: Twin::new(bed, person, surroundings),
            willing: true,
            now: Instant::START,
            cycle: Micros::from_millis(2),
            outputs: Targets::default(),
            link: Link::default(),
            underway: VecDeque::new(),
            // A stream of its own, so that the link never changes what the body does.
            rng: ChaCha8Rng::seed_from_u64(seed ^ 0x6c69_6e6b),
            sabotage: Sabotage::default(),
        }
    }

    /// Sets how the link behaves.
    pub fn set_link(&mut self, link: Link) {
        self.link = link;
    }

    /// The machine, for where it stands. Only the simulation may look.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The twin, for its truth. Only the simulation may look.
    #[must_use]
    pub fn twin(&self) -> &Twin {
        &self.twin
    }

    /// The twin, to disturb it.
    pub fn twin_mut(&mut self) -> &mut Twin {
        &mut self.twin
    }

    /// Whether the simulated person does what the bed asks for; true at first.
    pub fn set_willing(&mut self, willing: bool) {
        self.willing = willing;
    }

    /// Switches the bed off and on again: a machine that knows nothing of what was. Time, plant and person go
    /// on as they are.
    ///
    /// # Panics
    /// Never: the bed was checked when the world was made.
    pub fn restart(&mut self) {
        self.machine = Machine::new(self.twin.bed()).expect("a bed that was checked before");
        self.outputs = Targets::default();
        self.underway.clear();
    }

    /// What is broken between host and machine; what is broken in the bed stands in the twin.
    pub fn sabotage_mut(&mut self) -> &mut Sabotage {
        &mut self.sabotage
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// What drives and heaters were told last.
    #[must_use]
    pub fn outputs(&self) -> &Targets {
        &self.outputs
    }

    /// Puts a request on its way.
    pub fn post(&mut self, request: &Request) {
        if self.sabotage.host_silent || (self.link.lost > 0.0 && self.rng.random_bool(self.link.lost)) {
            return;
        }
        let delay = match self.link.delay_max.raw() {
            0 => 0,
            longest => self.rng.random_range(0..=longest),
        };
        let earliest = self.underway.back().map_or(self.now, |(moment, _)| *moment);
        let arrives = self.now.after(Micros::new(delay)).max(earliest);
        self.underway.push_back((arrives, *request));
    }

    /// Lives through one cycle.
    pub fn step(&mut self) -> Report {
        let mut report = Report::default();
        self.live(&mut report);
        report
    }

    /// Lives through one cycle and writes its report over the one given.
    pub fn live(&mut self, report: &mut Report) {
        self.now = self.now.after(self.cycle);
        let readings = self.twin.step(&self.outputs, self.cycle);
        let mut request: Option<Request> = None;
        while let Some((_, arrived)) = self.underway.pop_front_if(|(moment, _)| *moment <= self.now) {
            // Of those that come within one cycle the last counts, but nothing comes after a stop.
            if request.is_none_or(|request| request.ask != Ask::Stop) {
                request = Some(arrived);
            }
        }
        let request = self.sabotage.request(request);
        let now = self.sabotage.clock(self.now);
        let sabotage = &mut self.sabotage;
        let spoil = |asked: &mut Targets| sabotage.command(asked);
        let step = self.machine.step_spoiled(now, readings, request.as_ref(), spoil);
        report.readings.clone_from(readings);
        if self.willing {
            let lies = self.twin.truth().lying > 0.5;
            for (what, after) in step.events.iter().filter_map(|event| presence::answer(event, lies)) {
                self.twin.disturb(what, self.now.after(after));
            }
        }
        self.outputs = *step.outputs.targets();
        (report.now, report.request, report.outputs) = (now, request, self.outputs);
        report.events.clone_from(&step.events);
    }
}

impl Bed for World {
    type Error = Infallible;

    fn send(&mut self, request: &Request) -> Result<(), Infallible> {
        self.post(request);
        Ok(())
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), Infallible> {
        self.live(report);
        Ok(())
    }

    fn waits(&self) -> bool {
        true
    }

    fn state(&self) -> Option<SessionState> {
        Some(self.machine.state())
    }

    fn heat_dose(&self) -> Option<HeatDose> {
        Some(self.machine.heat_dose())
    }
}
