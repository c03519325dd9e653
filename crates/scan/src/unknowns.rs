//! The unknowns of a scan: their order, and what is believed of them before the first reading.
//!
//! All are numbers of one vector. Belief is Gaussian: a mean and a precision matrix that is diagonal
//! but for the smooth profiles of thickness, whose knots are tied to their neighbours.

use crate::tissue;
use bed::BedConfig;
use nalgebra::{Cholesky, DMatrix};
use population::{About, BODIES, PARAMS, Tissue};

/// Whitened shape numbers.
pub(crate) const SHAPE: usize = 0;
/// Position of T1 along the bed, mm.
pub(crate) const X: usize = PARAMS;
/// Sideways position of T1, mm.
pub(crate) const Y: usize = X + 1;
/// Mean height of the body centres, mm.
pub(crate) const Z: usize = X + 2;
/// Turn of the line T1-L5 about the vertical, rad.
pub(crate) const YAW: usize = X + 3;
/// Pitch of the whole chain against the CT couch, rad.
pub(crate) const PITCH: usize = X + 4;
/// Two smooth bends against the CT couch, mm.
pub(crate) const BEND: usize = X + 5;
/// Unknowns up to here place the body centres.
pub(crate) const PLACED: usize = X + 7;
/// From T1 headward to where the neck drops off, mm.
pub(crate) const NECK_AT: usize = PLACED;
/// Slope with which the skin leaves the bed there.
pub(crate) const NECK_SLOPE: usize = PLACED + 1;
/// From L5 footward to the edge of the sacral plateau, mm.
pub(crate) const SACRUM_AT: usize = PLACED + 2;
/// Step of the skin there, mm, up positive.
pub(crate) const SACRUM_RISE: usize = PLACED + 3;
/// Step of ln stiffness there.
pub(crate) const SACRUM_STIFF: usize = PLACED + 4;
/// How far the bone stands out behind that edge, mm.
pub(crate) const PSIS: usize = PLACED + 5;
/// Length of the sacral plateau, mm.
pub(crate) const PLATEAU: usize = PLACED + 6;
/// ln stiffness of the buttock against the last lumbar level.
pub(crate) const BUTTOCK_STIFF: usize = PLACED + 7;
/// Step of the skin where the plateau ends, mm, up positive.
pub(crate) const BUTTOCK_RISE: usize = PLACED + 8;
/// ln of fat over the expected.
pub(crate) const FAT: usize = PLACED + 9;
/// ln of muscle over the expected.
pub(crate) const MUSCLE: usize = PLACED + 10;
/// ln of stiffness over the expected.
pub(crate) const STIFF: usize = PLACED + 11;
/// Progressivity of the law of indentation, a unit of strain.
pub(crate) const LAW: usize = PLACED + 12;
/// ln of the trunk's give, mm/N of both heads.
pub(crate) const GIVE: usize = PLACED + 13;
/// Curvature of the back across, against the expected.
pub(crate) const CONTOUR: usize = PLACED + 14;
/// Share by which tissue yields more on the way back.
pub(crate) const RELAX: usize = PLACED + 15;
/// How far the person moved along the bed between out and back, mm.
pub(crate) const SHIFT: usize = PLACED + 16;
/// How far what is felt lags behind the roller, mm: tissue is viscous.
pub(crate) const DRAG: usize = PLACED + 17;
/// Share of the indentation by which flesh follows a force that flutters.
pub(crate) const FOLLOWS: usize = PLACED + 18;
/// Error of the force, out and back, N a head.
pub(crate) const FORCE: usize = PLACED + 19;
/// Knots of the thickness on both sides alike, mm.
pub(crate) const FLESH: usize = PLACED + 21;
/// Knots of the thickness by which left and right differ, mm.
pub(crate) const FLANK: usize = FLESH + KNOTS;
/// ln stiffness beside each level: left and right of T1, then of T2 and so on.
pub(crate) const TENSE: usize = FLANK + KNOTS;
/// Breathing: cosine and sine at each frequency, mm at the height of T8-L1.
pub(crate) const BREATH: usize = TENSE + 2 * BODIES;
/// Number of unknowns of the smooth model, which widely spaced heights can carry.
pub(crate) const SMOOTH: usize = BREATH + 2 * FREQUENCIES;
/// Rhythm of the transverse processes and ribs: how far they stand out at each level, and between levels, mm.
pub(crate) const RHYTHM: usize = SMOOTH;
/// How far along the bed the processes of each level stand from its bone line, mm.
pub(crate) const ASKEW: usize = RHYTHM + 2;
/// Number of unknowns.
pub(crate) const UNKNOWNS: usize = ASKEW + BODIES;

