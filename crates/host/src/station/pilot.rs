//! The thread that leads the bed: comes to it, waits with it, gives sessions, and comes back to it.

use super::keeping::{self, Kept, Warm};
use super::picture::{BedThere, Outcome, Picture, Proposal};
use super::{Command, Inner, Wanted};
use crate::log::Keep;
use crate::report::retold::Retold;
use crate::session::{self, Answer, Attendant, Live, Progress, Setting, Wish};
use crate::store::Store;
use crate::wire::{WireBed, WireError};
use bed::{Bed as _, BedConfig, Report, SpineScan};
use counts::{Instant, Micros};
use population::{About, ShapeModel};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant as Wall, SystemTime};

/// Between two looks for a bed that does not answer. Guess: no wait for a person, no load for a computer.
const AGAIN: Duration = Duration::from_millis(500);
/// Between two pictures of a bed at rest. Source: design, a live view at 20 Hz.
const PICTURE: Micros = Micros::from_millis(50);

/// The same in the time of whoever looks, a little less so that none is missed at the pace of life.
const WALL_PICTURE: Duration = Duration::from_millis(45);

/// Leads the bed at `at` until the end.
pub(super) fn fly(at: SocketAddr, inner: &Inner, commands: &Receiver<Command>) {
    let mut outcome = None;
    mend_logs(inner);
    loop {
        let Err(error) = lead(at, inner, commands, &mut outcome) else { return };
        inner.desk().free();
        let trouble = (!matches!(error, WireError::Restarted)).then(|| error.words());
        inner.show(Picture { trouble, outcome: outcome.clone(), ..Picture::default() });
        std::thread::sleep(AGAIN);
        while let Ok(command) = commands.try_recv() {
            match command {
                Command::End => return,
                // There is no bed any more: the page shows the trouble, and the bed is nobody's again.
                Command::Begin(_) => inner.desk().free(),
            }
        }
    }
}

/// Between two sessions, when none is being written. What cannot be mended now is after the next session.
fn mend_logs(inner: &Inner) {
    let _ = inner.store.mend_logs(&Keep::default(), SystemTime::now());
}

