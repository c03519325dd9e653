//! What stands around every page: head, way round, and what the guide is not.

use care::Language;
use maud::{DOCTYPE, Markup, html};

use super::{Page, link, say};

/// One whole page.
pub(super) fn frame(page: &Page, language: Language) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " – Ondol" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#main" { (say(language, "Skip to the text", "Zum Text springen")) }
                header { (bar(&page.here, language)) }
                main id="main" tabindex="-1" { (page.body) }
                (footer(language))
            }
        }
    }
}

fn bar(here: &str, language: Language) -> Markup {
    let doors = [
        ("/now", say(language, "It hurts now", "Es tut jetzt weh")),
        ("/why", say(language, "Why, and what to do", "Warum, und was tun")),
        ("/keep", say(language, "Keep it away", "Vorbeugen")),
        ("/week", say(language, "My week", "Meine Woche")),
        ("/diary", say(language, "My diary", "Mein Tagebuch")),
    ];
    html! {
        nav.bar aria-label=(say(language, "Pages", "Seiten")) {
            a.brand href=(link("/", language)) { "Ondol" }
            @for (path, name) in doors {
                a href=(link(path, language)) aria-current=[(here == path).then_some("page")] { (name) }
            }
            @for other in Language::ALL.into_iter().filter(|&other| other != language) {
                a.tongue href=(link(here, other)) lang=(other.tag()) hreflang=(other.tag()) {
                    (other.say("English", "Deutsch"))
                }
            }
        }
    }
}

fn footer(language: Language) -> Markup {
    html! {
        footer {
            p {
                (say(
                    language,
                    "No medical device and no diagnosis. What stands here is for temporary relief and comfort. If in doubt, see a doctor; in an emergency call 112 (Europe), 999 (United Kingdom) or 911 (North America).",
                    "Kein Medizinprodukt und keine Diagnose. Was hier steht, dient vorübergehender Linderung und dem Wohlbefinden. Im Zweifel gehen Sie zum Arzt; im Notfall wählen Sie 112 (Europa), 999 (Großbritannien) oder 911 (Nordamerika).",
                ))
            }
            p.noprint {
                (say(
                    language,
                    "This page comes from your own computer. It asks nobody else, and it keeps only what you ask it to keep.",
                    "Diese Seite kommt von Ihrem eigenen Computer. Sie fragt niemanden sonst und behält nur, was Sie behalten lassen.",
                ))
            }
        }
    }
}
