//! The control of the bed: one cycle from readings and request to commands.

use crate::carriage::{Carriage, Cycle, Idle};
use crate::command::{Commands, Log, Permission};
use crate::heater::Zone;
use crate::intake::Intake;
use crate::job::Job;
use crate::occupancy::Occupancy;
use crate::sense::{CORNER_AGE, fresh, temperature_c};
use crate::session::{Cause, is_armed, next};
use bed::quantity::millimetres_per_second;
use bed::quantity::{Force, Stiffness, Wire, in_celsius, newtons, newtons_per_millimetre, watts};
use bed::request::Admission;
use bed::{Ask, BedConfig, Event, Request, ScanPass, SessionState, limits};
use counts::{AxisTarget, CARRIAGES_MAX, DeciCelsius, DeciNewtons, DeciWatts, HEATERS_MAX};
use counts::{Instant, MicrometresPerSecond, Micros, Readings, Targets};
use heapless::Vec;

/// Longest step that a loop integrates, s. Source: design; two cycles.
const STEP_MAX_S: f32 = 0.004;
/// Step of the very first cycle, s. Source: bed table, 500 Hz.
const STEP_FIRST_S: f32 = 0.002;
/// A host silent for so long ends the session. Source: design; time to restart a page.
const HOST_GONE: Micros = Micros::from_seconds(60);
/// How long a press of the hand switch permits a start. Source: `safety/limits.toml` hand_switch_lead.
const LEAD: Micros = Micros::from_seconds(limits::HAND_SWITCH_LEAD_S as u64);
/// Longest session, a little under the limit. Source: `safety/limits.toml` session.
const SESSION: Micros = Micros::from_seconds(limits::SESSION_S as u64 - 10);
/// How long the hand switch is pressed or released before it counts. Source: design; longer than it
/// bounces, and far shorter than half a second.
const SWITCH_SETTLES: Micros = Micros::from_millis(20);
/// Under its ceiling a surface is held by so much, K. Source: the guard adds two of the thermometers'
/// 0.3 K and what a step of 0.1 K may hide behind 8 s of lag, 0.4 K; the rest is overshoot.
const SURFACE_MARGIN_K: f32 = 1.2;
/// Ceiling of a mat, C. Source: the ten-minute mean of 43 C, as the guard counts it (a first-order mean
/// from 35 C on with a tenth of the window): (43 x 10 + 35) / 11.
const MAT_CEILING_C: f32 = (limits::SKIN_MEAN_C * 10.0 + 35.0) / 11.0;
/// Stroke numbers that are remembered as done. Guess: more than a host can lag behind.
const DONE_MAX: usize = 4;

/// Session, jobs and loops of one bed. `step` never fails and is deterministic from its inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    state: SessionState,
    last: Option<Instant>,
    intake: Intake,
    occupancy: Occupancy,
    carriages: Vec<Carriage, CARRIAGES_MAX>,
    zones: [Option<Zone>; HEATERS_MAX],
    admission: Admission,
    begun: Option<u32>,
    switch: Option<bool>,
    switch_changed: Option<Instant>,
    pressed: Instant,
    armed: Option<Instant>,
    started: bool,
    weight_told: bool,
    strokes_done: [Option<u16>; DONE_MAX],
    scan_done: Option<(u32, ScanPass)>,
}

impl Control {
    /// The control of a bed whose description was checked ([`BedConfig::check`]).
    #[must_use]
    pub fn new(config: &BedConfig) -> Self {
        let mut zones = [const { None }; HEATERS_MAX];
        for (zone, slot) in zones.iter_mut().enumerate().take(config.zones()) {
            // A mat stays under the skin for long, a roller passes.
            let ceiling_c = if zone < config.heads() { config.surface_ceiling_c() } else { MAT_CEILING_C };
            *slot = config
                .heater(zone)
                .map(|heater| Zone::new(heater, heater.surface_max_c.min(ceiling_c) - SURFACE_MARGIN_K));
        }
        let count = config.carriages.len().min(CARRIAGES_MAX);
        Self {
            state: SessionState::Homing,
            last: None,
            intake: Intake::default(),
            occupancy: Occupancy::default(),
            carriages: (0..count).map(|index| Carriage::new(config, index)).collect(),
            zones,
            admission: Admission::default(),
            begun: None,
            switch: None,
            switch_changed: None,
            pressed: Instant::START,
            armed: None,
            started: false,
            weight_told: false,
            strokes_done: [None; DONE_MAX],
            scan_done: None,
        }
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.state
    }

