//! What came over the line to a bed lately, for whoever looks after it. It tells nothing of a person: readings
//! of the moment, faults, and what a twin tells of itself.
//!
//! The thread that leads the bed writes, pages read; nobody waits for longer than a copy takes.

use bed::{BedConfig, Event, Report, SessionState};
use counts::{Fault, Instant};
use link::{Hello, JournalLine, Noted, Verdict};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant as Wall;

/// Faults that are kept. Guess: more than somebody looks through.
const FAULTS_MAX: usize = 100;
/// Lines of a twin's journal that are kept. Source: design.
const LINES_MAX: usize = 200;

/// What was seen; every copy is the same.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    inner: Arc<Mutex<View>>,
}

/// A fault that the guard told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultAt {
    /// Which one.
    pub fault: Fault,
    /// Which axis, head or zone, where there are several.
    pub index: u8,
    /// When, by the bed's own time.
    pub now: Instant,
    /// When, by this computer's clock, seconds of Unix time.
    pub utc_s: i64,
    /// It is over.
    pub cleared: bool,
}

/// The line to the bed as it stands.
#[derive(Clone, Debug)]
pub struct LineUp {
    /// Since when.
    pub since: Wall,
    /// Number of the bed's switching-on.
    pub boot: u64,
    /// It is a twin.
    pub simulated: bool,
    /// What runs at the bed's end.
    pub version: String,
    /// Checksum of the limits that its guard holds.
    pub limits_checksum: u32,
    /// The bed's description.
    pub config: Arc<BedConfig>,
}

/// Everything that was seen.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The line; what it was where it has ended.
    pub line: Option<LineUp>,
    /// The newest report and when it came.
    pub report: Option<(Report, Wall)>,
    /// Where the bed's session stands.
    pub state: Option<SessionState>,
    /// Reports that were lost on the way, and wishes that came too late, since the line stands.
    pub lost: (u64, u64),
    /// When the hand switch was last seen pressed.
    pub hand_switch: Option<Wall>,
    /// When the emergency stop was last seen pressed.
    pub emergency_stop: Option<Wall>,
    /// Faults, the newest last.
    pub faults: VecDeque<FaultAt>,
    /// A twin's journal, the newest line last.
    pub journal: VecDeque<JournalLine>,
    /// How a twin's limits hold since something was broken last.
    pub verdict: Option<Verdict>,
    /// Something is broken in the twin.
    pub broken: bool,
}

impl Seen {
    /// What was seen.
    #[must_use]
    pub fn view(&self) -> View {
        self.locked().clone()
    }

    /// Lines of the journal after this number, and a verdict if there is one. All lines where another process
    /// has begun to count anew.
    #[must_use]
    pub fn after(&self, number: u32) -> (Vec<JournalLine>, Option<Verdict>) {
        let view = self.locked();
        let newest = view.journal.back().map_or(0, |line| line.number);
        let number = if newest < number { 0 } else { number };
        let lines = view.journal.iter().filter(|line| line.number > number).cloned();
        (lines.collect(), view.verdict.clone())
    }

    /// A line stands.
    pub(crate) fn begin(&self, hello: &Hello) {
        let mut view = self.locked();
        view.line = Some(LineUp {
            since: Wall::now(),
            boot: hello.boot,
            simulated: hello.simulated,
            version: hello.version.to_string(),
            limits_checksum: hello.limits_checksum,
            config: Arc::new(hello.config.clone()),
        });
        view.state = Some(hello.state);
        view.report = None;
        view.lost = (0, 0);
    }

    /// Looks at a report; `lost` are reports that were missed and wishes that came late.
    pub(crate) fn look(&self, report: &Report, state: SessionState, lost: (u64, u64)) {
        let mut view = self.locked();
        let wall = Wall::now();
        for event in &report.events {
            match *event {
                Event::Fault { fault, index } => {
                    let utc_s = crate::clock::clocks().utc_s;
                    let at = FaultAt { fault, index, now: report.now, utc_s, cleared: false };
                    push(&mut view.faults, at, FAULTS_MAX);
                }
                Event::FaultCleared { fault, index } => {
                    let same = |at: &&mut FaultAt| (at.fault, at.index, at.cleared) == (fault, index, false);
                    view.faults.iter_mut().rev().find(same).into_iter().for_each(|at| at.cleared = true);
                }
                _ => {}
            }
        }
        if report.readings.hand_switch.is_some_and(|pressed| pressed.value) {
            view.hand_switch = Some(wall);
        }
        if report.readings.emergency_stop.is_some_and(|pressed| pressed.value) {
            view.emergency_stop = Some(wall);
        }
        (view.state, view.lost) = (Some(state), lost);
        match &mut view.report {
            Some((last, at)) => {
                last.clone_from(report);
                *at = wall;
            }
            none => *none = Some((report.clone(), wall)),
        }
    }

