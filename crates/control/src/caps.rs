//! How much force is granted: the least of everything that has a say.

use bed::limits;
use bed::request::Admission;
use bed::{
    BedConfig,
    quantity::{Wire, in_newtons},
};
use counts::DeciNewtons;

/// How fast the cap rises footward of the neck line, N/mm.
/// Source: design; at 20 mm/s a head loses 40 N/s on its way to the neck, as fast as a ramp.
const NECK_SLOPE: f32 = 2.0;
/// How far footward of the neck line the neck's force is reached, mm.
/// Source: design; the guard lets a carriage within 8 mm of the line only at a force allowed there.
const NECK_BEFORE_MM: f32 = 12.0;
/// What stays free under a ceiling that the guard holds, both heads, N. Close to its ceiling the guard
/// lets a head rise so slowly only that it could not follow a breath.
/// Source: design; at 12 N/mm and 36 ms of reaction 5 N leave 10 mm/s, and 2 N are noise.
const HEADROOM_N: f32 = 7.0;

/// Most force of both heads where the motor current alone tells it, N.
/// Source: design; with 10 N of error a head (1 SD) the sum stays under the ceiling of 100 N.
const BLIND_N: f32 = 40.0;

/// The same over the pelvis, N.
/// Source: design; as above with 6 mm/s, since a breath moves the pelvis less than the chest, and 2 N are drift.
const PELVIS_ROOM_N: f32 = 6.5;

/// The same over the pelvis where the motor current alone tells the force, N.
/// Source: design; friction of 5 N under both heads, and two standard deviations of what the guard's
/// smoothing leaves of a noise of 6 N a head, which is the same for both (12 N * sqrt(0.1 / 0.4)).
const BLIND_PELVIS_ROOM_N: f32 = 17.0;

/// Weight of a kilogram, N. Source: standard acceleration of free fall, 9.80665 m/s2.
const GRAVITY: f32 = 9.80665;

/// What stays free of one head under the pressure's ceiling, N: kneading swings, and a load cell tells 60 N
/// to 1 N only (gain 0.5 %, three standard deviations).
/// Source: design; a tenth of the ceiling, as a swing overshoots.
const HEAD_ROOM_N: f32 = 6.0;

/// Caps on force that hold for one session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Caps {
    neck_line_mm: f32,
    head_n: f32,
    most_n: f32,
    pelvis_room_n: f32,
}

impl Caps {
    pub(crate) fn new(config: &BedConfig) -> Self {
        // N = kPa * mm2 / 1000; peak over mean pressure divides.
        let pressure_n = limits::CONTACT_PRESSURE_KPA * config.roller.contact_area_mm2 * 1e-3;
        let has_cells = config.load_cell.is_some();
        Self {
            neck_line_mm: config.neck_line_mm,
            head_n: pressure_n / limits::PRESSURE_PEAK_FACTOR - HEAD_ROOM_N,
            most_n: if has_cells { limits::FORCE_CEILING_N } else { BLIND_N },
            pelvis_room_n: if has_cells { PELVIS_ROOM_N } else { BLIND_PELVIS_ROOM_N },
        }
    }

    /// Force of both heads that is granted wherever the carriage stands, N.
    pub(crate) fn granted_n(
        &self,
        asked: DeciNewtons,
        wish: Option<DeciNewtons>,
        admission: &Admission,
        weight_n: Option<f32>,
    ) -> f32 {
        let newtons = |count: DeciNewtons| in_newtons(count.quantity());
        // What the guard holds as well leaves headroom; the default is held here alone.
        let admitted = admission.force_cap.map_or(limits::FORCE_CEILING_N, newtons);
        let known = admission.first_session == Some(false);
        let first = if known { admitted } else { limits::FORCE_DEFAULT_N };
        let weight = weight_n.map_or(limits::FORCE_DEFAULT_N, |weight| limits::FORCE_OF_WEIGHT * weight);
        let ceiling = limits::FORCE_CEILING_N.min(admitted).min(first).min(weight) - HEADROOM_N;
        let default = admission.force_cap.map_or(limits::FORCE_DEFAULT_N, |_| limits::FORCE_CEILING_N);
        let wished = wish.map_or(ceiling, newtons).min(default);
        newtons(asked).min(wished).min(ceiling).min(2.0 * self.head_n).min(self.most_n).max(0.0)
    }

    /// Cap at a place along the bed, N: the neck's headward of its line, rising footward of it, and the
    /// falling share of the weight over the pelvis.
    pub(crate) fn at_n(&self, x_mm: f32, weight_n: Option<f32>) -> f32 {
        let from_neck_mm = x_mm - self.neck_line_mm;
        let neck_n = limits::NECK_DEFAULT_N + NECK_SLOPE * (from_neck_mm - NECK_BEFORE_MM).max(0.0);
        let weight_n = weight_n.unwrap_or(limits::MASS_MIN_KG * GRAVITY);
        neck_n.min(limits::force_of_weight_at(from_neck_mm) * weight_n - self.pelvis_room_n)
    }

    /// Where the neck's force ends, mm: headward of this only a head with a load cell presses, since the
    /// motor current does not tell so little force.
    pub(crate) fn neck_mm(&self) -> f32 {
        self.neck_line_mm + NECK_BEFORE_MM
    }

    /// Cap of one head, N, from the contact pressure.
    pub(crate) fn head_n(&self) -> f32 {
        self.head_n
    }
}
