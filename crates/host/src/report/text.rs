//! Numbers and sentences of the page, in plain words. What is said follows from the content alone;
//! nothing here promises an effect.

use bed::{Interval, Side, SpineScan, Tension};
use care::{Language, Words};

use super::{Content, Ended, RefusedBy};

/// What stands for a value that is no number.
const MISSING: &str = "–";

/// A number with so many decimals as the language writes it, never `-0`; a dash for what is no number.
pub(super) fn number(value: f64, decimals: usize, language: Language) -> String {
    // Beyond this no quantity of a session is a number that anybody could have meant.
    if !value.is_finite() || value.abs() > 1e9 {
        return MISSING.to_owned();
    }
    let text = language.number(value, decimals);
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|digit| matches!(digit, '0' | '.' | ',')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// At most one decimal, none where it would be a zero.
pub(super) fn short(value: f64, language: Language) -> String {
    let text = number(value, 1, language);
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0"));
    whole.map_or_else(|| text.clone(), str::to_owned)
}

/// A length of time as it is said: seconds up to two minutes, then minutes and seconds.
pub(super) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return MISSING.to_owned();
    }
    let whole = seconds.round().clamp(0.0, 1e9) as u64;
    match (whole / 60, whole % 60) {
        (0 | 1, _) => format!("{whole} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, rest) => format!("{minutes} min {rest} s"),
    }
}

/// A moment as minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    if !seconds.is_finite() {
        return MISSING.to_owned();
    }
    let whole = seconds.round().clamp(0.0, 1e9) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// A sideways distance in words: `6 mm left`.
pub(super) fn sideways(mm: f64, language: Language) -> String {
    let on = side(if mm > 0.0 { Side::Left } else { Side::Right }, language);
    match number(mm.abs(), 0, language).as_str() {
        MISSING => MISSING.to_owned(),
        "0" => language.say("none", "keine").into_owned(),
        distance => format!("{distance} mm {on}"),
    }
}

/// An interval as `from 440 to 464`, with the unit.
pub(super) fn from_to(interval: &Interval, decimals: usize, unit: &str, language: Language) -> String {
    let [lo, hi] = [interval.lo90, interval.hi90].map(|end| number(end, decimals, language));
    range(&lo, &format!("{hi}{unit}"), language)
}

fn range(from: &str, to: &str, language: Language) -> String {
    let en = format!("from {from} to {to}");
    language.say(&en, &format!("von {from} bis {to}")).into_owned()
}

/// The sideways interval, with sides instead of signs.
pub(super) fn sideways_from_to(interval: &Interval, language: Language) -> String {
    let end = |mm: f64| {
        let rounded = number(mm.abs(), 0, language);
        match rounded.as_str() {
            "0" | MISSING => rounded,
            _ => sideways(mm, language),
        }
    };
    range(&end(interval.lo90), &end(interval.hi90), language)
}

/// A side's name.
pub(super) fn side(side: Side, language: Language) -> String {
    match side {
        Side::Left => language.say("left", "links"),
        Side::Right => language.say("right", "rechts"),
    }
    .into_owned()
}

/// `L3 left`.
pub(super) fn place(tension: &Tension, language: Language) -> String {
    format!("{} {}", tension.level.name(), side(tension.side, language))
}

