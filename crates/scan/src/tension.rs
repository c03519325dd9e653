//! How tense the muscle is beside each level, once it is known where the levels lie.
//!
//! With the curve found, the heights that it leaves unexplained are, of both heads (`s` = 1 left, -1 right) on both
//! passes, `y = B(x) t_s(x) + common(x) + pass(x) + s flank(x) / 2 + rest`: `B` is what a change of ln stiffness does to
//! the height there, `t` the ln of the stiffness over what is expected, and the others are the bone line's and the
//! skin's own, smooth Gaussian processes. What makes tension visible: it lowers one head and not the other, and it does
//! so the more, the harder that head presses. The estimate of `t` is that of the process given the readings (kriging);
//! a tense place is looked for as a bump of `t` at every place, side and length, by how much likelier it makes the
//! readings than the natural scatter of muscle does.

use crate::forward::{Forward, Observation};
use crate::row::{Row, of};
use crate::unknowns::{BREATH, FLANK, STIFF};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use population::BODIES;

// `Guess:` here, and set by hand near what was likeliest for the curves of drawn people without a tense place; no command
// sets them anew yet. What they are worth: `ondol bench scan --people 60 --world "no tense"`, `"ratio 1.5"`.

/// A roller feels so much of a change of ln stiffness: it lies on more than a point. Guess.
const FELT: f64 = 0.8;
/// What the flesh does lags behind the roller by so much more than the skin does, mm. Guess.
const LAG_MM: f64 = 2.0;
/// Length over which a roller feels, as a standard deviation, mm. Guess.
const PATCH_MM: f64 = 7.0;
/// Natural scatter of ln stiffness (measures.md, 8 %), and how long it stays alike along a back, mm. Guess: half a level.
const NATURAL: Smooth = Smooth { sd: 0.075, length_mm: 14.0 };
/// What tense places add to it before anything is seen, and their length. Guess: one site in ten, tense by half.
const TENSED: Smooth = Smooth { sd: 0.12, length_mm: 18.0 };
/// Error of the stiffness that is expected, both sides alike. Guess.
const EXPECTED: Smooth = Smooth { sd: 0.16, length_mm: 100.0 };
/// What both heads and passes share, mm: the bone line's error and the rhythm of the levels. Guess.
const COMMON: [Smooth; 2] = [Smooth { sd: 3.0, length_mm: 60.0 }, Smooth { sd: 0.4, length_mm: 10.0 }];
/// What both heads share on one pass, mm: breath and the trunk's give. Guess.
const PASS: [Smooth; 2] = [Smooth { sd: 0.4, length_mm: 40.0 }, Smooth { sd: 0.2, length_mm: 10.0 }];
/// By how much left and right differ of themselves, mm: flesh, and a bone line that is not straight. Guess.
const SIDES: [Smooth; 2] = [Smooth { sd: 2.2, length_mm: 80.0 }, Smooth { sd: 0.35, length_mm: 25.0 }];
/// The rest of one head on one pass, mm. Guess.
const REST: Smooth = Smooth { sd: 0.12, length_mm: 8.0 };
/// What no neighbour shares, mm. Guess.
const NOISE_MM: f64 = 0.06;

/// Half lengths of a tense place that are tried, mm. Source: population, 15-40 mm.
const HALF_LENGTHS_MM: [f64; 4] = [15.0, 22.0, 30.0, 40.0];
/// Distance of the places that are tried, mm.
const STEP_MM: f64 = 5.0;
/// ln ratio that a tense place is expected to have, and its spread. Guess: from 1.3 to 2.
const SIZE: (f64, f64) = (0.4, 0.2);
/// Least spread of a bump's size, ln. Guess: half the natural scatter; a narrow bump is never told better.
const SIZE_SD_MIN: f64 = 0.04;
/// A place is called tense where that makes the readings likelier by this logarithm. Guess: one false alarm in
/// ten scans of the sixty people of `ondol bench scan --people 60 --seed 31 --world "no tense"`.
const TENSE_FROM: f64 = 5.0;
/// So many levels footward of T1 places begin to be looked for: headward of that the neck leaves the bed. Guess.
const FIRST_LEVEL: f64 = 0.7;
/// Readings so far beyond the ends count, mm. Guess.
const BEYOND_MM: f64 = 12.0;

