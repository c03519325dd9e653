//! Hears the browser: reads the record afresh for each request, and answers a change with a way on.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use care::Day;
use care::diary::{Diary, DiaryError, to_csv};
use maud::{Markup, html};

use super::super::visit::{Told, Visit, answer, heard};
use super::super::{Guide, say};
use super::form::{self, Form};
use super::{carry, item, overview, trouble};
use host::entry_form::{self, Fault, Fields, Kind, Why};
use host::store::StoreError;

/// The diary's addresses.
pub(in crate::guide) fn routes() -> Router<Guide> {
    Router::new()
        .route("/diary", get(show))
        .route("/diary/all", get(show_all))
        .route("/diary/export.csv", get(export))
        .route("/diary/erase", get(ask_erase).post(erase))
        .route("/diary/new/{kind}", get(show_blank).post(write))
        .route("/diary/item/{item}", get(show_item).post(correct))
        .route("/diary/item/{item}/withdraw", post(withdraw))
        .route("/diary/item/{item}/undo", post(undo))
        .merge(carry::routes())
}

impl Visit {
    /// The diary as it now stands; an empty one where nobody has begun.
    pub(super) fn diary(&self) -> Result<Diary, StoreError> {
        match self.keeper.store.record(&self.keeper.name) {
            Ok(record) => record.diary(),
            Err(StoreError::Nobody { .. }) => Ok(Diary::default()),
            Err(error) => Err(error),
        }
    }

    /// Changes the diary; begins the record if there is none.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&mut Diary) -> Result<T, DiaryError>,
    ) -> Result<T, StoreError> {
        self.keeper.store.record_or_new(&self.keeper.name, self.today)?.write(change)
    }

    fn form<'a>(&self, kind: Kind, fields: &'a Fields, faults: &'a [Fault], diary: &'a Diary) -> Form<'a> {
        Form { kind, fields, faults, diary, today: self.today, language: self.language }
    }

    /// What the address says was just done.
    pub(super) fn done(&self) -> Option<Markup> {
        let item = self.asked.get("item").and_then(|item| item.parse().ok());
        overview::done(self.asked.get("done")?, item, self.language)
    }

    pub(super) fn failed(&self, error: &StoreError) -> Response {
        let (code, page) = trouble::page(error, "/diary", self.language);
        answer(code, &page, self.language)
    }
}

/// The number that a form carries in a hidden field.
pub(super) fn carried(fields: &Fields, name: &str) -> Option<usize> {
    fields.iter().find(|(field, _)| field == name).and_then(|(_, text)| text.parse().ok())
}

async fn show(visit: Visit) -> Response {
    match visit.diary() {
        Ok(diary) => visit.show(&overview::page(&diary, visit.today, visit.done(), visit.language)),
        Err(error) => visit.failed(&error),
    }
}

async fn show_all(visit: Visit) -> Response {
    match visit.diary() {
        Ok(diary) => visit.show(&overview::everything(&diary, visit.language)),
        Err(error) => visit.failed(&error),
    }
}

async fn show_blank(visit: Visit, Path(kind): Path<String>) -> Response {
    let Some(kind) = Kind::of_id(&kind) else { return visit.lost() };
    match visit.diary() {
        Ok(diary) => {
            let fields = form::blank(kind, &diary, visit.today);
            visit.show(&form::page(&visit.form(kind, &fields, &[], &diary), None))
        }
        Err(error) => visit.failed(&error),
    }
}

async fn write(visit: Visit, Path(kind): Path<String>, told: Told) -> Response {
    let Some(kind) = Kind::of_id(&kind) else { return visit.lost() };
    let fields = heard(told);
    let again = |code, faults: &[Fault], trouble: Option<&Markup>| {
        // Where the record cannot be read the form still stands, with what was typed.
        let diary = visit.diary().unwrap_or_default();
        answer(code, &form::page(&visit.form(kind, &fields, faults, &diary), trouble), visit.language)
    };
    let (day, record) = match entry_form::read(kind, &fields, visit.today) {
        Ok(told) => told,
        Err(faults) => return again(StatusCode::UNPROCESSABLE_ENTITY, &faults, None),
    };
    let shown = carried(&fields, "after").unwrap_or(usize::MAX);
    let done = visit.change(|diary| {
        // The same form sent twice is one thing told.
        let told = diary
            .entries()
            .iter()
            .skip(shown)
            .find(|entry| entry.day == day && entry.record.as_ref() == Some(&record));
        match told {
            Some(entry) => Ok(entry.item),
            None => diary.write(visit.today, day, record),
        }
    });
    match done {
        Ok(item) => visit.on("/diary", "kept", Some(item)),
        Err(StoreError::Diary(DiaryError::SecondDay { day })) => {
            again(StatusCode::CONFLICT, &[taken(&visit, day)], None)
        }
        Err(error) => {
            let (code, words) = trouble::words(&error, visit.language);
            again(code, &[], Some(&words))
        }
    }
}

/// The fault of a day that is in the diary already.
fn taken(visit: &Visit, day: Day) -> Fault {
    let diary = visit.diary().unwrap_or_default();
    let holder = diary
        .current()
        .find(|entry| entry.day == day && matches!(entry.record, Some(care::diary::Record::Day(_))));
    Fault { field: "day", why: Why::Taken(holder.map_or(0, |entry| entry.item)) }
}

