//! Serves the pages on this computer alone.
//!
//! A page from elsewhere must not read or drive the guide through the person's browser: requests whose
//! `Host` is not this computer are refused (DNS rebinding), and so are forms sent from another site.

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use care::ask::next_screen;
use care::cause::next_cause_screen;
use care::{Findings, Language};
use serde::Deserialize;

use host::breaks::BreakDesks;
use host::store::{Store, StoreError};

use super::interview::{Fault, Heard};
use super::visit::{Told, heard};
use super::{Page, bed, breaks, causes, diary, exercises, heat, interview, now, read, style, verdict, week};

/// What a browser may do with a page: show it, load style sheets and scripts from here, and talk to nobody else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Names under which this computer knows itself.
const HERE: [&str; 2] = ["127.0.0.1", "localhost"];

/// The guide as it is served.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// Spoken where an address does not name a language.
    pub language: Language,
    /// Whose record the guide writes to; without it nothing is kept.
    pub keeper: Option<Keeper>,
    /// Where a session of a bed begins, if there is one.
    pub bed: Option<&'static str>,
    /// The break reminders; off until a person starts theirs.
    pub breaks: BreakDesks,
}

impl Guide {
    /// Ends what runs beside the pages, and keeps its counts.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn end(&self) -> Result<(), StoreError> {
        self.breaks.end()
    }
}

/// Whose record the guide writes to. It is begun with the first thing that is kept.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Where records stand.
    pub store: Store,
    /// The person's name.
    pub name: String,
}

/// The guide's pages, by themselves.
pub fn router(guide: Guide) -> Router {
    let home = Router::new().route("/", get(|g, q| show(g, q, read::home))).with_state(guide.clone());
    pages(guide).merge(home).layer(middleware::from_fn(guard))
}

/// The guide's pages but its home, for whoever serves others beside them and keeps strangers out.
pub(crate) fn pages(guide: Guide) -> Router {
    Router::new()
        .route("/now", get(|g, q| show(g, q, questions)).post(answer))
        .route("/now/sheet", get(|g, q| show(g, q, now::sheet)))
        .route(heat::HERE, post(heat_or_cold))
        .route(causes::HERE, post(why))
        .route("/why", get(|g, q| show(g, q, read::why)))
        .route("/keep", get(|g, q| show(g, q, read::keep)))
        .route("/claims", get(|g, q| show(g, q, read::claims)))
        .route("/topic/{id}", get(topic))
        .route("/exercises", get(|g, q| show(g, q, exercises::all)))
        .route("/exercises/{id}", get(exercise))
        .route(
            "/style.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style::css()) }),
        )
        // Browsers ask for it by this name, and take a drawing in its place.
        .route(
            "/favicon.ico",
            get(|| async { ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("icon.svg")) }),
        )
        .merge(diary::routes())
        .merge(week::routes())
        .merge(bed::routes())
        .merge(breaks::routes())
        .fallback(lost)
        .method_not_allowed_fallback(lost)
        .with_state(guide)
}

#[derive(Default, Deserialize)]
struct Asked {
    language: Option<String>,
}

type Wish = Result<Query<Asked>, QueryRejection>;

/// The language of the address, or the guide's where it names none.
fn spoken(guide: &Guide, wish: Wish) -> Language {
    wish.ok().and_then(|Query(asked)| asked.language?.parse().ok()).unwrap_or(guide.language)
}

fn html(page: &Page, language: Language) -> Html<String> {
    Html(page.whole(language).into_string())
}

async fn show(State(guide): State<Guide>, wish: Wish, page: fn(Language) -> Page) -> Html<String> {
    let language = spoken(&guide, wish);
    html(&page(language), language)
}

async fn lost(State(guide): State<Guide>, wish: Wish) -> impl IntoResponse {
    let language = spoken(&guide, wish);
    (StatusCode::NOT_FOUND, html(&read::lost(language), language))
}

async fn topic(State(guide): State<Guide>, Path(id): Path<String>, wish: Wish) -> Response {
    let language = spoken(&guide, wish);
    match care::topic::topic(&id) {
        Some(topic) => html(&read::topic(topic, language), language).into_response(),
        None => (StatusCode::NOT_FOUND, html(&read::lost(language), language)).into_response(),
    }
}

async fn exercise(State(guide): State<Guide>, Path(id): Path<String>, wish: Wish) -> Response {
    let language = spoken(&guide, wish);
    match care::exercise::exercise(&id) {
        Some(exercise) => html(&exercises::one(exercise, language), language).into_response(),
        None => (StatusCode::NOT_FOUND, html(&read::lost(language), language)).into_response(),
    }
}

/// The emergency tick list.
fn questions(language: Language) -> Page {
    asked(&Findings::new(), &[], language)
}

/// The next screen, or the verdict where there is none.
pub(super) fn asked(told: &Findings, faults: &[Fault], language: Language) -> Page {
    interview::page(told, faults, language).unwrap_or_else(|| verdict::page(told, language))
}

async fn answer(State(guide): State<Guide>, wish: Wish, form: Told) -> Html<String> {
    let language = spoken(&guide, wish);
    let fields = heard(form);
    let page = match interview::hear(&fields, next_screen) {
        Heard::Ask(told, faults) => asked(&told, &faults, language),
        Heard::Done(told) => verdict::page(&told, language),
    };
    html(&page, language)
}

/// What may play a part; who has not answered the emergency questions answers them first.
async fn why(State(guide): State<Guide>, wish: Wish, form: Told) -> Html<String> {
    let language = spoken(&guide, wish);
    let fields = heard(form);
    let told = interview::carried_in(&fields).unwrap_or_default();
    if next_screen(&told).is_some() {
        return html(&asked(&told, &[], language), language);
    }
    let page = match interview::hear(&fields, next_cause_screen) {
        Heard::Ask(told, faults) => causes::page(&told, &faults, language),
        Heard::Done(told) => causes::list(&told, language),
    };
    html(&page, language)
}

/// Heat or cold; who has not answered the emergency questions answers them first, and a doctor goes before it.
async fn heat_or_cold(State(guide): State<Guide>, wish: Wish, form: Told) -> Html<String> {
    let language = spoken(&guide, wish);
    let fields = heard(form);
    let told = interview::carried_in(&fields).unwrap_or_default();
    if next_screen(&told).is_some() {
        return html(&asked(&told, &[], language), language);
    }
    if !verdict::may_self_care(&told) {
        return html(&verdict::page(&told, language), language);
    }
    let today = host::clock::today();
    let (told, screened) = heat::hear(told, &fields, today);
    html(&heat::page(&told, &screened, today, language), language)
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
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
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
