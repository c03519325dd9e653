//! The estimator against backs of the tests' own making: another law of indentation, another outline.

mod person;

use bed::spine::measure;
use bed::{BedConfig, Interval, Level, SpineScan};
use counts::{DeciNewtons, HeadReadings, Instant, Micrometres, Readings, Sample};
use person::{Pass, Person, reference_bed, scan};
use population::ShapeModel;
use scan::{End, Estimator, Mode, Refusal};

fn estimator(person: &Person, mode: Mode) -> Estimator {
    Estimator::new(&ShapeModel::all().given(&person.about), &person.about, &reference_bed(), mode)
}

fn found(person: &Person, pass: Pass, mode: Mode) -> Result<SpineScan, Refusal> {
    let mut estimator = estimator(person, mode);
    scan(person, pass, 3, |now, readings| estimator.add(now, readings));
    estimator.finish()
}

/// Somebody whose levels are counted surely, four millimetres to the left.
fn somebody() -> Person {
    let mut person = Person::draw(14);
    for centre in &mut person.centres {
        centre[1] = 4.0;
    }
    person
}

fn truth(person: &Person) -> [f64; 4] {
    let chain: Vec<(Level, [f64; 3])> = Level::REGULAR.into_iter().zip(person.centres).collect();
    let truth = measure(&chain).expect("a whole spine");
    [truth.length_t1_l5_mm, truth.kyphosis_deg, truth.lordosis_deg, truth.lateral_deviation_mm]
}

fn intervals(scan: &SpineScan) -> [Interval; 4] {
    [scan.length_t1_l5_mm, scan.kyphosis_deg, scan.lordosis_deg, scan.lateral_deviation_mm]
}

/// Root mean square errors of the four measures, and the share of intervals that hold.
fn score(people: std::ops::Range<u64>, mode: Mode) -> ([f64; 4], f64) {
    let (mut squares, mut held, mut count) = ([0.0; 4], 0.0, 0.0);
    for seed in people {
        let person = Person::draw(seed);
        let Ok(scan) = found(&person, Pass::default(), mode) else { continue };
        count += 1.0;
        for (which, (interval, truth)) in intervals(&scan).into_iter().zip(truth(&person)).enumerate() {
            squares[which] += (interval.value - truth).powi(2);
            held += if interval.holds(truth) { 0.25 } else { 0.0 };
        }
    }
    (squares.map(|square| f64::sqrt(square / count)), held / count)
}

#[test]
fn belief_alone_holds_the_truth_nine_times_in_ten() {
    let (_, held) = score(0..120, Mode::NoReadings);
    assert!((0.82..0.98).contains(&held), "{held}");
}

#[test]
fn a_scan_finds_the_curve_better_than_belief_alone() {
    let (believed, _) = score(0..12, Mode::NoReadings);
    let (scanned, held) = score(0..12, Mode::Full);
    assert!(scanned[1] < 0.75 * believed[1], "kyphosis {scanned:?} {believed:?}");
    assert!(scanned[3] < believed[3], "sideways {scanned:?} {believed:?}");
    assert!(held > 0.6, "{held}");
}

#[test]
fn mirroring_the_person_mirrors_the_answer() {
    let person = somebody();
    let left = found(&person, Pass::default(), Mode::Full).expect("an answer");
    let right = found(&person.mirrored(), Pass::default(), Mode::Full).expect("an answer");
    for (a, b) in left.levels.iter().zip(&right.levels) {
        assert!((a.x_mm - b.x_mm).abs() < 3.0, "{a:?} {b:?}");
        assert!((a.y_mm + b.y_mm).abs() < 3.0, "{a:?} {b:?}");
    }
    assert!(left.levels[8].y_mm > right.levels[8].y_mm);
}

#[test]
fn a_person_thirteen_millimetres_on_is_found_footward() {
    let person = somebody();
    let here = found(&person, Pass::default(), Mode::Full).expect("an answer");
    let there = found(&person.shifted([13.0, 0.0, 0.0]), Pass::default(), Mode::Full).expect("an answer");
    let mean = |scan: &SpineScan| scan.levels.iter().map(|level| level.x_mm).sum::<f64>() / 17.0;
    let moved = mean(&there) - mean(&here);
    assert!((11.0..15.0).contains(&moved), "{moved}");
}

