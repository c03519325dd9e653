//! The way in: how somebody is today, and the beginning of a session.

use super::person::Person;
use super::{Asked, Site};
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use care::Language;
use host::accounts::Deed;
use host::bed_today::{BedToday, Said, Stage};
use host::clock::today;
use host::entry_form::Fields;
use host::prescription::{Prescription, Prescriptions};
use host::store::StoreError;
use maud::{Markup, html};

use crate::door::Denied;
use crate::guide::bed::{self, Faults};
use crate::guide::{link, say};

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/today", get(show).post(reply)).route("/today/prescription", post(prescribed))
}

/// Where a person stands with the bed today.
pub(super) fn desk(person: &Person) -> BedToday {
    BedToday::new(person.keeper.store.clone(), person.keeper.name.clone(), today())
}

async fn show(State(site): State<Site>, person: Person, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match desk(&person).stage().and_then(|stage| Ok((stage, prescriptions(&person)?))) {
        Ok((stage, rules)) => page(&stage, &rules, &Faults::default(), None, language),
        Err(error) => super::failed(&error, language),
    }
}

/// What is prescribed to a person.
pub(super) fn prescriptions(person: &Person) -> Result<Prescriptions, StoreError> {
    let record = person.keeper.store.record(person.name())?;
    Prescriptions::read(&record, today())
}

/// The person's word on what is prescribed: yes, no, or an end to what stands.
async fn prescribed(
    State(site): State<Site>,
    person: Person,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    person.may(&site, Deed::AcceptOwn).await?;
    let word = fields.iter().find(|(name, _)| name == "word").map(|(_, value)| value.as_str());
    let change = || -> Result<(), StoreError> {
        let mut rules = prescriptions(&person)?;
        match word {
            Some("yes") => rules.answer(true),
            Some("no") => rules.answer(false),
            Some("end") => rules.end(),
            _ => return Ok(()),
        }
        rules.keep(&person.keeper.store.record(person.name())?, today())
    };
    Ok(match change() {
        Ok(()) => Redirect::to(&link("/today", language)).into_response(),
        Err(error) => super::failed(&error, language),
    })
}

/// Keeps what was answered, and begins where all is clear and a program was chosen.
async fn reply(
    State(site): State<Site>,
    person: Person,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    let desk = desk(&person);
    person.may(&site, Deed::WriteOwn).await?;
    let (reply, faults) = bed::hear(&fields);
    let kept = desk.keep(&reply).and_then(|()| Ok((desk.stage()?, prescriptions(&person)?)));
    let (stage, rules) = match kept {
        Ok(kept) => kept,
        Err(error) => return Ok(super::failed(&error, language)),
    };
    let program = fields.iter().find(|(name, _)| name == "program").map(|(_, value)| value.as_str());
    let allowed = matches!(&stage, Stage::Said(said) if said.summary.verdict != care::Verdict::Refuse);
    let Some(program) = program.filter(|_| allowed) else {
        return Ok(page(&stage, &rules, &faults, None, language));
    };
    person.may(&site, Deed::BeginOwn).await?;
    Ok(match site.station.begin(person.name(), program, None, today()) {
        Ok(()) => Redirect::to(&link("/session", language)).into_response(),
        Err(error) => page(&stage, &rules, &faults, Some(error.words().of(language)), language),
    })
}

/// What is prescribed, and the person's say in it.
fn rules(rules: &Prescriptions, language: Language) -> Markup {
    let form = |words: &[(&str, std::borrow::Cow<'_, str>)]| {
        html! {
            form.choose method="post" action=(link("/today/prescription", language)) {
                @for (word, name) in words { button type="submit" name="word" value=(word) { (name) } }
            }
        }
    };
    let list = |rule: &Prescription| {
        html! {
            ul { @for words in rule.words() { li { (words.of(language)) } } }
            @if !rule.note.is_empty() { p { (rule.note) } }
        }
    };
    html! {
        @if let Some(rule) = &rules.waiting {
            section.before aria-labelledby="waits" {
                h2 id="waits" { (say(language, "Prescribed for you, if you agree: ", "Ihnen verordnet, wenn Sie zustimmen: ")) (rule.by) }
                (list(rule))
                (form(&[("yes", say(language, "Yes, keep to it", "Ja, daran halten")), ("no", say(language, "No", "Nein"))]))
            }
        }
        @if let Some(rule) = &rules.standing {
            section.before aria-labelledby="stands" {
                h2 id="stands" { (say(language, "You keep to this: ", "Daran halten Sie sich: ")) (rule.by) }
                (list(rule))
                (form(&[("end", say(language, "End it", "Beenden"))]))
            }
        }
    }
}

fn page(
    stage: &Stage,
    prescribed: &Prescriptions,
    faults: &Faults,
    trouble: Option<&str>,
    language: Language,
) -> Response {
    let title = say(language, "How are you today?", "Wie geht es Ihnen heute?");
    let body = html! {
        @if !matches!(stage, Stage::Said(_)) { h1 { (title) } }
        @if let Some(trouble) = trouble { p.alarmed role="alert" { (trouble) } }
        (rules(prescribed, language))
        @match stage {
            Stage::Ask(asked) => (bed::form_to("/today", asked, &[], faults, Some(&programs(asked.still.is_some(), language)), language)),
            Stage::Said(said) => (answer(said, &title, language)),
            Stage::NoInterview | Stage::Unfinished | Stage::OldInterview(_) => (questions(language)),
        }
    };
    let code = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (code, Html(crate::guide::page(title, "/today", body).whole(language).into_string())).into_response()
}

fn questions(language: Language) -> Markup {
    html! {
        p { (say(language, "The bed warms and presses. Whether that is good for you today, your answers say. It takes about two minutes; the signs of an emergency come first.", "Das Bett wärmt und drückt. Ob Ihnen das heute guttut, sagen Ihre Antworten. Es dauert etwa zwei Minuten; die Zeichen für einen Notfall kommen zuerst.")) }
        p { a.act href=(link("/now", language)) { (say(language, "Answer the questions", "Die Fragen beantworten")) } }
    }
}

fn answer(said: &Said, title: &str, language: Language) -> Markup {
    html! {
        (bed::said(said, title, language))
        @if said.summary.verdict != care::Verdict::Refuse {
            form method="post" action=(link("/today", language)) { (programs(false, language)) }
        }
    }
}

/// The programs as buttons, each of which begins; and says, where it is to be said, that all is still true.
fn programs(still: bool, language: Language) -> Markup {
    html! {
        h2 {
            @if still { (bed::still_true(language)) ". " }
            (say(language, "What would do you good?", "Was würde Ihnen guttun?"))
        }
        p.quiet { (say(language, "After the scan you hear what was found, and can still choose something else.", "Nach dem Abtasten hören Sie, was gefunden wurde, und können noch anderes wählen.")) }
        div.choose.programs {
            @for program in plan::shipped() {
                button type="submit" name="program" value=(program.name()) {
                    @if still { span { (say(language, "Still true:", "Stimmt noch:")) } " " }
                    strong { (program.title().of(language)) } " "
                    small { (format!("{:.0} min", program.minutes())) }
                }
            }
        }
    }
}
