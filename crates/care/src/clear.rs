//! The one way to a [`Clearance`] from everything that a person told: screening, triage and the thermal table.

use crate::answers::{Answer, Answers};
use crate::day::Day;
use crate::effect::Effect;
use crate::facts::{Findings, Value};
use crate::question::{Tier, questions};
use crate::screen::{Because, Clearance, Person, Reason, granted, screening_reasons};
use crate::thermal::{First, OnBed, Thermal, thermal};
use crate::triage::{Ground, Triage, Urgency, answers_for_screening, triage};
use crate::words::Words;

/// Weighs all that is known of a person on the day `today`: the answers to the screening table, what was told
/// to the triage, and what the thermal table makes of both.
///
/// What was told counts for screening too, so that nothing is asked twice: a "yes" there is a "yes" here.
/// Triage that asks for a doctor today, or more, refuses. All of it only takes away: no clearance from here
/// allows more than [`crate::screen`] with the same answers.
pub fn clear(person: &Person, answers: &Answers, findings: &Findings, today: Day) -> Clearance {
    let answers = with_findings(answers, findings, today);
    let mut findings = findings.clone();
    if let (None, Some(age)) = (findings.get("age_years"), person.age_years) {
        // An age outside the fact's range stays unknown, which is the strictest.
        let _ = findings.set("age_years", Value::Number(age));
    }
    let mut reasons = triage_reasons(&triage(&findings));
    reasons.extend(screening_reasons(person, &answers, today));
    reasons.extend(thermal_reasons(&thermal(&findings, &answers, today, None)));
    granted(person, &answers, today, reasons)
}

/// The answers, and what was told besides: a "yes" of either side stands, a "no" fills what is open.
fn with_findings(answers: &Answers, findings: &Findings, today: Day) -> Answers {
    let told = answers_for_screening(findings, today);
    let mut all = answers.clone();
    let open: Vec<String> = answers.open_questions(today).map(|question| question.id.clone()).collect();
    for question in questions() {
        let Some(entry) = told.get(&question.id) else { continue };
        let denied = answers.get(&question.id).is_some_and(|entry| entry.answer == Answer::No);
        if open.contains(&question.id) || (denied && entry.answer == Answer::Yes) {
            let set = all.set(&question.id, entry.answer, today);
            assert!(set.is_ok(), "the table knows its own questions");
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
                    "It passes with the days; the guide says when.",
                    "Das geht mit den Tagen vorbei. Der Ratgeber sagt, wann.",
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
