//! A session led by somebody who wishes, answers and looks: on the twin, through the port alone.

use bed::{Ask, Bed, BedConfig, Report, Request, SessionState};
use care::{Answers, Day, Person, screen};
use counts::{Instant, Micros};
use host::log::{Header, LoggedSession, OutputsSum, SessionLog};
use host::session::live::Phase;
use host::session::{Answer, Attendant, Ended, Live, Progress, SessionRecord, Setting, Wish, run};
use machine::Machine;
use plan::{Code, History, Program, Visit};
use population::ShapeModel;
use sim::World;
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use twin::{Disturbance, Surroundings};

const TODAY: Day = Day(20_779);
const SEED: u64 = 2;

/// What reached the bed and what it measured.
#[derive(Default)]
struct Seen {
    now: Instant,
    /// Seconds, force of all heads as measured, force asked for, both N.
    force: Vec<(f64, f64, f64)>,
    /// When a stop reached the machine.
    stopped: Option<Instant>,
    heats: bool,
}

/// A bed that is looked at while the host talks with it.
struct Watched {
    world: World,
    seen: Rc<RefCell<Seen>>,
    asked_n: f64,
    gets_up_s: Option<f64>,
}

impl Bed for Watched {
    type Error = Infallible;

    fn waits(&self) -> bool {
        self.world.waits()
    }

    fn send(&mut self, request: &Request) -> Result<(), Infallible> {
        self.world.send(request)
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), Infallible> {
        self.world.live(report);
        if self.gets_up_s.take_if(|gets_up_s| report.now.seconds() >= *gets_up_s).is_some() {
            self.world.twin_mut().disturb(Disturbance::GetUp, report.now);
        }
        let mut seen = self.seen.borrow_mut();
        seen.now = report.now;
        if let Some(request) = &report.request {
            let newtons = |force: counts::DeciNewtons| f64::from(force.raw()) / 10.0;
            let cap_n = request.force_cap.map_or(f64::INFINITY, newtons);
            self.asked_n = match request.ask {
                Ask::Treat { now, .. } => newtons(now.force).min(cap_n),
                _ => 0.0,
            };
            seen.heats = request.surfaces.iter().any(Option::is_some);
            if request.ask == Ask::Stop {
                seen.stopped.get_or_insert(report.now);
            }
        }
        let heads = report.readings.heads.iter().filter_map(|head| head.force);
        let force_n = heads.map(|sample| f64::from(sample.value.raw()) / 10.0).sum();
        seen.force.push((report.now.seconds(), force_n, self.asked_n));
        Ok(())
    }
}

/// What somebody does when they are asked: at each call the script sees the last picture.
type Script<'a> = dyn FnMut(&Live, Instant) -> Option<Wish> + 'a;

struct Somebody<'a> {
    seen: Rc<RefCell<Seen>>,
    script: Box<Script<'a>>,
    replies: Vec<Option<Answer>>,
    waits: bool,
    live: Live,
    lives: Vec<Live>,
    heard: u32,
    told: Vec<String>,
    held: Vec<(Wish, Code)>,
    granted: Vec<(Wish, f64, f64, f64)>,
    proposals: Vec<(String, Vec<String>)>,
    leaves_s: f64,
    gets_up_s: Option<f64>,
}

impl<'a> Somebody<'a> {
    fn who(script: impl FnMut(&Live, Instant) -> Option<Wish> + 'a) -> Self {
        Self {
            seen: Rc::default(),
            script: Box::new(script),
            replies: Vec::new(),
            waits: false,
            live: Live::default(),
            lives: Vec::new(),
            heard: 0,
            told: Vec::new(),
            held: Vec::new(),
            granted: Vec::new(),
            proposals: Vec::new(),
            leaves_s: f64::INFINITY,
            gets_up_s: None,
        }
    }

    fn now_s(&self) -> f64 {
        self.seen.borrow().now.seconds()
    }

    /// Mean of the measured force from one moment to another, N.
    fn force_n(&self, from_s: f64, to_s: f64) -> f64 {
        let seen = self.seen.borrow();
        let within = seen.force.iter().filter(|(time_s, ..)| (from_s..to_s).contains(time_s));
        let forces: Vec<f64> = within.map(|(_, force_n, _)| *force_n).collect();
        assert!(!forces.is_empty(), "nothing was measured from {from_s} to {to_s} s");
        forces.iter().sum::<f64>() / forces.len() as f64
    }
}

