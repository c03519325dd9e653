//! What the answers ask for: help now, a doctor, or care for yourself; then the next hours.

use std::borrow::Cow;

use care::triage::{Ground, look_again};
use care::{Findings, Language, Triage, Urgency, Value, triage};
use maud::{Markup, html};

use super::interview::carried;
use super::now::{self, english_beside};
use super::{Page, bed, causes, link, read, say, week};

/// The page for what was told.
pub(super) fn page(told: &Findings, language: Language) -> Page {
    let verdict = triage(told);
    let title = heading(verdict.urgency, language);
    let body = html! {
        (head(&verdict, language))
        (reasons(&verdict, language))
        @if verdict.urgency < Urgency::Today { (again(language)) }
        @if verdict.urgency < Urgency::Emergency {
            @if advice_only(told) {
                p.alarmed { (say(language, "Under 18 or when pregnant, this guide tells the warning signs and sends you to a doctor. It gives no other advice.", "Unter 18 oder in der Schwangerschaft nennt dieser Ratgeber die Warnzeichen und schickt Sie zum Arzt. Anderen Rat gibt er nicht.")) }
            } @else if verdict.urgency == Urgency::Today {
                // Warmth, walking and painkillers are no advice for what a doctor has to see first.
                p.noprint { a href=(link("/topic/when_to_call", language)) { (say(language, "When to call whom", "Wann Sie wen rufen")) } }
            } @else {
                (onward(told, language))
                (now::steps(language))
            }
        }
        p.noprint { a href=(link("/now", language)) { (say(language, "Answer again from the start", "Noch einmal von vorn antworten")) } }
    };
    Page { title, here: "/now".to_owned(), body }
}

/// Whether the triage asks for a doctor today, or more.
pub(crate) fn asks_for_doctor(told: &Findings) -> bool {
    triage(told).urgency >= Urgency::Today
}

/// Whether the guide may say more than whom to see: heat, causes in detail, a plan.
pub(crate) fn may_self_care(told: &Findings) -> bool {
    !asks_for_doctor(told) && !advice_only(told)
}

/// The ways on with what was told, for whom no doctor has to see today.
fn onward(told: &Findings, language: Language) -> Markup {
    let ways = [
        ("/now/heat", say(language, "Heat or cold for me?", "Wärme oder Kälte für mich?")),
        (causes::HERE, say(language, "What may play a part?", "Was kann mitspielen?")),
    ];
    html! {
        div.choose.noprint {
            @for (path, name) in ways {
                form method="post" action=(link(path, language)) {
                    (carried(told))
                    button type="submit" name="press" value="begin" { (name) }
                }
            }
            (week::begin_button(told, language))
            (bed::begin_button(told, language))
        }
    }
}

/// Whether only warning signs and a doctor's advice are for this person; an unknown age counts as too young.
fn advice_only(told: &Findings) -> bool {
    let young = !matches!(told.get("age_years"), Some(Value::Number(years)) if *years >= 18.0);
    young || told.says("pregnant") == Some(true)
}

/// What the answers ask for, in a few words.
#[must_use]
pub fn heading(urgency: Urgency, language: Language) -> Cow<'static, str> {
    match urgency {
        Urgency::Emergency => language.say("Call the emergency number now", "Wählen Sie jetzt den Notruf"),
        Urgency::Today => language.say("See a doctor today", "Gehen Sie heute zum Arzt"),
        Urgency::Soon => {
            language.say("See a doctor in the next days", "Gehen Sie in den nächsten Tagen zum Arzt")
        }
        Urgency::Watch => {
            language.say("Care for yourself, and watch this", "Helfen Sie sich selbst, und achten Sie darauf")
        }
        Urgency::SelfCare => language.say(
            "Nothing you told asks for a doctor now",
            "Nichts, was Sie sagen, verlangt jetzt einen Arzt",
        ),
    }
}

