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

/// An error of the record or the diary: the answer's code, and words in English and German.
pub(crate) fn said_of(error: &StoreError) -> (StatusCode, &'static str, &'static str) {
    let conflict = StatusCode::CONFLICT;
    match error {
        StoreError::Io { .. } | StoreError::Record { .. } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Your record cannot be read or written just now. Check that the disk has room and that no other program holds the file, then try again.",
            "Ihre Aufzeichnungen lassen sich gerade nicht lesen oder schreiben. Prüfen Sie, ob die Platte Platz hat und kein anderes Programm die Datei hält; dann versuchen Sie es noch einmal.",
        ),
        StoreError::Form { .. } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Your record is damaged, or a newer version of this program wrote it. Nothing was changed. Make a copy of the file, then try a newer version.",
            "Ihre Aufzeichnungen sind beschädigt, oder eine neuere Version dieses Programms hat sie geschrieben. Nichts wurde geändert. Legen Sie eine Kopie der Datei an, dann versuchen Sie es mit einer neueren Version.",
        ),
        StoreError::Damaged { .. } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Your record is damaged. Nothing was changed. Take the last backup.",
            "Ihre Aufzeichnungen sind beschädigt. Nichts wurde geändert. Nehmen Sie die letzte Sicherung.",
        ),
        StoreError::SessionOpen(_) | StoreError::NoSession(_) | StoreError::Occupied(_) => (
            conflict,
            "That cannot be done just now. Wait until the session has ended, then try again.",
            "Das geht gerade nicht. Warten Sie, bis die Anwendung zu Ende ist, dann versuchen Sie es noch einmal.",
        ),
        StoreError::Name(_) => (
            conflict,
            "The name of this record cannot be used. Start the guide with another name.",
            "Der Name dieser Aufzeichnungen geht nicht. Starten Sie den Ratgeber mit einem anderen Namen.",
        ),
        StoreError::Nobody { .. } | StoreError::Diary(DiaryError::Unknown { .. }) => (
            StatusCode::NOT_FOUND,
            "There is nothing of this number in your diary. It may have been erased in another window.",
            "Unter dieser Nummer steht nichts in Ihrem Tagebuch. Vielleicht wurde es in einem anderen Fenster gelöscht.",
        ),
        StoreError::Diary(DiaryError::Earlier { .. }) => (
            conflict,
            "The date of this computer lies before your last entry. Set the date right, then try again.",
            "Das Datum dieses Computers liegt vor Ihrem letzten Eintrag. Stellen Sie das Datum richtig, dann versuchen Sie es noch einmal.",
        ),
        StoreError::Diary(DiaryError::SecondDay { .. }) => (
            conflict,
            "Another entry holds this day. Withdraw that one first, or change it instead.",
            "Ein anderer Eintrag hat diesen Tag. Nehmen Sie zuerst jenen zurück, oder ändern Sie ihn stattdessen.",
        ),
        StoreError::Diary(DiaryError::Unchanged { .. }) => (
            conflict,
            "This entry was never changed. Withdraw it instead.",
            "Dieser Eintrag wurde nie geändert. Nehmen Sie ihn stattdessen zurück.",
        ),
        StoreError::Diary(
            DiaryError::Future { .. } | DiaryError::OtherKind { .. } | DiaryError::Range { .. },
        ) => (
            conflict,
            "The diary cannot take this. Check the days and the numbers.",
            "Das kann das Tagebuch nicht annehmen. Prüfen Sie Tage und Zahlen.",
        ),
    }
}

/// The same as it stands on a page.
pub(crate) fn words(error: &StoreError, language: Language) -> (StatusCode, Markup) {
    let (code, en, de) = said_of(error);
    let markup = html! {
        p { (say(language, en, de)) }
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