impl Attendant for Somebody<'_> {
    fn progress(&mut self, progress: Progress<'_>) {
        let now_s = self.now_s();
        match progress {
            Progress::Granted { wish, what } => self.granted.push((wish, now_s, what.before, what.after)),
            Progress::Held { wish, reason } => self.held.push((wish, reason.code)),
            Progress::Proposed { plan, alternatives } => self.proposals.push((
                plan.program.clone(),
                alternatives
                    .iter()
                    .filter(|other| other.refusal.is_none())
                    .map(|other| other.key.clone())
                    .collect(),
            )),
            _ => {}
        }
    }

    fn looks(&self) -> bool {
        true
    }

    fn attends(&self) -> bool {
        self.now_s() < self.leaves_s
    }

    fn see(&mut self, live: &Live) {
        self.live = live.clone();
        self.lives.push(live.clone());
        if let Some(line) = live.say.as_ref().filter(|line| line.number > self.heard) {
            self.heard = line.number;
            self.told.push(line.key.clone());
        }
    }

    fn wish(&mut self) -> Option<Wish> {
        let now = self.seen.borrow().now;
        (self.script)(&self.live, now)
    }

    fn answer(&mut self) -> Option<Answer> {
        match (self.replies.is_empty(), self.waits) {
            (true, true) => None,
            (true, false) => Some(Answer::Yes),
            (false, _) => self.replies.remove(0),
        }
    }
}

fn reference() -> BedConfig {
    toml::from_str(include_str!("../../../beds/reference.toml")).expect("the reference bed")
}

fn attend(somebody: &mut Somebody<'_>, program: &Program, log: Option<&std::path::Path>) -> SessionRecord {
    let bed = reference();
    let person = twin::Person::draw_about(SEED, &population::About::default()).expect("somebody");
    let surroundings = Surroundings { starts_lying: false, ..Surroundings::draw(SEED) };
    let world = World::new(&bed, &person, &surroundings, SEED).expect("a world");
    let about = person.about();
    let prior = ShapeModel::excluding(&person.name).given(&about);
    let basics = &person.basics;
    let clearance = screen(
        &Person::new(basics.age_years, basics.stature_mm, basics.mass_kg),
        &Answers::all_no(TODAY, true),
        TODAY,
    );
    let (history, visit) = (History::returning(5), Visit::on(TODAY));
    let setting =
        Setting { bed: &bed, about, prior: &prior, program, only: false, history, softer: 0, visit };
    let log = log.map(|path| {
        let header = Header {
            schema_version: host::log::SCHEMA_VERSION,
            ondol_version: "test".to_owned(),
            bed: bed.clone(),
            bed_checksum: bed.checksum(),
            limits_checksum: host::log::limits_checksum(),
            prior_checksum: host::log::prior_checksum(&prior),
            seed: Some(SEED),
            from_switch_on: true,
            notice: host::NOTICE.to_owned(),
        };
        SessionLog::create(path, &header).expect("a log")
    });
    let mut watched =
        Watched { world, seen: Rc::clone(&somebody.seen), asked_n: 0.0, gets_up_s: somebody.gets_up_s };
    let record = run(&mut watched, &setting, clearance, log, somebody).expect("a session");
    let gone = |fault: counts::Fault| fault == counts::Fault::PersonGone && somebody.gets_up_s.is_some();
    let faults: Vec<_> = record.faults.iter().filter(|seen| !gone(seen.fault)).collect();
    assert!(faults.is_empty(), "good sessions are not disturbed: {faults:?}");
    record
}

fn shipped(name: &str) -> &'static Program {
    plan::shipped_named(name).expect("a shipped program")
}

/// Makes each wish once the first long stroke has been under way for so many seconds, and then finishes.
fn in_turn(wishes: &[(f64, Wish)]) -> impl FnMut(&Live, Instant) -> Option<Wish> + use<> {
    let mut wishes = wishes.to_vec();
    wishes.reverse();
    let mut pressed: Option<Instant> = None;
    move |live, now| {
        if pressed.is_none()
            && live.phase == Phase::Treating
            && live.heads.iter().all(|head| head.force_n > Some(5.0))
        {
            pressed = Some(now);
        }
        let since_s = f64::from(now.since(pressed?)?.seconds());
        let due = wishes.last().is_some_and(|(at_s, _)| since_s >= *at_s);
        due.then(|| wishes.pop()).flatten().map(|(_, wish)| wish)
    }
}

