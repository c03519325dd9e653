//! Take the diary with you, and bring one in: first a look at what a file would change, then it is kept.
//!
//! Between the look and the keeping the diary of the file travels in the page, as the answers of a form do:
//! as CSV within a JSON string, since a browser changes the ends of lines in a field.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use care::Language;
use care::diary::{Brought, Diary, Left, LeftWhy, Record, to_csv};
use maud::{Markup, html};

use super::super::visit::{Told, Visit, answer, heard};
use super::super::{Guide, Page, link, say};
use super::day_words;
use host::carry::{self, CarryError, Parcel};
use host::store::{Import, StoreError};

const HERE: &str = "/diary/carry";

/// Largest form that is heard, bytes.
///
/// Design: twenty years of days as a bundle of FHIR; larger files go in by command.
const FORM_BYTES_MAX: usize = 64_000_000;

/// Lines of a list that a page shows.
const LISTED: usize = 200;

pub(super) fn routes() -> Router<Guide> {
    Router::new()
        .route(HERE, get(show).post(hear))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .route("/diary/carry/undo", post(undo))
        .route("/diary/export.json", get(export))
}

/// A file that cannot be brought in, or none.
enum Trouble {
    NoFile,
    TooLong,
    File(CarryError),
}

impl Trouble {
    fn code(&self) -> StatusCode {
        if matches!(self, Self::TooLong) {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    fn words(&self, language: Language) -> Markup {
        let (en, de) = match self {
            Self::NoFile => ("Choose a file first.", "Wählen Sie zuerst eine Datei."),
            Self::TooLong => (
                "This file is too large for the page. The command \"ondol care import\" takes larger ones.",
                "Diese Datei ist zu groß für die Seite. Der Befehl \"ondol care import\" nimmt größere.",
            ),
            Self::File(CarryError::Nothing(_)) => (
                "This file holds nothing for a diary. Nothing was changed.",
                "Diese Datei enthält nichts für ein Tagebuch. Nichts wurde geändert.",
            ),
            Self::File(_) => (
                "This file is no diary as it is written here. Choose a file that was taken with you from a diary (CSV), or a FHIR bundle of a clinic. Nothing was changed.",
                "Diese Datei ist kein Tagebuch, wie es hier geschrieben wird. Wählen Sie eine Datei, die aus einem Tagebuch mitgenommen wurde (CSV), oder ein FHIR-Bündel einer Praxis. Nichts wurde geändert.",
            ),
        };
        html! {
            div.alarmed role="alert" {
                p id="file-fault" { (say(language, en, de)) }
                @if let Self::File(error) = self { p { code lang="en" { (error) } } }
            }
        }
    }
}

/// What a form says.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    keep: bool,
    replace: bool,
}

async fn gather(sent: Result<Multipart, MultipartRejection>) -> Result<Sent, Trouble> {
    let mut form = sent.map_err(|_| Trouble::NoFile)?;
    let mut told = Sent::default();
    let wrong = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLong,
        _ => Trouble::NoFile,
    };
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "file" => told.file = field.bytes().await.map_err(wrong)?.to_vec(),
            "looked" => {
                let text: Option<String> = serde_json::from_slice(&field.bytes().await.map_err(wrong)?).ok();
                told.file = text.ok_or(Trouble::NoFile)?.into_bytes();
            }
            "keep" => told.keep = true,
            "replace" => (told.keep, told.replace) = (true, true),
            _ => {}
        }
    }
    if told.file.is_empty() { Err(Trouble::NoFile) } else { Ok(told) }
}

