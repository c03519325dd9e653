//! The live picture as server-sent events: whoever is slow gets the newest, and what lay between is dropped.
//!
//! A session is seen by its person and by a clinician; everybody else sees that there is one.

use super::Site;
use super::person::Person;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use host::accounts::Deed;
use host::station::Shown;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch::Receiver;

use crate::api::shapes;
use crate::door::{Visitor, may};

/// A bed that is not there makes few pictures: a line without any is kept open by a word so often. Guess.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// Whether somebody is still signed in is asked so often. Guess: a page that was left open is soon blind.
const WHO_AGAIN: Duration = Duration::from_secs(10);

/// The picture as this visitor may see it.
pub(super) fn for_whom(shown: &Shown, visitor: &Visitor, person: Option<&Person>) -> Arc<str> {
    let own = person.is_some_and(|person| shown.whose.as_deref().is_none_or(|whose| whose == person.name()));
    if own || may(visitor, Deed::ReadOthers).is_ok() { shown.json.clone() } else { shown.plain.clone() }
}

struct Viewer {
    site: Site,
    headers: HeaderMap,
    visitor: Visitor,
    person: Option<Person>,
    asked: Instant,
    picture: Receiver<Arc<Shown>>,
}

impl Viewer {
    /// The next picture; `None` when there are no more, or whoever looked has signed out.
    async fn next(&mut self) -> Option<Event> {
        self.picture.changed().await.ok()?;
        if self.asked.elapsed() > WHO_AGAIN {
            self.asked = Instant::now();
            if self.site.door.who(&self.headers).await != self.visitor {
                return None;
            }
        }
        let shown = self.picture.borrow_and_update().clone();
        let json = for_whom(&shown, &self.visitor, self.person.as_ref());
        Some(Event::default().event("picture").data(&*json))
    }
}

/// Every new picture from now on, as server-sent events
///
/// The present one first, then about twenty a second, each as the event `picture` with the same data as
/// `/api/v1/live`; whoever is slow gets the newest.
#[utoipa::path(
    get, path = "/api/v1/live/stream", tag = "bed",
    responses((
        status = 200, body = shapes::Picture, content_type = "text/event-stream",
        description = "Server-sent events; the schema is that of each event's data.",
    )),
)]
pub(super) async fn stream(
    State(site): State<Site>,
    visitor: Visitor,
    person: Option<Person>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut picture = site.station.picture();
    picture.mark_changed();
    let viewer = Viewer { site, headers, visitor, person, asked: Instant::now(), picture };
    let pictures = unfold(viewer, async |mut viewer| Some((Ok(viewer.next().await?), viewer)));
    Sse::new(pictures).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
