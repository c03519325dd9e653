//! From gathered bins to observations.

use crate::bins::{Bins, Cell};
use crate::forward::{Observation, waves};

/// What the model leaves unexplained in one centimetre of one pass and side, mm. Guess: the load cell's
/// noise and the tracking of the force, breathing beyond its band.
const ALONE_MM: f64 = 0.7;
/// What it leaves unexplained in one centimetre of the back, and of one side of it, mm. Guess: millimetres
/// of roughness over some centimetres (bone ripple, edges of muscles, laws that are not quite right)
/// count as so much when taken as independent from one centimetre to the next.
const SHARED_MM: [f64; 2] = [0.8, 0.6];
/// Length to which these refer, mm.
const REFERENCE_MM: f64 = 10.0;
/// Where the force varies by more (standard deviation), it was not held and the tissue is on the move, N.
/// Guess: twice what a good force loop leaves.
const FORCE_SD_MAX_N: f64 = 0.8;
/// Fewer samples do not make an observation.
const SAMPLES_MIN: f64 = 2.0;
/// Cells on each side over which a current's force is averaged: its noise is alike over a tenth of a second, and a loop
/// that follows it lets the true force swing within centimetres.
const CURRENT_WINDOW: usize = 1;
/// So many times more a current leaves unexplained than a load cell. Calibrated on forty drawn people (see `tissue`) to
/// hold nine places along the bed in ten: friction and noise of 4-5 N a head move a roller by 2 mm.
const CURRENT_WIDENED: f64 = 5.0;

/// Forces are averaged over so much of the back to either side: what is quicker flutters, mm. Guess.
const STEADY_MM: f64 = 30.0;

/// Observations over `stride` bins of 5 mm, their unexplained spread `widened` by a factor.
pub(crate) fn observations(bins: &Bins, stride: usize, by_current: bool, widened: f64) -> Vec<Observation> {
    let mut seen = Vec::new();
    let steady = |cell: &Cell| by_current || cell.force_sd <= FORCE_SD_MAX_N;
    let widened = if by_current { CURRENT_WIDENED * widened } else { widened };
    let scale = widened * libm::sqrt(REFERENCE_MM / (5.0 * stride as f64));
    let mut station = 0;
    let window = (STEADY_MM / (5.0 * stride as f64)) as usize;
    for carriage in 0..bins.carriages() {
        let rows: [[Vec<Option<Cell>>; 2]; 2] = [0, 1].map(|pass| {
            [0, 1].map(|side| {
                let mut cells: Vec<Option<Cell>> = bins.cells(carriage, pass, side, stride).collect();
                if by_current {
                    average_force(&mut cells, CURRENT_WINDOW);
                }
                cells
            })
        });
        let steady_rows = rows.each_ref().map(|sides| {
            sides.each_ref().map(|cells| {
                let mut cells = cells.clone();
                average_force(&mut cells, window);
                cells
            })
        });
        for index in 0..rows[0][0].len() {
            for (pass, sides) in rows.iter().enumerate() {
                for side in 0..2 {
                    let Some(cell) =
                        sides[side][index].filter(|cell| cell.count >= SAMPLES_MIN && steady(cell))
                    else {
                        continue;
                    };
                    let mean = |side: usize| steady_rows[pass][side][index].map(|cell| cell.force);
                    let force = mean(side).unwrap_or(cell.force);
                    seen.push(Observation {
                        x: cell.x,
                        height: cell.height,
                        force,
                        flutter: cell.force - force,
                        force_both: force + mean(1 - side).unwrap_or(force),
                        waves: waves(cell.time),
                        pass,
                        towards: bins.towards(carriage, pass),
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

/// A current tells the force too coarsely for one cell: its mean over the next ones too stands for it.
fn average_force(cells: &mut [Option<Cell>], window: usize) {
    let forces: Vec<Option<f64>> = cells.iter().map(|cell| cell.map(|cell| cell.force)).collect();
    for (index, cell) in cells.iter_mut().enumerate() {
        let Some(cell) = cell else { continue };
        let from = index.saturating_sub(window);
        let to = (index + window + 1).min(forces.len());
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
