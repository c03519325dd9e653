//! What a roller's height should be at given unknowns, and how it changes with each of them.
//!
//! With `s` the level coordinate under the roller, `Z, Y` the bone line there, `D` the flesh on it, `y` the roller's middle, `c` the curvature across, `d` the indentation, `F` the forces:
//!
//! `h = Z(s) - D(s) + c (y - Y)^2 / 2 + d(F, s) (1 + relaxation) + give (F_left + F_right)`
//! `    + neck(x) + sacrum(x) - iliac spine(x) + breathing(s, t)`.
//!
//! The bone line is a cubic through one point a vertebra (Catmull-Rom in the level coordinate); beyond its ends it
//! runs on with the end's slope, which dies away over some centimetres.

use crate::chain::{Centres, Laid, Shapes};
use crate::row::{FIRST, LAST, Row, bone, of};
use crate::tissue::{self, Flesh, Graded, LEVEL_MM, SECANT_MM};
use crate::unknowns::*;
use bed::BedConfig;
use population::BODIES;

/// One mean height, and what it was taken under.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observation {
    /// Along the bed, mm.
    pub(crate) x: f64,
    /// Height of the roller's top, mm.
    pub(crate) height: f64,
    /// Force of this head, mean over some centimetres, N.
    pub(crate) force: f64,
    /// What the force was here over that mean, N.
    pub(crate) flutter: f64,
    /// Force of both heads, N.
    pub(crate) force_both: f64,
    /// Cosine and sine of each breathing frequency at the time of the observation.
    pub(crate) waves: [f64; 2 * FREQUENCIES],
    /// 0 out, 1 back.
    pub(crate) pass: usize,
    /// Where the carriage runs: 1 footward, -1 headward.
    pub(crate) towards: f64,
    /// 0 left, 1 right, `None` where one lift carries both.
    pub(crate) side: Option<usize>,
    /// Observations of one station of the back stand together and share a number.
    pub(crate) station: usize,
    /// Standard deviation of what the model leaves unexplained in this observation alone, mm.
    pub(crate) sd: f64,
    /// Of what all observations of the station share, and of what those of a side share, mm.
    pub(crate) sd_shared: [f64; 2],
}

impl Observation {
    /// The part of the back that is felt here, had the person not moved since the way out, mm.
    pub(crate) fn felt_x(&self, at: &[f64]) -> f64 {
        let shift = if self.pass == 1 { at[SHIFT] } else { 0.0 };
        self.x - shift - self.towards * at[DRAG]
    }
}

/// Everything that the prediction needs besides the unknowns.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    pub(crate) shapes: Shapes,
    flesh: Flesh,
    /// Middle of a roller, from the midline, mm.
    roller_mm: f64,
    /// Radius of a roller, mm.
    radius_mm: f64,
}

/// Reach over which the slope at an end of the chain dies away, mm: the thoracic slope runs on into the
/// neck, the sacrum turns away. Guess.
const END_REACH_MM: [f64; 2] = [50.0, 40.0];
/// Half of the rounding of the neck's corner, mm. Guess: the roller has a radius of 20 mm.
const NECK_ROUND_MM: f64 = 8.0;
/// From the neck's corner to where the skin has climbed to the nape and runs level, mm. Guess; its rounding is
/// wide, as nobody knows it for one person.
const NAPE_MM: f64 = 75.0;
const NAPE_ROUND_MM: f64 = 15.0;
/// Scale of the sacral step, mm. Guess: 10-90 % in 20 mm, 15 mm of the step itself and the roller.
const SACRUM_ROUND_MM: f64 = 4.5;
/// From the edge of the plateau to where the bone (posterior superior iliac spine) stands out most, and how
/// long that is (standard deviation), mm. Guess.
const PSIS_BEHIND_EDGE_MM: f64 = 15.0;
const PSIS_SD_MM: f64 = 10.0;
/// Scale of the plateau's end, mm. Guess: softer than its beginning.
const BUTTOCK_ROUND_MM: f64 = 9.0;

