//! The rhythm of the levels: transverse processes and ribs stand out once a level and shape the skin by some
//! tenths of a millimetre. Felt along the whole back it tells where each level lies to a millimetre or two, once it
//! is known which wave belongs to which level ([`crate::counting`]).
//!
//! The skin lies lower by `w(x) = (a cos 2 pi s + b sin 2 pi s) exp(-2 pi^2 p^2 / g^2)`, with `s` the level
//! coordinate by the places of the processes, `g` their gap there, and `p` the length over which a roller feels.

use crate::chain::Laid;
use crate::forward::{Forward, Observation};
use crate::row::Row;
use crate::solve::FREEDOM;
use crate::unknowns::{ASKEW, PLACED, RHYTHM, SHIFT};
use core::f64::consts::TAU;
use nalgebra::{Cholesky, DMatrix, DVector};
use population::BODIES;

/// Length over which a roller of 20 mm radius feels through flesh, as a standard deviation, mm. Guess.
const PATCH_MM: f64 = 5.0;
/// Over so much of a level the rhythm begins and ends. Guess.
const FADE_LEVELS: f64 = 0.7;

/// The wave's cosine and sine at a share of the gap beyond a level, as a roller feels them.
fn wave(body: usize, share: f64, gap: f64) -> (f64, f64) {
    let level = body as f64 + share;
    let edge = fade(level) * fade((BODIES - 1) as f64 - level);
    let ratio = TAU * PATCH_MM / gap;
    let felt = edge * libm::exp(-0.5 * ratio * ratio);
    (felt * libm::cos(TAU * share), felt * libm::sin(TAU * share))
}

