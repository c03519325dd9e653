//! The talk with the bed: a wish is renewed until it changes, every report is logged and kept.

use super::trace::{Trace, asked};
use super::{FaultSeen, SessionError};
use crate::log::SessionLog;
use bed::{Ask, Bed, Event, Report, Request, SessionState};
use counts::{DeciCelsius, DeciNewtons, HEATERS_MAX, Instant, Micros};

/// A request is renewed so often, well within its expiry of 250 ms.
const RENEW: Micros = Micros::from_millis(100);
/// Force that was asked for falls away in so many seconds once nobody attends. Guess: slow enough to be no jolt.
const FALL_S: f64 = 20.0;
/// What it falls to, both heads together, N. Guess: a light touch.
const TOUCH_N: f64 = 10.0;

/// One session's talk with one bed.
pub(super) struct Conversation<'a, B: Bed> {
    bed: &'a mut B,
    log: Option<SessionLog>,
    request: Request,
    sent: Option<Instant>,
    turned: bool,
    falls: Option<(Instant, f64)>,
    begun: Option<Instant>,
    /// Where the machine's session stands.
    pub state: SessionState,
    /// Moment of the last report.
    pub now: Instant,
    /// The last report.
    pub report: Report,
    /// What the report will draw.
    pub trace: Trace,
    /// Faults in the order in which they came.
    pub faults: Vec<FaultSeen>,
}

impl<'a, B: Bed> Conversation<'a, B> {
    pub fn new(bed: &'a mut B, log: Option<SessionLog>) -> Self {
        Self {
            state: bed.state().unwrap_or_default(),
            bed,
            log,
            request: Request::new(0, Ask::Rest),
            sent: None,
            turned: false,
            falls: None,
            begun: None,
            now: Instant::START,
            report: Report::default(),
            trace: Trace::default(),
            faults: Vec::new(),
        }
    }

    /// Asks for something new from the next cycle on.
    pub fn ask(&mut self, ask: Ask, surfaces: [Option<DeciCelsius>; HEATERS_MAX]) {
        let surfaces = if self.falls.is_some() { [None; HEATERS_MAX] } else { surfaces };
        if self.request.ask != ask || self.request.surfaces != surfaces {
            let force_cap = self.request.force_cap;
            self.request =
                Request { surfaces, force_cap, ..Request::new(self.request.id.wrapping_add(1), ask) };
            self.sent = None;
            self.turned = false;
        }
    }

    /// Whether a stop was asked for.
    pub fn stops(&self) -> bool {
        self.request.ask == Ask::Stop
    }

    /// Force that is asked for, both heads together, N; zero where none is.
    pub fn force_asked_n(&self) -> f64 {
        let asked = asked(&self.request, self.turned);
        self.request.force_cap.map_or(asked, |cap| asked.min(f64::from(cap.raw()) / 10.0))
    }

    /// Targets of the surfaces that are asked for.
    pub fn surfaces(&self) -> &[Option<DeciCelsius>; HEATERS_MAX] {
        &self.request.surfaces
    }

    /// From now on force only falls, to a light touch, and nothing is warmed, whatever is asked for.
    pub fn fall(&mut self) {
        let from_n = self.force_asked_n();
        self.falls.get_or_insert((self.now, from_n));
    }

    /// Sends the request. A renewal may ask for less, never for more.
    fn send(&mut self) -> Result<(), SessionError> {
        if let Some((since, from_n)) = self.falls {
            let fallen = self.now.since(since).map_or(1.0, |span| f64::from(span.seconds()) / FALL_S);
            let cap_n = (from_n * (1.0 - fallen)).max(TOUCH_N.min(from_n));
            self.request.force_cap = Some(DeciNewtons::new((cap_n * 10.0) as i16));
            self.request.surfaces = [None; HEATERS_MAX];
        }
        self.bed.send(&self.request).map_err(|error| SessionError::Link(format!("{error:?}")))?;
        self.sent = Some(self.now);
        Ok(())
    }

    /// Asks for the end, this very cycle.
    pub fn stop(&mut self) -> Result<(), SessionError> {
        self.ask(Ask::Stop, [None; HEATERS_MAX]);
        self.send()
    }

    /// Lives through one cycle of the bed; its report stays until the next.
    pub fn cycle(&mut self) -> Result<(), SessionError> {
        let due = self.sent.is_none_or(|sent| self.now.since(sent).is_none_or(|age| age >= RENEW));
        if due {
            self.send()?;
        }
        self.bed.receive(&mut self.report).map_err(|error| SessionError::Link(format!("{error:?}")))?;
        self.now = self.report.now;
        self.begun.get_or_insert(self.now);
        let (time_s, report) = (self.seconds(), &self.report);
        if let Some(log) = &mut self.log {
            log.write(report)?;
        }
        self.turned |= report.events.contains(&Event::ScanTurned);
        self.trace.add(time_s, report, &self.request, self.turned);
        for event in &report.events {
            match *event {
                Event::State { to, .. } => self.state = to,
                Event::Fault { fault, index } => {
                    let words = crate::faults::text(fault).meaning.clone();
                    self.faults.push(FaultSeen { time_s, fault, index, words });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the bed waits while its host thinks.
    pub fn bed_waits(&self) -> bool {
        self.bed.waits()
    }

    /// Seconds since the session's first report; its bed may have been on for days.
    pub fn seconds(&self) -> f64 {
        self.now.seconds() - self.begun.unwrap_or(self.now).seconds()
    }

    /// Ends the log.
    pub fn close(self) -> Result<(Trace, Vec<FaultSeen>), SessionError> {
        if let Some(log) = self.log {
            log.finish()?;
        }
        Ok((self.trace, self.faults))
    }
}
