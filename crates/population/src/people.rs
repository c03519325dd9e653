//! Sex, age, stature and mass of adults, and what they say about the length of the back.
//!
//! Joint law, fitted on NHANES 2009-2012 (`population/people.json`), per sex, with
//! `u = (age - 50) / 10`:
//!
//! `stature = s0 + s1 u + s2 u^2 + N(0, sd)` (mm), `ln BMI = b0 + b1 u + b2 u^2 + scatter`
//! (BMI in kg/m2), age and the scatter of ln BMI by their quantiles. Who lies outside the bed's limits is not drawn.
//!
//! Length T1-L5 on stature: `length = r (c0 + c1 S) + N(0, sd)`, where `c0 + c1 S` is the height
//! of C7 above the seat (ANSUR II) and `r` scales it so that the mean over adults of both sexes
//! is the mean of the spines. The residual SD is `r` times that of ANSUR, at least 15 mm.

use std::sync::LazyLock;

use rand::{Rng, RngExt};
use serde::Deserialize;

use crate::model::ShapeModel;
use crate::random::{normal, uniform};

/// Youngest person that the bed treats, years. Source: the product's person limits (design,
/// table of limits).
pub const AGE_MIN_YEARS: f64 = 18.0;
/// Smallest person that the bed treats, mm. Source: as above.
pub const STATURE_MIN_MM: f64 = 1500.0;
/// Tallest person that the bed treats, mm. Source: as above.
pub const STATURE_MAX_MM: f64 = 1980.0;
/// Heaviest person that the bed treats, kg. Source: as above.
pub const MASS_MAX_KG: f64 = 135.0;
/// Least residual SD of length T1-L5 given stature, mm. Source: the definition of the figures
/// ("at least 15 mm"), so that a known stature can never stand in for a scan.
pub const LENGTH_SD_MIN_MM: f64 = 15.0;

/// C7 above the seat on stature, mm: intercept, slope, SEE. Source: ANSUR II, Gordon 2014,
/// regressions in science.md 1.1, n = 1986 women.
const C7_FEMALE: (f64, f64, f64) = (125.4, 0.3061, 19.6);
/// The same for men, n = 4082. Source: as above.
const C7_MALE: (f64, f64, f64) = (127.7, 0.3141, 20.8);

/// Sex, as far as it changes bodies in this model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Both, in the order in which everything here is summed.
    pub const BOTH: [Self; 2] = [Self::Female, Self::Male];
}

/// What may be known of a person before a scan; `None` is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct About {
    /// Sex.
    pub sex: Option<Sex>,
    /// Stature in mm.
    pub stature_mm: Option<f64>,
    /// Mass in kg. Does not change the shape model; the tissue prior uses it.
    pub mass_kg: Option<f64>,
    /// Age in years. Does not change the shape model.
    pub age_years: Option<f64>,
}

impl About {
    /// Body mass index in kg/m2, when stature and mass are known and positive.
    #[must_use]
    pub fn bmi(&self) -> Option<f64> {
        match (self.stature_mm, self.mass_kg) {
            (Some(stature), Some(mass)) if stature > 0.0 && mass > 0.0 => {
                Some(mass / (stature * stature * 1e-6))
            }
            _ => None,
        }
    }
}

/// Sex, age, stature and mass of one adult.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basics {
    /// Sex.
    pub sex: Sex,
    /// Age in years.
    pub age_years: f64,
    /// Stature in mm.
    pub stature_mm: f64,
    /// Mass in kg.
    pub mass_kg: f64,
}

impl Basics {
    /// Draws an adult whom the bed may treat, women and men evenly.
    pub fn draw(rng: &mut impl Rng) -> Self {
        let sex = if rng.random_bool(0.5) { Sex::Female } else { Sex::Male };
        let law = law(sex);
        for _ in 0..TRIES {
            let age_years = law.age(rng);
            let stature_mm = law.stature.at(age_years) + law.stature.sd * normal(rng);
            let drawn = Self::of_stature(sex, age_years, stature_mm, rng);
            if drawn.may_be_treated() {
                return drawn;
            }
        }
        Self { sex, age_years: 50.0, stature_mm: law.stature_mean, mass_kg: 75.0 }
    }

