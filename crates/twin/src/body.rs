//! A person: the spine, what lies between it and the skin, and how it lives.
//!
//! Coordinates here are from the T1 body centre, in the bed's directions: x to the feet, y to the
//! person's left, z up. Where the person lies is not part of a person, see [`crate::Surroundings`].
//! A person is drawn from the population, or built around a measured spine; what a spine file does
//! not say (sex, stature, tissue) is drawn.

use bed::{Level, Side};
use population::{About, BODIES, Basics, Draws, PersonTissue, SACRUM, Shape, ShapeModel, Tissue};
use rand_chacha::ChaCha8Rng;
use thiserror::Error;

use crate::heat;
use crate::random::{held_normal, normal, stream, uniform};
use crate::spine_file::SpineFile;
use crate::tissue::{Law, Site};
use crate::tissue_prior as prior;

/// One vertebra of a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyLevel {
    /// Its name.
    pub level: Level,
    /// Centre of its body from the T1 body centre, mm.
    pub centre_mm: [f64; 3],
    /// The bone's dorsal surface beside the spinous process, x and z from the T1 body centre, mm.
    pub dorsal_mm: [f64; 2],
    /// Soft tissue between that bone and the unloaded skin, left and right, mm.
    pub thickness_mm: [f64; 2],
    /// Relaxed force over depth at 12 mm under one roller, left and right, N/mm, without tense sites.
    pub stiffness_n_mm: [f64; 2],
    /// What would be expected there in this person, N/mm.
    pub expected_n_mm: f64,
    /// Where along the spine the transverse processes or ribs stand out most, from the T1 body centre, mm.
    pub process_x_mm: f64,
    /// How far they shape the skin there, mm either way of its mean course.
    pub process_mm: f64,
}

/// A tense place: muscle that is stiffer than expected, falling off as a raised cosine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TenseSite {
    /// The nearest vertebra.
    pub level: Level,
    /// On which side.
    pub side: Side,
    /// Its middle along the spine from the T1 body centre, mm.
    pub x_mm: f64,
    /// Stiffness at its middle over the expected one.
    pub ratio: f64,
    /// Half its length, mm.
    pub half_length_mm: f64,
}

impl TenseSite {
    /// Factor on the stiffness at a place along the spine.
    #[must_use]
    pub fn factor_at(&self, x_mm: f64) -> f64 {
        let away = (x_mm - self.x_mm).abs() / self.half_length_mm;
        if away >= 1.0 {
            return 1.0;
        }
        1.0 + (self.ratio - 1.0) * 0.5 * (1.0 + libm::cos(std::f64::consts::PI * away))
    }
}

/// Where the back ends, hidden from everybody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landmarks {
    /// Cranial of the T1 body centre by so much the skin leaves for the neck, mm.
    pub neck_mm: f64,
    /// Caudal of the last lumbar body centre by so much the sacral plateau begins, mm.
    pub plateau_mm: f64,
    /// Height of the bump at the posterior superior iliac spines, mm.
    pub bump_mm: f64,
    /// Tissue over the sacrum, left and right.
    pub sacrum: [Site; 2],
}

/// How a person breathes at rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breathing {
    /// Breaths a second.
    pub rate_hz: f64,
    /// Excursion of the back between breathing in and out, at its largest (T8 to L1), mm.
    pub excursion_mm: f64,
}

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Scan id of the spine, or how the person was drawn.
    pub name: String,
    /// Sex, age, stature, mass.
    pub basics: Basics,
    /// Vertebrae from T1 to the last lumbar.
    pub levels: Vec<BodyLevel>,
    /// Tense places.
    pub tense: Vec<TenseSite>,
    /// Neck and sacrum.
    pub landmarks: Landmarks,
    /// Radius of the back's cross-section beside the spine, mm.
    pub contour_radius_mm: f64,
    /// The weight lies so far to the left of the line from T1 to the last lumbar level, mm.
    pub weight_aside_mm: f64,
    /// How the tissue answers.
    pub law: Law,
    /// Breathing at rest.
    pub breathing: Breathing,
    /// What the body is to heat.
    pub heat: heat::Body,
}

/// How people are drawn: the natural spread, and worlds that are not as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// Spreads of the tissue; the scatter between sites and the landmarks' SD are fields of it.
    pub tissue: Tissue,
    /// Transverse processes and ribs shape the skin.
    pub rhythm: bool,
    /// Exponent of the law of indentation, where it is not to be drawn.
    pub power: Option<f64>,
    /// Factor on all stiffness.
    pub stiffness_scale: f64,
    /// Added to all thickness, mm.
    pub thickness_shift_mm: f64,
    /// So many tense places, at most three; drawn where `None`.
    pub tense_sites: Option<usize>,
    /// Wears a shirt; drawn where `None`.
    pub clothed: Option<bool>,
}

