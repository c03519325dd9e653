//! The one way to a [`Clearance`] from everything that a person told: screening, triage and the thermal table.

use crate::answers::{Answer, Answers, Standing};
use crate::day::Day;
use crate::effect::Effect;
use crate::facts::{Findings, Value};
use crate::question::{Question, Tier, questions};
use crate::screen::{Because, Clearance, Person, Reason, granted, screening_reasons};
use crate::thermal::{First, OnBed, Thermal, thermal};
use crate::triage::{Ground, Triage, Urgency, answers_for_screening, triage};
use crate::words::Words;

/// Weighs all that is known of a person on the day `today`: the answers to the screening table, what was told
/// to the triage on the day `told_on`, and what the thermal table makes of both.
///
/// What was told counts for screening too, so that nothing is asked twice: a "yes" there is a "yes" here, for as
/// long as an answer of the row holds. Triage that asks for a doctor today, or more, refuses. All of it only
/// takes away: no clearance from here allows more than [`crate::screen`] with the same answers.
pub fn clear(person: &Person, answers: &Answers, findings: &Findings, told_on: Day, today: Day) -> Clearance {
    let known = Known::new(person, answers, findings, told_on, today);
    let mut reasons = triage_reasons(&triage(&known.findings));
    reasons.extend(screening_reasons(person, &known.answers, today));
    reasons.extend(thermal_reasons(&known.thermal(&known.answers, today)));
    granted(person, &known.answers, today, reasons)
}

/// What [`clear`] does not know and has to be asked; the person's measures are not among it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Open {
    /// Questions of the screening table without an answer that holds, in its order.
    pub questions: Vec<&'static Question>,
    /// Facts that the thermal table needs even if none of these questions fits.
    pub facts: Vec<&'static str>,
}

impl Open {
    /// What is open on the day `today`; the arguments are those of [`clear`].
    #[must_use]
    pub fn of(person: &Person, answers: &Answers, findings: &Findings, told_on: Day, today: Day) -> Self {
        let known = Known::new(person, answers, findings, told_on, today);
        let questions: Vec<&'static Question> = known.answers.open_questions(today).collect();
        let mut denied = known.answers.clone();
        for question in &questions {
            put(&mut denied, &question.id, Answer::No, today);
        }
        let asked = |id: &&str| !self::questions().iter().any(|question| question.id == **id);
        let facts = known.thermal(&denied, today).open.into_iter().filter(asked).collect();
        Self { questions, facts }
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty() && self.facts.is_empty()
    }
}

/// All that is known of a person, each thing where it is weighed.
struct Known {
    answers: Answers,
    findings: Findings,
    /// Least time since the injury, or since the spasm began.
    hours: Option<f64>,
}

impl Known {
    fn new(person: &Person, answers: &Answers, findings: &Findings, told_on: Day, today: Day) -> Self {
        let answers = with_findings(answers, findings, told_on, today);
        let mut findings = findings.clone();
        if let (None, Some(age)) = (findings.get("age_years"), person.age_years) {
            // An age outside the fact's range stays unknown, which is the strictest.
            let _ = findings.set("age_years", Value::Number(age));
        }
        let hours = match findings.get("days_since_start") {
            // Both counts of days may be short by nearly one: told late in the evening, asked early in the morning.
            Some(Value::Number(days)) => {
                let since = today.days_since(told_on).map_or(0, |days| days.saturating_sub(1));
                Some(24.0 * ((days - 1.0).max(0.0) + f64::from(since)))
            }
            _ => None,
        };
        Self { answers, findings, hours }
    }

    fn thermal(&self, answers: &Answers, today: Day) -> Thermal {
        thermal(&self.findings, answers, today, self.hours)
    }
}

fn put(answers: &mut Answers, id: &str, answer: Answer, today: Day) {
    let set = answers.set(id, answer, today);
    assert!(set.is_ok(), "the table knows its own questions");
}

/// The answers, and what was told besides: a "yes" of either side stands, a "no" fills what is open.
fn with_findings(answers: &Answers, findings: &Findings, told_on: Day, today: Day) -> Answers {
    let told = answers_for_screening(findings, told_on);
    let mut all = answers.clone();
    for question in questions() {
        let Standing::Valid(said) = told.standing(question, today) else { continue };
        let open = match answers.standing(question, today) {
            Standing::Valid(answer) => answer == Answer::No && said == Answer::Yes,
            Standing::Missing | Standing::Expired | Standing::FromFuture => true,
        };
        if open {
            put(&mut all, &question.id, said, told_on);
        }
    }
    all
}

