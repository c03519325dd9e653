//! One person: basics, spine and the tissue of the back, drawn together.
//!
//! A drawn person gets sex, age, stature and mass first, then a spine from the shape model given
//! those, then tissue given sex, BMI and the spacing of that spine. The owner of a real spine gets
//! basics that go with its length, then tissue. Left and right share the person's values; only a
//! smooth difference of thickness, the scatter of stiffness between sites, and tense sites differ.

use nalgebra::{Cholesky, DMatrix, DVector};
use rand::Rng;

use crate::model::ShapeModel;
use crate::people::Basics;
use crate::random::{Draws, normal, uniform};
use crate::shape::{BODIES, Shape};
use crate::tissue::{Range, SACRUM, SITES, Spread, Tissue};

/// Index of the left side in pairs `[left, right]`.
pub const LEFT: usize = 0;
/// Index of the right side.
pub const RIGHT: usize = 1;

/// Thickest fat over anybody's back muscles, mm. Guess.
const FAT_MAX_MM: f64 = 60.0;

/// A stretch of muscle that is stiffer than it should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TenseSite {
    /// Where its middle lies: levels below T1, 0..16, fractions between levels.
    pub level: f64,
    /// [`LEFT`] or [`RIGHT`].
    pub side: usize,
    /// Stiffness over what it would be.
    pub ratio: f64,
    /// Half its length along the spine, mm.
    pub half_length_mm: f64,
}

/// The tissue of one back. Sites are T1..L5 and the sacrum; pairs are `[left, right]`.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonTissue {
    /// From body centre to the bone's dorsal surface, at right angles to the spine, mm.
    pub dorsal_offset_mm: [f64; BODIES],
    /// The same along the spine, mm, positive towards the feet.
    pub dorsal_along_mm: [f64; BODIES],
    /// Skin, mm.
    pub skin_mm: f64,
    /// Fat, mm.
    pub fat_mm: [f64; SITES],
    /// From the dorsal surface to the skin, mm, at least skin and fat and 2 mm.
    pub thickness_mm: [[f64; SITES]; 2],
    /// Force over depth at 12 mm under one roller, N/mm, relaxed, without the tense sites.
    pub stiffness_n_per_mm: [[f64; SITES]; 2],
    /// Exponent of force on depth.
    pub exponent: f64,
    /// Share of the force that relaxes away under a held depth.
    pub relaxation: f64,
    /// Time constant of that, s.
    pub relaxation_tau_s: f64,
    /// Tense sites, none to three.
    pub tense: Vec<TenseSite>,
    /// Blood perfusion of muscle, 1/s.
    pub muscle_perfusion_per_s: f64,
    /// Blood perfusion of fat, 1/s.
    pub fat_perfusion_per_s: f64,
    /// Onset of the sacral plateau towards the feet from the centre of L5, mm along x.
    pub sacrum_onset_mm: f64,
    /// Where the back falls away to the neck, towards the head from the centre of T1, mm along x.
    pub neck_drop_mm: f64,
}

impl PersonTissue {
    /// Draws the tissue of a person with these basics and this spine.
    pub fn draw(prior: &Tissue, basics: &Basics, shape: &Shape, draws: &mut impl Draws) -> Self {
        let (sex, bmi) = (Some(basics.sex), Some(basics.bmi()));
        let smooth = factor_of_profile(prior, shape);
        let fat_factor = ln_factor(prior.fat_sd_ln, draws);
        let muscle_factor = ln_factor(prior.muscle_sd_ln, draws);
        let stiffness_factor = ln_factor(prior.stiffness_sd_ln, draws);
        let common = profile(&smooth, draws);
        let offset = profile(&smooth, draws);
        let difference = profile(&smooth, draws);

        let mut fat_mm = [0.0; SITES];
        let mut thickness_mm = [[0.0; SITES]; 2];
        let mut stiffness_n_per_mm = [[0.0; SITES]; 2];
        for site in 0..SITES {
            fat_mm[site] = (prior.fat_mm(site, bmi) * fat_factor).min(FAT_MAX_MM);
            let muscle = prior.muscle_mm(site, sex) * muscle_factor;
            for side in [LEFT, RIGHT] {
                let sign = if side == LEFT { 1.0 } else { -1.0 };
                let scatter =
                    prior.profile_sd_at(site) * common[site] + sign * prior.side_sd_mm * difference[site];
                thickness_mm[side][site] = prior.skin_mm + fat_mm[site] + (muscle + scatter).max(2.0);
                stiffness_n_per_mm[side][site] = prior.stiffness(site, sex)
                    * stiffness_factor
                    * ln_factor(prior.stiffness_site_sd_ln, draws);
            }
        }
        let mut dorsal_offset_mm = prior.dorsal_offset_mm;
        for (level, mm) in dorsal_offset_mm.iter_mut().enumerate() {
            *mm += prior.dorsal_offset_sd_mm[level] * offset[level];
        }
        Self {
            dorsal_offset_mm,
            dorsal_along_mm: prior.dorsal_along_mm,
            skin_mm: prior.skin_mm,
            fat_mm,
            thickness_mm,
            stiffness_n_per_mm,
            exponent: spread(prior.exponent, draws)
                .clamp(prior.exponent_range.low, prior.exponent_range.high),
            relaxation: evenly(prior.relaxation, draws),
            relaxation_tau_s: evenly(prior.relaxation_tau_s, draws),
            tense: tense(prior, draws),
            muscle_perfusion_per_s: evenly_in_ln(prior.muscle_perfusion_per_s, draws),
            fat_perfusion_per_s: evenly_in_ln(prior.fat_perfusion_per_s, draws),
            sacrum_onset_mm: spread(prior.sacrum_onset_mm, draws),
            neck_drop_mm: spread(prior.neck_drop_mm, draws),
        }
    }

