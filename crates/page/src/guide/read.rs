//! The pages to read: doors, why, keep, one topic, and what people hear.

use std::borrow::Cow;

use care::topic::{Cause, Claim, Line, Source, Topic};
use care::{Evidence, Language};
use maud::{Markup, html};

use super::now::english_beside;
use super::{Page, link, say};

/// Topics behind "why, and what to do", after what it is and what plays a part.
const EASE: [&str; 7] =
    ["relief", "heat_and_cold", "massage", "medicines", "physiotherapist", "tonight", "when_to_call"];
/// Topics behind "keep it away".
const KEEP: [&str; 5] = ["sitting", "lifting", "sleep", "strength", "stress"];

pub(super) fn home(language: Language) -> Page {
    let title = say(language, "A spasm in the back: what to do", "Krampf im Rücken: was tun");
    Page::new(
        language.say("Back spasm: what to do", "Rückenkrampf: was tun"),
        "/",
        html! { h1 { (title) } (doors(language)) },
    )
}

/// The doors of the guide.
pub(crate) fn doors(language: Language) -> Markup {
    let doors = [
        (
            "/now",
            say(language, "It hurts now", "Es tut jetzt weh"),
            say(
                language,
                "Signs of an emergency first. Then how to lie, get up, and get through the next hours.",
                "Zuerst die Zeichen für einen Notfall. Dann: wie liegen, aufstehen, die nächsten Stunden.",
            ),
        ),
        (
            "/why",
            say(language, "Why, and what to do", "Warum, und was tun"),
            say(
                language,
                "What a spasm is, what may play a part, and what eases it.",
                "Was ein Krampf ist, was mitspielen kann und was lindert.",
            ),
        ),
        (
            "/keep",
            say(language, "Keep it away", "Vorbeugen"),
            say(
                language,
                "Moving, sitting, lifting, sleep, stress.",
                "Bewegung, Sitzen, Heben, Schlaf, Stress.",
            ),
        ),
    ];
    html! {
        ul.doors {
            @for (path, name, words) in doors {
                li { a.alarm[path == "/now"] href=(link(path, language)) { strong { (name) } (words) } }
            }
        }
        ul.ways {
            @for (path, name, words) in ways(language) {
                li { a href=(link(path, language)) { strong { (name) } (words) } }
            }
        }
    }
}

