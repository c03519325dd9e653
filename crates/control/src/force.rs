//! The force loop of one head: velocity that brings the force to its reference and holds it there
//! while the skin moves.
//!
//! Terms: h height of the head (mm, measured), F force (N, measured and tared), k stiffness (N/mm,
//! learned), d velocity of the skin (mm/s, estimated), r reference (N).
//!
//! * Observer: between samples `F' = k (h' - d)`; each new force corrects F and d with the gains of a
//!   double pole at `observer`. Because the measured height carries the motion, d is what the skin
//!   does by itself: breathing, the slope of the back under a travelling head, a trunk that gives.
//!   d is fed forward, which makes it an integral action against all of these.
//! * Predictor: what was already sent will still move the head by `v lag + sum(u dt)` and the skin by
//!   `d (delay + lag)`; the loop acts on the force after that: `F* = F + k (v lag + sum(u dt) - d T)`.
//! * Law: `u = d + (r' + crossover (r - F*)) / k`.
//!
//! It knows nothing of limits; who calls it caps the reference and the velocity.

use crate::sense::within;
use crate::tissue::Tissue;
use bed::config::LiftConfig;

/// Most commands under way. Source: design; 20 ms of delay at 1 ms a cycle and a few more.
const PENDING: usize = 24;
/// Fastest skin that is followed, mm/s. Source: design; a cough moves the back faster but briefly.
const SKIN_MAX: f32 = 40.0;
/// Age of a measurement when its command is sent, s. Source: design; one cycle.
const MEASURING_S: f32 = 0.002;

/// How fast the loop is, by what tells the force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rates {
    /// Double pole of the observer, 1/s.
    pub(crate) observer: f32,
    /// Closed-loop rate, 1/s.
    pub(crate) crossover: f32,
    /// Stiffness to work with where the force is too coarse to teach one, N/mm.
    pub(crate) fixed_n_mm: Option<f32>,
}

/// With load cells: noise 0.3 N. Source: chosen by the tests below for 16 ms of delay and lag.
pub(crate) const CELL: Rates = Rates { observer: 45.0, crossover: 28.0, fixed_n_mm: None };
/// With the motor current alone: noise 25 N, correlated over a tenth of a second. No faster than a
/// breath: what is faster would be noise. Guess: stiffness of relaxed muscle.
pub(crate) const COARSE_CURRENT: Rates = Rates { observer: 1.5, crossover: 1.0, fixed_n_mm: Some(2.0) };
/// The same with a noise of 8 N at most: two and a half times as fast leaves half of the coarse one's error.
pub(crate) const FINE_CURRENT: Rates = Rates { observer: 3.75, crossover: 2.5, fixed_n_mm: Some(2.0) };

/// A first-order drive behind a dead time, as the bed file describes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Drive {
    delay_s: f32,
    lag_s: f32,
    acceleration_mm_s2: f32,
    velocity_mm_s: f32,
    sent: [(f32, f32); PENDING],
}

impl Drive {
    pub(crate) fn new(lift: &LiftConfig) -> Self {
        Self {
            delay_s: lift.delay_ms * 1e-3,
            lag_s: (lift.lag_ms * 1e-3).max(1e-3),
            acceleration_mm_s2: lift.acceleration_mm_s2,
            velocity_mm_s: 0.0,
            sent: [(0.0, 0.0); PENDING],
        }
    }

    /// Notes what is sent for the next `dt_s`.
    pub(crate) fn send(&mut self, dt_s: f32, velocity_mm_s: f32) {
        let (mut age_s, mut arriving) = (0.0, velocity_mm_s);
        for (velocity, span_s) in self.sent {
            age_s += span_s;
            arriving = velocity;
            if age_s >= self.delay_s {
                break;
            }
        }
        let change = (arriving - self.velocity_mm_s) * dt_s / (self.lag_s + dt_s);
        let most = self.acceleration_mm_s2 * dt_s;
        self.velocity_mm_s += within(change, -most, most);
        self.sent.copy_within(0..PENDING - 1, 1);
        self.sent[0] = (velocity_mm_s, dt_s);
    }

    /// Way that the head will still go if nothing more is sent, mm.
    pub(crate) fn pending_mm(&self) -> f32 {
        let (mut age_s, mut way_mm) = (0.0, self.velocity_mm_s * self.lag_s);
        for (velocity, span_s) in self.sent {
            if age_s >= self.delay_s + MEASURING_S || span_s <= 0.0 {
                break;
            }
            way_mm += velocity * span_s.min(self.delay_s + MEASURING_S - age_s);
            age_s += span_s;
        }
        way_mm
    }

    /// Velocity that the head should have now, mm/s.
    pub(crate) fn velocity_mm_s(&self) -> f32 {
        self.velocity_mm_s
    }

    fn horizon_s(&self) -> f32 {
        self.delay_s + self.lag_s + MEASURING_S
    }
}

/// Force loop of one head.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ForceLoop {
    rates: Rates,
    tissue: Tissue,
    force_n: f32,
    skin_mm_s: f32,
    last: Option<(f32, f32)>,
}

impl ForceLoop {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, tissue: Tissue::new(), force_n: 0.0, skin_mm_s: 0.0, last: None }
    }

    /// Begins anew at a contact.
    pub(crate) fn begin(&mut self, force_n: f32) {
        *self = Self { force_n, ..Self::new(self.rates) };
    }

    /// Velocity of the skin by itself, mm/s.
    pub(crate) fn skin_mm_s(&self) -> f32 {
        self.skin_mm_s
    }

    /// Stiffness learned, N/mm.
    pub(crate) fn stiffness_n_mm(&self) -> f32 {
        self.rates.fixed_n_mm.unwrap_or_else(|| self.tissue.stiffness_n_mm())
    }

    /// One cycle: measured height and force, reference and its rate, to a velocity (mm/s).
    pub(crate) fn step(
        &mut self,
        dt_s: f32,
        drive: &Drive,
        (height_mm, force_n): (f32, f32),
        (reference_n, rate_n_s): (f32, f32),
    ) -> f32 {
        let (height_before, force_before) = self.last.unwrap_or((height_mm, force_n));
        self.last = Some((height_mm, force_n));
        let moved = height_mm - height_before;
        self.tissue.learn(dt_s, moved, force_n - force_before, rate_n_s);
        let stiffness = self.rates.fixed_n_mm.unwrap_or_else(|| self.tissue.careful_n_mm());
        self.force_n += stiffness * (moved - self.skin_mm_s * dt_s);
        let surprise = force_n - self.force_n;
        let gain = (self.rates.observer * dt_s).min(0.5);
        self.force_n += 2.0 * gain * surprise;
        let skin = self.skin_mm_s - gain * self.rates.observer * surprise / stiffness;
        self.skin_mm_s = within(skin, -SKIN_MAX, SKIN_MAX);
        let ahead = drive.pending_mm() - self.skin_mm_s * drive.horizon_s();
        let expected = self.force_n + stiffness * ahead;
        self.skin_mm_s + (rate_n_s + self.rates.crossover * (reference_n - expected)) / stiffness
    }
}
