//! Where a person stands with the plan, and the seven days.

use care::exercise::exercise;
use care::topic::Source;
use care::week::{Item, Massage, NoPlan, Past, Reason, Tick, Version, Weekday, What};
use care::{Day, Language};
use maud::{Markup, html};

use super::super::diary::{day_words, status};
use super::super::interview::TICK;
use super::super::now::{english_beside, numbers};
use super::super::{Page, bed, exercises, link, read, say};
use super::{HERE, ask, weekday};
use host::planner::{Ready, Running, Stage};

/// The page for where the person stands; `done` says what was just done.
pub(super) fn page(stage: &Stage, today: Day, done: Option<Markup>, language: Language) -> Page {
    let title = match stage {
        Stage::Ready(Ready { last: Some(_), .. }) => language.say("My next week", "Meine nächste Woche"),
        _ => language.say("My week", "Meine Woche"),
    };
    let body = html! {
        h1 { (title) }
        @if let Some(done) = done { (done) }
        @match stage {
            Stage::NoInterview => (no_interview(language)),
            Stage::OldInterview(day) => {
                p { (say(language, "Your answers are from ", "Ihre Antworten sind vom ")) (day_words(*day, language))
                    (say(language, ". That is too long ago: much can change in a month.", ". Das ist zu lange her: In einem Monat kann sich viel ändern.")) }
                (again(language))
            }
            Stage::Refused(no) => (refused(no, language)),
            Stage::Ready(ready) => (before(ready, today, language)),
            Stage::Running(running) => (week(running, language)),
        }
    };
    Page::new(title.clone(), HERE, body)
}

/// The page that says what went wrong.
pub(super) fn trouble(words: &Markup, language: Language) -> Page {
    let title = language.say("The plan cannot do this", "Das kann der Plan nicht");
    let body = html! {
        h1 { (title) }
        div.alarmed role="alert" { (words) }
        p { a href=(link(HERE, language)) { (say(language, "To my week", "Zu meiner Woche")) } }
    };
    Page::new(title.clone(), HERE, body)
}

pub(super) fn not_understood(language: Language) -> Markup {
    html! { p { (say(language, "This form could not be understood. Nothing was changed.", "Dieses Formular war nicht zu verstehen. Nichts wurde geändert.")) } }
}

/// What was just done.
pub(super) fn done(done: &str, language: Language) -> Option<Markup> {
    let (en, de) = match done {
        "begun" => ("Your answers are kept.", "Ihre Antworten sind aufbewahrt."),
        "made" => ("Your week is made.", "Ihre Woche ist geplant."),
        "wishes" => (
            "Kept. It counts for the next week; this one stays as it is.",
            "Behalten. Es gilt für die nächste Woche; diese bleibt, wie sie ist.",
        ),
        "ticked" => ("Your ticks are kept.", "Ihre Haken sind behalten."),
        "stale" => (
            "Nothing was ticked: the plan has changed since that page was shown. Please tick it here.",
            "Nichts wurde abgehakt: Der Plan hat sich geändert, seit jene Seite gezeigt wurde. Bitte haken Sie hier ab.",
        ),
        "early" => (
            "Nothing was ticked: that day has not come yet.",
            "Nichts wurde abgehakt: Dieser Tag ist noch nicht da.",
        ),
        "not_yet" => {
            ("No week was made; below stands why.", "Es wurde keine Woche geplant; unten steht, warum.")
        }
        "not_understood" => (
            "This form could not be understood. Nothing was changed.",
            "Dieses Formular war nicht zu verstehen. Nichts wurde geändert.",
        ),
        _ => return None,
    };
    Some(status(&say(language, en, de)))
}

fn no_interview(language: Language) -> Markup {
    html! {
        p { (say(language, "A plan of at most 20 minutes a day: a few drawn exercises, a walk, a calm moment. You tick what you did, and the next week follows from that and from your diary.", "Ein Plan mit höchstens 20 Minuten am Tag: ein paar gezeichnete Übungen, ein Weg zu Fuß, ein ruhiger Moment. Sie haken ab, was Sie gemacht haben; daraus und aus Ihrem Tagebuch folgt die nächste Woche.")) }
        ol.lines {
            li { (say(language, "Answer the questions. The signs of an emergency come first.", "Beantworten Sie die Fragen. Die Zeichen für einen Notfall kommen zuerst.")) }
            li { (say(language, "Press “Keep these answers and plan my week” at the end.", "Drücken Sie am Ende „Diese Antworten behalten und meine Woche planen“.")) }
            li { (say(language, "Say how many minutes you want to give it.", "Sagen Sie, wie viele Minuten Sie geben möchten.")) }
        }
        (again(language))
    }
}

fn again(language: Language) -> Markup {
    html! { p { a.act href=(link("/now", language)) { (say(language, "Answer the questions", "Die Fragen beantworten")) } } }
}

