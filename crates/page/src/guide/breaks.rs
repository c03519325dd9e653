//! The break reminder as a page: off until it is started, then what is next, what waits, and how it went.
//!
//! The page carries no script. It shows what is so when it is loaded; who wishes can let it load itself anew
//! every minute, which is off at first because it moves what somebody reads.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use care::breaks::{Counts, Delay, Quiet, Reply, Settings};
use care::{Day, Language};
use maud::{Markup, html};
use std::collections::HashMap;

use super::diary::{day_words, status};
use super::interview::given;
use super::reminder::Reminder;
use super::visit::{Told, answer, heard, unknown};
use super::{Guide, Keeper, Page, diary, link, say};
use host::accounts::Deed;
use host::breaks::{View, minute_of_day, time_text};
use host::entry_form::Fields;
use host::store::StoreError;

/// Where this page stands.
const HERE: &str = "/breaks";

/// Seconds after which a page that may do so loads itself anew.
///
/// Design: a minute, the unit in which it counts.
const ANEW_S: u64 = 60;

/// Days of the table.
///
/// Design: two weeks, as in the diary.
const TABLE_DAYS: usize = 14;

/// The addresses of the reminder.
pub(super) fn routes() -> Router<Guide> {
    Router::new()
        .route(HERE, get(show))
        .route("/breaks/start", post(start))
        .route("/breaks/reply", post(reply))
        .route("/breaks/sitting", post(sitting))
        .route("/breaks/stop", post(stop))
}

/// Who looks: whose reminder it is, in which language, and whether the page may load itself anew.
struct Look {
    reminder: Reminder,
    language: Language,
    anew: bool,
    done: Option<&'static str>,
}

impl FromRequestParts<Guide> for Look {
    /// Behind the door a reminder is somebody's.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, guide: &Guide) -> Result<Self, Response> {
        let query: Result<Query<HashMap<String, String>>, QueryRejection> =
            Query::from_request_parts(parts, guide).await;
        let asked = query.map(|Query(asked)| asked).unwrap_or_default();
        let keeper = parts.extensions.get::<Keeper>().or(guide.keeper.as_ref()).cloned();
        if keeper.is_none() && guide.bed.is_some() {
            return Err(unknown(Deed::ReadOwn).into_response());
        }
        let known = ["started", "answered", "late", "stopped", "away", "back"];
        Ok(Self {
            reminder: Reminder::of(guide, keeper),
            language: asked.get("language").and_then(|tag| tag.parse().ok()).unwrap_or(guide.language),
            anew: asked.contains_key("anew"),
            done: asked.get("done").and_then(|done| known.into_iter().find(|one| one == done)),
        })
    }
}

impl Look {
    /// An address with everything that is to stay.
    fn link(&self, path: &str) -> String {
        link(path, self.language) + if self.anew { "&anew=1" } else { "" }
    }

    fn on(&self, done: &str) -> Response {
        Redirect::to(&format!("{}&done={done}", self.link(HERE))).into_response()
    }

    fn failed(&self, error: &StoreError) -> Response {
        let (code, words) = diary::trouble_words(error, self.language);
        let title = self.language.say("The reminder cannot do this", "Das kann die Erinnerung nicht");
        let body = html! { h1 { (title) } div.alarmed role="alert" { (words) } };
        answer(code, &Page::new(title.clone(), HERE, body), self.language)
    }
}

async fn show(look: Look) -> Response {
    let (view, (settings, counts)) = match look.reminder.now() {
        Ok(now) => now,
        Err(error) => return look.failed(&error),
    };
    let anew = look.anew && view.is_some();
    let form = Form { settings, typed: None };
    let page = page(&look, view.as_ref(), &form, &counts);
    let mut response = answer(StatusCode::OK, &page, look.language);
    if anew {
        let to = format!("{ANEW_S}; url={}", look.link(HERE));
        if let Ok(to) = HeaderValue::from_str(&to) {
            response.headers_mut().insert(header::REFRESH, to);
        }
    }
    response
}

async fn start(look: Look, told: Told) -> Response {
    if look.reminder.desk.view().is_some() {
        return look.on("started");
    }
    let fields = heard(told);
    let started = settings_of(&fields).map(|settings| look.reminder.start(settings, look.language));
    match started {
        Some(Ok(Ok(()))) => look.on("started"),
        Some(Err(error)) => look.failed(&error),
        None | Some(Ok(Err(_))) => match look.reminder.now() {
            Ok((_, (settings, counts))) => {
                let form = Form { settings, typed: Some(&fields) };
                answer(StatusCode::UNPROCESSABLE_ENTITY, &page(&look, None, &form, &counts), look.language)
            }
            Err(error) => look.failed(&error),
        },
    }
}

async fn reply(look: Look, told: Told) -> Response {
    let fields = heard(told);
    let reply = match given(&fields, "press").first() {
        Some(&"taken") => Reply::Taken,
        Some(&"5") => Reply::Postpone(Delay::FiveMinutes),
        Some(&"10") => Reply::Postpone(Delay::TenMinutes),
        Some(&"15") => Reply::Postpone(Delay::FifteenMinutes),
        Some(&"skip") => Reply::Skip,
        _ => return look.on("late"),
    };
    look.on(if look.reminder.desk.reply(reply).is_ok() { "answered" } else { "late" })
}

