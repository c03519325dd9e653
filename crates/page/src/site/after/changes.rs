//! Before and after beside each other: pain, tension by level, length and curve, each with how sure it is and
//! whether it changed beyond what chance explains.

use care::Language;
use care::scores::{Reading, read_pain};
use host::course::{Beside, Difference, Eased, Place, Verdict, assumed};
use host::store::{Brief, SessionLine};
use maud::{Markup, html};

use super::super::clinic::{drawing, number, px};
use crate::guide::{link, say};

/// Everything about one session.
pub(super) fn whole(line: &SessionLine, beside: Option<&Beside>, language: Language) -> Markup {
    html! {
        (pain(line, language))
        @match beside {
            None => { p { (say(language, "Your back was not scanned both before and after, so nothing can be compared.", "Ihr Rücken wurde nicht vorher und nachher abgetastet, darum lässt sich nichts vergleichen.")) } }
            Some(beside) => {
                @if beside.simulated { p { em { (assumed().of(language)) } } }
                (tension(beside, language))
                (shape(beside, language))
                p.quiet { (say(language, "A session tells what changed, not why. Pain comes and goes, and much of it eases by itself.", "Eine Anwendung zeigt, was sich geändert hat, nicht warum. Schmerz kommt und geht, und vieles gibt sich von selbst.")) }
            }
        }
    }
}

/// Pain before and after, and whether that matters.
pub(super) fn pain(line: &SessionLine, language: Language) -> Markup {
    let figure = |pain: f64| number(Some(pain), 0, language);
    html! {
        @match (line.pain_before, line.pain_after) {
            (Some(before), Some(after)) => {
                @let reading = read_pain(before, after);
                p.told {
                    (say(language, "Pain", "Schmerz")) ": " strong.figures { (figure(before)) " → " (figure(after)) } ". "
                    @match reading {
                        Reading::Better => { (say(language, "Less, by enough to matter.", "Weniger, und so viel, dass es zählt.")) }
                        Reading::Worse => { (say(language, "More, by enough to matter.", "Mehr, und so viel, dass es zählt.")) }
                        Reading::NoClearChange => { (say(language, "No clear change: from two points on, and a third less, it would be one.", "Keine klare Änderung: Ab zwei Punkten, und einem Drittel weniger, wäre es eine.")) }
                    }
                }
                @if reading == Reading::Worse {
                    p.alarmed { (say(language, "If the pain is new, runs down a leg, or comes with numbness or weakness: ", "Wenn der Schmerz neu ist, ins Bein zieht oder mit Taubheit oder Schwäche kommt: ")) a href=(link("/now", language)) { (say(language, "see the signs of an emergency", "sehen Sie die Notfallzeichen an")) } "." }
                }
            }
            (None, Some(after)) => {
                p.told { (say(language, "Pain now: ", "Schmerz jetzt: ")) strong.figures { (figure(after)) } ". " (say(language, "Before the session it was not told, so nothing can be said of a change.", "Vor der Anwendung wurde er nicht genannt, darum lässt sich über eine Änderung nichts sagen.")) }
            }
            (Some(before), None) => { p.told { (say(language, "Pain before: ", "Schmerz vorher: ")) strong.figures { (figure(before)) } "." } }
            (None, None) => {}
        }
    }
}

/// What two scans say in short, for a list of sessions.
pub(super) fn in_short(brief: Option<&Brief>, language: Language) -> Markup {
    let Some(brief) = brief else { return html! {} };
    html! {
        @if let (Some(before), Some(after)) = (brief.tension_mean.before, brief.tension_mean.after) {
            p {
                (say(language, "Tension beside the spine: ", "Spannung neben der Wirbelsäule: "))
                (number(Some(before), 2, language)) " → " (number(Some(after), 2, language))
                " " (say(language, "(1 is as expected for you)", "(1 ist wie bei Ihnen zu erwarten)"))
            }
        }
    }
}

fn tension(beside: &Beside, language: Language) -> Markup {
    let eased = beside.eased();
    html! {
        h2 { (say(language, "Tension beside the spine", "Spannung neben der Wirbelsäule")) }
        @if eased.of == 0 {
            p { (say(language, "This bed cannot tell tension left and right of each level.", "Dieses Bett kann die Spannung links und rechts neben jedem Wirbel nicht messen.")) }
        } @else {
            p { strong { (eased_words(eased, language)) } }
            (key(language))
            (chart(beside, language))
            details {
                summary { (say(language, "The same as a table", "Dasselbe als Tabelle")) }
                (table(beside, language))
            }
        }
    }
}

