//! From the most probable unknowns and their certainty to a [`SpineScan`].

use crate::chain::{COORDINATES, Centres, Shapes};
use crate::solve::Fit;
use crate::tension::Muscle;
use crate::tissue;
use crate::unknowns::{PLACED, UNKNOWNS};
use bed::spine::{BODIES_MAX, Side, SpineMeasures, Tension, measure};
use bed::{Interval, Level, LevelEstimate, SpineScan};
use nalgebra::DVector;
use population::BODIES;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// Pairs of draws, each mirrored about the most probable unknowns.
const PAIRS: usize = 128;
/// Spread of the draws over that of Laplace's approximation, where readings took part: the model is not the
/// body. Guess, set so that intervals hold the truth about nine times in ten over simulated people.
pub(crate) const WIDENED: f64 = 1.15;
/// The same of smooth fits, which count no levels. Guess, as above.
pub(crate) const WIDENED_SMOOTH: f64 = 1.25;
/// Seed of the draws: an answer is a function of the readings alone.
const SEED: u64 = 0x0d01;
/// 95th percentile of the standard normal distribution.
const HALF90: f64 = 1.644_853_627;

/// Tension by level and side.
type Sites = heapless::Vec<Tension, { 2 * BODIES_MAX }>;

/// Mean and spread of a number over draws.
#[derive(Debug, Clone, Default)]
struct Drawn {
    values: Vec<f64>,
}

impl Drawn {
    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }

    fn sd(&self) -> f64 {
        let mean = self.mean();
        let square: f64 = self.values.iter().map(|value| (value - mean) * (value - mean)).sum();
        libm::sqrt(square / self.values.len().max(1) as f64)
    }

    fn normal(&self) -> Interval {
        Interval::normal(self.mean(), self.sd())
    }

    /// Median and 90 % interval of a number that is far from normal.
    fn ranked(&mut self) -> Interval {
        self.values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = self.values.len().saturating_sub(1);
            self.values.get((share * last as f64 + 0.5) as usize).copied().unwrap_or(0.0)
        };
        let (lo90, hi90) = (at(0.05), at(0.95));
        Interval { value: self.mean().clamp(lo90, hi90), lo90, hi90 }
    }
}

/// One fit and its share of the belief.
pub(crate) struct Share<'a> {
    pub(crate) fit: &'a Fit,
    pub(crate) weight: f64,
}

/// The answer from draws over all fits by their shares; `None` when a fit has no certainty.
pub(crate) fn answer(
    shapes: &Shapes,
    shares: &[Share<'_>],
    muscle: Option<&Muscle>,
    widened: f64,
) -> Option<SpineScan> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut coordinates = vec![Drawn::default(); COORDINATES];
    let mut measures = vec![Drawn::default(); 4];
    let mut due = 0.0;
    let mut drawn = 0;
    for share in shares {
        due += share.weight * PAIRS as f64;
        while (drawn as f64) + 0.5 < due {
            drawn += 1;
            let whitened = DVector::from_fn(UNKNOWNS, |_, _| {
                let number: f64 = StandardNormal.sample(&mut random);
                widened * number
            });
            for whitened in [&whitened, &-&whitened] {
                let at = share.fit.drawn(whitened)?;
                let centres = shapes.centres(&at);
                let measured = measured(&centres)?;
                for (index, value) in centres.iter().flatten().enumerate() {
                    coordinates[index].values.push(*value);
                }
                for (to, value) in measures.iter_mut().zip(listed(&measured)) {
                    to.values.push(value);
                }
            }
        }
    }
    let means: Vec<f64> = coordinates.iter().map(Drawn::mean).collect();
    let sds: Vec<f64> = coordinates.iter().map(Drawn::sd).collect();
    let intervals = [measures[0].normal(), measures[1].normal(), measures[2].normal(), measures[3].ranked()];
    let mut scan = assemble(&means, &sds, intervals);
    if let Some(muscle) = muscle {
        scan.tension = tension(muscle, &scan.levels)?;
    }
    Some(scan)
}

