//! The plan for the week: from what is known of a person, what they wish and how the last weeks went, to
//! seven days of at most [`MINUTES_MAX`] minutes, with a reason for everything.
//!
//! Pure and without chance: the same input gives the same week. The numbers and rules are data
//! (`care/week.toml`). One *step rule* says how the week follows from the last one (first week, pain up, nothing
//! ticked, pain down, most or some ticked); *caps* then only take away. Exercises are chosen by weight: what
//! they serve, times what the likely causes ask for, plus what was done before.
//!
//! Terms: an *item* is one thing to do on one day; a *version* is the easier, normal or harder way of an
//! exercise; a *past week* is an earlier plan with its ticks; the *course* is the worst pain of the days, last
//! week against the week before, read by [`crate::scores::read_pain`].
//!
//! The idea of similar cases is that of selfBACK (Sandal 2021, JAMA Intern Med, doi
//! 10.1001/jamainternmed.2021.4097), whose cases are other people. Here nobody else's data exist, so the only
//! cases are the person's own past weeks: one counts the more, the closer its pain at the start was to today's,
//! and speaks for what was ticked in it if pain then fell by enough to matter, against it if pain rose. A fall
//! after a bad week is often chance (regression to the mean), so this shifts weights a little, is told as
//! possible chance, and never brings back what an answer ruled out.
//!
//! What this module does not do: it clears nobody for a session (a bed session in the plan is a suggestion;
//! screening decides on the day), it makes no plan from urgency "today" on, under 18 or in pregnancy, and it
//! takes every question of the screening table that is not answered with "no" as a "yes".

mod choose;
mod history;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use history::{History, Past, Tick};
pub use rules::{PainCourse, Reason, Ticked, WeekError};

use crate::answers::{Answer, Answers, Standing};
use crate::day::Day;
use crate::exercise::{Dose, Exercise, Level, exercise, exercises};
use crate::facts::{Findings, Value};
use crate::question::questions;
use crate::screen::Verdict;
use crate::triage::{Urgency, answers_for_screening};
use crate::words::Words;
use history::Seen;
use rules::{Do, RuleKind, Situation, table};

/// Most minutes that a plan asks for on one day.
///
/// Source: what the project promises ("at most 20 minutes a day").
pub const MINUTES_MAX: u8 = 20;

/// Youngest person for whom a plan is made, years.
///
/// Source: what the project promises ("under 18: flags and a doctor's advice only").
pub const AGE_MIN: f64 = 18.0;

/// What is known of the person when the plan is made.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What the person told.
    pub findings: &'a Findings,
    /// The day on which they told it; of an earlier day it answers no question about today.
    pub told_on: Day,
    /// Answers to the screening table; what is missing or expired counts as "yes".
    pub answers: &'a Answers,
    /// What the triage of the findings asks for.
    pub urgency: Urgency,
    /// Likely causes by their id, the likelier the larger; only the ratios count.
    pub causes: &'a BTreeMap<String, f64>,
    /// The verdict of today's screening for a massage by bed or hand; `None` when it was not asked.
    pub massage: Option<Verdict>,
}

/// By whom a massage could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Massage {
    /// None wished.
    #[default]
    None,
    /// A session on the bed.
    Bed,
    /// By hand.
    Hand,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All of them, from Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The day of the week of a calendar day.
    ///
    /// ```
    /// use care::week::Weekday;
    /// assert_eq!(Weekday::of("2026-11-22".parse()?), Weekday::Sunday);
    /// # Ok::<(), care::DayError>(())
    /// ```
    #[must_use]
    pub fn of(day: Day) -> Self {
        // 1970-01-01 was a Thursday.
        Self::ALL[(day.0 % 7 + 3) as usize % 7]
    }
}

/// What the person wishes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    /// Most minutes a day; above [`MINUTES_MAX`] it counts as that.
    pub minutes_a_day: u8,
    /// Days without a plan.
    pub quiet: BTreeSet<Weekday>,
    /// By whom a massage could be.
    pub massage: Massage,
}

/// How an exercise is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Version {
    /// As [`Exercise::easier`] says, with fewer repetitions.
    Easier,
    /// As it stands.
    Normal,
    /// As [`Exercise::harder`] says.
    Harder,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An exercise, also one against stress or for sleep, or a position of ease.
    Exercise {
        /// Name of the exercise.
        id: String,
        /// How it is done.
        version: Version,
        /// How much of it, this once.
        dose: Dose,
    },
    /// A walk.
    Walk,
    /// A massage; screening still decides on the day.
    Massage(Massage),
    /// Setting the reminder to get up.
    Breaks {
        /// Sitting until a reminder, minutes.
        interval_min: u16,
    },
}

impl What {
    /// Name under which past weeks are compared: that of the exercise, else of the activity.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Exercise { id, .. } => id,
            Self::Walk => &table().kinds.walk,
            Self::Massage(Massage::Bed) => "bed_session",
            Self::Massage(_) => "massage",
            Self::Breaks { .. } => "breaks",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Words {
        title(self.name())
    }
}