impl Default for Variation {
    fn default() -> Self {
        Self {
            tissue: Tissue::prior(),
            rhythm: true,
            power: None,
            stiffness_scale: 1.0,
            thickness_shift_mm: 0.0,
            tense_sites: None,
            clothed: None,
        }
    }
}

/// A person whom this bed cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("{what} is {value}, the bed takes {min} to {max} {unit}")]
pub struct PersonError {
    /// Which number.
    pub what: &'static str,
    /// Its value.
    pub value: f64,
    /// Smallest allowed.
    pub min: f64,
    /// Largest allowed.
    pub max: f64,
    /// In which unit.
    pub unit: &'static str,
}

/// Lightest person, kg. Guess: below, a person within the bed's stature is hardly alive.
const MASS_MIN_KG: f64 = 35.0;
/// Oldest person, years. Guess: older than anybody known.
const AGE_MAX_YEARS: f64 = 125.0;

fn check(basics: &Basics) -> Result<(), PersonError> {
    use population::{AGE_MIN_YEARS, MASS_MAX_KG, STATURE_MAX_MM, STATURE_MIN_MM};
    let rows = [
        ("age", basics.age_years, AGE_MIN_YEARS, AGE_MAX_YEARS, "years"),
        ("stature", basics.stature_mm, STATURE_MIN_MM, STATURE_MAX_MM, "mm"),
        ("mass", basics.mass_kg, MASS_MIN_KG, MASS_MAX_KG, "kg"),
    ];
    for (what, value, min, max, unit) in rows {
        if !(value >= min && value <= max) {
            return Err(PersonError { what, value, min, max, unit });
        }
    }
    Ok(())
}

/// What was drawn, overruled by what is known; the mass keeps the drawn build.
fn told(about: &About, drawn: Basics) -> Result<Basics, PersonError> {
    let stature_mm = about.stature_mm.unwrap_or(drawn.stature_mm);
    let mass_drawn =
        (drawn.bmi() * stature_mm * stature_mm * 1e-6).clamp(MASS_MIN_KG, population::MASS_MAX_KG);
    let basics = Basics {
        sex: about.sex.unwrap_or(drawn.sex),
        age_years: about.age_years.unwrap_or(drawn.age_years),
        stature_mm,
        mass_kg: about.mass_kg.unwrap_or(mass_drawn),
    };
    check(&basics)?;
    Ok(basics)
}

impl Person {
    /// Draws a person from the population.
    #[must_use]
    pub fn draw(seed: u64) -> Self {
        Self::draw_with(seed, &Variation::default())
    }

    /// Draws a person from the population with a variation.
    #[must_use]
    pub fn draw_with(seed: u64, variation: &Variation) -> Self {
        let mut parts = parts(seed);
        let basics = Basics::draw(&mut parts[0]);
        Self::of_draws(format!("drawn-{seed}"), basics, variation, &mut parts)
    }

    /// Draws a person from the population of whom something is known already.
    ///
    /// # Errors
    /// [`PersonError`] when `about` is beyond what the bed takes.
    pub fn draw_about(seed: u64, about: &About) -> Result<Self, PersonError> {
        let mut parts = parts(seed);
        let basics = told(about, Basics::draw(&mut parts[0]))?;
        Ok(Self::of_draws(format!("drawn-{seed}"), basics, &Variation::default(), &mut parts))
    }

    /// Draws spine and tissue of somebody with these basics, with numbers from anywhere: one source each for
    /// the spine, the tissue and breathing, the processes, and where the weight lies.
    pub fn of_draws(
        name: String,
        basics: Basics,
        variation: &Variation,
        parts: &mut [impl Draws; PARTS],
    ) -> Self {
        let shape = ShapeModel::all().given(&basics.about()).draw(&mut parts[0]);
        let spine: Vec<(Level, [f64; 3])> = Level::REGULAR.into_iter().zip(shape.centres()).collect();
        Self::around(name, basics, &spine, &[], variation, parts)
    }

    /// A person around a measured spine; what `about` does not say is drawn.
    ///
    /// # Errors
    /// [`PersonError`] when `about` is beyond what the bed takes.
    pub fn from_spine(spine: &SpineFile, about: &About, seed: u64) -> Result<Self, PersonError> {
        Self::from_spine_with(spine, about, seed, &Variation::default())
    }

