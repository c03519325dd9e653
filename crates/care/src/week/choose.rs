//! What goes into which day.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Past, Seen};
use super::rules::{Reason, table};
use super::{Frame, Item, Known, Massage, Rows, Version, Weekday, What, Wishes, number, title};
use crate::breaks;
use crate::day::Day;
use crate::exercise::{Dose, Exercise, Level, Serves, exercise, exercises};
use crate::screen::Verdict;
use crate::topic::causes;
use crate::words::Words;

/// Part of the repetitions (of the seconds, where there is one repetition) in the easier version.
///
/// Guess: a little over half, rounded up.
const EASIER_PART: f64 = 0.6;

/// What an exercise loses for each time it is already in the week, and for having been there the day before.
///
/// Guess: large enough that the day after brings something else, small enough that a good one comes back.
const AGAIN: f64 = 0.5;

/// What an exercise loses for each one of the day that serves the same first purpose.
///
/// Guess: a day mixes purposes.
const SAME_PURPOSE: f64 = 0.3;

/// Likelihood, relative to the likeliest, from which a cause is named.
///
/// Guess: a third.
const CAUSE_NAMED: f64 = 1.0 / 3.0;

/// An exercise that may be in the week.
struct Candidate {
    exercise: &'static Exercise,
    version: Version,
    weight: f64,
    /// Days on which it is.
    on: BTreeSet<usize>,
}

/// The seven days; adds the reasons of what was chosen.
pub(super) fn days(
    known: &Known<'_>,
    wishes: &Wishes,
    rows: &Rows,
    seen: &Seen<'_>,
    frame: &Frame,
    first: Day,
    because: &mut Vec<Reason>,
) -> [Vec<Item>; 7] {
    let causes = likely(known.causes);
    let purpose = purposes(&causes);
    let helped = seen.helped();
    let candidates = candidates(rows, seen.last(), &helped, &purpose, frame);
    let strong = candidates.iter().filter(|one| one.exercise.serves.contains(&Serves::Strength));
    let mut week = Filling {
        strongest: strong.map(|one| one.exercise.level).max().unwrap_or(Level::Gentle),
        candidates,
        frame,
        massage: if massage_missing(known, wishes, frame).is_none() { wishes.massage } else { Massage::None },
        walk: exercise(&table().kinds.walk).is_some_and(|walking| rows.allow(walking)),
        breaks: weight_of(&purpose, &[Serves::Sitting]) >= table().choice.breaks_from,
        calm: weight_of(&purpose, &[Serves::Stress, Serves::Sleep]) >= table().choice.calm_from,
    };
    let weekday = |day: u32| Weekday::of(Day(first.0.saturating_add(day)));
    let active: Vec<usize> =
        (0..7).filter(|day| !wishes.quiet.contains(&weekday(*day))).map(|day| day as usize).collect();
    let mut days: [Vec<Item>; 7] = Default::default();
    if frame.size.minutes > 0 {
        for (turn, day) in active.iter().enumerate() {
            let mut items = week.day(*day, turn, active.len());
            if let Some(before) = turn.checked_sub(1) {
                week.vary(*day, &mut items, &days[active[before]]);
            }
            days[*day] = items;
        }
    }
    let chosen: Vec<&What> = days.iter().flatten().map(|item| &item.what).collect();
    let mut say = |code: &str, fill: &[(&str, Words)]| because.push(table().say(code, fill));
    if frame.size.minutes == 0 {
        say("no_time", &[]);
    }
    explain(&chosen, frame, &causes, &helped, &mut say);
    if let Some(code) = massage_missing(known, wishes, frame) {
        let minutes =
            [("massage", number(table().limits.massage_minutes)), ("minutes", number(frame.size.minutes))];
        say(code, &minutes);
    }
    explain_missing(rows, &mut say);
    if active.len() < 7 {
        say("quiet_days", &[]);
    }
    say("limit", &[("minutes", number(table().limits.minutes_a_day))]);
    days
}

