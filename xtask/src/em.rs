//! A Gaussian fitted on incomplete observations (expectation-maximisation), with its correlations
//! drawn towards smooth ones.
//!
//! Each observation sees the numbers `O` of `x ~ N(m, C)`; when its yaw is unknown, a common
//! offset of 0.05 rad SD lies on its lateral inclinations. E-step: `x^ = m + C_O^T S^-1 (y - m_O)`,
//! `P = C - C_O^T S^-1 C_O`, `S = C_OO + yaw`. M-step, with weights `w`:
//! `m = sum(w x^) / sum(w)`, `C = (sum(w ((x^-m)(x^-m)^T + P)) + nu T) / (sum(w) + nu)`.
//! `T` has the variances of the unshrunk `C` and, for correlations, the mean of each lag within a
//! kind of number, none between the kinds. So variances are not shrunk, correlations are, most
//! where few spines were seen. Left and right are exchangeable: the fit is of the population with
//! its mirror image (on complete spines left out that is better than a preferred side). Missing observations count by what they saw only.

use std::collections::BTreeMap;

use nalgebra::{Cholesky, DMatrix, DVector, SymmetricEigen};
use population::{LATERAL, PARAMS, SEGMENTS};

use crate::chosen::Observed;
use crate::files::Problem;

/// SD of the unknown yaw of a partial scan, rad. Guess: people lie within 3 degrees of straight.
const YAW_SD: f64 = 0.05;
/// Least eigenvalue of a correlation matrix. Guess: keeps the numbers usable, under the annotation
/// noise (2 mm of 25 is a share of 0.08, squared 0.006).
const EIGENVALUE_MIN: f64 = 1e-3;
/// Rounds of the fit. Guess: 500 move the held-out log density by 0.01.
const ROUNDS: usize = 150;

/// A fitted Gaussian.
#[derive(Debug, Clone)]
pub struct Gaussian {
    /// Mean of the 48 numbers.
    pub mean: DVector<f64>,
    /// Their covariance.
    pub covariance: DMatrix<f64>,
}

/// Fits; `nu` is the weight of the smooth correlations, in people.
pub fn fit(seen: &[&Observed], nu: f64) -> Result<Gaussian, Problem> {
    let mut patterns = BTreeMap::<(bool, &[usize]), Vec<&Observed>>::new();
    for observed in seen {
        patterns.entry((observed.yaw_unknown, &observed.index)).or_default().push(observed);
    }
    let mut now = start(seen)?;
    for _ in 0..ROUNDS {
        now = round(&now, &patterns, nu)?;
    }
    Ok(now)
}

/// Means and variances of what is seen, no correlations.
fn start(seen: &[&Observed]) -> Result<Gaussian, Problem> {
    let mut weight = DVector::<f64>::zeros(PARAMS);
    let mut mean = DVector::<f64>::zeros(PARAMS);
    let mut square = DVector::<f64>::zeros(PARAMS);
    for observed in seen {
        for (i, value) in observed.index.iter().zip(&observed.value) {
            weight[*i] += observed.weight;
            mean[*i] += observed.weight * value;
            square[*i] += observed.weight * value * value;
        }
    }
    if weight.iter().any(|w| *w < 5.0) {
        return Err(Problem::Data("a level was seen in fewer than five people".to_owned()));
    }
    let mut covariance = DMatrix::<f64>::zeros(PARAMS, PARAMS);
    for i in 0..PARAMS {
        mean[i] /= weight[i];
        covariance[(i, i)] = square[i] / weight[i] - mean[i] * mean[i];
    }
    Ok(Gaussian { mean, covariance })
}

fn round(
    now: &Gaussian,
    patterns: &BTreeMap<(bool, &[usize]), Vec<&Observed>>,
    nu: f64,
) -> Result<Gaussian, Problem> {
    let mut total = 0.0;
    let mut shift = DVector::zeros(PARAMS);
    let mut spread = DMatrix::zeros(PARAMS, PARAMS);
    for ((yaw_unknown, index), group) in patterns {
        let (gain, rest) = gain(now, index, *yaw_unknown)?;
        let mut weight = 0.0;
        for observed in group {
            let about = &gain * residual(now, observed);
            shift += observed.weight * &about;
            spread += observed.weight * &about * about.transpose();
            weight += observed.weight;
        }
        spread += weight * rest;
        total += weight;
    }
    shift /= total;
    let raw = spread / total - &shift * shift.transpose();
    let (mean, raw) = without_side(&now.mean + shift, raw);
    let covariance = (&raw * total + smooth(&raw) * nu) / (total + nu);
    Ok(Gaussian { mean, covariance: (&covariance + covariance.transpose()) * 0.5 })
}

