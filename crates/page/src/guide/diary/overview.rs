//! The diary at a glance: how it goes, what goes with the spasms, what was written last.

use std::collections::BTreeMap;

use care::diary::{DayRecord, Diary, Entry, Record, change_words, minutes_text, pain_words};
use care::scores;
use care::triggers::{self, EPISODES_MIN, Verdict};
use care::{Day, Language};
use maud::{Markup, PreEscaped, html};

use super::super::{Page, link, say};
use super::{day_words, form, status};
use host::diary_plot::{self, Days, Plot};
use host::entry_form::Kind;

/// Days of the table.
///
/// Design: two weeks, as the course compares one with another.
const TABLE_DAYS: u32 = 14;

/// Entries that the overview lists.
const LISTED: usize = 12;

/// The page behind "my diary"; `done` says what was just done.
pub(super) fn page(diary: &Diary, today: Day, done: Option<Markup>, language: Language) -> Page {
    let title = language.say("My diary", "Mein Tagebuch");
    let body = html! {
        h1 { (title) }
        @if let Some(done) = done { (done) }
        (acts(diary, today, language))
        @if diary.current().next().is_some() {
            h2 { (say(language, "How it goes", "Wie es läuft")) }
            (course(diary, language))
            (drawings(diary, language)) (table(diary, today, language))
            h2 id="goes-with" { (say(language, "What goes with my spasms", "Was mit meinen Krämpfen einhergeht")) }
            (goes_with(diary, language))
            h2 { (say(language, "Last entries", "Letzte Einträge")) }
            ul.entries { @for entry in newest(diary).into_iter().take(LISTED) { (form::line(entry, language)) } }
            p.noprint { a href=(link("/diary/all", language)) { (say(language, "Everything, also what was withdrawn", "Alles, auch Zurückgenommenes")) } }
        } @else {
            p { (say(language, "Nothing is written down yet. One minute a day is enough: pain, sleep, sitting, and what your back went through.", "Noch steht nichts da. Eine Minute am Tag genügt: Schmerz, Schlaf, Sitzen und was der Rücken mitgemacht hat.")) }
        }
        h2.noprint { (say(language, "Your own, on your own computer", "Ihres, auf Ihrem Computer")) }
        ul.lines.noprint {
            li { a href=(link("/diary/export.csv", language)) download { (say(language, "Take it with you: a table for any spreadsheet (CSV)", "Mitnehmen: als Tabelle für jede Tabellenkalkulation (CSV)")) } }
            li { a href=(link("/diary/carry", language)) { (say(language, "For a clinic (FHIR), or bring a diary in", "Für eine Praxis (FHIR), oder ein Tagebuch hereinholen")) } }
            li { a href=(link("/diary/erase", language)) { (say(language, "Erase everything", "Alles löschen")) } }
        }
    };
    Page { title, here: "/diary".to_owned(), body }
}

/// Everything that stands in the diary, and what was withdrawn.
pub(super) fn everything(diary: &Diary, language: Language) -> Page {
    let title = language.say("Everything in the diary", "Alles im Tagebuch");
    let mut last: BTreeMap<u32, &Entry> = BTreeMap::new();
    for entry in diary.entries() {
        last.insert(entry.item, entry);
    }
    let withdrawn: Vec<&Entry> = last.into_values().filter(|entry| entry.record.is_none()).collect();
    let body = html! {
        h1 { (title) }
        ul.entries { @for entry in newest(diary) { (form::line(entry, language)) } }
        @if !withdrawn.is_empty() {
            h2 { (say(language, "Withdrawn", "Zurückgenommen")) }
            ul.entries { @for entry in withdrawn {
                li.withdrawn {
                    span.when { (day_words(entry.day, language)) }
                    a href=(link(&format!("/diary/item/{}", entry.item), language)) {
                        (say(language, "look, or bring back", "ansehen oder zurückholen")) " (" (entry.item) ")"
                    }
                }
            } }
        }
        p.noprint { a href=(link("/diary", language)) { (say(language, "Back to the diary", "Zurück zum Tagebuch")) } }
    };
    Page { title, here: "/diary/all".to_owned(), body }
}

/// The current entries, the newest day first.
fn newest(diary: &Diary) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = diary.current().collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.day, entry.item)));
    entries
}

