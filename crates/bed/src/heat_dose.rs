//! Heat dose as the bed counts it: by strip of the bed and side, since its session began.

use counts::{Micrometres, MilliCem43, STRIPS_MAX};
use heapless::Vec;
use serde::{Deserialize, Serialize};

/// Most strips of one side.
pub const STRIPS_SIDE: usize = STRIPS_MAX / 2;
/// Most mats that are counted. Source: `BedConfig` holds as many.
pub const MATS_COUNTED: usize = 4;

/// The guard's book of heat since its session began: what this session alone has added, without what the
/// host carried in for the day. An upper bound of what the skin has had.
///
/// Within one session of one switching-on no figure ever falls. It goes on growing after the session's end,
/// while skin or mats are still warm, until the next session begins. A strip is brought up to date every
/// 0.4 s, so the last figure may lack that much heat (at 45 C 0.03 CEM43).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeatDose {
    /// Sessions that the hand switch has begun since the bed was switched on; the book is of the last one.
    /// Zero: none yet, and the book is empty.
    pub session: u32,
    /// Where the first strip begins along the bed.
    pub origin: Micrometres,
    /// Length of a strip.
    pub pitch: Micrometres,
    /// Under the left heads, from the head end; heat that comes from a mat is in it as well.
    pub left: Vec<MilliCem43, STRIPS_SIDE>,
    /// Under the right heads.
    pub right: Vec<MilliCem43, STRIPS_SIDE>,
    /// On each mat, wherever it lies.
    pub mats: Vec<MilliCem43, MATS_COUNTED>,
}

impl HeatDose {
    /// The most heated place.
    #[must_use]
    pub fn most(&self) -> MilliCem43 {
        let all = self.left.iter().chain(&self.right).chain(&self.mats);
        all.copied().max().unwrap_or(MilliCem43::ZERO)
    }
}
