//! The failsafe explorer's end at the twin: breaks something in the running world, judges by its truth whether
//! the limits hold, and tells what the guard does, line by line.
//!
//! The limits that hold are those of the storm (`sim::checks`), and what must follow a fault is told to the
//! checker as the storm tells it. They are promised for one broken part at a time: what is broken besides begins
//! a new judgement. A judgement ends when everything is mended or the bed is switched off and on.

use super::release::{Release, presses_on};
use bed::{Event, Report, SessionState};
use counts::{DeciNewtons, Instant, Micros, Millis};
use link::journal::{CROSSED_MAX, LINE_WORDS_MAX};
use link::{Crossed, FromBed, GuardActs, JournalLine, Noted, Verdict};
use machine::Response;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use sim::World;
use sim::checks::{Checker, Regime};
use sim::faults::{Class, Demand, strike};

/// A verdict is told so often. Guess: as fast as somebody reads it.
const VERDICT: Micros = Micros::from_millis(500);
/// Between passing and cutting commands the guard may change in every cycle: what has stood for so long is told.
/// Guess.
const SETTLES: Micros = Micros::from_millis(500);
/// The power must be gone within so much more than its demand. Source: as in the storm's windows.
const POWER: Micros = Micros::from_millis(20);

/// What the explorer knows.
pub struct Explorer {
    mass_kg: f64,
    lines: Vec<JournalLine>,
    number: u32,
    guard: Response,
    /// How it acts since when, and how it was told to act.
    since: Instant,
    told: Response,
    /// The guard acts, and something may still be told to rise or heat.
    goes_off: bool,
    release: Option<Release>,
    watch: Option<Watch>,
    verdict_due: Instant,
    /// The last verdict, where it has not been told yet.
    last: Option<Verdict>,
}

/// A judgement under way.
struct Watch {
    class: u8,
    seed: u32,
    since: Instant,
    checker: Checker,
    crossed: usize,
}

impl Explorer {
    /// For somebody of this mass.
    pub fn new(mass_kg: f64) -> Self {
        Self {
            mass_kg,
            lines: Vec::new(),
            number: 0,
            guard: Response::None,
            since: Instant::START,
            told: Response::None,
            goes_off: false,
            release: None,
            watch: None,
            verdict_due: Instant::START,
            last: None,
        }
    }

    /// Breaks something and begins to judge; tells what was broken.
    pub fn breaks(&mut self, class: Class, seed: u32, world: &mut World) -> String {
        let now = world.now();
        let number = Class::ALL.iter().position(|one| *one == class).unwrap_or_default() as u8;
        let admission = world.machine().control().admission();
        let mut checker = Checker::new(world.twin().bed(), self.mass_kg, admission);
        let unarmed = is_unarmed(world.machine().state());
        if class == Class::Unarmed && unarmed {
            checker.forbid();
        }
        let before = world.twin().faults().clone();
        let struck = strike(class, &mut ChaCha8Rng::seed_from_u64(u64::from(seed)), world);
        if *world.twin().faults() != before || class == Class::Clock {
            checker.set_regime(Regime::SingleFault);
        } else if matches!(class, Class::Control | Class::Unarmed) {
            checker.set_regime(Regime::BrokenControl);
        }
        if !unarmed {
            demand(&mut checker, world, now, &struck.demand);
        }
        self.watch = Some(Watch { class: number, seed, since: now, checker, crossed: 0 });
        self.verdict_due = now;
        self.note(now, Noted::Broke { class: number, seed }, &struck.words);
        struck.words
    }

    /// Everything was mended.
    pub fn mended(&mut self, now: Instant) {
        self.close(now);
        self.note(now, Noted::Mended, "");
    }

    /// The bed was switched off and on.
    pub fn restarted(&mut self, now: Instant) {
        self.close(now);
        (self.guard, self.told, self.since) = (Response::None, Response::None, now);
        (self.goes_off, self.release) = (false, None);
        self.note(now, Noted::Restarted, "");
    }

    /// Looks at a cycle.
    pub fn look(&mut self, world: &World, report: &Report) {
        let now = world.now();
        for event in &report.events {
            match *event {
                Event::State { to, .. } => self.note(now, Noted::State { to }, ""),
                Event::Fault { fault, index } => self.note(now, Noted::Fault { fault, index }, ""),
                Event::FaultCleared { fault, index } => self.note(now, Noted::Cleared { fault, index }, ""),
                _ => {}
            }
        }
        self.look_at_guard(world);
        self.look_at_release(world);
        if let Some(watch) = &mut self.watch {
            watch.checker.look(world);
            let crossings = watch.checker.crossings();
            let new = crossings[watch.crossed.min(crossings.len())..].to_vec();
            watch.crossed = crossings.len();
            for one in new {
                let noted = Noted::Crossed { value: one.value as f32, limit: one.limit as f32 };
                self.note(now, noted, &name(one.what));
            }
            if now >= self.verdict_due {
                self.verdict_due = now.after(VERDICT);
                self.last = self.watch.as_ref().map(|watch| watch.verdict(now, self.guard, true));
            }
        }
    }

