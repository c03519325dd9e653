//! The diary's pages: today, a spasm, a session, a score; what was written, and how it goes.
//!
//! Terms as in [`care::diary`]. A form that was filled in is answered with a way on (303), so a reload
//! writes nothing twice; each form says which entries stood when it was shown, so neither a second press
//! nor a second window changes what its sender has not seen. What cannot be taken is said in place, and
//! what was typed stays.
//!
//! [`entry_form`](host::entry_form) turns forms into records and back, `form` draws them, `overview` and `item` show what is
//! there, `carry` takes the diary away and brings one in, `trouble` says what went wrong, `server` hears the browser.
//!
//! The wording of the Roland-Morris questionnaire is not shown: leave to print it in every language was
//! not found, so only the number is asked.

mod carry;
#[cfg(test)]
mod carry_tests;
mod form;
mod item;
mod overview;
mod server;
mod style;
#[cfg(test)]
mod tests;
mod trouble;

use care::{Day, Language};
use maud::{Markup, html};

pub(super) use server::routes;
pub(super) use style::CSS;
pub(crate) use trouble::{status_of, words as trouble_words};

use super::say;

/// A day as people write it.
pub(crate) fn day_words(day: Day, language: Language) -> String {
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const DE: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
    // 1970-01-01 was a Thursday.
    let weekday = ((u64::from(day.0) + 3) % 7) as usize;
    let iso = day.to_string();
    let date = match iso.split('-').collect::<Vec<_>>()[..] {
        [year, month, of_month] if language == Language::German => format!("{of_month}.{month}.{year}"),
        _ => iso,
    };
    format!("{} {date}", say(language, EN[weekday], DE[weekday]))
}

/// What is said once after something was done.
pub(super) fn status(words: &str) -> Markup {
    html! { p.done role="status" { (words) } }
}
