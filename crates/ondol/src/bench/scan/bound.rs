//! How exact a scan can be at all: the least error that the readings of the bed's sensors leave, whatever is
//! made of them.
//!
//! A program of its own: it knows the twin's bodies, sensors and how people are drawn, and nothing of the estimator.
//! Each drawn person is a list of independent standard normal *latents* ([`latents`]); the whole bed scans them once;
//! then the rollers are led along the same way over the same person with one latent a little more and a little less
//! ([`way`]), which gives the derivatives of all readings. What they leave of each figure is in [`information`].
//! Errors of the load cells (gain, zero, drift) are latents too.
//!
//! It is a bound near the truth, in a world that is known to the last spline: a chain counted one level off is not in
//! it. Noise alone leaves tenths of a millimetre, so much of what it says is how exactly the twin's curves are
//! known. Rows with an uneven back show this: millimetres, anew each centimetre, side and pass, that no model knows.
//! Rows with a sensor added show what that sensor would lift.

mod information;
mod latents;
mod tape;
mod way;

use super::figures::Figures;
use super::many;
use crate::fail::Failure;
use ::twin::{Surroundings, Twin};
use bed::spine::measure;
use bed::{BedConfig, Level, Side};
use latents::{LATENTS, Latents};
use nalgebra::DMatrix;
use serde::Serialize;
use way::{A_BLOCK, Way};

/// Change of a latent for a derivative, standard deviations either way. The twin's tables are straight between
/// millimetres, and a change that reaches across their knots tells of differences that nobody could feel: of two
/// people 0.02 left 1.7 degrees of kyphosis, 1e-4 left 2.06, 1e-6 and 1e-7 both 2.15.
const CHANGE: f64 = 1e-6;
/// The same for what makes breaths longer: these begin with a step of the twin, so a smaller change tells less. Twice
/// as much changed no figure.
const CHANGE_OF_BREATH: f64 = 0.02;
/// Unknowns of the two load cells: gain, zero and drift each.
const OF_CELLS: usize = 6;
/// All unknowns.
const UNKNOWNS: usize = LATENTS + OF_CELLS;
/// SD of a load cell's zero before it is first read, N. Source: the twin's sensors.
const ZERO_N: f64 = 1.0;
/// Seconds of a block.
const BLOCK_S: f64 = way::STEP_S * way::BLOCK as f64;
/// Bodies of a drawn person.
const BODIES: usize = 17;
/// Quantities: length, kyphosis, lordosis, then x, y, z and the distance from the line of the ends of each body.
const QUANTITIES: usize = 3 + 4 * BODIES;
/// First row of x and of the distance from the line.
const X_AT: usize = 3;
const ASIDE_AT: usize = 3 + 3 * BODIES;

/// Sensors that could be added, as rows of the table. The first three see along the bed every [`SEEN_EVERY_MM`].
const ADDED: [&str; 4] = [
    "with an ultrasound of the bone's depth, 1 mm a cm",
    "with the spinous line seen, 1 mm a cm",
    "with the back's outline 60 mm from the midline, 0.3 mm a cm",
    "with one image of how far the bodies lie from that bone, 1 mm",
];
/// Unevenness that no model knows, SD in mm, anew each centimetre, side and pass, and its rows of the table. Guess:
/// about the wave of the processes.
const UNEVEN: [(f64, &str); 3] = [
    (0.1, "the bed's sensors, a back uneven by 0.1 mm"),
    (0.3, "the bed's sensors, a back uneven by 0.3 mm"),
    (0.5, "the bed's sensors, a back uneven by 0.5 mm"),
];
const SEEN_EVERY_MM: f64 = 10.0;
/// Guess: what a good sensor of its kind reaches.
const SEEN_SD_MM: f64 = 1.0;
/// The outline is seen so far from the midline and so exactly, mm. Guess: beside the rollers, as a height probe does.
const OUTER_MM: f64 = 60.0;
const OUTER_SD_MM: f64 = 0.3;

