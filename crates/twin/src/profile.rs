//! The back as rollers meet it: tables along the body, every millimetre from the neck to the seat.
//!
//! Between levels a cubic Hermite spline through the dorsal bone, and through thickness, stiffness and
//! the spine line; cranial of the hidden neck landmark the skin rises to the neck, caudal of the last
//! lumbar level lie the sacral plateau and the buttock. Across, the skin rises with the distance `d`
//! from the spine line as `(d^2 - 35^2) / (2 R)`. A roller of radius `r` is felt through
//! `min_t (skin(x + t) + t^2 / (2 r))`, smoothed over its patch.

use bed::Side;

use crate::body::{BodyLevel, Landmarks, Person};
use crate::tissue::Site;
use crate::tissue_prior as prior;

/// Head end of the tables from T1, mm.
pub const FROM_MM: f64 = -320.0;
/// Length of the tables, mm.
pub const LENGTH_MM: usize = 1200;
/// Distance from the spine line at which thickness is meant, mm. Source: the population's definition.
pub const LATERAL_MM: f64 = 35.0;
/// SD of the patch over which a roller feels, mm. Guess: a contact 15-25 mm long.
const PATCH_MM: f64 = 5.0;
/// Length over which the slope of the skin at an end of the spine fades, mm. Guess.
const FADE_MM: f64 = 40.0;
/// Steepest slope with which the skin leaves an end of the spine. Guess.
const END_SLOPE: f64 = 0.3;

/// What the tables say of one place and side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// Unloaded skin above the T1 body centre as a roller feels it at 35 mm from the spine, mm.
    pub skin_mm: f64,
    /// Soft tissue, mm.
    pub thickness_mm: f64,
    /// Stiffness without tense sites, N/mm.
    pub stiffness_n_mm: f64,
    /// Factor of the tense sites.
    pub tense: f64,
}

/// The tables of a back.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    spots: [Vec<Spot>; 2],
    /// Spine line sideways from T1, mm.
    line_mm: Vec<f64>,
    curvature_mm: f64,
}

/// A cubic Hermite spline with slopes by central differences, straight beyond its ends.
pub struct Spline {
    knots: Vec<(f64, f64, f64)>,
}

impl Spline {
    /// Through points of rising x.
    #[must_use]
    pub fn through(points: &[(f64, f64)]) -> Self {
        let last = points.len() - 1;
        let slope = |i: usize| {
            let (a, b) = (points[i.saturating_sub(1)], points[(i + 1).min(last)]);
            (b.1 - a.1) / (b.0 - a.0)
        };
        Self { knots: (0..=last).map(|i| (points[i].0, points[i].1, slope(i))).collect() }
    }

    /// Value at a place.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        let last = self.knots.len() - 1;
        let (first, end) = (self.knots[0], self.knots[last]);
        if x <= first.0 {
            return first.1 + first.2 * (x - first.0);
        }
        if x >= end.0 {
            return end.1 + end.2 * (x - end.0);
        }
        let mut i = 0;
        while self.knots[i + 1].0 < x {
            i += 1;
        }
        let ((xa, a, slope_a), (xb, b, slope_b)) = (self.knots[i], self.knots[i + 1]);
        let h = xb - xa;
        let t = (x - xa) / h;
        let (t2, t3) = (t * t, t * t * t);
        a * (2.0 * t3 - 3.0 * t2 + 1.0)
            + b * (3.0 * t2 - 2.0 * t3)
            + h * (slope_a * (t3 - 2.0 * t2 + t) + slope_b * (t3 - t2))
    }

    /// Value at a place, held at the ends.
    #[must_use]
    pub fn held(&self, x: f64) -> f64 {
        self.at(x.clamp(self.knots[0].0, self.knots[self.knots.len() - 1].0))
    }

    /// Value at a place; beyond the ends the slope fades.
    #[must_use]
    pub fn fading(&self, x: f64) -> f64 {
        let (first, end) = (self.knots[0], self.knots[self.knots.len() - 1]);
        let run = |away: f64| FADE_MM * (1.0 - libm::exp(-away / FADE_MM));
        let held = |slope: f64| slope.clamp(-END_SLOPE, END_SLOPE);
        if x < first.0 {
            first.1 - held(first.2) * run(first.0 - x)
        } else if x > end.0 {
            end.1 + held(end.2) * run(x - end.0)
        } else {
            self.at(x)
        }
    }
}

