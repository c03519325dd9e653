//! The exercises and positions of ease: one row of `care/exercises.toml` each, with text in English and
//! German, dose, sources and the poses of its pictures.
//!
//! Terms: *serves* names the causes and topics an exercise is for; *not if* names rows of the screening
//! table whose "yes" rules it out; a *dose* is what one week holds. The table is compiled in and checked
//! once. What this module does not do: it chooses nothing for anybody and knows no answers; the plan does.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::figure::{Joint, Pose, PoseError, PoseFile, Row};
use crate::question::questions;
use crate::words::{Evidence, Language, Words};

/// What an exercise is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Serves {
    Overuse,
    Underuse,
    Sitting,
    Sleep,
    Stress,
    SpasmNow,
    Strength,
    Mobility,
}

/// How demanding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Rest: for bad days too.
    Ease,
    /// Gentle movement.
    Gentle,
    /// Some strength or stretch.
    Steady,
    /// Takes strength and control.
    Firm,
}

/// What to do of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// Rounds.
    pub sets: u32,
    /// Repetitions in a round (each side, where there are sides).
    pub repetitions: u32,
    /// Seconds that one repetition is held or takes.
    pub seconds: u32,
    /// Sessions in a week; 14 is twice a day.
    pub times_a_week: u32,
}

/// One exercise.
#[derive(Clone, Debug, PartialEq)]
pub struct Exercise {
    /// Name of the row, lower case with underscores.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// What it is for; never empty.
    pub serves: Vec<Serves>,
    /// How demanding it is.
    pub level: Level,
    /// How much.
    pub dose: Dose,
    /// Minutes of one session.
    pub minutes: u32,
    /// Two to four short steps.
    pub how: Words<Vec<String>>,
    /// How to breathe.
    pub breath: Words,
    /// A lighter version.
    pub easier: Words,
    /// A harder version.
    pub harder: Words,
    /// When to stop.
    pub stop: Words,
    /// Rows of the screening table whose "yes" rules it out, with those that rule out every exercise.
    pub not_if: BTreeSet<String>,
    /// What it rests on, written out.
    pub sources: Vec<String>,
    /// How far that carries.
    pub evidence: Evidence,
    /// The day its sources were read.
    pub checked: Day,
    /// Its poses: start, sometimes a middle, end.
    pub poses: Vec<Pose>,
    row: Row,
}

/// The table of exercises cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExerciseError {
    /// The file as a whole.
    #[error("exercises: {0}")]
    Form(String),
    /// One row.
    #[error("exercises: \"{id}\": {what}")]
    Row {
        /// Name of the row.
        id: String,
        /// What is wrong.
        what: String,
    },
    /// A pose of a row.
    #[error("exercises: \"{id}\", {frame}: {error}")]
    Pose {
        /// Name of the row.
        id: String,
        /// `start`, `middle` or `end`.
        frame: &'static str,
        /// What is wrong.
        error: PoseError,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    never_if: BTreeSet<String>,
    sources: BTreeMap<String, String>,
    pose: BTreeMap<String, PoseFile>,
    exercise: Vec<ExerciseFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExerciseFile {
    id: String,
    title: Words,
    serves: Vec<Serves>,
    level: Level,
    dose: Dose,
    minutes: u32,
    how: Words<Vec<String>>,
    breath: Words,
    easier: Words,
    harder: Words,
    stop: Words,
    not_if: BTreeSet<String>,
    source: Vec<String>,
    evidence: Evidence,
    checked: Day,
    #[serde(default = "hip")]
    fixed: Joint,
    #[serde(default)]
    moves: Vec<Joint>,
    start: PoseFile,
    middle: Option<PoseFile>,
    end: PoseFile,
}

fn hip() -> Joint {
    Joint::Hip
}

/// All exercises, in the order of the file.
#[must_use]
pub fn exercises() -> &'static [Exercise] {
    static TABLE: LazyLock<Vec<Exercise>> = LazyLock::new(|| {
        let text = include_str!("../../../care/exercises.toml");
        parse(text).unwrap_or_else(|error| panic!("the table that is compiled in: {error}"))
    });
    &TABLE
}

/// The exercise with this name.
#[must_use]
pub fn exercise(id: &str) -> Option<&'static Exercise> {
    exercises().iter().find(|exercise| exercise.id == id)
}

impl Exercise {
    /// Whether a "yes" to one of the named rows of the screening table rules it out.
    pub fn ruled_out_by<'a>(&self, yes: impl IntoIterator<Item = &'a str>) -> bool {
        yes.into_iter().any(|id| self.not_if.contains(id))
    }

    /// Its pictures in order, each with the name of its frame, as SVG; `page` makes their ids unique.
    #[must_use]
    pub fn pictures(&self, language: Language, page: &str) -> Vec<(Cow<'static, str>, String)> {
        let steps = self.how.of(language).join(" ");
        let title = self.title.of(language);
        let last = self.row.len() - 1;
        (0..self.row.len())
            .map(|frame| {
                let name = frame_name(frame, last, language);
                let id = format!("{page}-{}-{frame}", self.id);
                let svg = self.row.svg(frame, &id, &format!("{title}: {name}"), &steps);
                (name, svg)
            })
            .collect()
    }

    /// The posed bodies behind the pictures.
    #[must_use]
    pub fn row(&self) -> &Row {
        &self.row
    }
}