    /// Somebody listens from now on, who has not heard how the guard acts.
    pub fn greet(&mut self, now: Instant) {
        self.note(now, Noted::Guard { acts: told(self.guard) }, "");
    }

    /// Tells what is new.
    pub fn tell(&mut self, mut say: impl FnMut(&FromBed)) {
        self.lines.drain(..).for_each(|line| say(&FromBed::Journal(line)));
        if let Some(verdict) = self.last.take() {
            say(&FromBed::Verdict(verdict));
        }
    }

    fn close(&mut self, now: Instant) {
        if let Some(watch) = self.watch.take() {
            self.last = Some(watch.verdict(now, self.guard, false));
        }
    }

    fn look_at_guard(&mut self, world: &World) {
        let (now, acts) = (world.now(), world.machine().response());
        if acts != self.guard {
            let rises = acts >= Response::Unload && acts > self.guard;
            (self.guard, self.since) = (acts, now);
            if rises {
                self.goes_off = true;
                self.release.get_or_insert_with(|| Release::begin(world, acts >= Response::Release));
            }
        }
        let settled = now.since(self.since).is_some_and(|span| span >= SETTLES);
        if acts != self.told && (settled || acts.max(self.told) >= Response::Unload) {
            self.told = acts;
            self.note(now, Noted::Guard { acts: told(acts) }, "");
        }
        if acts < Response::Unload {
            self.goes_off = false;
        } else if self.goes_off && (!world.outputs().power || !presses_on(world.outputs())) {
            self.goes_off = false;
            self.note(now, Noted::OutputsOff { power: world.outputs().power }, "");
        }
    }

    fn look_at_release(&mut self, world: &World) {
        let Some(release) = &mut self.release else { return };
        if !release.look(world) {
            return;
        }
        let stop = &release.stop;
        let noted = Noted::Released {
            from: DeciNewtons::new((stop.from_n() * 10.0) as i16),
            took: Millis::new((stop.released_s() * 1e3).ceil() as u32),
            allowed: Millis::new((stop.allowed_s() * 1e3).round() as u32),
        };
        self.release = None;
        self.note(world.now(), noted, "");
    }

    fn note(&mut self, now: Instant, noted: Noted, words: &str) {
        self.number += 1;
        let mut cut = heapless::String::<LINE_WORDS_MAX>::new();
        for letter in words.chars() {
            if cut.push(letter).is_err() {
                break;
            }
        }
        self.lines.push(JournalLine { number: self.number, now, noted, words: cut });
    }
}

impl Watch {
    fn verdict(&self, now: Instant, guard: Response, open: bool) -> Verdict {
        let worst = self.checker.worst();
        let mut crossed = heapless::Vec::<_, CROSSED_MAX>::new();
        for one in self.checker.crossings() {
            let what = heapless::String::try_from(name(one.what).as_str()).unwrap_or_default();
            // There are fewer limits than fit.
            let _ = crossed.push(Crossed { what, value: one.value as f32, limit: one.limit as f32 });
        }
        Verdict {
            class: self.class,
            seed: self.seed,
            since: self.since,
            until: now,
            open,
            guard: told(guard),
            force_n: worst.force_n as f32,
            force_share: worst.force_share as f32,
            skin_c: worst.skin_c as f32,
            dose_cem43: worst.dose_cem43 as f32,
            element_c: worst.element_c as f32,
            crossed,
        }
    }
}

/// Whether nothing may press or heat yet. Nobody is pressed who would have to be released, so the limits are all
/// that must hold.
fn is_unarmed(state: SessionState) -> bool {
    use SessionState::{AwaitingPerson, AwaitingSwitch, Homing, Idle};
    matches!(state, Homing | Idle | AwaitingPerson | AwaitingSwitch)
}

/// Tells the checker what must follow, as the storm does.
fn demand(checker: &mut Checker, world: &World, now: Instant, demand: &Demand) {
    let faults = world.twin().faults();
    for (index, _) in faults.lift_stuck.iter().enumerate().filter(|(_, stuck)| **stuck) {
        checker.jams(true, index);
    }
    for (index, _) in faults.carriage_stalled.iter().enumerate().filter(|(_, stalled)| **stalled) {
        checker.jams(false, index);
    }
    match demand {
        Demand::Limits => {}
        Demand::Motions(spans) => spans.iter().for_each(|span| checker.moves(now.after(*span))),
        Demand::Release(after) => checker.stops(world, now.after(*after), true),
        Demand::Unload(after) => checker.stops(world, now.after(*after), false),
        Demand::PowerOff(after) => {
            checker.powers_off(now.after(*after).after(POWER));
            checker.stops(world, now.after(*after), true);
        }
    }
}

