//! Heat dose by strips of the person: what the bed counts by its own strips, carried over to the levels of
//! the spine, since a person never lies twice at the same place.
//!
//! A strip of the person is a level and a side. It reaches halfway to the neighbouring levels and two
//! standard deviations farther, and has the largest dose of all strips of the bed that it touches there. A
//! level that the scan did not find reaches from the one before it to the one after it; what lies headward or
//! footward of all levels belongs to the outermost. So no strip of the bed is lost, and the most heated
//! place stays as hot as the bed counted it. Without a scan every strip of the person has the maximum.
//!
//! Two sessions add up strip by strip. What this does not do: it follows nobody who moves between two scans
//! of one session beyond what both scans cover.

use bed::{Bed, HeatDose, Level, Side, SpineScan, limits};
use counts::MilliCem43;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;

/// Number of levels, found or not.
const LEVELS: usize = Level::ALL.len();
/// So many standard deviations of a level's place are covered to each side. Source: design, "the host maps
/// with maximum over two SD".
const SPREAD_SD: f64 = 2.0;

/// Heat dose of one person by level and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonDose {
    back: [[MilliCem43; 2]; LEVELS],
    /// Wherever a mat lay, which may be under the legs.
    mats: MilliCem43,
}

/// CEM43 in the wire's counts, upwards; what is no number, or below zero, counts as the day's limit.
#[must_use]
pub fn milli(cem43: f64) -> MilliCem43 {
    let known = if cem43 >= 0.0 { cem43 } else { f64::from(limits::DOSE_DAY_CEM43) };
    MilliCem43::new((known * 1000.0).ceil().min(f64::from(u32::MAX)) as u32)
}

/// What a bed says of itself and of its heat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BedSays {
    /// The number that it drew when it was switched on.
    pub boot: Option<u64>,
    /// Its book of heat.
    pub dose: Option<HeatDose>,
}

impl BedSays {
    /// The bed's last word.
    pub fn of(bed: &impl Bed) -> Self {
        Self { boot: bed.boot(), dose: bed.heat_dose() }
    }
}

impl PersonDose {
    /// No heat.
    pub const NONE: Self = Self::everywhere(MilliCem43::ZERO);

    /// The same dose at every place.
    #[must_use]
    pub const fn everywhere(dose: MilliCem43) -> Self {
        Self { back: [[dose; 2]; LEVELS], mats: dose }
    }

    /// The most that a session may have given of which nothing is known: the limit of a program.
    #[must_use]
    pub fn unknown() -> Self {
        Self::everywhere(milli(f64::from(limits::DOSE_PROGRAM_CEM43)))
    }

    /// What the bed counted, on a person who lay as these scans say (before and after, or none).
    #[must_use]
    pub fn of(dose: &HeatDose, scans: &[&SpineScan]) -> Self {
        if dose.left.is_empty() || dose.right.is_empty() || dose.pitch.raw() <= 0 {
            return Self::unknown().max(&Self::everywhere(dose.most()));
        }
        let chains: Option<Vec<Chain>> = scans.iter().map(|scan| Chain::of(scan)).collect();
        let Some(chains) = chains.filter(|chains| !chains.is_empty()) else {
            return Self::everywhere(dose.most());
        };
        let mut own =
            Self { mats: dose.mats.iter().copied().max().unwrap_or(MilliCem43::ZERO), ..Self::NONE };
        for (index, level) in Level::ALL.iter().enumerate() {
            for chain in &chains {
                let (from_mm, to_mm) = chain.reach_mm(*level);
                own.back[index][0] = own.back[index][0].max(most(dose, &dose.left, from_mm, to_mm));
                own.back[index][1] = own.back[index][1].max(most(dose, &dose.right, from_mm, to_mm));
            }
        }
        own
    }

    /// The dose of one strip.
    #[must_use]
    pub fn at(&self, level: Level, side: Side) -> MilliCem43 {
        self.back[level as usize][usize::from(side == Side::Right)]
    }

    /// Sets the dose of one strip.
    pub fn set(&mut self, level: Level, side: Side, dose: MilliCem43) {
        self.back[level as usize][usize::from(side == Side::Right)] = dose;
    }

