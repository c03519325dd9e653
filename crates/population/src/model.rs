//! The distribution of spine shapes: a Gaussian over the 48 numbers of [`Shape`], fitted on CT
//! scans of people lying on the back (see `population/README.md` for origin and licence), once
//! on all people and ten times with a tenth of the people left out.
//!
//! Knowledge of the person enters through the length T1-L5 alone: with `h` the gradient of the
//! length with respect to the numbers, `m_L`, `s_L` the length's mean and SD in this model and
//! `m`, `s` those given, `K = C h / s_L^2`,
//!
//! `mean' = mean + K (m - m_L)`, `C' = C - K K^T (s_L^2 - s^2)`,
//!
//! so the length has mean `m` and SD `s` afterwards, and everything else keeps its regression on
//! length. Mass and age are taken but change nothing: given stature they add almost nothing to
//! back length (Source: ANSUR II, Gordon 2014, regressions in science.md 1.1), and the scans
//! carry no age.

use std::sync::LazyLock;

use nalgebra::{Cholesky, DMatrix, DVector};
use serde::Deserialize;

use crate::people::{About, Sex, length_knowledge};
use crate::random::Draws;
use crate::shape::{BODIES, GAPS, LEVELS, PARAMS, SEGMENTS, Shape};

/// Number of folds that the people are split into.
pub const FOLDS: usize = 10;

/// Complete spines of the data that are numeric variants (eleven or thirteen thoracic vertebrae), and
/// complete spines altogether; the model is of regular spines only. Source: counted by the fit, see
/// `population/README.md`. The literature has roughly one person in ten.
pub const NUMERIC_VARIANTS: (u32, u32) = (12, 59);

const ALL: &str = include_str!("../../../population/shape/all.json");
const FOLD: [&str; FOLDS] = [
    include_str!("../../../population/shape/fold_0.json"),
    include_str!("../../../population/shape/fold_1.json"),
    include_str!("../../../population/shape/fold_2.json"),
    include_str!("../../../population/shape/fold_3.json"),
    include_str!("../../../population/shape/fold_4.json"),
    include_str!("../../../population/shape/fold_5.json"),
    include_str!("../../../population/shape/fold_6.json"),
    include_str!("../../../population/shape/fold_7.json"),
    include_str!("../../../population/shape/fold_8.json"),
    include_str!("../../../population/shape/fold_9.json"),
];
const FOLD_OF_SCAN: &str = include_str!("../../../population/shape/folds.csv");

static MODELS: LazyLock<Vec<ShapeModel>> = LazyLock::new(|| {
    let mut models: Vec<ShapeModel> = FOLD.iter().map(|text| ShapeModel::read(text)).collect();
    models.push(ShapeModel::read(ALL));
    models
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)]
    origin: String,
    levels: Vec<String>,
    people: f64,
    scans: usize,
    inflation: f64,
    mean: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

/// A Gaussian over the numbers of a [`Shape`].
#[derive(Debug, Clone)]
pub struct ShapeModel {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
    factor: DMatrix<f64>,
    reference_length_mm: f64,
    people: f64,
    scans: usize,
    inflation: f64,
}

impl ShapeModel {
    /// The model fitted on everybody. For people to be treated, never for a bench on a real
    /// spine that took part in the fit.
    #[must_use]
    pub fn all() -> Self {
        MODELS[FOLDS].clone()
    }

    /// The model fitted without the subject of this scan (and without the other subjects of its
    /// fold, in any of their scans). An unknown scan took no part, so it gets [`Self::all`].
    #[must_use]
    pub fn excluding(scan_id: &str) -> Self {
        fold_of(scan_id).map_or_else(Self::all, |fold| MODELS[fold].clone())
    }

    fn read(text: &str) -> Self {
        let file: File = serde_json::from_str(text).expect("an embedded shape file is well formed");
        assert!(file.levels == LEVELS, "an embedded shape file has the levels T1 to L5");
        assert!(file.mean.len() == PARAMS && file.covariance.len() == PARAMS);
        let covariance = DMatrix::from_fn(PARAMS, PARAMS, |i, j| file.covariance[i.max(j)][i.min(j)]);
        let mut model = Self {
            mean: DVector::from_vec(file.mean),
            factor: factor(&covariance),
            covariance,
            reference_length_mm: 0.0,
            people: file.people,
            scans: file.scans,
            inflation: file.inflation,
        };
        model.reference_length_mm = model.length_mm().0;
        model
    }

    /// Mean of the 48 numbers: ln gaps (ln mm), sagittal, lateral inclinations (rad).
    #[must_use]
    pub fn mean(&self) -> &DVector<f64> {
        &self.mean
    }

    /// Covariance of the 48 numbers.
    #[must_use]
    pub fn covariance(&self) -> &DMatrix<f64> {
        &self.covariance
    }

    /// The lower triangular factor `L` with `L L^T` = covariance.
    #[must_use]
    pub fn factor(&self) -> &DMatrix<f64> {
        &self.factor
    }