/// Knots of a smooth profile along the levels.
pub(crate) const KNOTS: usize = 19;
/// Level coordinate of the first knot (0 is T1, 16 is L5).
pub(crate) const KNOT_FIRST: f64 = -3.5;
/// Levels between knots: about 45 mm, half the correlation length.
pub(crate) const KNOT_PITCH: f64 = 1.6;

/// Frequencies that stand for breathing.
pub(crate) const FREQUENCIES: usize = 9;
/// Lowest of them, Hz. Source: quiet breathing, design.md (0.20-0.33 Hz), with a margin.
const FREQUENCY_FIRST_HZ: f64 = 0.17;
/// Their distance, Hz: less than one over a scan's time, so that they can stand for any wave in the band.
const FREQUENCY_PITCH_HZ: f64 = 0.03;
/// Standard deviation of the back's motion with breathing, mm. Source: design.md, 1.5-4 mm peak to
/// peak at T8-L1; a wave of 2.75 mm has an RMS of 1 mm.
const BREATH_SD_MM: f64 = 0.4;

/// Footward of the neck line by so much lies T1 of a person at the mark. Source: design.md (neck limits
/// hold headward of a fixed line), reference bed: line 520, T1 500 mm.
const T1_BEFORE_NECK_LINE_MM: f64 = 20.0;
/// Spread of T1 along the bed, mm. Source: people lie within +-40 mm of the mark; a uniform distribution has
/// 23 mm, and a flatter belief pulls less at its ends.
const T1_SD_MM: f64 = 28.0;
/// Spread of the person to the side. Source: issue text, up to 10 mm off; uniform has 5.8 mm.
const SIDE_SD_MM: f64 = 6.0;
/// Spread of the line T1-L5 about the vertical, rad. Guess: one degree.
const YAW_SD: f64 = 0.017;
/// From T1 to where the centre of weight lies on the line T1-L5, mm. Guess: about L4. Trunk, head and arms are six
/// tenths of the weight and turn with that line, about 250 mm from T1; the legs begin at the hips, about 480 mm from
/// it, and may turn with it or not.
const WEIGHT_WAY_MM: f64 = 400.0;
/// Spread of the centre of weight beside that line, mm. Guess: 5 mm between people, whose arms, head and legs do not
/// lie alike, and as much for the cells, their gain and what was on the bed before.
const WEIGHT_SD_MM: f64 = 7.0;
/// Spread of the pitch between couch and bed, rad. Guess: 1.5 degrees.
const PITCH_SD: f64 = 0.026;
/// Spread of each smooth bend between couch and bed, mm. Guess.
const BEND_SD_MM: f64 = 3.0;

/// Growth of the spread of the flesh with each level beyond the chain, of itself. Guess.
const BEYOND_PER_LEVEL: f64 = 0.4;
/// Spread of the flesh where the curve is to tell nothing, mm: ten times what people have.
const CURVE_FORGOTTEN_MM: f64 = 40.0;

/// Angular frequency of wave `index`, rad/s.
pub(crate) fn omega(index: usize) -> f64 {
    core::f64::consts::TAU * (FREQUENCY_FIRST_HZ + FREQUENCY_PITCH_HZ * index as f64)
}

/// The unknowns that do not place the bodies and are alike on every back, by name.
pub(crate) fn nuisances(at: &[f64]) -> Vec<(String, f64)> {
    let single = [
        ("T1 height", Z),
        ("pitch", PITCH),
        ("neck at", NECK_AT),
        ("neck slope", NECK_SLOPE),
        ("sacrum at", SACRUM_AT),
        ("sacrum rise", SACRUM_RISE),
        ("sacrum ln stiffness", SACRUM_STIFF),
        ("iliac spine", PSIS),
        ("plateau", PLATEAU),
        ("buttock ln stiffness", BUTTOCK_STIFF),
        ("buttock rise", BUTTOCK_RISE),
        ("ln fat", FAT),
        ("ln muscle", MUSCLE),
        ("ln stiffness", STIFF),
        ("progressivity", LAW),
        ("ln give", GIVE),
        ("contour", CONTOUR),
        ("relaxation", RELAX),
        ("shift", SHIFT),
        ("drag", DRAG),
        ("follows", FOLLOWS),
        ("force out", FORCE),
        ("force back", FORCE + 1),
    ];
    let single = single.into_iter().map(|(name, unknown)| (name.to_owned(), at[unknown]));
    let knots = (0..KNOTS).map(|knot| (format!("flesh {knot}"), at[FLESH + knot]));
    single.chain(knots).collect()
}

/// What is believed of the unknowns before the first reading.
#[derive(Debug, Clone)]
pub(crate) struct Belief {
    pub(crate) mean: Vec<f64>,
    /// So many unknowns are free.
    pub(crate) count: usize,
    /// Row-major, `UNKNOWNS` squared.
    pub(crate) precision: Vec<f64>,
}

