//! The forms of the diary: few taps, large enough for a hand that hurts, nothing answered in advance.

use std::borrow::Cow;

use care::diary::{
    Diary, Entry, NAME_CHARACTERS_MAX, NOTE_CHARACTERS_MAX, Place, Record, minutes_text, strain_name,
};
use care::{Day, Language};
use maud::{Markup, html};

use super::super::{Page, link, read, say};
use super::trouble;
use host::entry_form::{Fault, Fields, Kind, STRAIN};

/// Half hours that can be chosen, minutes.
const HALF_HOURS: [u16; 33] = {
    let mut times = [0; 33];
    let mut n = 0;
    while n < 33 {
        times[n] = 30 * n as u16;
        n += 1;
    }
    times
};

/// Times of activity that can be chosen, minutes.
const ACTIVITY: [u16; 13] = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360];

/// A form with what was told in it.
pub(super) struct Form<'a> {
    pub kind: Kind,
    pub fields: &'a Fields,
    pub faults: &'a [Fault],
    pub diary: &'a Diary,
    pub today: Day,
    pub language: Language,
}

/// The first day up to `today` without a record: the day that one most likely wants to write down.
pub(super) fn free_day(diary: &Diary, today: Day) -> Day {
    let taken: std::collections::BTreeSet<Day> = diary.days().map(|(day, _)| day).collect();
    (0..=today.0).rev().map(Day).find(|day| !taken.contains(day)).unwrap_or(today)
}

/// What stands in a form that nobody has touched.
pub(super) fn blank(kind: Kind, diary: &Diary, today: Day) -> Fields {
    let day = if kind == Kind::Day { free_day(diary, today) } else { today };
    vec![("day".to_owned(), day.to_string())]
}

/// The page on which something new is written down.
pub(super) fn page(form: &Form, trouble: Option<&Markup>) -> Page {
    let language = form.language;
    let title = title(form.kind, language);
    let here = format!("/diary/new/{}", form.kind.id());
    let body = html! {
        h1 { (title) }
        @if form.kind == Kind::Episode { (read::first(language)) }
        (alerts(form, trouble))
        form.diary method="post" action=(link(&here, language)) autocomplete="off" {
            input type="hidden" name="after" value=(form.diary.entries().len());
            (form.rows())
            (keep_button(language))
        }
        p { a href=(link("/diary", language)) { (say(language, "Back to the diary, keep nothing", "Zurück zum Tagebuch, nichts behalten")) } }
    };
    Page { title, here, body }
}

pub(super) fn title(kind: Kind, language: Language) -> Cow<'static, str> {
    match kind {
        Kind::Day => language.say("How was the day?", "Wie war der Tag?"),
        Kind::Episode => language.say("A spasm", "Ein Krampf"),
        Kind::Session => language
            .say("A session on the bed, or a massage", "Eine Anwendung auf dem Bett oder eine Massage"),
        Kind::Roland => language.say("Roland-Morris score", "Roland-Morris-Wert"),
    }
}

/// What must be said before the form.
pub(super) fn alerts(form: &Form, trouble: Option<&Markup>) -> Markup {
    html! {
        @if let Some(trouble) = trouble {
            div.alarmed role="alert" {
                (trouble)
                p { (say(form.language, "What you typed still stands below. It is not kept yet.", "Was Sie eingegeben haben, steht noch unten. Es ist noch nicht behalten.")) }
            }
        } @else if !form.faults.is_empty() {
            p.alarmed role="alert" { (say(form.language, "This is not kept yet: something needs another look. It is marked below.", "Das ist noch nicht behalten: Etwas braucht noch einen Blick. Es ist unten gekennzeichnet.")) }
        }
    }
}

pub(super) fn keep_button(language: Language) -> Markup {
    html! { div.choose { button.keep type="submit" { (say(language, "Keep this", "Behalten")) } } }
}

