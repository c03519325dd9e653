//! Whoever is signed in as a person, with their record.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use host::accounts::Deed;
use std::convert::Infallible;

use super::Site;
use crate::door::{Denied, Visitor, Why};
use crate::guide::Keeper;

/// Puts whose record it is beside the request, for every page that keeps something.
pub(super) async fn keeper(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let record = request.extensions().get::<Visitor>().and_then(Visitor::record).cloned();
    if let Some(record) = record {
        let store = site.store.clone();
        let name = tokio::task::spawn_blocking(move || store.name_of(record.as_str())).await;
        if let Ok(Ok(Some(name))) = name {
            request.extensions_mut().insert(Keeper { store: site.store.clone(), name });
        }
    }
    next.run(request).await
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

fn of(parts: &Parts) -> Option<Person> {
    let keeper = parts.extensions.get::<Keeper>()?.clone();
    Some(Person { keeper, visitor: parts.extensions.get::<Visitor>().cloned().unwrap_or_default() })
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        let known = parts.extensions.get::<Visitor>().is_some_and(|visitor| visitor.account().is_some());
        let why = if known { Why::Role } else { Why::Unknown };
        of(parts).ok_or(Denied { deed: Deed::ReadOwn, why })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Person {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(of(parts))
    }
}