fn fade(levels: f64) -> f64 {
    let share = (levels / FADE_LEVELS).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// What the rhythm takes off the height at a place along the bed, with its derivatives.
struct Wave {
    value: f64,
    cos: f64,
    sin: f64,
    body: usize,
    /// With respect to the places of this level's processes and the next one's.
    by_place: [f64; 2],
}

impl Wave {
    fn new(laid: &Laid, at: &[f64], x: f64) -> Option<Self> {
        let (a, b) = (at[RHYTHM], at[RHYTHM + 1]);
        let place = |body: usize| laid.bone[body][0] + at[ASKEW + body];
        let body = (0..BODIES - 1).find(|&body| place(body) <= x && x < place(body + 1))?;
        let gap = (place(body + 1) - place(body)).max(10.0);
        let share = (x - place(body)) / gap;
        let (cos, sin) = wave(body, share, gap);
        let by_x = TAU * (b * cos - a * sin) / gap;
        let by_place = [-by_x * (1.0 - share), -by_x * share];
        Some(Self { value: a * cos + b * sin, cos, sin, body, by_place })
    }
}

/// Spread of the roughness, mm, and the length over which it stays alike, mm; noise of one height, mm. Guess.
const ROUGH_MM: f64 = 1.0;
const ROUGH_LENGTH_MM: f64 = 16.0;
const NOISE_MM: f64 = 0.1;
/// So far beyond the smooth fit's ends heights count, mm: farther out neck and sacrum have edges of their own.
/// Guess.
const BEYOND_MM: f64 = 10.0;

/// Unknowns that the rhythm depends on: places of the chain, amplitudes, and processes askew.
const COLUMNS: usize = PLACED + 2 + BODIES;

fn unknown(column: usize) -> usize {
    if column < PLACED { column } else { RHYTHM + column - PLACED }
}

/// What a smooth fit leaves of closely spaced heights: `rough(x) + noise - w(x)`. Roughness is a Gaussian process so
/// smooth that it holds no waves as short as a level: that sets the rhythm apart, more than its size.
#[derive(Debug, Clone, Default)]
pub(crate) struct Remains {
    passes: Vec<Pass>,
}

/// One pass along the back, from the feet headward.
#[derive(Debug, Clone)]
struct Pass {
    /// Where the roller touched, mm.
    x: Vec<f64>,
    /// What is left, mm.
    left: DVector<f64>,
    /// The inverse of its covariance times it, 1/mm.
    pull: Vec<f64>,
    /// Lower factor of the covariance of roughness and noise.
    factor: DMatrix<f64>,
}

impl Remains {
    pub(crate) fn new(forward: &Forward, at: &[f64], seen: &[Observation]) -> Self {
        let laid = forward.shapes.lay_fixed(at);
        let mut row = Row::blind();
        let mut passes = Vec::new();
        for pass in 0..2 {
            let mut points: Vec<(f64, f64)> = Vec::new();
            for station in seen.chunk_by(|a, b| a.station == b.station) {
                let (mut count, mut sides, mut x, mut left) = (0.0, 0, 0.0, 0.0);
                for one in station.iter().filter(|one| one.pass == pass) {
                    count += 1.0;
                    sides += usize::from(one.side.is_some());
                    x += one.x;
                    left += one.height - forward.predict(&laid, at, one, &mut row);
                }
                // A side alone would tell of its own flesh.
                if count > 0.0 && sides != 1 {
                    let axis = x / count - if pass == 1 { at[SHIFT] } else { 0.0 };
                    points.push((axis + forward.beside(&laid, at, axis), left / count));
                }
            }
            let (first, last) = (laid.bone[0][0] - BEYOND_MM, laid.bone[BODIES - 1][0] + BEYOND_MM);
            points.retain(|(x, _)| *x > first && *x < last);
            points.sort_by(|a, b| b.0.total_cmp(&a.0));
            passes.extend(Pass::new(&points));
        }
        Self { passes }
    }

    /// Logarithm by which a wave of `amplitude` mm between a level and the next, their processes at these places
    /// along the bed, makes what is left more probable than none.
    pub(crate) fn gain(&self, level: usize, head: f64, foot: f64, amplitude: f64) -> f64 {
        let gap = foot - head;
        let mut sum = 0.0;
        for pass in &self.passes {
            let from = pass.x.partition_point(|x| *x >= foot);
            let points = pass.x[from..].iter().zip(&pass.pull[from..]);
            for (x, pull) in points.take_while(|(x, _)| **x >= head) {
                let lower = amplitude * wave(level, (x - head) / gap, gap).0;
                sum -= lower * (pull + 0.5 * lower / (NOISE_MM * NOISE_MM));
            }
        }
        sum
    }

    /// Cost of what a wave leaves in turn.
    pub(crate) fn cost(&self, laid: &Laid, at: &[f64]) -> f64 {
        let mut sum = 0.0;
        for pass in &self.passes {
            let mut left = pass.left.clone();
            for (left, x) in left.iter_mut().zip(&pass.x) {
                *left += Wave::new(laid, at, *x).map_or(0.0, |wave| wave.value);
            }
            let _ = pass.factor.solve_lower_triangular_mut(&mut left);
            for left in left.iter() {
                sum += 0.5 * (FREEDOM + 1.0) * libm::log1p(left * left / FREEDOM);
            }
        }
        sum
    }

    /// Adds to the precision and the downhill slope of the cost, of the back from the feet up to `from_x`.
    pub(crate) fn add(
        &self,
        laid: &Laid,
        at: &[f64],
        from_x: f64,
        matrix: &mut DMatrix<f64>,
        slope: &mut DVector<f64>,
    ) {
        for pass in &self.passes {
            let (mut left, mut rows) = pass.whitened(laid, at, from_x);
            for (index, left) in left.iter_mut().enumerate() {
                let weight = libm::sqrt((FREEDOM + 1.0) / (FREEDOM + *left * *left));
                *left *= weight;
                rows.row_mut(index).scale_mut(weight);
            }
            let (inner, pull) = (rows.tr_mul(&rows), rows.tr_mul(&left));
            for i in 0..COLUMNS {
                let to = unknown(i);
                slope[to] += pull[i];
                for j in 0..COLUMNS {
                    matrix[(to, unknown(j))] += inner[(i, j)];
                }
            }
        }
    }
}

impl Pass {
    fn new(points: &[(f64, f64)]) -> Option<Self> {
        let covariance = DMatrix::from_fn(points.len(), points.len(), |i, j| {
            let apart = (points[i].0 - points[j].0) / ROUGH_LENGTH_MM;
            let noise = if i == j { NOISE_MM * NOISE_MM } else { 0.0 };
            ROUGH_MM * ROUGH_MM * libm::exp(-0.5 * apart * apart) + noise
        });
        let factor = Cholesky::new(covariance)?;
        let left = DVector::from_iterator(points.len(), points.iter().map(|point| point.1));
        Some(Self {
            x: points.iter().map(|point| point.0).collect(),
            pull: factor.solve(&left).as_slice().to_vec(),
            left,
            factor: factor.unpack(),
        })
    }

    /// What is left beside the wave, and the rows of the prediction's derivatives, made independent.
    fn whitened(&self, laid: &Laid, at: &[f64], from_x: f64) -> (DVector<f64>, DMatrix<f64>) {
        let count = self.x.partition_point(|x| *x >= from_x);
        let mut left = self.left.rows(0, count).into_owned();
        let mut rows = DMatrix::zeros(count, COLUMNS);
        for (index, x) in self.x[..count].iter().enumerate() {
            let Some(wave) = Wave::new(laid, at, *x) else { continue };
            // The wave lowers the skin: the prediction is `- w`.
            left[index] += wave.value;
            rows[(index, PLACED)] = -wave.cos;
            rows[(index, PLACED + 1)] = -wave.sin;
            for (next, by_place) in wave.by_place.into_iter().enumerate() {
                rows[(index, PLACED + 2 + wave.body + next)] = -by_place;
                for (k, slope) in laid.bone_slopes(wave.body + next, 0).iter().enumerate() {
                    rows[(index, k)] -= by_place * slope;
                }
            }
        }
        // The factor of the points nearest to the feet is the first part of the whole one.
        let factor = self.factor.view((0, 0), (count, count));
        let _ = factor.solve_lower_triangular_mut(&mut left);
        let _ = factor.solve_lower_triangular_mut(&mut rows);
        (left, rows)
    }
}
