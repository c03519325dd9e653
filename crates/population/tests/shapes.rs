//! The shape model says what is known of real spines, and takes knowledge of a person in.

use population::{
    About, Basics, FOLDS, LATERAL, PARAMS, Sex, Shape, ShapeModel, fold_of, length_given_stature,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    (mean, (square / (n - 1.0)).sqrt())
}

fn draws(model: &ShapeModel, n: usize, of: impl Fn(&Shape) -> f64) -> (f64, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let values: Vec<f64> = (0..n).map(|_| of(&model.draw(&mut rng))).collect();
    mean_sd(&values)
}

#[test]
fn drawn_spines_have_the_length_and_the_bends_of_real_ones() {
    let model = ShapeModel::all();
    // Complete CT spines (data README): length quartiles 414 and 469 mm, kyphosis about 38 degrees,
    // lordosis about 23 degrees by tangents, sideways 3.4 to 15.8 mm.
    let (length, spread) = draws(&model, 2000, Shape::length_mm);
    assert!((430.0..455.0).contains(&length), "{length}");
    assert!((20.0..35.0).contains(&spread), "{spread}");
    let (kyphosis, spread) = draws(&model, 2000, Shape::kyphosis_deg);
    assert!((25.0..45.0).contains(&kyphosis), "{kyphosis}");
    assert!((5.0..16.0).contains(&spread), "{spread}");
    let (lordosis, spread) = draws(&model, 2000, Shape::lordosis_deg);
    assert!((10.0..32.0).contains(&lordosis), "{lordosis}");
    assert!((5.0..16.0).contains(&spread), "{spread}");
    let (sideways, _) = draws(&model, 2000, |shape| shape.sideways_mm().abs());
    assert!((4.0..12.0).contains(&sideways), "{sideways}");
}

#[test]
fn no_side_is_preferred() {
    let model = ShapeModel::all();
    for i in LATERAL..PARAMS {
        assert!(model.mean()[i].abs() < 1e-12);
        for j in 0..LATERAL {
            assert!(model.covariance()[(i, j)].abs() < 1e-12);
        }
    }
}

#[test]
fn a_draw_repeats_from_its_seed() {
    let model = ShapeModel::all();
    let one = model.draw(&mut ChaCha8Rng::seed_from_u64(1));
    let two = model.draw(&mut ChaCha8Rng::seed_from_u64(1));
    let other = model.draw(&mut ChaCha8Rng::seed_from_u64(2));
    assert_eq!(one, two);
    assert_ne!(one, other);
}

#[test]
fn covariances_are_symmetric_and_their_factors_give_them_back() {
    let model = ShapeModel::all();
    let (covariance, factor) = (model.covariance(), model.factor());
    let again = factor * factor.transpose();
    for i in 0..PARAMS {
        for j in 0..PARAMS {
            assert!((covariance[(i, j)] - covariance[(j, i)]).abs() < 1e-15);
            let scale = (covariance[(i, i)] * covariance[(j, j)]).sqrt();
            assert!((covariance[(i, j)] - again[(i, j)]).abs() < 1e-5 * scale, "{i} {j}");
        }
    }
}

#[test]
fn a_scan_gets_the_model_that_left_its_subject_out() {
    let fold = fold_of("2uSSFynFOSIB").expect("a scan of the fit");
    assert!(fold < FOLDS);
    let without = ShapeModel::excluding("2uSSFynFOSIB");
    let all = ShapeModel::all();
    assert_ne!(without.mean(), all.mean());
    assert!(without.fitted_on().0 < all.fitted_on().0);
    assert_eq!(fold_of("never seen"), None);
    assert_eq!(ShapeModel::excluding("never seen").mean(), all.mean());
}

