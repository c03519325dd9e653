//! The page beside the bed: one page for a whole session, from lying down to "how was it".
//!
//! The server writes the page once, in one language and with every phase in it; a small script shows the phase of
//! the moment, draws the newest picture and sends wishes. Without script the page still stops the bed.
//!
//! `words` are the texts that the script needs; the assets beside them are served as they stand.

mod words;

use care::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::guide::say;
use crate::site::scale;

/// What a bed's page is made of.
pub(crate) struct Bedside<'a> {
    /// Whose session it is or will be; `None` where nobody has said who they are.
    pub name: Option<&'a str>,
    /// The bed is a twin: what its person does is done by buttons.
    pub simulated: bool,
    /// Length of the lying surface, mm.
    pub length_mm: f64,
    /// Proves to the API that the page was made here.
    pub token: &'a str,
    /// Spoken.
    pub language: Language,
}

/// A file of the page: its path, type and content.
pub(crate) const ASSETS: [(&str, &str, &str); 5] = [
    ("/bedside/stop.css", "text/css; charset=utf-8", include_str!("assets/stop.css")),
    ("/bedside/bedside.css", "text/css; charset=utf-8", include_str!("assets/bedside.css")),
    ("/bedside/bedside.js", "text/javascript; charset=utf-8", include_str!("assets/bedside.js")),
    ("/bedside/draw.js", "text/javascript; charset=utf-8", include_str!("assets/draw.js")),
    ("/bedside/voice.js", "text/javascript; charset=utf-8", include_str!("assets/voice.js")),
];

/// The page.
pub(crate) fn page(of: &Bedside<'_>) -> Markup {
    let language = of.language;
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (say(language, "At the bed", "Am Bett")) " – Ondol" }
                link rel="stylesheet" href="/bedside/bedside.css";
                link rel="stylesheet" href="/bedside/stop.css";
                script type="application/json" id="words" { (PreEscaped(words::json(of))) }
                script type="module" src="/bedside/bedside.js" {}
            }
            body.bedside {
                a.skip href="#panel" { (say(language, "Skip to what to do", "Zu dem, was zu tun ist")) }
                (top(of))
                main.stage {
                    (view(language))
                    (panel(of))
                }
                (stop(language))
            }
        }
    }
}

fn top(of: &Bedside<'_>) -> Markup {
    let language = of.language;
    let switch = |id: &str, words: &str| {
        html! { button type="button" id=(id) aria-pressed="false" { (words) } }
    };
    html! {
        header.top {
            a.brand href={ "/?language=" (language.tag()) } { "Ondol" }
            @if let Some(name) = of.name { span { (name) } }
            span.notice { @if of.simulated { (host::notice(language)) } }
            details.set {
                summary { (say(language, "Screen and sound", "Bild und Ton")) }
                div.row {
                (switch("sound", &say(language, "Sound", "Ton")))
                (switch("dark", &say(language, "Dark", "Dunkel")))
                (switch("mirror", &say(language, "From the other side", "Von der anderen Seite")))
                @for other in Language::ALL.into_iter().filter(|other| *other != language) {
                    a href={ "/session?language=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) {
                        (other.say("English", "Deutsch"))
                    }
                }
                }
            }
        }
    }
}

fn view(language: Language) -> Markup {
    html! {
        section.view aria-label=(say(language, "What the bed does", "Was das Bett tut")) {
            canvas id="above" role="img" aria-label=(say(language, "The bed from above", "Das Bett von oben")) {}
            canvas id="beside" role="img" aria-label=(say(language, "The spine from the side", "Die Wirbelsäule von der Seite")) {}
            dl.figures {
                div { dt { (say(language, "Force", "Kraft")) } dd id="force" {} }
                div { dt { (say(language, "Rollers", "Rollen")) } dd id="heat" {} }
                div { dt { (say(language, "On the bed", "Auf dem Bett")) } dd id="weight" {} }
                div { dt { (say(language, "Time left", "Noch")) } dd id="left" {} }
            }
        }
    }
}