/// What the places beside the spine say together, in a sentence.
pub(in crate::site) fn eased_words(eased: Eased, language: Language) -> String {
    let words = match eased.verdict() {
        Verdict::Better => say(
            language,
            "Softer at SOFTER of OF places: more than chance explains, which is CHANCE.",
            "Weicher an SOFTER von OF Stellen: mehr, als Zufall erklärt, nämlich CHANCE.",
        ),
        Verdict::Worse => say(
            language,
            "Tenser at TENSER of OF places: more than chance explains, which is CHANCE.",
            "Fester an TENSER von OF Stellen: mehr, als Zufall erklärt, nämlich CHANCE.",
        ),
        Verdict::Changed => say(
            language,
            "Softer at SOFTER of OF places and tenser at TENSER: in places a change, for the whole back none.",
            "Weicher an SOFTER von OF Stellen und fester an TENSER: stellenweise eine Änderung, für den ganzen Rücken keine.",
        ),
        Verdict::NoChange | Verdict::TooLittle(_) => say(
            language,
            "No change that counts: softer at SOFTER of OF places, tenser at TENSER. Up to CHANCE either way is chance.",
            "Keine Änderung, die zählt: weicher an SOFTER von OF Stellen, fester an TENSER. Bis zu CHANCE je Richtung macht der Zufall.",
        ),
    };
    let figures =
        [("SOFTER", eased.softer), ("TENSER", eased.tenser), ("OF", eased.of), ("CHANCE", eased.by_chance)];
    figures.iter().fold(words.into_owned(), |words, (name, count)| words.replace(name, &count.to_string()))
}

/// Which mark is which.
fn key(language: Language) -> Markup {
    let mark = |class: &str| {
        html! { svg.key viewBox="0 0 40 12" aria-hidden="true" { circle class=(class) cx="20" cy="6" r="4.5" {} } }
    };
    html! {
        ul.legend {
            li { (mark("one")) (say(language, "before", "vorher")) }
            li { (mark("two-of")) (say(language, "after", "nachher")) }
        }
    }
}

/// Height of a row, and the width of the drawing, drawing units. Design: 17 levels on one screen.
const ROW: f64 = 22.0;
const WIDTH: f64 = 600.0;
/// Where the two sides lie, from and to. Design: the names of the levels stand between.
const SIDES: [(f64, f64); 2] = [(10.0, 272.0), (328.0, 590.0)];
/// Tension beyond these, over what is expected, is drawn at the edge. Guess: few sites lie farther out.
const RATIOS: (f64, f64) = (0.4, 2.2);

fn at(side: usize, ratio: f64) -> f64 {
    let (from, to) = SIDES[side];
    from + (to - from) * ((ratio - RATIOS.0) / (RATIOS.1 - RATIOS.0)).clamp(0.0, 1.0)
}

/// A row a level, left and right: shaded where "after" would be no change from "before".
fn chart(beside: &Beside, language: Language) -> Markup {
    let rows = beside.tension.len() as f64;
    let (top, bottom) = (24.0, 24.0 + rows * ROW);
    let title = say(
        language,
        "Tension before and after, level by level",
        "Spannung vorher und nachher, Wirbel für Wirbel",
    );
    let said = say(
        language,
        "1 is as expected; farther right is tenser. Shaded: no change that this place could tell.",
        "1 ist wie erwartet; weiter rechts ist fester. Schattiert: keine Änderung, die sich an dieser Stelle erkennen ließe.",
    );
    let sides = [say(language, "left", "links"), say(language, "right", "rechts")];
    html! {
        figure {
            svg viewBox=(format!("0 0 {WIDTH} {}", bottom + 24.0)) role="img" aria-labelledby="tension-title tension-said" {
                title id="tension-title" { (title) }
                desc id="tension-said" { (said) " " (eased_words(beside.eased(), language)) }
                @for (side, name) in sides.iter().enumerate() {
                    @let expected = px(at(side, 1.0));
                    text.middle x=(px((SIDES[side].0 + SIDES[side].1) / 2.0)) y="15" { (name) }
                    line.axis x1=(expected) x2=(expected) y1=(px(top)) y2=(px(bottom)) {}
                    text.middle x=(expected) y=(px(bottom + 17.0)) { (say(language, "1: as expected", "1: wie erwartet")) }
                }
                @for (row, (level, places)) in beside.tension.iter().enumerate() {
                    @let y = top + (row as f64 + 0.5) * ROW;
                    text.middle x=(px(WIDTH / 2.0)) y=(px(y + 5.0)) { (level) }
                    @for (side, place) in places.iter().enumerate() {
                        @if let Some(place) = place { (mark(side, place, y)) }
                    }
                }
            }
            figcaption { (said) }
        }
    }
}