    /// Names of the levels, from head to foot.
    #[must_use]
    pub fn levels(&self) -> &'static [&'static str; BODIES] {
        &LEVELS
    }

    /// People and scans behind the fit, and the factor by which the covariance was widened to
    /// cover spines left out.
    #[must_use]
    pub fn fitted_on(&self) -> (f64, usize, f64) {
        (self.people, self.scans, self.inflation)
    }

    /// Mean length T1-L5 of the people of the fit in mm; conditioning does not change it.
    #[must_use]
    pub fn reference_length_mm(&self) -> f64 {
        self.reference_length_mm
    }

    /// A shape at the mean of the numbers.
    #[must_use]
    pub fn middle(&self) -> Shape {
        shape_of(&self.mean)
    }

    /// Draws a spine.
    pub fn draw(&self, draws: &mut impl Draws) -> Shape {
        let mut noise = DVector::zeros(PARAMS);
        for value in noise.iter_mut() {
            *value = draws.normal();
        }
        shape_of(&(&self.mean + &self.factor * noise))
    }

    /// Mean and SD of the length T1-L5 in mm, linearised in the ln gaps.
    #[must_use]
    pub fn length_mm(&self) -> (f64, f64) {
        let gradient = self.length_gradient();
        let mut mean = 0.0;
        for i in 0..SEGMENTS {
            mean += gradient[GAPS + i];
        }
        (mean, libm::sqrt((&self.covariance * &gradient).dot(&gradient)))
    }

    /// Gradient of the mean length with respect to the numbers: the mean gap of each segment.
    fn length_gradient(&self) -> DVector<f64> {
        let mut gradient = DVector::zeros(PARAMS);
        for i in GAPS..GAPS + SEGMENTS {
            gradient[i] = libm::exp(self.mean[i] + 0.5 * self.covariance[(i, i)]);
        }
        gradient
    }

    /// The same people, of whom the length T1-L5 is known with this mean and SD in mm. An SD
    /// under 0.1 mm counts as 0.1 mm.
    #[must_use]
    pub fn with_length(&self, mean_mm: f64, sd_mm: f64) -> Self {
        let mut model = self.clone();
        let sd = sd_mm.max(0.1);
        // Length is slightly curved in the ln gaps: four steps bring mean and spread home.
        for _ in 0..4 {
            let gradient = model.length_gradient();
            let towards = &self.covariance * &gradient;
            let variance = towards.dot(&gradient);
            let gain = towards / variance;
            model.mean += &gain * (mean_mm - model.length_mm().0);
            model.covariance = &self.covariance - &gain * gain.transpose() * (variance - sd * sd);
        }
        model.factor = factor(&model.covariance);
        model
    }

    /// The people of whom this much is known. Nothing known: the model itself.
    #[must_use]
    pub fn given(&self, about: &About) -> Self {
        match length_knowledge(about, self.reference_length_mm) {
            Some((mean_mm, sd_mm)) => self.with_length(mean_mm, sd_mm),
            None => self.clone(),
        }
    }

    /// Mean and residual SD of the length T1-L5 in mm at this sex and stature (mm), by this
    /// model's mean length.
    #[must_use]
    pub fn length_given_stature(&self, sex: Sex, stature_mm: f64) -> (f64, f64) {
        crate::people::length_at(sex, stature_mm, self.reference_length_mm)
    }

    /// Squared Mahalanobis distance of a shape from the mean; its expectation is 48 for a shape
    /// of these people.
    #[must_use]
    pub fn distance2(&self, shape: &Shape) -> f64 {
        let residual = DVector::from_row_slice(shape.params()) - &self.mean;
        self.factor.solve_lower_triangular(&residual).map_or(f64::INFINITY, |z| z.norm_squared())
    }
}

/// The fold that a scan's subject belongs to, or `None` for a scan that took no part.
#[must_use]
pub fn fold_of(scan_id: &str) -> Option<usize> {
    FOLD_OF_SCAN.lines().skip(1).find_map(|line| {
        let (id, fold) = line.split_once(',')?;
        if id == scan_id { fold.trim().parse().ok().filter(|fold| *fold < FOLDS) } else { None }
    })
}

fn shape_of(params: &DVector<f64>) -> Shape {
    let mut numbers = [0.0; PARAMS];
    for (to, from) in numbers.iter_mut().zip(params.iter()) {
        *to = *from;
    }
    Shape::from_params(&numbers).expect("finite numbers within the clamps make a chain")
}

/// Cholesky factor; a covariance that lost its last digits is helped by up to 1e-6 of its
/// diagonal.
fn factor(covariance: &DMatrix<f64>) -> DMatrix<f64> {
    for ridge in [0.0, 1e-9, 1e-7, 1e-6] {
        let mut candidate = covariance.clone();
        for i in 0..candidate.nrows() {
            candidate[(i, i)] *= 1.0 + ridge;
        }
        if let Some(cholesky) = Cholesky::new(candidate) {
            return cholesky.l();
        }
    }
    panic!("a shape covariance is positive definite");
}
