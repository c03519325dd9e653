//! The care guide's pages: it hurts now; why, and what to do; keep it away.
//!
//! [`page`] turns a [`Door`] and a language into one whole page, and [`router`] serves the pages on
//! this computer alone. The words come from [`care::topic`] and from the screening table; every line
//! shows how well it is supported and what it rests on. Emergency questions come before any advice:
//! the steps for the next hours are only an answer to them, no address of their own.
//!
//! The pages carry no script, load nothing from elsewhere and store nothing: ticks are answered and
//! forgotten. What they do not do: diagnose, or weigh more than the emergency signs.

mod frame;
mod now;
mod read;
mod server;
mod signs;
mod style;

use care::Language;
use care::topic::Topic;
use maud::Markup;

pub use server::router;
pub use signs::{Sign, signs};

/// A page of the guide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Door<'a> {
    /// The three doors.
    Home,
    /// The emergency questions, which come before any advice.
    Questions,
    /// At least one sign fits, or the person is not sure: the names of what was ticked.
    Emergency(&'a [String]),
    /// No sign fits: positions, getting up, the next hour, tonight, tomorrow.
    Steps,
    /// The same on one printable sheet, with the signs first.
    Sheet,
    /// What it is, what may play a part, what eases it.
    Why,
    /// How to keep it away.
    Keep,
    /// One topic, line by line.
    Topic(&'a Topic),
    /// What people hear, with verdicts.
    Claims,
    /// There is no such page.
    Lost,
}

/// One whole page.
#[must_use]
pub fn page(door: &Door, language: Language) -> Markup {
    let (title, body) = match door {
        Door::Home => {
            (say(language, "Back spasm: what to do", "Rückenkrampf: was tun"), read::home(language))
        }
        Door::Questions => (say(language, "It hurts now", "Es tut jetzt weh"), now::questions(language)),
        Door::Emergency(ticked) => {
            (say(language, "Call for help now", "Rufen Sie jetzt Hilfe"), now::emergency(ticked, language))
        }
        Door::Steps => (say(language, "The next hours", "Die nächsten Stunden"), now::steps(language)),
        Door::Sheet => {
            (say(language, "Sheet: it hurts now", "Blatt: Es tut jetzt weh"), now::sheet(language))
        }
        Door::Why => (say(language, "Why, and what to do", "Warum, und was tun"), read::why(language)),
        Door::Keep => (say(language, "Keep it away", "Vorbeugen"), read::keep(language)),
        Door::Topic(topic) => (topic.title.of(language).as_str(), read::topic(topic, language)),
        Door::Claims => (say(language, "What people say", "Was man so hört"), read::claims(language)),
        Door::Lost => (say(language, "No such page", "Diese Seite gibt es nicht"), read::lost(language)),
    };
    frame::frame(door, title, &body, language)
}

/// Where a page stands; answers stand where their questions are.
fn address(door: &Door) -> String {
    match door {
        Door::Home | Door::Lost => "/".to_owned(),
        Door::Questions | Door::Emergency(_) | Door::Steps => "/now".to_owned(),
        Door::Sheet => "/now/sheet".to_owned(),
        Door::Why => "/why".to_owned(),
        Door::Keep => "/keep".to_owned(),
        Door::Topic(topic) => format!("/topic/{}", topic.id),
        Door::Claims => "/claims".to_owned(),
    }
}

/// A link to a page in a language.
fn link(path: &str, language: Language) -> String {
    format!("{path}?language={}", language.tag())
}

/// The words in one language.
fn say<'a>(language: Language, en: &'a str, de: &'a str) -> &'a str {
    match language {
        Language::English => en,
        Language::German => de,
    }
}

#[cfg(test)]
mod tests;
