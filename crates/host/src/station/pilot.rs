//! The thread that leads the bed: comes to it, waits with it, gives sessions, and comes back to it.

use super::picture::{BedThere, Outcome, Picture, Proposal};
use super::{Command, Inner, Wanted};
use crate::session::{self, Answer, Attendant, Live, Progress, SessionRecord, Setting, Wish};
use crate::wire::{WireBed, WireError};
use bed::{Bed as _, BedConfig, Report};
use counts::{Instant, Micros};
use population::{About, ShapeModel};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

/// Between two looks for a bed that does not answer.
const AGAIN: Duration = Duration::from_millis(500);
/// Between two pictures of a bed at rest: twenty a second.
const PICTURE: Micros = Micros::from_millis(50);

/// Leads the bed at `at` until the end.
pub(super) fn fly(at: SocketAddr, inner: &Inner, commands: &Receiver<Command>) {
    let mut outcome = None;
    loop {
        let Err(error) = lead(at, inner, commands, &mut outcome) else { return };
        inner.desk().free();
        let trouble = (!matches!(error, WireError::Restarted)).then(|| error.to_string());
        inner.show(Picture { trouble, outcome: outcome.clone(), ..Picture::default() });
        std::thread::sleep(AGAIN);
        while let Ok(command) = commands.try_recv() {
            match command {
                Command::End => return,
                // There is no bed any more: the page shows the trouble.
                Command::Begin(_) => {}
            }
        }
    }
}

/// One line to the bed, as long as it holds. `Ok` at the end of all.
fn lead(
    at: SocketAddr,
    inner: &Inner,
    commands: &Receiver<Command>,
    outcome: &mut Option<Outcome>,
) -> Result<(), WireError> {
    let mut bed = WireBed::open(at)?;
    bed.lead()?;
    let there = there(&bed);
    let config = bed.hello().config.clone();
    let mut report = Report::default();
    let mut shown = None::<Instant>;
    let mut state = bed.hello().state;
    loop {
        match commands.try_recv() {
            Ok(Command::Begin(wanted)) => {
                *outcome = None;
                let end = give(inner, &mut bed, &there, &config, *wanted);
                inner.desk().free();
                *outcome = Some(end?);
                shown = None;
            }
            Ok(Command::End) | Err(TryRecvError::Disconnected) => return Ok(()),
            Err(TryRecvError::Empty) => {}
        }
        bed.receive(&mut report)?;
        for event in &report.events {
            if let bed::Event::State { to, .. } = *event {
                state = to;
            }
        }
        if shown.is_none_or(|last| report.now.since(last).is_none_or(|span| span >= PICTURE)) {
            shown = Some(report.now);
            inner.show(Picture {
                bed: Some(there.clone()),
                live: Some(Live::at_rest(&report, &config, state)),
                outcome: outcome.clone(),
                ..Picture::default()
            });
        }
    }
}

fn there(bed: &WireBed) -> BedThere {
    let hello = bed.hello();
    BedThere {
        name: hello.config.name.to_string(),
        simulated: hello.simulated,
        notice: hello.simulated.then_some(crate::NOTICE),
        version: hello.version.to_string(),
        boot: format!("{:016x}", hello.boot),
        limits_checksum: format!("{:08x}", hello.limits_checksum),
        bed_checksum: format!("{:08x}", hello.config.checksum()),
    }
}

/// Gives one session to its end.
fn give(
    inner: &Inner,
    bed: &mut WireBed,
    there: &BedThere,
    config: &BedConfig,
    wanted: Wanted,
) -> Result<Outcome, WireError> {
    let about = About {
        sex: None,
        stature_mm: wanted.person.stature_mm,
        mass_kg: wanted.person.mass_kg,
        age_years: wanted.person.age_years,
    };
    let prior = ShapeModel::all().given(&about);
    let setting = Setting {
        bed: config,
        about,
        prior: &prior,
        program: wanted.program,
        history: plan::History::default(),
        visit: plan::Visit { minutes: wanted.minutes, ..plan::Visit::on(wanted.today) },
    };
    let picture = Picture { bed: Some(there.clone()), under_way: true, ..Picture::default() };
    let mut page = Page { inner, picture, proposals: 0 };
    let record = session::run(bed, &setting, wanted.clearance, None, &mut page);
    match record {
        Ok(record) => Ok(outcome(&record)),
        Err(error) => Ok(Outcome { words: error.to_string(), complete: false, session: None }),
    }
}

fn outcome(record: &SessionRecord) -> Outcome {
    Outcome {
        words: crate::account::summary(record),
        complete: record.ended == session::Ended::Complete,
        session: None,
    }
}

/// The person's page as a session's attendant.
struct Page<'a> {
    inner: &'a Inner,
    picture: Picture,
    proposals: u32,
}

impl Attendant for Page<'_> {
    fn progress(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Proposed { plan, alternatives } => {
                self.proposals += 1;
                self.picture.proposal = Some(Arc::new(Proposal {
                    number: self.proposals,
                    plan: plan.clone(),
                    alternatives: alternatives.to_vec(),
                }));
            }
            Progress::Planned(_) | Progress::Releasing => self.picture.proposal = None,
            _ => {}
        }
    }

    fn looks(&self) -> bool {
        true
    }

    fn see(&mut self, live: &Live) {
        self.picture.page_lost = !self.inner.desk().is_here();
        self.picture.live = Some(live.clone());
        self.inner.show(self.picture.clone());
    }

    fn wish(&mut self) -> Option<Wish> {
        self.inner.desk().next_wish()
    }

    fn answer(&mut self) -> Option<Answer> {
        self.inner.desk().take_answer()
    }
}
