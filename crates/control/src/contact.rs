//! One head between the lowered stop and the person: taring, soft landing, force, leaving.
//!
//! A head is a mode with memory. *Low*: at the stop or on its way down. *Approach*: up at landing
//! speed until the filtered force says contact. *Contact*: the force loop holds a reference that moves
//! no faster than asked. Without fresh readings of force and height there is no contact: it goes low.

use crate::force::{CELL, COARSE_CURRENT, Drive, FINE_CURRENT, ForceLoop, Rates};
use crate::sense::within;
use bed::BedConfig;

/// Below this height a head is clear of everybody, mm. Source: design; 25 mm under the pad's top.
pub(crate) const CLEAR_MM: f32 = 5.0;
/// A head at the stop, mm. Source: design; above the encoder's scatter.
const LOW_MM: f32 = 0.6;
/// Gain toward the lowered stop, 1/s. Guess: far below a drive's own bandwidth.
const LOWERING_PER_S: f32 = 12.0;
/// Slowest lowering, mm/s. Source: design; reaches the stop.
const LOWERING_LEAST: f32 = 4.0;
/// Distance to the highest place that ends a search for the person, mm. Source: design.
const REACH_MARGIN_MM: f32 = 3.0;
/// Time constant of the tare, s. Guess: averages fifty samples of a load cell.
const TARE_S: f32 = 0.1;
/// How long a head stands clear before its tare counts, s. Source: design; three time constants.
const TARE_SETTLED_S: f32 = 0.3;
/// Largest tare that is believed, N. Source: bed file of the reference: drift 0.05 N/K and 0.2 N in
/// 10 min stays under 3 N for 50 K.
const TARE_MAX_N: f32 = 3.0;
/// A force this far above one and a half times its reference sends the head down at full speed, N, until
/// it is no more than [`YIELD_ENDS_N`] above. Source: design; far outside what the loop itself leaves
/// (worst 3 N), as when a person coughs or bridges.
const YIELD_N: f32 = 10.0;
/// See [`YIELD_N`]. Source: design; early enough to brake from full speed.
const YIELD_ENDS_N: f32 = 8.0;
/// A head that lost the person waits so long before it goes on looking for them, s: whoever coughs comes
/// back, onto heads that must not have risen meanwhile. Source: design; a cough throws the trunk for 0.2 s.
const WAITS_S: f32 = 0.3;
/// A force below this share of its reference, less [`RUNS_N`], is run after. Source: design; far outside
/// what a breath leaves.
const RUNS_SHARE: f32 = 0.6;
/// See [`RUNS_SHARE`], N.
const RUNS_N: f32 = 2.0;
/// A head that has run after its force for so far lets the person go, mm, and looks for them no higher than
/// this until it has landed anew: somebody who bridges comes down faster than a lift does.
/// Source: design; twice the way of the largest breath, and under the 33 mm that half a second is worth.
const RUNS_MM: f32 = 10.0;
/// Share of a lift's acceleration that commands use. Source: design; a drive follows these exactly.
const ACCELERATION_SHARE: f32 = 0.75;
/// How fast the reference closes in on a target that stands, 1/s: a ramp ends softly, since a loop with
/// delay and lag passes the corner of a ramp that ends at once. Source: chosen on the twin, thin to heavy.
const SOFT_END_PER_S: f32 = 8.0;
/// Smallest reference in contact, N a head. Source: design; above the landing threshold.
pub(crate) const TOUCH_N: f32 = 3.0;

/// How contact is told.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Landing {
    /// Filtered force that means contact, N.
    contact_n: f32,
    /// Filtered force that means the person was left, N.
    left_n: f32,
    /// Time constant of the filter, s.
    filter_s: f32,
    /// Speed, mm/s; never above 20.
    speed_mm_s: f32,
}