/// From 0 to 1 as `x` runs over `length`, smoothly.
fn ramp(x: f64, length: f64) -> f64 {
    let t = (x / length).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Points of rising x: what would turn back is left out.
fn rising(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if kept.last().is_none_or(|last| point.0 > last.0 + 1.0) {
            kept.push(point);
        }
    }
    kept
}

/// Transverse processes and ribs under the skin: one wave a level, from the first to the last.
struct Processes {
    count: Spline,
    out_mm: Spline,
    ends_mm: (f64, f64),
}

impl Processes {
    /// Way over which the wave begins and ends, mm. Guess.
    const FADE_MM: f64 = 15.0;

    fn new(levels: &[BodyLevel]) -> Self {
        let along = |value: &dyn Fn(usize) -> f64| {
            Spline::through(&rising((0..levels.len()).map(|i| (levels[i].process_x_mm, value(i)))))
        };
        let ends_mm = (levels[0].process_x_mm, levels[levels.len() - 1].process_x_mm);
        Self { count: along(&|i| i as f64), out_mm: along(&|i| levels[i].process_mm), ends_mm }
    }

    /// How far the skin lies lower at a place, mm.
    fn stand_out(&self, x: f64) -> f64 {
        let (first, last) = self.ends_mm;
        if x < first || x > last {
            return 0.0;
        }
        let edge = ramp(x - first, Self::FADE_MM) * ramp(last - x, Self::FADE_MM);
        self.out_mm.at(x) * edge * libm::cos(std::f64::consts::TAU * self.count.at(x))
    }
}

struct Ends {
    neck_mm: f64,
    onset_mm: f64,
}

impl Ends {
    fn new(person: &Person) -> Self {
        let last_mm = person.levels[person.levels.len() - 1].centre_mm[0];
        let Landmarks { neck_mm, plateau_mm, .. } = person.landmarks;
        Self { neck_mm: -neck_mm, onset_mm: last_mm + plateau_mm }
    }

    /// How far the skin leaves the course of the back for the neck, mm up.
    fn neck(&self, x: f64) -> f64 {
        let away = (self.neck_mm - x).clamp(0.0, prior::NECK.1);
        // The first ten millimetres bend.
        let bend = 10.0;
        let run = if away < bend { 0.5 * away * away / bend } else { away - 0.5 * bend };
        prior::NECK.0 * run
    }

    /// How far the skin lies lower over the iliac spines and the buttock, mm.
    fn seat(&self, x: f64, bump_mm: f64) -> f64 {
        let away = (x - self.onset_mm - 8.0) / 12.0;
        let bump = bump_mm * libm::exp(-0.5 * away * away);
        bump + prior::BUTTOCK.2 * self.buttock(x)
    }

    fn plateau(&self, x: f64) -> f64 {
        ramp(x - self.onset_mm, prior::ONSET_MM)
    }

    fn buttock(&self, x: f64) -> f64 {
        ramp(x - self.onset_mm - prior::BUTTOCK_MM.0, prior::BUTTOCK_MM.1)
    }
}

impl Profile {
    /// The tables of a person.
    #[must_use]
    pub fn new(person: &Person, roller_radius_mm: f64) -> Self {
        let line = Spline::through(&rising(person.levels.iter().map(|l| (l.centre_mm[0], l.centre_mm[1]))));
        let line_mm = (0..LENGTH_MM).map(|i| line.fading(FROM_MM + i as f64)).collect();
        let spots = [0, 1].map(|side| felt(&raw(person, side), roller_radius_mm));
        Self { spots, line_mm, curvature_mm: 1.0 / (2.0 * person.contour_radius_mm) }
    }

