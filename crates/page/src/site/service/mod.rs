//! The room of whoever looks after the bed: readings, faults, self-test, log, and a twin's failsafe explorer.
//!
//! Every page works without script; a small one keeps readings and timeline fresh. `api` is the same for
//! programs. Nothing of a person stands here.

mod api;
mod explorer;
mod faults;
mod files;
mod now;
mod test;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use care::{Language, Words};
use host::accounts::Deed;
use host::service::Service;
use maud::{Markup, html};
use utoipa_axum::router::OpenApiRouter;

use super::Site;
use crate::door::{Denied, Visitor};
use crate::guide::{self, link, say};

const CSS: &str = include_str!("assets/service.css");
const SCRIPT: &str = include_str!("assets/service.js");

/// The room behind its own door: no page of it can forget to ask who looks.
pub(super) fn routes(site: &Site) -> Router<Site> {
    let css = || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS) };
    let script = || async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT) };
    Router::new()
        .route("/service", get(now::page))
        .route("/service/faults", get(faults::page))
        .route("/service/log", get(faults::log))
        .route("/service/test", get(test::page).post(test::run))
        .route("/service/explorer", get(explorer::page).post(explorer::hear))
        .route("/service/service.css", get(css))
        .route("/service/service.js", get(script))
        .route_layer(middleware::from_fn_with_state(site.clone(), for_service))
}

/// The same for programs.
pub(super) fn api(site: &Site) -> OpenApiRouter<Site> {
    api::routes()
        .merge(files::routes())
        .route_layer(middleware::from_fn_with_state(site.clone(), for_service))
}

/// Only for whoever looks after the bed; what does more than show asks for more.
async fn for_service(
    State(site): State<Site>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::SeeService, None).await?;
    Ok(next.run(request).await)
}

/// A page of this room.
fn room(title: &str, here: &str, service: &Service, body: &Markup, language: Language) -> Response {
    let doors = [
        ("/service", say(language, "Now", "Jetzt")),
        ("/service/faults", say(language, "Faults", "Fehler")),
        ("/service/test", say(language, "Self-test", "Selbsttest")),
        ("/service/explorer", say(language, "Failsafe explorer", "Fehlererkundung")),
        ("/service/log", say(language, "Log", "Protokoll")),
    ];
    let body = html! {
        link rel="stylesheet" href="/service/service.css";
        nav.rooms aria-label=(say(language, "Service", "Wartung")) {
            @for (path, name) in &doors {
                a href=(link(path, language)) aria-current=[(here == *path).then_some("page")] { (name) }
            }
        }
        h1 { (title) }
        @if service.notice.is_some() { p.twin-notice { strong { (host::notice(language)) } } }
        (body)
        script type="module" src="/service/service.js" {}
    };
    Html(guide::page(title.to_owned().into(), here, body).whole(language).into_string()).into_response()
}

/// A refusal in words, on a page.
fn refused(here: &str, service: &Service, words: &Words, language: Language) -> Response {
    let title = say(language, "Nothing was done", "Es wurde nichts getan");
    let body = html! {
        div.alarmed role="alert" { (words.of(language)) }
        p { a href=(link(here, language)) { (say(language, "Back", "Zurück")) } }
    };
    (StatusCode::CONFLICT, room(&title, here, service, &body, language)).into_response()
}
