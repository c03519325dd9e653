//! The shape of a regular spine: seventeen body centres, T1 to L5, and the 48 numbers that
//! stand for it.
//!
//! Terms: a *body centre* is the centre of a vertebral body; *segment i* joins centre i to
//! centre i + 1 (i = 0 is T1-T2). Its three numbers are
//! - the natural logarithm of the gap, `ln |c[i+1] - c[i]|`, gap in mm,
//! - the sagittal inclination `theta = atan2(dz, dx)`, rad, positive when the spine rises
//!   (towards the front of the person) on its way to the feet,
//! - the lateral inclination `phi = atan2(dy, dx)`, rad, positive towards the person's left,
//!   with the line T1-L5 turned into the x axis first (yaw is placement, not shape).
//!
//! Frame: the bed's, x from head end to foot end, y to the person's left, z up into the person
//! who lies on the back. Placement on the bed (where T1 lies, yaw) is not part of a shape.
//! Angles are those of the person lying, not X-ray Cobb angles of one standing.

use thiserror::Error;

/// Number of body centres of a regular spine, T1 to L5.
pub const BODIES: usize = 17;
/// Number of segments between neighbouring body centres.
pub const SEGMENTS: usize = BODIES - 1;
/// Numbers of a shape: a gap, a sagittal and a lateral inclination for each segment.
pub const PARAMS: usize = 3 * SEGMENTS;
/// Index of the first `ln gap` among the parameters.
pub const GAPS: usize = 0;
/// Index of the first sagittal inclination among the parameters.
pub const SAGITTAL: usize = SEGMENTS;
/// Index of the first lateral inclination among the parameters.
pub const LATERAL: usize = 2 * SEGMENTS;
/// Names of the levels, from head to foot.
pub const LEVELS: [&str; BODIES] =
    ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"];

/// A point in millimetres, bed frame: x to the feet, y to the person's left, z up.
pub type Point = [f64; 3];

/// Why a set of body centres is not a regular spine.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ShapeError {
    /// A coordinate is not a finite number.
    #[error("the body centre of {0} has a coordinate that is not finite")]
    NotFinite(&'static str),
    /// The chain does not run from head to foot.
    #[error("the spine does not run on towards the feet below {0}")]
    Backwards(&'static str),
}

/// Turns a point of a CT scan (DICOM: +x left, +y to the back, +z to the head, mm) of a person
/// on the back into the bed's frame.
///
/// ```
/// assert_eq!(population::bed_from_ct([1.0, 2.0, 3.0]), [-3.0, 1.0, -2.0]);
/// ```
#[must_use]
pub fn bed_from_ct(ct: Point) -> Point {
    [-ct[2], ct[0], -ct[1]]
}

/// `(ln gap, theta, phi)` of the segment from `a` to `b` (mm; ln mm, rad, rad), or `None` when
/// `b` does not lie footward of `a`.
///
/// ```
/// let (ln_gap, theta, phi) = population::segment([0.0; 3], [30.0, 0.0, 0.0]).unwrap();
/// assert!((ln_gap - 30f64.ln()).abs() < 1e-12);
/// assert_eq!((theta, phi), (0.0, 0.0));
/// ```
#[must_use]
pub fn segment(a: Point, b: Point) -> Option<(f64, f64, f64)> {
    let d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    let gap = norm(d);
    if d[0] > 0.0 && gap.is_finite() {
        Some((libm::log(gap), libm::atan2(d[2], d[0]), libm::atan2(d[1], d[0])))
    } else {
        None
    }
}

/// The shape of one regular spine, T1 to L5, free of placement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    params: [f64; PARAMS],
}

impl Shape {
    /// A shape from its 48 numbers: 16 ln gaps (ln mm), 16 sagittal, 16 lateral inclinations
    /// (rad). A yaw in them is taken out; inclinations beyond 1.2 rad are cut to that.
    ///
    /// # Errors
    /// [`ShapeError::NotFinite`] when a number is not finite or a gap is beyond any spine.
    pub fn from_params(params: &[f64; PARAMS]) -> Result<Self, ShapeError> {
        for i in 0..SEGMENTS {
            let gap_is_sane = params[GAPS + i].is_finite() && params[GAPS + i].abs() < 10.0;
            if !(gap_is_sane && params[SAGITTAL + i].is_finite() && params[LATERAL + i].is_finite()) {
                return Err(ShapeError::NotFinite(LEVELS[i]));
            }
        }
        Self::from_centres(&chain(params))
    }

