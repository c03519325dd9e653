//! Lifts and carriages as their drives move them.
//!
//! A lift follows a velocity after a dead time and a first-order lag, within its limits of acceleration
//! and speed, slower above a loaded force. Friction: the drive's position loop (stiffness `k`) must wind
//! up to the static friction before the lift moves, and slides `F_slide / k` behind. Above the thrust
//! limit it gives way. Without power it sinks: faster the more lies on it.

use bed::config::{CarriageConfig, LiftConfig};
use counts::AxisTarget;

/// Stiffness of the drive's own position loop, N/mm. Guess.
const LOOP_N_MM: f64 = 400.0;
/// Time in which a lift that broke free catches up, s. Guess.
const CATCH_S: f64 = 0.004;
/// Weight of lift, roller and heater, N. Guess.
const CARRIED_N: f64 = 15.0;
/// Load at which the sinking speed is stated, N. Source: bed file, "under 20 N".
const SINK_LOAD_N: f64 = 20.0;
/// Fastest sinking, mm/s. Guess: the gear's damping.
const SINK_MAX_MM_S: f64 = 200.0;
/// Time constant of sinking, s. Guess.
const SINK_LAG_S: f64 = 0.03;
/// How fast a lift gives way above its thrust limit, mm/s a N. Guess.
const GIVE_MM_S_N: f64 = 2.0;
/// Bandwidth of a carriage's velocity loop, s. Guess.
const CARRIAGE_LAG_S: f64 = 0.02;
/// Places in the queue of targets.
const QUEUE: usize = 48;

/// A lift.
#[derive(Clone, Debug, PartialEq)]
pub struct Lift {
    /// Height of the roller's top above the lowered stop, mm.
    pub height_mm: f64,
    /// Its speed, mm/s, up.
    pub speed_mm_s: f64,
    /// Whether it is powered and follows.
    pub powered: bool,
    wanted_mm: f64,
    lagged_mm_s: f64,
    sliding: bool,
    queue: [(u64, f64); QUEUE],
    next: usize,
}

impl Default for Lift {
    fn default() -> Self {
        Self {
            height_mm: 0.0,
            speed_mm_s: 0.0,
            powered: false,
            wanted_mm: 0.0,
            lagged_mm_s: 0.0,
            sliding: false,
            queue: [(0, 0.0); QUEUE],
            next: 0,
        }
    }
}

impl Lift {
    /// The velocity that was asked for one dead time ago.
    fn delayed(&self, now_us: u64, delay_us: u64) -> f64 {
        let mut index = self.next;
        for _ in 0..QUEUE {
            index = if index == 0 { QUEUE - 1 } else { index - 1 };
            let (at, velocity) = self.queue[index];
            if at.saturating_add(delay_us) <= now_us {
                return velocity;
            }
        }
        0.0
    }

    fn held(&mut self, from_mm: f64, limits: &LiftConfig, dt_s: f64) {
        self.height_mm = self.height_mm.clamp(0.0, f64::from(limits.stroke_mm));
        self.wanted_mm = self.wanted_mm.clamp(0.0, f64::from(limits.stroke_mm));
        self.speed_mm_s = (self.height_mm - from_mm) / dt_s;
    }