    /// What the host knew of person and day when the session began.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// Weight of the person from the corner cells; `None` where nobody lies still.
    #[must_use]
    pub fn weight(&self) -> Option<Force> {
        self.occupancy.weight_n().map(newtons)
    }

    /// Stiffness of the tissue under a head as learned since it landed; `None` without contact.
    #[must_use]
    pub fn stiffness(&self, head: usize) -> Option<Stiffness> {
        self.carriages.get(head / 2)?.stiffness_n_mm(head % 2).map(newtons_per_millimetre)
    }

    /// One cycle, 1-10 ms after the one before. Longer steps are integrated as 4 ms.
    pub fn step(
        &mut self,
        now: Instant,
        readings: &Readings,
        request: Option<&Request>,
        permission: Permission,
    ) -> Commands {
        let span = self.last.map_or(Some(STEP_FIRST_S), |last| now.since(last).map(Micros::seconds));
        let dt_s = span.unwrap_or(0.0).min(STEP_MAX_S);
        self.last = Some(now);
        let mut commands = Commands::still();
        let Commands { targets, log } = &mut commands;
        if let Some(request) = request {
            self.intake.take(now, request);
        }
        if let Some(id) = self.intake.lapsed(now) {
            log.note(Event::RequestLapsed { id });
        }
        let begun = self.intake.valid(now).map(|request| request.id);
        if self.state == SessionState::Idle && self.begun != begun {
            self.begun = None;
        }
        let clear = self.carriages.iter().all(Carriage::is_clear);
        self.occupancy.step(now, dt_s, readings, clear);
        self.tell_weight(log);
        let asked = self.asked(now);
        self.walk(now, readings, (permission, asked.is_some()), log);
        let wanted = asked.filter(|_| is_armed(self.state));
        let valid = self.intake.valid(now).map(|request| (request.force_cap, request.surfaces));
        let permitted = is_armed(self.state) && permission == Permission::Granted && valid.is_some();
        let (wish, surfaces) = valid.unwrap_or_default();
        self.move_carriages(now, dt_s, readings, (permitted, wish, wanted), targets, log);
        self.heat(now, dt_s, readings, &surfaces, permitted, targets);
        let warming = targets.heaters.iter().any(|power| *power > DeciWatts::ZERO);
        let pressing =
            targets.lifts.iter().any(|lift| matches!(lift, AxisTarget::Velocity(up) if up.raw() > 0));
        self.started |= permitted && (pressing || warming);
        commands
    }

    fn tell_weight(&mut self, log: &mut Log) {
        if self.state == SessionState::Idle || self.state == SessionState::Homing {
            self.weight_told = false;
        } else if let (false, Some(weight_n)) = (self.weight_told, self.occupancy.weight_n()) {
            self.weight_told = true;
            log.note(Event::Occupied { weight: DeciNewtons::down(newtons(weight_n)) });
        }
    }

    /// Moves the session along its table by every cause that holds now.
    fn walk(
        &mut self,
        now: Instant,
        readings: &Readings,
        (permission, asked): (Permission, bool),
        log: &mut Log,
    ) {
        let pressed = self.switch_pressed(now, readings);
        for cause in Cause::ALL {
            // Most causes change nothing in most states: the table is asked first.
            if next(self.state, cause) != self.state && self.holds(now, cause, (pressed, permission, asked)) {
                self.go(now, next(self.state, cause), log);
            }
        }
    }