    /// Holds the skin above a height from the T1 body centre (mm): what would hang lower is pressed flat.
    pub fn hold_above(&mut self, lowest_mm: f64) {
        for spot in self.spots.iter_mut().flatten() {
            let room = spot.skin_mm - lowest_mm;
            // The larger of the two, rounded off over two millimetres.
            let raised = 0.5 * ((room * room + 4.0).sqrt() - room);
            spot.skin_mm += raised;
            spot.thickness_mm = (spot.thickness_mm - raised).max(6.0);
        }
    }

    fn place(x_mm: f64) -> (usize, f64) {
        let place = (x_mm - FROM_MM).clamp(0.0, (LENGTH_MM - 2) as f64);
        let index = (place as usize).min(LENGTH_MM - 2);
        (index, place - index as f64)
    }

    /// One place and side, and the slope of the skin there; `x_mm` from T1.
    #[must_use]
    pub fn at(&self, x_mm: f64, side: usize) -> (Spot, f64) {
        let (i, foot) = Self::place(x_mm);
        let (a, b) = (&self.spots[side][i], &self.spots[side][i + 1]);
        let head = 1.0 - foot;
        let spot = Spot {
            skin_mm: head * a.skin_mm + foot * b.skin_mm,
            thickness_mm: head * a.thickness_mm + foot * b.thickness_mm,
            stiffness_n_mm: head * a.stiffness_n_mm + foot * b.stiffness_n_mm,
            tense: head * a.tense + foot * b.tense,
        };
        (spot, b.skin_mm - a.skin_mm)
    }

    /// The spine line sideways from T1 at `x_mm` from it, mm.
    #[must_use]
    pub fn line(&self, x_mm: f64) -> f64 {
        let (i, foot) = Self::place(x_mm);
        (1.0 - foot) * self.line_mm[i] + foot * self.line_mm[i + 1]
    }

    /// Rise of the skin across the back, mm, at `y_mm` from the T1 body centre.
    #[must_use]
    pub fn across(&self, x_mm: f64, y_mm: f64) -> f64 {
        let away = y_mm - self.line(x_mm);
        (away * away - LATERAL_MM * LATERAL_MM) * self.curvature_mm
    }
}

/// The tables of one side before a roller smooths them.
fn raw(person: &Person, side: usize) -> Vec<Spot> {
    let levels = &person.levels;
    let ends = Ends::new(person);
    let by_bone = |value: &dyn Fn(usize) -> f64| {
        Spline::through(&rising((0..levels.len()).map(|i| (levels[i].dorsal_mm[0], value(i)))))
    };
    let bone = by_bone(&|i| levels[i].dorsal_mm[1]);
    let thickness = by_bone(&|i| levels[i].thickness_mm[side]);
    let stiffness = Spline::through(&rising(levels.iter().map(|l| (l.centre_mm[0], l.stiffness_n_mm[side]))));
    let processes = Processes::new(levels);
    let skin_line = by_bone(&|i| levels[i].dorsal_mm[1] - levels[i].thickness_mm[side]);
    let sacrum = person.landmarks.sacrum[side];
    let which = Side::BOTH[side];
    (0..LENGTH_MM)
        .map(|i| {
            let x = FROM_MM + i as f64;
            let course = if x < levels[0].dorsal_mm[0] || x > levels[levels.len() - 1].dorsal_mm[0] {
                skin_line.fading(x)
            } else {
                bone.at(x) - thickness.at(x)
            };
            let skin_mm =
                course + ends.neck(x) - ends.seat(x, person.landmarks.bump_mm) - processes.stand_out(x);
            let (plateau, buttock) = (ends.plateau(x), ends.buttock(x));
            let lumbar = Site { stiffness_n_mm: stiffness.held(x), thickness_mm: thickness.held(x) };
            let blend = |a: f64, b: f64, c: f64| {
                let seat = a + (b - a) * plateau;
                seat + (c - seat) * buttock
            };
            Spot {
                skin_mm,
                thickness_mm: blend(lumbar.thickness_mm, sacrum.thickness_mm, prior::BUTTOCK.0),
                stiffness_n_mm: blend(
                    lumbar.stiffness_n_mm,
                    sacrum.stiffness_n_mm,
                    prior::BUTTOCK.1 * lumbar.stiffness_n_mm,
                ),
                tense: person.tense_at(x, which),
            }
        })
        .collect()
}

