//! Plots of a diary as SVG: pain, Roland-Morris score, sleep with activity and stress, and what goes with the
//! spasms.
//!
//! Each plot is drawn twice, for wide pages and for telephones; the page's style sheet holds [`STYLE`], which
//! shows one of them and follows light and dark. Colours (vermilion and blue after Okabe and Ito 2008) never stand alone: shapes or words say
//! the same. Texts are texts, title and summary are read out, there is no script. A day that was not written
//! down is a gap, never zero and never a line across.
//!
//! `plotters` draws and knows neither classes nor themes; the module `ink` turns its colours into classes.
//!
//! To be set on a card: letters have a rim in the card's colour, so that lines behind them do not disturb.
//!
//! What this module does not do: it judges nothing; changes that matter come from [`care::scores`], intervals
//! from [`care::triggers`].

mod ink;
mod sheet;
#[cfg(test)]
mod tests;
mod triggers;

use care::diary::{Diary, Record};
use care::scores::{
    COURSE_DAYS, COURSE_VALUES_MIN, Nprs, ROLAND_WORSE_POINTS, Reading, Roland, pain_course, read_roland,
    roland_fall_that_matters,
};
use care::{Day, Language};
use plotters::style::text_anchor::HPos;

use ink::Ink;
pub use ink::STYLE;
use sheet::{Mark, Place, Plane, Sheet, Width, Words, long, sheet};
pub use triggers::triggers;

/// A plot for both widths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plot {
    /// For pages from 40 rem on, and paper; 760 pixels at full size.
    pub wide: String,
    /// For telephones; 360 pixels at full size.
    pub narrow: String,
}

impl Plot {
    /// Both, one after the other, to be set into a page; [`STYLE`] shows one at a time.
    #[must_use]
    pub fn html(&self) -> String {
        format!("{}{}", self.wide, self.narrow)
    }

    fn draw(of: impl Fn(Width) -> String) -> Self {
        Self { wide: of(Width::Wide), narrow: of(Width::Narrow) }
    }
}

/// The days that a plot shows, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Days {
    /// From the first day in the diary to the last one, at least two weeks and at most `most` days back from the
    /// last; `None` for an empty diary.
    #[must_use]
    pub fn of(diary: &Diary, most: u32) -> Option<Self> {
        let first = diary.current().map(|entry| entry.day).min()?;
        let to = diary.current().map(|entry| entry.day).max()?;
        let earliest = to.0.saturating_sub(most.max(1) - 1);
        Some(Self { from: Day(first.0.max(earliest).min(to.0.saturating_sub(13))), to })
    }

    fn holds(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The range of an axis: half a day more on either side.
    fn axis(self) -> (f64, f64) {
        (f64::from(self.from.0) - 0.5, f64::from(self.to.0.max(self.from.0)) + 0.5)
    }

    fn count(self) -> u32 {
        self.to.0.saturating_sub(self.from.0) + 1
    }
}

fn say(language: Language, en: &str, de: &str) -> String {
    language.say(en, de).into_owned()
}

/// A number with one place, as the language writes it.
fn decimal(value: f64, language: Language) -> String {
    let text = format!("{value:.1}");
    if language == Language::German { text.replace('.', ",") } else { text }
}

fn period(days: Days, language: Language) -> String {
    let (from, to) = (long(days.from, language), long(days.to, language));
    say(language, &format!("{from} to {to}"), &format!("{from} bis {to}"))
}

