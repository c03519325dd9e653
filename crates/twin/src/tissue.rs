//! What a roller feels where it presses: soft tissue over bone, progressive, viscous, relaxing.
//!
//! Terms: *indentation* `d` (mm) of the roller's top into the unloaded skin; *thickness* `T` (mm) of
//! the tissue between skin and bone; *stiffness* `k` (N/mm) the relaxed force over depth at 12 mm
//! under one roller, without bottoming (as `population` means it).
//!
//! * Elastic: `F_e = K d^n / (1 - (d / T')^4)`, `T' = 0.95 T`, `K = k 12^(1 - n) / (1 - a)`; from
//!   `d = 0.9 T'` on it continues along its tangent.
//! * Rate (Hunt and Crossley 1975, in Beber 2025, arXiv 2507.11133): times `1 + c d'`, held in 0 to 2.
//! * Relaxation (standard linear solid with one time): each strip `s` of 10 mm and side keeps
//!   `z_s' = (h_s F_e - z_s) / tau`, with `h_s` the share of the roller on it; the force loses
//!   `a sum(h_s z_s) / sum(h_s^2)`. Held still, the force falls from `F_e` to `(1 - a) F_e`.
//!
//! Not here: shear, friction along the skin, muscle that contracts.

/// Indentation at which stiffness is stated, mm. Source: science.md 3.3, "10-15 mm indentation".
pub const REFERENCE_MM: f64 = 12.0;
/// Exponent of the law. Source: Hunt-Crossley n = 1-2 for soft tissue (Beber 2025, arXiv 2507.11133).
pub const POWER: f64 = 1.5;
/// Rate factor `c`, s/mm. Guess: 15 % more force at 30 mm/s.
pub const RATE_S_MM: f64 = 0.005;
/// Share of the thickness at which the force would be without bound. Guess.
const BOTTOM: f64 = 0.95;
/// Share of that at which the law continues along its tangent. Guess, numerical.
const TANGENT: f64 = 0.9;
/// Length of a strip of memory, mm.
pub const STRIP_MM: f64 = 10.0;
/// Strips of memory a side: 1.2 m.
pub const STRIPS: usize = 120;

/// The tissue at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Relaxed force over depth at 12 mm, N/mm.
    pub stiffness_n_mm: f64,
    /// Skin to bone, mm.
    pub thickness_mm: f64,
}

/// What is common to a person's tissue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// Exponent `n` of the elastic law.
    pub power: f64,
    /// Share `a` of the force that relaxes.
    pub relaxing: f64,
    /// Time of relaxation, s.
    pub tau_s: f64,
    /// Rate factor `c`, s/mm.
    pub rate_s_mm: f64,
    /// `12^(1 - n) / (1 - a)`.
    scale: f64,
}

impl Default for Law {
    fn default() -> Self {
        // Source: science.md 3.3, relaxation 15-25 % with 5-20 s.
        Self::new(POWER, 0.2, 12.0)
    }
}

/// A force and its slopes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Push {
    /// Force, N.
    pub force_n: f64,
    /// Slope with indentation, N/mm.
    pub slope_n_mm: f64,
    /// Slope with the speed of indentation, N s/mm.
    pub damping_n_s_mm: f64,
    /// The elastic part alone, N: what the memory is fed with.
    pub elastic_n: f64,
}

impl Law {
    /// A law of exponent `power` of which the share `relaxing` (0 to 0.9) fades with `tau_s`.
    #[must_use]
    pub fn new(power: f64, relaxing: f64, tau_s: f64) -> Self {
        let scale = libm::pow(REFERENCE_MM, 1.0 - power) / (1.0 - relaxing);
        Self { power, relaxing, tau_s, rate_s_mm: RATE_S_MM, scale }
    }

    /// `d^n` and its slope.
    fn power_of(&self, indentation_mm: f64) -> (f64, f64) {
        // Good to a few parts in 1e16 where lengths are millimetres, and three times as fast as `pow`.
        let root = libm::exp((self.power - 1.0) * libm::log(indentation_mm));
        (indentation_mm * root, self.power * root)
    }

