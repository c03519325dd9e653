//! Numbers and sentences of the page, in plain words. What is said follows from the content alone;
//! nothing here promises an effect.

use bed::{Interval, Side, SpineScan, Tension};

use super::{Content, Ended, RefusedBy};

/// What stands for a value that is no number.
const MISSING: &str = "–";

/// A number with so many decimals, never `-0`; a dash for what is no number.
pub(super) fn number(value: f64, decimals: usize) -> String {
    // Beyond this no quantity of a session is a number that anybody could have meant.
    if !value.is_finite() || value.abs() > 1e9 {
        return MISSING.to_owned();
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|digit| matches!(digit, '0' | '.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// At most one decimal, none where it would be a zero.
pub(super) fn short(value: f64) -> String {
    let text = number(value, 1);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
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
pub(super) fn sideways(mm: f64) -> String {
    let side = if mm > 0.0 { "left" } else { "right" };
    match number(mm.abs(), 0).as_str() {
        MISSING => MISSING.to_owned(),
        "0" => "none".to_owned(),
        distance => format!("{distance} mm {side}"),
    }
}

/// An interval as `from 440 to 464`, with the unit.
pub(super) fn from_to(interval: &Interval, decimals: usize, unit: &str) -> String {
    format!("from {} to {}{unit}", number(interval.lo90, decimals), number(interval.hi90, decimals))
}

/// The sideways interval, with sides instead of signs.
pub(super) fn sideways_from_to(interval: &Interval) -> String {
    let end = |mm: f64| {
        let rounded = number(mm.abs(), 0);
        match rounded.as_str() {
            "0" | MISSING => rounded,
            _ => format!("{rounded} mm {}", if mm > 0.0 { "left" } else { "right" }),
        }
    };
    format!("from {} to {}", end(interval.lo90), end(interval.hi90))
}

/// A side's name.
pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// `L3 left`.
pub(super) fn place(tension: &Tension) -> String {
    format!("{} {}", tension.level.name(), side(tension.side))
}

/// `a`, `a and b`, `a, b and c`; with more than `most`, the rest as a count.
pub(super) fn list(items: &[String], most: usize) -> String {
    if items.len() > most {
        let rest = items.len() - most;
        return format!("{} and {rest} more", items[..most].join(", "));
    }
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name of what the session was to give.
pub(super) fn program(content: &Content) -> &str {
    match (content.program.title.as_str(), content.program.name.as_str()) {
        ("", "") => "the session",
        ("", name) => name,
        (title, _) => title,
    }
}

/// Who was on the bed, as the subject of a sentence.
pub(super) fn subject(content: &Content) -> &'static str {
    if content.simulated { "A simulated person" } else { "You" }
}

/// What happened, in three sentences.
pub(super) fn story(content: &Content) -> [String; 3] {
    if let Some(refusal) = &content.refusal {
        return [refused_by(refusal.by, content), whole(&refusal.words), way_out(&refusal.way_out)];
    }
    [given(content), found(content), ending(content)]
}

fn refused_by(by: RefusedBy, content: &Content) -> String {
    let program = program(content);
    match by {
        RefusedBy::Clearance => {
            format!("No session was given: the questions before it do not allow {program} today.")
        }
        RefusedBy::Bed => format!("No session was given: the bed did not begin {program}."),
        RefusedBy::Scan => {
            format!("The scan was not good enough to trust, so {program} was not given.")
        }
        RefusedBy::Plan => {
            format!(
                "The back was scanned, but {program} could not be made for this person, so nothing was pressed."
            )
        }
    }
}

/// A sentence with its stop.
fn whole(words: &str) -> String {
    let trimmed = words.trim();
    match trimmed.chars().last() {
        None => "No reason was recorded.".to_owned(),
        Some('.' | '!' | '?') => trimmed.to_owned(),
        Some(_) => format!("{trimmed}."),
    }
}

/// The way out as a sentence, also where none was given.
pub(super) fn way_out(words: &str) -> String {
    if words.trim().is_empty() { "There is nothing to change for today.".to_owned() } else { whole(words) }
}

fn given(content: &Content) -> String {
    let subject = subject(content);
    let (was, whose) = if content.simulated { ("was", "their") } else { ("were", "your") };
    let program = program(content);
    if content.plan.is_empty() {
        return format!("{subject} lay on the bed; no stroke of {program} is recorded.");
    }
    let (strokes, most_n) = strokes(content);
    let newtons = at_most(most_n);
    format!(
        "{subject} lay on the bed, {was} scanned and {was} given {program}, planned for {whose} spine: {strokes}{newtons}."
    )
}

fn at_most(most_n: f64) -> String {
    if most_n > 0.0 {
        format!(", with at most {} N from both heads", number(most_n, 0))
    } else {
        String::new()
    }
}

/// How many strokes were given, in words, and the greatest force planned for those.
fn strokes(content: &Content) -> (String, f64) {
    let all = content.plan.len();
    let whole = content.ended == Ended::AsPlanned;
    let begun = content.plan.iter().filter(|row| whole || row.start_s.is_some());
    let (given, most_n) = begun.map(|row| row.given_n).fold((0, 0.0_f64), |(n, most), force| {
        (n + 1, if force.is_finite() { most.max(force) } else { most })
    });
    let words = match given {
        0 => format!("none of {} was begun", count(all, "planned stroke")),
        given if given == all => count(all, "stroke"),
        given => format!("{given} of {}", count(all, "planned stroke")),
    };
    (words, most_n)
}

fn found(content: &Content) -> String {
    let Some(scan) = &content.before else {
        return "No scan is recorded.".to_owned();
    };
    let length = format!(
        "The scan found a spine of {} mm from {} (nine times in ten {} mm)",
        number(scan.length_t1_l5_mm.value, 0),
        ends(scan),
        from_to(&scan.length_t1_l5_mm, 0, ""),
    );
    if scan.tension.is_empty() {
        return format!("{length}; this bed cannot measure tension.");
    }
    let tense = tense(scan);
    if tense.is_empty() {
        format!("{length} and no place clearly tenser than expected.")
    } else {
        format!("{length}, and muscle tenser than expected at {}.", list(&tense, 6))
    }
}

/// The places that are tense even at the lower end of their interval, the tensest first.
pub(super) fn tense(scan: &SpineScan) -> Vec<String> {
    let mut places: Vec<&Tension> = scan.tension.iter().filter(|tension| tension.is_tense()).collect();
    places.sort_by(|a, b| b.ratio.total_cmp(&a.ratio));
    places.into_iter().map(place).collect()
}

/// `T1 to L5`.
pub(super) fn ends(scan: &SpineScan) -> String {
    match (scan.levels.first(), scan.levels.last()) {
        (Some(first), Some(last)) => format!("{} to {}", first.level.name(), last.level.name()),
        _ => "T1 to the last lumbar vertebra".to_owned(),
    }
}

fn ending(content: &Content) -> String {
    let after = duration(content.duration_s);
    let end = match content.ended {
        Ended::AsPlanned => format!("It ended as planned after {after}"),
        Ended::Stopped => format!("It was stopped from the bed after {after}"),
        Ended::Fault => format!("The guard ended it after {after}"),
        Ended::LinkLost => {
            format!("The link to the bed was lost after {after}, and the bed let go by itself")
        }
        Ended::NotBegun => "It did not begin".to_owned(),
    };
    let faults = match content.faults.len() {
        0 => "the guard found no fault".to_owned(),
        1 => "the guard reported one fault".to_owned(),
        n => format!("the guard reported {n} faults"),
    };
    let over: Vec<String> =
        content.doses.iter().filter(|row| !row.is_within()).map(|row| row.what.clone()).collect();
    let doses = match (content.doses.is_empty(), over.is_empty()) {
        (true, _) => "no doses are recorded".to_owned(),
        (_, true) => "every dose stayed within its limit".to_owned(),
        (_, false) => format!("above its limit was: {}", list(&over, 4)),
    };
    format!("{end}; {faults}, and {doses}.")
}

impl super::DoseRow {
    /// True where value and limit are numbers and the value is no more than the limit.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.value <= self.limit
    }
}

/// `1 stroke`, `2 strokes`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
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
pub(super) fn changes(before: &SpineScan, after: &SpineScan, change_min: Option<f64>) -> Changes {
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
            changes.softer.push(place(first));
        } else if change >= least {
            changes.tenser.push(place(first));
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
pub(super) fn changes_in_words(changes: &Changes) -> String {
    if changes.seen == 0 {
        return "No place was seen in both scans, so nothing can be compared.".to_owned();
    }
    if changes.softer.is_empty() && changes.tenser.is_empty() {
        return "No place changed by more than the smallest change that two scans can tell apart: the differences below may be chance.".to_owned();
    }
    let part = |places: &[String], word: &str| {
        if places.is_empty() { None } else { Some(format!("{word} at {}", list(places, 8))) }
    };
    let parts: Vec<String> =
        [part(&changes.softer, "softer"), part(&changes.tenser, "tenser")].into_iter().flatten().collect();
    format!(
        "By more than the smallest change that two scans can tell apart, the muscle was {} afterwards; all other differences may be chance.",
        parts.join(", and ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_negative_zero_and_no_nan() {
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(-1.25, 1), "−1.2");
        assert_eq!(number(f64::NAN, 1), MISSING);
        assert_eq!(short(40.0), "40");
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
        assert_eq!(sideways(-6.2), "6 mm right");
        assert_eq!(sideways(0.2), "none");
        let interval = Interval { value: -3.0, lo90: -9.0, hi90: 2.6 };
        assert_eq!(sideways_from_to(&interval), "from 9 mm right to 3 mm left");
    }

    #[test]
    fn long_lists_end_with_a_count() {
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(list(&items, 3), "a, b and c");
        assert_eq!(list(&items, 1), "a and 2 more");
        assert_eq!(list(&[], 3), "");
    }
}