async fn show_item(visit: Visit, Path(item): Path<u32>) -> Response {
    let diary = match visit.diary() {
        Ok(diary) => diary,
        Err(error) => return visit.failed(&error),
    };
    let page = item::told(&diary, item).and_then(|(kind, fields)| {
        item::page(item, &visit.form(kind, &fields, &[], &diary), visit.done().as_ref(), None)
    });
    match page {
        Some(page) => visit.show(&page),
        None => visit.failed(&StoreError::Diary(DiaryError::Unknown { item })),
    }
}

/// What came of a wish to change an item.
enum Changed {
    Yes,
    /// It has other versions than the form showed.
    Stale,
}

/// Changes an item if it still has as many versions as the page showed.
fn change_item(
    visit: &Visit,
    item: u32,
    fields: &Fields,
    change: impl FnOnce(&mut Diary) -> Result<(), DiaryError>,
) -> Result<Changed, StoreError> {
    // Nobody's record is begun for a change of nothing.
    if item::versions(&visit.diary()?, item).is_empty() {
        return Err(StoreError::Diary(DiaryError::Unknown { item }));
    }
    visit.change(|diary| {
        if carried(fields, "seen") != Some(item::versions(diary, item).len()) {
            return Ok(Changed::Stale);
        }
        change(diary).map(|()| Changed::Yes)
    })
}

async fn correct(visit: Visit, Path(item): Path<u32>, told: Told) -> Response {
    let fields = heard(told);
    let diary = match visit.diary() {
        Ok(diary) => diary,
        Err(error) => return visit.failed(&error),
    };
    let Some((kind, _)) = item::told(&diary, item) else {
        return visit.failed(&StoreError::Diary(DiaryError::Unknown { item }));
    };
    let again = |code, faults: &[Fault], trouble: Option<&Markup>| {
        let diary = visit.diary().unwrap_or_default();
        match item::page(item, &visit.form(kind, &fields, faults, &diary), None, trouble) {
            Some(page) => answer(code, &page, visit.language),
            None => visit.lost(),
        }
    };
    let (day, record) = match entry_form::read(kind, &fields, visit.today) {
        Ok(told) => told,
        Err(faults) => return again(StatusCode::UNPROCESSABLE_ENTITY, &faults, None),
    };
    let change = |diary: &mut Diary| {
        let same = item::versions(diary, item)
            .last()
            .is_some_and(|entry| entry.day == day && entry.record.as_ref() == Some(&record));
        if same { Ok(()) } else { diary.correct(item, visit.today, day, record) }
    };
    match change_item(&visit, item, &fields, change) {
        Ok(Changed::Yes) => visit.on(&format!("/diary/item/{item}"), "corrected", None),
        Ok(Changed::Stale) => {
            let words = html! { p { (say(visit.language, "This entry was changed in another window meanwhile; the history below shows how. Keep this to put your version in its place.", "Dieser Eintrag wurde inzwischen in einem anderen Fenster geändert; der Verlauf unten zeigt, wie. Mit Behalten setzen Sie Ihre Fassung an seine Stelle.")) } };
            again(StatusCode::CONFLICT, &[], Some(&words))
        }
        Err(StoreError::Diary(DiaryError::SecondDay { day })) => {
            again(StatusCode::CONFLICT, &[taken(&visit, day)], None)
        }
        Err(error) => {
            let (code, words) = trouble::words(&error, visit.language);
            again(code, &[], Some(&words))
        }
    }
}

async fn withdraw(visit: Visit, Path(item): Path<u32>, told: Told) -> Response {
    let done = change_item(&visit, item, &heard(told), |diary| diary.withdraw(item, visit.today));
    changed(&visit, item, done, "withdrawn")
}

async fn undo(visit: Visit, Path(item): Path<u32>, told: Told) -> Response {
    let done = change_item(&visit, item, &heard(told), |diary| diary.undo(item, visit.today));
    changed(&visit, item, done, "undone")
}

fn changed(visit: &Visit, item: u32, done: Result<Changed, StoreError>, words: &str) -> Response {
    let here = format!("/diary/item/{item}");
    match done {
        Ok(Changed::Yes) => visit.on(&here, words, None),
        Ok(Changed::Stale) => visit.on(&here, "stale", None),
        Err(error) => visit.failed(&error),
    }
}

/// The diary as CSV, with the mark by which spreadsheets know its letters.
async fn export(visit: Visit) -> Response {
    match visit.diary() {
        Ok(diary) => {
            let name = format!("attachment; filename=\"ondol-diary-{}.csv\"", visit.today);
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, format!("\u{feff}{}", to_csv(&diary))).into_response()
        }
        Err(error) => visit.failed(&error),
    }
}

async fn ask_erase(visit: Visit) -> Response {
    let entries = visit.diary().map_or(0, |diary| diary.entries().len());
    visit.show(&item::erase(entries, false, visit.language))
}

async fn erase(visit: Visit, told: Told) -> Response {
    let sure = heard(told).iter().any(|(name, value)| name == "sure" && value == "yes");
    if !sure {
        let entries = visit.diary().map_or(0, |diary| diary.entries().len());
        let page = item::erase(entries, true, visit.language);
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &page, visit.language);
    }
    // Its counts go with the rest.
    drop(visit.guide.breaks.end_of_person(&visit.keeper.name));
    match visit.keeper.store.erase(&visit.keeper.name) {
        Ok(_) | Err(StoreError::Nobody { .. }) => visit.on("/diary", "erased", None),
        Err(error) => visit.failed(&error),
    }
}
