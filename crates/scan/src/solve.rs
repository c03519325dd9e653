//! The most probable unknowns by Gauss-Newton steps, and how certain they are (Laplace's approximation).
//!
//! Cost: `sum_i (v + 1) / 2 ln(1 + r_i^2 / v) + (u - m)^T P (u - m) / 2`, with `r` the residuals over
//! their standard deviations (Student's t with `v` degrees of freedom, so that a cough bends nothing), `u`
//! the unknowns, `m`, `P` mean and precision of the belief. All sums run in a fixed order.

use crate::forward::{Forward, Observation};
use crate::unknowns::{Belief, PLACED, UNKNOWNS};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Degrees of freedom of the residuals' distribution. Guess.
const FREEDOM: f64 = 5.0;
/// Most halvings of a step that raises the cost.
const HALVINGS: usize = 5;

/// A body's place along the bed as a landmark tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) body: usize,
    /// mm.
    pub(crate) x: f64,
    /// mm.
    pub(crate) sd: f64,
}

/// All that was observed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Data {
    pub(crate) seen: Vec<Observation>,
    pub(crate) marks: Vec<Mark>,
}

/// A point on the way to the most probable unknowns.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    pub(crate) at: Vec<f64>,
    pub(crate) cost: f64,
    /// Mean square of the residuals over their standard deviations.
    pub(crate) misfit: f64,
    factor: Option<Cholesky<f64, Dyn>>,
}

impl Fit {
    /// Starts from these unknowns, nothing known of their certainty.
    pub(crate) fn start(forward: &Forward, belief: &Belief, data: &Data, at: Vec<f64>) -> Self {
        let (cost, misfit) = cost(forward, belief, data, &at);
        Self { at, cost, misfit, factor: None }
    }

    /// One Gauss-Newton step, shortened until the cost falls. Returns by how much it fell.
    pub(crate) fn step(&mut self, forward: &Forward, belief: &Belief, data: &Data) -> f64 {
        let (matrix, slope) = normal_equations(forward, belief, data, &self.at);
        let Some(factor) = Cholesky::new(matrix) else { return 0.0 };
        let step = factor.solve(&slope);
        self.factor = Some(factor);
        if step.iter().any(|value| !value.is_finite()) {
            return 0.0;
        }
        let mut share = 1.0;
        for _ in 0..=HALVINGS {
            let to: Vec<f64> =
                self.at.iter().zip(step.iter()).map(|(from, step)| from + share * step).collect();
            let (cost, misfit) = cost(forward, belief, data, &to);
            if cost < self.cost {
                let fall = self.cost - cost;
                *self = Self { at: to, cost, misfit, factor: self.factor.take() };
                return fall;
            }
            share *= 0.5;
        }
        0.0
    }

    /// Steps until the cost rests, at most `steps` of them; then the certainty at the place reached.
    pub(crate) fn settle(&mut self, forward: &Forward, belief: &Belief, data: &Data, steps: usize) {
        for _ in 0..steps {
            if self.step(forward, belief, data) < 1e-3 {
                break;
            }
        }
        self.factor = Cholesky::new(normal_equations(forward, belief, data, &self.at).0);
    }

    /// Logarithm of the evidence, up to a constant that all fits of the same readings share.
    pub(crate) fn log_evidence(&self, belief: &Belief) -> f64 {
        let Some(factor) = &self.factor else { return f64::NEG_INFINITY };
        let half_log_det: f64 = (0..UNKNOWNS).map(|i| libm::log(factor.l_dirty()[(i, i)])).sum();
        belief.half_log_det - half_log_det - self.cost
    }

    /// Unknowns drawn about the most probable ones: `whitened` are independent standard normal numbers.
    pub(crate) fn drawn(&self, whitened: &DVector<f64>) -> Option<Vec<f64>> {
        let away = self.away(whitened)?;
        Some(self.at.iter().zip(away.iter()).map(|(at, away)| at + away).collect())
    }

    /// `L^-T` times whitened numbers, with `L L^T` the precision.
    pub(crate) fn away(&self, whitened: &DVector<f64>) -> Option<DVector<f64>> {
        let factor = self.factor.as_ref()?;
        factor.l_dirty().tr_solve_lower_triangular(whitened)
    }

    /// Standard deviation of a linear function of the unknowns.
    pub(crate) fn sd_of(&self, gradient: &[f64]) -> Option<f64> {
        let factor = self.factor.as_ref()?;
        let mut column = DVector::from_column_slice(gradient);
        factor.l_dirty().solve_lower_triangular_mut(&mut column).then(|| column.norm())
    }
}

