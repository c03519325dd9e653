//! The estimator: gathers readings, tells how the answer stands, and gives it or refuses.

use crate::answer::{self, LANDMARK_MARGIN_MM, Share};
use crate::bins::Bins;
use crate::chain::Shapes;
use crate::counting::{Chain, chains};
use crate::forward::Forward;
use crate::observe;
use crate::refusal::{End, Refusal};
use crate::rhythm::Rhythm;
use crate::solve::{Data, Fit};
use crate::tissue::Flesh;
use crate::unknowns::{Belief, PLACED, SHIFT, UNKNOWNS, X};
use nalgebra::{Cholesky, DMatrix, DVector};
use bed::{BedConfig, SpineScan};
use counts::{Instant, Readings};
use population::{About, BODIES, ShapeModel, Tissue};

/// What the estimator goes by: all readings, or a baseline to compare with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything that the readings tell.
    #[default]
    Full,
    /// Nothing but the belief before the scan.
    NoReadings,
    /// The belief, and the edges in the readings: where the back leaves for the neck and where the sacrum
    /// begins. The curve between them is taken as if the flesh could have any thickness.
    LandmarksOnly,
}

/// How the answer stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The answer so far; intervals are linearised.
    pub scan: SpineScan,
    /// Part of the bed that has been seen in contact, from and to, mm; `None` before the first contact.
    pub seen_mm: Option<(f64, f64)>,
}

/// Finds a spine from readings.
///
/// Lengths are mm and forces N inside; an answer depends on the readings, the belief and the bed alone.
#[derive(Debug, Clone)]
pub struct Estimator {
    mode: Mode,
    forward: Forward,
    belief: Belief,
    bins: Bins,
    cells: bool,
    live: Option<Fit>,
}

/// Bins of 5 mm in one observation of the answer.
const STRIDE: usize = 2;
/// Bins of 5 mm in one observation while the carriage still moves.
const STRIDE_LIVE: usize = 4;
/// Most Gauss-Newton steps from one start.
const STEPS: usize = 15;
/// Starts on each side of the mean: for the place of T1, and for the length. Their distance, mm.
const STARTS_HEAD: i32 = 3;
const STARTS_FOOT: i32 = 1;
const START_MM: f64 = 13.0;
/// Quick steps from each.
const STEPS_QUICK: usize = 4;
/// While looking for the right place the readings are trusted less by this factor, so that no edge holds
/// the chain where it started. Guess.
const WIDENED: f64 = 2.0;
/// Of the starts, so many are settled all the way.
const SETTLED: usize = 4;
/// Starts that end nearer than this have found the same place, mm.
const SAME_MM: f64 = 6.0;
/// Weight of the evidence when answers are mixed: less than 1, as the model is not the body. Guess.
const EVIDENCE_SHARE: f64 = 0.3;
/// Answers with less than this share of the belief are left out.
const SHARE_MIN: f64 = 0.02;

/// T1 lies within this of where it lies for a person at the mark, mm. Source: people lie up to 40 mm off
/// along the bed (design of the mark); Guess of a margin of half a level.
const T1_ASIDE_MAX_MM: f64 = 54.0;

/// Less weight than this is nobody, N. Source: person limits, stature 150 cm and more; 20 kg is no adult.
const WEIGHT_MIN_N: f64 = 200.0;
/// Less touched than this is nobody, mm. Guess.
const TOUCHED_MIN_MM: f64 = 150.0;
/// With less of the weight left at any moment the person has moved. Guess.
const WEIGHT_SHARE_MIN: f64 = 0.7;
/// A larger shift between out and back has moved the levels under the estimate, mm. Guess: half a level.
const SHIFT_MAX_MM: f64 = 10.0;
/// With less of the way in contact the profile has holes. Guess.
const CONTACT_MIN: f64 = 0.8;
/// Largest misfit (root mean square over the expected). Guess.
const MISFIT_MAX: f64 = 3.0;
/// Spine line farther than this from the midline, on the mean, mm. Source: levels are pressed only within
/// 12 mm (design.md); Guess of the margin for what the readings cannot tell.
const ASIDE_MAX_MM: f64 = 20.0;

impl Estimator {
    /// An estimator for one scan.
    ///
    /// `prior` is the belief about the shape, already conditioned on what is known of the person
    /// (`ShapeModel::given`); `about` adds what it says of the tissue.
    #[must_use]
    pub fn new(prior: &ShapeModel, about: &About, bed: &BedConfig, mode: Mode) -> Self {
        let tissue = Tissue::prior();
        let shapes = Shapes::new(prior, &tissue);
        let flesh = Flesh::new(&tissue, about);
        let mut belief = Belief::new(&tissue, about, bed);
        if mode == Mode::LandmarksOnly {
            belief.forget_curve(&tissue);
        }
        let forward =
            Forward::new(shapes, flesh, f64::from(bed.roller_centre_mm()), f64::from(bed.roller.radius_mm));
        Self { mode, forward, belief, bins: Bins::new(bed), cells: bed.load_cell.is_some(), live: None }
    }

