//! What stands in a diary, in words: places, strains, records, changes and what goes with the spasms.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{DayRecord, Diary, Episode, Place, Record, Session};
use crate::scores::{
    COURSE_VALUES_MIN, Course, PAIN_POINTS, Reading, RolandCourse, roland_fall_that_matters,
};
use crate::triggers::{Association, EPISODES_MIN, Trigger, Verdict};
use crate::{Day, Evidence, Language, Words};

/// A strain that the diary asks for every day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strain {
    /// What stands in the diary.
    pub id: String,
    /// What a person reads.
    pub words: Words,
    /// Keys of the sources of `care/diary.toml`.
    pub source: Vec<String>,
    /// How far they show that spasms began more often after it.
    pub evidence: Evidence,
    /// Day on which the sources were opened.
    pub checked: Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    sources: BTreeMap<String, String>,
    strain: Vec<Strain>,
}

static STRAINS: LazyLock<Vec<Strain>> = LazyLock::new(|| {
    parse(include_str!("../../../../care/diary.toml"))
        .expect("the embedded table is valid, which a test proves")
});

fn parse(text: &str) -> Result<Vec<Strain>, String> {
    let table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    for strain in &table.strain {
        let known = strain.source.iter().all(|key| table.sources.contains_key(key));
        let honest = !strain.source.is_empty() || strain.evidence == Evidence::None;
        if !(known && honest && strain.words.complete()) {
            return Err(format!("diary.toml: {} lacks a source or a language", strain.id));
        }
    }
    Ok(table.strain)
}

/// The strains that are asked every day (`care/diary.toml`).
#[must_use]
pub fn strains() -> &'static [Strain] {
    &STRAINS
}

/// A strain or cause in words: those of the table, or the person's own as they stand.
#[must_use]
pub fn strain_name(name: &str, language: Language) -> &str {
    strains().iter().find(|strain| strain.id == name).map_or(name, |strain| strain.words.of(language))
}

impl Place {
    /// Every place, from the head down.
    pub const ALL: [Self; 15] = [
        Self::Neck,
        Self::Shoulder,
        Self::UpperBack,
        Self::LowerBackRibs,
        Self::LowerBack,
        Self::Sacrum,
        Self::Buttock,
        Self::Chest,
        Self::Abdomen,
        Self::Arm,
        Self::Hand,
        Self::Thigh,
        Self::Calf,
        Self::Foot,
        Self::Elsewhere,
    ];

    /// Its name in files and commands.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.names().0
    }

    /// The place of this name.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.id() == id)
    }

    /// What a person reads.
    #[must_use]
    pub fn name(self, language: Language) -> String {
        let (_, en, de) = self.names();
        language.say(en, de).into_owned()
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Neck => ("neck", "neck", "Nacken"),
            Self::Shoulder => ("shoulder", "shoulder", "Schulter"),
            Self::UpperBack => ("upper_back", "upper back", "oberer Rücken"),
            Self::LowerBackRibs => {
                ("lower_back_ribs", "middle back, by the ribs", "mittlerer Rücken, an den Rippen")
            }
            Self::LowerBack => ("lower_back", "lower back", "unterer Rücken"),
            Self::Sacrum => ("sacrum", "base of the spine", "Kreuzbein"),
            Self::Buttock => ("buttock", "buttock", "Gesäß"),
            Self::Chest => ("chest", "chest", "Brust"),
            Self::Abdomen => ("abdomen", "belly", "Bauch"),
            Self::Arm => ("arm", "arm", "Arm"),
            Self::Hand => ("hand", "hand", "Hand"),
            Self::Thigh => ("thigh", "thigh", "Oberschenkel"),
            Self::Calf => ("calf", "calf", "Wade"),
            Self::Foot => ("foot", "foot", "Fuß"),
            Self::Elsewhere => ("elsewhere", "elsewhere", "anderswo"),
        }
    }
}

