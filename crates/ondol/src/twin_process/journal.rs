//! The bed's own account of what hosts did and what followed: one line of JSON each, and a log of every session.
//!
//! A stop and a wish that lapsed each open a *release*: how long heads pressed on, by the twin's truth, against
//! what the measures allow.

use super::book::Book;
use super::line::unix_us;
use super::release::{Release, presses_on};
use crate::stage::Stage;
use bed::{Event, Report, SessionState};
use counts::{Instant, Micros};
use host::log::{self, Header, Keep, LogError, SessionLog};
use link::{Peer, Refused, TwinAct};
use serde_json::{Value, json};
use sim::World;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A log begins when the bed is switched on, and is kept if a session begins within so long: its machine can be run
/// again from nothing. Guess: whoever switches a bed on for a session lies down sooner.
const BEFORE_MAX: Micros = Micros::from_seconds(600);

/// A head that presses less does not press, N. Source: measures, "Stop".
const PRESSES_N: f64 = 10.0;

/// What is written, or nothing where no folder was given.
pub struct Journal {
    book: Option<Book>,
    folder: Option<PathBuf>,
    header: Header,
    log: Option<Log>,
    logs: u32,
    releases: Vec<(Release, &'static str)>,
    told: Option<(Peer, u64)>,
    refused: Option<(Peer, Refused)>,
    pressed: bool,
}

/// A log that is being written.
struct Log {
    file: SessionLog,
    /// No session has begun yet: it waits for one until then.
    waits_until: Option<Instant>,
}

impl Journal {
    /// Opens the journal of a bed that has just been switched on. What a lost twin left of its log is mended, and the
    /// oldest logs go.
    pub fn open(folder: Option<&Path>, stage: &Stage) -> Result<Self, LogError> {
        let failed = |path: &Path, source| LogError::Io { path: path.to_owned(), source };
        let book = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
                // A log that cannot be mended stays as it is, and is tried again next time.
                let _ = log::mend(folder);
                Some(Book::open(folder).map_err(|error| failed(folder, error))?)
            }
            None => None,
        };
        let mut journal = Self {
            book,
            folder: folder.map(Path::to_owned),
            header: stage.header(),
            log: None,
            logs: 0,
            releases: Vec::new(),
            told: None,
            refused: None,
            pressed: false,
        };
        journal.switched_on(Instant::START);
        Ok(journal)
    }

    /// The bed was switched on, or off and on.
    pub fn switched_on(&mut self, now: Instant) {
        self.end_log(now);
        if let Some(log) = self.log.take() {
            let _ = log.file.discard();
        }
        self.begin_log(now, Some(now.after(BEFORE_MAX)));
    }

    /// Somebody has come to the line.
    pub fn line(&mut self, now: Instant, peer: Peer) {
        self.write(now, "line", json!({ "peer": peer }));
    }

    /// A line has ended.
    pub fn left(&mut self, now: Instant, peer: Peer, led: bool) {
        self.write(now, "left", json!({ "peer": peer, "led": led }));
    }

    /// Somebody leads.
    pub fn leads(&mut self, now: Instant, peer: Peer) {
        self.write(now, "leads", json!({ "peer": peer }));
    }

    /// Something was not let in; the same again is not told again.
    pub fn refused(&mut self, now: Instant, peer: Peer, refused: Refused) {
        if self.refused.replace((peer, refused)) != Some((peer, refused)) {
            self.write(now, "refused", json!({ "peer": peer, "why": refused }));
        }
    }

    /// Something was done to the twin.
    pub fn act(&mut self, now: Instant, act: TwinAct) {
        self.write(now, "twin", json!({ "act": act }));
    }

    /// Something broke.
    pub fn broke(&mut self, now: Instant, words: &str) {
        self.write(now, "broke", json!({ "what": words }));
    }

    /// This process stood still for so long.
    pub fn stood_still(&mut self, now: Instant, span: Duration) {
        self.write(now, "stood_still", json!({ "ms": span.as_millis() as u64 }));
    }

    /// A stop came off the line at `heard_us` of Unix time and goes to the machine in the next cycle.
    pub fn stop(&mut self, world: &World, peer: Peer, heard_us: u64) {
        self.told = Some((peer, heard_us));
        self.releases.push((Release::begin(world, true), "stop"));
    }

    /// Looks at a cycle.
    pub fn look(&mut self, world: &World, report: &Report) {
        if let Some((peer, heard_us)) = self.told.take() {
            self.obeyed(report, peer, heard_us);
        }
        let mut ended = false;
        for event in &report.events {
            ended |= self.note(world, report.now, event);
        }
        self.write_log(report);
        if ended {
            self.end_log(report.now);
        }
        let heads = world.twin().truth().head_force_n;
        let presses = heads.iter().any(|force_n| *force_n >= PRESSES_N);
        if presses && !self.pressed {
            self.write(report.now, "presses", json!({ "head_force_n": heads }));
        }
        self.pressed = presses;
        self.judge(world);
    }

    /// Ends the log under way.
    pub fn end(mut self, now: Instant) {
        self.end_log(now);
    }

    /// The outputs of the cycle in which the machine took a stop.
    fn obeyed(&mut self, report: &Report, peer: Peer, heard_us: u64) {
        let at_us = unix_us();
        let what = json!({
            "peer": peer,
            "heard_us": heard_us,
            "outputs_us": at_us,
            "presses_on": presses_on(&report.outputs),
        });
        self.write(report.now, "stop", what);
    }

    /// Notes an event; true where a session ended with it.
    fn note(&mut self, world: &World, now: Instant, event: &Event) -> bool {
        match *event {
            Event::State { from, to } => {
                self.write(now, "state", json!({ "from": from, "to": to }));
                if from == SessionState::Idle && to == SessionState::AwaitingPerson {
                    match &mut self.log {
                        Some(log) => log.waits_until = None,
                        None => self.begin_log(now, None),
                    }
                }
                return matches!(to, SessionState::Idle | SessionState::Safe);
            }
            Event::RequestLapsed { id } => {
                self.write(now, "lapsed", json!({ "id": id }));
                self.releases.push((Release::begin(world, false), "lapsed"));
            }
            Event::Fault { fault, index } => {
                let what = json!({ "fault": fault, "index": index, "words": fault.words() });
                self.write(now, "fault", what);
            }
            Event::FaultCleared { fault, index } => {
                self.write(now, "cleared", json!({ "fault": fault, "index": index }));
            }
            _ => {}
        }
        false
    }

    fn begin_log(&mut self, now: Instant, waits_until: Option<Instant>) {
        let Some(folder) = &self.folder else { return };
        self.logs += 1;
        let path = folder.join(format!("bed-{}-{}.mcap", unix_us() / 1_000_000, self.logs));
        let header = Header { from_switch_on: waits_until.is_some(), ..self.header.clone() };
        match SessionLog::create(&path, &header) {
            Ok(file) => self.log = Some(Log { file, waits_until }),
            Err(error) => self.no_log(now, &error),
        }
    }

    fn write_log(&mut self, report: &Report) {
        let over = |log: &Log| log.waits_until.is_some_and(|until| report.now >= until);
        let done = match &mut self.log {
            Some(log) if !over(log) => log.file.write(report),
            _ => self.log.take().map_or(Ok(()), |log| log.file.discard()),
        };
        if let Err(error) = done {
            // What was written of it is mended at the next start.
            self.log = None;
            self.no_log(report.now, &error);
        }
    }

    /// Ends the log of a session, and lets the oldest logs go; one that waits for a session goes on waiting.
    fn end_log(&mut self, now: Instant) {
        let Some(log) = self.log.take_if(|log| log.waits_until.is_none()) else { return };
        if let Err(error) = log.file.finish() {
            self.no_log(now, &error);
        }
        if let Some(folder) = &self.folder {
            // What cannot be removed now goes after the next session.
            let _ = log::rotate(std::slice::from_ref(folder), &Keep::default(), SystemTime::now());
        }
    }

    /// A disk that is full must not end a bed.
    fn no_log(&mut self, now: Instant, why: &LogError) {
        self.write(now, "no_log", json!({ "why": why.to_string() }));
    }

    fn judge(&mut self, world: &World) {
        let now = world.now();
        let mut done = Vec::new();
        self.releases.retain_mut(|(release, why)| {
            let over = release.look(world);
            if over {
                done.push(json!({
                    "why": why,
                    "edge_us": release.at.micros(),
                    "from_n": release.stop.from_n(),
                    "released_s": release.stop.released_s(),
                    "allowed_s": release.stop.allowed_s(),
                    "in_time": release.stop.released_s() <= release.stop.allowed_s(),
                }));
            }
            !over
        });
        for what in done {
            self.write(now, "released", what);
        }
    }

    fn write(&mut self, now: Instant, what: &str, mut more: Value) {
        let Some(book) = &mut self.book else { return };
        more["what"] = json!(what);
        more["now_us"] = json!(now.micros());
        more["unix_us"] = json!(unix_us());
        // A disk that is full must not end a bed.
        let _ = book.write(&more.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::same;
    use bed::request::Admission;
    use bed::{Ask, Request};
    use host::log::LoggedSession;
    use twin::Disturbance;

    /// A bed whose journal is written, and the cycles that it lives through.
    struct Bed {
        world: World,
        journal: Journal,
    }

    impl Bed {
        fn switched_on(folder: &Path) -> Self {
            let bed = crate::bed_file::read(None).expect("the reference bed");
            let stage = Stage::of(bed, twin::Person::draw(3), 3);
            let mut world = stage.bare_world().expect("a world");
            world.set_willing(false);
            Self { world, journal: Journal::open(Some(folder), &stage).expect("a journal") }
        }

        fn lives(&mut self, seconds: u32) {
            for _ in 0..500 * seconds {
                let report = self.world.step();
                self.journal.look(&self.world, &report);
            }
        }

        /// Begins a session, waits with it, and ends it.
        fn session(&mut self) {
            let now = self.world.now();
            self.world.twin_mut().disturb(Disturbance::LieDown, now);
            self.world.post(&Request::new(1, Ask::Begin(Admission::default())));
            self.lives(3);
            self.world.post(&Request::new(2, Ask::Finish));
            self.lives(2);
        }
    }

    fn logs(folder: &Path) -> Vec<LoggedSession> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "mcap"));
        paths.sort();
        paths.iter().map(|path| LoggedSession::open(path).expect("whole")).collect()
    }

    #[test]
    fn the_first_session_after_switching_on_replays_bit_for_bit_and_a_later_one_says_that_it_cannot() {
        let place = tempfile::tempdir().expect("a folder");
        let mut bed = Bed::switched_on(place.path());
        bed.lives(20);
        bed.session();
        bed.session();
        bed.world.restart();
        bed.journal.switched_on(bed.world.now());
        bed.lives(20);
        bed.session();
        bed.journal.end(bed.world.now());
        let logs = logs(place.path());
        let begins: Vec<bool> = logs.iter().map(|log| log.header.from_switch_on).collect();
        assert_eq!(begins, [true, false, true], "the second began on a bed that was on");
        for log in [&logs[0], &logs[2]] {
            let same = same(log).expect("the same, bit for bit");
            assert!(same.cycles > 20 * 500 && same.events > 0 && same.seconds >= 20);
        }
        assert!(same(&logs[1]).is_err(), "a machine that knows nothing does something else");
    }

    #[test]
    fn a_bed_that_idles_keeps_no_log_of_it() {
        let place = tempfile::tempdir().expect("a folder");
        let mut bed = Bed::switched_on(place.path());
        let log = bed.journal.log.as_mut().expect("it waits for a session");
        log.waits_until = Some(Instant::START.after(Micros::from_seconds(5)));
        bed.lives(4);
        let parts = || std::fs::read_dir(place.path()).expect("a folder").count();
        assert_eq!(parts(), 2, "the book and a log");
        bed.lives(2);
        assert!(bed.journal.log.is_none() && parts() == 1);
    }
}
