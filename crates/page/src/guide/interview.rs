//! The questions, a screen at a time. What was told travels in the page itself: nothing is kept here.

use std::borrow::Cow;

use care::ask::{Row, Screen, next_screen};
use care::facts::Choice;
use care::{FactError, Findings, Kind, Language, Value};
use maud::{Markup, html};

use super::now::english_beside;
use super::{Page, body_map, link, say};

/// Name of the field that carries what was told before.
const TOLD: &str = "told";
/// Name of the buttons.
const PRESS: &str = "press";
/// Name of the field of every tick.
pub(super) const TICK: &str = "tick";

/// What came of a form.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    /// Ask on, with these answers, and say what could not be taken.
    Ask(Findings, Vec<Fault>),
    /// There is no more to ask, or the person cannot answer.
    Done(Findings),
}

/// An answer that could not be taken.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    /// The fact.
    pub(super) id: &'static str,
    /// What came instead.
    pub(super) why: Why,
}

#[derive(Debug, PartialEq)]
pub(super) enum Why {
    Missing,
    NoNumber,
    Refused(Box<FactError>),
}

/// The triage's screen that comes next, which is the emergency tick list when nothing was told yet.
pub(super) fn page(told: &Findings, faults: &[Fault], language: Language) -> Option<Page> {
    let screen = next_screen(told)?;
    let first = told == &Findings::new();
    let title = screen.title.of(language).as_str();
    let body = html! {
        h1 { (title) }
        @if first {
            p { (say(language, "Most back pain is harmless. These signs are not, so they come first.", "Die meisten Rückenschmerzen sind harmlos. Diese Zeichen sind es nicht, darum kommen sie zuerst.")) }
        }
        (form(&screen, "/now", told, faults, language))
        @if first {
            p { a href=(link("/now/sheet", language)) { (say(language, "All on one sheet to print", "Alles auf einem Blatt zum Drucken")) } }
        }
    };
    Some(Page { title: Cow::Owned(title.to_owned()), here: "/now".to_owned(), body })
}

/// A screen as a form that is sent to `to`, with what was told so far.
pub(super) fn form(
    screen: &Screen,
    to: &str,
    told: &Findings,
    faults: &[Fault],
    language: Language,
) -> Markup {
    let first = told == &Findings::new();
    html! {
        @if !faults.is_empty() {
            p.alarmed role="alert" { (say(language, "Something is still missing; it is marked below.", "Etwas fehlt noch; es ist unten gekennzeichnet.")) }
        }
        form method="post" action=(link(to, language)) autocomplete="off" {
            (carried(told))
            (questions(&screen.rows, told, faults, first, language))
            (buttons(first, language))
        }
    }
}

/// What was told so far, as a hidden field.
pub(super) fn carried(told: &Findings) -> Markup {
    let text = serde_json::to_string(told).expect("answers are plain data");
    html! { input type="hidden" name=(TOLD) value=(text); }
}

/// The value of a hidden field.
pub(super) fn hidden<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    given(fields, name).first().copied()
}

/// What a form carried from earlier screens; `None` where it is no text of ours.
pub(super) fn carried_in(fields: &[(String, String)]) -> Option<Findings> {
    match fields.iter().find(|(name, _)| name == TOLD) {
        Some((_, text)) => serde_json::from_str(text).ok(),
        None => Some(Findings::new()),
    }
}

/// A way through questions: the next screen after what was told.
pub(super) type Way = fn(&Findings) -> Option<Screen>;

/// Hears a form. What cannot be understood begins anew: nothing is taken for a "no" that was not asked.
pub(super) fn hear(fields: &[(String, String)], next: Way) -> Heard {
    let Some(told) = carried_in(fields) else { return Heard::Ask(Findings::new(), Vec::new()) };
    let pressed = fields.iter().find(|(name, _)| name == PRESS).map(|(_, value)| value.as_str());
    let Some(screen) = next(&told) else { return Heard::Done(told) };
    let ticked = fields.iter().any(|(name, _)| name == TICK);
    match pressed {
        // Open questions count as the strictest answer.
        Some("unsure") => return Heard::Done(take(&screen, told, fields, false).0),
        Some("some") if !ticked => return Heard::Done(told),
        Some("some" | "none" | "on") => {}
        _ => return Heard::Ask(told, Vec::new()),
    }
    let (told, faults) = take(&screen, told, fields, true);
    if faults.is_empty() && next(&told).is_none() { Heard::Done(told) } else { Heard::Ask(told, faults) }
}

