//! One scan of one simulated person, three estimators eating the same readings, and what is true.

use super::figures::{TensePlace, TrueTension, Truth};
use crate::fail::Failure;
use crate::stage::Stage;
use bed::spine::measure;
use bed::{BedConfig, Event, Report, SpineScan};
use care::Answers;
use host::clock::today;
use host::session::survey;
use plan::{History, Visit};
use population::{About, Basics, Tissue};
use scan::{Estimator, Mode};
use std::time::{Duration, Instant};
use twin::{Person, SpineFile, Surroundings, Variation};

/// Whose spine it is.
pub enum Subject {
    /// A real spine shape, and its number among them.
    Real(usize, SpineFile),
    /// Somebody drawn from the population, by number.
    Drawn(u64),
}

impl Subject {
    /// The name.
    pub fn name(&self) -> String {
        match self {
            Self::Real(_, spine) => spine.name.clone(),
            Self::Drawn(number) => format!("drawn-{number}"),
        }
    }

    /// The number of a drawn person.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Real(..) => None,
            Self::Drawn(number) => Some(*number),
        }
    }

    /// False for a spine with other vertebrae than T1 to L5.
    pub fn is_regular(&self) -> bool {
        match self {
            Self::Real(_, spine) => spine.is_regular(),
            Self::Drawn(_) => true,
        }
    }
}

/// How the world differs from the one that the estimator expects.
#[derive(Clone)]
pub struct World {
    /// In words.
    pub name: &'static str,
    /// How the body is drawn.
    pub variation: Variation,
    /// Stiffness of the pad over a new one's.
    pub pad_scale: f64,
    /// Error of the load cells' gain.
    pub load_cell_gain_error: f64,
}

impl World {
    /// The world as the estimator expects it.
    pub fn expected() -> Self {
        Self {
            name: "as expected",
            variation: Variation::default(),
            pad_scale: 1.0,
            load_cell_gain_error: 0.0,
        }
    }

    /// Worlds that are not as expected, one change each.
    pub fn wrong() -> Vec<Self> {
        let varied = |name, variation| Self { name, variation, ..Self::expected() };
        let default = Variation::default;
        let landmarks = |name, scale: f64| {
            let mut tissue = Tissue::prior();
            tissue.neck_drop_mm.sd *= scale;
            tissue.sacrum_onset_mm.sd *= scale;
            varied(name, Variation { tissue, ..default() })
        };
        let scatter = |name, sd_ln| {
            varied(
                name,
                Variation { tissue: Tissue { stiffness_site_sd_ln: sd_ln, ..Tissue::prior() }, ..default() },
            )
        };
        let tense = |name, ratio: Option<f64>| {
            let mut tissue = Tissue::prior();
            if let Some(ratio) = ratio {
                (tissue.tense_ratio.low, tissue.tense_ratio.high) = (ratio, ratio);
            }
            let tense_sites = Some(usize::from(ratio.is_some()));
            varied(name, Variation { tissue, tense_sites, ..default() })
        };
        vec![
            varied("law of indentation: exponent 1.0", Variation { power: Some(1.0), ..default() }),
            varied("law of indentation: exponent 2.2", Variation { power: Some(2.2), ..default() }),
            varied("tissue half as stiff", Variation { stiffness_scale: 0.5, ..default() }),
            varied("tissue twice as stiff", Variation { stiffness_scale: 2.0, ..default() }),
            varied("tissue 8 mm thicker", Variation { thickness_shift_mm: 8.0, ..default() }),
            varied("tissue 8 mm thinner", Variation { thickness_shift_mm: -8.0, ..default() }),
            varied("no rhythm of transverse processes", Variation { rhythm: false, ..default() }),
            landmarks("landmarks scatter half as much", 0.5),
            landmarks("landmarks scatter twice as much", 2.0),
            Self { name: "pad worn to 0.6", pad_scale: 0.6, ..Self::expected() },
            tense("one tense place of ratio 1.5", Some(1.5)),
            tense("one tense place of ratio 1.3", Some(1.3)),
            tense("no tense place", None),
            Self { name: "load cells read 3 % too much", load_cell_gain_error: 0.03, ..Self::expected() },
            scatter("stiffness scatters 4 % between sites", 0.04),
            scatter("stiffness scatters 12 % between sites", 0.12),
        ]
    }
}

/// One scan to be done.
pub struct Case<'a> {
    /// Whose.
    pub subject: &'a Subject,
    /// Seed of the body, of how the person lies, and of everything left to chance.
    pub seed: u64,
    /// In which world.
    pub world: &'a World,
    /// Whether the live estimate is asked for and timed.
    pub timed: bool,
    /// Whether it is told what the readings say of everything but the spine once its place is known.
    pub nuisances: bool,
}

/// Names of the estimators, in the order of [`Trial::found`].
pub const MODES: [(&str, Mode); 3] =
    [("scan", Mode::Full), ("no_readings", Mode::NoReadings), ("landmarks_only", Mode::LandmarksOnly)];

