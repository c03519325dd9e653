//! What every run on the twin needs: a bed, a person, and what the estimator may believe before it has
//! seen anything. The person's own spine is never among what the belief was fitted on.

use crate::bed_file;
use crate::fail::Failure;
use crate::who::Who;
use bed::{Bed, BedConfig, Event, Level, Report, Request, Side, SpineScan};
use care::{Answers, Clearance, Day, Findings};
use counts::Micros;
use host::log::{self, Header};
use host::session::Setting;
use plan::{History, Program, Visit};
use population::{About, ShapeModel};
use serde_json::{Value, json};
use sim::World;
use std::cell::Cell;
use std::convert::Infallible;
use std::path::Path;
use std::rc::Rc;
use twin::{Disturbance, Person, Surroundings};

/// A bed, a person, and what is known of them.
pub struct Stage {
    /// The bed's description.
    pub bed: BedConfig,
    /// Who lies on it.
    pub person: Person,
    /// What the person says of themselves.
    pub about: About,
    /// What the scan believes of spines before it has seen one.
    pub prior: ShapeModel,
    /// Where and how they lie.
    pub surroundings: Surroundings,
    /// Seed of everything left to chance.
    pub seed: u64,
}

impl Stage {
    /// Sets the stage from what was asked for on the command line.
    pub fn set(who: &Who, bed: Option<&Path>, seed: u64) -> Result<Self, Failure> {
        let bed = bed_file::read(bed)?;
        Ok(Self::of(bed, who.person(seed)?, seed))
    }

    /// Sets the stage for a person.
    pub fn of(bed: BedConfig, person: Person, seed: u64) -> Self {
        let surroundings = Surroundings { starts_lying: false, ..Surroundings::draw(seed) };
        let about = person.about();
        let prior = ShapeModel::excluding(&person.name).given(&about);
        Self { bed, about, prior, person, surroundings, seed }
    }

    /// What a session needs to know of bed, person and wish.
    pub fn setting<'a>(&'a self, program: &'a Program, history: History, visit: Visit) -> Setting<'a> {
        Setting {
            bed: &self.bed,
            about: self.about,
            prior: &self.prior,
            program,
            only: false,
            history,
            softer: 0,
            visit,
        }
    }

    /// A fresh world with nobody on the bed yet.
    pub fn world(&self) -> Result<Observed, Failure> {
        Ok(Observed {
            world: self.bare_world()?,
            asked: Asked::default(),
            at_turn: Vec::new(),
            tension: Vec::new(),
            samples: Vec::new(),
        })
    }

    /// The same, unobserved.
    pub fn bare_world(&self) -> Result<World, Failure> {
        World::new(&self.bed, &self.person, &self.surroundings, self.seed).map_err(Failure::input)
    }

    /// What a log says of itself first.
    pub fn header(&self) -> Header {
        Header {
            schema_version: log::SCHEMA_VERSION,
            ondol_version: env!("CARGO_PKG_VERSION").to_owned(),
            bed: self.bed.clone(),
            bed_checksum: self.bed.checksum(),
            limits_checksum: log::limits_checksum(),
            prior_checksum: log::prior_checksum(&self.prior),
            seed: Some(self.seed),
            from_switch_on: true,
            notice: host::NOTICE.to_owned(),
        }
    }

    /// What screening allows this person today; with what was told, triage and the thermal table beside it.
    pub fn clearance(&self, answers: &Answers, told: Option<&Findings>, today: Day) -> Clearance {
        let person = care::Person::new(
            self.person.basics.age_years,
            self.person.basics.stature_mm,
            self.person.basics.mass_kg,
        );
        match told {
            Some(findings) => care::clear(&person, answers, findings, today, today),
            None => care::screen(&person, answers, today),
        }
    }

    /// The answers of this simulated person, drawn from their name.
    pub fn answers(&self, today: Day) -> Answers {
        let seed = self.person.name.bytes().fold(self.seed, |seed, byte| {
            seed.wrapping_mul(0x0000_0100_0000_01b3).wrapping_add(u64::from(byte))
        });
        care::draw_answers(seed, today)
    }
}

/// A world whose truth is kept while it runs. To the host it is a bed like any other.
pub struct Observed {
    /// The world.
    pub world: World,
    /// Body centres when the first scan turned, heads unloaded, mean over a breath.
    pub at_turn: Vec<(Level, [f64; 3])>,
    /// Tension when the first scan turned.
    pub tension: Vec<(Level, Side, f64)>,
    /// Where whoever leads the session leaves a wish that the person should move, mm to their left.
    pub asked: Asked,
    samples: Vec<Sample>,
}

/// A wish that the simulated person should move, mm to their left; taken once.
pub type Asked = Rc<Cell<Option<f64>>>;