/// Takes the answers of a screen; what is not ticked is a "no" only where the person said so (`all`).
fn take(
    screen: &Screen,
    mut told: Findings,
    fields: &[(String, String)],
    all: bool,
) -> (Findings, Vec<Fault>) {
    let mut faults = Vec::new();
    for row in &screen.rows {
        let taken = value(row, fields, all)
            .and_then(|value| told.set(row.id, value).map_err(|error| Why::Refused(Box::new(error))));
        if let Err(why) = taken {
            faults.push(Fault { id: row.id, why });
        }
    }
    (told, faults)
}

/// What a form answers to one question.
pub(super) fn value(row: &Row, fields: &[(String, String)], all: bool) -> Result<Value, Why> {
    let list = given(fields, row.id);
    match row.kind {
        Kind::YesNo => {
            let yes = given(fields, TICK).contains(&row.id);
            if yes || all { Ok(Value::YesNo(yes)) } else { Err(Why::Missing) }
        }
        Kind::Number { .. } => match list.first() {
            None | Some(&"") => Err(Why::Missing),
            Some(text) => text.replace(',', ".").parse().map(Value::Number).map_err(|_| Why::NoNumber),
        },
        Kind::Choice(_) => list.first().map(|&id| Value::Choice(id.to_owned())).ok_or(Why::Missing),
        Kind::Many(_) if list.is_empty() && !all => Err(Why::Missing),
        Kind::Many(_) => Ok(Value::Many(list.into_iter().map(str::to_owned).collect())),
    }
}

/// The values of all fields of a name.
pub(super) fn given<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).collect()
}

/// The questions of a form: what is yes or no as one list to tick, then the others.
pub(super) fn questions(
    rows: &[Row],
    told: &Findings,
    faults: &[Fault],
    first: bool,
    language: Language,
) -> Markup {
    html! {
        (ticks(rows, first, language))
        @for row in rows.iter().filter(|row| row.kind != &Kind::YesNo) {
            (field(row, told, faults.iter().find(|fault| fault.id == row.id), language))
        }
    }
}

/// The yes-or-no questions, as a list to tick.
fn ticks(rows: &[Row], first: bool, language: Language) -> Markup {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.kind == &Kind::YesNo).collect();
    html! {
        @if !rows.is_empty() {
            fieldset {
                legend { (say(language, "Tick everything that fits. What stays empty counts as no.", "Kreuzen Sie alles an, was zutrifft. Was leer bleibt, gilt als Nein.")) }
                ul.ticks {
                    @for row in rows {
                        li { label {
                            input type="checkbox" name=(TICK) value=(row.id);
                            span { (things(row.ask.of(language))) @if first { (english_beside(&row.ask.en, language)) } }
                        } }
                    }
                }
            }
        }
    }
}

/// A question that names several things, each on a line of its own: lines are looked through faster than a sentence.
fn things(ask: &str) -> Markup {
    let named = ask.split_once(": ").filter(|(_, named)| named.contains("; "));
    let (lead, named) = named.map_or((None, ask), |(lead, named)| (Some(lead), named));
    let parts: Vec<&str> = named.split_inclusive("; ").collect();
    html! {
        @if parts.len() < 2 {
            (ask)
        } @else {
            @if let Some(lead) = lead { (lead) ": " }
            @for part in parts { span.thing { (part) } }
        }
    }
}

