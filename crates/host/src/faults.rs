//! Every fault in plain words, from `safety/faults.toml`: what it means, what the guard does, what is likely and
//! what to do; and what can be broken in a twin.

use care::Words;
use counts::Fault;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What the guard does about a fault, as its own table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Commands pass, cut to the envelope.
    Limit,
    /// Force and heat fall to nothing; the session may go on.
    Unload,
    /// Lowered, heaters off, carriage to its park.
    Release,
    /// The power is taken away; the lifts sink.
    PowerOff,
}

/// When a fault is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Clears {
    /// When it has been gone for so many milliseconds.
    AfterMs(u32),
    /// When something has happened.
    When(ClearsWhen),
}

/// What must happen before a fault is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearsWhen {
    /// The bed is switched off and on.
    Latched,
    /// The session has ended.
    SessionEnd,
}

/// A fault in plain words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultText {
    /// Which fault.
    pub name: Fault,
    /// What the guard does.
    pub response: Response,
    /// How long the condition must stand first, ms.
    pub hold_ms: u32,
    /// When it is over.
    pub clears: Clears,
    /// What it means.
    pub meaning: Words,
    /// What is likely.
    pub causes: Vec<Words>,
    /// What to do, step by step.
    pub steps: Vec<Words>,
}

/// What can be broken in a twin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassText {
    /// Its name in programs.
    pub key: String,
    /// What breaks.
    pub words: Words,
    /// What the guard should do.
    pub expect: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fault: Vec<FaultText>,
    class: Vec<ClassText>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../safety/faults.toml")).expect("a table that the tests have read")
});

/// Every fault, in the order of the codes.
#[must_use]
pub fn faults() -> &'static [FaultText] {
    &FILE.fault
}

/// What can be broken in a twin, in the order of the classes' numbers.
#[must_use]
pub fn classes() -> &'static [ClassText] {
    &FILE.class
}

/// A fault in plain words.
///
/// # Panics
/// Never: the tests hold the table to the list of faults.
#[must_use]
pub fn text(fault: Fault) -> &'static FaultText {
    faults().iter().find(|text| text.name == fault).expect("every fault stands in the table")
}

impl FaultText {
    /// Its code, as builders write it on paper.
    #[must_use]
    pub fn code(&self) -> String {
        format!("F{:02}", self.name as u8)
    }

    /// What the guard does, in one sentence.
    #[must_use]
    pub fn does(&self) -> Words {
        let (en, de) = match self.response {
            Response::Limit => {
                ("cuts what was asked for to what is allowed", "kürzt das Verlangte auf das Erlaubte")
            }
            Response::Unload => (
                "lets force and heat fall to nothing; the session may go on",
                "lässt Kraft und Wärme auf nichts fallen; die Anwendung kann weitergehen",
            ),
            Response::Release => (
                "lowers the heads, switches the heaters off and ends the session",
                "senkt die Köpfe, schaltet die Heizungen aus und beendet die Anwendung",
            ),
            Response::PowerOff => (
                "takes the power away: the lifts sink, nothing heats",
                "nimmt den Strom weg: die Hubantriebe sinken, nichts heizt",
            ),
        };
        Words::new(format!("The guard {en}."), format!("Der Wächter {de}."))
    }

    /// How long it must stand and when it is over, in one sentence.
    #[must_use]
    pub fn lasts(&self) -> Words {
        let (en, de) = match self.hold_ms {
            0 => ("At once.".to_owned(), "Sofort.".to_owned()),
            ms => (format!("After {ms} ms."), format!("Nach {ms} ms.")),
        };
        let (then, dann) = match self.clears {
            Clears::AfterMs(ms) => {
                let s = f64::from(ms) / 1000.0;
                (
                    format!("It is over when it has been gone for {s} s."),
                    format!("Es ist vorbei, wenn es {} s lang weg war.", s.to_string().replace('.', ",")),
                )
            }
            Clears::When(ClearsWhen::Latched) => (
                "It stays until the bed is switched off and on.".to_owned(),
                "Es bleibt, bis das Bett aus- und wieder eingeschaltet wird.".to_owned(),
            ),
            Clears::When(ClearsWhen::SessionEnd) => {
                ("It is over with the session.".to_owned(), "Es ist mit der Anwendung vorbei.".to_owned())
            }
        };
        Words::new(format!("{en} {then}"), format!("{de} {dann}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_says_in_both_languages_what_it_means_and_what_to_do() {
        let names: Vec<Fault> = faults().iter().map(|text| text.name).collect();
        assert_eq!(names, Fault::ALL);
        for text in faults() {
            assert!(!text.causes.is_empty() && !text.steps.is_empty(), "{:?}", text.name);
            let (does, lasts) = (text.does(), text.lasts());
            let all = text.causes.iter().chain(&text.steps).chain([&text.meaning, &does, &lasts]);
            for words in all {
                assert!(words.complete() && words.en != words.de, "{:?}: {words:?}", text.name);
            }
        }
    }

    #[test]
    fn every_class_says_in_both_languages_what_breaks_and_what_to_expect() {
        assert!(!classes().is_empty());
        for class in classes() {
            for words in [&class.words, &class.expect] {
                assert!(words.complete() && words.en != words.de, "{}", class.key);
            }
        }
    }
}
