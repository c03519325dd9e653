//! What the simulated person does when the bed asks: lies down, presses the hand switch, gets up.

use bed::{Event, SessionState};
use counts::Micros;
use twin::Disturbance;

/// Guess: a person lies down so long after being asked to.
const LIE_DOWN: Micros = Micros::from_millis(1500);
/// Guess: a person presses the hand switch so long after being asked to.
const PRESS: Micros = Micros::from_millis(2000);
/// Guess: a person gets up so long after being released.
const GET_UP: Micros = Micros::from_millis(3000);

/// What a willing person does after an event, and how long after it. `lies` tells whether they are on
/// the bed already.
#[must_use]
pub fn answer(event: &Event, lies: bool) -> Option<(Disturbance, Micros)> {
    let Event::State { from, to } = *event else { return None };
    match to {
        SessionState::AwaitingPerson if !lies => Some((Disturbance::LieDown, LIE_DOWN)),
        SessionState::AwaitingSwitch => Some((Disturbance::PressHandSwitch, PRESS)),
        SessionState::Idle if from == SessionState::Releasing && lies => Some((Disturbance::GetUp, GET_UP)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(from: SessionState, to: SessionState) -> Event {
        Event::State { from, to }
    }

    #[test]
    fn the_switch_is_pressed_when_asked_for_and_never_else() {
        let asked = moved(SessionState::AwaitingPerson, SessionState::AwaitingSwitch);
        assert_eq!(answer(&asked, true), Some((Disturbance::PressHandSwitch, PRESS)));
        let armed = moved(SessionState::AwaitingSwitch, SessionState::Armed);
        assert_eq!(answer(&armed, true), None);
    }

    #[test]
    fn nobody_gets_up_who_has_not_been_released() {
        let released = moved(SessionState::Releasing, SessionState::Idle);
        assert_eq!(answer(&released, true), Some((Disturbance::GetUp, GET_UP)));
        assert_eq!(answer(&moved(SessionState::Homing, SessionState::Idle), true), None);
        assert_eq!(answer(&released, false), None);
    }
}
