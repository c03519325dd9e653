//! It hurts now: emergency signs first, then the next hours, or help.

use care::Language;
use care::topic::{Line, Topic};
use maud::{Markup, html};

use super::{link, read, say, signs};

/// The topic that holds the sheet.
const SHEET: &str = "now";

fn sheet_topic() -> &'static Topic {
    care::topic::topic(SHEET).expect("the sheet is one of the embedded topics, which a test proves")
}

/// The tick list. Each sign left without a tick counts as a "no" only when the person says that none fits.
pub(super) fn questions(language: Language) -> Markup {
    let english = signs(Language::English);
    html! {
        h1 { (say(language, "It hurts now", "Es tut jetzt weh")) }
        p {
            (say(
                language,
                "First, please: does any of this fit? Most back pain is harmless. These signs are not.",
                "Zuerst bitte: Trifft etwas davon zu? Die meisten Rückenschmerzen sind harmlos. Diese Zeichen sind es nicht.",
            ))
        }
        form method="post" action=(link("/now", language)) autocomplete="off" {
            fieldset {
                legend { (say(language, "Tick everything that fits.", "Kreuzen Sie alles an, was zutrifft.")) }
                ul.ticks {
                    @for (sign, beside) in signs(language).iter().zip(&english) {
                        li {
                            label {
                                input type="checkbox" name="sign" value=(sign.id);
                                span { (sign.ask) (english_beside(beside.ask, language)) }
                            }
                        }
                    }
                }
            }
            div.choose {
                button.alarm type="submit" name="fits" value="some" {
                    (say(language, "Something fits, or I am not sure", "Etwas trifft zu, oder ich bin unsicher"))
                }
                button type="submit" name="fits" value="none" {
                    (say(language, "None of this fits me", "Nichts davon trifft zu"))
                }
            }
        }
        p { a href=(link("/now/sheet", language)) { (say(language, "All on one sheet to print", "Alles auf einem Blatt zum Drucken")) } }
    }
}

/// English beside what no named reviewer has read in the person's language.
pub(super) fn english_beside(english: &str, language: Language) -> Markup {
    html! { @if !language.reviewed() { span.beside lang="en" { (english) } } }
}

/// Call for help: the number first, then what to say and why.
pub(super) fn emergency(ticked: &[String], language: Language) -> Markup {
    let english = signs(Language::English);
    let list: Vec<_> = signs(language)
        .into_iter()
        .zip(english)
        .filter(|(sign, _)| ticked.iter().any(|id| id == sign.id))
        .collect();
    html! {
        div.alarmed role="alert" {
            h1 {
                (say(language, "Call the emergency number now", "Wählen Sie jetzt den Notruf"))
                (english_beside("Call the emergency number now", language))
            }
            (numbers(language))
        }
        p {
            (say(language, "Do not drive yourself. Do not lie on a massage bed.", "Fahren Sie nicht selbst. Legen Sie sich nicht auf ein Massagebett."))
            (english_beside("Do not drive yourself. Do not lie on a massage bed.", language))
        }
        h2 { (say(language, "What to say", "Was Sie sagen")) }
        (lines_of("when_to_call", "emergency_what_to_say", language))
        @if list.is_empty() {
            p {
                (say(language, "You are not sure. Say so, and answer what you are asked.", "Sie sind unsicher. Sagen Sie das, und antworten Sie auf die Fragen."))
                (english_beside("You are not sure. Say so, and answer what you are asked.", language))
            }
        } @else {
            h2 { (say(language, "What you ticked, and why it matters", "Was Sie angekreuzt haben, und warum es zählt")) }
            ul.lines {
                @for (sign, english) in &list {
                    li {
                        p { strong { (sign.ask) } (english_beside(english.ask, language)) }
                        p { (sign.why) (english_beside(english.why, language)) }
                        p { (sign.advice) (english_beside(english.advice, language)) }
                    }
                }
            }
        }
        p.noprint { a href=(link("/now", language)) { (say(language, "Back to the signs", "Zurück zu den Zeichen")) } }
    }
}

fn numbers(language: Language) -> Markup {
    let numbers = [
        ("112", say(language, "Europe", "Europa")),
        ("999", say(language, "United Kingdom", "Großbritannien")),
        ("911", say(language, "North America", "Nordamerika")),
    ];
    html! {
        ul.numbers {
            @for (number, place) in numbers {
                li { a href={ "tel:" (number) } { (number) } " " small { (place) } }
            }
        }
    }
}

fn lines_of(topic: &str, id: &str, language: Language) -> Markup {
    let lines = care::topic::topic(topic).into_iter().flat_map(|topic| &topic.lines);
    html! {
        @for line in lines.filter(|line| line.id == id) {
            p { (line.words.of(language)) (english_beside(&line.words.en, language)) }
        }
    }
}

/// The parts of the sheet in order, with their headings; `None` stands before everything.
fn parts(language: Language) -> [(&'static str, &'static str); 7] {
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

/// The next hours, after "none of this fits me".
pub(super) fn steps(language: Language) -> Markup {
    let topic = sheet_topic();
    html! {
        h1 { (say(language, "The next hours", "Die nächsten Stunden")) }
        p { (say(language, "None of the emergency signs fits you. If one comes, stop and call the emergency number.", "Keines der Notfallzeichen trifft auf Sie zu. Kommt eines dazu, hören Sie auf und wählen Sie den Notruf."))
            (english_beside("If one of the emergency signs comes, stop and call the emergency number.", language)) }
        @for (name, heading) in parts(language).into_iter().skip(1) {
            h2 { (heading) }
            ul.lines { @for line in part(name) { (read::line(topic, line, language)) } }
        }
        @for line in part("stop").filter(|line| line.id == "stop_today") {
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
pub(super) fn sheet(language: Language) -> Markup {
    html! {
        div.sheet {
            h1 { (sheet_topic().title.of(language)) }
            @for (name, heading) in parts(language) {
                section.alarmed[name == "stop"] aria-label=(heading) {
                    // The other lines begin with their own name.
                    @if name == "position" { h2 { (heading) } }
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
    }
}
