//! Targets of all surfaces over the plan, and a simple upper bound of what the skin gets.
//!
//! Bound: skin is at most as warm as the surface that it touches, taken as target plus
//! [`SURFACE_MARGIN_K`], and body-warm (37 C) where that is cooler. With w the largest share of any
//! ten minutes that a site is pressed, Th and Tm the warmest head and mat of the plan:
//!
//! * mean over ten minutes: `w max(Th, Tm) + (1 - w) Tm`;
//! * mean as the bed's guard judges it, first order over a minute: `Tm + f(w) (max(Th, Tm) - Tm)`
//!   with the largest such mean of being pressed for w; it must stay below [`STEADY_C`];
//! * dose: `s r(max(Th, Tm)) + sum over strokes of t r(Tm) + 10 min r(last Tm)`, minutes, with s the
//!   time of the most pressed site, t each stroke's time with the change before it, and
//!   `r(T) = R^(43 - T)`, R = 0.5 from 43 C, 0.25 below, nothing under 39 C (CEM43, Sapareto and Dewey
//!   1984; measures.md). Rollers keep their heat for long, hence the warmest head of the whole plan.
//!
//! It does not know cloth, blood flow or lag: those only cool.

use bed::limits;
use care::{Effect, Words};
use serde::Serialize;

use crate::compile::Case;
use crate::intensity::{HEADS_C, HeatLevel, MATS_C, SKIN_C, SURFACE_MARGIN_K};
use crate::program::Program;
use crate::reason::{Code, Most, Numbers, Reason, Reasons, Unit};
use crate::schedule::{Pressed, Slot, Timeline};
use crate::words;

/// Temperature of skin that nothing warms from outside, at most, C. Source: body core 37 C.
const BODY_C: f64 = 37.0;

/// Time on warm mats after the last stroke that is counted, seconds. Guess.
const AFTER_S: f64 = 600.0;

/// Share of a cooling program after which nothing heats any more, so that surfaces have cooled down
/// before the second half. Guess, to be held against the twin.
const COOL_FROM: f64 = 0.35;

/// Step by which targets are lowered until the bounds hold, kelvin. Design.
const LOWER_K: f64 = 0.5;

/// What the first-order mean of the skin's temperature stays below, C, so that the ten-minute mean keeps
/// its limit whatever came before. Source: `(10 x 43 C + 35 C) / 11`, as the guard counts it.
const STEADY_C: f64 = (10.0 * limits::SKIN_MEAN_C as f64 + 35.0) / 11.0;

/// Bare skin under the guard's model, K m2/kW: what a steady flux adds while it lasts, behind the contact and in
/// the skin's quick layers, and what it adds all the time where it comes and goes, in the slow ones.
/// Source: the modes of skin in the guard's book of doses, summed.
const CONTACT_K: f64 = 1.56;
const QUICK_K: f64 = 0.95;
const SLOW_K: f64 = 30.3;

/// Share of a roller's warmth above the rest that skin takes on average, when it is pressed for such a share
/// of the time: between two passes it stays warm.
fn skin_share(pressed: f64) -> f64 {
    (QUICK_K + SLOW_K) * pressed / (CONTACT_K + QUICK_K + SLOW_K * pressed)
}

/// Targets of heads and mats during one stroke, degrees Celsius; `None` leaves them off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Warmth {
    pub heads_c: Option<f64>,
    pub mats_c: Option<f64>,
}

/// How warm surfaces may get during one stroke, degrees Celsius, and what stands there. The skin's mean
/// temperature and the dose hang on the whole plan and are judged apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Warmest {
    /// The heads.
    pub heads: Most,
    /// The mats.
    pub mats: Most,
}

/// Heat dose that a plan may spend, CEM43, after so much on the same day.
pub(crate) fn budget(dose_today_cem43: f64) -> Most {
    let day = (f64::from(limits::DOSE_DAY_CEM43) - dose_today_cem43).max(0.0);
    Most { value: f64::from(limits::DOSE_PROGRAM_CEM43), code: Code::DoseProgram }.or(Code::DoseDay, day)
}

