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
use crate::unknowns::{ASKEW, PLACED, RHYTHM};
use core::f64::consts::TAU;
use nalgebra::{Cholesky, DMatrix, DVector};
use population::BODIES;
use std::sync::Arc;

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

/// What the rhythm depends on: the place of each level's processes, and two amplitudes.
const COLUMNS: usize = BODIES + 2;

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
    /// Where the observations of each point stand.
    seen: Vec<Vec<usize>>,
    /// What is left, mm.
    left: DVector<f64>,
    /// Lower factor of the covariance of roughness and noise.
    factor: Arc<DMatrix<f64>>,
}

impl Remains {
    /// What a smooth fit leaves, between its ends.
    pub(crate) fn new(forward: &Forward, at: &[f64], seen: &[Observation]) -> Self {
        let laid = forward.shapes.lay_fixed(at);
        let ends = (laid.bone[0][0] - BEYOND_MM, laid.bone[BODIES - 1][0] + BEYOND_MM);
        let passes = (0..2)
            .filter_map(|pass| {
                let mut points: Vec<(f64, Vec<usize>)> = Vec::new();
                let mut from = 0;
                for station in seen.chunk_by(|a, b| a.station == b.station) {
                    let here: Vec<usize> =
                        (from..from + station.len()).filter(|index| seen[*index].pass == pass).collect();
                    from += station.len();
                    // A side alone would tell of its own flesh.
                    if here.is_empty() || (here.len() == 1 && seen[here[0]].side.is_some()) {
                        continue;
                    }
                    let x = here.iter().map(|index| seen[*index].x).sum::<f64>() / here.len() as f64;
                    let axis = Observation { x, ..seen[here[0]] }.felt_x(at);
                    let touched = axis + forward.beside(&laid, at, axis);
                    if touched > ends.0 && touched < ends.1 {
                        points.push((touched, here));
                    }
                }
                points.sort_by(|a, b| b.0.total_cmp(&a.0));
                Pass::new(points)
            })
            .collect();
        Self { passes }.retold(forward, at, seen)
    }

    /// What another fit leaves at the same points.
    pub(crate) fn retold(&self, forward: &Forward, at: &[f64], seen: &[Observation]) -> Self {
        let laid = forward.shapes.lay_fixed(at);
        let mut row = Row::blind();
        let mut told = self.clone();
        for pass in &mut told.passes {
            for (left, here) in pass.left.iter_mut().zip(&pass.seen) {
                let mut sum = 0.0;
                for index in here {
                    sum += seen[*index].height - forward.predict(&laid, at, &seen[*index], &mut row);
                }
                *left = sum / here.len() as f64;
            }
        }
        told
    }

    /// The inverse of the covariance times what is left, 1/mm, pass by pass.
    pub(crate) fn pulls(&self) -> Pulls<'_> {
        let pull = |pass: &Pass| {
            let mut pull = pass.left.clone();
            // The diagonal of a factor is positive, so both systems have a solution.
            let _ = pass.factor.solve_lower_triangular_mut(&mut pull);
            let _ = pass.factor.tr_solve_lower_triangular_mut(&mut pull);
            pull
        };
        Pulls { passes: self.passes.iter().map(|pass| (pass.x.as_slice(), pull(pass))).collect() }
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
            spread(laid, &inner, &pull, matrix, slope);
        }
    }
}

/// From what the rhythm depends on to the unknowns: a level's processes stand where its bone line does, and askew.
fn spread(
    laid: &Laid,
    inner: &DMatrix<f64>,
    pull: &DVector<f64>,
    matrix: &mut DMatrix<f64>,
    slope: &mut DVector<f64>,
) {
    let places = DMatrix::from_fn(BODIES, PLACED, |body, unknown| laid.bone_slopes(body, 0)[unknown]);
    let between = inner.view((0, 0), (COLUMNS, BODIES)) * &places;
    let placed = places.tr_mul(&between.rows(0, BODIES));
    let mut corner = matrix.view_mut((0, 0), (PLACED, PLACED));
    corner += placed;
    let mut head = slope.rows_mut(0, PLACED);
    head += places.tr_mul(&pull.rows(0, BODIES));
    for i in 0..COLUMNS {
        slope[own(i)] += pull[i];
        for j in 0..PLACED {
            matrix[(own(i), j)] += between[(i, j)];
            matrix[(j, own(i))] += between[(i, j)];
        }
        for j in 0..COLUMNS {
            matrix[(own(i), own(j))] += inner[(i, j)];
        }
    }
}

/// The unknown of a column's own.
fn own(column: usize) -> usize {
    if column < BODIES { ASKEW + column } else { RHYTHM + column - BODIES }
}

/// What is left, weighed by its covariance.
pub(crate) struct Pulls<'a> {
    passes: Vec<(&'a [f64], DVector<f64>)>,
}

impl Pulls<'_> {
    /// What a wave of one millimetre between a level and the next, their processes at these places along the bed,
    /// explains of what is left, and what it costs: a wave of `a` mm is more probable than none by `exp(a p - a^2 q)`.
    pub(crate) fn gain(&self, level: usize, head: f64, foot: f64) -> (f64, f64) {
        let gap = foot - head;
        let (mut explained, mut cost) = (0.0, 0.0);
        for (x, pulls) in &self.passes {
            let from = x.partition_point(|x| *x >= foot);
            let points = x[from..].iter().zip(&pulls.as_slice()[from..]);
            for (x, pull) in points.take_while(|(x, _)| **x >= head) {
                let lower = wave(level, (x - head) / gap, gap).0;
                explained -= lower * pull;
                cost += 0.5 * lower * lower / (NOISE_MM * NOISE_MM);
            }
        }
        (explained, cost)
    }
}

impl Pass {
    fn new(points: Vec<(f64, Vec<usize>)>) -> Option<Self> {
        let covariance = DMatrix::from_fn(points.len(), points.len(), |i, j| {
            let apart = (points[i].0 - points[j].0) / ROUGH_LENGTH_MM;
            let noise = if i == j { NOISE_MM * NOISE_MM } else { 0.0 };
            ROUGH_MM * ROUGH_MM * libm::exp(-0.5 * apart * apart) + noise
        });
        let factor = Arc::new(Cholesky::new(covariance)?.unpack());
        let left = DVector::zeros(points.len());
        let (x, seen) = points.into_iter().unzip();
        Some(Self { x, seen, left, factor })
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
            rows[(index, BODIES)] = -wave.cos;
            rows[(index, BODIES + 1)] = -wave.sin;
            rows[(index, wave.body)] = -wave.by_place[0];
            rows[(index, wave.body + 1)] = -wave.by_place[1];
        }
        // The factor of the points nearest to the feet is the first part of the whole one.
        let factor = self.factor.view((0, 0), (count, count));
        let _ = factor.solve_lower_triangular_mut(&mut left);
        let _ = factor.solve_lower_triangular_mut(&mut rows);
        (left, rows)
    }
}
