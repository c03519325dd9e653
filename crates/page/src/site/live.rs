//! The live picture as server-sent events: whoever is slow gets the newest, and what lay between is dropped.

use super::Site;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::time::Duration;

/// A bed that is not there makes few pictures: a line without any is kept open by a word so often.
const KEEP_ALIVE: Duration = Duration::from_secs(1);

/// Every new picture from now on, the present one first.
pub(super) async fn stream(State(site): State<Site>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut picture = site.station.picture();
    picture.mark_changed();
    let pictures = unfold(picture, async |mut picture| {
        picture.changed().await.ok()?;
        let json = picture.borrow_and_update().json.clone();
        Some((Ok(Event::default().event("picture").data(&*json)), picture))
    });
    Sse::new(pictures).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
