//! Scans against the truth, as figures: one definition each, pure functions of answers and truth.
//!
//! * *length*: |found - true| over true, in percent;
//! * *right level*: |dx| below half the gap to the neighbour on the error's side (an end has one gap);
//!   levels of a refused scan count as wrong;
//! * *slipped*: the median level of an answer is off by half a gap or more, so that the whole chain is;
//! * *coverage*: share of all 90 % intervals that hold the truth: length, both angles, sideways
//!   deviation and x, y, z of each level; tension stands apart;
//! * *Winkler score*: width of an interval plus 20 times the miss, smaller is better.

use bed::spine::SpineMeasures;
use bed::{Interval, Level, Side, SpineScan};
use serde::Serialize;

/// What is true of one scan.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Body centres in the bed's frame, mm.
    pub centres: Vec<(Level, [f64; 3])>,
    /// Length, angles and sideways deviation.
    pub measures: SpineMeasures,
    /// Tension of each site.
    pub tension: Vec<TrueTension>,
    /// Where the muscle is tense.
    pub tense: Vec<TensePlace>,
}

/// A place where the muscle is tense.
#[derive(Clone, Copy, Debug)]
pub struct TensePlace {
    /// Its middle along the bed, mm.
    pub x_mm: f64,
    /// On which side.
    pub side: Side,
    /// Half its length, mm.
    pub half_length_mm: f64,
}

/// What is true of one site of tension.
#[derive(Clone, Copy, Debug)]
pub struct TrueTension {
    /// Beside which level.
    pub level: Level,
    /// On which side.
    pub side: Side,
    /// Stiffness over what is expected there.
    pub ratio: f64,
}

/// The value below which a share of the values lies, straight between neighbours; `None` of nothing.
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    (!values.is_empty()).then(|| crate::bench::quantile::quantile(values, share))
}

/// Root of the mean square; `None` of nothing.
pub fn rms(values: &[f64]) -> Option<f64> {
    mean(&values.iter().map(|value| value * value).collect::<Vec<_>>()).map(f64::sqrt)
}

/// Mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Error along the bed of level `index` of the truth in gaps to the neighbour on the error's side,
/// footward positive; below a half it is the right level.
pub fn slip(truth: &[(Level, [f64; 3])], index: usize, x_mm: f64) -> f64 {
    let x = |index: usize| truth[index].1[0];
    let (headward, footward) = (index.checked_sub(1), (index + 1 < truth.len()).then_some(index + 1));
    let error = x_mm - x(index);
    let neighbour = if error < 0.0 { headward.or(footward) } else { footward.or(headward) };
    neighbour.map_or(f64::INFINITY, |neighbour| error / (x(neighbour) - x(index)).abs())
}

/// Shares and sums of intervals of one quantity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intervals {
    /// How many held the truth.
    pub held: usize,
    /// How many there were.
    pub count: usize,
    width: f64,
    winkler: f64,
}

impl Intervals {
    /// Counts one interval.
    pub fn add(&mut self, interval: Interval, truth: f64) {
        let width = interval.hi90 - interval.lo90;
        let miss = (interval.lo90 - truth).max(truth - interval.hi90).max(0.0);
        self.held += usize::from(interval.holds(truth));
        self.count += 1;
        self.width += width;
        self.winkler += width + 20.0 * miss;
    }

    /// Share that held the truth, percent.
    pub fn held_pct(&self) -> Option<f64> {
        (self.count > 0).then(|| 100.0 * self.held as f64 / self.count as f64)
    }

    fn mean(&self, sum: f64) -> Option<f64> {
        (self.count > 0).then(|| sum / self.count as f64)
    }
}

/// Names of the quantities that carry intervals, tension apart.
pub const QUANTITIES: [&str; 7] = ["length", "kyphosis", "lordosis", "lateral", "x", "y", "z"];

/// Intervals of one answer against the truth, by quantity.
pub fn intervals(scan: &SpineScan, truth: &Truth) -> [Intervals; 7] {
    let mut by = [Intervals::default(); 7];
    let measures = &truth.measures;
    by[0].add(scan.length_t1_l5_mm, measures.length_t1_l5_mm);
    by[1].add(scan.kyphosis_deg, measures.kyphosis_deg);
    by[2].add(scan.lordosis_deg, measures.lordosis_deg);
    by[3].add(scan.lateral_deviation_mm, measures.lateral_deviation_mm);
    for (level, centre) in &truth.centres {
        let Some(found) = scan.level(*level) else { continue };
        let [x, y, z] = *centre;
        by[4].add(Interval::normal(found.x_mm, found.sd_x_mm), x);
        by[5].add(Interval::normal(found.y_mm, found.sd_y_mm), y);
        by[6].add(Interval::normal(found.z_mm, found.sd_z_mm), z);
    }
    by
}

