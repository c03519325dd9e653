//! What a clinician prescribes: choose a program, and take away. It waits for the person's yes. Looking at the form is
//! the same deed as sending it, so that nobody fills in what they may not send.

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use care::{Language, Words};
use host::accounts::Deed;
use host::clock::today;
use host::entry_form::Fields;
use host::prescription::{
    HeatMax, INTENSITY, Impossible, MINUTES_MIN, NOTE_CHARACTERS_MAX, Prescription, Prescriptions, SURFACE_C,
    WEEK_DAYS, minutes_most,
};
use host::store::{NAME_CHARACTERS_MAX, Record};
use maud::{Markup, html};
use std::borrow::Cow;

use super::{Asked, Site, answer, open, place, whole};
use crate::door::{Denied, Visitor};
use crate::guide::{day_words, link, say};

/// Minutes that can be chosen lie so far apart. Design: short to choose from.
const MINUTES_STEP: usize = 5;
/// Most sessions of a week that can be chosen. Source: two a day at most.
const WEEK_MOST: u8 = 14;

pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    let opened = open(&site, &visitor, Deed::Prescribe, &id).await?;
    Ok(answer(opened, language, |record| {
        let all = Prescriptions::read(&record, today())?;
        let empty = Prescription::new(String::new(), today());
        Ok(page(&record, &all, &empty, &Trouble::None, language))
    }))
}

/// What keeps a form from being taken.
enum Trouble {
    None,
    Empty,
    Fields(Vec<Impossible>),
}

pub(super) async fn hear(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    let opened = open(&site, &visitor, Deed::Prescribe, &id).await?;
    Ok(answer(opened, language, |record| {
        let mut all = Prescriptions::read(&record, today())?;
        if fields.iter().any(|(name, _)| name == "take_back") {
            all.waiting = None;
        } else {
            let wanted = told(&fields);
            let trouble = match wanted.impossible() {
                wrong if !wrong.is_empty() => Trouble::Fields(wrong),
                _ if wanted.is_empty() => Trouble::Empty,
                _ => Trouble::None,
            };
            if !matches!(trouble, Trouble::None) {
                return Ok(page(&record, &all, &wanted, &trouble, language));
            }
            all.prescribe(wanted);
        }
        all.keep(&record, today())?;
        Ok(Redirect::to(&link(&place(&record, ""), language)).into_response())
    }))
}

/// What a form says. What is no number is one that cannot be prescribed.
fn told(fields: &Fields) -> Prescription {
    let said = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    };
    let count = |name: &str| said(name).map(|text| text.parse().unwrap_or(u8::MAX));
    Prescription {
        program: said("program").map(str::to_owned),
        intensity_max: count("intensity_max"),
        heat_max: match said("heat_max") {
            None => HeatMax::Ordinary,
            Some("off") => HeatMax::Off,
            Some(text) => HeatMax::Surface(text.parse().unwrap_or(u8::MAX)),
        },
        minutes_max: count("minutes_max"),
        week_max: count("week_max"),
        note: said("note").unwrap_or_default().to_owned(),
        ..Prescription::new(said("by").unwrap_or_default().to_owned(), today())
    }
}

/// What stands and what waits, in words.
pub(super) fn stands(all: &Prescriptions, language: Language) -> Markup {
    let lists = [
        (&all.standing, say(language, "Prescribed, and agreed to", "Verordnet, mit Zustimmung")),
        (
            &all.waiting,
            say(language, "Prescribed, waits for the person's yes", "Verordnet, wartet auf Zustimmung"),
        ),
    ];
    html! {
        @for (prescription, title) in lists {
            @if let Some(prescription) = prescription {
                @let words: Vec<Words> = prescription.words();
                h2 { (title) }
                p {
                    (prescription.by) ", " (day_words(prescription.written, language)) ": "
                    @for (index, words) in words.iter().enumerate() { @if index > 0 { "; " } (words.of(language)) }
                    "."
                    @if !prescription.note.is_empty() { " „" (prescription.note) "“" }
                }
            }
        }
    }
}

type Choice = (String, Cow<'static, str>);

fn choose(name: &str, label: &str, chosen: Option<&str>, choices: &[Choice], language: Language) -> Markup {
    html! {
        p {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { (say(language, "as it is", "wie es ist")) }
                @for (value, words) in choices { option value=(value) selected[chosen == Some(value)] { (words) } }
            }
        }
    }
}

fn numbers(from: u8, to: u8, step: usize, unit: &str) -> Vec<Choice> {
    (from..=to).step_by(step).map(|number| (number.to_string(), format!("{number}{unit}").into())).collect()
}

