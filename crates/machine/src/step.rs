//! One cycle: control asks, the guard decides.

use crate::setup::guard_setup;
use bed::port::EVENTS_MAX;
use bed::request::Admission;
use bed::{Ask, BedConfig, ConfigError, Event, HeatDose, Request, SessionState};
use control::{Commands, Control, Permission};
use counts::{Instant, Readings, Targets};
use guard::{CarryIn, Guard, Outputs, Response, Verdict, Wish};
use heapless::Vec;

/// What one cycle brings: what may be sent to drives and heaters, and what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The only thing that may be sent; the guard made it.
    pub outputs: Outputs,
    /// What happened, the weightiest first: faults, states, the end of faults, then the rest.
    pub events: Vec<Event, EVENTS_MAX>,
}

/// Control and guard of one bed.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    control: Control,
    guard: Guard,
    permission: Permission,
    response: Response,
}

impl Machine {
    /// The machine of a bed.
    ///
    /// # Errors
    /// The first figure of the description that is out of range; see [`BedConfig::check`].
    pub fn new(config: &BedConfig) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self::with_guard(config, Guard::new(&guard_setup(config))))
    }

    /// A machine whose guard has one broken check, for checkers that must find it.
    ///
    /// # Errors
    /// As [`Machine::new`].
    #[cfg(feature = "planted")]
    pub fn with_defect(config: &BedConfig, defect: guard::Defect) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self::with_guard(config, Guard::with_defect(&guard_setup(config), defect)))
    }

    fn with_guard(config: &BedConfig, guard: Guard) -> Self {
        Self {
            control: Control::new(config),
            guard,
            permission: Permission::Granted,
            response: Response::None,
        }
    }

    /// One cycle at `now`, 1 to 10 ms after the one before: from what was measured and the request that
    /// arrived, if any, to what may be sent.
    pub fn step(&mut self, now: Instant, readings: &Readings, request: Option<&Request>) -> Step {
        self.step_spoiled(now, readings, request, |_| ())
    }

    /// The same with what control asks for spoiled before the guard sees it: for simulations of a control
    /// gone wrong. What the guard makes of it cannot be touched.
    pub fn step_spoiled(
        &mut self,
        now: Instant,
        readings: &Readings,
        request: Option<&Request>,
        spoil: impl FnOnce(&mut Targets),
    ) -> Step {
        let commands = self.control.step(now, readings, request, self.permission);
        let mut asked = *commands.targets();
        spoil(&mut asked);
        let wish = self.wish(request);
        let verdict = self.guard.pass(now, readings, &asked, &wish);
        self.response = verdict.response;
        self.permission = permission(verdict.response);
        let mut step = Step { outputs: verdict.outputs, events: Vec::new() };
        by_weight(&commands, &verdict, &mut step.events);
        step
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.control.state()
    }

    /// What the guard did about the last cycle.
    #[must_use]
    pub fn response(&self) -> Response {
        self.response
    }

    /// The guard's book of heat since its session began.
    #[must_use]
    pub fn heat_dose(&self) -> HeatDose {
        let heat = self.guard.session_heat();
        let [left, right] = heat.strips.map(Vec::from_array);
        HeatDose {
            session: heat.session,
            origin: heat.origin,
            pitch: heat.pitch,
            left,
            right,
            mats: Vec::from_array(heat.mats),
        }
    }

    /// The control, for what it has learned of person and tissue.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The guard's wish from the request as it arrived and from where the session stands. The guard
    /// begins when the person is weighed, so that both wait for the same press of the hand switch.
    fn wish(&self, request: Option<&Request>) -> Wish {
        let state = self.control.state();
        let asks = |wanted: Ask| request.is_some_and(|request| request.ask == wanted);
        let awaiting = state == SessionState::AwaitingSwitch;
        let over = matches!(state, SessionState::Idle | SessionState::Releasing);
        Wish {
            renewed: request.is_some(),
            begin: awaiting.then(|| carry_in(self.control.admission())),
            finish: over || asks(Ask::Finish),
            stop: asks(Ask::Stop) || state == SessionState::Safe,
        }
    }
}

fn carry_in(admission: &Admission) -> CarryIn {
    CarryIn {
        dose_today: admission.dose_today,
        first_session: admission.first_session,
        force_cap: admission.force_cap,
        surface_cap: admission.surface_cap,
        heat_allowed: admission.heat_allowed,
    }
}

fn permission(response: Response) -> Permission {
    match response {
        Response::None | Response::Limit => Permission::Granted,
        Response::Unload => Permission::Unload,
        Response::Release | Response::PowerOff => Permission::Release,
    }
}

/// Events of both, sorted by weight, equal weights in the order in which they happened.
fn by_weight(commands: &Commands, verdict: &Verdict, events: &mut Vec<Event, EVENTS_MAX>) {
    let quiet = verdict.raised.is_empty() && verdict.cleared.is_empty() && commands.events().is_empty();
    if quiet {
        return;
    }
    let raised = verdict.raised.iter().map(|&(fault, index)| Event::Fault { fault, index });
    let cleared = verdict.cleared.iter().map(|&(fault, index)| Event::FaultCleared { fault, index });
    let is_state = |event: &&Event| matches!(event, Event::State { .. });
    let states = commands.events().iter().filter(is_state).copied();
    let others = commands.events().iter().filter(|event| !is_state(event)).copied();
    for event in raised.chain(states).chain(cleared).chain(others).take(EVENTS_MAX) {
        // Never full: no more are taken than fit.
        let _ = events.push(event);
    }
}
