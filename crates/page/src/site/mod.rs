//! What `ondol serve` serves: the bed's page, the guide around it, and the API.
//!
//! A room for each: `day` asks how somebody is today and begins, `bedside` is the page of a
//! session, `after` what it left, `everywhere` puts Stop on every page, `api` is the same for programs, each route
//! with its own description, `person` is who is signed in. Everything goes through a [`Station`] and behind a [`Door`]; nothing here knows a bed.

mod after;
mod api;
mod clinic;
mod day;
mod everywhere;
mod live;
mod person;
mod service;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use care::Language;
use host::accounts::Deed;
use host::station::Station;
use host::store::{Store, StoreError};
use maud::html;
use serde::Deserialize;
use std::path::PathBuf;
use utoipa_axum::router::OpenApiRouter;

use crate::api::document;
use crate::bedside::{self, ASSETS, Bedside};
use crate::door::{self, Csrf, Denied, Door, STOP, Visitor, may};
use crate::guide::{self, Guide, say};
use person::Person;

pub(crate) use after::scale;

/// What is served.
#[derive(Clone)]
pub struct Site {
    /// The guide; whose record it writes to is decided at the door.
    pub guide: Guide,
    /// Who comes in.
    pub door: Door,
    /// People's records.
    pub store: Store,
    /// The bed.
    pub station: Station,
    /// Where a bed of this computer keeps its own journal and logs; `None` for one that keeps them elsewhere.
    pub bed_folder: Option<PathBuf>,
    /// Length of the bed's lying surface, mm, as far as it is known before it answers.
    pub length_mm: f64,
}

/// The whole site.
pub fn router(site: Site) -> Router {
    let (stop_api, stop_told) = api::stop_routes().split_for_parts();
    let stop = Router::new().route(STOP, post(stop)).merge(stop_api).with_state(site.clone());
    let (api, mut told) = OpenApiRouter::new()
        .merge(api::routes())
        .merge(service::api(&site))
        .with_state(site.clone())
        .merge(door::api::routes(site.door.clone()))
        .split_for_parts();
    told.merge(stop_told);
    let api = document::routes(api, document::finished(told, site.door.cookie_name()));
    let mut pages = Router::new()
        .route("/", get(home))
        .route("/session", get(session))
        .merge(after::routes())
        .merge(clinic::routes())
        .merge(day::routes())
        .merge(service::routes(&site));
    for (path, kind, text) in ASSETS {
        pages = pages.route(path, get(move || async move { ([(header::CONTENT_TYPE, kind)], text) }));
    }
    let pages = pages
        .with_state(site.clone())
        .merge(api)
        .merge(guide::pages(site.guide.clone()))
        .layer(middleware::from_fn_with_state(site.clone(), person::keeper));
    door::keep(&site.door, pages, stop).layer(middleware::from_fn(everywhere::stop))
}

#[derive(Default, Deserialize)]
struct Asked {
    language: Option<String>,
}

impl Site {
    fn language(&self, asked: &Asked) -> Language {
        asked.language.as_deref().and_then(|tag| tag.parse().ok()).unwrap_or(self.guide.language)
    }
}

async fn home(
    State(site): State<Site>,
    person: Option<Person>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Html<String> {
    let language = site.language(&asked);
    let title = say(language, "The bed, and your back", "Das Bett und Ihr Rücken");
    let body = html! {
        h1 { (title) }
        p {
            @if let Some(person) = &person { strong { (person.name()) } " · " }
            a href=(guide::link(door::SIGN_IN, language)) {
                @if visitor == Visitor::Nobody { (say(language, "Who are you?", "Wer sind Sie?")) }
                @else { (say(language, "Not you? Sign out, or set a PIN", "Nicht Sie? Abmelden, oder eine PIN setzen")) }
            }
        }
        ul.doors {
            @if may(&visitor, Deed::ReadOthers).is_ok() {
                li { a href=(guide::link("/clinic", language)) {
                    strong { (say(language, "People and their courses", "Menschen und ihre Verläufe")) }
                    (say(language, "Whether anything changed beyond what matters.", "Ob sich mehr geändert hat, als Zufall und Messung machen."))
                } }
            }
            @if may(&visitor, Deed::SeeService).is_ok() {
                li { a href=(guide::link("/service", language)) {
                    strong { (say(language, "Service", "Wartung")) }
                    (say(language, "Readings, faults, self-test, and what the guard does when something breaks.", "Messwerte, Fehler, Selbsttest, und was der Wächter tut, wenn etwas ausfällt."))
                } }
            }
            li { a href=(guide::link("/today", language)) {
                strong { (say(language, "A session", "Eine Anwendung")) }
                (say(language, "How you are today, then the bed: a scan of your spine and what fits it.", "Wie es Ihnen heute geht, dann das Bett: Ihre Wirbelsäule wird abgetastet, und Sie bekommen, was zu ihr passt."))
            } }
            li { a href=(guide::link("/sessions", language)) {
                strong { (say(language, "My sessions", "Meine Anwendungen")) }
                (say(language, "Before and after, and each report.", "Vorher und nachher, und jeder Bericht."))
            } }
            li { a href=(guide::link("/session", language)) {
                strong { (say(language, "The bed now", "Das Bett jetzt")) }
                (say(language, "What it does at this moment, and Stop.", "Was es gerade tut, und Stopp."))
            } }
        }
        (guide::doors(language))
        p.quiet { a href=(guide::link(document::PAGE, language)) { (say(language, "For programs: everything here as an API", "Für Programme: alles hier als Schnittstelle")) } }
    };
    Html(guide::page(title, "/", body).whole(language).into_string())
}

/// What cannot be read or written, in the person's words.
fn failed(error: &StoreError, language: Language) -> Response {
    let (code, words) = guide::diary::trouble_words(error, language);
    let title = say(language, "This cannot be done just now", "Das geht gerade nicht");
    let body = html! { h1 { (title) } div.alarmed role="alert" { (words) } };
    (code, Html(guide::page(title, "/", body).whole(language).into_string())).into_response()
}

async fn session(
    State(site): State<Site>,
    person: Option<Person>,
    visitor: Visitor,
    csrf: Csrf,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Denied> {
    if person.is_none() {
        may(&visitor, Deed::ReadOthers)?;
    }
    let simulated = {
        let picture = site.station.picture();
        let shown = picture.borrow();
        shown.picture.bed.as_ref().is_none_or(|bed| bed.simulated)
    };
    let page = bedside::page(&Bedside {
        name: person.as_ref().map(Person::name),
        simulated,
        length_mm: site.length_mm,
        token: csrf.value().unwrap_or_default(),
        language: site.language(&asked),
    });
    Ok(Html(page.into_string()))
}

/// Stop without script.
async fn stop(State(site): State<Site>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match api::stop_now(&site, &headers).await {
        Ok(()) => Redirect::to(&guide::link("/session", language)).into_response(),
        Err(error) => {
            let words = html! {
                h1 { (say(language, "The bed did not hear it: press the hand switch", "Das Bett hat es nicht gehört: Drücken Sie den Handschalter")) }
                p { (error.words().of(language)) }
            };
            (StatusCode::BAD_GATEWAY, Html(words.into_string())).into_response()
        }
    }
}
