//! A release that is watched: how long heads press on, by the twin's truth, against what the measures allow.

use counts::{AxisTarget, DeciWatts, Instant, Micros, Targets};
use sim::{Stop, World};

/// A release is watched for so much longer than it may take: heads must stay away. Guess.
const WATCH_ON: Micros = Micros::from_millis(500);

/// A release under way.
pub struct Release {
    /// What is measured of it.
    pub stop: Stop,
    /// When it began.
    pub at: Instant,
}

impl Release {
    /// One that begins now; `stopped` where somebody or the guard ended the session, and heads must come down at once.
    pub fn begin(world: &World, stopped: bool) -> Self {
        Self { stop: Stop::new(world, world.now(), stopped), at: world.now() }
    }

    /// Looks at a cycle; true once there is no more to see.
    pub fn look(&mut self, world: &World) -> bool {
        self.stop.look(world);
        let watch = Micros::new((self.stop.allowed_s() * 1e6) as u64).plus(WATCH_ON);
        world.now().since(self.at).is_some_and(|span| span >= watch)
    }
}

/// Whether anything is told to rise or to heat.
pub fn presses_on(outputs: &Targets) -> bool {
    let rises = |lift: &AxisTarget| matches!(lift, AxisTarget::Velocity(up) if up.raw() > 0);
    outputs.lifts.iter().any(rises) || outputs.heaters.iter().any(|power| *power > DeciWatts::ZERO)
}