    /// Moves on by `dt_s` to `now_us`. `load_n` is all that presses on this lift, `heaviest_n` the larger
    /// of its heads' forces.
    pub fn step(
        &mut self,
        limits: &LiftConfig,
        target: AxisTarget,
        load_n: f64,
        heaviest_n: f64,
        now_us: u64,
        dt_s: f64,
    ) {
        let from = self.height_mm;
        let AxisTarget::Velocity(velocity) = target else {
            self.sink(limits, load_n, dt_s);
            self.held(from, limits, dt_s);
            return;
        };
        self.powered = true;
        self.queue[self.next] = (now_us, f64::from(velocity.raw()) * 1e-3);
        self.next = (self.next + 1) % QUEUE;
        let delay_us = (f64::from(limits.delay_ms) * 1e3) as u64;
        let up = if heaviest_n > f64::from(limits.loaded_n) {
            limits.speed_up_loaded_mm_s
        } else {
            limits.speed_up_mm_s
        };
        let asked = self.delayed(now_us, delay_us).clamp(-f64::from(limits.speed_down_mm_s), f64::from(up));
        let lag = f64::from(limits.lag_ms) * 1e-3;
        let most = f64::from(limits.acceleration_mm_s2) * dt_s;
        let change = (asked - self.lagged_mm_s) * dt_s / (lag + dt_s);
        self.lagged_mm_s += change.clamp(-most, most);
        // Above the thrust limit the drive gives way instead of following.
        let over = load_n - f64::from(limits.thrust_max_n);
        let follow =
            if over > 0.0 { self.lagged_mm_s.min(0.0) - GIVE_MM_S_N * over } else { self.lagged_mm_s };
        self.wanted_mm += follow * dt_s;
        let wound = self.wanted_mm - self.height_mm;
        let stick = f64::from(limits.friction_stick_n) / LOOP_N_MM;
        let slide = f64::from(limits.friction_slide_n) / LOOP_N_MM;
        if !self.sliding && wound.abs() > stick {
            self.sliding = true;
        }
        if self.sliding {
            let behind = wound - slide.copysign(wound);
            if behind * wound <= 0.0 {
                self.sliding = false;
            } else {
                self.height_mm += behind * (dt_s / (CATCH_S + 0.5 * dt_s)).min(1.0);
            }
        }
        self.held(from, limits, dt_s);
    }

    fn sink(&mut self, limits: &LiftConfig, load_n: f64, dt_s: f64) {
        self.powered = false;
        let drive = CARRIED_N + load_n - f64::from(limits.friction_slide_n);
        let stated = CARRIED_N + SINK_LOAD_N - f64::from(limits.friction_slide_n);
        // A tenth faster than stated, since stated is the least.
        let goal = -(1.1 * f64::from(limits.sink_mm_s) * drive / stated).clamp(0.0, SINK_MAX_MM_S);
        let speed = self.speed_mm_s + (goal - self.speed_mm_s) * dt_s / (SINK_LAG_S + dt_s);
        self.height_mm += speed * dt_s;
        self.wanted_mm = self.height_mm;
        self.lagged_mm_s = 0.0;
        self.sliding = false;
        for entry in &mut self.queue {
            entry.1 = 0.0;
        }
    }

    /// Does not move at all, whatever it is told.
    pub fn stuck(&mut self) {
        self.speed_mm_s = 0.0;
        self.wanted_mm = self.height_mm;
        self.lagged_mm_s = 0.0;
        self.sliding = false;
    }

    /// Friction that the drive pushes against, N, with the sign of the motion.
    #[must_use]
    pub fn friction_n(&self, limits: &LiftConfig) -> f64 {
        let slide = f64::from(limits.friction_slide_n);
        if self.speed_mm_s.abs() > 0.01 { slide.copysign(self.speed_mm_s) } else { 0.0 }
    }

    /// Puts the roller at a height, at rest.
    pub fn place(&mut self, height_mm: f64) {
        *self = Self { height_mm, wanted_mm: height_mm, ..Self::default() };
    }
}

/// A carriage.
#[derive(Clone, Debug, PartialEq)]
pub struct Carriage {
    /// Place of the roller axis along the bed, mm.
    pub x_mm: f64,
    /// Its speed, mm/s, to the feet.
    pub speed_mm_s: f64,
    /// Whether it is powered and follows.
    pub powered: bool,
}

impl Carriage {
    /// A carriage at its park.
    #[must_use]
    pub fn parked(config: &CarriageConfig) -> Self {
        Self { x_mm: f64::from(config.park_mm), speed_mm_s: 0.0, powered: false }
    }

