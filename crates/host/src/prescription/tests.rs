use care::{Answers, Clearance, Person, Verdict};
use proptest::prelude::*;

use super::*;

const TODAY: Day = Day(20_779);

fn any_prescription() -> impl Strategy<Value = Prescription> {
    let heat = prop_oneof![
        Just(HeatMax::Ordinary),
        Just(HeatMax::Off),
        // What cannot be prescribed is drawn too: a record may hold anything.
        any::<u8>().prop_map(HeatMax::Surface),
    ];
    let count = || proptest::option::of(any::<u8>());
    (count(), heat, count(), count(), proptest::option::of(0..plan::shipped().len())).prop_map(
        |(intensity_max, heat_max, minutes_max, week_max, program)| Prescription {
            intensity_max,
            heat_max,
            minutes_max,
            week_max,
            program: program.map(|index| plan::shipped()[index].name().to_owned()),
            ..Prescription::new("Dr. Drawn".to_owned(), TODAY)
        },
    )
}

/// Nothing of `after` allows what `before` did not.
fn allows_no_more(after: &Clearance, before: &Clearance) {
    assert!(after.verdict() >= before.verdict());
    let within = |after: Option<f64>, before: Option<f64>| match (after, before) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(after), Some(before)) => after <= before,
    };
    assert!(within(after.force_cap_n(), before.force_cap_n()));
    assert!(within(after.surface_cap_c(), before.surface_cap_c()));
    assert!(within(after.intensity_cap().map(f64::from), before.intensity_cap().map(f64::from)));
    assert!(before.heat_allowed() || !after.heat_allowed());
    assert!(before.stretch_allowed() || !after.stretch_allowed());
    assert!(before.avoided_regions().iter().all(|region| after.avoided_regions().contains(region)));
    assert_eq!((after.day(), after.person()), (before.day(), before.person()));
    // A cap where there was none is a softening of what an ordinary session gives.
    assert!(after.surface_cap_c().is_none_or(|cap| before.surface_cap_c().is_some() || cap <= 43.0));
    assert_eq!(&after.reasons()[..before.reasons().len()], before.reasons());
}

proptest! {
    #[test]
    fn whatever_is_prescribed_nothing_more_is_allowed(
        prescription in any_prescription(), seed in any::<u64>(), refused in any::<bool>(), free in any::<bool>()
    ) {
        let answers = if free { Answers::all_no(TODAY, true) } else { care::draw_answers(seed, TODAY) };
        let person = Person::new(45.0, if refused { 900.0 } else { 1720.0 }, 74.0);
        let before = care::screen(&person, &answers, TODAY);
        let after = prescription.tighten(care::screen(&person, &answers, TODAY));
        allows_no_more(&after, &before);
    }

    #[test]
    fn minutes_are_only_shortened(
        prescription in any_prescription(), wished in proptest::option::of(0.0..90.0_f64), own in 5.0..40.0_f64
    ) {
        let before = wished.unwrap_or(own);
        let after = prescription.minutes(wished, own).unwrap_or(own);
        prop_assert!(after <= before);
    }

    #[test]
    fn a_week_never_holds_more_than_is_prescribed(
        most in 1..5_u8, tries in proptest::collection::vec(0..3_u32, 1..60)
    ) {
        let prescription =
            Prescription { week_max: Some(most), ..Prescription::new("Dr. Drawn".to_owned(), TODAY) };
        let (mut today, mut given) = (TODAY.0, Vec::new());
        for gap in tries {
            today += gap;
            match prescription.admit("relief", &given, Day(today)) {
                Ok(()) => given.push(Day(today)),
                Err(Withheld::Week { from, .. }) => {
                    prop_assert!(from.0 > today && from.0 <= today + WEEK_DAYS);
                    prop_assert!(prescription.admit("relief", &given, from).is_ok(), "from then on");
                    prop_assert!(prescription.admit("relief", &given, Day(from.0 - 1)).is_err(), "and not before");
                }
                Err(other) => prop_assert!(false, "{other:?}"),
            }
            for day in &given {
                let week = given.iter().filter(|other| (day.0..day.0 + WEEK_DAYS).contains(&other.0)).count();
                prop_assert!(week <= usize::from(most));
            }
        }
    }
}

#[test]
fn a_prescription_caps_what_screening_left_free_and_says_who_asked() {
    let clearance = care::screen(&Person::new(45.0, 1720.0, 74.0), &Answers::all_no(TODAY, true), TODAY);
    assert_eq!(clearance.verdict(), Verdict::Go);
    let prescription = Prescription {
        intensity_max: Some(4),
        heat_max: HeatMax::Surface(38),
        ..Prescription::new("Dr. Drawn".to_owned(), TODAY)
    };
    let after = prescription.tighten(clearance);
    assert_eq!(
        (after.verdict(), after.intensity_cap(), after.surface_cap_c(), after.heat_allowed()),
        (Verdict::Soften, Some(4), Some(38.0), true)
    );
    assert!(after.reasons()[0].words.de.contains("Verordnet von Dr. Drawn"));
}

#[test]
fn nothing_changes_before_the_person_says_yes() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let record = crate::store::Store::open(place.path())?.record_or_new("one", TODAY)?;
    let with = |intensity| Prescription {
        intensity_max: Some(intensity),
        ..Prescription::new("Dr. Drawn".to_owned(), TODAY)
    };
    let mut all = Prescriptions::read(&record, TODAY)?;
    assert_eq!(all, Prescriptions::default());
    all.prescribe(with(5));
    assert_eq!(all.standing, None);
    all.keep(&record, TODAY)?;
    let mut all = Prescriptions::read(&record, Day(TODAY.0 + 3))?;
    all.answer(true);
    all.prescribe(with(3));
    assert_eq!((&all.standing, &all.waiting), (&Some(with(5)), &Some(with(3))));
    all.answer(false);
    all.answer(true);
    assert_eq!((&all.standing, &all.waiting), (&Some(with(5)), &None));
    all.end();
    all.keep(&record, Day(TODAY.0 + 3))?;
    assert_eq!(Prescriptions::read(&record, Day(TODAY.0 + 9))?, Prescriptions::default());
    Ok(())
}

#[test]
fn what_cannot_be_prescribed_is_named_by_its_field() {
    let fields = |prescription: &Prescription| -> Vec<&str> {
        prescription.impossible().iter().map(|one| one.field).collect()
    };
    let sound = Prescription::new("Dr. Drawn".to_owned(), TODAY);
    assert!(fields(&sound).is_empty() && sound.is_empty());
    let wrong = Prescription {
        by: " ".to_owned(),
        program: Some("ghost".to_owned()),
        intensity_max: Some(9),
        heat_max: HeatMax::Surface(44),
        minutes_max: Some(200),
        week_max: Some(0),
        note: "x".repeat(NOTE_CHARACTERS_MAX + 1),
        ..sound.clone()
    };
    assert_eq!(
        fields(&wrong),
        ["by", "program", "intensity_max", "surface_c", "minutes_max", "week_max", "note"]
    );
    let only = Prescription { program: Some("warm".to_owned()), ..sound };
    assert_eq!(only.admit("relief", &[], TODAY), Err(Withheld::Program("warm".to_owned())));
    assert_eq!(only.admit("warm", &[], TODAY), Ok(()));
}