/// Root mean squares over people, and over bodies where there are many.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Spread {
    pub length_mm: f64,
    pub level_x_mm: f64,
    pub kyphosis_deg: f64,
    pub lordosis_deg: f64,
    /// Largest deviation; `None` in the bound over all people, where left and right cancel.
    pub lateral_mm: Option<f64>,
    pub lateral_pointwise_mm: f64,
}

/// One row of the table.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Row {
    pub name: &'static str,
    #[serde(flatten)]
    pub spread: Spread,
}

/// What the bound is, and how far above it the scan stayed.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Bound {
    pub bound_people: usize,
    pub bound_rows: Vec<Row>,
    pub length_over_bound: Option<f64>,
    pub level_over_bound: Option<f64>,
    pub level_unslipped_over_bound: Option<f64>,
    pub kyphosis_over_bound: Option<f64>,
    pub lordosis_over_bound: Option<f64>,
    pub lateral_over_bound: Option<f64>,
    pub lateral_pointwise_over_bound: Option<f64>,
}

/// Index of the row that the ratios refer to.
const REFERENCE: usize = 1;

/// What one person tells.
struct Told {
    /// By the bed as it is.
    own: DMatrix<f64>,
    /// By the bed on an uneven back.
    uneven: Vec<DMatrix<f64>>,
    /// By each added sensor alone.
    added: Vec<DMatrix<f64>>,
    gradients: DMatrix<f64>,
    /// Body that lies farthest aside.
    farthest: usize,
}

/// Everything that one person and one way give.
struct Seen {
    quantities: Vec<f64>,
    readings: Vec<f64>,
    thickness: Vec<f64>,
    line: Vec<f64>,
    outline: Vec<f64>,
    behind: Vec<f64>,
}

/// What all variants of one person meet.
struct Setting<'a> {
    bed: &'a BedConfig,
    way: Way,
    /// Places along the bed at which an added sensor looks, mm.
    places: Vec<f64>,
}

impl Setting<'_> {
    fn see(&self, latents: &Latents) -> Seen {
        let mut latents = latents.clone();
        let person = latents.person();
        let lies = latents.surroundings();
        let breaths = self.way.breaths(&mut latents, &person);
        let mut twin = Way::laid(self.bed, &person, &lies);
        let [t1_x, t1_y] = place_of(&lies);
        let both = |of: &dyn Fn(f64, Side) -> f64| -> Vec<f64> {
            Side::BOTH.iter().flat_map(|side| self.places.iter().map(|x| of(x - t1_x, *side))).collect()
        };
        let thickness = both(&|x, side| twin.thickness_mm(x, side));
        let outline = both(&|x, side| {
            let across = if side == Side::Left { OUTER_MM } else { -OUTER_MM };
            twin.skin_at_mm([x, across - t1_y], side)
        });
        let line = self.places.iter().map(|x| t1_y + twin.line_mm(x - t1_x)).collect();
        Seen {
            quantities: quantities(&twin),
            readings: self.way.readings(&mut twin, &breaths),
            thickness,
            line,
            outline,
            behind: person.levels.iter().map(|level| behind(level.centre_mm, level.dorsal_mm)).collect(),
        }
    }
}

impl Setting<'_> {
    /// Derivatives of the readings with respect to the skin's height at every centimetre, apart for each side on the
    /// way out and back, straight in between; a roller that lies lower by as much feels the same.
    fn of_heights(&self, latents: &Latents, noise: &[f64; A_BLOCK]) -> DMatrix<f64> {
        let mut latents = latents.clone();
        let person = latents.person();
        let breaths = self.way.breaths(&mut latents, &person);
        let felt = |raised_mm: f64| {
            let mut twin = Way::laid(self.bed, &person, &latents.surroundings());
            self.way.raised(raised_mm).readings(&mut twin, &breaths)
        };
        let (above, below) = (felt(CHANGE), felt(-CHANGE));
        let slopes = whitened(&above, &below, CHANGE, |row| noise[row % A_BLOCK]);
        let (from_mm, to_mm) = self.way.reach_mm();
        let knots = ((to_mm - from_mm) / SEEN_EVERY_MM) as usize + 2;
        let mut heights = DMatrix::zeros(slopes.len(), 4 * knots);
        for (block, (x_mm, pass)) in self.way.blocks_mm().enumerate() {
            let place = (x_mm - from_mm) / SEEN_EVERY_MM;
            let (knot, foot) = (place as usize, place.fract());
            for head in 0..2 {
                let row = block * A_BLOCK + head;
                let column = (2 * pass + head) * knots + knot;
                heights[(row, column)] = (1.0 - foot) * slopes[row];
                heights[(row, column + 1)] = foot * slopes[row];
            }
        }
        heights
    }
}