fn title(name: &str) -> Words {
    let said = |en: &str, de: &str| Words::new(en.to_owned(), de.to_owned());
    match name {
        "bed_session" => said("Session on the bed", "Anwendung auf dem Bett"),
        "massage" => said("Massage by hand", "Massage von Hand"),
        "breaks" => said("Set the break reminder", "Pausenerinnerung einstellen"),
        id => exercise(id).map_or_else(|| said(id, id), |exercise| exercise.title.clone()),
    }
}

/// One thing to do on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What.
    pub what: What,
    /// How long it takes, minutes; 0 for a setting.
    pub minutes: u8,
}

/// How large a week is; the next one steps from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Most demanding level.
    pub level: Level,
    /// Most minutes a day.
    pub minutes: u8,
    /// Minutes of a walk.
    pub walk: u8,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// Its first day.
    pub first: Day,
    /// How large it is.
    pub size: Size,
    /// What to do on each day, in order; empty on quiet days.
    pub days: [Vec<Item>; 7],
    /// Why it looks like this; never empty.
    pub because: Vec<Reason>,
}

impl Week {
    /// Minutes of one day of the plan, 0 to 6.
    #[must_use]
    pub fn minutes(&self, day: usize) -> u32 {
        self.days.get(day).map_or(0, |items| items.iter().map(|item| u32::from(item.minutes)).sum())
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// Somebody has to look today or at once.
    Urgent(Urgency),
    /// Under 18.
    Young,
    /// Pregnant.
    Pregnant,
    /// These rows of the screening table, answered with "yes", rule every exercise out.
    AskDoctor(Vec<String>),
    /// These rows of the screening table, or the fact `age_years`, are not answered.
    AnswerFirst(Vec<String>),
}

impl NoPlan {
    /// The reason, to the person.
    #[must_use]
    pub fn reason(&self) -> Reason {
        let code = match self {
            Self::Urgent(Urgency::Emergency) => "emergency",
            Self::Urgent(_) => "today",
            Self::Young => "young",
            Self::Pregnant => "pregnant",
            Self::AskDoctor(_) => "ask_doctor",
            Self::AnswerFirst(_) => "answer_first",
        };
        table().say(code, &[])
    }
}

/// The rows of the screening table on which the choice of exercises hangs and that have no answer yet; to be
/// asked, as a tick list, before a plan is made. Without those for all exercises there is no plan.
#[must_use]
pub fn open_rows(findings: &Findings, told_on: Day, answers: &Answers, today: Day) -> Vec<&'static str> {
    let rows = Rows::new(findings, told_on, answers, today);
    let used: BTreeSet<&str> =
        exercises().iter().flat_map(|exercise| &exercise.not_if).map(String::as_str).collect();
    questions().iter().map(|row| row.id.as_str()).filter(|id| used.contains(id) && rows.open(id)).collect()
}

/// Makes the plan of the seven days from `first` on.
///
/// # Errors
/// [`NoPlan`]: an ordinary answer, with its reason.
pub fn plan(known: &Known<'_>, wishes: &Wishes, history: &History<'_>, first: Day) -> Result<Week, NoPlan> {
    let rows = Rows::new(known.findings, known.told_on, known.answers, first);
    refuse(known, &rows)?;
    let seen = Seen::new(history, known.findings, first);
    let situation = seen.situation(known.urgency);
    let frame = Frame::new(&situation, seen.last().map(|past| past.week.size), wishes);
    let mut fill = vec![("minutes", number(frame.size.minutes))];
    if let Some((before, now)) = seen.means {
        fill.extend([("first", decimal(before)), ("now", decimal(now))]);
    }
    let rules = table().rule.iter().filter(|rule| rule.when.holds(&situation));
    let mut because: Vec<Reason> = rules.map(|rule| table().why(rule, &fill)).collect();
    let days = choose::days(known, wishes, &rows, &seen, &frame, first, &mut because);
    Ok(Week { first, size: frame.size, days, because })
}

/// Refuses a plan where there must be none; the most urgent reason first.
fn refuse(known: &Known<'_>, rows: &Rows) -> Result<(), NoPlan> {
    if known.urgency >= Urgency::Today {
        return Err(NoPlan::Urgent(known.urgency));
    }
    let age = match known.findings.get("age_years") {
        Some(Value::Number(age)) => Some(*age),
        _ => None,
    };
    if age.is_some_and(|age| age < AGE_MIN) {
        return Err(NoPlan::Young);
    }
    if rows.yes("pregnant") {
        return Err(NoPlan::Pregnant);
    }
    // What rules out every exercise rules out the plan.
    let every = |id: &&String| exercises().iter().all(|exercise| exercise.not_if.contains(*id));
    let never: Vec<&String> = exercises()
        .first()
        .map(|exercise| exercise.not_if.iter().filter(every).collect())
        .unwrap_or_default();
    let those = |of: &dyn Fn(&str) -> bool| -> Vec<String> {
        never.iter().filter(|id| of(id)).map(|id| (*id).clone()).collect()
    };
    let yes = those(&|id| rows.yes(id));
    if !yes.is_empty() {
        return Err(NoPlan::AskDoctor(yes));
    }
    let mut open = those(&|id| rows.open(id));
    if age.is_none() {
        open.push("age_years".to_owned());
    }
    if open.is_empty() { Ok(()) } else { Err(NoPlan::AnswerFirst(open)) }
}

