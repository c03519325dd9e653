//! What a body is to heat: its layers, its blood flow and what it wears; and how well it touches.

use super::heater::AIR_W_M2K;
use super::layers::Perfusion;

/// Pressure of a body's weight on the pad, Pa. Guess: 0.6 N a mm of back (science.md 3.6) over some
/// 0.2 m of width.
const LYING_PA: f64 = 3000.0;
/// Pressure at which half of the gain of a contact under load is reached, Pa. Guess.
const HALF_PA: f64 = 40_000.0;
/// A T-shirt, W/m2K: unpressed, and its gain under a heavy roller. Source: science.md 5.5 (0.09 clo
/// is about 70 W/m2K; compressed under a roller 100-500, recall). Guess: the law between.
const CLOTH_W_M2K: (f64, f64) = (70.0, 430.0);
/// Skin on something solid, W/m2K: barely touching, and its gain under load. Guess.
const TOUCH_W_M2K: (f64, f64) = (150.0, 1850.0);
/// How much better damp cloth conducts. Guess: half of its air replaced by water.
const DAMP: f64 = 2.0;

/// A body, as far as heat is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Thickness of the dermis, mm.
    pub dermis_mm: f64,
    /// Thickness of the fat under the skin of the back, mm.
    pub fat_mm: f64,
    /// Layers from the fat down to the core, mm.
    pub muscle_mm: f64,
    /// Wears a T-shirt.
    pub clothed: bool,
    /// The T-shirt is damp with sweat.
    pub damp: bool,
    /// Blood flow.
    pub perfusion: Perfusion,
}

impl Body {
    /// Depth of the core below the skin, mm. Source: science.md 5.2 (37 C core at 72 mm).
    pub const CORE_MM: f64 = 72.0;
    /// Dermis, mm. Source: science.md 5.1.
    pub const DERMIS_MM: f64 = 2.0;

    /// A body of this body mass index (kg/m2).
    ///
    /// Source: fat of the back 5-20 mm by body mass index, science.md 5.1. Guess: linear between 18
    /// and 35 kg/m2.
    #[must_use]
    pub fn of_bmi(bmi: f64, clothed: bool) -> Self {
        let fat_mm = (5.0 + 15.0 * (bmi - 18.0) / 17.0).clamp(5.0, 20.0);
        let muscle_mm = Self::CORE_MM - Self::DERMIS_MM - fat_mm;
        let perfusion = Perfusion::REST;
        Self { dermis_mm: Self::DERMIS_MM, fat_mm, muscle_mm, clothed, damp: false, perfusion }
    }

    /// The worst case for a burn: bare skin, thick fat that keeps the heat in the skin, and no blood
    /// flow to carry it away. Start it warm with [`super::Heat::prewarmed`]: without blood flow it
    /// starts cool.
    #[must_use]
    pub fn bare() -> Self {
        Self { perfusion: Perfusion::NONE, ..Self::of_bmi(35.0, false) }
    }

    /// Conductance of a contact at a pressure (Pa) through what is worn, W/m2K.
    #[must_use]
    pub fn contact_w_m2k(&self, pressure_pa: f64) -> f64 {
        let load = pressure_pa.max(0.0);
        let share = load / (load + HALF_PA);
        let touch = TOUCH_W_M2K.0 + TOUCH_W_M2K.1 * share;
        if self.clothed { in_series(touch, self.cloth(share)) } else { touch }
    }

    /// Conductance from the skin to what it lies on, W/m2K.
    #[must_use]
    pub fn lying_w_m2k(&self) -> f64 {
        self.contact_w_m2k(LYING_PA)
    }

    /// Conductance from the skin to the air of a room, W/m2K.
    #[must_use]
    pub fn air_w_m2k(&self) -> f64 {
        if self.clothed { in_series(AIR_W_M2K, self.cloth(0.0)) } else { AIR_W_M2K }
    }

    fn cloth(&self, share: f64) -> f64 {
        let dry = CLOTH_W_M2K.0 + CLOTH_W_M2K.1 * share;
        if self.damp { DAMP * dry } else { dry }
    }
}

/// Two conductances one behind the other.
///
/// ```
/// assert_eq!(twin::heat::in_series(20.0, 5.0), 4.0);
/// ```
#[must_use]
pub fn in_series(a: f64, b: f64) -> f64 {
    a * b / (a + b)
}
