//! What the host may ask for. A request is a wish with an expiry: unless it is renewed it lapses, and
//! nothing in it can loosen a limit.

use counts::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, HEATERS_MAX, Micrometres, MicrometresPerSecond,
    MilliCem43, Millis, PerMille,
};
use serde::{Deserialize, Serialize};

/// What a stroke does, in the words of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Press one site and hold (acupressure).
    Hold,
    /// Press while travelling (deep tissue).
    Glide,
    /// Press left and right alternately while travelling slowly (deep tissue).
    Knead,
    /// Lift the trunk slowly and hold, or travel while lifting (stretching).
    Stretch,
    /// Travel at light force with warm rollers (hot stone).
    Warm,
}

/// One elementary action of one carriage, in the bed's frame.
///
/// The carriage lands at `from`, travels to `to` (equal for a hold) at `speed`, back and forth until
/// `duration` is over, and lifts off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stroke {
    /// Number of the stroke in its plan; events name it.
    pub id: u16,
    /// What it does.
    pub action: Action,
    /// Which carriage.
    pub carriage: u8,
    /// Where it starts along the bed.
    pub from: Micrometres,
    /// Where it turns; equal to `from` for a hold.
    pub to: Micrometres,
    /// Speed of travel; never negative.
    pub speed: MicrometresPerSecond,
    /// Force of both heads together.
    pub force: DeciNewtons,
    /// Share of the left head; 500 presses both alike.
    pub left_share: PerMille,
    /// How fast the force may rise and fall, both heads together.
    pub ramp: DeciNewtonsPerSecond,
    /// Period of the alternation between left and right; zero where there is none.
    pub period: Millis,
    /// How long it lasts, from landing to lift-off.
    pub duration: Millis,
}

/// Share that alternates between left and right while kneading. Guess: from 15 to 85 % of the force.
const KNEAD_DEPTH: f32 = 0.35;
/// Smallest and largest share of one head. Source: design; both heads stay in contact.
const SHARES: (f32, f32) = (0.1, 0.9);

impl Stroke {
    /// True where the force alternates between left and right.
    #[must_use]
    pub fn alternates(&self) -> bool {
        self.action == Action::Knead && self.period.raw() > 0
    }

    /// Shares of the left and right head, `elapsed_s` after landing; together one.
    ///
    /// ```
    /// use bed::{Action, Stroke};
    /// use counts::{DeciNewtons, DeciNewtonsPerSecond, Micrometres, MicrometresPerSecond, Millis, PerMille};
    /// let stroke = Stroke {
    ///     id: 1,
    ///     action: Action::Knead,
    ///     carriage: 0,
    ///     from: Micrometres::ZERO,
    ///     to: Micrometres::ZERO,
    ///     speed: MicrometresPerSecond::ZERO,
    ///     force: DeciNewtons::new(400),
    ///     left_share: PerMille::new(500),
    ///     ramp: DeciNewtonsPerSecond::new(400),
    ///     period: Millis::new(4000),
    ///     duration: Millis::new(20_000),
    /// };
    /// // A quarter of a period after landing the left head has 0.5 + 0.35 of the force.
    /// assert!((stroke.shares(1.0)[0] - 0.85).abs() < 1e-6 && (stroke.shares(1.0)[1] - 0.15).abs() < 1e-6);
    /// ```
    #[must_use]
    pub fn shares(&self, elapsed_s: f32) -> [f32; 2] {
        let share = f32::from(self.left_share.raw()) * 1e-3;
        let left = if self.alternates() {
            let period_s = self.period.raw() as f32 * 1e-3;
            share + KNEAD_DEPTH * libm::sinf(core::f32::consts::TAU * elapsed_s / period_s)
        } else {
            share
        };
        let left = left.clamp(SHARES.0, SHARES.1);
        [left, 1.0 - left]
    }
}

/// One pass of the scan: out from the head end at one force, back at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScanPass {
    /// Which carriage.
    pub carriage: u8,
    /// Where the pass starts along the bed.
    pub from: Micrometres,
    /// Where it turns.
    pub to: Micrometres,
    /// Speed of travel.
    pub speed: MicrometresPerSecond,
    /// Force of both heads together on the way out.
    pub force_out: DeciNewtons,
    /// Force of both heads together on the way back.
    pub force_back: DeciNewtons,
}

/// What the host knows of person and day when a session begins. It can only tighten what the machine
/// assumes; a missing value is taken as the strictest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Admission {
    /// Heat dose that the most heated strip has had today.
    pub dose_today: Option<MilliCem43>,
    /// Whether this is the person's first session.
    pub first_session: Option<bool>,
    /// Cap on the force of both heads together, from the clearance.
    pub force_cap: Option<DeciNewtons>,
    /// Cap on the surfaces' temperature, from the clearance.
    pub surface_cap: Option<DeciCelsius>,
    /// Whether the clearance allows heat at all.
    pub heat_allowed: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ask {
    /// Begin a session: wait for the person and the hand switch.
    Begin(Admission),
    /// Nothing for the moment: heads low, session goes on.
    Rest,
    /// Scan the back.
    Scan(ScanPass),
    /// Give this stroke, then the next.
    Treat {
        /// The stroke to give now.
        now: Stroke,
        /// The stroke after it, so that none waits for the host.
        next: Option<Stroke>,
    },
    /// End in good order: unload, park, heaters off.
    Finish,
    /// End at once and release the person.
    Stop,
}

/// One message from the host. It lapses `expires_after` its arrival unless it is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// Rises with each new request; a renewal repeats it.
    pub id: u32,
    /// What is asked for.
    pub ask: Ask,
    /// Target temperature of each heater zone's surface; `None` leaves a zone off.
    pub surfaces: [Option<DeciCelsius>; HEATERS_MAX],
    /// Cap on the force of both heads together that the person wishes now.
    pub force_cap: Option<DeciNewtons>,
    /// Lapse after arrival; longer than the limit is cut to it.
    pub expires_after: Millis,
}

impl Request {
    /// A request without heat or caps of its own.
    #[must_use]
    pub const fn new(id: u32, ask: Ask) -> Self {
        Self { id, ask, surfaces: [None; HEATERS_MAX], force_cap: None, expires_after: Millis::new(250) }
    }
}
