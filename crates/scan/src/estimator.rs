//! The estimator: gathers readings, tells how the answer stands, and gives it or refuses.

use crate::answer::{self, LANDMARK_MARGIN_MM, Share};
use crate::bins::Bins;
use crate::chain::Shapes;
use crate::forward::Forward;
use crate::observe;
use crate::refusal::{End, Refusal};
use crate::solve::{Data, Fit};
use crate::tissue::Flesh;
use crate::unknowns::{Belief, SHIFT, UNKNOWNS, X};
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
const STEPS: usize = 25;
/// Starts on each side of the mean, how far apart (mm), and quick steps from each.
const STARTS: i32 = 3;
const START_MM: f64 = 14.0;
const STEPS_QUICK: usize = 4;
/// While looking for the right place the readings are trusted less by this factor, so that no edge holds
/// the chain where it started. Guess.
const WIDENED: f64 = 3.0;
/// Of the starts, so many are settled all the way.
const SETTLED: usize = 2;
/// Starts that end nearer than this have found the same place, mm.
const SAME_MM: f64 = 8.0;
/// Weight of the evidence when answers are mixed: less than 1, as the model is not the body. Guess.
const EVIDENCE_SHARE: f64 = 0.5;
/// Answers with less than this share of the belief are left out.
const SHARE_MIN: f64 = 0.02;
/// One level, mm; see the tissue's level pitch.
const LEVEL_MM: f64 = crate::tissue::LEVEL_MM;

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
const ASIDE_MAX_MM: f64 = 16.0;

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
        let forward = Forward::new(shapes, flesh, f64::from(bed.roller_centre_mm()), f64::from(bed.roller.radius_mm));
        Self {
            mode,
            forward,
            belief,
            bins: Bins::new(bed),
            cells: bed.load_cell.is_some(),
            live: None,
        }
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
        let fits = self.fits(&data);
        let shares = shares(&fits, &self.belief);
        let Some(best) = shares.first() else { return Err(Refusal::PoorFit { misfit: f64::INFINITY }) };
        if self.mode == Mode::Full {
            self.check_fit(&data, best.fit)?;
        }
        answer::answer(&self.forward.shapes, &shares, self.tells_tension())
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
                Data { seen }
            }
        }
    }

    /// Settles from several starts: the belief with T1 here and there, a few quick steps each; then the
    /// best of these all the way, and the best a level off each way.
    fn fits(&self, data: &Data) -> Vec<Fit> {
        let settle = |at: Vec<f64>| {
            let mut fit = Fit::start(&self.forward, &self.belief, data, at);
            fit.settle(&self.forward, &self.belief, data, STEPS);
            fit
        };
        if self.mode == Mode::NoReadings {
            return vec![settle(self.belief.mean.clone())];
        }
        if let Ok(v) = std::env::var("SCAN_START") {
            let mut at = self.belief.mean.clone();
            at[X] = v.parse().unwrap();
            let f = settle(at);
            eprintln!("start {v} -> x {:.1} cost {:.1} ev {:.1} misfit {:.2} L5 {:.1} {:?}", f.at[X], f.cost, f.log_evidence(&self.belief), f.misfit, self.forward.shapes.centres(&f.at)[16][0], f.at[crate::unknowns::PLACED-7..crate::unknowns::FLESH].iter().map(|v| (v*100.0).round()/100.0).collect::<Vec<_>>());
            if std::env::var("SCAN_RES").is_ok() {
                let laid = self.forward.shapes.lay(&f.at);
                let mut row = vec![0.0; UNKNOWNS];
                for o in data.seen.iter().filter(|o| o.side == Some(0)) {
                    let h = self.forward.predict(&laid, &f.at, o, &mut row);
                    eprintln!("{} {:.0} h {:.1} F {:.1} res {:.2}", o.pass, o.x, o.height, o.force, o.height - h);
                }
            }
            return vec![f];
        }
        let coarse = self.data(STRIDE_LIVE, WIDENED);
        let mut quick: Vec<Fit> = (-STARTS..=STARTS)
            .map(|start| {
                let mut at = self.belief.mean.clone();
                at[X] += START_MM * f64::from(start);
                let mut fit = Fit::start(&self.forward, &self.belief, &coarse, at);
                for _ in 0..STEPS_QUICK {
                    let _ = fit.step(&self.forward, &self.belief, &coarse);
                }
                fit
            })
            .collect();
        quick.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut fits: Vec<Fit> = Vec::new();
        for start in quick {
            let near = fits.iter().any(|fit| (fit.at[X] - start.at[X]).abs() < SAME_MM);
            if fits.len() < SETTLED && !near {
                fits.push(settle(start.at));
            }
        }
        if std::env::var("SCAN_DEBUG").is_ok() { for f in &fits { eprintln!("   x {:.1} L5 {:.1} cost {:.1} ev {:.1} misfit {:.2}", f.at[X], self.forward.shapes.centres(&f.at)[16][0], f.cost, f.log_evidence(&self.belief), f.misfit); } }
        let best = fits.iter().min_by(|a, b| a.cost.total_cmp(&b.cost)).map(|fit| fit.at.clone());
        if let Some(best) = best {
            for slip in [-LEVEL_MM, LEVEL_MM] {
                let mut slipped = best.clone();
                slipped[X] += slip;
                fits.push(settle(slipped));
            }
        }
        fits
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
        let neck = from - (centres[0][0] - LANDMARK_MARGIN_MM);
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

/// Distinct fits with their shares of the belief, the best first.
fn shares<'a>(fits: &'a [Fit], belief: &Belief) -> Vec<Share<'a>> {
    let mut ranked: Vec<(f64, &Fit)> = fits.iter().map(|fit| (fit.log_evidence(belief), fit)).collect();
    ranked.retain(|(evidence, fit)| evidence.is_finite() && fit.at.len() == UNKNOWNS);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let Some(best) = ranked.first().map(|(evidence, _)| *evidence) else { return Vec::new() };
    let mut distinct: Vec<Share<'a>> = Vec::new();
    for (evidence, fit) in ranked {
        let known = distinct.iter().any(|share| (share.fit.at[X] - fit.at[X]).abs() < SAME_MM);
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
