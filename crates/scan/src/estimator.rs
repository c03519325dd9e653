//! The estimator: gathers readings, tells how the answer stands, and gives it or refuses.

use crate::answer::{self, LANDMARK_MARGIN_MM};
use crate::bins::Bins;
use crate::chain::Shapes;
use crate::forward::Forward;
use crate::observe;
use crate::refusal::{End, Refusal};
use crate::rhythm::Remains;
use crate::search::Search;
use crate::solve::{Data, Fit};
use crate::tension::Muscle;
use crate::tissue::Flesh;
use crate::unknowns::{self, Belief, SHIFT, SMOOTH};
use bed::{BedConfig, SpineScan};
use counts::{Instant, Readings};
use population::{About, BODIES, ShapeModel, Tissue};
use std::borrow::Cow;

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
    /// Of all unknowns, and of those that a smooth fit has.
    belief: Belief,
    smooth: Belief,
    bins: Bins,
    cells: bool,
    live: Option<Fit>,
}

/// Bins of 5 mm in one observation: of fits that count the levels, of smooth ones, and while the carriage moves.
const STRIDE_FINE: usize = 1;
const STRIDE: usize = 2;
const STRIDE_LIVE: usize = 4;
/// While looking for the right place the readings are trusted less by this factor, so that no edge holds
/// the chain where it started. Guess.
const WIDENED: f64 = 2.0;
/// When nuisances are told for calibration, by so much their belief is wider, and so many steps are taken at most.
const NUISANCES_WIDENED: f64 = 2.0;
const NUISANCE_STEPS: usize = 25;

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
        let forward = Forward::new(shapes, flesh, bed);
        let smooth = belief.of_first(SMOOTH);
        Self {
            mode,
            forward,
            belief,
            smooth,
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
        let smooth = self.weighed(&self.smooth);
        let at = self.live.take().map_or_else(|| smooth.mean.clone(), |fit| fit.at);
        let mut fit = Fit::start(&self.forward, &smooth, &data, at);
        let _ = fit.step(&self.forward, &smooth, &data);
        let scan = answer::outline(&self.forward.shapes, &fit);
        self.live = Some(fit);
        scan.map(|scan| Estimate { scan, seen_mm })
    }

    /// The answer.
    ///
    /// # Errors
    /// A [`Refusal`] when the readings do not carry an answer.
    pub fn finish(&self) -> Result<SpineScan, Refusal> {
        if self.mode != Mode::NoReadings {
            self.check_readings()?;
        }
        let (smooth, fine) = (self.weighed(&self.smooth), self.weighed(&self.belief));
        let search = Search { forward: &self.forward, smooth: &smooth, fine: &fine };
        let (fits, widened) = match self.mode {
            Mode::NoReadings => (vec![search.believed()], 1.0),
            // The rhythm of the levels is tenths of a millimetre: a force told by the current moves the heads by more,
            // and counted levels would be those of its noise.
            Mode::Full if self.cells => {
                let (smooth, fine) = (self.smooth_fits(&search), self.data(STRIDE_FINE, 1.0));
                (search.by_level(&smooth, &self.data(STRIDE, 1.0), &fine), answer::WIDENED)
            }
            Mode::Full | Mode::LandmarksOnly => (self.smooth_fits(&search), answer::WIDENED_SMOOTH),
        };
        let shares = search.shares(&fits);
        let Some(best) = shares.first() else { return Err(Refusal::PoorFit { misfit: f64::INFINITY }) };
        if self.mode == Mode::Full {
            self.check_fit(best.fit)?;
        }
        let muscle = self
            .tells_tension()
            .then(|| Muscle::new(&self.forward, &best.fit.at, &self.data(STRIDE, 1.0).seen))
            .flatten();
        answer::answer(&self.forward.shapes, &shares, muscle.as_ref(), widened)
            .ok_or(Refusal::PoorFit { misfit: libm::sqrt(best.fit.misfit) })
    }

    /// What the readings tell of everything but the spine once it is known where the body centres lie (mm, T1 first):
    /// the most probable values of the nuisances by name, under a belief twice as wide as usual. For calibrating the
    /// belief on simulated people, whose centres are known; no answer is made of it.
    #[must_use]
    pub fn nuisances(&self, centres: &[[f64; 3]; BODIES]) -> Option<Vec<(String, f64)>> {
        let smooth = self.weighed(&self.smooth);
        let search = Search { forward: &self.forward, smooth: &smooth, fine: &smooth };
        let at = search.laid_on(centres)?;
        let belief = smooth.widened_about(&at, NUISANCES_WIDENED);
        let data = self.data(STRIDE, 1.0);
        let mut fit = Fit::start(&self.forward, &belief, &data, at);
        fit.settle(&self.forward, &belief, &data, NUISANCE_STEPS);
        let mut named = unknowns::nuisances(&fit.at);
        named.push(("misfit".to_owned(), libm::sqrt(fit.misfit)));
        Some(named)
    }

    fn smooth_fits(&self, search: &Search<'_>) -> Vec<Fit> {
        search.smoothly(&self.data(STRIDE_LIVE, WIDENED), &self.data(STRIDE, 1.0))
    }

    /// A belief with what the corner cells say of the weight's sideways place.
    fn weighed<'a>(&self, belief: &'a Belief) -> Cow<'a, Belief> {
        match self.bins.weight_y_mm() {
            Some(y_mm) => Cow::Owned(belief.weighed(y_mm)),
            None => Cow::Borrowed(belief),
        }
    }

    fn tells_tension(&self) -> bool {
        self.cells && !self.bins.coupled() && self.mode == Mode::Full
    }

    fn data(&self, stride: usize, widened: f64) -> Data {
        match self.mode {
            Mode::NoReadings => Data::default(),
            Mode::Full | Mode::LandmarksOnly => {
                let seen = observe::observations(&self.bins, stride, !self.cells, widened);
                Data { seen, remains: Remains::default() }
            }
        }
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

    fn check_fit(&self, best: &Fit) -> Result<(), Refusal> {
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
        let (from, to) = extent(&self.data(STRIDE, 1.0)).unwrap_or((0.0, 0.0));
        // Without load cells no head ever presses headward of the neck line: what was not felt there is told by
        // belief, as unsure as that is.
        let neck = from - (centres[0][0] + LANDMARK_MARGIN_MM);
        if self.cells && neck > 0.0 {
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
