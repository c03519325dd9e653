//! The job of a carriage: a stroke or a scan pass, in plain numbers.

use bed::quantity::{Wire, in_millimetres, in_millimetres_per_second, in_newtons};
use bed::{Action, ScanPass, Stroke};
use counts::{DeciNewtons, Micros};

/// How fast force changes in a scan, both heads, N/s. Guess: comfortable, and fast enough to teach.
const SCAN_RAMP: f32 = 40.0;
/// Slowest ramp that is kept, both heads, N/s. Source: design; 60 N in 12 s.
const RAMP_LEAST: f32 = 5.0;
/// Fastest ramp, both heads, N/s, whatever is asked for: a steeper one overshoots on a carriage that
/// travels. Source: design; three times the ramp of a shipped program.
const RAMP_MOST: f32 = 60.0;
/// What a carriage is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// A stroke of a plan.
    Stroke(Stroke),
    /// A pass of the scan.
    Scan(ScanPass),
}

impl Job {
    /// True where `other` is the same job, maybe with other numbers.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Stroke(one), Self::Stroke(two)) => one.id == two.id && one.carriage == two.carriage,
            (Self::Scan(one), Self::Scan(two)) => one == two,
            _ => false,
        }
    }

    pub(crate) fn carriage(&self) -> usize {
        usize::from(match self {
            Self::Stroke(stroke) => stroke.carriage,
            Self::Scan(pass) => pass.carriage,
        })
    }

    /// Where it starts, mm.
    pub(crate) fn start_mm(&self) -> f32 {
        in_millimetres(match self {
            Self::Stroke(stroke) => stroke.from.quantity(),
            Self::Scan(pass) => pass.from.quantity(),
        })
    }

    /// Where it turns, mm.
    pub(crate) fn turn_mm(&self) -> f32 {
        in_millimetres(match self {
            Self::Stroke(Stroke { action: Action::Hold, from, .. }) => from.quantity(),
            Self::Stroke(stroke) => stroke.to.quantity(),
            Self::Scan(pass) => pass.to.quantity(),
        })
    }

    /// Speed of travel, mm/s.
    pub(crate) fn speed_mm_s(&self) -> f32 {
        let speed = match self {
            Self::Stroke(stroke) => stroke.speed,
            Self::Scan(pass) => pass.speed,
        };
        in_millimetres_per_second(speed.quantity()).max(0.0)
    }

    /// Force of both heads that is asked for, on the way out or back.
    pub(crate) fn force(&self, turned: bool) -> DeciNewtons {
        match self {
            Self::Stroke(stroke) => stroke.force,
            Self::Scan(pass) if turned => pass.force_back,
            Self::Scan(pass) => pass.force_out,
        }
    }

    /// Rate at which the force of one head may change, N/s.
    pub(crate) fn ramp_n_s(&self) -> f32 {
        match self {
            Self::Stroke(stroke) => {
                let ramp = (f32::from(stroke.ramp.raw()) * 0.1).clamp(RAMP_LEAST, RAMP_MOST);
                if self.alternates() { ramp } else { ramp * self.larger_share() }
            }
            Self::Scan(_) => 0.5 * SCAN_RAMP,
        }
    }

    fn larger_share(&self) -> f32 {
        let [left, right] = self.shares(0.0);
        left.max(right)
    }

    fn alternates(&self) -> bool {
        matches!(self, Self::Stroke(stroke) if stroke.alternates())
    }

    /// Shares of the left and right head, `elapsed_s` after landing.
    pub(crate) fn shares(&self, elapsed_s: f32) -> [f32; 2] {
        match self {
            Self::Stroke(stroke) => stroke.shares(elapsed_s),
            Self::Scan(_) => [0.5; 2],
        }
    }

    /// How long it lasts from landing to lift-off; `None` for a scan, which ends where it began.
    pub(crate) fn duration(&self) -> Option<Micros> {
        match self {
            Self::Stroke(stroke) => Some(stroke.duration.micros()),
            Self::Scan(_) => None,
        }
    }

    /// Force asked for in newtons, both heads.
    pub(crate) fn force_n(&self, turned: bool) -> f32 {
        in_newtons(self.force(turned).quantity())
    }
}
