//! Depths of the torso on body mass index, for the mass and the contour of a body.
//!
//! `depth = c0 + c1 BMI`, mm and kg/m2, with the residual SD (SEE). Source: ANSUR II, Gordon 2014,
//! regressions in science.md 1.1 (r = .81 to .88; 1986 women, 4082 men, soldiers, measured
//! standing). Beyond BMI 40 they extrapolate.

use crate::people::Sex;

/// Where a depth (front to back) is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Chest, at its largest.
    Chest,
    /// Waist, at the navel.
    Waist,
    /// Buttock, at its largest.
    Buttock,
}

/// Mean depth and its residual SD in mm.
///
/// ```
/// use population::{Depth, Sex, depth_mm};
/// let (mean, sd) = depth_mm(Depth::Waist, Sex::Male, 25.0);
/// assert!((mean - 217.75).abs() < 1e-9 && sd == 17.3);
/// ```
#[must_use]
pub fn depth_mm(depth: Depth, sex: Sex, bmi: f64) -> (f64, f64) {
    let (slope, intercept, see) = match (depth, sex) {
        (Depth::Chest, Sex::Female) => (6.35, 85.5, 16.0),
        (Depth::Chest, Sex::Male) => (5.56, 99.9, 13.6),
        (Depth::Waist, Sex::Female) => (7.56, 20.2, 16.9),
        (Depth::Waist, Sex::Male) => (7.45, 31.5, 17.3),
        (Depth::Buttock, Sex::Female) => (6.02, 79.5, 12.3),
        (Depth::Buttock, Sex::Male) => (5.79, 85.6, 12.4),
    };
    (slope * bmi + intercept, see)
}