/// Rows of the screening table, by what the person said in either place.
#[derive(Debug)]
struct Rows {
    yes: BTreeSet<&'static str>,
    open: BTreeSet<&'static str>,
}

impl Rows {
    fn new(findings: &Findings, told_on: Day, answers: &Answers, today: Day) -> Self {
        let told = answers_for_screening(findings, told_on);
        let mut rows = Self { yes: BTreeSet::new(), open: BTreeSet::new() };
        for row in questions() {
            let both = [told.standing(row, today), answers.standing(row, today)];
            // A doctor's word is about a session on the bed, not about exercises.
            let yes =
                |standing: &Standing| matches!(standing, Standing::Valid(answer) if *answer != Answer::No);
            if both.iter().any(yes) {
                rows.yes.insert(&row.id);
            } else if !both.iter().any(|standing| matches!(standing, Standing::Valid(_))) {
                rows.open.insert(&row.id);
            }
        }
        rows
    }

    fn yes(&self, id: &str) -> bool {
        self.yes.contains(id)
    }

    fn open(&self, id: &str) -> bool {
        self.open.contains(id)
    }

    /// Whether every row that could rule the exercise out was answered with "no".
    fn allow(&self, exercise: &Exercise) -> bool {
        !exercise.ruled_out_by(self.yes.iter().chain(&self.open).copied())
    }
}

/// How the week may look, before anything is chosen.
#[derive(Clone, Debug)]
struct Frame {
    size: Size,
    items_max: usize,
    version_max: Version,
    version_step: i8,
    keep: f64,
    rest: bool,
}

impl Frame {
    fn new(situation: &Situation, last: Option<Size>, wishes: &Wishes) -> Self {
        let limits = &table().limits;
        let mut frame = Self {
            size: last.unwrap_or(Size {
                level: Level::Gentle,
                minutes: limits.minutes_floor,
                walk: limits.walk_floor,
            }),
            items_max: limits.items_a_day.into(),
            version_max: Version::Harder,
            version_step: 0,
            keep: 0.0,
            rest: false,
        };
        // Steps first, whatever the order of the file: caps hold for what comes of them.
        for kind in [RuleKind::Step, RuleKind::Cap] {
            let rules = table().rule.iter().filter(|rule| rule.kind == kind);
            rules.filter(|rule| rule.when.holds(situation)).for_each(|rule| frame.apply(&rule.does));
        }
        let most = limits.minutes_a_day.min(MINUTES_MAX).min(wishes.minutes_a_day);
        frame.size.minutes = frame.size.minutes.max(limits.minutes_floor).min(most);
        frame.size.walk = frame.size.walk.max(limits.walk_floor).min(frame.size.minutes);
        frame
    }

    fn apply(&mut self, does: &Do) {
        let size = &mut self.size;
        let part = |minutes: u8, part: Option<f64>| {
            part.map_or(minutes, |part| (f64::from(minutes) * part).round() as u8)
        };
        size.level = stepped(does.set.level.unwrap_or(size.level), does.step.level);
        size.minutes = part(does.set.minutes.unwrap_or(size.minutes), does.part.minutes)
            .saturating_add(does.step.minutes);
        size.walk = part(does.set.walk.unwrap_or(size.walk), does.part.walk).saturating_add(does.step.walk);
        let most = &does.at_most;
        size.level = most.level.map_or(size.level, |level| size.level.min(level));
        size.minutes = most.minutes.map_or(size.minutes, |minutes| size.minutes.min(minutes));
        self.items_max = most.items.map_or(self.items_max, |items| self.items_max.min(items.into()));
        self.version_max = most.version.map_or(self.version_max, |version| self.version_max.min(version));
        self.version_step += does.version_step;
        self.keep += does.keep;
        self.rest |= does.rest;
    }
}

/// A level some steps on; a plan never goes below gentle, for rest alone is no plan.
fn stepped(level: Level, steps: i8) -> Level {
    let levels = [Level::Gentle, Level::Steady, Level::Firm];
    let at = levels.iter().position(|other| *other == level).unwrap_or(0);
    levels[at.saturating_add_signed(steps.into()).min(levels.len() - 1)]
}

fn number(number: u8) -> Words {
    Words::new(number.to_string(), number.to_string())
}

fn decimal(number: f64) -> Words {
    let en = format!("{number:.1}");
    let de = en.replace('.', ",");
    Words::new(en, de)
}
