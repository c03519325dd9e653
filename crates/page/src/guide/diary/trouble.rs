//! What went wrong, in plain words with the way out.

use axum::http::StatusCode;
use care::Language;
use care::diary::DiaryError;
use maud::{Markup, html};

use super::super::{Page, link, say};
use host::entry_form::Why;
use host::store::StoreError;

/// What is wrong with an answer.
pub(super) fn fault(why: Why, language: Language) -> Markup {
    html! {
        (why.words(language))
        @if let Why::Taken(item) = why {
            " " a href=(link(&format!("/diary/item/{item}"), language)) { (say(language, "Change it there", "Dort ändern")) }
        }
    }
}

/// The code with which an error of the record or the diary is answered.
pub(crate) fn status_of(error: &StoreError) -> StatusCode {
    match error {
        StoreError::Io { .. }
        | StoreError::Record { .. }
        | StoreError::Form { .. }
        | StoreError::Damaged { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        StoreError::Nobody { .. } | StoreError::Diary(DiaryError::Unknown { .. }) => StatusCode::NOT_FOUND,
        _ => StatusCode::CONFLICT,
    }
}

/// An error of the record or the diary, with the answer's code.
pub(crate) fn words(error: &StoreError, language: Language) -> (StatusCode, Markup) {
    let code = status_of(error);
    let markup = html! {
        p { (error.words().of(language)) }
        @if code == StatusCode::INTERNAL_SERVER_ERROR { p { code lang="en" { (error) } } }
    };
    (code, markup)
}

/// A page that says what went wrong, where there is no form to say it in.
pub(super) fn page(error: &StoreError, here: &str, language: Language) -> (StatusCode, Page) {
    let (code, words) = words(error, language);
    let title = say(language, "The diary cannot do this", "Das kann das Tagebuch nicht").into_owned();
    let body = html! {
        h1 { (title) }
        div.alarmed role="alert" { (words) }
        p { a href=(link("/diary", language)) { (say(language, "To the diary", "Zum Tagebuch")) } }
    };
    (code, Page { title: title.into(), here: here.to_owned(), body })
}
