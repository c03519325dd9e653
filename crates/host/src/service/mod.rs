//! What whoever looks after a bed is shown: readings, drives, line, faults, limits, self-test, and a twin's
//! journal. Plain values with their words, ready for a page or a program; nothing of a person.

mod explore;
mod journal;
mod limits;
mod readings;
mod self_test;

use crate::faults::{self, FaultText};
use crate::seen::{Seen, View};
use care::Words;
use serde::Serialize;

pub use explore::{Explore, ExploreRefused, explore};
pub use journal::{Told, VerdictTold, lines, verdict};
pub use limits::{LimitRow, limits};
pub use readings::{Row, Standing};
pub use self_test::{Check, Finding, SelfTest, TestRefused, run as self_test};

pub(crate) fn both(en: impl Into<String>, de: impl Into<String>) -> Words {
    Words::new(en.into(), de.into())
}

/// The bed of the moment.
#[derive(Clone, Debug, Serialize)]
pub struct Service {
    /// What must be told with everything that a twin shows.
    pub notice: Option<&'static str>,
    /// Reports come.
    pub heard: bool,
    /// Where the bed's session stands, in words.
    pub state: Words,
    /// How the guard acts, where it is known: a twin tells, of a bed only its faults are known.
    pub guard: Words,
    /// Readings, drives, supply and switches.
    pub readings: Vec<Row>,
    /// What drives and heaters were told.
    pub outputs: Vec<Row>,
    /// The line between host and bed.
    pub line: Vec<Row>,
    /// Faults seen lately, the newest first.
    pub faults: Vec<SeenFault>,
}

/// A fault that was seen.
#[derive(Clone, Debug, Serialize)]
pub struct SeenFault {
    /// Its code.
    pub code: String,
    /// Its name in programs.
    pub name: String,
    /// Which axis, head or zone, where there are several.
    pub index: u8,
    /// When, seconds of Unix time.
    pub utc_s: i64,
    /// It is over.
    pub cleared: bool,
    /// What it means.
    pub meaning: Words,
}

/// What was seen, in words.
#[must_use]
pub fn service(seen: &Seen) -> Service {
    let view = seen.view();
    let simulated = view.line.as_ref().is_some_and(|line| line.simulated);
    Service {
        notice: simulated.then_some(crate::NOTICE),
        heard: readings::is_heard(&view),
        state: journal::state(view.state),
        guard: guard(&view),
        readings: readings::measured(&view),
        outputs: readings::told(&view),
        line: readings::line(&view),
        faults: recent(&view),
    }
}

/// The faults' texts, those that were seen lately first.
#[must_use]
pub fn fault_texts(seen: &Seen) -> Vec<&'static FaultText> {
    let view = seen.view();
    let lately: Vec<_> = view.faults.iter().rev().map(|at| at.fault).collect();
    let place = |text: &&FaultText| lately.iter().position(|fault| *fault == text.name);
    let mut texts: Vec<&'static FaultText> = faults::faults().iter().collect();
    texts.sort_by_key(|text| place(text).unwrap_or(usize::MAX));
    texts
}

fn guard(view: &View) -> Words {
    if let Some(verdict) = view.verdict.as_ref().filter(|verdict| verdict.open) {
        return journal::acts(verdict.guard);
    }
    let acts = view.journal.iter().rev().find_map(|line| match line.noted {
        link::Noted::Guard { acts } => Some(acts),
        link::Noted::Restarted => Some(link::GuardActs::Nothing),
        _ => None,
    });
    acts.map_or_else(|| both("not told by this bed", "sagt dieses Bett nicht"), journal::acts)
}

fn recent(view: &View) -> Vec<SeenFault> {
    let row = |at: &crate::seen::FaultAt| {
        let text = faults::text(at.fault);
        SeenFault {
            code: text.code(),
            name: format!("{:?}", at.fault),
            index: at.index,
            utc_s: at.utc_s,
            cleared: at.cleared,
            meaning: text.meaning.clone(),
        }
    };
    view.faults.iter().rev().map(row).collect()
}
