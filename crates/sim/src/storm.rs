//! One seeded window with a fault, from beginning to verdict.
//!
//! A *lead-in* is a long session of a drawn person under random strokes with nothing broken; clones of its
//! world at some moments are the *checkpoints* from which windows start. In a *window* one fault of a
//! class strikes at a random moment, and everything that must never happen is looked for until its end.
//! Each seed names its lead-in and its checkpoint, so that a class and a seed repeat a window exactly.

use crate::checks::{Checker, Crossing, Regime, Worst};
use crate::faults::{Class, Demand, Strike, strike};
use crate::script::Script;
use crate::world::World;
use bed::{BedConfig, Event, SessionState};
use counts::{Fault, Instant, Micros};
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use twin::{Disturbance, Person, Surroundings};

/// Windows that share a lead-in, one from each of its checkpoints.
pub const MOMENTS: usize = 4;
/// When a lead-in's checkpoints lie, s from its beginning; each up to 30 s later.
const MOMENTS_S: [f64; MOMENTS] = [45.0, 180.0, 480.0, 1080.0];
/// A lead-in ends here, s.
const LEAD_IN_S: f64 = 1140.0;
/// Length of a window, s; of one whose harm takes long because it is heat; of a stop.
const WINDOW_S: (f64, f64, f64) = (60.0, 240.0, 12.0);
/// The fault strikes within so many seconds of a window's beginning.
const STRIKE_S: f64 = 25.0;
/// Control that has gone wrong is stopped so long after, s.
const STOPPED_S: f64 = 20.0;

/// A kind of world: a bed, and what is broken in its guard on purpose.
#[derive(Clone, Debug)]
pub struct Storm {
    bed: BedConfig,
    #[cfg(feature = "planted")]
    defect: Option<machine::Defect>,
}

/// A world in the middle of a session.
#[derive(Clone)]
pub struct Checkpoint {
    world: World,
    script: Script,
    checker: Checker,
}

/// What a window came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Class of the fault.
    pub class: Class,
    /// Seed; with the class it repeats the window.
    pub seed: u64,
    /// What struck.
    pub strike: String,
    /// When it struck, s from the beginning of the session.
    pub struck_s: f64,
    /// Force of both heads at that moment, N.
    pub under_n: f64,
    /// Limits that were crossed, each once.
    pub crossings: Vec<Crossing>,
    /// The largest values.
    pub worst: Worst,
    /// The stop, if the window had one.
    pub release: Option<Release>,
    /// Faults that the guard told of, and when, s.
    pub faults: Vec<(f64, Fault, u8)>,
    /// Where the session stood at the end.
    pub ended: SessionState,
}

/// How fast a person was released.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Release {
    /// Force of both heads at the edge, N.
    pub from_n: f64,
    /// From the edge to the last moment with 10 N under a head, s.
    pub seconds: f64,
    /// What it may take, s.
    pub allowed_s: f64,
}

impl Verdict {
    fn new(class: Class, seed: u64) -> Self {
        Self {
            class,
            seed,
            strike: String::new(),
            struck_s: 0.0,
            under_n: 0.0,
            crossings: Vec::new(),
            worst: Worst::default(),
            release: None,
            faults: Vec::new(),
            ended: SessionState::default(),
        }
    }

    /// True where no limit was crossed.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.crossings.is_empty()
    }
}

/// The number of the lead-in of a seed's window.
#[must_use]
pub const fn lead_in_of(seed: u64) -> u64 {
    seed / MOMENTS as u64
}

fn moment(seconds: f64) -> Micros {
    Micros::new((seconds * 1e6) as u64)
}

impl Storm {
    /// Storms on a bed; the bed's description must have been checked.
    #[must_use]
    pub fn new(bed: &BedConfig) -> Self {
        Self {
            bed: bed.clone(),
            #[cfg(feature = "planted")]
            defect: None,
        }
    }

    /// The same with a guard that has one check broken on purpose.
    #[cfg(feature = "planted")]
    #[must_use]
    pub fn with_defect(bed: &BedConfig, defect: machine::Defect) -> Self {
        Self { defect: Some(defect), ..Self::new(bed) }
    }

