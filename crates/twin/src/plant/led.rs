//! Rollers led along a way that was recorded before: what the sensors would be shown had somebody else lain
//! there. For questions of what readings can tell, where nothing that control does may answer.

use bed::Side;
use counts::{CORNERS, HEADS_MAX, Micros};

use super::Twin;
use crate::spine_chain::Breath;

/// Where a carriage and its two rollers are, and how they move.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Carriage along the bed, mm.
    pub x_mm: f64,
    /// Its speed, mm/s.
    pub speed_mm_s: f64,
    /// Roller tops, left and right, mm.
    pub height_mm: [f64; 2],
    /// Their speeds, mm/s.
    pub lift_speed_mm_s: [f64; 2],
}

impl Twin {
    /// Puts the first carriage and its rollers where they were, lets the person breathe as told, and moves the
    /// body alone on by `dt`. Returns the true contact forces, N. Drives, heat and sensors stand still.
    pub fn led(&mut self, moment: &Moment, breath: Breath, dt: Micros) -> [f64; HEADS_MAX] {
        let (model, state) = (&*self.model, &mut self.state);
        state.now = state.now.after(dt);
        let will = state.behaviour.will(&model.trunk.chain, state.now);
        if let Some(carriage) = &mut state.carriages[0] {
            carriage.x_mm = moment.x_mm;
            carriage.speed_mm_s = moment.speed_mm_s;
        }
        for (side, lift) in state.lifts.iter_mut().take(2).enumerate() {
            lift.place(moment.height_mm[side]);
            lift.speed_mm_s = moment.lift_speed_mm_s[side];
        }
        let meetings = state.meet(model, &will, breath);
        state.press(model, breath, &meetings, dt.raw() as f64 * 1e-6);
        state.show(model, &will, breath);
        state.truth.head_force_n
    }

    /// True weight on the corner cells after [`Self::led`], N: head end left, right, foot end left, right.
    pub fn weighed(&mut self, breath: Breath) -> [f64; CORNERS] {
        let state = &mut self.state;
        let will = state.behaviour.will(&self.model.trunk.chain, state.now);
        state.weigh(&self.model, &will, breath);
        state.shown.corner_n
    }

    /// Soft tissue between bone and skin, as a roller's breadth has it, at `x_mm` from T1, mm.
    #[must_use]
    pub fn thickness_mm(&self, x_mm: f64, side: Side) -> f64 {
        self.model.profile.at(x_mm, usize::from(side == Side::Right)).0.thickness_mm
    }

    /// The spine line sideways of T1 at `x_mm` from it, mm, left positive.
    #[must_use]
    pub fn line_mm(&self, x_mm: f64) -> f64 {
        self.model.profile.line(x_mm)
    }
}