/// At a twin, a press of the hand switch.
const SWITCH: &str = r#""PressHandSwitch""#;
/// The key that presses a twin's hand switch. Source: design; screen readers take letters, Space and Enter for
/// themselves and browsers F1, F3, F5 to F7, F10 to F12, so it is none of these, and no key types anything.
const KEY: &str = "F8";

/// How the key is shown beside a button.
fn key(language: Language) -> Markup {
    html! { (say(language, "key ", "Taste ")) kbd { (KEY) } }
}

/// At a twin, what its person or its switch does now.
fn act(of: &Bedside<'_>, act: &str, name: &str) -> Markup {
    html! {
        @if of.simulated {
            @let switch = act == SWITCH;
            p.go { button.act type="button" data-act={ "{\"act\":" (act) "}" } aria-keyshortcuts=[switch.then_some(KEY)] {
                (name)
                small { (say(of.language, "the simulated person", "die simulierte Person")) @if switch { " · " (key(of.language)) } }
            } }
        }
    }
}

/// A part of the panel that is shown in some phases.
fn part(phases: &str, body: &Markup) -> Markup {
    html! { div.phase data-phases=(phases) hidden { (body) } }
}

fn panel(of: &Bedside<'_>) -> Markup {
    let language = of.language;
    html! {
        section.panel id="panel" tabindex="0" aria-label=(say(language, "What to do", "Was zu tun ist")) {
            div.trouble id="deaf" role="alert" hidden {
                strong { (say(language, "This page hears nothing from the bed.", "Diese Seite hört nichts vom Bett.")) } " "
                (say(language, "The bed lets go by itself. To stop at once, press the hand switch.", "Das Bett lässt von selbst los. Um sofort aufzuhören, drücken Sie den Handschalter."))
            }
            div.trouble id="lost" role="alert" hidden {
                strong { (say(language, "The page was lost.", "Die Seite war weg.")) } " "
                (say(language, "Force and heat only fall now, and after a minute the session ends. To get up at once, press Stop.", "Kraft und Wärme nehmen nur noch ab, und nach einer Minute endet die Anwendung. Um gleich aufzustehen, drücken Sie Stopp."))
            }
            h1 id="phase" aria-live="polite" { (say(language, "Looking for the bed", "Das Bett wird gesucht")) }
            p.say id="say" aria-live="polite" {}
            button.wide type="button" id="sound-blocked" hidden { (say(language, "Touch here to hear what is said", "Hier berühren, um zu hören, was gesagt wird")) }
            p.news id="news" role="status" {}
            (before(of))
            (during(language))
            (after(of))
            @if of.simulated { (twin(language)) }
            noscript { p.trouble { (say(language, "This page needs script to show the bed. Stop works without it.", "Diese Seite braucht Skript, um das Bett zu zeigen. Stopp geht ohne.")) } }
        }
    }
}