    fn begin(&self, number: u64) -> Option<Checkpoint> {
        let person = Person::draw(number.wrapping_add(10_000));
        let surroundings = Surroundings { starts_lying: false, ..Surroundings::draw(number) };
        #[cfg(feature = "planted")]
        let machine = match self.defect {
            Some(defect) => machine::Machine::with_defect(&self.bed, defect),
            None => machine::Machine::new(&self.bed),
        };
        #[cfg(not(feature = "planted"))]
        let machine = machine::Machine::new(&self.bed);
        let world = World::with_machine(machine.ok()?, &self.bed, &person, &surroundings, number);
        let script = Script::new(number, self.bed.carriages.len());
        let checker = Checker::new(&self.bed, person.basics.mass_kg, script.admission());
        Some(Checkpoint { world, script, checker })
    }

    /// A whole lead-in: its checkpoints up to moment `upto`, and what happened on the way. Nothing for a
    /// bed that cannot be used.
    #[must_use]
    pub fn lead_in(&self, number: u64, upto: usize, calm: bool) -> (Vec<Checkpoint>, Option<Verdict>) {
        let Some(mut live) = self.begin(number) else { return (Vec::new(), None) };
        let mut verdict = Verdict::new(Class::Calm, number);
        let mut rng = ChaCha8Rng::seed_from_u64(number ^ 0x6c65_6164);
        let mut checkpoints = Vec::with_capacity(MOMENTS);
        for place in MOMENTS_S.iter().take(upto + 1) {
            let until = Instant::START.after(moment(place + rng.random_range(0.0..30.0)));
            live.run(until, &mut verdict);
            checkpoints.push(live.clone());
        }
        if calm {
            live.run(Instant::START.after(moment(LEAD_IN_S)), &mut verdict);
        }
        live.conclude(&mut verdict);
        "nothing".clone_into(&mut verdict.strike);
        (checkpoints, Some(verdict))
    }

    /// One window of a class from a checkpoint of its seed's lead-in.
    #[must_use]
    pub fn window(&self, checkpoints: &[Checkpoint], class: Class, seed: u64) -> Option<Verdict> {
        let own = if class == Class::Unarmed {
            self.unarmed(seed)
        } else {
            checkpoints.get(seed as usize % MOMENTS).cloned()
        };
        Some(own?.window(class, seed))
    }

    /// One window by itself, with its lead-in.
    #[must_use]
    pub fn alone(&self, class: Class, seed: u64) -> Option<Verdict> {
        if class == Class::Calm {
            return self.lead_in(seed, MOMENTS - 1, true).1;
        }
        let (checkpoints, _) = self.lead_in(lead_in_of(seed), seed as usize % MOMENTS, false);
        self.window(&checkpoints, class, seed)
    }

    /// A person who has lain down and will not press the hand switch.
    fn unarmed(&self, seed: u64) -> Option<Checkpoint> {
        let mut live = self.begin(lead_in_of(seed))?;
        live.checker.forbid();
        live.world.set_willing(false);
        live.world.twin_mut().disturb(Disturbance::LieDown, Instant::START.after(moment(12.0)));
        live.run(Instant::START.after(moment(22.0)), &mut Verdict::new(Class::Unarmed, seed));
        Some(live)
    }
}

impl Checkpoint {
    /// Lives on until a moment.
    fn run(&mut self, until: Instant, verdict: &mut Verdict) {
        while self.world.now() < until {
            let report = self.script.step(&mut self.world);
            self.checker.look(&self.world);
            for event in &report.events {
                if let Event::Fault { fault, index } = *event {
                    verdict.faults.push((self.world.now().seconds(), fault, index));
                }
            }
        }
    }

    fn conclude(&self, verdict: &mut Verdict) {
        verdict.crossings = self.checker.crossings().to_vec();
        verdict.worst = self.checker.worst();
        verdict.ended = self.script.state();
        verdict.release = self.checker.stop().map(|stop| Release {
            from_n: stop.from_n(),
            seconds: stop.released_s(),
            allowed_s: stop.allowed_s(),
        });
    }

