//! Who may ask a bed for something. The bed's end keeps one [`Door`], whatever the line is made of.
//!
//! * A stop comes through from whoever says it, at once, and nothing comes through after it.
//! * One host leads. Nobody takes a session over that another began: it is released first.
//! * A wish tells the moment of the last report that its sender has seen. One that was held up on the way, or
//!   in a host that stood still, is too old to count, and does not renew anything.
//! * A leader who was silent for some seconds of a session leads no more. What came back would not know what
//!   happened to the person meanwhile; the session lapses and ends by the machine's own clock.

use bed::{Ask, Request, SessionState};
use counts::{Instant, Micros};

use crate::message::{Refused, ToBed, TwinAct};

/// Whoever stands at the other end of one line.
pub type Peer = u32;

/// Oldest report that a wish may go by. Source: design, requests delayed by up to 300 ms do no harm; with the
/// expiry of 250 ms, what a host wished is over within 0.55 s of what it saw.
pub const SEEN_MAX: Micros = Micros::from_millis(300);

/// Longest silence of a leader in a session. Guess: a page's hiccup is shorter, a person's worry begins.
pub const SILENCE_MAX: Micros = Micros::from_seconds(3);

/// What comes through the door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passed {
    /// Whoever asked leads now.
    Leads,
    /// A wish for the machine.
    Request(Request),
    /// A stop.
    Stop,
    /// For the simulated person or bed.
    Twin(TwinAct),
}

/// The door of one bed.
#[derive(Clone, Debug, Default)]
pub struct Door {
    simulated: bool,
    leader: Option<Peer>,
    heard: Instant,
    stopped: bool,
}

impl Door {
    /// The door of a bed that has just been switched on; of a twin, if it is `simulated`.
    #[must_use]
    pub fn new(simulated: bool) -> Self {
        Self { simulated, ..Self::default() }
    }

    /// Who leads.
    #[must_use]
    pub fn leader(&self) -> Option<Peer> {
        self.leader
    }

    /// Lets a message in that came from `peer` at `now`, where the session stands at `state`.
    ///
    /// # Errors
    /// Why it stays outside.
    pub fn take(
        &mut self,
        now: Instant,
        state: SessionState,
        peer: Peer,
        message: &ToBed,
    ) -> Result<Passed, Refused> {
        match *message {
            ToBed::Stop | ToBed::Request { request: Request { ask: Ask::Stop, .. }, .. } => {
                self.stopped = true;
                Ok(Passed::Stop)
            }
            ToBed::Twin(act) if self.simulated => Ok(Passed::Twin(act)),
            ToBed::Twin(_) => Err(Refused::NoTwin),
            ToBed::Lead => self.lead(now, state, peer),
            ToBed::Request { request, seen } => self.wish(now, state, peer, request, seen),
        }
    }

    /// A line has ended. Whoever led over it leads no more.
    pub fn left(&mut self, peer: Peer) {
        if self.leader == Some(peer) {
            self.leader = None;
        }
    }

    fn lead(&mut self, now: Instant, state: SessionState, peer: Peer) -> Result<Passed, Refused> {
        match self.leader {
            Some(leader) if leader != peer => Err(Refused::Led),
            None if !is_at_rest(state) => Err(Refused::UnderWay),
            _ => {
                self.leader = Some(peer);
                self.heard = now;
                Ok(Passed::Leads)
            }
        }
    }

    fn wish(
        &mut self,
        now: Instant,
        state: SessionState,
        peer: Peer,
        request: Request,
        seen: Instant,
    ) -> Result<Passed, Refused> {
        if self.stopped {
            return Err(Refused::Stopped);
        }
        if self.leader != Some(peer) {
            return Err(Refused::NotLeading);
        }
        let silent = now.since(self.heard).is_none_or(|span| span > SILENCE_MAX);
        if silent && !is_at_rest(state) {
            self.leader = None;
            return Err(Refused::Silent);
        }
        if now.since(seen).is_none_or(|age| age > SEEN_MAX) {
            return Err(Refused::Late);
        }
        self.heard = now;
        Ok(Passed::Request(request))
    }
}

