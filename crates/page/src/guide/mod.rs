//! The care guide's pages: it hurts now; why, and what to do; keep it away.
//!
//! [`router`] serves the pages on this computer alone. The words come from `care`; every line shows how
//! well it is supported and what it rests on. Emergency questions come before any advice: the steps for
//! the next hours are only an answer to them, no address of their own.
//!
//! The pages carry no script and load nothing from elsewhere. What a person answers travels in the page
//! itself; only what they ask to keep goes into their [record](host::store), if the guide has one.
//!
//! A room for each kind of page: `interview` asks, `verdict` says what the answers ask for, `causes` what
//! may play a part and `heat` what to lay on, `now` gives the next hours and the sheet, `read` shows what
//! there is to read, `exercises` the drawn ones, `diary` keeps what a person writes down, `week` the plan of
//! their week, `bed` whether they may use the bed today, `breaks` the reminder to get up (`reminder` is what runs behind it), `visit` is one request to either, `frame` stands
//! around every page, `server` hears the browser.

pub(crate) mod bed;
mod body_map;
mod breaks;
mod causes;
pub(crate) mod diary;
mod exercises;
mod frame;
pub(crate) mod heat;
mod interview;
pub(crate) mod now;
mod read;
mod reminder;
mod server;
mod style;
mod verdict;
mod visit;
pub(crate) mod week;

use std::borrow::Cow;

use care::Language;
use maud::Markup;

pub(crate) use diary::day_words;
pub use exercises::amount_words;
pub(crate) use exercises::{dose_words, level_words, serves_words};
pub(crate) use read::doors;
pub use read::evidence;
pub(crate) use reminder::Reminder;
pub(crate) use server::pages;
pub use server::{Guide, Keeper, router};
pub use verdict::{again_heading, heading};
pub(crate) use verdict::{asks_for_doctor, may_self_care};

/// A page before its frame.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Title, without markup.
    title: Cow<'static, str>,
    /// Where it stands; an answer stands where its questions are.
    here: String,
    /// What stands in it, with one `h1`.
    body: Markup,
}

impl Page {
    fn new(title: Cow<'static, str>, here: &str, body: Markup) -> Self {
        Self { title, here: here.to_owned(), body }
    }

    /// With everything that stands around it.
    pub(crate) fn whole(&self, language: Language) -> Markup {
        frame::frame(self, language)
    }
}

/// A page of another room in the guide's frame.
pub(crate) fn page(title: Cow<'static, str>, here: &str, body: Markup) -> Page {
    Page::new(title, here, body)
}

/// A link to a page in a language.
pub(crate) fn link(path: &str, language: Language) -> String {
    format!("{path}?language={}", language.tag())
}

/// The words in one language.
pub(crate) fn say<'a>(language: Language, en: &'a str, de: &'a str) -> Cow<'a, str> {
    language.say(en, de)
}

#[cfg(test)]
mod room;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::past_the_tables;
