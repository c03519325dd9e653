//! Two sessions beside each other: the spines as they were found on arrival, and every difference with what two scans
//! can tell apart.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use care::Language;
use host::accounts::Deed;
use host::course::{Beside, Difference, Place, Unlike, Verdict, assumed};
use host::store::{Record, SessionLine, SessionNumber, SessionStanding, StoreError};
use maud::{Markup, html};
use serde::Deserialize;
use std::borrow::Cow;

use super::course::{number, when};
use super::curves::drawing;
use super::{Site, place, whole};
use crate::door::{Denied, Visitor};
use crate::guide::{link, say};

#[derive(Default, Deserialize)]
pub(super) struct Picked {
    language: Option<String>,
    a: Option<String>,
    b: Option<String>,
}

/// The one, the other, and what can be compared of them.
pub(in crate::site) struct Both {
    pub(in crate::site) lines: [SessionLine; 2],
    pub(in crate::site) beside: Result<Beside, Unlike>,
}

pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(picked): Query<Picked>,
) -> Result<Response, Denied> {
    let language = site.language(&super::Asked { language: picked.language.clone() });
    let opened = super::open(&site, &visitor, Deed::ReadOthers, &id).await?;
    Ok(super::answer(opened, language, |record| {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let lines = given(&record)?;
        let both = both(&record, &lines, [number(&picked.a), number(&picked.b)])?;
        let title = say(language, "Two sessions", "Zwei Anwendungen");
        let chosen = both.as_ref().map(|both| (both.lines[0].number, both.lines[1].number));
        let body = html! {
            h1 { (record.name()) ": " (title) }
            @match &both {
                Some(both) => { (beside(both, language)) }
                None => { p { (say(language, "Choose two different sessions.", "Wählen Sie zwei verschiedene Anwendungen.")) } }
            }
            div.noprint {
                (pick(&record, &lines, chosen, language))
                p { a href=(link(&place(&record, ""), language)) { (say(language, "To the course", "Zum Verlauf")) } }
            }
        };
        Ok(whole(title, &place(&record, "/compare"), &body, language).into_response())
    }))
}

/// The sessions that were given, the oldest first.
pub(in crate::site) fn given(record: &Record) -> Result<Vec<SessionLine>, StoreError> {
    let given = |line: &SessionLine| matches!(line.state, SessionStanding::Ended | SessionStanding::Settled);
    Ok(record.sessions()?.into_iter().filter(given).collect())
}

/// Two of them beside each other, the earlier one first; `None` unless there are two of these numbers.
pub(in crate::site) fn both(
    record: &Record,
    lines: &[SessionLine],
    picked: [Option<i64>; 2],
) -> Result<Option<Both>, StoreError> {
    let [Some(a), Some(b)] = picked else { return Ok(None) };
    let line = |number| lines.iter().find(|line| line.number == SessionNumber(number)).cloned();
    let (Some(one), Some(other), true) = (line(a.min(b)), line(a.max(b)), a != b) else { return Ok(None) };
    Ok(Some(Both { beside: Beside::read(record, &one, &other)?, lines: [one, other] }))
}

/// Two lists of sessions, and a button; the first and the last where nothing was chosen.
pub(super) fn pick(
    record: &Record,
    lines: &[SessionLine],
    chosen: Option<(SessionNumber, SessionNumber)>,
    language: Language,
) -> Markup {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return html! {} };
    let (a, b) = chosen.unwrap_or((first.number, last.number));
    html! {
        @if lines.len() > 1 {
            h2 { (say(language, "Two sessions side by side", "Zwei Anwendungen nebeneinander")) }
            form.pick method="get" action=(place(record, "/compare")) {
                input type="hidden" name="language" value=(language.tag());
                @for (name, label, chosen) in [("a", say(language, "The one", "Die eine"), a), ("b", say(language, "The other", "Die andere"), b)] {
                    label { (label) " "
                        select name=(name) {
                            @for line in lines {
                                option value=(line.number.0) selected[line.number == chosen] { (when(line)) " · " (plan::title_of(&line.program).of(language)) }
                            }
                        }
                    }
                }
                button type="submit" { (say(language, "Compare", "Vergleichen")) }
            }
        }
    }
}