    /// Elastic force (N) and slope (N/mm) before any relaxation.
    ///
    /// ```
    /// let law = twin::tissue::Law::default();
    /// let site = twin::tissue::Site { stiffness_n_mm: 1.2, thickness_mm: 1e9 };
    /// let (force, slope) = law.elastic(&site, 12.0);
    /// // Relaxed: 12 mm times 1.2 N/mm, and the slope is the power 1.5 times that.
    /// assert!((0.8 * force - 14.4).abs() < 1e-9 && (0.8 * slope - 1.8).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn elastic(&self, site: &Site, indentation_mm: f64) -> (f64, f64) {
        if indentation_mm <= 0.0 {
            return (0.0, 0.0);
        }
        let factor = site.stiffness_n_mm * self.scale;
        let bottom = BOTTOM * site.thickness_mm;
        let held = indentation_mm.min(TANGENT * bottom);
        let (power, slope) = self.power_of(held);
        let share = held / bottom;
        let square = share * share;
        let room = 1.0 / (1.0 - square * square);
        let force = factor * power * room;
        let slope = factor * (slope * room + power * room * room * 4.0 * square * share / bottom);
        (force + slope * (indentation_mm - held), slope)
    }

    /// The push of a roller, with `memory_n` the relaxed part of [`Memory::relaxed_n`].
    #[must_use]
    pub fn push(&self, site: &Site, indentation_mm: f64, speed_mm_s: f64, memory_n: f64) -> Push {
        let (elastic, slope) = self.elastic(site, indentation_mm);
        if elastic <= 0.0 {
            return Push::default();
        }
        let raw = 1.0 + self.rate_s_mm * speed_mm_s;
        let rate = raw.clamp(0.0, 2.0);
        let force = elastic * rate - self.relaxing * memory_n;
        if force <= 0.0 {
            return Push { elastic_n: elastic, ..Push::default() };
        }
        let free = raw > 0.0 && raw < 2.0;
        Push {
            force_n: force,
            slope_n_mm: slope * rate,
            damping_n_s_mm: if free { elastic * self.rate_s_mm } else { 0.0 },
            elastic_n: elastic,
        }
    }
}

/// What one side's strips remember.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    held_n: [f64; STRIPS],
    touched_s: [f64; STRIPS],
}

impl Default for Memory {
    fn default() -> Self {
        Self { held_n: [0.0; STRIPS], touched_s: [0.0; STRIPS] }
    }
}

/// The two strips under a roller and its share on each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Under {
    /// The headward strip.
    pub strip: usize,
    /// Share on the headward and the footward strip.
    pub share: [f64; 2],
}

impl Under {
    /// For a place `along_mm` from the first strip's middle; held at the ends.
    #[must_use]
    pub fn at(along_mm: f64) -> Self {
        let place = (along_mm / STRIP_MM).clamp(0.0, (STRIPS - 2) as f64);
        let strip = (place as usize).min(STRIPS - 2);
        let foot = place - strip as f64;
        Self { strip, share: [1.0 - foot, foot] }
    }
}

impl Memory {
    fn faded(&self, strip: usize, now_s: f64, tau_s: f64) -> f64 {
        let held = self.held_n[strip];
        if held <= 0.0 {
            return 0.0;
        }
        let gone = (now_s - self.touched_s[strip]) / tau_s;
        if gone <= 0.0 {
            held
        } else if gone < 1e-3 {
            // From one step to the next the series is exact to 1e-13.
            held * (1.0 - gone * (1.0 - 0.5 * gone * (1.0 - gone / 3.0)))
        } else {
            held * libm::exp(-gone)
        }
    }

