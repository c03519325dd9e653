//! The self-test's page.

use axum::extract::{Query, State};
use axum::response::Response;
use care::Language;
use host::accounts::Deed;
use host::service::{Finding, SelfTest, TestRefused, self_test, service};
use maud::{Markup, html};

use super::super::{Asked, Site};
use super::{refused, room};
use crate::door::{Denied, Visitor};
use crate::guide::{link, say};

const HERE: &str = "/service/test";

/// Runs the test on a thread of its own; it waits for presses of a twin.
pub(super) async fn tested(site: &Site) -> Result<SelfTest, TestRefused> {
    let station = site.station.clone();
    tokio::task::spawn_blocking(move || self_test(&station)).await.unwrap_or(Err(TestRefused::NotAtRest))
}

pub(super) async fn page(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let seen = service(site.station.seen());
    let title = say(language, "Self-test", "Selbsttest");
    room(&title, HERE, &seen, &ask(language), language)
}

fn ask(language: Language) -> Markup {
    html! {
        p { (say(language, "Nobody may lie on the bed. Nothing moves and nothing heats: the test only looks. It takes some seconds.", "Niemand darf auf dem Bett liegen. Nichts bewegt sich, nichts heizt: Der Test sieht nur nach. Er dauert einige Sekunden.")) }
        p { (say(language, "A twin's switches are pressed as a person would, and it is switched off and on afterwards. At a bed, press each switch yourself and watch its line under \"Now\".", "Die Schalter eines Zwillings werden gedrückt wie von einer Person, und danach wird er aus- und eingeschaltet. An einem Bett drücken Sie jeden Schalter selbst und sehen unter „Jetzt“ nach.")) }
        form method="post" action=(link(HERE, language)) {
            div.choose { button.keep type="submit" { (say(language, "Test now", "Jetzt testen")) } }
        }
    }
}

pub(super) async fn run(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::TestBed, None).await?;
    let language = site.language(&asked);
    let tested = tested(&site).await;
    let seen = service(site.station.seen());
    let test = match tested {
        Ok(test) => test,
        Err(why) => return Ok(refused(HERE, &seen, &why.words(), language)),
    };
    let title = say(language, "Self-test", "Selbsttest");
    let body = html! {
        p.verdict role="status" {
            @if test.fine { (say(language, "Everything that was looked at is fine.", "Alles, was geprüft wurde, ist in Ordnung.")) }
            @else { (say(language, "Something does not work. Do not begin a session before it does.", "Etwas geht nicht. Beginnen Sie vorher keine Anwendung.")) }
        }
        (results(&test, language))
        (ask(language))
    };
    Ok(room(&title, HERE, &seen, &body, language))
}

fn results(test: &SelfTest, language: Language) -> Markup {
    let mark = |finding: Finding| match finding {
        Finding::Fine => ("fine", say(language, "fine", "in Ordnung")),
        Finding::Note => ("missing", say(language, "note", "Hinweis")),
        Finding::Bad => ("faulty", say(language, "BAD", "SCHLECHT")),
    };
    let caption = say(language, "What was looked at", "Was geprüft wurde");
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.live {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (say(language, "What", "Was")) }
                    th scope="col" { (say(language, "Result", "Ergebnis")) }
                    th scope="col" { (say(language, "Found", "Gefunden")) }
                } }
                tbody {
                    @for check in &test.checks {
                        tr data-standing=(mark(check.finding).0) {
                            th scope="row" { (check.what.of(language)) }
                            td.standing { (mark(check.finding).1) }
                            td {
                                (check.says.of(language))
                                @if let Some(way) = &check.way_out { br; strong { (way.of(language)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
