//! Priors of the tissue between the spine and a roller: where the bone's dorsal surface lies, how
//! thick and how stiff the soft tissue is, how it is perfused, and where the back's landmarks lie.
//!
//! Terms: the *dorsal surface* is the bone (lamina, transverse process, rib neck) 20-50 mm beside the
//! midline; *thickness* is from there to the skin, 35 mm beside the midline, at rest;
//! a *site* is a level T1..L5 (0..16) or the sacrum beside the midline (17).
//! `thickness = skin + fat + muscle`; *stiffness* is force over depth, N/mm, at 12 mm of indentation by
//! one roller of 40 mm diameter, relaxed; `force = stiffness * 12 mm * (depth / 12 mm)^exponent`.
//!
//! Everything is public so that a bench can halve or double a spread. Stiffness over muscle was not
//! found measured level by level, thickness beside the midline neither: the guesses say so.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::people::Sex;
use crate::shape::BODIES;

/// Sites of tissue: the levels T1..L5 and the sacrum.
pub const SITES: usize = BODIES + 1;
/// Index of the sacrum among the sites.
pub const SACRUM: usize = BODIES;
/// Indentation at which stiffness is meant, mm. Source: science.md 3.3 ("at 10-15 mm indentation").
pub const STIFFNESS_DEPTH_MM: f64 = 12.0;
/// Body mass index at which the tables stand, kg/m2.
pub const BMI_REFERENCE: f64 = 24.0;

/// Mean and standard deviation between people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// Lowest and highest value that people have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// Priors of the tissue of the back.
#[derive(Debug, Clone, PartialEq)]
pub struct Tissue {
    /// From body centre to dorsal surface, at right angles to the spine, mm, by level.
    pub dorsal_offset_mm: [f64; BODIES],
    /// From body centre to that point along the spine, mm, positive towards the feet, by level.
    pub dorsal_along_mm: [f64; BODIES],
    /// SD of the dorsal offset between people, mm, by level.
    pub dorsal_offset_sd_mm: [f64; BODIES],
    /// Skin, mm.
    pub skin_mm: f64,
    /// Share of the lumbar fat thickness that lies at a site.
    pub fat_share: [f64; SITES],
    /// Lumbar fat at the reference BMI, mm.
    pub fat_mm: f64,
    /// Fat gained with BMI, mm per kg/m2.
    pub fat_per_bmi: f64,
    /// Least and largest mean lumbar fat, mm.
    pub fat_range_mm: Range,
    /// SD between people of ln fat at a given BMI.
    pub fat_sd_ln: f64,
    /// Muscle (with fascia), mean of both sexes, mm, by site.
    pub muscle_mm: [f64; SITES],
    /// Factor of muscle for men; women have two minus it.
    pub muscle_male: f64,
    /// SD between people of ln muscle.
    pub muscle_sd_ln: f64,
    /// SD of the smooth scatter of thickness along one person's back, mm.
    pub profile_sd_mm: f64,
    /// The same at the sacrum, mm.
    pub profile_sd_sacrum_mm: f64,
    /// SD of the smooth difference of each side from the mean of both, mm.
    pub side_sd_mm: f64,
    /// Length over which these scatters go together, mm.
    pub profile_length_mm: f64,
    /// Stiffness, mean of both sexes, N/mm, by site.
    pub stiffness_n_per_mm: [f64; SITES],
    /// Factor of stiffness for men; women have two minus it.
    pub stiffness_male: f64,
    /// SD between people of ln stiffness.
    pub stiffness_sd_ln: f64,
    /// SD between sites of one back of ln stiffness, each site and side for itself.
    pub stiffness_site_sd_ln: f64,
    /// Exponent of force on depth.
    pub exponent: Spread,
    /// Least and largest exponent.
    pub exponent_range: Range,
    /// Share of the force that relaxes away under a held depth.
    pub relaxation: Range,
    /// Time constant of that, s.
    pub relaxation_tau_s: Range,
    /// Chances of no, one, two, three tense sites.
    pub tense_chances: [f64; 4],
    /// Stiffness of a tense site over what it would be.
    pub tense_ratio: Range,
    /// Half length of a tense site along the spine, mm.
    pub tense_half_length_mm: Range,
    /// Blood perfusion of muscle, 1/s.
    pub muscle_perfusion_per_s: Range,
    /// Blood perfusion of fat, 1/s.
    pub fat_perfusion_per_s: Range,
    /// Onset of the sacral plateau (PSIS) towards the feet from the centre of L5, mm along x.
    pub sacrum_onset_mm: Spread,
    /// Where the back falls away to the neck, towards the head from the centre of T1, mm along x.
    pub neck_drop_mm: Spread,
}

