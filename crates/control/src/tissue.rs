//! Stiffness of the tissue under one head, learned while the head moves into it.
//!
//! Least squares of force changes over height changes, with forgetting: `k = sum(dF dh) / sum(dh dh)`,
//! dF in N, dh in mm, k in N/mm. Only blocks in which the reference moves the head into the tissue or
//! out of it are used: under good force control at a constant reference the height follows the skin
//! and the force stands still, which would look like soft tissue.
//!
//! That is stiffness to slow motion, in which the trunk gives as well. A quick motion finds the tissue
//! alone, since the trunk's mass stays behind. It is learned in the same way from second differences of
//! the blocks, wherever the head moves so jerkily that neither breath nor noise can be meant, as it does
//! when the loop begins to swing. The loop works with the stiffer of both.

use crate::sense::within;

/// Length of a block, s. Source: design; a few drive lags.
const BLOCK_S: f32 = 0.02;
/// Slowest change of the reference that teaches, N/s a head. Guess: half of a usual ramp.
const TEACHING_N_S: f32 = 8.0;
/// Slowest motion that teaches, mm/s. Source: design; the fastest breathing motion of the skin (2.5 mm
/// at 0.33 Hz: 5.2 mm/s), so that breathing alone cannot turn the sign.
const TEACHING_MM_S: f32 = 5.0;
/// The loop works with so many times the stiffness learned. Source: design; an overestimate makes the
/// loop slower, an underestimate makes it swing.
const CAUTION: f32 = 1.6;
/// Smallest second difference of the height that teaches the quick stiffness, mm.
/// Source: design; twice the encoder's 0.02 mm through the difference (square root of 6).
const JERK_MM: f32 = 0.1;
/// Weight that a block leaves to those before it. Guess: memory of about ten blocks.
const KEEP: f32 = 0.9;
/// Softest and stiffest tissue believed, N/mm a head.
/// Source: relaxed muscle 0.8 N/mm; eight times L3 at 5.2 +- 1.5 N/mm (Xia 2017, PMC5466774), since thin
/// tissue over the sacrum is pressed down to the bone.
const SOFTEST: f32 = 0.8;
const STIFFEST: f32 = 40.0;
/// Before anything was learned, N/mm. Source: above the middle of 0.8 to 5.2 N/mm, on the careful side.
const PRIOR: f32 = 3.0;
/// Weight of the prior, mm2. Guess: as much as four blocks at 10 mm/s.
const PRIOR_WEIGHT: f32 = 0.16;

/// Stiffness of one site, learned online.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tissue {
    stiffness: f32,
    force_by_height: f32,
    height_by_height: f32,
    span_s: f32,
    height_mm: f32,
    force_n: f32,
    before: Option<(f32, f32)>,
    quick: (f32, f32),
}

impl Tissue {
    pub(crate) fn new() -> Self {
        Self {
            stiffness: PRIOR,
            force_by_height: PRIOR * PRIOR_WEIGHT,
            height_by_height: PRIOR_WEIGHT,
            span_s: 0.0,
            height_mm: 0.0,
            force_n: 0.0,
            before: None,
            quick: (0.0, 0.0),
        }
    }

    /// Takes one cycle's change of height (mm) and of force (N), while the reference moves at a rate
    /// (N/s).
    pub(crate) fn learn(&mut self, dt_s: f32, height_change_mm: f32, force_change_n: f32, rate_n_s: f32) {
        self.span_s += dt_s;
        self.height_mm += height_change_mm;
        self.force_n += force_change_n;
        if self.span_s < BLOCK_S {
            return;
        }
        let ramping = libm::fabsf(rate_n_s) >= TEACHING_N_S;
        if ramping && libm::fabsf(self.height_mm) >= TEACHING_MM_S * self.span_s {
            self.force_by_height = KEEP * self.force_by_height + self.height_mm * self.force_n;
            self.height_by_height = KEEP * self.height_by_height + self.height_mm * self.height_mm;
            self.stiffness = within(self.force_by_height / self.height_by_height, SOFTEST, STIFFEST);
        }
        if let Some((height_mm, force_n)) = self.before {
            let (jerk_mm, jerk_n) = (self.height_mm - height_mm, self.force_n - force_n);
            if libm::fabsf(jerk_mm) >= JERK_MM {
                self.quick.0 = KEEP * self.quick.0 + jerk_mm * jerk_n;
                self.quick.1 = KEEP * self.quick.1 + jerk_mm * jerk_mm;
            }
        }
        self.before = Some((self.height_mm, self.force_n));
        (self.span_s, self.height_mm, self.force_n) = (0.0, 0.0, 0.0);
    }

    /// Stiffness for the loop, N/mm: on the careful side.
    pub(crate) fn careful_n_mm(&self) -> f32 {
        let quick = if self.quick.1 > 0.0 { self.quick.0 / self.quick.1 } else { 0.0 };
        within(self.stiffness.max(quick) * CAUTION, SOFTEST, STIFFEST)
    }

    /// Stiffness, N/mm.
    pub(crate) fn stiffness_n_mm(&self) -> f32 {
        self.stiffness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_teaches_the_stiffness_and_a_stop_forgets_nothing() {
        let mut tissue = Tissue::new();
        for _ in 0..200 {
            tissue.learn(0.002, 0.03, 0.03 * 4.0, 20.0);
        }
        assert!((tissue.stiffness_n_mm() - 4.0).abs() < 0.1, "{}", tissue.stiffness_n_mm());
        for cycle in 0..2000 {
            // Following the skin at constant force.
            tissue.learn(0.002, if cycle / 500 % 2 == 0 { 0.008 } else { -0.008 }, 0.0, 0.0);
        }
        assert!((tissue.stiffness_n_mm() - 4.0).abs() < 0.1, "{}", tissue.stiffness_n_mm());
    }
}
