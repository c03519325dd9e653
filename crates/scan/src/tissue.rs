//! What is expected of the flesh between the roller and the spine, by level coordinate (0 is T1, 16 is
//! L5, 28 mm a level beyond the ends), and how far people differ from it.
//!
//! The law of indentation is an exponential one (Fung's form, integrated over the indentation):
//! `F = 12 k (exp(b e d) - 1) / (exp(12 b e) - 1)`, with `d` mm of indentation, `F` N of one roller, `k` N/mm the
//! secant stiffness at 12 mm, `b` the progressivity a unit of strain and `e` the strain of a millimetre.

use crate::unknowns::KNOTS;
use population::{About, BODIES, SACRUM, STIFFNESS_DEPTH_MM, Tissue};

// `Calibrated:` stands beside numbers that belong to this contact model rather than to people: their means and
// spreads over forty drawn people (`ondol bench scan --people 40 --seed 77`) whose places were known. No
// spine that a bench reports on was among them, and the rows of wrong worlds say what they are worth elsewhere.

/// Millimetres that one level stands for beyond the ends of the chain. Source: level pitch along the
/// skin 26-31 mm, science.md 1.3.
pub(crate) const LEVEL_MM: f64 = 28.0;
/// Indentation at which stiffness is told, mm.
pub(crate) const SECANT_MM: f64 = STIFFNESS_DEPTH_MM;

/// Body mass index where nothing is known, kg/m2. Source: ANSUR II, 25.5 and 27.7 (science.md 1.1).
const BMI_MEAN: f64 = 26.5;
/// Progressivity of the law, a unit of strain. Calibrated; Fung's is 3-15.
pub(crate) const PROGRESSIVITY: f64 = 2.0;
/// Its spread. Calibrated.
pub(crate) const PROGRESSIVITY_SD: f64 = 1.0;
/// Smaller rollers strain as if they were so large, mm. Guess.
const RADIUS_MIN_MM: f64 = 5.0;
/// Thinner flesh is strained as if it were so thick, mm. Guess.
const THICKNESS_MIN_MM: f64 = 8.0;
/// ln of the stiffness that a passing roller meets over what tissue keeps once it has relaxed. Calibrated.
pub(crate) const LN_STIFF_FELT: f64 = 0.3;
/// How far what is felt lags behind a roller at the speed of a scan, mm. Calibrated.
pub(crate) const DRAG_MM: f64 = 1.0;
/// Its spread. Guess.
pub(crate) const DRAG_SD_MM: f64 = 0.7;
/// Share of the indentation by which flesh follows a force that flutters. Calibrated.
pub(crate) const FOLLOWS: f64 = 1.2;
/// Its spread. Guess.
pub(crate) const FOLLOWS_SD: f64 = 0.3;
/// Give of the trunk under both heads, mm/N. Calibrated.
pub(crate) const GIVE_MM_N: f64 = 0.068;
/// Spread of its logarithm. Calibrated.
pub(crate) const LN_GIVE_SD: f64 = 0.3;
/// The trunk's give at each level over that of the loin, from three levels headward of T1: the end of a beam on a soft
/// support gives more than its middle. Calibrated on where the
/// trunk of 36 drawn people (seeds 77 to 79) really went, of which readings tell only a part.
const GIVE_SHARE: [f64; 3 + BODIES] = [
    4.07, 3.96, 3.47, 2.78, 2.15, 1.64, 1.29, 1.01, 0.83, 0.75, 0.70, 0.69, 0.72, 0.78, 0.86, 0.94, 1.01,
    1.01, 1.01, 1.0,
];
/// Radius of the back across, mm. Guess.
const CONTOUR_MM: f64 = 180.0;
/// One over that radius, over the expected, as rollers that sink in feel it. Calibrated.
pub(crate) const CONTOUR_FELT: f64 = 0.85;
/// Spread of one over that radius. Guess.
pub(crate) const CONTOUR_SD: f64 = 0.17;
/// Share by which indentation grows between out and back as tissue relaxes. Calibrated; the roller passes in
/// one second and leaves little of the 10-30 % that tissue relaxes in 30 s (science.md 3.3).
pub(crate) const RELAX: f64 = 0.0;
/// Its spread. Calibrated.
pub(crate) const RELAX_SD: f64 = 0.02;

