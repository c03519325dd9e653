//! Fits the shape model on everybody and on nine tenths of the people ten times, and measures it
//! on the people left out.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nalgebra::{DMatrix, DVector};
use population::{FOLDS, GAPS, PARAMS, SEGMENTS};

use crate::chosen::Observed;
use crate::em::{self, Gaussian};
use crate::files::Problem;
use crate::folds::fold_of_subject;

/// Weights of the smooth correlations that are tried, in people.
const NU_TRIED: [f64; 5] = [20.0, 40.0, 80.0, 160.0, 320.0];
/// Worker threads; the result does not depend on it.
const WORKERS: usize = 2;
/// How unlikely an observation is left out, as the equivalent of a standard normal number.
/// Guess: at 5 one in three million would go if spines were Gaussian.
const FAR: f64 = 5.0;

/// What the people left out say of a model.
pub struct Verdict {
    /// Weight of the smooth correlations.
    pub nu: f64,
    /// Mean log density of a complete spine (larger is better).
    pub ln_density: f64,
    /// Squared Mahalanobis distance of each complete spine (expectation 48).
    pub distance2: Vec<f64>,
    /// RMS over spines of each number's error divided by its SD.
    pub z: DVector<f64>,
    /// Errors of the mean length, mm, one a spine, and the mean SD that the model gave.
    pub length_errors: Vec<f64>,
    /// The model's own SD of length, mm.
    pub length_sd: f64,
}

/// Those far from everybody else: a first fit's opinion, as positions in `seen`.
pub fn far(seen: &[Observed]) -> Result<Vec<usize>, Problem> {
    let everybody: Vec<&Observed> = seen.iter().collect();
    let first = em::fit(&everybody, NU_TRIED[2])?;
    let mut far = Vec::new();
    for (at, observed) in seen.iter().enumerate() {
        let (distance2, _) = em::distance2(&first, observed)?;
        if normal_of_chi2(distance2, observed.index.len()) > FAR {
            far.push(at);
        }
    }
    Ok(far)
}

/// The standard normal number as unlikely as this chi-square (Wilson and Hilferty 1931).
fn normal_of_chi2(chi2: f64, freedom: usize) -> f64 {
    let spread = 2.0 / (9.0 * freedom as f64);
    (libm::cbrt(chi2 / freedom as f64) - (1.0 - spread)) / libm::sqrt(spread)
}

/// The model of everybody but each fold in turn; the last is of everybody.
pub fn fit_all(seen: &[Observed], nu: f64) -> Result<Vec<Gaussian>, Problem> {
    let next = AtomicUsize::new(0);
    let fitted = Mutex::new((0..=FOLDS).map(|_| None).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let fold = next.fetch_add(1, Ordering::Relaxed);
                    if fold > FOLDS {
                        break;
                    }
                    let some: Vec<&Observed> =
                        seen.iter().filter(|o| fold_of_subject(&o.subject) != fold).collect();
                    let model = em::fit(&some, nu);
                    if let Ok(mut all) = fitted.lock() {
                        all[fold] = Some(model);
                    }
                }
            });
        }
    });
    let fitted = fitted.into_inner().map_err(|_| Problem::Data("a worker failed".to_owned()))?;
    fitted.into_iter().map(|m| m.unwrap_or_else(|| Err(Problem::Data("no fit".to_owned())))).collect()
}

/// Measures the models of the folds on the complete spines that each left out.
pub fn judge(models: &[Gaussian], full: &[&Observed], nu: f64) -> Result<Verdict, Problem> {
    let mut verdict = Verdict {
        nu,
        ln_density: 0.0,
        distance2: Vec::new(),
        z: DVector::zeros(PARAMS),
        length_errors: Vec::new(),
        length_sd: 0.0,
    };
    let n = full.len() as f64;
    for observed in full {
        let model = &models[fold_of_subject(&observed.subject)];
        let (distance2, ln_determinant) = em::distance2(model, observed)?;
        let constant = PARAMS as f64 * libm::log(2.0 * std::f64::consts::PI);
        verdict.ln_density -= 0.5 * (distance2 + ln_determinant + constant) / n;
        verdict.distance2.push(distance2);
        for i in 0..PARAMS {
            let error = observed.value[i] - model.mean[i];
            verdict.z[i] += error * error / model.covariance[(i, i)] / n;
        }
        let (mean, sd) = length(model);
        let true_length: f64 = (0..SEGMENTS).map(|i| libm::exp(observed.value[GAPS + i])).sum();
        verdict.length_errors.push(true_length - mean);
        verdict.length_sd += sd / n;
    }
    verdict.z.apply(|z| *z = libm::sqrt(*z));
    Ok(verdict)
}

