//! What is asked before the bed: rows of the screening table, a few facts, the body, and whether what was told
//! before is still true.

use std::borrow::Cow;
use std::collections::BTreeMap;

use care::ask::Row;
use care::{Answer, Findings, Language, Question, Tier};
use maud::{Markup, html};

use super::super::diary::day_words;
use super::super::interview::{self, Fault, TICK, given, hidden};
use super::super::now::english_beside;
use super::super::{heat, link, say};
use super::HERE;
use host::bed_today::{Ask, Measure, MeasureFault, Reply, Still, made_for};
use host::entry_form::Fields;

/// Name of the fields that say which rows and which facts the form showed, and of the word that all is still true.
const ROW: &str = "row";
const FACT: &str = "fact";
const STILL: &str = "still";

/// What could not be taken of a form.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    facts: Vec<Fault>,
    measures: BTreeMap<Measure, (MeasureFault, String)>,
    still: bool,
}

impl Faults {
    pub(crate) fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.measures.is_empty() && !self.still
    }
}

/// Hears a form. What it showed and is not ticked is a "no"; what it did not show stays open.
pub(crate) fn hear(fields: &Fields) -> (Reply, Faults) {
    let (mut reply, mut faults) = (Reply::default(), Faults::default());
    let ticked = given(fields, TICK);
    for id in given(fields, ROW) {
        let answer = if ticked.contains(&id) { Answer::Yes } else { Answer::No };
        reply.rows.insert(id.to_owned(), answer);
    }
    for row in given(fields, FACT).into_iter().filter_map(row_of) {
        let taken = interview::value(&row, fields, true).and_then(|value| {
            reply.facts.set(row.id, value).map_err(|error| interview::Why::Refused(Box::new(error)))
        });
        if let Err(why) = taken {
            faults.facts.push(Fault { id: row.id, why });
        }
    }
    for measure in Measure::ALL {
        let Some(text) = hidden(fields, name(measure)) else { continue };
        match measure.parse(text) {
            Ok(value) => measure.set(&mut reply.person, value),
            Err(fault) => {
                faults.measures.insert(measure, (fault, text.chars().take(20).collect()));
            }
        }
    }
    if let Some(word) = given(fields, STILL).last() {
        reply.still_true = *word == "true";
        faults.still = !reply.still_true;
    }
    (reply, faults)
}

/// The question of a fact that the thermal table may ask for.
fn row_of(id: &str) -> Option<Row> {
    let known = care::thermal::rows().iter().flat_map(|row| row.when.all.iter().chain(&row.when.any));
    known
        .map(|needs| needs.fact.as_str())
        .chain(["days_since_start"])
        .find(|known| *known == id)
        .and_then(heat::row)
}

fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Age => "age_years",
        Measure::Stature => "stature",
        Measure::Mass => "mass",
    }
}

/// The form, with these rows ticked.
pub(super) fn form(ask: &Ask, ticked: &[&str], faults: &Faults, language: Language) -> Markup {
    form_to(HERE, ask, ticked, faults, None, language)
}