    /// The shape of measured body centres, T1 first (mm, bed frame, any placement).
    ///
    /// # Errors
    /// [`ShapeError`] when a coordinate is not finite or the chain turns back towards the head.
    pub fn from_centres(centres: &[Point; BODIES]) -> Result<Self, ShapeError> {
        for (level, centre) in LEVELS.iter().zip(centres) {
            if !centre.iter().all(|c| c.is_finite()) {
                return Err(ShapeError::NotFinite(level));
            }
        }
        let straight = without_yaw(centres);
        let mut params = [0.0; PARAMS];
        for i in 0..SEGMENTS {
            let (ln_gap, theta, phi) =
                segment(straight[i], straight[i + 1]).ok_or(ShapeError::Backwards(LEVELS[i]))?;
            params[GAPS + i] = ln_gap;
            params[SAGITTAL + i] = theta;
            params[LATERAL + i] = phi;
        }
        Ok(Self { params })
    }

    /// The 48 numbers: ln gaps (ln mm), sagittal, lateral inclinations (rad).
    #[must_use]
    pub fn params(&self) -> &[f64; PARAMS] {
        &self.params
    }

    /// Body centres in mm with T1 at the origin and L5 straight footward of it (y = 0).
    #[must_use]
    pub fn centres(&self) -> [Point; BODIES] {
        without_yaw(&chain(&self.params))
    }

    /// Body centres in mm about the middle of the chain: x = 0 half way between T1 and L5,
    /// z = 0 at the mean height, y = 0 on the line T1-L5.
    #[must_use]
    pub fn centres_about_middle(&self) -> [Point; BODIES] {
        let mut centres = self.centres();
        let middle_x = 0.5 * centres[BODIES - 1][0];
        let mut mean_z = 0.0;
        for centre in &centres {
            mean_z += centre[2] / BODIES as f64;
        }
        for centre in &mut centres {
            centre[0] -= middle_x;
            centre[2] -= mean_z;
        }
        centres
    }

    /// Length of segment `i` (0 is T1-T2) in mm.
    ///
    /// # Panics
    /// When `i` is 16 or more.
    #[must_use]
    pub fn gap_mm(&self, i: usize) -> f64 {
        assert!(i < SEGMENTS, "a regular spine has {SEGMENTS} segments");
        libm::exp(self.params[GAPS + i])
    }

    /// Inclination in rad of the line through the neighbours of a level (0 is T1, 16 is L5), by which
    /// the vertebra is taken to be tilted; at the ends, of the one segment.
    ///
    /// # Panics
    /// When `level` is 17 or more.
    #[must_use]
    pub fn tilt(&self, level: usize) -> f64 {
        assert!(level < BODIES, "a regular spine has {BODIES} levels");
        let c = self.centres();
        inclination(c[level.saturating_sub(1)], c[(level + 1).min(BODIES - 1)])
    }

    /// Length of the polyline T1 to L5 in mm.
    #[must_use]
    pub fn length_mm(&self) -> f64 {
        let mut length = 0.0;
        for i in 0..SEGMENTS {
            length += self.gap_mm(i);
        }
        length
    }

    /// Kyphosis in degrees, between the chords T1-T4 and T9-T12; positive in the normal sense.
    #[must_use]
    pub fn kyphosis_deg(&self) -> f64 {
        let c = self.centres();
        (inclination(c[8], c[11]) - inclination(c[0], c[3])).to_degrees()
    }

    /// Lordosis in degrees, between the chords T12-L2 and L3-L5; positive in the normal sense.
    #[must_use]
    pub fn lordosis_deg(&self) -> f64 {
        let c = self.centres();
        (inclination(c[11], c[13]) - inclination(c[14], c[16])).to_degrees()
    }

    /// Largest signed sideways deviation from the line T1-L5 in mm, positive to the left.
    #[must_use]
    pub fn sideways_mm(&self) -> f64 {
        let mut largest: f64 = 0.0;
        for centre in &self.centres() {
            if centre[1].abs() > largest.abs() {
                largest = centre[1];
            }
        }
        largest
    }
}