impl Form<'_> {
    /// Every row of the form.
    pub(super) fn rows(&self) -> Markup {
        match self.kind {
            Kind::Day => self.day_rows(),
            Kind::Episode => self.episode_rows(),
            Kind::Session => self.session_rows(),
            Kind::Roland => self.roland_rows(),
        }
    }

    fn say<'a>(&self, en: &'a str, de: &'a str) -> Cow<'a, str> {
        say(self.language, en, de)
    }

    fn told(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    /// What is wrong with a field, and the id under which it stands.
    fn fault(&self, field: &str) -> (Option<String>, Markup) {
        let Some(fault) = self.faults.iter().find(|fault| fault.field == field) else {
            return (None, html! {});
        };
        let id = format!("{field}-fault");
        let words = html! { p.fault id=(id) { (trouble::fault(fault.why, self.language)) } };
        (Some(id), words)
    }

    fn day_rows(&self) -> Markup {
        html! {
            (self.scale("pain", &self.say("Pain today, at its worst", "Schmerz heute, wenn er am stärksten war"), false))
            div.two {
                (self.time("sleep", &self.say("Slept last night", "Letzte Nacht geschlafen"), &HALF_HOURS))
                (self.time("sitting", &self.say("Sat today", "Heute gesessen"), &HALF_HOURS))
                (self.time("activity", &self.say("Active, at least a brisk walk", "Bewegt, mindestens zügig gegangen"), &ACTIVITY))
            }
            (self.scale("stress", &self.say("Stress today", "Stress heute"), false))
            (self.strain_rows())
            (self.notes())
            (self.date("day", &self.say("Day", "Tag"), &self.say("Best on the day itself: days written later are kept, but not used to compare.", "Am besten am selben Tag: Später Geschriebenes bleibt, wird aber nicht zum Vergleich genommen.")))
        }
    }

    fn episode_rows(&self) -> Markup {
        html! {
            (self.scale("pain", &self.say("Pain at its worst", "Schmerz, wenn er am stärksten war"), true))
            (self.place_rows())
            (self.chips("radiating", &self.say("Does the pain run into an arm or a leg?", "Zieht der Schmerz in einen Arm oder ein Bein?")))
            (self.date("day", &self.say("First day", "Erster Tag"), ""))
            (self.date("last", &self.say("Last day", "Letzter Tag"), &self.say("Leave it empty while it goes on.", "Lassen Sie das Feld leer, solange er andauert.")))
            (self.cause_rows())
            (self.notes())
        }
    }

    fn session_rows(&self) -> Markup {
        let programs: std::collections::BTreeSet<&str> = self
            .diary
            .current()
            .filter_map(|entry| match &entry.record {
                Some(Record::Session(session)) => Some(session.program.as_str()),
                _ => None,
            })
            .collect();
        let program = self.say("Program, or what was done", "Programm, oder was gemacht wurde");
        html! {
            (self.text("program", &program, "", Some("programs")))
            datalist id="programs" { @for program in programs { option value=(program) {} } }
            (self.text("minutes", &self.say("How long, in minutes", "Wie lange, in Minuten"), "", None))
            (self.scale("pain", &self.say("Pain before", "Schmerz davor"), false))
            (self.scale("pain_after", &self.say("Pain after", "Schmerz danach"), false))
            (self.date("day", &self.say("Day", "Tag"), ""))
            (self.notes())
        }
    }

    fn roland_rows(&self) -> Markup {
        html! {
            p { (self.say(
                "The Roland-Morris questionnaire has 24 short statements about what your back keeps you from today. Tick those that fit you today, count the ticks, and write the number here. Ask your doctor or physiotherapist for the sheet.",
                "Der Roland-Morris-Fragebogen hat 24 kurze Aussagen darüber, woran Ihr Rücken Sie heute hindert. Kreuzen Sie an, was heute zutrifft, zählen Sie die Kreuze, und schreiben Sie die Zahl hierher. Den Bogen bekommen Sie in der Praxis oder Physiotherapie.",
            )) }
            p.quiet lang="en" { "Roland and Morris 1983, Spine 8:141-144" }
            (self.text("roland", &self.say("Ticks, 0 to 24", "Kreuze, 0 bis 24"), "", None))
            (self.date("day", &self.say("Day", "Tag"), ""))
        }
    }

    /// Eleven numbers in a row, and no answer where none is needed.
    fn scale(&self, name: &str, legend: &str, needed: bool) -> Markup {
        let (note, fault) = self.fault(name);
        let told = self.told(name).trim();
        let (low, high) = if name == "stress" {
            (
                self.say("0: none", "0: keiner"),
                self.say("10: as much as can be", "10: so viel wie nur möglich"),
            )
        } else {
            (
                self.say("0: no pain", "0: kein Schmerz"),
                self.say("10: worst you can imagine", "10: der schlimmste, den Sie sich vorstellen können"),
            )
        };
        html! {
            fieldset.wrong[note.is_some()] aria-describedby=[note] {
                legend { (legend) }
                (fault)
                ol.scale {
                    @for rating in (0..=10).map(|rating| rating.to_string()) {
                        li { label {
                            input type="radio" name=(name) value=(rating) required[needed] checked[told == rating];
                            span { (rating) }
                        } }
                    }
                }
                div.ends {
                    span { (low) }
                    @if !needed { (self.chip(name, "", told.is_empty(), &self.say("no answer", "keine Angabe"))) }
                    span { (high) }
                }
            }
        }
    }

    fn chip(&self, name: &str, value: &str, checked: bool, words: &str) -> Markup {
        html! { label.chip { input type="radio" name=(name) value=(value) checked[checked]; span { (words) } } }
    }

    /// Yes, no or no answer.
    fn answers(&self, name: &str) -> Markup {
        let told = self.told(name);
        html! {
            (self.chip(name, "yes", told == "yes", &self.say("yes", "ja")))
            (self.chip(name, "no", told == "no", &self.say("no", "nein")))
            (self.chip(name, "", !matches!(told, "yes" | "no"), &self.say("no answer", "keine Angabe")))
        }
    }

    fn chips(&self, name: &str, legend: &str) -> Markup {
        let (note, fault) = self.fault(name);
        html! {
            fieldset.wrong[note.is_some()] aria-describedby=[note] {
                legend { (legend) }
                (fault)
                div.choose { (self.answers(name)) }
            }
        }
    }

    fn time(&self, name: &str, words: &str, times: &[u16]) -> Markup {
        let (note, fault) = self.fault(name);
        let told = self.told(name).trim();
        let mut times: Vec<String> = times.iter().map(|&minutes| minutes_text(minutes)).collect();
        // What came from elsewhere stays as it is.
        if !told.is_empty() && !times.iter().any(|time| time == told) {
            times.push(told.to_owned());
        }
        html! {
            div.wrong[note.is_some()] {
                label.name for=(name) { (words) }
                (fault)
                select id=(name) name=(name) aria-describedby=[note] {
                    option value="" selected[told.is_empty()] { (self.say("no answer", "keine Angabe")) }
                    @for time in times { option value=(time) selected[time == told] { (time) } }
                }
            }
        }
    }

    fn date(&self, name: &str, words: &str, hint: &str) -> Markup {
        let (note, fault) = self.fault(name);
        html! {
            div.wrong[note.is_some()] {
                label.name for=(name) { (words) }
                (fault)
                input type="date" id=(name) name=(name) value=(self.told(name)) max=(self.today) required[name == "day"] aria-describedby=[note];
                @if !hint.is_empty() { p.quiet { (hint) } }
            }
        }
    }

    fn text(&self, name: &str, words: &str, hint: &str, list: Option<&str>) -> Markup {
        let (note, fault) = self.fault(name);
        let number = matches!(name, "minutes" | "roland");
        html! {
            div.wrong[note.is_some()] {
                label.name for=(name) { (words) }
                (fault)
                input.wide[!number] type="text" id=(name) name=(name) value=(self.told(name)) list=[list]
                    inputmode=[number.then_some("numeric")] size=[number.then_some("6")]
                    maxlength=[(name == "program").then_some(NAME_CHARACTERS_MAX)]
                    required[name != "own"] aria-describedby=[note];
                @if !hint.is_empty() { p.quiet { (hint) } }
            }
        }
    }

    fn notes(&self) -> Markup {
        let (note, fault) = self.fault("notes");
        html! {
            div.wrong[note.is_some()] {
                label.name for="notes" { (self.say("In your own words", "In Ihren eigenen Worten")) }
                (fault)
                // A browser drops the first end of line within.
                textarea id="notes" name="notes" rows="3" maxlength=(NOTE_CHARACTERS_MAX) aria-describedby=[note] { "\n" (self.told("notes")) }
            }
        }
    }

    /// The strains to answer: the table's, the person's own, and those of this form.
    fn strain_rows(&self) -> Markup {
        let mut names = self.diary.strain_names();
        for name in self.fields.iter().filter_map(|(field, _)| field.strip_prefix(STRAIN)) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        let (note, fault) = self.fault("strains");
        html! {
            fieldset.wrong[note.is_some()] aria-describedby=[note] {
                legend { (self.say("What did your back go through today, before any spasm?", "Was hat Ihr Rücken heute mitgemacht, vor einem Krampf?")) }
                (fault)
                ul.strains {
                    @for name in names {
                        li { fieldset {
                            legend { (strain_name(&name, self.language)) }
                            (self.answers(&format!("{STRAIN}{name}")))
                        } }
                    }
                }
                label.tick {
                    input type="checkbox" name="rest" value="no" checked[self.told("rest") == "no"];
                    span { (self.say("Everything without an answer: no", "Alles ohne Angabe: nein")) }
                }
                (self.own_row())
            }
        }
    }

    fn own_row(&self) -> Markup {
        let words = self.say("Something else that happened", "Etwas anderes, das vorkam");
        self.text(
            "own",
            &words,
            &self.say(
                "A few words; several with ; between them.",
                "Ein paar Wörter; mehreres mit ; dazwischen.",
            ),
            None,
        )
    }

    fn place_rows(&self) -> Markup {
        let (note, fault) = self.fault("place");
        html! {
            fieldset.wrong[note.is_some()] aria-describedby=[note] {
                legend { (self.say("Where?", "Wo?")) }
                (fault)
                ul.options.places {
                    @for place in Place::ALL {
                        (self.option("place", place.id(), &place.name(self.language)))
                    }
                }
            }
        }
    }

    fn cause_rows(&self) -> Markup {
        let mut names = self.diary.strain_names();
        names.extend(self.all("cause").map(str::to_owned));
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        html! {
            fieldset {
                legend { (self.say("What set it off, as you see it?", "Was hat ihn ausgelöst, aus Ihrer Sicht?")) }
                ul.options {
                    @for name in names { (self.option("cause", &name, strain_name(&name, self.language))) }
                }
                (self.own_row())
            }
        }
    }

    fn option(&self, name: &str, value: &str, words: &str) -> Markup {
        html! { li { label {
            input type="checkbox" name=(name) value=(value) checked[self.all(name).any(|told| told == value)];
            span { (words) }
        } } }
    }
}

/// One entry as a line of a list, with the way to change it.
pub(super) fn line(entry: &Entry, language: Language) -> Markup {
    let Some(record) = &entry.record else { return html! {} };
    html! {
        li {
            span.when { (super::day_words(entry.day, language)) }
            (record.kind(language)) ": " (record.summary(language)) " "
            a.noprint href=(link(&format!("/diary/item/{}", entry.item), language)) {
                (say(language, "change", "ändern")) " " span.quiet { "(" (entry.item) ")" }
            }
        }
    }
}