/// Source: design; seven standard deviations of the filtered noise (0.3 N).
const BY_CELL: Landing = Landing { contact_n: 2.0, left_n: 1.0, filter_s: 0.006, speed_mm_s: 20.0 };
/// With a motor current that is wrong by 25 N. Source: design; two standard deviations of the filtered
/// noise (correlated over 0.1 s). A landing that was none is no harm: the force loop goes on looking for its
/// force, as slowly.
const BY_COARSE_CURRENT: Landing = Landing { contact_n: 15.0, left_n: 8.0, filter_s: 0.8, speed_mm_s: 8.0 };
/// With a motor current that is wrong by [`FINE_N`] at most. Source: design; three and a half standard
/// deviations of the filtered noise, and the sliding friction of one head.
const BY_FINE_CURRENT: Landing = Landing { contact_n: 12.0, left_n: 4.0, filter_s: 0.25, speed_mm_s: 12.0 };
/// See [`BY_FINE_CURRENT`].
const FINE_N: f32 = 8.0;

/// What a head is asked to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wish {
    /// Go low and stay.
    Low,
    /// Be in contact at this force.
    Press {
        /// Force of this head, N.
        target_n: f32,
        /// Rate at which the reference moves, N/s.
        ramp_n_s: f32,
        /// Force that the reference never exceeds, N; takes effect at once.
        cap_n: f32,
        /// Looks for a person who is lost at once and as high as it reaches: where the back may end, as in a
        /// scan.
        seeks: bool,
        /// A head beside it lost the person a moment ago: it does not rise either, so that they come back to
        /// both.
        waits: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Low,
    Approach,
    Contact { reference_n: f32, target_n: f32, yielding: bool },
}

/// What happened to a head in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Landed,
    LiftedOff,
}

/// One head with its lift.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    mode: Mode,
    landing: Landing,
    drive: Drive,
    force: ForceLoop,
    speeds: Speeds,
    has_cell: bool,
    reach_mm: f32,
    chase: Chase,
    tare_n: f32,
    tare_age_s: f32,
    filtered_n: f32,
    height_mm: Option<f32>,
    touching: bool,
    command_mm_s: f32,
}

/// How a head runs after a person who goes away from it by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Chase {
    /// Since when the person is lost, s.
    lost_s: f32,
    /// Height at which it began to run, mm.
    from_mm: Option<f32>,
    /// Height above which it does not look for a person whom it let go, mm.
    ceiling_mm: Option<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Speeds {
    up: f32,
    up_loaded: f32,
    loaded_n: f32,
    down: f32,
    change_mm_s2: f32,
}

impl Head {
    pub(crate) fn new(config: &BedConfig) -> Self {
        let has_cell = config.load_cell.is_some();
        let (rates, landing): (Rates, Landing) = match config.lift.thrust_noise_n {
            _ if has_cell => (CELL, BY_CELL),
            noise_n if noise_n <= FINE_N => (FINE_CURRENT, BY_FINE_CURRENT),
            _ => (COARSE_CURRENT, BY_COARSE_CURRENT),
        };
        let lift = &config.lift;
        Self {
            mode: Mode::Low,
            landing,
            drive: Drive::new(lift),
            force: ForceLoop::new(rates),
            speeds: Speeds {
                up: lift.speed_up_mm_s,
                up_loaded: lift.speed_up_loaded_mm_s,
                loaded_n: lift.loaded_n,
                down: lift.speed_down_mm_s,
                change_mm_s2: lift.acceleration_mm_s2,
            },
            has_cell,
            reach_mm: lift.stroke_mm - REACH_MARGIN_MM,
            chase: Chase::default(),
            tare_n: 0.0,
            tare_age_s: 0.0,
            filtered_n: 0.0,
            height_mm: None,
            touching: false,
            command_mm_s: 0.0,
        }
    }

    /// One cycle: fresh height (mm) and raw force (N), and the wish, to a velocity (mm/s, up).
    pub(crate) fn step(
        &mut self,
        dt_s: f32,
        height_mm: Option<f32>,
        force_n: Option<f32>,
        wish: Wish,
    ) -> (f32, Option<News>) {
        self.height_mm = height_mm;
        let force_n = force_n.map(|force| force - self.tare_n);
        if let Some(force) = force_n {
            self.filtered_n += (force - self.filtered_n) * dt_s / (self.landing.filter_s + dt_s);
        }
        let wished = match (wish, height_mm, force_n) {
            (Wish::Press { target_n, ramp_n_s, cap_n, seeks, waits }, Some(height), Some(force)) => {
                let wished = self.press(dt_s, (height, force), target_n, ramp_n_s, cap_n);
                if seeks || !self.has_cell { wished } else { self.chase(dt_s, height, wished, waits) }
            }
            _ => {
                self.mode = Mode::Low;
                self.lower()
            }
        };
        self.tare(dt_s, force_n);
        let news = self.news();
        let velocity = self.shape(dt_s, wished);
        self.drive.send(dt_s, velocity);
        (velocity, news)
    }