fn acts(diary: &Diary, today: Day, language: Language) -> Markup {
    let new = |kind: Kind| link(&format!("/diary/new/{}", kind.id()), language);
    let written = diary
        .current()
        .find(|entry| entry.day == today && matches!(entry.record, Some(Record::Day(_))))
        .map(|entry| link(&format!("/diary/item/{}", entry.item), language));
    html! {
        ul.acts.noprint {
            @if let Some(written) = written {
                li { a href=(written) { (say(language, "Today", "Heute")) small { (say(language, "is kept; change it", "steht da; ändern")) } } }
                li { a href=(new(Kind::Day)) { (say(language, "An earlier day", "Ein früherer Tag")) small { (say(language, "fill a gap", "eine Lücke füllen")) } } }
            } @else {
                li { a href=(new(Kind::Day)) { (say(language, "Today", "Heute")) small { (say(language, "one minute", "eine Minute")) } } }
            }
            li { a href=(new(Kind::Episode)) { (say(language, "A spasm", "Ein Krampf")) small { (say(language, "where, how strong", "wo, wie stark")) } } }
            li { a href=(new(Kind::Session)) { (say(language, "A session", "Eine Anwendung")) small { (say(language, "bed or massage", "Bett oder Massage")) } } }
            li { a href=(new(Kind::Roland)) { (say(language, "A score", "Ein Wert")) small { (say(language, "Roland-Morris, 0 to 24", "Roland-Morris, 0 bis 24")) } } }
        }
    }
}

/// Pain and disability against the smallest change that matters.
fn course(diary: &Diary, language: Language) -> Markup {
    let pain = scores::pain_course(&diary.pains());
    let roland = scores::roland_course(&diary.rolands());
    html! {
        p { strong { (say(language, "Pain: ", "Schmerz: ")) } (pain_words(pain, language)) }
        p.quiet { (change_words(language)) }
        @if let Some(roland) = roland { p { strong { (say(language, "Roland-Morris: ", "Roland-Morris: ")) } (roland.words(language)) } }
    }
}

/// Drawings of the last quarter of a year, of what was written down.
fn drawings(diary: &Diary, language: Language) -> Markup {
    const DAYS: u32 = 91;
    let Some(days) = Days::of(diary, DAYS) else { return html! {} };
    let habit =
        |day: &DayRecord| day.sleep_min.is_some() || day.activity_min.is_some() || day.stress.is_some();
    let mut plots: Vec<Plot> = Vec::new();
    if !diary.pains().is_empty() {
        plots.push(diary_plot::pain(diary, days, language));
    }
    if !diary.rolands().is_empty() {
        plots.push(diary_plot::disability(diary, days, language));
    }
    if diary.days().any(|(_, day)| habit(day)) {
        plots.push(diary_plot::habits(diary, days, language));
    }
    html! { @for plot in &plots { div.card { (PreEscaped(plot.html())) } } }
}

/// The last two weeks.
fn table(diary: &Diary, today: Day, language: Language) -> Markup {
    let days: BTreeMap<Day, _> = diary.days().collect();
    let first = today.0.saturating_sub(TABLE_DAYS - 1);
    let spasm = |day: Day| {
        diary.episodes().any(|(start, episode)| start <= day && day <= episode.last.unwrap_or(today))
    };
    let rows: Vec<Day> =
        (first..=today.0).rev().map(Day).filter(|day| days.contains_key(day) || spasm(*day)).collect();
    let head = [
        ("Day", "Tag"),
        ("Pain", "Schmerz"),
        ("Stress", "Stress"),
        ("Slept", "Schlaf"),
        ("Sat", "Gesessen"),
        ("Spasm", "Krampf"),
    ];
    html! {
        @if !rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(say(language, "The last two weeks", "Die letzten zwei Wochen")) { table.narrow {
                caption { (say(language, "The last two weeks", "Die letzten zwei Wochen")) }
                thead { tr { @for (en, de) in head { th scope="col" { (say(language, en, de)) } } } }
                tbody { @for day in rows {
                    @let record = days.get(&day);
                    tr {
                        th scope="row" { (day_words(day, language)) }
                        td { @if let Some(pain) = record.and_then(|record| record.pain) {
                            @let pain = u8::from(pain);
                            (pain) " " meter min="0" max="10" value=(pain) aria-label=(say(language, "Pain", "Schmerz")) {}
                        } }
                        td { @if let Some(stress) = record.and_then(|record| record.stress) { (u8::from(stress)) } }
                        td { @if let Some(minutes) = record.and_then(|record| record.sleep_min) { (minutes_text(minutes)) } }
                        td { @if let Some(minutes) = record.and_then(|record| record.sitting_min) { (minutes_text(minutes)) } }
                        td { @if spasm(day) { (say(language, "spasm", "Krampf")) } }
                    }
                } }
            } }
        }
    }
}

