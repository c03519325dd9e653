//! The failsafe explorer: break something in the twin, and watch what the guard does.

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use care::Language;
use host::accounts::Deed;
use host::faults::{ClassText, classes};
use host::seen::Seen;
use host::service::{Explore, ExploreRefused, Told, VerdictTold, explore, lines, service, verdict};
use host::wire::WireError;
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{Asked, Site};
use super::{refused, room};
use crate::door::{Denied, Visitor};
use crate::guide::{link, say};

const HERE: &str = "/service/explorer";

/// What is asked of the explorer, by a form or a program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// `break`, `mend` or `restart`.
    #[serde(rename = "do")]
    what: Deeds,
    /// What breaks.
    class: Option<String>,
    /// What else is drawn.
    seed: Option<u32>,
}

/// What is done to a twin's parts.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Deeds {
    Break,
    Mend,
    Restart,
}

/// What can be broken: everything but calm.
pub(super) fn breakable() -> impl Iterator<Item = &'static ClassText> {
    classes().iter().filter(|class| class.key != "calm")
}

/// Does it.
pub(super) async fn wanted(site: &Site, wanted: Wanted) -> Result<(), ExploreRefused> {
    let what = match wanted.what {
        Deeds::Break => {
            Explore::Break { class: wanted.class.unwrap_or_default(), seed: wanted.seed.unwrap_or_default() }
        }
        Deeds::Mend => Explore::Mend,
        Deeds::Restart => Explore::Restart,
    };
    let station = site.station.clone();
    tokio::task::spawn_blocking(move || explore(&station, &what))
        .await
        .unwrap_or_else(|error| Err(WireError::Lost(std::io::Error::other(error)).into()))
}

/// The journal in words, and how the limits hold.
pub(super) fn told(seen: &Seen, after: u32) -> (Vec<Told>, Option<VerdictTold>) {
    let (new, judged) = seen.after(after);
    (lines(&new), judged.as_ref().map(verdict))
}

pub(super) async fn hear(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Form(form): Form<Wanted>,
) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::PlayTwin, None).await?;
    let language = site.language(&asked);
    match wanted(&site, form).await {
        Ok(()) => Ok(Redirect::to(&link(HERE, language)).into_response()),
        Err(why) => Ok(refused(HERE, &service(site.station.seen()), &why.words(), language)),
    }
}

pub(super) async fn page(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let seen = service(site.station.seen());
    let title = say(language, "Failsafe explorer", "Fehlererkundung");
    if seen.notice.is_none() {
        let body = html! {
            p { (say(language, "This is for a twin, or none answers. In a bed nothing is broken on purpose.", "Das ist für einen Zwilling, oder es antwortet keiner. An einem Bett wird nichts mit Absicht gestört.")) }
        };
        return room(&title, HERE, &seen, &body, language);
    }
    let (lines, judged) = told(site.station.seen(), 0);
    let body = html! {
        p { (say(language, "Break a part of the twin, and see what the guard does about it.", "Stören Sie einen Teil des Zwillings und sehen Sie, was der Wächter tut.")) }
        p {
            (say(language, "It is most telling while a session runs. Begin one as always; the simulated person lies down and presses the hand switch by a button there. Nothing here does it for them.", "Am meisten zeigt es während einer Anwendung. Beginnen Sie eine wie immer; die simulierte Person legt sich dort über einen Knopf hin und drückt den Handschalter. Nichts hier tut es für sie."))
            " " a href=(link("/today", language)) { (say(language, "Begin a demonstration", "Eine Vorführung beginnen")) }
            " · " a href=(link("/session", language)) { (say(language, "The bed's page", "Die Seite des Bettes")) }
        }
        p { (say(language, "Session: ", "Anwendung: ")) strong id="state" { (seen.state.of(language)) } ". " (say(language, "The guard: ", "Der Wächter: ")) strong id="guard" { (seen.guard.of(language)) } }
        (controls(language))
        section.card id="verdict" { (judgement(judged.as_ref(), language)) }
        h2 { (say(language, "What happened", "Was geschah")) }
        noscript { p { a href=(link(HERE, language)) { (say(language, "Read again", "Noch einmal lesen")) } } }
        ol.timeline id="timeline" reversed tabindex="0" aria-label=(say(language, "What happened, the newest first", "Was geschah, das Neueste zuerst")) {
            @for line in lines.iter().rev() {
                li data-kind=(line.kind) data-number=(line.number) data-bad=[line.bad.then_some("")] {
                    span.at { (format!("{:.2} s", line.at_s)) } " " (line.words.of(language))
                }
            }
        }
    };
    room(&title, HERE, &seen, &body, language)
}

fn controls(language: Language) -> Markup {
    html! {
        form method="post" action=(link(HERE, language)) {
            p {
                label for="class" { (say(language, "What breaks", "Was gestört wird")) } br;
                select id="class" name="class" {
                    @for class in breakable() {
                        option value=(class.key) { (class.words.of(language)) }
                    }
                }
            }
            p.number {
                label for="seed" { (say(language, "Seed: which of its kind, drawn by chance", "Startzahl: welche ihrer Art, ausgelost")) } br;
                input id="seed" name="seed" type="number" min="0" max="4294967295" value="1" required;
            }
            div.choose { button.keep type="submit" name="do" value="break" { (say(language, "Break it", "Stören")) } }
        }
        div.choose {
            form method="post" action=(link(HERE, language)) { button type="submit" name="do" value="mend" { (say(language, "Mend everything", "Alles reparieren")) } }
            form method="post" action=(link(HERE, language)) { button type="submit" name="do" value="restart" { (say(language, "Switch the twin off and on", "Den Zwilling aus- und einschalten")) } }
        }
        details {
            summary { (say(language, "What to expect", "Was zu erwarten ist")) }
            dl.facts { @for class in breakable() {
                dt { (class.words.of(language)) } dd { (class.expect.of(language)) }
            } }
        }
    }
}

fn judgement(judged: Option<&VerdictTold>, language: Language) -> Markup {
    html! {
        h2 { (say(language, "Do the limits hold?", "Halten die Grenzen?")) }
        @match judged {
            None => { p { (say(language, "Nothing was broken yet.", "Noch wurde nichts gestört.")) } }
            Some(judged) => {
                p.verdict aria-live="polite" data-holds=(judged.holds) { (judged.words.of(language)) @for limit in &judged.crossed { " " (limit.of(language)) "." } }
                p { (judged.class.of(language)) ", " (say(language, "seed ", "Startzahl ")) (judged.seed) ", " (format!("{:.0} s", judged.after_s))
                    @if !judged.open { ", " (say(language, "closed", "abgeschlossen")) } }
                ul.lines { @for (name, value, unit) in &judged.worst { li { (name.of(language)) ": " (value.of(language)) " " (unit) } } }
            }
        }
        p.quiet { (say(language, "Judged by the twin's truth, with the limits of the safety bench.", "Beurteilt nach der Wahrheit des Zwillings, mit den Grenzen der Sicherheitsprüfung.")) }
    }
}