fn told(response: Response) -> GuardActs {
    match response {
        Response::None => GuardActs::Nothing,
        Response::Limit => GuardActs::Limit,
        Response::Unload => GuardActs::Unload,
        Response::Release => GuardActs::Release,
        Response::PowerOff => GuardActs::PowerOff,
    }
}

/// The name of a limit as it is written in JSON, such as `skin_mean`.
fn name(what: sim::checks::What) -> String {
    serde_json::to_value(what).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Stage;

    /// A world at rest, lived through until its bed has homed.
    fn homed() -> (World, Explorer) {
        let bed = crate::bed_file::read(None).expect("the reference bed");
        let stage = Stage::of(bed, twin::Person::draw(3), 3);
        let mut world = stage.bare_world().expect("a world");
        world.set_willing(false);
        let mut explorer = Explorer::new(stage.person.basics.mass_kg);
        for _ in 0..20_000 {
            let report = world.step();
            explorer.look(&world, &report);
            if world.machine().state() == SessionState::Idle {
                return (world, explorer);
            }
        }
        panic!("the bed did not come to rest in 40 s");
    }

    #[test]
    fn what_changes_in_every_cycle_does_not_fill_the_journal() {
        let (mut world, mut explorer) = homed();
        let heats = Class::ALL.iter().copied().find(|class| *class == Class::Control).expect("a class");
        // Control gone wrong is cut in every cycle: that is one line, not five hundred a second.
        explorer.breaks(heats, 2, &mut world);
        let (noted, _) = live(&mut world, &mut explorer, 2500);
        let acts = noted.iter().filter(|one| matches!(one, Noted::Guard { .. })).count();
        assert!((1..=20).contains(&acts), "{acts} lines in five seconds: {noted:?}");
    }

    fn live(world: &mut World, explorer: &mut Explorer, cycles: usize) -> (Vec<Noted>, Option<Verdict>) {
        let (mut noted, mut verdict) = (Vec::new(), None);
        for _ in 0..cycles {
            let report = world.step();
            explorer.look(world, &report);
            explorer.tell(|message| match message {
                FromBed::Journal(line) => noted.push(line.noted),
                FromBed::Verdict(told) => verdict = Some(told.clone()),
                _ => {}
            });
        }
        (noted, verdict)
    }

    #[test]
    fn a_lost_supply_is_told_as_fault_as_power_off_and_as_a_limit_that_holds() {
        let (mut world, mut explorer) = homed();
        explorer.tell(|_| ());
        let words = explorer.breaks(Class::SupplyLost, 1, &mut world);
        assert_eq!(words, "supply lost");
        let (noted, verdict) = live(&mut world, &mut explorer, 2000);
        let class = Class::ALL.iter().position(|class| *class == Class::SupplyLost).expect("a class") as u8;
        assert!(noted.contains(&Noted::Broke { class, seed: 1 }), "{noted:?}");
        assert!(noted.iter().any(|one| matches!(one, Noted::Fault { fault: counts::Fault::SupplyLost, .. })));
        assert!(noted.contains(&Noted::Guard { acts: GuardActs::PowerOff }), "{noted:?}");
        assert!(noted.contains(&Noted::OutputsOff { power: false }), "{noted:?}");
        assert!(
            noted.iter().any(|one| matches!(one, Noted::Released { took, allowed, .. } if took <= allowed))
        );
        let verdict = verdict.expect("a verdict");
        assert!(verdict.open && verdict.crossed.is_empty(), "{verdict:?}");
        assert_eq!(verdict.guard, GuardActs::PowerOff);
    }

    #[test]
    fn a_judgement_ends_when_everything_is_mended_or_the_bed_begins_anew() {
        let (mut world, mut explorer) = homed();
        explorer.breaks(Class::Stop, 0, &mut world);
        let (_, verdict) = live(&mut world, &mut explorer, 400);
        assert!(verdict.is_some_and(|verdict| verdict.open));
        world.restart();
        explorer.restarted(world.now());
        let (noted, verdict) = live(&mut world, &mut explorer, 1);
        assert!(noted.contains(&Noted::Restarted) && verdict.is_some_and(|verdict| !verdict.open));
        let (_, verdict) = live(&mut world, &mut explorer, 1000);
        assert_eq!(verdict, None, "nothing is judged any more");
    }
}