/// A Gaussian process along the bed: `sd^2 exp(-d^2 / 2 length^2)`.
#[derive(Clone, Copy)]
struct Smooth {
    sd: f64,
    length_mm: f64,
}

impl Smooth {
    fn covariance(self, apart_mm: f64) -> f64 {
        let apart = apart_mm / self.length_mm;
        self.sd * self.sd * libm::exp(-0.5 * apart * apart)
    }
}

/// One height that the curve leaves unexplained.
struct Left {
    x: f64,
    /// Where the flesh is whose stiffness it tells, mm.
    flesh_x: f64,
    pass: usize,
    side: usize,
    /// mm.
    height: f64,
    /// What a change of ln stiffness does to it, mm.
    by_ln: f64,
}

/// A place that was tried.
struct Tried {
    x: f64,
    side: usize,
    score: f64,
}

/// What the readings tell of the muscle along a back.
pub(crate) struct Muscle {
    left: Vec<Left>,
    factor: Cholesky<f64, Dyn>,
    weights: DVector<f64>,
    tried: Vec<Tried>,
}

impl Muscle {
    /// From the readings and the most probable unknowns; `None` where there is nothing to go by.
    pub(crate) fn new(forward: &Forward, at: &[f64], seen: &[Observation]) -> Option<Self> {
        let bone = forward.shapes.lay_fixed(at).bone;
        let left = left(forward, at, seen, (bone[0][0] - BEYOND_MM, bone[BODIES - 1][0] + BEYOND_MM));
        if left.is_empty() {
            return None;
        }
        let natural = covariance(&left, &[NATURAL]);
        let heights = DVector::from_iterator(left.len(), left.iter().map(|left| left.height));
        let first = bone[0][0] + FIRST_LEVEL * (bone[1][0] - bone[0][0]);
        let tried = tried(&left, &Cholesky::new(natural)?, &heights, (first, bone[BODIES - 1][0]))?;
        let factor = Cholesky::new(covariance(&left, &[NATURAL, TENSED]))?;
        let weights = factor.solve(&heights);
        Some(Self { left, factor, weights, tried })
    }

    /// ln of stiffness over what is expected at a place and side, and its standard deviation.
    pub(crate) fn ln_ratio(&self, x: f64, side: usize) -> Option<(f64, f64)> {
        let parts = [NATURAL, TENSED];
        let shared = DVector::from_iterator(
            self.left.len(),
            self.left.iter().map(|left| {
                let alike = f64::from(u8::from(left.side == side));
                let covariance: f64 = parts.iter().map(|part| part.covariance(left.flesh_x - x)).sum();
                alike * left.by_ln * covariance
            }),
        );
        let whitened = self.factor.l_dirty().solve_lower_triangular(&shared)?;
        let prior: f64 = parts.iter().map(|part| part.sd * part.sd).sum();
        Some((shared.dot(&self.weights), libm::sqrt((prior - whitened.norm_squared()).max(0.0))))
    }

    /// Whether there is a tense place on a side between two places along the bed.
    pub(crate) fn is_tense(&self, side: usize, from_x: f64, to_x: f64) -> bool {
        self.tried.iter().any(|at| at.side == side && at.score > TENSE_FROM && at.x >= from_x && at.x <= to_x)
    }
}

fn left(forward: &Forward, at: &[f64], seen: &[Observation], (from, to): (f64, f64)) -> Vec<Left> {
    let laid = forward.shapes.lay_fixed(at);
    let mut bare = at.to_vec();
    // Everything that stands for left and right is told anew.
    bare[FLANK..BREATH].fill(0.0);
    let mut row = Row::new();
    let mut left = Vec::with_capacity(seen.len());
    for seen in seen {
        let (Some(side), x) = (seen.side, seen.felt_x(at)) else { continue };
        if x < from || x > to {
            continue;
        }
        let height = seen.height - forward.predict(&laid, &bare, seen, &mut row);
        let by_ln = FELT * row.value(of(STIFF));
        row.clear();
        let flesh_x = x - seen.towards * LAG_MM;
        left.push(Left { x, flesh_x, pass: seen.pass, side, height, by_ln });
    }
    left
}