fn beside(both: &Both, language: Language) -> Markup {
    html! {
        ul.legend {
            @for (line, class) in both.lines.iter().zip(["one", "two-of"]) {
                li {
                    svg.key viewBox="0 0 40 12" aria-hidden="true" {
                        line class=(class) x1="0" x2="40" y1="6" y2="6" {}
                        circle class=(class) cx="20" cy="6" r="4" {}
                    }
                    (when(line)) " · " (plan::title_of(&line.program).of(language))
                    @if line.simulated { " · " (say(language, "simulated", "simuliert")) }
                }
            }
        }
        @match &both.beside {
            Err(Unlike::OneSimulated) => {
                p { (say(language, "One of them was given on the twin. A simulated spine and a real one cannot be compared.", "Eine davon war auf dem Zwilling. Eine simulierte und eine echte Wirbelsäule lassen sich nicht vergleichen.")) }
            }
            Err(Unlike::NoScan) => { p { (say(language, "One of them has no scan, so nothing can be compared.", "Eine davon hat keine Messung, darum lässt sich nichts vergleichen.")) } }
            Ok(beside) => {
                @if beside.simulated { p { em { (assumed().of(language)) } } }
                (drawing(&beside.side, "side", &say(language, "From the side, front up, head to the left", "Von der Seite, vorn oben, Kopf links"), language))
                (drawing(&beside.behind, "behind", &say(language, "From behind, left up, head to the left", "Von hinten, links oben, Kopf links"), language))
                p.quiet { (say(language, "Laid over each other by the middle of their levels, not turned. Upright lines hold a level nine times in ten. Scans on arrival, lying.", "An der Mitte ihrer Wirbel übereinandergelegt, nicht gedreht. Senkrechte Striche enthalten einen Wirbel neunmal von zehn. Messungen bei Ankunft, liegend.")) }
                (figures(beside, language))
                (tensions(beside, language))
            }
        }
    }
}

fn head(names: &[Cow<'_, str>]) -> Markup {
    html! { thead { tr { @for name in names { th scope="col" { (name) } } } } }
}

fn figures(beside: &Beside, language: Language) -> Markup {
    let label = say(language, "Length and curve", "Länge und Krümmung");
    html! {
        h2 { (label) }
        p.quiet { (say(language, "In brackets what holds the truth nine times in ten. MDC95: the smallest change that two scans with getting up between can tell apart.", "In Klammern, was den wahren Wert neunmal von zehn enthält. MDC95: die kleinste Änderung, die zwei Messungen mit Aufstehen dazwischen unterscheiden können.")) }
        div.scroll role="region" tabindex="0" aria-label=(label) { table {
            (head(&[say(language, "Figure", "Größe"), say(language, "The one", "Die eine"), say(language, "The other", "Die andere"), say(language, "Difference", "Unterschied"), say(language, "MDC95", "MDC95"), say(language, "Says", "Heißt")]))
            tbody { @for figure in &beside.figures { (row(figure, language)) } }
        } }
    }
}

fn row(figure: &Difference, language: Language) -> Markup {
    let quantity = figure.quantity;
    let one = |value: f64| number(Some(value), quantity.places(), language);
    let (beyond, words) = match figure.verdict() {
        Verdict::TooLittle(_) => (false, say(language, "no verdict", "kein Urteil")),
        Verdict::NoChange => (false, say(language, "may be chance", "kann Zufall sein")),
        Verdict::Better | Verdict::Worse | Verdict::Changed => (true, say(language, "changed", "verändert")),
    };
    html! {
        tr {
            th scope="row" { (quantity.name().of(language)) ", " (quantity.unit().of(language)) }
            @for (value, (low, high)) in figure.both { td { (one(value)) " (" (one(low)) " – " (one(high)) ")" } }
            td { (one(figure.change())) }
            td { @match figure.least { Some(least) => { (one(least)) } None => { (say(language, "not known", "nicht bekannt")) } } }
            td { span.marked[beyond] { (words) } }
        }
    }
}

fn tensions(beside: &Beside, language: Language) -> Markup {
    let label = say(language, "Tension beside each level", "Spannung neben jedem Wirbel");
    html! {
        h2 { (label) }
        @if beside.tension.is_empty() { p { (say(language, "Not both scans have it.", "Nicht beide Messungen enthalten sie.")) } }
        @else {
            p.quiet {
                    (say(language, "1 is as expected. In brackets the smallest difference that the intervals of both scans can tell apart, place by place; getting up between is not in it. Of 34 places one or two seem changed by chance.", "1 ist wie erwartet. In Klammern der kleinste Unterschied, den die Intervalle beider Messungen unterscheiden können, Stelle für Stelle; das Aufstehen dazwischen ist nicht enthalten. Von 34 Stellen scheinen ein oder zwei aus Zufall verändert."))
                    @if beside.simulated { " " (assumed().of(language)) }
            }
            div.scroll role="region" tabindex="0" aria-label=(label) { table {
                (head(&[say(language, "Level", "Wirbel"), say(language, "Left: one → other", "Links: eine → andere"), say(language, "Difference left", "Unterschied links"), say(language, "Right: one → other", "Rechts: eine → andere"), say(language, "Difference right", "Unterschied rechts")]))
                tbody { @for (level, places) in &beside.tension { tr {
                    th scope="row" { (level) }
                    @for place in places { (tension(place.as_ref(), language)) }
                } } }
            } }
        }
    }
}

fn tension(place: Option<&Place>, language: Language) -> Markup {
    let ratio = |value: f64| number(Some(value), 2, language);
    html! {
        @match place {
            Some(place) => {
                td { (ratio(place.both[0])) " → " (ratio(place.both[1])) }
                td { span.marked[place.is_beyond()] { (ratio(place.change())) @if place.is_beyond() { " *" } } " (" (ratio(place.least)) ")" }
            }
            None => { td { "–" } td { "–" } }
        }
    }
}