fn mark(side: usize, place: &Place, y: f64) -> Markup {
    let [before, after] = place.both.map(|ratio| at(side, ratio));
    let (low, high) = (at(side, place.both[0] - place.least), at(side, place.both[0] + place.least));
    html! {
        rect.band x=(px(low)) y=(px(y - 0.36 * ROW)) width=(px(high - low)) height=(px(0.72 * ROW)) {}
        line class=(if place.is_beyond() { "stretch" } else { "rule" }) x1=(px(before)) x2=(px(after)) y1=(px(y)) y2=(px(y)) {}
        circle.one cx=(px(before)) cy=(px(y)) r="4.5" {}
        circle.two-of cx=(px(after)) cy=(px(y)) r="4.5" {}
    }
}

fn table(beside: &Beside, language: Language) -> Markup {
    let label = say(language, "Tension beside each level", "Spannung neben jedem Wirbel");
    let one = |place: &Option<Place>| match place {
        None => "–".to_owned(),
        Some(place) => {
            let [before, after] = place.both.map(|ratio| number(Some(ratio), 2, language));
            format!("{before} → {after}{}", if place.is_beyond() { " *" } else { "" })
        }
    };
    html! {
        p.quiet { (say(language, "A star: more than the intervals of both scans explain at this place.", "Ein Stern: mehr, als die Intervalle beider Messungen an dieser Stelle erklären.")) }
        div.scroll role="region" tabindex="0" aria-label=(label) { table {
            thead { tr {
                th scope="col" { (say(language, "Level", "Wirbel")) }
                th scope="col" { (say(language, "Left", "Links")) }
                th scope="col" { (say(language, "Right", "Rechts")) }
            } }
            tbody { @for (level, places) in &beside.tension { tr {
                th scope="row" { (level) }
                @for place in places { td { (one(place)) } }
            } } }
        } }
    }
}

/// Length and curve.
fn shape(beside: &Beside, language: Language) -> Markup {
    let label = say(language, "Length and curve", "Länge und Krümmung");
    let changed = beside.figures.iter().any(|figure| figure.verdict() == Verdict::Changed);
    let known = beside.figures.iter().any(|figure| figure.least.is_some());
    html! {
        h2 { (label) }
        p { strong {
            @if changed { (say(language, "Something changed beyond what two scans can tell apart; the table says what.", "Etwas hat sich geändert, mehr als zwei Messungen verwechseln können; die Tabelle sagt, was.")) }
            @else if known { (say(language, "No change that counts: every difference is smaller than what two scans can tell apart.", "Keine Änderung, die zählt: Jeder Unterschied ist kleiner, als zwei Messungen unterscheiden können.")) }
            @else { (say(language, "No verdict: how well scans of living people repeat is not known.", "Kein Urteil: Wie gut sich Messungen an lebenden Menschen wiederholen, ist nicht bekannt.")) }
        } }
        ul.shape { @for figure in &beside.figures { (row(figure, language)) } }
        p.quiet { (say(language, "In brackets what holds the truth nine times in ten. A flatter or rounder back is neither better nor worse.", "In Klammern, was den wahren Wert neunmal von zehn enthält. Ein flacherer oder runderer Rücken ist weder besser noch schlechter.")) }
        (drawing(&beside.side, "side", &say(language, "Your spine from the side, before and after, head to the left", "Ihre Wirbelsäule von der Seite, vorher und nachher, Kopf links"), language))
    }
}

fn row(figure: &Difference, language: Language) -> Markup {
    let quantity = figure.quantity;
    let one = |value: f64| number(Some(value), quantity.places(), language);
    let [before, after] =
        figure.both.map(|(value, (low, high))| format!("{} ({} – {})", one(value), one(low), one(high)));
    let says = match figure.verdict() {
        Verdict::Changed => say(language, "Changed", "Verändert"),
        Verdict::TooLittle(_) => say(language, "No verdict", "Kein Urteil"),
        _ => say(language, "No change that counts", "Keine Änderung, die zählt"),
    };
    html! {
        li {
            (quantity.name().of(language)) ", " (quantity.unit().of(language)) ": "
            strong.figures { (before) " → " (after) } ". "
            span.marked[figure.verdict() == Verdict::Changed] { (says) }
            @if let Some(least) = figure.least { (say(language, "; it counts from ", "; sie zählt ab ")) (one(least)) (say(language, " on", " an")) }
            "."
        }
    }
}
