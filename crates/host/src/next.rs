//! Next time: what the next session does differently after the last one, and from when on it can be given.
//!
//! A *step* is one of the nine of the scale of force. A session begins as soft as the last one ended: as many steps
//! below its plan as it began, and one more for each "softer" that was granted, one less for each "firmer". One that
//! was too strong, or that was stopped early, takes a step more; one that was too light takes one back. So it is
//! never firmer than its plan: whoever wants more asks for it while it is given.
//!
//! What this module does not do: it allows nothing. The plan and its limits stay as they are, and whether a session
//! is allowed today is worked out anew when it is asked for ([`crate::day`], [`plan::admit`]).

use bed::limits;
use care::Words;
use plan::History;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::course::day_of;
use crate::day::{DAY_S, Moment};
use crate::session::Wish;
use crate::store::{Kept, Record, SessionLine, SessionStanding, StoreError};

/// Most steps by which a session begins softer. Guess: half of the scale; softer still is another program.
const SOFTER_MAX: i32 = 4;

/// How strong a session was, as the person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Felt {
    /// It could have been more.
    TooLight,
    /// As it should be.
    Right,
    /// It hurt, or was more than did good.
    TooStrong,
}

impl Felt {
    /// All, from light to strong.
    pub const ALL: [Self; 3] = [Self::TooLight, Self::Right, Self::TooStrong];

    /// As a form says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLight => "too_light",
            Self::Right => "right",
            Self::TooStrong => "too_strong",
        }
    }

    /// In plain words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::TooLight => say("Too light", "Zu schwach"),
            Self::Right => say("Just right", "Genau richtig"),
            Self::TooStrong => say("Too strong", "Zu stark"),
        }
    }
}

/// From when on the rules of the day allow another session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earliest {
    /// From now on.
    Now,
    /// Later today, seconds after midnight where the person lives.
    Today(i64),
    /// Tomorrow.
    Tomorrow,
}

/// What the next session does differently, and when it can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Steps by which it begins softer than its plan.
    pub softer: u8,
    /// From when on.
    pub earliest: Earliest,
    last: Last,
    history: History,
}

/// What is known of the last session that was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Last {
    /// Steps by which it began softer.
    began: i32,
    /// Granted wishes for less, and for more.
    wishes: (i32, i32),
    stopped: bool,
    felt: Option<Felt>,
}

impl Last {
    fn read(record: &Record) -> Result<Self, StoreError> {
        let stopped =
            |line: &SessionLine| line.brief.as_ref().is_some_and(|brief| brief.ended["how"] == "stopped");
        // Of a session that came to no plan nobody felt how strong it is; but who stopped had enough of it.
        let mut last = None;
        for line in record.sessions()?.into_iter().rev().filter(|line| line.state == SessionStanding::Ended) {
            let told = record.session_record(line.number)?.map(|(told, _)| told).unwrap_or_default();
            if stopped(&line) || told["plan"].is_object() {
                last = Some((line, told));
                break;
            }
        }
        let Some((line, told)) = last else { return Ok(Self::default()) };
        let wishes = told["wishes"].as_array().map(Vec::as_slice).unwrap_or_default();
        let granted = |wanted: Wish| {
            let is = |said: &&serde_json::Value| said["granted"] == true && said["wish"] == wanted.name();
            i32::try_from(wishes.iter().filter(is).count()).unwrap_or(i32::MAX)
        };
        Ok(Self {
            began: told["softer"].as_u64().and_then(|steps| i32::try_from(steps).ok()).unwrap_or(0),
            wishes: (granted(Wish::Softer), granted(Wish::Firmer)),
            stopped: stopped(&line),
            felt: Said::read(record, &line)?.felt,
        })
    }

    fn softer(&self) -> u8 {
        let told = match (self.felt, self.stopped) {
            (Some(Felt::TooStrong), _) | (None, true) => 1,
            (Some(Felt::TooLight), _) => -1,
            (Some(Felt::Right) | None, _) => 0,
        };
        let ended = self.began.saturating_add(self.wishes.0).saturating_sub(self.wishes.1).max(0);
        ended.saturating_add(told).clamp(0, SOFTER_MAX) as u8
    }
}

/// Steps by which the next session of this person begins softer than its plan.
///
/// # Errors
/// The record cannot be read.
pub fn softer(record: &Record) -> Result<u8, StoreError> {
    Ok(Last::read(record)?.softer())
}

