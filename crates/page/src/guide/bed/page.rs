//! The answer, and the ways to it.

use care::{Because, Day, Effect, Language, Reason, Tier, Urgency, Verdict, questions};
use maud::{Markup, html};

use super::super::diary::day_words;
use super::super::now::{self, english_beside};
use super::super::verdict::heading;
use super::super::{Page, link, read, say};
use super::ask::{self, Faults};
use super::{ANEW, HERE};
use host::bed_today::{Ask, Said, Stage};

/// The page for where the person stands.
pub(super) fn page(stage: &Stage, faults: &Faults, language: Language) -> Page {
    match stage {
        Stage::NoInterview => way(
            &html! {
                p { (say(language, "The bed warms and presses. Whether that is good for you today, your answers say.", "Das Bett wärmt und drückt. Ob Ihnen das heute guttut, sagen Ihre Antworten.")) }
                ol.lines {
                    li { (say(language, "Answer the questions. The signs of an emergency come first.", "Beantworten Sie die Fragen. Die Zeichen für einen Notfall kommen zuerst.")) }
                    li { (say(language, "At the end press “Keep these answers: may I use the bed today?”.", "Drücken Sie am Ende „Diese Antworten behalten: Darf ich heute aufs Bett?“.")) }
                    li { (say(language, "Tick one list, and you have the answer.", "Gehen Sie eine Liste durch, dann haben Sie die Antwort.")) }
                }
            },
            language,
        ),
        Stage::Unfinished => way(
            &html! {
                p { (say(language, "Not all questions were answered. What is open counts as the most serious answer, so: not today.", "Es wurden nicht alle Fragen beantwortet. Was offen ist, gilt als die ernsteste Antwort, darum: heute nicht.")) }
            },
            language,
        ),
        Stage::OldInterview(day) => way(&old(*day, language), language),
        Stage::Ask(asked) => questions_page(asked, &[], faults, language),
        Stage::Said(said) => answer(said, language),
    }
}

fn title(language: Language) -> std::borrow::Cow<'static, str> {
    language.say("May I use the bed today?", "Darf ich heute aufs Bett?")
}

fn way(words: &Markup, language: Language) -> Page {
    let body = html! {
        h1 { (title(language)) }
        (words)
        p { a.act href=(link("/now", language)) { (say(language, "Answer the questions", "Die Fragen beantworten")) } }
    };
    Page::new(title(language), HERE, body)
}

fn old(day: Day, language: Language) -> Markup {
    html! {
        p { (say(language, "Your answers are from ", "Ihre Antworten sind vom ")) (day_words(day, language))
            (say(language, ". That is too long ago: much can change in a month.", ". Das ist zu lange her: In einem Monat kann sich viel ändern.")) }
    }
}

/// The questions, with these rows ticked.
pub(super) fn questions_page(asked: &Ask, ticked: &[&str], faults: &Faults, language: Language) -> Page {
    let body = html! {
        h1 { (title(language)) }
        (ask::form(asked, ticked, faults, language))
    };
    Page::new(title(language), HERE, body)
}

/// The page that says what went wrong.
pub(super) fn trouble(words: &Markup, language: Language) -> Page {
    let title = language.say("The bed’s page cannot do this", "Das kann die Seite zum Bett nicht");
    let body = html! {
        h1 { (title) }
        div.alarmed role="alert" { (words) }
    };
    Page::new(title.clone(), HERE, body)
}

fn answer(said: &Said, language: Language) -> Page {
    let refused = said.summary.verdict == Verdict::Refuse;
    let body = html! {
        (self::said(said, &title(language), language))
        @if !refused {
            p { (say(language, "This holds for one session today. You can stop it at any moment with the hand switch. Before a second session, ask again.", "Das gilt für eine Anwendung heute. Mit dem Handschalter können Sie jederzeit aufhören. Vor einer zweiten fragen Sie noch einmal.")) }
        }
        p.noprint {
            a href=(link(ANEW, language)) { (say(language, "Ask me again", "Noch einmal fragen")) }
            " · "
            a href=(link("/week", language)) { (say(language, "My week", "Meine Woche")) }
            " · "
            a href=(link("/now", language)) { (say(language, "It hurts in a new way", "Es tut anders weh")) }
        }
    };
    Page::new(title(language), HERE, body)
}