/// Four points of the bone line and what each counts.
type Weights = [(usize, f64); 4];

/// Where a roller stands on the bone line.
struct Under {
    /// Level coordinate.
    level: f64,
    /// Its derivative along the bed at fixed centres, 1/mm.
    level_by_x: f64,
    z: f64,
    y: f64,
    /// Slope of the line in z and y along the bed.
    z_by_x: f64,
    y_by_x: f64,
    /// Weights of the bodies' z in z; of their x (times -1) in the position under the roller.
    weights: Weights,
    /// Where the line runs on beyond an end: how far along the end's slope counts, over the end's gap.
    run_on: f64,
}

/// What lies under a roller.
struct Soft {
    side: usize,
    level: f64,
    /// Fat and muscle, mm.
    flesh: [Graded; 2],
    /// Shares of the sacral plateau and of the buttock.
    firm: [f64; 2],
}

impl Forward {
    pub(crate) fn new(shapes: Shapes, flesh: Flesh, bed: &BedConfig) -> Self {
        Self {
            shapes,
            flesh,
            roller_mm: f64::from(bed.roller_centre_mm()),
            radius_mm: f64::from(bed.roller.radius_mm),
        }
    }

    /// From the axis footward to where the roller touches, mm.
    pub(crate) fn beside(&self, laid: &Laid, at: &[f64], axis: f64) -> f64 {
        let mut beside = 0.0;
        for _ in 0..2 {
            let x = axis + beside;
            let slope = under(&laid.bone, x).z_by_x + neck_slope(at, laid.centres[0][0], x);
            beside = -self.radius_mm * slope / libm::sqrt(1.0 + slope * slope);
        }
        beside
    }

    /// Predicted height in mm; its derivatives are added, times `share`, to `row`.
    pub(crate) fn predict(&self, laid: &Laid, at: &[f64], seen: &Observation, row: &mut Row) -> f64 {
        match seen.side {
            Some(side) => self.predict_side(laid, at, seen, side, 1.0, row),
            None => {
                0.5 * (self.predict_side(laid, at, seen, 0, 0.5, row)
                    + self.predict_side(laid, at, seen, 1, 0.5, row))
            }
        }
    }

