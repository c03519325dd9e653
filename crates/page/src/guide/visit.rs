//! One request for a page that shows what a person keeps.

use std::collections::HashMap;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use care::{Day, Language};
use maud::html;

use crate::door::{Denied, Why};
use host::accounts::Deed;

use super::{Guide, Keeper, Page, link, read, say};
use host::entry_form::Fields;

/// Who asks, in which language, on which day, with what in the address.
pub(super) struct Visit {
    pub(super) guide: Guide,
    pub(super) keeper: Keeper,
    pub(super) language: Language,
    pub(super) today: Day,
    pub(super) asked: HashMap<String, String>,
}

impl FromRequestParts<Guide> for Visit {
    /// The page of a guide that keeps nothing.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, guide: &Guide) -> Result<Self, Response> {
        let query: Result<Query<HashMap<String, String>>, QueryRejection> =
            Query::from_request_parts(parts, guide).await;
        let asked = query.map(|Query(asked)| asked).unwrap_or_default();
        let language = asked.get("language").and_then(|tag| tag.parse().ok()).unwrap_or(guide.language);
        let signed_in = parts.extensions.get::<Keeper>();
        match signed_in.or(guide.keeper.as_ref()) {
            Some(keeper) => Ok(Self {
                guide: guide.clone(),
                keeper: keeper.clone(),
                language,
                today: host::clock::today(),
                asked,
            }),
            None if guide.bed.is_some() => Err(unknown(Deed::ReadOwn).into_response()),
            None => Err(answer(StatusCode::OK, &keeps_nothing(parts.uri.path(), language), language)),
        }
    }
}

impl Visit {
    pub(super) fn show(&self, page: &Page) -> Response {
        answer(StatusCode::OK, page, self.language)
    }

    pub(super) fn lost(&self) -> Response {
        answer(StatusCode::NOT_FOUND, &read::lost(self.language), self.language)
    }

    /// The way on after something was done.
    pub(super) fn on(&self, path: &str, done: &str, item: Option<u32>) -> Response {
        let item = item.map(|item| format!("&item={item}")).unwrap_or_default();
        Redirect::to(&format!("{}&done={done}{item}", link(path, self.language))).into_response()
    }
}

pub(super) fn answer(code: StatusCode, page: &Page, language: Language) -> Response {
    (code, Html(page.whole(language).into_string())).into_response()
}

/// The fields of a form, or that it was none.
pub(super) type Told = Result<Form<Fields>, FormRejection>;

/// The fields of a form; none where it was none.
pub(super) fn heard(told: Told) -> Fields {
    told.map(|Form(fields)| fields).unwrap_or_default()
}

/// Behind the door a page of one's own asks first who one is.
pub(super) fn unknown(deed: Deed) -> Denied {
    Denied { deed, why: Why::Unknown }
}

fn keeps_nothing(here: &str, language: Language) -> Page {
    let title = language.say("Nothing is kept here", "Hier wird nichts aufbewahrt");
    let body = html! {
        h1 { (title) }
        p { (say(language, "This guide was started without a place to keep anything, so it has no diary and no plan.", "Dieser Ratgeber wurde ohne einen Ort zum Aufbewahren gestartet; darum hat er kein Tagebuch und keinen Plan.")) }
    };
    Page::new(title, here, body)
}
