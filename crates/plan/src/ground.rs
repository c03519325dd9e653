//! Where on this back this bed may press: the levels as found, the stretches that are left out, and
//! the carriages' travel. Everything here is along the bed, mm.

use bed::{BedConfig, Level, LevelEstimate, SpineScan};
use care::{Clearance, Region, Words};

use crate::points::APPROXIMATED_MAX_MM;
use crate::reason::{Code, Numbers, Refusal, Unit};
use crate::words;

/// A level is pressed only where the spine line lies so near to the midline with 95 %, mm.
///
/// Source: design.md, reference bed ("within 12 mm (95 %) of the midline").
pub(crate) const MIDLINE_MM: f64 = 12.0;

/// Standard deviations that hold 95 % of a normal distribution on both sides, and below.
const SD_95: (f64, f64) = (1.960, 1.644);

/// A level whose place along the bed is less sure than this is left out, mm (one SD).
///
/// Guess: half a level; a stroke meant for a level that is less sure meets its neighbour as often.
pub(crate) const LEVEL_SD_MAX_MM: f64 = 15.0;

/// A travelling stroke shorter than this is left out, mm. Guess: half a level.
const PIECE_MIN_MM: f64 = 15.0;

/// Distance kept from the carriage's ends and from the neck line, mm. Guess.
const END_MM: f64 = 1.0;
const NECK_MM: f64 = 5.0;

/// A stretch of the back that is left out.
#[derive(Clone, Debug)]
struct Zone {
    lo: f64,
    hi: f64,
    code: Code,
    levels: Vec<Level>,
}

/// What was taken from a wish, and why.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub code: Code,
    pub levels: Vec<Level>,
    /// Length that was taken, mm; for a site the distance to the nearest place in reach.
    pub mm: f64,
}

/// A stretch that one carriage may travel, headward end first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub carriage: u8,
    pub lo: f64,
    pub hi: f64,
}

/// A place where one carriage may stand, and how far it is from the wished one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub carriage: u8,
    pub x_mm: f64,
    pub d_mm: f64,
}

/// The back on this bed.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub bed: &'a BedConfig,
    levels: Vec<LevelEstimate>,
    zones: Vec<Zone>,
}

impl<'a> Ground<'a> {
    /// Lays out levels and zones.
    ///
    /// # Errors
    /// A refusal where the scan has fewer than two levels in order, or numbers that are none.
    pub fn new(scan: &SpineScan, clearance: &Clearance, bed: &'a BedConfig) -> Result<Self, Box<Refusal>> {
        let levels: Vec<LevelEstimate> = scan.levels.iter().copied().collect();
        let number = |level: &LevelEstimate| {
            let sound = |value: f64| value.is_finite() && value.abs() < 1e5;
            sound(level.x_mm)
                && sound(level.y_mm)
                && [level.sd_x_mm, level.sd_y_mm].into_iter().all(|sd| sound(sd) && sd >= 0.0)
        };
        let ordered = levels.windows(2).all(|pair| pair[0].x_mm < pair[1].x_mm)
            && levels.windows(2).all(|pair| pair[0].level < pair[1].level);
        if levels.len() < 2 || !ordered || !levels.iter().all(number) {
            let found = levels.len() as f64;
            return Err(Box::new(Refusal::new(
                Code::Scan,
                Numbers { limit: 2.0, requested: found, granted: 0.0, unit: Unit::Count },
                words::no_levels(),
            )));
        }
        let mut ground = Self { bed, levels, zones: Vec::new() };
        ground.leave_out_regions(clearance.avoided_regions());
        ground.leave_out_off_midline();
        ground.leave_out_unsure();
        Ok(ground)
    }

    /// The estimate of a level, if the scan found it.
    pub fn level(&self, level: Level) -> Option<&LevelEstimate> {
        self.levels.iter().find(|estimate| estimate.level == level)
    }

    /// All levels found between two, in the order from `first` to `last`.
    pub fn between(&self, first: Level, last: Level) -> Vec<Level> {
        let (head, foot) = (first.min(last), first.max(last));
        let mut found: Vec<Level> =
            self.levels.iter().map(|estimate| estimate.level).filter(|l| (head..=foot).contains(l)).collect();
        if first > last {
            found.reverse();
        }
        found
    }

    /// Half the length over which a roller touches, mm.
    pub fn half_contact_mm(&self) -> f64 {
        f64::from(self.bed.roller.contact_area_mm2) / f64::from(self.bed.roller.width_mm) / 2.0
    }

    /// Headward of here the neck's force holds.
    pub fn neck_mm(&self) -> f64 {
        f64::from(self.bed.neck_line_mm) + NECK_MM
    }

