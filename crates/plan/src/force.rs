//! How much force a stroke gets: the intensity's newtons, held down by every cap that applies.

use bed::{Action, limits};
use care::{Effect, Verdict, Words};

use crate::compile::Case;
use crate::intensity::Intensity;
use crate::program::Phase;
use crate::reason::{Code, Most, Numbers, Reason, Reasons, Unit};
use crate::words;

/// Standard gravity, m/s2. Source: CGPM 1901.
pub(crate) const GRAVITY: f64 = 9.80665;

/// What the bed leaves free under a ceiling that its guard holds, N, so that the force loop can follow a
/// breath. Source: design; the control's own headroom.
const HEADROOM_N: f64 = 7.0;
/// The same over the pelvis, N. Source: design; the control's own headroom there.
const PELVIS_ROOM_N: f64 = 6.5;

/// Most force where the motor current alone tells it, N. Source: design; the control's own cap.
const BLIND_N: f64 = 40.0;

/// One stroke as far as its force goes.
pub(crate) struct Press<'a> {
    /// Number of the phase.
    pub index: usize,
    pub phase: &'a Phase,
    pub action: Action,
    /// Share of the head that presses more, 0.5 to 1.
    pub share: f64,
    /// Whether it reaches headward of the neck line.
    pub in_neck: bool,
    /// Its headward and its footward end along the bed, mm.
    pub ends_mm: (f64, f64),
}

/// Newtons of both heads together that the stroke gets, and the most that it could get. Caps that took
/// something go to `reasons`.
pub(crate) fn grant(case: &Case<'_>, press: &Press<'_>, reasons: &mut Reasons) -> (f64, Most) {
    let requested = press.phase.intensity.force_n();
    let caps = caps(case, press);
    let top = Most { value: Intensity::TOP.force_n(), code: Code::ScaleEnd };
    let mut most = caps.iter().fold(top, |most, (code, cap, _)| most.or(*code, *cap));
    // The wire counts tenths of a newton; rounded towards less, but for what is lost between the
    // limits' short and our long numbers.
    most.value = (most.value * 10.0 + 1e-4).floor() / 10.0;
    let granted = requested.min(most.value);
    for (code, limit, words) in caps.into_iter().filter(|(_, cap, _)| *cap < requested) {
        let numbers = Numbers { limit, requested, granted, unit: Unit::Newton };
        let words = words::capped(&words, (requested, 0), granted, "N");
        let mut reason = Reason::new(code, numbers, words);
        if matches!(code, Code::Clearance | Code::ClearanceIntensity | Code::ForceDefault) {
            reason.screening = softening_rows(case, code);
        }
        reasons.add(reason, Some(press.index), &[]);
    }
    let over_pelvis = (pelvis_n(case, press.ends_mm.1) * 10.0).floor() / 10.0;
    if over_pelvis < granted {
        let numbers = Numbers { limit: over_pelvis, requested, granted: over_pelvis, unit: Unit::Newton };
        let words = words::eased_over_pelvis(over_pelvis);
        reasons.add(Reason::new(Code::PelvisForce, numbers, words), Some(press.index), &[]);
    }
    (granted, most)
}

/// Newtons of both heads that the share of the weight leaves at a place along the bed: less where the
/// pelvis may lie.
fn pelvis_n(case: &Case<'_>, x_mm: f64) -> f64 {
    let from_neck_mm = x_mm - f64::from(case.ground.bed.neck_line_mm);
    let share = f64::from(limits::force_of_weight_at(from_neck_mm as f32));
    (share * case.weight_n - PELVIS_ROOM_N).max(0.0)
}

fn softening_rows(case: &Case<'_>, code: Code) -> Vec<String> {
    let softens = |effect: &Effect| match effect {
        Effect::Soften { .. } => code == Code::Clearance,
        Effect::SoftenIntensity { .. } => code == Code::ClearanceIntensity,
        _ => false,
    };
    let rows = case.clearance.reasons().iter();
    rows.filter(|row| code == Code::ForceDefault || row.effects.iter().any(softens))
        .map(|row| row.id.clone())
        .collect()
}

/// Every cap that applies to this stroke, with its newtons and words.
fn caps(case: &Case<'_>, press: &Press<'_>) -> Vec<(Code, f64, Words)> {
    let bed = case.ground.bed;
    let mut caps = Vec::with_capacity(8);
    if let Some(cap) = case.clearance.force_cap_n() {
        caps.push((Code::Clearance, (cap - HEADROOM_N).max(0.0), words::force_of_clearance(cap)));
    }
    if let Some(cap) = case.clearance.intensity_cap() {
        // What lies outside the scale allows nothing.
        let force = Intensity::new(cap.into()).map_or(0.0, Intensity::force_n);
        caps.push((Code::ClearanceIntensity, force, words::intensity_of_clearance(cap)));
    }
    if let Some(code) = case.light {
        let cap = Intensity::FIRST_SESSION.force_n();
        let words = match code {
            Code::FirstSession => words::first_session(),
            _ => words::history_unknown(),
        };
        caps.push((code, cap, words));
    }
    if case.clearance.verdict() != Verdict::Go {
        caps.push((Code::ForceDefault, f64::from(limits::FORCE_DEFAULT_N), words::force_default()));
    }
    let weight = (f64::from(limits::FORCE_OF_WEIGHT) * case.weight_n - HEADROOM_N).max(0.0);
    caps.push((Code::BodyWeight, weight, words::body_weight()));
    // A stroke that travels on over the pelvis is eased there by the bed.
    caps.push((Code::PelvisForce, pelvis_n(case, press.ends_mm.0), words::pelvis()));
    if press.in_neck {
        caps.push((Code::NeckForce, f64::from(limits::NECK_DEFAULT_N), words::neck()));
    }
    // A kneading head may carry the whole force for a moment.
    let share = if press.action == Action::Knead { 1.0 } else { press.share };
    let area_m2 = f64::from(bed.roller.contact_area_mm2) * 1e-6;
    let pascals = f64::from(limits::CONTACT_PRESSURE_KPA) * 1e3;
    let head = pascals * area_m2 / f64::from(limits::PRESSURE_PEAK_FACTOR);
    caps.push((Code::ContactPressure, head / share, words::contact_pressure()));
    let thrust = f64::from(bed.lift.thrust_max_n - bed.lift.friction_stick_n);
    let thrust = if bed.lift.coupled { thrust } else { thrust / share };
    caps.push((Code::BedThrust, thrust.max(0.0), words::bed_thrust()));
    if bed.load_cell.is_none() {
        caps.push((Code::BedThrust, BLIND_N, words::blind_force()));
    }
    let ceiling = f64::from(limits::FORCE_CEILING_N);
    debug_assert!(press.phase.intensity.force_n() <= ceiling);
    caps
}
