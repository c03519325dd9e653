//! What a session leaves behind: the record that the report is made of.

use super::attend::Wish;
use super::{Setting, trace::Trace};
use bed::SpineScan;
use care::Words;
use counts::Fault;
use plan::Plan;
use serde::Serialize;

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "how", content = "why", rename_all = "snake_case")]
pub enum Ended {
    /// All of the plan was given.
    Complete,
    /// The clearance refuses.
    NotCleared,
    /// The scan gave no answer.
    ScanRefused(String),
    /// The plan gave no answer; the record's refusal says why.
    PlanRefused,
    /// The person or the guard ended it.
    Stopped,
    /// The person ended it in good order.
    Finished,
    /// The person took none of what was proposed.
    Declined,
    /// Nobody answered the proposal.
    Unanswered,
    /// Whoever attended was gone for too long.
    Unattended,
    /// A stroke did not come to its end.
    Stalled(String),
}

/// A fault that the guard reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultSeen {
    /// Seconds since machine start.
    pub time_s: f64,
    /// Which fault.
    pub fault: Fault,
    /// Which axis, head or zone, where there are several.
    pub index: u8,
    /// In plain words.
    pub words: String,
}

/// A stroke that was given to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrokeGiven {
    /// Its number in the plan.
    pub id: u16,
    /// Its words.
    pub title: String,
    /// When it began, seconds since machine start.
    pub started_s: f64,
    /// When it was over.
    pub done_s: f64,
    /// Whether it held one place.
    pub held: bool,
}

/// A wish of the person and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WishSaid {
    /// Seconds since machine start.
    pub time_s: f64,
    /// The wish.
    pub wish: Wish,
    /// Whether it changed anything.
    pub granted: bool,
    /// What, or why not.
    pub words: Words,
}

/// A session from beginning to end.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRecord {
    /// How it ended.
    pub ended: Ended,
    /// Seconds from machine start to release.
    pub duration_s: f64,
    /// Name of the program.
    pub program: String,
    /// What screening allowed.
    pub clearance: care::Summary,
    /// Weight on the corner cells, N.
    pub weight_n: Option<f64>,
    /// How far the person was asked to move to their left before the second look, mm.
    pub moved_mm: Option<f64>,
    /// The scan before the treatment.
    pub scan: Option<SpineScan>,
    /// The plan.
    pub plan: Option<Plan>,
    /// Why there is no plan.
    pub refusal: Option<String>,
    /// Strokes given to their end.
    pub strokes: Vec<StrokeGiven>,
    /// Wishes in the order in which they came.
    pub wishes: Vec<WishSaid>,
    /// The scan after the treatment.
    pub after: Option<SpineScan>,
    /// What the guard reported.
    pub faults: Vec<FaultSeen>,
    /// What the report draws.
    #[serde(skip)]
    pub trace: Trace,
}

impl SessionRecord {
    pub(super) fn new(setting: &Setting<'_>, clearance: &care::Clearance) -> Self {
        Self {
            ended: Ended::Stopped,
            duration_s: 0.0,
            program: setting.program.name().to_owned(),
            clearance: clearance.summary(),
            weight_n: None,
            moved_mm: None,
            scan: None,
            plan: None,
            refusal: None,
            strokes: Vec::new(),
            wishes: Vec::new(),
            after: None,
            faults: Vec::new(),
            trace: Trace::default(),
        }
    }
}
