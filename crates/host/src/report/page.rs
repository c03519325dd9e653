//! The page's order: what it is, how it went, the spine, tension, the course of the session, the plan,
//! the limits, what was refused, and how to check it all.

use std::borrow::Cow;

use bed::SpineScan;
use care::{Language, Reason, Summary, Verdict};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    Content, PersonLine, RefusalLine, RefusedBy, spine_figure, style, tables, tension_figure, text,
    trace_figure,
};
use text::Noun;

/// What the angles are, said beside them.
const DEFINITION: (&str, &str) = (
    "Measured lying on the back. Length runs through the centres of the vertebral bodies. Kyphosis and lordosis are angles between chords through body centres; they are not Cobb angles of a standing X-ray and must not be compared with them. Each interval holds the true value nine times in ten, as far as the model behind the scan is right.",
    "Gemessen im Liegen, auf dem Rücken. Die Länge läuft durch die Mitten der Wirbelkörper. Kyphose und Lordose sind Winkel zwischen Geraden durch Mitten von Wirbelkörpern; sie sind keine Cobb-Winkel eines Röntgenbildes im Stehen und dürfen nicht mit ihnen verglichen werden. Jede Spanne enthält den wahren Wert in neun von zehn Fällen, soweit das Modell hinter dem Abtasten stimmt.",
);

/// Reasons of screening that stand open; the rest is folded.
const REASONS_OPEN: usize = 6;

/// What a change on the twin is.
const ASSUMED: (&str, &str) = (
    "On a simulated person the difference between before and after is what the model assumes, not evidence.",
    "Bei einer simulierten Person ist der Unterschied zwischen vorher und nachher eine Annahme des Modells und kein Beleg.",
);

/// The whole page.
pub(super) fn page(content: &Content, language: Language) -> Markup {
    let whose = if content.simulated {
        language.say(" (simulated person)", " (simulierte Person)")
    } else {
        "".into()
    };
    let report = language.say("Session report", "Bericht der Anwendung");
    let title = format!("{report}: {}{whose}", text::program(content, language));
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(style::CSS)) }
                @if content.simulated { style { (PreEscaped(style::simulated_on_paper(language))) } }
            }
            body {
                (header(content, language))
                main {
                    (story(content, language))
                    @if let Some(scan) = &content.before {
                        (spine(content, scan, language))
                        (tension(content, scan, language))
                    }
                    (course(content, language))
                    (plan(content, language))
                    (limits(content, language))
                    (screening(content, language))
                    (worth(content, language))
                    (origin(content, language))
                }
                (footer(language))
            }
        }
    }
}

fn header(content: &Content, language: Language) -> Markup {
    html! {
        header {
            p.brand { "Ondol" span { (language.say("session report", "Bericht der Anwendung")) } }
            @if content.simulated { p.notice role="note" { (crate::notice(language)) } }
            h1 { (text::program(content, language)) }
            @let (does, evidence) = (content.program.does.of(language), content.program.evidence.of(language));
            @if !does.is_empty() { p.lead { (does) } }
            @if !evidence.is_empty() {
                p.quiet { strong { (language.say("What is known of it: ", "Was man darüber weiß: ")) } (evidence) }
            }
            (person(content, language))
        }
    }
}

