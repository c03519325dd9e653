//! The dials of force and heat: what a step changes at a stroke, and how far it goes.

use bed::BedConfig;
use counts::{DeciCelsius, DeciNewtons};

use super::words::Turn;
use crate::compile::Step;
use crate::heat::Warmth;
use crate::intensity::{Intensity, SKIN_C};
use crate::reason::{Code, Most};

/// Force of both heads below which nobody is asked to be pressed, N. Guess: light contact, with room above
/// the 3 N a head at which a landing is felt.
const FLOOR_N: f64 = 10.0;
/// A step that changes less than this is none, N. Guess: nobody feels less.
const STEP_LEAST_N: f64 = 1.0;
/// The same for heat, K. Source: half of a step.
const STEP_LEAST_K: f64 = 0.5;
/// Largest number of steps on a dial. Source: the scale of force has nine.
pub(super) const STEPS_MAX: i8 = 9;

/// A dial with steps up and down from what the plan gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dial {
    pub here: i8,
    pub later: i8,
}

impl Dial {
    /// Comes to a stroke at which it can stand from `least` to `most`.
    pub fn enter(&mut self, (least, most): (i8, i8)) {
        self.here = self.later.clamp(least, most);
    }

    /// A step down, which later strokes take from here; false where there is none.
    pub fn down(&mut self, least: i8) -> bool {
        if self.here <= least {
            return false;
        }
        self.here -= 1;
        self.later = self.here.min(self.later.saturating_sub(1)).max(-STEPS_MAX);
        true
    }

    /// A step up, which later strokes take from where they stand; false where there is none.
    pub fn up(&mut self, most: i8) -> bool {
        if self.here >= most {
            return false;
        }
        self.here += 1;
        self.later = (self.later + 1).min(STEPS_MAX);
        true
    }
}

pub(super) fn newtons(force: DeciNewtons) -> f64 {
    f64::from(force.raw()) / 10.0
}

fn celsius(surface: DeciCelsius) -> f64 {
    f64::from(surface.raw()) / 10.0
}

/// Force at a place of the scale between [`FLOOR_N`] at 0 and the firmest at 9.
fn scale_n(place: f64) -> f64 {
    let at = |number: i64| Intensity::new(number).map_or(FLOOR_N, Intensity::force_n);
    let place = place.clamp(0.0, f64::from(Intensity::TOP.number()));
    let below = place.floor();
    let (low, high) = (at(below as i64), at((below as i64 + 1).min(i64::from(Intensity::TOP.number()))));
    low + (high - low) * (place - below)
}

/// Place of a force on the scale.
fn scale_place(force_n: f64) -> f64 {
    let top = i64::from(Intensity::TOP.number());
    for below in 0..top {
        let (low, high) = (scale_n(below as f64), scale_n((below + 1) as f64));
        if force_n < high {
            return below as f64 + ((force_n - low) / (high - low)).max(0.0);
        }
    }
    top as f64
}

/// Force of a stroke so many steps firmer than planned, within its limits.
pub(super) fn force_at(base: &Step, steps: i8) -> DeciNewtons {
    let planned = newtons(base.stroke.force);
    let wished = scale_n(scale_place(planned) + f64::from(steps));
    let granted = match steps {
        0 => return base.stroke.force,
        ..0 => wished.clamp(FLOOR_N.min(planned), planned),
        1.. => wished.clamp(planned, base.force_most.value.max(planned)),
    };
    DeciNewtons::new((granted * 10.0 + 1e-6).floor() as i16)
}

/// How far the dial turns at a stroke before nothing changes any more.
fn range(differ: impl Fn(i8, i8) -> bool) -> (i8, i8) {
    let (mut least, mut most) = (0, 0);
    while least > -STEPS_MAX && differ(least - 1, least) {
        least -= 1;
    }
    while most < STEPS_MAX && differ(most, most + 1) {
        most += 1;
    }
    (least, most)
}

pub(super) fn force_range(base: &Step) -> (i8, i8) {
    range(|low, high| newtons(force_at(base, high)) - newtons(force_at(base, low)) >= STEP_LEAST_N)
}

/// Target of a zone so many kelvins warmer than planned, within its limits; below the warmth of skin it is off.
pub(super) fn surface_at(base: &Step, bed: &BedConfig, zone: usize, steps: i8) -> Option<DeciCelsius> {
    let planned = *base.surfaces.get(zone)?;
    let most = if zone < bed.heads() { base.surfaces_most.heads } else { base.surfaces_most.mats };
    let wished = celsius(planned?) + f64::from(steps);
    match steps {
        0 => planned,
        ..0 if wished < SKIN_C - 1e-6 => None,
        ..0 => Some(DeciCelsius::new((wished * 10.0 + 1e-6).floor() as i16)),
        1.. => {
            let granted = wished.min(most.value.max(celsius(planned?)));
            Some(DeciCelsius::new((granted * 10.0 + 1e-6).floor() as i16))
        }
    }
}

pub(super) fn heat_range(base: &Step, bed: &BedConfig) -> (i8, i8) {
    let number = |surface: Option<DeciCelsius>| surface.map_or(0.0, celsius);
    range(|low, high| {
        (0..base.surfaces.len()).any(|zone| {
            let (low, high) = (surface_at(base, bed, zone, low), surface_at(base, bed, zone, high));
            number(high) - number(low) >= STEP_LEAST_K
        })
    })
}

/// What stands at the end of the dial of heat.
pub(super) fn heat_most(base: &Step, bed: &BedConfig, way: Turn, range: (i8, i8)) -> Most {
    let (heads, mats) = (base.surfaces_most.heads, base.surfaces_most.mats);
    let lit = |zones: std::ops::Range<usize>| base.surfaces[zones].iter().any(Option::is_some);
    let zones = base.surfaces.len();
    match way {
        Turn::Down if range.0 < 0 => Most { value: SKIN_C, code: Code::ScaleEnd },
        _ if lit(0..bed.heads()) => heads,
        _ if lit(bed.heads()..zones) => mats,
        // Off for a better reason than the program's, if there is one.
        _ if heads.code != Code::NotHeated => heads,
        _ => mats,
    }
}

pub(super) fn warmth(step: &Step, bed: &BedConfig) -> Warmth {
    let (heads, mats) = step.surfaces.split_at(bed.heads());
    let first = |zones: &[Option<DeciCelsius>]| zones.iter().flatten().next().copied().map(celsius);
    Warmth { heads_c: first(heads), mats_c: first(mats) }
}

/// The target that is told to the person: of the heads, or else of the mats.
pub(super) fn shown_c(step: &Step, bed: &BedConfig) -> Option<f64> {
    let Warmth { heads_c, mats_c } = warmth(step, bed);
    heads_c.or(mats_c)
}
