//! What a person reads and hears in answer to a wish, in every language.

use care::Words;

use crate::reason::{Code, Most};

/// Which way a dial was turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Up,
    Down,
}

pub(super) fn not_now() -> Words {
    Words::both("Not at the moment.", "Gerade nicht möglich.")
}

pub(super) fn force(way: Turn, before: f64, after: f64) -> Words {
    let (en, de) = match way {
        Turn::Up => ("Firmer", "Fester"),
        Turn::Down => ("Softer", "Sanfter"),
    };
    Words::both(
        format!("{en}: {after:.0} N, it was {before:.0} N."),
        format!("{de}: {after:.0} N, vorher {before:.0} N."),
    )
}

/// A temperature with a tenth where it has one.
fn degrees(celsius: f64) -> (String, String) {
    let tenths = (celsius * 10.0).round() / 10.0;
    let en = if tenths.fract().abs() < 0.05 { format!("{tenths:.0}") } else { format!("{tenths:.1}") };
    let de = en.replace('.', ",");
    (en, de)
}

pub(super) fn heat(way: Turn, before: Option<f64>, after: Option<f64>) -> Words {
    let off = || ("off".to_owned(), "aus".to_owned());
    let told = |celsius: Option<f64>| match celsius {
        Some(celsius) => {
            let (en, de) = degrees(celsius);
            (format!("{en} °C"), format!("{de} °C"))
        }
        None => off(),
    };
    let ((before_en, before_de), (after_en, after_de)) = (told(before), told(after));
    let (en, de) = match way {
        Turn::Up => ("Warmer", "Wärmer"),
        Turn::Down => ("Cooler", "Kühler"),
    };
    Words::both(
        format!("{en}: {after_en}, it was {before_en}."),
        format!("{de}: {after_de}, vorher {before_de}."),
    )
}

pub(super) fn skipped(rest_s: f64) -> Words {
    if rest_s > 0.0 {
        Words::both(
            format!("On to the next one, after {rest_s:.0} seconds of rest for the skin."),
            format!("Weiter mit dem Nächsten, nach {rest_s:.0} Sekunden Pause für die Haut."),
        )
    } else {
        Words::both("On to the next one.", "Weiter mit dem Nächsten.")
    }
}

pub(super) fn late(dropped: usize) -> Words {
    match dropped {
        1 => Words::both(
            "The last part is left out: time would run out.",
            "Der letzte Teil entfällt, sonst reicht die Zeit nicht.",
        ),
        _ => Words::both(
            format!("The last {dropped} parts are left out: time would run out."),
            format!("Die letzten {dropped} Teile entfallen, sonst reicht die Zeit nicht."),
        ),
    }
}

pub(super) fn stays(more_s: f64, dropped: usize) -> Words {
    let (en, de) = (format!("{more_s:.0} seconds longer."), format!("{more_s:.0} Sekunden länger."));
    if dropped == 0 {
        return Words::both(en, de);
    }
    let late = late(dropped);
    Words::both(format!("{en} {}", late.en), format!("{de} {}", late.de))
}