    /// Draws who a spine of this length T1-L5 (mm) may belong to, given the mean length of the
    /// model's people: sex by its likelihood, stature by the joint law of stature and length.
    /// For real spines, whose owners' stature nobody wrote down.
    pub fn draw_for_length(length_mm: f64, model: &ShapeModel, rng: &mut impl Rng) -> Self {
        let reference = model.reference_length_mm();
        let likelihood = Sex::BOTH.map(|sex| {
            let (mean, sd) = length_of_sex(sex, reference);
            density(length_mm, mean, sd)
        });
        let total = likelihood[0] + likelihood[1];
        let share = if total > 0.0 { likelihood[0] / total } else { 0.5 };
        let sex = if uniform(rng, 0.0, 1.0) < share { Sex::Female } else { Sex::Male };
        let stature_mm = stature_at(length_mm, sex, reference, rng);
        let law = law(sex);
        for _ in 0..TRIES {
            let drawn = Self::of_stature(sex, law.age(rng), stature_mm, rng);
            if drawn.may_be_treated() {
                return drawn;
            }
        }
        Self { sex, age_years: 50.0, stature_mm, mass_kg: 75.0 }
    }

    fn of_stature(sex: Sex, age_years: f64, stature_mm: f64, rng: &mut impl Rng) -> Self {
        let law = law(sex);
        let bmi = libm::exp(law.ln_bmi.at(age_years) + law.bmi_scatter(rng));
        Self { sex, age_years, stature_mm, mass_kg: bmi * stature_mm * stature_mm * 1e-6 }
    }

    /// Body mass index in kg/m2.
    #[must_use]
    pub fn bmi(&self) -> f64 {
        self.mass_kg / (self.stature_mm * self.stature_mm * 1e-6)
    }

    /// Whether the person lies within the bed's limits of age, stature and mass.
    #[must_use]
    pub fn may_be_treated(&self) -> bool {
        self.age_years >= AGE_MIN_YEARS
            && (STATURE_MIN_MM..=STATURE_MAX_MM).contains(&self.stature_mm)
            && self.mass_kg > 0.0
            && self.mass_kg <= MASS_MAX_KG
    }

    /// All of it, as knowledge for a prior.
    #[must_use]
    pub fn about(&self) -> About {
        About {
            sex: Some(self.sex),
            stature_mm: Some(self.stature_mm),
            mass_kg: Some(self.mass_kg),
            age_years: Some(self.age_years),
        }
    }
}

/// Mean and residual SD of the length T1-L5 in mm at this sex and stature (mm), on the scale of
/// all spines. A bench on a real spine uses [`ShapeModel::length_given_stature`] of its fold.
#[must_use]
pub fn length_given_stature(sex: Sex, stature_mm: f64) -> (f64, f64) {
    length_at(sex, stature_mm, ShapeModel::all().reference_length_mm())
}

/// Draws the stature (mm) of somebody of this sex with this length T1-L5 (mm), so that over
/// people the length given stature follows [`length_given_stature`].
pub fn stature_given_length(length_mm: f64, sex: Sex, rng: &mut impl Rng) -> f64 {
    stature_at(length_mm, sex, ShapeModel::all().reference_length_mm(), rng)
}

/// Draws before giving up and taking the middle. Guess: ample, a draw fails in under a third.
const TRIES: usize = 200;

/// Intercept, slope and residual SD of length on stature.
fn regression(sex: Sex, reference_length_mm: f64) -> (f64, f64, f64) {
    let mut c7_mean = 0.0;
    for each in Sex::BOTH {
        let (c0, c1, _) = c7(each);
        c7_mean += 0.5 * (c0 + c1 * law(each).stature_mean);
    }
    let ratio = reference_length_mm / c7_mean;
    let (c0, c1, see) = c7(sex);
    (ratio * c0, ratio * c1, (ratio * see).max(LENGTH_SD_MIN_MM))
}

pub(crate) fn length_at(sex: Sex, stature_mm: f64, reference_length_mm: f64) -> (f64, f64) {
    let (intercept, slope, sd) = regression(sex, reference_length_mm);
    (intercept + slope * stature_mm, sd)
}

/// Mean and SD of the length over all statures of a sex.
fn length_of_sex(sex: Sex, reference_length_mm: f64) -> (f64, f64) {
    let (intercept, slope, sd) = regression(sex, reference_length_mm);
    let law = law(sex);
    let spread = slope * law.stature_sd;
    (intercept + slope * law.stature_mean, libm::sqrt(sd * sd + spread * spread))
}

