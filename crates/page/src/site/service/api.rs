//! The service room for programs, and its live stream.

use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Json, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use axum::routing::{get, post};
use futures_util::Stream;
use futures_util::stream::unfold;
use host::accounts::Deed;
use host::service::{ExploreRefused, Service, fault_texts, limits, service};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;

use super::super::Site;
use super::explorer::{self, Wanted};
use super::test::tested;
use crate::door::{Denied, Visitor};

/// Between two pictures for whoever watches: four a second. Source: design.
const PICTURE: Duration = Duration::from_millis(250);
/// Whether somebody is still signed in is asked every so many pictures: ten seconds, as for the bed's page.
const WHO_AGAIN: u32 = 40;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/api/v1/service", get(now))
        .route("/api/v1/service/live", get(live))
        .route("/api/v1/service/faults", get(faults))
        .route("/api/v1/service/limits", get(table))
        .route("/api/v1/service/journal", get(journal))
        .route("/api/v1/service/log", get(log))
        .route("/api/v1/service/selftest", post(selftest))
        .route("/api/v1/service/explorer", post(explore))
}

/// Why something was not done.
fn trouble(status: StatusCode, code: &str, message: impl ToString) -> Response {
    (status, Json(json!({ "code": code, "message": message.to_string() }))).into_response()
}

async fn now(State(site): State<Site>) -> Json<Service> {
    Json(service(site.station.seen()))
}

async fn faults(State(site): State<Site>) -> Response {
    Json(fault_texts(site.station.seen())).into_response()
}

async fn table() -> Response {
    Json(limits()).into_response()
}

async fn journal(State(site): State<Site>) -> Json<Value> {
    Json(told(&site))
}

/// A twin's journal and verdict.
fn told(site: &Site) -> Value {
    let (lines, verdict) = explorer::told(site.station.seen(), 0);
    let notice = service(site.station.seen()).notice;
    json!({ "notice": notice, "lines": lines, "verdict": verdict })
}

/// All of it in one file, for whoever mends the bed.
async fn log(State(site): State<Site>, visitor: Visitor) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::TakeLogs, None).await?;
    let all = json!({ "service": service(site.station.seen()), "journal": told(&site), "limits": limits() });
    let file = (header::CONTENT_DISPOSITION, "attachment; filename=\"ondol-bed-log.json\"");
    Ok(([file], Json(all)).into_response())
}

async fn selftest(State(site): State<Site>, visitor: Visitor) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::TestBed, None).await?;
    Ok(match tested(&site).await {
        Ok(test) => Json(test).into_response(),
        Err(why) => trouble(StatusCode::CONFLICT, "not_now", why),
    })
}

async fn explore(
    State(site): State<Site>,
    visitor: Visitor,
    body: Result<Json<Wanted>, JsonRejection>,
) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::PlayTwin, None).await?;
    let wanted = match body {
        Ok(Json(wanted)) => wanted,
        Err(error) => return Ok(trouble(error.status(), "body", error.body_text())),
    };
    Ok(match explorer::wanted(&site, wanted).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => {
            let (status, code) = match &why {
                ExploreRefused::NoTwin => (StatusCode::CONFLICT, "no_twin"),
                ExploreRefused::NoClass => (StatusCode::NOT_FOUND, "no_class"),
                ExploreRefused::Broken => (StatusCode::CONFLICT, "broken"),
                ExploreRefused::NoSession => (StatusCode::CONFLICT, "no_session"),
                ExploreRefused::Wire(_) => (StatusCode::BAD_GATEWAY, "no_bed"),
            };
            trouble(status, code, why)
        }
    })
}

/// Somebody who watches.
struct Viewer {
    site: Site,
    headers: HeaderMap,
    visitor: Visitor,
    told: u32,
    pictures: u32,
}

impl Viewer {
    /// The next picture; `None` when whoever watched has signed out.
    async fn next(&mut self) -> Option<Event> {
        if self.pictures > 0 {
            tokio::time::sleep(PICTURE).await;
        }
        self.pictures += 1;
        if self.pictures.is_multiple_of(WHO_AGAIN) && self.site.door.who(&self.headers).await != self.visitor
        {
            return None;
        }
        let (lines, verdict) = explorer::told(self.site.station.seen(), self.told);
        self.told = lines.last().map_or(self.told, |line| line.number);
        let all = json!({ "service": service(self.site.station.seen()), "lines": lines, "verdict": verdict });
        Some(Event::default().event("service").data(all.to_string()))
    }
}

async fn live(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let viewer = Viewer { site, headers, visitor, told: 0, pictures: 0 };
    let pictures = unfold(viewer, async |mut viewer| Some((Ok(viewer.next().await?), viewer)));
    Sse::new(pictures).keep_alive(KeepAlive::default())
}