fn head(verdict: &Triage, language: Language) -> Markup {
    let urgency = verdict.urgency;
    let english = heading(urgency, Language::English);
    html! {
        @if urgency >= Urgency::Today {
            div.alarmed role="alert" {
                h1 { (heading(urgency, language)) (english_beside(&english, language)) }
                @if urgency == Urgency::Emergency {
                    (now::numbers(language))
                    (now::emergency_first(language))
                } @else {
                    p { (say(language, "If it gets worse, or you cannot reach a doctor today: call the emergency number.", "Wird es schlimmer, oder erreichen Sie heute keinen Arzt: Wählen Sie den Notruf."))
                        (english_beside("If it gets worse, or you cannot reach a doctor today: call the emergency number.", language)) }
                    p { (say(language, "Until then: no massage, no bed.", "Bis dahin: keine Massage, kein Bett."))
                        (english_beside("Until then: no massage, no bed.", language)) }
                }
            }
        } @else {
            h1 { (heading(urgency, language)) }
            p { (say(language, "This is no diagnosis.", "Das ist keine Diagnose.")) }
        }
    }
}

fn reasons(verdict: &Triage, language: Language) -> Markup {
    let open = verdict.reasons.iter().any(|reason| reason.ground == Ground::NotAnswered);
    html! {
        @if open {
            p.alarmed { (say(language, "Some questions are open. An open question counts as its most serious answer.", "Einige Fragen sind offen. Eine offene Frage gilt als ihre ernsteste Antwort."))
                (english_beside("Some questions are open. An open question counts as its most serious answer.", language)) }
        }
        @for urgency in [Urgency::Emergency, Urgency::Today, Urgency::Soon, Urgency::Watch] {
            @let rows: Vec<_> = verdict.reasons.iter()
                .filter(|reason| reason.rule.urgency == urgency && reason.ground == Ground::Told).collect();
            @if !rows.is_empty() {
                section.reasons {
                    h2 { (why_heading(urgency, language)) }
                    ul.lines {
                        @for reason in rows {
                            li id=(reason.rule.id) {
                                p { (reason.rule.why.of(language)) (beside(&reason.rule.why.en, urgency, language)) }
                                p { strong { (say(language, "Say: ", "Sagen Sie: ")) } "“" (reason.rule.say.of(language)) "”" (beside(&reason.rule.say.en, urgency, language)) }
                                details {
                                    summary { (say(language, "What this rests on", "Worauf das beruht")) " (" (read::evidence(reason.rule.evidence, language)) ")" }
                                    ul.sources { @for source in &reason.rule.sources { li lang="en" { (read::cited(source)) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What stands above the lines on when to look again.
#[must_use]
pub fn again_heading(language: Language) -> Cow<'static, str> {
    language.say("When to look again", "Wann Sie wieder nachsehen")
}

fn again(language: Language) -> Markup {
    html! {
        section.reasons {
            h2 { (again_heading(language)) }
            ul.lines {
                @for line in look_again() {
                    li {
                        p { (line.words.of(language)) (english_beside(&line.words.en, language)) }
                        details {
                            summary { (say(language, "What this rests on", "Worauf das beruht")) " (" (read::evidence(line.evidence, language)) ")" }
                            ul.sources { @for source in &line.sources { li lang="en" { (read::cited(source)) } } }
                        }
                    }
                }
            }
        }
    }
}

/// English beside what must not be misread.
fn beside(english: &str, urgency: Urgency, language: Language) -> Markup {
    html! { @if urgency >= Urgency::Today { (english_beside(english, language)) } }
}

fn why_heading(urgency: Urgency, language: Language) -> Cow<'static, str> {
    match urgency {
        Urgency::Emergency => language.say("Why now, and what to say", "Warum jetzt, und was Sie sagen"),
        Urgency::Today => language.say("Why today, and what to say", "Warum heute, und was Sie sagen"),
        Urgency::Soon => language.say(
            "What a doctor should look at in the next days",
            "Was ein Arzt in den nächsten Tagen ansehen sollte",
        ),
        Urgency::Watch | Urgency::SelfCare => language.say("What to watch", "Worauf Sie achten"),
    }
}