/// From the pedicle to the dorsal surface, mm, and its SD. Guess: pedicle, lamina and transverse
/// process together; with it L3's skin over the spinous process falls where MRI puts it (27 mm,
/// science.md 1.7, Kawchuk group).
const PEDICLE_TO_DORSAL_MM: Spread = Spread { mean: 14.0, sd: 2.0 };
/// Skin, mm. Source: science.md 5.1 (dermis 2 mm, epidermis 0.08 mm).
const SKIN_MM: f64 = 2.08;
/// Fat at BMI 24, mm. Source: science.md 5.1 (10 mm; back 5-20 by BMI), Jiang 2002 as read in public
/// code.
const FAT_MM: f64 = 10.0;
/// Guess: makes the back's 5-20 mm of science.md 5.1 out of BMI 18-37.
const FAT_PER_BMI: f64 = 0.77;
/// Guess: leanest and fattest mean lumbar fat.
const FAT_RANGE_MM: Range = Range { low: 3.0, high: 35.0 };
/// Source: r .71-.74 of back fat with BMI (science.md 1.7): at BMI SD 5 the residual is 3.7 mm of 10.5.
const FAT_SD_LN: f64 = 0.33;
/// Guess: thinner over the thorax than over the loin, less over the sacrum.
const FAT_SHARE: [f64; SITES] =
    [0.8, 0.75, 0.7, 0.65, 0.6, 0.6, 0.6, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95, 1.0, 1.0, 0.9, 0.7];
/// Guess: from 12 mm over the flat middle of the thorax to 34 mm at L4, so that skin to bone is 20 mm
/// at T8 and 46 mm at L4 at BMI 24; multifidus at L4 alone is 25-30 mm (Stokes 2005, recalled in
/// science.md 1.7). The sacrum has its fascia only.
const MUSCLE_MM: [f64; SITES] = [
    18.0, 17.5, 16.5, 15.5, 14.0, 13.0, 12.0, 12.0, 13.5, 15.0, 17.5, 21.0, 24.0, 27.5, 31.0, 34.0, 33.0, 4.0,
];
/// Guess: men have more (Stokes 2005, science.md 1.7: M > F), by this much.
const MUSCLE_MALE: f64 = 1.08;
/// Guess: no useful link of muscle to body size (Stokes 2005), so a spread of its own.
const MUSCLE_SD_LN: f64 = 0.12;
/// Guess: smooth scatter of thickness along one back, mm.
const PROFILE_SD_MM: f64 = 3.0;
/// Guess: the same over the thin sacrum, mm.
const PROFILE_SD_SACRUM_MM: f64 = 1.5;
/// Guess: left and right of a healthy back are nearly alike, mm.
const SIDE_SD_MM: f64 = 1.0;
/// Guess: thickness keeps its scatter over about three levels, mm.
const PROFILE_LENGTH_MM: f64 = 80.0;
/// Guess: within 0.8-2.5 N/mm (science.md 3.3, itself a judgement), L4 the stiffest of the levels (Ma
/// 2020, science.md 3.2); the sacrum is thin over bone.
const STIFFNESS_N_PER_MM: [f64; SITES] = [
    1.35, 1.30, 1.25, 1.20, 1.20, 1.20, 1.20, 1.20, 1.20, 1.25, 1.30, 1.35, 1.40, 1.45, 1.55, 1.65, 1.55,
    2.50,
];
/// Guess: men are stiffer (Ma 2020, science.md 3.2: M > F), by this much.
const STIFFNESS_MALE: f64 = 1.10;
/// Guess: with the sexes and the sites it spans 0.8-2.5 N/mm in 95 of 100 (science.md 3.3).
const STIFFNESS_SD_LN: f64 = 0.25;
/// Guess: 8 % between sites, as the definition of the figures has it (table for 4, 8, 12 %).
const STIFFNESS_SITE_SD_LN: f64 = 0.08;
/// Source: n = 1-2 for soft tissue (Hunt-Crossley, science.md 3.3); the spread is a guess.
const EXPONENT: Spread = Spread { mean: 1.5, sd: 0.15 };
/// Source: as above.
const EXPONENT_RANGE: Range = Range { low: 1.0, high: 2.0 };
/// Source: science.md 3.3 (15-25 %, a judgement).
const RELAXATION: Range = Range { low: 0.15, high: 0.25 };
/// Source: science.md 3.3 (5-20 s, a judgement).
const RELAXATION_TAU_S: Range = Range { low: 5.0, high: 20.0 };
/// Guess: most backs that come have a tense site or two.
const TENSE_CHANCES: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
/// Guess: between chronic pain (1.1-1.2) and spasm (1.5-2) in science.md 3.3.
const TENSE_RATIO: Range = Range { low: 1.3, high: 2.0 };
/// Guess: a tense band is one to three levels long.
const TENSE_HALF_LENGTH_MM: Range = Range { low: 15.0, high: 40.0 };
/// Source: science.md 5.1 and 5.2 (0.00125, and 0.0005 that meets measured rises better).
const MUSCLE_PERFUSION_PER_S: Range = Range { low: 0.0005, high: 0.00125 };
/// Source: science.md 5.1 and 5.2 (0.00125 and 0.0003).
const FAT_PERFUSION_PER_S: Range = Range { low: 0.0003, high: 0.00125 };
/// Guess: the plateau begins about one lumbar pitch below L5; the SD is the least that the definition
/// of the figures allows.
const SACRUM_ONSET_MM: Spread = Spread { mean: 32.0, sd: 6.0 };
/// Guess: the back falls away about one pitch above T1; the SD as above.
const NECK_DROP_MM: Spread = Spread { mean: 20.0, sd: 8.0 };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Pedicles {
    origin: String,
    behind_mm: [f64; BODIES],
    behind_sd_mm: [f64; BODIES],
    along_mm: [f64; BODIES],
    aside_mm: [f64; BODIES],
    n: [usize; BODIES],
}