/// What of the bound stands against it, with its limit; `None` where all is within limits.
pub(crate) fn passed(bound: &Bound, budget: Most) -> Option<Most> {
    let mean_c = f64::from(limits::SKIN_MEAN_C);
    if bound.dose_cem43 > budget.value {
        Some(budget)
    } else if bound.mean_c > mean_c || bound.steady_c > STEADY_C {
        Some(Most { value: mean_c, code: Code::SkinMean })
    } else {
        None
    }
}

/// What the bound says of a whole plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub mean_c: f64,
    pub steady_c: f64,
    pub dose_cem43: f64,
}

/// Dose rate at a temperature, CEM43 a minute; 37 C and nothing count as nothing.
///
/// 45 C for ten minutes are 40 CEM43, 42 C for an hour 15 (science.md 5.3).
pub(crate) fn dose_rate(celsius: f64) -> f64 {
    if celsius < 39.0 {
        0.0
    } else if celsius < 43.0 {
        0.25_f64.powf(43.0 - celsius)
    } else {
        0.5_f64.powf(43.0 - celsius)
    }
}

/// Targets for every stroke of the timeline with how warm each could be, and the bound that they keep.
pub(crate) fn warm(
    case: &Case<'_>,
    program: &Program,
    timeline: &Timeline,
    reasons: &mut Reasons,
) -> (Vec<(Warmth, Warmest)>, Bound) {
    let mut warmest = Vec::with_capacity(timeline.drafts.len());
    let mut warmths = Vec::with_capacity(timeline.drafts.len());
    for (draft, slot) in timeline.drafts.iter().zip(&timeline.slots) {
        let phase = &program.phases()[draft.phase];
        let ends = (slot.begins_s + slot.seconds) / timeline.total_s;
        let late = program.cools_second_half() && ends > COOL_FROM;
        let mut caps = Caps { case, index: draft.phase, reasons };
        let (heads_c, heads) = caps.heads(phase.heat, program.cools_second_half());
        let (mats_c, mats) = caps.mats(phase.mats, late);
        warmths.push(Warmth { heads_c, mats_c });
        warmest.push(Warmest { heads, mats });
    }
    lower(case, timeline, &mut warmths, reasons);
    let bound = bound(&timeline.slots, &timeline.pressed, &warmths);
    (warmths.into_iter().zip(warmest).collect(), bound)
}

/// Of a zone that the program leaves off.
const NOT_HEATED: (Option<f64>, Most) = (None, Most { value: 0.0, code: Code::NotHeated });

struct Caps<'a> {
    case: &'a Case<'a>,
    index: usize,
    reasons: &'a mut Reasons,
}