/// Reasons for what is in the week.
fn explain(
    chosen: &[&What],
    frame: &Frame,
    causes: &BTreeMap<&str, f64>,
    helped: &BTreeMap<&str, f64>,
    say: &mut impl FnMut(&str, &[(&str, Words)]),
) {
    let kinds = &table().kinds;
    let named: BTreeSet<&str> = chosen.iter().map(|what| what.name()).collect();
    let exercise = |name: &&str| exercise(name).is_some();
    if named.iter().any(exercise) {
        say("why_exercise", &[]);
    }
    let plays_a_part: Vec<Words> = crate::topic::causes()
        .causes
        .iter()
        .filter(|cause| causes.get(cause.id.as_str()).is_some_and(|likely| *likely >= CAUSE_NAMED))
        .filter(|cause| table().cause.get(&cause.id).is_some_and(|gives| !gives.is_empty()))
        .map(|cause| cause.title.clone())
        .collect();
    if !plays_a_part.is_empty() && named.iter().any(exercise) {
        say("cause", &[("titles", list(&plays_a_part))]);
    }
    if named.contains(kinds.walk.as_str()) {
        say("walk", &[("walk", number(frame.size.walk))]);
    }
    if kinds.calm.iter().any(|id| named.contains(id.as_str())) {
        say("calm", &[]);
    }
    if named.contains("breaks") {
        let interval = breaks::INTERVAL_MIN.to_string();
        say("breaks", &[("minutes", Words::new(interval.clone(), interval))]);
    }
    if chosen.iter().any(|what| matches!(what, What::Massage(_))) {
        say("massage", &[]);
    }
    let again: Vec<Words> = named
        .iter()
        .filter(|name| helped.get(**name).is_some_and(|score| *score > 0.0))
        .map(|name| title(name))
        .collect();
    if !again.is_empty() {
        say("helped_before", &[("titles", list(&again))]);
    }
}

/// Reasons for what is not in the week.
fn explain_missing(rows: &Rows, say: &mut impl FnMut(&str, &[(&str, Words)])) {
    let ruled_out = |exercise: &&Exercise| exercise.ruled_out_by(rows.yes.iter().copied());
    let (out, rest): (Vec<&Exercise>, Vec<&Exercise>) = exercises().iter().partition(ruled_out);
    let open: Vec<&Exercise> = rest.into_iter().filter(|exercise| !rows.allow(exercise)).collect();
    for (code, exercises) in [("left_out", out), ("not_answered", open)] {
        let titles: Vec<Words> = exercises.iter().map(|exercise| exercise.title.clone()).collect();
        if !titles.is_empty() {
            say(code, &[("titles", list(&titles))]);
        }
    }
}

/// The causes by likelihood, the likeliest 1; what is no positive number counts as nothing.
fn likely(weights: &BTreeMap<String, f64>) -> BTreeMap<&str, f64> {
    let sound = |weight: &f64| weight.is_finite() && *weight > 0.0;
    let most = weights.values().copied().filter(sound).fold(0.0, f64::max);
    let known = |id: &str| causes().causes.iter().any(|cause| cause.id == id);
    let sound = weights.iter().filter(|(id, weight)| sound(weight) && known(id));
    sound.map(|(id, weight)| (id.as_str(), weight / most)).collect()
}

/// The weight of each purpose.
fn purposes(causes: &BTreeMap<&str, f64>) -> BTreeMap<Serves, f64> {
    let mut purpose = table().serves.clone();
    for (id, likely) in causes {
        for (serves, weight) in table().cause.get(*id).into_iter().flatten() {
            *purpose.entry(*serves).or_insert(0.0) += weight * likely;
        }
    }
    purpose
}

fn weight_of(purpose: &BTreeMap<Serves, f64>, serves: &[Serves]) -> f64 {
    serves.iter().filter_map(|serves| purpose.get(serves)).sum()
}