/// Adds what one answer counted to a sum.
pub fn gather(sum: &mut [Intervals; 7], more: &[Intervals; 7]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        sum.held += more.held;
        sum.count += more.count;
        sum.width += more.width;
        sum.winkler += more.winkler;
    }
}

/// Held and count over all quantities.
pub fn all(by: &[Intervals; 7]) -> (usize, usize) {
    by.iter().fold((0, 0), |(held, count), one| (held + one.held, count + one.count))
}

/// One quantity's intervals in figures.
#[derive(Clone, Debug, Serialize)]
pub struct IntervalFigures {
    /// Which quantity; levels' places as x, y, z.
    pub quantity: &'static str,
    /// Share of the 90 % intervals that hold the truth, percent.
    pub held_pct: Option<f64>,
    /// Mean width, mm or degrees.
    pub width: Option<f64>,
    /// Mean Winkler score, mm or degrees.
    pub winkler: Option<f64>,
}

/// What one estimator reached over many scans. `None` where no scan gave an answer.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Figures {
    pub answers: usize,
    pub refused: usize,
    pub length_median_pct: Option<f64>,
    pub length_p95_pct: Option<f64>,
    pub length_rmse_mm: Option<f64>,
    pub length_bias_mm: Option<f64>,
    pub level_right_pct: Option<f64>,
    pub level_right_lumbar_pct: Option<f64>,
    pub level_right_thoracic_pct: Option<f64>,
    pub level_right_unslipped_pct: Option<f64>,
    pub slipped_pct: Option<f64>,
    pub kyphosis_rmse_deg: Option<f64>,
    pub kyphosis_bias_deg: Option<f64>,
    pub kyphosis_median_deg: Option<f64>,
    pub kyphosis_p95_deg: Option<f64>,
    pub lordosis_rmse_deg: Option<f64>,
    pub lordosis_bias_deg: Option<f64>,
    pub lordosis_median_deg: Option<f64>,
    pub lordosis_p95_deg: Option<f64>,
    pub lateral_rmse_mm: Option<f64>,
    pub lateral_median_mm: Option<f64>,
    pub lateral_p95_mm: Option<f64>,
    pub lateral_pointwise_rmse_mm: Option<f64>,
    pub x_rmse_mm: Option<f64>,
    pub x_unslipped_rmse_mm: Option<f64>,
    pub x_bias_mm: Option<f64>,
    pub y_rmse_mm: Option<f64>,
    pub z_rmse_mm: Option<f64>,
    pub z_bias_mm: Option<f64>,
    pub coverage90_pct: Option<f64>,
    pub intervals: Vec<IntervalFigures>,
}

/// Errors gathered from answer to answer.
#[derive(Default)]
struct Errors {
    length_pct: Vec<f64>,
    length_mm: Vec<f64>,
    kyphosis: Vec<f64>,
    lordosis: Vec<f64>,
    lateral: Vec<f64>,
    pointwise: Vec<f64>,
    places: [Vec<f64>; 3],
    x_unslipped: Vec<f64>,
    by: [Intervals; 7],
    slipped: usize,
    /// Right and all levels: thoracic, lumbar, and of scans that did not slip.
    right: [(usize, usize); 3],
}

impl Errors {
    fn refuse(&mut self, truth: &Truth) {
        for (level, _) in &truth.centres {
            self.right[usize::from(level.is_lumbar())].1 += 1;
        }
    }

    fn add(&mut self, scan: &SpineScan, truth: &Truth) {
        let measures = &truth.measures;
        let length = scan.length_t1_l5_mm.value - measures.length_t1_l5_mm;
        self.length_mm.push(length);
        self.length_pct.push(100.0 * length.abs() / measures.length_t1_l5_mm);
        self.kyphosis.push(scan.kyphosis_deg.value - measures.kyphosis_deg);
        self.lordosis.push(scan.lordosis_deg.value - measures.lordosis_deg);
        self.lateral.push(scan.lateral_deviation_mm.value - measures.lateral_deviation_mm);
        gather(&mut self.by, &intervals(scan, truth));
        self.levels(scan, truth);
        let found: Vec<(Level, [f64; 3])> =
            scan.levels.iter().map(|level| (level.level, [level.x_mm, level.y_mm, level.z_mm])).collect();
        let (found, aside) = (asides(&found), asides(&truth.centres));
        for (level, y) in aside {
            if let Some((_, estimate)) = found.iter().find(|(other, _)| *other == level) {
                self.pointwise.push(estimate - y);
            }
        }
    }

