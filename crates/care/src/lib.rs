//! What a person with back pain should be asked and told; the only maker of a [`Clearance`].
//!
//! Before the bed touches anybody, [`screen`] weighs the person's answers to the screening table
//! (`care/screening.toml`, data with sources) and says what is allowed today: go, soften or refuse.
//! [`clear`] weighs what was told to the triage and the thermal table besides, and only takes away.
//! Nothing else in the workspace can make a [`Clearance`], and a plan cannot be compiled without one.
//!
//! Terms: a *question* is worded so that "no" is the harmless answer; its *tier* says how long an
//! answer holds; an *effect* is what a "yes" does to the session; a *reason* is one question that had
//! an effect. A question that is unanswered, expired or answered in the future counts as "yes".
//!
//! Beside the screening stand what a person keeps of the back over the weeks: a [`diary`], its
//! [`scores`], what goes with the spasms ([`triggers`]), the plan for the [`week`] and the reminder to get
//! up ([`breaks`]).
//!
//! What this crate does not do: it diagnoses nothing, promises nothing, reads no clock (the day is
//! given by the caller), and never loosens a limit: every effect only takes away.
//!
//! ```
//! use care::{Answer, Answers, Day, Person, Verdict, screen};
//!
//! let today = Day(20_779);
//! let mut answers = Answers::all_no(today, false);
//! answers.set("diabetes", Answer::Yes, today)?;
//! let clearance = screen(&Person::new(45.0, 1720.0, 74.0), &answers, today);
//! assert_eq!(clearance.verdict(), Verdict::Soften);
//! assert!(!clearance.heat_allowed());
//! # Ok::<(), care::AnswersError>(())
//! ```

mod answers;
pub mod ask;
pub mod breaks;
pub mod cause;
mod clear;
mod day;
pub mod diary;
mod draw;
mod effect;
pub mod exercise;
pub mod facts;
pub mod figure;
mod question;
pub mod reading;
pub mod scores;
mod screen;
pub mod thermal;
pub mod topic;
pub mod triage;
pub mod triggers;
pub mod week;
mod words;

pub use answers::{Answer, Answers, AnswersError, Entry};
pub use clear::{Open, clear};
pub use day::{Day, DayError};
pub use draw::draw_answers;
pub use effect::{Effect, Region};
pub use facts::{FactError, Findings, Kind, Value};
pub use question::{
    PersonRow, Quantity, Question, STANDING_DAYS, ScreeningError, Tier, person_rows, questions,
};
pub use scores::{Nprs, Roland};
pub use screen::{Because, Clearance, Person, Reason, Summary, Verdict, screen};
pub use triage::{Rule, Triage, Urgency, answers_for_screening, triage};
pub use words::{Evidence, Language, LanguageError, Marked, Words, pseudo};