fn covariance(left: &[Left], muscle: &[Smooth]) -> DMatrix<f64> {
    let sum = |parts: &[Smooth], apart: f64| parts.iter().map(|part| part.covariance(apart)).sum::<f64>();
    DMatrix::from_fn(left.len(), left.len(), |i, j| {
        let (a, b) = (&left[i], &left[j]);
        let (apart, flesh) = (a.x - b.x, a.flesh_x - b.flesh_x);
        let (same_side, same_pass) = (a.side == b.side, a.pass == b.pass);
        let by_ln = a.by_ln * b.by_ln;
        let mut covariance = sum(&COMMON, apart) + by_ln * EXPECTED.covariance(flesh);
        let sides = 0.25 * sum(&SIDES, apart);
        covariance += if same_side { sides + by_ln * sum(muscle, flesh) } else { -sides };
        if same_pass {
            covariance += sum(&PASS, apart);
            if same_side {
                covariance += REST.covariance(apart);
            }
        }
        covariance + if i == j { NOISE_MM * NOISE_MM } else { 0.0 }
    })
}

/// A bump of ln stiffness at every place, side and length: the best length of each.
fn tried(
    left: &[Left],
    factor: &Cholesky<f64, Dyn>,
    heights: &DVector<f64>,
    (from, to): (f64, f64),
) -> Option<Vec<Tried>> {
    let lower = factor.l_dirty();
    let heights = lower.solve_lower_triangular(heights)?;
    let mut tried = Vec::new();
    for side in 0..2 {
        let mut x = from;
        while x <= to {
            let bumps = DMatrix::from_fn(left.len(), HALF_LENGTHS_MM.len(), |i, length| {
                let own = f64::from(u8::from(left[i].side == side));
                own * left[i].by_ln * bump(left[i].flesh_x - x, HALF_LENGTHS_MM[length])
            });
            let bumps = lower.solve_lower_triangular(&bumps)?;
            let scores = bumps.column_iter().map(|bump| {
                let told = bump.norm_squared().max(1e-12);
                score(bump.dot(&heights) / told, 1.0 / told + SIZE_SD_MIN * SIZE_SD_MIN)
            });
            tried.push(Tried { x, side, score: scores.fold(f64::NEG_INFINITY, f64::max) });
            x += STEP_MM;
        }
    }
    Some(tried)
}

/// A raised cosine so long to either side, as a roller feels it: a bell of the same area and spread.
fn bump(away_mm: f64, half_length_mm: f64) -> f64 {
    // Variance of a raised cosine over its half length squared: 1/3 - 2/pi^2.
    let spread = libm::sqrt(0.130_7 * half_length_mm * half_length_mm + PATCH_MM * PATCH_MM);
    let away = away_mm / spread;
    half_length_mm / (2.506_628 * spread) * libm::exp(-0.5 * away * away)
}

/// By how much likelier a bump of a size that is told with this variance is a tense place than no bump at all.
/// A slack place is none.
fn score(size: f64, variance: f64) -> f64 {
    if size <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let spread = variance + SIZE.1 * SIZE.1;
    let away = size - SIZE.0;
    0.5 * (size * size / variance - away * away / spread - libm::log(spread / variance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bump_of_the_expected_size_is_a_tense_place_and_none_is_not() {
        assert!(score(0.4, 0.01) > TENSE_FROM);
        assert!(score(0.05, 0.01) < 0.0 && score(-0.4, 0.01) < 0.0);
        // What tells nothing decides nothing.
        assert!(score(0.4, 10.0).abs() < 0.1);
        assert!(score(0.0, 1e-12) < 0.0);
    }

    #[test]
    fn a_felt_bump_keeps_its_area() {
        for half_length in HALF_LENGTHS_MM {
            let area: f64 = (-200..=200).map(|x| bump(f64::from(x), half_length)).sum();
            assert!((area - half_length).abs() < 1e-3 * half_length, "{half_length}: {area}");
        }
    }
}