async fn sitting(look: Look, told: Told) -> Response {
    let away = given(&heard(told), "press").contains(&"away");
    look.reminder.desk.set_sitting(!away);
    look.on(if away { "away" } else { "back" })
}

async fn stop(look: Look) -> Response {
    match look.reminder.desk.stop() {
        Ok(()) => look.on("stopped"),
        Err(error) => look.failed(&error),
    }
}

/// The settings as they are kept, and what was typed and could not be taken.
struct Form<'a> {
    settings: Settings,
    typed: Option<&'a Fields>,
}

/// The settings of a form; `None` where they cannot be understood. Their range is checked at the start.
fn settings_of(fields: &Fields) -> Option<Settings> {
    let one = |name: &str| given(fields, name).first().copied().unwrap_or_default();
    let quiet = match (one("from"), one("until")) {
        ("", "") => None,
        (from, until) => Some(Quiet { from_min: minute_of_day(from)?, until_min: minute_of_day(until)? }),
    };
    Some(Settings { interval_min: one("every").parse().ok()?, quiet })
}

fn page(look: &Look, view: Option<&View>, form: &Form<'_>, counts: &BTreeMap<Day, Counts>) -> Page {
    let language = look.language;
    let title = language.say("Breaks from sitting", "Pausen vom Sitzen");
    let body = html! {
        h1 { (title) }
        @if let Some(words) = look.done.and_then(|done| done_words(done, language)) { (status(&words)) }
        @match view {
            Some(view) => (running(look, view, &form.settings)),
            None => {
                p { (say(language, "A reminder to get up, walk a few steps, or at least sit otherwise. In one trial with office workers, new back pain came to 9 in 100 with breaks and 33 in 100 without. How often is best, nobody has tested.", "Eine Erinnerung, aufzustehen, ein paar Schritte zu gehen oder wenigstens anders zu sitzen. In einer Studie mit Büroangestellten bekamen mit Pausen 9 von 100 neue Rückenschmerzen, ohne 33 von 100. Wie oft am besten ist, hat niemand geprüft.")) }
                p.quiet { a href=(link("/topic/sitting", language)) { (say(language, "More about sitting, with the sources", "Mehr zum Sitzen, mit den Quellen")) } }
                (off(look, form))
            }
        }
        (table(counts, language))
    };
    Page::new(title.clone(), HERE, body)
}

fn done_words(done: &str, language: Language) -> Option<String> {
    let (en, de) = match done {
        "started" => (
            "The reminder runs. This window may be closed; the guide must stay open.",
            "Die Erinnerung läuft. Dieses Fenster dürfen Sie schließen; der Ratgeber muss offen bleiben.",
        ),
        "answered" => ("Your answer counts.", "Ihre Antwort zählt."),
        "late" => (
            "There was nothing to answer: the reminder was answered or withdrawn before.",
            "Es gab nichts zu beantworten: Die Erinnerung war schon beantwortet oder zurückgezogen.",
        ),
        "stopped" => ("The reminder is off.", "Die Erinnerung ist aus."),
        "away" => (
            "You are away; the break counts after a minute.",
            "Sie sind weg; nach einer Minute zählt die Pause.",
        ),
        "back" => ("Welcome back.", "Willkommen zurück."),
        _ => return None,
    };
    Some(say(language, en, de).into_owned())
}

fn off(look: &Look, form: &Form<'_>) -> Markup {
    let language = look.language;
    let typed = |name: &str| {
        form.typed.map(|fields| given(fields, name).first().copied().unwrap_or_default().to_owned())
    };
    let quiet = form.settings.quiet;
    let every = typed("every").unwrap_or_else(|| form.settings.interval_min.to_string());
    let from =
        typed("from").unwrap_or_else(|| quiet.map(|quiet| time_text(quiet.from_min)).unwrap_or_default());
    let until =
        typed("until").unwrap_or_else(|| quiet.map(|quiet| time_text(quiet.until_min)).unwrap_or_default());
    html! {
        form.diary method="post" action=(look.link("/breaks/start")) autocomplete="off" {
            @if form.typed.is_some() {
                p.fault id="wrong" role="alert" { (say(language, "Choose 5 to 240 minutes. Quiet hours need two different times, or none.", "Wählen Sie 5 bis 240 Minuten. Ruhezeiten brauchen zwei verschiedene Uhrzeiten oder keine.")) }
            }
            label.name for="every" { (say(language, "Minutes of sitting until a reminder", "Minuten im Sitzen bis zur Erinnerung")) }
            input type="number" id="every" name="every" min="5" max="240" required value=(every) aria-describedby=[form.typed.map(|_| "wrong")];
            fieldset {
                legend { (say(language, "Quiet hours, if you want some", "Ruhezeiten, wenn Sie welche möchten")) }
                div.two {
                    div {
                        label.name for="from" { (say(language, "From", "Von")) }
                        input type="time" id="from" name="from" value=(from);
                    }
                    div {
                        label.name for="until" { (say(language, "Until", "Bis")) }
                        input type="time" id="until" name="until" value=(until);
                    }
                }
            }
            div.choose { button.keep type="submit" { (say(language, "Start", "Starten")) } }
        }
    }
}

