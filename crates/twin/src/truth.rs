//! What is so, whatever the sensors say. Only benches and checkers may look.

use counts::{CARRIAGES_MAX, HEADS_MAX, Instant};

/// The mechanics of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Truth {
    /// When.
    pub now: Instant,
    /// Contact force of each head, N.
    pub head_force_n: [f64; HEADS_MAX],
    /// How deep each roller presses into the unloaded skin, mm; negative where it is clear.
    pub indentation_mm: [f64; HEADS_MAX],
    /// How far the trunk over each head has risen against rest without rollers, mm.
    pub trunk_lift_mm: [f64; HEADS_MAX],
    /// Place of each head from the T1 body centre, along the bed, mm.
    pub head_x_from_t1_mm: [f64; HEADS_MAX],
    /// Roller tops, mm.
    pub height_mm: [f64; HEADS_MAX],
    /// Lifts' speeds, mm/s.
    pub lift_speed_mm_s: [f64; HEADS_MAX],
    /// Carriages along the bed, mm.
    pub carriage_mm: [f64; CARRIAGES_MAX],
    /// Where T1 lies: along the bed and across, mm.
    pub t1_mm: [f64; 2],
    /// Displacement of the back by breath, mm, towards the bed.
    pub breath_mm: f64,
    /// Share of the body that is on the bed.
    pub lying: f64,
}

impl Truth {
    /// Both heads of a carriage together, N.
    #[must_use]
    pub fn force_n(&self, carriage: usize) -> f64 {
        let first = (2 * carriage).min(HEADS_MAX - 2);
        self.head_force_n[first] + self.head_force_n[first + 1]
    }
}