    /// Takes the readings of one cycle. Cheap; readings that are missing, old or out of place do not count.
    pub fn add(&mut self, now: Instant, readings: &Readings) {
        if self.mode != Mode::NoReadings {
            self.bins.add(now, readings);
        }
    }

    /// How the answer stands now, warm-started from the last call. `None` before anything was touched.
    pub fn estimate(&mut self) -> Option<Estimate> {
        let data = self.data(STRIDE_LIVE, 1.0);
        let seen_mm = extent(&data);
        if self.mode != Mode::NoReadings && seen_mm.is_none() {
            return None;
        }
        let at = self.live.take().map_or_else(|| self.belief.mean.clone(), |fit| fit.at);
        let mut fit = Fit::start(&self.forward, &self.belief, &data, at);
        let _ = fit.step(&self.forward, &self.belief, &data);
        let scan = answer::outline(&self.forward.shapes, &fit, self.tells_tension());
        self.live = Some(fit);
        scan.map(|scan| Estimate { scan, seen_mm })
    }

    /// The answer.
    ///
    /// # Errors
    /// A [`Refusal`] when the readings do not carry an answer.
    pub fn finish(&self) -> Result<SpineScan, Refusal> {
        let data = self.data(STRIDE, 1.0);
        if self.mode != Mode::NoReadings {
            self.check_readings()?;
        }
        let widened = if self.mode == Mode::NoReadings { 1.0 } else { answer::WIDENED };
        let fits = self.fits(&data);
        let shares = shares(&fits, &self.belief, |fit| self.ends(fit));
        let Some(best) = shares.first() else { return Err(Refusal::PoorFit { misfit: f64::INFINITY }) };
        if self.mode == Mode::Full {
            self.check_fit(&data, best.fit)?;
        }
        answer::answer(&self.forward.shapes, &shares, self.tells_tension(), widened)
            .ok_or(Refusal::PoorFit { misfit: libm::sqrt(best.fit.misfit) })
    }

    fn tells_tension(&self) -> bool {
        self.cells && !self.bins.coupled() && self.mode == Mode::Full
    }

    fn data(&self, stride: usize, widened: f64) -> Data {
        match self.mode {
            Mode::NoReadings => Data::default(),
            Mode::Full | Mode::LandmarksOnly => {
                let seen = observe::observations(&self.bins, stride, !self.cells, widened);
                Data { seen, rhythm: Rhythm::default() }
            }
        }
    }

    /// Settles from the best of many starts: T1 here and there, the spine longer and shorter, a few quick steps
    /// from each. Edges in the readings hold a chain where it started, so it must start near them.
    fn fits(&self, data: &Data) -> Vec<Fit> {
        let settle = |at: Vec<f64>| {
            let mut fit = Fit::start(&self.forward, &self.belief, data, at);
            fit.settle(&self.forward, &self.belief, data, STEPS);
            fit
        };
        if self.mode == Mode::NoReadings {
            return vec![settle(self.belief.mean.clone())];
        }
        let coarse = self.data(STRIDE_LIVE, WIDENED);
        let mut quick: Vec<Fit> = Vec::new();
        for (head, foot) in (-STARTS_HEAD..=STARTS_HEAD)
            .flat_map(|head| (-STARTS_FOOT..=STARTS_FOOT).map(move |foot| (head, foot)))
        {
            let at = self.placed(START_MM * f64::from(head), START_MM * f64::from(foot));
            let mut fit = Fit::start(&self.forward, &self.belief, &coarse, at);
            for _ in 0..STEPS_QUICK {
                let _ = fit.step(&self.forward, &self.belief, &coarse);
            }
            quick.push(fit);
        }
        self.drop_misplaced(&mut quick);
        quick.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut fits: Vec<Fit> = Vec::new();
        let mut begun: Vec<(f64, f64)> = Vec::new();
        for start in quick {
            let ends = self.ends(&start);
            if fits.len() < SETTLED && !begun.iter().any(|known| same(*known, ends)) {
                begun.push(ends);
                fits.push(settle(start.at));
            }
        }
        self.drop_misplaced(&mut fits);
        if self.mode == Mode::Full { self.by_rhythm(data, &fits) } else { fits }
    }