fn running(look: &Look, view: &View, settings: &Settings) -> Markup {
    let language = look.language;
    html! {
        div.now {
            @if view.waits {
                strong.big { (say(language, "Time to get up", "Zeit zum Aufstehen")) }
                p { (say(language, "You have been sitting for ", "Sie sitzen seit ")) (minutes(view.sitting_for, language))
                    (say(language, ". Stand up, walk a few steps, or at least shift.", ". Stehen Sie auf, gehen Sie ein paar Schritte oder setzen Sie sich wenigstens anders hin.")) }
                (answers(look))
            } @else if !view.sitting {
                strong.big { (say(language, "You are away", "Sie sind weg")) }
                p { (say(language, "Nothing reminds you until you are back.", "Nichts erinnert Sie, bis Sie zurück sind.")) }
            } @else {
                strong.big { (say(language, "Next break in ", "Nächste Pause in ")) (minutes(view.next.unwrap_or_default(), language)) }
                p { (say(language, "Sitting for ", "Im Sitzen seit ")) (minutes(view.sitting_for, language)) "." }
            }
            p.quiet {
                (say(language, "Every MINUTES minutes", "Alle MINUTES Minuten").replace("MINUTES", &settings.interval_min.to_string()))
                @if let Some(quiet) = settings.quiet {
                    (say(language, ", quiet from ", ", Ruhe von ")) (time_text(quiet.from_min)) (say(language, " until ", " bis ")) (time_text(quiet.until_min))
                }
                "."
            }
        }
        div.choose.noprint {
            form method="post" action=(look.link("/breaks/sitting")) {
                @if view.sitting {
                    button type="submit" name="press" value="away" { (say(language, "I am getting up", "Ich stehe auf")) }
                } @else {
                    button type="submit" name="press" value="back" { (say(language, "I am sitting again", "Ich sitze wieder")) }
                }
            }
            form method="post" action=(look.link("/breaks/stop")) {
                button.quiet type="submit" { (say(language, "Switch the reminder off", "Erinnerung ausschalten")) }
            }
        }
        p.noprint {
            a href=(look.link(HERE)) { (say(language, "Look again", "Noch einmal nachsehen")) }
            " · "
            @if look.anew {
                a href=(link(HERE, language)) { (say(language, "Do not load this page anew by itself", "Diese Seite nicht mehr von selbst neu laden")) }
            } @else {
                a href={ (link(HERE, language)) "&anew=1" } { (say(language, "Load this page anew every minute", "Diese Seite jede Minute neu laden")) }
            }
        }
    }
}

fn answers(look: &Look) -> Markup {
    let language = look.language;
    html! {
        form method="post" action=(look.link("/breaks/reply")) {
            div.choose {
                button.keep type="submit" name="press" value="taken" { (say(language, "Done", "Gemacht")) }
                @for delay in ["5", "10", "15"] {
                    button type="submit" name="press" value=(delay) { (say(language, "In MINUTES minutes", "In MINUTES Minuten").replace("MINUTES", delay)) }
                }
                button.quiet type="submit" name="press" value="skip" { (say(language, "Not this one", "Diesmal nicht")) }
            }
        }
    }
}

/// Whole minutes, rounded up.
fn minutes(time: Duration, language: Language) -> String {
    match time.as_secs().div_ceil(60) {
        1 => format!("1 {}", language.say("minute", "Minute")),
        minutes => format!("{minutes} {}", language.say("minutes", "Minuten")),
    }
}

/// The counts of the last days, the latest first.
fn table(counts: &BTreeMap<Day, Counts>, language: Language) -> Markup {
    html! {
        @if !counts.is_empty() {
            h2 id="counts" { (say(language, "How it went", "Wie es lief")) }
            div.scroll { table.narrow {
                caption { (say(language, "Reminders of the last days", "Erinnerungen der letzten Tage")) }
                thead { tr {
                    th scope="col" { (say(language, "Day", "Tag")) }
                    th scope="col" { (say(language, "Given", "Gegeben")) }
                    th scope="col" { (say(language, "Taken", "Gemacht")) }
                    th scope="col" { (say(language, "Later", "Später")) }
                    th scope="col" { (say(language, "Not", "Nicht")) }
                    th scope="col" { (say(language, "No answer", "Ohne Antwort")) }
                } }
                tbody {
                    @for (day, one) in counts.iter().rev().take(TABLE_DAYS) {
                        tr {
                            th scope="row" { (day_words(*day, language)) }
                            @for number in [one.given, one.taken, one.postponed, one.skipped, one.unanswered] { td { (number) } }
                        }
                    }
                }
            } }
        }
    }
}