impl Caps<'_> {
    fn heads(&mut self, level: HeatLevel, cools: bool) -> (Option<f64>, Most) {
        let Some(requested) = level.head_c() else { return NOT_HEATED };
        let bed = self.case.ground.bed;
        let Some(heater) = &bed.head_heater else {
            return self.none(Code::BedHeater, words::no_heated_rollers(), |_| false);
        };
        let scale = [requested, HeatLevel::Low.head_c().unwrap_or(SKIN_C), HEADS_C[2]];
        self.cap(scale, f64::from(heater.surface_max_c), cools)
    }

    fn mats(&mut self, level: HeatLevel, cools: bool) -> (Option<f64>, Most) {
        let Some(requested) = level.mat_c() else { return NOT_HEATED };
        let mats = self.case.ground.bed.mats.iter();
        let Some(coolest) = mats.map(|mat| f64::from(mat.heater.surface_max_c)).reduce(f64::min) else {
            return self.none(Code::BedHeater, words::no_mats(), |_| false);
        };
        let scale = [requested, HeatLevel::Low.mat_c().unwrap_or(SKIN_C), MATS_C[2]];
        self.cap(scale, coolest, cools)
    }

    fn none(&mut self, code: Code, words: Words, rows: impl Fn(&Effect) -> bool) -> (Option<f64>, Most) {
        let numbers = Numbers { limit: 0.0, requested: 1.0, granted: 0.0, unit: Unit::Count };
        let mut reason = Reason::new(code, numbers, words);
        reason.screening = self.case.screening(rows);
        self.reasons.add(reason, Some(self.index), &[]);
        (None, Most { value: 0.0, code })
    }

    /// `scale` holds what is requested, what is mildly warm, and the top of the scale, C.
    fn cap(&mut self, scale: [f64; 3], surface_max_c: f64, cools: bool) -> (Option<f64>, Most) {
        let [requested, light_c, top_c] = scale;
        if !self.case.clearance.heat_allowed() {
            let rows = |effect: &Effect| matches!(effect, Effect::NoHeat);
            return self.none(Code::ClearanceNoHeat, words::no_heat(), rows);
        }
        let mut caps = vec![(Code::BedSurface, surface_max_c - SURFACE_MARGIN_K, words::bed_surface())];
        if let Some(cap) = self.case.clearance.surface_cap_c() {
            caps.push((Code::ClearanceHeat, cap - SURFACE_MARGIN_K, words::less_warmth()));
        }
        if let Some(code) = self.case.light {
            caps.push((code, light_c, words::light_is_mild()));
        }
        if cools {
            caps.push((Code::CoolSecondHalf, SKIN_C, words::cools_early()));
        }
        let top = Most { value: top_c, code: Code::ScaleEnd };
        let most = caps.iter().fold(top, |most, (code, cap, _)| most.or(*code, *cap));
        let granted = requested.min(most.value);
        for (code, limit, words) in caps.into_iter().filter(|(_, cap, _)| *cap < requested) {
            let numbers = Numbers { limit, requested, granted, unit: Unit::Celsius };
            let words = words::capped(&words, (requested, 1), granted, "°C");
            let mut reason = Reason::new(code, numbers, words);
            if code == Code::ClearanceHeat {
                reason.screening = self.case.screening(|e| matches!(e, Effect::SoftenHeat { .. }));
            }
            self.reasons.add(reason, Some(self.index), &[]);
        }
        (Some(granted), most)
    }
}

/// The surface that the skin is taken to touch, C.
fn touched(target: Option<f64>) -> f64 {
    target.map_or(BODY_C, |target| (target + SURFACE_MARGIN_K).max(BODY_C))
}

fn warmest(warmths: &[Warmth], of: impl Fn(&Warmth) -> Option<f64>) -> Option<f64> {
    warmths.iter().filter_map(of).reduce(f64::max)
}

/// The bound of the module's head.
pub(crate) fn bound(slots: &[Slot], pressed: &Pressed, warmths: &[Warmth]) -> Bound {
    let mats = touched(warmest(warmths, |warmth| warmth.mats_c));
    let heads = touched(warmest(warmths, |warmth| warmth.heads_c)).max(mats);
    let share = pressed.window_share;
    let mean_c = share * heads + (1.0 - share) * mats;
    let steady_c = mats + skin_share(pressed.mean_share) * (heads - mats);
    let mut minutes_on_mats = 0.0;
    let mut before = 0.0;
    for (slot, warmth) in slots.iter().zip(warmths) {
        let ends = slot.begins_s + slot.seconds;
        minutes_on_mats += (ends - before) / 60.0 * dose_rate(touched(warmth.mats_c));
        before = ends;
    }
    let last = warmths.last().and_then(|warmth| warmth.mats_c);
    let after = AFTER_S / 60.0 * dose_rate(touched(last));
    let under_heads = pressed.site_s / 60.0 * dose_rate(heads);
    Bound { mean_c, steady_c, dose_cem43: under_heads + minutes_on_mats + after }
}

