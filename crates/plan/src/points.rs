//! The field's points beside the spine, named by level, and how near the rollers come to them.
//!
//! The inner bladder line runs 1.5 cun, the outer 3 cun from the midline; a cun is a 75th part of the
//! stature. A point lies at its level's body centre along the bed: the few millimetres between body
//! centre and the lower edge of the spinous process are below what a scan can tell.

use bed::{BedConfig, Level, Side};
use serde::{Deserialize, Serialize};

/// A named point of the field.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Standard name, such as `BL23`.
    pub name: &'static str,
    /// The level at which it lies.
    pub level: Level,
    /// Distance from the midline, cun; zero on the midline itself.
    pub lateral_cun: f64,
}

/// How near the rollers come to a point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// A roller touches it.
    Reachable,
    /// A roller comes as near as this, mm.
    Approximated {
        /// Distance from the point to the nearest place that a roller touches.
        d_mm: f64,
    },
    /// No roller comes near.
    NotReachable,
}

/// Farther than this a point is not reachable, mm.
///
/// Source: half a level, the line of gross error (science.md, anchors: level pitch 26-31 mm).
pub(crate) const APPROXIMATED_MAX_MM: f64 = 13.0;

/// Cun in one stature.
///
/// Source: proportional measurement of the body, stature 75 cun (WHO Standard Acupuncture Point
/// Locations in the Western Pacific Region, 2008; recall).
const CUN_IN_STATURE: f64 = 75.0;

/// The points that this crate knows. Source: WHO 2008 as above (names and levels; recall).
const POINTS: [Point; 33] = {
    const fn at(name: &'static str, level: Level, lateral_cun: f64) -> Point {
        Point { name, level, lateral_cun }
    }
    [
        at("BL11", Level::T1, 1.5),
        at("BL12", Level::T2, 1.5),
        at("BL13", Level::T3, 1.5),
        at("BL14", Level::T4, 1.5),
        at("BL15", Level::T5, 1.5),
        at("BL16", Level::T6, 1.5),
        at("BL17", Level::T7, 1.5),
        at("EX-B3", Level::T8, 1.5),
        at("BL18", Level::T9, 1.5),
        at("BL19", Level::T10, 1.5),
        at("BL20", Level::T11, 1.5),
        at("BL21", Level::T12, 1.5),
        at("BL22", Level::L1, 1.5),
        at("BL23", Level::L2, 1.5),
        at("BL24", Level::L3, 1.5),
        at("BL25", Level::L4, 1.5),
        at("BL26", Level::L5, 1.5),
        at("BL41", Level::T2, 3.0),
        at("BL42", Level::T3, 3.0),
        at("BL43", Level::T4, 3.0),
        at("BL44", Level::T5, 3.0),
        at("BL45", Level::T6, 3.0),
        at("BL46", Level::T7, 3.0),
        at("BL47", Level::T9, 3.0),
        at("BL48", Level::T10, 3.0),
        at("BL49", Level::T11, 3.0),
        at("BL50", Level::T12, 3.0),
        at("BL51", Level::L1, 3.0),
        at("BL52", Level::L2, 3.0),
        at("GV3", Level::L4, 0.0),
        at("GV4", Level::L2, 0.0),
        at("GV9", Level::T7, 0.0),
        at("GV12", Level::T3, 0.0),
    ]
};

/// All points that a program may name: the inner and the outer bladder line and some on the midline.
#[must_use]
pub fn points() -> &'static [Point] {
    &POINTS
}

impl Point {
    /// The point of this name; `None` for any other text.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        POINTS.iter().copied().find(|point| point.name == name)
    }

    /// The inner bladder line's point at a level; `None` at the levels of numeric variants.
    #[must_use]
    pub fn inner_at(level: Level) -> Option<Self> {
        POINTS.iter().copied().find(|point| point.level == level && point.lateral_cun > 1.0)
    }

    /// Distance from the midline for a person of this stature, mm.
    ///
    /// ```
    /// let point = plan::Point::named("BL23").expect("a point of the inner line");
    /// assert_eq!(point.lateral_mm(1750.0), 35.0);
    /// ```
    #[must_use]
    pub fn lateral_mm(&self, stature_mm: f64) -> f64 {
        self.lateral_cun * stature_mm / CUN_IN_STATURE
    }

    /// How far the nearest roller stays from the point sideways, mm: zero where it touches it.
    pub(crate) fn sideways_mm(&self, side: Side, spine_y_mm: f64, stature_mm: f64, bed: &BedConfig) -> f64 {
        let lateral = self.lateral_mm(stature_mm);
        // Distance from the bed's midline, counted towards the point's own side.
        let out = match side {
            Side::Left => spine_y_mm + lateral,
            Side::Right => lateral - spine_y_mm,
        };
        let inner = f64::from(bed.roller.inner_edge_mm);
        let outer = inner + f64::from(bed.roller.width_mm);
        (inner - out).max(out - outer).max(0.0)
    }
}

impl Reach {
    /// The reach of a point from which the nearest roller stays `d_mm` away.
    #[must_use]
    pub fn of_distance(d_mm: f64) -> Self {
        // Below the width of a reading nothing is approximated.
        if d_mm <= 0.05 {
            Self::Reachable
        } else if d_mm <= APPROXIMATED_MAX_MM {
            Self::Approximated { d_mm }
        } else {
            Self::NotReachable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_regular_level_has_its_point_on_the_inner_line() {
        for level in Level::REGULAR {
            assert_eq!(Point::inner_at(level).map(|point| point.level), Some(level));
        }
        assert_eq!(Point::inner_at(Level::L6), None);
        assert_eq!(Point::named("BL25").map(|point| point.level), Some(Level::L4));
    }

    #[test]
    fn names_are_given_once() {
        for (index, point) in POINTS.iter().enumerate() {
            assert!(POINTS[..index].iter().all(|other| other.name != point.name), "{}", point.name);
        }
    }

    #[test]
    fn reach_falls_from_touched_over_near_to_out_of_reach() {
        assert_eq!(Reach::of_distance(0.0), Reach::Reachable);
        assert_eq!(Reach::of_distance(5.0), Reach::Approximated { d_mm: 5.0 });
        assert_eq!(Reach::of_distance(13.1), Reach::NotReachable);
        assert_eq!(Reach::of_distance(f64::NAN), Reach::NotReachable);
    }
}
