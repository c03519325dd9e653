//! Serves the pages on this computer alone.
//!
//! A page from elsewhere must not read or drive the guide through the person's browser: requests whose
//! `Host` is not this computer are refused (DNS rebinding), and so are forms sent from another site.

use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use care::Language;
use serde::Deserialize;

use super::{Door, page, signs, style};

/// What a browser may do with a page: show it, load the one style sheet, send its form back here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Names under which this computer knows itself.
const HERE: [&str; 2] = ["127.0.0.1", "localhost"];

/// The guide. `language` is spoken where an address does not name one.
pub fn router(language: Language) -> Router {
    Router::new()
        .route("/", get(|s, q| show(s, q, Door::Home)))
        .route("/now", get(|s, q| show(s, q, Door::Questions)).post(answer))
        .route("/now/sheet", get(|s, q| show(s, q, Door::Sheet)))
        .route("/why", get(|s, q| show(s, q, Door::Why)))
        .route("/keep", get(|s, q| show(s, q, Door::Keep)))
        .route("/claims", get(|s, q| show(s, q, Door::Claims)))
        .route("/topic/{id}", get(topic))
        .route(
            "/style.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style::CSS) }),
        )
        .fallback(lost)
        .method_not_allowed_fallback(lost)
        .layer(middleware::from_fn(guard))
        .with_state(language)
}

#[derive(Default, Deserialize)]
struct Asked {
    language: Option<String>,
}

type Wish = Result<Query<Asked>, QueryRejection>;

/// The language of the address, or the server's where it names none that the guide speaks.
fn spoken(standard: Language, wish: Wish) -> Language {
    wish.ok().and_then(|Query(asked)| asked.language?.parse().ok()).unwrap_or(standard)
}

fn html(door: &Door, language: Language) -> Html<String> {
    Html(page(door, language).into_string())
}

async fn show(State(standard): State<Language>, wish: Wish, door: Door<'static>) -> Html<String> {
    html(&door, spoken(standard, wish))
}

async fn lost(State(standard): State<Language>, wish: Wish) -> impl IntoResponse {
    (StatusCode::NOT_FOUND, html(&Door::Lost, spoken(standard, wish)))
}

async fn topic(State(standard): State<Language>, Path(id): Path<String>, wish: Wish) -> Response {
    let language = spoken(standard, wish);
    match care::topic::topic(&id) {
        Some(topic) => html(&Door::Topic(topic), language).into_response(),
        None => (StatusCode::NOT_FOUND, html(&Door::Lost, language)).into_response(),
    }
}

/// The answer to the emergency questions; anything unclear counts as a sign.
async fn answer(
    State(standard): State<Language>,
    wish: Wish,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Html<String> {
    let language = spoken(standard, wish);
    let fields = form.map(|Form(fields)| fields).unwrap_or_default();
    let known = signs(language);
    let ticked: Vec<String> =
        fields.iter().filter(|(name, _)| name == "sign").map(|(_, value)| value.clone()).collect();
    let none = fields.iter().any(|(name, value)| name == "fits" && value == "none");
    let some = fields.iter().any(|(name, value)| name == "fits" && value != "none");
    if !ticked.is_empty() || some {
        let ticked: Vec<String> =
            ticked.into_iter().filter(|id| known.iter().any(|sign| sign.id == id)).collect();
        html(&Door::Emergency(&ticked), language)
    } else if none {
        html(&Door::Steps, language)
    } else {
        html(&Door::Questions, language)
    }
}

/// Refuses strangers, and tells the browser what a page may do.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = if ours(request.headers()) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "Refused: this guide answers only on this computer, as 127.0.0.1 or localhost.\n",
        )
            .into_response()
    };
    let told: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in told {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether the request was meant for this computer and, where it says so, sent from one of its pages.
///
/// The policy sends no referrer, for which browsers write "null" as the origin of our own forms; they say
/// beside it whether the form came from another site.
fn ours(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let here = host.is_some_and(|host| HERE.contains(&name(host)));
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    let from_here = origin.is_none_or(|origin| {
        origin == "null" || origin.strip_prefix("http://").is_some_and(|host| HERE.contains(&name(host)))
    });
    let site = headers.get("sec-fetch-site").map(|site| site.to_str().unwrap_or_default());
    let get_like = site.is_none_or(|site| matches!(site, "same-origin" | "none") || origin.is_none());
    here && from_here && get_like
}

/// A host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}