/// Tries every weight of the smooth correlations and keeps the best on the people left out.
pub fn search(
    seen: &[Observed],
    full: &[&Observed],
) -> Result<(Vec<Gaussian>, Vec<Verdict>, usize), Problem> {
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut best = (Vec::new(), 0);
    for (at, nu) in NU_TRIED.into_iter().enumerate() {
        let models = fit_all(seen, nu)?;
        let verdict = judge(&models, full, nu)?;
        if verdicts.is_empty() || verdict.ln_density > verdicts[best.1].ln_density {
            best = (models, at);
        }
        verdicts.push(verdict);
    }
    Ok((best.0, verdicts, best.1))
}

/// Mean and SD of the length T1-L5 in mm, linearised.
fn length(model: &Gaussian) -> (f64, f64) {
    let mut gradient = DVector::zeros(PARAMS);
    for i in GAPS..GAPS + SEGMENTS {
        gradient[i] = libm::exp(model.mean[i] + 0.5 * model.covariance[(i, i)]);
    }
    (gradient.sum(), libm::sqrt((&model.covariance * &gradient).dot(&gradient)))
}

/// Root of the mean square.
pub fn rms(values: &[f64]) -> f64 {
    let sum: f64 = values.iter().map(|v| v * v).sum();
    libm::sqrt(sum / values.len() as f64)
}

/// By how much each model's covariance is too small for people whom it has not seen.
pub struct Widening {
    /// Factor of each number's SD.
    pub sd: Vec<f64>,
    /// Factor of all variances after that.
    pub variance: f64,
}

/// The widening of each fold's model (the last: of everybody's), from the complete spines of the
/// *other* folds: first each number's SD by its RMS of error over SD, then all variances by the
/// mean of `distance^2 / 48`; neither ever narrows.
pub fn widenings(models: &[Gaussian], full: &[&Observed]) -> Result<Vec<Widening>, Problem> {
    let mut all = Vec::new();
    for fold in 0..=FOLDS {
        let others: Vec<&Observed> =
            full.iter().copied().filter(|o| fold_of_subject(&o.subject) != fold).collect();
        let sd: Vec<f64> = judge(models, &others, 0.0)?.z.iter().map(|z| z.max(1.0)).collect();
        let wide: Vec<Gaussian> = models.iter().map(|m| widened(m, &sd, 1.0)).collect();
        let distances = judge(&wide, &others, 0.0)?.distance2;
        let mean = distances.iter().sum::<f64>() / (distances.len() * PARAMS) as f64;
        all.push(Widening { sd, variance: mean.max(1.0) });
    }
    Ok(all)
}

/// The models, each widened by its own widening.
pub fn widen(models: &[Gaussian], widenings: &[Widening]) -> Vec<Gaussian> {
    models.iter().zip(widenings).map(|(m, w)| widened(m, &w.sd, w.variance)).collect()
}

fn widened(model: &Gaussian, sd: &[f64], variance: f64) -> Gaussian {
    let covariance =
        DMatrix::from_fn(PARAMS, PARAMS, |i, j| model.covariance[(i, j)] * sd[i] * sd[j] * variance);
    Gaussian { mean: model.mean.clone(), covariance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_and_hilferty_meet_the_table() {
        // 95 % point of chi-square: 3.841 with 1, 65.171 with 48 degrees of freedom.
        assert!((normal_of_chi2(65.171, 48) - 1.645).abs() < 0.01);
        assert!((normal_of_chi2(15.507, 8) - 1.645).abs() < 0.03);
    }
}