fn field(row: &Row, told: &Findings, fault: Option<&Fault>, language: Language) -> Markup {
    let said = told.get(row.id);
    let note = format!("{}-fault", row.id);
    let note = fault.map(|_| note.as_str());
    html! {
        fieldset.wrong[fault.is_some()] aria-describedby=[note] {
            legend { (row.ask.of(language)) }
            @if let Some(fault) = fault {
                p.fault id=[note] { (fault_words(row.kind, &fault.why, language)) }
            }
            @match row.kind {
                Kind::YesNo => {}
                Kind::Number { unit, min, max } => {
                    label.number {
                        input type="text" inputmode="decimal" name=(row.id) required aria-label=(row.ask.of(language))
                            value=[match said { Some(Value::Number(number)) => Some(number.to_string()), _ => None }];
                        " " (unit_words(unit, *min, *max, language))
                    }
                }
                Kind::Choice(options) => (options_of(row.id, "radio", options, said, language)),
                Kind::Many(options) => (options_of(row.id, "checkbox", options, said, language)),
            }
        }
    }
}

fn options_of(id: &str, kind: &str, options: &[Choice], said: Option<&Value>, language: Language) -> Markup {
    let is = |option: &str| match said {
        Some(Value::Choice(one)) => one == option,
        Some(Value::Many(list)) => list.contains(option),
        _ => false,
    };
    let map = id == "regions";
    html! {
        @if map { (body_map::map(&say(language, "back", "Rücken"), &say(language, "front", "Vorderseite"))) }
        ul.options.places[map] {
            @for option in options {
                li { label {
                    input id={ (id) "-" (option.id) } type=(kind) name=(id) value=(option.id) required[kind == "radio"] checked[is(&option.id)];
                    span { (option.words.of(language)) }
                } }
            }
        }
    }
}

fn buttons(first: bool, language: Language) -> Markup {
    html! {
        div.choose {
            @if first {
                button.alarm type="submit" name=(PRESS) value="some" { (say(language, "What I ticked fits, or I am not sure", "Das Angekreuzte trifft zu, oder ich bin unsicher")) }
                button type="submit" name=(PRESS) value="none" { (say(language, "None of this fits me", "Nichts davon trifft zu")) }
            } @else {
                button type="submit" name=(PRESS) value="on" { (say(language, "Go on", "Weiter")) }
                button.quiet type="submit" name=(PRESS) value="unsure" formnovalidate { (say(language, "I cannot answer this", "Das kann ich nicht beantworten")) }
            }
        }
    }
}

fn unit_words(unit: &str, min: f64, max: f64, language: Language) -> Cow<'static, str> {
    match unit {
        "years" => language.say("years", "Jahre"),
        "days" => language.say("days", "Tage"),
        "weeks" => language.say("weeks", "Wochen"),
        "hours" => language.say("hours", "Stunden"),
        "minutes" => language.say("minutes", "Minuten"),
        _ => {
            let words = language.say("from LOW to HIGH", "von LOW bis HIGH").replace("LOW", &min.to_string());
            Cow::Owned(words.replace("HIGH", &max.to_string()))
        }
    }
}

fn fault_words(kind: &Kind, why: &Why, language: Language) -> Cow<'static, str> {
    match (why, kind) {
        (Why::Missing, Kind::Number { .. }) => {
            language.say("Please give a number.", "Bitte geben Sie eine Zahl an.")
        }
        (Why::Missing, _) => language.say("Please choose one.", "Bitte wählen Sie eines."),
        (Why::NoNumber, _) => {
            language.say("Please write a number in digits.", "Bitte schreiben Sie eine Zahl in Ziffern.")
        }
        (Why::Refused(_), Kind::Number { min, max, .. }) => {
            let words = language
                .say("The number must lie from LOW to HIGH.", "Die Zahl muss von LOW bis HIGH liegen.")
                .replace("LOW", &min.to_string());
            Cow::Owned(words.replace("HIGH", &max.to_string()))
        }
        (Why::Refused(_), _) => {
            language.say("This answer is not on the list.", "Diese Antwort steht nicht auf der Liste.")
        }
    }
}
