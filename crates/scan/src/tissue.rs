//! What is expected of the flesh between the roller and the spine, by level coordinate (0 is T1, 16 is
//! L5, 28 mm a level beyond the ends), and how far people differ from it.
//!
//! The law of indentation is an exponential one (Fung's form, integrated over the indentation):
//! `F = 12 k (exp(b d / 12) - 1) / (exp(b) - 1)`, with `d` mm of indentation, `F` N of one roller, `k`
//! N/mm the secant stiffness at 12 mm and `b` the progressivity.

use population::{About, BODIES};

/// Millimetres that one level stands for beyond the ends of the chain. Source: level pitch along the
/// skin 26-31 mm, science.md 1.3.
pub(crate) const LEVEL_MM: f64 = 28.0;
/// Indentation at which stiffness is told, mm. Source: science.md 3.3 (10-15 mm).
pub(crate) const SECANT_MM: f64 = 12.0;

/// From the body centre back to the pedicles, median by level, mm. Source: computed from the pedicle
/// points of VID-vertebra-identification-dataset (CC BY-SA 4.0), `population/shape/pedicles.json`.
const BEHIND_MM: [f64; BODIES] =
    [7.3, 8.3, 9.9, 11.8, 13.7, 16.0, 18.2, 20.7, 21.7, 22.6, 24.4, 25.4, 25.4, 25.4, 24.8, 23.9, 20.3];
/// From there to the dorsal surface of the bone, mm. Guess.
const BONE_MM: f64 = 14.0;
/// Flesh from that bone to the skin at a body mass index of 24, by level, mm. Source: science.md 1.7 for
/// the loin (skin to spinous process 27 mm, multifidus 25-30 mm); Guess elsewhere.
const FLESH_MM: [f64; BODIES] =
    [28.0, 26.0, 24.0, 23.0, 22.0, 21.0, 20.0, 20.0, 21.0, 23.0, 26.0, 30.0, 34.0, 38.0, 41.0, 44.0, 46.0];
/// Thickness a unit of body mass index beyond 24, mm. Source: skin to spinous process is linear in body
/// mass index, science.md 1.7; Guess of the slope.
const FLESH_PER_BMI_MM: f64 = 0.8;
/// Body mass index where nothing is known. Source: ANSUR II and NHANES, about 26 to 28.
const BMI_MEAN: f64 = 26.5;

/// Secant stiffness at 12 mm in the thorax and in the loin, N/mm. Source: science.md 3.3, 0.8-2.5 N/mm
/// relaxed; L4 stiffest (Ma 2020, Sensors 20:7317).
const STIFFNESS_N_MM: (f64, f64) = (1.35, 1.55);
/// Progressivity of the law. Guess: between linear and Fung's 3-15 a unit of strain.
pub(crate) const PROGRESSIVITY: f64 = 0.9;
/// Its spread. Guess.
pub(crate) const PROGRESSIVITY_SD: f64 = 0.45;
/// Give of the trunk under both heads, mm/N. Guess: 27 kg of upper trunk over 450 mm of pad (science.md
/// 3.6) that sinks by about a centimetre, spread by the trunk's bending stiffness.
pub(crate) const GIVE_MM_N: f64 = 0.06;
/// Spread of its logarithm. Guess.
pub(crate) const LN_GIVE_SD: f64 = 0.6;
/// Radius of the back across, mm. Guess.
const CONTOUR_MM: f64 = 180.0;
/// Spread of one over that radius. Guess.
pub(crate) const CONTOUR_SD: f64 = 0.17;
/// Share by which indentation grows between out and back as tissue relaxes. Source: relaxation 10-30 %
/// in 30 s, science.md 3.3; the roller passes in one second. Guess of what is left of it.
pub(crate) const RELAX: f64 = 0.03;
/// Its spread. Guess.
pub(crate) const RELAX_SD: f64 = 0.03;

/// Spread of the common thickness profile, mm. Guess, measures.md.
pub(crate) const FLESH_SD_MM: f64 = 3.0;
/// Spread of the thickness by which the sides differ (each side by half), mm. Guess.
pub(crate) const FLANK_SD_MM: f64 = 1.5;
/// Correlation length of both, levels. Guess: 80 mm.
pub(crate) const PROFILE_LENGTH_LEVELS: f64 = 80.0 / LEVEL_MM;
/// Spread of ln stiffness from site to site, tense sites included. Guess: 8 % natural scatter
/// (measures.md), and one site in ten tense by half (science.md 3.3).
pub(crate) const LN_TENSION_SD: f64 = 0.15;

