//! A twin's journal and verdict in plain words.

use super::both;
use super::readings::figure;
use crate::faults::{classes, text};
use bed::SessionState;
use care::Words;
use link::{GuardActs, JournalLine, Noted, Verdict};
use serde::Serialize;

/// A line of a twin's journal in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Rises by one with each line.
    pub number: u32,
    /// When, seconds since the machine's start.
    pub at_s: f64,
    /// What kind of line, for programs.
    pub kind: &'static str,
    /// What happened.
    pub words: Words,
    /// It shows that something did not hold.
    pub bad: bool,
}

/// A twin's verdict in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VerdictTold {
    /// What was broken.
    pub class: Words,
    /// Its name in programs.
    pub key: String,
    /// What else was drawn.
    pub seed: u32,
    /// It is still looked at.
    pub open: bool,
    /// Seconds since it was broken.
    pub after_s: f64,
    /// No limit was crossed so far.
    pub holds: bool,
    /// In one sentence.
    pub words: Words,
    /// The largest true values: name, value, unit.
    pub worst: Vec<(Words, Words, &'static str)>,
    /// The limits that were crossed.
    pub crossed: Vec<Words>,
}

/// How the guard acts.
pub(super) fn acts(acts: GuardActs) -> Words {
    match acts {
        GuardActs::Nothing => both("lets commands pass", "lässt Befehle durch"),
        GuardActs::Limit => both("cuts commands to what is allowed", "kürzt Befehle auf das Erlaubte"),
        GuardActs::Unload => {
            both("lets force and heat fall to nothing", "lässt Kraft und Wärme auf nichts fallen")
        }
        GuardActs::Release => {
            both("releases: heads down, heaters off", "gibt frei: Köpfe nach unten, Heizungen aus")
        }
        GuardActs::PowerOff => {
            both("takes the power away: lifts sink", "nimmt den Strom weg: Hubantriebe sinken")
        }
    }
}

/// Where a session stands.
pub(super) fn state(state: Option<SessionState>) -> Words {
    let Some(state) = state else { return both("not known", "nicht bekannt") };
    match state {
        SessionState::Homing => both("finding its park", "sucht seine Ruhelage"),
        SessionState::Idle => both("at rest", "in Ruhe"),
        SessionState::AwaitingPerson => {
            both("waits for somebody to lie down", "wartet, dass sich jemand hinlegt")
        }
        SessionState::AwaitingSwitch => both("waits for the hand switch", "wartet auf den Handschalter"),
        SessionState::Armed => both("armed by the hand switch", "freigegeben durch den Handschalter"),
        SessionState::Scanning => both("scanning", "tastet ab"),
        SessionState::Treating => both("a stroke is given", "gibt einen Strich"),
        SessionState::Releasing => both("releasing", "gibt frei"),
        SessionState::Safe => {
            both("stopped, until it is switched off and on", "gestoppt, bis es aus- und eingeschaltet wird")
        }
    }
}

/// Lines in words.
#[must_use]
pub fn lines(lines: &[JournalLine]) -> Vec<Told> {
    lines.iter().map(told).collect()
}

fn told(line: &JournalLine) -> Told {
    let part = line.words.as_str();
    let (kind, words, bad) = match line.noted {
        Noted::Broke { class, seed } => {
            let class = class_words(class);
            let words = both(
                format!("Broken on purpose: {} ({part}, seed {seed})", class.en),
                format!("Mit Absicht gestört: {} ({part}, Startzahl {seed})", class.de),
            );
            ("broke", words, false)
        }
        Noted::Mended => ("mended", both("Everything was mended.", "Alles wurde repariert."), false),
        Noted::Restarted => (
            "restarted",
            both("The bed was switched off and on.", "Das Bett wurde aus- und eingeschaltet."),
            false,
        ),
        Noted::State { to } => {
            let state = state(Some(to));
            ("state", both(format!("Session: {}", state.en), format!("Anwendung: {}", state.de)), false)
        }
        Noted::Fault { fault, index } => {
            let text = text(fault);
            let words = both(
                format!("Fault {} found (part {index}): {}", text.code(), text.meaning.en),
                format!("Fehler {} erkannt (Teil {index}): {}", text.code(), text.meaning.de),
            );
            ("fault", words, false)
        }
        Noted::Cleared { fault, index } => {
            let code = text(fault).code();
            let words = both(
                format!("Fault {code} is over (part {index})."),
                format!("Fehler {code} ist vorbei (Teil {index})."),
            );
            ("cleared", words, false)
        }
        Noted::Guard { acts: how } => {
            let how = acts(how);
            ("guard", both(format!("The guard {}.", how.en), format!("Der Wächter {}.", how.de)), false)
        }
        Noted::OutputsOff { power } => {
            let words = if power {
                both("Nothing is told to rise or to heat any more.", "Nichts soll mehr steigen oder heizen.")
            } else {
                both("The power is off.", "Der Strom ist aus.")
            };
            ("outputs_off", words, false)
        }
        Noted::Released { from, took, allowed } => {
            let (took_s, allowed_s) = (f64::from(took.raw()) * 1e-3, f64::from(allowed.raw()) * 1e-3);
            let from_n = f64::from(from.raw()) * 0.1;
            let (took_w, allowed_w, from_w) = (figure(took_s, 2), figure(allowed_s, 2), figure(from_n, 0));
            let words = both(
                format!("Heads away from {} N in {} s of {} s allowed.", from_w.en, took_w.en, allowed_w.en),
                format!("Köpfe weg von {} N in {} s von erlaubten {} s.", from_w.de, took_w.de, allowed_w.de),
            );
            ("released", words, took > allowed)
        }
        Noted::Crossed { value, limit } => {
            let part = limit_words(part);
            let (value, limit) = (figure(f64::from(value), 1), figure(f64::from(limit), 1));
            let words = both(
                format!("LIMIT CROSSED: {}, {} of {}", part.en, value.en, limit.en),
                format!("GRENZE ÜBERSCHRITTEN: {}, {} von {}", part.de, value.de, limit.de),
            );
            ("crossed", words, true)
        }
    };
    Told { number: line.number, at_s: line.now.seconds(), kind, words, bad }
}