    /// A person around a measured spine, with a variation.
    ///
    /// # Errors
    /// [`PersonError`] when `about` is beyond what the bed takes.
    pub fn from_spine_with(
        spine: &SpineFile,
        about: &About,
        seed: u64,
        variation: &Variation,
    ) -> Result<Self, PersonError> {
        let mut parts = parts(seed);
        let model = ShapeModel::excluding(&spine.name);
        let drawn = Basics::draw_for_length(spine.length_mm(), &model, &mut parts[0]);
        let basics = told(about, drawn)?;
        let straight = without_yaw(&spine.levels, &spine.pedicles);
        Ok(Self::around(spine.name.clone(), basics, &straight.0, &straight.1, variation, &mut parts))
    }

    /// Everything that a person can tell of themselves.
    #[must_use]
    pub fn about(&self) -> About {
        self.basics.about()
    }

    /// The same person turned about a line across the bed through T1 by an angle (rad), feet up.
    #[must_use]
    pub fn turned(&self, angle: f64) -> Self {
        let (sin, cos) = libm::sincos(angle);
        let mut turned = self.clone();
        for level in &mut turned.levels {
            let [x, y, z] = level.centre_mm;
            level.centre_mm = [cos * x - sin * z, y, sin * x + cos * z];
            let [x, z] = level.dorsal_mm;
            level.process_x_mm += cos * x - sin * z - x;
            level.dorsal_mm = [cos * x - sin * z, sin * x + cos * z];
        }
        for site in &mut turned.tense {
            site.x_mm *= cos;
        }
        turned
    }

    /// Factor by which tense places raise the stiffness at a place along the back.
    #[must_use]
    pub fn tense_at(&self, x_mm: f64, side: Side) -> f64 {
        let mut factor = 1.0;
        for site in self.tense.iter().filter(|site| site.side == side) {
            factor *= site.factor_at(x_mm);
        }
        factor
    }

    /// True tension beside each level: stiffness over what is expected there in this person.
    #[must_use]
    pub fn tension(&self) -> Vec<(Level, Side, f64)> {
        let mut rows = Vec::with_capacity(2 * self.levels.len());
        for level in &self.levels {
            for (index, side) in Side::BOTH.into_iter().enumerate() {
                let natural = level.stiffness_n_mm[index] / level.expected_n_mm;
                rows.push((level.level, side, natural * self.tense_at(level.centre_mm[0], side)));
            }
        }
        rows
    }

    fn around(
        name: String,
        basics: Basics,
        spine: &[(Level, [f64; 3])],
        pedicles: &[[f64; 3]],
        variation: &Variation,
        parts: &mut [impl Draws; PARTS],
    ) -> Self {
        let [_, draws, of_processes, of_weight] = parts;
        let mut tissue_prior = variation.tissue.clone();
        if let Some(count) = variation.tense_sites {
            let last = tissue_prior.tense_chances.len() - 1;
            tissue_prior.tense_chances = [0.0; 4];
            tissue_prior.tense_chances[count.min(last)] = 1.0;
        }
        let tissue = PersonTissue::draw(&tissue_prior, &basics, &as_regular(spine), draws);
        let mut levels = levels(&basics, spine, pedicles, &tissue, variation, draws);
        let tense = tense(spine, &tissue);
        let sacrum = [0, 1].map(|side| Site {
            stiffness_n_mm: variation.stiffness_scale * tissue.stiffness_n_per_mm[side][SACRUM],
            thickness_mm: (tissue.thickness_mm[side][SACRUM] + variation.thickness_shift_mm).max(THINNEST_MM),
        });
        let landmarks = Landmarks {
            neck_mm: tissue.neck_drop_mm,
            plateau_mm: tissue.sacrum_onset_mm,
            bump_mm: (prior::BUMP_MM.0 + prior::BUMP_MM.1 * normal(draws)).max(0.5),
            sacrum,
        };
        let contour_radius_mm = prior::CONTOUR_MM * (1.0 + prior::CONTOUR_SPREAD * held_normal(draws, 3.0));
        let rhythm_mm = uniform(draws, prior::RHYTHM_MM.0, prior::RHYTHM_MM.1);
        processes(&mut levels, if variation.rhythm { rhythm_mm } else { 0.0 }, of_processes);
        let breathing = Breathing {
            rate_hz: uniform(draws, prior::BREATH_HZ.0, prior::BREATH_HZ.1),
            excursion_mm: uniform(draws, prior::BREATH_MM.0, prior::BREATH_MM.1),
        };
        let shirt = draws.chance() < prior::SHIRT_SHARE;
        Self {
            name,
            basics,
            levels,
            tense,
            landmarks,
            contour_radius_mm,
            weight_aside_mm: prior::WEIGHT_ASIDE_MM * held_normal(of_weight, 3.0),
            law: Law::new(
                variation.power.unwrap_or(tissue.exponent),
                tissue.relaxation,
                tissue.relaxation_tau_s,
            ),
            breathing,
            heat: heat::Body::of_bmi(basics.bmi(), variation.clothed.unwrap_or(shirt)),
        }
    }
}