fn goes_with(diary: &Diary, language: Language) -> Markup {
    let analysis = triggers::goes_with(diary);
    let in_time = analysis.episodes - analysis.episodes_late;
    let enough = analysis.associations.iter().any(|found| found.episodes >= EPISODES_MIN);
    // What was found stands first.
    let mut found: Vec<_> = analysis.associations.iter().collect();
    found.sort_by_key(|found| !matches!(found.verdict, Verdict::MoreSpasms | Verdict::FewerSpasms));
    let counted =
        |en, de, hole: &str, number: usize| say(language, en, de).replace(hole, &number.to_string());
    html! {
        @if enough {
            div.card { (PreEscaped(diary_plot::triggers(&analysis, language).html())) }
            ul.claims {
                @for found in found {
                    li { p { strong { (found.trigger.name(language)) } } p { (found.words(language)) } }
                }
            }
            p.quiet { (say(language, "This shows what goes together, not what causes what. Looking again and again finds something by chance; believe what stays.", "Das zeigt, was zusammen auftritt, nicht, was was verursacht. Wer immer wieder hinsieht, findet durch Zufall etwas; glauben Sie, was bleibt.")) }
        } @else {
            p { (counted("Not enough yet: COUNT of LEAST episodes.", "Noch nicht genug: COUNT von LEAST Krämpfen.", "COUNT", in_time).replace("LEAST", &EPISODES_MIN.to_string())) " "
                (say(language, "Each spasm is compared with other days of yours, so the days between count as much: write them down too.", "Jeder Krampf wird mit anderen Ihrer Tage verglichen; die Tage dazwischen zählen also ebenso: Schreiben Sie auch sie auf.")) }
        }
        @if analysis.days_late > 0 {
            p.quiet { (counted("COUNT days were written down later and are not compared: a spasm colours memory.", "COUNT Tage wurden später aufgeschrieben und nicht verglichen: Ein Krampf färbt die Erinnerung.", "COUNT", analysis.days_late)) }
        }
        @if analysis.episodes_late > 0 {
            p.quiet { (counted("COUNT spasms were written down more than a week later and are left out.", "COUNT Krämpfe wurden mehr als eine Woche später aufgeschrieben und bleiben außen vor.", "COUNT", analysis.episodes_late)) }
        }
    }
}

/// What was just done, from the address that a form led to.
pub(super) fn done(what: &str, item: Option<u32>, language: Language) -> Option<Markup> {
    let words = match what {
        "kept" => say(language, "Kept.", "Behalten."),
        "corrected" => say(
            language,
            "Changed. The earlier version stays in the history.",
            "Geändert. Die frühere Fassung bleibt im Verlauf.",
        ),
        "withdrawn" => {
            say(language, "Withdrawn. You can bring it back.", "Zurückgenommen. Sie können es zurückholen.")
        }
        "undone" => say(language, "The version before stands again.", "Die Fassung davor gilt wieder."),
        "stale" => say(
            language,
            "It was changed in another window meanwhile, so nothing was done. Here is how it stands.",
            "Es wurde inzwischen in einem anderen Fenster geändert; darum geschah nichts. So steht es jetzt.",
        ),
        "brought" => say(
            language,
            "Brought in and kept. You can take it back.",
            "Hereingeholt und behalten. Sie können es zurücknehmen.",
        ),
        "nothing_there" => {
            say(language, "There is nothing to take with you yet.", "Es gibt noch nichts mitzunehmen.")
        }
        "nothing_new" => say(language, "There was nothing new in it.", "Es war nichts Neues darin."),
        "taken_back" => say(
            language,
            "The import is taken back. What it brought stands among what was withdrawn.",
            "Der Import ist zurückgenommen. Was er brachte, steht beim Zurückgenommenen.",
        ),
        "erased" => say(
            language,
            "Everything is erased: every file was overwritten, then removed. Copies in backups are not reached; erase those there.",
            "Alles ist gelöscht: Jede Datei wurde überschrieben, dann entfernt. Kopien in Sicherungen sind nicht erreicht; löschen Sie diese dort.",
        ),
        _ => return None,
    };
    Some(html! {
        (status(&words))
        @if let Some(item) = item {
            p.noprint { a href=(link(&format!("/diary/item/{item}"), language)) { (say(language, "Look at it, change it or take it back", "Ansehen, ändern oder zurücknehmen")) } }
        }
    })
}
