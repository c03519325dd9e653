//! The course as a bundle of FHIR R4 for a clinic: the diary's own, and what the bed recorded beside it.

use bed::Interval;
use care::{Day, Language};
use fhir::{BedSession, Figure, Measured};

use super::Course;
use crate::carry;
use crate::day::Moment;
use crate::store::{Pair, Record, SessionLine, SessionStanding, StoreError};

/// What a person keeps and what the bed recorded of their sessions.
///
/// # Errors
/// The record cannot be read.
pub fn bundle(record: &Record, today: Day, language: Language) -> Result<fhir::Bundle, StoreError> {
    let course = Course::of(&record.diary()?, &record.sessions()?);
    let mut bundle = carry::bundle(record, today, language)?;
    let sessions: Vec<BedSession> = course.sessions.iter().map(session).collect();
    bundle.add_sessions(record.id(), &sessions);
    Ok(bundle)
}

fn session(line: &SessionLine) -> BedSession {
    let brief = line.brief.clone().unwrap_or_default();
    let mut figures = Vec::new();
    let mut add = |of, pair: Pair<Interval>| {
        for (after, found) in [(false, pair.before), (true, pair.after)] {
            let figure = |found: Interval| Figure {
                of,
                after,
                value: found.value,
                interval: Some((found.lo90, found.hi90)),
            };
            figures.extend(found.map(figure));
        }
    };
    add(Measured::Length, brief.length_mm);
    add(Measured::Kyphosis, brief.kyphosis_deg);
    add(Measured::Lordosis, brief.lordosis_deg);
    add(Measured::Lateral, brief.lateral_mm);
    for (after, found) in [(false, brief.tension_mean.before), (true, brief.tension_mean.after)] {
        figures.extend(found.map(|value| Figure { of: Measured::Tension, after, value, interval: None }));
    }
    // A session that was settled has an end, but nobody saw it.
    let seen = line.state == SessionStanding::Ended;
    BedSession {
        number: line.number.0,
        begun: instant(&line.begun),
        ended: line.ended.as_ref().filter(|_| seen).map(instant),
        program: line.program.clone(),
        simulated: line.simulated,
        dose_cem43: line.dose_cem43,
        figures,
    }
}

/// A moment as FHIR writes it, with its zone.
fn instant(moment: &Moment) -> String {
    let local_s = moment.utc_s + i64::from(moment.zone_s);
    let day = Day::from_unix_seconds(u64::try_from(local_s).unwrap_or_default());
    let s = local_s.rem_euclid(86_400);
    let (sign, zone) = (if moment.zone_s < 0 { '-' } else { '+' }, moment.zone_s.unsigned_abs() / 60);
    let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
    format!("{day}T{h:02}:{m:02}:{s:02}{sign}{:02}:{:02}", zone / 60, zone % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_where_the_person_lives() {
        let moment = |zone_s| Moment { utc_s: 20_779 * 86_400 + 61, zone_s, count_s: 0, house: 1 };
        assert_eq!(instant(&moment(3600)), "2026-11-22T01:01:01+01:00");
        assert_eq!(instant(&moment(-12_600)), "2026-11-21T20:31:01-03:30");
    }
}