/// Mean and SD of the length that this knowledge gives, or `None` when it gives none.
pub(crate) fn length_knowledge(about: &About, reference_length_mm: f64) -> Option<(f64, f64)> {
    let stature = about.stature_mm.filter(|stature| stature.is_finite());
    match (about.sex, stature) {
        (None, None) => None,
        (Some(sex), None) => Some(length_of_sex(sex, reference_length_mm)),
        (Some(sex), Some(stature)) => Some(length_at(sex, stature, reference_length_mm)),
        (None, Some(stature)) => {
            let [female, male] =
                Sex::BOTH.map(|sex| density(stature, law(sex).stature_mean, law(sex).stature_sd));
            let total = female + male;
            let share = if total > 0.0 { female / total } else { 0.5 };
            let (a, sd_a) = length_at(Sex::Female, stature, reference_length_mm);
            let (b, sd_b) = length_at(Sex::Male, stature, reference_length_mm);
            let mean = share * a + (1.0 - share) * b;
            let variance = share * (sd_a * sd_a + (a - mean) * (a - mean))
                + (1.0 - share) * (sd_b * sd_b + (b - mean) * (b - mean));
            Some((mean, libm::sqrt(variance)))
        }
    }
}

fn stature_at(length_mm: f64, sex: Sex, reference_length_mm: f64, rng: &mut impl Rng) -> f64 {
    let (intercept, slope, sd) = regression(sex, reference_length_mm);
    let law = law(sex);
    let prior = law.stature_sd * law.stature_sd;
    let gain = slope * prior / (slope * slope * prior + sd * sd);
    let surprise = length_mm - intercept - slope * law.stature_mean;
    let mean = law.stature_mean + gain * surprise;
    let spread = libm::sqrt(prior * (1.0 - gain * slope));
    for _ in 0..TRIES {
        let stature = mean + spread * normal(rng);
        if (STATURE_MIN_MM..=STATURE_MAX_MM).contains(&stature) {
            return stature;
        }
    }
    mean.clamp(STATURE_MIN_MM, STATURE_MAX_MM)
}

/// Normal density up to the constant that all share.
fn density(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    libm::exp(-0.5 * z * z) / sd
}

fn c7(sex: Sex) -> (f64, f64, f64) {
    match sex {
        Sex::Female => C7_FEMALE,
        Sex::Male => C7_MALE,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)]
    origin: String,
    female: Law,
    male: Law,
}

/// The law of one sex.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Law {
    #[allow(dead_code)]
    n: usize,
    age_quantiles: Vec<f64>,
    stature_mean: f64,
    stature_sd: f64,
    stature: OnAge,
    ln_bmi: OnAge,
    ln_bmi_shares: Vec<f64>,
    ln_bmi_scatter: Vec<f64>,
}

/// `c0 + c1 u + c2 u^2`, `u = (age - 50) / 10`, with the SD about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnAge {
    c0: f64,
    c1: f64,
    c2: f64,
    sd: f64,
}

impl OnAge {
    fn at(&self, age_years: f64) -> f64 {
        let u = (age_years - 50.0) / 10.0;
        self.c0 + self.c1 * u + self.c2 * u * u
    }
}

impl Law {
    fn age(&self, rng: &mut impl Rng) -> f64 {
        let last = self.age_quantiles.len() - 1;
        let at = uniform(rng, 0.0, last as f64);
        let below = (at as usize).min(last - 1);
        let share = at - below as f64;
        (1.0 - share) * self.age_quantiles[below] + share * self.age_quantiles[below + 1]
    }

    fn bmi_scatter(&self, rng: &mut impl Rng) -> f64 {
        let luck = uniform(rng, 0.0, 1.0);
        let (shares, scatter) = (&self.ln_bmi_shares, &self.ln_bmi_scatter);
        let above = shares.iter().position(|share| *share > luck).unwrap_or(shares.len() - 1).max(1);
        let part = (luck - shares[above - 1]) / (shares[above] - shares[above - 1]);
        (1.0 - part) * scatter[above - 1] + part * scatter[above]
    }

    fn is_whole(&self) -> bool {
        self.age_quantiles.len() >= 2
            && self.ln_bmi_shares.len() >= 2
            && self.ln_bmi_shares.len() == self.ln_bmi_scatter.len()
            && self.ln_bmi_shares.windows(2).all(|pair| pair[0] < pair[1])
    }
}

static PEOPLE: LazyLock<File> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("../../../population/people.json"))
        .expect("the embedded people file is well formed");
    assert!(file.female.is_whole() && file.male.is_whole());
    file
});

fn law(sex: Sex) -> &'static Law {
    match sex {
        Sex::Female => &PEOPLE.female,
        Sex::Male => &PEOPLE.male,
    }
}
