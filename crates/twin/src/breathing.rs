//! Breath after breath, in the shape of a real one.
//!
//! The shape is the mean of 168 breaths of one person lying on the back, four harmonics, one from lowest
//! to highest. Source: computed from PhysioNet BIDMC record 01 (chest impedance; ODC-By 1.0). Lengths
//! and depths of the single breaths scatter as theirs: 7 % and 5 % SD.

use population::Draws;

use crate::body::Breathing;
use crate::random::held_normal;
use crate::spine_chain::Breath;

/// Cosine and sine of the harmonics. Source: see the module.
const HARMONICS: [(f64, f64); 4] =
    [(0.4839, -0.0006), (0.1389, -0.0515), (0.0255, 0.0330), (-0.0184, 0.0330)];
/// SD of a breath's length over the mean. Source: see the module.
const LENGTH_SPREAD: f64 = 0.070;
/// SD of a breath's depth over the mean. Source: see the module.
const DEPTH_SPREAD: f64 = 0.049;

/// Shape and its slope a radian at a phase (rad), mean zero, one from lowest to highest.
#[must_use]
pub fn shape(phase: f64) -> (f64, f64) {
    let (sin, cos) = libm::sincos(phase);
    let (mut s, mut c) = (sin, cos);
    let (mut value, mut slope) = (0.0, 0.0);
    for (index, (a, b)) in HARMONICS.into_iter().enumerate() {
        let order = (index + 1) as f64;
        value += a * c + b * s;
        slope += order * (b * c - a * s);
        (s, c) = (s * cos + c * sin, c * cos - s * sin);
    }
    (value, slope)
}

/// Where in a breath a person is.
#[derive(Clone, Debug, PartialEq)]
pub struct Lungs {
    phase: f64,
    rate_hz: f64,
    depth: f64,
    goal: f64,
}

impl Lungs {
    /// A person who breathes, somewhere within a breath.
    #[must_use]
    pub fn new(breathing: &Breathing, phase: f64) -> Self {
        Self { phase, rate_hz: breathing.rate_hz, depth: 1.0, goal: 1.0 }
    }

    /// Moves on by `dt_s`; `depth` is a factor on the excursion and `haste` one on the rate.
    pub fn step(
        &mut self,
        breathing: &Breathing,
        depth: f64,
        haste: f64,
        draws: &mut impl Draws,
        dt_s: f64,
    ) -> Breath {
        self.phase += std::f64::consts::TAU * self.rate_hz * haste * dt_s;
        if self.phase >= std::f64::consts::TAU {
            self.phase -= std::f64::consts::TAU;
            self.rate_hz = breathing.rate_hz / (1.0 + LENGTH_SPREAD * held_normal(draws, 3.0));
            self.goal = 1.0 + DEPTH_SPREAD * held_normal(draws, 3.0);
        }
        // Depth goes over smoothly, or the back would jump between breaths.
        let gain = dt_s / (0.5 + dt_s);
        self.depth += gain * (self.goal * depth - self.depth);
        let (value, slope) = shape(self.phase);
        let excursion = breathing.excursion_mm * self.depth;
        Breath {
            depth_mm: excursion * value,
            speed_mm_s: excursion * slope * std::f64::consts::TAU * self.rate_hz * haste,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;

    #[test]
    fn a_breath_has_mean_zero_and_the_stated_excursion() {
        let values: Vec<f64> =
            (0..1000).map(|i| shape(f64::from(i) * std::f64::consts::TAU / 1000.0).0).collect();
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!((high - low - 1.0).abs() < 0.05, "{low} {high}");
        assert!((values.iter().sum::<f64>() / 1000.0).abs() < 1e-9);
    }

    #[test]
    fn breaths_come_at_the_persons_rate() {
        let breathing = Breathing { rate_hz: 0.25, excursion_mm: 3.0 };
        let mut lungs = Lungs::new(&breathing, 0.0);
        let mut rng = stream(1, 9);
        let (mut crossings, mut last) = (0, 0.0);
        for _ in 0..300_000 {
            let breath = lungs.step(&breathing, 1.0, 1.0, &mut rng, 0.002);
            if last < 0.0 && breath.depth_mm >= 0.0 {
                crossings += 1;
            }
            last = breath.depth_mm;
        }
        // 600 s at 0.25 Hz.
        assert!((145..=155).contains(&crossings), "{crossings}");
    }
}