static PEDICLES: LazyLock<Pedicles> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../population/shape/pedicles.json"))
        .expect("the embedded pedicle file is well formed")
});

impl Tissue {
    /// What is known of people's backs in general.
    #[must_use]
    pub fn prior() -> Self {
        let measured = &*PEDICLES;
        let both = |sd: f64| libm::hypot(sd, PEDICLE_TO_DORSAL_MM.sd);
        Self {
            dorsal_offset_mm: measured.behind_mm.map(|mm| mm + PEDICLE_TO_DORSAL_MM.mean),
            dorsal_along_mm: measured.along_mm,
            dorsal_offset_sd_mm: measured.behind_sd_mm.map(both),
            skin_mm: SKIN_MM,
            fat_share: FAT_SHARE,
            fat_mm: FAT_MM,
            fat_per_bmi: FAT_PER_BMI,
            fat_range_mm: FAT_RANGE_MM,
            fat_sd_ln: FAT_SD_LN,
            muscle_mm: MUSCLE_MM,
            muscle_male: MUSCLE_MALE,
            muscle_sd_ln: MUSCLE_SD_LN,
            profile_sd_mm: PROFILE_SD_MM,
            profile_sd_sacrum_mm: PROFILE_SD_SACRUM_MM,
            side_sd_mm: SIDE_SD_MM,
            profile_length_mm: PROFILE_LENGTH_MM,
            stiffness_n_per_mm: STIFFNESS_N_PER_MM,
            stiffness_male: STIFFNESS_MALE,
            stiffness_sd_ln: STIFFNESS_SD_LN,
            stiffness_site_sd_ln: STIFFNESS_SITE_SD_LN,
            exponent: EXPONENT,
            exponent_range: EXPONENT_RANGE,
            relaxation: RELAXATION,
            relaxation_tau_s: RELAXATION_TAU_S,
            tense_chances: TENSE_CHANCES,
            tense_ratio: TENSE_RATIO,
            tense_half_length_mm: TENSE_HALF_LENGTH_MM,
            muscle_perfusion_per_s: MUSCLE_PERFUSION_PER_S,
            fat_perfusion_per_s: FAT_PERFUSION_PER_S,
            sacrum_onset_mm: SACRUM_ONSET_MM,
            neck_drop_mm: NECK_DROP_MM,
        }
    }

    /// Median thickness of the fat at a site (0..17) in mm at this BMI (kg/m2). No BMI: at the
    /// reference.
    ///
    /// # Panics
    /// When the site is 18 or more.
    #[must_use]
    pub fn fat_mm(&self, site: usize, bmi: Option<f64>) -> f64 {
        let over = bmi.filter(|bmi| bmi.is_finite()).unwrap_or(BMI_REFERENCE) - BMI_REFERENCE;
        let lumbar =
            (self.fat_mm + self.fat_per_bmi * over).clamp(self.fat_range_mm.low, self.fat_range_mm.high);
        lumbar * self.fat_share[site]
    }

