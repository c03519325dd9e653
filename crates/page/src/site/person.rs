//! Whoever is signed in as a person, with their record.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use host::accounts::Deed;
use std::convert::Infallible;

use super::Site;
use crate::door::{Denied, Visitor, Why, may};
use crate::guide::Keeper;

/// Puts whose record it is beside the request, for every page that keeps something; what changes something gets it
/// only from whoever may write there.
pub(super) async fn keeper(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let deed = deed_of(request.method());
    let may_so = |visitor: &&Visitor| may(visitor, deed).is_ok();
    let record = request.extensions().get::<Visitor>().filter(may_so).and_then(Visitor::record).cloned();
    if let Some(record) = record {
        let store = site.store.clone();
        let name = tokio::task::spawn_blocking(move || store.name_of(record.as_str())).await;
        if let Ok(Ok(Some(name))) = name {
            request.extensions_mut().insert(Keeper { store: site.store.clone(), name });
        }
    }
    next.run(request).await
}

/// What is asked of one's own record by a request of this method, at the least.
fn deed_of(method: &Method) -> Deed {
    if matches!(*method, Method::GET | Method::HEAD) { Deed::ReadOwn } else { Deed::WriteOwn }
}

/// A person who is signed in, or whose program asks.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) keeper: Keeper,
    visitor: Visitor,
}

impl Person {
    pub(super) fn name(&self) -> &str {
        &self.keeper.name
    }

    /// Whether they may do this, written down where it has to be.
    pub(super) async fn may(&self, site: &Site, deed: Deed) -> Result<(), Denied> {
        site.door.pass(&self.visitor, deed, self.visitor.record()).await
    }
}

/// Whoever may read what is theirs: a program whose token is only to stop may not.
fn of(parts: &Parts) -> Option<Person> {
    let keeper = parts.extensions.get::<Keeper>()?.clone();
    let visitor = parts.extensions.get::<Visitor>()?.clone();
    may(&visitor, Deed::ReadOwn).ok().map(|()| Person { keeper, visitor })
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        may(&visitor, deed_of(&parts.method))?;
        // Signed in, but the record is gone.
        of(parts).ok_or(Denied { deed: Deed::ReadOwn, why: Why::Unknown })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Person {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(of(parts))
    }
}