/// The form as it is sent to a place, with what stands there for its button.
pub(crate) fn form_to(
    place: &str,
    ask: &Ask,
    ticked: &[&str],
    faults: &Faults,
    end: Option<&Markup>,
    language: Language,
) -> Markup {
    let facts: Vec<Row> = ask.open.facts.iter().filter_map(|id| heat::row(id)).collect();
    let of = |tier: Tier| ask.open.questions.iter().copied().filter(move |row| row.tier == tier);
    html! {
        @if !faults.is_empty() {
            p.alarmed role="alert" { (say(language, "Something is still missing; it is marked below. Your other answers are kept.", "Etwas fehlt noch; es ist unten gekennzeichnet. Ihre anderen Antworten sind aufbewahrt.")) }
        }
        form.bed method="post" action=(link(place, language)) autocomplete="off" {
            @if end.is_some() {
                // Enter in a field presses a form's first button: this one, which begins nothing and says nothing.
                @if ask.still.is_some() { input type="hidden" name=(STILL) value="true"; }
                button type="submit" name=[ask.still.is_some().then_some(STILL)] value="asked" hidden {}
            }
            @if !ask.open.questions.is_empty() {
                p.quiet { (say(language, "Tick what fits. If you are not sure, tick it too. What stays empty counts as no.", "Kreuzen Sie an, was zutrifft. Wenn Sie unsicher sind, auch. Was leer bleibt, gilt als Nein.")) }
            }
            (rows(&say(language, "First: signs that need help at once", "Zuerst: Zeichen, die sofort Hilfe brauchen"), of(Tier::Emergency), ticked, language))
            (rows(&say(language, "Today", "Heute"), of(Tier::Today), ticked, language))
            (rows(&say(language, "Illnesses, operations, and what stays with you", "Krankheiten, Operationen und was bleibt"), of(Tier::Standing), ticked, language))
            @if !facts.is_empty() {
                @for row in &facts { input type="hidden" name=(FACT) value=(row.id); }
                (interview::questions(&facts, &Findings::new(), &faults.facts, false, language))
            }
            @if !ask.measures.is_empty() { (measures(ask, faults, language)) }
            @if let Some(still) = &ask.still { (before(still, end.is_none().then_some(faults.still), language)) }
            @match end {
                Some(end) => (end),
                None => div.choose { button.keep type="submit" { (say(language, "May I use the bed?", "Darf ich aufs Bett?")) } },
            }
        }
    }
}

