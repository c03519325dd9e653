//! All that can be logged besides readings, requests and outputs.

use counts::{DeciNewtons, Fault, Micrometres, Millis};
use serde::{Deserialize, Serialize};

/// Where the session stands. The machine's control moves it by a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SessionState {
    /// Just powered: heads are lowered and the carriage finds its park.
    #[default]
    Homing,
    /// Ready for a person.
    Idle,
    /// A session was asked for; nobody lies on the bed yet.
    AwaitingPerson,
    /// Somebody lies on the bed; the hand switch has not been pressed yet.
    AwaitingSwitch,
    /// The person has pressed the hand switch: heat and motion are permitted.
    Armed,
    /// A scan is under way.
    Scanning,
    /// A stroke is under way.
    Treating,
    /// Heads go low and the carriage to its park.
    Releasing,
    /// Released for good reason and latched until the bed is started anew.
    Safe,
}

/// Something that happened in one cycle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The session moved to another state.
    State {
        /// Before.
        from: SessionState,
        /// After.
        to: SessionState,
    },
    /// Somebody lies on the bed.
    Occupied {
        /// Weight that the corner cells show.
        weight: DeciNewtons,
    },
    /// A head touches the person.
    Landed {
        /// Which head.
        head: u8,
        /// Where along the bed.
        at: Micrometres,
    },
    /// A head has left the person.
    LiftedOff {
        /// Which head.
        head: u8,
        /// Where along the bed.
        at: Micrometres,
    },
    /// The scan's turning point was reached.
    ScanTurned,
    /// The scan is complete.
    ScanDone,
    /// A stroke began.
    StrokeStarted {
        /// Its number in the plan.
        id: u16,
    },
    /// A stroke is over.
    StrokeDone {
        /// Its number in the plan.
        id: u16,
    },
    /// The force was held below what was asked for.
    ForceHeld {
        /// Asked for, both heads.
        asked: DeciNewtons,
        /// Granted, both heads.
        granted: DeciNewtons,
    },
    /// Breathing as it is felt under the heads.
    Breathing {
        /// Length of one breath.
        period: Millis,
        /// Height of the back's motion, peak to peak.
        amplitude: Micrometres,
    },
    /// A request lapsed without renewal.
    RequestLapsed {
        /// Which one.
        id: u32,
    },
    /// The guard found a fault.
    Fault {
        /// Which one.
        fault: Fault,
        /// Which axis, head or zone, where there are several.
        index: u8,
    },
    /// A fault is over and its response has ended.
    FaultCleared {
        /// Which one.
        fault: Fault,
        /// Which axis, head or zone, where there are several.
        index: u8,
    },
}
