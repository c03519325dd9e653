//! From gathered bins to observations, and the two landmarks as the bare profile shows them.

use crate::bins::{Bins, Cell};
use crate::forward::{Observation, waves};
use crate::solve::{Data, Mark};
use crate::unknowns::{Belief, NECK_AT, SACRUM_AT, X};
use population::BODIES;

/// What the model leaves unexplained in one centimetre of one pass and side, mm. Guess: the load cell's
/// noise and the tracking of the force, breathing beyond its band.
const ALONE_MM: f64 = 0.8;
/// What it leaves unexplained in one centimetre of the back, and of one side of it, mm. Guess: millimetres
/// of roughness over some centimetres (bone ripple, edges of muscles, laws that are not quite right)
/// count as so much when taken as independent from one centimetre to the next.
const SHARED_MM: [f64; 2] = [2.0, 1.0];
/// Length to which these refer, mm.
const REFERENCE_MM: f64 = 10.0;
/// Fewer samples do not make an observation.
const SAMPLES_MIN: f64 = 2.0;
/// Cells on each side over which a current's force is averaged.
const CURRENT_WINDOW: usize = 6;
/// Spread of a landmark's place as the bare profile shows it, mm. Guess.
const DETECTION_SD_MM: f64 = 12.0;
/// Spread of the length T1-L5 along the bed, where it matters for finding the sacrum, mm. Source: people
/// of one stature, population; 15 to 30 mm.
const LENGTH_SD_MM: f64 = 25.0;
/// A break of slope that is less is no neck. Guess.
const NECK_SLOPE_MIN: f64 = 0.1;
/// Roughness of the profile for finding the neck, mm of a 5 mm cell, neighbours alike. Guess.
const PROFILE_NOISE_MM: f64 = 4.0;
/// Roughness of the mean difference between the passes over a window, mm. Guess.
const DIFFERENCE_NOISE_MM: f64 = 1.7;
/// Half of the window in which a landmark is looked for, mm. Guess.
const WINDOW_MM: f64 = 60.0;

/// Observations over `stride` bins of 5 mm.
pub(crate) fn observations(bins: &Bins, stride: usize, by_current: bool) -> Vec<Observation> {
    let mut seen = Vec::new();
    let scale = libm::sqrt(REFERENCE_MM / (5.0 * stride as f64));
    let mut station = 0;
    for carriage in 0..bins.carriages() {
        let rows: [[Vec<Option<Cell>>; 2]; 2] = [0, 1].map(|pass| {
            [0, 1].map(|side| {
                let mut cells: Vec<Option<Cell>> = bins.cells(carriage, pass, side, stride).collect();
                if by_current {
                    average_force(&mut cells);
                }
                cells
            })
        });
        for index in 0..rows[0][0].len() {
            for (pass, sides) in rows.iter().enumerate() {
                for side in 0..2 {
                    let Some(cell) = sides[side][index].filter(|cell| cell.count >= SAMPLES_MIN) else {
                        continue;
                    };
                    let other = sides[1 - side][index].map_or(cell.force, |other| other.force);
                    seen.push(Observation {
                        x: cell.x,
                        height: cell.height,
                        force: cell.force,
                        force_both: cell.force + other,
                        waves: waves(cell.time),
                        pass,
                        side: (!bins.coupled()).then_some(side),
                        station,
                        sd: scale * ALONE_MM,
                        sd_shared: SHARED_MM.map(|sd| scale * sd),
                    });
                }
            }
            station += 1;
        }
    }
    seen
}

/// A current tells the force too coarsely for one cell: the force is held constant by the bed, so its mean
/// over a longer way stands for it.
fn average_force(cells: &mut [Option<Cell>]) {
    let forces: Vec<Option<f64>> = cells.iter().map(|cell| cell.map(|cell| cell.force)).collect();
    for (index, cell) in cells.iter_mut().enumerate() {
        let Some(cell) = cell else { continue };
        let from = index.saturating_sub(CURRENT_WINDOW);
        let to = (index + CURRENT_WINDOW + 1).min(forces.len());
        let (mut sum, mut count) = (0.0, 0.0);
        for force in forces[from..to].iter().flatten() {
            sum += force;
            count += 1.0;
        }
        if count > 0.0 {
            cell.force = sum / count;
        }
    }
}

