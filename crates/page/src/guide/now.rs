//! It hurts now: help, the next hours, and the sheet for the wall.

use std::borrow::Cow;

use care::topic::{Line, Topic};
use care::{Language, Words};
use maud::{Markup, html};

use super::{Page, exercises, link, read, say};

/// The topic that holds the sheet.
const SHEET: &str = "now";

/// The topic of the next hours.
pub(crate) fn sheet_topic() -> &'static Topic {
    care::topic::topic(SHEET).expect("the sheet is one of the embedded topics, which a test proves")
}

/// English beside what no named reviewer has read in the person's language.
pub(super) fn english_beside(english: &str, language: Language) -> Markup {
    html! { @if !language.reviewed() { span.beside lang="en" { (english) } } }
}

/// What to do and say while help comes.
pub(crate) fn emergency_words() -> Vec<Words> {
    let alone = Words::both(
        "Do not drive yourself. Do not lie on a massage bed.",
        "Fahren Sie nicht selbst. Legen Sie sich nicht auf ein Massagebett.",
    );
    let lines = care::topic::topic("when_to_call").into_iter().flat_map(|topic| &topic.lines);
    let say = lines.filter(|line| line.id == "emergency_what_to_say").map(|line| line.words.clone());
    [alone].into_iter().chain(say).collect()
}

/// The same on a page.
pub(super) fn emergency_first(language: Language) -> Markup {
    html! {
        @for words in emergency_words() { p { (words.of(language)) (english_beside(&words.en, language)) } }
    }
}

/// The emergency numbers, to call, and where.
pub(crate) fn emergency_numbers() -> [(&'static str, Words); 3] {
    [
        ("112", Words::both("Europe", "Europa")),
        ("999", Words::both("United Kingdom", "Großbritannien")),
        ("911", Words::both("North America", "Nordamerika")),
    ]
}

/// The same on a page.
pub(super) fn numbers(language: Language) -> Markup {
    html! {
        ul.numbers {
            @for (number, place) in emergency_numbers() {
                li { a href={ "tel:" (number) } { (number) } " " small { (place.of(language)) } }
            }
        }
    }
}

/// The parts of the sheet in order, with their headings; `None` stands before everything.
fn parts(language: Language) -> [(&'static str, Cow<'static, str>); 7] {
    [
        ("stop", say(language, "First", "Zuerst")),
        ("position", say(language, "Find a position of ease", "Eine Lage, die lindert")),
        ("up", say(language, "Getting up", "Aufstehen")),
        ("hour", say(language, "The next hour", "Die nächste Stunde")),
        ("tonight", say(language, "Tonight", "Heute Nacht")),
        ("tomorrow", say(language, "Tomorrow", "Morgen")),
        ("call", say(language, "When to call", "Wann Sie anrufen")),
    ]
}

fn part(name: &str) -> impl Iterator<Item = &'static Line> {
    sheet_topic().lines.iter().filter(move |line| line.part() == name)
}

/// When to stop and call today, beside the next hours.
fn today() -> impl Iterator<Item = &'static Line> {
    part("stop").filter(|line| line.id == "stop_today")
}

/// What to do in the next hours, in the order of the page, for whom no emergency sign fits.
pub(crate) fn hours() -> Vec<&'static Line> {
    let names = parts(Language::English).map(|(name, _)| name);
    names.into_iter().skip(1).flat_map(part).chain(today()).collect()
}

/// The same on a page.
pub(super) fn steps(language: Language) -> Markup {
    let topic = sheet_topic();
    html! {
        @for (name, heading) in parts(language).into_iter().skip(1) {
            h2 { (heading) }
            ul.lines { @for line in part(name) { (read::line(topic, line, language)) } }
            @if name == "up" { (exercises::ease("steps", language)) }
        }
        @for line in today() {
            p.alarmed { (line.words.of(language)) (english_beside(&line.words.en, language)) }
        }
        p.noprint {
            a href=(link("/now/sheet", language)) { (say(language, "All on one sheet to print", "Alles auf einem Blatt zum Drucken")) }
            " · "
            a href=(link("/topic/tonight", language)) { (say(language, "More about tonight", "Mehr zur Nacht")) }
            " · "
            a href=(link("/topic/when_to_call", language)) { (say(language, "When to call whom", "Wann Sie wen rufen")) }
        }
        (read::sources(&topic.sources, language))
    }
}

/// One sheet for the wall, without marks; the sources stand on the topic's page.
pub(super) fn sheet(language: Language) -> Page {
    let body = html! {
        div.sheet {
            h1 { (sheet_topic().title.of(language)) }
            @for (name, heading) in parts(language) {
                section.alarmed[name == "stop"] aria-label=(heading) {
                    // The other lines begin with their own name.
                    @if name == "position" { h2 { (heading) } (exercises::ease("sheet", language)) }
                    @for line in part(name) {
                        p {
                            (line.words.of(language))
                            @if line.urgent() { (english_beside(&line.words.en, language)) }
                        }
                    }
                }
            }
            p.quiet.noprint { a href=(link("/topic/now", language)) { (say(language, "What each line rests on", "Worauf jede Zeile beruht")) } }
        }
    };
    Page::new(language.say("Sheet: it hurts now", "Blatt: Es tut jetzt weh"), "/now/sheet", body)
}
