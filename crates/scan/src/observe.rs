//! From gathered bins to observations, and the two landmarks as the bare profile shows them.

use crate::bins::{Bins, Cell};
use crate::forward::{Observation, waves};
use crate::solve::{Data, Mark};
use crate::tissue;
use population::BODIES;

/// What the model leaves unexplained in one centimetre of one pass, mm. Guess: bone ripple of 0.7 mm, site
/// scatter of 8 % on about 8 mm of indentation, breathing beyond its band.
const UNEXPLAINED_MM: f64 = 1.3;
/// Length to which that refers, mm.
const UNEXPLAINED_LENGTH_MM: f64 = 10.0;
/// Fewer samples do not make an observation.
const SAMPLES_MIN: f64 = 2.0;
/// Cells on each side over which a current's force is averaged.
const CURRENT_WINDOW: usize = 6;
/// Spread of a landmark's place as the bare profile shows it, mm. Guess.
const DETECTION_SD_MM: f64 = 6.0;
/// Half of the window in which a landmark is looked for, mm. Guess.
const WINDOW_MM: f64 = 60.0;

/// Observations over `stride` bins of 5 mm.
pub(crate) fn observations(bins: &Bins, stride: usize, by_current: bool) -> Vec<Observation> {
    let mut seen = Vec::new();
    let length = 5.0 * stride as f64;
    let sd = UNEXPLAINED_MM * libm::sqrt(UNEXPLAINED_LENGTH_MM / length);
    for carriage in 0..bins.carriages() {
        for pass in 0..2 {
            let sides = [0, 1].map(|side| {
                let mut cells: Vec<Option<Cell>> = bins.cells(carriage, pass, side, stride).collect();
                if by_current {
                    average_force(&mut cells);
                }
                cells
            });
            for side in 0..2 {
                for (index, cell) in sides[side].iter().enumerate() {
                    let Some(cell) = cell.filter(|cell| cell.count >= SAMPLES_MIN) else { continue };
                    let other = sides[1 - side][index].map_or(cell.force, |other| other.force);
                    seen.push(Observation {
                        x: cell.x,
                        height: cell.height,
                        force: cell.force,
                        force_both: cell.force + other,
                        waves: waves(cell.time),
                        pass,
                        side: (!bins.coupled()).then_some(side),
                        sd,
                    });
                }
            }
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

/// The two landmarks as far as they show: the neck's corner and the sacral edge, along the bed in mm.
pub(crate) fn landmarks(bins: &Bins) -> (Option<f64>, Option<f64>) {
    let out = profile(bins, 0);
    let neck = neck(&out);
    let back = profile(bins, 1);
    let sacrum = sacrum(&out, &back);
    (neck, sacrum)
}

/// What the landmarks tell of T1 and L5.
pub(crate) fn marked(bins: &Bins) -> Data {
    let mut data = Data::default();
    let (neck, sacrum) = landmarks(bins);
    let spread = |hidden: f64| libm::sqrt(hidden * hidden + DETECTION_SD_MM * DETECTION_SD_MM);
    if let Some(x) = neck {
        let mark = Mark { body: 0, x: x + tissue::NECK_AT_MM, sd: spread(tissue::NECK_AT_SD_MM) };
        data.marks.push(mark);
    }
    if let Some(x) = sacrum {
        let mark =
            Mark { body: BODIES - 1, x: x - tissue::SACRUM_AT_MM, sd: spread(tissue::SACRUM_AT_SD_MM) };
        data.marks.push(mark);
    }
    data
}

/// The corner from which the profile rises towards the head: the break of two straight lines that leaves
/// the least, in the first 200 mm.
fn neck(points: &[(f64, f64)]) -> Option<f64> {
    let first = points.first()?.0;
    let mut best: Option<(f64, f64)> = None;
    let mut corner = first + 15.0;
    while corner < first + 200.0 {
        let near: Vec<(f64, f64)> = points
            .iter()
            .filter(|point| (point.0 - corner).abs() <= WINDOW_MM)
            .map(|point| (point.0 - corner, point.1))
            .collect();
        if let Some((slope, gain)) = hinge(&near) {
            if slope > 0.15 && best.is_none_or(|(_, most)| gain > most) {
                best = Some((corner, gain));
            }
        }
        corner += 2.5;
    }
    best.map(|(corner, _)| corner)
}

/// Least squares of `a + b x + g max(0, -x)`: the additional slope `g` and by how much it lowers the sum of
/// squares against a straight line.
fn hinge(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    if points.len() < 8 {
        return None;
    }
    let n = points.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let ramp = |point: &(f64, f64)| (-point.0).max(0.0);
    let (mx, mh, mr) = (mean(&|p| p.0), mean(&|p| p.1), mean(&ramp));
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let xx = sum(&|p| (p.0 - mx) * (p.0 - mx));
    let xr = sum(&|p| (p.0 - mx) * (ramp(p) - mr));
    let rr = sum(&|p| (ramp(p) - mr) * (ramp(p) - mr));
    let xh = sum(&|p| (p.0 - mx) * (p.1 - mh));
    let rh = sum(&|p| (ramp(p) - mr) * (p.1 - mh));
    if xx <= 0.0 {
        return None;
    }
    // The ramp without its straight part.
    let left = rr - xr * xr / xx;
    let pull = rh - xr * xh / xx;
    (left > 1.0).then(|| (pull / left, pull * pull / left))
}

/// The edge from which the tissue yields less between the two forces: the largest fall of the difference
/// between the passes.
fn sacrum(out: &[(f64, f64)], back: &[(f64, f64)]) -> Option<f64> {
    let last = out.last()?.0;
    let mut differences: Vec<(f64, f64)> = Vec::new();
    for (x, height) in out {
        if let Some(near) = back.iter().find(|point| (point.0 - x).abs() <= 2.5) {
            differences.push((*x, near.1 - height));
        }
    }
    let mean = |from: f64, to: f64| {
        let values: Vec<f64> = differences.iter().filter(|p| p.0 >= from && p.0 < to).map(|p| p.1).collect();
        (values.len() >= 4).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let mut best: Option<(f64, f64)> = None;
    let mut edge = (last - 320.0).max(out.first()?.0 + 250.0);
    while edge < last - 20.0 {
        let before = mean(edge - WINDOW_MM, edge - 7.5);
        let after = mean(edge + 7.5, edge + WINDOW_MM);
        if let (Some(before), Some(after)) = (before, after) {
            let fall = before - after;
            if fall > 0.5 && best.is_none_or(|(_, most)| fall > most) {
                best = Some((edge, fall));
            }
        }
        edge += 2.5;
    }
    best.map(|(edge, _)| edge)
}