/// Lowers heads, then mats, until mean and dose keep their limits.
fn lower(case: &Case<'_>, timeline: &Timeline, warmths: &mut [Warmth], reasons: &mut Reasons) {
    let program = f64::from(limits::DOSE_PROGRAM_CEM43);
    let day = (f64::from(limits::DOSE_DAY_CEM43) - case.dose_today_cem43).max(0.0);
    let budget = budget(case.dose_today_cem43);
    let mean_max = f64::from(limits::SKIN_MEAN_C);
    let wished = bound(&timeline.slots, &timeline.pressed, warmths);
    let floor = HeatLevel::Low.head_c().unwrap_or(SKIN_C);
    let mut cap_heads = warmest(warmths, |warmth| warmth.heads_c);
    let mut cap_mats = warmest(warmths, |warmth| warmth.mats_c);
    let mut now = wished;
    while passed(&now, budget).is_some() {
        match (cap_heads, cap_mats) {
            (Some(heads), _) if heads > floor => cap_heads = Some(heads - LOWER_K),
            (_, Some(mats)) if mats > SKIN_C => cap_mats = Some(mats - LOWER_K),
            (Some(heads), _) if heads > SKIN_C => cap_heads = Some(heads - LOWER_K),
            _ => break,
        }
        for warmth in &mut *warmths {
            let under = |own: Option<f64>, cap: Option<f64>| own.zip(cap).map(|(own, cap)| own.min(cap));
            warmth.heads_c = under(warmth.heads_c, cap_heads);
            warmth.mats_c = under(warmth.mats_c, cap_mats);
        }
        now = bound(&timeline.slots, &timeline.pressed, warmths);
    }
    let heated: Vec<usize> = timeline.drafts.iter().map(|draft| draft.phase).collect();
    let mut tell = |code, limit, requested, granted, unit, words: Words| {
        let numbers = Numbers { limit, requested, granted, unit };
        for phase in &heated {
            reasons.add(Reason::new(code, numbers, words.clone()), Some(*phase), &[]);
        }
    };
    if wished.mean_c > mean_max {
        tell(Code::SkinMean, mean_max, wished.mean_c, now.mean_c, Unit::Celsius, words::skin_mean(mean_max));
    } else if wished.steady_c > STEADY_C {
        tell(
            Code::SkinMean,
            STEADY_C,
            wished.steady_c,
            now.steady_c,
            Unit::Celsius,
            words::skin_mean(mean_max),
        );
    }
    let mut doses = Vec::new();
    if wished.dose_cem43 > program {
        doses.push((Code::DoseProgram, program, words::dose_program(program)));
    }
    if day < program && wished.dose_cem43 > day {
        doses.push((Code::DoseDay, day, words::dose_day(day, case.dose_today_cem43)));
    }
    for (code, limit, words) in doses {
        tell(code, limit, wished.dose_cem43, now.dose_cem43, Unit::Cem43, words);
    }
}

#[cfg(test)]
mod tests {
    use super::{dose_rate, skin_share};

    #[test]
    fn skin_that_is_pressed_half_of_the_time_takes_most_of_a_rollers_warmth() {
        // 31.25 x 0.5 / (2.51 + 30.3 x 0.5) = 0.885.
        assert!((skin_share(0.5) - 0.885).abs() < 1e-3);
        assert!(skin_share(0.0) <= 0.0 && skin_share(1.0) < 1.0);
        assert!((1..=20).all(|step| skin_share(0.05 * f64::from(step)) > 0.05 * f64::from(step) - 0.06));
    }

    #[test]
    fn doses_agree_with_the_table_of_the_evidence() {
        // science.md 5.3: minutes, temperature, CEM43.
        for (minutes, celsius, cem43) in [
            (60.0, 42.0, 15.0),
            (60.0, 43.0, 60.0),
            (30.0, 44.0, 60.0),
            (10.0, 45.0, 40.0),
            (10.0, 48.0, 320.0),
        ] {
            let dose: f64 = minutes * dose_rate(celsius);
            assert!((dose - cem43).abs() < 1e-9, "{celsius} C: {dose}");
        }
        assert!(dose_rate(38.9) <= 0.0);
    }
}
