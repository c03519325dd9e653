//! Permission to heat or press: begun, person present, hand switch pressed, and renewed ever since.
//!
//! Nothing in here can be stretched by a host: each span runs on the guard's own clock.

use crate::limits;
use crate::persist::{Hysteresis, since};
use counts::{DeciCelsius, DeciNewtons, Instant, Micros, MilliCem43};

/// A press or release of the hand switch counts when it has lasted so long. Source: Design; contact
/// bounce of switches lasts a few ms, and the stop must come within half a second (measures, "Stop").
const SWITCH_SETTLES: Micros = Micros::from_millis(20);
/// A lapse that lasts longer ends the session. Source: design, "the session ends".
const LAPSE_ENDS: Micros = Micros::from_seconds(60);
/// A person gone for longer ends the session. Source: Design; longer than any cough or bridging.
const GONE_ENDS: Micros = Micros::from_seconds(10);

/// What the host knows of person and day when a session begins; it only tightens. What is missing is
/// taken as the strictest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CarryIn {
    /// Heat dose that the most heated strip has had today; missing: half of the day's limit.
    pub dose_today: Option<MilliCem43>,
    /// Whether this is the person's first session; missing: it is.
    pub first_session: Option<bool>,
    /// Cap on the force of both heads together.
    pub force_cap: Option<DeciNewtons>,
    /// Cap on the surfaces' temperature.
    pub surface_cap: Option<DeciCelsius>,
    /// Whether the clearance allows heat at all.
    pub heat_allowed: bool,
}

/// What is wished of the guard this cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// A valid request arrived in this cycle. The guard counts its expiry itself.
    pub renewed: bool,
    /// A session shall begin.
    pub begin: Option<CarryIn>,
    /// The session shall end in good order.
    pub finish: bool,
    /// Everything shall end at once.
    pub stop: bool,
}

/// Where the session stands for the guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No session.
    #[default]
    Idle,
    /// Begun; the hand switch has not been pressed, or too long ago.
    Awaiting,
    /// The hand switch was pressed; nothing has heated or pressed yet.
    Armed { at: Instant },
    /// Under way.
    Active,
}

/// What the permission says this cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Granted {
    /// Heat and force are permitted.
    pub granted: bool,
    /// A session is under way but its renewal lapsed.
    pub lapsed: bool,
    /// The hand switch ended the session.
    pub hand_stop: bool,
    /// The session's clock started in this cycle.
    pub started: bool,
    /// The session ended in this cycle.
    pub ended: bool,
    /// The session is longer than allowed.
    pub overtime: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Permission {
    phase: Phase,
    carry: CarryIn,
    renewed: Option<Instant>,
    started: Option<Instant>,
    present_last: Option<Instant>,
    switch: Hysteresis,
    switch_known: bool,
}

impl Permission {
    /// Takes this cycle's wish, the hand switch (`None` when its reading is not fresh) and whether a
    /// person lies there.
    pub(crate) fn step(&mut self, at: Instant, wish: &Wish, switch: Option<bool>, present: bool) -> Granted {
        let pressed = self.press(at, switch);
        if wish.renewed {
            self.renewed = Some(at);
        }
        if present {
            self.present_last = Some(at);
        }
        let lapse = self.renewed.map_or(Micros::new(u64::MAX), |renewed| since(at, renewed));
        let mut now = Granted::default();
        let was = self.phase;
        self.phase = match self.phase {
            Phase::Idle => match wish.begin {
                Some(carry) if !wish.finish => {
                    self.carry = carry;
                    self.started = None;
                    Phase::Awaiting
                }
                _ => Phase::Idle,
            },
            _ if wish.finish || lapse > LAPSE_ENDS => Phase::Idle,
            Phase::Awaiting if pressed && present => {
                now.started = self.started.is_none();
                self.started.get_or_insert(at);
                Phase::Armed { at }
            }
            Phase::Armed { at: armed } if since(at, armed) > limits::HAND_SWITCH_LEAD => Phase::Awaiting,
            phase => phase,
        };
        let under_way = matches!(self.phase, Phase::Armed { .. } | Phase::Active);
        if under_way && matches!(was, Phase::Armed { .. } | Phase::Active) {
            now.hand_stop = pressed;
            if self.present_last.is_some_and(|last| since(at, last) > GONE_ENDS) {
                self.phase = Phase::Idle;
            }
        }
        now.ended = was != Phase::Idle && self.phase == Phase::Idle;
        now.overtime = self.phase != Phase::Idle
            && self.started.is_some_and(|started| since(at, started) > limits::SESSION);
        now.lapsed = under_way && lapse > limits::REQUEST_EXPIRY;
        now.granted = under_way && self.phase != Phase::Idle && !now.lapsed && present;
        now
    }

    /// Something heats or presses: the lead of the hand switch is used.
    pub(crate) fn used(&mut self) {
        if matches!(self.phase, Phase::Armed { .. }) {
            self.phase = Phase::Active;
        }
    }

    /// What was known when the session began.
    pub(crate) fn carry(&self) -> &CarryIn {
        &self.carry
    }