/// Whether a session came to its strokes, and its end was seen.
#[must_use]
pub fn is_given(line: &SessionLine) -> bool {
    line.state == SessionStanding::Ended && line.brief.as_ref().is_some_and(|brief| brief.strokes > 0)
}

/// What the person said after a session, beside their pain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// How strong it was.
    pub felt: Option<Felt>,
    /// The item of the diary that tells of it.
    pub item: Option<u32>,
}

impl Said {
    /// What was said after a session so far.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn read(record: &Record, line: &SessionLine) -> Result<Self, StoreError> {
        let all: Option<BTreeMap<i64, Self>> = record.kept(Kept::SaidAfter, day_of(line))?;
        Ok(all.and_then(|all| all.get(&line.number.0).copied()).unwrap_or_default())
    }

    /// Keeps it.
    ///
    /// # Errors
    /// The record cannot be read or written.
    pub fn keep(self, record: &Record, line: &SessionLine) -> Result<(), StoreError> {
        let day = day_of(line);
        let mut all: BTreeMap<i64, Self> = record.kept(Kept::SaidAfter, day)?.unwrap_or_default();
        all.insert(line.number.0, self);
        record.keep(Kept::SaidAfter, day, &all)
    }
}

impl Earliest {
    fn of(history: &History, now: &Moment) -> Self {
        if history.sessions_today.is_some_and(|today| f64::from(today) >= f64::from(limits::SESSIONS_A_DAY)) {
            return Self::Tomorrow;
        }
        let Some(since_s) = history.since_last_s else { return Self::Now };
        let left_s = (f64::from(limits::SESSION_GAP_S) - since_s).ceil();
        if left_s <= 0.0 {
            return Self::Now;
        }
        let at_s = (now.utc_s + i64::from(now.zone_s)).rem_euclid(DAY_S) + left_s as i64;
        if at_s < DAY_S { Self::Today(at_s) } else { Self::Tomorrow }
    }

    /// In one plain sentence.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Now => say(
                "The next session can begin whenever you like, today as well.",
                "Die nächste Anwendung kann beginnen, wann Sie möchten, auch heute noch.",
            ),
            Self::Today(at_s) => {
                // A minute is told when it is full.
                let minutes = (at_s + 59) / 60 % (24 * 60);
                let clock = format!("{}:{:02}", minutes / 60, minutes % 60);
                Words::new(
                    format!("The next session can begin today from {clock} on: three hours lie between two."),
                    format!(
                        "Die nächste Anwendung geht heute ab {clock} Uhr: Zwischen zweien liegen drei Stunden."
                    ),
                )
            }
            Self::Tomorrow => say(
                "The next session can be tomorrow: two a day, and three hours between them, are the most.",
                "Die nächste Anwendung geht morgen: höchstens zwei am Tag, mit drei Stunden dazwischen.",
            ),
        }
    }
}

impl Next {
    /// What the record says of the next session.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn read(record: &Record, now: &Moment) -> Result<Self, StoreError> {
        let (last, history) = (Last::read(record)?, record.history(now)?);
        Ok(Self { softer: last.softer(), earliest: Earliest::of(&history, now), last, history })
    }

    /// In plain sentences.
    #[must_use]
    pub fn words(&self) -> Vec<Words> {
        let mut all = vec![self.earliest.words(), self.force()];
        if self.history.sessions == Some(1) {
            all.push(say(
                "Your first session was a light one, as every first one is. The next may be fuller, within what your answers allow.",
                "Ihre erste Anwendung war eine leichte, wie jede erste. Die nächste darf voller sein, soweit Ihre Antworten es erlauben.",
            ));
        }
        let spent = self.history.dose_today_cem43.unwrap_or(f64::from(limits::DOSE_DAY_CEM43));
        let left = f64::from(limits::DOSE_DAY_CEM43) - spent;
        if self.earliest != Earliest::Tomorrow && left < f64::from(limits::DOSE_PROGRAM_CEM43) {
            all.push(say(
                "Your skin has had most of today’s warmth: another session today would be cooler.",
                "Ihre Haut hat den größten Teil der Wärme von heute schon bekommen: Eine weitere Anwendung heute wäre kühler.",
            ));
        }
        all
    }

    fn force(&self) -> Words {
        let because = match self.last {
            Last { felt: Some(Felt::TooStrong), .. } => ("it was too strong", "es zu stark war"),
            Last { felt: None, stopped: true, .. } => {
                ("it was stopped early", "sie vorzeitig gestoppt wurde")
            }
            _ => ("that is where you left it", "Sie es zuletzt so hatten"),
        };
        match (self.softer, self.last.felt) {
            (0, Some(Felt::TooLight)) => say(
                "It begins as its plan says. If that is too light, press “Firmer” early on: it never begins firmer by itself.",
                "Sie beginnt, wie ihr Plan es sagt. Ist das zu schwach, drücken Sie früh „Fester“: Von selbst beginnt sie nie fester.",
            ),
            (0, _) => say(
                "It begins as its plan says: nothing you said asks for less.",
                "Sie beginnt, wie ihr Plan es sagt: Nichts, was Sie gesagt haben, verlangt weniger.",
            ),
            (steps, _) => Words::new(
                format!(
                    "It begins softer than its plan, by {steps} of nine steps, because {}. You can ask for more at any moment.",
                    because.0
                ),
                format!(
                    "Sie beginnt sanfter als ihr Plan, um {steps} von neun Stufen, weil {}. Sie können jederzeit mehr verlangen.",
                    because.1
                ),
            ),
        }
    }
}