    /// A line of a twin's journal.
    pub(crate) fn note(&self, line: JournalLine) {
        let mut view = self.locked();
        match line.noted {
            Noted::Broke { .. } => view.broken = true,
            Noted::Mended => view.broken = false,
            _ => {}
        }
        if view.journal.back().is_some_and(|last| last.number >= line.number) {
            view.journal.clear();
        }
        push(&mut view.journal, line, LINES_MAX);
    }

    /// A twin's verdict.
    pub(crate) fn judge(&self, verdict: Verdict) {
        self.locked().verdict = Some(verdict);
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, View> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push<T>(to: &mut VecDeque<T>, what: T, most: usize) {
    to.push_back(what);
    if to.len() > most {
        to.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::Sample;

    fn with(event: Event, at: u64) -> Report {
        let mut report = Report { now: Instant::from_micros(at), ..Report::default() };
        report.events.push(event).expect("room");
        report
    }

    #[test]
    fn a_fault_is_kept_with_its_time_and_marked_when_it_is_over() {
        let seen = Seen::default();
        let (fault, index) = (Fault::PersonGone, 0);
        seen.look(&with(Event::Fault { fault, index }, 10), SessionState::Treating, (0, 0));
        assert!(seen.view().faults.iter().all(|at| !at.cleared && at.utc_s > 0));
        seen.look(&with(Event::FaultCleared { fault, index }, 20), SessionState::Treating, (3, 4));
        let view = seen.view();
        assert_eq!(view.faults.len(), 1);
        assert!(view.faults[0].cleared && view.lost == (3, 4));
    }

    #[test]
    fn no_more_faults_are_kept_than_somebody_looks_through() {
        let seen = Seen::default();
        for at in 0..500 {
            let event = Event::Fault { fault: Fault::ForceHard, index: 1 };
            seen.look(&with(event, at), SessionState::Safe, (0, 0));
        }
        assert_eq!(seen.view().faults.len(), FAULTS_MAX);
        assert_eq!(seen.view().faults.back().map(|at| at.now), Some(Instant::from_micros(499)));
    }

    #[test]
    fn a_press_that_lasts_for_one_report_is_remembered() {
        let seen = Seen::default();
        let mut report = Report::default();
        report.readings.hand_switch = Some(Sample { value: true, taken: Instant::START });
        seen.look(&report, SessionState::Idle, (0, 0));
        seen.look(&Report::default(), SessionState::Idle, (0, 0));
        assert!(seen.view().hand_switch.is_some() && seen.view().emergency_stop.is_none());
    }

    /// Two minutes of a bed at which a fault comes and goes in every cycle, and a journal that tells of each.
    #[test]
    fn however_long_and_badly_a_bed_runs_no_more_is_kept_than_somebody_looks_through() {
        let seen = Seen::default();
        let (fault, index) = (Fault::PersonGone, 0);
        for cycle in 0..60_000_u64 {
            let event = match cycle % 2 {
                0 => Event::Fault { fault, index },
                _ => Event::FaultCleared { fault, index },
            };
            seen.look(&with(event, 2000 * cycle), SessionState::Idle, (cycle, cycle));
            let number = cycle as u32 + 1;
            let noted = Noted::Fault { fault, index };
            let now = Instant::from_micros(2000 * cycle);
            seen.note(JournalLine { number, now, noted, words: heapless::String::new() });
        }
        let view = seen.view();
        assert_eq!((view.faults.len(), view.journal.len()), (FAULTS_MAX, LINES_MAX));
        assert!(seen.locked().faults.capacity() <= 4 * FAULTS_MAX);
        assert!(seen.locked().journal.capacity() <= 4 * LINES_MAX);
        assert_eq!(view.journal.back().map(|line| line.number), Some(60_000), "the newest is there");
    }
}