fn page(
    record: &Record,
    all: &Prescriptions,
    filled: &Prescription,
    trouble: &Trouble,
    language: Language,
) -> Response {
    let title = say(language, "Prescribe", "Verordnen");
    let here = place(record, "/prescribe");
    let code =
        if matches!(trouble, Trouble::None) { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = html! {
        h1 { (title) ": " (record.name()) }
        p { (say(language, "You can choose a program and ask for less. It waits until the person says yes, and they can end it at any time. What the bed and their own answers allow stays as it is: nothing here allows more.", "Sie können ein Programm wählen und um weniger bitten. Es wartet, bis die Person Ja sagt, und sie kann es jederzeit beenden. Was das Bett und ihre eigenen Antworten erlauben, bleibt: Nichts hier erlaubt mehr.")) }
        (faults(trouble, language))
        (stands(all, language))
        @if all.waiting.is_some() {
            form method="post" action=(link(&here, language)) {
                div.choose { button type="submit" name="take_back" value="yes" { (say(language, "Take back what waits", "Zurücknehmen, was wartet")) } }
            }
        }
        h2 { (say(language, "A new one", "Eine neue")) }
        form method="post" action=(link(&here, language)) autocomplete="off" {
            (questions(filled, language))
            div.choose { button.keep type="submit" { (title) } }
        }
        p { a href=(link(&place(record, ""), language)) { (say(language, "To the course", "Zum Verlauf")) } }
    };
    (code, whole(title, &here, &body, language)).into_response()
}

fn faults(trouble: &Trouble, language: Language) -> Markup {
    let name = |field: &str| match field {
        "by" => say(language, "Who prescribes", "Wer verordnet"),
        "program" => say(language, "Program", "Programm"),
        "intensity_max" => say(language, "Intensity", "Stärke"),
        "surface_c" => say(language, "Warmth", "Wärme"),
        "minutes_max" => say(language, "Minutes", "Minuten"),
        "week_max" => say(language, "Sessions a week", "Anwendungen je Woche"),
        _ => say(language, "Words to the person", "Worte an die Person"),
    };
    html! {
        @match trouble {
            Trouble::None => {}
            Trouble::Empty => { p.alarmed role="alert" { (say(language, "Nothing was chosen.", "Es wurde nichts gewählt.")) } }
            Trouble::Fields(wrong) => {
                ul.alarmed role="alert" { @for one in wrong { li { (name(one.field)) ": " (one.words.of(language)) } } }
            }
        }
    }
}

fn questions(filled: &Prescription, language: Language) -> Markup {
    let title = |program: &'static plan::Program| program.title().of(language).as_str().into();
    let programs: Vec<Choice> =
        plan::shipped().iter().map(|program| (program.name().to_owned(), title(program))).collect();
    let mut warmth = numbers(SURFACE_C.0, SURFACE_C.1, 1, " °C");
    warmth.insert(0, ("off".to_owned(), say(language, "no heat", "keine Wärme")));
    let heat = match filled.heat_max {
        HeatMax::Ordinary => None,
        HeatMax::Off => Some("off".to_owned()),
        HeatMax::Surface(celsius) => Some(celsius.to_string()),
    };
    let text = |count: Option<u8>| count.map(|count| count.to_string());
    let minutes = numbers(MINUTES_MIN, minutes_most(), MINUTES_STEP, " min");
    let week = say(language, "Most sessions in 7 days", "Höchstens so viele Anwendungen in 7 Tagen");
    assert_eq!(WEEK_DAYS, 7, "as the words say");
    html! {
        p {
            label for="by" { (say(language, "Who prescribes", "Wer verordnet")) }
            input type="text" id="by" name="by" required maxlength=(NAME_CHARACTERS_MAX) value=(filled.by);
        }
        (choose("program", &say(language, "Only this program", "Nur dieses Programm"), filled.program.as_deref(), &programs, language))
        (choose("intensity_max", &say(language, "Intensity at most, of 9", "Stärke höchstens, von 9"), text(filled.intensity_max).as_deref(), &numbers(INTENSITY.0, INTENSITY.1, 1, ""), language))
        (choose("heat_max", &say(language, "Surfaces at most", "Flächen höchstens"), heat.as_deref(), &warmth, language))
        (choose("minutes_max", &say(language, "Minutes at most", "Minuten höchstens"), text(filled.minutes_max).as_deref(), &minutes, language))
        (choose("week_max", &week, text(filled.week_max).as_deref(), &numbers(1, WEEK_MOST, 1, ""), language))
        p {
            label for="note" { (say(language, "Words to the person", "Worte an die Person")) }
            textarea id="note" name="note" rows="3" maxlength=(NOTE_CHARACTERS_MAX) { (filled.note) }
        }
    }
}
