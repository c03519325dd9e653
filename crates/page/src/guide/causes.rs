//! Why: a few questions, then what is likely to play a part, how sure that is, and what helps.

use care::cause::{Certainty, Likely, Look, likely, looks, next_cause_screen};
use care::topic::{Sign, causes};
use care::{Findings, Language};
use maud::{Markup, html};

use super::interview::{self, Fault};
use super::now::english_beside;
use super::{Page, link, read, say, verdict, week};

/// Where these pages stand.
pub(super) const HERE: &str = "/why/causes";

/// The next questions, or the list where there are none; the emergency signs stand before both.
pub(super) fn page(told: &Findings, faults: &[Fault], language: Language) -> Page {
    let Some(screen) = next_cause_screen(told) else { return list(told, language) };
    let title = screen.title.of(language);
    let body = html! {
        h1 { (title) }
        p { (say(language, "A few questions. The answer is no diagnosis: it says what may play a part, and what you can do about it.", "Ein paar Fragen. Die Antwort ist keine Diagnose: Sie sagt, was mitspielen kann und was Sie tun können.")) }
        (interview::form(&screen, HERE, told, faults, language))
    };
    Page::new(std::borrow::Cow::Owned(title.clone()), HERE, body)
}

/// What is likely to play a part, by what was told.
pub(super) fn list(told: &Findings, language: Language) -> Page {
    let all = likely(told);
    let of = |certainty: Certainty| all.iter().filter(move |one| one.certainty == certainty);
    let title = language.say("What may play a part", "Was mitspielen kann");
    let sources = &causes().sources;
    let body = html! {
        h1 { (title) }
        p { (say(language, "No diagnosis. Often several things play together, and often nobody knows.", "Keine Diagnose. Oft wirkt mehreres zusammen, und oft weiß es niemand.")) }
        (doctor(told, language))
        @for certainty in [Certainty::Likely, Certainty::Possible] {
            @if of(certainty).next().is_some() {
                h2 { (certainty.name(language)) }
                @for one in of(certainty) { (cause(one, language)) }
            }
        }
        @if of(Certainty::Likely).chain(of(Certainty::Possible)).next().is_none() {
            p { (say(language, "Nothing you told points to one thing. That is common, and what helps is the same: move, sleep well, wait a few days.", "Nichts, was Sie sagten, weist auf eines hin. Das ist häufig, und was hilft, bleibt gleich: bewegen, gut schlafen, ein paar Tage warten.")) }
        }
        @let rest: Vec<&Likely> = of(Certainty::Unclear).chain(of(Certainty::Unlikely)).collect();
        @if !rest.is_empty() {
            details {
                summary { (say(language, "What your answers do not point to", "Worauf Ihre Antworten nicht weisen")) }
                ul.lines { @for one in rest { li { (one.cause.title.of(language)) ": " (one.certainty.name(language)) (signs(&one.against, language)) } } }
            }
        }
        @if verdict::may_self_care(told) {
            div.choose.noprint {
                form method="post" action=(link("/now/heat", language)) {
                    (interview::carried(told))
                    button type="submit" name="press" value="begin" { (say(language, "Heat or cold for me?", "Wärme oder Kälte für mich?")) }
                }
                (week::begin_button(told, language))
            }
        }
        (read::sources(sources, language))
    };
    Page::new(title.clone(), HERE, body)
}

/// What a doctor should look at, the frequency of spasms among it.
fn doctor(told: &Findings, language: Language) -> Markup {
    let looks = looks(told);
    html! {
        @if verdict::asks_for_doctor(told) {
            p.alarmed { (say(language, "Your answers to the first questions ask for a doctor. That comes first.", "Ihre Antworten auf die ersten Fragen verlangen einen Arzt. Das geht vor."))
                (english_beside("Your answers to the first questions ask for a doctor. That comes first.", language)) }
        }
        @if !looks.is_empty() {
            div.alarmed {
                h2 { (say(language, "Let a doctor look at this", "Lassen Sie das ärztlich ansehen")) }
                ul.lines { @for look in &looks { li { @match look {
                    Look::Frequency { words } => { (words.of(language)) (english_beside(&words.en, language)) }
                    Look::Cause(cause) => { (cause.title.of(language)) (english_beside(&cause.title.en, language)) }
                } } } }
            }
        }
    }
}

fn cause(one: &Likely, language: Language) -> Markup {
    let cause = one.cause;
    html! {
        article.cause id=(cause.id) {
            h3 { (cause.title.of(language)) }
            p { (cause.words.of(language)) " " (read::mark(cause.evidence, &cause.source, &causes().sources, language)) }
            p.quiet { (say(language, "Why we think so:", "Warum wir das meinen:")) (signs(&one.because, language)) }
            @if !one.against.is_empty() {
                p.quiet { (say(language, "What speaks against it:", "Was dagegen spricht:")) (signs(&one.against, language)) }
            }
            p.quiet { (say(language, "What helps: ", "Was hilft: ")) (read::helps(cause, language)) }
        }
    }
}

fn signs(signs: &[&Sign], language: Language) -> Markup {
    html! { @for sign in signs { " " (sign.why.of(language)) } }
}
