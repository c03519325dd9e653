//! One item: how it stands, how it stood, and the ways to change it. And the end of everything.

use care::Language;
use care::diary::{Diary, Entry};
use maud::{Markup, html};

use super::super::{Page, link, say};
use super::day_words;
use super::form::{self, Form};
use host::entry_form;
use host::entry_form::{Fields, Kind};

/// Every version of an item, oldest first.
pub(super) fn versions(diary: &Diary, item: u32) -> Vec<&Entry> {
    diary.entries().iter().filter(|entry| entry.item == item).collect()
}

/// The kind of an item, and what its form tells as it stands (or stood, if it was withdrawn).
pub(super) fn told(diary: &Diary, item: u32) -> Option<(Kind, Fields)> {
    let versions = versions(diary, item);
    let entry = versions.iter().rev().find(|entry| entry.record.is_some())?;
    let record = entry.record.as_ref()?;
    Some((Kind::of(record), entry_form::write(entry.day, record)))
}

/// The page of an item.
pub(super) fn page(
    item: u32,
    form: &Form,
    before: Option<&Markup>,
    trouble: Option<&Markup>,
) -> Option<Page> {
    let language = form.language;
    let versions = versions(form.diary, item);
    let now = *versions.last()?;
    let stood = versions.iter().rev().find(|entry| entry.record.is_some())?;
    let title = format!("{}: {}", day_words(now.day, language), stood.record.as_ref()?.kind(language));
    let here = format!("/diary/item/{item}");
    let body = html! {
        h1 { (title) }
        @if let Some(before) = before { (before) }
        @if now.record.is_some() {
            (form::alerts(form, trouble))
            form.diary method="post" action=(link(&here, language)) autocomplete="off" {
                input type="hidden" name="seen" value=(versions.len());
                (form.rows())
                (form::keep_button(language))
            }
        } @else {
            @if let Some(trouble) = trouble { div.alarmed role="alert" { (trouble) } }
            p { (say(language, "This was withdrawn. It counts nowhere, and can be brought back.", "Das wurde zurückgenommen. Es zählt nirgends und lässt sich zurückholen.")) }
        }
        h2 { (say(language, "Take back", "Zurücknehmen")) }
        div.choose {
            @if now.record.is_some() {
                (press(&format!("{here}/withdraw"), versions.len(), &say(language, "Withdraw this entry", "Diesen Eintrag zurücknehmen"), language))
            }
            @if versions.len() > 1 {
                (press(&format!("{here}/undo"), versions.len(), &say(language, "Undo the last change", "Letzte Änderung rückgängig machen"), language))
            }
        }
        h2 { (say(language, "History", "Verlauf")) }
        ol.entries {
            @for version in &versions {
                li.withdrawn[version.record.is_none()] {
                    span.when { (say(language, "Written ", "Geschrieben ")) (day_words(version.written, language)) }
                    @match &version.record {
                        Some(record) => { (say(language, "about ", "über ")) (day_words(version.day, language)) ": " (record.summary(language)) }
                        None => (say(language, "withdrawn", "zurückgenommen")),
                    }
                }
            }
        }
        p.noprint { a href=(link("/diary", language)) { (say(language, "Back to the diary", "Zurück zum Tagebuch")) } }
    };
    Some(Page { title: title.into(), here, body })
}

/// A button that does one thing to what its page showed.
fn press(to: &str, seen: usize, words: &str, language: Language) -> Markup {
    html! {
        form method="post" action=(link(to, language)) {
            input type="hidden" name="seen" value=(seen);
            button type="submit" { (words) }
        }
    }
}

/// Asks whether everything shall be erased.
pub(super) fn erase(entries: usize, unsure: bool, language: Language) -> Page {
    let title = language.say("Erase everything", "Alles löschen");
    let body = html! {
        h1 { (title) }
        div.alarmed {
            p { strong { (say(language, "This cannot be undone.", "Das lässt sich nicht rückgängig machen.")) } }
            p { (say(language, "Everything that this guide keeps of you goes: the diary with its ENTRIES entries, answers, weekly plans and settings. Every file is overwritten, then removed.", "Alles, was dieser Ratgeber von Ihnen aufbewahrt, verschwindet: das Tagebuch mit seinen ENTRIES Einträgen, Antworten, Wochenpläne und Einstellungen. Jede Datei wird überschrieben, dann entfernt.").replace("ENTRIES", &entries.to_string())) }
            p { (say(language, "Files that you took with you, and copies in backups, stay where they are.", "Dateien, die Sie mitgenommen haben, und Kopien in Sicherungen bleiben, wo sie sind.")) }
        }
        p { a href=(link("/diary/export.csv", language)) download { (say(language, "Take the diary with you first", "Zuerst das Tagebuch mitnehmen")) } }
        form.diary method="post" action=(link("/diary/erase", language)) {
            @if unsure { p.fault id="sure-fault" role="alert" { (say(language, "Nothing was erased. Tick the box if you mean it.", "Nichts wurde gelöscht. Setzen Sie das Kreuz, wenn Sie es ernst meinen.")) } }
            label.tick {
                input type="checkbox" name="sure" value="yes" required aria-describedby=[unsure.then_some("sure-fault")];
                span { (say(language, "Yes, erase everything for good", "Ja, alles endgültig löschen")) }
            }
            div.choose { button.alarm type="submit" { (say(language, "Erase everything", "Alles löschen")) } }
        }
        p { a href=(link("/diary", language)) { (say(language, "Back, keep everything", "Zurück, alles behalten")) } }
    };
    Page { title, here: "/diary/erase".to_owned(), body }
}