    fn press(&mut self, dt_s: f32, measured: (f32, f32), target_n: f32, ramp_n_s: f32, cap_n: f32) -> f32 {
        let (height_mm, force_n) = measured;
        let target_n = target_n.min(cap_n).max(TOUCH_N);
        match self.mode {
            Mode::Low if height_mm > CLEAR_MM => self.lower(),
            Mode::Low if self.has_cell && self.tare_age_s < TARE_SETTLED_S => 0.0,
            // A force where nobody can be touched is no contact; such a sensor is not worked with.
            Mode::Low if self.filtered_n >= self.landing.contact_n => self.lower(),
            Mode::Low | Mode::Approach if self.filtered_n < self.landing.contact_n => {
                self.mode = Mode::Approach;
                if height_mm >= self.reach_mm { 0.0 } else { self.landing.speed_mm_s }
            }
            Mode::Low | Mode::Approach => {
                let reference_n = self.filtered_n.min(target_n);
                self.mode = Mode::Contact { reference_n, target_n, yielding: false };
                self.force.begin(self.filtered_n);
                self.follow(dt_s, measured, reference_n, 0.0)
            }
            Mode::Contact { reference_n, target_n: target_before_n, yielding } => {
                let step = ramp_n_s.max(0.0) * dt_s;
                // With the target as it moves, and softly up to where it stands.
                let soft = target_n - target_before_n
                    + (SOFT_END_PER_S * dt_s).min(1.0) * (target_before_n - reference_n);
                let moved = (reference_n + within(soft, -step, step)).min(cap_n.max(TOUCH_N));
                let rate = if dt_s > 0.0 { (moved - reference_n) / dt_s } else { 0.0 };
                let over = if yielding { YIELD_ENDS_N } else { YIELD_N + 0.5 * moved };
                let yielding = self.has_cell && force_n > moved + over;
                self.mode = Mode::Contact { reference_n: moved, target_n, yielding };
                let velocity = self.follow(dt_s, measured, moved, within(rate, -ramp_n_s, ramp_n_s));
                if yielding { -self.speeds.down } else { velocity }
            }
        }
    }

    fn follow(&mut self, dt_s: f32, measured: (f32, f32), reference_n: f32, rate_n_s: f32) -> f32 {
        let velocity = self.force.step(dt_s, &self.drive, measured, (reference_n, rate_n_s));
        // Where the person is lost the head searches no faster than it lands.
        let lost = self.filtered_n < self.landing.left_n;
        let most = if lost { self.landing.speed_mm_s } else { self.speeds.up_loaded };
        if measured.0 >= self.reach_mm { velocity.min(0.0) } else { velocity.min(most) }
    }

    /// Holds a head that runs after somebody who moves by themselves.
    fn chase(&mut self, dt_s: f32, height_mm: f32, wished_mm_s: f32, waits: bool) -> f32 {
        let chase = &mut self.chase;
        match self.mode {
            Mode::Low => wished_mm_s,
            Mode::Approach if chase.ceiling_mm.is_some_and(|ceiling| height_mm >= ceiling) => {
                wished_mm_s.min(0.0)
            }
            Mode::Approach => wished_mm_s,
            Mode::Contact { reference_n, .. } => {
                chase.lost_s = if self.filtered_n < self.landing.left_n { chase.lost_s + dt_s } else { 0.0 };
                if self.filtered_n >= RUNS_SHARE * reference_n - RUNS_N && chase.lost_s <= 0.0 {
                    *chase = Chase::default();
                    return if waits { wished_mm_s.min(0.0) } else { wished_mm_s };
                }
                let from_mm = *chase.from_mm.get_or_insert(height_mm);
                if height_mm > from_mm + RUNS_MM {
                    *chase = Chase { ceiling_mm: Some(from_mm + RUNS_MM), ..Chase::default() };
                    self.mode = Mode::Low;
                    return self.lower();
                }
                if waits || self.waits() { wished_mm_s.min(0.0) } else { wished_mm_s }
            }
        }
    }