    /// How far from the midline a level's spine line may lie with 95 %, mm, and where it is thought
    /// to lie, mm, left positive; the worst level.
    pub fn farthest_off(&self) -> (f64, f64) {
        let mut worst = (0.0, 0.0);
        for level in &self.levels {
            let off = off_midline_mm(level);
            if off > worst.0 {
                worst = (off, level.y_mm);
            }
        }
        worst
    }

    /// Where a carriage can stand for a site at `level`.
    pub fn place(&self, level: &LevelEstimate) -> Result<Place, Cut> {
        if let Some(zone) = self.zone_at(level.x_mm) {
            return Err(Cut { code: zone.code, levels: vec![level.level], mm: 0.0 });
        }
        let nearest = self
            .travels()
            .map(|(carriage, lo, hi)| {
                let x_mm = level.x_mm.clamp(lo, hi);
                Place { carriage, x_mm, d_mm: (x_mm - level.x_mm).abs() }
            })
            .min_by(|a, b| a.d_mm.total_cmp(&b.d_mm));
        match nearest {
            Some(place) if place.d_mm <= APPROXIMATED_MAX_MM && self.zone_at(place.x_mm).is_none() => {
                Ok(place)
            }
            other => Err(Cut {
                code: Code::OutOfReach,
                levels: vec![level.level],
                mm: other.map_or(f64::from(self.bed.surface_length_mm), |place| place.d_mm),
            }),
        }
    }

    /// What the carriages may travel of the stretch from `lo` to `hi`, and what was taken.
    /// `firm`: the stroke is firmer than the neck allows, so it ends at the neck line.
    pub fn pieces(&self, lo: f64, hi: f64, firm: bool) -> (Vec<Piece>, Vec<Cut>) {
        let neck =
            Zone { lo: f64::NEG_INFINITY, hi: self.neck_mm(), code: Code::NeckLine, levels: Vec::new() };
        let mut free = vec![(lo, hi)];
        let mut cuts = Vec::new();
        for zone in self.zones.iter().chain(firm.then_some(&neck)) {
            let taken = take(&mut free, zone.lo, zone.hi);
            let mm: f64 = taken.iter().map(|(lo, hi)| hi - lo).sum();
            if mm > 0.0 {
                cuts.push(Cut { code: zone.code, levels: zone.levels.clone(), mm });
            }
        }
        let mut pieces = Vec::new();
        for (carriage, from, to) in self.travels() {
            for (lo, hi) in take(&mut free, from, to) {
                if hi - lo >= PIECE_MIN_MM {
                    pieces.push(Piece { carriage, lo, hi });
                }
            }
        }
        // The unused end of a carriage's travel and the gap between two are no loss worth telling.
        let out: f64 = free.iter().map(|(lo, hi)| hi - lo).sum();
        if out > 2.0 * END_MM {
            cuts.push(Cut { code: Code::OutOfReach, levels: Vec::new(), mm: out });
        }
        pieces.sort_by(|a, b| a.lo.total_cmp(&b.lo));
        (pieces, cuts)
    }

    /// Headward and footward ends of each carriage's travel, with a little distance kept.
    fn travels(&self) -> impl Iterator<Item = (u8, f64, f64)> + '_ {
        self.bed.carriages.iter().zip(0_u8..).filter_map(|(carriage, index)| {
            let (lo, hi) = (f64::from(carriage.from_mm) + END_MM, f64::from(carriage.to_mm) - END_MM);
            (lo <= hi).then_some((index, lo, hi))
        })
    }

    fn zone_at(&self, x_mm: f64) -> Option<&Zone> {
        self.zones.iter().find(|zone| x_mm > zone.lo && x_mm < zone.hi)
    }

    /// The stretch of one level: half way to its neighbours.
    fn stretch(&self, index: usize) -> (f64, f64) {
        let x = |index: usize| self.levels[index].x_mm;
        let last = self.levels.len() - 1;
        let above = if index > 0 { x(index) - x(index - 1) } else { x(1) - x(0) };
        let below = if index < last { x(index + 1) - x(index) } else { x(last) - x(last - 1) };
        (x(index) - above / 2.0, x(index) + below / 2.0)
    }

    /// Avoided regions reach half a contact and two standard deviations over their ends.
    fn leave_out_regions(&mut self, avoided: &[Region]) {
        let last = self.levels.len() - 1;
        let margin = |level: &LevelEstimate| self.half_contact_mm() + 2.0 * level.sd_x_mm;
        let mut zones = Vec::new();
        for region in avoided {
            let inside: Vec<usize> = (0..=last)
                .filter(|index| Region::of_level(self.levels[*index].level.name()) == Some(*region))
                .collect();
            let levels = inside.iter().map(|index| self.levels[*index].level).collect();
            let (lo, hi) = match (region, inside.first(), inside.last()) {
                (Region::Neck, ..) => (f64::NEG_INFINITY, self.stretch(0).0 + margin(&self.levels[0])),
                (Region::Sacrum, ..) => (self.stretch(last).1 - margin(&self.levels[last]), f64::INFINITY),
                (_, Some(first), Some(end)) => (
                    self.stretch(*first).0 - margin(&self.levels[*first]),
                    self.stretch(*end).1 + margin(&self.levels[*end]),
                ),
                _ => continue,
            };
            zones.push(Zone { lo, hi, code: Code::ClearanceAvoid, levels });
        }
        self.zones.extend(zones);
    }

    fn leave_out_off_midline(&mut self) {
        self.leave_out(Code::OffMidline, |level| off_midline_mm(level) > MIDLINE_MM);
    }

    fn leave_out_unsure(&mut self) {
        self.leave_out(Code::LevelUncertain, |level| level.sd_x_mm > LEVEL_SD_MAX_MM);
    }

    fn leave_out(&mut self, code: Code, unfit: impl Fn(&LevelEstimate) -> bool) {
        for index in 0..self.levels.len() {
            if unfit(&self.levels[index]) {
                let (lo, hi) = self.stretch(index);
                let levels = vec![self.levels[index].level];
                self.zones.push(Zone { lo, hi, code, levels });
            }
        }
    }

    /// What makes a spine line at `y_mm` (left positive) surely lie beside the rollers' gap, in words that follow
    /// others.
    pub fn way_to_midline(&self, y_mm: f64) -> Words {
        let unsure = |level: &LevelEstimate| SD_95.0 * level.sd_y_mm > MIDLINE_MM;
        if self.bed.lift.coupled && self.levels.iter().all(unsure) {
            words::no_way_to_midline()
        } else {
            words::way_to_midline(y_mm)
        }
    }
}