    /// A settled change of the hand switch from released to pressed. A switch that is pressed when it is
    /// first read has not been pressed for anything.
    fn switch_pressed(&mut self, now: Instant, readings: &Readings) -> bool {
        let Some(input) = fresh(&readings.hand_switch, now, CORNER_AGE) else { return false };
        let settled = *self.switch.get_or_insert(input);
        if input == settled {
            self.switch_changed = None;
            return false;
        }
        let changed = *self.switch_changed.get_or_insert(now);
        let lasts = now.since(changed).is_some_and(|span| span >= SWITCH_SETTLES);
        if lasts {
            self.switch = Some(input);
            self.switch_changed = None;
        }
        lasts && input
    }

    fn holds(
        &self,
        now: Instant,
        cause: Cause,
        (pressed, permission, asked): (bool, Permission, bool),
    ) -> bool {
        let request = self.intake.valid(now);
        let asks = |wanted: fn(&Ask) -> bool| request.is_some_and(|request| wanted(&request.ask));
        let weighed = self.occupancy.weight_n().is_some();
        let parked = || self.carriages.iter().all(Carriage::is_parked);
        let working = matches!(self.state, SessionState::Scanning | SessionState::Treating);
        let busy = || self.carriages.iter().any(|carriage| carriage.job().is_some());
        match cause {
            Cause::Stopped => permission == Permission::Release || asks(|ask| *ask == Ask::Stop),
            Cause::Homed => self.state == SessionState::Homing && parked(),
            Cause::Begin => request.is_some_and(|request| {
                matches!(request.ask, Ask::Begin(_)) && self.begun != Some(request.id)
            }),
            Cause::PersonLies => weighed,
            Cause::PersonGone => !weighed,
            Cause::SwitchPressed => pressed,
            Cause::LeadOver => !self.started && now.since(self.pressed).is_some_and(|span| span >= LEAD),
            Cause::AskScan => asks(|ask| matches!(ask, Ask::Scan(_))) && asked,
            Cause::AskTreat => asks(|ask| matches!(ask, Ask::Treat { .. })) && asked,
            Cause::WorkOver => working && request.is_some() && !asked && !busy(),
            Cause::Finish => asks(|ask| *ask == Ask::Finish),
            Cause::HostGone => self.intake.silence(now) >= HOST_GONE,
            Cause::TimeOver => {
                self.armed.and_then(|armed| now.since(armed)).is_some_and(|span| span >= SESSION)
            }
            Cause::Released => self.state == SessionState::Releasing && parked(),
        }
    }

    fn go(&mut self, now: Instant, to: SessionState, log: &mut Log) {
        let from = self.state;
        if from == to {
            return;
        }
        self.state = to;
        log.note(Event::State { from, to });
        match to {
            SessionState::AwaitingPerson if from == SessionState::Idle => self.begin(now),
            SessionState::Armed if from == SessionState::AwaitingSwitch => {
                self.pressed = now;
                self.armed.get_or_insert(now);
                self.started = false;
            }
            SessionState::Idle => self.intake.forget(),
            _ => {}
        }
    }

    fn begin(&mut self, now: Instant) {
        if let Some(Request { id, ask: Ask::Begin(admission), .. }) = self.intake.valid(now).copied() {
            self.begun = Some(id);
            self.admission = admission;
        }
        self.occupancy.forget();
        self.weight_told = false;
        self.armed = None;
        self.started = false;
        self.strokes_done = [None; DONE_MAX];
        self.scan_done = None;
    }

    /// The job that is asked for now; a lapsed request still means the last one, without permission.
    fn asked(&self, now: Instant) -> Option<Job> {
        let Some(request) = self.intake.valid(now) else {
            return self.carriages.iter().find_map(|carriage| carriage.job().copied());
        };
        let job = match request.ask {
            Ask::Scan(pass) if self.scan_done == Some((request.id, pass)) => None,
            Ask::Scan(pass) => Some(Job::Scan(pass)),
            Ask::Treat { now: first, next } => [Some(first), next]
                .into_iter()
                .flatten()
                .find(|stroke| !self.strokes_done.contains(&Some(stroke.id)))
                .map(Job::Stroke),
            _ => None,
        };
        job.filter(|job| job.carriage() < self.carriages.len())
    }