    fn predict_side(
        &self,
        laid: &Laid,
        at: &[f64],
        seen: &Observation,
        side: usize,
        share: f64,
        row: &mut Row,
    ) -> f64 {
        // The roller is round: on a slope it touches beside its axis. The touching point is where the height
        // is least, so the height's derivatives are those at a fixed point.
        let axis = seen.felt_x(at);
        let beside = self.beside(laid, at, axis);
        let x = axis + beside;
        let under = under(&laid.bone, x);
        let fat = scaled(self.flesh.fat(under.level), libm::exp(at[FAT].clamp(-2.0, 2.0)));
        let muscle = scaled(self.flesh.muscle(under.level), libm::exp(at[MUSCLE].clamp(-2.0, 2.0)));
        let lower = self.radius_mm - libm::sqrt(self.radius_mm * self.radius_mm - beside * beside);
        let mut height = under.z + lower - self.flesh.plain() - fat.value - muscle.value;
        // Derivative along the levels of everything that is tied to them.
        let mut by_level = -fat.slope - muscle.slope;
        row.add(of(FAT), -share * fat.value);
        row.add(of(MUSCLE), -share * muscle.value);

        let sign = if side == 0 { 1.0 } else { -1.0 };
        let across = sign * self.roller_mm - under.y;
        let curvature = tissue::CURVATURE * at[CONTOUR];
        height += 0.5 * curvature * across * across;
        row.add(of(CONTOUR), share * 0.5 * tissue::CURVATURE * across * across);

        let flesh = knots(at, FLESH, under.level, -1.0, share, row);
        let flank = knots(at, FLANK, under.level, -0.5 * sign, share, row);
        height += flesh.value + flank.value;
        by_level += flesh.slope + flank.slope;

        let breath = breathing(at, under.level, &seen.waves, share, row);
        height += breath.value;
        by_level += breath.slope;

        let neck = neck(at, laid.centres[0][0], x, share, row);
        let edge = laid.centres[BODIES - 1][0] + at[SACRUM_AT];
        let sacrum = sigmoid(x - edge, SACRUM_ROUND_MM);
        let buttock = sigmoid(x - edge - at[PLATEAU], BUTTOCK_ROUND_MM);
        let bump = bump(x - edge - PSIS_BEHIND_EDGE_MM);
        height += neck.value + at[SACRUM_RISE] * sacrum.value - at[PSIS] * bump.value;
        row.add(of(SACRUM_RISE), share * sacrum.value);
        row.add(of(PSIS), -share * bump.value);

        let firm = [sacrum.value - buttock.value, buttock.value];
        let soft = Soft { side, level: under.level, flesh: [fat, muscle], firm };
        let (yielded, by_level_press, by_ln) = self.press(at, seen, &soft, share, row);
        height += yielded;
        by_level += by_level_press;
        height += at[BUTTOCK_RISE] * buttock.value;
        row.add(of(BUTTOCK_RISE), share * buttock.value);
        let fall = (by_ln * (at[BUTTOCK_STIFF] - at[SACRUM_STIFF]) + at[BUTTOCK_RISE]) * buttock.slope;
        let rise = (at[SACRUM_RISE] + by_ln * at[SACRUM_STIFF]) * sacrum.slope - at[PSIS] * bump.slope;
        let edge_slope = rise + fall;
        row.add(of(SACRUM_AT), -share * edge_slope);
        row.add(of(PLATEAU), -share * fall);

        let by_y = -curvature * across;
        let along = under.z_by_x + by_y * under.y_by_x + by_level * under.level_by_x;
        let passing = along + neck.slope + edge_slope;
        if seen.pass == 1 {
            row.add(of(SHIFT), -share * passing);
        }
        row.add(of(DRAG), -share * seen.towards * passing);
        Pull::new(&under, along, by_y).spread(share, row);
        row.add(FIRST, -share * neck.slope);
        row.add(LAST, -share * edge_slope);
        height
    }

    /// Indentation and lift of the trunk: the height, its derivative along the levels, and with respect to
    /// ln stiffness.
    fn press(
        &self,
        at: &[f64],
        seen: &Observation,
        soft: &Soft,
        share: f64,
        row: &mut Row,
    ) -> (f64, f64, f64) {
        let Soft { side, level, flesh: [fat, muscle], firm } = *soft;
        let expected = self.flesh.ln_stiffness(level);
        let (below, fraction) = level_below(level);
        let sites = [TENSE + 2 * below + side, TENSE + 2 * (below + 1) + side];
        let tension = at[sites[0]] * (1.0 - fraction) + at[sites[1]] * fraction;
        let ln_stiffness =
            expected.value + at[STIFF] + tension + at[SACRUM_STIFF] * firm[0] + at[BUTTOCK_STIFF] * firm[1];
        let error = at[FORCE + seen.pass];
        let strain = tissue::strain(self.flesh.plain() + fat.value + muscle.value, self.radius_mm);
        let progressivity = at[LAW] * SECANT_MM * strain.value;
        let dent = tissue::indentation((seen.force + error).max(0.1), ln_stiffness, progressivity);
        let yielding = if seen.pass == 1 { 1.0 + at[RELAX] } else { 1.0 };
        if seen.pass == 1 {
            row.add(of(RELAX), share * dent.value);
        }
        let by_ln = yielding * dent.by_ln_stiffness;
        row.add(of(STIFF), share * by_ln);
        row.add(of(SACRUM_STIFF), share * by_ln * firm[0]);
        row.add(of(BUTTOCK_STIFF), share * by_ln * firm[1]);
        row.add(of(sites[0]), share * by_ln * (1.0 - fraction));
        row.add(of(sites[1]), share * by_ln * fraction);
        let by_strain = yielding * SECANT_MM * dent.by_progressivity;
        row.add(of(LAW), share * by_strain * strain.value);
        let by_thickness = by_strain * at[LAW] * strain.slope;
        row.add(of(FAT), share * by_thickness * fat.value);
        row.add(of(MUSCLE), share * by_thickness * muscle.value);
        let place = tissue::give(level);
        let give = place.value * libm::exp(at[GIVE].clamp(-8.0, 1.0));
        let both = seen.force_both + 2.0 * error;
        row.add(of(GIVE), share * give * both);
        row.add(of(FORCE + seen.pass), share * (yielding * dent.by_force + 2.0 * give));
        let inside = level > 0.0 && level < (BODIES - 1) as f64;
        let tension_slope = if inside { at[sites[1]] - at[sites[0]] } else { 0.0 };
        let by_level = by_ln * (expected.slope + tension_slope)
            + by_thickness * (fat.slope + muscle.slope)
            + give / place.value * place.slope * both;
        let quick = dent.by_force * seen.flutter;
        row.add(of(FOLLOWS), share * quick);
        (yielding * dent.value + at[FOLLOWS] * quick + give * both, by_level, by_ln)
    }
}