fn place_of(lies: &Surroundings) -> [f64; 2] {
    [::twin::T1_MM + lies.offset_x_mm, lies.offset_y_mm]
}

/// Distance of the bone's dorsal surface from the centre of its body, mm.
fn behind(centre_mm: [f64; 3], dorsal_mm: [f64; 2]) -> f64 {
    (dorsal_mm[0] - centre_mm[0]).hypot(dorsal_mm[1] - centre_mm[2])
}

/// The figures of a person as they lie.
fn quantities(twin: &Twin) -> Vec<f64> {
    let centres = twin.truth_centres();
    let measures = measure(&centres).unwrap_or_default();
    let mut all = Vec::with_capacity(QUANTITIES);
    all.extend([measures.length_t1_l5_mm, measures.kyphosis_deg, measures.lordosis_deg]);
    for axis in 0..3 {
        all.extend(centres.iter().map(|(_, at)| at[axis]));
    }
    all.extend(super::figures::asides(&centres).into_iter().map(|(_, y): (Level, f64)| y));
    all
}

/// Rows of derivatives of readings in units of their noise.
fn whitened(above: &[f64], below: &[f64], change: f64, sd: impl Fn(usize) -> f64) -> Vec<f64> {
    let rows = above.iter().zip(below).enumerate();
    rows.map(|(row, (above, below))| (above - below) / (2.0 * change * sd(row))).collect()
}

/// Derivatives of the readings of a way with respect to the errors of the load cells.
fn of_cells(jacobian: &mut DMatrix<f64>, readings: &[f64], bed: &BedConfig, noise: &[f64; A_BLOCK]) {
    let Some(cell) = &bed.load_cell else { return };
    let blocks = readings.len() / A_BLOCK;
    let seconds = BLOCK_S * blocks as f64;
    // A wander, here as a straight drift of the same spread at the end.
    let drift_n = f64::from(cell.drift_10min_n) * (seconds / 600.0).sqrt();
    for block in 0..blocks {
        for head in 0..2 {
            let row = block * A_BLOCK + head;
            let at = LATENTS + 3 * head;
            jacobian[(row, at)] = f64::from(cell.gain) * readings[row] / noise[head];
            jacobian[(row, at + 1)] = ZERO_N / noise[head];
            jacobian[(row, at + 2)] = drift_n * (block as f64 / blocks as f64) / noise[head];
        }
    }
}

