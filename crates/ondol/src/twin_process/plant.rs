//! Machine, bed and body behind the door: cycle by cycle, with what hosts wish and what is done to the twin.

use super::explorer::Explorer;
use super::journal::Journal;
use super::line::{Came, Lines, unix_us};
use crate::fail::Failure;
use crate::stage::Stage;
use bed::{Ask, Bed as _, Event, Report, Request};
use counts::{Instant, Micros};
use link::{Door, FromBed, Hello, Passed, Peer, ToBed, TwinAct};
use sim::World;
use sim::faults::Class;
use std::time::Duration;
use twin::{Disturbance, Faults};

/// One cycle. Source: bed table, 500 Hz.
pub const CYCLE: Micros = Micros::from_millis(2);

/// The book of heat is told so often. Source: a host journals the dose once a second.
const HEAT: Micros = Micros::from_millis(1000);

/// Guess: a willing person moves within so many seconds when they are asked to.
const MOVES_S: f64 = 2.0;

/// The twin's process without its lines.
pub struct Plant {
    world: World,
    door: Door,
    hello: Hello,
    journal: Journal,
    report: Report,
    heat_due: Instant,
    explorer: Explorer,
}

impl Plant {
    /// A bed that has just been switched on.
    pub fn new(stage: &Stage, willing: bool, journal: Journal) -> Result<Self, Failure> {
        let mut world = stage.bare_world()?;
        world.set_willing(willing);
        let hello = Hello {
            boot: boot(),
            simulated: true,
            version: heapless::String::try_from(env!("CARGO_PKG_VERSION")).unwrap_or_default(),
            limits_checksum: host::log::limits_checksum(),
            now: Instant::START,
            state: world.machine().state(),
            config: stage.bed.clone(),
        };
        Ok(Self {
            world,
            door: Door::new(true),
            hello,
            journal,
            report: Report::default(),
            heat_due: Instant::START,
            explorer: Explorer::new(stage.person.basics.mass_kg),
        })
    }

    /// Lives through one cycle.
    pub fn cycle(&mut self, lines: &mut Lines) {
        if let Some(stop) = lines.stop() {
            self.said(lines, stop.peer, &ToBed::Stop, stop.heard_us);
        }
        while let Some(came) = lines.next() {
            match came {
                Came::Line(peer) => {
                    self.journal.line(self.world.now(), peer);
                    lines.tell(peer, &FromBed::Hello(self.present()));
                }
                Came::Left(peer) => {
                    self.journal.left(self.world.now(), peer, self.door.leader() == Some(peer));
                    self.door.left(peer);
                }
                // It came past the queue already.
                Came::Said(_, ToBed::Stop) => {}
                Came::Said(peer, message) => self.said(lines, peer, &message, unix_us()),
            }
        }
        self.world.live(&mut self.report);
        self.journal.look(&self.world, &self.report);
        self.explorer.look(&self.world, &self.report);
        self.explorer.tell(|message| lines.report(message));
        let turned = self.report.events.iter().any(|event| matches!(event, Event::State { .. }));
        if turned || self.report.now >= self.heat_due {
            self.heat_due = self.report.now.after(HEAT);
            // Before the report that tells of an end, so that whoever hears of it knows the dose.
            if let Some(heat) = self.world.heat_dose() {
                lines.report(&FromBed::HeatDose(heat));
            }
        }
        lines.report(&FromBed::Report(self.report.clone()));
    }

    /// This process stood still for so long.
    pub fn stood_still(&mut self, span: Duration) {
        self.journal.stood_still(self.world.now(), span);
    }

    /// Ends the journal.
    pub fn end(self) {
        self.journal.end(self.world.now());
    }

    fn present(&self) -> Hello {
        Hello { now: self.world.now(), state: self.world.machine().state(), ..self.hello.clone() }
    }

    fn said(&mut self, lines: &Lines, peer: Peer, message: &ToBed, heard_us: u64) {
        let now = self.world.now();
        match self.door.take(now, self.world.machine().state(), peer, message) {
            Ok(Passed::Listens) => {
                lines.listens(peer);
                // What happened since the greeting was told to nobody here.
                lines.tell(peer, &FromBed::Hello(self.present()));
                self.explorer.greet(now);
                // Whoever reserves a session has to know first what the bed has counted before it.
                if let Some(heat) = self.world.heat_dose() {
                    lines.tell(peer, &FromBed::HeatDose(heat));
                }
            }
            Ok(Passed::Leads) => {
                self.journal.leads(now, peer);
                lines.tell(peer, &FromBed::Leads);
            }
            Ok(Passed::Request(request)) => self.world.post(&request),
            Ok(Passed::Stop) => {
                self.journal.stop(&self.world, peer, heard_us);
                // Who says stop is not silent, whatever was broken: a simulated silence keeps nobody from stopping.
                self.world.sabotage_mut().host_silent = false;
                self.world.post(&Request::new(u32::MAX, Ask::Stop));
            }
            Ok(Passed::Twin(act)) => {
                self.journal.act(now, act);
                self.act(lines, act);
            }
            Err(refused) => {
                self.journal.refused(now, peer, refused);
                lines.tell(peer, &FromBed::Refused(refused));
            }
        }
    }

    /// Somebody at the terminal presses the hand switch.
    pub fn press(&mut self, lines: &Lines) {
        self.journal.act(self.world.now(), TwinAct::PressHandSwitch);
        self.act(lines, TwinAct::PressHandSwitch);
    }

    fn act(&mut self, lines: &Lines, act: TwinAct) {
        let now = self.world.now();
        let mut disturb = |what| self.world.twin_mut().disturb(what, now);
        match act {
            TwinAct::PressHandSwitch => disturb(Disturbance::PressHandSwitch),
            TwinAct::EmergencyStop { pressed } => disturb(Disturbance::EmergencyStop { pressed }),
            TwinAct::LieDown => disturb(Disturbance::LieDown),
            TwinAct::GetUp => disturb(Disturbance::GetUp),
            TwinAct::Cough => disturb(Disturbance::Cough { times: 1 }),
            TwinAct::Move { foot_mm, left_mm } => {
                let (x_mm, y_mm) = (f64::from(foot_mm), f64::from(left_mm));
                disturb(Disturbance::Shift { x_mm, y_mm, seconds: MOVES_S });
            }
            TwinAct::Willing { willing } => self.world.set_willing(willing),
            TwinAct::Restart => {
                self.world.restart();
                self.journal.switched_on(now);
                self.explorer.restarted(now);
                // Before the greeting: whoever hears that comes anew, and would miss what was said after it.
                self.explorer.tell(|message| lines.report(message));
                self.door = Door::new(true);
                self.hello.boot = boot();
                lines.tell_all(&FromBed::Hello(self.present()));
            }
            TwinAct::Break { class, seed } => {
                if let Some(class) = Class::ALL.get(usize::from(class)) {
                    let struck = self.explorer.breaks(*class, seed, &mut self.world);
                    self.journal.broke(now, &struck);
                }
            }
            TwinAct::Mend => {
                *self.world.twin_mut().faults_mut() = Faults::default();
                *self.world.sabotage_mut() = sim::faults::Sabotage::default();
                self.explorer.mended(now);
            }
        }
    }
}

/// Another number at each start.
fn boot() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