/// `a`, `a and b`, `a, b and c`; with more than `most`, the rest as a count.
pub(super) fn list(items: &[String], most: usize, language: Language) -> String {
    let and = language.say("and", "und");
    if items.len() > most {
        let (rest, more) = (items.len() - most, language.say("more", "weitere"));
        return format!("{} {and} {rest} {more}", items[..most].join(", "));
    }
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// The name of what the session was to give.
pub(super) fn program(content: &Content, language: Language) -> String {
    match (content.program.title.of(language).as_str(), content.program.name.as_str()) {
        ("", "") => language.say("the session", "die Anwendung").into_owned(),
        ("", name) => name.to_owned(),
        (title, _) => title.to_owned(),
    }
}

/// The same within a sentence.
fn named(content: &Content, language: Language) -> String {
    let name = program(content, language);
    let quoted = language == Language::German && !content.program.title.de.is_empty();
    if quoted { format!("„{name}“") } else { name }
}

/// What happened, in three sentences.
pub(super) fn story(content: &Content, language: Language) -> [String; 3] {
    if let Some(refusal) = &content.refusal {
        let why = match refusal.words.of(language).trim() {
            "" => language.say("No reason was recorded.", "Ein Grund ist nicht vermerkt.").into_owned(),
            _ => refusal.words.sentence().of(language).clone(),
        };
        return [refused_by(refusal.by, content, language), why, way_out(&refusal.way_out, language)];
    }
    [given(content, language), found(content, language), ending(content, language)]
}

fn refused_by(by: RefusedBy, content: &Content, language: Language) -> String {
    let program = named(content, language);
    let (en, de) = match by {
        RefusedBy::Clearance => (
            format!("No session was given: the questions before it do not allow {program} today."),
            format!("Es gab keine Anwendung: Die Fragen davor erlauben {program} heute nicht."),
        ),
        RefusedBy::Bed => (
            format!("No session was given: the bed did not begin {program}."),
            format!("Es gab keine Anwendung: Das Bett hat {program} nicht begonnen."),
        ),
        RefusedBy::Scan => (
            format!("The scan was not good enough to trust, so {program} was not given."),
            format!("Das Abtasten war nicht verlässlich genug, deshalb gab es {program} nicht."),
        ),
        RefusedBy::Plan => (
            format!(
                "The back was scanned, but {program} could not be made for this person, so nothing was pressed."
            ),
            format!(
                "Der Rücken wurde abgetastet, aber {program} ließ sich für diese Person nicht planen, deshalb wurde nichts gedrückt."
            ),
        ),
    };
    language.say(&en, &de).into_owned()
}

/// The way out as a sentence, also where none was given.
pub(super) fn way_out(words: &Words, language: Language) -> String {
    match words.of(language).trim() {
        "" => language
            .say("There is nothing to change for today.", "Für heute ist nichts zu ändern.")
            .into_owned(),
        _ => words.sentence().of(language).clone(),
    }
}

fn given(content: &Content, language: Language) -> String {
    let program = named(content, language);
    let (subject_en, subject_de) = if content.simulated {
        ("A simulated person lay", "Eine simulierte Person lag")
    } else {
        ("You lay", "Sie lagen")
    };
    if content.plan.is_empty() {
        let en = format!("{subject_en} on the bed; no stroke of {program} is recorded.");
        let de = format!("{subject_de} auf dem Bett; von {program} ist kein Griff verzeichnet.");
        return language.say(&en, &de).into_owned();
    }
    let (given, most_n) = strokes(content, language);
    let newtons = at_most(most_n, language);
    let (en, de) = if content.simulated {
        (
            "was scanned and was given {}, planned for their spine",
            "wurde abgetastet und bekam {}, geplant für ihre Wirbelsäule",
        )
    } else {
        (
            "were scanned and were given {}, planned for your spine",
            "wurden abgetastet und bekamen {}, geplant für Ihre Wirbelsäule",
        )
    };
    let en = format!("{subject_en} on the bed, {}: {given}{newtons}.", en.replace("{}", &program));
    let de = format!("{subject_de} auf dem Bett, {}: {given}{newtons}.", de.replace("{}", &program));
    language.say(&en, &de).into_owned()
}

fn at_most(most_n: f64, language: Language) -> String {
    if most_n > 0.0 {
        let newtons = number(most_n, 0, language);
        let en = format!(", with at most {newtons} N from both heads");
        language.say(&en, &format!(", mit höchstens {newtons} N von beiden Rollen zusammen")).into_owned()
    } else {
        String::new()
    }
}

/// How many strokes were given, in words, and the greatest force planned for those.
fn strokes(content: &Content, language: Language) -> (String, f64) {
    let all = content.plan.len();
    let whole = content.ended == Ended::AsPlanned;
    let begun = content.plan.iter().filter(|row| whole || row.start_s.is_some());
    let (given, most_n) = begun.map(|row| row.given_n).fold((0, 0.0_f64), |(n, most), force| {
        (n + 1, if force.is_finite() { most.max(force) } else { most })
    });
    let planned = count(all, &Noun::PLANNED, language);
    let words = match given {
        0 => {
            let en = format!("none of {planned} came to its end");
            language.say(&en, &format!("keiner von {planned} kam zum Ende")).into_owned()
        }
        given if given == all => count(all, &Noun::STROKE, language),
        given => format!("{given} {} {planned}", language.say("of", "von")),
    };
    (words, most_n)
}

fn found(content: &Content, language: Language) -> String {
    let Some(scan) = &content.before else {
        return language.say("No scan is recorded.", "Ein Abtasten ist nicht verzeichnet.").into_owned();
    };
    let (length, ends) = (number(scan.length_t1_l5_mm.value, 0, language), ends(scan, language));
    let span = from_to(&scan.length_t1_l5_mm, 0, "", language);
    let en = format!("The scan found a spine of {length} mm from {ends} (nine times in ten {span})");
    let de = format!("Die Wirbelsäule misst von {ends} {length} mm (in neun von zehn Fällen {span})");
    let tense = list(&tense(scan, language), 6, language);
    let (more_en, more_de) = match (scan.tension.is_empty(), tense.is_empty()) {
        (true, _) => (
            "; this bed cannot measure tension.".to_owned(),
            "; Spannung kann dieses Bett nicht messen.".to_owned(),
        ),
        (_, true) => (
            " and no place clearly tenser than expected.".to_owned(),
            ", und keine Stelle ist deutlich fester als erwartet.".to_owned(),
        ),
        (_, false) => (
            format!(", and muscle tenser than expected at {tense}."),
            format!("; fester als erwartet ist der Muskel bei {tense}."),
        ),
    };
    language.say(&format!("{en}{more_en}"), &format!("{de}{more_de}")).into_owned()
}

/// The places that are tense, the tensest first.
pub(super) fn tense(scan: &SpineScan, language: Language) -> Vec<String> {
    let mut places: Vec<&Tension> = scan.tension.iter().filter(|tension| tension.tense).collect();
    places.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    places.into_iter().map(|tension| place(tension, language)).collect()
}

/// `T1 to L5`.
pub(super) fn ends(scan: &SpineScan, language: Language) -> String {
    let to = language.say("to", "bis");
    match (scan.levels.first(), scan.levels.last()) {
        (Some(first), Some(last)) => format!("{} {to} {}", first.level.name(), last.level.name()),
        _ => language.say("T1 to the last lumbar vertebra", "T1 bis zum letzten Lendenwirbel").into_owned(),
    }
}

fn ending(content: &Content, language: Language) -> String {
    let after = duration(content.duration_s);
    let (en, de) = match content.ended {
        Ended::AsPlanned => ("It ended as planned after {}", "Die Anwendung endete wie geplant nach {}"),
        Ended::Stopped => {
            ("It was stopped from the bed after {}", "Die Anwendung wurde nach {} vom Bett aus beendet")
        }
        Ended::Fault => ("The guard ended it after {}", "Der Wächter beendete die Anwendung nach {}"),
        Ended::LinkLost => (
            "The link to the bed was lost after {}, and the bed let go by itself",
            "Die Verbindung zum Bett ging nach {} verloren, und das Bett ließ von selbst los",
        ),
        Ended::NotBegun => ("It did not begin", "Die Anwendung hat nicht begonnen"),
    };
    let end = language.say(en, de).replace("{}", &after);
    let faults = match content.faults.len() {
        0 => language.say("the guard found no fault", "der Wächter fand keinen Fehler").into_owned(),
        1 => language.say("the guard reported one fault", "der Wächter meldete einen Fehler").into_owned(),
        n => language
            .say("the guard reported {} faults", "der Wächter meldete {} Fehler")
            .replace("{}", &n.to_string()),
    };
    let over = content.doses.iter().filter(|row| !row.is_within());
    let over: Vec<String> = over.map(|row| row.what.of(language).clone()).collect();
    let doses = match (content.doses.is_empty(), over.is_empty()) {
        (true, _) => language.say("no doses are recorded", "Dosen sind nicht verzeichnet").into_owned(),
        (_, true) => language
            .say("every dose stayed within its limit", "jede Dosis blieb innerhalb ihrer Grenze")
            .into_owned(),
        (_, false) => {
            let over = list(&over, 4, language);
            language.say("above its limit was: {}", "über der Grenze lag: {}").replace("{}", &over)
        }
    };
    format!("{end}; {faults}, {} {doses}.", language.say("and", "und"))
}

impl super::DoseRow {
    /// True where value and limit are numbers and the value is no more than the limit.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.value <= self.limit
    }
}

