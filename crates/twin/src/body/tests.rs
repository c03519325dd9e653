//! People as drawn, and around a spine.

use super::*;

/// A regular spine on two arcs, as a file would give it.
pub(crate) fn arcs() -> SpineFile {
    let shape = ShapeModel::all().middle();
    SpineFile {
        name: "arcs".to_owned(),
        levels: Level::REGULAR.into_iter().zip(shape.centres()).collect(),
        pedicles: Vec::new(),
        below_l5: None,
    }
}

#[test]
fn a_seed_makes_one_person() {
    assert_eq!(Person::draw(7), Person::draw(7));
    assert_ne!(Person::draw(7), Person::draw(8));
}

#[test]
fn people_lie_within_what_the_bed_takes() {
    for seed in 0..200 {
        let person = Person::draw(seed);
        assert!(person.basics.may_be_treated());
        assert_eq!(person.levels.len(), 17);
        for level in &person.levels {
            assert!(level.thickness_mm.iter().all(|mm| (6.0..130.0).contains(mm)), "{seed} {level:?}");
            assert!(level.stiffness_n_mm.iter().all(|k| (0.2..6.0).contains(k)));
            assert!(level.dorsal_mm[1] < level.centre_mm[2], "the dorsal bone lies towards the bed");
        }
        assert!((1.5..=4.0).contains(&person.breathing.excursion_mm));
        assert!(person.tense.len() <= 3);
    }
}

#[test]
fn what_is_known_is_kept_and_the_rest_drawn() {
    let about = About { stature_mm: Some(1700.0), mass_kg: Some(70.0), ..About::default() };
    let person = Person::from_spine(&arcs(), &about, 3).expect("an ordinary person");
    assert!((person.basics.stature_mm - 1700.0).abs() < 1e-9 && (person.basics.mass_kg - 70.0).abs() < 1e-9);
    let spine = arcs();
    for (level, (_, centre)) in person.levels.iter().zip(&spine.levels) {
        assert!(
            (level.centre_mm[0] - centre[0]).abs() < 1e-6 && (level.centre_mm[2] - centre[2]).abs() < 1e-6
        );
    }
}

#[test]
fn impossible_people_are_refused_in_one_line() {
    for (about, word) in [
        (About { stature_mm: Some(3000.0), mass_kg: Some(70.0), ..About::default() }, "stature"),
        (About { mass_kg: Some(f64::NAN), ..About::default() }, "mass"),
        (About { mass_kg: Some(180.0), ..About::default() }, "mass"),
        (About { age_years: Some(12.0), ..About::default() }, "age"),
    ] {
        let line = Person::from_spine(&arcs(), &about, 3).expect_err(word).to_string();
        assert!(line.starts_with(word) && line.contains("the bed takes") && !line.contains('\n'), "{line}");
    }
}

#[test]
fn tense_sites_raise_the_tension_where_they_lie() {
    let variation = Variation { tense_sites: Some(2), ..Variation::default() };
    let person = Person::draw_with(11, &variation);
    assert_eq!(person.tense.len(), 2);
    for site in &person.tense {
        let row =
            person.tension().into_iter().find(|(level, side, _)| *level == site.level && *side == site.side);
        assert!(row.is_some_and(|(_, _, ratio)| ratio > 1.05), "{site:?} {row:?}");
    }
    let calm = Person::draw_with(11, &Variation { tense_sites: Some(0), ..Variation::default() });
    let mean = calm.tension().iter().map(|row| row.2).sum::<f64>() / 34.0;
    assert!(calm.tense.is_empty() && (mean - 1.0).abs() < 0.02, "{mean}");
}

#[test]
fn own_pedicles_set_the_dorsal_line() {
    let mut spine = arcs();
    for (_, centre) in spine.levels.clone() {
        for side in [18.0, -18.0] {
            spine.pedicles.push([centre[0], centre[1] + side, centre[2] - 20.0]);
        }
    }
    let about = About { stature_mm: Some(1700.0), mass_kg: Some(70.0), ..About::default() };
    let (with, without) = (Person::from_spine(&spine, &about, 3), Person::from_spine(&arcs(), &about, 3));
    let moved = with.expect("fine").levels[8].dorsal_mm[1] - without.expect("fine").levels[8].dorsal_mm[1];
    assert!(moved.abs() > 1e-3);
}

#[test]
fn turning_keeps_lengths() {
    let person = Person::draw(2);
    let turned = person.turned(0.1);
    let length = |p: &Person| {
        p.levels
            .windows(2)
            .map(|w| (0..3).map(|k| (w[1].centre_mm[k] - w[0].centre_mm[k]).powi(2)).sum::<f64>().sqrt())
            .sum::<f64>()
    };
    assert!((length(&person) - length(&turned)).abs() < 1e-9);
}