    /// True for a moment after it lost the person.
    pub(crate) fn waits(&self) -> bool {
        self.chase.lost_s > 0.0 && self.chase.lost_s < WAITS_S
    }

    /// Forgets where it let somebody go, as for a job elsewhere.
    pub(crate) fn forget(&mut self) {
        self.chase = Chase::default();
    }

    fn lower(&self) -> f32 {
        match self.height_mm {
            Some(height) if height <= LOW_MM => 0.0,
            Some(height) => -(LOWERING_PER_S * height).max(LOWERING_LEAST).min(self.speeds.down),
            None => -self.speeds.down,
        }
    }

    fn tare(&mut self, dt_s: f32, force_n: Option<f32>) {
        let standing = self.mode == Mode::Low
            && self.height_mm.is_some_and(|height| height <= CLEAR_MM)
            && libm::fabsf(self.drive.velocity_mm_s()) < 2.0;
        match force_n {
            Some(force) if standing && self.has_cell => {
                let share = dt_s / (TARE_S + dt_s);
                self.tare_n = within(self.tare_n + share * force, -TARE_MAX_N, TARE_MAX_N);
                self.tare_age_s = (self.tare_age_s + dt_s).min(1.0);
            }
            _ => self.tare_age_s = 0.0,
        }
    }

    fn news(&mut self) -> Option<News> {
        let contact = matches!(self.mode, Mode::Contact { .. });
        let left = self.mode == Mode::Low
            && (self.filtered_n < self.landing.left_n
                || self.height_mm.is_some_and(|height| height <= CLEAR_MM));
        if contact && !self.touching {
            self.touching = true;
            Some(News::Landed)
        } else if left && self.touching {
            self.touching = false;
            Some(News::LiftedOff)
        } else {
            None
        }
    }

    /// Holds the velocity within the lift's range and its acceleration, the same up and down, so that the
    /// drive follows without a bias; giving way and lowering are never slowed.
    fn shape(&mut self, dt_s: f32, wished_mm_s: f32) -> f32 {
        let up =
            if self.filtered_n > self.speeds.loaded_n - 5.0 { self.speeds.up_loaded } else { self.speeds.up };
        let wished = within(wished_mm_s, -self.speeds.down, up);
        let step = ACCELERATION_SHARE * self.speeds.change_mm_s2 * dt_s;
        let held = self.mode != Mode::Low && !matches!(self.mode, Mode::Contact { yielding: true, .. });
        let least = if held { self.command_mm_s - step } else { wished };
        self.command_mm_s = within(wished, least, self.command_mm_s + step);
        self.command_mm_s
    }

    /// True where the head is in force contact.
    pub(crate) fn is_in_contact(&self) -> bool {
        matches!(self.mode, Mode::Contact { .. })
    }

    /// True where the head is known to be clear of everybody.
    pub(crate) fn is_clear(&self) -> bool {
        self.mode == Mode::Low && self.height_mm.is_some_and(|height| height <= CLEAR_MM)
    }

    /// True where the head stands at the lowered stop.
    pub(crate) fn is_low(&self) -> bool {
        self.mode == Mode::Low && self.height_mm.is_some_and(|height| height <= 2.0 * LOW_MM)
    }

    /// True where the head has come to the end of its reach.
    pub(crate) fn is_at_reach(&self) -> bool {
        self.mode != Mode::Low && self.height_mm.is_some_and(|height| height >= self.reach_mm)
    }

    /// The reference in contact, N; zero elsewhere.
    pub(crate) fn reference_n(&self) -> f32 {
        if let Mode::Contact { reference_n, .. } = self.mode { reference_n } else { 0.0 }
    }

    /// Filtered force, N.
    pub(crate) fn force_n(&self) -> f32 {
        self.filtered_n
    }

    /// Velocity of the skin by itself, mm/s; `None` without contact.
    pub(crate) fn skin_mm_s(&self) -> Option<f32> {
        self.is_in_contact().then(|| self.force.skin_mm_s())
    }

    /// Stiffness learned under this head, N/mm; `None` without contact.
    pub(crate) fn stiffness_n_mm(&self) -> Option<f32> {
        self.is_in_contact().then(|| self.force.stiffness_n_mm())
    }
}
