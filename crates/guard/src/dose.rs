//! Heat and pressure by strip of the bed: an upper bound of the skin's temperature at any instant and
//! as a mean, the heat dose, and the time for which a site has been pressed.
//!
//! **Skin under a roller.** The worst person is bare and touches the roller's upper bound `T_r`
//! through the conductance h; skin is a half-space of dermis on fat with resting blood flow, and
//! gives nothing to pad or air. Its surface answers a flux q with the kernel
//! `exp(-w t) / (e sqrt(pi t))`, e the effusivity, which is the sum of first-order modes with times
//! tau_i = 0.25, 2, 16, 128, 1024 s (ratio 8; ripple 2.5 %) and weights
//! `a_i = ln 8 / (pi e sqrt(tau_i))`:
//!
//! `T = T_b + sum y_i + R q`, `dy_i/dt = a_i q - y_i (1/tau_i + w)`, `q = (T_r - T_b - sum y_i) / (1/h + R)`
//!
//! with `T_b` the larger of 35 C and the bound of a mat that covers the strip, and R for all modes
//! faster than 0.25 s. The steps round towards more heat: modes fall as the implicit step (slower than
//! they do) and rise as the explicit one. **Under a mat** the skin is as warm as the mat's bound.
//!
//! **Mean.** A mean over W = 600 s lies below L when the first-order mean E with time constant theta
//! stays below `c`: `mean <= c + theta / W (c - 35 C)`. Dose: [`crate::limits`], CEM43.
//!
//! It does not know the person's shifts: strips are the bed's. Sources: conductivities, densities and
//! blood flow in science.md 5.1 (after Jiang 2002); half-space and its modes: Carslaw & Jaeger 1959.

use crate::limits::{self, cem43_rate};
use crate::persist::since;
use counts::{Instant, Micrometres, Micros, MilliCem43, STRIPS_MAX};

/// Strips a side.
const SIDE: usize = STRIPS_MAX / 2;
/// Smallest length of a strip, um.
const PITCH: i32 = 10_000;
/// Skin that nothing warms, mC. Source: stored-heat rule of the bed's description (35 C).
const BASE: i32 = 35_000;
/// A contact that is renewed within this time is one. Source: Design; a fifth of a glide's shortest
/// contact (one strip at 60 mm/s is 167 ms).
pub(crate) const TICK: Micros = Micros::from_millis(20);
/// Time constants of the modes, us, blood flow included: 1 / (1 / tau + w), w = 1/500 s (omega 0.00125
/// 1/s x 1060 x 3770 J/m3K over 1000 x 2500 J/m3K of fat).
const TIMES: [i64; 5] = [250_000, 1_992_000, 15_500_000, 101_900_000, 336_000_000];
/// Weights of the modes, thousand-millionths of K/s a W/m2. Dermis (e = 1335 J/m2K s^0.5: 0.45, 1200,
/// 3300) for the first two, fat (689: 0.19, 1000, 2500) for the deep ones, the last with the tail of
/// all slower modes.
const WEIGHTS: [i64; 5] = [992_000, 350_600, 240_200, 84_900, 53_500];
/// Resistance of the modes faster than 0.25 s in dermis, millionths of m2K/W.
const RESISTANCE_FAST: i64 = 136;
/// Conductance of bare skin that barely touches, W/m2K, and its gain a newton. Source: compressed cloth
/// conducts 100-500 (science.md 5.5); bare skin is taken at the upper end of that when hardly touched
/// and at three times as much under 60 N.
const CONDUCTANCE: (i64, i64) = (400, 20);
/// Time constant of the first-order mean. Source: a tenth of the window.
const MEAN_TIME: i64 = 60_000_000;
/// The first-order mean must stay below this, mC: `c = (43 C + 0.1 x 35 C) / 1.1`.
pub(crate) const MEAN_CEILING: i32 =
    ((limits::SKIN_MEAN.raw() as i64 * 100 * 600 + BASE as i64 * 60) / 660) as i32;
/// A head leaves the skin so far below the instant limit, mC. Source: rise within the 0.2 s that the
/// lift takes to leave, at 45 C under 1.5 K/s.
const SKIN_EASE: i32 = 300;
/// Heating ends at this share of the dose, contact at the next, thousandths. Source: a mat at 42.3 C
/// that cools in eight minutes adds under 5 % of 30 CEM43.
const DOSE_SHARES: [u64; 2] = [850, 920];
/// Pressed counts from here on, tenths of a newton. Source: Design; a sixth of the default force.
const PRESSED: i32 = 100;

/// One strip of the bed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Strip {
    /// Modes above the base, millionths of a degree.
    modes: [i32; 5],
    at: Instant,
    /// First-order mean, millionths of a degree; zero before the first step.
    mean: i32,
    /// Dose since power-on, thousand-millionths of a CEM43, and what it was when the session began.
    nano: u64,
    before: u64,
    /// Skin under a roller at the last touch, mC; it counts until the next step.
    skin: i32,
    pressed: Micros,
    pressed_last: Instant,
}

