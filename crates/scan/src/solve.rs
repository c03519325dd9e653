//! The most probable unknowns by Gauss-Newton steps, and how certain they are (Laplace's approximation).
//!
//! Cost: `sum_i (v + 1) / 2 ln(1 + r_i^2 / v) + (u - m)^T P (u - m) / 2`, with `r` the residuals over
//! the factor `L` of their covariance (Student's t with `v` degrees of freedom, so that a cough bends nothing), `u`
//! the unknowns, `m`, `P` mean and precision of the belief. All sums run in a fixed order.

use crate::chain::Laid;
use crate::forward::{Forward, Observation};
use crate::rhythm::Remains;
use crate::row::{Normal, Row};
use crate::unknowns::{Belief, UNKNOWNS};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use population::BODIES;

/// Degrees of freedom of the residuals' distribution. Guess.
pub(crate) const FREEDOM: f64 = 5.0;
/// How much a step is damped, in units of the belief's precision, one after the other until the cost falls.
const DAMPINGS: [f64; 5] = [0.0, 1.0, 8.0, 64.0, 512.0];

/// Shares of the back over which its rhythm is followed, from the feet. Guess.
const FOLLOWED: [f64; 8] = [0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 0.9, 1.1];
/// How much less exact than it says the smooth fit is taken to be meanwhile. Guess.
const FOLLOWED_WIDENED: f64 = 1.5;

/// Weights where one counting of the levels is weighed against another. Landmarks count in full, as they alone tie
/// levels to places; belief in what the fit bends to them counts less; and a flexible outline fits the readings
/// nearly alike whatever is counted: by how much it does not is chance of a model that is not the body. Calibrated
/// (see `tissue`), on 117 drawn people: 105 stood on their own levels by them, and 86 with
/// full weights.
const BELIEF_SHARE: f64 = 0.6;
const READINGS_SHARE: f64 = 0.1;
/// A cost that falls by less than this rests. Guess: a tenth of what tells two answers apart.
const RESTED: f64 = 0.1;

/// All that was observed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Data {
    pub(crate) seen: Vec<Observation>,
    /// What a smooth fit left of closely spaced heights.
    pub(crate) remains: Remains,
}

/// A point on the way to the most probable unknowns.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    pub(crate) at: Vec<f64>,
    pub(crate) cost: f64,
    /// Share of the cost by belief alone, and of that by belief in the landmarks and where people lie.
    believed: f64,
    landmarks: f64,
    /// Mean square of the residuals over their standard deviations.
    pub(crate) misfit: f64,
    factor: Option<Cholesky<f64, Dyn>>,
}

impl Fit {
    /// Starts from these unknowns, nothing known of their certainty.
    pub(crate) fn start(forward: &Forward, belief: &Belief, data: &Data, at: Vec<f64>) -> Self {
        let Cost { all: cost, believed, landmarks, misfit } = cost(forward, belief, data, &at);
        Self { at, cost, believed, landmarks, misfit, factor: None }
    }

    /// One Gauss-Newton step, held back until the cost falls: damped towards where it stands the more, the
    /// more often that fails (Levenberg). Returns by how much the cost fell.
    pub(crate) fn step(&mut self, forward: &Forward, belief: &Belief, data: &Data) -> f64 {
        let (matrix, slope) = normal_equations(forward, belief, data, &self.at);
        for damping in DAMPINGS {
            let mut damped = matrix.clone();
            for i in 0..belief.count {
                damped[(i, i)] += damping * belief.precision[i * UNKNOWNS + i];
            }
            let Some(factor) = Cholesky::new(damped) else { continue };
            let step = factor.solve(&slope);
            if damping < 0.5 {
                self.factor = Some(factor);
            }
            if step.iter().any(|value| !value.is_finite()) {
                continue;
            }
            let mut to = self.at.clone();
            for (to, step) in to.iter_mut().zip(step.iter()) {
                *to += step;
            }
            let Cost { all: cost, believed, landmarks, misfit } = cost(forward, belief, data, &to);
            if cost < self.cost {
                let fall = self.cost - cost;
                *self = Self { at: to, cost, believed, landmarks, misfit, factor: self.factor.take() };
                return fall;
            }
        }
        0.0
    }