/// Why a massage that is wished for is not in the week; nothing where it is, or none is wished.
fn massage_missing(known: &Known<'_>, wishes: &Wishes, frame: &Frame) -> Option<&'static str> {
    if wishes.massage == Massage::None || frame.size.minutes == 0 {
        return None;
    }
    match known.massage {
        None => Some("massage_not_asked"),
        Some(Verdict::Refuse) => Some("massage_refused"),
        Some(Verdict::Go | Verdict::Soften) => {
            (frame.size.minutes < table().limits.massage_minutes).then_some("massage_no_room")
        }
    }
}

fn candidates(
    rows: &Rows,
    last: Option<&Past>,
    helped: &BTreeMap<&str, f64>,
    purpose: &BTreeMap<Serves, f64>,
    frame: &Frame,
) -> Vec<Candidate> {
    let choice = &table().choice;
    let times = last.map(Past::times).unwrap_or_default();
    let kinds = &table().kinds;
    let allowed = |exercise: &&Exercise| {
        rows.allow(exercise)
            && exercise.level <= frame.size.level
            && exercise.id != kinds.walk
            && !kinds.apart.contains(&exercise.id)
    };
    let candidate = |exercise: &'static Exercise| {
        let done = times.get(exercise.id.as_str()).copied();
        let before = match done {
            Some((_, 0)) => choice.left_undone,
            Some(_) => choice.ticked + frame.keep,
            None => 0.0,
        };
        let helped = choice.helped * helped.get(exercise.id.as_str()).copied().unwrap_or(0.0);
        // Divided by the root of their number, so that serving a little of everything wins nothing.
        let serves = weight_of(purpose, &exercise.serves) / (exercise.serves.len() as f64).sqrt();
        let version = version(last, exercise, done, frame);
        Candidate { exercise, version, weight: serves + before + helped, on: BTreeSet::new() }
    };
    exercises().iter().filter(allowed).map(candidate).collect()
}

/// The version that follows from last week's; what is new begins easier.
fn version(last: Option<&Past>, exercise: &Exercise, done: Option<(u32, u32)>, frame: &Frame) -> Version {
    let versions = [Version::Easier, Version::Normal, Version::Harder];
    let before =
        last.into_iter().flat_map(|past| past.week.days.iter().flatten()).find_map(|item| match &item.what {
            What::Exercise { id, version, .. } if *id == exercise.id => Some(*version),
            _ => None,
        });
    let Some(before) = before else { return Version::Easier.min(frame.version_max) };
    let ticked = done.is_some_and(|(_, done)| done > 0);
    let step = if ticked || frame.version_step < 0 { frame.version_step } else { 0 };
    let at = versions.iter().position(|version| *version == before).unwrap_or(0);
    versions[at.saturating_add_signed(step.into()).min(versions.len() - 1)].min(frame.version_max)
}

/// The dose of one time.
fn dose(exercise: &Exercise, version: Version) -> Dose {
    let dose = exercise.dose;
    let less = |count: u32| (f64::from(count) * EASIER_PART).ceil() as u32;
    match version {
        Version::Easier if dose.repetitions > 1 => Dose { repetitions: less(dose.repetitions), ..dose },
        Version::Easier => Dose { seconds: less(dose.seconds), ..dose },
        Version::Normal | Version::Harder => dose,
    }
}

/// Texts one after the other.
fn list(titles: &[Words]) -> Words {
    let join = |text: fn(&Words) -> &String| titles.iter().map(text).cloned().collect::<Vec<_>>().join("; ");
    Words::new(join(|words| &words.en), join(|words| &words.de))
}

/// Whether the turn of `of` turns is one of `times` evenly spread ones.
fn spread(turn: usize, of: usize, times: usize) -> bool {
    let times = times.min(of);
    (turn + 1) * times / of > turn * times / of
}

/// The week while it is filled.
struct Filling<'a> {
    /// Most demanding level of an exercise for strength.
    strongest: Level,
    candidates: Vec<Candidate>,
    frame: &'a Frame,
    massage: Massage,
    walk: bool,
    breaks: bool,
    calm: bool,
}

