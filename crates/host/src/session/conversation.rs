//! The talk with the bed: a wish is renewed until it changes, every report is logged and kept.

use super::{FaultSeen, SessionError, trace::Trace};
use crate::log::SessionLog;
use bed::{Ask, Bed, Event, Report, Request, SessionState};
use counts::{DeciCelsius, HEATERS_MAX, Instant, Micros};

/// A request is renewed so often, well within its expiry of 250 ms.
const RENEW: Micros = Micros::from_millis(100);

/// One session's talk with one bed.
pub(super) struct Conversation<'a, B: Bed> {
    bed: &'a mut B,
    log: Option<SessionLog>,
    request: Request,
    sent: Option<Instant>,
    turned: bool,
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
            bed,
            log,
            request: Request::new(0, Ask::Rest),
            sent: None,
            turned: false,
            state: SessionState::default(),
            now: Instant::START,
            report: Report::default(),
            trace: Trace::default(),
            faults: Vec::new(),
        }
    }

    /// Asks for something new from the next cycle on.
    pub fn ask(&mut self, ask: Ask, surfaces: [Option<DeciCelsius>; HEATERS_MAX]) {
        if self.request.ask != ask || self.request.surfaces != surfaces {
            self.request = Request { surfaces, ..Request::new(self.request.id.wrapping_add(1), ask) };
            self.sent = None;
            self.turned = false;
        }
    }

    /// Lives through one cycle of the bed; its report stays until the next.
    pub fn cycle(&mut self) -> Result<(), SessionError> {
        let due = self.sent.is_none_or(|sent| self.now.since(sent).is_none_or(|age| age >= RENEW));
        if due {
            self.bed.send(&self.request).map_err(|error| SessionError::Link(format!("{error:?}")))?;
            self.sent = Some(self.now);
        }
        let report = &mut self.report;
        self.bed.receive(report).map_err(|error| SessionError::Link(format!("{error:?}")))?;
        self.now = report.now;
        if let Some(log) = &mut self.log {
            log.write(report)?;
        }
        self.turned |= report.events.contains(&Event::ScanTurned);
        self.trace.add(report, &self.request, self.turned);
        for event in &report.events {
            match *event {
                Event::State { to, .. } => self.state = to,
                Event::Fault { fault, index } => {
                    let words = fault.words().to_owned();
                    self.faults.push(FaultSeen { time_s: report.now.seconds(), fault, index, words });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Ends the log.
    pub fn close(self) -> Result<(Trace, Vec<FaultSeen>), SessionError> {
        if let Some(log) = self.log {
            log.finish()?;
        }
        Ok((self.trace, self.faults))
    }
}
