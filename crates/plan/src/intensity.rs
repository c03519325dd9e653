//! The two scales in which programs speak, and what they mean: intensity in newtons, heat in degrees.

use bed::limits;
use serde::{Deserialize, Serialize};

/// Force of both heads together for the intensities 1 to 9, newtons.
///
/// 6 is the default limit of 60 N; 7 to 9 lie above it and are given only with a clearance that
/// softens nothing. The top stays below the working ceiling of 100 N.
///
/// Source: range of massage pressure, light 5-15 N, moderate 20-50 N, deep 50-100 N a contact, and of
/// acupressure holds, 20-60 N (science.md 4.1, recall); limits `force_default` and `force_ceiling`.
/// Guess: the even steps in between.
const FORCE_N: [f64; 9] = [15.0, 24.0, 33.0, 42.0, 51.0, 60.0, 70.0, 80.0, 90.0];

const _: () = assert!(FORCE_N[8] <= limits::FORCE_CEILING_N as f64);
const _: () = assert!(FORCE_N[5] <= limits::FORCE_DEFAULT_N as f64);

/// How firm a stroke is, from 1 (light) to 9 (very deep).
///
/// ```
/// let default = plan::Intensity::new(6).expect("6 lies in 1 to 9");
/// assert_eq!(default.force_n(), 60.0);
/// assert!(plan::Intensity::new(10).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Intensity(u8);

impl Intensity {
    /// The intensity of a person's first session at most.
    ///
    /// Source: limit "first session low heat and force" of the safety concept. Guess: that low is 3.
    pub const FIRST_SESSION: Self = Self(3);

    /// The firmest.
    pub const TOP: Self = Self(9);

    /// An intensity from 1 to 9; `None` for any other number.
    #[must_use]
    pub fn new(value: i64) -> Option<Self> {
        let value = u8::try_from(value).ok()?;
        (1..=9).contains(&value).then_some(Self(value))
    }

    /// The number, 1 to 9.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// Force of both heads together, newtons.
    #[must_use]
    pub fn force_n(self) -> f64 {
        let index = usize::from(self.0.clamp(1, 9)) - 1;
        FORCE_N[index]
    }
}

/// How warm a surface is meant to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatLevel {
    /// The heater stays off.
    #[default]
    Off,
    /// As warm as skin: neither warms nor chills.
    Skin,
    /// Mild warmth.
    Low,
    /// Clear warmth.
    Medium,
    /// As warm as the limits allow.
    High,
}

/// Allowance between a surface's target and the temperature it is taken to have, kelvin.
///
/// Source: two standard deviations of the surface's thermometer, 0.3 K (design.md, bed table).
/// Guess: another 0.4 K for overshoot.
pub(crate) const SURFACE_MARGIN_K: f64 = 1.0;

/// Targets of the heads' surfaces at low, medium and high.
///
/// Guess: chosen so that medium never trips the guard's mean of the skin, not even in a hold, and high only
/// where strokes are short or mats warm, which the plan's bound finds.
pub(crate) const HEADS_C: [f64; 3] = [39.0, 41.0, 42.0];

/// Targets of the mats' surfaces at low, medium and high.
///
/// Guess: chosen so that the hottest one, with its margin, stays within the skin's 10-minute limit.
pub(crate) const MATS_C: [f64; 3] = [38.0, 40.0, 41.0];

/// Target of a surface that is as warm as skin; with its margin it stays within 37 C.
///
/// Source: rule that surfaces are at most 37 C in the second half of *sleep* (issue: four therapies).
pub(crate) const SKIN_C: f64 = 36.0;

const _: () = assert!(HEADS_C[2] + SURFACE_MARGIN_K <= limits::SKIN_INSTANT_C as f64);
const _: () = assert!(MATS_C[2] + SURFACE_MARGIN_K <= limits::SKIN_MEAN_C as f64);

impl HeatLevel {
    /// Target of a head's surface, degrees Celsius; `None` when it stays off.
    #[must_use]
    pub fn head_c(self) -> Option<f64> {
        self.target(&HEADS_C)
    }

    /// Target of a mat's surface, degrees Celsius; `None` when it stays off.
    #[must_use]
    pub fn mat_c(self) -> Option<f64> {
        self.target(&MATS_C)
    }

    fn target(self, table: &[f64; 3]) -> Option<f64> {
        match self {
            Self::Off => None,
            Self::Skin => Some(SKIN_C),
            Self::Low => Some(table[0]),
            Self::Medium => Some(table[1]),
            Self::High => Some(table[2]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firmer_means_more_newtons_and_warmer_means_more_degrees() {
        let newtons: Vec<f64> = (1..=9).filter_map(Intensity::new).map(Intensity::force_n).collect();
        assert_eq!(newtons.len(), 9);
        assert!(newtons.windows(2).all(|pair| pair[0] < pair[1]));
        let levels = [HeatLevel::Off, HeatLevel::Skin, HeatLevel::Low, HeatLevel::Medium, HeatLevel::High];
        assert!(levels.windows(2).all(|pair| pair[0].head_c() < pair[1].head_c()));
        assert!(levels.windows(2).all(|pair| pair[0].mat_c() < pair[1].mat_c()));
    }

    #[test]
    fn numbers_outside_one_to_nine_are_no_intensity() {
        for wrong in [i64::MIN, -1, 0, 10, 256, 257, i64::MAX] {
            assert_eq!(Intensity::new(wrong), None, "{wrong}");
        }
    }
}