    /// Stiffness in N/mm at a place `level` (levels below T1, 0..16) on one side, tense sites
    /// included; between levels straight from one to the next, tense sites falling off as a raised
    /// cosine over their half length, which `gap_mm` (spacing of the levels there) scales.
    #[must_use]
    pub fn stiffness_at(&self, side: usize, level: f64, gap_mm: f64) -> f64 {
        let sites = &self.stiffness_n_per_mm[side.min(RIGHT)];
        let at = level.clamp(0.0, (BODIES - 1) as f64);
        let below = (at as usize).min(BODIES - 2);
        let share = at - below as f64;
        let mut stiffness = (1.0 - share) * sites[below] + share * sites[below + 1];
        for tense in self.tense.iter().filter(|tense| tense.side == side) {
            let away = (level - tense.level).abs() * gap_mm / tense.half_length_mm;
            if away < 1.0 {
                let part = 0.5 * (1.0 + libm::cos(std::f64::consts::PI * away));
                stiffness *= 1.0 + (tense.ratio - 1.0) * part;
            }
        }
        stiffness
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Sex, age, stature, mass.
    pub basics: Basics,
    /// The spine.
    pub shape: Shape,
    /// The tissue of the back.
    pub tissue: PersonTissue,
}

impl Person {
    /// Draws a person whom the bed may treat.
    pub fn draw(model: &ShapeModel, prior: &Tissue, rng: &mut impl Rng) -> Self {
        let basics = Basics::draw(rng);
        Self::of_basics(basics, model, prior, rng)
    }

    /// Draws spine and tissue of somebody with these basics.
    pub fn of_basics(basics: Basics, model: &ShapeModel, prior: &Tissue, draws: &mut impl Draws) -> Self {
        let shape = model.given(&basics.about()).draw(draws);
        let tissue = PersonTissue::draw(prior, &basics, &shape, draws);
        Self { basics, shape, tissue }
    }

    /// Draws who a real spine may belong to. `model` is the one that left this spine out.
    pub fn of_spine(shape: Shape, model: &ShapeModel, prior: &Tissue, rng: &mut impl Rng) -> Self {
        let basics = Basics::draw_for_length(shape.length_mm(), model, rng);
        let tissue = PersonTissue::draw(prior, &basics, &shape, rng);
        Self { basics, shape, tissue }
    }
}

/// Cholesky factor of the correlations of the smooth scatter at the sites of this spine.
fn factor_of_profile(prior: &Tissue, shape: &Shape) -> DMatrix<f64> {
    let centres = shape.centres();
    let mut x = [0.0; SITES];
    for (to, centre) in x.iter_mut().zip(&centres) {
        *to = centre[0];
    }
    x[SACRUM] = x[SACRUM - 1] + prior.sacrum_onset_mm.mean;
    let correlation = DMatrix::from_fn(SITES, SITES, |i, j| {
        // A part in ten thousand is each site's own: keeps the matrix invertible.
        if i == j { 1.0 } else { 0.9999 * prior.profile_correlation(x[i] - x[j]) }
    });
    Cholesky::new(correlation).expect("a Gaussian kernel with a ridge is positive definite").l()
}

fn profile(factor: &DMatrix<f64>, draws: &mut impl Draws) -> DVector<f64> {
    let mut noise = DVector::zeros(SITES);
    for value in noise.iter_mut() {
        *value = normal(draws);
    }
    factor * noise
}

fn tense(prior: &Tissue, draws: &mut impl Draws) -> Vec<TenseSite> {
    let mut luck = draws.chance();
    let mut count = 0;
    for chance in prior.tense_chances {
        if luck < chance {
            break;
        }
        luck -= chance;
        count += 1;
    }
    (0..count.min(prior.tense_chances.len() - 1))
        .map(|_| TenseSite {
            level: uniform(draws, 1.0, (BODIES - 1) as f64),
            side: if draws.chance() < 0.5 { LEFT } else { RIGHT },
            ratio: evenly(prior.tense_ratio, draws),
            half_length_mm: evenly(prior.tense_half_length_mm, draws),
        })
        .collect()
}

/// A lognormal factor of median one, cut at three SD: farther out lies nobody's back.
fn ln_factor(sd_ln: f64, draws: &mut impl Draws) -> f64 {
    libm::exp(sd_ln * normal(draws).clamp(-3.0, 3.0))
}

fn spread(of: Spread, draws: &mut impl Draws) -> f64 {
    of.mean + of.sd * normal(draws)
}

fn evenly(of: Range, draws: &mut impl Draws) -> f64 {
    uniform(draws, of.low, of.high)
}

fn evenly_in_ln(of: Range, draws: &mut impl Draws) -> f64 {
    libm::exp(uniform(draws, libm::log(of.low), libm::log(of.high)))
}