fn rows<'a>(
    legend: &str,
    rows: impl Iterator<Item = &'a Question>,
    ticked: &[&str],
    language: Language,
) -> Markup {
    let rows: Vec<&Question> = rows.collect();
    html! {
        @if !rows.is_empty() {
            fieldset {
                legend { (legend) }
                ul.ticks {
                    @for row in rows {
                        li {
                            input type="hidden" name=(ROW) value=(row.id);
                            label {
                                input type="checkbox" name=(TICK) value=(row.id) checked[ticked.contains(&row.id.as_str())];
                                span { (row.ask.of(language)) @if row.tier == Tier::Emergency { (english_beside(&row.ask.en, language)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn measures(ask: &Ask, faults: &Faults, language: Language) -> Markup {
    html! {
        fieldset {
            legend { (say(language, "The bed is built for certain sizes. How are you?", "Das Bett ist für bestimmte Maße gebaut. Wie ist es bei Ihnen?")) }
            div.measures {
                @for measure in ask.measures.iter().copied() {
                    @let (what, unit) = words(measure, language);
                    @let fault = faults.measures.get(&measure);
                    @let note = format!("{}-fault", name(measure));
                    div.wrong[fault.is_some()] {
                        label for=(name(measure)) { span.name { (what) } }
                        span.number {
                            input id=(name(measure)) type="text" inputmode="decimal" name=(name(measure))
                                aria-invalid=[fault.map(|_| "true")] aria-describedby=[fault.map(|_| &note)]
                                value=[fault.map(|(_, text)| text.clone()).or_else(|| measure.of(&ask.person).map(|value| shown(measure, value)))];
                            " " (unit)
                        }
                        @if let Some((fault, _)) = fault {
                            span.fault id=(note) { (fault_words(measure, *fault, language)) }
                        } @else {
                            span.quiet { (made_for_words(measure, language)) }
                        }
                    }
                }
            }
        }
    }
}

/// A measure's name and the unit in which it is asked.
fn words(measure: Measure, language: Language) -> (Cow<'static, str>, Cow<'static, str>) {
    match measure {
        Measure::Age => (language.say("Age", "Alter"), language.say("years", "Jahre")),
        Measure::Stature => (language.say("Height", "Größe"), language.say("cm", "cm")),
        Measure::Mass => (language.say("Weight", "Gewicht"), language.say("kg", "kg")),
    }
}

/// A value in the unit in which it is asked.
pub(super) fn shown(measure: Measure, value: f64) -> String {
    let value = if measure == Measure::Stature { value / 10.0 } else { value };
    ((value * 10.0).round() / 10.0).to_string()
}

fn made_for_words(measure: Measure, language: Language) -> String {
    let (least, most) = made_for(measure);
    let words = match measure {
        Measure::Age => {
            language.say("The bed is for adults from LOW.", "Das Bett ist für Erwachsene ab LOW.")
        }
        _ => language.say("The bed fits LOW to HIGH.", "Das Bett passt von LOW bis HIGH."),
    };
    words.replace("LOW", &shown(measure, least)).replace("HIGH", &shown(measure, most))
}

fn fault_words(measure: Measure, fault: MeasureFault, language: Language) -> String {
    let (least, most) = measure.range();
    let words = match (fault, measure) {
        (MeasureFault::Missing, _) => language.say("Please give a number.", "Bitte geben Sie eine Zahl an."),
        (MeasureFault::NoNumber, Measure::Stature) => language.say(
            "Please write it in centimetres, such as 172.",
            "Bitte schreiben Sie es in Zentimetern, zum Beispiel 172.",
        ),
        (MeasureFault::NoNumber, _) => {
            language.say("Please write a number in digits.", "Bitte schreiben Sie eine Zahl in Ziffern.")
        }
        (MeasureFault::Impossible, _) => language.say(
            "That cannot be: it must lie from LOW to HIGH. A slip of the key?",
            "Das kann nicht sein: Es muss von LOW bis HIGH liegen. Vertippt?",
        ),
    };
    words.replace("LOW", &shown(measure, least)).replace("HIGH", &shown(measure, most))
}

/// What was told on an earlier day, and the box that says that it is still true; without one where the buttons below
/// say it, each in its own words.
fn before(still: &Still, boxed: Option<bool>, language: Language) -> Markup {
    let missing = boxed == Some(true);
    html! {
        section.before aria-labelledby="before" {
            h2 id="before" { (say(language, "What you told on ", "Was Sie gesagt haben am ")) (day_words(still.on, language)) }
            ul {
                @if let Some(began) = still.began {
                    li { (say(language, "It began about ", "Es begann etwa am ")) (day_words(began, language)) "." }
                }
                @if !still.places.is_empty() {
                    li { (say(language, "It hurts here: ", "Hier tut es weh: "))
                        @for (n, place) in still.places.iter().enumerate() { @if n > 0 { ", " } (place.of(language)) } "." }
                }
                @for ask in &still.yes { li { (say(language, "Yes: ", "Ja: ")) (ask.of(language)) } }
                @if still.yes.is_empty() { li { (say(language, "To everything else you said no.", "Zu allem anderen haben Sie Nein gesagt.")) } }
            }
            @if boxed.is_some() {
                input type="hidden" name=(STILL) value="asked";
                label.tick { input type="checkbox" name=(STILL) value="true" aria-invalid=[missing.then_some("true")] aria-describedby=[missing.then_some("still-fault")];
                    span { (still_true(language)) } }
            }
            @if missing {
                p.fault id="still-fault" { (say(language, "Tick this if it is so. If not, answer the questions again.", "Kreuzen Sie das an, wenn es so ist. Wenn nicht, beantworten Sie die Fragen noch einmal.")) }
            }
            p { a href=(link("/now", language)) { (say(language, "Something has changed: answer the questions again", "Etwas hat sich geändert: die Fragen noch einmal beantworten")) } }
        }
    }
}

/// The word that all which was told before is still true.
pub(crate) fn still_true(language: Language) -> Cow<'static, str> {
    say(
        language,
        "All of this is still true, and nothing new has come",
        "Das stimmt alles noch, und nichts Neues ist dazugekommen",
    )
}