    /// Whether the hand switch has armed a session.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Armed { .. } | Phase::Active)
    }

    /// Whether a session has begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// Arms without the hand switch: only for guards that are broken on purpose.
    pub(crate) fn arm(&mut self, at: Instant) {
        if self.phase == Phase::Awaiting {
            self.started.get_or_insert(at);
            self.phase = Phase::Armed { at };
        }
    }

    /// A settled change from released to pressed. A switch that is pressed when it is first read has
    /// not been pressed for anything.
    fn press(&mut self, at: Instant, switch: Option<bool>) -> bool {
        let Some(input) = switch else { return false };
        if !self.switch_known {
            self.switch_known = true;
            if input {
                self.switch.settle(at, true, Micros::ZERO, Micros::ZERO);
            }
            return false;
        }
        let was = self.switch.is_on();
        self.switch.settle(at, input, SWITCH_SETTLES, SWITCH_SETTLES) && !was
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bench {
        permission: Permission,
        at: Instant,
    }

    impl Bench {
        fn new() -> Self {
            Self { permission: Permission::default(), at: Instant::START }
        }

        fn run(&mut self, millis: u64, wish: Wish, switch: bool, present: bool) -> Granted {
            let mut last = Granted::default();
            for _ in 0..millis / 2 {
                self.at = self.at.after(Micros::from_millis(2));
                let now = self.permission.step(self.at, &wish, Some(switch), present);
                last = Granted {
                    hand_stop: last.hand_stop | now.hand_stop,
                    ended: last.ended | now.ended,
                    ..now
                };
            }
            last
        }

        fn begun(&mut self) {
            self.run(10, RENEWED, false, true);
            self.run(10, Wish { begin: Some(CarryIn::default()), ..RENEWED }, false, true);
        }
    }

    const RENEWED: Wish = Wish { renewed: true, begin: None, finish: false, stop: false };

    #[test]
    fn the_hand_switch_grants_only_after_the_beginning() {
        let mut bench = Bench::new();
        assert!(!bench.run(100, RENEWED, true, true).granted);
        bench.begun();
        assert!(!bench.run(100, RENEWED, false, true).granted);
        assert!(bench.run(100, RENEWED, true, true).granted);
    }

    #[test]
    fn a_switch_held_since_before_grants_nothing() {
        let mut bench = Bench::new();
        bench.run(100, RENEWED, true, true);
        bench.run(10, Wish { begin: Some(CarryIn::default()), ..RENEWED }, true, true);
        assert!(!bench.run(1000, RENEWED, true, true).granted);
    }

    #[test]
    fn a_bounce_of_a_few_milliseconds_is_no_press() {
        let mut bench = Bench::new();
        bench.begun();
        for _ in 0..20 {
            assert!(!bench.run(18, RENEWED, true, true).granted);
            assert!(!bench.run(4, RENEWED, false, true).granted);
        }
    }

    #[test]
    fn the_lead_ends_at_its_limit_when_nothing_starts() {
        for (millis, granted) in [(29_900, true), (30_100, false)] {
            let mut bench = Bench::new();
            bench.begun();
            bench.run(30, RENEWED, true, true);
            assert_eq!(bench.run(millis, RENEWED, false, true).granted, granted, "after {millis} ms");
        }
    }

    #[test]
    fn permission_lapses_at_its_limit_and_comes_back_with_renewal() {
        for millis in (10..600).step_by(10) {
            let mut bench = Bench::new();
            bench.begun();
            bench.run(30, RENEWED, true, true);
            bench.permission.used();
            let quiet = bench.run(millis, Wish::default(), false, true);
            assert_eq!(quiet.granted, millis <= 250, "quiet for {millis} ms");
            assert_eq!(quiet.lapsed, millis > 250);
            assert!(bench.run(10, RENEWED, false, true).granted);
        }
    }

    #[test]
    fn a_lapse_of_a_minute_ends_the_session() {
        let mut bench = Bench::new();
        bench.begun();
        bench.run(30, RENEWED, true, true);
        bench.permission.used();
        assert!(bench.run(60_500, Wish::default(), false, true).ended);
        assert!(!bench.run(1000, RENEWED, false, true).granted);
    }

    #[test]
    fn a_second_press_ends_everything() {
        let mut bench = Bench::new();
        bench.begun();
        bench.run(30, RENEWED, true, true);
        bench.permission.used();
        assert!(!bench.run(500, RENEWED, true, true).hand_stop, "still the first press");
        assert!(!bench.run(500, RENEWED, false, true).hand_stop);
        assert!(bench.run(40, RENEWED, true, true).hand_stop);
    }

    #[test]
    fn nobody_there_is_no_permission() {
        let mut bench = Bench::new();
        bench.begun();
        assert!(!bench.run(100, RENEWED, true, false).granted);
    }

    #[test]
    fn the_session_is_over_time_at_its_limit() {
        let mut bench = Bench::new();
        bench.begun();
        bench.run(30, RENEWED, true, true);
        bench.permission.used();
        assert!(!bench.run(2_399_000, RENEWED, false, true).overtime);
        assert!(bench.run(1_100, RENEWED, false, true).overtime);
    }
}
