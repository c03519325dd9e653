//! A person's course over weeks: what they told and what the scans found, the first stretch against the last one,
//! and whether the change is beyond the smallest change that matters.
//!
//! Terms: a *stretch* is a named window at either end of the time that was written down, and its value the median
//! of what lies in it. Two stretches never share a value; where they would, too little is known.
//!
//! | quantity | first and last stretch | smallest change that matters |
//! |---|---|---|
//! | pain, worst of the day, 0 to 10 | [`COURSE_DAYS`] days, [`COURSE_VALUES_MIN`] values or more | 2 points, and 30 % of the start for better ([`care::scores`]); more where the person's own days scatter more |
//! | Roland-Morris, 0 to 24 | [`COURSE_DAYS`] days, one value or more | by the first score ([`care::scores`]) |
//! | days with a spasm | [`SPASM_WINDOW_DAYS`] days, half of them written down | not known |
//! | tension, mean of all sites | up to [`SCANS`] scans on arrival | not known |
//! | length, kyphosis, lordosis, sideways | up to [`SCANS`] scans on arrival | MDC95 of two scans ([`mdc95`]) |
//!
//! A scan counts as it was on arrival, before the treatment of its session: between two of them the person got up.
//! Curve figures have no better and no worse here, only *changed*: lying, a flatter back is neither.
//!
//! What this module does not do: it names no cause. People come when it hurts most, and most of it would have
//! eased by itself; whatever changed, changed *over this time*, not *through* something. On the twin the scans'
//! rows are what the model assumes, not evidence.

mod beside;
mod carried;
mod csv;
mod scans;
#[cfg(test)]
mod tests;
mod told;
mod words;

use care::Day;
use care::diary::Diary;
use care::scores::{COURSE_DAYS, COURSE_VALUES_MIN};

use crate::store::{SessionLine, SessionNumber, SessionStanding};

pub use beside::{Beside, Difference, Eased, Place, Spot, Unlike};
pub use carried::bundle;
pub use scans::{MDC95_SOURCE, SCANS, mdc95};
pub use told::SPASM_WINDOW_DAYS;
pub use words::{assumed, no_cause};

/// What is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// Worst pain of the day, 0 to 10.
    Pain,
    /// Roland-Morris score, 0 to 24.
    Function,
    /// Days with a spasm.
    Spasms,
    /// Stiffness beside the spine over what is expected, mean of all sites.
    Tension,
    /// T1 to the last lumbar body, mm.
    Length,
    /// Lying, degrees.
    Kyphosis,
    /// Lying, degrees.
    Lordosis,
    /// Largest deviation sideways, left positive, mm.
    Lateral,
}

impl Quantity {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Pain,
        Self::Function,
        Self::Spasms,
        Self::Tension,
        Self::Length,
        Self::Kyphosis,
        Self::Lordosis,
        Self::Lateral,
    ];

    /// Whether it comes from a scan, and not from the person.
    #[must_use]
    pub fn is_scanned(self) -> bool {
        self >= Self::Tension
    }
}

/// One value of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its day.
    pub day: Day,
    /// The value, in the quantity's unit.
    pub value: f64,
    /// What holds the truth nine times in ten, where it is known.
    pub interval: Option<(f64, f64)>,
    /// The session of which it is.
    pub session: Option<SessionNumber>,
}

/// One end of a course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// First day of the window.
    pub from: Day,
    /// Last day of the window.
    pub to: Day,
    /// Values in it.
    pub count: usize,
    /// Their median; for spasms the days with one.
    pub value: f64,
}

/// From which size on a change matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smallest {
    /// By how much it must fall; `None` where no fall can be shown.
    pub fall: Option<f64>,
    /// By how much it must rise.
    pub rise: f64,
    /// What this rests on.
    pub ground: Ground,
}

/// What the smallest change rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The smallest change that people call one.
    Mcid,
    /// The person's own days scatter by more than that.
    OwnScatter,
    /// What two scans with getting up between can tell apart, nineteen times in twenty.
    Mdc95,
}