/// From T1 headward to where the neck drops off, mm. Guess, measures.md.
pub(crate) const NECK_AT_MM: f64 = 20.0;
/// Its spread. Source: measures.md, at least 8 mm.
pub(crate) const NECK_AT_SD_MM: f64 = 8.0;
/// Slope with which the skin leaves the bed at the neck. Guess.
pub(crate) const NECK_SLOPE: f64 = 0.5;
/// Its spread. Guess.
pub(crate) const NECK_SLOPE_SD: f64 = 0.2;
/// From L5 footward to the edge of the sacral plateau, mm. Guess, measures.md.
pub(crate) const SACRUM_AT_MM: f64 = 32.0;
/// Its spread. Source: measures.md, at least 6 mm.
pub(crate) const SACRUM_AT_SD_MM: f64 = 6.0;
/// Step of the skin at that edge, mm. Guess: flesh thins by 30 mm, the bone stands out by as much.
pub(crate) const SACRUM_RISE_MM: f64 = 0.0;
/// Its spread. Guess.
pub(crate) const SACRUM_RISE_SD_MM: f64 = 12.0;
/// Step of ln stiffness at that edge. Guess: two to three times as stiff.
pub(crate) const SACRUM_LN_STIFF: f64 = 0.9;
/// Its spread. Guess.
pub(crate) const SACRUM_LN_STIFF_SD: f64 = 0.3;

/// How deep the back sinks into the pad, mm. Guess.
pub(crate) const SUNK_MM: f64 = 10.0;
/// Spread of the mean height of the body centres, mm. Guess.
pub(crate) const HEIGHT_SD_MM: f64 = 15.0;

/// How far people differ from the expected.
pub(crate) struct Spread {
    pub(crate) thickness_sd_mm: f64,
    pub(crate) loin_sd_mm: f64,
    pub(crate) ln_stiffness_sd: f64,
    pub(crate) ln_loin_sd: f64,
}

/// Spread between people. Guess.
pub(crate) fn spread() -> Spread {
    Spread { thickness_sd_mm: 5.0, loin_sd_mm: 4.0, ln_stiffness_sd: 0.35, ln_loin_sd: 0.15 }
}

/// A value and its slope along the levels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Graded {
    pub(crate) value: f64,
    pub(crate) slope: f64,
}

/// Depth of the skin behind the body centres, as expected of a person.
#[derive(Debug, Clone)]
pub(crate) struct Depth {
    by_level: [f64; BODIES],
}

impl Depth {
    pub(crate) fn new(about: &About) -> Self {
        let excess = about.bmi().filter(|bmi| bmi.is_finite()).unwrap_or(BMI_MEAN).clamp(15.0, 50.0) - 24.0;
        let mut by_level = [0.0; BODIES];
        for level in 0..BODIES {
            by_level[level] = BEHIND_MM[level] + BONE_MM + FLESH_MM[level] + FLESH_PER_BMI_MM * excess;
        }
        Self { by_level }
    }

    /// Depth in mm at a level coordinate, held beyond the ends.
    pub(crate) fn at(&self, level: f64) -> Graded {
        along(&self.by_level, level)
    }
}

/// Mean over the levels of the expected depth, mm.
pub(crate) fn mean_depth_mm(about: &About) -> f64 {
    Depth::new(about).by_level.iter().sum::<f64>() / BODIES as f64
}

/// Smooth curve through one value a level, held beyond the ends.
fn along(values: &[f64; BODIES], level: f64) -> Graded {
    let last = (BODIES - 1) as f64;
    if !(level > 0.0 && level < last) {
        let end = if level > 0.0 { BODIES - 1 } else { 0 };
        return Graded { value: values[end], slope: 0.0 };
    }
    let below = (level as usize).min(BODIES - 2);
    let share = level - below as f64;
    let tangent = |i: usize| {
        if i == 0 || i == BODIES - 1 { 0.0 } else { 0.5 * (values[i + 1] - values[i - 1]) }
    };
    let (p0, p1, m0, m1) = (values[below], values[below + 1], tangent(below), tangent(below + 1));
    let (s, s2) = (share, share * share);
    let s3 = s2 * s;
    Graded {
        value: (2.0 * s3 - 3.0 * s2 + 1.0) * p0
            + (s3 - 2.0 * s2 + s) * m0
            + (3.0 * s2 - 2.0 * s3) * p1
            + (s3 - s2) * m1,
        slope: (6.0 * s2 - 6.0 * s) * (p0 - p1) + (3.0 * s2 - 4.0 * s + 1.0) * m0 + (3.0 * s2 - 2.0 * s) * m1,
    }
}

