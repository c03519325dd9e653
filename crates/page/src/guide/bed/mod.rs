//! "May I use the bed today?": what is open is asked, and the answer comes with every reason.
//!
//! [`bed_today`](host::bed_today) says where a person stands; `page` shows it, `ask` asks what is open, `server`
//! hears the browser. Ticks are kept even where a number of the same form cannot be: a sign of an emergency
//! must not wait for a weight.

mod ask;
mod page;
mod server;
mod style;
#[cfg(test)]
mod tests;

use care::{Findings, Language};
use maud::{Markup, html};

pub(crate) use ask::{Faults, form_to, hear, still_true};
pub(crate) use page::said;
pub(super) use server::routes;
pub(super) use style::CSS;

use super::interview::carried;
use super::{link, say};

/// Where these pages stand.
pub(super) const HERE: &str = "/bed";
/// Where every question is asked again.
const ANEW: &str = "/bed/again";

/// The button that keeps what was told and goes on to the bed.
pub(super) fn begin_button(told: &Findings, language: Language) -> Markup {
    html! {
        form method="post" action=(link("/bed/begin", language)) {
            (carried(told))
            button type="submit" { (say(language, "Keep these answers: may I use the bed today?", "Diese Antworten behalten: Darf ich heute aufs Bett?")) }
        }
    }
}