fn cost(forward: &Forward, belief: &Belief, data: &Data, at: &[f64]) -> (f64, f64) {
    let laid = forward.lay(at);
    let mut row = vec![0.0; UNKNOWNS];
    let (mut sum, mut squares) = (0.0, 0.0);
    for observation in &data.seen {
        let height = forward.predict(&laid, at, observation, &mut row);
        let residual = (observation.height - height) / Forward::sd_at(&laid, at, observation);
        sum += 0.5 * (FREEDOM + 1.0) * libm::log1p(residual * residual / FREEDOM);
        squares += residual * residual;
    }
    for mark in &data.marks {
        let away = (mark.x - laid.centres[mark.body][0]) / mark.sd;
        sum += 0.5 * away * away;
    }
    let mut prior = 0.0;
    for i in 0..UNKNOWNS {
        let from = at[i] - belief.mean[i];
        for j in 0..UNKNOWNS {
            let precision = belief.precision[i * UNKNOWNS + j];
            if precision != 0.0 {
                prior += 0.5 * from * precision * (at[j] - belief.mean[j]);
            }
        }
    }
    (sum + prior, squares / (data.seen.len().max(1) as f64))
}

/// Precision of the unknowns about `at`, and the downhill slope of the cost.
fn normal_equations(
    forward: &Forward,
    belief: &Belief,
    data: &Data,
    at: &[f64],
) -> (DMatrix<f64>, DVector<f64>) {
    let laid = forward.lay(at);
    let mut matrix = belief.precision.clone();
    let mut slope = vec![0.0; UNKNOWNS];
    for i in 0..UNKNOWNS {
        for j in 0..UNKNOWNS {
            let precision = belief.precision[i * UNKNOWNS + j];
            if precision != 0.0 {
                slope[i] -= precision * (at[j] - belief.mean[j]);
            }
        }
    }
    let mut row = vec![0.0; UNKNOWNS];
    let mut touched = Vec::with_capacity(UNKNOWNS);
    for observation in &data.seen {
        row.fill(0.0);
        let height = forward.predict(&laid, at, observation, &mut row);
        let sd = Forward::sd_at(&laid, at, observation);
        let residual = (observation.height - height) / sd;
        let weight = (FREEDOM + 1.0) / (FREEDOM + residual * residual) / (sd * sd);
        touched.clear();
        touched.extend((0..UNKNOWNS).filter(|i| row[*i] != 0.0));
        let pull = weight * (observation.height - height);
        for (index, &i) in touched.iter().enumerate() {
            slope[i] += pull * row[i];
            let scaled = weight * row[i];
            let line = &mut matrix[i * UNKNOWNS..(i + 1) * UNKNOWNS];
            for &j in &touched[..=index] {
                line[j] += scaled * row[j];
            }
        }
    }
    for mark in &data.marks {
        let along = laid.slopes_of(mark.body, 0);
        let weight = 1.0 / (mark.sd * mark.sd);
        for i in 0..PLACED {
            slope[i] += weight * (mark.x - laid.centres[mark.body][0]) * along[i];
            for j in 0..=i {
                matrix[i * UNKNOWNS + j] += weight * along[i] * along[j];
            }
        }
    }
    let lower = DMatrix::from_fn(UNKNOWNS, UNKNOWNS, |i, j| matrix[i.max(j) * UNKNOWNS + i.min(j)]);
    (lower, DVector::from_vec(slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Shapes;
    use crate::forward::waves;
    use crate::unknowns::{X, Z};
    use population::{About, ShapeModel};

    fn bed() -> bed::BedConfig {
        crate::tests_support::reference_bed()
    }

    #[test]
    fn the_predictions_derivatives_are_those_of_finite_differences() {
        let about = About::default();
        let belief = Belief::new(&about, &bed());
        let forward = Forward::new(Shapes::new(&ShapeModel::all()), &about, 35.0);
        let mut at = belief.mean.clone();
        for (i, value) in at.iter_mut().enumerate() {
            *value += 0.2 * libm::sin(1.3 * i as f64);
        }
        let laid = forward.lay(&at);
        for (index, x) in [430.0, 478.0, 505.0, 640.0, 801.0, 930.0, 975.0, 1010.0].into_iter().enumerate() {
            let seen = Observation {
                x,
                height: 0.0,
                force: 10.0,
                force_both: 21.0,
                waves: waves(0.7 * index as f64),
                pass: index % 2,
                side: [Some(0), Some(1), None][index % 3],
                sd: 1.0,
            };
            let mut row = vec![0.0; UNKNOWNS];
            let _ = forward.predict(&laid, &at, &seen, &mut row);
            for unknown in 0..UNKNOWNS {
                let step = 1e-4;
                let height = |by: f64| {
                    let mut moved = at.clone();
                    moved[unknown] += by;
                    forward.predict(&forward.lay(&moved), &moved, &seen, &mut vec![0.0; UNKNOWNS])
                };
                let expected = (height(step) - height(-step)) / (2.0 * step);
                assert!(
                    (expected - row[unknown]).abs() < 2e-3 * (1.0 + expected.abs()),
                    "x {x}, unknown {unknown}: {expected} {}",
                    row[unknown]
                );
            }
        }
        assert!(at[X] > 400.0 && at[Z] > 50.0);
    }
}