/// Sources of numbers that a person is drawn from.
pub const PARTS: usize = 4;

/// The streams of a seed that these are.
fn parts(seed: u64) -> [ChaCha8Rng; PARTS] {
    [1, 2, 3, 4].map(|number| stream(seed, number))
}

/// Thinnest tissue that a roller can meet, mm. Guess.
const THINNEST_MM: f64 = 6.0;

/// Place of body `index` of `count` among the seventeen regular ones.
fn regular_place(index: usize, count: usize) -> f64 {
    index as f64 * (BODIES - 1) as f64 / (count - 1) as f64
}

/// A regular shape of the same course: for tissue, whose tables have seventeen levels.
fn as_regular(spine: &[(Level, [f64; 3])]) -> Shape {
    let last = spine.len() - 1;
    let mut centres = [[0.0; 3]; BODIES];
    for (index, centre) in centres.iter_mut().enumerate() {
        let place = (index * last) as f64 / (BODIES - 1) as f64;
        let below = (place as usize).min(last - 1);
        let share = place - below as f64;
        let (a, b) = (spine[below].1, spine[below + 1].1);
        *centre = [0, 1, 2].map(|k| (1.0 - share) * a[k] + share * b[k]);
    }
    Shape::from_centres(&centres).unwrap_or_else(|_| ShapeModel::all().middle())
}

fn between(table: &[f64], place: f64) -> f64 {
    let below = (place.max(0.0) as usize).min(BODIES - 2);
    let share = place - below as f64;
    (1.0 - share) * table[below] + share * table[below + 1]
}

/// Unit vector along the spine at a level, in x and z.
fn tangent(spine: &[(Level, [f64; 3])], index: usize) -> [f64; 2] {
    let (a, b) = (spine[index.saturating_sub(1)].1, spine[(index + 1).min(spine.len() - 1)].1);
    let (dx, dz) = (b[0] - a[0], b[2] - a[2]);
    let length = (dx * dx + dz * dz).sqrt();
    [dx / length, dz / length]
}

fn levels(
    basics: &Basics,
    spine: &[(Level, [f64; 3])],
    pedicles: &[[f64; 3]],
    tissue: &PersonTissue,
    variation: &Variation,
    draws: &mut impl Draws,
) -> Vec<BodyLevel> {
    let sex = Some(basics.sex);
    let own_mm = prior::PEDICLE_TO_DORSAL_MM.0 + prior::PEDICLE_TO_DORSAL_MM.1 * held_normal(draws, 3.0);
    // What this person's sites have in common against the population.
    let mut common = 0.0;
    for site in 0..BODIES {
        for side in 0..2 {
            common +=
                libm::log(tissue.stiffness_n_per_mm[side][site] / variation.tissue.stiffness(site, sex));
        }
    }
    let common = variation.stiffness_scale * libm::exp(common / (2 * BODIES) as f64);
    let medians: [f64; BODIES] = std::array::from_fn(|site| variation.tissue.stiffness(site, sex));
    let mut levels = Vec::with_capacity(spine.len());
    for (index, (level, centre)) in spine.iter().enumerate() {
        let place = regular_place(index, spine.len());
        let along = tangent(spine, index);
        let drawn = [between(&tissue.dorsal_along_mm, place), between(&tissue.dorsal_offset_mm, place)];
        let [forward, back] = own_pedicles(*centre, along, drawn, pedicles)
            .map_or(drawn, |pedicle| [pedicle[0], pedicle[1] + own_mm]);
        // The spine's dorsal side is its tangent turned towards the bed.
        let dorsal_mm = [
            centre[0] + forward * along[0] + back * along[1],
            centre[2] + forward * along[1] - back * along[0],
        ];
        let thickness = |side: usize| {
            (between(&tissue.thickness_mm[side][..BODIES], place) + variation.thickness_shift_mm)
                .max(THINNEST_MM)
        };
        let stiffness = |side: usize| {
            variation.stiffness_scale * between(&tissue.stiffness_n_per_mm[side][..BODIES], place)
        };
        levels.push(BodyLevel {
            level: *level,
            centre_mm: *centre,
            dorsal_mm,
            thickness_mm: [thickness(0), thickness(1)],
            stiffness_n_mm: [stiffness(0), stiffness(1)],
            expected_n_mm: common * between(&medians, place),
            process_x_mm: dorsal_mm[0],
            process_mm: 0.0,
        });
    }
    levels
}