/// One line to the bed, as long as it holds. `Ok` at the end of all.
fn lead(
    at: SocketAddr,
    inner: &Inner,
    commands: &Receiver<Command>,
    outcome: &mut Option<Outcome>,
) -> Result<(), WireError> {
    let mut bed = WireBed::open(at)?;
    bed.watched_by(&inner.seen);
    bed.lead()?;
    let there = there(&bed);
    let config = Arc::clone(&there.config);
    let mut report = Report::default();
    let mut shown = None::<Instant>;
    let mut house = House::new(&inner.store);
    // By its book of heat a session is known again: none is reserved before the bed has told it. A bed without
    // one is waited for no longer, and its sessions count with the strictest dose.
    let told_by = Wall::now() + BOOK;
    while bed.heat_dose().is_none() && Wall::now() < told_by {
        bed.receive(&mut report)?;
    }
    loop {
        match commands.try_recv() {
            Ok(Command::Begin(wanted)) => {
                *outcome = None;
                let (end, warm) = give(inner, &mut bed, &there, &config, *wanted);
                mend_logs(inner);
                inner.desk().free();
                *outcome = Some(end);
                house.warm = warm;
                shown = None;
            }
            Ok(Command::End) | Err(TryRecvError::Disconnected) => return Ok(()),
            Err(TryRecvError::Empty) => {}
        }
        bed.receive(&mut report)?;
        house.keep(&inner.store, &bed);
        if shown.is_none_or(|last| report.now.since(last).is_none_or(|span| span >= PICTURE)) {
            shown = Some(report.now);
            inner.show(Picture {
                bed: Some(there.clone()),
                live: Some(Live::at_rest(&report, &config, bed.state().unwrap_or_default())),
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
        config: Arc::new(hello.config.clone()),
    }
}

/// Gives one session to its end.
fn give(
    inner: &Inner,
    bed: &mut WireBed,
    there: &BedThere,
    config: &BedConfig,
    wanted: Wanted,
) -> (Outcome, Option<Warm>) {
    let mut kept = match Kept::begin(&inner.store, &wanted, bed) {
        Ok(kept) => kept,
        // What cannot be counted is not given.
        Err(error) => return (Outcome { words: error.words(), complete: false, session: None }, None),
    };
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
        only: wanted.only,
        history: kept.history,
        softer: wanted.softer,
        visit: plan::Visit { minutes: wanted.minutes, ..plan::Visit::on(wanted.today) },
    };
    let picture = Picture { bed: Some(there.clone()), under_way: true, ..Picture::default() };
    let header = keeping::header(bed, config, &prior);
    let log = kept.log(&header);
    let mut page =
        Page { inner, kept: &kept, picture, found: None, softer: wanted.softer, proposals: 0, shown: None };
    let record = session::run(bed, &setting, wanted.clearance, log, &mut page);
    let (words, complete) = match &record {
        Ok(record) => (record.ended.words(), record.ended == session::Ended::Complete),
        Err(error) => (error.words(), false),
    };
    let told = record.as_ref().ok().map(|record| {
        let visits = setting.history.sessions.unwrap_or_default();
        let retold =
            Retold { setting: &setting, record, header: &header, name: &wanted.name, visits, repeat: None };
        (record, retold.content())
    });
    match kept.end(bed, told) {
        Ok(warm) => (Outcome { words, complete, session: Some(warm.number) }, Some(warm)),
        Err(_) => (Outcome { words, complete, session: None }, None),
    }
}

/// Longest wait for a bed's book of heat. Source: twice as long as it takes to be told again.
const BOOK: Duration = Duration::from_secs(2);

/// What is done for the house while the bed rests.
struct House {
    settled: bool,
    warm: Option<Warm>,
    counter: Option<crate::store::House>,
    due: Wall,
}

/// The house's counter is read so often, and a warm session charged. Source: the counter's own advice.
const HOUSE: Duration = Duration::from_secs(5);

impl House {
    fn new(store: &Store) -> Self {
        Self { settled: false, warm: None, counter: store.house().ok(), due: Wall::now() }
    }

    /// Settles, counts and charges what is due. What fails is tried again: until then the strictest stands.
    fn keep(&mut self, store: &Store, bed: &WireBed) {
        if Wall::now() < self.due {
            return;
        }
        self.due = Wall::now() + HOUSE;
        if !self.settled && bed.book().says().dose.is_some() {
            self.settled = keeping::settle(store, &bed.book().says()).is_ok();
        }
        if let Some(counter) = &mut self.counter {
            let _ = keeping::moment(counter);
        }
        if let Some(warm) = &mut self.warm {
            let _ = warm.charge(bed);
        }
    }
}

/// The person's page as a session's attendant.
struct Page<'a> {
    inner: &'a Inner,
    kept: &'a Kept,
    picture: Picture,
    found: Option<SpineScan>,
    softer: u8,
    proposals: u32,
    shown: Option<Wall>,
}

impl Attendant for Page<'_> {
    fn progress(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Found(scan) => {
                self.kept.found(scan);
                self.found = Some(scan.clone());
            }
            Progress::FoundAfter(scan) => self.kept.found_after(scan),
            Progress::Proposed { plan, alternatives } => {
                self.proposals += 1;
                self.picture.proposal = Some(Arc::new(Proposal {
                    number: self.proposals,
                    found: self.found.clone(),
                    plan: plan.clone(),
                    softer: self.softer,
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

    fn attends(&self) -> bool {
        self.inner.desk().is_here()
    }

    fn see(&mut self, live: &Live) {
        // A twin that hurries makes more pictures than an eye can see.
        let turned = self.picture.live.as_ref().is_none_or(|last| last.phase != live.phase);
        if !turned && self.shown.is_some_and(|shown| shown.elapsed() < WALL_PICTURE) {
            return;
        }
        self.shown = Some(Wall::now());
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