    /// Settles once more, with the rhythm of the levels.
    fn by_rhythm(&self, data: &Data, fits: &[Fit]) -> Vec<Fit> {
        let fine = self.data(1, 1.0);
        let settle = |mut at: Vec<f64>| {
            let mut fit = None;
            for _ in 0..2 {
                let rhythm = Rhythm::new(&self.forward, &at, &fine.seen);
                let joint = Data { seen: data.seen.clone(), rhythm };
                let mut settled = Fit::start(&self.forward, &self.belief, &joint, at);
                settled.settle(&self.forward, &self.belief, &joint, STEPS);
                at = settled.at.clone();
                fit = Some(settled);
            }
            fit.unwrap()
        };
        let debug = |what: &str, fit: &Fit| {
            if std::env::var("ONDOL_DEBUG").is_ok() {
                let e = self.ends(fit);
                if std::env::var("ONDOL_DUMP").is_ok() { Rhythm::new(&self.forward, &fit.at, &fine.seen).dump(&self.forward.shapes.lay(&fit.at), &fit.at); }
                eprintln!("{what} {:.1} {:.1} cost {:.1} ev {:.1} amp {:.2} {:.2}", e.0, e.1, fit.cost, fit.log_evidence(&self.belief), fit.at[crate::unknowns::RHYTHM], fit.at[crate::unknowns::RHYTHM + 1]);
            }
        };
        let mut found: Vec<Fit> = Vec::new();
        let mut begun: Vec<Chain> = Vec::new();
        for fit in fits.iter().take(2) {
            debug("smooth", fit);
            let rhythm = Rhythm::new(&self.forward, &fit.at, &fine.seen);
            if let Some(at) = fit.follow(&self.forward, &rhythm, &fit.at, 1.5) {
                let fit = settle(at);
                debug("followed", &fit);
                found.push(fit);
            }
            let bone = self.forward.shapes.lay(&fit.at).bone;
            for amplitude in [0.3, 0.6] {
                begun.extend(chains(&bone, 6, |level, head, foot| rhythm.gain(level, head, foot, amplitude)));
            }
        }
        begun.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut tried: Vec<Chain> = Vec::new();
        for chain in begun {
            if tried.len() >= 6 || tried.iter().any(|other| (other.places[0] - chain.places[0]).abs() < 7.0 && (other.places[16] - chain.places[16]).abs() < 7.0) { continue; }
            tried.push(chain.clone());
            let Some(at) = self.led(&fits[0].at, &chain.places) else { continue };
            let fit = settle(at);
            debug(&format!("chain {:.1} {:.1} score {:.1}", chain.places[0], chain.places[16], chain.score), &fit);
            found.push(fit);
        }
        self.drop_misplaced(&mut found);
        found
    }

    /// The most probable chain whose bone line has its levels at these places along the bed.
    fn led(&self, at: &[f64], places: &[f64; BODIES]) -> Option<Vec<f64>> {
        let mut to = at.to_vec();
        for _ in 0..3 {
            let laid = self.forward.shapes.lay(&to);
            let mut matrix = DMatrix::zeros(PLACED, PLACED);
            let mut slope = DVector::zeros(PLACED);
            for i in 0..PLACED {
                let precision = self.belief.precision[i * UNKNOWNS + i];
                matrix[(i, i)] = precision;
                slope[i] = precision * (self.belief.mean[i] - to[i]);
            }
            for level in 0..BODIES {
                let row = laid.bone_slopes(level, 0);
                let away = places[level] - laid.bone[level][0];
                for i in 0..PLACED {
                    slope[i] += row[i] * away / 4.0;
                    for j in 0..PLACED {
                        matrix[(i, j)] += row[i] * row[j] / 4.0;
                    }
                }
            }
            let step = Cholesky::new(matrix)?.solve(&slope);
            for i in 0..PLACED {
                to[i] += step[i];
            }
        }
        Some(to)
    }

    /// Leaves out fits that put T1 where nobody lies, unless that is all there is.
    fn drop_misplaced(&self, fits: &mut Vec<Fit>) {
        let placed = |fit: &Fit| (fit.at[X] - self.belief.mean[X]).abs() <= T1_ASIDE_MAX_MM;
        if fits.iter().any(placed) {
            fits.retain(placed);
        }
    }

    /// T1 and L5 along the bed, mm.
    fn ends(&self, fit: &Fit) -> (f64, f64) {
        let centres = self.forward.shapes.centres(&fit.at);
        (centres[0][0], centres[BODIES - 1][0])
    }

