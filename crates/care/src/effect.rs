//! What a "yes" does to the session: a closed set, so that a typing error in the table cannot become
//! an effect that nobody applies.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// A stretch of the back that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// The neck: C7 and everything headward of T1.
    Neck,
    /// T1 to T6.
    UpperBack,
    /// T7 to T12.
    LowerBackRibs,
    /// L1 to L5.
    Lumbar,
    /// S1 and everything footward of L5.
    Sacrum,
}

impl Region {
    /// Every region, from head to foot.
    pub const ALL: [Region; 5] =
        [Region::Neck, Region::UpperBack, Region::LowerBackRibs, Region::Lumbar, Region::Sacrum];

    /// The names of the levels in this region, from head to foot.
    ///
    /// Numeric variants (T13, L6) belong to the region of their letter; see [`Region::of_level`].
    #[must_use]
    pub const fn levels(self) -> &'static [&'static str] {
        match self {
            Region::Neck => &["C7"],
            Region::UpperBack => &["T1", "T2", "T3", "T4", "T5", "T6"],
            Region::LowerBackRibs => &["T7", "T8", "T9", "T10", "T11", "T12"],
            Region::Lumbar => &["L1", "L2", "L3", "L4", "L5"],
            Region::Sacrum => &["S1"],
        }
    }

    /// The region of a level name such as `T8`; `None` when it is no level name.
    #[must_use]
    pub fn of_level(level: &str) -> Option<Region> {
        let number: u8 = level.get(1..)?.parse().ok()?;
        match (level.as_bytes().first()?, number) {
            (b'C', 1..=7) => Some(Region::Neck),
            (b'T', 1..=6) => Some(Region::UpperBack),
            (b'T', 7..=13) => Some(Region::LowerBackRibs),
            (b'L', 1..=6) => Some(Region::Lumbar),
            (b'S', 1..=5) => Some(Region::Sacrum),
            _ => None,
        }
    }
}

impl Region {
    /// What it is called.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Region::Neck => say("neck", "Nacken"),
            Region::UpperBack => say("upper back", "oberer Rücken"),
            Region::LowerBackRibs => say("back at the lower ribs", "Rücken an den unteren Rippen"),
            Region::Lumbar => say("lower back", "unterer Rücken"),
            Region::Sacrum => say("sacrum", "Kreuzbein"),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

fn say(en: &str, de: &str) -> Words {
    Words::new(en.to_owned(), de.to_owned())
}

/// Standard gravity, m/s².
///
/// Source: ISO 80000-3 (3rd CGPM, 1901).
const GRAVITY: f64 = 9.80665;

/// What a "yes" does to the session. Effects only ever take away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// No session.
    Refuse,
    /// No session until a doctor agreed; then the row's `cleared` effects hold instead.
    AskDoctor,
    /// Both heads together press with at most this force.
    Soften {
        /// Sum of both heads, newtons.
        force_n: f64,
    },
    /// No stroke is firmer than this.
    SoftenIntensity {
        /// Intensity, 1 to 8 on the programs' scale of 1 to 9.
        intensity: u8,
    },
    /// Every heater stays off.
    NoHeat,
    /// No heated surface gets warmer than this.
    SoftenHeat {
        /// Surface temperature, degrees Celsius.
        surface_c: f64,
    },
    /// No stretching strokes.
    NoStretch,
    /// These regions are left out.
    Avoid {
        /// The regions, each once.
        regions: Vec<Region>,
    },
}

impl Effect {
    /// Checks that the numbers can mean what they say, and returns what is wrong with them.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        match self {
            // Above the default of 60 N, or at nothing, it would not be a softening.
            Effect::Soften { force_n } if !(5.0..=60.0).contains(force_n) => {
                Some("force_n must lie between 5 and 60 newtons")
            }
            // 9 is the programs' top and softens nothing; 0 is no stroke at all.
            Effect::SoftenIntensity { intensity } if !(1..=8).contains(intensity) => {
                Some("intensity must lie between 1 and 8")
            }
            // Below skin temperature a surface cools; above the 43 C ceiling it is no softening.
            Effect::SoftenHeat { surface_c } if !(33.0..=43.0).contains(surface_c) => {
                Some("surface_c must lie between 33 and 43 degrees Celsius")
            }
            Effect::Avoid { regions } if regions.is_empty() => Some("avoid needs a region"),
            _ => None,
        }
    }
}

impl Effect {
    /// What it does, to the person.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Effect::Refuse => say("no session", "keine Anwendung"),
            Effect::AskDoctor => {
                say("no session until a doctor agreed", "keine Anwendung, bis ein Arzt zugestimmt hat")
            }
            Effect::Soften { force_n } => {
                let kg = force_n / GRAVITY;
                say(
                    &format!("only light pressure: at most {force_n:.0} newtons, the weight of {kg:.0} kg"),
                    &format!("nur leichter Druck: höchstens {force_n:.0} Newton, das Gewicht von {kg:.0} kg"),
                )
            }
            Effect::SoftenIntensity { intensity } => say(
                &format!("intensity at most {intensity} of 9"),
                &format!("höchstens Stärke {intensity} von 9"),
            ),
            Effect::NoHeat => say("no heat", "keine Wärme"),
            Effect::SoftenHeat { surface_c } => say(
                &format!("only mild warmth: at most {surface_c:.0} °C"),
                &format!("nur milde Wärme: höchstens {surface_c:.0} °C"),
            ),
            Effect::NoStretch => say("no stretching", "kein Dehnen"),
            Effect::Avoid { regions } => {
                let list = |text: fn(Words) -> String| {
                    regions.iter().map(|region| text(region.words())).collect::<Vec<_>>().join(", ")
                };
                say(
                    &format!("left out: {}", list(|words| words.en)),
                    &format!("ausgespart: {}", list(|words| words.de)),
                )
            }
        }
    }

    /// Whether there is no session with it.
    #[must_use]
    pub fn refuses(&self) -> bool {
        matches!(self, Effect::Refuse | Effect::AskDoctor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_of_a_region_belongs_to_it() {
        for region in Region::ALL {
            for level in region.levels() {
                assert_eq!(Region::of_level(level), Some(region), "{level}");
            }
        }
        assert_eq!(Region::of_level("T13"), Some(Region::LowerBackRibs));
        for wrong in ["", "T", "T0", "X1", "L99", "l3", "ü1"] {
            assert_eq!(Region::of_level(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_cap_that_is_no_softening_is_found() {
        for force_n in [f64::NAN, -1.0, 0.0, 61.0, f64::INFINITY] {
            assert!(Effect::Soften { force_n }.fault().is_some());
        }
        for surface_c in [f64::NAN, 20.0, 43.5] {
            assert!(Effect::SoftenHeat { surface_c }.fault().is_some());
        }
        for intensity in [0, 9, u8::MAX] {
            assert!(Effect::SoftenIntensity { intensity }.fault().is_some());
        }
        assert!(Effect::Avoid { regions: vec![] }.fault().is_some());
        assert!(Effect::Soften { force_n: 30.0 }.fault().is_none());
    }
}
