//! Where a session stands, as one table of states by causes.
//!
//! The table is exhaustive: each state names its successor for each cause, and staying is written
//! out. `session.mmd` beside this crate draws it, and a test keeps the drawing true. Timing, hysteresis
//! and the question whether a cause holds lie elsewhere; the table only says what follows.

use bed::SessionState;

/// Why a session moves on. Where several hold in one cycle they are taken in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// Stop was asked for, or the guard has released the person.
    Stopped,
    /// Heads are low and carriages parked after power-on.
    Homed,
    /// The host asks for a session.
    Begin,
    /// Somebody of plausible weight lies still on the bed.
    PersonLies,
    /// Nobody lies on the bed any more.
    PersonGone,
    /// The hand switch was pressed.
    SwitchPressed,
    /// Nothing pressed or warmed within the lead after the hand switch.
    LeadOver,
    /// The host asks for a scan.
    AskScan,
    /// The host asks for a stroke.
    AskTreat,
    /// The host asks for rest, or the work is done and nothing follows.
    WorkOver,
    /// The host asks to end in good order.
    Finish,
    /// The host fell silent for too long.
    HostGone,
    /// The session has reached its longest time.
    TimeOver,
    /// Heads are low and carriages parked after the session.
    Released,
}

impl Cause {
    /// Every cause, in the order in which the table's columns stand.
    pub const ALL: [Self; 14] = [
        Self::Stopped,
        Self::Homed,
        Self::Begin,
        Self::PersonLies,
        Self::PersonGone,
        Self::SwitchPressed,
        Self::LeadOver,
        Self::AskScan,
        Self::AskTreat,
        Self::WorkOver,
        Self::Finish,
        Self::HostGone,
        Self::TimeOver,
        Self::Released,
    ];
}

/// Every state, in the order in which the table's rows stand.
pub const STATES: [SessionState; 9] = [H, I, P, W, A, S, T, R, X];

const H: SessionState = SessionState::Homing;
const I: SessionState = SessionState::Idle;
const P: SessionState = SessionState::AwaitingPerson;
const W: SessionState = SessionState::AwaitingSwitch;
const A: SessionState = SessionState::Armed;
const S: SessionState = SessionState::Scanning;
const T: SessionState = SessionState::Treating;
const R: SessionState = SessionState::Releasing;
const X: SessionState = SessionState::Safe;

/// The state that follows, by state (row) and cause (column).
#[rustfmt::skip]
pub const NEXT: [[SessionState; Cause::ALL.len()]; STATES.len()] = [
    //          Stop Homed Begin Lies Gone Switch Lead Scan Treat Over Finish Host Time Released
    /* Homing   */ [X, I, H, H, H, H, H, H, H, H, H, H, H, H],
    /* Idle     */ [X, I, P, I, I, I, I, I, I, I, I, I, I, I],
    /* Person   */ [X, P, P, W, P, P, P, P, P, P, R, R, R, P],
    /* Switch   */ [X, W, W, W, P, A, W, W, W, W, R, R, R, W],
    /* Armed    */ [X, A, A, A, R, X, W, S, T, A, R, R, R, A],
    /* Scanning */ [X, S, S, S, R, X, W, S, T, A, R, R, R, S],
    /* Treating */ [X, T, T, T, R, X, W, S, T, A, R, R, R, T],
    /* Release  */ [X, R, R, R, R, R, R, R, R, R, R, R, R, I],
    /* Safe     */ [X, X, X, X, X, X, X, X, X, X, X, X, X, X],
];

/// The state that follows `state` for `cause`.
#[must_use]
pub const fn next(state: SessionState, cause: Cause) -> SessionState {
    NEXT[state as usize][cause as usize]
}

/// True where heat and force are permitted as far as the session goes.
#[must_use]
pub const fn is_armed(state: SessionState) -> bool {
    matches!(state, A | S | T)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::fmt::Write as _;
    use std::string::String;

    #[test]
    fn rows_and_columns_stand_in_the_order_of_their_codes() {
        for (row, state) in STATES.into_iter().enumerate() {
            assert_eq!(state as usize, row);
        }
        for (column, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, column);
        }
    }

    #[test]
    fn the_drawing_shows_the_table() {
        let mut drawing = String::from("stateDiagram-v2\n    [*] --> Homing\n");
        for state in STATES {
            for cause in Cause::ALL {
                let to = next(state, cause);
                if to != state {
                    let _ = writeln!(drawing, "    {state:?} --> {to:?}: {cause:?}");
                }
            }
        }
        assert_eq!(drawing, include_str!("../session.mmd"), "the drawing should be:\n{drawing}");
    }

    #[test]
    fn a_stop_leads_to_the_safe_state_from_everywhere_and_nothing_leads_out_of_it() {
        for state in STATES {
            assert_eq!(next(state, Cause::Stopped), SessionState::Safe);
        }
        for cause in Cause::ALL {
            assert_eq!(next(SessionState::Safe, cause), SessionState::Safe);
        }
    }

    #[test]
    fn only_a_press_of_the_hand_switch_arms() {
        for state in STATES {
            for cause in Cause::ALL {
                if !is_armed(state) && is_armed(next(state, cause)) {
                    assert_eq!((state, cause), (SessionState::AwaitingSwitch, Cause::SwitchPressed));
                }
            }
        }
    }
}