impl Diary {
    /// Every name of a strain that stands in a day as it now is, and those of the table first.
    #[must_use]
    pub fn strain_names(&self) -> Vec<String> {
        let mut names: Vec<String> = strains().iter().map(|strain| strain.id.clone()).collect();
        for (_, day) in self.days() {
            for name in day.strains.keys() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names
    }
}

impl Record {
    /// Which kind of thing it is.
    #[must_use]
    pub fn kind(&self, language: Language) -> String {
        let (en, de) = match self {
            Self::Day(_) => ("day", "Tag"),
            Self::Episode(_) => ("spasm", "Krampf"),
            Self::Session(_) => ("session", "Anwendung"),
            Self::Roland(_) => ("Roland-Morris", "Roland-Morris"),
        };
        language.say(en, de).into_owned()
    }

    /// What it says, on one line, without the kind.
    #[must_use]
    pub fn summary(&self, language: Language) -> String {
        let mut line = Line { parts: Vec::new(), language };
        match self {
            Self::Day(day) => line.day(day),
            Self::Episode(episode) => line.episode(episode),
            Self::Session(session) => line.session(session),
            Self::Roland(score) => {
                line.add("SCORE of 24", "SCORE von 24", "SCORE", &u8::from(*score).to_string());
            }
        }
        if line.parts.is_empty() {
            line.parts.push(language.say("nothing told", "nichts angegeben").into_owned());
        }
        line.parts.join(", ")
    }
}

/// A line as it grows.
struct Line {
    parts: Vec<String>,
    language: Language,
}

impl Line {
    /// Adds words in which `value` takes the place of `hole`.
    fn add(&mut self, en: &str, de: &str, hole: &str, value: &str) {
        self.parts.push(self.language.say(en, de).replace(hole, value));
    }

    fn rating(&mut self, en: &str, de: &str, rating: Option<crate::Nprs>) {
        if let Some(rating) = rating {
            self.add(en, de, "RATING", &u8::from(rating).to_string());
        }
    }

    fn minutes(&mut self, en: &str, de: &str, minutes: Option<u16>) {
        if let Some(minutes) = minutes {
            self.add(en, de, "TIME", &minutes_text(minutes));
        }
    }

    fn note(&mut self, note: &str) {
        if let Some(first) = note.lines().find(|line| !line.trim().is_empty()) {
            self.parts.push(format!("“{}”", short(first.trim())));
        }
    }

    fn names(&mut self, en: &str, de: &str, names: Vec<&str>) {
        if !names.is_empty() {
            self.add(en, de, "NAMES", &names.join("; "));
        }
    }

    fn day(&mut self, day: &DayRecord) {
        self.rating("pain RATING", "Schmerz RATING", day.pain);
        self.minutes("slept TIME", "geschlafen TIME", day.sleep_min);
        self.minutes("sat TIME", "gesessen TIME", day.sitting_min);
        self.minutes("active TIME", "aktiv TIME", day.activity_min);
        self.rating("stress RATING", "Stress RATING", day.stress);
        let language = self.language;
        let (yes, no): (Vec<_>, Vec<_>) = day.strains.iter().partition(|(_, yes)| **yes);
        let names = yes.into_iter().map(|(name, _)| strain_name(name, language)).collect();
        self.names("yes: NAMES", "ja: NAMES", names);
        if !no.is_empty() {
            self.add("COUNT answered no", "COUNT mit Nein", "COUNT", &no.len().to_string());
        }
        self.note(&day.notes);
    }

    fn episode(&mut self, episode: &Episode) {
        self.rating("pain RATING", "Schmerz RATING", Some(episode.pain));
        let language = self.language;
        self.parts.extend(episode.places.iter().map(|place| place.name(language)));
        match episode.radiating {
            Some(true) => self.add("runs into arm or leg", "zieht in Arm oder Bein", "", ""),
            Some(false) => self.add("stays in place", "bleibt am Ort", "", ""),
            None => {}
        }
        match episode.last {
            Some(last) => self.add("until DATE", "bis DATE", "DATE", &last.to_string()),
            None => self.add("still going on", "dauert noch an", "", ""),
        }
        let names = episode.set_off_by.iter().map(|name| strain_name(name, language)).collect();
        self.names("set off by, as you see it: NAMES", "Auslöser aus Ihrer Sicht: NAMES", names);
        self.note(&episode.notes);
    }