/// Rows of neighbouring days: a missing day ends a row.
fn rows(values: &[(Day, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut last = None;
    for (day, value) in values {
        let point = (f64::from(day.0), *value);
        match rows.last_mut().filter(|_| last.is_some_and(|last: Day| last.0 + 1 == day.0)) {
            Some(row) => row.push(point),
            None => rows.push(vec![point]),
        }
        last = Some(*day);
    }
    rows
}

/// The average of the week that ends on each day, where enough of its days were written down.
fn weekly(values: &[(Day, f64)], days: Days) -> Vec<(Day, f64)> {
    let average = |day: u32| {
        let week = day.saturating_sub(COURSE_DAYS - 1)..=day;
        let of: Vec<f64> =
            values.iter().filter(|(day, _)| week.contains(&day.0)).map(|(_, value)| *value).collect();
        (of.len() >= COURSE_VALUES_MIN).then(|| (Day(day), of.iter().sum::<f64>() / of.len() as f64))
    };
    (days.from.0..=days.to.0).filter_map(average).collect()
}

/// Values of the days shown, in order.
fn values(diary: &Diary, days: Days, of: impl Fn(&care::diary::DayRecord) -> Option<f64>) -> Vec<(Day, f64)> {
    let shown = diary.days().filter(|(day, _)| days.holds(*day));
    let mut values: Vec<(Day, f64)> = shown.filter_map(|(day, record)| Some((day, of(record)?))).collect();
    values.sort_by_key(|(day, _)| *day);
    values
}

fn pain_of(record: &care::diary::DayRecord) -> Option<f64> {
    record.pain.map(|pain| f64::from(u8::from(pain)))
}

/// What stands before the words of a legend, drawn around its place.
type Sign<'a> = &'a dyn Fn((i32, i32));

/// A legend from left to right; each entry is drawn at its place and followed by its words.
fn legend(sheet: &Sheet<'_>, width: Width, top: i32, entries: &[(Sign<'_>, &str)]) {
    let (mut x, mut y) = (width.choose(44, 34), top);
    for (draw, words) in entries {
        // About 6.6 pixels a letter at this size: `plotters` measures nothing without fonts.
        let long = 22 + words.chars().count() as i32 * 66 / 10 + 18;
        if x + long > width.px() + 14 {
            (x, y) = (width.choose(44, 34), y + 20);
        }
        draw((x + 7, y));
        sheet.text(words, (x + 20, y), Words::new(Ink::Text, HPos::Left));
        x += long;
    }
}