/// The smaller doors of the home page: where, what it is called, what is behind it.
fn ways(language: Language) -> [(&'static str, Cow<'static, str>, Cow<'static, str>); 5] {
    [
        (
            "/week",
            say(language, "My week", "Meine Woche"),
            say(
                language,
                "A plan of at most 20 minutes a day, with reasons.",
                "Ein Plan mit höchstens 20 Minuten am Tag, mit Gründen.",
            ),
        ),
        (
            "/bed",
            say(language, "May I use the bed today?", "Darf ich heute aufs Bett?"),
            say(
                language,
                "Yes, gently, or not today, with every reason.",
                "Ja, sanft oder heute nicht, mit jedem Grund.",
            ),
        ),
        (
            "/diary",
            say(language, "My diary", "Mein Tagebuch"),
            say(
                language,
                "How it goes, and what goes with my spasms.",
                "Wie es läuft, und was mit meinen Krämpfen einhergeht.",
            ),
        ),
        (
            "/breaks",
            say(language, "Breaks from sitting", "Pausen vom Sitzen"),
            say(language, "A reminder to get up now and then.", "Eine Erinnerung, ab und zu aufzustehen."),
        ),
        (
            "/claims",
            say(language, "What people say", "Was man so hört"),
            say(
                language,
                "About back pain, and what of it holds.",
                "Über Rückenschmerz, und was davon stimmt.",
            ),
        ),
    ]
}

pub(super) fn why(language: Language) -> Page {
    let causes = care::topic::causes();
    let body = html! {
        h1 { (say(language, "Why, and what to do", "Warum, und was tun")) }
        (first(language))
        p { a href=(link("/now", language)) { (say(language, "Answer a few questions: what may play a part for me", "Ein paar Fragen beantworten: was bei mir mitspielen kann")) } }
        (list(&["what_it_is", "causes"], language))
        h2 { (say(language, "What eases it", "Was lindert")) }
        (list(&EASE, language))
        h2 { (say(language, "What may play a part", "Was mitspielen kann")) }
        p { (say(language, "Not a diagnosis. Often several play together, and often nobody knows.", "Keine Diagnose. Oft wirkt mehreres zusammen, und oft weiß es niemand.")) }
        @for row in &causes.causes { (cause(row, &causes.sources, language)) }
        (sources(&causes.sources, language))
    };
    Page::new(language.say("Why, and what to do", "Warum, und was tun"), "/why", body)
}

fn cause(cause: &Cause, sources: &[Source], language: Language) -> Markup {
    html! {
        article.cause id=(cause.id) {
            h3 { (cause.title.of(language)) }
            p { (cause.words.of(language)) " " (mark(cause.evidence, &cause.source, sources, language)) }
            @if cause.evaluation {
                p { strong { (say(language, "A doctor should look at this.", "Das sollte sich eine Ärztin oder ein Arzt ansehen.")) }
                    (english_beside(&format!("A doctor should look at this. {}", cause.words.en), language)) }
            }
            p.quiet {
                (say(language, "What helps: ", "Was hilft: ")) (helps(cause, language))
            }
        }
    }
}

/// The topics that help against a cause.
pub(super) fn helps(cause: &Cause, language: Language) -> Markup {
    html! {
        @for (n, topic) in cause.what_helps.iter().filter_map(|id| care::topic::topic(id)).enumerate() {
            @if n > 0 { ", " }
            a href=(link(&format!("/topic/{}", topic.id), language)) { (topic.title.of(language)) }
        }
    }
}

pub(super) fn keep(language: Language) -> Page {
    let body = html! {
        h1 { (say(language, "Keep it away", "Vorbeugen")) }
        p { a href=(link("/exercises", language)) { (say(language, "Exercises, drawn, from gentle to firm", "Übungen, gezeichnet, von sanft bis kräftig")) } }
        (list(&KEEP, language))
        @if let Some(topic) = care::topic::topic("prevention") { (told(topic, language)) }
    };
    Page::new(language.say("Keep it away", "Vorbeugen"), "/keep", body)
}

/// The way to the emergency questions.
pub(super) fn first(language: Language) -> Markup {
    html! {
        p.alarmed {
            a href=(link("/now", language)) {
                (say(language, "In strong pain now? See the signs of an emergency first.", "Jetzt starke Schmerzen? Sehen Sie zuerst die Notfallzeichen an."))
            }
            (english_beside("In strong pain now? See the signs of an emergency first.", language))
        }
    }
}

fn list(ids: &[&str], language: Language) -> Markup {
    html! {
        ul.lines {
            @for topic in ids.iter().filter_map(|id| care::topic::topic(id)) {
                li { a href=(link(&format!("/topic/{}", topic.id), language)) { (topic.title.of(language)) } }
            }
        }
    }
}

pub(super) fn topic(topic: &Topic, language: Language) -> Page {
    let body = html! {
        h1 { (topic.title.of(language)) }
        (first(language))
        (told(topic, language))
    };
    Page::new(Cow::Owned(topic.title.of(language).clone()), &format!("/topic/{}", topic.id), body)
}

/// The lines of a topic, what people say about it, and the sources of both.
fn told(topic: &Topic, language: Language) -> Markup {
    let claims: Vec<&Claim> = care::topic::claims_of(&topic.id).collect();
    html! {
        ul.lines { @for row in &topic.lines { (line(topic, row, language)) } }
        @if !claims.is_empty() {
            h2 { (say(language, "What people say", "Was man so hört")) }
            ul.claims {
                @for claim in claims {
                    li {
                        p { "“" (claim.said.of(language)) "”" }
                        p { span.verdict { (claim.verdict.name(language)) ". " } (claim.words.of(language)) " "
                            a.mark href={ (link("/claims", language)) "#" (claim.id) } { (evidence(claim.evidence, language)) } }
                    }
                }
            }
        }
        (sources(&topic.sources, language))
    }
}

pub(super) fn line(topic: &Topic, line: &Line, language: Language) -> Markup {
    html! {
        li id=(line.id) {
            (line.words.of(language)) " " (mark(line.evidence, &line.source, &topic.sources, language))
            @if line.urgent() { (english_beside(&line.words.en, language)) }
        }
    }
}

/// How well it is supported, with the numbers of its sources.
pub(super) fn mark(level: Evidence, keys: &[String], sources: &[Source], language: Language) -> Markup {
    let numbers = sources.iter().enumerate().filter(|(_, source)| keys.contains(&source.key));
    html! {
        span.mark {
            "(" (evidence(level, language))
            @for (n, source) in numbers {
                " " a href={ "#source-" (source.key) } aria-label={ (say(language, "Source", "Quelle")) " " (n + 1) } { (n + 1) }
            }
            ")"
        }
    }
}

/// How well something is supported, in plain words.
#[must_use]
pub fn evidence(level: Evidence, language: Language) -> Cow<'static, str> {
    match level {
        Evidence::Strong => say(language, "well shown", "gut belegt"),
        Evidence::Moderate => say(language, "fairly shown", "mäßig belegt"),
        Evidence::Weak => say(language, "weakly shown", "schwach belegt"),
        Evidence::None => say(language, "not shown", "nicht belegt"),
    }
}

