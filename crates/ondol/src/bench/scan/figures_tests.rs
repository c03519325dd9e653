use super::*;
use bed::spine::measure;
use bed::{LevelEstimate, Tension};

/// A straight regular spine with 20 mm gaps in the chest and 30 mm in the loin.
fn truth() -> Truth {
    let mut x = 100.0;
    let centres: Vec<(Level, [f64; 3])> = Level::REGULAR
        .into_iter()
        .map(|level| {
            let centre = [x, 0.0, 60.0];
            x += if level.is_thoracic() { 20.0 } else { 30.0 };
            (level, centre)
        })
        .collect();
    let measures = measure(&centres).expect("a regular chain");
    let tension = vec![TrueTension { level: Level::L4, side: Side::Left, ratio: 1.5 }];
    let l4 = centres[15].1[0];
    let tense = vec![TensePlace { x_mm: l4 - 10.0, side: Side::Left, half_length_mm: 20.0 }];
    Truth { centres, measures, tension, tense }
}

/// An answer that is off by `shift` mm along the bed and says 5 mm for every SD.
fn answer(shift: f64) -> SpineScan {
    let truth = truth();
    let mut scan = SpineScan {
        levels: Default::default(),
        length_t1_l5_mm: Interval::normal(truth.measures.length_t1_l5_mm, 5.0),
        kyphosis_deg: Interval::normal(1.0, 2.0),
        lordosis_deg: Interval::normal(-3.0, 1.0),
        lateral_deviation_mm: Interval::normal(0.0, 1.0),
        tension: Default::default(),
    };
    for (level, [x_mm, y_mm, z_mm]) in truth.centres {
        let x_mm = x_mm + shift;
        let estimate = LevelEstimate { level, x_mm, y_mm, z_mm, sd_x_mm: 5.0, sd_y_mm: 5.0, sd_z_mm: 5.0 };
        scan.levels.push(estimate).expect("room for a regular chain");
    }
    let tense = Tension { level: Level::L4, side: Side::Left, ratio: 1.4, lo90: 1.1, hi90: 1.7, tense: true };
    scan.tension.push(tense).expect("room for a site");
    scan
}

#[test]
fn a_quantile_lies_straight_between_its_neighbours() {
    assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
    assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
    assert_eq!(quantile(&[], 0.5), None);
}

#[test]
fn a_level_is_right_within_half_the_gap_on_the_side_of_its_error() {
    let centres = truth().centres;
    let t12 = 11;
    // 20 mm to T11, 20 mm to L1; L1 has 20 mm headward and 30 mm footward.
    assert!((slip(&centres, t12, centres[t12].1[0] + 10.0) - 0.5).abs() < 1e-12);
    let l1 = 12;
    assert!(slip(&centres, l1, centres[l1].1[0] + 12.0).abs() < 0.5);
    assert!(slip(&centres, l1, centres[l1].1[0] - 12.0).abs() > 0.5);
}

#[test]
fn an_end_level_is_measured_by_its_one_gap() {
    let centres = truth().centres;
    assert!((slip(&centres, 0, centres[0].1[0] - 5.0) + 0.25).abs() < 1e-12);
    assert!((slip(&centres, 16, centres[16].1[0] + 15.0) - 0.5).abs() < 1e-12);
}

#[test]
fn refused_scans_count_as_wrong_levels_and_leave_the_errors_alone() {
    let (truth, scan) = (truth(), answer(0.0));
    let figures = Figures::of([(Some(&scan), &truth), (None, &truth)].into_iter());
    assert_eq!((figures.answers, figures.refused), (1, 1));
    assert_eq!(figures.level_right_pct, Some(50.0));
    assert_eq!(figures.length_median_pct, Some(0.0));
    assert_eq!(figures.kyphosis_bias_deg, Some(1.0));
    assert_eq!(figures.lordosis_rmse_deg, Some(3.0));
}

#[test]
fn a_chain_that_slipped_by_a_level_is_counted_apart() {
    let (truth, off, on) = (truth(), answer(18.0), answer(1.0));
    let figures = Figures::of([(Some(&off), &truth), (Some(&on), &truth)].into_iter());
    assert_eq!(figures.slipped_pct, Some(50.0));
    assert_eq!(figures.level_right_unslipped_pct, Some(100.0));
    assert!((figures.x_bias_mm.expect("two answers") - 9.5).abs() < 1e-9);
}

#[test]
fn coverage_counts_every_interval_once() {
    let (truth, scan) = (truth(), answer(9.0));
    // Of 4 + 51 intervals, lordosis misses by 3 SD and the 17 places along the bed by 1.8 SD.
    let (held, count) = all(&intervals(&scan, &truth));
    assert_eq!((held, count), (55 - 18, 55));
}

#[test]
fn a_miss_costs_twenty_times_its_distance() {
    let mut by = Intervals::default();
    by.add(Interval { value: 0.0, lo90: -1.0, hi90: 1.0 }, 1.5);
    assert!((by.winkler - 12.0).abs() < 1e-12);
}

#[test]
fn tense_sites_are_found_or_missed_and_refused_ones_are_missed() {
    let (truth, scan) = (truth(), answer(0.0));
    let figures = TensionFigures::of([(Some(&scan), &truth), (None, &truth)].into_iter());
    assert_eq!((figures.places, figures.sites), (2, 1));
    assert_eq!(figures.places_found_pct, Some(50.0));
    assert_eq!(figures.coverage90_pct, Some(100.0));
    assert_eq!(figures.false_alarm_scans_pct, Some(0.0));
}

#[test]
fn the_bootstrap_spreads_as_people_do() {
    let alike = vec![(9, 10); 40];
    assert_eq!(bootstrap_pct(&alike, 1), Some((90.0, 90.0)));
    let unlike: Vec<(usize, usize)> = (0..40).map(|person| (10 * (person % 2), 10)).collect();
    let (low, high) = bootstrap_pct(&unlike, 1).expect("forty people");
    assert!(low > 30.0 && low < 45.0 && high > 55.0 && high < 70.0, "{low} {high}");
    assert_eq!(bootstrap_pct(&[], 1), None);
}