/// The imports that can be taken back; none where nobody has begun.
fn imports(visit: &Visit) -> Result<Vec<Import>, StoreError> {
    match visit.keeper.store.record(&visit.keeper.name) {
        Ok(record) => record.imports(),
        Err(StoreError::Nobody { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn door(visit: &Visit, code: StatusCode, trouble: Option<&Trouble>) -> Response {
    match imports(visit) {
        Ok(imports) => {
            let trouble = trouble.map(|trouble| trouble.words(visit.language));
            let page = page(imports.last(), visit.done(), trouble.as_ref(), visit.language);
            answer(code, &page, visit.language)
        }
        Err(error) => visit.failed(&error),
    }
}

async fn show(visit: Visit) -> Response {
    door(&visit, StatusCode::OK, None)
}

async fn hear(visit: Visit, sent: Result<Multipart, MultipartRejection>) -> Response {
    let read = gather(sent).await.and_then(|sent| {
        carry::read(&sent.file, visit.today).map(|parcel| (sent, parcel)).map_err(Trouble::File)
    });
    let (sent, parcel) = match read {
        Ok(read) => read,
        Err(trouble) => return door(&visit, trouble.code(), Some(&trouble)),
    };
    if !sent.keep {
        let looked = visit.diary().and_then(|here| {
            let mut trial = here.clone();
            let brought = trial.bring(&parcel.diary, visit.today, false)?;
            Ok((here, brought))
        });
        return match looked {
            Ok((here, brought)) => visit.show(&look(&here, &parcel, &brought, visit.language)),
            Err(error) => visit.failed(&error),
        };
    }
    let store = &visit.keeper.store;
    let done = store
        .record_or_new(&visit.keeper.name, visit.today)
        .and_then(|mut record| record.bring(&parcel.diary, visit.today, sent.replace));
    match done {
        Ok(brought) => visit.on(HERE, if brought.anything() { "brought" } else { "nothing_new" }, None),
        Err(error) => visit.failed(&error),
    }
}

/// Takes back the import that the page showed, if it is still there to take back.
async fn undo(visit: Visit, told: Told) -> Response {
    let fields = heard(told);
    let first = super::server::carried(&fields, "first");
    let imports = match imports(&visit) {
        Ok(imports) => imports,
        Err(error) => return visit.failed(&error),
    };
    let Some(import) = imports.iter().find(|import| Some(import.entries.start as usize) == first) else {
        return visit.on(HERE, "stale", None);
    };
    match visit.change(|diary| diary.take_back(&import.entries, visit.today)) {
        Ok(_) => visit.on(HERE, "taken_back", None),
        Err(error) => visit.failed(&error),
    }
}

/// What is kept as a bundle of FHIR.
async fn export(visit: Visit) -> Response {
    let record = visit.keeper.store.record(&visit.keeper.name);
    if let Err(StoreError::Nobody { .. }) = record {
        return visit.on(HERE, "nothing_there", None);
    }
    match record.and_then(|record| carry::bundle(&record, visit.today, visit.language)) {
        Ok(bundle) => {
            let name = format!("attachment; filename=\"ondol-diary-{}.json\"", visit.today);
            let headers = [
                (header::CONTENT_TYPE, "application/fhir+json; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, name),
            ];
            (headers, format!("{:#}\n", serde_json::json!(bundle))).into_response()
        }
        Err(error) => visit.failed(&error),
    }
}

fn back(language: Language) -> Markup {
    html! { p { a href=(link("/diary", language)) { (say(language, "Back to the diary", "Zurück zum Tagebuch")) } } }
}

/// The page with both ways.
fn page(last: Option<&Import>, done: Option<Markup>, trouble: Option<&Markup>, language: Language) -> Page {
    let title = say(language, "Take it with you, bring it in", "Mitnehmen und hereinholen").into_owned();
    let csv = link("/diary/export.csv", language);
    let fhir = link("/diary/export.json", language);
    let body = html! {
        h1 { (title) }
        @if let Some(done) = done { (done) }
        @if let Some(trouble) = trouble { (trouble) }
        h2 { (say(language, "Take it with you", "Mitnehmen")) }
        ul.lines {
            li { a href=(csv) download { (say(language, "As a table (CSV)", "Als Tabelle (CSV)")) } " – "
                (say(language, "for any spreadsheet, and for another computer: every entry with its history.", "für jede Tabellenkalkulation und für einen anderen Computer: jeder Eintrag mit seinem Verlauf.")) }
            li { a href=(fhir) download { (say(language, "For a clinic (FHIR)", "Für eine Praxis (FHIR)")) } " – "
                (say(language, "what stands now, in the form that clinics read, with what you last answered to the questions.", "was jetzt gilt, in der Form, die Praxen lesen, mit Ihren letzten Antworten auf die Fragen.")) }
        }
        p.quiet { (say(language, "These files tell of your health. Keep them where nobody else looks.", "Diese Dateien erzählen von Ihrer Gesundheit. Bewahren Sie sie auf, wo niemand sonst nachsieht.")) }
        h2 { (say(language, "Bring it in", "Hereinholen")) }
        p { (say(language, "First you see what the file would add. Nothing is kept before you say so, and nothing of yours is overwritten.", "Zuerst sehen Sie, was die Datei hinzufügen würde. Nichts wird behalten, bevor Sie es sagen, und nichts von Ihnen wird überschrieben.")) }
        form.diary method="post" action=(link(HERE, language)) enctype="multipart/form-data" {
            label.name for="file" { (say(language, "A diary as CSV, or a FHIR bundle", "Ein Tagebuch als CSV, oder ein FHIR-Bündel")) }
            input type="file" id="file" name="file" required accept=".csv,.json,text/csv,application/json,application/fhir+json" aria-describedby=[trouble.map(|_| "file-fault")];
            div.choose { button.keep type="submit" { (say(language, "Look at it", "Ansehen")) } }
        }
        @if let Some(import) = last {
            h2 { (say(language, "Take the last import back", "Den letzten Import zurücknehmen")) }
            p { (say(language, "Entries that a file changed on DAY: COUNT. What you changed since stays as it is.", "Einträge, die eine Datei am DAY geändert hat: COUNT. Was Sie seither geändert haben, bleibt.")
                .replace("DAY", &day_words(import.day, language)).replace("COUNT", &import.items.to_string())) }
            form method="post" action=(link("/diary/carry/undo", language)) {
                input type="hidden" name="first" value=(import.entries.start);
                div.choose { button type="submit" { (say(language, "Take this import back", "Diesen Import zurücknehmen")) } }
            }
        }
        (back(language))
    };
    Page { title: title.into(), here: HERE.to_owned(), body }
}

/// What a file would change.
fn look(here: &Diary, parcel: &Parcel, brought: &Brought, language: Language) -> Page {
    let title = say(language, "What this file would change", "Was diese Datei ändern würde").into_owned();
    let replaceable = |left: &&Left| !matches!(left.why, LeftWhy::DayTaken(_));
    let differing = brought.left.iter().filter(replaceable).count();
    let counted = [
        (brought.added, say(language, "New entries", "Neue Einträge")),
        (
            brought.changed,
            say(
                language,
                "Changed in the file since it was taken from here",
                "In der Datei geändert, seit sie von hier kam",
            ),
        ),
        (brought.already, say(language, "There already", "Schon da")),
        (
            brought.left.len(),
            say(language, "Different here, and left as they are", "Hier anders, und bleiben, wie sie sind"),
        ),
        (
            parcel.not_taken.len(),
            say(
                language,
                "Parts of the file that have no place in a diary",
                "Teile der Datei, die in einem Tagebuch keinen Platz haben",
            ),
        ),
    ];
    let looked = serde_json::to_string(&to_csv(&parcel.diary)).expect("a text is data");
    let body = html! {
        h1 { (title) }
        p { strong { (say(language, "Nothing is kept yet.", "Noch ist nichts behalten.")) } }
        ul.lines { @for (count, words) in counted { @if count > 0 { li { (words) ": " strong { (count) } } } } }
        @if brought.anything() || differing > 0 {
            form method="post" action=(link(HERE, language)) enctype="multipart/form-data" {
                input type="hidden" name="looked" value=(looked);
                div.choose {
                    @if brought.anything() { button.keep type="submit" name="keep" value="yes" { (say(language, "Keep what is new", "Das Neue behalten")) } }
                    @if differing > 0 { button type="submit" name="replace" value="yes" { (say(language, "Keep it, and take the file's version where they differ", "Behalten, und bei Unterschieden die Fassung der Datei nehmen")) } }
                }
            }
            p.quiet { (say(language, "A version that is replaced stays in the history of its entry, and the import can be taken back.", "Eine ersetzte Fassung bleibt im Verlauf ihres Eintrags, und der Import lässt sich zurücknehmen.")) }
        } @else {
            p { (say(language, "There is nothing new in it.", "Es ist nichts Neues darin.")) }
        }
        @if !brought.left.is_empty() {
            h2 { (say(language, "Left as they are", "Bleiben, wie sie sind")) }
            ul.entries { @for left in brought.left.iter().take(LISTED) { (differs(left, here, language)) } }
            (more(brought.left.len(), language))
        }
        @if !parcel.not_taken.is_empty() {
            h2 { (say(language, "Not taken", "Nicht übernommen")) }
            ul.lines lang="en" { @for part in parcel.not_taken.iter().take(LISTED) { li lang="en" { (part) } } }
            (more(parcel.not_taken.len(), language))
        }
        p { a href=(link(HERE, language)) { (say(language, "Keep nothing, choose another file", "Nichts behalten, andere Datei wählen")) } }
        (back(language))
    };
    Page { title: title.into(), here: HERE.to_owned(), body }
}

/// How many a list leaves away.
fn more(all: usize, language: Language) -> Markup {
    html! {
        @if all > LISTED {
            p { (say(language, "And COUNT more.", "Und COUNT weitere.").replace("COUNT", &(all - LISTED).to_string())) }
        }
    }
}

/// One entry that stands otherwise here: what the file says, and what is here.
fn differs(left: &Left, here: &Diary, language: Language) -> Markup {
    let item = left.why.item();
    let stands = here.current().find(|entry| entry.item == item);
    let said = |record: &Record| record.summary(language);
    html! {
        li {
            span.when { (day_words(left.day, language)) } (left.record.kind(language)) ": " (left.why.words(language)) ". "
            (say(language, "The file says: ", "Die Datei sagt: ")) (said(&left.record)) ". "
            @if let Some(record) = stands.and_then(|entry| entry.record.as_ref()) {
                (say(language, "Here: ", "Hier: ")) (said(record)) ". "
            }
            a href=(link(&format!("/diary/item/{item}"), language)) { (say(language, "Look at it here", "Hier ansehen")) " (" (item) ")" }
        }
    }
}
