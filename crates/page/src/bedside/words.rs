//! The texts that the script puts into the page.

use super::Bedside;
use crate::guide::say;
use serde_json::json;

/// The texts as JSON that can stand in a page.
pub(super) fn json(of: &Bedside<'_>) -> String {
    let language = of.language;
    let say = |en: &'static str, de: &'static str| say(language, en, de);
    let all = json!({
        "token": of.token,
        "switch_key": of.simulated.then_some(super::KEY),
        "bed": { "length_mm": of.length_mm },
        "phases": {
            "no_bed": say("No bed answers", "Kein Bett antwortet"),
            "stopped": say("Stopped", "Gestoppt"),
            "others": say("The bed is in use", "Das Bett ist besetzt"),
            "at_rest": say("The bed is ready", "Das Bett ist bereit"),
            "waiting_person": say("Please lie down", "Bitte legen Sie sich hin"),
            "waiting_switch": say("Press the hand switch", "Drücken Sie den Handschalter"),
            "scanning": say("Your back is being scanned", "Ihr Rücken wird abgetastet"),
            "moving": say("Please move a little", "Bitte rücken Sie ein wenig"),
            "proposed": say("What I found, and what I propose", "Was ich gefunden habe und vorschlage"),
            "treating": say("Your session", "Ihre Anwendung"),
            "resting": say("A short rest", "Eine kurze Pause"),
            "scanning_again": say("One more look at your back", "Noch ein Blick auf Ihren Rücken"),
            "releasing": say("The bed lets go", "Das Bett lässt los"),
            "over": say("It is over", "Fertig"),
        },
        "left": say("left", "links"),
        "right": say("right", "rechts"),
        "left_side": say("your left", "Ihre linke Seite"),
        "right_side": say("your right", "Ihre rechte Seite"),
        "move": say("Move {mm} mm to your {side}", "Rücken Sie {mm} mm nach {side}"),
        "number": say("{number} of {of}", "{number} von {of}"),
        "next": say("Next: {next}", "Als Nächstes: {next}"),
        "minutes": say("{minutes} minutes", "{minutes} Minuten"),
        "most": say("at most {force} N", "höchstens {force} N"),
        "found": say("Your spine is {mm} mm long from T1 to L5, give or take {sure} mm.", "Ihre Wirbelsäule ist von T1 bis L5 {mm} mm lang, auf {sure} mm genau."),
        "tense": say("Tenser than expected: {where}.", "Fester als erwartet: {where}."),
        "not_tense": say("No place is surely tenser than expected.", "Keine Stelle ist sicher fester als erwartet."),
        "gentler": say("begins gently", "beginnt sanft"),
        "failed": say("That did not work. Please try again.", "Das hat nicht geklappt. Bitte noch einmal."),
        "troubles": {
            "no_session": say(
                "No session of yours is under way, or this page was lost. Nothing was done.",
                "Es läuft keine Anwendung von Ihnen, oder diese Seite war weg. Nichts ist geschehen.",
            ),
            "no_proposal": say("No proposal waits for an answer.", "Kein Vorschlag wartet auf eine Antwort."),
            "no_bed": say("The bed does not answer.", "Das Bett antwortet nicht."),
            "denied": say("You may not do this here. Please sign in.", "Das dürfen Sie hier nicht. Bitte melden Sie sich an."),
        },
        "stop_failed": say(
            "The bed did not hear the page. Press the hand switch.",
            "Das Bett hat die Seite nicht gehört. Drücken Sie den Handschalter.",
        ),
        "no_spine": say("Your spine appears here during the scan", "Hier erscheint beim Abtasten Ihre Wirbelsäule"),
        "drawing": say(
            "The bed from above. {phase}. {levels} vertebrae known, force {force} newtons.",
            "Das Bett von oben. {phase}. {levels} Wirbel bekannt, Kraft {force} Newton.",
        ),
    });
    // A page ends a script at the first "</": no text may close it.
    all.to_string().replace("</", "<\\/")
}