/// The profile of one pass, both sides and all carriages together: place and height, from the head end.
fn profile(bins: &Bins, pass: usize) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for carriage in 0..bins.carriages() {
        let sides: Vec<Vec<Option<Cell>>> =
            (0..2).map(|side| bins.cells(carriage, pass, side, 1).collect()).collect();
        for (left, right) in sides[0].iter().zip(&sides[1]) {
            match (left, right) {
                (Some(a), Some(b)) => points.push((0.5 * (a.x + b.x), 0.5 * (a.height + b.height))),
                (Some(cell), None) | (None, Some(cell)) => points.push((cell.x, cell.height)),
                (None, None) => {}
            }
        }
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

/// Where a landmark may be expected: mean and standard deviation along the bed, mm.
#[derive(Debug, Clone, Copy)]
struct Expected {
    x: f64,
    sd: f64,
}

impl Expected {
    /// Logarithm of its density, up to a constant.
    fn log(&self, x: f64) -> f64 {
        let away = (x - self.x) / self.sd;
        -0.5 * away * away
    }

    /// Places that are worth a look, 2.5 mm apart.
    fn places(self) -> impl Iterator<Item = f64> {
        let steps = (5.0 * self.sd / 2.5) as usize;
        (0..=steps).map(move |step| self.x - 2.5 * self.sd + 2.5 * step as f64)
    }
}

/// What the landmarks tell of T1 and L5, as far as they show in the bare profile.
pub(crate) fn marked(bins: &Bins, belief: &Belief, last_x: f64) -> Data {
    let mut data = Data::default();
    let hidden = [belief.sd(NECK_AT), belief.sd(SACRUM_AT)];
    let first_x = belief.mean[X];
    let neck_at = Expected { x: first_x - belief.mean[NECK_AT], sd: libm::hypot(belief.sd(X), hidden[0]) };
    let last_sd = libm::hypot(belief.sd(X), LENGTH_SD_MM);
    let sacrum_at = Expected { x: last_x + belief.mean[SACRUM_AT], sd: libm::hypot(last_sd, hidden[1]) };
    let (out, back) = (profile(bins, 0), profile(bins, 1));
    let spread = |hidden: f64| libm::hypot(hidden, DETECTION_SD_MM);
    if let Some(x) = neck(&out, neck_at) {
        data.marks.push(Mark { body: 0, x: x + belief.mean[NECK_AT], sd: spread(hidden[0]) });
    }
    if let Some(x) = sacrum(&out, &back, sacrum_at) {
        data.marks.push(Mark { body: BODIES - 1, x: x - belief.mean[SACRUM_AT], sd: spread(hidden[1]) });
    }
    data
}

/// The corner from which the profile rises towards the head: where a break of two straight lines leaves
/// least, against what is expected.
fn neck(points: &[(f64, f64)], expected: Expected) -> Option<f64> {
    let mut best: Option<(f64, f64)> = None;
    for corner in expected.places() {
        let near: Vec<(f64, f64)> = points
            .iter()
            .filter(|point| (point.0 - corner).abs() <= WINDOW_MM)
            .map(|point| (point.0 - corner, point.1))
            .collect();
        let Some((_, gain)) = hinge(&near).filter(|(slope, _)| *slope > NECK_SLOPE_MIN) else { continue };
        let score = gain / (2.0 * PROFILE_NOISE_MM * PROFILE_NOISE_MM) + expected.log(corner);
        if best.is_none_or(|(_, most)| score > most) {
            best = Some((corner, score));
        }
    }
    best.map(|(corner, _)| corner)
}

/// Least squares of `a + b x + g max(0, -x)`: the additional slope `g` and by how much it lowers the sum of
/// squares against a straight line.
fn hinge(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let before = points.iter().filter(|point| point.0 < -10.0).count();
    if before < 4 || points.len() < before + 4 {
        return None;
    }
    let n = points.len() as f64;
    let ramp = |point: &(f64, f64)| (-point.0).max(0.0);
    let (mut mx, mut mh, mut mr) = (0.0, 0.0, 0.0);
    for point in points {
        mx += point.0 / n;
        mh += point.1 / n;
        mr += ramp(point) / n;
    }
    let (mut xx, mut xr, mut rr, mut xh, mut rh) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for point in points {
        let (x, r, h) = (point.0 - mx, ramp(point) - mr, point.1 - mh);
        xx += x * x;
        xr += x * r;
        rr += r * r;
        xh += x * h;
        rh += r * h;
    }
    if xx <= 0.0 {
        return None;
    }
    // The ramp without its straight part.
    let left = rr - xr * xr / xx;
    let pull = rh - xr * xh / xx;
    (left > 1.0).then(|| (pull / left, pull * pull / left))
}

/// The edge from which the tissue yields less between the two forces: the largest fall of the difference
/// between the passes, against what is expected.
fn sacrum(out: &[(f64, f64)], back: &[(f64, f64)], expected: Expected) -> Option<f64> {
    let mut differences: Vec<(f64, f64)> = Vec::new();
    for (x, height) in out {
        if let Some(near) = back.iter().find(|point| (point.0 - x).abs() <= 2.5) {
            differences.push((*x, near.1 - height));
        }
    }
    let mean = |from: f64, to: f64| {
        let (mut sum, mut count) = (0.0, 0.0);
        for (_, value) in differences.iter().filter(|point| point.0 >= from && point.0 < to) {
            sum += value;
            count += 1.0;
        }
        (count >= 4.0).then(|| sum / count)
    };
    let mut best: Option<(f64, f64)> = None;
    for edge in expected.places() {
        let before = mean(edge - WINDOW_MM, edge - 7.5);
        let after = mean(edge + 7.5, edge + WINDOW_MM);
        let (Some(before), Some(after)) = (before, after) else { continue };
        let fall = before - after;
        let score = fall * fall / (2.0 * DIFFERENCE_NOISE_MM * DIFFERENCE_NOISE_MM) + expected.log(edge);
        if fall > 0.5 && best.is_none_or(|(_, most)| score > most) {
            best = Some((edge, score));
        }
    }
    best.map(|(edge, _)| edge)
}