/// The answer linearised about one fit: quick, for showing how it grows.
pub(crate) fn outline(shapes: &Shapes, fit: &Fit) -> Option<SpineScan> {
    let laid = shapes.lay(&fit.at);
    let centres = laid.centres;
    let middle = listed(&measured(&centres)?);
    let mut sds = vec![0.0; COORDINATES];
    let mut gradient = vec![0.0; UNKNOWNS];
    for (coordinate, sd) in sds.iter_mut().enumerate() {
        gradient[..PLACED].copy_from_slice(laid.centre_slopes(coordinate / 3, coordinate % 3));
        *sd = fit.sd_of(&gradient)?;
    }
    let mut by_measure = vec![[0.0; UNKNOWNS]; 4];
    for coordinate in 0..COORDINATES {
        let mut moved = centres;
        moved[coordinate / 3][coordinate % 3] += 1e-3;
        for (row, (value, from)) in by_measure.iter_mut().zip(listed(&measured(&moved)?).iter().zip(middle)) {
            let by_coordinate = (value - from) * 1e3;
            for (to, slope) in row.iter_mut().zip(laid.centre_slopes(coordinate / 3, coordinate % 3)) {
                *to += by_coordinate * slope;
            }
        }
    }
    let mut intervals = [Interval::default(); 4];
    for ((interval, value), row) in intervals.iter_mut().zip(middle).zip(&by_measure) {
        *interval = Interval::normal(value, fit.sd_of(row)?);
    }
    let means: Vec<f64> = centres.iter().flatten().copied().collect();
    Some(assemble(&means, &sds, intervals))
}

fn measured(centres: &Centres) -> Option<SpineMeasures> {
    let mut chain = [(Level::T1, [0.0; 3]); BODIES];
    for (index, level) in Level::REGULAR.into_iter().enumerate() {
        chain[index] = (level, centres[index]);
    }
    measure(&chain)
}

fn listed(measures: &SpineMeasures) -> [f64; 4] {
    [measures.length_t1_l5_mm, measures.kyphosis_deg, measures.lordosis_deg, measures.lateral_deviation_mm]
}

fn assemble(means: &[f64], sds: &[f64], [length, kyphosis, lordosis, lateral]: [Interval; 4]) -> SpineScan {
    let mut scan = SpineScan {
        levels: heapless::Vec::new(),
        length_t1_l5_mm: length,
        kyphosis_deg: kyphosis,
        lordosis_deg: lordosis,
        lateral_deviation_mm: lateral,
        tension: heapless::Vec::new(),
    };
    for (index, level) in Level::REGULAR.into_iter().enumerate() {
        let from = 3 * index;
        // Seventeen levels always fit: the scan holds nineteen.
        let _ = scan.levels.push(LevelEstimate {
            level,
            x_mm: means[from],
            y_mm: means[from + 1],
            z_mm: means[from + 2],
            sd_x_mm: sds[from],
            sd_y_mm: sds[from + 1],
            sd_z_mm: sds[from + 2],
        });
    }
    scan
}

/// Tension beside each level, left and right; `None` where the muscle cannot be told.
fn tension(muscle: &Muscle, levels: &[LevelEstimate]) -> Option<Sites> {
    let mut sites = Sites::new();
    let half_gap = |a: usize, b: usize| 0.5 * (levels[a].x_mm - levels[b].x_mm).abs();
    for (index, level) in levels.iter().enumerate() {
        let head = half_gap(index, if index == 0 { 1 } else { index - 1 });
        let foot = half_gap(index, if index + 1 == levels.len() { index - 1 } else { index + 1 });
        for (side, name) in Side::BOTH.into_iter().enumerate() {
            let (mean, sd) = muscle.ln_ratio(level.x_mm, side)?;
            let half = HALF90 * sd;
            // Seventeen levels always fit: the scan holds nineteen.
            let _ = sites.push(Tension {
                level: level.level,
                side: name,
                ratio: libm::exp(mean),
                lo90: libm::exp(mean - half),
                hi90: libm::exp(mean + half),
                tense: muscle.is_tense(side, level.x_mm - head, level.x_mm + foot),
            });
        }
    }
    Some(sites)
}

/// Mean sideways place of the spine, mm.
pub(crate) fn aside_mm(centres: &Centres) -> f64 {
    centres.iter().map(|centre| centre[1]).sum::<f64>() / BODIES as f64
}

/// The pass must begin within this of T1 and end at least this beyond L5, mm.
pub(crate) const LANDMARK_MARGIN_MM: f64 = 0.5 * tissue::LEVEL_MM;
