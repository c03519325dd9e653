use bed::{HeatDose, Interval, Level, LevelEstimate, Side, SpineScan};
use counts::{Micrometres, MilliCem43};
use proptest::prelude::*;

use super::PersonDose;

/// A regular spine from T1, with places in mm and their standard deviation.
fn scan(first_mm: f64, gap_mm: f64, sd_mm: f64) -> SpineScan {
    let nothing = Interval::normal(0.0, 1.0);
    let level = |(index, level): (usize, Level)| LevelEstimate {
        level,
        x_mm: first_mm + gap_mm * index as f64,
        y_mm: 0.0,
        z_mm: 0.0,
        sd_x_mm: sd_mm,
        sd_y_mm: 3.0,
        sd_z_mm: 3.0,
    };
    SpineScan {
        levels: Level::REGULAR.into_iter().enumerate().map(level).collect(),
        length_t1_l5_mm: nothing,
        kyphosis_deg: nothing,
        lordosis_deg: nothing,
        lateral_deviation_mm: nothing,
        tension: heapless::Vec::new(),
    }
}

fn dose(left: &[u32], right: &[u32], mats: &[u32]) -> HeatDose {
    let counts = |raw: &[u32]| raw.iter().map(|raw| MilliCem43::new(*raw)).collect();
    let mats = mats.iter().map(|raw| MilliCem43::new(*raw)).collect();
    HeatDose {
        session: 1,
        origin: Micrometres::new(350_000),
        pitch: Micrometres::new(10_000),
        left: counts(left),
        right: counts(right),
        mats,
    }
}

#[test]
fn one_warm_strip_of_the_bed_warms_the_levels_within_two_sd_and_no_others() {
    let mut left = [0; 100];
    left[45] = 9_000; // 800 to 810 mm: T1 lies at 500 mm, T12 at 775, L1 at 800, L2 at 825.
    let person = PersonDose::of(&dose(&left, &[0; 100], &[0]), &[&scan(500.0, 25.0, 5.0)]);
    let warm: Vec<_> = Level::ALL.iter().filter(|level| person.at(**level, Side::Left).raw() > 0).collect();
    // T13 was not found: it may lie anywhere from T12 to L1. L2 begins at 812.5 - 10 mm.
    assert_eq!(warm, [&Level::T13, &Level::L1, &Level::L2]);
    assert!(Level::ALL.iter().all(|level| person.at(*level, Side::Right) == MilliCem43::ZERO));
    assert_eq!(person.most(), MilliCem43::new(9_000));
}

#[test]
fn what_cannot_be_placed_counts_everywhere() {
    let mut right = [0; 100];
    right[3] = 7_000;
    let said = dose(&[0; 100], &right, &[0]);
    let mut odd = scan(500.0, 25.0, 5.0);
    odd.levels[4].x_mm = f64::NAN;
    let mut slipped = scan(500.0, 25.0, 5.0);
    slipped.levels.swap(2, 3);
    let all = PersonDose::everywhere(MilliCem43::new(7_000));
    for scans in [vec![], vec![&odd], vec![&slipped]] {
        assert_eq!(PersonDose::of(&said, &scans), all);
    }
    let nothing = HeatDose::default();
    assert_eq!(PersonDose::of(&nothing, &[]), PersonDose::unknown(), "a bed without strips knows nothing");
}

#[test]
fn two_sessions_add_up_strip_by_strip_and_not_by_their_hottest() {
    let (mut one, mut two) = (PersonDose::NONE, PersonDose::NONE);
    one.set(Level::L4, Side::Left, MilliCem43::new(20_000));
    two.set(Level::L4, Side::Right, MilliCem43::new(15_000));
    two.set(Level::T6, Side::Left, MilliCem43::new(25_000));
    assert_eq!(one.plus(&two).most(), MilliCem43::new(25_000));
    assert_eq!(super::milli(0.000_1), MilliCem43::new(1));
    assert_eq!(super::milli(f64::NAN), MilliCem43::new(60_000));
}

proptest! {
    #[test]
    fn no_strip_of_the_person_is_cooler_than_any_strip_of_the_bed_that_it_covers(
        left in prop::collection::vec(0..40_000_u32, 100),
        right in prop::collection::vec(0..40_000_u32, 100),
        (first, gap, sd) in (300.0..700.0, 15.0..40.0, 0.0..30.0),
        mat in 0..40_000_u32,
    ) {
        let (said, found) = (dose(&left, &right, &[mat]), scan(first, gap, sd));
        let person = PersonDose::of(&said, &[&found]);
        prop_assert_eq!(person.most(), said.most(), "no strip is lost, and none is made hotter");
        prop_assert_eq!(person.mats(), MilliCem43::new(mat));
        for own in &found.levels {
            for (strip, (left, right)) in left.iter().zip(&right).enumerate() {
                let from = 350.0 + 10.0 * strip as f64;
                let near = from <= own.x_mm + 2.0 * sd && from + 10.0 >= own.x_mm - 2.0 * sd;
                if near {
                    prop_assert!(person.at(own.level, Side::Left).raw() >= *left);
                    prop_assert!(person.at(own.level, Side::Right).raw() >= *right);
                }
            }
        }
        let both = PersonDose::of(&said, &[&found, &scan(first + 12.0, gap, sd)]);
        prop_assert_eq!(both.max(&person), both, "a second scan takes nothing away");
        prop_assert_eq!(PersonDose::of(&said, &[]).max(&both), PersonDose::of(&said, &[]));
    }

    #[test]
    fn a_mirrored_bed_is_a_mirrored_person(
        left in prop::collection::vec(0..40_000_u32, 100),
        right in prop::collection::vec(0..40_000_u32, 100),
    ) {
        let found = scan(480.0, 27.0, 6.0);
        let person = PersonDose::of(&dose(&left, &right, &[0]), &[&found]);
        let mirrored = PersonDose::of(&dose(&right, &left, &[0]), &[&found]);
        for level in Level::ALL {
            prop_assert_eq!(person.at(*level, Side::Left), mirrored.at(*level, Side::Right));
            prop_assert_eq!(person.at(*level, Side::Right), mirrored.at(*level, Side::Left));
        }
    }
}