/// Why there is no more, as the second half of a sentence.
fn because(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::FirstSession => ("a first session is a light one", "die erste Anwendung ist eine leichte"),
        Code::HistoryUnknown => (
            "earlier sessions are not known, so this counts as the first one",
            "frühere Anwendungen sind nicht bekannt, also zählt diese als erste",
        ),
        Code::Clearance | Code::ClearanceIntensity | Code::ClearanceHeat => {
            ("your answers of today allow no more", "Ihre heutigen Antworten erlauben nicht mehr")
        }
        Code::ForceDefault => (
            "more is given only if nothing in your answers speaks against it",
            "mehr gibt es nur, wenn nichts in Ihren Antworten dagegen spricht",
        ),
        Code::BodyWeight => ("more could lift you", "mehr könnte Sie anheben"),
        Code::PelvisForce => ("more could lift your pelvis", "mehr könnte Ihr Becken anheben"),
        Code::NeckForce => {
            ("close to the neck the force stays small", "nahe am Nacken bleibt die Kraft klein")
        }
        Code::ContactPressure => {
            ("more pressure under a roller could hurt", "mehr Druck unter einer Rolle könnte schmerzen")
        }
        Code::BedThrust => ("this bed presses no harder", "dieses Bett drückt nicht fester"),
        Code::BedSurface => ("this bed gets no warmer", "dieses Bett wird nicht wärmer"),
        Code::CoolSecondHalf => ("this program cools down early", "dieses Programm kühlt früh ab"),
        Code::SkinMean => ("the skin would get too warm", "die Haut würde zu warm"),
        Code::DoseProgram => (
            "that would be more heat than one session may give",
            "das wäre mehr Wärme, als eine Anwendung geben darf",
        ),
        Code::DoseDay => (
            "that would be more heat than one day may bring",
            "das wäre mehr Wärme, als ein Tag bringen darf",
        ),
        _ => ("the scale goes no further", "weiter reicht die Skala nicht"),
    }
}

pub(super) fn force_held(way: Turn, most: Most) -> Words {
    let limit = most.value;
    match way {
        Turn::Down => Words::both(
            format!("Softer is not possible: {limit:.0} N is only just in contact."),
            format!("Sanfter geht es nicht: {limit:.0} N sind kaum mehr als eine Berührung."),
        ),
        Turn::Up => {
            let (en, de) = because(most.code);
            Words::both(
                format!("Firmer is not possible: {limit:.0} N is the most here, {en}."),
                format!("Fester geht es nicht: {limit:.0} N sind hier das Höchste, {de}."),
            )
        }
    }
}

pub(super) fn heat_held(way: Turn, most: Most) -> Words {
    let (en, de) = match most.code {
        Code::NotHeated => ("nothing is warmed here", "hier wird nicht gewärmt"),
        Code::ClearanceNoHeat => {
            ("your answers of today allow no heat", "Ihre heutigen Antworten erlauben keine Wärme")
        }
        Code::BedHeater => ("this bed has no such heater", "dieses Bett hat keine solche Heizung"),
        code => because(code),
    };
    match (way, most.code) {
        (Turn::Down, Code::ScaleEnd) => Words::both(
            "Cooler is not possible: the warmth is off already.",
            "Kühler geht es nicht: Die Wärme ist schon aus.",
        ),
        (Turn::Down, _) => {
            Words::both(format!("Cooler is not possible: {en}."), format!("Kühler geht es nicht: {de}."))
        }
        (Turn::Up, Code::NotHeated | Code::ClearanceNoHeat | Code::BedHeater)
        | (Turn::Up, Code::SkinMean | Code::DoseProgram | Code::DoseDay) => {
            Words::both(format!("Warmer is not possible: {en}."), format!("Wärmer geht es nicht: {de}."))
        }
        (Turn::Up, _) => {
            let (limit_en, limit_de) = degrees(most.value);
            Words::both(
                format!("Warmer is not possible: {limit_en} °C is the most here, {en}."),
                format!("Wärmer geht es nicht: {limit_de} °C sind hier das Höchste, {de}."),
            )
        }
    }
}

pub(super) fn stay_held(code: Code) -> Words {
    let (en, de) = match code {
        Code::SiteTime => (
            "one place is pressed for a minute and a half at most",
            "eine Stelle wird höchstens anderthalb Minuten lang gedrückt",
        ),
        Code::SiteShare => (
            "this place has had its share of the session",
            "diese Stelle hatte ihren Anteil an der Anwendung",
        ),
        Code::Session => ("the session's time would be over", "die Zeit der Anwendung wäre um"),
        code => because(code),
    };
    Words::both(format!("Staying longer is not possible: {en}."), format!("Länger bleiben geht nicht: {de}."))
}