    fn window(mut self, class: Class, seed: u64) -> Verdict {
        let mut verdict = Verdict::new(class, seed);
        let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(64).wrapping_add(class as u64));
        self.script.reseed(seed);
        self.checker.forget();
        self.run(self.world.now().after(moment(rng.random_range(0.1..STRIKE_S))), &mut verdict);
        verdict.struck_s = self.world.now().seconds();
        let truth = self.world.twin().truth();
        let carriages = self.world.twin().bed().carriages.len();
        verdict.under_n = (0..carriages).map(|index| truth.force_n(index)).fold(0.0, f64::max);
        let what = self.strikes(class, &mut rng);
        let begun = self.world.now();
        let window = match class {
            Class::Thermometer | Class::HeaterStuckOn | Class::CarriageStalled => WINDOW_S.1,
            Class::Stop => WINDOW_S.2,
            _ => WINDOW_S.0,
        };
        if class == Class::Control {
            self.run(begun.after(moment(rng.random_range(0.1..STOPPED_S))), &mut verdict);
            self.ends(&mut rng);
        }
        self.run(begun.after(moment(window)), &mut verdict);
        self.conclude(&mut verdict);
        verdict.strike = what;
        verdict
    }

    /// The fault strikes, and the checker is told what must follow.
    fn strikes(&mut self, class: Class, rng: &mut ChaCha8Rng) -> String {
        let now = self.world.now();
        if class == Class::Stop && rng.random_bool(0.33) {
            self.script.stop();
            self.checker.stops(&self.world, now, true);
            return "the host asks for a stop".to_owned();
        }
        let before = self.world.twin().faults().clone();
        let Strike { words, demand } = strike(class, rng, &mut self.world);
        let faults = self.world.twin().faults();
        if *faults != before || class == Class::Clock {
            self.checker.set_regime(Regime::SingleFault);
        } else if matches!(class, Class::Control | Class::Unarmed) {
            self.checker.set_regime(Regime::BrokenControl);
        }
        for index in 0..faults.lift_stuck.len() {
            if faults.lift_stuck[index] {
                self.checker.jams(true, index);
            }
        }
        for index in 0..faults.carriage_stalled.len() {
            if faults.carriage_stalled[index] {
                self.checker.jams(false, index);
            }
        }
        match demand {
            Demand::Limits => {}
            Demand::Motions(spans) => spans.iter().for_each(|span| self.checker.moves(now.after(*span))),
            Demand::Release(after) => self.checker.stops(&self.world, now.after(after), true),
            Demand::Unload(after) => self.checker.stops(&self.world, now.after(after), false),
            Demand::PowerOff(after) => {
                self.checker.powers_off(now.after(after).after(Micros::from_millis(20)));
                self.checker.stops(&self.world, now.after(after), true);
            }
        }
        words
    }

    /// A stop against a control that has gone wrong, or a host that falls silent beside it.
    fn ends(&mut self, rng: &mut ChaCha8Rng) {
        let class = if rng.random_bool(0.5) { Class::Stop } else { Class::HostSilent };
        self.strikes(class, rng);
    }
}

/// Upper end of the one-sided 95 % interval (Clopper-Pearson) of a rate, from `crossed` of `n` windows:
/// the rate at which so few would come in one of twenty storms.
///
/// ```
/// // 1 - 0.05^(1/200) = 1.487 %: nothing in 200 proves less than 1.5 %.
/// assert!((sim::storm::rate_upper(0, 200) - 0.01487).abs() < 1e-4);
/// // Clopper & Pearson 1934: 1 of 10 is up to 39.4 %.
/// assert!((sim::storm::rate_upper(1, 10) - 0.394).abs() < 1e-3);
/// ```
#[must_use]
pub fn rate_upper(crossed: usize, n: usize) -> f64 {
    if n == 0 || crossed >= n {
        return 1.0;
    }
    // Probability of at most `crossed` at a rate, by its recurrence.
    let at_most = |rate: f64| {
        let mut term = (1.0 - rate).powi(i32::try_from(n).unwrap_or(i32::MAX));
        let mut sum = term;
        for k in 0..crossed {
            term *= (n - k) as f64 / (k + 1) as f64 * rate / (1.0 - rate);
            sum += term;
        }
        sum
    };
    let (mut low, mut high) = (crossed as f64 / n as f64, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if at_most(middle) > 0.05 { low = middle } else { high = middle }
    }
    high
}

/// The line that repeats a window.
#[must_use]
pub fn repeat(class: Class, seed: u64) -> String {
    format!("ondol bench safety --class {} --seed {seed} --windows 1", class.key())
}
