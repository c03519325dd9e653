//! What a person answered, and when. Answers are kept by the caller; this crate only weighs them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::question::{Question, STANDING_DAYS, Tier, questions};

/// An answer to a screening question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It applies.
    Yes,
    /// It does not apply.
    No,
    /// It applies, and a doctor has agreed to a light session. Counts as a plain yes where the row
    /// asks no doctor.
    YesClearedByDoctor,
}

/// One answer with the day on which it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The answer.
    pub answer: Answer,
    /// The day on which it was given.
    pub answered_on: Day,
}

/// All that one person has answered. What is missing counts as "yes".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    entries: BTreeMap<String, Entry>,
    simulated: bool,
}

/// Answers cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// There is no such question.
    #[error("answers: there is no question \"{id}\"; the nearest one is \"{nearest}\"")]
    UnknownQuestion {
        /// What was given, at most 60 characters of it.
        id: String,
        /// The id in the table that is written most alike.
        nearest: String,
    },
    /// A question is answered twice.
    #[error("answers: \"{id}\" is answered twice; keep one")]
    Twice {
        /// The question.
        id: String,
    },
    /// The text is no TOML of the expected form.
    #[error("answers: {0}")]
    Form(String),
}

/// What an answer is worth today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is none.
    Missing,
    /// It is too old.
    Expired,
    /// It is dated after today: a clock went backwards, or the record is wrong.
    FromFuture,
    /// It counts.
    Valid(Answer),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersFile {
    #[serde(default)]
    simulated: bool,
    #[serde(default)]
    answer: Vec<EntryFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    id: String,
    answer: Answer,
    answered_on: Day,
}

impl Answers {
    /// No answers yet: everything counts as "yes".
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// "No" to every question on `day`; `simulated` when nobody was asked.
    #[must_use]
    pub fn all_no(day: Day, simulated: bool) -> Self {
        let entry = Entry { answer: Answer::No, answered_on: day };
        let entries = questions().iter().map(|question| (question.id.clone(), entry)).collect();
        Self { entries, simulated }
    }

    /// No answers yet, of a simulated person.
    pub(crate) fn simulated() -> Self {
        Self { simulated: true, ..Self::default() }
    }

    /// Records an answer, in the place of an earlier one.
    ///
    /// # Errors
    /// [`AnswersError::UnknownQuestion`] when the table has no such question; nothing is recorded.
    pub fn set(&mut self, id: &str, answer: Answer, answered_on: Day) -> Result<(), AnswersError> {
        if !questions().iter().any(|question| question.id == id) {
            return Err(AnswersError::UnknownQuestion {
                id: id.chars().take(60).collect(),
                nearest: nearest(id),
            });
        }
        self.entries.insert(id.to_owned(), Entry { answer, answered_on });
        Ok(())
    }

    /// The answer on record, whatever it is worth today.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Entry> {
        self.entries.get(id).copied()
    }

    /// Whether these answers were drawn and nobody was asked.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// Forgets the answers that hold for one session only; to be called when a session ends, so that
    /// a second session on the same day asks again.
    pub fn end_session(&mut self) {
        for question in questions().iter().filter(|question| question.tier != Tier::Standing) {
            self.entries.remove(&question.id);
        }
    }

    /// The questions that have to be asked before a session on `today`, in the order of the table.
    pub fn open_questions(&self, today: Day) -> impl Iterator<Item = &'static Question> + '_ {
        questions()
            .iter()
            .filter(move |question| !matches!(self.standing(question, today), Standing::Valid(_)))
    }

    /// Reads answers as written by [`Answers::to_toml`]:
    ///
    /// ```
    /// let answers = care::Answers::from_toml(
    ///     "[[answer]]\nid = \"diabetes\"\nanswer = \"no\"\nanswered_on = \"2026-11-22\"\n",
    /// )?;
    /// assert_eq!(answers.get("diabetes").map(|entry| entry.answer), Some(care::Answer::No));
    /// # Ok::<(), care::AnswersError>(())
    /// ```
    ///
    /// # Errors
    /// [`AnswersError`], one line each: no such form, an unknown question, one answered twice.
    pub fn from_toml(text: &str) -> Result<Self, AnswersError> {
        let file: AnswersFile =
            toml::from_str(text).map_err(|error| AnswersError::Form(one_line(text, &error)))?;
        let mut answers = Self { simulated: file.simulated, ..Self::default() };
        for read in file.answer {
            if answers.entries.contains_key(&read.id) {
                return Err(AnswersError::Twice { id: read.id });
            }
            answers.set(&read.id, read.answer, read.answered_on)?;
        }
        Ok(answers)
    }

    /// Writes the answers as TOML.
    ///
    /// # Errors
    /// [`AnswersError::Form`] when the writer fails, which it does not for these types.
    pub fn to_toml(&self) -> Result<String, AnswersError> {
        let answer = self
            .entries
            .iter()
            .map(|(id, entry)| EntryFile {
                id: id.clone(),
                answer: entry.answer,
                answered_on: entry.answered_on,
            })
            .collect();
        toml::to_string(&AnswersFile { simulated: self.simulated, answer })
            .map_err(|error| AnswersError::Form(error.to_string()))
    }

    /// What the answer to `question` is worth on `today`.
    pub(crate) fn standing(&self, question: &Question, today: Day) -> Standing {
        let Some(entry) = self.entries.get(&question.id) else {
            return Standing::Missing;
        };
        let Some(age) = today.days_since(entry.answered_on) else {
            return Standing::FromFuture;
        };
        let days = match question.tier {
            Tier::Emergency | Tier::Today => 1,
            Tier::Standing => STANDING_DAYS,
        };
        if age < days { Standing::Valid(entry.answer) } else { Standing::Expired }
    }
}

