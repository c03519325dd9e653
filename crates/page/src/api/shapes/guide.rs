//! What the guide tells, and what a person keeps beside the bed.

use super::{Certainty, Evidence, Hearsay, Reading, TriggerVerdict, Words};
use serde_json::Value;
use utoipa::ToSchema;

/// What a statement rests on, written out.
#[derive(ToSchema)]
pub(crate) struct Source {
    /// By this it is cited.
    key: String,
    /// Who, when, where, and how far it was read.
    text: String,
}

/// One thing to know.
#[derive(ToSchema)]
pub(crate) struct GuideLine {
    id: String,
    words: Words,
    /// Keys of the sources; empty only where nothing is shown.
    source: Vec<String>,
    evidence: Evidence,
    /// Day on which the sources were looked at.
    checked: String,
}

/// A statement that people hear.
#[derive(ToSchema)]
pub(crate) struct Claim {
    id: String,
    /// Place in the list of statements that the guide must meet; null for one often heard besides.
    number: Option<u32>,
    /// The statement.
    said: Words,
    verdict: Hearsay,
    /// Why.
    words: Words,
    /// Keys of the sources of `GET /api/v1/guide/claims`.
    source: Vec<String>,
    evidence: Evidence,
    /// Day on which the sources were looked at.
    checked: String,
    /// Topic where a person meets it, or `bed`.
    topic: String,
}

/// What people hear, with verdicts.
#[derive(ToSchema)]
pub(crate) struct Claims {
    claims: Vec<Claim>,
    sources: Vec<Source>,
}

/// What may play a part in a spasm. Never a diagnosis.
#[derive(ToSchema)]
pub(crate) struct Causes {
    /// Heading above the questions about them.
    title: Words,
    frequency: Frequency,
    causes: Vec<Cause>,
    sources: Vec<Source>,
}

/// From when on the frequency of spasms is itself a reason to have them looked at.
#[derive(ToSchema)]
pub(crate) struct Frequency {
    /// Options of the question `how_often`.
    is: Vec<String>,
    words: Words,
}

/// One contributor.
#[derive(ToSchema)]
pub(crate) struct Cause {
    id: String,
    title: Words,
    words: Words,
    /// Answers that speak for it.
    speaks_for: Vec<Sign>,
    /// Answers that speak against it.
    speaks_against: Vec<Sign>,
    /// Topics that help.
    what_helps: Vec<String>,
    /// Whether a doctor should look at it when it is likely or keeps coming back.
    evaluation: bool,
    /// Keys of the sources of `GET /api/v1/guide/causes`.
    source: Vec<String>,
    /// How well the link is supported, not the weights.
    evidence: Evidence,
    /// Day on which the sources were looked at.
    checked: String,
}

/// An answer that speaks for or against a cause.
#[derive(ToSchema)]
pub(crate) struct Sign {
    /// The question.
    fact: String,
    /// What the answer must be: true or false, an option, a list of options, or `min` and `max`.
    is: Value,
    /// 1 a little, 2 clearly, 3 strongly.
    weight: u8,
    /// Why, in plain words.
    why: Words,
}

/// One contributor, weighed by what was told.
#[derive(ToSchema)]
pub(crate) struct Likely {
    cause: Cause,
    certainty: Certainty,
    /// The answers that speak for it, the strongest first.
    because: Vec<Sign>,
    /// The answers that speak against it, the strongest first.
    against: Vec<Sign>,
}

/// How an exercise is dosed.
#[derive(ToSchema)]
pub(crate) struct Dose {
    /// Rounds.
    sets: u32,
    /// Repetitions in a round (each side, where there are sides).
    repetitions: u32,
    /// Seconds that one repetition is held or takes.
    seconds: u32,
    /// Sessions in a week; 14 is twice a day.
    times_a_week: u32,
}

/// What somebody chose for the break reminder.
#[derive(ToSchema)]
pub(crate) struct BreakSettings {
    /// Sitting until a reminder, minutes.
    #[schema(minimum = 5, maximum = 240)]
    interval_min: u16,
    /// Hours without reminders; null where none are wished.
    quiet: Option<Quiet>,
}

/// Hours without reminders; may run over midnight.
#[derive(ToSchema)]
pub(crate) struct Quiet {
    /// First quiet minute, counted from midnight.
    #[schema(minimum = 0, maximum = 1439)]
    from_min: u16,
    /// First minute that is no longer quiet; another one.
    #[schema(minimum = 0, maximum = 1439)]
    until_min: u16,
}

/// The reminders of one day.
#[derive(ToSchema)]
pub(crate) struct BreakCounts {
    given: u32,
    /// Break taken, by answer or by getting up.
    taken: u32,
    /// Put off.
    postponed: u32,
    /// Turned down.
    skipped: u32,
    /// Withdrawn without an answer.
    unanswered: u32,
}

/// Pain at the start and at the end of what was written down: averages of a week, 0 to 10.
#[derive(ToSchema)]
pub(crate) struct PainCourse {
    first: f64,
    now: f64,
    reading: Reading,
}

/// The first and the last Roland-Morris score, 0 to 24.
#[derive(ToSchema)]
pub(crate) struct RolandCourse {
    first: u8,
    now: u8,
    reading: Reading,
}

/// One trigger and the spasms.
#[derive(ToSchema)]
pub(crate) struct Association {
    /// Its name, or `strain` with the name of one.
    trigger: Value,
    /// First days of a spasm that could be compared with other days.
    episodes: usize,
    /// Days that they were compared with.
    control_days: usize,
    /// Odds ratio of a spasm for one unit more.
    odds_ratio: Option<f64>,
    /// Lower end of the 95 % interval.
    low: Option<f64>,
    /// Upper end of the 95 % interval.
    high: Option<f64>,
    /// Chance of as much without any effect, corrected for the number of triggers.
    p_corrected: Option<f64>,
    verdict: TriggerVerdict,
    /// Triggers that come and go together with it.
    together_with: Vec<Value>,
}