/// Guess: a willing person moves so long after being asked to, and takes so long, seconds.
const MOVES_S: (f64, f64) = (1.0, 2.0);

#[derive(serde::Serialize)]
struct Sample {
    time_s: f64,
    head_force_n: Vec<f64>,
    skin_max_c: f64,
    dose_max_cem43: f64,
}

/// Seconds between two samples of the truth.
const SAMPLE_S: f64 = 0.5;

impl Observed {
    /// Share of the time so far in which a head touched the person.
    pub fn contact_share(&self) -> f64 {
        let touching =
            self.samples.iter().filter(|sample| sample.head_force_n.iter().any(|force_n| *force_n > 0.0));
        touching.count() as f64 / self.samples.len().max(1) as f64
    }

    /// Everything that is true, for a file of its own.
    pub fn truth(&self, bed: &BedConfig) -> Value {
        let heads = bed.heads();
        let samples: Vec<Value> = self
            .samples
            .iter()
            .map(|sample| {
                json!([sample.time_s, sample.head_force_n[..heads], sample.skin_max_c, sample.dose_max_cem43])
            })
            .collect();
        let mut truth = as_json(&self.at_turn, &self.tension);
        truth["notice"] = json!(host::NOTICE);
        truth["samples"] =
            json!({ "columns": ["time_s", "head_force_n", "skin_max_c", "dose_max_cem43"], "rows": samples });
        truth
    }

    fn observe(&mut self, report: &Report) {
        if let Some(y_mm) = self.asked.take() {
            let at = report.now.after(Micros::new((MOVES_S.0 * 1e6) as u64));
            self.world.twin_mut().disturb(Disturbance::Shift { x_mm: 0.0, y_mm, seconds: MOVES_S.1 }, at);
            self.at_turn.clear();
        }
        if self.at_turn.is_empty() && report.events.contains(&Event::ScanTurned) {
            self.at_turn = self.world.twin().truth_centres();
            self.tension = self.world.twin().truth_tension();
        }
        let now = report.now.seconds();
        if self.samples.last().is_none_or(|last| now >= last.time_s + SAMPLE_S - 1e-6) {
            let truth = self.world.twin().truth();
            let heat = self.world.twin().heat();
            self.samples.push(Sample {
                time_s: now,
                head_force_n: truth.head_force_n.to_vec(),
                skin_max_c: heat.skin_max_c(),
                dose_max_cem43: heat.cem43_max(),
            });
        }
    }
}

impl Bed for Observed {
    type Error = Infallible;

    fn send(&mut self, request: &Request) -> Result<(), Infallible> {
        self.world.send(request)
    }

    fn receive(&mut self, report: &mut Report) -> Result<(), Infallible> {
        self.world.live(report);
        self.observe(report);
        Ok(())
    }

    fn waits(&self) -> bool {
        self.world.waits()
    }

    fn state(&self) -> Option<bed::SessionState> {
        self.world.state()
    }

    fn heat_dose(&self) -> Option<bed::HeatDose> {
        self.world.heat_dose()
    }
}

/// Truth under the names that a scan's answer uses, as plain numbers.
pub fn as_json(centres: &[(Level, [f64; 3])], tension: &[(Level, Side, f64)]) -> Value {
    let levels: Vec<Value> = centres
        .iter()
        .map(|(level, at)| json!({ "level": level, "x_mm": at[0], "y_mm": at[1], "z_mm": at[2] }))
        .collect();
    let tension: Vec<Value> = tension
        .iter()
        .map(|(level, side, ratio)| json!({ "level": level, "side": side, "ratio": ratio }))
        .collect();
    let measures = bed::spine::measure(centres);
    json!({
        "levels": levels,
        "length_t1_l5_mm": measures.map(|measures| measures.length_t1_l5_mm),
        "kyphosis_deg": measures.map(|measures| measures.kyphosis_deg),
        "lordosis_deg": measures.map(|measures| measures.lordosis_deg),
        "lateral_deviation_mm": measures.map(|measures| measures.lateral_deviation_mm),
        "tension": tension,
    })
}

/// A scan's answer as JSON, with what it means and where it comes from.
pub fn scan_json(scan: &SpineScan) -> Result<Value, Failure> {
    let mut value = serde_json::to_value(scan).map_err(Failure::work)?;
    value["notice"] = json!(host::NOTICE);
    value["posture"] = json!("supine");
    value["definition"] = json!(
        "body centres in the bed frame (x head to foot, y left, z up); length: polyline T1..last lumbar; \
         kyphosis: chords first-4th and 4th-last-last thoracic; lordosis: chords last thoracic-2nd lumbar and \
         3rd-last-last lumbar; sideways: largest signed y from the line T1..last lumbar; not Cobb angles"
    );
    Ok(value)
}