impl Belief {
    pub(crate) fn new(tissue: &Tissue, about: &About, bed: &BedConfig) -> Self {
        let mut belief =
            Self { mean: vec![0.0; UNKNOWNS], count: UNKNOWNS, precision: vec![0.0; UNKNOWNS * UNKNOWNS] };
        for number in SHAPE..SHAPE + PARAMS {
            belief.set(number, 0.0, 1.0);
        }
        belief.place(tissue, about, bed);
        belief.landmarks(tissue);
        let cells = bed.load_cell.is_some();
        belief.set(FAT, 0.0, tissue.fat_sd_ln);
        belief.set(MUSCLE, 0.0, tissue.muscle_sd_ln);
        belief.set(STIFF, tissue::LN_STIFF_FELT, tissue.stiffness_sd_ln);
        belief.set(LAW, tissue::PROGRESSIVITY, tissue::PROGRESSIVITY_SD);
        belief.set(GIVE, libm::log(tissue::GIVE_MM_N), tissue::LN_GIVE_SD);
        belief.set(CONTOUR, tissue::CONTOUR_FELT, tissue::CONTOUR_SD);
        belief.set(RELAX, tissue::RELAX, tissue::RELAX_SD);
        belief.set(SHIFT, 0.0, 2.0);
        belief.set(FOLLOWS, tissue::FOLLOWS, tissue::FOLLOWS_SD);
        belief.set(DRAG, tissue::DRAG_MM, tissue::DRAG_SD_MM);
        for pass in 0..2 {
            // Source: load cells, reference bed (drift, tare); without cells the drive's friction, 5-8 N.
            belief.set(FORCE + pass, 0.0, if cells { 0.3 } else { 5.0 });
        }
        belief.smooth(FLESH, tissue::flesh_sd_mm(tissue), tissue);
        belief.smooth(FLANK, 2.0 * tissue.side_sd_mm, tissue);
        for site in 0..2 * BODIES {
            belief.set(TENSE + site, 0.0, tissue::LN_TENSION_SD);
        }
        for wave in 0..2 * FREQUENCIES {
            belief.set(BREATH + wave, 0.0, BREATH_SD_MM / libm::sqrt(FREQUENCIES as f64));
        }
        belief.set(RHYTHM, tissue::PROCESS_MM, tissue::PROCESS_SD_MM);
        belief.set(RHYTHM + 1, 0.0, tissue::PROCESS_BETWEEN_SD_MM);
        for level in 0..BODIES {
            belief.set(ASKEW + level, 0.0, tissue::ASKEW_SD_MM);
        }
        belief
    }

    /// Cost of where the landmarks and the person lie.
    pub(crate) fn landmark_cost(&self, at: &[f64]) -> f64 {
        let mut sum = 0.0;
        for unknown in (NECK_AT..FAT).chain([X]) {
            let away = at[unknown] - self.mean[unknown];
            sum += 0.5 * self.precision[unknown * UNKNOWNS + unknown] * away * away;
        }
        sum
    }

    /// The same belief of only the first `count` unknowns: the others stay where they are.
    pub(crate) fn of_first(&self, count: usize) -> Self {
        Self { count, ..self.clone() }
    }

    pub(crate) fn set(&mut self, unknown: usize, mean: f64, sd: f64) {
        self.mean[unknown] = mean;
        self.precision[unknown * UNKNOWNS + unknown] = 1.0 / (sd * sd);
    }

    /// The same belief once the corner cells have told the sideways place of the weight: an observation of
    /// `Y + WEIGHT_WAY YAW`. Nothing else was believed of these two, so the update is exact.
    pub(crate) fn weighed(&self, weight_y_mm: f64) -> Self {
        let row = [(Y, 1.0), (YAW, WEIGHT_WAY_MM)];
        let variance = |unknown: usize| 1.0 / self.precision[unknown * UNKNOWNS + unknown];
        let (mut told, mut spread) = (0.0, WEIGHT_SD_MM * WEIGHT_SD_MM);
        for (unknown, slope) in row {
            told += slope * self.mean[unknown];
            spread += slope * slope * variance(unknown);
        }
        let mut weighed = self.clone();
        for (unknown, slope) in row {
            weighed.mean[unknown] += variance(unknown) * slope * (weight_y_mm - told) / spread;
            for (other, other_slope) in row {
                weighed.precision[unknown * UNKNOWNS + other] +=
                    slope * other_slope / (WEIGHT_SD_MM * WEIGHT_SD_MM);
            }
        }
        weighed
    }