/// What can be said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Beyond the smallest change that matters, for the better.
    Better,
    /// Beyond it, for the worse.
    Worse,
    /// Beyond what two scans can tell apart; neither better nor worse is meant.
    Changed,
    /// Nothing beyond the smallest change that matters.
    NoChange,
    /// Too little is known.
    TooLittle(TooLittle),
}

/// What is missing for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TooLittle {
    /// Values at either end.
    Values,
    /// The smallest change that matters.
    Smallest,
}

/// The course of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which.
    pub quantity: Quantity,
    /// Its values, the oldest first.
    pub points: Vec<Point>,
    /// The first and the last stretch.
    pub ends: Option<(Stretch, Stretch)>,
    /// From which size on a change matters, where that is known.
    pub smallest: Option<Smallest>,
    /// What can be said.
    pub verdict: Verdict,
    /// It was scanned on the twin: what the model assumes, not evidence.
    pub simulated: bool,
}

impl Line {
    /// Last stretch less the first one.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        self.ends.map(|(first, last)| last.value - first.value)
    }

    /// Values between which a value is no change from the first stretch; an end that cannot be crossed is `None`.
    #[must_use]
    pub fn band(&self) -> Option<(Option<f64>, f64)> {
        let ((first, _), smallest) = (self.ends?, self.smallest?);
        Some((smallest.fall.map(|fall| first.value - fall), first.value + smallest.rise))
    }
}

/// A person's course.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// One for each quantity, in the order of [`Quantity::ALL`].
    pub lines: Vec<Line>,
    /// The sessions that were given, the oldest first.
    pub sessions: Vec<SessionLine>,
    /// Heat dose of each session, CEM43.
    pub doses: Vec<Point>,
    /// Sessions on the twin whose scans were left out, because others were real.
    pub simulated_left_out: usize,
}

impl Course {
    /// The course that diary and sessions tell, in whatever order they come.
    #[must_use]
    pub fn of(diary: &Diary, sessions: &[SessionLine]) -> Self {
        let given =
            |line: &&SessionLine| matches!(line.state, SessionStanding::Ended | SessionStanding::Settled);
        let mut sessions: Vec<SessionLine> = sessions.iter().filter(given).cloned().collect();
        sessions.sort_by_key(|line| (day_of(line), line.number));
        let real = sessions.iter().any(|line| !line.simulated && line.brief.is_some());
        let counted: Vec<&SessionLine> = sessions.iter().filter(|line| !(real && line.simulated)).collect();
        let simulated_left_out = sessions.len() - counted.len();
        let line = |quantity: Quantity| match quantity {
            Quantity::Pain => told::pain(diary),
            Quantity::Function => told::function(diary),
            Quantity::Spasms => told::spasms(diary),
            _ => scans::line(quantity, &counted, !real),
        };
        let dose = |line: &SessionLine| Point {
            day: day_of(line),
            value: line.dose_cem43,
            interval: None,
            session: Some(line.number),
        };
        Self {
            lines: Quantity::ALL.map(line).into(),
            doses: sessions.iter().map(dose).collect(),
            simulated_left_out,
            sessions,
        }
    }

    /// The line of a quantity.
    ///
    /// # Panics
    /// Never: there is one for each.
    #[must_use]
    pub fn line(&self, quantity: Quantity) -> &Line {
        self.lines.iter().find(|line| line.quantity == quantity).expect("a line for each quantity")
    }

    /// First and last day of everything that is known; `None` where nothing is.
    #[must_use]
    pub fn days(&self) -> Option<(Day, Day)> {
        let points = self.lines.iter().flat_map(|line| &line.points).chain(&self.doses);
        let days: Vec<Day> = points.map(|point| point.day).collect();
        Some((*days.iter().min()?, *days.iter().max()?))
    }
}

/// The day on which a session began, where the person lives.
#[must_use]
pub fn day_of(line: &SessionLine) -> Day {
    let local_s = line.begun.utc_s + i64::from(line.begun.zone_s);
    Day::from_unix_seconds(u64::try_from(local_s).unwrap_or_default())
}

/// The middle of some values; the mean of the two middle ones of an even number.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[half]),
        _ => Some(f64::midpoint(sorted[half - 1], sorted[half])),
    }
}

/// Room for the rounding of a difference of medians. Design: far below any figure that is shown.
const ROUNDING: f64 = 1e-6;
