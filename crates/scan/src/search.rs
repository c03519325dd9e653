//! Where to begin, and what to believe of the places found.
//!
//! Edges in the readings hold a smooth fit where it started, and the rhythm of the levels holds a chain to the
//! nearest of its waves. So smooth fits start here and there; the chains that could stand on what they leave are
//! counted out ([`crate::counting`]); the likeliest are settled with all unknowns free, with those beside the best,
//! one level headward and footward; and the answer is mixed by their evidence.

use crate::answer::Share;
use crate::chain::Centres;
use crate::counting::{Chain, chains};
use crate::forward::Forward;
use crate::rhythm::Remains;
use crate::solve::{Data, Fit};
use crate::unknowns::{Belief, PLACED, RHYTHM, UNKNOWNS, X};
use nalgebra::{Cholesky, DMatrix, DVector};
use population::BODIES;

// How much is tried is a trade of time for certainty. Guess, all of it.

/// Most Gauss-Newton steps from one start.
const STEPS: usize = 12;
/// Starts on each side of the mean place of T1, and their distance, mm.
const STARTS_HEAD: i32 = 3;
const START_MM: f64 = 13.0;
/// Quick steps from each.
const STEPS_QUICK: usize = 4;
/// Of the starts, so many are settled all the way.
const SETTLED: usize = 2;
/// So many of the chains counted out are tried.
const TRIED: usize = 8;
/// Steps from each chain, and so many are settled all the way.
const STEPS_BEGUN: usize = 4;
const KEPT: usize = 6;
/// Fits whose ends are nearer than this have found the same place, mm. Guess: a third of a thoracic level.
const SAME_MM: f64 = 6.0;
/// A chain is laid on its places this exactly, mm. Guess: less than the distance of the places tried.
const LED_SD_MM: f64 = 2.0;
/// The same where its body centres are known, and so many steps lay it there.
const LAID_SD_MM: f64 = 0.1;
const LAID_STEPS: usize = 6;
/// Answers with less than this share of the best one are left out. Guess.
const SHARE_MIN: f64 = 0.02;
/// T1 lies within this of where it lies for a person at the mark, mm. Source: people lie up to 40 mm off
/// along the bed (design of the mark); Guess of a margin of half a level.
const T1_ASIDE_MAX_MM: f64 = 54.0;

/// The model, and what is believed of its unknowns.
pub(crate) struct Search<'a> {
    pub(crate) forward: &'a Forward,
    /// Of the unknowns of a smooth fit.
    pub(crate) smooth: &'a Belief,
    /// Of all unknowns.
    pub(crate) fine: &'a Belief,
}

