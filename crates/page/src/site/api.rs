//! What programs use, and what the page's own script uses.

use super::person::Person;
use super::{Site, live};
use crate::door::{Denied, Visitor};
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use host::accounts::Deed;
use host::clock::today;
use host::session::{Answer, Wish};
use host::station::BeginError;
use host::wire::WireError;
use link::TwinAct;
use serde::{Deserialize, Serialize};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/api/health", get(health))
        .route("/api/v1/live", get(now))
        .route("/api/v1/live/stream", get(live::stream))
        .route("/api/v1/programs", get(programs))
        .route("/api/v1/session", post(begin))
        .route("/api/v1/session/proposal", get(proposal))
        .route("/api/v1/session/answer", post(answer))
        .route("/api/v1/session/wish", post(wish))
        .route("/api/v1/session/here", post(here))
        .route("/api/v1/twin", post(twin))
}

/// Why something was not done, and the way out.
#[derive(Serialize)]
pub(super) struct Trouble {
    #[serde(skip)]
    status: StatusCode,
    /// A word for programs.
    code: &'static str,
    /// One sentence for people.
    message: String,
    #[serde(skip)]
    denied: Option<Denied>,
}

impl Trouble {
    fn new(status: StatusCode, code: &'static str, message: impl ToString) -> Self {
        Self { status, code, message: message.to_string(), denied: None }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self.denied {
            // The door says it, in its own words.
            Some(denied) => denied.into_response(),
            None => (self.status, Json(self)).into_response(),
        }
    }
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        Self { denied: Some(denied), ..Self::new(denied.status(), "denied", "") }
    }
}

impl From<JsonRejection> for Trouble {
    fn from(error: JsonRejection) -> Self {
        Self::new(error.status(), "body", error.body_text())
    }
}

impl From<BeginError> for Trouble {
    fn from(error: BeginError) -> Self {
        let (status, code) = match &error {
            BeginError::NoBed(_) => (StatusCode::BAD_GATEWAY, "no_bed"),
            BeginError::Busy => (StatusCode::CONFLICT, "busy"),
            BeginError::NotCleared => (StatusCode::FORBIDDEN, "not_cleared"),
            BeginError::Withheld(_) => (StatusCode::FORBIDDEN, "prescription"),
            BeginError::Refused(_) => (StatusCode::FORBIDDEN, "refused"),
            BeginError::NoProgram(_) => (StatusCode::NOT_FOUND, "no_program"),
            BeginError::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "store"),
        };
        Self::new(status, code, error)
    }
}

impl From<WireError> for Trouble {
    fn from(error: WireError) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "no_bed", error)
    }
}

fn not_yours() -> Trouble {
    Trouble::new(
        StatusCode::CONFLICT,
        "no_session",
        "no session of yours is under way, or its page was lost: nothing was done",
    )
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    bed: bool,
    session: bool,
    trouble: Option<care::Words>,
}

async fn health(State(site): State<Site>) -> Json<Health> {
    let picture = site.station.picture();
    let shown = picture.borrow();
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        bed: shown.picture.bed.is_some(),
        session: shown.picture.under_way,
        trouble: shown.picture.trouble.clone(),
    })
}

async fn now(State(site): State<Site>, visitor: Visitor, person: Option<Person>) -> Response {
    let shown = site.station.picture().borrow().clone();
    let json = live::for_whom(&shown, &visitor, person.as_ref());
    ([(axum::http::header::CONTENT_TYPE, "application/json")], json.to_string()).into_response()
}

#[derive(Serialize)]
struct ProgramRow {
    name: &'static str,
    title: &'static str,
    does: &'static str,
    for_whom: &'static str,
    evidence: &'static str,
    minutes: f64,
}

async fn programs() -> Json<Vec<ProgramRow>> {
    let row = |program: &'static plan::Program| ProgramRow {
        name: program.name(),
        title: program.title(),
        does: program.does(),
        for_whom: program.for_whom(),
        evidence: program.evidence(),
        minutes: program.minutes(),
    };
    Json(plan::shipped().iter().map(row).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    program: String,
    minutes: Option<f64>,
}

async fn begin(
    State(site): State<Site>,
    person: Person,
    body: Result<Json<Begin>, JsonRejection>,
) -> Result<StatusCode, Trouble> {
    let Json(wanted) = body?;
    person.may(&site, Deed::BeginOwn).await?;
    site.station.begin(person.name(), &wanted.program, wanted.minutes, today())?;
    Ok(StatusCode::ACCEPTED)
}

async fn proposal(State(site): State<Site>, person: Person) -> Result<Response, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    if site.station.whose().as_deref() != Some(person.name()) {
        return Err(not_yours());
    }
    let proposal = site.station.picture().borrow().picture.proposal.clone();
    let none = || Trouble::new(StatusCode::NOT_FOUND, "no_proposal", "no proposal waits for an answer");
    let proposal = proposal.ok_or_else(none)?;
    Ok(Json(&*proposal).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    answer: Answer,
}

async fn answer(
    State(site): State<Site>,
    person: Person,
    body: Result<Json<Answered>, JsonRejection>,
) -> Result<StatusCode, Trouble> {
    let Json(answered) = body?;
    person.may(&site, Deed::WishOwn).await?;
    if site.station.answer(person.name(), answered.answer) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_yours())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wished {
    wish: Wish,
}

async fn wish(
    State(site): State<Site>,
    person: Person,
    body: Result<Json<Wished>, JsonRejection>,
) -> Result<StatusCode, Trouble> {
    let Json(wished) = body?;
    person.may(&site, Deed::WishOwn).await?;
    if site.station.wish(person.name(), wished.wish) { Ok(StatusCode::NO_CONTENT) } else { Err(not_yours()) }
}

async fn here(State(site): State<Site>, person: Person) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WishOwn).await?;
    site.station.here(person.name());
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn stop(State(site): State<Site>, headers: HeaderMap) -> Result<StatusCode, Trouble> {
    stop_now(&site, &headers).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says stop to the bed, and only then asks who it was.
pub(super) async fn stop_now(site: &Site, headers: &HeaderMap) -> Result<(), WireError> {
    // At once, on this very thread: the line is a write of some bytes. One that is broken may take a second to
    // say so, and the other threads serve the pages meanwhile.
    let stopped = tokio::task::block_in_place(|| site.station.stop());
    site.door.stopped(headers);
    stopped
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Played {
    act: TwinAct,
}

async fn twin(
    State(site): State<Site>,
    visitor: Visitor,
    body: Result<Json<Played>, JsonRejection>,
) -> Result<StatusCode, Trouble> {
    let Json(played) = body?;
    let deed = match played.act {
        TwinAct::Break { .. } | TwinAct::Mend | TwinAct::Willing { .. } => Deed::PlayTwin,
        _ => Deed::MoveTwin,
    };
    site.door.pass(&visitor, deed, None).await?;
    let station = site.station.clone();
    tokio::task::spawn_blocking(move || station.act(played.act))
        .await
        .unwrap_or_else(|error| Err(WireError::Lost(std::io::Error::other(error))))?;
    Ok(StatusCode::NO_CONTENT)
}