fn tell(bed: &BedConfig, number: u64) -> Result<Told, Failure> {
    let noise = Way::noise_n(bed)?;
    let mut latents = Latents::of(number);
    let person = latents.person();
    let way = Way::over(bed, person.clone(), number)?;
    let _ = way.breaths(&mut latents, &person);
    let mut setting = Setting { bed, way, places: Vec::new() };
    let own = setting.see(&latents);
    let (t1_x, l5_x) = (own.quantities[X_AT], own.quantities[X_AT + BODIES - 1]);
    let places = ((l5_x - t1_x + 40.0) / SEEN_EVERY_MM) as usize;
    setting.places = (0..places).map(|place| t1_x - 20.0 + SEEN_EVERY_MM * place as f64).collect();

    let zeros = |rows: usize| DMatrix::<f64>::zeros(rows, UNKNOWNS);
    let (mut own_sensors, mut gradients) = (zeros(own.readings.len()), zeros(QUANTITIES));
    let (mut thickness, mut line, mut outline) = (zeros(2 * places), zeros(places), zeros(2 * places));
    let mut behind = zeros(BODIES);
    for (column, slot) in latents.slots().into_iter().enumerate() {
        let Some(slot) = slot else { continue };
        let change = if latents::is_of_breath(column) { CHANGE_OF_BREATH } else { CHANGE };
        let above = setting.see(&latents.changed(slot, change));
        let below = setting.see(&latents.changed(slot, -change));
        let of = |above: &[f64], below: &[f64]| whitened(above, below, change, |row| noise[row % A_BLOCK]);
        let seen = |above: &[f64], below: &[f64], sd_mm: f64| whitened(above, below, change, |_| sd_mm);
        gradients.column_mut(column).copy_from_slice(&whitened(
            &above.quantities,
            &below.quantities,
            change,
            |_| 1.0,
        ));
        own_sensors.column_mut(column).copy_from_slice(&of(&above.readings, &below.readings));
        thickness.column_mut(column).copy_from_slice(&seen(&above.thickness, &below.thickness, SEEN_SD_MM));
        line.column_mut(column).copy_from_slice(&seen(&above.line, &below.line, SEEN_SD_MM));
        outline.column_mut(column).copy_from_slice(&seen(&above.outline, &below.outline, OUTER_SD_MM));
        behind.column_mut(column).copy_from_slice(&seen(&above.behind, &below.behind, SEEN_SD_MM));
    }
    of_cells(&mut own_sensors, &own.readings, bed, &noise);
    let heights = setting.of_heights(&latents, &noise);
    let uneven = information::beside(&own_sensors, &heights, UNEVEN.map(|(sd_mm, _)| sd_mm)).into();
    let added = [thickness, line, outline, behind].iter().map(information::of).collect();
    let aside = |body: &usize| own.quantities[ASIDE_AT + body].abs();
    let farthest = (0..BODIES).max_by(|a, b| aside(a).total_cmp(&aside(b))).unwrap_or_default();
    Ok(Told { own: information::of(&own_sensors), uneven, added, gradients, farthest })
}

/// Variances of one person or of all, to be averaged.
fn squares(variances: &[f64], farthest: Option<usize>) -> [f64; 6] {
    let over = |at: usize| variances[at..at + BODIES].iter().sum::<f64>() / BODIES as f64;
    [
        variances[0],
        over(X_AT),
        variances[1],
        variances[2],
        farthest.map_or(f64::NAN, |body| variances[ASIDE_AT + body]),
        over(ASIDE_AT),
    ]
}

fn spread(squares: [f64; 6]) -> Spread {
    let [length, x, kyphosis, lordosis, lateral, pointwise] = squares.map(f64::sqrt);
    Spread {
        length_mm: length,
        level_x_mm: x,
        kyphosis_deg: kyphosis,
        lordosis_deg: lordosis,
        lateral_mm: lateral.is_finite().then_some(lateral),
        lateral_pointwise_mm: pointwise,
    }
}

/// Mean over people of what is left near each.
fn local(told: &[Told], information: impl Fn(&Told) -> DMatrix<f64>) -> Spread {
    let mut mean = [0.0; 6];
    for one in told {
        let left = information::left(&information(one), &one.gradients);
        for (mean, square) in mean.iter_mut().zip(squares(&left, Some(one.farthest))) {
            *mean += square / told.len() as f64;
        }
    }
    spread(mean)
}

/// What no estimator gets under over all people.
fn van_trees(told: &[Told]) -> Spread {
    let share = 1.0 / told.len() as f64;
    let mut information = DMatrix::zeros(UNKNOWNS, UNKNOWNS);
    let mut gradients = DMatrix::zeros(QUANTITIES, UNKNOWNS);
    for one in told {
        information += share * &one.own;
        gradients += share * &one.gradients;
    }
    spread(squares(&information::left(&information, &gradients), None))
}

