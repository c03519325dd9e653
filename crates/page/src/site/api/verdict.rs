//! What the answers of an interview ask for, and what somebody can do now, as programs get it.

use super::guide::words;
use crate::api::shapes;
use crate::guide::{heading, may_self_care, now};
use care::topic::{Line, Source};
use care::triage::{Ground, LookAgain, TriageReason, look_again};
use care::{Evidence, Findings, Urgency, Words, triage};
use serde::Serialize;
use utoipa::ToSchema;

/// What the answers ask for.
#[derive(Serialize, ToSchema)]
pub(super) struct TriageTold {
    #[schema(value_type = shapes::Urgency)]
    urgency: Urgency,
    /// The same in a few words.
    #[schema(value_type = shapes::Words)]
    heading: Words,
    /// Whether such an interview can be kept, and more be asked for the bed.
    may_go_on: bool,
    reasons: Vec<TriageReasonTold>,
    /// For an emergency: numbers to call, and what to do and say while help comes; else null.
    emergency: Option<EmergencyTold>,
    /// When to look again, for whom no doctor has to see today.
    again: Vec<AgainTold>,
    /// What to do now and in the next hours, for whom no doctor has to look first.
    #[schema(value_type = Vec<shapes::GuideLine>)]
    hours: Vec<&'static Line>,
    /// What those lines rest on.
    #[schema(value_type = Vec<shapes::Source>)]
    sources: Vec<Source>,
}

/// Why.
#[derive(Serialize, ToSchema)]
struct TriageReasonTold {
    /// The rule.
    id: &'static str,
    /// By the answers; false where a question was due and has none, which counts as the strictest.
    answered: bool,
    /// Why, to the person.
    #[schema(value_type = shapes::Words)]
    why: &'static Words,
    /// What to say to the doctor.
    #[schema(value_type = shapes::Words)]
    say: &'static Words,
    #[schema(value_type = shapes::Evidence)]
    evidence: Evidence,
    /// What it rests on, written out.
    sources: &'static [String],
}

/// Help.
#[derive(Serialize, ToSchema)]
struct EmergencyTold {
    numbers: Vec<NumberTold>,
    #[schema(value_type = Vec<shapes::Words>)]
    words: Vec<Words>,
}

/// A number to call.
#[derive(Serialize, ToSchema)]
struct NumberTold {
    number: &'static str,
    #[schema(value_type = shapes::Words)]
    place: Words,
}

/// When to look again.
#[derive(Serialize, ToSchema)]
struct AgainTold {
    #[schema(value_type = shapes::Words)]
    words: &'static Words,
    #[schema(value_type = shapes::Evidence)]
    evidence: Evidence,
    /// What it rests on, written out.
    sources: &'static [String],
}

impl TriageTold {
    /// Of a finished interview.
    pub(super) fn of(told: &Findings) -> Self {
        let judged = triage(told);
        let (urgency, may_go_on) = (judged.urgency, may_self_care(told));
        let reason = |reason: &TriageReason| TriageReasonTold {
            id: &reason.rule.id,
            answered: reason.ground == Ground::Told,
            why: &reason.rule.why,
            say: &reason.rule.say,
            evidence: reason.rule.evidence,
            sources: &reason.rule.sources,
        };
        let number = |(number, place)| NumberTold { number, place };
        let emergency = || EmergencyTold {
            numbers: now::emergency_numbers().map(number).into(),
            words: now::emergency_words(),
        };
        let again = |line: &'static LookAgain| AgainTold {
            words: &line.words,
            evidence: line.evidence,
            sources: &line.sources,
        };
        let later = if urgency < Urgency::Today { look_again() } else { &[] };
        let hours = if may_go_on { now::hours() } else { Vec::new() };
        let cited = now::sheet_topic().sources.iter();
        let cited = cited.filter(|source| hours.iter().any(|line| line.source.contains(&source.key)));
        Self {
            urgency,
            heading: words(|language| heading(urgency, language)),
            may_go_on,
            reasons: judged.reasons.iter().map(reason).collect(),
            emergency: (urgency == Urgency::Emergency).then(emergency),
            again: later.iter().map(again).collect(),
            sources: cited.cloned().collect(),
            hours,
        }
    }
}
