//! Carriage along the spine: speed toward a place, with a trapezoid of speed over time.

use crate::sense::within;
use bed::config::CarriageConfig;

/// Gain near the goal, 1/s. Guess: far below a drive's own bandwidth.
const APPROACH_PER_S: f32 = 8.0;
/// Share of the acceleration that braking counts on. Source: design; the rest covers the drive's lag.
const BRAKING_SHARE: f32 = 0.7;
/// A place is reached within so many mm. Source: design; a twentieth of half a level's pitch.
const REACHED_MM: f32 = 0.6;

/// Travel of one carriage.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Travel {
    from_mm: f32,
    to_mm: f32,
    acceleration_mm_s2: f32,
    velocity_mm_s: f32,
}

impl Travel {
    /// Travel of a carriage that never goes headward of `from_mm`.
    pub(crate) fn new(config: &CarriageConfig, from_mm: f32) -> Self {
        Self {
            from_mm: within(from_mm, config.from_mm, config.to_mm),
            to_mm: config.to_mm,
            acceleration_mm_s2: config.acceleration_mm_s2,
            velocity_mm_s: 0.0,
        }
    }

    /// The place nearest to `x_mm` that the carriage can reach.
    pub(crate) fn reachable_mm(&self, x_mm: f32) -> f32 {
        within(x_mm, self.from_mm, self.to_mm)
    }

    /// Velocity toward `goal_mm` at no more than `speed_mm_s`.
    pub(crate) fn toward(&mut self, dt_s: f32, x_mm: f32, goal_mm: f32, speed_mm_s: f32) -> f32 {
        let way = self.reachable_mm(goal_mm) - x_mm;
        let distance = libm::fabsf(way);
        let braking = libm::sqrtf(2.0 * BRAKING_SHARE * self.acceleration_mm_s2 * distance);
        let speed = speed_mm_s.min(braking).min(APPROACH_PER_S * distance).max(0.0);
        let wish = if way < 0.0 { -speed } else { speed };
        let step = self.acceleration_mm_s2 * dt_s;
        self.velocity_mm_s = within(wish, self.velocity_mm_s - step, self.velocity_mm_s + step);
        self.velocity_mm_s
    }

    /// Velocity while coming to rest.
    pub(crate) fn brake(&mut self, dt_s: f32) -> f32 {
        let step = self.acceleration_mm_s2 * dt_s;
        self.velocity_mm_s = within(0.0, self.velocity_mm_s - step, self.velocity_mm_s + step);
        self.velocity_mm_s
    }

    /// True at the goal and at rest.
    pub(crate) fn is_at(&self, x_mm: f32, goal_mm: f32) -> bool {
        libm::fabsf(self.reachable_mm(goal_mm) - x_mm) <= REACHED_MM && libm::fabsf(self.velocity_mm_s) < 6.0
    }

    /// True where the goal was reached or passed on a way of the given sign.
    pub(crate) fn has_passed(&self, x_mm: f32, goal_mm: f32, footward: bool) -> bool {
        let ahead = self.reachable_mm(goal_mm) - x_mm;
        if footward { ahead <= REACHED_MM } else { ahead >= -REACHED_MM }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_reaches_its_goal_without_passing_it_or_its_speed() {
        let config = CarriageConfig {
            from_mm: 350.0,
            to_mm: 1350.0,
            park_mm: 1350.0,
            speed_contact_mm_s: 60.0,
            speed_clear_mm_s: 120.0,
            acceleration_mm_s2: 500.0,
            encoder_mm: 0.05,
        };
        for (start, goal, speed) in [(350.0, 1200.0, 120.0), (1350.0, 500.0, 60.0), (700.0, 702.0, 120.0)] {
            let mut travel = Travel::new(&config, config.from_mm);
            let (mut x, mut drive, mut last) = (start, 0.0_f32, 0.0_f32);
            for _ in 0..8000 {
                let velocity = travel.toward(0.002, x, goal, speed);
                assert!(velocity.abs() <= speed && (velocity - last).abs() <= 1.001);
                last = velocity;
                drive += (velocity - drive) * 0.1;
                x += drive * 0.002;
                assert!((x - goal) * (start - goal) >= -0.2 * (start - goal).abs(), "{x} passed {goal}");
            }
            assert!(travel.is_at(x, goal), "{x} at {goal}");
        }
    }
}
