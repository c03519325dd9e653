//! The rhythm of the levels: transverse processes and ribs stand out once a level and shape the skin by some
//! tenths of a millimetre. The smooth profile says nothing of it; felt along the whole back, it tells where each
//! level lies to a millimetre or two, once it is known which wave belongs to which level.
//!
//! What the smooth model leaves of the heights is `r(x) = rough(x) + noise - w(x)`, with the wave
//!
//! `w(x) = (a cos 2 pi s + b sin 2 pi s) exp(-2 pi^2 p^2 / g^2)`,
//!
//! `s` the level coordinate along the bone line, `g` the gap of the bone line there, and `p` the length over which a
//! roller feels. Roughness is a Gaussian process so smooth that it holds no waves as short as a level: that, not
//! the amplitude, sets the rhythm apart.

use crate::chain::Laid;
use crate::forward::{Forward, Observation};
use crate::solve::FREEDOM;
use crate::unknowns::{ASKEW, PLACED, RHYTHM, UNKNOWNS};
use nalgebra::{Cholesky, DMatrix, DVector};
use population::BODIES;

/// Length over which a roller of 20 mm radius feels through flesh, as a standard deviation, mm. Guess.
const PATCH_MM: f64 = 5.0;
/// Spread of the roughness, mm, and the length over which it stays alike, mm. Guess.
const ROUGH_MM: f64 = 1.0;
const ROUGH_LENGTH_MM: f64 = 16.0;
/// Noise of one height, mm: load cells, and processes that stand out more or less. Guess.
const NOISE_MM: f64 = 0.1;
/// So far beyond the smooth fit's ends heights count, mm: farther out neck and sacrum have edges of their own. Guess.
const BEYOND_MM: f64 = 10.0;
/// Over so much of a level the rhythm begins and ends. Guess.
const FADE_LEVELS: f64 = 0.7;

/// One pass along the back, from the feet headward.
#[derive(Debug, Clone)]
struct Pass {
    /// Where the roller touched, mm.
    x: Vec<f64>,
    /// What the smooth model leaves, mm.
    left: DVector<f64>,
    /// The inverse of its covariance times it, 1/mm.
    pull: Vec<f64>,
    /// Factor of the covariance of roughness and noise.
    factor: DMatrix<f64>,
}

/// What the smooth model leaves of the heights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rhythm {
    passes: Vec<Pass>,
}

/// Derivatives of a wave: along the bed at two bodies of the bone line, and the amplitudes.
struct Wave {
    value: f64,
    cos: f64,
    sin: f64,
    body: usize,
    by_body: f64,
    by_next: f64,
}

fn wave(laid: &Laid, at: &[f64], x: f64) -> Option<Wave> {
    let place = |body: usize| laid.bone[body][0] + at[ASKEW + body];
    let body = (0..BODIES - 1).find(|&body| place(body) <= x && x < place(body + 1))?;
    let gap = (place(body + 1) - place(body)).max(10.0);
    let share = (x - place(body)) / gap;
    let level = body as f64 + share;
    let edge = fade(level) * fade((BODIES - 1) as f64 - level);
    let ratio = core::f64::consts::TAU * PATCH_MM / gap;
    let felt = edge * libm::exp(-0.5 * ratio * ratio);
    let phase = core::f64::consts::TAU * share;
    let (cos, sin) = (felt * libm::cos(phase), felt * libm::sin(phase));
    let (a, b) = (at[RHYTHM], at[RHYTHM + 1]);
    let by_share = core::f64::consts::TAU * (b * cos - a * sin) / gap;
    Some(Wave {
        value: a * cos + b * sin,
        cos,
        sin,
        body,
        by_body: -by_share * (1.0 - share),
        by_next: -by_share * share,
    })
}