/// What the bound of a strip or mat says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Warmth {
    /// No contact any more: too warm now, or as a mean.
    pub hot: bool,
    /// No heating any more: the dose is nearly spent, or the bound close to its limit.
    pub ease: bool,
    /// No contact any more: the dose is spent.
    pub spent: bool,
}

impl Warmth {
    fn join(&mut self, other: Self) {
        self.hot |= other.hot;
        self.ease |= other.ease;
        self.spent |= other.spent;
    }
}

/// A head on the bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// 0 left, 1 right.
    pub side: usize,
    /// Where along the bed, um.
    pub at: i32,
    /// Half the length over which it touches, um.
    pub half: i32,
    /// Upper bound of its surface, mC.
    pub surface: i32,
    /// Force, tenths of a newton.
    pub force: i32,
}

/// A mat and the upper bound of its surface, mC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mat {
    pub from: i32,
    pub to: i32,
    pub surface: i32,
}

/// Heat since the session began: what it added alone, without what was carried in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionHeat {
    /// Sessions begun since power-on; zero: none, and there is no heat.
    pub session: u32,
    /// Where the first strip begins.
    pub origin: Micrometres,
    /// Length of a strip.
    pub pitch: Micrometres,
    /// Dose by strip, rounded up: left, right.
    pub strips: [[MilliCem43; SIDE]; 2],
    /// Dose on each mat, rounded up.
    pub mats: [MilliCem43; 4],
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Book {
    sessions: u32,
    origin: i32,
    pitch: i32,
    strips: [[Strip; SIDE]; 2],
    mats: [Strip; 4],
    cursor: usize,
    carried: u64,
}

fn nano(dose: MilliCem43) -> u64 {
    u64::from(dose.raw()) * 1_000_000
}

impl Strip {
    fn modes_sum(&self) -> i32 {
        self.modes.iter().fold(0, |sum: i32, mode| sum.saturating_add(*mode))
    }

    /// Advances mean and dose at a temperature (mC) that is an upper bound since the last step.
    fn count(&mut self, milli_c: i32, passed: Micros) {
        let micros = passed.raw().min(60_000_000) as i64;
        self.nano = self.nano.saturating_add(cem43_rate(milli_c).saturating_mul(micros as u64) / 1000 + 1);
        let target = i64::from(milli_c.min(100_000)) * 1000;
        if self.mean == 0 {
            self.mean = BASE * 1000;
        }
        let mean = i64::from(self.mean);
        // Rounded away from cold: the mean falls more slowly than it does.
        let change = (target - mean) * micros;
        let step = if change > 0 { change / MEAN_TIME + 1 } else { change / (MEAN_TIME + micros) };
        self.mean = (mean + step).clamp(0, 100_000_000) as i32;
    }

    /// Lets the modes fall until `at` and counts the time at the given base; tells the temperature.
    fn relax(&mut self, at: Instant, base: i32) -> i32 {
        let passed = since(at, self.at);
        let before = base.saturating_add(self.modes_sum() / 1000);
        if passed > Micros::ZERO {
            let micros = passed.raw().min(60_000_000) as i64;
            for (mode, time) in self.modes.iter_mut().zip(TIMES) {
                *mode = (i64::from(*mode) * time / (time + micros)) as i32;
            }
            self.count(before.max(self.skin), passed);
            self.skin = 0;
        }
        self.at = at;
        before
    }

    /// A roller touches for `dt`; tells the temperature under it.
    fn warm(&mut self, (surface, force): (i32, i32), base: i32, dt: Micros) -> i32 {
        let skin = base.saturating_add(self.modes_sum() / 1000);
        // The difference is at most 100 K: a sensor that is not known counts as that hot.
        let difference = i64::from(surface.saturating_sub(skin).clamp(0, 100_000));
        let conductance = CONDUCTANCE.0 + CONDUCTANCE.1 * i64::from(force.clamp(0, 3000)) / 10;
        let flux = difference * 1000 / (1_000_000 / conductance + RESISTANCE_FAST);
        let micros = dt.raw().min(100_000) as i64;
        for (mode, weight) in self.modes.iter_mut().zip(WEIGHTS) {
            *mode = mode.saturating_add((weight * flux * micros / 1_000_000_000) as i32 + 1).min(100_000_000);
        }
        let fast = (flux * RESISTANCE_FAST / 1000) as i32;
        self.skin = base.saturating_add(self.modes_sum() / 1000).saturating_add(fast).min(surface.max(skin));
        self.skin
    }

    fn judge(&self, milli_c: i32, carried: u64) -> Warmth {
        let instant = i32::from(limits::SKIN_INSTANT.raw()) * 100;
        let session = self.nano.saturating_sub(self.before);
        let left = nano(limits::DOSE_DAY).saturating_sub(carried.max(self.before));
        let budget = nano(limits::DOSE_PROGRAM).min(left);
        let warms = milli_c >= 39_000;
        let mean = self.mean / 1000;
        Warmth {
            hot: milli_c >= instant - SKIN_EASE || (mean >= MEAN_CEILING && milli_c > MEAN_CEILING),
            ease: milli_c >= instant - 2 * SKIN_EASE
                || mean >= MEAN_CEILING - SKIN_EASE
                || session >= budget / 1000 * DOSE_SHARES[0],
            spent: warms && session >= budget / 1000 * DOSE_SHARES[1],
        }
    }
}