    fn levels(&mut self, scan: &SpineScan, truth: &Truth) {
        let mut slips = Vec::with_capacity(truth.centres.len());
        let first = self.places[0].len();
        for (index, (level, centre)) in truth.centres.iter().enumerate() {
            let found = scan.level(*level);
            let slip = found.map_or(f64::INFINITY, |found| slip(&truth.centres, index, found.x_mm));
            slips.push(slip);
            let right = &mut self.right[usize::from(level.is_lumbar())];
            right.0 += usize::from(slip.abs() < 0.5);
            right.1 += 1;
            if let Some(found) = found {
                for (errors, error) in self.places.iter_mut().zip([
                    found.x_mm - centre[0],
                    found.y_mm - centre[1],
                    found.z_mm - centre[2],
                ]) {
                    errors.push(error);
                }
            }
        }
        if quantile(&slips, 0.5).is_none_or(|slip| slip.abs() >= 0.5) {
            self.slipped += 1;
        } else {
            self.right[2].0 += slips.iter().filter(|slip| slip.abs() < 0.5).count();
            self.right[2].1 += slips.len();
            self.x_unslipped.extend_from_slice(&self.places[0][first..]);
        }
    }
}

/// Sideways distance of each level from the line through the ends, mm.
pub fn asides(centres: &[(Level, [f64; 3])]) -> Vec<(Level, f64)> {
    let (Some((_, head)), Some((_, foot))) = (centres.first(), centres.last()) else { return Vec::new() };
    let slope = (foot[1] - head[1]) / (foot[0] - head[0]);
    centres.iter().map(|(level, at)| (*level, at[1] - head[1] - slope * (at[0] - head[0]))).collect()
}

fn share_pct(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

impl Figures {
    /// The figures of pairs of answer (`None` where refused) and truth.
    pub fn of<'a>(scans: impl Iterator<Item = (Option<&'a SpineScan>, &'a Truth)>) -> Self {
        let mut errors = Errors::default();
        let (mut answers, mut refused) = (0, 0);
        for (scan, truth) in scans {
            match scan {
                Some(scan) => {
                    answers += 1;
                    errors.add(scan, truth);
                }
                None => {
                    refused += 1;
                    errors.refuse(truth);
                }
            }
        }
        let [thoracic, lumbar, unslipped] = errors.right;
        let sizes = |values: &[f64]| values.iter().map(|value| value.abs()).collect::<Vec<_>>();
        let (kyphosis, lordosis, lateral) =
            (sizes(&errors.kyphosis), sizes(&errors.lordosis), sizes(&errors.lateral));
        let (held, count) = all(&errors.by);
        Self {
            answers,
            refused,
            length_median_pct: quantile(&errors.length_pct, 0.5),
            length_p95_pct: quantile(&errors.length_pct, 0.95),
            length_rmse_mm: rms(&errors.length_mm),
            length_bias_mm: mean(&errors.length_mm),
            level_right_pct: share_pct(thoracic.0 + lumbar.0, thoracic.1 + lumbar.1),
            level_right_lumbar_pct: share_pct(lumbar.0, lumbar.1),
            level_right_thoracic_pct: share_pct(thoracic.0, thoracic.1),
            level_right_unslipped_pct: share_pct(unslipped.0, unslipped.1),
            slipped_pct: share_pct(errors.slipped, answers),
            kyphosis_rmse_deg: rms(&errors.kyphosis),
            kyphosis_bias_deg: mean(&errors.kyphosis),
            kyphosis_median_deg: quantile(&kyphosis, 0.5),
            kyphosis_p95_deg: quantile(&kyphosis, 0.95),
            lordosis_rmse_deg: rms(&errors.lordosis),
            lordosis_bias_deg: mean(&errors.lordosis),
            lordosis_median_deg: quantile(&lordosis, 0.5),
            lordosis_p95_deg: quantile(&lordosis, 0.95),
            lateral_rmse_mm: rms(&errors.lateral),
            lateral_median_mm: quantile(&lateral, 0.5),
            lateral_p95_mm: quantile(&lateral, 0.95),
            lateral_pointwise_rmse_mm: rms(&errors.pointwise),
            x_rmse_mm: rms(&errors.places[0]),
            x_unslipped_rmse_mm: rms(&errors.x_unslipped),
            x_bias_mm: mean(&errors.places[0]),
            y_rmse_mm: rms(&errors.places[1]),
            z_rmse_mm: rms(&errors.places[2]),
            z_bias_mm: mean(&errors.places[2]),
            coverage90_pct: share_pct(held, count),
            intervals: QUANTITIES
                .into_iter()
                .zip(&errors.by)
                .map(|(quantity, by)| IntervalFigures {
                    quantity,
                    held_pct: by.held_pct(),
                    width: by.mean(by.width),
                    winkler: by.mean(by.winkler),
                })
                .collect(),
        }
    }
}