fn fade(levels: f64) -> f64 {
    let share = (levels / FADE_LEVELS).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

impl Rhythm {
    /// What `at` leaves of fine observations.
    pub(crate) fn new(forward: &Forward, at: &[f64], seen: &[Observation]) -> Self {
        let laid = forward.shapes.lay(at);
        let mut row = vec![0.0; UNKNOWNS];
        let mut passes = Vec::new();
        for pass in 0..2 {
            let mut points: Vec<(f64, f64)> = Vec::new();
            for station in seen.chunk_by(|a, b| a.station == b.station) {
                let (mut count, mut x, mut left) = (0.0, 0.0, 0.0);
                for one in station.iter().filter(|one| one.pass == pass) {
                    let height = forward.predict(&laid, at, one, &mut row);
                    count += 1.0;
                    x += one.x;
                    left += one.height - height;
                }
                let sides = station.iter().filter(|one| one.pass == pass && one.side.is_some()).count();
                if count > 0.0 && sides != 1 {
                    let shift = if pass == 1 { at[crate::unknowns::SHIFT] } else { 0.0 };
                    let axis = x / count - shift;
                    points.push((axis + forward.beside(&laid, at, axis), left / count));
                }
            }
            points.retain(|(x, _)| *x > laid.bone[0][0] - BEYOND_MM && *x < laid.bone[BODIES - 1][0] + BEYOND_MM);
            points.sort_by(|a, b| b.0.total_cmp(&a.0));
            if let Some(pass) = Pass::new(&points) {
                passes.push(pass);
            }
        }
        Self { passes }
    }

    /// Logarithm by which a wave of `amplitude` mm between two neighbouring levels, at these places along the bed,
    /// makes what is left more probable than none.
    pub(crate) fn gain(&self, level: usize, head: f64, foot: f64, amplitude: f64) -> f64 {
        let gap = foot - head;
        let ratio = core::f64::consts::TAU * PATCH_MM / gap;
        let felt = amplitude * libm::exp(-0.5 * ratio * ratio);
        let mut sum = 0.0;
        for pass in &self.passes {
            // From the feet headward: places fall.
            let from = pass.x.partition_point(|x| *x >= foot);
            for (x, pull) in pass.x[from..].iter().zip(&pass.pull[from..]) {
                if *x < head {
                    break;
                }
                let share = (x - head) / gap;
                let edge = fade(level as f64 + share) * fade((BODIES - 1 - level) as f64 - share);
                let wave = edge * felt * libm::cos(core::f64::consts::TAU * share);
                sum -= wave * (pull + 0.5 * wave / (NOISE_MM * NOISE_MM));
            }
        }
        sum
    }

    pub(crate) fn dump(&self, laid: &Laid, at: &[f64]) {
        for (number, pass) in self.passes.iter().enumerate() {
            let (white, _) = pass.whitened(laid, at, f64::NEG_INFINITY);
            for i in 0..pass.x.len() {
                eprintln!("DUMP {number} {:.1} {:.3} {:.3} {:.2} {:.3}", pass.x[i], pass.left[i], -wave(laid, at, pass.x[i]).map_or(0.0, |w| w.value), white[i], pass.pull[i]);
            }
        }
        for b in 0..BODIES { eprintln!("BONE {b} {:.1} {:.1}", laid.bone[b][0], at[ASKEW + b]); }
    }

    /// Half the whitened square of what is left, of the share of the back from the feet up to `from_x`.
    pub(crate) fn cost(&self, laid: &Laid, at: &[f64], from_x: f64) -> f64 {
        let mut sum = 0.0;
        for pass in &self.passes {
            let (left, _) = pass.whitened(laid, at, from_x);
            for left in left.iter() {
                sum += 0.5 * (FREEDOM + 1.0) * libm::log1p(left * left / FREEDOM);
            }
        }
        sum
    }

    /// Adds to the precision and the downhill slope of the cost.
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

/// Unknowns that the rhythm depends on: places, amplitudes, and processes askew.
const COLUMNS: usize = PLACED + 2 + BODIES;

fn unknown(column: usize) -> usize {
    if column < PLACED { column } else { RHYTHM + column - PLACED }
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

    /// What is left beside the wave, and the rows of its derivatives (of the prediction), made independent.
    fn whitened(&self, laid: &Laid, at: &[f64], from_x: f64) -> (DVector<f64>, DMatrix<f64>) {
        let count = self.x.iter().filter(|x| **x >= from_x).count();
        let mut left = self.left.rows(0, count).into_owned();
        let mut rows = DMatrix::zeros(count, COLUMNS);
        for (index, x) in self.x[..count].iter().enumerate() {
            let Some(wave) = wave(laid, at, *x) else { continue };
            // The wave lowers the skin: the prediction is `- w`.
            left[index] += wave.value;
            rows[(index, PLACED)] = -wave.cos;
            rows[(index, PLACED + 1)] = -wave.sin;
            let (here, next) = (laid.bone_slopes(wave.body, 0), laid.bone_slopes(wave.body + 1, 0));
            rows[(index, PLACED + 2 + wave.body)] = -wave.by_body;
            rows[(index, PLACED + 3 + wave.body)] = -wave.by_next;
            for k in 0..PLACED {
                rows[(index, k)] = -(wave.by_body * here[k] + wave.by_next * next[k]);
            }
        }
        let factor = self.factor.view((0, 0), (count, count));
        let _ = factor.solve_lower_triangular_mut(&mut left);
        let _ = factor.solve_lower_triangular_mut(&mut rows);
        (left, rows)
    }
}