    fn session(&mut self, session: &Session) {
        self.parts.push(session.program.clone());
        self.minutes("TIME", "TIME", Some(session.minutes));
        self.rating("pain before RATING", "Schmerz davor RATING", session.pain_before);
        self.rating("pain after RATING", "Schmerz danach RATING", session.pain_after);
        self.note(&session.notes);
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text.chars().take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        short.push('…');
    }
    short
}

/// Minutes as people write them, `7 h 30` or `45 min`.
#[must_use]
pub fn minutes_text(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest:02}"),
    }
}

/// Minutes as people write them: `7h30`, `7:30`, `7 h`, `7.5h`, `45 min` or `450` (minutes).
///
/// ```
/// use care::diary::minutes_of;
/// assert_eq!(minutes_of("7h30"), Some(450));
/// assert_eq!(minutes_of("1,5 h"), Some(90));
/// assert_eq!(minutes_of("45"), Some(45));
/// assert_eq!(minutes_of("7h61"), None);
/// ```
#[must_use]
pub fn minutes_of(text: &str) -> Option<u16> {
    let text = text.trim().to_lowercase().replace(' ', "").replace(',', ".");
    let digits = |part: &str| {
        let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse::<u16>().ok() } else { None }
    };
    let text = text.strip_suffix("min").or_else(|| text.strip_suffix('m')).unwrap_or(&text);
    if let Some((hours, minutes)) = text.split_once(['h', ':']) {
        if let (Some((whole, part)), "") = (hours.split_once('.'), minutes) {
            let tenths = digits(part).filter(|_| part.len() == 1)?;
            return digits(whole)?.checked_mul(60)?.checked_add(tenths * 6);
        }
        let minutes = if minutes.is_empty() { 0 } else { digits(minutes).filter(|&minutes| minutes < 60)? };
        return digits(hours)?.checked_mul(60)?.checked_add(minutes);
    }
    digits(text)
}

impl Reading {
    /// The change in words.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        let (en, de) = match self {
            Self::Better => ("better, by enough to matter", "besser, und zwar spürbar"),
            Self::Worse => ("worse, by enough to matter", "schlechter, und zwar spürbar"),
            Self::NoClearChange => ("no clear change", "keine klare Änderung"),
        };
        language.say(en, de).into_owned()
    }
}

/// The course of pain in words, or what it still takes.
#[must_use]
pub fn pain_words(course: Option<Course>, language: Language) -> String {
    let Some(course) = course else {
        let words = language.say(
            "not enough yet. It takes two weeks, with VALUES days in the first and VALUES in the last.",
            "noch nicht genug. Es braucht zwei Wochen, mit VALUES Tagen in der ersten und VALUES in der letzten.",
        );
        return words.replace("VALUES", &COURSE_VALUES_MIN.to_string());
    };
    let number = |value: f64| {
        let text = format!("{value:.1}");
        if language == Language::German { text.replace('.', ",") } else { text }
    };
    let words = language.say(
        "FIRST on average in the first week, NOW in the last.",
        "FIRST im Mittel der ersten Woche, NOW in der letzten.",
    );
    let words = words.replace("FIRST", &number(course.first)).replace("NOW", &number(course.now));
    format!("{}. {words}", course.reading.words(language))
}

/// Which change of pain counts.
#[must_use]
pub fn change_words(language: Language) -> String {
    let words = language.say(
        "A fall of POINTS points counts as better when it is also three tenths of where you began; a rise of POINTS counts as worse. Less than that comes and goes by chance.",
        "Ein Rückgang um POINTS Punkte gilt als besser, wenn er auch drei Zehntel vom Anfang ausmacht; ein Anstieg um POINTS gilt als schlechter. Was kleiner ist, kommt und geht durch Zufall.",
    );
    words.replace("POINTS", &format!("{PAIN_POINTS:.0}"))
}

impl RolandCourse {
    /// The course in words, with the fall that would count.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let course = language
            .say("FIRST at first, NOW at last, of 24.", "FIRST am Anfang, NOW zuletzt, von 24.")
            .replace("FIRST", &u8::from(self.first).to_string())
            .replace("NOW", &u8::from(self.now).to_string());
        let fall = match roland_fall_that_matters(self.first) {
            Some(fall) => language
                .say("From there, a fall of FALL counts.", "Von dort zählt ein Rückgang um FALL.")
                .replace("FALL", &fall.to_string()),
            None => language
                .say(
                    "The start is too low to show an improvement.",
                    "Der Anfang liegt zu niedrig, um eine Besserung zu zeigen.",
                )
                .into_owned(),
        };
        format!("{}. {course} {fall}", self.reading.words(language))
    }
}