/// Spread of ln stiffness from site to site, tense sites included. Guess: 8 % natural scatter
/// (measures.md), and one site in ten tense by half (science.md 3.3).
pub(crate) const LN_TENSION_SD: f64 = 0.15;

/// Slope that the skin gains where it leaves the bed at the neck. Calibrated.
pub(crate) const NECK_SLOPE: f64 = 0.45;
/// Its spread. Calibrated.
pub(crate) const NECK_SLOPE_SD: f64 = 0.15;
/// Step of the skin at the edge of the plateau, mm: flesh thins and the bone stands out by as much. Calibrated.
pub(crate) const SACRUM_RISE_MM: f64 = -2.0;
/// Its spread. Calibrated, and doubled.
pub(crate) const SACRUM_RISE_SD_MM: f64 = 2.5;
/// Spread of the step of ln stiffness at that edge. Guess.
pub(crate) const SACRUM_LN_STIFF_SD: f64 = 0.3;

/// How far the bone stands out behind that edge, mm, as a round roller feels it. Calibrated.
pub(crate) const PSIS_MM: f64 = 1.1;
/// Its spread. Calibrated.
pub(crate) const PSIS_SD_MM: f64 = 1.0;

/// Length of the sacral plateau, mm, as felt. Calibrated.
pub(crate) const PLATEAU_MM: f64 = 130.0;
/// Its spread. Calibrated.
pub(crate) const PLATEAU_SD_MM: f64 = 22.0;
/// ln stiffness of the buttock against the last lumbar level. Calibrated.
pub(crate) const LN_BUTTOCK_STIFF: f64 = -0.4;
/// Its spread. Calibrated.
pub(crate) const LN_BUTTOCK_STIFF_SD: f64 = 0.25;

/// Step of the skin where the plateau ends, mm. Calibrated.
pub(crate) const BUTTOCK_RISE_MM: f64 = -5.5;
/// Its spread. Calibrated.
pub(crate) const BUTTOCK_RISE_SD_MM: f64 = 3.0;

/// So much farther headward than the landmark itself a round roller feels the neck's corner, mm. Calibrated.
pub(crate) const NECK_FELT_MM: f64 = 7.0;
/// Step of ln stiffness at the plateau, as felt through pad and trunk, beside the tissue's own. Calibrated.
pub(crate) const SACRUM_LN_STIFF_FELT: f64 = -0.2;
/// Mean of the smooth profile of thickness, knot by knot, mm: what lying does to the expected flesh.
/// Calibrated.
pub(crate) const FLESH_MM: [f64; KNOTS] =
    [16.0, 10.0, 4.2, 1.4, 1.0, 1.1, 1.1, 1.7, 2.2, 2.1, 1.9, 2.0, 2.3, 0.9, -2.0, -3.8, -3.5, -3.0, -4.4];

/// How far transverse processes and ribs stand out under the skin, mm either way of its mean course. Guess.
pub(crate) const PROCESS_MM: f64 = 0.4;
/// Its spread. Guess.
pub(crate) const PROCESS_SD_MM: f64 = 0.3;
/// Spread of what stands out half-way between levels instead, mm. Guess.
pub(crate) const PROCESS_BETWEEN_SD_MM: f64 = 0.1;
/// Spread of where the processes of a level stand along the bed, against its bone line, mm. Guess: of the size by
/// which pedicles scatter along the spine.
pub(crate) const ASKEW_SD_MM: f64 = 3.0;

/// How deep the back sinks into the pad, mm. Guess.
pub(crate) const SUNK_MM: f64 = 1.0;
/// Spread of the mean height of the body centres, mm. Guess.
pub(crate) const HEIGHT_SD_MM: f64 = 7.0;

/// A value and its slope along the levels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Graded {
    pub(crate) value: f64,
    pub(crate) slope: f64,
}

/// The flesh between the bone line and the skin, as expected of a person.
#[derive(Debug, Clone)]
pub(crate) struct Flesh {
    skin: f64,
    fat: [f64; BODIES],
    muscle: [f64; BODIES],
    ln_stiffness: [f64; BODIES],
}