#[test]
fn sampling_finer_changes_little() {
    let person = somebody();
    let coarse = found(&person, Pass { cycle_us: 4000, ..Pass::default() }, Mode::Full).expect("an answer");
    let fine = found(&person, Pass { cycle_us: 1000, ..Pass::default() }, Mode::Full).expect("an answer");
    for (a, b) in coarse.levels.iter().zip(&fine.levels) {
        assert!((a.x_mm - b.x_mm).abs() < 4.0 && (a.z_mm - b.z_mm).abs() < 3.0, "{a:?} {b:?}");
    }
}

#[test]
fn the_same_readings_give_the_same_answer() {
    let person = Person::draw(2);
    let once = found(&person, Pass::default(), Mode::Full).expect("an answer");
    assert_eq!(once, found(&person, Pass::default(), Mode::Full).expect("an answer"));
}

#[test]
fn a_stiff_site_reads_tenser_than_the_same_site_relaxed() {
    let mut person = somebody();
    let relaxed = found(&person, Pass::default(), Mode::Full).expect("an answer");
    for level in 8..11 {
        person.tension[level][0] *= 1.8;
    }
    let tense = found(&person, Pass::default(), Mode::Full).expect("an answer");
    let at = |scan: &SpineScan, site: usize| scan.tension[site].ratio;
    assert_eq!(tense.tension.len(), 34);
    assert!(at(&tense, 18) > 1.1 * at(&relaxed, 18), "{} {}", at(&tense, 18), at(&relaxed, 18));
    assert!(at(&tense, 18) > at(&tense, 19));
}

#[test]
fn without_load_cells_tension_is_left_open() {
    let person = somebody();
    let mut bed = reference_bed();
    bed.load_cell = None;
    let mut estimator =
        Estimator::new(&ShapeModel::all().given(&person.about), &person.about, &bed, Mode::Full);
    scan(&person, Pass::default(), 3, |now, readings| estimator.add(now, readings));
    assert!(estimator.finish().is_ok_and(|scan| scan.tension.is_empty() && scan.levels.len() == 17));
}

#[test]
fn one_lift_for_both_heads_is_told_by_the_weight_on_which_side_the_person_lies() {
    let mut bed = reference_bed();
    bed.load_cell = None;
    bed.lift.coupled = true;
    let person = Person { weight_aside_mm: 0.0, ..somebody() };
    let found = |person: &Person, weighed: bool| {
        let mut estimator =
            Estimator::new(&ShapeModel::all().given(&person.about), &person.about, &bed, Mode::Full);
        scan(person, Pass { weighed, ..Pass::default() }, 3, |now, readings| estimator.add(now, readings));
        let answer = estimator.finish().expect("an answer");
        let mean = answer.levels.iter().map(|level| level.y_mm).sum::<f64>() / 17.0;
        let sd = answer.levels.iter().map(|level| level.sd_y_mm).sum::<f64>() / 17.0;
        (mean, sd)
    };
    let (here, sure) = found(&person, true);
    let (left, _) = found(&person.shifted([0.0, 10.0, 0.0]), true);
    let (blind, unsure) = found(&person.shifted([0.0, 10.0, 0.0]), false);
    // Half of the way: people's weight lies beside them by nearly as much as they lie beside the mark.
    assert!((3.0..8.0).contains(&(left - here)), "{here} {left}");
    assert!(blind.abs() < 1.0, "{blind}");
    assert!(sure < 0.95 * unsure, "{sure} {unsure}");
}

#[test]
fn without_load_cells_a_pass_that_misses_the_neck_is_answered_by_belief_there() {
    let mut bed = reference_bed();
    let person = somebody();
    let short = Pass { from_mm: person.centres[0][0] + 40.0, ..Pass::default() };
    let finish = |bed: &BedConfig| {
        let mut estimator =
            Estimator::new(&ShapeModel::all().given(&person.about), &person.about, bed, Mode::Full);
        scan(&person, short, 3, |now, readings| estimator.add(now, readings));
        estimator.finish()
    };
    assert!(matches!(finish(&bed), Err(Refusal::TooShort { .. })), "a bed with load cells feels the neck");
    bed.load_cell = None;
    let answer = finish(&bed).expect("an answer");
    let t1 = &answer.levels[0];
    assert!((t1.x_mm - person.centres[0][0]).abs() < 2.0 * t1.sd_x_mm && t1.sd_x_mm > 6.0, "{t1:?}");
}