fn level_below(level: f64) -> (usize, f64) {
    let held = level.clamp(0.0, (BODIES - 1) as f64);
    let below = (held as usize).min(BODIES - 2);
    (below, held - below as f64)
}

/// A profile of knots at a level coordinate, times `gain`.
fn knots(at: &[f64], first: usize, level: f64, gain: f64, share: f64, row: &mut Row) -> Graded {
    let last = (KNOTS - 1) as f64;
    let place = ((level - KNOT_FIRST) / KNOT_PITCH).clamp(0.0, last);
    let below = (place as usize).min(KNOTS - 2);
    let fraction = place - below as f64;
    let (a, b) = (first + below, first + below + 1);
    row.add(of(a), share * gain * (1.0 - fraction));
    row.add(of(b), share * gain * fraction);
    let inside = place > 0.0 && place < last;
    Graded {
        value: gain * (at[a] * (1.0 - fraction) + at[b] * fraction),
        slope: if inside { gain * (at[b] - at[a]) / KNOT_PITCH } else { 0.0 },
    }
}

/// Cosine and sine of each breathing frequency, `time` in s.
pub(crate) fn waves(time: f64) -> [f64; 2 * FREQUENCIES] {
    let mut waves = [0.0; 2 * FREQUENCIES];
    for index in 0..FREQUENCIES {
        let phase = omega(index) * time;
        waves[2 * index] = libm::cos(phase);
        waves[2 * index + 1] = libm::sin(phase);
    }
    waves
}

fn breathing(at: &[f64], level: f64, waves: &[f64; 2 * FREQUENCIES], share: f64, row: &mut Row) -> Graded {
    let size = tissue::breath(level);
    let mut motion = 0.0;
    for (index, wave) in waves.iter().enumerate() {
        motion += at[BREATH + index] * wave;
        row.add(of(BREATH + index), share * size.value * wave);
    }
    Graded { value: size.value * motion, slope: size.slope * motion }
}

/// Rise of the skin towards the head beyond the neck's corner; its slope is along the bed. The skin climbs
/// to the nape and runs level there.
fn neck(at: &[f64], first_x: f64, x: f64, share: f64, row: &mut Row) -> Graded {
    let climb = climb(first_x - at[NECK_AT] - x);
    row.add(of(NECK_SLOPE), share * climb.value);
    row.add(of(NECK_AT), -share * at[NECK_SLOPE] * climb.slope);
    Graded { value: at[NECK_SLOPE] * climb.value, slope: -at[NECK_SLOPE] * climb.slope }
}