/// What is counted: one and several, in English and in German.
pub(super) struct Noun {
    en: [&'static str; 2],
    de: [&'static str; 2],
}

impl Noun {
    pub(super) const STROKE: Self = Self { en: ["stroke", "strokes"], de: ["Griff", "Griffe"] };
    /// After "of" and "von".
    const PLANNED: Self =
        Self { en: ["planned stroke", "planned strokes"], de: ["geplantem Griff", "geplanten Griffen"] };
    pub(super) const REPORT: Self = Self { en: ["report", "reports"], de: ["Meldung", "Meldungen"] };
    pub(super) const EVENT: Self = Self { en: ["event", "events"], de: ["Ereignis", "Ereignisse"] };
    pub(super) const REASON: Self = Self { en: ["reason", "reasons"], de: ["Grund", "Gründe"] };
    pub(super) const MORE_REASON: Self =
        Self { en: ["more reason", "more reasons"], de: ["weiterer Grund", "weitere Gründe"] };
}

/// `1 stroke`, `2 strokes`.
pub(super) fn count(n: usize, noun: &Noun, language: Language) -> String {
    let of = usize::from(n != 1);
    format!("{n} {}", language.say(noun.en[of], noun.de[of]))
}

/// What two scans can tell apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Places softer by more than the scan can tell.
    pub softer: Vec<String>,
    /// Places tenser by more than the scan can tell.
    pub tenser: Vec<String>,
    /// Places seen in both scans.
    pub seen: usize,
}

/// Compares two scans place by place. `change_min` is the smallest change of the ratio that can be
/// told; without it the two intervals give one: 1.96 times the root of the summed variances.
pub(super) fn changes(
    before: &SpineScan,
    after: &SpineScan,
    change_min: Option<f64>,
    language: Language,
) -> Changes {
    let mut changes = Changes::default();
    for first in &before.tension {
        let same = |other: &&Tension| other.level == first.level && other.side == first.side;
        let Some(second) = after.tension.iter().find(same) else { continue };
        let change = second.ratio - first.ratio;
        let least =
            change_min.unwrap_or_else(|| 1.96 * (sd(first) * sd(first) + sd(second) * sd(second)).sqrt());
        if !(change.is_finite() && least.is_finite()) {
            continue;
        }
        changes.seen += 1;
        if change <= -least {
            changes.softer.push(place(first, language));
        } else if change >= least {
            changes.tenser.push(place(first, language));
        }
    }
    changes
}

/// Standard deviation behind a 90 % interval of a normal distribution.
fn sd(tension: &Tension) -> f64 {
    // Source: 95th percentile of the standard normal distribution.
    (tension.hi90 - tension.lo90) / (2.0 * 1.644_853_627)
}

/// The changes in one or two sentences.
pub(super) fn changes_in_words(changes: &Changes, language: Language) -> String {
    if changes.seen == 0 {
        let en = "No place was seen in both scans, so nothing can be compared.";
        let de = "Keine Stelle war beide Male zu sehen, deshalb lässt sich nichts vergleichen.";
        return language.say(en, de).into_owned();
    }
    if changes.softer.is_empty() && changes.tenser.is_empty() {
        let en = "No place changed by more than the smallest change that two scans can tell apart: the differences below may be chance.";
        let de = "Keine Stelle hat sich um mehr geändert, als sich durch zweimaliges Abtasten gerade noch unterscheiden lässt: Die Unterschiede unten können Zufall sein.";
        return language.say(en, de).into_owned();
    }
    let part = |places: &[String], en: &str, de: &str| {
        let at = list(places, 8, language);
        (!places.is_empty()).then(|| language.say(en, de).replace("{}", &at))
    };
    let parts = [
        part(&changes.softer, "softer at {}", "weicher bei {}"),
        part(&changes.tenser, "tenser at {}", "fester bei {}"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let parts = parts.join(&language.say(", and ", ", und "));
    let en = format!(
        "By more than the smallest change that two scans can tell apart, the muscle was {parts} afterwards; all other differences may be chance."
    );
    let de = format!(
        "Danach war der Muskel {parts}, und zwar um mehr, als sich durch zweimaliges Abtasten gerade noch unterscheiden lässt; alle anderen Unterschiede können Zufall sein."
    );
    language.say(&en, &de).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const DE: Language = Language::German;

    #[test]
    fn numbers_have_no_negative_zero_and_no_nan() {
        assert_eq!(number(-0.04, 1, EN), "0.0");
        assert_eq!(number(-0.04, 1, DE), "0,0");
        assert_eq!(number(-1.25, 1, EN), "−1.2");
        assert_eq!(number(-1.25, 1, DE), "−1,2");
        assert_eq!(number(f64::NAN, 1, EN), MISSING);
        assert_eq!((short(40.0, EN), short(40.0, DE)), ("40".to_owned(), "40".to_owned()));
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!(duration(45.4), "45 s");
        assert_eq!(duration(120.0), "2 min");
        assert_eq!(duration(2290.0), "38 min 10 s");
        assert_eq!(clock(61.0), "1:01");
        assert_eq!(duration(f64::INFINITY), MISSING);
    }

    #[test]
    fn sides_replace_signs() {
        assert_eq!(sideways(-6.2, EN), "6 mm right");
        assert_eq!(sideways(-6.2, DE), "6 mm rechts");
        assert_eq!(sideways(0.2, EN), "none");
        let interval = Interval { value: -3.0, lo90: -9.0, hi90: 2.6 };
        assert_eq!(sideways_from_to(&interval, EN), "from 9 mm right to 3 mm left");
        assert_eq!(sideways_from_to(&interval, DE), "von 9 mm rechts bis 3 mm links");
    }

    #[test]
    fn long_lists_end_with_a_count() {
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(list(&items, 3, EN), "a, b and c");
        assert_eq!(list(&items, 1, DE), "a und 2 weitere");
        assert_eq!(list(&[], 3, EN), "");
    }

    #[test]
    fn one_thing_is_counted_as_one() {
        assert_eq!(count(1, &Noun::STROKE, EN), "1 stroke");
        assert_eq!(count(2, &Noun::STROKE, DE), "2 Griffe");
    }
}