    /// The dose on mats.
    #[must_use]
    pub fn mats(&self) -> MilliCem43 {
        self.mats
    }

    /// Sets the dose on mats.
    pub fn set_mats(&mut self, dose: MilliCem43) {
        self.mats = dose;
    }

    /// The most heated strip.
    #[must_use]
    pub fn most(&self) -> MilliCem43 {
        self.back.iter().flatten().copied().fold(self.mats, MilliCem43::max)
    }

    /// Both together, strip by strip.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.with(other, MilliCem43::plus)
    }

    /// The larger of both, strip by strip.
    #[must_use]
    pub fn max(&self, other: &Self) -> Self {
        self.with(other, MilliCem43::max)
    }

    fn with(&self, other: &Self, join: fn(MilliCem43, MilliCem43) -> MilliCem43) -> Self {
        let mut joined = *self;
        joined.mats = join(self.mats, other.mats);
        for (own, other) in joined.back.iter_mut().flatten().zip(other.back.iter().flatten()) {
            *own = join(*own, *other);
        }
        joined
    }
}

/// The largest dose of the strips that touch a stretch of the bed; a stretch beside all strips has that of
/// the nearest.
fn most(dose: &HeatDose, strips: &[MilliCem43], from_mm: f64, to_mm: f64) -> MilliCem43 {
    let (origin_mm, pitch_mm) = (f64::from(dose.origin.raw()) / 1000.0, f64::from(dose.pitch.raw()) / 1000.0);
    let last = strips.len() - 1;
    // Float to integer saturates: infinite ends are the first and the last strip.
    let index =
        |place_mm: f64| (((place_mm - origin_mm) / pitch_mm).floor() as i64).clamp(0, last as i64) as usize;
    strips[index(from_mm)..=index(to_mm)].iter().copied().max().unwrap_or(MilliCem43::ZERO)
}

/// As an object of levels: `{ "L4": { "left": 12.3, "right": 0.0 }, .., "mats": 1.2 }`, CEM43.
impl Serialize for PersonDose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cem43 = |dose: MilliCem43| f64::from(dose.raw()) / 1000.0;
        let mut map = serializer.serialize_map(Some(LEVELS + 1))?;
        for level in Level::ALL {
            let [left, right] = Side::BOTH.map(|side| cem43(self.at(*level, side)));
            map.serialize_entry(level.name(), &BTreeMap::from([("left", left), ("right", right)]))?;
        }
        map.serialize_entry("mats", &cem43(self.mats))?;
        map.end()
    }
}

/// The places of the levels of one scan, from head to foot, mm.
struct Chain(Vec<(Level, f64, f64)>);

impl Chain {
    /// `None` where a scan is not fit for use: nothing found, no number, or levels out of their order.
    fn of(scan: &SpineScan) -> Option<Self> {
        let places: Vec<_> =
            scan.levels.iter().map(|own| (own.level, own.x_mm, SPREAD_SD * own.sd_x_mm)).collect();
        let sound = places.iter().all(|(_, x, spread)| x.is_finite() && spread.is_finite() && *spread >= 0.0);
        let ordered = places.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
        (sound && ordered && !places.is_empty()).then_some(Self(places))
    }

    /// How far a level may reach along the bed, mm.
    fn reach_mm(&self, level: Level) -> (f64, f64) {
        let before = self.0.iter().rev().find(|(own, ..)| *own < level);
        let after = self.0.iter().find(|(own, ..)| *own > level);
        let here = self.0.iter().find(|(own, ..)| *own == level);
        // Halfway to a neighbour, or all the way where this level itself was not found.
        let edge = |neighbour: Option<&(Level, f64, f64)>, sign: f64| {
            let Some((_, x, spread)) = neighbour else { return sign * f64::INFINITY };
            match here {
                Some((_, own, own_spread)) => (own + x) / 2.0 + sign * spread.max(*own_spread),
                None => x + sign * spread,
            }
        };
        (edge(before, -1.0), edge(after, 1.0))
    }
}

#[cfg(test)]
mod tests;