fn refused(no: &NoPlan, language: Language) -> Markup {
    let reason = no.reason();
    let rows: &[String] = match no {
        NoPlan::AskDoctor(rows) => rows,
        _ => &[],
    };
    html! {
        div.alarmed role="alert" {
            p { strong { (reason.words.of(language)) } (english_beside(&reason.words.en, language)) }
            @if *no == NoPlan::Urgent(care::Urgency::Emergency) { (numbers(language)) }
            @if !rows.is_empty() {
                ul.lines {
                    @for row in care::questions().iter().filter(|row| rows.contains(&row.id)) {
                        li { (row.advice.of(language)) (english_beside(&row.advice.en, language)) }
                    }
                }
            }
        }
        p { (say(language, "If this no longer fits, or you ticked it by mistake: answer again.", "Wenn das nicht mehr stimmt oder Sie es aus Versehen angekreuzt haben: Antworten Sie noch einmal.")) }
        (again(language))
    }
}

/// What stands before a week: the last one, and the questions.
fn before(ready: &Ready, today: Day, language: Language) -> Markup {
    html! {
        @if ready.changed {
            p { (say(language, "You gave new answers, so the plan you had no longer counts. A new one starts today.", "Sie haben neue Antworten gegeben, darum gilt Ihr Plan nicht mehr. Ein neuer beginnt heute.")) }
        } @else if let Some(last) = &ready.last {
            p { (say(language, "Your week is over. ", "Ihre Woche ist vorbei. ")) (progress(last, language)) }
            p { (say(language, "The next one follows from your ticks and from the pain in your diary, and says why.", "Die nächste folgt aus Ihren Haken und aus dem Schmerz in Ihrem Tagebuch und sagt, warum.")) }
        } @else {
            p { (say(language, "One list and a few wishes, then your week is ready.", "Eine Liste und ein paar Wünsche, dann ist Ihre Woche fertig.")) }
        }
        (ask::form(ready, language))
        @if let Some(last) = ready.last.as_ref().filter(|_| !ready.changed) {
            h2 { (say(language, "The week before", "Die Woche davor")) }
            p.quiet { (say(language, "Forgot to tick something? You still can.", "Etwas vergessen abzuhaken? Das geht noch.")) }
            (days(last, 7, today, language))
        }
    }
}

fn week(running: &Running, language: Language) -> Markup {
    let past = &running.past;
    let today = Day(past.week.first.0.saturating_add(running.today.into()));
    html! {
        p { (progress(past, language)) }
        (days(past, running.today, today, language))
        p.noprint {
            a href=(link("/week/wishes", language)) { (say(language, "Change minutes, massage or quiet days", "Minuten, Massage oder Ruhetage ändern")) }
            " · "
            a href=(link("/diary/new/day", language)) { (say(language, "Write today’s pain down", "Den Schmerz von heute notieren")) }
        }
        p.alarmed { (say(language, "Stop when pain grows or runs down a leg. New numbness or weakness, or trouble with bladder or bowel: see the signs of an emergency.", "Hören Sie auf, wenn der Schmerz zunimmt oder ins Bein zieht. Neue Taubheit oder Schwäche oder Probleme mit Blase oder Darm: Sehen Sie die Notfallzeichen an."))
            (english_beside("Stop when pain grows or runs down a leg. New numbness or weakness, or trouble with bladder or bowel: see the signs of an emergency.", language))
            " " a href=(link("/now", language)) { (say(language, "Signs of an emergency", "Notfallzeichen")) } }
        (because(&past.week.because, language))
    }
}

/// How much is ticked, in words and as a bar.
fn progress(past: &Past, language: Language) -> Markup {
    let things = past.week.days.iter().map(Vec::len).sum::<usize>();
    let ticked = past
        .ticked
        .iter()
        .filter(|tick| {
            past.week.days.get(usize::from(tick.day)).is_some_and(|day| usize::from(tick.item) < day.len())
        })
        .count();
    let words = language.say("TICKED of THINGS ticked", "TICKED von THINGS abgehakt");
    let words = words.replace("TICKED", &ticked.to_string()).replace("THINGS", &things.to_string());
    html! { span.progress { (words) " " @if things > 0 { progress max=(things) value=(ticked) aria-label=(words) {} } } }
}

/// The seven days from today on; those that are gone stand behind them.
fn days(past: &Past, open: u8, today: Day, language: Language) -> Markup {
    html! {
        div.week {
            @for (n, items) in (0_u8..).zip(&past.week.days) {
                details.day.today[n == open] open[n == open || open == 7] id={ "day-" (n) } {
                    summary { (heading(past, n, items, open, language)) }
                    (day(past, n, items, today, language))
                }
            }
        }
    }
}