    /// Steps until the cost rests, at most `steps` of them; then the certainty at the place reached.
    pub(crate) fn settle(&mut self, forward: &Forward, belief: &Belief, data: &Data, steps: usize) {
        for _ in 0..steps {
            // The certainty is that of the last step's beginning, which lies next to its end.
            if self.step(forward, belief, data) < RESTED && self.factor.is_some() {
                return;
            }
        }
        self.factor = Cholesky::new(normal_equations(forward, belief, data, &self.at).0);
    }

    /// Follows the rhythm of the levels from the feet headward: each part of the back tells where to look for the
    /// next one. What the smooth fit knows counts as if it were [`FOLLOWED_WIDENED`] times less exact.
    pub(crate) fn follow(&self, forward: &Forward, belief: &Belief, remains: &Remains) -> Option<Vec<f64>> {
        let factor = self.factor.as_ref()?.l();
        let smooth = &factor * factor.transpose() / (FOLLOWED_WIDENED * FOLLOWED_WIDENED);
        let count = smooth.nrows();
        let mut precision =
            DMatrix::from_fn(belief.count, belief.count, |i, j| belief.precision[i * UNKNOWNS + j]);
        precision.view_mut((0, 0), (count, count)).copy_from(&smooth);
        let middle = DVector::from_column_slice(&self.at[..belief.count]);
        let mut at = middle.clone();
        for reach in FOLLOWED {
            let laid = forward.shapes.lay(at.as_slice());
            let (head, foot) = (laid.bone[0][0], laid.bone[BODIES - 1][0]);
            let mut matrix = precision.clone();
            let mut slope = &precision * (&middle - &at);
            remains.add(&laid, at.as_slice(), foot - reach * (foot - head), &mut matrix, &mut slope);
            at += Cholesky::new(matrix)?.solve(&slope);
        }
        at.iter().all(|value| value.is_finite()).then(|| at.as_slice().to_vec())
    }

    /// Logarithm of the evidence for a counting of the levels, up to a constant that all fits of the same readings
    /// share.
    pub(crate) fn log_evidence(&self) -> f64 {
        let (readings, belief) = (self.cost - self.believed, self.believed - self.landmarks);
        -self.landmarks - BELIEF_SHARE * belief - READINGS_SHARE * readings
    }

    /// Unknowns drawn about the most probable ones: `whitened` are independent standard normal numbers, of which
    /// as many count as unknowns were free.
    pub(crate) fn drawn(&self, whitened: &DVector<f64>) -> Option<Vec<f64>> {
        let away = self.away(whitened)?;
        let mut drawn = self.at.clone();
        for (to, away) in drawn.iter_mut().zip(away.iter()) {
            *to += away;
        }
        Some(drawn)
    }

    /// `L^-T` times whitened numbers, with `L L^T` the precision.
    pub(crate) fn away(&self, whitened: &DVector<f64>) -> Option<DVector<f64>> {
        let factor = self.factor.as_ref()?;
        let lower = factor.l_dirty();
        lower.tr_solve_lower_triangular(&whitened.rows(0, lower.nrows()))
    }

    /// Standard deviation of a linear function of the unknowns.
    pub(crate) fn sd_of(&self, gradient: &[f64]) -> Option<f64> {
        let factor = self.factor.as_ref()?;
        let mut column = DVector::from_column_slice(&gradient[..factor.l_dirty().nrows()]);
        factor.l_dirty().solve_lower_triangular_mut(&mut column).then(|| column.norm())
    }
}

/// Most observations of one station: left and right, out and back.
const STATION_MAX: usize = 4;

/// The residuals of one station, made independent of each other, with the rows of derivatives at common places.
struct Station {
    row: Row,
    rows: Vec<Vec<f64>>,
    places: Vec<usize>,
    raw: [Vec<(usize, f64)>; STATION_MAX],
    residuals: [f64; STATION_MAX],
    count: usize,
}

impl Station {
    fn new(row: Row) -> Self {
        Self {
            row,
            rows: Vec::with_capacity(STATION_MAX),
            places: Vec::with_capacity(256),
            raw: [(); STATION_MAX].map(|()| Vec::with_capacity(128)),
            residuals: [0.0; STATION_MAX],
            count: 0,
        }
    }