#[test]
fn the_answer_grows_while_the_carriage_moves() {
    let person = somebody();
    let mut estimator = estimator(&person, Mode::Full);
    assert_eq!(estimator.estimate(), None);
    let (mut cycle, mut widths, mut reached) = (0, Vec::new(), 0.0);
    scan(&person, Pass::default(), 3, |now, readings| {
        estimator.add(now, readings);
        cycle += 1;
        if cycle % 1000 == 0
            && let Some(estimate) = estimator.estimate()
        {
            let kyphosis = estimate.scan.kyphosis_deg;
            widths.push(kyphosis.hi90 - kyphosis.lo90);
            reached = estimate.seen_mm.map_or(0.0, |(_, to)| to);
        }
    });
    assert!(widths.len() > 8 && reached > 1050.0);
    assert!(widths[widths.len() - 1] < 0.8 * widths[0], "{widths:?}");
}

#[test]
fn an_empty_bed_is_refused() {
    let person = Person { weight_n: 12.0, ..somebody() };
    let refusal = found(&person, Pass::default(), Mode::Full).expect_err("nobody");
    assert!(matches!(refusal, Refusal::NobodyThere { weight_n: Some(weight), .. } if weight < 20.0));
    let untouched = estimator(&person, Mode::Full).finish();
    assert!(matches!(untouched, Err(Refusal::NobodyThere { weight_n: None, touched_mm: 0.0 })));
}

#[test]
fn who_slides_between_out_and_back_is_refused() {
    let slid = found(&somebody(), Pass { slip_mm: 40.0, ..Pass::default() }, Mode::Full);
    assert!(matches!(slid, Err(Refusal::Moved { .. } | Refusal::PoorFit { .. })), "{slid:?}");
}

#[test]
fn who_lies_far_to_the_side_is_shown_where_to_move() {
    let refusal = found(&somebody().shifted([0.0, 40.0, 0.0]), Pass::default(), Mode::Full);
    let refusal = refusal.expect_err("off centre");
    assert!(matches!(refusal, Refusal::OffCentre { aside_mm } if aside_mm > 15.0), "{refusal}");
    assert!(refusal.to_string().contains("to your right"), "{refusal}");
}

#[test]
fn a_short_pass_is_refused() {
    let footless = found(&somebody(), Pass { to_mm: 800.0, ..Pass::default() }, Mode::Full);
    assert!(matches!(footless, Err(Refusal::TooShort { end: End::Sacrum, .. })), "{footless:?}");
    let headless = found(&somebody(), Pass { from_mm: 680.0, ..Pass::default() }, Mode::Full);
    assert!(matches!(headless, Err(Refusal::TooShort { end: End::Neck, .. })), "{headless:?}");
}

#[test]
fn a_scan_with_holes_is_refused() {
    let person = somebody();
    let mut estimator = estimator(&person, Mode::Full);
    scan(&person, Pass::default(), 3, |now, readings| {
        let mut readings = *readings;
        let x = readings.carriages[0].position.map_or(0, |position| position.value.raw());
        if (600_000..800_000).contains(&x) {
            for head in &mut readings.heads {
                head.force = Some(Sample { value: DeciNewtons::ZERO, taken: now });
            }
        }
        estimator.add(now, &readings);
    });
    assert!(matches!(estimator.finish(), Err(Refusal::ContactLost { share }) if share < 0.8));
}

#[test]
fn garbage_never_panics_and_never_passes_for_numbers() {
    let person = somebody();
    let mut noise = 12345_u64;
    let mut next = move || {
        noise = noise.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (noise >> 33) as i32
    };
    for round in 0..4 {
        let mut estimator = estimator(&person, Mode::Full);
        for cycle in 0..6000_u64 {
            let now = Instant::from_micros(cycle * 2000);
            let mut readings = Readings::default();
            let length = |raw: i32| Some(Sample { value: Micrometres::new(raw), taken: now });
            let along = 400_000 + (cycle as i32) * 120;
            readings.carriages[0].position = length(if round % 2 == 0 { along } else { next() });
            for head in &mut readings.heads {
                let force = DeciNewtons::new((next() % 2000) as i16);
                *head = HeadReadings {
                    height: length(if round < 2 { next() % 100_000 } else { next() }),
                    force: Some(Sample { value: force, taken: now }),
                    ..HeadReadings::default()
                };
            }
            estimator.add(now, &readings);
            if cycle % 2000 == 1999
                && let Some(estimate) = estimator.estimate()
            {
                assert!(intervals(&estimate.scan).iter().all(|interval| interval.value.is_finite()));
            }
        }
        if let Ok(scan) = estimator.finish() {
            assert!(intervals(&scan).iter().all(|interval| interval.value.is_finite()));
            assert!(scan.levels.iter().all(|level| level.x_mm.is_finite() && level.sd_x_mm > 0.0));
        }
    }
}