impl Filling<'_> {
    fn day(&mut self, day: usize, turn: usize, turns: usize) -> Vec<Item> {
        let (limits, kinds) = (&table().limits, &table().kinds);
        let mut items = Vec::new();
        let mut left = self.frame.size.minutes;
        if self.breaks && turn == 0 {
            items.push(Item { what: What::Breaks { interval_min: breaks::INTERVAL_MIN }, minutes: 0 });
        }
        let most = self.frame.items_max + items.len();
        let add = |items: &mut Vec<Item>, left: &mut u8, what: What, minutes: u8| {
            *left -= minutes;
            items.push(Item { what, minutes });
        };
        let massage = self.massage != Massage::None && left >= limits.massage_minutes;
        if massage && spread(turn, turns, limits.massage_times.into()) {
            add(&mut items, &mut left, What::Massage(self.massage), limits.massage_minutes);
        }
        let walk_most = (f64::from(left) * limits.walk_part).ceil() as u8;
        let walk = self.frame.size.walk.min(walk_most).min(left);
        if self.walk && walk >= limits.walk_floor && spread(turn, turns, limits.walk_times.into()) {
            add(&mut items, &mut left, What::Walk, walk);
        }
        // Not every day, so that a short day has room for something else.
        let half = spread(turn, turns, turns.div_ceil(2));
        let calm = self.calm && half;
        let rest = self.frame.rest && half;
        let strength = spread(turn, turns, limits.strength_times.into());
        let of = |kind: &'static [String]| move |candidate: &Candidate| kind.contains(&candidate.exercise.id);
        for (wanted, kind) in [(rest, &kinds.rest), (calm, &kinds.calm)] {
            if wanted && items.len() < most {
                let best = self.best(day, left, &[], of(kind));
                best.into_iter().for_each(|(what, minutes)| add(&mut items, &mut left, what, minutes));
            }
        }
        let other = |candidate: &Candidate| !of(&kinds.rest)(candidate) && !of(&kinds.calm)(candidate);
        let mut purposes = Vec::new();
        while items.len() < most {
            // The strongest that the level allows comes first; it is what most of the evidence is about.
            let strongest = self.strongest;
            let strong = |candidate: &Candidate| {
                candidate.exercise.level == strongest && candidate.exercise.serves.contains(&Serves::Strength)
            };
            let best = if strength && purposes.is_empty() { self.best(day, left, &[], strong) } else { None };
            let Some((what, minutes)) = best.or_else(|| self.best(day, left, &purposes, other)) else {
                break;
            };
            let chosen = exercise(what.name());
            purposes.extend(chosen.and_then(|exercise| exercise.serves.first()).copied());
            add(&mut items, &mut left, what, minutes);
        }
        items
    }

    /// Changes the last exercise of a day that would be the one before it over again, where another fits.
    fn vary(&mut self, day: usize, items: &mut [Item], before: &[Item]) {
        let names = |items: &[Item]| -> BTreeSet<String> {
            let done = items.iter().filter(|item| !matches!(item.what, What::Breaks { .. }));
            done.map(|item| item.what.name().to_owned()).collect()
        };
        let kinds = &table().kinds;
        let last = items.iter().rposition(|item| matches!(item.what, What::Exercise { .. }));
        let Some(last) = last.filter(|_| names(items) == names(before)) else { return };
        let spent: u8 = items.iter().map(|item| item.minutes).sum();
        let left = self.frame.size.minutes - spent + items[last].minutes;
        let apart = |candidate: &Candidate| {
            let id = &candidate.exercise.id;
            !kinds.rest.contains(id) && !kinds.calm.contains(id)
        };
        if let Some((what, minutes)) = self.best(day, left, &[], apart) {
            let given_up = std::mem::replace(&mut items[last], Item { what, minutes });
            let mut same = self.candidates.iter_mut();
            if let Some(one) = same.find(|one| one.exercise.id == given_up.what.name()) {
                one.on.remove(&day);
            }
        }
    }

    /// The best exercise that fits, marked as used on this day. Ties go to the first in the table.
    fn best(
        &mut self,
        day: usize,
        left: u8,
        purposes: &[Serves],
        of_kind: impl Fn(&Candidate) -> bool,
    ) -> Option<(What, u8)> {
        let worth = |candidate: &Candidate| {
            let again = candidate.on.len() as f64 + f64::from(u8::from(was_yesterday(candidate, day)));
            let first = candidate.exercise.serves.first();
            let same = purposes.iter().filter(|purpose| Some(*purpose) == first).count() as f64;
            candidate.weight - AGAIN * again - SAME_PURPOSE * same
        };
        let fits = |candidate: &Candidate| {
            let times = candidate.exercise.dose.times_a_week;
            // Up to three times a week means a day between.
            let rested = times > 3 || !was_yesterday(candidate, day);
            of_kind(candidate)
                && candidate.exercise.minutes <= left.into()
                && !candidate.on.contains(&day)
                && candidate.on.len() < times as usize
                && rested
        };
        let best = self
            .candidates
            .iter_mut()
            .filter(|candidate| fits(candidate))
            .reduce(|best, other| if worth(other) > worth(best) { other } else { best })?;
        best.on.insert(day);
        let (exercise, version) = (best.exercise, best.version);
        let what = What::Exercise { id: exercise.id.clone(), version, dose: dose(exercise, version) };
        Some((what, u8::try_from(exercise.minutes).ok()?))
    }
}

fn was_yesterday(candidate: &Candidate, day: usize) -> bool {
    day.checked_sub(1).is_some_and(|yesterday| candidate.on.contains(&yesterday))
}