impl Flesh {
    pub(crate) fn new(tissue: &Tissue, about: &About) -> Self {
        let (bmi, sex) = (about.bmi().filter(|bmi| bmi.is_finite()).or(Some(BMI_MEAN)), about.sex);
        let mut flesh = Self {
            skin: tissue.skin_mm,
            fat: [0.0; BODIES],
            muscle: [0.0; BODIES],
            ln_stiffness: [0.0; BODIES],
        };
        for level in 0..BODIES {
            flesh.fat[level] = tissue.fat_mm(level, bmi);
            flesh.muscle[level] = tissue.muscle_mm(level, sex);
            flesh.ln_stiffness[level] = libm::log(tissue.stiffness(level, sex));
        }
        flesh
    }

    /// What does not differ between people, mm.
    pub(crate) fn plain(&self) -> f64 {
        self.skin
    }

    /// Fat in mm at a level coordinate, held beyond the ends.
    pub(crate) fn fat(&self, level: f64) -> Graded {
        along(&self.fat, level)
    }

    /// Muscle in mm.
    pub(crate) fn muscle(&self, level: f64) -> Graded {
        along(&self.muscle, level)
    }

    /// ln of the expected stiffness (k in N/mm).
    pub(crate) fn ln_stiffness(&self, level: f64) -> Graded {
        along(&self.ln_stiffness, level)
    }
}

/// Mean over the levels of the expected depth of the skin behind the body centres, mm.
pub(crate) fn mean_depth_mm(tissue: &Tissue, about: &About) -> f64 {
    let flesh = Flesh::new(tissue, about);
    let mut sum = 0.0;
    for level in 0..BODIES {
        sum += tissue.dorsal_offset_mm[level] + flesh.skin + flesh.fat[level] + flesh.muscle[level];
    }
    sum / BODIES as f64
}

/// Spread of all smooth scatter along one back that both sides share, mm: flesh and bone.
pub(crate) fn flesh_sd_mm(tissue: &Tissue) -> f64 {
    let bone = tissue.dorsal_offset_sd_mm.iter().sum::<f64>() / BODIES as f64;
    libm::hypot(tissue.profile_sd_mm, bone)
}

/// Step of ln stiffness at the sacral edge: the sacrum's own over that of L5.
pub(crate) fn sacrum_ln_stiff(tissue: &Tissue) -> f64 {
    libm::log(tissue.stiffness(SACRUM, None) / tissue.stiffness(BODIES - 1, None))
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

/// The trunk's give at a level coordinate over that of the loin.
pub(crate) fn give(level: f64) -> Graded {
    let last = GIVE_SHARE.len() - 1;
    let place = level + 3.0;
    let held = place.clamp(0.0, last as f64);
    let below = (held as usize).min(last - 1);
    let slope = GIVE_SHARE[below + 1] - GIVE_SHARE[below];
    let inside = place > 0.0 && place < last as f64;
    Graded {
        value: GIVE_SHARE[below] + slope * (held - below as f64),
        slope: if inside { slope } else { 0.0 },
    }
}

/// Share of the breathing motion. A back on a bed breathes against the pad: from T8 on it stays where it lies, and
/// the shoulder end rises and sinks with the trunk. Calibrated on the same people.
pub(crate) fn breath(level: f64) -> Graded {
    let fall = ease(level, 2.0, 7.0);
    Graded { value: 1.0 - 0.7 * fall.value, slope: -0.7 * fall.slope }
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

/// Strain of flesh so thick (mm) a millimetre of indentation by a roller of this radius (mm), 1/mm: what is thin is
/// strained down to the bone, what is thick about as deep as the roller is wide. Its slope is by the thickness.
pub(crate) fn strain(thickness_mm: f64, radius_mm: f64) -> Graded {
    let deep = thickness_mm.max(THICKNESS_MIN_MM);
    Graded {
        value: 0.5 * (1.0 / deep + 0.5 / radius_mm.max(RADIUS_MIN_MM)),
        slope: if thickness_mm > THICKNESS_MIN_MM { -0.5 / (deep * deep) } else { 0.0 },
    }
}

/// Indentation under a force of one roller (N) at a secant stiffness (ln of N/mm), with the progressivity over the
/// secant's indentation.
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