    /// The same belief, wider by this factor, of everything but the place of the bodies, which stays as at `at`.
    pub(crate) fn widened_about(&self, at: &[f64], factor: f64) -> Self {
        let mut belief = self.clone();
        for precision in &mut belief.precision {
            *precision /= factor * factor;
        }
        for unknown in SHAPE..PLACED {
            belief.precision[unknown * UNKNOWNS..(unknown + 1) * UNKNOWNS].fill(0.0);
            for other in 0..UNKNOWNS {
                belief.precision[other * UNKNOWNS + unknown] = 0.0;
            }
            belief.set(unknown, at[unknown], 1e-4);
        }
        belief
    }

    /// Lets the flesh have nearly any smooth thickness, so that a profile tells nothing but its edges.
    pub(crate) fn forget_curve(&mut self, tissue: &Tissue) {
        self.smooth(FLESH, CURVE_FORGOTTEN_MM, tissue);
        self.smooth(FLANK, CURVE_FORGOTTEN_MM, tissue);
    }

    fn place(&mut self, tissue: &Tissue, about: &About, bed: &BedConfig) {
        self.set(X, f64::from(bed.neck_line_mm) - T1_BEFORE_NECK_LINE_MM, T1_SD_MM);
        self.set(Y, 0.0, SIDE_SD_MM);
        // The back lies on the pad, a little sunk in; the body centres stand over it by bone and flesh.
        let over = tissue::mean_depth_mm(tissue, about) - tissue::SUNK_MM;
        self.set(Z, f64::from(bed.lift.pad_above_mm) + over, tissue::HEIGHT_SD_MM);
        self.set(YAW, 0.0, YAW_SD);
        self.set(PITCH, 0.0, PITCH_SD);
        self.set(BEND, 0.0, BEND_SD_MM);
        self.set(BEND + 1, 0.0, BEND_SD_MM);
    }

    fn landmarks(&mut self, tissue: &Tissue) {
        self.set(NECK_AT, tissue.neck_drop_mm.mean + tissue::NECK_FELT_MM, tissue.neck_drop_mm.sd);
        self.set(NECK_SLOPE, tissue::NECK_SLOPE, tissue::NECK_SLOPE_SD);
        self.set(SACRUM_AT, tissue.sacrum_onset_mm.mean, tissue.sacrum_onset_mm.sd);
        for (knot, mean) in tissue::FLESH_MM.into_iter().enumerate() {
            self.mean[FLESH + knot] = mean;
        }
        self.set(SACRUM_RISE, tissue::SACRUM_RISE_MM, tissue::SACRUM_RISE_SD_MM);
        self.set(PLATEAU, tissue::PLATEAU_MM, tissue::PLATEAU_SD_MM);
        self.set(BUTTOCK_RISE, tissue::BUTTOCK_RISE_MM, tissue::BUTTOCK_RISE_SD_MM);
        self.set(BUTTOCK_STIFF, tissue::LN_BUTTOCK_STIFF, tissue::LN_BUTTOCK_STIFF_SD);
        self.set(PSIS, tissue::PSIS_MM, tissue::PSIS_SD_MM);
        self.set(
            SACRUM_STIFF,
            tissue::sacrum_ln_stiff(tissue) + tissue::SACRUM_LN_STIFF_FELT,
            tissue::SACRUM_LN_STIFF_SD,
        );
    }

    /// Ties the knots of a smooth profile: covariance `sd_i sd_j exp(-d^2 / 2 l^2)`, with spreads that grow
    /// beyond the ends of the chain, where neck and sacrum have outlines of their own.
    fn smooth(&mut self, first: usize, sd_mm: f64, tissue: &Tissue) {
        let length = tissue.profile_length_mm / tissue::LEVEL_MM;
        let spread = |knot: usize| {
            let level = KNOT_FIRST + KNOT_PITCH * knot as f64;
            let beyond = (-level).max(level - (BODIES - 1) as f64).max(0.0);
            sd_mm * (1.0 + BEYOND_PER_LEVEL * beyond)
        };
        let covariance = DMatrix::from_fn(KNOTS, KNOTS, |i, j| {
            let apart = (i as f64 - j as f64) * KNOT_PITCH / length;
            let nugget = if i == j { 1e-3 } else { 0.0 };
            spread(i) * spread(j) * (libm::exp(-0.5 * apart * apart) + nugget)
        });
        // A Gaussian kernel with a nugget is positive definite, so the factor exists.
        let Some(factor) = Cholesky::new(covariance) else { return };
        let inverse = factor.inverse();
        for i in 0..KNOTS {
            for j in 0..KNOTS {
                self.precision[(first + i) * UNKNOWNS + first + j] = inverse[(i, j)];
            }
        }
    }
}