/// Cumulative sum of the segments, T1 at the origin.
fn chain(params: &[f64; PARAMS]) -> [Point; BODIES] {
    let mut centres = [[0.0; 3]; BODIES];
    for i in 0..SEGMENTS {
        let rise = libm::tan(params[SAGITTAL + i].clamp(-1.2, 1.2));
        let drift = libm::tan(params[LATERAL + i].clamp(-1.2, 1.2));
        let dx = libm::exp(params[GAPS + i]) / norm([1.0, drift, rise]);
        let from = centres[i];
        centres[i + 1] = [from[0] + dx, from[1] + drift * dx, from[2] + rise * dx];
    }
    centres
}

/// Turned about the vertical through T1 until L5 lies at the same y, and moved to T1 = origin.
fn without_yaw(centres: &[Point; BODIES]) -> [Point; BODIES] {
    let first = centres[0];
    let last = centres[BODIES - 1];
    let along = last[0] - first[0];
    let across = last[1] - first[1];
    let reach = libm::sqrt(along * along + across * across);
    let (cos, sin) = if reach > 0.0 { (along / reach, across / reach) } else { (1.0, 0.0) };
    let mut turned = [[0.0; 3]; BODIES];
    for (to, from) in turned.iter_mut().zip(centres) {
        let dx = from[0] - first[0];
        let dy = from[1] - first[1];
        *to = [cos * dx + sin * dy, cos * dy - sin * dx, from[2] - first[2]];
    }
    turned
}

fn inclination(a: Point, b: Point) -> f64 {
    libm::atan2(b[2] - a[2], b[0] - a[0])
}

fn norm(d: Point) -> f64 {
    libm::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curved() -> [Point; BODIES] {
        let mut centres = [[0.0; 3]; BODIES];
        for (i, centre) in centres.iter_mut().enumerate() {
            let t = i as f64;
            *centre = [
                100.0 + 26.0 * t,
                40.0 + 0.4 * t + 3.0 * libm::sin(0.4 * t),
                20.0 - 15.0 * libm::sin(0.35 * t),
            ];
        }
        centres
    }

    #[test]
    fn centres_survive_the_way_to_parameters_and_back() {
        let shape = Shape::from_centres(&curved()).unwrap();
        let again = Shape::from_centres(&shape.centres()).unwrap();
        for (a, b) in shape.params().iter().zip(again.params()) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
        let expected = without_yaw(&curved());
        for (a, b) in shape.centres().iter().zip(&expected) {
            for k in 0..3 {
                assert!((a[k] - b[k]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn placement_does_not_change_the_shape() {
        let straight = Shape::from_centres(&curved()).unwrap();
        let mut moved = curved();
        for centre in &mut moved {
            let [x, y, z] = *centre;
            let (cos, sin) = (libm::cos(0.1), libm::sin(0.1));
            *centre = [cos * x - sin * y + 300.0, sin * x + cos * y - 20.0, z + 80.0];
        }
        let moved = Shape::from_centres(&moved).unwrap();
        for (a, b) in straight.params().iter().zip(moved.params()) {
            assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn normal_bends_count_positive() {
        // An arch to the back in the thorax, one to the front in the loin.
        let mut params = [0.0; PARAMS];
        for i in 0..SEGMENTS {
            params[GAPS + i] = libm::log(26.0);
            params[SAGITTAL + i] =
                if i < 10 { -0.4 + 0.08 * i as f64 } else { 0.4 - 0.1 * (i as f64 - 10.0) };
        }
        let shape = Shape::from_params(&params).unwrap();
        assert!(shape.kyphosis_deg() > 20.0);
        assert!(shape.lordosis_deg() > 5.0);
        assert!((shape.length_mm() - 16.0 * 26.0).abs() < 1e-9);
        assert!(shape.sideways_mm().abs() < 1e-9);
    }

    #[test]
    fn a_chain_that_turns_back_is_refused() {
        let mut centres = curved();
        centres[5][0] = 0.0;
        assert_eq!(Shape::from_centres(&centres), Err(ShapeError::Backwards("T5")));
        centres[5][0] = f64::NAN;
        assert_eq!(Shape::from_centres(&centres), Err(ShapeError::NotFinite("T6")));
        let mut params = *Shape::from_centres(&curved()).unwrap().params();
        params[3] = f64::INFINITY;
        assert!(Shape::from_params(&params).is_err());
    }
}