fn neck_slope(at: &[f64], first_x: f64, x: f64) -> f64 {
    -at[NECK_SLOPE] * climb(first_x - at[NECK_AT] - x).slope
}

/// Way climbed so far beyond the neck's corner, mm, and what a further millimetre adds.
fn climb(beyond_mm: f64) -> Graded {
    let (corner, nape) = (ramp(beyond_mm, NECK_ROUND_MM), ramp(beyond_mm - NAPE_MM, NAPE_ROUND_MM));
    Graded { value: corner.value - nape.value, slope: corner.slope - nape.slope }
}

/// A corner rounded as a softplus, in the form that does not overflow.
fn ramp(beyond_mm: f64, round_mm: f64) -> Graded {
    let beyond = beyond_mm / round_mm;
    let value = round_mm * (beyond.max(0.0) + libm::log1p(libm::exp(-beyond.abs())));
    Graded { value, slope: 1.0 / (1.0 + libm::exp(-beyond.clamp(-40.0, 40.0))) }
}

fn sigmoid(beyond_mm: f64, round_mm: f64) -> Graded {
    let value = 1.0 / (1.0 + libm::exp(-(beyond_mm / round_mm).clamp(-40.0, 40.0)));
    Graded { value, slope: value * (1.0 - value) / round_mm }
}

/// A bump of height one.
fn bump(beyond_mm: f64) -> Graded {
    let away = (beyond_mm / PSIS_SD_MM).clamp(-8.0, 8.0);
    let value = libm::exp(-0.5 * away * away);
    Graded { value, slope: -value * away / PSIS_SD_MM }
}

/// Finds the place on the spine line under `x`.
fn under(centres: &Centres, x: f64) -> Under {
    let last = BODIES - 1;
    if x <= centres[0][0] {
        return beyond(centres, x, 0, 1);
    }
    if x >= centres[last][0] {
        return beyond(centres, x, last, last - 1);
    }
    let mut body = 0;
    while body + 2 < BODIES && centres[body + 1][0] <= x {
        body += 1;
    }
    let span = centres[body + 1][0] - centres[body][0];
    let mut share = if span > 1e-6 { ((x - centres[body][0]) / span).clamp(0.0, 1.0) } else { 0.5 };
    for _ in 0..4 {
        let (value, slope) = weights(body, share);
        let (here, rate) = (blend(centres, &value, 0), blend(centres, &slope, 0));
        share = (share + (x - here) / rate.max(1.0)).clamp(0.0, 1.0);
    }
    let (value, slope) = weights(body, share);
    let rate = blend(centres, &slope, 0).max(1.0);
    Under {
        level: body as f64 + share,
        level_by_x: 1.0 / rate,
        z: blend(centres, &value, 2),
        y: blend(centres, &value, 1),
        z_by_x: blend(centres, &slope, 2) / rate,
        y_by_x: blend(centres, &slope, 1) / rate,
        weights: value,
        run_on: 0.0,
    }
}

/// The line beyond the end body `end`, whose neighbour is `inner`.
fn beyond(centres: &Centres, x: f64, end: usize, inner: usize) -> Under {
    let (a, b) = (centres[end], centres[inner]);
    let gap = a[0] - b[0];
    let gap = if gap.abs() > 5.0 { gap } else { 5.0 * gap.signum() };
    let out = x - a[0];
    let long = END_REACH_MM[usize::from(end > 0)];
    let fade = libm::exp(-out.abs() / long);
    let reach = out.signum() * long * (1.0 - fade);
    let slope = |axis: usize| (a[axis] - b[axis]) / gap;
    Under {
        level: end as f64 + out / LEVEL_MM,
        level_by_x: 1.0 / LEVEL_MM,
        z: a[2] + slope(2) * reach,
        y: a[1] + slope(1) * reach,
        z_by_x: slope(2) * fade,
        y_by_x: slope(1) * fade,
        weights: [(end, 1.0), (inner, 0.0), (end, 0.0), (end, 0.0)],
        run_on: reach / gap,
    }
}