fn heading(past: &Past, n: u8, items: &[Item], today: u8, language: Language) -> Markup {
    let day = Day(past.week.first.0.saturating_add(n.into()));
    let done =
        past.ticked.iter().filter(|tick| tick.day == n && usize::from(tick.item) < items.len()).count();
    html! {
        strong { (weekday(Weekday::of(day), language)) @if n == today { (say(language, ", today", ", heute")) } }
        " "
        span.quiet {
            @if items.is_empty() {
                (say(language, "free", "frei"))
            } @else {
                (past.week.minutes(n.into())) " " (say(language, "minutes", "Minuten"))
                @if n <= today { " · " (done) "/" (items.len()) }
            }
        }
    }
}

fn day(past: &Past, n: u8, items: &[Item], today: Day, language: Language) -> Markup {
    let day = Day(past.week.first.0.saturating_add(n.into()));
    let come = day <= today;
    let ticked = |item: u8| past.ticked.contains(&Tick { day: n, item });
    let list = html! {
        ul.todo {
            @for (number, one) in (0_u8..).zip(items) {
                (item(one, &format!("{n}-{number}"), come.then(|| (number, ticked(number))), language))
            }
        }
    };
    html! {
        @if items.is_empty() {
            p.quiet { (say(language, "Nothing is planned. A short walk does good all the same.", "Nichts ist geplant. Ein kurzer Weg tut trotzdem gut.")) }
        } @else if come {
            form method="post" action=(link(&format!("/week/day/{n}"), language)) autocomplete="off" {
                input type="hidden" name="first" value=(past.week.first);
                (list)
                div.choose.noprint { button type="submit" { (say(language, "Save the ticks of ", "Haken behalten: ")) (weekday(Weekday::of(day), language)) } }
            }
        } @else {
            (list)
        }
    }
}

/// One thing to do; with a box where it can be ticked.
fn item(item: &Item, place: &str, tick: Option<(u8, bool)>, language: Language) -> Markup {
    let shown = exercise(item.what.name());
    let title = item.what.title();
    let body = html! {
        span.picture { @if let Some(one) = shown { (exercises::drawing(one, place, language)) } }
        span.words {
            strong { (title.of(language)) }
            span.quiet { (amount(item, language)) }
        }
    };
    html! {
        li {
            @match tick {
                Some((number, ticked)) => {
                    label {
                        input type="checkbox" name=(TICK) value=(number) checked[ticked];
                        (body)
                    }
                }
                None => div.plain { (body) },
            }
            p.how {
                @if let What::Exercise { version, .. } = &item.what && let Some(one) = shown {
                    @match version {
                        Version::Easier => { (say(language, "Easier: ", "Leichter: ")) (one.easier.of(language)) " " }
                        Version::Harder => { (say(language, "Harder: ", "Schwerer: ")) (one.harder.of(language)) " " }
                        Version::Normal => {}
                    }
                }
                a href=(link(&place_of(&item.what), language)) aria-label={ (say(language, "How it is done: ", "Wie es geht: ")) (title.of(language)) } {
                    (say(language, "How it is done", "Wie es geht"))
                }
            }
        }
    }
}

/// How much and how long.
pub(crate) fn amount(item: &Item, language: Language) -> String {
    let minutes = match item.minutes {
        1 => format!("1 {}", language.say("minute", "Minute")),
        minutes => format!("{minutes} {}", language.say("minutes", "Minuten")),
    };
    match &item.what {
        What::Exercise { dose, .. } => {
            format!("{} · {minutes}", exercises::amount_words(*dose, language))
        }
        What::Breaks { interval_min } => {
            let words = language.say("every MINUTES minutes", "alle MINUTES Minuten");
            words.replace("MINUTES", &interval_min.to_string())
        }
        What::Walk | What::Massage(_) => minutes,
    }
}

pub(crate) fn place_of(what: &What) -> String {
    match what {
        What::Breaks { .. } => "/breaks".to_owned(),
        What::Massage(Massage::Bed) => bed::HERE.to_owned(),
        What::Massage(_) => "/topic/massage".to_owned(),
        What::Exercise { .. } | What::Walk if exercise(what.name()).is_some() => {
            format!("/exercises/{}", what.name())
        }
        What::Exercise { .. } | What::Walk => "/exercises".to_owned(),
    }
}

/// The reasons with what they rest on.
fn because(reasons: &[Reason], language: Language) -> Markup {
    let mut list: Vec<Source> = Vec::new();
    for text in reasons.iter().flat_map(|reason| &reason.sources) {
        if !list.iter().any(|source| source.text == *text) {
            list.push(Source { key: format!("week-{}", list.len() + 1), text: text.clone() });
        }
    }
    let keys = |reason: &Reason| -> Vec<String> {
        list.iter()
            .filter(|source| reason.sources.contains(&source.text))
            .map(|source| source.key.clone())
            .collect()
    };
    html! {
        h2 id="why" { (say(language, "Why the week looks like this", "Warum die Woche so aussieht")) }
        ul.lines {
            @for reason in reasons {
                li { (reason.words.of(language)) " " (read::mark(reason.evidence, &keys(reason), &list, language)) }
            }
        }
        (read::sources(&list, language))
    }
}