fn before(of: &Bedside<'_>) -> Markup {
    let language = of.language;
    html! {
        (part("no_bed", &html! {
            p id="trouble-words" {}
            p { (say(language, "Is the bed switched on? This page goes on by itself when it answers.", "Ist das Bett eingeschaltet? Diese Seite geht von selbst weiter, wenn es antwortet.")) }
        }))
        (part("stopped", &html! {
            p { (say(language, "The bed was stopped and has let go. It stays so until it is switched off and on again at its switch.", "Das Bett wurde gestoppt und hat losgelassen. Es bleibt so, bis es an seinem Schalter aus- und wieder eingeschaltet wird.")) }
            p { (say(language, "Roll to your side and sit for a minute before you stand up.", "Drehen Sie sich auf die Seite und sitzen Sie eine Minute, bevor Sie aufstehen.")) }
            (act(of, r#""Restart""#, &say(language, "Switch the bed off and on", "Das Bett aus- und einschalten")))
        }))
        (part("at_rest", &html! {
            p { (say(language, "Nothing moves or warms. A session begins with a few questions, and with a press of the hand switch.", "Nichts bewegt sich oder wärmt. Eine Anwendung beginnt mit ein paar Fragen und mit einem Druck auf den Handschalter.")) }
            p.go { a.act href={ "/today?language=" (language.tag()) } { (say(language, "How are you today?", "Wie geht es Ihnen heute?")) } }
        }))
        (part("waiting_person", &html! {
            (act(of, r#""LieDown""#, &say(language, "Lie down", "Hinlegen")))
            p { (say(language, "Your arms lie beside you.", "Die Arme liegen neben Ihnen.")) }
            p id="dims" hidden { (say(language, "This browser does not keep the screen on. Please set the tablet so that it stays on: if it goes dark, the session may end.", "Dieser Browser lässt den Bildschirm nicht an. Bitte stellen Sie das Tablet so ein, dass er an bleibt: Wird er dunkel, kann die Anwendung enden.")) }
        }))
        (part("waiting_switch", &html! {
            p { (say(language, "Take the hand switch and press it once. Nothing moves before. A second press stops everything.", "Nehmen Sie den Handschalter und drücken Sie einmal. Vorher bewegt sich nichts. Ein zweiter Druck stoppt alles.")) }
            (act(of, SWITCH, &say(language, "Press the hand switch", "Handschalter drücken")))
        }))
        (part("waiting_person waiting_switch", &scale::before(language)))
        (part("scanning scanning_again", &html! {
            p { (say(language, "Breathe quietly. The rollers feel their way along your back.", "Atmen Sie ruhig. Die Rollen tasten sich an Ihrem Rücken entlang.")) }
            div.bar id="scan-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-label=(say(language, "Scan", "Abtasten")) { i id="scan-bar" {} }
        }))
        (part("moving", &html! {
            p.big id="move-words" {}
            p { (say(language, "Then lie still: the scan is repeated.", "Dann still liegen: Es wird noch einmal abgetastet.")) }
            @if of.simulated { p.go { button.act type="button" id="move-act" data-act="{}" { (say(language, "Move like that", "So rücken")) } } }
        }))
    }
}

fn during(language: Language) -> Markup {
    let wishes = [
        ("softer", say(language, "Softer", "Sanfter")),
        ("firmer", say(language, "Firmer", "Fester")),
        ("cooler", say(language, "Cooler", "Kühler")),
        ("warmer", say(language, "Warmer", "Wärmer")),
        ("stay", say(language, "Stay here", "Hier bleiben")),
        ("skip", say(language, "Skip this", "Aus\u{ad}lassen")),
    ];
    html! {
        (part("proposed", &html! {
            p id="found" {}
            p { (say(language, "This is what fits your back today:", "Das passt heute zu Ihrem Rücken:")) }
            p.big id="plan-title" {}
            p { span id="plan-minutes" {} " · " span id="plan-force" {} }
            p id="plan-softer" hidden { (say(language, "It begins softer, as you left it last time. You can ask for more at any moment.", "Es beginnt sanfter, so wie Sie es zuletzt hatten. Sie können jederzeit mehr verlangen.")) }
            div.go.pair {
                button type="button" id="yes" { (say(language, "Yes, begin", "Ja, anfangen")) }
                button.other type="button" id="no" { (say(language, "No, let me up", "Nein, aufstehen")) }
            }
            details id="choices" {
                summary { (say(language, "Something else", "Etwas anderes")) }
                div.go id="others" {}
            }
            details id="why" {
                summary { (say(language, "Why so, and not more", "Warum so und nicht mehr")) }
                ul.reasons id="plan-reasons" {}
            }
            details id="refused" hidden {
                summary { (say(language, "What cannot be given today", "Was heute nicht geht")) }
                ul.reasons id="refused-list" {}
            }
        }))
        (part("treating resting", &html! {
            p.stroke id="stroke" {}
            p { strong id="stroke-left" {} " · " span id="stroke-number" {} " · " span id="next" {} }
            div.wishes role="group" aria-label=(say(language, "What you wish", "Was Sie wünschen")) {
                @for (wish, name) in &wishes { button type="button" data-wish=(wish) { (name) } }
                button type="button" data-wish="finish" { (say(language, "Enough", "Genug")) }
            }
        }))
    }
}

fn after(of: &Bedside<'_>) -> Markup {
    let language = of.language;
    html! {
        (part("releasing", &html! {
            p { (say(language, "The rollers go down and away. Stay as you are for a moment.", "Die Rollen gehen nach unten und weg. Bleiben Sie noch einen Moment liegen.")) }
        }))
        (part("over", &html! {
            p id="outcome" {}
            (scale::form(None, language))
            div.go {
                a.act.other href={ "/after?language=" (language.tag()) } { (say(language, "Before and after", "Vorher und nachher")) }
            }
            p { (say(language, "Roll to your side and sit for a minute before you stand up.", "Drehen Sie sich auf die Seite und sitzen Sie eine Minute, bevor Sie aufstehen.")) }
        }))
    }
}

/// By this a page is known to carry Stop.
pub(crate) const STOP_ID: &str = "id=\"stop-form\"";

/// Stop, on every screen of the bed.
pub(crate) fn stop(language: Language) -> Markup {
    html! {
        form.stop id="stop-form" aria-label=(say(language, "Stop the bed", "Das Bett stoppen")) method="post" action={ "/stop?language=" (language.tag()) } {
            button type="submit" id="stop" aria-labelledby="stop-word" aria-describedby="stop-hand" {
                strong id="stop-word" { (say(language, "Stop", "Stopp")) }
                span id="stop-hand" { (say(language, "or the hand switch at your right hand, always", "oder der Handschalter an Ihrer rechten Hand, immer")) }
            }
        }
    }
}

fn twin(language: Language) -> Markup {
    let acts = [
        (r#""LieDown""#, say(language, "Lie down", "Hinlegen")),
        (SWITCH, say(language, "Press the hand switch", "Handschalter drücken")),
        (
            r#"{"Move":{"foot_mm":0,"left_mm":10}}"#,
            say(language, "Move 10 mm to the left", "10 mm nach links rücken"),
        ),
        (
            r#"{"Move":{"foot_mm":0,"left_mm":-10}}"#,
            say(language, "Move 10 mm to the right", "10 mm nach rechts rücken"),
        ),
        (r#""Cough""#, say(language, "Cough", "Husten")),
        (r#""GetUp""#, say(language, "Get up", "Aufstehen")),
        (r#""Restart""#, say(language, "Switch off and on", "Aus- und einschalten")),
    ];
    html! {
        details.twin {
            summary { (say(language, "The simulated person and bed", "Die simulierte Person und das Bett")) }
            div.row {
                @for (act, name) in &acts {
                    button type="button" data-act={ "{\"act\":" (act) "}" } { (name) @if *act == SWITCH { " · " (key(language)) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(simulated: bool, language: Language) -> String {
        page(&Bedside { name: Some("Ann"), simulated, length_mm: 2000.0, token: "t", language }).into_string()
    }

    #[test]
    fn a_key_presses_the_hand_switch_of_a_twin_alone_and_stands_beside_its_button() {
        let twin = text(true, Language::English);
        assert!(twin.contains(&format!("aria-keyshortcuts=\"{KEY}\"")) && twin.contains("<kbd>F8</kbd>"));
        assert!(twin.contains("\"switch_key\":\"F8\""));
        let real = text(false, Language::English);
        assert!(!real.contains(KEY) && real.contains("\"switch_key\":null"));
        assert!(!real.contains("data-act="), "nobody plays with a bed that is none");
    }

    #[test]
    fn pain_is_asked_while_the_bed_waits_with_nothing_chosen_and_may_be_left_out() {
        for (language, words) in
            [(Language::English, "Or leave it out"), (Language::German, "lassen Sie es aus")]
        {
            let page = text(false, language);
            assert_eq!(page.matches("data-pain=").count(), 11);
            assert!(!page.contains("data-pain=\"4\" aria-pressed=\"true\"") && page.contains(words));
        }
    }
}
