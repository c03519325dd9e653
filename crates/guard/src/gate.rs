//! The gate: readings, command and wish go in, [`Outputs`] come out. The only maker of [`Outputs`].

use crate::defect::{Defect, Planted};
use crate::faults::Response;
use crate::fresh::Senses;
use crate::permission::{Granted, Permission, Wish};
use crate::setup::Setup;
use crate::supervisor::{Found, Supervisor, Told};
use crate::watch::{Axes, Forces, Heats};
use crate::{limits, occupancy::Occupancy, safe};
use counts::{AxisTarget, CARRIAGES_MAX, Fault, Instant, Micros, Readings, Targets};

/// What may be sent to the drives and heaters. Only a guard can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outputs {
    targets: Targets,
}

impl Outputs {
    /// The targets that passed the guard.
    #[must_use]
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }
}

/// What the guard says of one cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What may be sent.
    pub outputs: Outputs,
    /// Faults that were found in this cycle, with head, carriage, zone or zero.
    pub raised: Told,
    /// Faults that are over since this cycle.
    pub cleared: Told,
    /// The strongest response that holds.
    pub response: Response,
}

/// The guard of one bed, from power-on to power-off.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    pub(crate) setup: Setup,
    pub(crate) planted: Planted,
    usable: bool,
    last: Option<Instant>,
    /// The guard's own clock: it never runs back and never faster than a cycle can be.
    at: Instant,
    pub(crate) senses: Senses,
    permission: Permission,
    occupancy: Occupancy,
    pub(crate) forces: Forces,
    pub(crate) axes: Axes,
    pub(crate) heats: Heats,
    pub(crate) supervisor: Supervisor,
    targets: Targets,
}

/// What this cycle is decided on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The cycle's stamp, by which readings age.
    pub now: Instant,
    /// The guard's own clock, by which deadlines run.
    pub at: Instant,
    /// What passed since the last cycle, at most 10 ms.
    pub dt: Micros,
    pub granted: Granted,
}