/// A limit of the checker in words.
fn limit_words(name: &str) -> Words {
    let (en, de) = match name {
        "force" => ("force of both heads, N", "Kraft beider Köpfe, N"),
        "neck" => ("force near the neck, N", "Kraft nahe am Hals, N"),
        "head" => ("force of one head, N", "Kraft eines Kopfes, N"),
        "skin" => ("skin, °C", "Haut, °C"),
        "skin_mean" => ("skin as a mean, °C", "Haut im Mittel, °C"),
        "dose" => ("heat dose, CEM43", "Wärmedosis, CEM43"),
        "element" => ("heating element, °C", "Heizelement, °C"),
        "release" => ("time of a release, s", "Dauer der Freigabe, s"),
        "latch" => ("a stop that did not stay, s", "ein Stopp, der nicht blieb, s"),
        "heat_after_stop" => ("heat after a stop, W", "Wärme nach einem Stopp, W"),
        "power" => ("power that should be gone, s", "Strom, der weg sein sollte, s"),
        "jammed_rises" => ("force of a jammed head, N", "Kraft eines klemmenden Kopfes, N"),
        "jam" => ("a jam that was not noticed, mm", "ein Klemmen, das nicht bemerkt wurde, mm"),
        "unpermitted" => ("force or heat before the hand switch", "Kraft oder Wärme vor dem Handschalter"),
        other => (other, other),
    };
    both(en, de)
}

fn class_words(class: u8) -> Words {
    let found = classes().get(usize::from(class));
    found.map_or_else(|| both("not known here", "hier nicht bekannt"), |class| class.words.clone())
}

/// A verdict in words.
#[must_use]
pub fn verdict(verdict: &Verdict) -> VerdictTold {
    let holds = verdict.crossed.is_empty();
    let words = if holds {
        both("No limit was crossed.", "Keine Grenze wurde überschritten.")
    } else {
        both("A limit was crossed.", "Eine Grenze wurde überschritten.")
    };
    let row = |en: &str, de: &str, value: f32, decimals: usize, unit| {
        (both(en, de), figure(f64::from(value), decimals), unit)
    };
    VerdictTold {
        class: class_words(verdict.class),
        key: classes().get(usize::from(verdict.class)).map(|class| class.key.clone()).unwrap_or_default(),
        seed: verdict.seed,
        open: verdict.open,
        after_s: verdict.until.since(verdict.since).map_or(0.0, |span| span.raw() as f64 * 1e-6),
        holds,
        words,
        worst: vec![
            row("Largest force of both heads", "Größte Kraft beider Köpfe", verdict.force_n, 1, "N"),
            row("Of its limit", "Von ihrer Grenze", 100.0 * verdict.force_share, 0, "%"),
            row("Hottest skin", "Wärmste Haut", verdict.skin_c, 1, "°C"),
            row("Largest heat dose", "Größte Wärmedosis", verdict.dose_cem43, 2, "CEM43"),
            row("Hottest element", "Heißestes Element", verdict.element_c, 1, "°C"),
        ],
        crossed: verdict.crossed.iter().map(|one| limit_words(&one.what)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counts::{DeciNewtons, Instant, Millis};

    #[test]
    fn a_release_that_took_too_long_is_marked_and_says_both_times() {
        let line = |took| JournalLine {
            number: 1,
            now: Instant::START,
            noted: Noted::Released {
                from: DeciNewtons::new(600),
                took: Millis::new(took),
                allowed: Millis::new(500),
            },
            words: heapless::String::new(),
        };
        let [fine, late] = [told(&line(340)), told(&line(510))];
        assert!(!fine.bad && late.bad);
        assert_eq!(fine.words.en, "Heads away from 60 N in 0.34 s of 0.50 s allowed.");
        assert_eq!(fine.words.de, "Köpfe weg von 60 N in 0,34 s von erlaubten 0,50 s.");
    }
}