fn person_words(person: &PersonLine, language: Language) -> String {
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let whole = |value: f64| text::number(value, 0, language);
    let parts = [
        person.sex.as_ref().map(|sex| sex.of(language).clone()),
        finite(person.age_years).map(|years| format!("{} {}", whole(years), language.say("years", "Jahre"))),
        finite(person.stature_mm).map(|mm| format!("{} cm", whole(mm / 10.0))),
        finite(person.mass_kg).map(|kg| format!("{} kg", whole(kg))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn person(content: &Content, language: Language) -> Markup {
    let words = person_words(&content.person, language);
    html! {
        dl.facts {
            @if !words.is_empty() { div { dt { (language.say("person", "Person")) } dd { (words) } } }
            @if !content.bed.is_empty() { div { dt { (language.say("bed", "Bett")) } dd { (content.bed) } } }
            @if content.duration_s > 0.0 { div { dt { (language.say("lasting", "Dauer")) } dd { (text::duration(content.duration_s)) } } }
            @if let Some(seed) = content.seed { div { dt { (language.say("seed", "Startwert")) } dd { (seed) } } }
        }
        @if let Some(note) = &content.person.note { p.quiet { (note.of(language)) } }
    }
}

fn story(content: &Content, language: Language) -> Markup {
    let refused = content.refusal.is_some();
    let [first, second, third] = text::story(content, language);
    html! {
        section.story.refused[refused] aria-labelledby="story" {
            h2 id="story" { @if refused { (language.say("Why there was no session", "Warum es keine Anwendung gab")) } @else { (language.say("How it went", "Wie es ging")) } }
            p { (first) }
            p { (second) }
            p { @if refused { strong { (language.say("What to do: ", "Was zu tun ist: ")) } } (third) }
            @if !content.faults.is_empty() {
                h3 { (language.say("What the guard reported", "Was der Wächter meldete")) }
                (tables::timed(&content.faults, start(content), &Noun::REPORT, language))
            }
        }
    }
}

/// The first moment of the record, from which the page counts.
fn start(content: &Content) -> f64 {
    content.trace.time_s.first().copied().filter(|s| s.is_finite()).unwrap_or(0.0)
}

fn spine(content: &Content, scan: &SpineScan, language: Language) -> Markup {
    html! {
        section aria-labelledby="spine" {
            h2 id="spine" { (language.say("The spine as found", "Die Wirbelsäule, wie sie gefunden wurde")) }
            (spine_figure::side_view(scan, content.pad_top_mm, language))
            div.beside {
                (spine_figure::back_view(scan, content.roller_reach_mm, language))
                div { (measures(scan, content.after.as_ref(), language)) p.quiet { (language.say(DEFINITION.0, DEFINITION.1)) } (tables::levels(scan, language)) }
            }
        }
    }
}

fn measures(scan: &SpineScan, after: Option<&SpineScan>, language: Language) -> Markup {
    let plain = |name: Cow<'static, str>, unit: &'static str, pick: fn(&SpineScan) -> bed::Interval| {
        let interval = pick(scan);
        let value = |interval: bed::Interval| format!("{}{unit}", text::number(interval.value, 0, language));
        let after = after.map(|scan| value(pick(scan)));
        (name, value(interval), text::from_to(&interval, 0, unit, language), after)
    };
    let aside = &scan.lateral_deviation_mm;
    let rows = [
        plain(language.say("Length, through the centres", "Länge, durch die Wirbelmitten"), " mm", |scan| {
            scan.length_t1_l5_mm
        }),
        plain(language.say("Kyphosis, upper back", "Kyphose, oberer Rücken"), "°", |scan| {
            scan.kyphosis_deg
        }),
        plain(language.say("Lordosis, lower back", "Lordose, unterer Rücken"), "°", |scan| {
            scan.lordosis_deg
        }),
        (
            language.say("Sideways, at most", "Abweichung zur Seite, höchstens"),
            text::sideways(aside.value, language),
            text::sideways_from_to(aside, language),
            after.map(|scan| text::sideways(scan.lateral_deviation_mm.value, language)),
        ),
    ];
    html! {
        dl.measures {
            @for (name, value, interval, after) in &rows {
                div {
                    dt { (name) }
                    dd { span.big { (value) } span.quiet { (interval) } @if let Some(after) = after { span.quiet { (language.say("after the session: ", "nach der Anwendung: ")) (after) } } }
                }
            }
        }
    }
}

fn tension(content: &Content, scan: &SpineScan, language: Language) -> Markup {
    let after = content.after.as_ref();
    html! {
        section aria-labelledby="tension-of" {
            h2 id="tension-of" { (language.say("Tension", "Spannung der Muskeln")) @if after.is_some() { (language.say(", before and after", ", vorher und nachher")) } }
            @if scan.tension.is_empty() {
                p { (language.say("This bed has no load cells, so it cannot tell how tense the muscle is.", "Dieses Bett hat keine Kraftmesser, deshalb kann es nicht sagen, wie fest die Muskeln sind.")) }
            } @else {
                @if let Some(after) = after { (change(content, scan, after, language)) }
                @else { p { (language.say("There was no second scan, so nothing can be said about a change.", "Es wurde kein zweites Mal abgetastet, deshalb lässt sich über eine Änderung nichts sagen.")) } }
                (tension_figure::chart(scan, after, language))
                (tables::tensions(scan, after, language))
            }
        }
    }
}

fn change(content: &Content, before: &SpineScan, after: &SpineScan, language: Language) -> Markup {
    let least = content.tension_change_min.filter(|least| least.is_finite() && *least > 0.0);
    let changes = text::changes(before, after, least, language);
    html! {
        p { (text::changes_in_words(&changes, language)) }
        @if content.simulated { p.assumed { (language.say(ASSUMED.0, ASSUMED.1)) } }
        p.quiet {
            @match least {
                Some(least) => { (language.say("Smallest change of the ratio that two scans with getting up between can tell (MDC95): ", "Kleinste Änderung des Verhältnisses, die sich erkennen lässt, wenn zweimal abgetastet wird und man dazwischen aufsteht (MDC95): ")) (text::number(least, 2, language)) "." }
                None => { (language.say("Smallest change taken from the intervals of both scans, place by place; getting up between the scans is not in it.", "Kleinste erkennbare Änderung aus den Spannen beider Male, Stelle für Stelle; dass man dazwischen aufsteht, ist nicht eingerechnet.")) }
            }
        }
    }
}

fn course(content: &Content, language: Language) -> Markup {
    let nothing = content.trace.time_s.is_empty() && content.events.is_empty();
    html! {
        @if !nothing || content.refusal.is_none() {
            section aria-labelledby="course" {
                h2 id="course" { (language.say("Force and warmth over time", "Kraft und Wärme im Verlauf")) }
                (trace_figure::panels(content, language))
                @if !content.events.is_empty() {
                    h3 { (language.say("What happened when", "Was wann geschah")) }
                    (tables::timed(&content.events, start(content), &Noun::EVENT, language))
                }
            }
        }
    }
}

fn plan(content: &Content, language: Language) -> Markup {
    html! {
        @if !content.plan.is_empty() {
            section aria-labelledby="plan" {
                h2 id="plan" { (language.say("The plan, and why", "Der Plan und seine Gründe")) }
                (tables::plan(content, language))
                h3 { (language.say("Where it gives less than the program asks for", "Wo er weniger gibt, als das Programm vorsieht")) }
                (tables::reasons(&content.plan_reasons, language))
            }
        } @else if !content.plan_reasons.is_empty() {
            section aria-labelledby="plan" {
                h2 id="plan" { (language.say("Why the plan gives nothing", "Warum der Plan nichts gibt")) }
                (tables::reasons(&content.plan_reasons, language))
            }
        }
    }
}

fn limits(content: &Content, language: Language) -> Markup {
    html! {
        @if !content.doses.is_empty() {
            section aria-labelledby="limits" {
                h2 id="limits" { (language.say("Doses against limits", "Dosen und ihre Grenzen")) }
                (tables::doses(&content.doses, language))
                p.quiet { (language.say("The highest value of the whole session. CEM43: minutes at 43 °C that would heat the skin as much.", "Der höchste Wert der ganzen Anwendung. CEM43: Minuten bei 43 °C, die die Haut ebenso stark belasten würden.")) }
            }
        }
    }
}

fn verdict(verdict: Verdict, language: Language) -> Cow<'static, str> {
    match verdict {
        Verdict::Go => language.say(
            "A session within the ordinary limits was allowed.",
            "Eine Anwendung in den üblichen Grenzen war erlaubt.",
        ),
        Verdict::Soften => language.say(
            "A session was allowed, with less than the ordinary limits.",
            "Eine Anwendung war erlaubt, mit weniger als den üblichen Grenzen.",
        ),
        Verdict::Refuse => {
            language.say("No session was allowed today.", "Heute war keine Anwendung erlaubt.")
        }
    }
}

fn screening(content: &Content, language: Language) -> Markup {
    html! {
        section aria-labelledby="screening" {
            h2 id="screening" { (language.say("What was allowed, and what was refused", "Was erlaubt war und was nicht")) }
            @if let Some(refusal) = &content.refusal { (refused(refusal, language)) }
            @match &content.clearance {
                Some(summary) => { (clearance(summary, language)) }
                None => { p { (language.say("Nobody was screened: the session did not come that far.", "Es wurde niemand gefragt: So weit kam die Anwendung nicht.")) } }
            }
            @if content.refusal.is_none() { p { (language.say("Nothing else was refused.", "Sonst wurde nichts abgelehnt.")) } }
        }
    }
}

fn refused(refusal: &RefusalLine, language: Language) -> Markup {
    let (en, de) = match refusal.by {
        RefusedBy::Clearance => (
            "The questions before it did not allow the session",
            "Nach den Fragen davor gab es keine Anwendung",
        ),
        RefusedBy::Bed => ("The bed did not begin the session", "Das Bett hat die Anwendung nicht begonnen"),
        RefusedBy::Scan => ("The scan did not allow the session", "Nach dem Abtasten gab es keine Anwendung"),
        RefusedBy::Plan => ("The plan did not allow the session", "Der Plan ließ keine Anwendung zu"),
    };
    let above = language
        .say("; the reason stands at the top of this page.", "; der Grund steht oben auf dieser Seite.");
    html! { p.refusal { (language.say(en, de)) (above) } }
}

fn clearance(summary: &Summary, language: Language) -> Markup {
    html! {
        p { (verdict(summary.verdict, language)) " " (summary.origin().of(language)) }
        @if summary.verdict == Verdict::Soften {
            ul.plain {
                @if let Some(force) = summary.force_cap_n { li { (language.say("At most {} N from both heads.", "Höchstens {} N von beiden Rollen zusammen.").replace("{}", &text::number(force, 0, language))) } }
                @if let Some(cap) = summary.intensity_cap { li { (language.say("Intensity at most ", "Stärke höchstens ")) (cap) "." } }
                @if !summary.heat_allowed { li { (language.say("No heat.", "Keine Wärme.")) } }
                @else if let Some(cap) = summary.surface_cap_c { li { (language.say("Surfaces at most ", "Oberflächen höchstens ")) (text::number(cap, 0, language)) " °C." } }
                @if !summary.stretch_allowed { li { (language.say("No stretching.", "Kein Dehnen.")) } }
                @if !summary.avoided_regions.is_empty() {
                    @let regions: Vec<String> = summary.avoided_regions.iter().map(|region| region.words().of(language).clone()).collect();
                    li { (language.say("Left out: ", "Ausgelassen: ")) (text::list(&regions, 9, language)) "." }
                }
            }
        }
        (reasons(&summary.reasons, language))
    }
}

/// The reasons of screening, the gravest first as screening sorts them; many are folded.
fn reasons(reasons: &[Reason], language: Language) -> Markup {
    let (open, folded) = reasons.split_at(reasons.len().min(REASONS_OPEN));
    let list = |reasons: &[Reason]| {
        html! {
            ul.reasons {
                @for reason in reasons {
                    li {
                        p { (reason.words.of(language)) }
                        p.quiet { (reason.why.of(language)) }
                        p { strong { (language.say("Advice: ", "Rat: ")) } (reason.advice.of(language)) }
                    }
                }
            }
        }
    };
    html! {
        @if !open.is_empty() { (list(open)) }
        @if !folded.is_empty() {
            details { summary { (text::count(folded.len(), &Noun::MORE_REASON, language)) } (list(folded)) }
        }
    }
}

fn worth(content: &Content, language: Language) -> Markup {
    html! {
        @if !content.worth.is_empty() {
            section aria-labelledby="worth" {
                h2 id="worth" { (language.say("What these figures are worth", "Was diese Zahlen wert sind")) }
                @for paragraph in &content.worth { p { (paragraph.of(language)) } }
            }
        }
    }
}

fn origin(content: &Content, language: Language) -> Markup {
    html! {
        section aria-labelledby="origin" {
            h2 id="origin" { (language.say("Where this page comes from", "Woher diese Seite kommt")) }
            @if content.simulated { p { (crate::notice(language)) " " (language.say("Body, bed and sensors were computed; the control that ran is the same as on a bed.", "Körper, Bett und Sensoren wurden berechnet; die Steuerung ist dieselbe wie in einem Bett.")) } }
            dl.versions {
                @for line in &content.versions { div { dt { (line.what.of(language)) } dd { code { (line.version) } } } }
                @if let Some(seed) = content.seed { div { dt { (language.say("seed", "Startwert")) } dd { code { (seed) } } } }
            }
            @if let Some(command) = &content.replay { p { (language.say("Run the machine again from the log, bit for bit:", "Die Steuerung aus der Aufzeichnung noch einmal laufen lassen, Bit für Bit:")) } pre { code { (command) } } }
            @if let Some(command) = &content.repeat { p { (language.say("Make the same session again:", "Dieselbe Anwendung noch einmal machen:")) } pre { code { (command) } } }
        }
    }
}

fn footer(language: Language) -> Markup {
    html! {
        footer {
            p { (language.say("Ondol is not a medical device, is cleared by nobody, and is not connected with any maker. This page is no diagnosis and promises no effect.", "Ondol ist kein Medizinprodukt, von niemandem zugelassen und mit keinem Hersteller verbunden. Diese Seite ist keine Diagnose und verspricht keine Wirkung.")) }
        }
    }
}