    /// Moves on by `dt_s`. Released it stays; drives brake it within its acceleration.
    pub fn step(&mut self, config: &CarriageConfig, target: AxisTarget, dt_s: f64) {
        let top = f64::from(config.speed_clear_mm_s);
        let asked = match target {
            AxisTarget::Velocity(velocity) => (f64::from(velocity.raw()) * 1e-3).clamp(-top, top),
            AxisTarget::Released => 0.0,
        };
        self.powered = target != AxisTarget::Released;
        let most = f64::from(config.acceleration_mm_s2) * dt_s;
        let change = (asked - self.speed_mm_s) * dt_s / (CARRIAGE_LAG_S + dt_s);
        let before = self.speed_mm_s;
        self.speed_mm_s += change.clamp(-most, most);
        self.x_mm += 0.5 * (before + self.speed_mm_s) * dt_s;
        let (from, to) = (f64::from(config.from_mm), f64::from(config.to_mm));
        if self.x_mm <= from || self.x_mm >= to {
            self.x_mm = self.x_mm.clamp(from, to);
            self.speed_mm_s = 0.0;
        }
    }

    /// Does not move at all.
    pub fn stalled(&mut self) {
        self.speed_mm_s = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::MicrometresPerSecond;

    fn reference() -> LiftConfig {
        crate::reference_bed().lift
    }

    fn up(mm_s: i32) -> AxisTarget {
        AxisTarget::Velocity(MicrometresPerSecond::new(mm_s * 1000))
    }

    fn run(lift: &mut Lift, target: AxisTarget, load_n: f64, from_ms: u64, ms: u64) {
        for step in 1..=ms / 2 {
            lift.step(&reference(), target, load_n, load_n, (from_ms + 2 * step) * 1000, 0.002);
        }
    }

    #[test]
    fn a_lift_answers_after_its_dead_time_and_reaches_the_speed() {
        let mut lift = Lift::default();
        run(&mut lift, up(20), 0.0, 0, 6);
        assert!(lift.height_mm < 1e-3, "{}", lift.height_mm);
        run(&mut lift, up(20), 0.0, 6, 1000);
        assert!((lift.speed_mm_s - 20.0).abs() < 0.01);
        assert!(lift.height_mm < 20.0 && lift.height_mm > 19.0, "{}", lift.height_mm);
    }

    #[test]
    fn a_loaded_lift_rises_at_half_speed_and_no_farther_than_its_thrust() {
        let mut lift = Lift::default();
        run(&mut lift, up(60), 90.0, 0, 1000);
        assert!((lift.speed_mm_s - 30.0).abs() < 0.1);
        run(&mut lift, up(60), 140.0, 1000, 200);
        assert!(lift.speed_mm_s < 0.0, "it gives way");
    }

    #[test]
    fn without_power_a_lift_sinks_at_the_stated_speed_or_more() {
        let mut lift = Lift::default();
        lift.place(90.0);
        run(&mut lift, AxisTarget::Released, 20.0, 0, 1000);
        assert!(lift.speed_mm_s <= -40.0 && lift.height_mm < 55.0, "{}", lift.speed_mm_s);
        run(&mut lift, AxisTarget::Released, 0.0, 1000, 8000);
        assert!(lift.height_mm.abs() < 1e-9, "its own weight brings it down");
    }

    #[test]
    fn a_reversal_first_takes_up_the_friction() {
        let mut lift = Lift::default();
        run(&mut lift, up(10), 0.0, 0, 500);
        let top = lift.height_mm;
        let mut still = 0;
        for step in 1..=60_u64 {
            lift.step(&reference(), up(-1), 0.0, 0.0, (500 + 2 * step) * 1000, 0.002);
            still += u32::from(step > 20 && lift.speed_mm_s.abs() < 1e-9);
        }
        assert!(still > 2, "{still}");
        assert!(lift.height_mm < top + 1.0);
    }

    #[test]
    fn a_carriage_keeps_its_acceleration_and_its_ends() {
        let config = crate::reference_bed().carriages[0].clone();
        let mut carriage = Carriage::parked(&config);
        let mut fastest = 0.0_f64;
        for _ in 0..10_000 {
            let before = carriage.speed_mm_s;
            carriage.step(&config, up(-60), 0.002);
            if carriage.x_mm > f64::from(config.from_mm) {
                fastest = fastest.max((carriage.speed_mm_s - before).abs() / 0.002);
            }
        }
        assert!(fastest <= 500.0 + 1e-6);
        assert!((carriage.x_mm - f64::from(config.from_mm)).abs() < 1e-9);
    }
}
