//! What the bed says at this moment.

use axum::extract::{Query, State};
use axum::response::Response;
use care::Language;
use host::service::{Row, SeenFault, Service, Standing, limits, service};
use maud::{Markup, html};

use super::super::{Asked, Site};
use super::room;
use crate::guide::{link, say};

const HERE: &str = "/service";

pub(super) async fn page(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let now = service(site.station.seen());
    let title = say(language, "The bed now", "Das Bett jetzt");
    let outputs = say(language, "Outputs as told", "Ausgänge wie befohlen");
    let body = html! {
        @if !now.heard {
            div.alarmed role="alert" { (say(language, "No bed answers. What stands below is old or empty.", "Kein Bett antwortet. Was unten steht, ist alt oder leer.")) }
        }
        p.numbers {
            span { (say(language, "Session: ", "Anwendung: ")) span id="state" { (now.state.of(language)) } }
        }
        p { (say(language, "The guard: ", "Der Wächter: ")) strong id="guard" { (now.guard.of(language)) } }
        noscript { p { a href=(link(HERE, language)) { (say(language, "Read again", "Noch einmal lesen")) } } }
        h2 { (say(language, "Readings", "Messwerte")) }
        (table(&now.readings, true, &say(language, "Sensors, switches and drives", "Sensoren, Schalter und Antriebe"), language))
        h2 { (outputs) }
        (table(&now.outputs, false, &outputs, language))
        h2 { (say(language, "Line and versions", "Leitung und Versionen")) }
        (table(&now.line, false, &say(language, "Between this computer and the bed", "Zwischen diesem Computer und dem Bett"), language))
        h2 { (say(language, "Faults lately", "Fehler in letzter Zeit")) }
        (lately(&now, language))
        h2 { (say(language, "The bed", "Das Bett")) }
        p { (say(language, "What such a bed can and cannot do, and what to heed when building it:", "Was ein solches Bett kann und nicht kann, und was beim Bau zu beachten ist:")) " " code { "ondol bed check FILE" } }
        (limit_table(language))
    };
    room(&title, HERE, &now, &body, language)
}

fn table(rows: &[Row], aged: bool, caption: &str, language: Language) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.live {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (say(language, "What", "Was")) }
                    th scope="col" { (say(language, "Value", "Wert")) }
                    @if aged {
                        th scope="col" { (say(language, "Age", "Alter")) }
                        th scope="col" { (say(language, "State", "Zustand")) }
                    }
                } }
                tbody {
                    @for row in rows {
                        tr id={ "r-" (row.id) } data-standing=(tag(row.standing)) {
                            th scope="row" { (row.name.of(language)) }
                            td { span.value { (row.value.of(language)) } " " span.unit { (row.unit) } }
                            @if aged {
                                td { span.age { @if let Some(age_ms) = row.age_ms { (format!("{age_ms:.0}")) " ms" } @else { "–" } } }
                                td.standing { (standing(row.standing, language)) }
                            }
                        }
                    }
                }
            }
        }
        @if rows.is_empty() { p { (say(language, "Nothing was heard yet.", "Noch wurde nichts gehört.")) } }
    }
}

/// A mark for the style sheet and the script.
fn tag(standing: Standing) -> &'static str {
    match standing {
        Standing::Fine => "fine",
        Standing::Silent => "silent",
        Standing::Missing => "missing",
        Standing::Faulty => "faulty",
    }
}

fn standing(standing: Standing, language: Language) -> String {
    let (en, de) = match standing {
        Standing::Fine => ("fine", "in Ordnung"),
        Standing::Silent => ("SILENT", "STUMM"),
        Standing::Missing => ("not there", "nicht vorhanden"),
        Standing::Faulty => ("FAULTY", "GESTÖRT"),
    };
    say(language, en, de).into_owned()
}

/// Faults that were seen, the newest first.
pub(super) fn lately(now: &Service, language: Language) -> Markup {
    html! {
        @if now.faults.is_empty() {
            p { (say(language, "None since this program began.", "Keine, seit dieses Programm läuft.")) }
        } @else {
            ul.lately { @for fault in &now.faults { (one(fault, language)) } }
        }
    }
}

fn one(fault: &SeenFault, language: Language) -> Markup {
    html! {
        li {
            a href={ (link("/service/faults", language)) "#" (fault.code) } { strong { (fault.code) } }
            " " time data-utc=(fault.utc_s) { (clock(fault.utc_s)) } " "
            (fault.meaning.of(language)) " "
            small {
                (say(language, "part ", "Teil ")) (fault.index) ", "
                @if fault.cleared { (say(language, "over", "vorbei")) } @else { (say(language, "not over", "nicht vorbei")) }
            }
        }
    }
}

/// A moment of this computer's day, UTC.
fn clock(utc_s: i64) -> String {
    let (hours, minutes) = (utc_s.rem_euclid(86_400) / 3600, utc_s.rem_euclid(3600) / 60);
    format!("{hours:02}:{minutes:02}:{:02} UTC", utc_s.rem_euclid(60))
}

fn limit_table(language: Language) -> Markup {
    let who = |name: &str| match name {
        "plan" => say(language, "plan", "Plan").into_owned(),
        "control" => say(language, "control", "Regelung").into_owned(),
        _ => say(language, "guard", "Wächter").into_owned(),
    };
    let caption = say(
        language,
        "Every limit as it was compiled in; nothing here can change one",
        "Jede Grenze, wie sie eingebaut ist; nichts hier kann eine ändern",
    );
    html! {
        h2 { (say(language, "Limits", "Grenzen")) }
        div.scroll tabindex="0" role="region" aria-label=(say(language, "Limits", "Grenzen")) {
            table.limits {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (say(language, "Limit", "Grenze")) }
                    th scope="col" { (say(language, "Value", "Wert")) }
                    th scope="col" { (say(language, "Held by", "Gehalten von")) }
                    th scope="col" { (say(language, "Source (English)", "Quelle (Englisch)")) }
                } }
                tbody {
                    @for limit in limits() {
                        tr {
                            th scope="row" { code { (limit.key) } }
                            td { (limit.value) @if limit.unit != "1" { " " (limit.unit) } }
                            td { (limit.enforced_by.iter().map(|name| who(name)).collect::<Vec<_>>().join(", ")) }
                            td lang="en" { small { (limit.source) } }
                        }
                    }
                }
            }
        }
    }
}
