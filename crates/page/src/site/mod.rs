//! What `ondol serve` serves: the bed's page, the guide around it, and the API.
//!
//! A room for each: `day` asks how somebody is today and begins, [`bedside`](crate::bedside) is the page of a
//! session, `everywhere` puts Stop on every page, `api` is what programs use. Everything goes through a [`Station`]; nothing here knows a bed.

mod after;
mod api;
mod day;
mod everywhere;
mod live;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use care::Language;
use host::station::Station;
use host::store::StoreError;
use maud::html;
use serde::Deserialize;

use crate::bedside::{self, ASSETS, Bedside};
use crate::guide::{self, Guide, say};

/// What is served, and to whom it belongs.
#[derive(Clone)]
pub struct Site {
    /// The guide, with the record of whose bed it is.
    pub guide: Guide,
    /// The bed.
    pub station: Station,
    /// Length of the bed's lying surface, mm, as far as it is known before it answers.
    pub length_mm: f64,
}

/// The whole site.
pub fn router(site: Site) -> Router {
    let mut pages = Router::new()
        .route("/", get(home))
        .route("/session", get(session))
        .route("/stop", post(stop))
        .merge(after::routes())
        .merge(day::routes())
        .merge(api::routes());
    for (path, kind, text) in ASSETS {
        pages = pages.route(path, get(move || async move { ([(header::CONTENT_TYPE, kind)], text) }));
    }
    pages
        .with_state(site.clone())
        .merge(guide::pages(site.guide))
        .layer(middleware::from_fn(everywhere::stop))
        .layer(middleware::from_fn(guide::guard))
}

#[derive(Default, Deserialize)]
struct Asked {
    language: Option<String>,
}

impl Site {
    fn language(&self, asked: &Asked) -> Language {
        asked.language.as_deref().and_then(|tag| tag.parse().ok()).unwrap_or(self.guide.language)
    }

    fn name(&self) -> Option<&str> {
        self.guide.keeper.as_ref().map(|keeper| keeper.name.as_str())
    }
}

async fn home(State(site): State<Site>, Query(asked): Query<Asked>) -> Html<String> {
    let language = site.language(&asked);
    let title = say(language, "The bed, and your back", "Das Bett und Ihr Rücken");
    let body = html! {
        h1 { (title) }
        ul.doors {
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

async fn session(State(site): State<Site>, Query(asked): Query<Asked>) -> Html<String> {
    let simulated = {
        let picture = site.station.picture();
        let shown = picture.borrow();
        shown.picture.bed.as_ref().is_none_or(|bed| bed.simulated)
    };
    let page = bedside::page(&Bedside {
        name: site.name(),
        simulated,
        length_mm: site.length_mm,
        token: "",
        language: site.language(&asked),
    });
    Html(page.into_string())
}

/// Stop without script.
async fn stop(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match api::stop_now(&site).await {
        Ok(()) => Redirect::to(&guide::link("/session", language)).into_response(),
        Err(error) => {
            let words = html! {
                h1 { (say(language, "The bed did not hear it: press the hand switch", "Das Bett hat es nicht gehört: Drücken Sie den Handschalter")) }
                p { (error) }
            };
            (StatusCode::BAD_GATEWAY, Html(words.into_string())).into_response()
        }
    }
}
