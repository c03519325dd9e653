//! Every fault in plain words, and the log.

use axum::extract::{Query, State};
use axum::response::Response;
use care::Language;
use host::accounts::Deed;
use host::faults::FaultText;
use host::service::{fault_texts, service};
use maud::{Markup, html};

use super::super::{Asked, Site};
use super::files::{self, BedFile};
use super::{now, room};
use crate::door::{Denied, Visitor};
use crate::guide::say;

pub(super) async fn page(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let seen = service(site.station.seen());
    let title = say(language, "Faults, and what to do", "Fehler, und was zu tun ist");
    let body = html! {
        p { (say(language, "The guard acts by itself. No step here is needed to release anybody: help the person first, then read.", "Der Wächter handelt von selbst. Kein Schritt hier ist nötig, um jemanden freizugeben: Helfen Sie zuerst der Person, dann lesen Sie.")) }
        h2 { (say(language, "Seen lately", "In letzter Zeit gesehen")) }
        (now::lately(&seen, language))
        h2 { (say(language, "All faults", "Alle Fehler")) }
        @for text in fault_texts(site.station.seen()) { (one(text, language)) }
    };
    room(&title, "/service/faults", &seen, &body, language)
}

fn one(text: &FaultText, language: Language) -> Markup {
    html! {
        section.card id=(text.code()) {
            h3 { (text.code()) " " small { code { (format!("{:?}", text.name)) } } }
            p { strong { (text.meaning.of(language)) } }
            p { (text.does().of(language)) " " (text.lasts().of(language)) }
            h4 { (say(language, "Likely", "Wahrscheinlich")) }
            ul.lines { @for cause in &text.causes { li { (cause.of(language)) } } }
            h4 { (say(language, "What to do", "Was zu tun ist")) }
            ol.lines { @for step in &text.steps { li { (step.of(language)) } } }
        }
    }
}

pub(super) async fn log(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::TakeLogs, None).await?;
    let language = site.language(&asked);
    let seen = service(site.station.seen());
    let title = say(language, "The bed's log", "Das Protokoll des Bettes");
    let body = html! {
        p { (say(language, "Faults with their times, readings of the moment, versions, and a twin's journal. No names, no sessions.", "Fehler mit ihren Zeiten, Messwerte des Augenblicks, Versionen und das Protokoll eines Zwillings. Keine Namen, keine Anwendungen.")) }
        p { a.act href="/api/v1/service/log" download="ondol-bed-log.json" { (say(language, "Download the log (JSON)", "Protokoll herunterladen (JSON)")) } }
        (bed_files(&files::files(&site), language))
        p { (say(language, "A person's sessions belong to that person. They take their own with:", "Die Anwendungen einer Person gehören ihr. Sie nimmt die eigenen mit:")) " " code { "ondol care export" } }
    };
    Ok(room(&title, "/service/log", &seen, &body, language))
}

/// The bed's own files, to take along.
fn bed_files(files: &[BedFile], language: Language) -> Markup {
    let kib = |bytes: u64| bytes.div_ceil(1024);
    html! {
        h2 { (say(language, "The bed's own files", "Die eigenen Dateien des Bettes")) }
        @if files.is_empty() {
            p { (say(language, "This bed keeps its journal and logs at its own end.", "Dieses Bett bewahrt Tagebuch und Aufzeichnungen bei sich auf.")) }
        } @else {
            p { (say(language, "Its whole journal, and what its sensors measured in each session. They name nobody, but they are of people: keep them safe.", "Sein ganzes Tagebuch, und was seine Sensoren in jeder Anwendung gemessen haben. Sie nennen niemanden, stammen aber von Menschen: Bewahren Sie sie sicher auf.")) }
            ul.lines {
                @for file in files {
                    li { a href={ "/api/v1/service/files/" (file.name) } download=(file.name) { (file.name) } " " small { (kib(file.bytes)) " KiB" } }
                }
            }
        }
    }
}