    /// Predicts all observations of a station and whitens residuals, and rows where they are kept, by the factor of
    /// their covariance: what is unexplained is partly shared.
    fn fill(&mut self, forward: &Forward, laid: &Laid, at: &[f64], seen: &[Observation]) {
        self.count = seen.len().min(STATION_MAX);
        for k in 0..self.count {
            self.residuals[k] = seen[k].height - forward.predict(laid, at, &seen[k], &mut self.row);
            let row = &self.row;
            self.raw[k].clear();
            self.raw[k].extend(row.touched().iter().map(|place| (*place, row.value(*place))));
            self.row.clear();
        }
        self.gather();
        let factor = whitener(&seen[..self.count]);
        for k in 0..self.count {
            let (before, from) = self.rows.split_at_mut(k);
            for j in 0..k {
                self.residuals[k] -= factor[k][j] * self.residuals[j];
                for (to, value) in from[0].iter_mut().zip(&before[j]) {
                    *to -= factor[k][j] * value;
                }
            }
            self.residuals[k] /= factor[k][k];
            for value in &mut from[0] {
                *value /= factor[k][k];
            }
        }
    }

    /// Brings the rows to common places, in rising order.
    fn gather(&mut self) {
        self.places.clear();
        for raw in &self.raw[..self.count] {
            self.places.extend(raw.iter().map(|(place, _)| *place));
        }
        self.places.sort_unstable();
        self.places.dedup();
        self.rows.resize(self.count, Vec::new());
        for (row, raw) in self.rows.iter_mut().zip(&self.raw) {
            row.clear();
            row.resize(self.places.len(), 0.0);
            for (place, value) in raw {
                if let Ok(index) = self.places.binary_search(place) {
                    row[index] = *value;
                }
            }
        }
    }
}

/// Lower factor of the covariance of what the model leaves unexplained in the observations of one station.
fn whitener(seen: &[Observation]) -> [[f64; STATION_MAX]; STATION_MAX] {
    let mut factor = [[0.0; STATION_MAX]; STATION_MAX];
    for k in 0..seen.len() {
        for j in 0..=k {
            let mut sum = covariance(&seen[k], &seen[j]);
            for i in 0..j {
                sum -= factor[k][i] * factor[j][i];
            }
            factor[k][j] = if j == k { libm::sqrt(sum.max(1e-6)) } else { sum / factor[j][j] };
        }
    }
    factor
}

/// Covariance of what the model leaves unexplained in two observations of one station, mm2.
fn covariance(a: &Observation, b: &Observation) -> f64 {
    let mut sum = a.sd_shared[0] * b.sd_shared[0];
    if a.side == b.side {
        sum += a.sd_shared[1] * b.sd_shared[1];
        if a.pass == b.pass {
            sum += a.sd * a.sd;
        }
    }
    sum
}

/// The observations of each station in turn.
fn stations(seen: &[Observation]) -> impl Iterator<Item = &[Observation]> {
    seen.chunk_by(|a, b| a.station == b.station)
}

struct Cost {
    all: f64,
    believed: f64,
    landmarks: f64,
    misfit: f64,
}

fn cost(forward: &Forward, belief: &Belief, data: &Data, at: &[f64]) -> Cost {
    let laid = forward.shapes.lay_fixed(at);
    let mut station = Station::new(Row::blind());
    let (mut sum, mut squares) = (0.0, 0.0);
    for seen in stations(&data.seen) {
        station.fill(forward, &laid, at, seen);
        for residual in &station.residuals[..station.count] {
            sum += 0.5 * (FREEDOM + 1.0) * libm::log1p(residual * residual / FREEDOM);
            squares += residual * residual;
        }
    }
    sum += data.remains.cost(&laid, at);
    let believed = believed(belief, at, None);
    let landmarks = belief.landmark_cost(at);
    Cost { all: sum + believed, believed, landmarks, misfit: squares / (data.seen.len().max(1) as f64) }
}

/// Cost of the unknowns by belief alone; its downhill slope is added to `slope`.
fn believed(belief: &Belief, at: &[f64], mut slope: Option<&mut [f64]>) -> f64 {
    let mut sum = 0.0;
    for i in 0..belief.count {
        let mut pull = 0.0;
        for (precision, (at, mean)) in belief.precision[i * UNKNOWNS..i * UNKNOWNS + belief.count]
            .iter()
            .zip(at.iter().zip(&belief.mean))
        {
            pull += precision * (at - mean);
        }
        sum += 0.5 * (at[i] - belief.mean[i]) * pull;
        if let Some(slope) = slope.as_deref_mut() {
            slope[i] -= pull;
        }
    }
    sum
}