/// The tables as a roller feels them.
fn felt(raw: &[Spot], radius_mm: f64) -> Vec<Spot> {
    let last = raw.len() as isize - 1;
    let at = |i: isize| &raw[i.clamp(0, last) as usize];
    let reach = (0.7 * radius_mm) as isize;
    let touched: Vec<f64> = (0..=last)
        .map(|i| {
            (-reach..=reach)
                .map(|t| at(i + t).skin_mm + (t * t) as f64 / (2.0 * radius_mm))
                .fold(f64::MAX, f64::min)
        })
        .collect();
    let half = (3.0 * PATCH_MM) as isize;
    let bell: Vec<f64> =
        (-half..=half).map(|t| libm::exp(-0.5 * (t as f64 / PATCH_MM) * (t as f64 / PATCH_MM))).collect();
    let norm: f64 = bell.iter().sum();
    (0..=last)
        .map(|i| {
            let mut spot = Spot::default();
            for (weight, t) in bell.iter().zip(-half..=half) {
                let share = weight / norm;
                let from = at(i + t);
                spot.skin_mm += share * touched[(i + t).clamp(0, last) as usize];
                spot.thickness_mm += share * from.thickness_mm;
                spot.stiffness_n_mm += share * from.stiffness_n_mm;
                spot.tense += share * from.tense;
            }
            spot
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spline_goes_through_its_points_and_keeps_straight_lines_straight() {
        let spline = Spline::through(&[(0.0, 1.0), (10.0, 3.0), (25.0, 6.0), (30.0, 7.0)]);
        for x in [-5.0, 0.0, 4.0, 10.0, 17.0, 25.0, 29.0, 40.0] {
            assert!((spline.at(x) - 1.0 - 0.2 * x).abs() < 1e-12);
        }
        let bent = Spline::through(&[(0.0, 0.0), (10.0, 5.0), (20.0, 0.0)]);
        assert!((bent.at(10.0) - 5.0).abs() < 1e-12 && bent.fading(200.0).is_finite());
    }

    #[test]
    fn landmarks_shape_the_ends_of_the_back() {
        let person = Person::draw(3);
        let profile = Profile::new(&person, 20.0);
        let neck = -person.landmarks.neck_mm;
        let fall = profile.at(neck - 60.0, 0).0.skin_mm - profile.at(neck, 0).0.skin_mm;
        assert!(fall > 10.0, "the neck drops off: {fall}");
        let onset = person.levels[16].centre_mm[0] + person.landmarks.plateau_mm;
        let (lumbar, sacrum) = (profile.at(onset - 30.0, 1).0, profile.at(onset + 40.0, 1).0);
        assert!(sacrum.thickness_mm < lumbar.thickness_mm - 5.0);
        assert!(sacrum.stiffness_n_mm > lumbar.stiffness_n_mm);
    }

    #[test]
    fn a_spine_to_the_left_raises_the_skin_on_the_right() {
        let mut person = Person::draw(4);
        for level in &mut person.levels {
            level.centre_mm[1] = 6.0;
        }
        let profile = Profile::new(&person, 20.0);
        let rise = profile.across(200.0, -35.0) - profile.across(200.0, 35.0);
        // (41^2 - 29^2) / (2 R)
        let expected = 840.0 / (2.0 * person.contour_radius_mm);
        assert!((rise - expected).abs() < 1e-9);
    }
}
