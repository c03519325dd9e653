//! Breathing as it is felt under the heads: its period and its height.
//!
//! The skin's velocity is integrated to a displacement by two leaky integrations in series with the
//! slope of the back taken out (a high-pass of `CORNER_S`); upward crossings of zero part the breaths.
//! The force loop needs none of this: it feeds the skin's velocity forward as it comes.

use bed::Event;
use bed::quantity::{Wire, millimetres};
use counts::{Instant, Micrometres, Millis};

/// Time constant of each of the two high-passes, s. Guess: below the slowest breath's 1.1 s.
const CORNER_S: f32 = 1.2;
/// Displacement that a breath passes on both sides of zero, mm. Source: design; above the noise.
const SWING_MM: f32 = 0.25;
/// Shortest and longest breath, s. Source: science sheet 0.20-0.33 Hz, widened to 0.15-0.4 Hz.
const BREATH_S: (f32, f32) = (2.5, 6.7);
/// Two breaths in a row agree within this share. Guess.
const AGREE: f32 = 0.3;

/// Breathing, learned online.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Breath {
    slow_mm_s: f32,
    height_mm: f32,
    top_mm: f32,
    bottom_mm: f32,
    low_passed: bool,
    began: Option<Instant>,
    period_s: Option<f32>,
}

impl Breath {
    /// Takes the skin's velocity (mm/s, up) of one cycle; tells of a breath when two agreed.
    pub(crate) fn step(&mut self, now: Instant, dt_s: f32, skin_mm_s: f32) -> Option<Event> {
        self.slow_mm_s += (skin_mm_s - self.slow_mm_s) * dt_s / CORNER_S;
        self.height_mm += (skin_mm_s - self.slow_mm_s - self.height_mm / CORNER_S) * dt_s;
        self.top_mm = self.top_mm.max(self.height_mm);
        self.bottom_mm = self.bottom_mm.min(self.height_mm);
        if self.height_mm < -SWING_MM {
            self.low_passed = true;
        }
        if !self.low_passed || self.height_mm < SWING_MM {
            return None;
        }
        self.low_passed = false;
        let swing_mm = self.top_mm - self.bottom_mm;
        (self.top_mm, self.bottom_mm) = (self.height_mm, self.height_mm);
        let began = self.began.replace(now)?;
        let period_s = now.since(began)?.seconds();
        let before = self.period_s.take();
        if !(BREATH_S.0..=BREATH_S.1).contains(&period_s) {
            return None;
        }
        self.period_s = Some(period_s);
        let agreed = before.is_some_and(|before| libm::fabsf(before - period_s) <= AGREE * before);
        // Two high-passes leave 1 / (1 + (1 / w T)^2) of the swing.
        let turn = core::f32::consts::TAU * CORNER_S / period_s;
        let amplitude = Micrometres::nearest(millimetres(swing_mm * (1.0 + 1.0 / (turn * turn))));
        agreed.then(|| Event::Breathing { period: Millis::new((period_s * 1000.0) as u32), amplitude })
    }

    /// Forgets the breath under way, as after a contact was lost.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaths_of_every_length_are_told_with_period_and_height() {
        for (period_s, half_mm, slope_mm_s) in [(3.0, 2.5, 0.0), (4.0, 1.0, 4.0), (5.0, 2.0, -3.0)] {
            let mut breath = Breath::default();
            let mut told = None;
            for cycle in 0..20_000_u64 {
                let turn = core::f32::consts::TAU / period_s;
                let skin = slope_mm_s + half_mm * turn * libm::cosf(turn * cycle as f32 * 0.002);
                told = breath.step(Instant::from_micros(cycle * 2000), 0.002, skin).or(told);
            }
            let Some(Event::Breathing { period, amplitude }) = told else {
                panic!("no breath at {period_s} s")
            };
            assert!((period.raw() as f32 * 1e-3 - period_s).abs() < 0.1, "{period:?} for {period_s}");
            let swing = amplitude.raw() as f32 * 1e-3;
            assert!((swing - 2.0 * half_mm).abs() < 0.15 * half_mm, "{swing} mm for {half_mm}");
        }
    }
}