/// Precision of the unknowns about `at`, and the downhill slope of the cost.
fn normal_equations(
    forward: &Forward,
    belief: &Belief,
    data: &Data,
    at: &[f64],
) -> (DMatrix<f64>, DVector<f64>) {
    let laid = forward.shapes.lay(at);
    let count = belief.count;
    let mut slope = vec![0.0; count];
    let _ = believed(belief, at, Some(&mut slope));
    let mut matrix = vec![0.0; count * count];
    for (i, line) in matrix.chunks_exact_mut(count).enumerate() {
        line.copy_from_slice(&belief.precision[i * UNKNOWNS..i * UNKNOWNS + count]);
    }
    let mut station = Station::new(Row::new());
    let mut normal = Normal::new();
    for seen in stations(&data.seen) {
        station.fill(forward, &laid, at, seen);
        for k in 0..station.count {
            let weight =
                libm::sqrt((FREEDOM + 1.0) / (FREEDOM + station.residuals[k] * station.residuals[k]));
            station.residuals[k] *= weight;
            for value in &mut station.rows[k] {
                *value *= weight;
            }
        }
        normal.add(&station.places, &station.rows, &station.residuals[..station.count]);
    }
    normal.spread(&laid, count, &mut matrix, &mut slope);
    let mut lower = DMatrix::from_fn(count, count, |i, j| matrix[i.max(j) * count + i.min(j)]);
    let mut slope = DVector::from_vec(slope);
    data.remains.add(&laid, at, f64::NEG_INFINITY, &mut lower, &mut slope);
    (lower, slope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Shapes;
    use crate::forward::waves;
    use crate::tissue::Flesh;
    use crate::unknowns::{X, Z};
    use population::{About, ShapeModel, Tissue};

    fn bed() -> bed::BedConfig {
        crate::tests_support::reference_bed()
    }

    #[test]
    fn the_predictions_derivatives_are_those_of_finite_differences() {
        // A roller that is nearly a point: where a round one touches is found to some tenths of a millimetre,
        // and taken as fixed in the derivatives.
        let (about, tissue) = (About::default(), Tissue::prior());
        let mut pointed = bed();
        pointed.roller.radius_mm = 1e-3;
        let belief = Belief::new(&tissue, &about, &pointed);
        let forward =
            Forward::new(Shapes::new(&ShapeModel::all(), &tissue), Flesh::new(&tissue, &about), &pointed);
        let mut at = belief.mean.clone();
        for (i, value) in at.iter_mut().enumerate() {
            *value += 0.2 * libm::sin(1.3 * i as f64);
        }
        let laid = forward.shapes.lay(&at);
        for (index, x) in [430.0, 478.0, 505.0, 640.0, 801.0, 930.0, 975.0, 1010.0].into_iter().enumerate() {
            let seen = Observation {
                x,
                height: 0.0,
                force: 10.0,
                flutter: 0.0,
                force_both: 21.0,
                waves: waves(0.7 * index as f64),
                pass: index % 2,
                towards: [1.0, -1.0][index % 2],
                side: [Some(0), Some(1), None][index % 3],
                station: 0,
                sd: 1.0,
                sd_shared: [1.0; 2],
            };
            let mut row = Row::new();
            let _ = forward.predict(&laid, &at, &seen, &mut row);
            let mut normal = Normal::new();
            let (places, values): (Vec<usize>, Vec<f64>) =
                row.touched().iter().map(|place| (*place, row.value(*place))).unzip();
            // A residual of one pulls by the row itself.
            normal.add(&places, &[values], &[1.0]);
            let (mut matrix, mut row) = (vec![0.0; UNKNOWNS * UNKNOWNS], vec![0.0; UNKNOWNS]);
            normal.spread(&laid, UNKNOWNS, &mut matrix, &mut row);
            for unknown in 0..UNKNOWNS {
                let step = 1e-4;
                let height = |by: f64| {
                    let mut moved = at.clone();
                    moved[unknown] += by;
                    forward.predict(&forward.shapes.lay(&moved), &moved, &seen, &mut Row::blind())
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
