//! The pages of the week: what must be known for a plan, the seven days with their ticks, and the reasons.
//!
//! [`planner`](host::planner) says where a person stands; `page` shows it, `ask` asks what is open, `server`
//! hears the browser. A form that was filled in is answered with a way on (303), so a reload does nothing
//! twice, and ticks of a week that runs no more are told so.

mod ask;
mod page;
mod server;
mod style;
#[cfg(test)]
mod tests;

use care::week::Weekday;
use care::{Findings, Language};
use maud::{Markup, html};
use std::borrow::Cow;

pub(crate) use page::{amount, place_of};
pub(super) use server::{begin_for, routes};
pub(super) use style::CSS;

use super::interview::carried;
use super::{link, say};

/// Where these pages stand.
const HERE: &str = "/week";

/// The button that keeps what was told and goes on to the plan.
pub(super) fn begin_button(told: &Findings, language: Language) -> Markup {
    html! {
        form method="post" action=(link("/week/begin", language)) {
            (carried(told))
            button type="submit" { (say(language, "Keep these answers and plan my week", "Diese Antworten behalten und meine Woche planen")) }
        }
    }
}

/// The name of a day of the week.
fn weekday(day: Weekday, language: Language) -> Cow<'static, str> {
    match day {
        Weekday::Monday => language.say("Monday", "Montag"),
        Weekday::Tuesday => language.say("Tuesday", "Dienstag"),
        Weekday::Wednesday => language.say("Wednesday", "Mittwoch"),
        Weekday::Thursday => language.say("Thursday", "Donnerstag"),
        Weekday::Friday => language.say("Friday", "Freitag"),
        Weekday::Saturday => language.say("Saturday", "Samstag"),
        Weekday::Sunday => language.say("Sunday", "Sonntag"),
    }
}