/// What came of one scan.
pub struct Trial {
    /// Whose.
    pub name: String,
    /// The seed.
    pub seed: u64,
    /// Sex, age, stature, mass.
    pub basics: Basics,
    /// What is true.
    pub truth: Truth,
    /// What each estimator found, or why it refused.
    pub found: [Result<SpineScan, String>; 3],
    /// From first contact to last lift-off.
    pub bed_seconds: Option<f64>,
    /// What the readings tell of everything but the spine once its place is known; nothing where they tell nothing.
    pub nuisances: Vec<(String, f64)>,
    /// Computing time of each 100 ms of the bed's time, adding and estimating, ms.
    pub compute_ms: Vec<f64>,
    /// Computing time of the answer at the end, ms.
    pub finish_ms: f64,
}

/// Cycles of 2 ms in 100 ms.
const CYCLES: u32 = 50;

/// Watches how long the bed and the live estimate take.
#[derive(Default)]
struct Watch {
    live: Option<Estimator>,
    cycles: u32,
    spent: Duration,
    compute_ms: Vec<f64>,
    contact: Option<(f64, f64)>,
}

impl Watch {
    fn add(&mut self, report: &Report) {
        for event in &report.events {
            if matches!(event, Event::Landed { .. } | Event::LiftedOff { .. }) {
                let now = report.now.seconds();
                self.contact = Some((self.contact.map_or(now, |(from, _)| from), now));
            }
        }
        let Some(live) = &mut self.live else { return };
        let start = Instant::now();
        live.add(report.now, &report.readings);
        self.cycles += 1;
        if self.cycles == CYCLES {
            let _ = live.estimate();
            self.cycles = 0;
        }
        self.spent += start.elapsed();
        if self.cycles == 0 {
            self.compute_ms.push(std::mem::take(&mut self.spent).as_secs_f64() * 1e3);
        }
    }
}

fn person(case: &Case<'_>) -> Result<Person, Failure> {
    match case.subject {
        Subject::Real(_, spine) => {
            Person::from_spine_with(spine, &About::default(), case.seed, &case.world.variation)
                .map_err(Failure::input)
        }
        Subject::Drawn(number) => Ok(Person::draw_with(*number, &case.world.variation)),
    }
}

/// Scans one person once.
///
/// # Errors
/// When the person or the bed cannot be simulated; refusals stand in the trial.
pub fn scan(bed: &BedConfig, case: &Case<'_>) -> Result<Trial, Failure> {
    let mut stage = Stage::of(bed.clone(), person(case)?, case.seed);
    stage.surroundings = Surroundings {
        pad_scale: case.world.pad_scale,
        load_cell_gain_error: case.world.load_cell_gain_error,
        ..stage.surroundings
    };
    let mut observed = stage.world()?;
    let mut estimators = MODES.map(|(_, mode)| Estimator::new(&stage.prior, &stage.about, bed, mode));
    let mut watch = Watch { live: case.timed.then(|| estimators[0].clone()), ..Watch::default() };
    let day = today();
    let clearance = stage.clearance(&Answers::all_no(day, true), None, day);
    let program = plan::shipped().first().ok_or_else(|| Failure::work("no program is shipped"))?;
    let setting = stage.setting(program, History::returning(1), Visit::on(day));
    let mut eat = |report: &Report| {
        for estimator in &mut estimators {
            estimator.add(report.now, &report.readings);
        }
        watch.add(report);
    };
    let ended = survey(&mut observed, &setting, &clearance, &mut eat).map_err(Failure::work)?;
    let start = Instant::now();
    let first = finish(&estimators[0], ended.as_ref());
    let finish_ms = start.elapsed().as_secs_f64() * 1e3;
    let found = [first, finish(&estimators[1], None), finish(&estimators[2], ended.as_ref())];
    let (centres, tension) = match observed.at_turn.is_empty() {
        true => (observed.world.twin().truth_centres(), observed.world.twin().truth_tension()),
        false => (observed.at_turn, observed.tension),
    };
    let t1_mm = centres.first().map_or(0.0, |(_, t1)| t1[0] - stage.person.levels[0].centre_mm[0]);
    let place = |site: &twin::TenseSite| TensePlace {
        x_mm: t1_mm + site.x_mm,
        side: site.side,
        half_length_mm: site.half_length_mm,
    };
    let truth = Truth {
        measures: measure(&centres).ok_or_else(|| Failure::work("a spine without enough levels"))?,
        centres,
        tension: tension.into_iter().map(|(level, side, ratio)| TrueTension { level, side, ratio }).collect(),
        tense: stage.person.tense.iter().map(place).collect(),
    };
    let mut known = [[0.0; 3]; population::BODIES];
    for (known, (_, centre)) in known.iter_mut().zip(&truth.centres) {
        *known = *centre;
    }
    let regular = case.nuisances && truth.centres.len() == known.len() && ended.is_none();
    let nuisances = if regular { estimators[0].nuisances(&known).unwrap_or_default() } else { Vec::new() };
    Ok(Trial {
        nuisances,
        name: case.subject.name(),
        seed: case.seed,
        basics: stage.person.basics,
        truth,
        found,
        bed_seconds: watch.contact.map(|(from, to)| to - from),
        compute_ms: watch.compute_ms,
        finish_ms,
    })
}

fn finish(estimator: &Estimator, ended: Option<&host::session::Ended>) -> Result<SpineScan, String> {
    match ended {
        Some(ended) => Err(format!("the session ended: {ended:?}")),
        None => estimator.finish().map_err(|refusal| refusal.to_string()),
    }
}
