//! The drawn exercises: all on one page, one on its own, and a drawn hint beside advice.

use std::borrow::Cow;

use care::Language;
use care::exercise::{Dose, Exercise, Level, Serves, exercises};
use care::topic::Source;
use maud::{Markup, PreEscaped, html};

use super::{Page, link, read, say};

/// All exercises, the gentlest first.
pub(super) fn all(language: Language) -> Page {
    let levels = [Level::Ease, Level::Gentle, Level::Steady, Level::Firm];
    let body = html! {
        h1 { (say(language, "Exercises", "Übungen")) }
        p { (say(language, "Start with the gentle ones. Stop when pain grows or runs down a leg. New numbness or weakness: stop, and see the signs of an emergency.", "Fangen Sie mit den sanften an. Hören Sie auf, wenn der Schmerz zunimmt oder ins Bein zieht. Neue Taubheit oder Schwäche: aufhören und die Notfallzeichen ansehen.")) }
        p { a href=(link("/now", language)) { (say(language, "Signs of an emergency", "Notfallzeichen")) } }
        @for level in levels {
            h2 { (level_words(level, language)) }
            ul.gallery {
                @for exercise in exercises().iter().filter(|exercise| exercise.level == level) {
                    li { a href=(link(&format!("/exercises/{}", exercise.id), language)) {
                        (drawing(exercise, "all", language))
                        strong { (exercise.title.of(language)) }
                    } }
                }
            }
        }
    };
    Page::new(language.say("Exercises", "Übungen"), "/exercises", body)
}

/// One exercise with its dose, its easier and harder version, and when to stop.
pub(super) fn one(exercise: &Exercise, language: Language) -> Page {
    let title = exercise.title.of(language);
    let sources: Vec<Source> = (1..)
        .zip(&exercise.sources)
        .map(|(n, text)| Source { key: format!("{n}"), text: text.clone() })
        .collect();
    let body = html! {
        h1 { (title) }
        p.quiet { (level_words(exercise.level, language)) " · " (dose_words(exercise.dose, language)) " · "
            (exercise.minutes) " " (say(language, "minutes", "Minuten")) }
        div.frames {
            @for (name, svg) in exercise.pictures(language, "one") {
                figure { (PreEscaped(svg)) figcaption { (name) } }
            }
        }
        ol.lines { @for step in exercise.how.of(language) { li { (step) } } }
        dl.facts {
            dt { (say(language, "Breath", "Atem")) } dd { (exercise.breath.of(language)) }
            dt { (say(language, "Easier", "Leichter")) } dd { (exercise.easier.of(language)) }
            dt { (say(language, "Harder", "Schwerer")) } dd { (exercise.harder.of(language)) }
            dt { (say(language, "Good for", "Gut für")) }
            dd { @for (n, serves) in exercise.serves.iter().enumerate() { @if n > 0 { ", " } (serves_words(*serves, language)) } }
        }
        p.alarmed { strong { (say(language, "Stop: ", "Aufhören: ")) } (exercise.stop.of(language)) }
        p.quiet { (say(language, "How well it is supported: ", "Wie gut es belegt ist: ")) (read::evidence(exercise.evidence, language)) }
        (read::sources(&sources, language))
        p.noprint { a href=(link("/exercises", language)) { (say(language, "All exercises", "Alle Übungen")) } }
    };
    Page { title: Cow::Owned(title.clone()), here: format!("/exercises/{}", exercise.id), body }
}

/// The last picture of an exercise; its name stands beside it, so that the picture needs no words of its own.
pub(super) fn drawing(exercise: &Exercise, page: &str, language: Language) -> Markup {
    let last = exercise.pictures(language, page).into_iter().next_back();
    html! { @if let Some((_, svg)) = last { (PreEscaped(svg)) } }
}

/// The four drawings for somebody whom it hurts now: three positions of ease, and getting up.
pub(super) fn ease(page: &str, language: Language) -> Markup {
    const EASE: [&str; 4] = ["rest_legs_on_chair", "rest_on_side", "rest_on_belly", "log_roll"];
    html! {
        ul.gallery.ease {
            @for exercise in EASE.iter().filter_map(|id| care::exercise::exercise(id)) {
                li { a href=(link(&format!("/exercises/{}", exercise.id), language)) {
                    (drawing(exercise, page, language))
                    (exercise.title.of(language))
                } }
            }
        }
    }
}

pub(crate) fn level_words(level: Level, language: Language) -> Cow<'static, str> {
    match level {
        Level::Ease => language.say("Rest: for bad days too", "Ruhe: auch für schlechte Tage"),
        Level::Gentle => language.say("Gentle", "Sanft"),
        Level::Steady => language.say("Some strength or stretch", "Etwas Kraft oder Dehnung"),
        Level::Firm => language.say("Strength and control", "Kraft und Kontrolle"),
    }
}

/// A dose as a person counts it, with how often in a week.
pub(crate) fn dose_words(dose: Dose, language: Language) -> String {
    let mut words = amount_words(dose, language) + ", ";
    if dose.times_a_week >= 7 {
        words += &format!("{} × {}", dose.times_a_week / 7, language.say("a day", "am Tag"));
    } else {
        words += &format!("{} × {}", dose.times_a_week, language.say("a week", "in der Woche"));
    }
    words
}

/// How much of an exercise, once.
#[must_use]
pub fn amount_words(dose: Dose, language: Language) -> String {
    let mut words = String::new();
    if dose.sets > 1 {
        words += &format!("{} × ", dose.sets);
    }
    if dose.repetitions > 1 {
        words += &format!("{} × ", dose.repetitions);
    }
    let (number, unit) = if dose.seconds >= 120 {
        (dose.seconds / 60, language.say("minutes", "Minuten"))
    } else {
        (dose.seconds, language.say("seconds", "Sekunden"))
    };
    words + &format!("{number} {unit}")
}

pub(crate) fn serves_words(serves: Serves, language: Language) -> Cow<'static, str> {
    match serves {
        Serves::Overuse => language.say("too much load", "zu viel Last"),
        Serves::Underuse => language.say("too little movement", "zu wenig Bewegung"),
        Serves::Sitting => language.say("long sitting", "langes Sitzen"),
        Serves::Sleep => language.say("sleep", "Schlaf"),
        Serves::Stress => language.say("stress", "Stress"),
        Serves::SpasmNow => language.say("when it hurts now", "wenn es jetzt weh tut"),
        Serves::Strength => language.say("strength", "Kraft"),
        Serves::Mobility => language.say("mobility", "Beweglichkeit"),
    }
}