impl Bound {
    /// The bound over the drawn people of these numbers, and how far above it the scan stayed on all of them.
    ///
    /// # Errors
    /// When a person or the bed cannot be simulated.
    pub fn of(bed: &BedConfig, numbers: &[u64], scan: &Figures) -> Result<Self, Failure> {
        let told: Result<Vec<Told>, Failure> =
            many::map("bound", numbers, |_, number| tell(bed, *number)).into_iter().collect();
        let told = told?;
        let nothing = |_: &Told| DMatrix::zeros(UNKNOWNS, UNKNOWNS);
        let mut rows = vec![
            Row { name: "nobody scans: the prior", spread: local(&told, nothing) },
            Row { name: "the bed's sensors", spread: local(&told, |one| one.own.clone()) },
            Row { name: "the bed's sensors, one bound for all people (Van Trees)", spread: van_trees(&told) },
        ];
        for (index, name) in ADDED.into_iter().enumerate() {
            rows.push(Row { name, spread: local(&told, |one| &one.own + &one.added[index]) });
        }
        for (index, (_, name)) in UNEVEN.into_iter().enumerate() {
            rows.push(Row { name, spread: local(&told, |one| one.uneven[index].clone()) });
        }
        let bound = rows[REFERENCE].spread;
        Ok(Self {
            bound_people: told.len(),
            length_over_bound: scan.length_rmse_mm.map(|rmse| rmse / bound.length_mm),
            level_over_bound: scan.x_rmse_mm.map(|rmse| rmse / bound.level_x_mm),
            level_unslipped_over_bound: scan.x_unslipped_rmse_mm.map(|rmse| rmse / bound.level_x_mm),
            kyphosis_over_bound: scan.kyphosis_rmse_deg.map(|rmse| rmse / bound.kyphosis_deg),
            lordosis_over_bound: scan.lordosis_rmse_deg.map(|rmse| rmse / bound.lordosis_deg),
            lateral_over_bound: scan.lateral_rmse_mm.zip(bound.lateral_mm).map(|(rmse, bound)| rmse / bound),
            lateral_pointwise_over_bound: scan
                .lateral_pointwise_rmse_mm
                .map(|rmse| rmse / bound.lateral_pointwise_mm),
            bound_rows: rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed_file;

    #[test]
    fn halving_the_change_of_a_latent_changes_its_derivatives_by_under_two_percent() {
        let bed = bed_file::read(None).expect("the embedded bed reads");
        let number = 5_000_001;
        let mut latents = Latents::of(number);
        let person = latents.person();
        let way = Way::over(&bed, person.clone(), number).expect("a scan");
        let _ = way.breaths(&mut latents, &person);
        let slots = latents.slots();
        let readings = |latents: &Latents| {
            let mut latents = latents.clone();
            let person = latents.person();
            let breaths = way.breaths(&mut latents, &person);
            let mut twin = Way::laid(&bed, &person, &latents.surroundings());
            way.readings(&mut twin, &breaths)
        };
        let derivative = |slot, change: f64| -> Vec<f64> {
            let (above, below) = (latents.changed(slot, change), latents.changed(slot, -change));
            let pairs = readings(&above).into_iter().zip(readings(&below));
            pairs.map(|(above, below)| (above - below) / (2.0 * change)).collect()
        };
        // Of each kind one: a gap, an inclination, fat, thickness, stiffness, a process, along.
        let places = LATENTS - 33 - 3;
        for column in [3, 20, 40, 48, 60, 110, LATENTS - 60, places] {
            let slot = slots[column].expect("a number that everybody has");
            let (whole, half) = (derivative(slot, CHANGE), derivative(slot, 0.5 * CHANGE));
            let size: f64 = half.iter().map(|value| value * value).sum();
            let apart: f64 = whole.iter().zip(&half).map(|(a, b)| (a - b) * (a - b)).sum();
            assert!(size > 0.0 && (apart / size).sqrt() < 0.02, "latent {column}: {}", (apart / size).sqrt());
        }
    }
}