#[test]
fn every_fold_leaves_out_about_a_tenth() {
    let everybody = ShapeModel::all().fitted_on().0;
    let mut seen = [false; FOLDS];
    let mut left_out = 0.0;
    for line in include_str!("../../../population/shape/folds.csv").lines().skip(1) {
        let (id, fold) = line.split_once(',').expect("two columns");
        let fold: usize = fold.parse().expect("a fold");
        if !seen[fold] {
            seen[fold] = true;
            let share = 1.0 - ShapeModel::excluding(id).fitted_on().0 / everybody;
            assert!((0.05..0.15).contains(&share), "fold {fold} leaves out {share}");
            left_out += share;
        }
    }
    assert!(seen.iter().all(|s| *s));
    assert!((left_out - 1.0).abs() < 1e-4, "{left_out}");
}

#[test]
fn known_stature_sets_the_length_and_its_spread() {
    let model = ShapeModel::all();
    for (sex, stature) in [(Sex::Female, 1520.0), (Sex::Male, 1770.0), (Sex::Male, 1950.0)] {
        let about = About { sex: Some(sex), stature_mm: Some(stature), ..About::default() };
        let (mean, sd) = length_given_stature(sex, stature);
        let (drawn, spread) = draws(&model.given(&about), 4000, Shape::length_mm);
        assert!((drawn - mean).abs() < 1.5, "{drawn} {mean}");
        assert!((spread / sd - 1.0).abs() < 0.06, "{spread} {sd}");
        assert!(sd >= 15.0);
    }
}

#[test]
fn knowledge_narrows_and_ignorance_changes_nothing() {
    let model = ShapeModel::all();
    let nothing = model.given(&About { mass_kg: Some(80.0), age_years: Some(40.0), ..About::default() });
    assert_eq!(nothing.mean(), model.mean());
    let sex = model.given(&About { sex: Some(Sex::Male), ..About::default() });
    let stature = model.given(&About { stature_mm: Some(1760.0), ..About::default() });
    let both = model.given(&About { sex: Some(Sex::Male), stature_mm: Some(1760.0), ..About::default() });
    assert!(both.length_mm().1 < stature.length_mm().1 + 0.01);
    assert!(both.length_mm().1 < sex.length_mm().1);
    assert!(sex.length_mm().1 < model.length_mm().1);
    let odd = model.given(&About { stature_mm: Some(f64::NAN), ..About::default() });
    assert_eq!(odd.mean(), model.mean());
}

#[test]
fn a_longer_spine_is_longer_everywhere_and_bends_alike() {
    let model = ShapeModel::all();
    let (short, long) = (model.with_length(400.0, 5.0), model.with_length(480.0, 5.0));
    assert!((short.length_mm().0 - 400.0).abs() < 0.1 && (long.length_mm().0 - 480.0).abs() < 0.1);
    let (a, b) = (short.middle(), long.middle());
    for i in 0..16 {
        assert!(b.gap_mm(i) > a.gap_mm(i), "segment {i} {} {}", a.gap_mm(i), b.gap_mm(i));
    }
    assert!((a.kyphosis_deg() - b.kyphosis_deg()).abs() < 12.0, "{} {}", a.kyphosis_deg(), b.kyphosis_deg());
}

#[test]
fn distances_of_draws_are_chi_square() {
    let model = ShapeModel::all();
    let (mean, sd) = draws(&model, 1000, |shape| model.distance2(shape));
    // 48 numbers less the yaw that is taken out: mean 47 to 48, SD sqrt(2 * 48) = 9.8.
    assert!((45.5..50.0).contains(&mean), "{mean}");
    assert!((8.0..12.0).contains(&sd), "{sd}");
}

/// The prior alone, with a stature drawn for the true length, must not know the length too well.
#[test]
fn stature_alone_leaves_the_length_open_by_two_percent() {
    let model = ShapeModel::all();
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut errors: Vec<f64> = (0..2000)
        .map(|_| {
            let length = model.draw(&mut rng).length_mm();
            let owner = Basics::draw_for_length(length, &model, &mut rng);
            let (expected, _) = model.given(&owner.about()).length_mm();
            (expected / length - 1.0).abs()
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    assert!((0.017..0.032).contains(&median), "{median}");
}
