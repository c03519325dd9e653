//! Drawn people are people: within the bed's limits, with sizes that go together.

use population::{
    Basics, LEFT, MASS_MAX_KG, Person, RIGHT, SACRUM, SITES, Sex, ShapeModel, Tissue, length_given_stature,
    stature_given_length,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

fn crowd(n: usize) -> Vec<Basics> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    (0..n).map(|_| Basics::draw(&mut rng)).collect()
}

fn people(n: usize) -> Vec<Person> {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (model, prior) = (ShapeModel::all(), Tissue::prior());
    (0..n).map(|_| Person::draw(&model, &prior, &mut rng)).collect()
}

#[test]
fn nobody_lies_outside_the_limits_of_the_bed() {
    for who in crowd(5000) {
        assert!(who.may_be_treated(), "{who:?}");
        assert!(who.mass_kg > 30.0 && who.mass_kg <= MASS_MAX_KG);
    }
}

#[test]
fn drawn_adults_match_the_survey() {
    for (sex, stature, bmi) in [(Sex::Female, 1621.0, 27.3), (Sex::Male, 1758.0, 27.8)] {
        let some: Vec<Basics> = crowd(10_000).into_iter().filter(|w| w.sex == sex).collect();
        assert!((4500..5500).contains(&some.len()));
        let median = quantile(some.iter().map(|w| w.stature_mm).collect(), 0.5);
        // The least stature treated cuts the shortest twentieth of women off.
        assert!((median - stature).abs() < 12.0, "{sex:?} {median}");
        let median = quantile(some.iter().map(Basics::bmi).collect(), 0.5);
        assert!((median - bmi).abs() < 0.9, "{sex:?} {median}");
        assert!(quantile(some.iter().map(Basics::bmi).collect(), 0.05) < 21.5);
        assert!(quantile(some.iter().map(Basics::bmi).collect(), 0.95) > 36.0);
        assert!(quantile(some.iter().map(|w| w.age_years).collect(), 0.05) < 25.0);
        assert!(quantile(some.iter().map(|w| w.age_years).collect(), 0.95) > 72.0);
    }
}

#[test]
fn length_follows_stature_with_the_residual_that_is_promised() {
    let mut square = 0.0;
    let mut sum = 0.0;
    let all = people(2000);
    for who in &all {
        let (mean, sd) = length_given_stature(who.basics.sex, who.basics.stature_mm);
        let z = (who.shape.length_mm() - mean) / sd;
        sum += z;
        square += z * z;
    }
    let n = all.len() as f64;
    assert!((sum / n).abs() < 0.1, "{}", sum / n);
    assert!(((square / n).sqrt() - 1.0).abs() < 0.08, "{}", (square / n).sqrt());
}

#[test]
fn stature_drawn_for_a_length_regresses_back_to_it() {
    // Lengths of one sex's law; statures drawn for them must reproduce length given stature.
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut residuals = Vec::new();
    for who in crowd(4000).into_iter().filter(|w| w.sex == Sex::Male) {
        let (mean, sd) = length_given_stature(Sex::Male, who.stature_mm);
        let noise: f64 = rand::RngExt::sample(&mut rng, rand_distr::StandardNormal);
        let length = mean + sd * noise;
        let stature = stature_given_length(length, Sex::Male, &mut rng);
        residuals.push(length - length_given_stature(Sex::Male, stature).0);
    }
    let n = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / n;
    let sd = (residuals.iter().map(|r| r * r).sum::<f64>() / n).sqrt();
    assert!(mean.abs() < 1.5, "{mean}");
    assert!((14.0..16.0).contains(&sd), "{sd}");
}

#[test]
fn tissue_is_whole_and_the_heavy_have_more_of_it() {
    let (mut light, mut heavy) = (Vec::new(), Vec::new());
    for who in people(600) {
        let t = &who.tissue;
        for site in 0..SITES {
            for side in [LEFT, RIGHT] {
                let thickness = t.thickness_mm[side][site];
                assert!(thickness > t.fat_mm[site] + t.skin_mm && thickness < 120.0);
                let stiffness = t.stiffness_n_per_mm[side][site];
                assert!((0.3..8.0).contains(&stiffness), "{stiffness}");
            }
            assert!((t.thickness_mm[LEFT][site] - t.thickness_mm[RIGHT][site]).abs() < 10.0);
        }
        assert!(t.dorsal_offset_mm.iter().all(|mm| (8.0..60.0).contains(mm)));
        assert!(t.thickness_mm[LEFT][SACRUM] < t.thickness_mm[LEFT][15]);
        assert!((1.0..=2.0).contains(&t.exponent));
        assert!((0.15..=0.25).contains(&t.relaxation) && (5.0..=20.0).contains(&t.relaxation_tau_s));
        assert!(t.tense.len() <= 3);
        let loin = t.thickness_mm[LEFT][14];
        if who.basics.bmi() < 23.0 {
            light.push(loin)
        } else if who.basics.bmi() > 32.0 {
            heavy.push(loin)
        }
    }
    assert!(quantile(heavy, 0.5) > quantile(light, 0.5) + 5.0);
}

#[test]
fn a_tense_site_is_stiffer_on_its_side_only() {
    let mut found = 0;
    for who in people(50) {
        let mut calm = who.tissue.clone();
        calm.tense.clear();
        for tense in &who.tissue.tense {
            found += 1;
            let there = |t: &population::PersonTissue, side| t.stiffness_at(side, tense.level, 27.0);
            assert!(there(&who.tissue, tense.side) >= 1.299 * there(&calm, tense.side));
            if who.tissue.tense.iter().all(|other| other.side == tense.side) {
                let healthy = 1 - tense.side;
                assert!((there(&who.tissue, healthy) - there(&calm, healthy)).abs() < 1e-12);
            }
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_person_repeats_from_the_seed() {
    assert_eq!(people(3), people(3));
}