impl Search<'_> {
    /// What is believed without readings.
    pub(crate) fn believed(&self) -> Fit {
        self.settled(self.smooth, &Data::default(), self.smooth.mean.clone(), STEPS)
    }

    /// Smooth fits, the likeliest first: settled from the best of many starts.
    pub(crate) fn smoothly(&self, coarse: &Data, data: &Data) -> Vec<Fit> {
        let mut quick: Vec<Fit> = Vec::new();
        for head in -STARTS_HEAD..=STARTS_HEAD {
            let mut at = self.smooth.mean.clone();
            at[X] += START_MM * f64::from(head);
            quick.push(self.quick(self.smooth, coarse, at, STEPS_QUICK));
        }
        self.drop_misplaced(&mut quick);
        let mut fits: Vec<Fit> = self
            .distinct(quick, SETTLED)
            .into_iter()
            .map(|fit| self.settled(self.smooth, data, fit.at, STEPS))
            .collect();
        self.drop_misplaced(&mut fits);
        fits.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        fits
    }

    /// Fits that count the levels, from smooth ones: `data` are what those were settled on, `fine` closely spaced.
    pub(crate) fn by_level(&self, smooth: &[Fit], data: &Data, fine: &Data) -> Vec<Fit> {
        let Some(start) = smooth.first() else { return Vec::new() };
        let remains = Remains::new(self.forward, &start.at, &fine.seen);
        let mut counted: Vec<Chain> = Vec::new();
        let mut begun: Vec<Vec<f64>> = Vec::new();
        for fit in smooth {
            let remains = remains.retold(self.forward, &fit.at, &fine.seen);
            begun.extend(fit.follow(self.forward, self.fine, &remains));
            let (bone, pulls) = (self.forward.shapes.lay_fixed(&fit.at).bone, remains.pulls());
            counted.extend(chains(&bone, TRIED, |level, head, foot| pulls.gain(level, head, foot)));
        }
        let tried = crate::counting::distinct(counted, TRIED);
        begun.extend(tried.iter().filter_map(|chain| self.led(&start.at, &chain.places)));
        // What is left of the heights is told anew for each chain, before its first steps and before the last.
        let told = |at: &[f64]| Data {
            seen: data.seen.clone(),
            remains: remains.retold(self.forward, at, &fine.seen),
        };
        let begin = |at: Vec<f64>| self.quick(self.fine, &told(&at), at, STEPS_BEGUN);
        let settle = |fit: Fit| self.settled(self.fine, &told(&fit.at), fit.at, STEPS);
        let begun = begun.into_iter().map(begin).collect();
        let mut fits: Vec<Fit> = self.distinct(begun, KEPT).into_iter().map(settle).collect();
        if let Some(best) = fits.iter().max_by(|a, b| a.log_evidence().total_cmp(&b.log_evidence())) {
            let bone = self.forward.shapes.lay_fixed(&best.at).bone;
            let slipped: Vec<Fit> = [-1, 1]
                .into_iter()
                .filter_map(|slip| self.led(&best.at, &slipped(&bone, slip)))
                .map(|at| settle(begin(at)))
                .collect();
            fits.extend(slipped);
        }
        self.drop_misplaced(&mut fits);
        fits
    }

    /// Distinct fits with their shares of the belief, the best first.
    pub(crate) fn shares<'a>(&self, fits: &'a [Fit]) -> Vec<Share<'a>> {
        let mut ranked: Vec<(f64, &Fit)> = fits.iter().map(|fit| (fit.log_evidence(), fit)).collect();
        ranked.retain(|(evidence, _)| evidence.is_finite());
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let Some(best) = ranked.first().map(|(evidence, _)| *evidence) else { return Vec::new() };
        let mut distinct: Vec<Share<'a>> = Vec::new();
        for (evidence, fit) in ranked {
            let known = distinct.iter().any(|share| self.same(share.fit, fit));
            let weight = libm::exp(evidence - best);
            if !known && weight > SHARE_MIN {
                distinct.push(Share { fit, weight });
            }
        }
        let total: f64 = distinct.iter().map(|share| share.weight).sum();
        for share in &mut distinct {
            share.weight /= total;
        }
        distinct
    }

    fn quick(&self, belief: &Belief, data: &Data, at: Vec<f64>, steps: usize) -> Fit {
        let mut fit = Fit::start(self.forward, belief, data, at);
        for _ in 0..steps {
            let _ = fit.step(self.forward, belief, data);
        }
        fit
    }

    fn settled(&self, belief: &Belief, data: &Data, at: Vec<f64>, steps: usize) -> Fit {
        let mut fit = Fit::start(self.forward, belief, data, at);
        fit.settle(self.forward, belief, data, steps);
        fit
    }

    /// The `count` most probable fits that have found different places.
    fn distinct(&self, mut fits: Vec<Fit>, count: usize) -> Vec<Fit> {
        fits.sort_by(|a, b| b.log_evidence().total_cmp(&a.log_evidence()));
        let mut kept: Vec<Fit> = Vec::new();
        for fit in fits {
            if kept.len() < count && !kept.iter().any(|known| self.same(known, &fit)) {
                kept.push(fit);
            }
        }
        kept
    }

    /// Leaves out fits that put T1 where nobody lies, unless that is all there is.
    fn drop_misplaced(&self, fits: &mut Vec<Fit>) {
        let placed = |fit: &Fit| (fit.at[X] - self.smooth.mean[X]).abs() <= T1_ASIDE_MAX_MM;
        if fits.iter().any(placed) {
            fits.retain(placed);
        }
    }

    /// Whether two fits put T1 and L5 at the same places.
    fn same(&self, a: &Fit, b: &Fit) -> bool {
        let (a, b) = (self.ends(a), self.ends(b));
        (a.0 - b.0).abs() < SAME_MM && (a.1 - b.1).abs() < SAME_MM
    }

    /// T1 and L5 along the bed, mm.
    fn ends(&self, fit: &Fit) -> (f64, f64) {
        let centres = self.forward.shapes.centres(&fit.at);
        (centres[0][0], centres[BODIES - 1][0])
    }

    /// The most probable chain whose body centres lie there; everything else is as believed.
    pub(crate) fn laid_on(&self, centres: &Centres) -> Option<Vec<f64>> {
        let mut at = self.smooth.mean.clone();
        for _ in 0..LAID_STEPS {
            let laid = self.forward.shapes.lay(&at);
            let pulls = centres.iter().enumerate().flat_map(|(level, centre)| {
                let laid = &laid;
                (0..3).map(move |axis| {
                    (laid.centre_slopes(level, axis), centre[axis] - laid.centres[level][axis])
                })
            });
            self.pull(&mut at, pulls, LAID_SD_MM)?;
        }
        Some(at)
    }

    /// The most probable chain whose bone line has its levels at these places along the bed; everything else is
    /// as at `start`.
    fn led(&self, start: &[f64], places: &[f64; BODIES]) -> Option<Vec<f64>> {
        let mut at = start.to_vec();
        at[RHYTHM..].copy_from_slice(&self.fine.mean[RHYTHM..]);
        for _ in 0..3 {
            let laid = self.forward.shapes.lay(&at);
            let pulls = places
                .iter()
                .enumerate()
                .map(|(level, place)| (laid.bone_slopes(level, 0), place - laid.bone[level][0]));
            self.pull(&mut at, pulls, LED_SD_MM)?;
        }
        Some(at)
    }

    /// One Gauss-Newton step of the chain towards where coordinates are pulled, each with its derivatives and by how
    /// much it is off (mm), told with this standard deviation.
    fn pull<'a>(
        &self,
        at: &mut [f64],
        pulls: impl Iterator<Item = (&'a [f64], f64)>,
        sd_mm: f64,
    ) -> Option<()> {
        let precision = |i: usize| self.smooth.precision[i * UNKNOWNS + i];
        let mut matrix = DMatrix::from_fn(PLACED, PLACED, |i, j| if i == j { precision(i) } else { 0.0 });
        let mut slope = DVector::from_fn(PLACED, |i, _| precision(i) * (self.smooth.mean[i] - at[i]));
        for (slopes, off) in pulls {
            let row = DVector::from_column_slice(slopes) / sd_mm;
            slope.axpy(off / sd_mm, &row, 1.0);
            matrix.ger(1.0, &row, &row, 1.0);
        }
        for (to, step) in at.iter_mut().zip(Cholesky::new(matrix)?.solve(&slope).iter()) {
            *to += step;
        }
        Some(())
    }
}

/// Places of a bone line whose levels are counted `slip` too far towards the feet.
fn slipped(bone: &Centres, slip: isize) -> [f64; BODIES] {
    let last = BODIES as isize - 1;
    core::array::from_fn(|level| {
        let to = level as isize + slip;
        let (end, inner) = if to < 0 { (0, 1) } else { (last, last - 1) };
        let place = |body: isize| bone[body.unsigned_abs()][0];
        if (0..=last).contains(&to) { place(to) } else { 2.0 * place(end) - place(inner) }
    })
}
