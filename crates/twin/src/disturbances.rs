//! What a person does on the bed beside lying still: shifting, coughing, talking, bridging, getting up.
//!
//! All of it is muscles' work on the chain ([`Muscle`]), a shift of the whole body along and across the
//! bed, and another breath. Durations and sizes without a source are guesses.

use counts::Instant;

use crate::banded::NODES_MAX;
use crate::spine_chain::{Chain, Muscle};

/// Something that the person does, or that happens at a switch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Disturbance {
    /// Moves along and across the bed within some seconds, and stays there.
    Shift {
        /// Towards the feet, mm.
        x_mm: f64,
        /// To the left, mm.
        y_mm: f64,
        /// Duration, s.
        seconds: f64,
    },
    /// Coughs so many times.
    Cough {
        /// How often.
        times: u8,
    },
    /// Lifts the pelvis off the bed, holds it, and comes down.
    Bridge {
        /// How high, mm.
        height_mm: f64,
        /// How long it is held, s.
        seconds: f64,
    },
    /// Talks: breathes faster and deeper.
    Talk {
        /// For how long, s.
        seconds: f64,
    },
    /// Lies down on the bed.
    LieDown,
    /// Gets up and leaves the bed.
    GetUp,
    /// Presses the hand switch for 0.3 s.
    PressHandSwitch,
    /// Presses or releases the emergency stop.
    EmergencyStop {
        /// Pressed.
        pressed: bool,
    },
}

/// Time to lie down or get up, s. Guess.
const RISE_S: f64 = 3.0;
/// Time to lift the pelvis, and to lower it, s. Guess.
const BRIDGE_S: f64 = 0.6;
/// Duration of one cough and the time to the next, s. Guess.
const COUGH_S: (f64, f64) = (0.3, 0.5);
/// Largest force of a cough on the trunk, N. Guess.
const COUGH_N: f64 = 120.0;
/// How long a hand switch is held, s. Guess.
const PRESS_S: f64 = 0.3;
/// How far a person who is up is from the pad, mm. Guess: out of reach of any roller.
const UP_MM: f64 = 400.0;
/// Talking: breath's depth and haste. Guess.
const TALK: (f64, f64) = (1.4, 1.3);

/// What the body is made to do at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Will {
    /// Where the body lies beside its first place: along, across, mm.
    pub shift_mm: [f64; 2],
    /// How fast it moves along the bed, mm/s.
    pub shift_mm_s: f64,
    /// Factor on the breath's depth.
    pub depth: f64,
    /// Factor on the breath's rate.
    pub haste: f64,
    /// Share of the body that is on the bed.
    pub lying: f64,
    /// Hand switch pressed.
    pub hand_switch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Doing {
    what: Disturbance,
    from_s: f64,
}

/// What a person is doing and is going to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    plans: Vec<(Instant, Disturbance)>,
    doing: Vec<Doing>,
    settled_mm: [f64; 2],
    /// On the bed, and if not settled: since when it changes.
    lying: bool,
    changed_s: f64,
    emergency_stop: bool,
    still: Will,
    muscle: Muscle,
    moves: bool,
}

/// From 0 to 1 over a duration, smoothly, and its slope (1/s).
fn ease(t: f64, duration: f64) -> (f64, f64) {
    if t <= 0.0 {
        return (0.0, 0.0);
    }
    if t >= duration {
        return (1.0, 0.0);
    }
    let s = t / duration;
    (s * s * (3.0 - 2.0 * s), 6.0 * s * (1.0 - s) / duration)
}

impl Disturbance {
    /// How long it lasts, s.
    fn seconds(&self) -> f64 {
        match *self {
            Self::Shift { seconds, .. } => seconds.max(0.1),
            Self::Cough { times } => f64::from(times) * (COUGH_S.0 + COUGH_S.1),
            Self::Bridge { seconds, .. } => seconds.max(0.0) + 2.0 * BRIDGE_S,
            Self::Talk { seconds } => seconds.max(0.0),
            Self::PressHandSwitch => PRESS_S,
            Self::LieDown | Self::GetUp | Self::EmergencyStop { .. } => 0.0,
        }
    }
}

impl Behaviour {
    /// A person who lies on the bed, or one who stands beside it.
    #[must_use]
    pub fn new(lying: bool) -> Self {
        let still = Will {
            shift_mm: [0.0; 2],
            shift_mm_s: 0.0,
            depth: 1.0,
            haste: 1.0,
            lying: f64::from(u8::from(lying)),
            hand_switch: false,
        };
        Self {
            plans: Vec::new(),
            doing: Vec::with_capacity(8),
            settled_mm: [0.0; 2],
            lying,
            changed_s: -RISE_S,
            emergency_stop: false,
            still,
            muscle: Muscle::default(),
            moves: false,
        }
    }