/// What the scan says of tension, against the truth.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct TensionFigures {
    pub sites: usize,
    pub coverage90_pct: Option<f64>,
    /// Error of ln ratio: about the relative error.
    pub ln_ratio_rmse: Option<f64>,
    pub ln_ratio_bias: Option<f64>,
    /// What saying 1 everywhere would give.
    pub ln_ratio_rmse_of_one: Option<f64>,
    /// Tense places.
    pub places: usize,
    /// Of these, such that a level was called tense on that side within [`REACH_MM`].
    pub places_found_pct: Option<f64>,
    /// Scans that called a level tense farther than that from the ends of every tense place on its side.
    pub false_alarm_scans_pct: Option<f64>,
}

/// So near to a tense place a level is the right one to be called tense, mm. Guess: about a level.
pub const REACH_MM: f64 = 30.0;

impl TensionFigures {
    /// The figures of pairs of answer (`None` where refused) and truth; places of refused scans count as not found.
    pub fn of<'a>(scans: impl Iterator<Item = (Option<&'a SpineScan>, &'a Truth)>) -> Self {
        let (mut errors, mut ones, mut by) = (Vec::new(), Vec::new(), Intervals::default());
        let (mut places, mut found, mut alarmed, mut answers) = (0, 0, 0, 0);
        for (scan, truth) in scans {
            places += truth.tense.len();
            let Some(scan) = scan.filter(|scan| !scan.tension.is_empty()) else { continue };
            answers += 1;
            for site in &truth.tension {
                let same = |at: &&bed::Tension| at.level == site.level && at.side == site.side;
                let Some(estimate) = scan.tension.iter().find(same) else { continue };
                let told = Interval { value: estimate.ratio, lo90: estimate.lo90, hi90: estimate.hi90 };
                by.add(told, site.ratio);
                errors.push((estimate.ratio / site.ratio).ln());
                ones.push(site.ratio.ln());
            }
            let called: Vec<(Side, f64)> = scan
                .tension
                .iter()
                .filter(|site| site.tense)
                .filter_map(|site| Some((site.side, scan.level(site.level)?.x_mm)))
                .collect();
            let near = |place: &TensePlace, called: &(Side, f64), reach: f64| {
                place.side == called.0 && (place.x_mm - called.1).abs() <= reach
            };
            found += truth
                .tense
                .iter()
                .filter(|place| called.iter().any(|called| near(place, called, REACH_MM)))
                .count();
            let right = |called: &(Side, f64)| {
                truth.tense.iter().any(|place| near(place, called, place.half_length_mm + REACH_MM))
            };
            alarmed += usize::from(!called.iter().all(right));
        }
        Self {
            sites: by.count,
            coverage90_pct: by.held_pct(),
            ln_ratio_rmse: rms(&errors),
            ln_ratio_bias: mean(&errors),
            ln_ratio_rmse_of_one: rms(&ones),
            places,
            places_found_pct: share_pct(found, places),
            false_alarm_scans_pct: share_pct(alarmed, answers),
        }
    }
}

/// Range that holds the share of covered intervals 95 times in 100 when the people were drawn anew:
/// bootstrap over people, not over scans. Pairs are (held, count) of each person, percent comes back.
pub fn bootstrap_pct(people: &[(usize, usize)], seed: u64) -> Option<(f64, f64)> {
    const TIMES: usize = 1000;
    let mut state = seed;
    let mut next = || {
        // SplitMix64. Source: Steele et al. 2014, doi 10.1145/2660193.2660195.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let mut shares = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let (mut held, mut count) = (0, 0);
        for _ in people {
            let drawn = people[(next() % people.len() as u64) as usize];
            held += drawn.0;
            count += drawn.1;
        }
        shares.push(share_pct(held, count)?);
    }
    Some((quantile(&shares, 0.025)?, quantile(&shares, 0.975)?))
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