/// The message of a TOML error in one line, with the line of the text that it is about.
pub(crate) fn one_line(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', ", ");
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

/// The question id with the smallest edit distance to `id`; the first of equals.
fn nearest(id: &str) -> String {
    let short: Vec<char> = id.chars().take(60).collect();
    questions()
        .iter()
        .min_by_key(|question| edit_distance(&short, &question.id))
        .map(|question| question.id.clone())
        .unwrap_or_default()
}

/// Levenshtein distance: the fewest insertions, deletions and replacements.
fn edit_distance(left: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=left.len()).collect();
    for (above, wanted) in right.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (index, found) in left.iter().enumerate() {
            let replaced = diagonal + usize::from(*found != wanted);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[left.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day(20_779);

    #[test]
    fn an_unknown_id_is_refused_and_the_nearest_one_named() {
        let mut answers = Answers::new();
        let error = answers.set("diabetis", Answer::No, TODAY).expect_err("no such id");
        assert_eq!(
            error.to_string(),
            "answers: there is no question \"diabetis\"; the nearest one is \"diabetes\""
        );
        assert_eq!(answers, Answers::new());
        let long = "x".repeat(100_000);
        let line = answers.set(&long, Answer::No, TODAY).expect_err("no such id").to_string();
        assert!(line.len() < 200);
    }

    #[test]
    fn answers_survive_being_written_and_read() {
        let mut answers = Answers::all_no(TODAY, true);
        answers.set("bleeding", Answer::YesClearedByDoctor, Day(20_770)).expect("known");
        let text = answers.to_toml().expect("writes");
        assert_eq!(Answers::from_toml(&text), Ok(answers));
    }

    #[test]
    fn a_bad_file_is_refused_in_one_line_that_says_where() {
        let good = "[[answer]]\nid = \"diabetes\"\nanswer = \"no\"\nanswered_on = \"2026-11-22\"\n";
        for (text, what) in [
            (good.replace("no\"", "maybe\""), "line 3"),
            (good.replace("2026-11-22", "2026-11-31"), "YYYY-MM-DD"),
            (good.replace("id =", "name ="), "line 2"),
            (good.repeat(2), "\"diabetes\" is answered twice"),
            (good.replace("diabetes", "sugar"), "there is no question \"sugar\""),
            (good.replace("answered_on = \"2026-11-22\"\n", ""), "answered_on"),
            ("\0".to_owned(), "line 1"),
        ] {
            let error = Answers::from_toml(&text).expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_second_session_on_the_same_day_asks_again_what_holds_for_one_session() {
        let mut answers = Answers::all_no(TODAY, false);
        assert_eq!(answers.open_questions(TODAY).count(), 0);
        answers.end_session();
        let open: Vec<_> = answers.open_questions(TODAY).collect();
        assert!(open.iter().all(|question| question.tier != Tier::Standing));
        let held = questions().iter().filter(|question| question.tier == Tier::Standing).count();
        assert_eq!(open.len() + held, questions().len());
    }
}