pub(super) fn sources(sources: &[Source], language: Language) -> Markup {
    html! {
        h2 id="sources" { (say(language, "What this rests on", "Worauf das beruht")) }
        p.quiet {
            (say(language, "Well shown: several good trials agree. Fairly shown: one good trial or a review. Weakly shown: small or observational studies, or what experts think. Not shown: custom, or looked for and not found.", "Gut belegt: mehrere gute Studien sind sich einig. Mäßig belegt: eine gute Studie oder eine Übersicht. Schwach belegt: kleine oder beobachtende Studien oder die Meinung von Fachleuten. Nicht belegt: Brauch, oder gesucht und nicht gefunden."))
        }
        ol.sources {
            @for source in sources { li id={ "source-" (source.key) } lang="en" { (cited(&source.text)) } }
        }
    }
}

/// A source with its DOI as a link, which tells nobody where the reader came from.
pub(super) fn cited(text: &str) -> Markup {
    let Some(at) = text.find("doi:") else { return html! { (text) } };
    let (before, rest) = text.split_at(at);
    let end = rest.find([';', ' ']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(rest[..end].trim_end_matches([',', '.', ')']).len());
    html! {
        (before)
        a href={ "https://doi.org/" (name.trim_start_matches("doi:")) } rel="noreferrer noopener external" { (name) }
        (after)
    }
}

pub(super) fn claims(language: Language) -> Page {
    let claims = care::topic::claims();
    let body = html! {
        h1 { (say(language, "What people say, and what holds", "Was man so hört, und was stimmt")) }
        table {
            caption { (claims.claims.len()) " " (say(language, "statements about back spasms and massage beds", "Aussagen über Rückenkrämpfe und Massagebetten")) }
            thead { tr {
                th scope="col" { (say(language, "People say", "Man hört")) }
                th scope="col" { (say(language, "Verdict", "Urteil")) }
                th scope="col" { (say(language, "Why", "Warum")) }
            } }
            tbody {
                @for claim in &claims.claims {
                    tr id=(claim.id) {
                        th scope="row" { (claim.said.of(language)) }
                        td.verdict { (claim.verdict.name(language)) }
                        td {
                            (claim.words.of(language)) " "
                            (mark(claim.evidence, &claim.source, &claims.sources, language))
                            @if let Some(topic) = care::topic::topic(&claim.topic) {
                                " " a href=(link(&format!("/topic/{}", topic.id), language)) { (topic.title.of(language)) }
                            }
                        }
                    }
                }
            }
        }
        (sources(&claims.sources, language))
    };
    Page::new(language.say("What people say", "Was man so hört"), "/claims", body)
}

pub(super) fn lost(language: Language) -> Page {
    let body = html! {
        h1 { (say(language, "There is no such page", "Diese Seite gibt es nicht")) }
        p { (say(language, "Go back to the three doors:", "Zurück zu den drei Türen:")) }
        p { a href=(link("/", language)) { (say(language, "Start", "Anfang")) } }
        (first(language))
    };
    Page::new(language.say("No such page", "Diese Seite gibt es nicht"), "/", body)
}