/// Why triage refuses the bed, the most urgent first.
fn triage_reasons(triage: &Triage) -> Vec<Reason> {
    let urgent = triage.reasons.iter().filter(|reason| reason.rule.urgency >= Urgency::Today);
    urgent
        .map(|reason| Reason {
            id: format!("triage_{}", reason.rule.id),
            tier: (reason.rule.urgency == Urgency::Emergency).then_some(Tier::Emergency),
            because: because(reason.ground),
            words: reason.rule.why.clone(),
            why: say(
                "Somebody has to look at this before any massage.",
                "Das muss sich jemand ansehen, bevor massiert wird.",
            ),
            advice: match reason.rule.urgency {
                Urgency::Emergency => say("Call the emergency number now.", "Wählen Sie jetzt den Notruf."),
                _ => say("See a doctor today.", "Gehen Sie heute zum Arzt."),
            },
            effects: vec![Effect::Refuse],
            sources: reason.rule.sources.clone(),
        })
        .collect()
}

/// What the thermal table takes from the session, row by row.
fn thermal_reasons(thermal: &Thermal) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for reason in &thermal.reasons {
        let row = reason.row;
        let mut effects = Vec::new();
        match row.bed {
            OnBed::Refused => effects.push(Effect::Refuse),
            OnBed::NotOnRegion if thermal.bed == OnBed::Refused => effects.push(Effect::Refuse),
            OnBed::NotOnRegion if !thermal.regions.is_empty() => {
                effects.push(Effect::Avoid { regions: thermal.regions.clone() });
            }
            OnBed::NotOnRegion | OnBed::Allowed => {}
        }
        if (1..9).contains(&row.intensity_max) {
            effects.push(Effect::SoftenIntensity { intensity: row.intensity_max });
        }
        // A wish for cold is no reason against a warm bed.
        if matches!(row.first, First::None | First::Cold) && row.intensity_max < 9 {
            effects.push(Effect::NoHeat);
        }
        if effects.is_empty() {
            continue;
        }
        reasons.push(Reason {
            id: format!("thermal_{}", row.id),
            tier: None,
            because: because(reason.ground),
            words: row.words.clone(),
            why: say(
                "Heat, cold and pressure after a spasm or an injury.",
                "Wärme, Kälte und Druck nach einem Krampf oder einer Verletzung.",
            ),
            advice: match reason.ground {
                Ground::Told => say(
                    "Ask again when this no longer fits. If it stays, show it to a doctor.",
                    "Fragen Sie wieder, wenn das nicht mehr stimmt. Bleibt es, zeigen Sie es einem Arzt.",
                ),
                Ground::NotAnswered => say(
                    "Answer the open questions; what is not known counts as the strictest.",
                    "Beantworten Sie die offenen Fragen. Was nicht bekannt ist, zählt am strengsten.",
                ),
            },
            effects,
            sources: row
                .source
                .iter()
                .filter_map(|key| crate::thermal::sources().get(key).cloned())
                .collect(),
        });
    }
    // No row at all allows nothing.
    if thermal.reasons.is_empty() {
        reasons.push(Reason {
            id: "thermal_nothing_known".to_owned(),
            tier: None,
            because: Because::NotAnswered,
            words: say("Too little is known of this spasm", "Über diesen Krampf ist zu wenig bekannt"),
            why: say(
                "Heat, cold and pressure after a spasm or an injury.",
                "Wärme, Kälte und Druck nach einem Krampf oder einer Verletzung.",
            ),
            advice: say("Answer the open questions.", "Beantworten Sie die offenen Fragen."),
            effects: vec![Effect::Refuse],
            sources: Vec::new(),
        });
    }
    reasons
}

fn say(en: &str, de: &str) -> Words {
    Words::new(en.to_owned(), de.to_owned())
}

fn because(ground: Ground) -> Because {
    match ground {
        Ground::Told => Because::SaidYes,
        Ground::NotAnswered => Because::NotAnswered,
    }
}

#[cfg(test)]
mod tests;
