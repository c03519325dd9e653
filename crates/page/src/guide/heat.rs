//! Heat or cold, for this person: what the thermal table makes of the answers, and what it still must know.

use std::borrow::Cow;
use std::collections::BTreeMap;

use care::ask::Row;
use care::thermal::{First, OnBed, Row as ThermalRow, Thermal, sources, thermal};
use care::topic::Source;
use care::triage::Ground;
use care::{Answer, Answers, Day, Findings, Kind, Language, Value, answers_for_screening};
use maud::{Markup, html};

use super::interview::{self, hidden, value};
use super::{Page, link, read, say};

/// Where these pages stand.
pub(super) const HERE: &str = "/now/heat";
/// Name of the field that carries answers to the screening table, and of its open questions.
const SCREENED: &str = "screened";

/// What was told beside the facts: screening questions by name.
pub(crate) type Screened = BTreeMap<String, bool>;

/// Hears a form: the questions that were open when it was shown are answered by it.
pub(super) fn hear(mut told: Findings, fields: &[(String, String)], today: Day) -> (Findings, Screened) {
    let mut screened: Screened =
        hidden(fields, SCREENED).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if hidden(fields, "press") == Some("on") {
        for row in rows(&weigh(&told, &screened, today)) {
            let Ok(value) = value(&row, fields, true) else { continue };
            if told.set(row.id, value.clone()).is_err()
                && let Value::YesNo(yes) = value
            {
                screened.insert(row.id.to_owned(), yes);
            }
        }
    }
    (told, screened)
}

/// What the table must still know, as questions.
pub(crate) fn rows(thermal: &Thermal) -> Vec<Row> {
    thermal.open.iter().filter_map(|id| row(id)).collect()
}

/// The question of a fact, a group of facts or the screening table.
pub(super) fn row(id: &'static str) -> Option<Row> {
    if let Some(fact) = care::facts::fact(id) {
        return Some(Row { id, ask: &fact.ask, kind: &fact.kind });
    }
    let table = || care::questions().iter().find(|question| question.id == id).map(|question| &question.ask);
    care::ask::words(id).or_else(table).map(|ask| Row { id, ask, kind: &Kind::YesNo })
}

/// What the table makes of the answers.
pub(crate) fn weigh(told: &Findings, screened: &Screened, today: Day) -> Thermal {
    let mut answers: Answers = answers_for_screening(told, today);
    for (id, yes) in screened {
        let answer = if *yes { Answer::Yes } else { Answer::No };
        // An unknown name in the page's own field is nobody's answer.
        let _ = answers.set(id, answer, today);
    }
    thermal(told, &answers, today, None)
}

/// The open questions, or the advice.
pub(super) fn page(told: &Findings, screened: &Screened, today: Day, language: Language) -> Page {
    let thermal = weigh(told, screened, today);
    let title = language.say("Heat or cold", "Wärme oder Kälte");
    let body = html! {
        h1 { (title) }
        @if rows(&thermal).is_empty() { (advice(&thermal, language)) } @else { (questions(&thermal, told, screened, language)) }
    };
    Page::new(title.clone(), HERE, body)
}

fn questions(thermal: &Thermal, told: &Findings, screened: &Screened, language: Language) -> Markup {
    let carry = serde_json::to_string(screened).expect("names and answers are plain data");
    html! {
        p { (say(language, "Heat and cold can harm where the skin is numb or hurt. So, first:", "Wärme und Kälte können schaden, wo die Haut taub oder verletzt ist. Darum zuerst:")) }
        form method="post" action=(link(HERE, language)) autocomplete="off" {
            (interview::carried(told))
            input type="hidden" name=(SCREENED) value=(carry);
            (interview::questions(&rows(thermal), told, &[], false, language))
            p.quiet { (say(language, "If you are not sure, tick it.", "Wenn Sie unsicher sind, kreuzen Sie es an.")) }
            div.choose { button type="submit" name="press" value="on" { (say(language, "Go on", "Weiter")) } }
        }
    }
}

/// The rows that hold by what was told, and the sources that they cite.
pub(crate) fn told(thermal: &Thermal) -> (Vec<&'static ThermalRow>, Vec<Source>) {
    let rows = thermal.reasons.iter().filter(|reason| reason.ground == Ground::Told);
    let rows: Vec<&'static ThermalRow> = rows.map(|reason| reason.row).collect();
    let cited = sources().iter().filter(|(key, _)| rows.iter().any(|row| row.source.contains(key)));
    let cited = cited.map(|(key, text)| Source { key: key.clone(), text: text.clone() }).collect();
    (rows, cited)
}

fn advice(thermal: &Thermal, language: Language) -> Markup {
    let (rows, list) = told(thermal);
    html! {
        p { strong { (first(thermal.first, language)) }
            @if thermal.first != First::None {
                " " (thermal.minutes[0]) "–" (thermal.minutes[1]) " " (say(language, "minutes at a time", "Minuten am Stück"))
                @if thermal.wrapped { ", " (say(language, "with cloth between it and the skin", "mit Stoff zwischen ihm und der Haut")) } "."
            }
        }
        ul.lines {
            @for row in rows {
                li id=(row.id) { (row.words.of(language)) " " (read::mark(row.evidence, &row.source, &list, language)) }
            }
        }
        p { (bed(thermal, language)) }
        p.quiet { (asleep(language)) }
        (read::sources(&list, language))
    }
}

pub(crate) fn asleep(language: Language) -> Cow<'static, str> {
    language.say("Never fall asleep on heat or cold.", "Schlafen Sie nie auf Wärme oder Kälte ein.")
}

pub(crate) fn first(first: First, language: Language) -> Cow<'static, str> {
    match first {
        First::None => language.say("For now: neither heat nor cold.", "Vorerst: weder Wärme noch Kälte."),
        First::Cold => language.say("Something cold first:", "Zuerst etwas Kaltes:"),
        First::Heat => language.say("Something warm first:", "Zuerst etwas Warmes:"),
        First::Either => language.say("Warm or cold, as you like:", "Warm oder kalt, wie Sie mögen:"),
    }
}

pub(crate) fn bed(thermal: &Thermal, language: Language) -> Cow<'static, str> {
    match (thermal.bed, thermal.intensity_max) {
        (OnBed::Refused, _) => language.say("No massage bed for now.", "Vorerst kein Massagebett."),
        (OnBed::NotOnRegion, _) => language.say(
            "A massage bed only away from that place, and gently.",
            "Ein Massagebett nur fern von dieser Stelle, und sanft.",
        ),
        (OnBed::Allowed, 9..) => language.say(
            "A massage bed may be used within its own limits.",
            "Ein Massagebett darf in seinen eigenen Grenzen arbeiten.",
        ),
        (OnBed::Allowed, most) => Cow::Owned(
            language
                .say(
                    "A massage bed may be used gently: intensity at most LEVEL of 9.",
                    "Ein Massagebett darf sanft arbeiten: Stärke höchstens LEVEL von 9.",
                )
                .replace("LEVEL", &most.to_string()),
        ),
    }
}