/// Share of the loin: 0 in the thorax, 1 from L3 down.
pub(crate) fn loin(level: f64) -> Graded {
    ease(level, 9.0, 14.0)
}

/// Share of the breathing motion: 1 from T8 to L1, tapering to the ends. Source: design.md.
pub(crate) fn breath(level: f64) -> Graded {
    let (rise, fall) = (ease(level, -2.0, 7.0), ease(level, 12.0, 19.0));
    Graded { value: rise.value - fall.value, slope: rise.slope - fall.slope }
}

/// ln of the expected stiffness at a level coordinate (k in N/mm).
pub(crate) fn ln_stiffness(level: f64) -> Graded {
    let (thorax, lumbar) = (libm::log(STIFFNESS_N_MM.0), libm::log(STIFFNESS_N_MM.1));
    let share = loin(level);
    Graded { value: thorax + (lumbar - thorax) * share.value, slope: (lumbar - thorax) * share.slope }
}

fn ease(level: f64, from: f64, to: f64) -> Graded {
    let share = ((level - from) / (to - from)).clamp(0.0, 1.0);
    Graded { value: share * share * (3.0 - 2.0 * share), slope: 6.0 * share * (1.0 - share) / (to - from) }
}

/// Curvature of the back across, 1/mm, as expected.
pub(crate) const CURVATURE: f64 = 1.0 / CONTOUR_MM;

/// Indentation and its derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Indentation {
    /// mm.
    pub(crate) value: f64,
    /// With respect to ln stiffness, mm.
    pub(crate) by_ln_stiffness: f64,
    /// With respect to the progressivity, mm.
    pub(crate) by_progressivity: f64,
    /// With respect to the force, mm/N.
    pub(crate) by_force: f64,
}

/// Indentation under a force of one roller (N) at a secant stiffness (ln of N/mm).
pub(crate) fn indentation(force: f64, ln_stiffness: f64, progressivity: f64) -> Indentation {
    // Below this the law is a straight line for all purposes, and the formula loses digits.
    let b = progressivity.max(0.05);
    let load = force.max(0.0) / (SECANT_MM * libm::exp(ln_stiffness.clamp(-5.0, 5.0)));
    let growth = libm::expm1(b);
    let inside = load * growth;
    let log = libm::log1p(inside);
    let by_load = SECANT_MM / b * growth / (1.0 + inside);
    let by_b = if progressivity > 0.05 {
        SECANT_MM * (load * libm::exp(b) / (1.0 + inside) / b - log / (b * b))
    } else {
        0.0
    };
    Indentation {
        value: SECANT_MM / b * log,
        by_ln_stiffness: -by_load * load,
        by_progressivity: by_b,
        by_force: if force > 0.0 { by_load * load / force } else { 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_goes_through_its_secant_and_inverts_fungs_form() {
        let at_secant = indentation(12.0 * 1.5, libm::log(1.5), 0.9);
        assert!((at_secant.value - 12.0).abs() < 1e-9);
        let d = indentation(7.0, libm::log(1.5), 0.9).value;
        let force = 12.0 * 1.5 * libm::expm1(0.9 * d / 12.0) / libm::expm1(0.9);
        assert!((force - 7.0).abs() < 1e-9);
    }

    #[test]
    fn the_laws_derivatives_are_those_of_finite_differences() {
        let (f, k, b, h) = (14.0, 0.3, 0.8, 1e-6);
        let at = indentation(f, k, b);
        let slope = |up: Indentation, down: Indentation| (up.value - down.value) / (2.0 * h);
        let by_k = slope(indentation(f, k + h, b), indentation(f, k - h, b));
        let by_b = slope(indentation(f, k, b + h), indentation(f, k, b - h));
        let by_f = slope(indentation(f + h, k, b), indentation(f - h, k, b));
        assert!((at.by_ln_stiffness - by_k).abs() < 1e-6);
        assert!((at.by_progressivity - by_b).abs() < 1e-6);
        assert!((at.by_force - by_f).abs() < 1e-6);
    }
}
