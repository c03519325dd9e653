//! What host and bed say to each other.

use crate::journal::{JournalLine, Verdict};
use bed::{BedConfig, HeatDose, Report, Request, SessionState};
use counts::Instant;
use serde::{Deserialize, Serialize};

/// Longest name of a version, bytes.
pub const VERSION_NAME_MAX: usize = 24;

/// What is said to a bed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToBed {
    /// Whoever sends this wants to hear every report.
    Listen,
    /// Whoever sends this wants to lead sessions. The bed answers with [`FromBed::Leads`] or a refusal.
    Lead,
    /// What is wished; only from whoever leads.
    Request {
        /// The wish.
        request: Request,
        /// Moment of the last report that the sender has seen: it shows how old the wish is.
        seen: Instant,
    },
    /// Everything ends now and the person is released. Heard from whoever says it, before all else.
    Stop,
    /// What the simulated person does, or what happens at the simulated bed. A bed that is none refuses.
    Twin(TwinAct),
}

/// What is done to a twin, in place of what people and parts do by themselves at a bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TwinAct {
    /// The hand switch is pressed for a moment.
    PressHandSwitch,
    /// The emergency stop is pressed, or pulled out again.
    EmergencyStop {
        /// Pressed.
        pressed: bool,
    },
    /// The person lies down.
    LieDown,
    /// The person gets up.
    GetUp,
    /// The person moves on the bed.
    Move {
        /// Towards the feet, mm.
        foot_mm: i16,
        /// To their left, mm.
        left_mm: i16,
    },
    /// The person coughs.
    Cough,
    /// Whether the person lies down and presses the hand switch by themselves when the bed waits for it.
    Willing {
        /// They do.
        willing: bool,
    },
    /// The bed is switched off and on again.
    Restart,
    /// Something breaks: a class of faults, and which of its kind.
    Break {
        /// Number of the class.
        class: u8,
        /// What else is drawn.
        seed: u32,
    },
    /// Everything that was broken is mended. What has latched stays latched until the bed is restarted.
    Mend,
}

/// What a bed says of itself to everybody who comes to the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// A number drawn when the bed was switched on: another number is another beginning of time.
    pub boot: u64,
    /// It is a twin, and nobody lies on it.
    pub simulated: bool,
    /// Version of what runs at the bed's end.
    pub version: heapless::String<VERSION_NAME_MAX>,
    /// Checksum of the limits that its guard holds.
    pub limits_checksum: u32,
    /// Its moment.
    pub now: Instant,
    /// Where its session stands.
    pub state: SessionState,
    /// What it is.
    pub config: BedConfig,
}

/// What a bed says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "without an allocator there is no box, and reports are the rule"
)]
pub enum FromBed {
    /// First of all, again to who listens from now on, and again after it was switched off and on.
    Hello(Hello),
    /// Whoever hears this leads from now on.
    Leads,
    /// One cycle.
    Report(Report),
    /// What its guard has counted of heat since the session began; about once a second, and when one ends.
    HeatDose(HeatDose),
    /// What was asked for is not done.
    Refused(Refused),
    /// What happened at a twin.
    Journal(JournalLine),
    /// How a twin's limits hold since something was broken in it; about once a second.
    Verdict(Verdict),
}

/// Why a bed does not do what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Refused {
    /// Somebody else leads.
    Led,
    /// A session is under way that another one began; it can be stopped, but not taken over.
    UnderWay,
    /// Only whoever leads may wish.
    NotLeading,
    /// The wish is too old, or claims to have seen what is still to come.
    Late,
    /// Whoever led was silent for too long; the session ends without them.
    Silent,
    /// It was stopped, and stays so until it is switched off and on.
    Stopped,
    /// It is no twin.
    NoTwin,
}

impl Refused {
    /// One plain sentence, with the way out.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Led => "another host leads this bed: end it first",
            Self::UnderWay => {
                "a session is under way that another host began: wait until the bed has released the person, or stop it"
            }
            Self::NotLeading => "this host does not lead the bed",
            Self::Late => "the wish came too late to count",
            Self::Silent => "the host was silent for too long: the session ends and must be begun anew",
            Self::Stopped => "the bed was stopped: switch it off and on again",
            Self::NoTwin => "this is a bed, not a twin",
        }
    }
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.words())
    }
}

impl core::error::Error for Refused {}