    fn move_carriages(
        &mut self,
        now: Instant,
        dt_s: f32,
        readings: &Readings,
        (permitted, wish, wanted): (bool, Option<DeciNewtons>, Option<Job>),
        targets: &mut Targets,
        log: &mut Log,
    ) {
        let idle = match self.state {
            SessionState::Homing => Idle::Home,
            SessionState::Releasing | SessionState::Safe => Idle::Park,
            _ => Idle::Stay,
        };
        let weight_n = self.occupancy.weight_n();
        let admission = self.admission;
        let cycle = Cycle { now, dt_s, readings, permitted, admission: &admission, wish, weight_n };
        // A new job waits until every other carriage has ended its own.
        let holder = self.carriages.iter().position(|carriage| carriage.job().is_some());
        for index in 0..self.carriages.len() {
            let mine = wanted
                .as_ref()
                .filter(|job| job.carriage() == index && holder.is_none_or(|holder| holder == index));
            let motion = self.carriages[index].step(&cycle, mine, idle, log);
            targets.carriages[index] = axis(motion.travel_mm_s);
            for side in 0..2 {
                targets.lifts[2 * index + side] = axis_down(motion.lifts_mm_s[side]);
            }
            if let Some(job) = motion.finished {
                self.note_end(now, job, log);
            }
        }
    }

    fn note_end(&mut self, now: Instant, job: Job, log: &mut Log) {
        match job {
            Job::Stroke(stroke) => {
                self.strokes_done.rotate_right(1);
                self.strokes_done[0] = Some(stroke.id);
            }
            Job::Scan(pass) => {
                let request = self.intake.valid(now).filter(|request| request.ask == Ask::Scan(pass));
                self.scan_done = request.map(|request| (request.id, pass));
                self.strokes_done = [None; DONE_MAX];
                if self.scan_done.is_some() {
                    log.note(Event::ScanDone);
                }
            }
        }
    }

    fn heat(
        &mut self,
        now: Instant,
        dt_s: f32,
        readings: &Readings,
        surfaces: &[Option<DeciCelsius>; HEATERS_MAX],
        permitted: bool,
        targets: &mut Targets,
    ) {
        let number = |count: DeciCelsius| in_celsius(count.quantity());
        let cap_c = self.admission.surface_cap.map_or(limits::SKIN_MEAN_C, number);
        // Low heat on a first session, as the guard holds it.
        let first = self.admission.first_session != Some(false);
        let first_c = if first { limits::SKIN_INSTANT_C } else { limits::SURFACE_CONTACT_C };
        let cap_c = cap_c.min(first_c) - SURFACE_MARGIN_K;
        let allowed = permitted && self.admission.heat_allowed;
        for (index, zone) in self.zones.iter_mut().enumerate() {
            let Some(zone) = zone else { continue };
            let target_c = surfaces[index].filter(|_| allowed).map(|surface| number(surface).min(cap_c));
            let heater = &readings.heaters[index];
            let (element, surface) =
                (temperature_c(&heater.element, now), temperature_c(&heater.surface, now));
            let power_w = zone.step(dt_s, element, surface, target_c);
            targets.heaters[index] = DeciWatts::down(watts(power_w)).max(DeciWatts::ZERO);
        }
    }
}

/// A velocity for a carriage.
fn axis(velocity_mm_s: f32) -> AxisTarget {
    AxisTarget::Velocity(MicrometresPerSecond::nearest(millimetres_per_second(velocity_mm_s)))
}

/// A velocity for a lift, rounded toward less force.
fn axis_down(velocity_mm_s: f32) -> AxisTarget {
    AxisTarget::Velocity(MicrometresPerSecond::down(millimetres_per_second(velocity_mm_s)))
}