fn blend(centres: &Centres, weights: &Weights, axis: usize) -> f64 {
    weights.iter().map(|(body, weight)| weight * centres[*body][axis]).sum()
}

/// Weights of four bodies in the value and the slope of the cubic between `body` and the next.
fn weights(body: usize, s: f64) -> (Weights, Weights) {
    let (s2, s3) = (s * s, s * s * s);
    let value = [2.0 * s3 - 3.0 * s2 + 1.0, s3 - 2.0 * s2 + s, 3.0 * s2 - 2.0 * s3, s3 - s2];
    let slope = [6.0 * s2 - 6.0 * s, 3.0 * s2 - 4.0 * s + 1.0, 6.0 * s - 6.0 * s2, 3.0 * s2 - 2.0 * s];
    (shares(body, value), shares(body, slope))
}

/// From Hermite weights (value, tangent, value, tangent) to weights of bodies; tangents are central, and
/// one-sided at the ends.
fn shares(body: usize, hermite: [f64; 4]) -> Weights {
    let before = if body == 0 { 0 } else { body - 1 };
    let after = if body + 2 < BODIES { body + 2 } else { BODIES - 1 };
    let (left, right) = (if body == 0 { 1.0 } else { 0.5 }, if body + 2 < BODIES { 0.5 } else { 1.0 });
    [
        (before, -left * hermite[1]),
        (body, hermite[0] - right * hermite[3]),
        (body + 1, hermite[2] + left * hermite[1]),
        (after, right * hermite[3]),
    ]
}

/// Derivative of a height with respect to the coordinates of a few points of the bone line.
struct Pull {
    entries: [(usize, usize, f64); 12],
    count: usize,
}

impl Pull {
    fn new(under: &Under, along: f64, by_y: f64) -> Self {
        let mut entries = Self { entries: [(0, 0, 0.0); 12], count: 0 };
        if under.run_on == 0.0 {
            for (body, weight) in under.weights {
                entries.add(body, 0, -along * weight);
                entries.add(body, 1, by_y * weight);
                entries.add(body, 2, weight);
            }
        } else {
            let (end, inner) = (under.weights[0].0, under.weights[1].0);
            let (run_on, slopes) = (under.run_on, under.end_slopes());
            // x of the end moves the place; both x change the end's slope.
            let tilt = -run_on * (slopes.0 + by_y * slopes.1);
            entries.add(end, 0, -along + tilt);
            entries.add(inner, 0, -tilt);
            entries.add(end, 1, by_y * (1.0 + run_on));
            entries.add(inner, 1, -by_y * run_on);
            entries.add(end, 2, 1.0 + run_on);
            entries.add(inner, 2, -run_on);
        }
        entries
    }

    fn add(&mut self, body: usize, axis: usize, value: f64) {
        if self.count < self.entries.len() {
            self.entries[self.count] = (body, axis, value);
            self.count += 1;
        }
    }

    fn spread(&self, share: f64, row: &mut Row) {
        for (body, axis, value) in &self.entries[..self.count] {
            row.add(bone(*body, *axis), share * value);
        }
    }
}

fn scaled(graded: Graded, by: f64) -> Graded {
    Graded { value: graded.value * by, slope: graded.slope * by }
}

impl Under {
    /// Slopes of z and y of the end's chord; only beyond an end.
    fn end_slopes(&self) -> (f64, f64) {
        let out = (self.level - self.weights[0].0 as f64) * LEVEL_MM;
        let fade = libm::exp(-out.abs() / END_REACH_MM[usize::from(self.weights[0].0 > 0)]);
        (self.z_by_x / fade, self.y_by_x / fade)
    }
}