#[test]
fn softer_and_firmer_move_the_force_within_half_a_second() {
    let wishes = [(8.0, Wish::Softer), (14.0, Wish::Firmer), (20.0, Wish::Firmer), (26.0, Wish::Finish)];
    let mut somebody = Somebody::who(in_turn(&wishes));
    let record = attend(&mut somebody, shipped("relief"), None);
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(somebody.granted.len(), 3, "{:?} {:?}", somebody.granted, somebody.held);
    for (wish, at_s, before_n, after_n) in &somebody.granted {
        let way = if *wish == Wish::Softer { -1.0 } else { 1.0 };
        assert!(way * (after_n - before_n) >= 1.0, "{wish:?}: {before_n} to {after_n} N");
        let (was, is) = (somebody.force_n(at_s - 0.5, *at_s), somebody.force_n(at_s + 0.4, at_s + 0.5));
        assert!(way * (is - was) > 2.0, "{wish:?} at {at_s} s: {was:.1} N, half a second later {is:.1} N");
        let held = somebody.force_n(at_s + 3.0, at_s + 5.0);
        assert!((held - after_n).abs() < 2.5, "{wish:?}: {held:.1} N held, {after_n:.1} N granted");
    }
}

#[test]
fn every_wish_acts_and_the_log_still_replays_bit_for_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("session.mcap");
    let wishes = [
        (5.0, Wish::Cooler),
        (8.0, Wish::Softer),
        (11.0, Wish::Stay),
        (14.0, Wish::Firmer),
        (17.0, Wish::Skip),
        (40.0, Wish::Warmer),
        (45.0, Wish::Skip),
        (60.0, Wish::Finish),
    ];
    let mut somebody = Somebody::who(in_turn(&wishes));
    let record = attend(&mut somebody, shipped("relief"), Some(&path));
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(record.wishes.len(), wishes.len(), "{:?}", record.wishes);
    assert!(record.wishes.iter().all(|said| said.words.complete()));
    for (said, (_, wish)) in record.wishes.iter().zip(&wishes) {
        assert_eq!(said.wish, *wish);
        assert!(said.granted, "{said:?}");
    }
    let mut lifted = 0;
    for (_, at_s, ..) in somebody.granted.iter().filter(|(wish, ..)| *wish == Wish::Skip) {
        let (was, is) = (somebody.force_n(at_s - 0.5, *at_s), somebody.force_n(at_s + 0.4, at_s + 0.5));
        // Between two strokes there is nothing to lift off from, and nothing may be landed on.
        let touched = was > 5.0;
        lifted += u32::from(touched);
        let right = if touched { is < was - 2.0 } else { is < 5.0 };
        assert!(right, "skipped at {at_s} s: {was:.1} N, half a second later {is:.1} N");
    }
    assert!(lifted > 0, "a stroke was skipped while it pressed");
    let session = LoggedSession::open(&path).expect("the log");
    let mut machine = Machine::new(&session.header.bed).expect("the bed");
    let (mut sum, mut seconds) = (OutputsSum::default(), 0);
    for cycle in session.cycles() {
        let cycle = cycle.expect("a cycle");
        let step = machine.step(cycle.now, &cycle.readings, cycle.request.as_ref());
        assert!(step.events.iter().eq(cycle.events.iter()), "at {} s", cycle.now.seconds());
        sum.add(cycle.now, step.outputs.targets());
        if let Some(logged) = cycle.outputs {
            assert_eq!(sum.take(), logged);
            seconds += 1;
        }
    }
    assert!(seconds > 100, "{seconds} s");
}

#[test]
fn a_stop_reaches_the_machine_in_the_next_cycle_whatever_the_session_is_at() {
    for phase in [Phase::WaitingPerson, Phase::Scanning, Phase::Proposed, Phase::Treating] {
        let mut wished = None;
        let mut somebody = Somebody::who(|live, now| {
            let stop = wished.is_none() && live.phase == phase && live.time_s > 0.0;
            stop.then(|| {
                wished = Some(now);
                Wish::Stop
            })
        });
        somebody.waits = phase == Phase::Proposed;
        let record = attend(&mut somebody, shipped("first-time"), None);
        assert_eq!(record.ended, Ended::Stopped, "{phase:?}");
        let stopped = somebody.seen.borrow().stopped.expect("a stop");
        assert_eq!(somebody.live.machine, SessionState::Safe, "{phase:?}");
        drop(somebody);
        let late = wished.and_then(|wished| stopped.since(wished)).expect("after the wish");
        assert!(late <= Micros::from_millis(2), "{phase:?}: {late:?}");
    }
}