impl Book {
    /// An empty book for strips from `origin` to `end` (um).
    pub(crate) fn new(origin: i32, end: i32) -> Self {
        let pitch = (end.saturating_sub(origin) / SIDE as i32).saturating_add(1).max(PITCH);
        Self {
            sessions: 0,
            origin,
            pitch: if end.saturating_sub(origin) <= PITCH * SIDE as i32 { PITCH } else { pitch },
            strips: [[Strip::default(); SIDE]; 2],
            mats: [Strip::default(); 4],
            cursor: 0,
            carried: nano(limits::DOSE_DAY) / 2,
        }
    }

    /// A session begins: its dose counts anew, on top of what the day has had.
    pub(crate) fn begin(&mut self, dose_today: Option<MilliCem43>) {
        self.sessions = self.sessions.saturating_add(1);
        self.carried = dose_today.map_or(nano(limits::DOSE_DAY) / 2, nano);
        for strip in self.strips.iter_mut().flatten().chain(&mut self.mats) {
            strip.before = strip.nano;
        }
    }

    /// What this session has added to each strip, upwards to the next thousandth.
    pub(crate) fn session(&self) -> SessionHeat {
        let begun = self.sessions > 0;
        let own = |strip: &Strip| {
            let nano = if begun { strip.nano.saturating_sub(strip.before) } else { 0 };
            MilliCem43::new(nano.div_ceil(1_000_000).min(u64::from(u32::MAX)) as u32)
        };
        SessionHeat {
            session: self.sessions,
            origin: Micrometres::new(self.origin),
            pitch: Micrometres::new(self.pitch),
            strips: self.strips.each_ref().map(|side| side.each_ref().map(own)),
            mats: self.mats.each_ref().map(own),
        }
    }

    /// The strips that a contact touches.
    fn span(&self, contact: &Contact, half: i32) -> core::ops::RangeInclusive<usize> {
        let index =
            |place: i32| (place.saturating_sub(self.origin) / self.pitch).clamp(0, SIDE as i32 - 1) as usize;
        index(contact.at.saturating_sub(half))..=index(contact.at.saturating_add(half))
    }

    fn base(&self, strip: usize, mats: &[Mat]) -> i32 {
        let from = self.origin + self.pitch * strip as i32;
        let covers = |mat: &&Mat| mat.from <= from + self.pitch && mat.to >= from;
        mats.iter().filter(covers).map(|mat| mat.surface).max().unwrap_or(BASE).clamp(BASE, 100_000)
    }

    /// Lets one strip after another fall and count, a few each cycle, so that every one is visited
    /// well within a second.
    pub(crate) fn sweep(&mut self, at: Instant, mats: &[Mat]) {
        self.cursor = (self.cursor + 1) % (2 * SIDE);
        let (side, strip) = (self.cursor / SIDE, self.cursor % SIDE);
        let base = self.base(strip, mats);
        self.strips[side][strip].relax(at, base);
    }

    /// The mats themselves, whether or not strips lie on them.
    pub(crate) fn warm_mats(&mut self, at: Instant, mats: &[Mat]) -> [Warmth; 4] {
        let mut warmth = [Warmth::default(); 4];
        for ((strip, mat), warmth) in self.mats.iter_mut().zip(mats).zip(&mut warmth) {
            strip.relax(at, mat.surface.clamp(BASE, 100_000));
            *warmth = strip.judge(mat.surface.clamp(BASE, 100_000), self.carried);
        }
        warmth
    }

    /// A head touches for `dt`: warms its strips; tells what they say and whether the site has been
    /// pressed for too long.
    pub(crate) fn touch(
        &mut self,
        at: Instant,
        dt: Micros,
        contact: &Contact,
        mats: &[Mat],
    ) -> (Warmth, bool) {
        let mut warmth = Warmth::default();
        for strip in self.span(contact, contact.half) {
            let base = self.base(strip, mats);
            let carried = self.carried;
            let strip = &mut self.strips[contact.side & 1][strip];
            strip.relax(at, base);
            let skin = strip.warm((contact.surface, contact.force), base, dt);
            warmth.join(strip.judge(skin, carried));
        }
        let mut overtime = false;
        if contact.force > PRESSED {
            for strip in self.span(contact, self.pitch / 2) {
                let strip = &mut self.strips[contact.side & 1][strip];
                if since(at, strip.pressed_last) >= limits::SITE_PAUSE {
                    strip.pressed = Micros::ZERO;
                }
                strip.pressed = strip.pressed.plus(dt);
                strip.pressed_last = at;
                overtime |= strip.pressed >= limits::SITE;
            }
        }
        (warmth, overtime)
    }
}

#[cfg(test)]
mod tests;
