//! What is asked before a week: open rows of the screening table, and wishes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use care::Language;
use care::week::{MINUTES_MAX, Massage, Weekday, Wishes};
use maud::{Markup, html};

use super::super::interview::{TICK, given};
use super::super::{Page, bed, link, now::english_beside, say};
use super::{HERE, weekday};
use host::entry_form::Fields;
use host::planner::{Ready, Running};

/// Minutes a day to choose from.
///
/// Design: quarters of the most that a plan asks for.
const MINUTES: [u8; 4] = [5, 10, 15, MINUTES_MAX];

/// The answers to the rows that the form showed: what is not ticked is a "no".
pub(super) fn rows_of(fields: &Fields) -> BTreeMap<String, bool> {
    let ticked = given(fields, TICK);
    given(fields, "row").into_iter().map(|row| (row.to_owned(), ticked.contains(&row))).collect()
}

/// The wishes of a form; `None` where it is none of ours.
pub(super) fn wishes_of(fields: &Fields) -> Option<Wishes> {
    let minutes_a_day =
        given(fields, "minutes").first()?.parse().ok().filter(|minutes| *minutes <= MINUTES_MAX)?;
    let quiet =
        given(fields, "quiet").into_iter().map(|day| Weekday::ALL.get(day.parse::<usize>().ok()?).copied());
    let massage = match given(fields, "massage").first() {
        None | Some(&"none") => Massage::None,
        Some(&"hand") => Massage::Hand,
        Some(&"bed") => Massage::Bed,
        Some(_) => return None,
    };
    Some(Wishes { minutes_a_day, quiet: quiet.collect::<Option<_>>()?, massage })
}

/// The form before a week.
pub(super) fn form(ready: &Ready, language: Language) -> Markup {
    html! {
        form.diary method="post" action=(link("/week/plan", language)) autocomplete="off" {
            @if !ready.open.is_empty() { (rows(&ready.open, language)) }
            (wishes(&ready.wishes, language))
            div.choose { button.keep type="submit" { (say(language, "Make my week", "Meine Woche planen")) } }
        }
    }
}

/// The wishes alone, while a week runs.
pub(super) fn wishes_page(running: &Running, language: Language) -> Page {
    let title = language.say("Minutes, massage and quiet days", "Minuten, Massage und Ruhetage");
    let body = html! {
        h1 { (title) }
        p {
            @if running.past.ticked.is_empty() {
                (say(language, "Nothing is ticked yet, so your week is made anew from today.", "Noch ist nichts abgehakt, darum wird Ihre Woche ab heute neu geplant."))
            } @else {
                (say(language, "This week stays as it is, with your ticks. The change counts for the next one.", "Diese Woche bleibt, wie sie ist, mit Ihren Haken. Die Änderung gilt für die nächste."))
            }
        }
        form.diary method="post" action=(link("/week/plan", language)) autocomplete="off" {
            (wishes(&running.wishes, language))
            div.choose { button.keep type="submit" { (say(language, "Keep this", "Behalten")) } }
        }
        p { a href=(link(HERE, language)) { (say(language, "Back to my week", "Zurück zu meiner Woche")) } }
    };
    Page::new(title.clone(), "/week/wishes", body)
}

fn rows(open: &[&str], language: Language) -> Markup {
    let rows = open.iter().filter_map(|id| care::questions().iter().find(|row| row.id == **id));
    html! {
        fieldset {
            legend { (say(language, "Does any of this fit you? Tick it. If you are not sure, tick it too.", "Trifft etwas davon auf Sie zu? Kreuzen Sie es an. Wenn Sie unsicher sind, auch.")) }
            p.quiet { (say(language, "It says which exercises are left out. What stays empty counts as no, and holds for today or up to 30 days.", "Es sagt, welche Übungen wegbleiben. Was leer bleibt, gilt als Nein, für heute oder bis zu 30 Tage.")) }
            ul.ticks {
                @for row in rows {
                    li {
                        input type="hidden" name="row" value=(row.id);
                        label {
                            input type="checkbox" name=(TICK) value=(row.id);
                            span { (row.ask.of(language)) @if row.tier == care::Tier::Emergency { (english_beside(&row.ask.en, language)) } }
                        }
                    }
                }
            }
        }
    }
}

fn wishes(wishes: &Wishes, language: Language) -> Markup {
    let chosen =
        MINUTES.into_iter().filter(|minutes| *minutes <= wishes.minutes_a_day).max().unwrap_or(MINUTES[0]);
    html! {
        fieldset {
            legend { (say(language, "How many minutes a day, at most?", "Wie viele Minuten am Tag, höchstens?")) }
            div.chips {
                @for minutes in MINUTES {
                    label.chip { input type="radio" name="minutes" value=(minutes) checked[minutes == chosen]; span { (minutes) } }
                }
            }
        }
        fieldset {
            legend { (say(language, "A massage now and then?", "Ab und zu eine Massage?")) }
            div.chips {
                @for (value, by, words) in massages(language) {
                    label.chip { input type="radio" name="massage" value=(value) checked[by == wishes.massage]; span { (words) } }
                }
            }
            p.quiet { (say(language, "It comes into the week only if your answers of today allow one: ", "Sie kommt nur in die Woche, wenn Ihre Antworten von heute es erlauben: "))
                a href=(link(bed::HERE, language)) { (say(language, "May I use the bed today?", "Darf ich heute aufs Bett?")) } }
        }
        fieldset {
            legend { (say(language, "Days without a plan, if you want some", "Tage ohne Plan, wenn Sie welche möchten")) }
            div.chips {
                @for (n, day) in Weekday::ALL.into_iter().enumerate() {
                    label.chip { input type="checkbox" name="quiet" value=(n) checked[wishes.quiet.contains(&day)]; span { (weekday(day, language)) } }
                }
            }
        }
    }
}

/// What can be wished: value of the field, by whom, words.
fn massages(language: Language) -> [(&'static str, Massage, Cow<'static, str>); 3] {
    [
        ("none", Massage::None, language.say("None", "Keine")),
        ("hand", Massage::Hand, language.say("By hand", "Von Hand")),
        ("bed", Massage::Bed, language.say("On the bed", "Auf dem Bett")),
    ]
}