    /// Force that has relaxed away under a roller, N, before the share `a`.
    #[must_use]
    pub fn relaxed_n(&self, under: &Under, now_s: f64, tau_s: f64) -> f64 {
        let [head, foot] = under.share;
        let sum =
            head * self.faded(under.strip, now_s, tau_s) + foot * self.faded(under.strip + 1, now_s, tau_s);
        sum / (head * head + foot * foot)
    }

    /// Feeds the strips under a roller with the elastic force over `dt_s` that ends at `now_s`.
    pub fn feed(&mut self, under: &Under, elastic_n: f64, now_s: f64, dt_s: f64, tau_s: f64) {
        for (offset, share) in under.share.into_iter().enumerate() {
            let strip = under.strip + offset;
            let before = self.faded(strip, now_s - dt_s, tau_s);
            let goal = share * elastic_n;
            // The exact answer over dt to second order in dt / tau.
            let gain = dt_s / (tau_s + 0.5 * dt_s);
            self.held_n[strip] = before + (goal - before) * gain;
            self.touched_s[strip] = now_s;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site = Site { stiffness_n_mm: 1.5, thickness_mm: 40.0 };

    #[test]
    fn a_press_held_still_relaxes_along_the_closed_form() {
        let law = Law::default();
        let mut memory = Memory::default();
        let under = Under::at(304.0);
        let (elastic, _) = law.elastic(&SITE, 15.0);
        let dt = 0.002;
        for step in 1..=15_000_u32 {
            let now = f64::from(step) * dt;
            memory.feed(&under, elastic, now, dt, law.tau_s);
            if step % 2_500 == 0 {
                let push = law.push(&SITE, 15.0, 0.0, memory.relaxed_n(&under, now, law.tau_s));
                let expected = elastic * (1.0 - law.relaxing * (1.0 - libm::exp(-now / law.tau_s)));
                assert!(
                    (push.force_n - expected).abs() < 1e-6 * elastic,
                    "{now}: {} {expected}",
                    push.force_n
                );
            }
        }
    }

    #[test]
    fn a_strip_left_alone_forgets() {
        let law = Law::default();
        let mut memory = Memory::default();
        let under = Under::at(100.0);
        memory.feed(&under, 30.0, 1.0, 1.0, law.tau_s);
        let fresh = memory.relaxed_n(&under, 1.0, law.tau_s);
        let later = memory.relaxed_n(&under, 1.0 + law.tau_s, law.tau_s);
        assert!(fresh > 1.0);
        assert!((later / fresh - libm::exp(-1.0)).abs() < 1e-12);
    }

    #[test]
    fn slopes_are_the_derivatives_of_the_force() {
        for power in [1.5, 1.2, 2.0] {
            let law = Law::new(power, 0.2, 12.0);
            for indentation in [1.0, 8.0, 20.0, 30.0, 34.0, 36.0] {
                let step = 1e-5;
                let (above, _) = law.elastic(&SITE, indentation + step);
                let (below, _) = law.elastic(&SITE, indentation - step);
                let (_, slope) = law.elastic(&SITE, indentation);
                let measured = (above - below) / (2.0 * step);
                assert!(
                    (slope - measured).abs() < 1e-4 * measured,
                    "{power} {indentation} {slope} {measured}"
                );
            }
        }
    }

    #[test]
    fn force_grows_with_indentation_and_much_more_near_the_bone() {
        let law = Law::default();
        let mut last = (0.0, 0.0);
        for tenth in 1..500 {
            let now = law.elastic(&SITE, 0.1 * f64::from(tenth));
            assert!(now.0 > last.0 && now.1.is_finite());
            last = now;
        }
        let (_, middle) = law.elastic(&SITE, 12.0);
        let (_, bottom) = law.elastic(&SITE, 35.0);
        assert!(bottom > 4.0 * middle);
    }

    #[test]
    fn without_touch_there_is_no_force() {
        let law = Law::default();
        assert_eq!(law.push(&SITE, -1.0, 50.0, 3.0), Push::default());
        assert!(law.push(&SITE, 2.0, -500.0, 100.0).force_n.abs() < 1e-12);
    }
}