/// No session is under way.
fn is_at_rest(state: SessionState) -> bool {
    matches!(state, SessionState::Homing | SessionState::Idle | SessionState::Safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use SessionState::{AwaitingPerson, AwaitingSwitch, Homing, Idle, Releasing, Safe, Scanning, Treating};

    const UNDER_WAY: [SessionState; 5] = [AwaitingPerson, AwaitingSwitch, Scanning, Treating, Releasing];

    fn at(millis: u64) -> Instant {
        Instant::from_micros(millis * 1000)
    }

    fn wish(seen: u64) -> ToBed {
        ToBed::Request { request: Request::new(1, Ask::Rest), seen: at(seen) }
    }

    fn led() -> Door {
        let mut door = Door::new(false);
        assert_eq!(door.take(at(0), Idle, 1, &ToBed::Lead), Ok(Passed::Leads));
        door
    }

    #[test]
    fn a_stop_comes_through_from_anybody_in_any_state_and_nothing_after_it() {
        for state in [Homing, Idle, Safe].into_iter().chain(UNDER_WAY) {
            for peer in [1, 2] {
                let stops =
                    [ToBed::Stop, ToBed::Request { request: Request::new(9, Ask::Stop), seen: at(99_999) }];
                for stop in stops {
                    let mut door = led();
                    assert_eq!(door.take(at(50_000), state, peer, &stop), Ok(Passed::Stop));
                    assert_eq!(door.take(at(50_002), state, 1, &wish(50_000)), Err(Refused::Stopped));
                    assert_eq!(door.take(at(50_004), state, peer, &ToBed::Stop), Ok(Passed::Stop));
                }
            }
        }
    }

    #[test]
    fn only_the_leader_wishes_and_there_is_one() {
        let mut door = led();
        assert_eq!(door.take(at(2), Idle, 2, &wish(0)), Err(Refused::NotLeading));
        assert_eq!(door.take(at(2), Idle, 2, &ToBed::Lead), Err(Refused::Led));
        assert!(matches!(door.take(at(2), Idle, 1, &wish(0)), Ok(Passed::Request(_))));
        door.left(2);
        assert_eq!(door.leader(), Some(1));
        door.left(1);
        assert_eq!(door.take(at(4), Idle, 2, &ToBed::Lead), Ok(Passed::Leads));
    }

    #[test]
    fn nobody_takes_over_a_session_that_another_began() {
        for state in UNDER_WAY {
            let mut door = led();
            door.left(1);
            for peer in [1, 2] {
                assert_eq!(door.take(at(10), state, peer, &ToBed::Lead), Err(Refused::UnderWay), "{state:?}");
                assert_eq!(door.take(at(10), state, peer, &wish(9)), Err(Refused::NotLeading));
            }
        }
    }

    #[test]
    fn a_wish_counts_as_long_as_its_sender_has_seen_the_present() {
        for age in 0..1000 {
            let mut door = led();
            let taken = door.take(at(1500), Treating, 1, &wish(1500 - age)).is_ok();
            assert_eq!(taken, age <= 300, "{age} ms");
        }
        assert_eq!(led().take(at(1500), Treating, 1, &wish(1502)), Err(Refused::Late));
    }

    #[test]
    fn late_wishes_keep_no_lead() {
        let mut door = led();
        for now in (0..4000).step_by(100) {
            let seen = if now == 0 { 0 } else { now - 301_u64.min(now) };
            let _ = door.take(at(now), Treating, 1, &wish(seen));
        }
        assert_eq!(door.leader(), None);
    }

    #[test]
    fn a_leader_who_was_silent_for_seconds_of_a_session_leads_no_more() {
        for state in UNDER_WAY {
            for silence in (2900..3200).step_by(2) {
                let mut door = led();
                let answer = door.take(at(silence), state, 1, &wish(silence));
                let lost = silence > 3000;
                assert_eq!(answer.is_err(), lost, "{silence} ms");
                let again = door.take(at(silence + 2), state, 1, &wish(silence));
                assert_eq!(again.is_err(), lost);
                assert_eq!(door.take(at(silence + 4), state, 1, &ToBed::Lead).is_err(), lost);
            }
        }
        assert!(led().take(at(900_000), Idle, 1, &wish(899_900)).is_ok(), "at rest silence is no harm");
    }

    #[test]
    fn only_a_twin_is_played_with() {
        let act = ToBed::Twin(TwinAct::PressHandSwitch);
        assert_eq!(Door::new(false).take(at(0), Idle, 1, &act), Err(Refused::NoTwin));
        assert_eq!(Door::new(true).take(at(0), Idle, 1, &act), Ok(Passed::Twin(TwinAct::PressHandSwitch)));
    }
}