/// The mean over a population and its mirror image: no lateral inclination on average, and none
/// that goes with a gap or a sagittal one.
fn without_side(mut mean: DVector<f64>, mut raw: DMatrix<f64>) -> (DVector<f64>, DMatrix<f64>) {
    for i in LATERAL..PARAMS {
        for j in LATERAL..PARAMS {
            raw[(i, j)] += mean[i] * mean[j];
        }
        for j in 0..LATERAL {
            raw[(i, j)] = 0.0;
            raw[(j, i)] = 0.0;
        }
    }
    for i in LATERAL..PARAMS {
        mean[i] = 0.0;
    }
    (mean, raw)
}

/// The regression of all numbers on those seen, and the covariance that is left.
pub fn gain(
    now: &Gaussian,
    index: &[usize],
    yaw_unknown: bool,
) -> Result<(DMatrix<f64>, DMatrix<f64>), Problem> {
    let across = now.covariance.select_columns(index);
    let solved = seen_covariance(now, index, yaw_unknown)?.solve(&across.transpose());
    let rest = &now.covariance - &across * &solved;
    Ok((solved.transpose(), rest))
}

fn seen_covariance(
    now: &Gaussian,
    index: &[usize],
    yaw_unknown: bool,
) -> Result<Cholesky<f64, nalgebra::Dyn>, Problem> {
    let mut own = now.covariance.select_columns(index).select_rows(index);
    if yaw_unknown {
        for (a, i) in index.iter().enumerate() {
            for (b, j) in index.iter().enumerate() {
                if *i >= LATERAL && *j >= LATERAL {
                    own[(a, b)] += YAW_SD * YAW_SD;
                }
            }
        }
    }
    Cholesky::new(own).ok_or_else(|| Problem::Data("a covariance lost its rank".to_owned()))
}

fn residual(now: &Gaussian, observed: &Observed) -> DVector<f64> {
    DVector::from_iterator(
        observed.index.len(),
        observed.index.iter().zip(&observed.value).map(|(i, value)| value - now.mean[*i]),
    )
}

/// Squared Mahalanobis distance of what was seen, and the log of the determinant.
pub fn distance2(now: &Gaussian, observed: &Observed) -> Result<(f64, f64), Problem> {
    let own = seen_covariance(now, &observed.index, observed.yaw_unknown)?;
    let residual = residual(now, observed);
    let distance2 = residual.dot(&own.solve(&residual));
    let mut ln_determinant = 0.0;
    for i in 0..observed.index.len() {
        ln_determinant += 2.0 * libm::log(own.l_dirty()[(i, i)]);
    }
    Ok((distance2, ln_determinant))
}

/// The target of the shrinkage: same variances, correlations by lag within a kind of number.
fn smooth(raw: &DMatrix<f64>) -> DMatrix<f64> {
    let sd: Vec<f64> = (0..PARAMS).map(|i| libm::sqrt(raw[(i, i)])).collect();
    let mut target = DMatrix::identity(PARAMS, PARAMS);
    for kind in [0, SEGMENTS, 2 * SEGMENTS] {
        for lag in 1..SEGMENTS {
            let mut sum = 0.0;
            for i in kind..kind + SEGMENTS - lag {
                sum += raw[(i, i + lag)] / (sd[i] * sd[i + lag]);
            }
            let mean = sum / (SEGMENTS - lag) as f64;
            for i in kind..kind + SEGMENTS - lag {
                target[(i, i + lag)] = mean;
                target[(i + lag, i)] = mean;
            }
        }
    }
    let target = with_rank(&target);
    DMatrix::from_fn(PARAMS, PARAMS, |i, j| target[(i, j)] * sd[i] * sd[j])
}

/// The nearest correlation matrix (eigenvalues lifted, diagonal one again).
fn with_rank(correlation: &DMatrix<f64>) -> DMatrix<f64> {
    let mut eigen = SymmetricEigen::new(correlation.clone());
    for value in eigen.eigenvalues.iter_mut() {
        *value = value.max(EIGENVALUE_MIN);
    }
    let lifted = eigen.recompose();
    DMatrix::from_fn(PARAMS, PARAMS, |i, j| {
        if i == j { 1.0 } else { lifted[(i, j)] / libm::sqrt(lifted[(i, i)] * lifted[(j, j)]) }
    })
}