    /// Median thickness of the muscle at a site (0..17) in mm; sex unknown: mean of both.
    ///
    /// # Panics
    /// When the site is 18 or more.
    #[must_use]
    pub fn muscle_mm(&self, site: usize, sex: Option<Sex>) -> f64 {
        self.muscle_mm[site] * factor_of(sex, self.muscle_male)
    }

    /// Median thickness from the dorsal surface to the skin at a site (0..17) in mm.
    ///
    /// # Panics
    /// When the site is 18 or more.
    ///
    /// ```
    /// let tissue = population::Tissue::prior();
    /// // L4, BMI 24: skin 2.08, fat 10, muscle 34.
    /// assert!((tissue.thickness_mm(15, None, Some(24.0)) - 46.08).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn thickness_mm(&self, site: usize, sex: Option<Sex>, bmi: Option<f64>) -> f64 {
        self.skin_mm + self.fat_mm(site, bmi) + self.muscle_mm(site, sex)
    }

    /// SD of that thickness between people of the same sex and BMI in mm, without the scatter along
    /// one back.
    ///
    /// # Panics
    /// When the site is 18 or more.
    #[must_use]
    pub fn thickness_sd_mm(&self, site: usize, sex: Option<Sex>, bmi: Option<f64>) -> f64 {
        libm::hypot(self.fat_sd_ln * self.fat_mm(site, bmi), self.muscle_sd_ln * self.muscle_mm(site, sex))
    }

    /// SD of the smooth scatter of thickness along one back at a site in mm.
    #[must_use]
    pub fn profile_sd_at(&self, site: usize) -> f64 {
        if site == SACRUM { self.profile_sd_sacrum_mm } else { self.profile_sd_mm }
    }

    /// Correlation of the smooth scatters of two sites this far apart (mm):
    /// `exp(-(d / profile_length)^2 / 2)`.
    #[must_use]
    pub fn profile_correlation(&self, apart_mm: f64) -> f64 {
        let d = apart_mm / self.profile_length_mm;
        libm::exp(-0.5 * d * d)
    }

    /// Median stiffness at a site (0..17) in N/mm; sex unknown: mean of both.
    ///
    /// # Panics
    /// When the site is 18 or more.
    #[must_use]
    pub fn stiffness(&self, site: usize, sex: Option<Sex>) -> f64 {
        self.stiffness_n_per_mm[site] * factor_of(sex, self.stiffness_male)
    }
}

fn factor_of(sex: Option<Sex>, male: f64) -> f64 {
    match sex {
        Some(Sex::Male) => male,
        Some(Sex::Female) => 2.0 - male,
        None => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_thickens_towards_the_loin_and_with_fat() {
        let tissue = Tissue::prior();
        let at = |site, bmi| tissue.thickness_mm(site, None, Some(bmi));
        assert!((18.0..24.0).contains(&at(7, 24.0)), "T8 {}", at(7, 24.0));
        assert!((40.0..48.0).contains(&at(14, 24.0)), "L3 {}", at(14, 24.0));
        assert!((11.0..16.0).contains(&at(SACRUM, 24.0)));
        for site in 0..SITES {
            assert!(at(site, 34.0) > at(site, 20.0));
            assert!(at(site, f64::NAN).is_finite());
        }
        assert!((tissue.fat_mm(15, Some(37.0)) - 20.0).abs() < 0.1);
        assert!((tissue.fat_mm(15, Some(18.0)) - 5.4).abs() < 0.1);
    }

    #[test]
    fn l4_is_the_stiffest_level_and_men_are_stiffer() {
        let tissue = Tissue::prior();
        for site in 0..BODIES {
            assert!(tissue.stiffness(site, None) <= tissue.stiffness(15, None));
            let (f, m) = (Some(Sex::Female), Some(Sex::Male));
            assert!(tissue.stiffness(site, m) > tissue.stiffness(site, f));
            assert!((0.8..2.5).contains(&tissue.stiffness(site, m)));
        }
    }

    #[test]
    fn the_bone_lies_farther_behind_in_the_loin_than_at_the_neck() {
        let tissue = Tissue::prior();
        assert!((24.0..26.0).contains(&tissue.dorsal_offset_mm[0]));
        assert!((37.0..40.0).contains(&tissue.dorsal_offset_mm[13]));
        assert!(tissue.dorsal_offset_sd_mm.iter().all(|sd| (2.0..4.5).contains(sd)));
        assert!(tissue.sacrum_onset_mm.sd >= 6.0 && tissue.neck_drop_mm.sd >= 8.0);
    }
}