#[test]
fn a_wish_outside_the_treatment_is_held_and_an_end_never() {
    let mut asked = false;
    let mut somebody = Somebody::who(|live, _| match live.phase {
        Phase::Scanning if !asked => {
            asked = true;
            Some(Wish::Softer)
        }
        Phase::Scanning if live.scanned > Some(0.2) => Some(Wish::Finish),
        _ => None,
    });
    let record = attend(&mut somebody, shipped("first-time"), None);
    assert_eq!(somebody.held, [(Wish::Softer, Code::NotNow)]);
    assert_eq!(record.ended, Ended::Finished);
    assert_eq!(somebody.live.machine, SessionState::Idle, "the bed is ready for the next one");
}

#[test]
fn a_proposal_waits_and_another_choice_is_proposed_in_its_turn() {
    let mut somebody = Somebody::who(|_, _| None);
    // A minute of silence, then two other choices, one of them unknown, then no.
    somebody.replies = vec![None; 30_000];
    somebody.replies.extend(["sleep", "nothing", "relief/20"].map(|key| Some(Answer::Other(key.to_owned()))));
    somebody.replies.push(Some(Answer::No));
    let record = attend(&mut somebody, shipped("relief"), None);
    assert_eq!(record.ended, Ended::Declined);
    let programs: Vec<&str> = somebody.proposals.iter().map(|(program, _)| program.as_str()).collect();
    assert_eq!(programs, ["relief", "sleep", "sleep", "sleep"]);
    let keys = &somebody.proposals[0].1;
    for key in ["first-time", "deep", "warm", "sleep", "relief/20", "relief/gentle"] {
        assert!(keys.iter().any(|known| known == key), "{key} is not among {keys:?}");
    }
    assert!(record.strokes.is_empty() && record.plan.is_none());
    assert_eq!(somebody.live.machine, SessionState::Idle);
}

#[test]
fn a_proposal_that_nobody_answers_ends_in_a_release() {
    let mut somebody = Somebody::who(|_, _| None);
    somebody.waits = true;
    let record = attend(&mut somebody, shipped("first-time"), None);
    assert_eq!(record.ended, Ended::Unanswered);
    assert!((300.0..460.0).contains(&record.duration_s), "{} s", record.duration_s);
    assert_eq!(somebody.live.machine, SessionState::Idle);
}

#[test]
fn a_long_program_that_waited_for_its_answer_still_ends_in_time() {
    let mut somebody = Somebody::who(in_turn(&[(3.0, Wish::Finish)]));
    somebody.replies = vec![None; 140_000];
    let everywhere = include_str!("../src/bench/relief_everywhere.toml");
    let program = Program::parse("relief_everywhere.toml", everywhere).expect("a program");
    let record = attend(&mut somebody, &program, None);
    let plan = record.plan.expect("a plan");
    let begun_s =
        somebody.lives.iter().find(|live| live.phase == Phase::Treating).map_or(0.0, |live| live.time_s);
    assert!(begun_s > 310.0, "{begun_s} s");
    assert!(begun_s + plan.totals.seconds + 60.0 < 2400.0, "{} s", plan.totals.seconds);
}

#[test]
fn whoever_gets_up_ends_the_session_and_the_bed_is_ready_for_the_next_one() {
    let mut somebody = Somebody::who(|_, _| None);
    somebody.gets_up_s = Some(120.0);
    let record = attend(&mut somebody, shipped("first-time"), None);
    assert_eq!(record.ended, Ended::Stopped);
    assert!((120.0..150.0).contains(&record.duration_s), "{} s", record.duration_s);
    assert_eq!(somebody.live.machine, SessionState::Idle);
}