impl Guard {
    /// A guard for a bed. A setup that cannot be used leaves a guard that keeps the power off.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let usable = setup.is_usable();
        let setup = setup.tightened();
        Self {
            usable,
            planted: Planted::default(),
            last: None,
            at: Instant::START,
            senses: Senses::default(),
            permission: Permission::default(),
            occupancy: Occupancy::default(),
            forces: Forces::default(),
            axes: Axes::default(),
            heats: Heats::new(&setup),
            supervisor: Supervisor::new(),
            targets: Targets::default(),
            setup,
        }
    }

    /// A guard with one broken check, for checkers that must find it.
    #[cfg(feature = "planted")]
    #[must_use]
    pub fn with_defect(setup: &Setup, defect: Defect) -> Self {
        Self { planted: Planted::new(defect), ..Self::new(setup) }
    }

    /// Lets a command through as far as the limits allow.
    ///
    /// `now` is the cycle's stamp, `command` what control asks for. Never fails, whatever it is given.
    #[must_use]
    pub fn pass(&mut self, now: Instant, readings: &Readings, command: &Targets, wish: &Wish) -> Verdict {
        let mut cleared = Told::new();
        let (dt, on_time) = self.tick(now);
        self.senses.take(now, readings, &self.setup);
        let clear = (0..self.setup.heads()).all(|head| self.is_clear(now, head));
        self.occupancy.take(self.at, now, dt, &self.senses.corners, clear);
        let granted = self.grant(now, wish, &mut cleared);
        let moment = Moment { now, at: self.at, dt, granted };
        let at = self.at;
        let under_way = self.permission.is_under_way();
        let mut report = |fault: Fault, index: usize, found: Found| {
            self.supervisor.report(at, (fault, index), found, &mut cleared);
        };
        report(Fault::CycleTime, 0, (!on_time).into());
        report(Fault::Configuration, 0, (!self.usable).into());
        report(Fault::HandSwitch, 0, granted.hand_stop.into());
        report(Fault::SessionTime, 0, granted.overtime.into());
        report(Fault::PersonGone, 0, (under_way && !self.occupancy.shown).into());
        self.report_lines(&moment, &mut cleared);
        if self.usable {
            let weight = self.occupancy.weight();
            let carry = *self.permission.carry();
            self.watch_forces(&moment, weight, &carry, &mut cleared);
            self.watch_axes(&moment, &self.targets.clone(), &mut cleared);
            self.watch_heat(&moment, &self.targets.clone(), &carry, &mut cleared);
            self.report_command(&moment, command, &mut cleared);
        }
        if wish.stop {
            self.supervisor.stop();
        }
        let raised = self.supervisor.raised();
        let mut response = self.supervisor.response();
        if granted.lapsed {
            response = response.max(Response::Unload);
        }
        let targets = self.shape(&moment, response, command);
        if response <= Response::Limit && targets.power && targets != self.in_use(command) {
            response = Response::Limit;
        }
        if self.heats_or_presses(&targets) {
            self.permission.used();
        }
        if self.planted.has(Defect::LosesLatch) {
            self.supervisor.forget();
        }
        self.targets = targets;
        Verdict { outputs: Outputs { targets }, raised, cleared, response }
    }

    /// What the session has added to each strip of the bed; for whoever keeps the day's dose.
    #[must_use]
    pub fn session_heat(&self) -> crate::SessionHeat {
        self.heats.book.session()
    }

    /// Moves the guard's own clock on; tells the step and whether it was one that a cycle can have.
    fn tick(&mut self, now: Instant) -> (Micros, bool) {
        let step = self.last.map(|last| now.since(last));
        self.last = Some(now);
        let (dt, on_time) = match step {
            None => (Micros::ZERO, true),
            Some(None) => (Micros::ZERO, false),
            Some(Some(step)) => {
                (step.min(limits::CYCLE_MAX), step >= limits::CYCLE_MIN && step <= limits::CYCLE_MAX)
            }
        };
        self.at = self.at.after(dt);
        (dt, on_time || self.planted.has(Defect::IgnoresTime))
    }

    fn grant(&mut self, now: Instant, wish: &Wish, cleared: &mut Told) -> Granted {
        let switch = &self.senses.hand_switch;
        let switch = switch.is_fresh(now, crate::fresh::SILENT).then_some(switch.value != 0);
        let mut wish = *wish;
        wish.renewed |= self.planted.has(Defect::IgnoresExpiry) && self.permission.has_begun();
        let mut granted = self.permission.step(self.at, &wish, switch, self.occupancy.is_present());
        if self.planted.has(Defect::IgnoresHandSwitch) {
            self.permission.arm(self.at);
            granted.hand_stop = false;
        }
        if granted.started {
            self.heats.book.begin(self.permission.carry().dose_today);
        }
        if granted.ended {
            self.supervisor.end_session(cleared);
        }
        granted
    }

    /// The lines that end everything: emergency stop, hand switch, supply.
    fn report_lines(&mut self, moment: &Moment, cleared: &mut Told) {
        use crate::fresh::SILENT;
        let now = moment.now;
        let stop = &self.senses.emergency_stop;
        let stopped = if stop.is_silent(now, SILENT) { Found::Certain } else { (stop.value != 0).into() };
        let silent = self.senses.hand_switch.is_silent(now, SILENT) && !self.planted.has(Defect::IgnoresAge);
        let supply = &self.senses.supply;
        let mut lost = if supply.is_silent(now, SILENT) {
            Found::Certain
        } else {
            (supply.spoken && supply.value < self.setup.supply_min.raw()).into()
        };
        if self.planted.has(Defect::IgnoresSupply) {
            lost = Found::Absent;
        }
        self.supervisor.report(moment.at, (Fault::EmergencyStop, 0), stopped, cleared);
        self.supervisor.report(moment.at, (Fault::HandSwitchSilent, 0), silent, cleared);
        self.supervisor.report(moment.at, (Fault::SupplyLost, 0), lost, cleared);
    }

    /// A command without what this bed does not have.
    fn in_use(&self, command: &Targets) -> Targets {
        let mut own = *command;
        own.lifts[self.setup.heads()..].fill(AxisTarget::Released);
        own.carriages[self.setup.carriages.min(CARRIAGES_MAX)..].fill(AxisTarget::Released);
        own
    }

    /// Whether this person's clearance allows heat.
    pub(crate) fn heat_allowed(&self) -> bool {
        self.permission.carry().heat_allowed
    }

    fn shape(&self, moment: &Moment, response: Response, command: &Targets) -> Targets {
        match response {
            Response::PowerOff => Targets::default(),
            Response::Release => safe::release(self, moment),
            _ if !command.power => Targets::default(),
            Response::Unload => safe::unload(self, moment, command),
            Response::None | Response::Limit => self.limited(moment, command),
        }
    }
}