/// Worst pain of the days with its weekly average, episodes shaded and sessions marked.
#[must_use]
pub fn pain(diary: &Diary, days: Days, language: Language) -> Plot {
    let pain = values(diary, days, pain_of);
    let end = days.to;
    let episodes: Vec<(Day, Day)> = diary
        .episodes()
        .map(|(from, episode)| (from, episode.last.unwrap_or(end).max(from)))
        .filter(|(from, last)| *from <= days.to && *last >= days.from)
        .collect();
    let sessions: Vec<Day> = diary
        .current()
        .filter(|entry| matches!(entry.record, Some(Record::Session(_))) && days.holds(entry.day))
        .map(|entry| entry.day)
        .collect();
    let title = say(language, "Worst pain of the day", "Stärkster Schmerz des Tages");
    let summary = pain_summary(days, &pain, (episodes.len(), sessions.len()), language);
    Plot::draw(|width| {
        let height = width.choose(330, 320);
        sheet(width, height, "pain", &title, &summary, |sheet| {
            let left = width.choose(44, 30);
            heading(sheet, &title, width);
            let place =
                Place { left, top: width.choose(74, 94), right: width.px() - 12, bottom: height - 50 };
            let plane = sheet.panel(place, days.axis(), (0.0, 10.0));
            plane.heights(&[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
            for (from, last) in &episodes {
                let x = (f64::from(from.0) - 0.5, f64::from(last.0) + 0.5);
                plane.band(x, (0.0, 10.0), Ink::Pain, 0.15);
                plane.line(&[(x.0, 10.0), (x.1, 10.0)], Ink::Pain, 12, 1.0);
            }
            series(&plane, &pain, Ink::Text, days.count() > width.choose(120, 60));
            for row in rows(&weekly(&pain, days)).iter().filter(|row| row.len() > 1) {
                plane.line(row, Ink::Text, 10, 1.0);
            }
            plane.days(days.from, days.to, width.choose(8, 4), language);
            for day in &sessions {
                let (x, _) = plane.pixel(f64::from(day.0), 0.0);
                sheet.mark(Mark::Triangle, (x, height - 12), Ink::Calm);
            }
            let band = |(x, y): (i32, i32)| {
                sheet.bar(Place { left: x - 7, top: y - 6, right: x + 7, bottom: y + 6 }, Ink::Pain, 0.15);
                sheet.line((x - 7, y - 6), (x + 7, y - 6), Ink::Pain, 12);
            };
            let dot = |at: (i32, i32)| sheet.mark(Mark::Dot, at, Ink::Text);
            let line = |(x, y): (i32, i32)| sheet.line((x - 8, y), (x + 8, y), Ink::Text, 10);
            let triangle = |at: (i32, i32)| sheet.mark(Mark::Triangle, at, Ink::Calm);
            legend(
                sheet,
                width,
                44,
                &[
                    (&dot, &say(language, "a day", "ein Tag")),
                    (&line, &say(language, "average of 7 days", "Mittel über 7 Tage")),
                    (&band, &say(language, "spasm", "Verspannung")),
                    (&triangle, &say(language, "session or massage", "Anwendung oder Massage")),
                ],
            );
        })
    })
}

fn pain_summary(
    days: Days,
    pain: &[(Day, f64)],
    (episodes, sessions): (usize, usize),
    language: Language,
) -> String {
    let written = pain.len();
    let all = days.count();
    let when = period(days, language);
    let mut text = say(
        language,
        &format!(
            "{when}. Pain from 0 to 10 was written down on {written} of {all} days; other days are gaps. \
                  Episodes of spasm: {episodes}. Sessions or massages: {sessions}."
        ),
        &format!(
            "{when}. Schmerz von 0 bis 10 wurde an {written} von {all} Tagen notiert; die anderen sind Lücken. \
                  Verspannungen: {episodes}. Anwendungen oder Massagen: {sessions}."
        ),
    );
    let scored: Vec<(Day, Nprs)> =
        pain.iter().filter_map(|(day, pain)| Some((*day, Nprs::try_from(*pain as u8).ok()?))).collect();
    if let Some(course) = pain_course(&scored) {
        let (first, now) = (decimal(course.first, language), decimal(course.now, language));
        let reading = reading_words(course.reading, language);
        text += &say(
            language,
            &format!(" First week on average {first}, last week {now}: {reading}."),
            &format!(" Erste Woche im Mittel {first}, letzte Woche {now}: {reading}."),
        );
    }
    text
}

fn reading_words(reading: Reading, language: Language) -> String {
    match reading {
        Reading::Better => say(language, "better", "besser"),
        Reading::Worse => say(language, "worse", "schlechter"),
        Reading::NoClearChange => say(language, "no clear change", "keine klare Änderung"),
    }
}

fn heading(sheet: &Sheet<'_>, title: &str, width: Width) {
    let words = Words { size: 16, ..Words::new(Ink::Text, HPos::Left).bold() };
    sheet.text(title, (width.choose(12, 6), 16), words);
}

/// Days as dots, neighbours joined; where they stand close, only the dots.
fn series(plane: &Plane<'_, '_>, values: &[(Day, f64)], ink: Ink, close: bool) {
    for row in rows(values).iter().filter(|row| row.len() > 1 && !close) {
        plane.line(row, ink, 4, 0.45);
    }
    for (day, value) in values {
        plane.mark(Mark::Dot, f64::from(day.0), *value, ink, if close { 2 } else { 3 });
    }
}

/// The Roland-Morris scores, with the band around the first one in which a change may be nothing.
#[must_use]
pub fn disability(diary: &Diary, days: Days, language: Language) -> Plot {
    let mut scores: Vec<(Day, Roland)> = diary
        .current()
        .filter_map(|entry| match entry.record {
            Some(Record::Roland(score)) if days.holds(entry.day) => Some((entry.day, score)),
            _ => None,
        })
        .collect();
    scores.sort_by_key(|(day, _)| *day);
    let title = say(
        language,
        "What the back stops (Roland-Morris, 0 to 24)",
        "Was der Rücken verhindert (Roland-Morris, 0 bis 24)",
    );
    let short_title = say(language, "Roland-Morris, 0 to 24", "Roland-Morris, 0 bis 24");
    let summary = disability_summary(days, &scores, language);
    Plot::draw(|width| {
        let height = 290;
        sheet(width, height, "disability", &title, &summary, |sheet| {
            heading(sheet, width.choose(&title, &short_title), width);
            let place =
                Place { left: width.choose(44, 34), top: 44, right: width.px() - 12, bottom: height - 30 };
            let plane = sheet.panel(place, days.axis(), (0.0, 24.0));
            plane.heights(&[0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0]);
            if let Some((_, first)) = scores.first() {
                draw_band(&plane, *first, days, language);
            }
            plane.days(days.from, days.to, width.choose(8, 4), language);
            let points: Vec<(f64, f64)> =
                scores.iter().map(|(day, score)| (f64::from(day.0), f64::from(u8::from(*score)))).collect();
            plane.line(&points, Ink::Text, 8, 1.0);
            for (x, y) in points {
                plane.mark(Mark::Ring, x, y, Ink::Text, 4);
            }
        })
    })
}

/// Scores from which a change from `first` matters: better at or below the one, worse at or above the other.
fn bounds(first: Roland) -> (Option<f64>, f64) {
    let score = f64::from(u8::from(first));
    let better = roland_fall_that_matters(first).map(|fall| score - f64::from(fall));
    (better, score + f64::from(ROLAND_WORSE_POINTS))
}

fn draw_band(plane: &Plane<'_, '_>, first: Roland, days: Days, language: Language) {
    let (better, worse) = bounds(first);
    let (from, to) = days.axis();
    let low = better.unwrap_or(0.0);
    plane.band((from, to), (low, worse.min(24.0)), Ink::Soft, 0.16);
    let words = |ink| Words { ink, size: 12, side: HPos::Right, bold: false };
    if worse <= 24.0 {
        plane.line(&[(from, worse), (to, worse)], Ink::Pain, 6, 1.0);
        plane.text(
            &say(language, "worse from here", "ab hier schlechter"),
            to,
            worse,
            (-6, -9),
            words(Ink::Pain),
        );
    }
    if let Some(better) = better {
        plane.line(&[(from, better), (to, better)], Ink::Calm, 6, 1.0);
        plane.text(
            &say(language, "better from here", "ab hier besser"),
            to,
            better,
            (-6, 10),
            words(Ink::Calm),
        );
    }
    plane.text(
        &say(language, "no clear change", "keine klare Änderung"),
        to,
        worse.min(24.0),
        (-6, 12),
        words(Ink::Soft),
    );
}

fn disability_summary(days: Days, scores: &[(Day, Roland)], language: Language) -> String {
    let when = period(days, language);
    let (Some((_, first)), Some((_, last))) = (scores.first(), scores.last()) else {
        return say(language, &format!("{when}. No score yet."), &format!("{when}. Noch kein Wert."));
    };
    let reading = reading_words(read_roland(*first, *last), language);
    let (count, first, last) = (scores.len(), u8::from(*first), u8::from(*last));
    say(
        language,
        &format!("{when}. {count} scores, from {first} to {last}: {reading}."),
        &format!("{when}. {count} Werte, von {first} auf {last}: {reading}."),
    )
}

/// Sleep, activity and stress, one above the other.
#[must_use]
pub fn habits(diary: &Diary, days: Days, language: Language) -> Plot {
    let hours = |minutes: Option<u16>| minutes.map(|minutes| f64::from(minutes) / 60.0);
    let sleep = values(diary, days, |record| hours(record.sleep_min));
    let activity = values(diary, days, |record| record.activity_min.map(f64::from));
    let stress = values(diary, days, |record| record.stress.map(|stress| f64::from(u8::from(stress))));
    let panels = [
        (say(language, "Sleep, hours", "Schlaf, Stunden"), sleep, 4.0, 12.0),
        (say(language, "Activity, minutes", "Bewegung, Minuten"), activity, 30.0, 60.0),
        (say(language, "Stress, 0 to 10", "Stress, 0 bis 10"), stress, 5.0, 10.0),
    ];
    let title = say(language, "Sleep, activity and stress", "Schlaf, Bewegung und Stress");
    let mut summary = format!("{}.", period(days, language));
    for (name, values, ..) in &panels {
        summary += &panel_summary(name, values, days, language);
    }
    Plot::draw(|width| {
        let (each, top) = (128, 34);
        let height = top + 3 * each + 30;
        sheet(width, height, "habits", &title, &summary, |sheet| {
            heading(sheet, &title, width);
            for (number, (name, values, step, least)) in (0..).zip(&panels) {
                let y = top + number * each;
                sheet.text(name, (width.choose(12, 6), y + 14), Words::new(Ink::Text, HPos::Left));
                let most = values.iter().map(|(_, value)| *value).fold(*least, f64::max);
                // At most four lines, in whole multiples of the step.
                let step = step * (most / step / 4.0).ceil().max(1.0);
                let most = (most / step).ceil() * step;
                let place = Place {
                    left: width.choose(44, 34),
                    top: y + 34,
                    right: width.px() - 12,
                    bottom: y + each - 14,
                };
                let plane = sheet.panel(place, days.axis(), (0.0, most));
                let lines = (0..=(most / step) as u32).map(|line| f64::from(line) * step);
                plane.heights(&lines.collect::<Vec<_>>());
                series(&plane, values, Ink::Calm, days.count() > width.choose(120, 60));
                if number == 2 {
                    plane.days(days.from, days.to, width.choose(8, 4), language);
                }
            }
        })
    })
}

fn panel_summary(name: &str, values: &[(Day, f64)], days: Days, language: Language) -> String {
    let (count, all) = (values.len(), days.count());
    if values.is_empty() {
        return say(
            language,
            &format!(" {name}: nothing written down."),
            &format!(" {name}: nichts notiert."),
        );
    }
    let mean = decimal(values.iter().map(|(_, value)| value).sum::<f64>() / count as f64, language);
    say(
        language,
        &format!(" {name}: on average {mean}, on {count} of {all} days."),
        &format!(" {name}: im Mittel {mean}, an {count} von {all} Tagen."),
    )
}