#[test]
fn the_gentler_choice_begins_softer() {
    let forces = [None, Some("relief/gentle")].map(|choice| {
        let mut somebody = Somebody::who(in_turn(&[(8.0, Wish::Finish)]));
        somebody.replies = choice.into_iter().map(|key| Some(Answer::Other(key.to_owned()))).collect();
        attend(&mut somebody, shipped("relief"), None);
        let treating = somebody.lives.iter().filter(|live| live.phase == Phase::Treating);
        treating.map(|live| live.force_asked_n).fold(0.0, f64::max)
    });
    let [plain, gentle] = forces;
    assert!(gentle > 9.0 && gentle < plain, "{gentle} N instead of {plain} N");
}

#[test]
fn once_nobody_attends_force_and_heat_only_fall_and_the_session_ends() {
    let mut somebody = Somebody::who(|live, _| (live.lost).then_some(Wish::Firmer));
    somebody.leaves_s = 140.0;
    let record = attend(&mut somebody, shipped("relief"), None);
    assert_eq!(record.ended, Ended::Unattended);
    let seen = somebody.seen.borrow();
    let after: Vec<f64> =
        seen.force.iter().filter(|(time_s, ..)| *time_s > 140.0).map(|(_, _, asked_n)| *asked_n).collect();
    assert!(after[0] > 10.0 && after.windows(2).all(|pair| pair[1] <= pair[0].max(10.0)), "force rose");
    assert!(after[11_000] <= 10.0 && !seen.heats);
    assert!(somebody.granted.is_empty() && somebody.live.lost);
    assert!((200.0..230.0).contains(&record.duration_s), "{} s", record.duration_s);
    assert_eq!(somebody.live.machine, SessionState::Idle);
}

#[test]
fn the_picture_shows_the_spine_as_it_is_found_and_every_phase_is_said() {
    let mut somebody = Somebody::who(in_turn(&[(6.0, Wish::Finish)]));
    somebody.replies = vec![None; 500];
    attend(&mut somebody, shipped("relief"), None);
    let lives = &somebody.lives;
    let span_s = lives.last().map_or(0.0, |live| live.time_s) - lives[0].time_s;
    assert!(lives.len() as f64 <= 20.0 * span_s + 2.0, "{} pictures in {span_s} s", lives.len());
    assert!(lives.len() as f64 > 18.0 * span_s, "{} pictures in {span_s} s", lives.len());
    let growing: Vec<f64> = lives
        .iter()
        .filter(|live| live.phase == Phase::Scanning)
        .filter_map(|live| live.spine.as_ref()?.seen_mm)
        .map(|(from, to)| to - from)
        .collect();
    assert!(growing.first() < Some(&200.0) && growing.last() > Some(&350.0), "{:?}", growing.last());
    let proposed = lives.iter().find(|live| live.phase == Phase::Proposed).expect("a proposal");
    let spine = proposed.spine.as_ref().expect("a spine");
    assert!(spine.settled && spine.levels.len() >= 17);
    let treating = lives.iter().rfind(|live| live.phase == Phase::Treating).expect("a stroke");
    let stroke = treating.stroke.as_ref().expect("a stroke");
    assert!(stroke.number == 1 && stroke.words.complete() && stroke.left_s > 0.0);
    assert!(treating.left_s > Some(stroke.left_s) && treating.force_asked_n > 10.0);
    assert!(treating.heads.iter().all(|head| head.x_mm.is_some() && head.surface_c.is_some()));
    assert!(treating.heads[0].y_mm > 0.0 && treating.heads[1].y_mm < 0.0);
    let weight = treating.weight.expect("corner cells");
    assert!(weight.weight_n > 400.0 && (600.0..1300.0).contains(&weight.x_mm), "{weight:?}");
    assert_eq!(treating.wishes.len(), Wish::ALL.len());
    assert!(treating.wishes.iter().any(|possible| possible.wish == Wish::Softer && possible.held.is_none()));
    let json = serde_json::to_value(treating).expect("JSON");
    assert_eq!(json["phase"], "treating");
    assert_eq!(json["move_mm"], serde_json::Value::Null);
    let told: Vec<&str> = somebody.told.iter().map(String::as_str).collect();
    let expected = ["lie_down", "press", "scan", "proposal", "next.warm", "release", "over"];
    assert_eq!(somebody.heard as usize, told.len(), "lines were lost between two pictures: {told:?}");
    let mut at = told.iter();
    for line in expected {
        assert!(at.any(|told| told.starts_with(line)), "{line} is missing or late in {told:?}");
    }
}