    /// The most probable unknowns before any reading, given that T1 lies `head` mm and L5 `head + foot` mm
    /// footward of where they are believed to be.
    fn placed(&self, head: f64, foot: f64) -> Vec<f64> {
        let mean = &self.belief.mean;
        let laid = self.forward.shapes.lay(mean);
        let longer = laid.centre_slopes(BODIES - 1, 0).iter().zip(laid.centre_slopes(0, 0));
        let pull: Vec<f64> = longer
            .enumerate()
            .map(|(i, (last, first))| (last - first) / self.belief.precision[i * UNKNOWNS + i])
            .collect();
        let gain: f64 = pull
            .iter()
            .enumerate()
            .map(|(i, pull)| pull * pull * self.belief.precision[i * UNKNOWNS + i])
            .sum();
        let mut at = mean.clone();
        if gain > 0.0 {
            for (to, pull) in at.iter_mut().zip(&pull) {
                *to += pull * foot / gain;
            }
        }
        at[X] = mean[X] + head;
        at
    }

    fn check_readings(&self) -> Result<(), Refusal> {
        let touched = self.touched_mm();
        let weight = self.bins.weight();
        let nobody = weight.is_some_and(|(start, _)| start < WEIGHT_MIN_N);
        if nobody || touched < TOUCHED_MIN_MM {
            return Err(Refusal::NobodyThere {
                weight_n: weight.map(|(start, _)| start),
                touched_mm: touched,
            });
        }
        if let Some((start, least)) = weight {
            let weight_share = least / start;
            if weight_share < WEIGHT_SHARE_MIN {
                return Err(Refusal::Moved { shift_mm: 0.0, weight_share });
            }
        }
        let tally = self.bins.tally();
        let share = if tally.moving > 0.0 { tally.touching / tally.moving } else { 0.0 };
        if share < CONTACT_MIN {
            return Err(Refusal::ContactLost { share });
        }
        Ok(())
    }

    fn check_fit(&self, data: &Data, best: &Fit) -> Result<(), Refusal> {
        let misfit = libm::sqrt(best.misfit);
        if misfit.is_nan() || misfit > MISFIT_MAX {
            return Err(Refusal::PoorFit { misfit });
        }
        let shift_mm = best.at[SHIFT];
        if self.bins.came_back() && shift_mm.abs() > SHIFT_MAX_MM {
            return Err(Refusal::Moved { shift_mm, weight_share: 1.0 });
        }
        let centres = self.forward.shapes.centres(&best.at);
        let aside_mm = answer::aside_mm(&centres);
        if aside_mm.abs() > ASIDE_MAX_MM {
            return Err(Refusal::OffCentre { aside_mm });
        }
        let (from, to) = extent(data).unwrap_or((0.0, 0.0));
        let neck = from - (centres[0][0] + LANDMARK_MARGIN_MM);
        if neck > 0.0 {
            return Err(Refusal::TooShort { end: End::Neck, missing_mm: neck });
        }
        let sacrum = centres[BODIES - 1][0] + LANDMARK_MARGIN_MM - to;
        if sacrum > 0.0 {
            return Err(Refusal::TooShort { end: End::Sacrum, missing_mm: sacrum });
        }
        Ok(())
    }

    fn touched_mm(&self) -> f64 {
        let mut bins = 0;
        for carriage in 0..self.bins.carriages() {
            let sides = [0, 1].map(|side| self.bins.cells(carriage, 0, side, 1).flatten().count());
            bins += sides[0].max(sides[1]);
        }
        5.0 * bins as f64
    }
}

/// Part of the bed that the observations span.
fn extent(data: &Data) -> Option<(f64, f64)> {
    data.seen.iter().fold(None, |extent, seen| {
        let (from, to) = extent.unwrap_or((seen.x, seen.x));
        Some((seen.x.min(from), seen.x.max(to)))
    })
}

/// Whether two places of T1 and L5 are one.
fn same(a: (f64, f64), b: (f64, f64)) -> bool {
    (a.0 - b.0).abs() < SAME_MM && (a.1 - b.1).abs() < SAME_MM
}

/// Distinct fits with their shares of the belief, the best first.
fn shares<'a>(fits: &'a [Fit], belief: &Belief, ends: impl Fn(&Fit) -> (f64, f64)) -> Vec<Share<'a>> {
    let mut ranked: Vec<(f64, &Fit)> = fits.iter().map(|fit| (fit.log_evidence(belief), fit)).collect();
    ranked.retain(|(evidence, fit)| evidence.is_finite() && fit.at.len() == UNKNOWNS);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some(best) = ranked.first().map(|(evidence, _)| *evidence) else { return Vec::new() };
    let mut distinct: Vec<Share<'a>> = Vec::new();
    for (evidence, fit) in ranked {
        let known = distinct.iter().any(|share| same(ends(share.fit), ends(fit)));
        let weight = libm::exp(EVIDENCE_SHARE * (evidence - best));
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
