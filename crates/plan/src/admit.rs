//! Whether there can be a plan at all: clearance, person, day and bed, before anything is placed.

use bed::{BedConfig, limits};
use care::{Clearance, Effect, Verdict};

use crate::compile::Case;
use crate::force::GRAVITY;
use crate::ground::MIDLINE_MM;
use crate::history::{History, Visit};
use crate::program::MINUTES_MIN;
use crate::reason::{Code, Numbers, Reasons, Refusal, Unit};
use crate::words::{self, Measured};

/// Weight that counts: the lower of the stated mass and what the corner cells show, newtons.
pub(crate) fn weight_n(clearance: &Clearance, visit: &Visit) -> f64 {
    let stated = clearance.person().mass_kg.unwrap_or_default() * GRAVITY;
    visit.weight_n.map_or(stated, |weight| stated.min(weight)).max(0.0)
}

/// Refuses what no plan can mend, before anything is scanned: bed, clearance, person, and the rules of the day.
///
/// # Errors
/// A [`Refusal`] with its cause and a way out. What it lets through may still be refused after the scan.
pub fn admit(
    clearance: &Clearance,
    history: &History,
    visit: &Visit,
    bed: &BedConfig,
) -> Result<(), Refusal> {
    if let Err(error) = bed.check() {
        let numbers = Numbers {
            limit: f64::from(error.max),
            requested: f64::from(error.value),
            granted: 0.0,
            unit: Unit::Count,
        };
        return Err(Refusal::new(Code::Bed, numbers, words::bed_unfit(&error)));
    }
    cleared(clearance, visit)?;
    person(clearance, visit)?;
    day(history)?;
    minutes(visit)
}

fn cleared(clearance: &Clearance, visit: &Visit) -> Result<(), Refusal> {
    let count = |requested| Numbers { limit: 0.0, requested, granted: 0.0, unit: Unit::Count };
    if !clearance.valid_on(visit.day) {
        let said = words::other_day(clearance.day(), visit);
        return Err(Refusal::new(Code::ClearanceDay, count(1.0), said));
    }
    if clearance.verdict() != Verdict::Refuse {
        return Ok(());
    }
    let stops = |effect: &Effect| matches!(effect, Effect::Refuse | Effect::AskDoctor);
    let rows: Vec<_> = clearance.reasons().iter().filter(|row| row.effects.iter().any(stops)).collect();
    let said = rows.first().map(|row| (row.words.clone(), row.advice.clone()));
    let said = said.unwrap_or_else(words::not_cleared);
    let mut refusal = Refusal::new(Code::Clearance, count(rows.len() as f64), said);
    refusal.reason.screening = rows.iter().map(|row| row.id.clone()).collect();
    Err(refusal)
}

fn person(clearance: &Clearance, visit: &Visit) -> Result<(), Refusal> {
    let about = clearance.person();
    let weighed_kg = visit.weight_n.map(|weight| weight / GRAVITY);
    let rows = [
        (Measured::Age, about.age_years, limits::AGE_MIN_YEARS, f32::INFINITY, Unit::Year),
        (
            Measured::Stature,
            about.stature_mm,
            limits::STATURE_MIN_MM,
            limits::STATURE_MAX_MM,
            Unit::Millimetre,
        ),
        (Measured::Mass, about.mass_kg, limits::MASS_MIN_KG, limits::MASS_MAX_KG, Unit::Kilogram),
        (
            Measured::Weighed,
            weighed_kg.or(about.mass_kg),
            limits::MASS_MIN_KG,
            limits::MASS_MAX_KG,
            Unit::Kilogram,
        ),
    ];
    for (of, value, min, max, unit) in rows {
        let (min, max) = (f64::from(min), f64::from(max));
        let requested = value.unwrap_or(f64::NAN);
        if (min..=max).contains(&requested) {
            continue;
        }
        let limit = if requested > max { max } else { min };
        let numbers = Numbers { limit, requested, granted: limit, unit };
        return Err(Refusal::new(Code::Person, numbers, words::size(of, requested, min, max)));
    }
    Ok(())
}

fn day(history: &History) -> Result<(), Refusal> {
    let limit = f64::from(limits::SESSIONS_A_DAY);
    let today = history.sessions_today.map_or(0.0, f64::from);
    if today >= limit {
        let numbers = Numbers { limit, requested: today + 1.0, granted: limit, unit: Unit::Count };
        return Err(Refusal::new(Code::SessionsADay, numbers, words::sessions_a_day(today, limit)));
    }
    let gap = f64::from(limits::SESSION_GAP_S);
    // A session earlier today at an unknown time may have ended just now.
    let since = history.since_last_s.or((today > 0.0).then_some(0.0));
    match since {
        Some(since) if since.is_nan() || since < gap => {
            let since = if since.is_nan() { 0.0 } else { since.max(0.0) };
            let numbers = Numbers { limit: gap, requested: since, granted: gap, unit: Unit::Second };
            Err(Refusal::new(Code::SessionGap, numbers, words::gap(gap, gap - since)))
        }
        _ => Ok(()),
    }
}

fn minutes(visit: &Visit) -> Result<(), Refusal> {
    let minutes = visit.minutes.unwrap_or(MINUTES_MIN);
    if minutes.is_finite() && minutes >= MINUTES_MIN {
        return Ok(());
    }
    let limit = MINUTES_MIN * 60.0;
    let numbers = Numbers { limit, requested: minutes * 60.0, granted: limit, unit: Unit::Second };
    let most = f64::from(limits::SESSION_S) / 60.0;
    Err(Refusal::new(Code::Session, numbers, words::minutes(minutes, MINUTES_MIN, most)))
}

/// The refusal when no stroke is left: off the midline if that is why, else with all causes named.
pub(crate) fn nothing_left(case: &Case<'_>, reasons: &Reasons) -> Refusal {
    if reasons.has(Code::OffMidline) {
        let (off, y_mm) = case.ground.farthest_off();
        let numbers =
            Numbers { limit: MIDLINE_MM, requested: off, granted: MIDLINE_MM, unit: Unit::Millimetre };
        let said = words::all_off_midline(&case.ground.way_to_midline(y_mm));
        return Refusal::new(Code::OffMidline, numbers, said);
    }
    let numbers = Numbers { limit: 0.0, requested: 1.0, granted: 0.0, unit: Unit::Count };
    Refusal::new(Code::NothingLeft, numbers, words::nothing_left(reasons.words()))
}