    /// Plans a disturbance.
    pub fn plan(&mut self, what: Disturbance, at: Instant) {
        let place = self.plans.partition_point(|(planned, _)| *planned > at);
        self.plans.insert(place, (at, what));
    }

    /// True while the emergency stop is pressed.
    #[must_use]
    pub fn emergency_stop(&self) -> bool {
        self.emergency_stop
    }

    /// Muscles at work since the last [`Behaviour::will`]; `None` while lying still.
    #[must_use]
    pub fn muscle(&self) -> Option<&Muscle> {
        self.moves.then_some(&self.muscle)
    }

    fn begin(&mut self, now: Instant) {
        while let Some((at, what)) = self.plans.last().copied() {
            if at > now {
                break;
            }
            self.plans.pop();
            let from_s = now.seconds();
            match what {
                Disturbance::LieDown | Disturbance::GetUp => {
                    let lying = what == Disturbance::LieDown;
                    if lying != self.lying {
                        self.lying = lying;
                        self.changed_s = from_s;
                    }
                }
                Disturbance::EmergencyStop { pressed } => self.emergency_stop = pressed,
                _ => self.doing.push(Doing { what, from_s }),
            }
        }
    }

    /// What the body is made to do at `now`.
    pub fn will(&mut self, chain: &Chain, now: Instant) -> Will {
        self.begin(now);
        let now_s = now.seconds();
        let settling = now_s - self.changed_s < RISE_S;
        let mut will = self.still;
        self.moves = false;
        will.shift_mm = self.settled_mm;
        if self.doing.is_empty() && self.lying && !settling {
            will.lying = 1.0;
            return will;
        }
        let settled = &mut self.settled_mm;
        self.doing.retain(|doing| {
            let done = now_s - doing.from_s >= doing.what.seconds();
            if let (true, Disturbance::Shift { x_mm, y_mm, .. }) = (done, doing.what) {
                settled[0] += x_mm;
                settled[1] += y_mm;
            }
            !done
        });
        will.shift_mm = *settled;
        let mut muscle = Muscle::default();
        let mut moves = false;
        for doing in &self.doing {
            moves |= act(&mut will, &mut muscle, chain, doing, now_s - doing.from_s);
        }
        let (risen, _) = ease(now_s - self.changed_s, RISE_S);
        let up = if self.lying { 1.0 - risen } else { risen };
        will.lying = 1.0 - up;
        if up > 0.0 {
            moves = true;
            for i in 0..chain.size {
                muscle.target_mm[i] = muscle.target_mm[i].max(UP_MM * up);
                muscle.share[i] = (10.0 * up).min(1.0);
            }
        }
        if moves {
            (self.muscle, self.moves) = (muscle, true);
        }
        will
    }
}

/// Adds one disturbance, `t` seconds old. True where muscles take part.
fn act(will: &mut Will, muscle: &mut Muscle, chain: &Chain, doing: &Doing, t: f64) -> bool {
    match doing.what {
        Disturbance::Shift { x_mm, y_mm, seconds } => {
            let (done, speed) = ease(t, seconds.max(0.1));
            will.shift_mm[0] += x_mm * done;
            will.shift_mm[1] += y_mm * done;
            will.shift_mm_s += x_mm * speed;
            false
        }
        Disturbance::Cough { .. } => {
            let within = t - libm::floor(t / (COUGH_S.0 + COUGH_S.1)) * (COUGH_S.0 + COUGH_S.1);
            if within < COUGH_S.0 {
                let sum: f64 = chain.breath[..chain.size].iter().sum();
                let force = -COUGH_N * libm::sin(std::f64::consts::TAU * within / COUGH_S.0);
                for i in 0..chain.size {
                    muscle.force_n[i] += force * chain.breath[i] / sum;
                }
            }
            true
        }
        Disturbance::Bridge { height_mm, seconds } => {
            let (up, _) = ease(t, BRIDGE_S);
            let (down, _) = ease(t - BRIDGE_S - seconds, BRIDGE_S);
            let now = up - down;
            // From the shoulder blades on, the trunk rises straight to the pelvis.
            let (from, to) = (chain.x_mm[6.min(NODES_MAX - 1)], chain.x_mm[chain.size - 1]);
            for i in 0..chain.size {
                let along = ((chain.x_mm[i] - from) / (to - from)).clamp(0.0, 1.0);
                muscle.target_mm[i] = height_mm * now * along;
                muscle.share[i] = (10.0 * now).min(1.0) * (4.0 * along).min(1.0);
            }
            true
        }
        Disturbance::Talk { .. } => {
            (will.depth, will.haste) = TALK;
            false
        }
        Disturbance::PressHandSwitch => {
            will.hand_switch = true;
            false
        }
        Disturbance::LieDown | Disturbance::GetUp | Disturbance::EmergencyStop { .. } => false,
    }
}
