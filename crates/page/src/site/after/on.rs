//! What comes after a session: today's next thing of the care plan, and the way to the week.

use care::Language;
use care::week::Tick;
use host::planner::{Running, Stage};
use maud::{Markup, html};

use crate::guide::{link, say, week};

/// The care plan, as far as today goes.
pub(super) fn today(stage: &Stage, language: Language) -> Markup {
    let (words, act) = match stage {
        Stage::Running(running) => {
            return html! {
                h2 { (title(language)) }
                (next_thing(running, language))
                p { a.act href=(link("/week", language)) { (say(language, "My week", "Meine Woche")) } }
            };
        }
        Stage::Ready(_) => (
            say(
                language,
                "A week of at most 20 minutes a day can be made for you: exercises, walks, calm. It follows from what you told.",
                "Für Sie kann eine Woche mit höchstens 20 Minuten am Tag geplant werden: Übungen, Wege, Ruhe. Sie folgt aus dem, was Sie gesagt haben.",
            ),
            say(language, "Plan my week", "Meine Woche planen"),
        ),
        Stage::NoInterview | Stage::OldInterview(_) => (
            say(
                language,
                "A plan for your week needs your answers first.",
                "Für einen Wochenplan braucht es zuerst Ihre Antworten.",
            ),
            say(language, "To my week", "Zu meiner Woche"),
        ),
        Stage::Refused(_) => (
            say(
                language,
                "Your answers allow no plan just now. Your week says why, and what to do.",
                "Ihre Antworten erlauben gerade keinen Plan. Ihre Woche sagt, warum, und was zu tun ist.",
            ),
            say(language, "To my week", "Zu meiner Woche"),
        ),
    };
    html! {
        h2 { (title(language)) }
        p { (words) }
        p { a.act href=(link("/week", language)) { (act) } }
    }
}

fn title(language: Language) -> std::borrow::Cow<'static, str> {
    say(language, "Your care plan", "Ihr Plan")
}

/// The first thing of today that is not ticked.
fn next_thing(running: &Running, language: Language) -> Markup {
    let past = &running.past;
    let items = past.week.days.get(usize::from(running.today)).map_or(&[][..], Vec::as_slice);
    let open = |item: u8| !past.ticked.contains(&Tick { day: running.today, item });
    let next = (0_u8..).zip(items).find(|(number, _)| open(*number)).map(|(_, item)| item);
    html! {
        @match next {
            Some(item) => {
                p {
                    (say(language, "Next today: ", "Als Nächstes heute: "))
                    a href=(link(&week::place_of(&item.what), language)) { strong { (item.what.title().of(language)) } }
                    ", " (week::amount(item, language)) "."
                }
            }
            None if items.is_empty() => { p { (say(language, "Today is free.", "Heute ist frei.")) } }
            None => { p { (say(language, "Everything for today is done.", "Für heute ist alles getan.")) } }
        }
    }
}