fn frame_name(frame: usize, last: usize, language: Language) -> Cow<'static, str> {
    match frame {
        0 => language.say("start", "Anfang"),
        _ if frame == last => language.say("end", "Ende"),
        _ => language.say("on the way", "unterwegs"),
    }
}

/// Reads a table of exercises.
///
/// # Errors
/// When the text is no table of exercises, a row is not complete, or a pose cannot be taken.
pub fn parse(text: &str) -> Result<Vec<Exercise>, ExerciseError> {
    let file: File = toml::from_str(text).map_err(|error| ExerciseError::Form(error.to_string()))?;
    let known: BTreeSet<&str> = questions().iter().map(|question| question.id.as_str()).collect();
    if let Some(id) = file.never_if.iter().find(|id| !known.contains(id.as_str())) {
        return Err(ExerciseError::Form(format!("never_if names no screening question \"{id}\"")));
    }
    let mut used = BTreeSet::new();
    let mut ids = BTreeSet::new();
    let mut table = Vec::with_capacity(file.exercise.len());
    for read in file.exercise {
        if !ids.insert(read.id.clone()) {
            return Err(row_error(&read.id, "the id is used twice"));
        }
        if let Some(id) = read.not_if.iter().find(|id| !known.contains(id.as_str())) {
            return Err(row_error(&read.id, &format!("not_if names no screening question \"{id}\"")));
        }
        used.extend(read.source.iter().cloned());
        table.push(read.check(&file.sources, &file.pose, &file.never_if)?);
    }
    match file.sources.keys().find(|key| !used.contains(*key)) {
        Some(key) => Err(ExerciseError::Form(format!("no row cites the source \"{key}\""))),
        None => Ok(table),
    }
}

impl ExerciseFile {
    fn check(
        self,
        sources: &BTreeMap<String, String>,
        bases: &BTreeMap<String, PoseFile>,
        never_if: &BTreeSet<String>,
    ) -> Result<Exercise, ExerciseError> {
        self.check_texts().map_err(|what| row_error(&self.id, what))?;
        let (poses, row) = self.pictures(bases)?;
        let mut written = Vec::with_capacity(self.source.len());
        for key in &self.source {
            let text = sources.get(key);
            let text = text.ok_or_else(|| row_error(&self.id, &format!("there is no source \"{key}\"")))?;
            written.push(text.clone());
        }
        Ok(Exercise {
            id: self.id,
            title: self.title,
            serves: self.serves,
            level: self.level,
            dose: self.dose,
            minutes: self.minutes,
            how: self.how,
            breath: self.breath,
            easier: self.easier,
            harder: self.harder,
            stop: self.stop,
            not_if: self.not_if.union(never_if).cloned().collect(),
            sources: written,
            evidence: self.evidence,
            checked: self.checked,
            poses,
            row,
        })
    }

    fn pictures(&self, bases: &BTreeMap<String, PoseFile>) -> Result<(Vec<Pose>, Row), ExerciseError> {
        let frames =
            [("start", Some(&self.start)), ("middle", self.middle.as_ref()), ("end", Some(&self.end))];
        let mut poses = Vec::with_capacity(3);
        for (frame, file) in frames {
            let Some(file) = file else { continue };
            let wrong = |error| ExerciseError::Pose { id: self.id.clone(), frame, error };
            let pose = file.build(bases).map_err(wrong)?;
            // Alone first, so that an error names its frame.
            Row::new(std::slice::from_ref(&pose), self.fixed, &[]).map_err(wrong)?;
            poses.push(pose);
        }
        let row = Row::new(&poses, self.fixed, &self.moves)
            .map_err(|error| row_error(&self.id, &error.to_string()))?;
        Ok((poses, row))
    }

    fn check_texts(&self) -> Result<(), &'static str> {
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err("an id is lower-case letters and underscores");
        }
        let texts = [&self.title, &self.breath, &self.easier, &self.harder, &self.stop];
        let steps = self.how.en.iter().chain(&self.how.de);
        let mut all = texts.iter().flat_map(|words| [&words.en, &words.de]).chain(steps);
        if all.any(|text| text.trim().is_empty()) {
            return Err("a text is empty");
        }
        if self.how.en.len() != self.how.de.len() || !(2..=4).contains(&self.how.en.len()) {
            return Err("how has two to four steps, as many in German as in English");
        }
        if self.serves.is_empty() {
            return Err("serves nothing");
        }
        if self.source.is_empty() && self.evidence != Evidence::None {
            return Err("without a source its evidence is none");
        }
        if !self.source.is_empty() && self.evidence == Evidence::None {
            return Err("with a source its evidence is weak, moderate or strong");
        }
        let dose = &self.dose;
        let counts = [dose.sets, dose.repetitions, dose.seconds, dose.times_a_week, self.minutes];
        match counts.contains(&0) || dose.times_a_week > 70 || self.minutes > 30 {
            true => Err("a dose has no zero, at most 70 times a week, at most 30 minutes"),
            false => Ok(()),
        }
    }
}

fn row_error(id: &str, what: &str) -> ExerciseError {
    ExerciseError::Row { id: id.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests;
