//! Which wave of the rhythm belongs to which level: the best chains of places, by dynamic programming.
//!
//! From the feet headward each level is tried at every place near where the smooth fit puts it; a gap costs the
//! more, the more it differs from the fit's own gap times one common stretch, and earns what the wave between its
//! two places explains. The best chain to each place is kept (Viterbi), so that chains that slipped by a level
//! stand beside those that did not, each with its score.

use crate::chain::Centres;
use population::BODIES;

/// Distance of the places tried, mm. Guess: a seventh of a thoracic level; the fit that follows finds the rest.
const STEP_MM: f64 = 3.0;
/// How far from the smooth fit a level is looked for, mm. Guess: more than a lumbar level.
const REACH_MM: f64 = 45.0;
/// Places of one level.
const PLACES: usize = 31;
/// Amplitudes of the rhythm tried, mm. Guess: about the belief's mean.
const AMPLITUDES_MM: [f64; 2] = [0.3, 0.6];
/// Common stretches tried, as natural logarithms: two spreads to either side.
const STRETCHES: [f64; 7] = [-0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12];
/// Spread of their logarithm. Guess.
const STRETCH_SD: f64 = 0.06;
/// Spread of the logarithm of one gap about the common stretch. Guess.
const GAP_SD: f64 = 0.08;
/// Shortest and longest gap tried, over the expected one. Guess: no two neighbours differ by more.
const GAP_RANGE: (f64, f64) = (0.65, 1.45);
/// Spread of the smooth fit's T1 and L5, mm. Guess.
const END_SD_MM: f64 = 12.0;
/// Chains whose ends both lie nearer than this are one, mm. Guess: a third of a thoracic level.
const SAME_MM: f64 = 7.0;

/// Where each level lies along the bed, mm, and how well that explains the rhythm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    pub(crate) places: [f64; BODIES],
    pub(crate) score: f64,
}

/// The best `count` chains about `bone`, told apart by their ends, the best first. `gain` says what a wave of one
/// millimetre between two places along the bed explains, and what it costs ([`crate::rhythm::Pulls::gain`]).
pub(crate) fn chains(
    bone: &Centres,
    count: usize,
    gain: impl Fn(usize, f64, f64) -> (f64, f64),
) -> Vec<Chain> {
    let middle: [f64; BODIES] = core::array::from_fn(|level| bone[level][0]);
    let gains = gains(&middle, gain);
    let mut found: Vec<Chain> = Vec::new();
    for amplitude in AMPLITUDES_MM {
        for stretch in STRETCHES {
            found.extend(stretched(&middle, &gains, amplitude, stretch));
        }
    }
    distinct(found, count)
}

/// The best `count` of some chains, told apart by their ends.
pub(crate) fn distinct(mut chains: Vec<Chain>, count: usize) -> Vec<Chain> {
    chains.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Chain> = Vec::new();
    for chain in chains {
        let near = |level: usize, other: &Chain| (chain.places[level] - other.places[level]).abs() < SAME_MM;
        if kept.len() < count && !kept.iter().any(|other| near(0, other) && near(BODIES - 1, other)) {
            kept.push(chain);
        }
    }
    kept
}

fn place(middle: f64, index: usize) -> f64 {
    middle - REACH_MM + STEP_MM * index as f64
}

/// Gain and cost of each gap, at each place of its foot end, and each place of its head end (`None`: not to be tried).
type Gains = Vec<Vec<Option<(f64, f64)>>>;

fn gains(middle: &[f64; BODIES], gain: impl Fn(usize, f64, f64) -> (f64, f64)) -> Gains {
    (0..BODIES - 1)
        .map(|level| {
            let expected = (middle[level + 1] - middle[level]).max(8.0);
            (0..PLACES * PLACES)
                .map(|index| {
                    let foot = place(middle[level + 1], index / PLACES);
                    let head = place(middle[level], index % PLACES);
                    let ratio = (foot - head) / expected;
                    (ratio > GAP_RANGE.0 && ratio < GAP_RANGE.1).then(|| gain(level, head, foot))
                })
                .collect()
        })
        .collect()
}

/// The best chain to each place of T1, all gaps stretched alike.
fn stretched(middle: &[f64; BODIES], gains: &Gains, amplitude: f64, stretch: f64) -> Vec<Chain> {
    let square = |away: f64, sd: f64| 0.5 * (away / sd) * (away / sd);
    let away = |index: usize| STEP_MM * index as f64 - REACH_MM;
    let mut best: Vec<f64> =
        (0..PLACES).map(|index| -square(stretch, STRETCH_SD) - square(away(index), END_SD_MM)).collect();
    let mut from = vec![[0_usize; PLACES]; BODIES - 1];
    for level in (0..BODIES - 1).rev() {
        let expected = (middle[level + 1] - middle[level]).max(8.0);
        let mut next = vec![f64::NEG_INFINITY; PLACES];
        for (foot, before) in best.iter().enumerate() {
            for head in 0..PLACES {
                let Some((gain, cost)) = gains[level][foot * PLACES + head] else { continue };
                let gain = amplitude * (gain - amplitude * cost);
                let gap = place(middle[level + 1], foot) - place(middle[level], head);
                let score = before + gain - square(libm::log(gap / expected) - stretch, GAP_SD);
                if score > next[head] {
                    next[head] = score;
                    from[level][head] = foot;
                }
            }
        }
        best = next;
    }
    let chain = |index: usize| {
        let mut places = [0.0; BODIES];
        let mut at = index;
        places[0] = place(middle[0], at);
        for level in 0..BODIES - 1 {
            at = from[level][at];
            places[level + 1] = place(middle[level + 1], at);
        }
        Chain { places, score: best[index] - square(away(index), END_SD_MM) }
    };
    (0..PLACES).filter(|index| best[*index].is_finite()).map(chain).collect()
}