/// The answer with its reasons; in an emergency its number stands in the heading's place.
pub(crate) fn said(said: &Said, title: &str, language: Language) -> Markup {
    let emergency =
        said.summary.reasons.iter().any(|reason| reason.tier == Some(Tier::Emergency) && reason.is_told());
    let (main, rest) = said.sorted();
    html! {
        @if emergency {
            div.alarmed role="alert" {
                h1 { (heading(Urgency::Emergency, language)) (english_beside(&heading(Urgency::Emergency, Language::English), language)) }
                (now::numbers(language))
                (now::emergency_first(language))
            }
        } @else {
            h1 { (title) }
            (verdict(said, language))
        }
        @if !main.is_empty() {
            h2 { (say(language, "Why, and what to do", "Warum, und was tun")) }
            ul.because { @for reason in main { (because(reason, language)) } }
        }
        @if !rest.is_empty() {
            details.rest {
                summary { (say(language, "What else speaks for care", "Was sonst noch zur Vorsicht rät")) " (" (rest.len()) ")" }
                ul.because { @for reason in rest { (because(reason, language)) } }
            }
        }
    }
}

/// The answer in large letters, with all that is taken away.
fn verdict(said: &Said, language: Language) -> Markup {
    let (class, big, words) = match said.summary.verdict {
        Verdict::Go => (
            "go",
            say(language, "Yes.", "Ja."),
            say(
                language,
                "Nothing that you told speaks against an ordinary session.",
                "Nichts, was Sie gesagt haben, spricht gegen eine normale Anwendung.",
            ),
        ),
        Verdict::Soften => (
            "soften",
            say(language, "Yes, but gently.", "Ja, aber sanft."),
            say(language, "A session today keeps to this:", "Für eine Anwendung heute gilt:"),
        ),
        Verdict::Refuse => (
            "refuse",
            say(language, "Not today.", "Heute nicht."),
            say(
                language,
                "Something has to be settled first. Below stands what, and what to do.",
                "Zuerst muss etwas geklärt werden. Unten steht, was, und was Sie tun können.",
            ),
        ),
    };
    html! {
        div class={ "answer " (class) } {
            p { strong.big { (big) } (words) }
            @if said.summary.verdict == Verdict::Soften { (takes(&said.summary.limits(), language)) }
        }
    }
}

fn takes(effects: &[Effect], language: Language) -> Markup {
    html! { ul.takes { @for effect in effects { li { (effect.words().of(language)) } } } }
}

fn because(reason: &Reason, language: Language) -> Markup {
    // Rows that hold for a day and refuse may name the emergency number as well.
    let today = matches!(reason.tier, Some(Tier::Emergency | Tier::Today));
    let urgent = reason.refuses() && today || reason.id.starts_with("triage_");
    let beside = |english: &str| html! { @if urgent { (english_beside(english, language)) } };
    html! {
        li id=(reason.id) {
            p { strong { (reason.words.of(language)) } (beside(&reason.words.en)) }
            p { (reason.why.of(language)) }
            p { strong { (say(language, "What to do: ", "Was tun: ")) } (reason.advice.of(language)) (beside(&reason.advice.en)) }
            (takes(&reason.effects, language))
            (doctor(reason, language))
            @if !reason.sources.is_empty() {
                details {
                    summary { (say(language, "What this rests on", "Worauf das beruht")) }
                    ul.sources { @for source in &reason.sources { li lang="en" { (read::cited(source)) } } }
                }
            }
        }
    }
}

/// Where a doctor's word counts: to say that it was given, or that it was not.
fn doctor(reason: &Reason, language: Language) -> Markup {
    let can_clear = questions().iter().any(|row| row.id == reason.id && row.doctor_can_clear());
    let (words, button, agreed) = match reason.because {
        Because::SaidYes if can_clear => (
            say(
                language,
                "Has a doctor who knows this agreed to a light session on a massage bed?",
                "Hat ein Arzt, der das kennt, einer leichten Anwendung auf einem Massagebett zugestimmt?",
            ),
            say(language, "Yes, a doctor agreed", "Ja, ein Arzt hat zugestimmt"),
            "yes",
        ),
        Because::ClearedByDoctor => (
            say(language, "Is that not so any more?", "Ist das nicht mehr so?"),
            say(language, "No doctor agreed", "Kein Arzt hat zugestimmt"),
            "no",
        ),
        _ => return html! {},
    };
    html! {
        form.noprint method="post" action=(link("/bed/doctor", language)) {
            p { (words) }
            input type="hidden" name="row" value=(reason.id);
            button type="submit" name="agreed" value=(agreed) { (button) }
        }
    }
}