fn say(en: &str, de: &str) -> Words {
    Words::new(en.to_owned(), de.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten in the morning, an hour east of Greenwich.
    const MORNING: Moment =
        Moment { utc_s: 20_779 * 86_400 + 9 * 3600, zone_s: 3600, count_s: 9000, house: 1 };

    fn last(began: i32, wishes: (i32, i32), stopped: bool, felt: Option<Felt>) -> Last {
        Last { began, wishes, stopped, felt }
    }

    #[test]
    fn a_session_begins_as_soft_as_the_last_one_ended_and_never_firmer_than_its_plan() {
        let rows = [
            (last(0, (0, 0), false, None), 0),
            (last(0, (2, 0), false, None), 2),
            (last(0, (2, 1), false, Some(Felt::Right)), 1),
            (last(2, (0, 2), false, None), 0),
            (last(0, (0, 5), false, Some(Felt::TooLight)), 0),
            (last(2, (0, 0), false, Some(Felt::TooLight)), 1),
            (last(0, (0, 3), false, Some(Felt::TooStrong)), 1),
            (last(1, (0, 0), false, Some(Felt::TooStrong)), 2),
            (last(4, (9, 0), false, Some(Felt::TooStrong)), 4),
        ];
        for (last, steps) in rows {
            assert_eq!(last.softer(), steps, "{last:?}");
        }
    }

    #[test]
    fn who_stopped_it_begins_softer_unless_they_say_it_was_right() {
        assert_eq!(last(0, (0, 0), true, None).softer(), 1);
        assert_eq!(last(0, (0, 0), true, Some(Felt::Right)).softer(), 0);
    }

    #[test]
    fn the_next_session_waits_for_the_gap_and_for_the_day() {
        let history = |today, since_h: f64| History {
            sessions_today: Some(today),
            since_last_s: Some(since_h * 3600.0),
            ..History::returning(3)
        };
        let at = |hour: i64| Earliest::Today(hour * 3600);
        assert_eq!(Earliest::of(&History::newcomer(), &MORNING), Earliest::Now);
        assert_eq!(Earliest::of(&history(1, 3.0), &MORNING), Earliest::Now);
        assert_eq!(Earliest::of(&history(1, 1.0), &MORNING), at(12));
        assert_eq!(Earliest::of(&history(2, 5.0), &MORNING), Earliest::Tomorrow);
        let night = Moment { utc_s: MORNING.utc_s + 13 * 3600, ..MORNING };
        assert_eq!(Earliest::of(&history(1, 0.5), &night), Earliest::Tomorrow);
        assert!(
            at(12).words().en.contains("from 12:00 on")
                && Earliest::Today(43_201).words().de.contains("12:01")
        );
    }

    #[test]
    fn everything_that_is_said_stands_in_both_languages() {
        for felt in [None].into_iter().chain(Felt::ALL.map(Some)) {
            for (began, stopped) in [(0, false), (0, true), (2, false)] {
                let last = last(began, (0, 0), stopped, felt);
                let history = History { dose_today_cem43: Some(40.0), ..History::returning(1) };
                let next = Next { softer: last.softer(), earliest: Earliest::Now, last, history };
                assert_eq!(next.words().len(), 4);
                assert!(next.words().iter().all(|words| words.complete() && words.en != words.de));
            }
        }
    }
}