impl Trigger {
    /// What a person reads.
    #[must_use]
    pub fn name(&self, language: Language) -> String {
        let (en, de) = match self {
            Self::Strain(name) => return strain_name(name, language).to_owned(),
            Self::Stress => ("Stress the day before", "Stress am Vortag"),
            Self::Sitting => ("Sitting the day before", "Sitzen am Vortag"),
            Self::Activity => ("Activity the day before", "Bewegung am Vortag"),
            Self::Sleep => ("Sleep of the night before", "Schlaf der Nacht davor"),
        };
        language.say(en, de).into_owned()
    }

    /// The step for which the odds are told.
    #[must_use]
    pub fn step(&self, language: Language) -> String {
        let (en, de) = match self {
            Self::Strain(_) => ("on the day before, against days without", "am Vortag, gegen Tage ohne"),
            Self::Stress => ("for each point more", "für jeden Punkt mehr"),
            Self::Sitting | Self::Sleep => ("for each hour more", "für jede Stunde mehr"),
            Self::Activity => ("for each half hour more", "für jede halbe Stunde mehr"),
        };
        language.say(en, de).into_owned()
    }
}

impl Association {
    /// What can be said of it, in whole sentences; nothing is called a cause.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let (en, de) = match self.verdict {
            Verdict::NotEnoughYet => (
                "Not enough yet: COUNT of LEAST episodes can be compared.",
                "Noch nicht genug: COUNT von LEAST Krämpfen lassen sich vergleichen.",
            ),
            Verdict::NoContrast => (
                "The days compared do not differ in it, so nothing can be said.",
                "Die verglichenen Tage unterscheiden sich darin nicht; darum lässt sich nichts sagen.",
            ),
            Verdict::NothingClear => (
                "Nothing clear. That is no all-clear: a diary of this length misses much.",
                "Nichts Klares. Das ist keine Entwarnung: Ein Tagebuch dieser Länge übersieht vieles.",
            ),
            Verdict::MoreSpasms => (
                "Spasms began more often after WHAT. Believe it when it stays so over the next months.",
                "Nach WHAT begannen öfter Krämpfe. Glauben Sie es, wenn es über die nächsten Monate so bleibt.",
            ),
            Verdict::FewerSpasms => (
                "Spasms began less often after WHAT. Believe it when it stays so over the next months.",
                "Nach WHAT begannen seltener Krämpfe. Glauben Sie es, wenn es über die nächsten Monate so bleibt.",
            ),
        };
        let what = match self.trigger {
            Trigger::Strain(_) => language.say("it", "solchen Tagen"),
            _ => language.say("more of it", "mehr davon"),
        };
        let verdict = language
            .say(en, de)
            .replace("WHAT", &what)
            .replace("COUNT", &self.episodes.to_string())
            .replace("LEAST", &EPISODES_MIN.to_string());
        [Some(verdict), self.odds(language), self.together(language)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The odds ratio with its interval; `None` when nothing was judged.
    fn odds(&self, language: Language) -> Option<String> {
        self.p_corrected?;
        let number = |value: f64| {
            let text = if value < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") };
            if language == Language::German { text.replace('.', ",") } else { text }
        };
        let low = self.low.map_or_else(|| number(0.0), number);
        let (en, de) = match (self.odds_ratio, self.high) {
            (Some(_), Some(_)) => (
                "Odds of a spasm times RATIO STEP (95 % interval LOW to HIGH; EPISODES spasms, DAYS other days).",
                "Chance eines Krampfs mal RATIO STEP (95-%-Intervall LOW bis HIGH; EPISODES Krämpfe, DAYS andere Tage).",
            ),
            (Some(_), None) => (
                "Odds of a spasm times RATIO STEP (95 % interval from LOW up, without bound; EPISODES spasms, DAYS other days).",
                "Chance eines Krampfs mal RATIO STEP (95-%-Intervall ab LOW, nach oben offen; EPISODES Krämpfe, DAYS andere Tage).",
            ),
            (None, Some(_)) => (
                "How strong it is cannot be told: at most times HIGH STEP (95 %; EPISODES spasms, DAYS other days).",
                "Wie stark, lässt sich nicht sagen: höchstens mal HIGH STEP (95 %; EPISODES Krämpfe, DAYS andere Tage).",
            ),
            (None, None) => (
                "How strong it is cannot be told: at least times LOW STEP (95 %; EPISODES spasms, DAYS other days).",
                "Wie stark, lässt sich nicht sagen: mindestens mal LOW STEP (95 %; EPISODES Krämpfe, DAYS andere Tage).",
            ),
        };
        let text = language
            .say(en, de)
            .replace("RATIO", &self.odds_ratio.map_or_else(String::new, number))
            .replace("STEP", &self.trigger.step(language))
            .replace("LOW", &low)
            .replace("HIGH", &self.high.map_or_else(String::new, number))
            .replace("EPISODES", &self.episodes.to_string())
            .replace("DAYS", &self.control_days.to_string());
        Some(text)
    }

    fn together(&self, language: Language) -> Option<String> {
        if self.together_with.is_empty() {
            return None;
        }
        let others: Vec<String> = self.together_with.iter().map(|other| other.name(language)).collect();
        let words = language.say(
            "It comes and goes together with: OTHERS. The two cannot be told apart.",
            "Es kommt und geht zusammen mit: OTHERS. Beides lässt sich nicht trennen.",
        );
        Some(words.replace("OTHERS", &others.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strain_stands_in_every_language_and_cites_what_it_rests_on() {
        let text = include_str!("../../../../care/diary.toml");
        assert!(parse(text).is_ok_and(|strains| strains.len() == 6));
        for wrong in [("source = []", "source = [\"gone\"]"), ("evidence = \"none\"", "evidence = \"weak\"")]
        {
            assert!(parse(&text.replacen(wrong.0, wrong.1, 1)).is_err(), "{wrong:?}");
        }
        assert_eq!(strain_name("lifting", Language::German), "Schweres gehoben oder getragen");
        assert_eq!(strain_name("own words", Language::German), "own words");
    }

    #[test]
    fn every_place_has_the_name_that_it_has_in_files() {
        for place in Place::ALL {
            assert_eq!(serde_json::to_value(place).ok(), Some(place.id().into()));
            assert_eq!(Place::of_id(place.id()), Some(place));
        }
        assert_eq!(Place::of_id("wing"), None);
    }

    #[test]
    fn minutes_are_read_as_people_write_them() {
        for (text, minutes) in
            [("7h30", 450), ("7:05", 425), (" 7 h ", 420), ("0.5h", 30), ("45 min", 45), ("0", 0)]
        {
            assert_eq!(minutes_of(text), Some(minutes), "{text}");
        }
        for text in ["", "h", "7h60", "-5", "7.25h", "seven", "99999", "2000h", "7h-1", "+7"] {
            assert_eq!(minutes_of(text), None, "{text}");
        }
        for minutes in 0..=1440 {
            assert_eq!(minutes_of(&minutes_text(minutes)), Some(minutes));
        }
    }

    #[test]
    fn what_is_found_is_told_with_its_interval_and_what_is_not_judged_without() {
        let found = Association {
            trigger: Trigger::Sitting,
            episodes: 14,
            control_days: 50,
            odds_ratio: Some(1.5),
            low: Some(1.1),
            high: Some(2.25),
            p_corrected: Some(0.01),
            verdict: Verdict::MoreSpasms,
            together_with: vec![Trigger::Stress],
        };
        let text = found.words(Language::English);
        assert!(
            text.contains("times 1.50 for each hour more (95 % interval 1.10 to 2.25; 14 spasms"),
            "{text}"
        );
        assert!(text.contains("together with: Stress the day before"), "{text}");
        assert!(found.words(Language::German).contains("mal 1,50 für jede Stunde mehr"));
        let open = Association { odds_ratio: None, high: None, ..found.clone() };
        assert!(open.words(Language::English).contains("at least times 1.10"));
        let few = Association { p_corrected: None, episodes: 3, verdict: Verdict::NotEnoughYet, ..found };
        assert!(few.words(Language::English).starts_with("Not enough yet: 3 of 10 episodes"));
        assert!(!few.words(Language::English).contains("95 %"));
    }
}