/// Lets the processes of each level stand out by `rhythm_mm`, each a little more or less and askew.
fn processes(levels: &mut [BodyLevel], rhythm_mm: f64, draws: &mut impl Draws) {
    for level in levels {
        level.process_x_mm = level.dorsal_mm[0] + prior::PROCESS_ASKEW_MM * held_normal(draws, 3.0);
        level.process_mm = rhythm_mm * (1.0 + prior::PROCESS_SPREAD * held_normal(draws, 3.0));
    }
}

/// Farthest from its expected place at which a pedicle is taken for this body's, mm. Guess: under
/// half a gap.
const PEDICLE_REACH_MM: f64 = 11.0;

/// Mean place of this body's own pedicles along the spine and behind its centre, mm, where the file
/// shows both; `expected` is the dorsal surface drawn for it.
fn own_pedicles(
    centre: [f64; 3],
    along: [f64; 2],
    expected: [f64; 2],
    pedicles: &[[f64; 3]],
) -> Option<[f64; 2]> {
    let expected = [expected[0], expected[1] - prior::PEDICLE_TO_DORSAL_MM.0];
    let mut mean = [0.0; 2];
    for sign in [1.0, -1.0] {
        let mut nearest = PEDICLE_REACH_MM * PEDICLE_REACH_MM;
        let mut found = None;
        for pedicle in pedicles.iter().filter(|pedicle| sign * (pedicle[1] - centre[1]) > 0.0) {
            let (dx, dz) = (pedicle[0] - centre[0], pedicle[2] - centre[2]);
            let place = [dx * along[0] + dz * along[1], dx * along[1] - dz * along[0]];
            let (da, db) = (place[0] - expected[0], place[1] - expected[1]);
            if da * da + db * db < nearest {
                nearest = da * da + db * db;
                found = Some(place);
            }
        }
        let place = found?;
        mean = [mean[0] + 0.5 * place[0], mean[1] + 0.5 * place[1]];
    }
    Some(mean)
}

fn tense(spine: &[(Level, [f64; 3])], tissue: &PersonTissue) -> Vec<TenseSite> {
    let last = spine.len() - 1;
    let place_of = |site: &population::TenseSite| {
        let place = (site.level * last as f64 / (BODIES - 1) as f64).clamp(0.0, last as f64);
        let below = (place as usize).min(last - 1);
        let share = place - below as f64;
        let nearest = if share < 0.5 { below } else { below + 1 };
        TenseSite {
            level: spine[nearest].0,
            side: if site.side == population::LEFT { Side::Left } else { Side::Right },
            x_mm: (1.0 - share) * spine[below].1[0] + share * spine[below + 1].1[0],
            ratio: site.ratio,
            half_length_mm: site.half_length_mm,
        }
    };
    tissue.tense.iter().map(place_of).collect()
}

type Spine = (Vec<(Level, [f64; 3])>, Vec<[f64; 3]>);

/// Turned about the vertical through T1 until the last level lies at the same y as T1.
fn without_yaw(levels: &[(Level, [f64; 3])], pedicles: &[[f64; 3]]) -> Spine {
    let (head, foot) = (levels[0].1, levels[levels.len() - 1].1);
    let (along, across) = (foot[0] - head[0], foot[1] - head[1]);
    let reach = (along * along + across * across).sqrt();
    let (cos, sin) = (along / reach, across / reach);
    let turned = |point: [f64; 3]| {
        let (dx, dy) = (point[0] - head[0], point[1] - head[1]);
        [cos * dx + sin * dy, cos * dy - sin * dx, point[2] - head[2]]
    };
    (
        levels.iter().map(|(level, centre)| (*level, turned(*centre))).collect(),
        pedicles.iter().map(|point| turned(*point)).collect(),
    )
}

#[cfg(test)]
mod tests;
