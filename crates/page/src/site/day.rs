//! The way in: how somebody is today, and the beginning of a session.

use super::{Asked, Site};
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use care::Language;
use host::bed_today::{BedToday, Said, Stage};
use host::clock::today;
use host::entry_form::Fields;
use maud::{Markup, html};

use crate::guide::bed::{self, Faults};
use crate::guide::{link, say};

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/today", get(show).post(reply))
}

fn desk(site: &Site) -> Option<BedToday> {
    let keeper = site.guide.keeper.as_ref()?;
    Some(BedToday::new(keeper.store.clone(), keeper.name.clone(), today()))
}

async fn show(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match desk(&site).map(|desk| desk.stage()) {
        Some(Ok(stage)) => page(&stage, &Faults::default(), None, language),
        Some(Err(error)) => super::failed(&error, language),
        None => Redirect::to(&link("/", language)).into_response(),
    }
}

/// Keeps what was answered, and begins where all is clear and a program was chosen.
async fn reply(State(site): State<Site>, Query(asked): Query<Asked>, Form(fields): Form<Fields>) -> Response {
    let language = site.language(&asked);
    let Some(desk) = desk(&site) else { return Redirect::to(&link("/", language)).into_response() };
    let (reply, faults) = bed::hear(&fields);
    let stage = match desk.keep(&reply).and_then(|()| desk.stage()) {
        Ok(stage) => stage,
        Err(error) => return super::failed(&error, language),
    };
    let program = fields.iter().find(|(name, _)| name == "program").map(|(_, value)| value.as_str());
    match (&stage, program, site.name()) {
        (Stage::Said(said), Some(program), Some(name)) if said.summary.verdict != care::Verdict::Refuse => {
            match site.station.begin(name, program, None, today()) {
                Ok(()) => Redirect::to(&link("/session", language)).into_response(),
                Err(error) => page(&stage, &faults, Some(&error.to_string()), language),
            }
        }
        _ => page(&stage, &faults, None, language),
    }
}

fn page(stage: &Stage, faults: &Faults, trouble: Option<&str>, language: Language) -> Response {
    let title = say(language, "How are you today?", "Wie geht es Ihnen heute?");
    let body = html! {
        @if !matches!(stage, Stage::Said(_)) { h1 { (title) } }
        @if let Some(trouble) = trouble { p.alarmed role="alert" { (trouble) } }
        @match stage {
            Stage::Ask(asked) => (bed::form_to("/today", asked, &[], faults, Some(&programs(language)), language)),
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
            form method="post" action=(link("/today", language)) { (programs(language)) }
        }
    }
}

/// The programs as buttons, each of which begins.
fn programs(language: Language) -> Markup {
    html! {
        h2 { (say(language, "What would do you good?", "Was würde Ihnen guttun?")) }
        p.quiet { (say(language, "After the scan you hear what was found, and can still choose something else.", "Nach dem Abtasten hören Sie, was gefunden wurde, und können noch anderes wählen.")) }
        div.choose.programs {
            @for program in plan::shipped() {
                button type="submit" name="program" value=(program.name()) {
                    strong { (program.title()) } " "
                    small { (format!("{:.0} min", program.minutes())) }
                }
            }
        }
    }
}