/// Distance `r` from the midline within which the spine line lies with 95 %, mm: the root of
/// `F((r - |y|) / sd) - F((-r - |y|) / sd) = 0.95` with `F` the normal distribution. Infinite where an
/// estimate is no number.
pub(crate) fn off_midline_mm(level: &LevelEstimate) -> f64 {
    let (aside, sd) = (level.y_mm.abs(), level.sd_y_mm);
    if !(aside.is_finite() && sd.is_finite() && sd >= 0.0) {
        return f64::INFINITY;
    }
    if sd == 0.0 {
        return aside;
    }
    let below = |limit: f64| 0.5 * libm::erfc(-(limit / sd) * core::f64::consts::FRAC_1_SQRT_2);
    // Between the one-sided and the two-sided quantile; forty halvings are exact to the last digits.
    let (mut lo, mut hi) = (aside + SD_95.1 * sd, aside + SD_95.0 * sd);
    for _ in 0..40 {
        let middle = 0.5 * (lo + hi);
        if below(middle - aside) - below(-middle - aside) < 0.95 {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    hi
}

/// Takes what lies between `lo` and `hi` out of the free stretches and returns it.
fn take(free: &mut Vec<(f64, f64)>, lo: f64, hi: f64) -> Vec<(f64, f64)> {
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for (from, to) in free.drain(..) {
        let (inner_lo, inner_hi) = (from.max(lo), to.min(hi));
        if inner_lo >= inner_hi {
            left.push((from, to));
            continue;
        }
        taken.push((inner_lo, inner_hi));
        left.extend([(from, inner_lo), (inner_hi, to)].into_iter().filter(|(a, b)| a < b));
    }
    *free = left;
    taken
}

#[cfg(test)]
mod tests {
    use super::{Level, LevelEstimate, off_midline_mm, take};

    fn aside(y_mm: f64, sd_y_mm: f64) -> f64 {
        let level = Level::L3;
        off_midline_mm(&LevelEstimate {
            level,
            x_mm: 0.0,
            y_mm,
            z_mm: 0.0,
            sd_x_mm: 1.0,
            sd_y_mm,
            sd_z_mm: 1.0,
        })
    }

    #[test]
    fn the_distance_holds_95_per_cent_on_whichever_sides_count() {
        assert!((aside(0.0, 2.0) - 3.92).abs() < 0.01, "both sides count on the midline");
        assert!((aside(10.0, 1.0) - 11.645).abs() < 0.01, "one side counts far beside it");
        assert!((aside(-10.0, 1.0) - aside(10.0, 1.0)).abs() < 1e-12);
        assert!(aside(3.0, f64::NAN).is_infinite());
    }

    #[test]
    fn taking_out_the_middle_leaves_both_ends() {
        let mut free = vec![(0.0, 100.0)];
        assert_eq!(take(&mut free, 40.0, 60.0), vec![(40.0, 60.0)]);
        assert_eq!(free, vec![(0.0, 40.0), (60.0, 100.0)]);
        assert_eq!(take(&mut free, 30.0, 70.0), vec![(30.0, 40.0), (60.0, 70.0)]);
        assert_eq!(free, vec![(0.0, 30.0), (70.0, 100.0)]);
        assert!(take(&mut free, 200.0, 300.0).is_empty());
    }
}
