//! The bed's own account of what hosts did and what followed: one line of JSON each, and a log of every session.
//!
//! A stop and a wish that lapsed each open a *release*: how long heads pressed on, by the twin's truth, against
//! what the measures allow.

use super::line::unix_us;
use crate::stage::Stage;
use bed::{Event, Report, SessionState};
use counts::{Instant, Micros, Targets};
use host::log::{Header, LogError, SessionLog};
use link::{Peer, Refused, TwinAct};
use serde_json::{Value, json};
use sim::{Stop, World};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A release is watched for so much longer than it may take: heads must stay away. Guess.
const WATCH_ON: Micros = Micros::from_millis(500);

/// What is written, or nothing where no folder was given.
pub struct Journal {
    file: Option<File>,
    folder: Option<PathBuf>,
    header: Header,
    log: Option<SessionLog>,
    sessions: u32,
    releases: Vec<Release>,
    told: Option<(Peer, u64)>,
    refused: Option<(Peer, Refused)>,
    pressed: bool,
}

/// A head that presses less does not press, N. Source: measures, "Stop".
const PRESSES_N: f64 = 10.0;

/// A release that is being judged.
struct Release {
    stop: Stop,
    why: &'static str,
    at: Instant,
}

impl Journal {
    /// Opens the journal of a bed that has just been switched on.
    pub fn open(folder: Option<&Path>, stage: &Stage) -> Result<Self, LogError> {
        let failed = |path: &Path, source| LogError::Io { path: path.to_owned(), source };
        let file = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
                let path = folder.join("bed.jsonl");
                let file = OpenOptions::new().create(true).append(true).open(&path);
                Some(file.map_err(|error| failed(&path, error))?)
            }
            None => None,
        };
        Ok(Self {
            file,
            folder: folder.map(Path::to_owned),
            header: stage.header(),
            log: None,
            sessions: 0,
            releases: Vec::new(),
            told: None,
            refused: None,
            pressed: false,
        })
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
        let stop = Stop::new(world, world.now(), true);
        self.releases.push(Release { stop, why: "stop", at: world.now() });
    }

    /// Looks at a cycle.
    pub fn look(&mut self, world: &World, report: &Report) -> Result<(), LogError> {
        if let Some((peer, heard_us)) = self.told.take() {
            self.obeyed(report, peer, heard_us);
        }
        for event in &report.events {
            self.note(world, report.now, event)?;
        }
        if let Some(log) = &mut self.log {
            log.write(report)?;
        }
        let heads = world.twin().truth().head_force_n;
        let presses = heads.iter().any(|force_n| *force_n >= PRESSES_N);
        if presses && !self.pressed {
            self.write(report.now, "presses", json!({ "head_force_n": heads }));
        }
        self.pressed = presses;
        self.judge(world);
        Ok(())
    }

    /// Ends the log under way.
    pub fn end(mut self) -> Result<(), LogError> {
        self.log.take().map_or(Ok(()), |log| log.finish().map(|_| ()))
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

    fn note(&mut self, world: &World, now: Instant, event: &Event) -> Result<(), LogError> {
        match *event {
            Event::State { from, to } => {
                self.write(now, "state", json!({ "from": from, "to": to }));
                let ended = matches!(to, SessionState::Idle | SessionState::Safe);
                if from == SessionState::Idle && to == SessionState::AwaitingPerson {
                    self.begin_log()?;
                } else if let Some(log) = self.log.take_if(|_| ended) {
                    log.finish()?;
                }
            }
            Event::RequestLapsed { id } => {
                self.write(now, "lapsed", json!({ "id": id }));
                let stop = Stop::new(world, now, false);
                self.releases.push(Release { stop, why: "lapsed", at: now });
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
        Ok(())
    }

    fn begin_log(&mut self) -> Result<(), LogError> {
        if let Some(folder) = &self.folder {
            self.sessions += 1;
            let path = folder.join(format!("bed-{}-{}.mcap", std::process::id(), self.sessions));
            self.log = Some(SessionLog::create(&path, &self.header)?);
        }
        Ok(())
    }

    fn judge(&mut self, world: &World) {
        let now = world.now();
        let mut done = Vec::new();
        self.releases.retain_mut(|release| {
            release.stop.look(world);
            let watch = Micros::new((release.stop.allowed_s() * 1e6) as u64).plus(WATCH_ON);
            let over = now.since(release.at).is_some_and(|span| span >= watch);
            if over {
                done.push(json!({
                    "why": release.why,
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
        let Some(file) = &mut self.file else { return };
        more["what"] = json!(what);
        more["now_us"] = json!(now.micros());
        more["unix_us"] = json!(unix_us());
        // A disk that is full must not end a bed.
        let _ = writeln!(file, "{more}");
    }
}

/// Whether anything is told to rise or to heat.
fn presses_on(outputs: &Targets) -> bool {
    let rises = |lift: &counts::AxisTarget| matches!(lift, counts::AxisTarget::Velocity(up) if up.raw() > 0);
    outputs.lifts.iter().any(rises) || outputs.heaters.iter().any(|power| *power > counts::DeciWatts::ZERO)
}
